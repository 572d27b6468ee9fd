"""Choice of the form in which a model is sampled, by what is known of the sides on which parties sit."""

from __future__ import annotations

from ...files.forms import HALVES, PARTIES_FRAME, TEXTBOOK, UNDECIDED, UNKNOWN
from .sides import Sides

#: Standard errors between the parties' means. Up to the first number their order is in doubt whatever the evidences
#: say, since the pilot's frame dwindles. From the second number on, two assignments are separate places with nothing in
#: between.
_NEAR, _APART = 3.0, 5.0

#: Cells of the vote matrix. Up to the first number the textbook form is sampled in seconds, and the matrix is so sparse
#: that no frame would help. Up to the second number it is sampled in minutes.
_FEW_CELLS, _TEXTBOOK_CELLS = 1_000, 20_000

_NO_DOUBT = "the votes leave no doubt on which side each party sits"


def doubt_of(sides: Sides) -> str:
    """Say that the parties may sit on either side, and why."""
    known = ", with an error too large to tell" if sides.doubt() == UNKNOWN else ""
    return f"the parties may sit on either side (log evidence {sides.gap:.1f} apart{known})"


def choose_form(sides: Sides, symmetric: bool, n_cells: int, pressed: bool = False) -> tuple[str, str]:
    """Choose the form in which a chamber is sampled.

    Parameters
    ----------
    sides : Sides
    symmetric : bool
        True if the prior of beta does not change with the sign of beta, so that `halves` reaches both mirror images.
    n_cells : int
        Number of cells of the vote matrix.
    pressed : bool
        True if chains were found to press against the frame of the parties (`cut_off`).

    Returns
    -------
    form, reason : str
        One of the forms above, and the reason in a sentence.
    """
    close, best = sides.close(), sides.tried[0]
    if not close and best.apart[0] > _NEAR and not pressed:
        return PARTIES_FRAME, _NO_DOUBT
    doubt = doubt_of(sides)
    if n_cells <= _FEW_CELLS:
        return (
            TEXTBOOK,
            f"{doubt}, and votes are few, so sampling uses the textbook form, with chains started on both sides",
        )
    if symmetric or min(one.apart[0] for one in (best, *close)) < _APART:
        return HALVES, f"{doubt}, so sampling uses a frame that does not depend on the sides"
    if n_cells <= _TEXTBOOK_CELLS:
        return (
            TEXTBOOK,
            f"{doubt}, in two places far apart, so sampling uses the textbook form, with chains started at both",
        )
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
        The reason, in a sentence.
    """
    close, best = sides.close(), sides.tried[0]
    near = tuple(distance <= _NEAR or there for distance, there in zip(best.apart, pressed, strict=True))
    if not close and not any(near):
        return PARTIES_FRAME, (False, False), _NO_DOUBT
    doubt = doubt_of(sides)
    flips = [tuple(a != b for a, b in zip(other.crossed, best.crossed, strict=True)) for other in close]
    alone = [[other for other, flip in zip(close, flips, strict=True) if flip[c] and not flip[1 - c]] for c in range(2)]
    halves = near[0] or bool(alone[0]), near[1] or bool(alone[1])
    joined = all(min(one.apart[c] for one in (best, *alone[c])) < _APART for c in range(2) if alone[c])
    if (True, True) not in flips and joined:
        return HALVES, halves, f"{doubt}, so sampling uses a frame that does not depend on the sides"
    if n_cells <= _TEXTBOOK_CELLS:
        reason = f"{doubt}, in places far apart, so sampling uses the textbook form, with chains started on both sides"
        return TEXTBOOK, (False, False), reason
    return UNDECIDED, (False, False), f"{doubt}, places far apart, of which only the best one is sampled"
