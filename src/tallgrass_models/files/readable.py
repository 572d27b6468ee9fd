"""Why left and right cannot be read from a fit, told from what its files record."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a fit of a chamber, the gravest first."""

    UNRECORDED = "unrecorded"
    NOT_CONVERGED = "not converged"
    SIDES_OPEN = "sides open"
    SEVERAL_MODES = "several modes"
    AGAINST_HOUSE = "against the House"
    NOT_APART = "mirrored, not apart"
    CHANCE = "chance"
    FACTION = "faction"


#: Faults of the sampling: nothing that depends on the draws can be relied on.
OF_SAMPLING = (Fault.UNRECORDED, Fault.NOT_CONVERGED, Fault.SEVERAL_MODES)
_OF_AXIS = {"nothing": Fault.CHANCE, "faction": Fault.FACTION}


def fault_of(
    converged: bool | None,
    axis: str | None,
    against_reference: bool = False,
    sides_open: bool = False,
    one_mode: bool = True,
    mirrored_apart: bool = True,
) -> Fault | None:
    """Return why left and right cannot be read from a chamber's fit; None if they can.

    Parameters
    ----------
    converged
        Whether the gates were passed, apart from open sides; None where it was not recorded.
    axis
        Verdict of the axis audit; None without one.
    against_reference
        Whether the chamber's parties stand the other way round than those that set the scale.
    sides_open
        Whether the parties may as well sit on the other sides, where nobody sampled.
    one_mode
        Whether all chains are in one place.
    mirrored_apart
        Of an axis upside down: whether the parties are so clearly apart on it that it can be turned.
    """
    if not converged:
        return Fault.NOT_CONVERGED if converged is False else Fault.UNRECORDED
    if sides_open:
        return Fault.SIDES_OPEN
    if not one_mode:
        return Fault.SEVERAL_MODES
    if against_reference:
        return Fault.AGAINST_HOUSE
    if axis == "mirrored" and not mirrored_apart:
        return Fault.NOT_APART
    return _OF_AXIS.get(axis or "")
