"""Whether a fit of a study counts."""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from ..draws.mixing import element_statistics

#: A fit of a few draws counts where R-hat of every position stays below, and its ESS above.
_RHAT, _ESS = 1.05, 50


class Mixing(TypedDict):
    """Worst R-hat and ESS of the positions, divergent draws, and whether the fit counts."""

    rhat: float
    ess: float
    divergences: int
    counted: bool


def mixing_of(xi: np.ndarray, diverging: np.ndarray) -> Mixing:
    """Judge a fit by its draws of the ideal points, shape (chain, draw, n)."""
    mixing = element_statistics(xi)
    rhat, ess = float(np.max(mixing.rhat)), float(np.min(mixing.ess_bulk))
    return {"rhat": rhat, "ess": ess, "divergences": int(diverging.sum()), "counted": rhat < _RHAT and ess > _ESS}
