"""The table of a fit at a glance, and its recovery of a simulated truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ...votes.vocabulary import PARTIES
from ..files.data import Report, UnitResults
from ..page import cells
from ..page.columns import number_column, text_column
from ..page.parts import Cell, Column, Table
from ..page.words import unit_title
from .axis_verdicts import verdict_of
from .labels import chambers_of, fit_name
from .readable import unreadable
from .reading import one_mode, open_sides, settled

#: Verdicts of the axis audit in a word.
_AXES = {"parties": "parties", "mirrored": "parties, turned round", "faction": "not the parties", "nothing": "chance"}


def glance_table(report: Report) -> Table:
    """Show one line per chamber of a fit: size, distance and spreads of the parties, variance share, verdicts."""
    columns = [text_column("Model"), Column("Members"), Column("Roll calls")]
    columns += [Column("Between the averages, in typical distances within a party", keys=("d",))]
    columns += [Column(f"Spread of {party}s") for party in PARTIES]
    columns += [Column("Party share of the variance", keys=("share_of_party",))]
    columns += [text_column("Axis"), text_column("Convergence")]
    rows: list[list[Cell]] = []
    for unit in report.units.values():
        for chamber in chambers_of(report, unit):
            parties = [unit.party(chamber, party) for party in PARTIES]
            numbers: list[Cell] = [cells.num((unit.of_chamber("parties_apart", chamber).get("d") or {}).get("mean"), 1)]
            numbers += [cells.num(row.spread_mean if row else None) for row in parties]
            numbers.append(cells.share(unit.of_chamber("icc", chamber).get("mean")))
            if unreadable(report, unit, chamber):
                numbers = [cells.num(None) for _ in numbers]
            sizes = [cells.whole(n) for n in _sizes(unit, chamber)]
            axis = _AXES.get(verdict_of(report, unit, chamber) or "", "not audited")
            rows.append([fit_name(unit, chamber), *sizes, *numbers, axis, verdict(unit)])
    note = (
        "The spread is the standard deviation of the members’ positions. A dash means that the fit does not support a "
        "number."
    )
    return Table("glance", "The fits at a glance", columns, rows, note)


def verdict(unit: UnitResults) -> Markup:
    """Return whether the fit converged, in a word and a sign."""
    ok = settled(unit)
    if ok and open_sides(unit):
        return Markup('<span class="fail">✗ sides open</span>')
    if ok and not one_mode(unit):
        return Markup('<span class="fail">✗ several modes</span>')
    if ok is None:
        return Markup('<span class="fail">not recorded</span>')
    return (
        Markup('<span class="pass">✓ converged</span>') if ok else Markup('<span class="fail">✗ NOT converged</span>')
    )


def truth_table(unit: UnitResults, rows: Sequence[Mapping[str, Any]]) -> Table:
    """Show how well the known truth of a simulated session was recovered."""
    columns = [text_column("Chamber"), number_column("Members", "n")]
    columns += [number_column("Correlation with the truth", "correlation")]
    columns += [number_column(f"among {party}s", f"correlation_{party.lower()}") for party in PARTIES]
    columns += [number_column("Position inside its 90 % interval", "coverage90_relative")]
    columns += [number_column("Rank inside its interval", "coverage90_rank")]
    columns += [number_column("Ideal point inside its interval", "coverage90")]
    body: list[list[Cell]] = [
        [
            unit_title(str(row.get("chamber", "")).lower()),
            cells.whole(row.get("n")),
            cells.num(row.get("correlation"), 3),
            *(cells.num((row.get("correlation_within") or {}).get(party), 3) for party in PARTIES),
            *(cells.share(row.get(key), 1) for key in ("coverage90_relative", "coverage90_rank", "coverage90")),
        ]
        for row in rows
    ]
    note = (
        f"Positions are on the scale on which the averages of the parties (of the {unit_title('house')}, in a joint "
        "model) are −1 and +1. The correlation over both parties mostly reflects the distance between them. Ideal "
        "points on the model’s own scale can be compared with the truth only if the simulator’s scale is the model’s."
    )
    reasons = dict.fromkeys(str(row["coverage90_reason"]) for row in rows if row.get("coverage90_reason"))
    note += "".join(f" Here it is not: {reason}." for reason in reasons)
    return Table(f"{unit.unit}-recovered", "Recovery of the simulated truth", columns, body, note)


def _sizes(unit: UnitResults, chamber: str) -> tuple[float | None, float | None]:
    """Members of a chamber, of whichever party, and its roll calls in a fit."""
    if not unit.unit.is_joint:
        return unit.get("n_legislators"), unit.get("n_rollcalls")
    members, bills = unit.members, unit.bills
    n_members = None if members is None else sum(m.chamber == chamber for m in members)
    return n_members, None if bills is None else sum(b.chambers in (chamber, "both") for b in bills)
