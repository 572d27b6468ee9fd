"""Tables and pictures of one session on the comparison page: parties, bills, prediction, sensitivity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...files.records.comparison import Group as Session
from ...files.records.comparison import Verdict
from ...wording.numbers import count, number, signed
from ..files.comparison import BillRow, ComparisonTables, MemberRow, PredictivePartRow, SharesRow
from ..page import fields
from ..page.fields import Field
from ..page.intervals import IntervalRow, intervals
from ..page.language import plural
from ..page.parts import Figure, Part, Text, Value, missing
from ..page.plots import Words
from ..page.scatter import Group, Look, scatter
from ..page.svg import INK
from ..page.words import unit_title
from .comparison_members import pair_columns, place
from .comparison_scope import Scope
from .comparison_wide import by_variant, largest, member, variant_columns
from .looks import party_look
from .priors import QUANTITIES

#: Points in a picture are apart by more than one part in so many of its width or height.
_DOTS = 80
#: Rows of a table that is not folded.
_UNFOLDED = 12


def party_parts(scope: Scope, tables: ComparisonTables) -> list[Part]:
    """Show averages and spreads of the parties' members, and the party share of the variance."""
    parts: list[Part] = []
    shares, parties = scope.placed(tables.shares), scope.placed(tables.parties)
    if shares:
        columns = [*pair_columns(), fields.chamber(), fields.share("Party share of the variance", "share_mean", 1)]
        columns += [fields.share_span("share", digits=1)]
        title = "Party share of the variance of ideal points"
        parts += [
            share_figure(f"{scope.slug}-shares", shares, [scope.group]),
            fields.table(f"{scope.slug}-shares-table", title, shares, columns, folded=len(shares) > _UNFOLDED),
        ]
    elif not scope.own(tables.shares):
        parts.append(missing("The party share of the variance is missing (shares.csv)."))
    if not parties:
        there = scope.own(tables.parties)
        why = "No fit places the parties." if there else "Parties under each variant are missing (parties.csv)."
        return [*parts, missing(why)]
    columns = [*pair_columns(), fields.chamber(), fields.party(choices=True), fields.whole("Members", "n")]
    columns += [fields.place("Average", "position_mean"), fields.span("position")]
    columns += [fields.number("Spread", "spread_mean"), fields.span("spread")]
    note = (
        "The table describes the members in each fit, on the scale of that fit. If its parties are clearly apart, "
        "their averages are −1 and +1, and the spreads of variants can be compared. In a joint model this holds for "
        "the chamber that sets the scale."
    )
    title = "The parties in every fit"
    return [
        *parts,
        fields.table(f"{scope.slug}-parties-table", title, parties, columns, note, folded=True, interactive=True),
    ]


def share_figure(identifier: str, rows: Sequence[SharesRow], groups: Sequence[Session]) -> Figure:
    """Draw the party share of the variance in every fit of some sessions; references have a full marker."""
    references = {group["reference"] for group in groups}
    names = list(dict.fromkeys(row["experiment"] for row in rows))
    looks = {name: Look("o", INK, filled=name in references) for name in names}
    places = list(dict.fromkeys(place(row) for row in rows))
    ordered = sorted(rows, key=lambda row: (places.index(place(row)), names.index(row["experiment"])))
    drawn = [
        IntervalRow(
            f"{place(r)}: {r['experiment']}", r["share_mean"], r["share_q05"], r["share_q95"], looks[r["experiment"]]
        )
        for r in ordered
    ]
    spread = f"from {number(min(r.mean for r in drawn))} to {number(max(r.mean for r in drawn))}"
    alt = f"Intervals: party share of the variance in {plural(len(drawn), 'fit')}, {spread}."
    caption = (
        "Party share of the variance of ideal points, with 90 % intervals. It does not depend on the scale. Full "
        "markers are those of a reference."
    )
    of = groups[0]["title"] if len(groups) == 1 else "all experiments"
    heading = f"Party share of the variance of ideal points: {of}"
    return intervals(Words(identifier, alt, caption, "party share of the variance", "", title=heading), drawn)


def bill_parts(scope: Scope, tables: ComparisonTables) -> list[Part]:
    """Show discriminations of the same roll calls under both priors, and those on which Yea changes sides."""
    if tables.bills is None:
        return [missing("Bills under each variant are missing (bills.csv).")]
    found = scope.read(tables.bills)
    if not found:
        return [Text("No variant’s bills can be compared.", "missing")]
    columns = [fields.words("Bill", "bill", length=40), fields.title("Title", "title"), *pair_columns()]
    columns += [fields.place("Discrimination in the reference", "discrimination_reference")]
    columns += [fields.place("here", "discrimination"), fields.place("Change, in posterior SDs", "change_sd")]
    reversed_ = sorted((r for r in found if r["reversed"]), key=lambda r: -abs(r["discrimination_reference"]))
    none = "There is no roll call for which the reference and a variant are each certain of a different side of Yea."
    parts: list[Part] = [] if reversed_ else [Text(none)]
    if reversed_:
        title = (
            f"{plural(len(reversed_), 'roll call')} with Yea certainly on one side in the reference, on the other here"
        )
        folded = len(reversed_) > _UNFOLDED
        identifier = f"{scope.slug}-bills-reversed"
        parts.append(fields.table(identifier, title, reversed_, columns, folded=folded, interactive=True))
    return [*parts, _every_bill(scope, found)]


def _every_bill(scope: Scope, rows: Sequence[BillRow]) -> Part:
    """Show the discriminations of all roll calls, a row for each and a column for each variant."""
    wide = by_variant(rows, ("unit", "vote"))
    wide.sort(key=lambda row: -largest(row, "change_sd"))
    variants = [name for name in scope.group["experiments"] if any(row["experiment"] == name for row in rows)]
    columns = [fields.words("Bill", "bill", length=40), fields.title("Title", "title")]
    columns += [
        fields.chamber("unit", "Model", True),
        fields.place(scope.group["reference"], "discrimination_reference"),
    ]
    keys = ("discrimination", "change_sd")
    columns += variant_columns(variants, "discrimination", keys, _discrimination, ("mean", "change_sd"))
    title = f"All roll calls: {plural(len(wide), 'row')}, discrimination under every variant"
    note = "Those that change most, in posterior standard deviations, come first."
    identifier = f"{scope.slug}-bills-all"
    return fields.table(identifier, title, wide, columns, note, folded=True, interactive=True)


def _discrimination(mean: float, change: float | None) -> Value:
    return Value(signed(mean), (mean, change))


def pair_picture(scope: Scope, verdict: Verdict, tables: ComparisonTables) -> list[Part]:
    """Show one folded picture of a variant: bills whose Yea changes sides, else members who move."""
    bills = [row for row in scope.read(tables.bills) if row["experiment"] == verdict["experiment"]]
    units = {unit: [row for row in bills if row["unit"] == unit] for unit in dict.fromkeys(r["unit"] for r in bills)}
    changed = {unit: sum(row["reversed"] for row in rows) for unit, rows in units.items()}
    if any(changed.values()):
        return [_bill_figure(units[max(changed, key=lambda unit: changed[unit])])]
    places = [row for row in verdict["places"] if row["level"] in ("partly", "yes") and row["spearman"] is not None]
    if not places:
        return []
    worst = min(places, key=lambda row: row["spearman"] or 0.0)
    here = verdict["experiment"], worst["unit"], worst["chamber"]
    rows = [r for r in tables.members or () if (r["experiment"], r["unit"], r["chamber"]) == here]
    return [_member_figure(rows)] if rows else []


def _member_figure(rows: Sequence[MemberRow]) -> Figure:
    first = rows[0]
    groups = [
        Group(
            party,
            party_look(party),
            [r["position_reference"] for r in here],
            [r["position"] for r in here],
            [f"{r['name']}: rank {r['rank_reference']:.0f} becomes {r['rank']:.0f}" for r in here],
            [r["name"] for r in here],
        )
        for party in dict.fromkeys(row["party"] for row in rows)
        if (here := [row for row in rows if row["party"] == party])
    ]
    title = f"{place(first)}, positions under {first['experiment']} and {first['reference']}"
    alt = f"Scatter plot: {title}, {plural(len(rows), 'member')} on one scale."
    caption = f"{title}. On the dashed line, a member has the same position in both."
    identifier = "-".join(dict.fromkeys(("pair", first["experiment"], first["unit"], first["chamber"])))
    axes = (f"position in {first['reference']}", f"in {first['experiment']}")
    drawn = scatter(Words(identifier, alt, caption, *axes, title=title), groups, height=360, diagonal=True)
    return replace(drawn, folded=f"Picture: positions of members, {place(first)}")


def _bill_figure(rows: Sequence[BillRow]) -> Figure:
    first, n = rows[0], sum(row["reversed"] for row in rows)
    groups = [
        Group(
            label,
            look,
            [r["discrimination_reference"] for r in here],
            [r["discrimination"] for r in here],
            [_bill_tip(r) for r in here],
            [str(r["bill"] or r["vote"]) for r in here],
        )
        for changed, label, look in (
            (False, "roll call", Look("o", "#4a4f57", filled=False)),
            (True, "Yea is certainly on another side", Look("v", "#7a3b8f")),
        )
        if (here := [r for r in (rows if changed else apart(rows)) if r["reversed"] is changed])
    ]
    title = f"{unit_title(first['unit'])}, discrimination under {first['experiment']} and {first['reference']}"
    alt = (
        f"Scatter plot: {title}, {plural(len(rows), 'roll call')}; on {count(n)} of them Yea is certainly on different "
        "sides."
    )
    caption = (
        f"{title}, on one scale. Above zero, Yea is the side of the right. Grey points that cover each other are drawn "
        "once."
    )
    identifier = "-".join(("pair", first["experiment"], first["unit"], "bills"))
    axes = (f"discrimination in {first['reference']}", f"in {first['experiment']}")
    drawn = scatter(Words(identifier, alt, caption, *axes, title=title), groups, height=360, diagonal=True)
    return replace(drawn, folded=f"Picture: discrimination of roll calls, {unit_title(first['unit'])}")


def apart(rows: Sequence[BillRow]) -> list[BillRow]:
    """Return the first roll call of those whose points would cover each other; thousands make a picture heavy."""
    before, after = [row["discrimination_reference"] for row in rows], [row["discrimination"] for row in rows]
    spans = [max(values) - min(values) or 1.0 for values in (before, after)]
    first: dict[tuple[int, int], BillRow] = {}
    for row in rows:
        x, y = row["discrimination_reference"] / spans[0], row["discrimination"] / spans[1]
        first.setdefault((round(_DOTS * x), round(_DOTS * y)), row)
    return list(first.values())


def _bill_tip(row: BillRow) -> str:
    before, after = number(row["discrimination_reference"]), number(row["discrimination"])
    return f"{row['bill'] or row['vote']}: {before} becomes {after}"


def predictive_parts(scope: Scope, tables: ComparisonTables) -> list[Part]:
    """Show leave-one-out differences on the same votes: in all, by bill, member and party."""
    if tables.predictive is None:
        return [missing("Which variant predicts the same votes better was not computed (predictive.csv).")]
    found = scope.sampled(tables.predictive)
    if not found:
        return [Text("No variant’s prediction can be relied on, because no fit of both has converged.", "missing")]
    difference = fields.place("ELPD difference", "elpd_diff")
    columns = [*pair_columns(), fields.whole("Votes", "n_votes")]
    columns += [fields.share("Called right, reference", "correct_reference", 1), fields.share("here", "correct", 1)]
    columns += [fields.number("Typical probability, reference", "gmp_reference", 3), fields.number("here", "gmp", 3)]
    columns += [difference, fields.number("Standard error", "se_by_rollcall"), fields.words("Verdict", "verdict", True)]
    note = (
        "Each vote is predicted from all others (leave-one-out). “Called right” is the share of votes given a "
        "probability above one half; the typical probability is the geometric mean. The ELPD difference is variant "
        "minus reference; above zero the variant predicts better. Its standard error takes roll calls as the units, "
        "because the model’s errors for the members of a party go together. A difference below two standard errors, or "
        "below 4, is no more than chance variation; from 0.05 per vote it is far better or worse."
    )
    slug = scope.slug
    title = f"Prediction compared with that of {scope.group['reference']}"
    parts: list[Part] = [fields.table(f"{slug}-predictive", title, found, columns, note)]
    rows = scope.sampled(tables.predictive_parts)
    for by, name, who, own in (
        ("party", "party", ("chamber", "party"), [fields.party(), fields.chamber()]),
        ("member", "member", ("legislator",), [member(), fields.party(choices=True), fields.chamber()]),
        (
            *("rollcall", "roll call", ("chamber", "rollcall")),
            [fields.words("Bill", "bill", length=40), fields.chamber(choices=True)],
        ),
    ):
        here = [row for row in rows if row["by"] == by]
        if here:
            parts.append(_by_part(scope, here, by, name, who, own))
        else:
            parts.append(missing(f"The differences by {name} are missing (predictive_parts.csv)."))
    return parts


def _by_part(
    scope: Scope, rows: Sequence[PredictivePartRow], by: str, name: str, who: Sequence[str], own: Sequence[Field]
) -> Part:
    """Show the differences of parties, members or roll calls, a column for each variant."""
    wide = by_variant(rows, ("unit", *who))
    wide.sort(key=lambda row: -largest(row, "elpd_diff"))
    variants = [one for one in scope.group["experiments"] if any(row["experiment"] == one for row in rows)]
    columns = [*own, fields.chamber("unit", "Model", True), fields.whole("Votes", "n_votes")]
    columns += variant_columns(variants, "elpd_diff", ("elpd_diff", "se"), _difference, ("", "se"))
    title = f"ELPD difference by {name}, under every variant"
    note = "Variant minus reference, with one standard error by roll call (none of a single roll call)."
    identifier = f"{scope.slug}-predictive-{by}"
    return fields.table(identifier, title, wide, columns, note, folded=True, interactive=True)


def _difference(mean: float, error: float | None) -> Value:
    return Value(signed(mean) if error is None else f"{signed(mean)} ± {number(error)}", (mean, error))


def sensitivity_parts(scope: Scope, tables: ComparisonTables) -> list[Part]:
    """Show power-scaling sensitivity, variant by variant."""
    found = scope.own(tables.sensitivity)
    if not found:
        return [missing("Sensitivity to the priors was not computed (sensitivity.csv).")]
    shown = [{**row, "what": QUANTITIES.get(row["quantity"], row["quantity"])} for row in found]
    columns = [*pair_columns(), fields.words("Quantity", "what", True), fields.chamber(), fields.party()]
    columns += [fields.words("Part of the model", "component", True), fields.number("Sensitivity", "sensitivity", 3)]
    columns += [fields.words("Diagnosis", "diagnosis", True)]
    title = "How much each quantity depends on each part of the model"
    return [fields.table(f"{scope.slug}-sensitivity-table", title, shown, columns, folded=True, interactive=True)]
