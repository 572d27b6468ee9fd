"""The headline scale of one fit: the chamber that sets it, what each chamber's parties say, and all positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..draws.frame import Frame
from ..draws.scale import PARTY_SCALE, Scale, headline_scale
from ..files.records.summary import ScaleOfChamber
from ..votes.unit_votes import UnitVotes


@dataclass(frozen=True)
class Placed:
    """A fit on its headline scale.

    Attributes
    ----------
    frame : Frame
        The frame from the model's own scale to the headline scale, set by the members of the first chamber. In a joint
        model this is the House, so that both chambers stand on one scale.
    scales : list of Scale
        The scale that each chamber's own members would set, in the order of the unit's parts. The first is the headline
        scale.
    xi, x : ndarray, shape (chain, draw, n_legislators)
        Ideal points on the model's own scale, and positions on the headline scale.
    party, chamber : ndarray of str, shape (n_legislators,)
        Party each member is counted with, and chamber.
    """

    frame: Frame
    scales: list[Scale]
    xi: np.ndarray
    x: np.ndarray
    party: np.ndarray
    chamber: np.ndarray

    def yea_side(self, c: int) -> float:
        """Find the party whose side the Yea of a bill with positive beta is in chamber ``c``.

        The result is 1 for Republicans, -1 for Democrats, NaN if the chamber's parties are not clearly apart on the
        axis.
        """
        scale = self.scales[c]
        if scale.kind != PARTY_SCALE:
            return float("nan")
        return -1.0 if scale.turned else 1.0

    def records(self) -> list[ScaleOfChamber]:
        """Make the block ``scale`` of summary.json, with one record for each chamber."""
        names = list(dict.fromkeys(self.chamber))
        return [
            {"chamber": str(name), "sets_scale": c == 0, **scale.to_dict()}
            for c, (name, scale) in enumerate(zip(names, self.scales, strict=True))
        ]


def place_unit(xi: np.ndarray, unit: UnitVotes) -> Placed:
    """Put the ideal points of a fit on its headline scale.

    Parameters
    ----------
    xi : ndarray, shape (chain, draw, n_legislators)
    unit : UnitVotes
    """
    party = np.concatenate([part.votes.parties for part in unit.parts])
    chamber = np.repeat([part.chamber for part in unit.parts], [part.votes.n_legislators for part in unit.parts])
    found = [headline_scale(xi[..., part.members], part.votes.parties) for part in unit.parts]
    frame = found[0][1]
    return Placed(frame, [scale for scale, _ in found], xi, frame.positions(xi), party, chamber)


def bill_sides(placed: Placed, unit: UnitVotes) -> np.ndarray:
    """Find the party on whose side a positive beta puts Yea on each bill, shape (n_bills,); see `Placed.yea_side`.

    The result is NaN, too, for a shared bill on which the chambers disagree.
    """
    low, high = (np.full(len(unit.rollcalls), end) for end in (np.inf, -np.inf))
    for c, part in enumerate(unit.parts):
        own = placed.yea_side(c)
        low[part.item], high[part.item] = np.fmin(low[part.item], own), np.fmax(high[part.item], own)
        unknown = part.item if np.isnan(own) else part.item[:0]
        low[unknown], high[unknown] = -np.inf, np.inf
    return np.where(low == high, low, np.nan)
