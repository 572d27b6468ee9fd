"""Reasons why a member moved: the roll calls whose changed parameters push, and the party's changed prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ..draws.vote_probability import VoteParameters, probability
from ..votes.vocabulary import MISSING, PARTIES, YEA
from .seen import Fitted, SeenVotes

N_MEMBERS, _N_ROLLCALLS = 10, 5
PRIOR_TITLE = "mean and spread of the party"


def drivers(members: pd.DataFrame, seen: Sequence[SeenVotes], reference: Fitted, other: Fitted) -> pd.DataFrame:
    """Find the roll calls that push the members who move most, with the party's prior as a row of its own.

    Parameters
    ----------
    members
        As `members.align` returns them.
    seen
        Votes of the unit's chambers.
    reference, other : Fitted
        Both on the reference's scale.

    Returns
    -------
    DataFrame
        `_N_ROLLCALLS` rows for each of `N_MEMBERS` members, those that push most in the direction of the move first;
        the columns of drivers.csv without the first ones that name the comparison.

    Notes
    -----
    The derivative of a member's log posterior is ``sum_j beta_j (y_j - p_j) + (mu - xi) / sigma^2``. At the reference's
    posterior mean it is near zero with the reference's parameters; with the other's, one Newton step goes to about the
    other's mean. Each term's change over the curvature there is its push; ``push_total`` is their sum, to be held
    against ``move``.
    """
    most = members.iloc[members["move_sd"].abs().argsort()[::-1][:N_MEMBERS]]
    tables = []
    for _, member in most.iterrows():
        votes = next(part for part in seen if member["legislator"] in part.legislator)
        at = int(np.flatnonzero(votes.legislator == member["legislator"])[0])
        priors = [prior_of(fit, str(member["chamber"]), str(votes.party[at])) for fit in (reference, other)]
        second = [None if fit.second is None else float(fit.second[member["legislator"]]) for fit in (reference, other)]
        at_her = float(member["position_reference"])
        pushes = _pushes(at_her, votes.y[at], votes.vote, (reference, other), priors, second)
        top = pushes.iloc[np.argsort(-np.sign(member["move"]) * pushes["push"].to_numpy())[:_N_ROLLCALLS]].copy()
        top["place"] = np.arange(1, len(top) + 1)
        for name in ("chamber", "legislator", "name", "party", "move"):
            top[name] = member[name]
        top["push_total"] = pushes["push"].sum()
        tables.append(top)
    return pd.concat(tables)


def prior_of(fit: Fitted, chamber: str, party: str) -> tuple[float, float]:
    """Mean and spread of the prior of a member of that party; of one who is counted with neither, between the two."""
    here = fit.parties[fit.parties["chamber"] == chamber].set_index("party")
    if party in here.index:
        return float(here.loc[party, "mu_position_mean"]), float(here.loc[party, "sigma_position_mean"])
    left, right = (float(here.loc[name, "mu_position_mean"]) for name in PARTIES)
    return (left + right) / 2, abs(right - left)


def _pushes(
    xi: float,
    row: np.ndarray,
    vote: np.ndarray,
    fits: tuple[Fitted, Fitted],
    priors: Sequence[tuple[float, float]],
    second: Sequence[float | None],
) -> pd.DataFrame:
    """Return the push of every roll call on which a member at ``xi`` voted, and of her prior in each fit.

    ``second`` is her place on the second dimension in each fit, None where there is none.
    """
    cast = row != MISSING
    y = (row[cast] == YEA).astype(float)
    scores, curvature = [], 0.0
    for fit, (mu, sigma), place in zip(fits, priors, second, strict=True):
        bills = fit.bills.set_index("vote").loc[vote[cast]]
        beta = bills["discrimination_mean"].to_numpy()
        votes = VoteParameters(np.array(xi), bills["difficulty_mean"].to_numpy(), beta)
        if place is not None:
            votes = replace(votes, xi2=np.array(place), beta2=bills["second_slope_mean"].to_numpy())
        p = probability(votes.logits(np.asarray, np.asarray, np.asarray))
        scores.append(np.append(beta * (y - p), (mu - xi) / sigma**2))
        curvature = float((beta**2 * p * (1 - p)).sum() + sigma**-2)  # that of the other one is kept
    known = bills.reset_index()
    table = known[["vote", "bill", "title"]].assign(
        cast=np.where(y == 1, "Yea", "Nay"),
        discrimination_reference=fits[0].bills.set_index("vote").loc[vote[cast], "discrimination_mean"].to_numpy(),
        discrimination=beta,
    )
    prior = pd.DataFrame([{"vote": "", "bill": "", "title": PRIOR_TITLE, "cast": ""}])
    return pd.concat([table, prior], ignore_index=True).assign(push=(scores[1] - scores[0]) / curvature)
