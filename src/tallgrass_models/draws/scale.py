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

from dataclasses import dataclass

import numpy as np

from ..files.records.statistics import ScaleChoice
from ..votes.vocabulary import PARTIES
from .frame import Frame, party_frame, who_counts
from .separation import least_separation, separation

#: Kinds of scale: party averages at -1 and +1, or mean 0 and standard deviation 1 over the members.
PARTY_SCALE, SPREAD_SCALE = "parties", "spread"
#: Share of the draws in which the averages must be that far apart, all in the same order.
_CERTAIN = 0.99
#: No draw may have the averages closer than this share of the least distance, or in the other order: a position divided
#: by a distance near zero has no mean.
FLOOR = 0.25


@dataclass(frozen=True)
class Scale:
    """Description of a chamber's headline scale.

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
        What |d| had to reach: `separation.LEAST_D`, more where parties are so small that chance puts them apart.
    share_apart : float or None
        Share of draws that reach it, in the order that most draws have.
    """

    kind: str
    turned: bool
    p_right: float | None
    d: float | None
    least_d: float | None
    share_apart: float | None

    def to_dict(self) -> ScaleChoice:
        """Return the record for a JSON file."""
        return {
            "kind": self.kind,
            "turned": self.turned,
            "p_right": self.p_right,
            "d": self.d,
            "least_d": self.least_d,
            "share_apart": self.share_apart,
        }


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
    counted = who_counts(parties, reference)
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
