"""The members on whom decisions turn: medians and two-thirds pivots; the parties' overlap; House against Senate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .montecarlo import batch_sizes, batch_starts, mcse, mcse_of_batches
from .ranks import rank_draws
from .summaries import scalar


@dataclass(frozen=True)
class Pivot:
    """Draws of a pivotal place, and who holds it.

    Attributes
    ----------
    seats
        Members counted.
    xi : ndarray, shape (chain, draw)
        Where it is.
    holders, holders_mcse : ndarray, shape (n,)
        Probability that each member holds it, and its Monte Carlo error. They add up to 1: where the median lies
        between two members, each counts half.
    """

    seats: int
    xi: np.ndarray
    holders: np.ndarray
    holders_mcse: np.ndarray


def seat_ranks(n: int) -> dict[str, tuple[int, int]]:
    """Ranks (from 1, the leftmost) of the two members between whom each pivot of a chamber of ``n`` lies.

    Both are one but for the median of an even number. Let ``k`` be the least number of members that is two thirds.
    ``two_thirds_right`` is the k-th member from the left, the last one whom a two-thirds majority from the left needs;
    ``two_thirds_left`` is the k-th from the right. Whatever lies between the two pivots no such majority can change
    (Krehbiel 1998).
    """
    k = -(-2 * n // 3)
    return {
        "chamber_median": ((n + 1) // 2, n // 2 + 1),
        "two_thirds_left": (n + 1 - k,) * 2,
        "two_thirds_right": (k, k),
    }


def pivots(xi: np.ndarray, party: np.ndarray) -> dict[str, Pivot]:
    """Median, two-thirds pivots and party medians of a chamber.

    Parameters
    ----------
    xi : ndarray, shape (chain, draw, n)
    party : ndarray of str, shape (n,)
        ``Democrat`` or ``Republican``.

    Returns
    -------
    dict
        ``chamber_median``, ``two_thirds_left``, ``two_thirds_right``, ``democrat_median``, ``republican_median``; no
        median of a party without members.
    """
    n = xi.shape[-1]
    order = xi.argsort(-1)
    found = {name: _at(xi, order, ranks, np.arange(n)) for name, ranks in seat_ranks(n).items()}
    for name in ("Democrat", "Republican"):
        own = np.flatnonzero(party == name)
        if own.size:
            among = xi[..., own]
            median = seat_ranks(own.size)["chamber_median"]
            found[f"{name.lower()}_median"] = _at(among, among.argsort(-1), median, own, n)
    return found


def _at(xi: np.ndarray, order: np.ndarray, ranks: tuple[int, int], ids: np.ndarray, n: int | None = None) -> Pivot:
    """The place between two ranks among the members ``ids`` of a chamber of ``n``."""
    n = n or ids.size
    starts = batch_starts(*xi.shape[:2])
    sizes = batch_sizes(starts, xi.shape[0] * xi.shape[1])
    batch = np.repeat(np.arange(len(starts)), sizes)
    share = np.zeros((len(starts), n))
    place = np.zeros(xi.shape[:2])
    for rank in ranks:
        holder = order[..., rank - 1]
        place += np.take_along_axis(xi, holder[..., None], -1)[..., 0] / 2
        cell = batch * n + ids[holder.ravel()]
        share += np.bincount(cell, minlength=share.size).reshape(share.shape) / 2
    return Pivot(ids.size, place, share.sum(0) / sizes.sum(), mcse_of_batches(share / sizes[:, None]))


def with_error(draws: np.ndarray) -> dict[str, float]:
    """Mean, 90 % interval and Monte Carlo standard error (``mcse``) of one quantity, shape (chain, draw)."""
    found = scalar(draws)
    return {"mean": found["mean"], "q05": found["q05"], "q95": found["q95"], "mcse": float(mcse(draws))}


def overlap(xi: np.ndarray, party: np.ndarray) -> dict[str, dict[str, float]]:
    """How far the parties of a chamber overlap.

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
    pairs = (rank_draws(xi)[..., left].sum(-1) - n_left * (n_left + 1) / 2) / (n_left * n_right)
    some = with_error((high > low).astype(float))
    return {
        "any": {"mean": some["mean"], "mcse": some["mcse"]},
        "pairs": with_error(pairs),
        "members": with_error(members),
    }


def across(house: Mapping[str, Pivot], senate: Mapping[str, Pivot]) -> dict[str, dict[str, dict[str, float]]]:
    """For each pivot of both chambers, on one scale: where the House's stands relative to the Senate's.

    Returns
    -------
    dict
        By pivot ``house_right`` (probability and Monte Carlo error) and ``difference`` (House minus Senate).
    """
    found = {}
    for name in house:
        if name in senate:
            difference = house[name].xi - senate[name].xi
            right = with_error((difference > 0).astype(float))
            found[name] = {
                "house_right": {"mean": right["mean"], "mcse": right["mcse"]},
                "difference": with_error(difference),
            }
    return found
