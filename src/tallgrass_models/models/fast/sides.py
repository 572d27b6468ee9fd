"""On which side of a chamber's frame each party sits: every assignment is tried, and their evidences are compared.

A chamber's sample means may be in the order of the population means, Democrats left, or reversed. A normal prior of
beta hardly leaves the choice open. A positive one makes the side whose members vote Yea more often the right one: where
Democrats do so, nearly all of the posterior can lie where they sit on the right, although ``mu_D < mu_R``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import NormalDist
from typing import Any

import numpy as np

from ..base import PARTIES, Draws
from .evidence import Bound

#: Units of log evidence within which another assignment may hold posterior mass that counts. The bounds compared are
#: loose by a few units where the parties' means press against each other: 5 % of the mass were found reversed at a gap
#: of 6.5, 0.7 % at 8.7, none at 16 (chambers of 9 to 13 members, textbook form).
_CLOSE = 10.0
#: Standard errors between the parties' means up to which their order is in doubt whatever the evidences say, since the
#: pilot's frame dwindles; and from which on two assignments are places of their own, with nothing in between.
_NEAR, _APART = 3.0, 5.0
#: Cells of the vote matrix up to which the textbook form is sampled in seconds, and so sparse that no frame would help;
#: and up to which it is sampled in minutes.
_FEW_CELLS, _TEXTBOOK_CELLS = 1_000, 20_000

#: Share of the posterior that may be cut off by the frame of the parties.
CUT_OFF = 0.01

#: Forms of a model: the frame of the parties, that of the halves, the textbook form; or the first although another
#: assignment of sides holds mass too.
PARTIES_FRAME, HALVES, TEXTBOOK, UNDECIDED = "parties", "halves", "textbook", "undecided"
_NO_DOUBT = "the votes leave no doubt on which side each party sits"


@dataclass(frozen=True)
class Seating:
    """Members of one chamber in the order of its frame.

    Attributes
    ----------
    order : ndarray of int, shape (n_members,)
        Row numbers of the left group, of the right one, of independents.
    sizes : tuple of int
        Members of the left and of the right group.
    crossed : bool
        Whether component scores run from right to left, and the Republicans, where groups are parties, sit left.
    """

    order: np.ndarray
    sizes: tuple[int, int]
    crossed: bool

    @property
    def inverse(self) -> np.ndarray:
        """Place of each member in ``order``."""
        return np.argsort(self.order)

    def scores(self, score: np.ndarray) -> np.ndarray:
        """Component scores in that order, turned where the parties are."""
        return score[self.order] * (-1 if self.crossed else 1)

    def scores_back(self, u: np.ndarray) -> np.ndarray:
        """Scores of the members by their positions in the frame: the inverse of `scores`."""
        return u[self.inverse] * (-1 if self.crossed else 1)


def seat(parties: np.ndarray, crossed: bool) -> Seating:
    """Seat a chamber's members.

    Parameters
    ----------
    parties : ndarray of str, shape (n_members,)
        What each is counted as; those of neither party are independents.
    crossed : bool

    Raises
    ------
    ValueError
        If a party has no member.
    """
    rows = [np.flatnonzero(parties == party) for party in PARTIES]
    for party, members in zip(PARTIES, rows, strict=True):
        if not len(members):
            raise ValueError(f"the model needs members of both parties; there is no {party}")
    left, right = rows[::-1] if crossed else rows
    others = np.flatnonzero(~np.isin(parties, PARTIES))
    return Seating(np.concatenate([left, right, others]), (len(left), len(right)), crossed)


def party_index(parties: np.ndarray) -> np.ndarray:
    """0 for Democrats, 1 for Republicans, 2 for members counted with neither party, in the order given."""
    return np.array([PARTIES.index(p) if p in PARTIES else len(PARTIES) for p in parties])


def seat_halves(score: np.ndarray, crossed: bool) -> Seating:
    """Seat the lower half by component scores left and the upper one right, or, ``crossed``, the other way round."""
    order, n_left = np.argsort(-score if crossed else score, kind="stable"), len(score) // 2
    return Seating(order, (n_left, len(score) - n_left), crossed)


@dataclass(frozen=True)
class Assignment:
    """One assignment of sides.

    Attributes
    ----------
    crossed : tuple of bool
        Whether the parties of each chamber are reversed.
    bound : Bound
        Of the log evidence.
    apart : tuple of float
        By chamber, the distance of the parties' means in standard errors, as members of a party scatter about theirs.
    """

    crossed: tuple[bool, ...]
    bound: Bound
    apart: tuple[float, ...]


@dataclass(frozen=True)
class Sides:
    """The assignments that were tried, the one with the highest evidence first."""

    tried: tuple[Assignment, ...]

    @property
    def best(self) -> tuple[bool, ...]:
        """Whether the parties of each chamber are reversed in the best assignment."""
        return self.tried[0].crossed

    @property
    def gap(self) -> float:
        """Log evidence of the best less that of the second."""
        return self.tried[0].bound.value - self.tried[1].bound.value

    def close(self) -> list[Assignment]:
        """The other assignments that may hold posterior mass that counts.

        Two standard errors are taken off a gap, at most half of it: errors are large for assignments that are far off.
        One that is a quarter of the gap says that the bound is not known at all.
        """
        best = self.tried[0].bound
        out = []
        for other in self.tried[1:]:
            gap = best.value - other.bound.value
            error = best.se + other.bound.se
            if gap - min(2 * error, gap / 2) < _CLOSE or error > gap / 4:
                out.append(other)
        return out

    def to_dict(self, chambers: Sequence[str]) -> dict[str, Any]:
        """Plain values for the record of a fit."""
        tried = [
            {"reversed": [name for name, yes in zip(chambers, one.crossed, strict=True) if yes]}
            | {"log_evidence": _number(one.bound.value), "se": _number(one.bound.se)}
            for one in self.tried
        ]
        return {"tried": tried, "gap": _number(self.gap), "close": _CLOSE}


def try_sides(attempt: Callable[[tuple[bool, ...]], Assignment], n_chambers: int) -> Sides:
    """Make every assignment of sides and order them by their evidence."""
    found = [attempt(crossed) for crossed in product((False, True), repeat=n_chambers)]
    return Sides(tuple(sorted(found, key=lambda one: -one.bound.value)))


def choose_form(sides: Sides, symmetric: bool, n_cells: int, pressed: bool = False) -> tuple[str, str]:
    """Choose the form in which a chamber is sampled.

    Parameters
    ----------
    sides : Sides
    symmetric : bool
        Whether the prior of beta does not change with the sign of beta, so that `halves` reaches both mirror images.
    n_cells : int
        Of the vote matrix.
    pressed : bool
        Whether chains were seen to press against the frame of the parties (`cut_off`).

    Returns
    -------
    form, reason : str
        One of the forms above, and why in a sentence.
    """
    close, best = sides.close(), sides.tried[0]
    if not close and best.apart[0] > _NEAR and not pressed:
        return PARTIES_FRAME, _NO_DOUBT
    doubt = f"the parties may sit on either side (log evidence {sides.gap:.1f} apart)"
    if n_cells <= _FEW_CELLS:
        return TEXTBOOK, f"{doubt}, and votes are few: sampled in the textbook form, with chains started at both"
    if symmetric or min(one.apart[0] for one in (best, *close)) < _APART:
        return HALVES, f"{doubt}: sampled in a frame that does not depend on them"
    if n_cells <= _TEXTBOOK_CELLS:
        return TEXTBOOK, f"{doubt}, two places far apart: sampled in the textbook form, with chains started at both"
    return UNDECIDED, f"{doubt}, two places far apart, of which only the better one is sampled"


def choose_joint_form(
    sides: Sides, n_cells: int, pressed: tuple[bool, ...] = (False, False)
) -> tuple[str, tuple[bool, bool], str]:
    """Choose the form in which two chambers are sampled together; arguments as for `choose_form`, by chamber.

    Returns
    -------
    form : str
        `PARTIES_FRAME`, `HALVES`, `TEXTBOOK` or `UNDECIDED`.
    halves : tuple of bool
        The chambers that get the frame of halves.
    reason : str
        Why, in a sentence.
    """
    close, best = sides.close(), sides.tried[0]
    near = tuple(distance <= _NEAR or there for distance, there in zip(best.apart, pressed, strict=True))
    if not close and not any(near):
        return PARTIES_FRAME, (False, False), _NO_DOUBT
    doubt = f"the parties may sit on either side (log evidence {sides.gap:.1f} apart)"
    flips = [tuple(a != b for a, b in zip(other.crossed, best.crossed, strict=True)) for other in close]
    alone = [[other for other, flip in zip(close, flips, strict=True) if flip[c] and not flip[1 - c]] for c in range(2)]
    halves = near[0] or bool(alone[0]), near[1] or bool(alone[1])
    joined = all(min(one.apart[c] for one in (best, *alone[c])) < _APART for c in range(2) if alone[c])
    if (True, True) not in flips and joined:
        return HALVES, halves, f"{doubt}: sampled in a frame that does not depend on them"
    if n_cells <= _TEXTBOOK_CELLS:
        reason = f"{doubt}, places far apart: sampled in the textbook form, with chains started at both"
        return TEXTBOOK, (False, False), reason
    return UNDECIDED, (False, False), f"{doubt}, places far apart, of which only the best one is sampled"


def cut_off(draws: Draws, chambers: Sequence[str]) -> dict[str, float]:
    """Estimate the posterior mass that the frame of the parties cuts off, from draws in that frame.

    Parameters
    ----------
    draws
        Of the free variables of a fast model in the frame of the parties.
    chambers
        One name, or the two of a joint model.

    Returns
    -------
    dict
        By chamber, ``Phi(-mean / sd)`` of the distance of the sample means, as if it were normal and free to be
        negative: 1 % at 2.3 standard deviations from zero.
    """
    out = {}
    for chamber in chambers:
        distance = np.exp(draws["log_sep" if len(chambers) == 1 else f"{chamber}_log_sep"])
        out[chamber] = NormalDist().cdf(-float(distance.mean() / distance.std()))
    return out


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
