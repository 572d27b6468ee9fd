"""A simulated session with known truth, shaped like a Kansas biennium: who sits, what is voted on, how each votes.

Every roll call is a draw ``(alpha, beta)`` of one process, and ``P(Yea) = logistic(beta * xi - alpha)``. Roll calls
then turn out contested or near unanimous by themselves and are kept until each kind is numerous enough. Passage votes
of one bill share ``(alpha, beta)`` across chambers, as the joint model assumes; all other roll calls are independent.

The truth is on the production scale. The likelihood does not change under ``xi -> c*xi + d`` with alpha and beta moved
to match; only the priors ``beta ~ Normal(0, 1)``, ``alpha ~ Normal(0, 5)`` and ``mu ~ Normal(0, 2)`` hold c and d, each
to within its posterior standard deviation (about 5 % and 0.4 in a House). An error of c or d is common to all members,
so one session's coverage says more about the luck of c and d than about the intervals. To keep both from wandering
between seeds, the members of a party have the party's mean and spread exactly, and of the contested roll calls drawn
those are taken that together hold c and d where they should be (`_frame_terms`).
"""

from statistics import NormalDist

import numpy as np

from ..vocabulary import NAY, YEA
from .codes import ABSENCE, NO_MEMBER, NO_VOTE, PASS
from .shapes import ChamberShape, SessionShape
from .simulated import SimulatedMembers, SimulatedVotes, join

#: Means and spreads of xi within the parties, on the production scale.
_PARTY_MEAN = {"Democrat": -7.2, "Republican": 4.8, "Independent": -1.0}
_PARTY_SPREAD = {"Democrat": 1.7, "Republican": 1.7, "Independent": 1.7}
#: ``beta ~ Normal(0, BETA_SD)`` and ``alpha ~ Normal(0, ALPHA_SD)``, contested or not.
_BETA_SD = 0.96
_ALPHA_SD = 5.0
#: Sums of `_frame_terms` over the contested roll calls of House and Senate, and how near they must come. About (20, 15)
#: is what holds a fit at the true scale and origin against the priors of mu and sigma. The origin is put off that by a
#: typical error, about one posterior standard deviation: with a truth dead in the middle, 90 % intervals would hold
#: 97 % of the members.
_FRAME_SUMS = ((18.0, -80.0), (25.0, -40.0))
_FRAME_NEAR = np.array([1.0, 3.0])
_POOL = 1.5  # contested roll calls drawn for each one wanted
_SWAPS = 5000
#: Yea share over all roll calls of a chamber.
_YEA_SHARE = 0.82
#: Shares of member-votes lost to a day away, to a single absence, to "Present and Passing", to "Not Voting".
_AWAY, _ABSENT, _PASSING, _NOT_VOTING = 0.015, 0.009, 0.001, 0.001
#: A roll call with a smaller minority counts as near unanimous here; the filter decides for itself.
_CONTESTED = 0.025


_R2 = np.array([0.7548776662466927, 0.5698402909980532])  # 1/g, 1/g^2 with g^3 = g + 1: the plane's golden ratio
_BATCH = 64


def contested(votes: SimulatedVotes) -> np.ndarray:
    """Mask of roll calls whose minority is at least `_CONTESTED` of Yea and Nay, shape (n_votes,)."""
    yea, nay = (votes.cast == YEA).sum(0), (votes.cast == NAY).sum(0)
    return np.minimum(yea, nay) >= _CONTESTED * np.maximum(yea + nay, 1)


def draw_members(rng: np.random.Generator, shape: ChamberShape, days: int) -> SimulatedMembers:
    """Members of a chamber; a replaced one leaves part-way and another of the same party takes the seat."""
    party = np.repeat(
        np.array(["Democrat", "Republican", "Independent"], dtype=object),
        [shape.democrats, shape.republicans, shape.independents],
    )
    seat = rng.permutation(len(party))
    major = np.flatnonzero(party != "Independent")
    leaving = rng.choice(major, shape.replaced, replace=False)
    # the first leaves within days, with too few votes to be placed; the others somewhere in the middle
    leaves = np.sort(rng.integers(days // 5, days - days // 5, shape.replaced))
    leaves[:1] = max(days // 60, 1)
    first_day = np.zeros(len(party) + shape.replaced, dtype=np.int64)
    last_day = np.full(len(party) + shape.replaced, days - 1)
    last_day[leaving] = leaves
    first_day[len(party) :] = leaves + 1
    party, seat = np.concatenate([party, party[leaving]]), np.concatenate([seat, seat[leaving]])
    xi = np.empty(len(party))
    for name in _PARTY_MEAN:
        of_party = party == name
        score = rng.standard_normal(of_party.sum())
        if of_party.sum() > 2:  # the party's mean and spread are then those of its members exactly
            score = (score - score.mean()) / score.std(ddof=1)
        xi[of_party] = _PARTY_MEAN[name] + _PARTY_SPREAD[name] * score
    return SimulatedMembers(party, seat, xi, first_day, last_day)


class _BillStream:
    """An endless stream of ``(alpha, beta)``, spread evenly over their distribution."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Start the low-discrepancy sequence at a random point."""
        self._start = rng.random(2)
        self._taken = 0

    def take(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the next ``n`` draws of alpha and beta, each of shape (n,)."""
        steps = np.arange(self._taken + 1, self._taken + n + 1)[:, None]
        self._taken += n
        uniform = np.clip((self._start + steps * _R2) % 1.0, 1e-6, 1 - 1e-6)
        normal = np.vectorize(NormalDist().inv_cdf)(uniform)
        return _ALPHA_SD * normal[:, 1], _BETA_SD * normal[:, 0]


def _cast_votes(
    rng: np.random.Generator, members: SimulatedMembers, alpha: np.ndarray, beta: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """Draw votes and absences: int8, shape (n_legislators, n_votes)."""
    shape = (len(members.xi), len(alpha))
    probability = 1 / (1 + np.exp(-np.clip(members.xi[:, None] * beta - alpha, -700, 700)))
    cast = np.where(rng.random(shape) < probability, YEA, NAY)
    away = rng.random((len(members.xi), int(members.last_day.max()) + 1)) < _AWAY
    single = rng.random(shape)
    bounds = np.cumsum([_ABSENT, _PASSING, _NOT_VOTING])
    cast[single < bounds[2]] = NO_VOTE
    cast[single < bounds[1]] = PASS
    cast[(single < bounds[0]) | away[:, day]] = ABSENCE
    serves = (members.first_day[:, None] <= day) & (day <= members.last_day[:, None])
    return np.where(serves, cast, NO_MEMBER).astype(np.int8)


def draw_chambers(
    rng: np.random.Generator, shape: SessionShape, house: SimulatedMembers, senate: SimulatedMembers
) -> tuple[SimulatedVotes, SimulatedVotes]:
    """All roll calls of both chambers, Yea mostly the winning side, in no order yet."""
    in_house, in_senate = _paired_votes(rng, shape, house, senate)
    result = []
    for members, size, paired, sums in (
        (house, shape.house, in_house, _FRAME_SUMS[0]),
        (senate, shape.senate, in_senate, _FRAME_SUMS[1]),
    ):
        n_contested = int(contested(paired).sum())
        wanted = (size.contested - n_contested, size.unanimous - len(paired.alpha) + n_contested)
        result.append(_with_failures(rng, _typical_chamber(rng, members, shape.days, paired, wanted, sums)))
    return result[0], result[1]


def _paired_votes(
    rng: np.random.Generator, shape: SessionShape, house: SimulatedMembers, senate: SimulatedMembers
) -> tuple[SimulatedVotes, SimulatedVotes]:
    """Passage votes of bills that reach both chambers, until ``shape.shared`` are contested in both."""
    stream = _BillStream(rng)
    parts: list[tuple[SimulatedVotes, SimulatedVotes]] = []
    n_shared = n_drawn = 0
    while n_shared < shape.shared:
        alpha, beta = stream.take(1)
        first, second = np.sort(rng.choice(shape.days, 2, replace=False))[:, None]
        day = (first, second) if rng.random() < 0.6 else (second, first)  # most bills begin in the House
        pair = np.array([n_drawn])
        drawn = [
            SimulatedVotes(_cast_votes(rng, members, alpha, beta, day[c]), alpha, beta, day[c], pair)
            for c, members in enumerate((house, senate))
        ]
        losing = np.array([_expected_yea([house, senate], alpha, beta)[0] < 0.5])
        parts.append((drawn[0].flipped(losing), drawn[1].flipped(losing)))
        n_shared += int(contested(drawn[0])[0] and contested(drawn[1])[0])
        n_drawn += 1
    return join(*(part[0] for part in parts)), join(*(part[1] for part in parts))


def _frame_terms(members: SimulatedMembers, votes: SimulatedVotes) -> np.ndarray:
    """Compute what each roll call says of scale and origin, given votes and true xi.

    The terms are ``E(beta^2) - 1`` and ``E(alpha * beta)``.

    Summed over roll calls, and up to the priors of mu and sigma, these are the derivatives of the log marginal
    likelihood (alpha and beta integrated out under the production priors) by ``log c`` and ``-25 d`` at the truth.

    Returns
    -------
    ndarray, shape (n_votes, 2)
        Computed on a grid of (alpha, beta), with members binned by xi.
    """
    beta, alpha = (axis.ravel() for axis in np.meshgrid(np.linspace(-4, 4, 101), np.linspace(-18, 18, 121)))
    centre, bin_of = np.unique(np.round(members.xi * 5) / 5, return_inverse=True)
    in_bin = (bin_of[None, :] == np.arange(len(centre))[:, None]).astype(float)
    eta = centre[:, None] * beta - alpha
    log_density = (
        -0.5 * (beta**2 + (alpha / 5) ** 2)
        - (in_bin @ (votes.cast == YEA)).T @ np.logaddexp(0, -eta)
        - (in_bin @ (votes.cast == NAY)).T @ np.logaddexp(0, eta)
    )
    weight = np.exp(log_density - log_density.max(1, keepdims=True))
    weight /= weight.sum(1, keepdims=True)
    return np.column_stack([weight @ beta**2 - 1, weight @ (alpha * beta)])


def _typical_chamber(
    rng: np.random.Generator,
    members: SimulatedMembers,
    days: int,
    paired: SimulatedVotes,
    wanted: tuple[int, int],
    sums: tuple[float, float],
) -> SimulatedVotes:
    """Join a chamber's own roll calls to the paired ones: so many contested (with these sums), so many near unanimous.

    A random choice from a pool is mended by random swaps that bring the sums nearer; a small session may stay off.
    """
    n_contested, n_unanimous = wanted
    pool = _own_votes(rng, members, days, (int(_POOL * n_contested), n_unanimous))
    lively = np.flatnonzero(contested(pool))
    terms = _frame_terms(members, pool.take(lively))
    missing = np.array(sums) - _frame_terms(members, paired.take(contested(paired))).sum(0)
    order = rng.permutation(len(lively))
    taken, left = order[:n_contested], order[n_contested:]
    missing -= terms[taken].sum(0)
    for _ in range(_SWAPS):
        if (np.abs(missing) < _FRAME_NEAR).all():
            break
        i, k = int(rng.integers(len(taken))), int(rng.integers(len(left)))
        after = missing + terms[taken[i]] - terms[left[k]]
        if ((after / _FRAME_NEAR) ** 2).sum() < ((missing / _FRAME_NEAR) ** 2).sum():
            taken[i], left[k], missing = left[k], taken[i], after
    return join(paired, pool.take(lively[np.sort(taken)]), pool.take(~contested(pool)))


def _own_votes(
    rng: np.random.Generator,
    members: SimulatedMembers,
    days: int,
    wanted: tuple[int, int],
) -> SimulatedVotes:
    """Roll calls of one chamber: so many contested ones, so many near unanimous ones, Yea the likelier side."""
    stream = _BillStream(rng)
    kept: list[SimulatedVotes] = []
    missing = list(wanted)
    while max(missing) > 0:
        alpha, beta = stream.take(_BATCH)
        day = rng.integers(0, days, _BATCH)
        drawn = SimulatedVotes(
            _cast_votes(rng, members, alpha, beta, day), alpha, beta, day, np.full(_BATCH, -1, dtype=np.int64)
        )
        drawn = drawn.flipped(_expected_yea([members], alpha, beta) < 0.5)
        kind = contested(drawn)
        for index, mask in enumerate((kind, ~kind)):
            found = np.flatnonzero(mask)[: max(missing[index], 0)]
            missing[index] -= len(found)
            kept.append(drawn.take(found))
    return join(*kept)


def _expected_yea(chambers: list[SimulatedMembers], alpha: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Return the expected share of Yea among all members of the chambers, per roll call. It depends on no vote."""
    xi = np.concatenate([members.xi for members in chambers])
    return (1 / (1 + np.exp(-np.clip(xi[:, None] * beta - alpha, -700, 700)))).mean(0)


def _with_failures(rng: np.random.Generator, votes: SimulatedVotes) -> SimulatedVotes:
    """Turn contested roll calls of the chamber's own over, at random, until the Yea share is `_YEA_SHARE`."""
    yea, nay = (votes.cast == YEA).sum(0), (votes.cast == NAY).sum(0)
    order = rng.permutation(np.flatnonzero(contested(votes) & (votes.pair < 0) & (yea > nay)))
    excess = yea.sum() - _YEA_SHARE * (yea + nay).sum()
    n_flips = int(np.searchsorted(np.cumsum((yea - nay)[order]), excess))
    which = np.zeros(len(votes.alpha), dtype=bool)
    which[order[:n_flips]] = True
    return votes.flipped(which)
