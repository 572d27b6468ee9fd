"""Tables of ideal points and of bills from the draws of a fit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .frame import Frame
from .moments import moments, ranks
from .montecarlo import mcse
from .ranks import end_probabilities


def ideal_point_table(xi: np.ndarray, x: np.ndarray, members: pd.DataFrame, party: np.ndarray) -> pd.DataFrame:
    """One row per member, with moments on both scales, the rank within the member's chamber and Monte Carlo errors.

    Parameters
    ----------
    xi, x : ndarray, shape (chain, draw, n_legislators)
        Ideal points on the model's own scale, and positions on the headline scale, Republicans to the right.
    members
        Index ``legislator``; columns name, chamber, party, district, state, n_votes, external.
    party : ndarray of str, shape (n_legislators,)
        Party each member is counted with.

    Returns
    -------
    DataFrame
        ``position_*`` and ranks, ``p_leftmost``, ``p_rightmost``, ``p_innermost`` (`ranks.end_probabilities`) from
        ``x``; ``xi_*`` from ``xi``.
    """
    table = members[["name", "chamber", "party", "district", "state", "n_votes"]].copy()
    for stem, draws in (("position", x), ("xi", xi)):
        for name, value in moments(draws).items():
            table[f"{stem}_{name}"] = value
        table[f"{stem}_mcse"] = mcse(draws)
    by_chamber = []
    for chamber in dict.fromkeys(members["chamber"]):
        here = (members["chamber"] == chamber).to_numpy()
        columns = {f"rank_{name}": value for name, value in ranks(x[..., here]).items()}
        columns |= end_probabilities(x[..., here], party[here])
        by_chamber.append(pd.DataFrame(columns, index=table.index[here]))
    table = table.join(pd.concat(by_chamber))
    return table.rename_axis("legislator")


#: Bills whose draws are carried to the headline scale at a time: all at once would double the memory of a large fit.
BILLS_TOGETHER = 256


def bill_table(alpha: np.ndarray, beta: np.ndarray, frame: Frame, rollcalls: pd.DataFrame) -> pd.DataFrame:
    """One row per bill parameter pair.

    Parameters
    ----------
    alpha, beta : ndarray, shape (chain, draw, n_votes)
    frame : Frame
        From the model's own scale to the headline scale.
    rollcalls
        Index ``vote``; its columns come first.

    Notes
    -----
    ``difficulty`` and ``discrimination`` are alpha and beta on the headline scale: the same curve over positions.
    ``cutting_point`` is the position at which Yea and Nay are equally likely, by the posterior means.
    """
    table = rollcalls.copy()
    parts = []
    for start in range(0, alpha.shape[-1], BILLS_TOGETHER):
        some = slice(start, start + BILLS_TOGETHER)
        difficulty, discrimination = (moments(draws) for draws in frame.bills(alpha[..., some], beta[..., some]))
        own = moments(alpha[..., some]), moments(beta[..., some])
        columns = {f"difficulty_{name}": difficulty[name] for name in ("mean", "sd")}
        columns |= {f"discrimination_{name}": value for name, value in discrimination.items()}
        columns |= {f"alpha_{name}": own[0][name] for name in ("mean", "sd")}
        columns |= {f"beta_{name}": value for name, value in own[1].items()}
        parts.append(pd.DataFrame(columns, index=table.index[some]))
    table = table.join(pd.concat(parts))
    slope = table["discrimination_mean"]
    flat = table["beta_mean"].abs() <= 1e-6
    table["cutting_point"] = table["difficulty_mean"] / slope.where(~flat)
    return table.rename_axis("vote")
