"""Sections of the comparison page: cost, members, parties, bills, prediction, sensitivity."""

from __future__ import annotations

from collections.abc import Sequence

from ..files.rows import Row
from ..page import fields
from ..page.intervals import IntervalRow, intervals
from ..page.language import plural
from ..page.numbers import count, number
from ..page.parts import Figure, Heading, Part, Text, missing
from ..page.plots import Words
from ..page.scatter import Group, Look, scatter
from ..page.svg import CYCLE
from ..page.words import unit_title
from .comparison_costs import TableRows, pair_columns
from .looks import party_look

_MOVERS_SHOWN = 10


def _where(row: Row) -> str:
    chamber = unit_title(row["chamber"])
    return chamber if row["unit"] == row["chamber"] else f"{chamber} in the joint model"


def _slug(*parts: str) -> str:
    return "-".join(dict.fromkeys(parts))


def agreement_parts(rows: TableRows) -> list[Part]:
    """Show how far the order and the positions of members agree, who moves most, and which votes caused it."""
    found = rows.get("agreement")
    if not found:
        return [missing("Agreement of ideal points is missing or there is nothing to compare (agreement.csv).")]
    columns = [fields.words("Experiment", "experiment", True), fields.words("compared with", "reference")]
    columns += [fields.chamber("unit", "Model", True), fields.chamber(), fields.whole("Members", "n")]
    columns += [fields.words("Mirrored", "mirrored", True)]
    columns += [fields.number("Correlation", "pearson", 3), fields.number("of ranks", "spearman", 3)]
    columns += [fields.number("Typical move, in posterior SDs", "move_rms")]
    columns += [fields.whole("Rank intervals that do not overlap", "n_rank_disjoint")]
    columns += [fields.steps("Largest change of rank", "max_rank_change"), fields.words("by", "max_rank_member")]
    shown = [Row({**row, "mirrored": _mirrored(row)}, row.source) for row in found]
    note = "Correlations and changes of rank are those after turning a mirrored fit, which has Republicans on the left."
    parts: list[Part] = [fields.table("agreement-table", "Positions compared with the reference", shown, columns, note)]
    return [*parts, *_member_parts(rows.get("members")), *_driver_parts(rows.get("drivers"))]


def _mirrored(row: Row) -> str:
    """Return which of the two fits has been turned."""
    turned = [row[name] for key, name in (("turned", "experiment"), ("turned_reference", "reference")) if row[key]]
    return " and ".join(turned) or "no"


def _pairs(rows: Sequence[Row], *keys: str) -> list[tuple[tuple[str, ...], list[Row]]]:
    """Rows by the values of ``keys``, in the order they come in."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[key] for key in keys), []).append(row)
    return list(found.items())


def _member_parts(rows: list[Row] | None) -> list[Part]:
    if not rows:
        return [missing("Members under each variant are missing (members.csv).")]
    parts: list[Part] = [Heading("movers", "Who moves")]
    parts += [_member_figure(here) for _, here in _pairs(rows, "experiment", "unit", "chamber")]
    columns = [fields.words("Member", "name"), fields.party(choices=True), *pair_columns()]
    columns += [fields.place("Position in the reference", "position_reference"), fields.place("here", "position")]
    columns += [fields.place("Move, in posterior SDs", "move_sd"), fields.whole("Rank", "rank_reference")]
    columns += [
        fields.span("rank_reference", digits=0),
        fields.whole("Rank here", "rank"),
        fields.span("rank", digits=0),
    ]
    columns += [fields.steps("Change of rank", "rank_change")]
    ordered = sorted(rows, key=lambda r: -abs(r["move_sd"] or 0.0))
    title = f"The {len(ordered[:_MOVERS_SHOWN])} members who move most"
    every = f"All {count(len(ordered))} members under every variant"
    return [
        *parts,
        fields.table("movers-most", title, ordered[:_MOVERS_SHOWN], columns),
        fields.table("movers-all", every, ordered, columns, folded=True, interactive=True),
    ]


def _member_figure(rows: Sequence[Row]) -> Figure:
    first = rows[0]
    groups = [
        Group(
            party,
            party_look(party),
            [r["position_reference"] for r in here],
            [r["position"] for r in here],
            [f"{r['name']}: rank {number(r['rank_reference'], 0)} becomes {number(r['rank'], 0)}" for r in here],
            [r["name"] for r in here],
        )
        for (party,), here in _pairs(rows, "party")
    ]
    furthest = max(rows, key=lambda r: abs(r["rank_change"] or 0.0))
    title = f"{first['experiment']} and {first['reference']}, {_where(first)}"
    alt = (
        f"Scatter plot, {title}: {count(len(rows))} members on one scale; the largest change of rank is "
        f"{number(furthest['rank_change'], 0)}, by {furthest['name']}."
    )
    caption = f"{title}. On the dashed line, a member has the same position in both."
    identifier = _slug("members", first["experiment"], first["unit"], first["chamber"])
    axes = (f"position in {first['reference']}", f"in {first['experiment']}")
    heading = f"Positions of the members: {title}"
    return scatter(Words(identifier, alt, caption, *axes, title=heading), groups, height=360, diagonal=True)


def _driver_parts(rows: list[Row] | None) -> list[Part]:
    parts: list[Part] = [Heading("drivers", "Which votes move them")]
    if not rows:
        return [*parts, missing("The votes behind the moves are missing (drivers.csv).")]
    columns = [
        fields.words("Member", "name"),
        fields.party(choices=True),
        *pair_columns(),
        fields.place("Move", "move"),
    ]
    columns += [fields.words("Bill", "bill", length=40), fields.title("Title", "title"), fields.words("Vote", "cast")]
    columns += [fields.place("Pushes by", "push")]
    columns += [fields.place("Its discrimination in the reference", "discrimination_reference")]
    columns += [fields.place("and here", "discrimination")]
    note = "“Pushes by” is the part of the move that comes from this roll call’s changed difficulty and discrimination."
    title = "The members who move most, and the five votes that push each furthest"
    return [*parts, fields.table("drivers-table", title, rows, columns, note, interactive=True)]


def party_parts(rows: TableRows) -> list[Part]:
    """Averages and spreads of the parties' members, and the party share of the variance."""
    parts: list[Part] = []
    shares, parties = rows.get("shares"), rows.get("parties")
    if shares:
        parts.append(_share_figure(shares))
        columns = [*pair_columns(), fields.chamber(), fields.share("Party share of the variance", "share_mean", 1)]
        columns += [fields.share_span("share", digits=1)]
        parts.append(fields.table("shares-table", "Party share of the variance of ideal points", shares, columns))
    else:
        parts.append(missing("The party share of the variance is missing (shares.csv)."))
    if not parties:
        return [*parts, missing("Parties under each variant are missing (parties.csv).")]
    columns = [*pair_columns(), fields.chamber(), fields.party(choices=True), fields.whole("Members", "n")]
    columns += [fields.place("Average", "position_mean"), fields.span("position")]
    columns += [fields.number("Spread", "spread_mean"), fields.span("spread")]
    note = (
        "The table describes the members in each fit, on the scale of that fit. If its parties are clearly apart, "
        "their averages are −1 and +1, and the spreads of variants can be compared. In a joint model this holds for "
        "the House."
    )
    return [*parts, fields.table("parties-table", "The parties in every fit", parties, columns, note, interactive=True)]


def _share_figure(rows: Sequence[Row]) -> Figure:
    looks = {
        name: Look(CYCLE[k % len(CYCLE)][0], CYCLE[k % len(CYCLE)][1])
        for k, name in enumerate(dict.fromkeys(row["experiment"] for row in rows))
    }
    ordered = sorted(rows, key=lambda row: (_where(row), list(looks).index(row["experiment"])))
    drawn = [
        IntervalRow(
            f"{_where(r)}: {r['experiment']}", r["share_mean"], r["share_q05"], r["share_q95"], looks[r["experiment"]]
        )
        for r in ordered
    ]
    spread = f"from {number(min(r.mean for r in drawn))} to {number(max(r.mean for r in drawn))}"
    alt = f"Intervals: party share of the variance in {count(len(drawn))} fits, {spread}."
    caption = "Party share of the variance of ideal points, with 90 % intervals. It does not depend on the scale."
    heading = "Party share of the variance of ideal points"
    return intervals(Words("shares", alt, caption, "party share of the variance", "", title=heading), drawn)


def bill_parts(rows: TableRows) -> list[Part]:
    """Discrimination of the same roll calls under both priors, and those on which Yea changes sides."""
    found = rows.get("bills")
    if not found:
        return [missing("Bills under each variant are missing or there is nothing to compare (bills.csv).")]
    parts: list[Part] = [_bill_figure(here) for _, here in _pairs(found, "experiment", "unit")]
    columns = [fields.words("Bill", "bill", length=40), fields.title("Title", "title"), *pair_columns()]
    columns += [fields.place("Discrimination in the reference", "discrimination_reference")]
    columns += [fields.place("here", "discrimination"), fields.place("Change, in posterior SDs", "change_sd")]
    reversed_ = sorted((r for r in found if r["reversed"]), key=lambda r: -abs(r["discrimination_reference"]))
    if reversed_:
        title = (
            f"{plural(len(reversed_), 'roll call')} with Yea certainly on one side in the reference and on the other "
            "here"
        )
        parts.append(fields.table("bills-reversed", title, reversed_, columns, interactive=True))
    else:
        parts.append(
            Text(
                "There is no roll call for which the reference and a variant are each certain of a different side of "
                "Yea."
            )
        )
    ordered = sorted(found, key=lambda r: -abs(r["change_sd"] or 0.0))
    every = f"All {count(len(found))} roll calls under every variant"
    return [*parts, fields.table("bills-all", every, ordered, columns, folded=True, interactive=True)]


def _bill_figure(rows: Sequence[Row]) -> Figure:
    first = rows[0]
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
        if (here := [r for r in rows if bool(r["reversed"]) is changed])
    ]
    title = f"{first['experiment']} and {first['reference']}, {unit_title(first['unit'])}"
    n = sum(bool(r["reversed"]) for r in rows)
    alt = (
        f"Scatter plot, {title}: discrimination of {count(len(rows))} roll calls under both; on {count(n)} of them "
        "Yea is certainly on different sides."
    )
    caption = f"{title}: discrimination of the same roll calls, on one scale. Above zero, Yea is the side of the right."
    identifier = _slug("bills", first["experiment"], first["unit"])
    axes = (f"discrimination in {first['reference']}", f"in {first['experiment']}")
    heading = f"Discrimination of the roll calls: {title}"
    return scatter(Words(identifier, alt, caption, *axes, title=heading), groups, height=360, diagonal=True)


def _bill_tip(row: Row) -> str:
    before, after = number(row["discrimination_reference"]), number(row["discrimination"])
    return f"{row['bill'] or row['vote']}: {before} becomes {after}"


def predictive_parts(rows: TableRows) -> list[Part]:
    """Leave-one-out differences on the same votes: in all, by bill, member and party."""
    found = rows.get("predictive")
    if not found:
        return [missing("Which variant predicts the same votes better was not computed (predictive.csv).")]
    difference = fields.place("ELPD difference", "elpd_diff")
    error = fields.number("Standard error", "se_by_rollcall")
    numbers = [difference, fields.number("Standard error", "se")]
    pair = [*pair_columns(), fields.words("compared with", "reference")]
    columns = [*pair, fields.whole("Votes", "n_votes"), difference, error]
    note = (
        "The difference is that in expected log predictive density of votes left out one by one, variant minus "
        "reference. If it is positive, the variant predicts better. The model’s errors for the members of a party go "
        "together, so roll calls are the independent units of the standard error. A difference of less than two "
        "standard errors says little."
    )
    parts: list[Part] = [
        fields.table("predictive-table", "Prediction compared with the reference", found, columns, note)
    ]
    for by, title, own in (
        ("party", "by party", [fields.chamber(), fields.party()]),
        ("member", "by member", [fields.words("Member", "name"), fields.party(choices=True), fields.chamber()]),
        ("rollcall", "by roll call", [fields.words("Bill", "bill", length=40), fields.chamber()]),
    ):
        here = [row for row in rows.get("predictive_parts", []) if row["by"] == by]
        if here:
            body = [*own, *pair, *numbers]
            name = f"The same {title}"
            parts.append(fields.table(f"predictive-{by}", name, here, body, folded=True, interactive=True))
        else:
            parts.append(missing(f"The differences {title} are missing (predictive_parts.csv)."))
    return parts
