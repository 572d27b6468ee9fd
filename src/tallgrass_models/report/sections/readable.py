"""Whether the findings of a fit can be read, and if not, why."""

from __future__ import annotations

from ...files.readable import Fault, fault_of
from ..files.data import Report, UnitResults
from ..page.words import unit_title
from .axis_verdicts import verdict_of
from .labels import chambers_of, fit_name
from .reading import one_mode, open_sides, settled

_REASONS = {
    Fault.UNRECORDED: "convergence was not recorded",
    Fault.NOT_CONVERGED: "this fit has not converged",
    Fault.SIDES_OPEN: "it is open on which side each party sits",
    Fault.SEVERAL_MODES: "the chains of this fit are not all in one place",
    Fault.AGAINST_HOUSE: "in this fit its parties stand the other way round than those of the {house}, which sets "
    "the scale",
    Fault.NOT_APART: "the axis of this fit is upside down, and the parties are not clearly apart on it",
    Fault.CHANCE: "the axis of this fit explains no more of the votes than chance does",
    Fault.FACTION: "the axis of this fit does not separate the parties",
}


def not_readable(report: Report) -> dict[str, str]:
    """Return why fits cannot be read, by the fit's name; once if all chambers of a joint model share a reason."""
    out: dict[str, str] = {}
    for unit in report.units.values():
        found = {fit_name(unit, chamber): unreadable(report, unit, chamber) for chamber in chambers_of(report, unit)}
        reasons = set(found.values())
        out |= {unit_title(unit.unit): reasons.pop()} if len(reasons) == 1 else found
    return {name: reason for name, reason in out.items() if reason}


def unreadable(report: Report, unit: UnitResults, chamber: str) -> str:
    """Return why left and right cannot be read from a chamber's fit; empty if they can."""
    own = unit.of_chamber("scale", chamber)
    clear = own.get("kind") == unit.scale.get("kind") == "parties"
    against = clear and bool(own.get("turned")) != bool(unit.scale.get("turned"))
    axis = verdict_of(report, unit, chamber)
    return why_unreadable(settled(unit), axis, against, bool(open_sides(unit)), one_mode(unit), clear)


def reasons_of(report: Report, unit: UnitResults) -> str:
    """Return why left and right cannot be read from a fit, with the chamber if not from all; empty if they can."""
    found = {fit_name(unit, chamber): unreadable(report, unit, chamber) for chamber in chambers_of(report, unit)}
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    return "; ".join(f"{name}: {reason}" for name, reason in found.items() if reason)


def readable_throughout(report: Report, unit: UnitResults) -> bool:
    """Return whether left and right can be read from every chamber of a fit."""
    return not any(unreadable(report, unit, chamber) for chamber in chambers_of(report, unit))


def reason_of(fault: Fault) -> str:
    """Return a fault in words."""
    return _REASONS[fault].format(house=unit_title("house"))


def why_unreadable(
    converged: bool | None,
    axis: str | None,
    against_reference: bool = False,
    sides_open: bool = False,
    one_mode: bool = True,
    mirrored_apart: bool = True,
) -> str:
    """Return why left and right cannot be read from a chamber's fit; empty if they can.

    Parameters are those of `fault_of`.
    """
    fault = fault_of(converged, axis, against_reference, sides_open, one_mode, mirrored_apart)
    return reason_of(fault) if fault else ""
