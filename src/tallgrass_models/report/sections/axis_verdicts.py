"""Verdicts of the axis audit on a fit."""

from __future__ import annotations

from ..files.data import Report, UnitResults


def verdict_of(report: Report, unit: UnitResults, chamber: str) -> str | None:
    """Return the audit's verdict on the axis of a chamber; None if there is none."""
    rows = report.axis["units"] if report.axis else []
    return next((str(row["verdict"]) for row in rows if (row["unit"], row["chamber"]) == (unit.unit, chamber)), None)


def turned(unit: UnitResults) -> bool:
    """Return whether the parties set the scale, with the Republicans on the left in the model's own numbers."""
    return unit.scale.get("kind") == "parties" and bool(unit.scale.get("turned"))
