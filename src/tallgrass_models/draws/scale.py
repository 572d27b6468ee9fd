"""The relative scale: members between the averages of their parties, -1 and +1, draw by draw.

Votes know positions only up to ``xi -> c xi + d``. The numbers of a fit are therefore its priors' doing, and they
depend on which roll calls were kept: an intercept ``alpha ~ Normal(0, 5)`` does not know that lopsided roll calls were
dropped. On sessions drawn from the priors and filtered, 90 % intervals of ``xi`` cover 64 %, those of the relative
positions

    m = (mean xi of Democrats + mean xi of Republicans) / 2,   g = mean xi of Republicans - mean xi of Democrats,
    x_i = 2 (xi_i - m) / g

cover 89 % (`docs/model.md`). Averages are over the members who sit, draw by draw. Dividing by g also turns a fit in
which the Republicans stand on the left.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.special import stdtrit

from ..votes.readers.base import PARTIES

#: Kinds of scale: party averages at -1 and +1, or mean 0 and standard deviation 1 over the members.
PARTY_SCALE, SPREAD_SCALE = "parties", "spread"
#: Least distance of the party averages in pooled standard deviations of members. At 1 the ruler is as long as the
#: standard deviation of those whom it measures; a shorter one would magnify the members' noise.
LEAST_D = 1.0
#: Two groups of a few members stand apart by chance. The distance must also be one that members allotted to the parties
#: at random would reach in at most this share of cases (the t test, two-sided).
_BY_CHANCE = 0.05
#: Share of the draws in which the averages must be that far apart, all in the same order.
_CERTAIN = 0.99
#: No draw may have the averages closer than this share of the least distance, or in the other order: a position divided
#: by a distance near zero has no mean.
FLOOR = 0.25


class Frame(NamedTuple):
    """An origin and a unit for each draw, shape (...); a negative unit turns the axis."""

    origin: np.ndarray
    unit: np.ndarray

    def positions(self, xi: np.ndarray) -> np.ndarray:
        """Positions ``(xi - origin) / unit`` of ideal points, shape (..., n)."""
        return (np.asarray(xi, dtype=float) - self.origin[..., None]) / self.unit[..., None]

    def lengths(self, distance: np.ndarray) -> np.ndarray:
        """Distances and spreads in units of the scale, shape (..., n); never negative."""
        return np.asarray(distance, dtype=float) / np.abs(self.unit)[..., None]

    def bills(self, alpha: np.ndarray, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Difficulty and discrimination, shape (..., n), of the same curves on this scale."""
        slope = np.asarray(beta, dtype=float)
        return alpha - slope * self.origin[..., None], slope * self.unit[..., None]


@dataclass(frozen=True)
class Scale:
    """What a chamber's headline scale is.

    Attributes
    ----------
    kind : str
        ``parties``: x = 2 (xi - m) / g. ``spread``: x = (xi - mean) / sd over all members of the chamber, draw by draw,
        because the distance g of the party averages is not clearly different from 0.
    turned : bool
        The ideal points of the model run the other way: in most draws the Republicans' average is left of the
        Democrats'. Positions on the headline scale are turned already: with ``parties`` by dividing by g, with
        ``spread`` by the sign that most draws have.
    p_right : float or None
        Share of draws with g > 0; None where a party has no member.
    d : float or None
        Mean over the draws of g in pooled standard deviations of members about their party's average.
    least_d : float or None
        What |d| had to reach: `LEAST_D`, more where parties are so small that chance puts them apart.
    share_apart : float or None
        Share of draws that reach it, in the order that most draws have.
    """

    kind: str
    turned: bool
    p_right: float | None
    d: float | None
    least_d: float | None
    share_apart: float | None

    def to_dict(self) -> dict[str, Any]:
        """The record for a JSON file."""
        return asdict(self)


def party_frame(xi: np.ndarray, parties: np.ndarray, reference: np.ndarray | None = None) -> Frame:
    """The frame in which the averages of Democrats and Republicans are -1 and +1 in every draw.

    Parameters
    ----------
    xi : ndarray, shape (..., n)
        Draws of ideal points of the members who sit.
    parties : ndarray of str, shape (n,)
        Party each member is counted with; members counted with neither have a position but set no average.
    reference : ndarray of bool, shape (n,), optional
        Members whose averages count: in a joint model those of one chamber, so that both stand on one scale. All by
        default.

    Raises
    ------
    ValueError
        If a party has no member in the reference.
    """
    left, right = (_average(xi, (parties == party) & _counted(parties, reference)) for party in PARTIES)
    return Frame((left + right) / 2, (right - left) / 2)


def relative_positions(xi: np.ndarray, parties: np.ndarray, reference: np.ndarray | None = None) -> np.ndarray:
    """Positions between the party averages, -1 and +1, draw by draw.

    Parameters and errors are those of `party_frame`; shape (..., n).
    """
    return party_frame(xi, parties, reference).positions(xi)


def in_frame(xi: np.ndarray, frame: Frame) -> np.ndarray:
    """Positions of other ideal points of the same draws, shape (..., n), in a frame."""
    return frame.positions(xi)


def separation(x: np.ndarray, party: np.ndarray) -> np.ndarray:
    """Republican minus Democratic average in pooled standard deviations of members.

    Parameters
    ----------
    x : ndarray, shape (..., n_members)
    party : ndarray of str, shape (n_members,)

    Returns
    -------
    ndarray, shape (...)
        NaN where a party has no member or nobody differs from the party's average.
    """
    left, right = (x[..., party == name] for name in PARTIES)
    free = left.shape[-1] + right.shape[-1] - 2
    if min(left.shape[-1], right.shape[-1]) == 0 or free < 1:
        return np.full(x.shape[:-1], np.nan)
    squares = sum(((side - side.mean(-1, keepdims=True)) ** 2).sum(-1) for side in (left, right))
    pooled = np.sqrt(squares / free)
    gap = right.mean(-1) - left.mean(-1)
    return np.asarray(np.divide(gap, pooled, out=np.full(np.shape(gap), np.nan), where=pooled > 0))


def least_separation(n_democrats: int, n_republicans: int) -> float:
    """What |d| must reach for two parties of these sizes: `LEAST_D`, or what chance reaches in `_BY_CHANCE` of cases.

    With members allotted at random ``d / sqrt(1/n_D + 1/n_R)`` has Student's t distribution, n - 2 degrees of freedom.
    """
    by_chance = stdtrit(n_democrats + n_republicans - 2, 1 - _BY_CHANCE / 2) * np.sqrt(
        1 / n_democrats + 1 / n_republicans
    )
    return max(LEAST_D, float(by_chance))


def headline_scale(xi: np.ndarray, parties: np.ndarray, reference: np.ndarray | None = None) -> tuple[Scale, Frame]:
    """Choose the scale on which a fit is reported, and the frame that takes its ideal points there.

    Parameters
    ----------
    xi : ndarray, shape (..., n)
    parties, reference
        As for `party_frame`.

    Notes
    -----
    The parties define a scale where g is clearly different from 0. Two questions are asked of every draw. In which
    order do the averages stand? And are they far enough apart, in pooled standard deviations d of the members (a
    distance that does not depend on the model's scale)? `_CERTAIN` of the draws must have one order and reach
    `least_separation`, and none may fall below `FLOOR` of it. The order alone would not do: the fast coordinates keep
    the averages in order in every draw, also where the votes say nothing. The mean of |d| alone would not do: it is
    large where chains are mirror images of each other, and a few draws with g near 0 decide the mean of a position.

    Ten members whose votes are noise, chains that disagree on the order, and an axis that divides the parties rather
    than separating them have a ``spread`` scale. A mirrored fit has a ``parties`` scale, with ``turned``.
    """
    counted = _counted(parties, reference)
    n_left, n_right = (int((parties[counted] == party).sum()) for party in PARTIES)
    if not n_left or not n_right:
        scale = Scale(SPREAD_SCALE, False, None, None, None, None)
        return scale, _spread_frame(xi[..., counted], 1.0)
    frame = party_frame(xi, parties, reference)
    p_right = float((frame.unit > 0).mean())
    side = 1.0 if p_right >= 0.5 else -1.0
    d = separation(np.asarray(xi[..., counted], dtype=float), parties[counted])
    known = bool(np.isfinite(d).all())
    least = least_separation(n_left, n_right) if n_left + n_right > 2 else None
    apart = float((side * d >= least).mean()) if known and least is not None else None
    clear = apart is not None and least is not None and apart >= _CERTAIN and (side * d).min() >= FLOOR * least
    kind = PARTY_SCALE if clear else SPREAD_SCALE
    scale = Scale(kind, side < 0, p_right, float(d.mean()) if known else None, least, apart)
    return scale, frame if clear else _spread_frame(xi[..., counted], side)


def _spread_frame(xi: np.ndarray, side: float) -> Frame:
    """Mean and standard deviation of the members in each draw; a draw in which all stand at one place has unit 1."""
    values = np.asarray(xi, dtype=float)
    spread = values.std(-1)
    return Frame(values.mean(-1), side * np.where(spread > 0, spread, 1.0))


def _counted(parties: np.ndarray, reference: np.ndarray | None) -> np.ndarray:
    return np.ones(len(parties), dtype=bool) if reference is None else np.asarray(reference, dtype=bool)


def _average(xi: np.ndarray, who: np.ndarray) -> np.ndarray:
    if not who.any():
        raise ValueError("a scale between the parties needs members of both")
    return np.asarray(np.asarray(xi[..., who], dtype=float).mean(-1))
