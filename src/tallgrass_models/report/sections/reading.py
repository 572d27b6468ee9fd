"""Rules for when left and right can be read from a fit, and the units of its positions."""

from __future__ import annotations

from ..files.data import Report, UnitResults
from ..page.words import unit_title
from .labels import chambers_of, fit_name
from .withholding import why_unreadable

#: `models.fast.forms.UNDECIDED`, which a page does not import: two assignments of sides, of which one was sampled.
UNDECIDED = "undecided"


def verdict_of(report: Report, unit: UnitResults, chamber: str) -> str | None:
    """Return the audit's verdict on the axis of a chamber; None if there is none."""
    rows = report.axis["units"] if report.axis else []
    return next((str(row["verdict"]) for row in rows if (row["unit"], row["chamber"]) == (unit.unit, chamber)), None)


def turned(unit: UnitResults) -> bool:
    """Return whether the parties set the scale, with the Republicans on the left in the model's own numbers."""
    return unit.scale.get("kind") == "parties" and bool(unit.scale.get("turned"))


def open_sides(unit: UnitResults) -> str:
    """Return why it is open on which side each party sits; empty if it is not."""
    return str(unit.get("sides", "reason") or "no reason recorded") if unit.get("sides", "form") == UNDECIDED else ""


def settled(unit: UnitResults) -> bool | None:
    """Return whether the chains passed every gate, apart from open sides; None if it was not recorded."""
    ok, reason = unit.get("convergence", "ok"), open_sides(unit)
    return True if reason and unit.get("convergence", "failures") == [reason] else ok


def one_mode(unit: UnitResults) -> bool:
    """Return whether no chain is known to be in another mode than the others."""
    return unit.get("chain_modes", "verdict") in (None, "one mode")


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


def readable_throughout(report: Report, unit: UnitResults) -> bool:
    """Return whether left and right can be read from every chamber of a fit."""
    return not any(unreadable(report, unit, chamber) for chamber in chambers_of(report, unit))
