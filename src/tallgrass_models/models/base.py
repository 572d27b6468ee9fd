"""Common result of all model builders, and the names of chambers, parties and dimensions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..files.records.statistics import FormChoice
from ..votes.vocabulary import PARTIES

if TYPE_CHECKING:
    import pymc as pm


#: Dimensions of the reported variables, by kind of model.
_Dims = Mapping[str, tuple[str, ...]]
FLAT_DIMS: _Dims = {"xi": ("legislator",), "alpha": ("vote",), "beta": ("vote",)}
CHAMBER_DIMS: _Dims = {
    "xi": ("legislator",),
    "mu_party": ("party",),
    "sigma_within": ("party",),
    "alpha": ("vote",),
    "beta": ("vote",),
}
JOINT_DIMS: _Dims = {
    "xi": ("legislator",),
    "mu_global": (),
    "sigma_chamber": (),
    "mu_chamber": ("chamber",),
    "sigma_party": (),
    "mu_group": ("chamber", "party"),
    "sigma_within": ("chamber", "party"),
    "alpha": ("vote",),
    "beta": ("vote",),
}
DRIFT_DIMS: _Dims = {**JOINT_DIMS, "tau_alpha": (), "tau_beta": (), "delta": ()}

#: Variable of a fit in two dimensions: how the axes that are reported lie to those with the priors, draw by draw. The
#: priors alone determine it, so it is not judged by how well its chains mix.
AXES = "axes"

Draws = Mapping[str, np.ndarray]
Reported = dict[str, np.ndarray]


@dataclass(frozen=True)
class BuiltModel:
    """A model ready to be sampled, with the map from its draws to the variables that are reported.

    Attributes
    ----------
    kind, coordinates
        ``flat``, ``chamber`` or ``joint``; ``reference`` or ``fast``.
    make_model
        Function that makes the PyMC model. Builders never sample.
    start
        Value of every free variable in its own (constrained) space, about which the chains start.
    report
        Function that maps draws of the free variables, each ``(chain, draw, *shape)``, to the reported variables with
        the same leading axes. It uses the generator for quantities that it draws from their exact conditionals.
    dims, coords
        Named dimensions of the reported variables, and their labels.
    scatter
        Standard deviations of the starting points about ``start``, by free variable, on the scale of the sampler.
        Zero for those not named.
    other_starts
        Further places to start from. The chains take ``start`` and these in turn.
    facts
        Decisions made while the model was built, for the record of the fit: ``sides`` (`sides.Sides.to_dict`) and
        ``form``, the reason for the form of the model.
    """

    kind: str
    coordinates: str
    make_model: Callable[[], pm.Model]
    start: dict[str, np.ndarray]
    report: Callable[[Draws, np.random.Generator], Reported]
    dims: _Dims
    coords: dict[str, np.ndarray]
    scatter: Mapping[str, np.ndarray] = field(default_factory=dict)
    other_starts: tuple[dict[str, np.ndarray], ...] = ()
    facts: FormChoice = field(default_factory=FormChoice)

    @cached_property
    def model(self) -> pm.Model:
        """The PyMC model, made at the first access: sampling a fast model by its compiled density needs none."""
        return self.make_model()


def orient(xi: np.ndarray, alpha: np.ndarray, beta: np.ndarray, parties: np.ndarray) -> Reported:
    """Mirror each chain of a model without a fixed sign so that Republicans stand to the right of Democrats.

    Parameters
    ----------
    xi, alpha, beta : ndarray, shapes (chain, draw, n_legislators), (chain, draw, n_votes) twice
        Draws. The likelihood does not change when xi and beta change sign together.
    parties : ndarray of str, shape (n_legislators,)

    Returns
    -------
    dict
        ``xi``, ``alpha``, ``beta``. A chain whose mean party gap is negative is mirrored.
    """
    gap = xi[..., parties == PARTIES[1]].mean((1, 2)) - xi[..., parties == PARTIES[0]].mean((1, 2))
    sign = np.where(gap < 0, -1.0, 1.0)[:, None, None]
    return {"xi": sign * xi, "alpha": alpha, "beta": sign * beta}
