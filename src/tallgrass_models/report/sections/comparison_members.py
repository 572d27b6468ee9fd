"""Members on the comparison page: their ranks under all variants in one picture, who moves, and the votes behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..files.comparison import AgreementRow, ComparisonTables, MemberRow
from ..page import fields
from ..page.fields import Field
from ..page.language import plural
from ..page.parts import Figure, Part, Text, Value, missing
from ..page.plots import Words
from ..page.scatter import Look
from ..page.slopes import Change, Line, matrix, slopes
from ..page.words import unit_title
from .comparison_scope import Scope
from .comparison_wide import by_variant, largest, member, variant_columns
from .looks import party_look

_MOVERS_SHOWN = 10
#: Up to so many variants, lines can be followed; more are a matrix.
_FEW = 4
_NAMED, _NAMED_WITHIN, _ROWS = 8, 4, 20

_ByMember = Mapping[str, Mapping[str, MemberRow]]


def pair_columns() -> list[Field]:
    """Return the columns that say which experiment and which fit a row is about."""
    return [fields.words("Experiment", "experiment", True), fields.chamber("unit", "Model", True)]


def place(row: Mapping[str, object]) -> str:
    """Name the chamber of a row, and the joint model where it is seen there."""
    chamber = unit_title(str(row["chamber"]))
    return chamber if row["unit"] == row["chamber"] else f"{chamber} in the joint model"


def rank_pictures(scope: Scope, tables: ComparisonTables) -> list[Part]:
    """Show every chamber's members under all variants; those of the joint model are folded."""
    if tables.members is None:
        return [missing("Members under each variant are missing (members.csv).")]
    rows = scope.read_in_place(tables.members)
    if not rows:
        return [Text("There is no picture of the members, because no variant’s order can be compared.", "missing")]
    found: dict[tuple[str, str], list[MemberRow]] = {}
    for row in rows:
        found.setdefault((row["unit"], row["chamber"]), []).append(row)
    return [_picture(scope, here) for here in found.values()]


def _picture(scope: Scope, rows: Sequence[MemberRow]) -> Figure:
    variants = list(dict.fromkeys(row["experiment"] for row in rows))
    by_member: dict[str, dict[str, MemberRow]] = {}
    for row in rows:
        by_member.setdefault(row["legislator"], {})[row["experiment"]] = row
    first, where = rows[0], place(rows[0])
    moving = sorted(by_member, key=lambda key: _furthest(by_member[key]), reverse=True)
    beyond = [key for key in moving if any(row["rank_disjoint"] for row in by_member[key].values())]
    identifier = "-".join(dict.fromkeys((scope.slug, "ranks", first["unit"], first["chamber"])))
    folded = f"The same for the {where}" if first["unit"] != first["chamber"] else ""
    absent = [name for name in scope.group["experiments"][1:] if name not in variants]
    left_out = f" Not compared, for reasons that are given below: {', '.join(absent)}." if absent else ""
    everywhere = {key for key in by_member if len(by_member[key]) == len(variants)}
    who = _how_many(len(beyond))
    title = f"{where}: {'rank of each member' if len(variants) <= _FEW else 'changes of rank'} under every variant"
    if len(variants) <= _FEW and everywhere:
        named = [key for key in beyond or moving[:_NAMED_WITHIN] if key in everywhere][:_NAMED]
        caption = (
            f"{where}. Each line is a member, from the rank under {first['reference']} to that under each variant; "
            f"rank 1 is furthest left. {who}. Named are those who move furthest.{left_out}"
        )
        alt = f"Slope chart, {title}; {who}."
        drawn = _lines(by_member, everywhere, variants, set(named))
        words = Words(identifier, alt, caption, "", "", title=title)
        return replace(slopes(words, [first["reference"], *variants], drawn), folded=folded)
    shown = moving[:_ROWS]
    caption = (
        f"{where}. Change of rank against {first['reference']} of the {len(shown)} members who move furthest; plus is "
        f"to the right. Bold: beyond both 90 % intervals. {who}.{left_out}"
    )
    alt = f"Matrix, {title}; {who}."
    words = Words(identifier, alt, caption, "", "", title=title)
    return replace(matrix(words, variants, _cells(by_member, shown, variants), len(by_member)), folded=folded)


def _how_many(n: int) -> str:
    """Say how many members change rank beyond both intervals."""
    who = "Nobody changes" if n == 0 else "1 member changes" if n == 1 else f"{n} members change"
    return f"{who} rank beyond both 90 % intervals"


def _furthest(rows: Mapping[str, MemberRow]) -> float:
    return max(abs(row["rank_change"]) for row in rows.values())


def _lines(by_member: _ByMember, keys: set[str], variants: Sequence[str], named: set[str]) -> list[Line]:
    out = []
    for key, rows in by_member.items():
        if key in keys:
            first = rows[variants[0]]
            ranks = [first["rank_reference"], *(rows[name]["rank"] for name in variants)]
            out.append(Line(first["name"], first["party"], party_look(first["party"]), ranks, key in named))
    return out


def _cells(by_member: _ByMember, keys: Sequence[str], variants: Sequence[str]) -> list[tuple[str, Look, list[Change]]]:
    out = []
    for key in keys:
        rows = by_member[key]
        first = next(iter(rows.values()))
        cells = [
            Change(rows[name]["rank_change"], rows[name]["rank_disjoint"]) if name in rows else Change(None, False)
            for name in variants
        ]
        out.append((first["name"], party_look(first["party"]), cells))
    return out


def member_parts(scope: Scope, tables: ComparisonTables) -> list[Part]:
    """Show how far the order and the positions of members agree, and who moves most."""
    if tables.agreement is None or tables.members is None:
        return [missing("Agreement of ideal points is missing (agreement.csv, members.csv).")]
    agreement, rows = scope.read_in_place(tables.agreement), scope.read_in_place(tables.members)
    if not rows or not agreement:
        return [Text("No variant’s order can be compared.", "missing")]
    columns = [member(), fields.party(choices=True), *pair_columns()]
    columns += [fields.place("Position in the reference", "position_reference"), fields.place("here", "position")]
    columns += [fields.place("Move, in posterior SDs", "move_sd"), fields.whole("Rank", "rank_reference")]
    columns += [fields.span("rank_reference", digits=0), fields.whole("Rank here", "rank")]
    columns += [fields.span("rank", digits=0), fields.steps("Change of rank", "rank_change")]
    most = sorted(rows, key=lambda row: -abs(row["rank_change"]))[:_MOVERS_SHOWN]
    title = "The largest change of rank" if len(most) == 1 else f"The {len(most)} largest changes of rank"
    return [
        _agreement(scope, agreement),
        fields.table(f"{scope.slug}-movers-most", title, most, columns),
        _everybody(scope, rows),
    ]


def _everybody(scope: Scope, rows: Sequence[MemberRow]) -> Part:
    """Show the ranks of all members, a row for each member and fit and a column for each variant."""
    wide = by_variant(rows, ("unit", "chamber", "legislator"))
    wide.sort(key=lambda row: -largest(row, "rank_change"))
    variants = [name for name in scope.group["experiments"] if any(row["experiment"] == name for row in rows)]
    columns = [member(), fields.party(choices=True), fields.chamber("unit", "Model", True)]
    columns += [fields.chamber(choices=True), fields.whole(scope.group["reference"], "rank_reference")]
    columns += [fields.span("rank_reference", digits=0)]
    columns += variant_columns(variants, "rank", ("rank", "rank_q05", "rank_q95", "rank_disjoint"), _rank, _ENDS)
    title = f"All members: {plural(len(wide), 'row')}, rank under every variant"
    note = "Rank with its 90 % interval. ● The interval does not overlap that in the reference."
    identifier = f"{scope.slug}-movers-all"
    return fields.table(identifier, title, wide, columns, note, folded=True, interactive=True)


_ENDS = ("mean", "q05", "q95", "beyond")


def _rank(mean: float, low: float, high: float, beyond: bool) -> Value:
    text = f"{'● ' if beyond else ''}{mean:.0f} ({low:.0f}–{high:.0f})"
    return Value(text, (mean, low, high, str(beyond)))


def _agreement(scope: Scope, rows: Sequence[AgreementRow]) -> Part:
    columns = [*pair_columns(), fields.chamber(), fields.whole("Members", "n")]
    columns += [fields.words("Mirrored", "mirrored", True)]
    columns += [fields.number("Correlation", "pearson", 3), fields.number("of ranks", "spearman", 3)]
    columns += [fields.number("Typical move, in posterior SDs", "move_rms")]
    columns += [fields.whole("Rank intervals that do not overlap", "n_rank_disjoint")]
    columns += [fields.steps("Largest change of rank", "max_rank_change"), fields.words("by", "max_rank_member")]
    shown = [{**row, "mirrored": _mirrored(row)} for row in rows]
    note = "Correlations and changes of rank are those after turning a mirrored fit, which has Republicans on the left."
    title = f"Positions compared with those of {scope.group['reference']}"
    return fields.table(f"{scope.slug}-agreement", title, shown, columns, note)


def _mirrored(row: AgreementRow) -> str:
    """Return which of the two fits has been turned."""
    turned = [*([row["experiment"]] if row["turned"] else []), *([row["reference"]] if row["turned_reference"] else [])]
    return " and ".join(turned) or "no"


def driver_parts(scope: Scope, tables: ComparisonTables) -> list[Part]:
    """Show the votes behind the moves."""
    if tables.drivers is None:
        return [missing("The votes behind the moves are missing (drivers.csv).")]
    rows = scope.read_in_place(tables.drivers)
    if not rows:
        return []
    columns = [member(), fields.party(choices=True), *pair_columns(), fields.place("Move", "move")]
    columns += [fields.words("Bill", "bill", length=40), fields.title("Title", "title"), fields.words("Vote", "cast")]
    columns += [fields.place("Pushes by", "push")]
    columns += [fields.place("Its discrimination in the reference", "discrimination_reference")]
    columns += [fields.place("and here", "discrimination")]
    note = "“Pushes by” is the part of the move that comes from this roll call’s changed difficulty and discrimination."
    title = "Which votes move them: the members who move most, and the five votes that push each furthest"
    return [fields.table(f"{scope.slug}-drivers", title, rows, columns, note, folded=True, interactive=True)]
