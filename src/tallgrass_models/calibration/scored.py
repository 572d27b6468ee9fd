"""One fit held against the truth that its votes were drawn from: which 90 % intervals cover it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..draws.frame import in_frame, party_frame
from ..draws.moments import INTERVAL, ranks
from ..draws.ranks import rank_draws
from ..draws.right_of import right_of
from ..draws.scale import PARTY_SCALE
from ..files.names import JOINT
from ..linking.answers import Answer, link_answers, placed
from ..linking.chamber_draws import ChamberDraws
from ..linking.link import Link
from ..linking.mixtures import mixed_quantiles, weights
from .drawn import Truth


class Placed(Protocol):
    """True ideal points of a chamber's members, shape (n,), and the parties that they are counted as."""

    @property
    def xi(self) -> np.ndarray:
        """Ideal points."""

    @property
    def parties(self) -> np.ndarray:
        """Names of the parties."""


#: Bounds of the stated probability that the member further right on average stands right.
BINS = np.array([0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0])

#: Share of the intervals that hold the truth, by quantity.
Covered = dict[str, float]


@dataclass(frozen=True)
class Pairs:
    """Pairs of members by the stated probability that one stands right of the other; arrays of shape (len(BINS) - 1,).

    Attributes
    ----------
    n, stated, true
        Pairs; sums of the stated probabilities, and of whether it was so.
    """

    n: np.ndarray
    stated: np.ndarray
    true: np.ndarray


def score_chamber(at: Mapping[str, np.ndarray], truth: Truth) -> tuple[Covered, Pairs]:
    """Count which intervals of a chamber's fit hold the truth, and how its probabilities of order come true.

    Parameters
    ----------
    at
        Reported draws, axes (chain, draw, ...).
    """
    xi = at["xi"].reshape(-1, at["xi"].shape[-1])
    own, party = truth.xi[None], truth.parties
    low, high = (ranks(at["xi"])[name] for name in ("q05", "q95"))
    rank = rank_draws(truth.xi)
    found = {
        "position, model's scale": covers(xi, truth.xi),
        "position, relative": covers(in_frame(xi, party_frame(xi, party)), in_frame(own, party_frame(own, party))[0]),
        "rank": float(np.mean((low <= rank) & (rank <= high))),
        "average of a party's members": covers(_means(xi, truth.party), _means(own, truth.party)[0]),
        "population mean of a party (mu)": covers(at["mu_party"].reshape(-1, 2), truth.mu),
        "share of party": covers(_share(xi, truth.party), _share(own, truth.party)),
    }
    return found, _pairs(at["xi"], truth.xi)


def score_across(
    link: Link, chambers: tuple[ChamberDraws, ChamberDraws], joint: np.ndarray | None, truths: tuple[Placed, Placed]
) -> Covered:
    """Count which intervals of the link's constants and of senators' positions hold the truth, by method.

    Both chambers were drawn on one scale, so A is 1 and B is 0; on the relative scale they are as in `Answer`.

    Parameters
    ----------
    joint : ndarray, shape (n_draws, n_members), optional
        The joint model's ideal points, House first.
    """
    parties, n_house = [truth.parties for truth in truths], len(truths[0].xi)
    places = link_answers(link, chambers, parties, PARTY_SCALE)
    found: Covered = {}
    for name in places:
        a, b = (draws[np.isfinite(draws)] for draws in (link.methods[name].a, link.methods[name].b))
        found |= {f"A, {name}": covers(a, np.ones(1)), f"B, {name}": covers(b, np.zeros(1))}
    answers: dict[str, Mapping[str, Answer]] = {name: {name: at} for name, at in places.items()}
    if places:
        answers["all linking methods"] = places
    if joint is not None:
        answers[JOINT] = {JOINT: placed(joint[:, :n_house], joint[:, n_house:], parties)}
    true = placed(truths[0].xi[None], truths[1].xi[None], parties)
    for name, answer in answers.items():
        found |= {f"{quantity}, {name}": value for quantity, value in _places_covered(answer, true, n_house).items()}
    return found


def _places_covered(answer: Mapping[str, Answer], true: Answer, n_house: int) -> Covered:
    drawn = {name: _quantities(at, n_house) for name, at in answer.items()}
    found = {}
    for quantity, truth in _quantities(true, n_house).items():
        interval = mixed_quantiles({name: own[quantity] for name, own in drawn.items()}, weights(list(answer)))
        found[quantity] = float(np.mean((interval["q05"] <= truth) & (truth <= interval["q95"])))
    return found


def _quantities(at: Answer, n_house: int) -> dict[str, np.ndarray]:
    """Constants and senators' places, shape (n_draws, n)."""
    return {
        "A relative": at.a[:, None],
        "B relative": at.b[:, None],
        "senators, relative": at.xi[:, n_house:],
    }


def covers(draws: np.ndarray, truth: np.ndarray) -> float:
    """Share of the elements whose 90 % interval holds the truth; draws along the first axis."""
    return float(np.mean(holds(draws, truth)))


def holds(draws: np.ndarray, truth: np.ndarray, ends: tuple[float, float] = INTERVAL) -> np.ndarray:
    """Tell of each element whether the interval between two quantiles holds the truth; draws along the first axis."""
    low, high = np.quantile(draws, ends, axis=0)
    return np.asarray((low <= truth) & (truth <= high))


def _means(xi: np.ndarray, party: np.ndarray) -> np.ndarray:
    """Averages of the members of both parties, shape (n_draws, 2)."""
    return np.stack([xi[:, party == p].mean(1) for p in (0, 1)], axis=1)


def _share(xi: np.ndarray, party: np.ndarray) -> np.ndarray:
    """Share of the variance between members that lies between the parties, shape (n_draws,)."""
    within = (xi - _means(xi, party)[:, party]).var(1)
    return np.asarray(1 - within / xi.var(1))


def _pairs(xi: np.ndarray, truth: np.ndarray) -> Pairs:
    """All pairs of members, the one further right on average first."""
    p = right_of(xi).probability
    i, j = np.triu_indices(len(truth), 1)
    stated, true = p[i, j], truth[i] > truth[j]
    turned = stated < 0.5
    stated, true = np.where(turned, 1 - stated, stated), np.where(turned, ~true, true)
    at = np.clip(np.searchsorted(BINS, stated, side="right") - 1, 0, len(BINS) - 2)
    n, sums, hits = (np.bincount(at, w, len(BINS) - 1) for w in (None, stated, true))
    return Pairs(n, sums, hits)
