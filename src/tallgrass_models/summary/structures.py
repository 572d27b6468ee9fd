"""What a structure adds to the production model, in numbers: its own parameters, and votes that may be random."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from ..draws.moments import four
from ..draws.vote_probability import VoteParameters, probability
from ..files.records.structures import OwnEstimate, RandomMember, RandomVote, StructureNumbers
from ..votes.unit_votes import Part, UnitVotes
from .placed import Placed

#: Draws over which the chance that a vote is random is averaged, evenly spaced over all.
_DRAWS = 200
#: Members and votes that are listed.
_LISTED = 10


def structure_numbers(name: str, posterior: xr.Dataset, unit: UnitVotes, placed: Placed) -> StructureNumbers:
    """Summarize what is a structure's own.

    Parameters
    ----------
    name
        The structure.
    posterior
        Draws of a fit.
    unit, placed
        Its votes and the members' places.

    Returns
    -------
    StructureNumbers
        Estimates by parameter. Coefficients of covariates and the one discrimination are on the headline scale: the
        distance between two members a standard deviation apart, and the change in the log odds over one unit.
    """
    step = placed.frame.unit  # how much of the model's scale is one unit of the headline scale
    estimates: list[OwnEstimate] = []
    if "gamma" in posterior:
        gamma = posterior["gamma"].to_numpy()
        for k, column in enumerate(posterior["covariate"].to_numpy()):
            estimates.append(_estimate("gamma", str(column), gamma[..., k] / step))
    if "discrimination" in posterior:
        estimates.append(_estimate("discrimination", "", posterior["discrimination"].to_numpy() * np.abs(step)))
    if "eps" not in posterior:
        return {"name": name, "estimates": estimates, "random_members": [], "random_votes": [], "random": None}
    estimates.append(_estimate("eps", "", posterior["eps"].to_numpy()))
    votes, parts = VoteParameters.of(posterior), unit.parts
    chances = [chance_of_lapse(votes, part) for part in parts]
    total = sum(float(found.sum()) for found in chances)
    return {
        "name": name,
        "estimates": estimates,
        "random_members": _members(parts, chances),
        "random_votes": _votes(parts, chances),
        "random": total,
    }


def chance_of_lapse(votes: VoteParameters, part: Part) -> np.ndarray:
    """Compute the posterior probability that each vote was random, shape (n_members, n_votes); 0 where none was cast.

    By Bayes, it is ``(eps / 2) / P(the vote that was cast)`` in each draw.
    """
    y, own = part.votes.y, votes.of_votes(part.members, part.item)
    assert own.eps is not None, "no lapses in this fit"
    chain, draw = own.eps.shape
    out, taken = np.zeros(y.shape), np.unique(np.linspace(0, chain * draw - 1, _DRAWS).astype(int))
    lean = np.where(y == 1, 1.0, -1.0)
    for at in zip(*np.unravel_index(taken, (chain, draw)), strict=True):
        one = VoteParameters(**{k: x[at] for k, x in vars(own).items() if x is not None})
        logit = one.logits(lambda x: x[:, None], lambda x: x, lambda x: x)
        out += float(own.eps[at]) / 2 / probability(lean * logit)
    return np.where(y >= 0, out / len(taken), 0.0)


def _estimate(parameter: str, of: str, draws: np.ndarray) -> OwnEstimate:
    mean, sd, low, high = four(draws)
    positive = float((draws > 0).mean())
    return {"parameter": parameter, "of": of, "mean": mean, "sd": sd, "q05": low, "q95": high, "p_positive": positive}


def _members(parts: Sequence[Part], chances: Sequence[np.ndarray]) -> list[RandomMember]:
    """List the members with the most random votes to be expected."""
    rows: list[RandomMember] = []
    for part, found in zip(parts, chances, strict=True):
        who, cast = part.votes.legislators, (part.votes.y >= 0).sum(1)
        for i, legislator in enumerate(part.legislators):
            rows.append(
                {
                    "legislator": legislator,
                    "name": str(who["name"].iloc[i]),
                    "chamber": part.chamber,
                    "party": str(who["party"].iloc[i]),
                    "n_votes": int(cast[i]),
                    "expected": float(found[i].sum()),
                }
            )
    return sorted(rows, key=lambda row: -row["expected"])[:_LISTED]


def _votes(parts: Sequence[Part], chances: Sequence[np.ndarray]) -> list[RandomVote]:
    """List the votes that are most likely random."""
    rows: list[RandomVote] = []
    for part, found in zip(parts, chances, strict=True):
        who, calls = part.votes.legislators, part.votes.rollcalls
        for cell in np.argsort(-found, axis=None, kind="stable")[:_LISTED]:
            i, j = np.unravel_index(cell, found.shape)
            rows.append(
                {
                    "legislator": part.legislators[i],
                    "name": str(who["name"].iloc[i]),
                    "chamber": part.chamber,
                    "party": str(who["party"].iloc[i]),
                    "rollcall": str(calls.index[j]),
                    "bill": str(calls["bill"].iloc[j]),
                    "title": str(calls["title"].iloc[j]),
                    "date": str(calls["date"].iloc[j]),
                    "vote": "Yea" if part.votes.y[i, j] == 1 else "Nay",
                    "probability": float(found[i, j]),
                }
            )
    return sorted(rows, key=lambda row: -row["probability"])[:_LISTED]
