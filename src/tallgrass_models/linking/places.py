"""Where everybody stands by each method, and which methods answer together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..draws.pivots import pivots
from ..files.names import JOINT
from .answers import Answer
from .mixtures import mixed_probability, weights

#: Who answers, in columns: all methods mixed, the linking methods mixed, the joint model.
SOURCES = ("relative", "link", "joint")

Places = Mapping[str, Answer]
#: Draws of the positions in a chamber by method: chamber, name in `pivots.pivots`, method.
Positions = dict[str, dict[str, dict[str, np.ndarray]]]


def by_source(places: Places) -> dict[str, Places]:
    """Return the methods behind each of `SOURCES`; one without a method is left out."""
    link = {name: at for name, at in places.items() if name != JOINT}
    joint = {name: at for name, at in places.items() if name == JOINT}
    return {name: some for name, some in zip(SOURCES, (places, link, joint), strict=True) if some}


def positions(places: Places, members: pd.DataFrame, shares: Sequence[float] = ()) -> Positions:
    """Return where medians and pivots of each chamber stand, over seats.

    Parameters
    ----------
    places, members
        As for `tables.member_table`.
    shares
        Majorities besides one half and two thirds.
    """
    chamber, party = members["chamber"].to_numpy(), members["party"].to_numpy()
    seats = members["seats"].to_numpy(float)
    out: Positions = {}
    for name in dict.fromkeys(chamber):
        by_position: dict[str, dict[str, np.ndarray]] = {}
        here = chamber == name
        for method, at in places.items():
            for position, found in pivots(at.xi[None][..., here], party[here], seats[here], shares).items():
                by_position.setdefault(position, {})[method] = found.xi[0]
        out[name] = by_position
    return out


def p_right_of(places: Places, median: Mapping[str, np.ndarray]) -> np.ndarray:
    """Probability that each member stands right of a median, given by method, shape (n_members,)."""
    right = {name: at.xi > median[name][:, None] for name, at in places.items()}
    return mixed_probability(right, weights(list(places)))
