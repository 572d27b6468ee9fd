"""The axis audit of every fit of an experiment, as axis.json and its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..draws.moments import moments
from ..draws.separation import separation
from ..files.columns.linking import AXIS_BILLS, AXIS_MEMBERS
from ..files.records.linking import Axes, UnitAxis
from ..votes.matrix import ChamberVotes
from ..votes.unit import Unit
from ..votes.vocabulary import MISSING, PARTIES, YEA
from .axis import audit_axis

_N_TOP = 10


@dataclass(frozen=True)
class FittedChamber:
    """One chamber as one unit (house, senate or joint) sees it.

    Attributes
    ----------
    unit : str
    votes : ChamberVotes
        Members of the two parties only.
    xi : ndarray, shape (n_draws, n_members)
    beta : ndarray, shape (n_draws, n_votes)
    """

    unit: Unit
    votes: ChamberVotes
    xi: np.ndarray
    beta: np.ndarray


def audit_axes(fitted: Sequence[FittedChamber]) -> tuple[Axes, dict[str, pd.DataFrame]]:
    """Content of axis.json, and the tables ``axis_members`` and ``axis_bills``.

    In the tables the axis of a fit is turned where its first chamber has the Republicans' average on the left.
    """
    units: list[UnitAxis] = []
    members, bills = [], []
    turns: dict[str, float] = {}
    for part in fitted:
        own, mean = part.votes, part.xi.mean(0)
        turn = turns.setdefault(part.unit, _turn(part))
        spread = float(mean.std()) or 1.0
        names = {"unit": part.unit, "chamber": own.chamber}
        audit = audit_axis(part.xi, own.y, own.parties)
        units.append({"unit": part.unit, "chamber": own.chamber, **audit.summary})
        who = own.legislators[["name", "party"]].rename_axis("legislator").reset_index()
        place = turn * (mean - mean.mean()) / spread
        members.append(who.assign(**names, xi_mean=mean, place=place, **audit.scores)[AXIS_MEMBERS.names])
        bills.append(top_bills(part.beta, own, turn * spread).assign(**names))
    return {"units": units}, {"axis_members": pd.concat(members), "axis_bills": pd.concat(bills)[AXIS_BILLS.names]}


def _turn(part: FittedChamber) -> float:
    d = separation(part.xi, part.votes.parties)
    return -1.0 if np.isfinite(d).all() and d.mean() < 0 else 1.0


def top_bills(beta: np.ndarray, votes: ChamberVotes, scale: float = 1.0) -> pd.DataFrame:
    """Return the roll calls of largest discrimination with Yea on the left and with Yea on the right.

    Parameters
    ----------
    beta : ndarray, shape (n_draws, n_votes)
    votes : ChamberVotes
    scale : float
        Standard deviation of the members; negative where the axis is turned.

    Returns
    -------
    DataFrame
        ``end`` (left, right), ``place`` (1 is the steepest), the roll call, ``slope``: the posterior mean of the
        discrimination per standard deviation of members, positive where Yea is the side of the right; ``beta_*`` on the
        model's own scale; shares of Yea by party.
    """
    found = moments(beta[None])
    calls = votes.rollcalls.rename_axis("vote").reset_index()
    table = calls[["vote", "bill", "title", "motion", "date"]].assign(
        slope=scale * found["mean"],
        **{f"beta_{name}": found[name] for name in ("mean", "q05", "q95")},
        **{f"yea_{party.lower()}s": _yea_share(votes.y[votes.parties == party]) for party in PARTIES},
    )
    ends = []
    for end, sign in (("left", -1), ("right", 1)):
        here = table[sign * table["slope"] > 0]
        here = here.iloc[np.argsort(-here["slope"].abs().to_numpy(), kind="stable")[:_N_TOP]]
        here.insert(0, "end", end)
        here.insert(1, "place", np.arange(1, len(here) + 1))
        ends.append(here)
    return pd.concat(ends)


def _yea_share(y: np.ndarray) -> np.ndarray:
    """Share of Yea among the votes cast; NaN where nobody voted."""
    n = (y != MISSING).sum(0)
    return np.where(n > 0, (y == YEA).sum(0) / np.maximum(n, 1), np.nan)
