"""One refit of a session with a known truth: how near it comes, which intervals hold the truth, and SBC ranks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypedDict

import numpy as np

from ..draws.frame import party_frame
from ..draws.ranks import rank_draws
from ..draws.standing import share_of_party
from ..votes.matrix import ChamberVotes
from ..votes.vocabulary import PARTIES
from .known_truth import KnownTruth
from .scored import holds

#: Levels of the intervals, in percent, with the quantiles between which they lie.
LEVELS = {"50": (0.25, 0.75), "90": (0.05, 0.95)}
#: Nearly independent draws among which the truth is ranked.
_RANKED = 99
#: Words for all members of the chamber.
ALL = "all"


class Covered(TypedDict):
    """Intervals of a quantity: how many there are, and how many hold the truth at each level (null: not counted)."""

    n: int
    in50: int | None
    in90: int


class Near(TypedDict):
    """Posterior means of relative positions beside the truth: correlation (null: no spread), RMSE, members."""

    correlation: float | None
    rmse: float
    n: int


class Recovered(TypedDict):
    """Findings of one refit.

    ``near`` is by group of members (all, each party); ``covered`` by quantity and group; ``ranks`` by quantity, each
    in (0, 1) and uniform if truths come from the prior of the model that is fitted.
    """

    near: dict[str, Near]
    covered: dict[str, dict[str, Covered]]
    ranks: dict[str, float]


def recovered(
    at: Mapping[str, np.ndarray], truth: KnownTruth, votes: ChamberVotes, rng: np.random.Generator
) -> Recovered:
    """Compare the draws of a refit with the truth.

    Parameters
    ----------
    at
        Draws of ``xi``, ``alpha`` and ``beta``, axes (chain, draw, n).
    truth
        The parameters from which the votes were drawn.
    votes
        The simulated votes.
    rng
        Breaks ties of ranks.

    Returns
    -------
    Recovered
    """
    draws = {name: at[name].reshape(-1, at[name].shape[-1]).astype(float) for name in ("xi", "alpha", "beta")}
    groups, parties = _groups(votes), votes.parties
    x, true = (party_frame(xi, parties).positions(xi) for xi in (draws["xi"], truth.xi[None]))
    near: dict[str, Near] = {
        name: {
            "correlation": _correlation(x.mean(0)[who], true[0, who]),
            "rmse": float(np.sqrt(np.mean((x.mean(0)[who] - true[0, who]) ** 2))),
            "n": int(who.sum()),
        }
        for name, who in groups.items()
    }
    by_member = {
        "position, relative": (x, true[0]),
        "position, model's scale": (draws["xi"], truth.xi),
        "rank": (rank_draws(draws["xi"]), rank_draws(truth.xi)),
    }
    covered = {
        quantity: {name: _covered(values[:, who], own[who]) for name, who in groups.items()}
        for quantity, (values, own) in by_member.items()
    }
    single = dict(_single(draws["xi"], parties)), dict(_single(truth.xi[None], parties))
    for quantity, values in single[0].items():
        covered[quantity] = {ALL: _covered(values[:, None], single[1][quantity])}
    covered["difficulty of roll calls"] = {ALL: _covered(draws["alpha"], truth.alpha)}
    covered["discrimination of roll calls"] = {ALL: _covered(draws["beta"], truth.beta)}
    return {"near": near, "covered": covered, "ranks": _ranks(draws, truth, votes, rng)}


def _groups(votes: ChamberVotes) -> dict[str, np.ndarray]:
    parties = votes.parties
    return {ALL: np.ones(len(parties), dtype=bool), **{str(p): parties == p for p in dict.fromkeys(sorted(parties))}}


def _correlation(a: np.ndarray, b: np.ndarray) -> float | None:
    spread = len(a) > 1 and np.ptp(a) > 0 and np.ptp(b) > 0
    return float(np.corrcoef(a, b)[0, 1]) if spread else None


def _covered(draws: np.ndarray, truth: np.ndarray) -> Covered:
    inside = {level: int(holds(draws, truth, ends).sum()) for level, ends in LEVELS.items()}
    return {"n": len(truth), "in50": inside["50"], "in90": inside["90"]}


def _single(xi: np.ndarray, parties: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what is one number of a draw, shape (n_draws,)."""
    left, right = (xi[:, parties == party] for party in PARTIES)
    yield "distance of the party averages", right.mean(1) - left.mean(1)
    yield "party share of the variance", share_of_party(xi, parties)


def _ranks(
    draws: Mapping[str, np.ndarray], truth: KnownTruth, votes: ChamberVotes, rng: np.random.Generator
) -> dict[str, float]:
    """Rank the truth in each test quantity among nearly independent draws, as a number in (0, 1).

    Quantities that depend on the votes too, such as the log likelihood, see faults that single parameters hide (Modrak
    et al. 2023, Bayesian Analysis).
    """
    n = len(draws["xi"])
    kept = np.linspace(0, n - 1, min(_RANKED, n)).round().astype(int)
    fitted = dict(_quantities({name: values[kept] for name, values in draws.items()}, votes))
    true = dict(_quantities({name: values[None] for name, values in vars(truth).items()}, votes))
    out = {}
    for name, values in fitted.items():
        below, ties = (values < true[name]).sum(), (values == true[name]).sum()
        out[name] = float((below + rng.random() * (ties + 1)) / (len(values) + 1))
    return out


def _quantities(at: Mapping[str, np.ndarray], votes: ChamberVotes) -> Iterator[tuple[str, np.ndarray]]:
    """Yield test quantities by draw, shape (n_draws,)."""
    xi, alpha, beta, parties = at["xi"], at["alpha"], at["beta"], votes.parties
    for party in PARTIES:
        own = xi[:, parties == party]
        yield f"average of {party}s", own.mean(1)
        if own.shape[1] > 1:
            yield f"spread of {party}s", own.std(1)
    yield "distance of the parties", xi[:, parties == PARTIES[1]].mean(1) - xi[:, parties == PARTIES[0]].mean(1)
    yield "average difficulty", alpha.mean(1)
    yield "spread of difficulty", alpha.std(1)
    yield "average discrimination", beta.mean(1)
    yield "typical discrimination", np.sqrt((beta**2).mean(1))
    yield "log likelihood", np.array([_log_likelihood(votes.y, *draw) for draw in zip(xi, alpha, beta, strict=True)])


def _log_likelihood(y: np.ndarray, xi: np.ndarray, alpha: np.ndarray, beta: np.ndarray) -> float:
    logit = np.outer(xi, beta) - alpha
    wrong = np.where(y == 1, -logit, logit)
    return float(-np.logaddexp(0, wrong)[y >= 0].sum())
