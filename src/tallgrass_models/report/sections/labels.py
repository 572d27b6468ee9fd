"""Labels of fits, chambers, scales and axes."""

from __future__ import annotations

from ..files.data import Report, UnitResults
from ..page import fields
from ..page.fields import Field
from ..page.plots import ENDS
from ..page.words import called, unit_title

_AXIS = f"← left{ENDS}{{}}{ENDS}right →"


def chambers_of(report: Report, unit: UnitResults) -> list[str]:
    """Return the chambers of a fit, House first."""
    return list(unit.unit.chambers)


def fit_name(unit: UnitResults, chamber: str) -> str:
    """Return the name of a chamber in a fit: ``House``, or ``House (joint model)``."""
    return unit_title(chamber) + (" (joint model)" if unit.unit.is_joint else "")


def axis_label(unit: UnitResults) -> str:
    """Return the label under a picture of positions."""
    return _AXIS.format(_units_of_scale(unit))


def scale_note(unit: UnitResults) -> str:
    """One sentence on the units of a table of positions."""
    if unit.scale.get("kind") == "spread":
        return (
            "Positions are standard deviations from the chamber’s average, because the averages of the parties are not "
            "clearly apart. "
        )
    whose = f"the {called().whose(unit.scale['chamber'])} " if unit.unit.is_joint and unit.scale else "the "
    return f"Positions are counted so that {whose}Democrats average −1 and {whose}Republicans +1. "


def _units_of_scale(unit: UnitResults) -> str:
    """Return the unit of positions, for an axis or a note."""
    if unit.scale.get("kind") == "spread":
        return "position (standard deviations from the chamber’s average)"
    whose = f"{unit_title(unit.scale['chamber'])} " if unit.unit.is_joint and unit.scale else ""
    return f"position (average {whose}Democrat −1, {whose}Republican +1)"


def chamber_column(unit: UnitResults) -> list[Field]:
    """Return the column that names a member's chamber, in a joint model only."""
    return [fields.chamber(choices=True)] if unit.unit.is_joint else []
