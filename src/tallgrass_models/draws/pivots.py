"""The members on whom decisions turn: medians and pivots over seats; the parties' overlap; House against Senate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..files.records.fields import Probability, WithError
from ..files.records.statistics import Across, Crossing
from .moments import scalar
from .montecarlo import batch_sizes, batch_starts, mcse, mcse_of_batches
from .ranks import rank_draws

_HALF, _TWO_THIRDS = 1 / 2, 2 / 3
#: Rounding in sums of weights, relative to their total.
_ROUNDING = 1e-9
#: Seats that fall short of a whole number, or exceed it, by less than this were vacant or held twice for a while. It is
#: a share of what a typical member holds.
VACANT = 0.25


@dataclass(frozen=True)
class Pivot:
    """Draws of a pivotal place, and who holds it.

    Attributes
    ----------
    members : int
        Members counted, those with a weight.
    seats : float
        Sum of their weights: seats, where a weight is the share of the time in which a member sat.
    xi : ndarray, shape (chain, draw)
        Where it is: the middle between ``low`` and ``high``.
    low, high : ndarray, shape (chain, draw)
        Where the two members stand between whom a median lies; equal where it is one member.
    holders, holders_mcse : ndarray, shape (n,)
        Probability that each member of the chamber holds it, and its Monte Carlo error. They add up to 1: where the
        median lies between two members, each counts half.
    """

    members: int
    seats: float
    xi: np.ndarray
    low: np.ndarray
    high: np.ndarray
    holders: np.ndarray
    holders_mcse: np.ndarray


def _pivot_names(share: float) -> tuple[str, str]:
    """Names of the two pivots of a majority of that share of the seats, counted from the right and from the left."""
    name = "two_thirds" if abs(share - _TWO_THIRDS) < _ROUNDING else f"majority_{100 * share:.6g}"
    return f"{name}_left", f"{name}_right"


def pivots(
    xi: np.ndarray, party: np.ndarray, weight: np.ndarray | None = None, shares: Sequence[float] = ()
) -> dict[str, Pivot]:
    """Median, two-thirds pivots, pivots of other majorities, and party medians of a chamber.

    Parameters
    ----------
    xi : ndarray, shape (chain, draw, n)
    party : ndarray of str, shape (n,)
        What the members are counted as; members of neither party count in the chamber.
    weight : ndarray, shape (n,), optional
        Seats each member holds: her share of the time. None counts everybody once; 0 leaves a member out.
    shares : sequence of float
        Majorities besides one half and two thirds, as shares of all seats.

    Returns
    -------
    dict
        ``chamber_median``, ``two_thirds_left``, ``two_thirds_right``, the pair of `_pivot_names` of each other share,
        ``democrat_median``, ``republican_median``; no median of a party without members.

    Notes
    -----
    With the members of a draw from left to right and W the sum of their weights, the right pivot of a share q is the
    first member from the left with whom the weights add up to q W or more, the left pivot the first one from the right;
    sums are compared up to 1e-9 W, and up to what W is from a whole number if that is less than `VACANT` of a seat: a
    seat that stood vacant for some roll calls does not move the median of an even chamber to one side. The median is
    the middle between the two pivots of one half. With equal weights these are the k-th member from the left and from
    the right, k the least number of members that makes up the share q of all, and the usual median. Whatever lies
    between the two pivots no majority of that share can change (Krehbiel
    1998).
    """
    weight = np.ones(xi.shape[-1]) if weight is None else weight
    own = np.flatnonzero(weight > 0)
    seats = _Seated.of(xi, own, weight)
    found = {"chamber_median": seats.median()}
    for share in (_TWO_THIRDS, *(q for q in shares if min(abs(q - _HALF), abs(q - _TWO_THIRDS)) > _ROUNDING)):
        found |= dict(zip(_pivot_names(share), (seats.pivot(share, False), seats.pivot(share, True)), strict=True))
    for name in ("Democrat", "Republican"):
        own = np.flatnonzero((party == name) & (weight > 0))
        if own.size:
            found[f"{name.lower()}_median"] = _Seated.of(xi, own, weight).median()
    return found


@dataclass(frozen=True)
class _Seated:
    """Some members of a chamber of ``n`` in the order of each draw, with the seats up to each of them."""

    xi: np.ndarray
    order: np.ndarray
    from_left: np.ndarray
    from_right: np.ndarray
    total: float
    typical: float
    ids: np.ndarray
    n: int

    @classmethod
    def of(cls, xi: np.ndarray, ids: np.ndarray, weight: np.ndarray) -> _Seated:
        among = xi[..., ids]
        order = among.argsort(-1)
        sorted_weight = weight[ids][order]
        from_left = sorted_weight.cumsum(-1)
        total, typical = float(weight[ids].sum()), float(np.median(weight[ids]))
        return cls(among, order, from_left, total - from_left + sorted_weight, total, typical, ids, xi.shape[-1])

    @property
    def vacant(self) -> float:
        """Seats that were vacant for a while, if few were; no majority turns on them."""
        short = abs(self.total - round(self.total))
        return short if short < VACANT * self.typical else 0.0

    def place(self, share: float, right: bool) -> np.ndarray:
        """Place in the order of the right (or left) pivot, shape (chain, draw)."""
        target = (share - _ROUNDING) * self.total - self.vacant
        if right:
            return np.asarray((self.from_left >= target).argmax(-1))
        return np.asarray(self.ids.size - 1 - (self.from_right >= target)[..., ::-1].argmax(-1))

    def pivot(self, share: float, right: bool) -> Pivot:
        """Return the right (or left) pivot of a share."""
        return self._at(self.place(share, right))

    def median(self) -> Pivot:
        """Return the middle between the two pivots of one half."""
        return self._at(self.place(_HALF, True), self.place(_HALF, False))

    def _at(self, *places: np.ndarray) -> Pivot:
        starts = batch_starts(*self.xi.shape[:2])
        sizes = batch_sizes(starts, self.xi.shape[0] * self.xi.shape[1])
        batch = np.repeat(np.arange(len(starts)), sizes)
        held = np.zeros((len(starts), self.n))
        at = []
        for place in places:
            holder = np.take_along_axis(self.order, place[..., None], -1)
            at.append(np.take_along_axis(self.xi, holder, -1)[..., 0].astype(float))
            cell = batch * self.n + self.ids[holder.ravel()]
            held += np.bincount(cell, minlength=held.size).reshape(held.shape) / len(places)
        errors = mcse_of_batches(held / sizes[:, None])
        where, low, high = np.mean(at, axis=0), np.min(at, axis=0), np.max(at, axis=0)
        return Pivot(self.ids.size, self.total, where, low, high, held.sum(0) / sizes.sum(), errors)


def with_error(draws: np.ndarray) -> WithError:
    """Mean, 90 % interval and Monte Carlo standard error (``mcse``) of one quantity, shape (chain, draw)."""
    found = scalar(draws)
    return {"mean": found["mean"], "q05": found["q05"], "q95": found["q95"], "mcse": float(mcse(draws))}


def probability(happens: np.ndarray) -> Probability:
    """Share of the draws in which something is so, shape (chain, draw), and its Monte Carlo standard error."""
    found = with_error(happens.astype(float))
    return {"mean": found["mean"], "mcse": found["mcse"]}


def overlap(xi: np.ndarray, party: np.ndarray) -> Crossing:
    """Measure how far the parties of a chamber overlap; members of neither take no part.

    Returns
    -------
    dict
        ``any``: probability that some Democrat stands right of some Republican. ``pairs``: share of the pairs of a
        Democrat and a Republican in that order (the Mann-Whitney statistic of each draw). ``members``: how many members
        stand on the other party's side of that party's outermost member. Each with its Monte Carlo error.

    Raises
    ------
    ValueError
        If a party has no members.
    """
    left, right = party == "Democrat", party == "Republican"
    n_left, n_right = int(left.sum()), int(right.sum())
    if not n_left or not n_right:
        raise ValueError("overlap needs members of both parties")
    democrats, republicans = xi[..., left], xi[..., right]
    low, high = republicans.min(-1), democrats.max(-1)
    members = (democrats > low[..., None]).sum(-1) + (republicans < high[..., None]).sum(-1)
    ranks = rank_draws(np.concatenate([democrats, republicans], axis=-1))
    pairs = (ranks[..., :n_left].sum(-1) - n_left * (n_left + 1) / 2) / (n_left * n_right)
    return {
        "any": probability(high > low),
        "pairs": with_error(pairs),
        "members": with_error(members),
    }


def across(house: Mapping[str, Pivot], senate: Mapping[str, Pivot]) -> dict[str, Across]:
    """Compare each pivot of the Senate with that of the House, on one scale.

    Returns
    -------
    dict
        By pivot ``senate_right`` (probability and Monte Carlo error) and ``difference`` (Senate minus House).
    """
    found: dict[str, Across] = {}
    for name in house:
        if name in senate:
            difference = senate[name].xi - house[name].xi
            found[name] = {"senate_right": probability(difference > 0), "difference": with_error(difference)}
    return found
