"""Both chambers: linked, on the joint model's scale, and who stands right of whom."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from . import cells, fields
from .data import Member, Report, UnitResults
from .parts import Cell, Column, Figure, Part, Section, Table, Text, missing
from .plots import Curve, Words, curves
from .rows import Row
from .tables import left_to_right
from .words import count, member_label, number, plural, unit_title

METHODS = {
    "stocking_lord": "Stocking–Lord",
    "haebara": "Haebara",
    "mean_sigma": "mean–sigma",
    "mean_mean": "mean–mean",
}
SHARED_SHOWN = 4


def compared_section(report: Report) -> Section:
    """The chambers' fits beside each other."""
    units = [u for name, u in report.units.items() if name != "joint"]
    joint = report.units.get("joint")
    if len(units) < 2:
        return Section("compared", "The chambers compared", [missing("There is no second chamber to compare with.")])
    rows: list[list[Cell]] = []
    for unit in units:
        for source in [unit, *([joint] if joint else [])]:
            share, apart = (source.of_chamber(key, unit.unit) for key in ("icc", "parties_apart"))
            parties = [source.party(unit.unit, party) for party in ("Democrat", "Republican")]
            gaps = [cells.num((apart.get(key) or {}).get("mean"), n) for key, n in (("position", 2), ("d", 1))]
            spreads = [cells.num(p.spread_mean if p else None) for p in parties]
            model = "joint model" if source.unit == "joint" else "own model"
            numbers = [*gaps, *spreads, cells.share(share.get("mean")), _apre(source, unit.unit)]
            rows.append([f"{unit_title(unit.unit)}, {model}", *numbers])
    columns = [cells.text_column("Chamber"), cells.number_column("Between the averages of the parties", "gap")]
    columns += [cells.number_column("in typical distances within a party", "d")]
    columns += [
        cells.number_column(f"Spread of {party}s", f"spread_{party.lower()}") for party in ("Democrat", "Republican")
    ]
    columns += [cells.number_column("Share of party", "icc"), cells.number_column("APRE", "apre")]
    note = (
        "In its own model the averages of a chamber’s parties are 2 apart by definition, where they are clearly apart; "
        "in the joint model those of the House are."
    )
    return Section("compared", "The chambers compared", [Table("compared-table", "Both chambers", columns, rows, note)])


def _apre(unit: UnitResults, chamber: str) -> Cell:
    rows = [r for r in unit.rows.get("group_fit", []) if (r["chamber"], r["party"]) == (chamber, "all")]
    return cells.num(rows[0]["apre"] if rows else None)


def shared_bill_figure(report: Report) -> Figure | None:
    """House curve against Senate curve of a few shared bills, where the chambers were linked."""
    anchors = [a for a in report.rows.get("anchors", []) if a["used"]]
    if not anchors:
        return None
    ordered = sorted(anchors, key=lambda a: (a["rms_gap"] or 0.0, a["bill"]))
    chosen = [ordered[0], ordered[-1]] if len(ordered) > 1 else ordered
    members = report.rows.get("linked_members") or []
    places = [m["xi_mean"] for m in members if m["xi_mean"] is not None] or [-3.0, 3.0]
    low, high = min(places), max(places)
    grid = [low + (high - low) * k / 60 for k in range(61)]
    drawn = []
    for anchor in chosen:
        for chamber in ("house", "senate"):
            y = [_logistic(anchor[f"{chamber}_beta"] * x - anchor[f"{chamber}_alpha"]) for x in grid]
            drawn.append(Curve(f"{anchor['bill']}, {unit_title(chamber)}", grid, y))
    alt = (
        f"Curves of shared bills: {chosen[0]['bill']}, on which the chambers agree best, and {chosen[-1]['bill']}, on "
        "which they agree worst, each as fitted in the House and in the Senate, on the House’s scale."
    )
    caption = (
        "The same bill as each chamber’s own model sees it, on the House’s scale: the bill on which the two agree "
        "best, and the one on which they agree worst. If both chambers saw a bill alike, its curves would coincide."
    )
    return curves(Words("linking-curves", alt, caption, "ideal point, House scale", "probability of Yea"), drawn)


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-max(-700.0, min(700.0, z))))


def linking_section(report: Report) -> Section:
    """Two separate fits put on one scale by the bills they share."""
    title, found = "Linking the two chambers", report.linking
    if found is None:
        return Section("linking", title, [missing("The chambers were not linked: linking.json is missing.")])
    if not found["linked"]:
        return Section("linking", title, [missing(f"The chambers were not linked: {found['reason']}.")])
    anchors = found["anchors"]
    text = Markup(
        "The chambers’ own fits, put on the House’s scale by {} of {} ({} left out because the signs disagree, {} "
        "because a sign is uncertain, {} because they say little, {} because the chambers see them too differently). "
        "Used below: {}."
    )
    left = [count(anchors[f"n_{key}"]) for key in ("sign_disagrees", "sign_uncertain", "uninformative", "unlike")]
    values = [count(anchors["n_used"]), plural(anchors["n_shared"], "shared bill"), *left, METHODS[found["method"]]]
    parts: list[Part] = [
        Text(text.format(*values)),
        _method_table(found["methods"]),
        _statement_table(found["statements"]),
    ]
    parts += _against_joint(found["joint"])
    parts.append(shared_bill_figure(report) or missing("Curves of shared bills are missing (anchors.csv)."))
    return Section("linking", title, [*parts, *_linked_tables(report)])


def _method_table(methods: Sequence[Row]) -> Table:
    rows = [Row({**m, "title": METHODS[m["method"]]}, m.source) for m in methods]
    columns = [fields.words("Method", "title"), fields.number("A", "A_mean", 3), fields.span("A", digits=3)]
    columns += [fields.number("B", "B_mean", 3), fields.span("B", digits=3)]
    columns += [fields.number("A, all anchors kept", "A_all", 3), fields.number("B, all anchors kept", "B_all", 3)]
    columns += [fields.words("Without this bill the Senate moves most", "jackknife_anchor")]
    note = "A senator’s ideal point on the House’s scale is A times the Senate’s own, plus B."
    return fields.table("linking-methods", "Four ways to link", rows, columns, note)


def _statement_table(statements: Sequence[Row]) -> Table:
    columns = [fields.title("Statement", "statement"), fields.number("Value", "mean", 3)]
    columns += [fields.Field(fields.span("value").column, lambda r: cells.span(r["q05"], r["q95"]))]
    note = "Probabilities have no interval; distances are Senate minus House on the House’s scale."
    return fields.table("linking-statements", "What the link says across chambers", statements, columns, note)


def _against_joint(joint: Row | None) -> list[Part]:
    if joint is None:
        return [missing("There is no joint model to hold the link against.")]
    text = Markup(
        "Against the joint model: the linked and the joint positions of {} correlate at {}, and differ by {} posterior "
        "standard deviations on average; ranks of all members correlate at {}."
    )
    values = [plural(joint["n_senate"], "senator"), number(joint["correlation"], 3)]
    values += [number(joint["mean_abs_difference_sd"]), number(joint["rank_correlation"], 3)]
    return [Text(text.format(*values))]


def _linked_tables(report: Report) -> list[Part]:
    members, anchors = report.rows.get("linked_members"), report.rows.get("anchors")
    if not members or not anchors:
        return [missing("Linked members and anchors are missing (linked_members.csv, anchors.csv).")]
    who = [fields.words("Member", "name"), fields.party(choices=True), fields.chamber(choices=True)]
    who += [fields.place("Ideal point, House scale", "xi_mean"), fields.span("xi")]
    who += [fields.share("P(right of the House’s median)", "p_right_of_house_median")]
    who += [fields.share("P(right of the Senate’s median)", "p_right_of_senate_median")]
    who += [fields.share("P(right of own party’s median over there)", "p_right_of_own_party")]
    what = [
        fields.words("Bill", "bill", length=40),
        fields.title("Title", "title"),
        fields.words("Left out because", "reason", True),
    ]
    what += [fields.place("β in the House", "house_beta"), fields.place("β in the Senate", "senate_beta")]
    what += [fields.number("Gap of the curves", "rms_gap", 3), fields.number("Lord’s test, p", "p_value", 3)]
    ordered = sorted(members, key=lambda m: (m["xi_mean"], m["legislator"]))
    title = f"Both chambers linked: all {count(len(members))} members, from left to right"
    return [
        fields.table("linking-members", title, ordered, who, folded=True, interactive=True),
        fields.table("linking-anchors", "The shared bills", anchors, what, folded=True, interactive=True),
    ]


def right_of_section(report: Report) -> Section:
    """Who of some chosen members of both chambers stands right of whom."""
    title, joint = "Who stands right of whom", report.units.get("joint")
    if joint is None or joint.right_of is None or not joint.members:
        text = "Probabilities across chambers need the joint model (joint/right_of.nc)."
        return Section("right-of", title, [missing(text)])
    chosen = _chosen(joint)
    found = right_of(joint.right_of, [m.legislator for m in chosen])
    columns = [cells.text_column("P(row stands right of column)")]
    columns += [Column(member_label(m, with_chamber=True), keys=(m.legislator,)) for m in chosen]
    rows: list[list[Cell]] = [
        [member_label(a, with_chamber=True), *(_probability(found, a.legislator, b.legislator) for b in chosen)]
        for a in chosen
    ]
    note = (
        "From the joint model: the leftmost, most central and rightmost members of either chamber. All pairs are in "
        "right_of.nc."
    )
    return Section("right-of", title, [Table("right-of-table", "Chosen members across chambers", columns, rows, note)])


def _probability(found: Mapping[tuple[str, str], float], a: str, b: str) -> Cell:
    return "" if a == b else cells.share(found.get((a, b)))


def _chosen(unit: UnitResults) -> list[Member]:
    out: dict[str, Member] = {}
    for chamber in ("house", "senate"):
        here = left_to_right([m for m in unit.members or () if m.chamber == chamber])
        democrats, republicans = ([m for m in here if m.side == p] for p in ("Democrat", "Republican"))
        for group in (here[:1], democrats[-1:], republicans[:1], here[-1:]):
            out |= {m.legislator: m for m in group}
    return left_to_right(list(out.values()))


def right_of(path: Path, members: Sequence[str]) -> dict[tuple[str, str], float]:
    """P(first stands right of second) for pairs of ``members``."""
    import xarray as xr

    with xr.open_dataset(path) as opened:
        found = opened["right_of"].sel(legislator=list(members), other=list(members)).to_numpy()
    return {(a, b): float(found[i, j]) for i, a in enumerate(members) for j, b in enumerate(members)}
