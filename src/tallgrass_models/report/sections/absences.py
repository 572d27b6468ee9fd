"""Part on absences of a chamber: who was absent when, what the absent could have changed, and a model of absence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ...files.names import MOVED
from ...votes.vocabulary import PARTIES
from ...wording.numbers import count, number, percent
from ..files.data import UnitResults
from ..files.rows import Row
from ..page import fields
from ..page.language import plural
from ..page.parts import Part, Text, missing
from ..page.people import named
from ..page.words import unit_title
from .withholding import part_withheld

_SHOWN = 10
#: The terms of the model of absence, in words. That of the intercept is of no interest.
_TERMS = {
    "position": "one step to the right on the scale of positions, within a party",
    "republican": "a Republican, beside a Democrat at the same position",
    "close": "a close roll call, beside any other",
}
_THIRDS = ("leftmost third", "middle third", "rightmost third")


def absence_parts(unit: UnitResults, reasons: str) -> list[Part]:
    """Show the absences of a chamber; ``reasons`` say why its fit cannot be read, or are empty."""
    members, calls = unit.rows.get("absent_members"), unit.rows.get("absent_calls")
    if not members or calls is None:
        return [missing("Absences are missing (absent_members.csv, absent_calls.csv).")]
    if not _sum(members, "n_absent"):
        return [Text("No member of the fit was absent from any of its roll calls while in office.")]
    parts: list[Part] = [Text(counts_sentence(members, calls))]
    key, name = unit.unit, unit_title(unit.unit)
    columns = [fields.words("Members", "who"), fields.whole("Cases in office", "n_office")]
    columns += [fields.whole("Absent", "n_absent"), fields.share("Share absent", "share", 1)]
    columns += [
        fields.whole("Cases in close roll calls", "n_close"),
        fields.share("Share absent from these", "share_close", 1),
    ]
    groups = groups_of(members, not reasons)
    note = "A roll call is close if its larger side has less than 60 % of Yea and Nay."
    parts.append(fields.table(f"{key}-absent-groups", f"{name}: who was absent", groups, columns, note))
    if reasons:
        return [*parts, part_withheld("How the absent would have voted and why they were absent are", reasons)]
    parts += _outcomes(unit, calls)
    who = [fields.linked_member(), fields.party(choices=True), fields.place("Position", "position_mean")]
    who += [fields.whole("Roll calls in office", "n_office"), fields.whole("Absent", "n_absent")]
    who += [fields.share("Share absent", "share", 1), fields.place("Move if absences were evidence", "move")]
    ordered = sorted((_with_shares(row) for row in members), key=lambda r: (-(r["share"] or 0), r["legislator"]))
    caption = f"{name}: absences of all {plural(len(ordered), 'member')}"
    every = fields.table(f"{key}-absent-members", caption, ordered, who, folded=True, interactive=True)
    return [*parts, *_model_parts(unit, members), every]


def counts_sentence(members: Sequence[Mapping[str, Any]], calls: Sequence[Mapping[str, Any]]) -> str:
    """Say how often members were absent, and what counts as absent."""
    n, away = _sum(members, "n_office"), _sum(members, "n_absent")
    text = (
        f"Members in office cast neither Yea nor Nay in {count(away)} of {count(n)} cases ({percent(away / n, 1)}), on "
        f"{plural(len(calls), 'roll call')}. Who was not in office on the day is not absent."
    )
    if any(not row["date"] for row in calls):
        text += " On roll calls without a date, everybody counts as in office."
    return text


def groups_of(members: Sequence[Mapping[str, Any]], by_position: bool) -> list[dict[str, Any]]:
    """Count absences of all members, of each party, and if asked of thirds of the members by position."""
    groups: list[tuple[str, list[Mapping[str, Any]]]] = [("all members", list(members))]
    groups += [(f"{party}s", [row for row in members if row["party"] == party]) for party in PARTIES]
    groups.append(("counted with neither party", [row for row in members if row["party"] not in PARTIES]))
    if by_position and len(members) >= len(_THIRDS):
        ordered = sorted(members, key=lambda row: (row["position_mean"], row["legislator"]))
        ends = [round(k * len(ordered) / len(_THIRDS)) for k in range(len(_THIRDS) + 1)]
        groups += [(who, ordered[ends[k] : ends[k + 1]]) for k, who in enumerate(_THIRDS)]
    keys = ("n_office", "n_absent", "n_close", "n_absent_close")
    return [_with_shares({"who": who, **{key: _sum(rows, key) for key in keys}}) for who, rows in groups if rows]


def _with_shares(row: Mapping[str, Any]) -> dict[str, Any]:
    share = row["n_absent"] / row["n_office"] if row["n_office"] else None
    return {**row, "share": share, "share_close": row["n_absent_close"] / row["n_close"] if row["n_close"] else None}


def _outcomes(unit: UnitResults, calls: Sequence[Row]) -> list[Part]:
    parts: list[Part] = [Text(outcome_sentence(calls))]
    likely = sorted((row for row in calls if row["could_flip"]), key=lambda row: (-row["p_flip"], row["vote"]))[:_SHOWN]
    if not likely:
        return parts
    columns = [fields.linked_bill(), fields.title("Motion", "motion"), fields.pair("Yea–Nay", "yea", "nay")]
    columns += [fields.whole("Absent", "n_absent"), fields.number("Yeas expected of them", "expected_yea", 1)]
    columns += [fields.chance("Chance of another outcome", "p_flip")]
    many = "roll call" if len(likely) == 1 else f"{len(likely)} roll calls"
    title = f"{unit_title(unit.unit)}: the {many} that the absent would most likely have changed"
    return [*parts, fields.table(f"{unit.unit}-absent-calls", title, likely, columns)]


def outcome_sentence(calls: Sequence[Mapping[str, Any]]) -> str:
    """Say how many outcomes the absent could have changed, and would probably have changed."""
    could, expected = sum(bool(row["could_flip"]) for row in calls), sum(row["p_flip"] for row in calls)
    said = "An outcome is the simple majority of the votes cast by members of the fit, and a tie fails; "
    said += "the majority that a question needed may be another one. "
    if not could:
        return said + "On no roll call could the votes of the absent have changed it."
    shown = "fewer than 0.1" if expected < 0.05 else number(expected, 1)
    return said + (
        f"On {plural(could, 'roll call')} the absent could have changed it. Had all of them voted as the model "
        f"expects, {shown} of these outcomes would have been another one on average."
    )


def _model_parts(unit: UnitResults, members: Sequence[Row]) -> list[Part]:
    terms = unit.rows.get("absence_model")
    if terms is None:
        return [missing("The model of absence is missing (absence_model.csv).")]
    if not terms:
        return [Text("There are too few members or absences for a model of who is absent.")]
    text = (
        "What follows is a run of sensitivity and no part of the results. The fit ignores absences. So we ask "
        "afterwards whether absence depends on position, party and closeness of the roll call, by a logistic "
        "regression in which each member also has a propensity to be absent. Factors below 1 mean fewer absences."
    )
    rows = [odds_of(row) for row in terms if row["term"] in _TERMS]
    columns = [fields.words("For", "what"), fields.number("Odds of absence times", "odds")]
    columns.append(fields.span("odds"))
    table = fields.table(
        f"{unit.unit}-absence-model", f"{unit_title(unit.unit)}: what absence goes with", rows, columns
    )
    position = next(odds_of(row) for row in terms if row["term"] == "position")
    return [Text(text), table, Text(Markup("{} {}").format(position_sentence(position), moves_sentence(members)))]


def odds_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a coefficient into a factor of the odds of absence."""
    odds = {end: math.exp(min(row[f"logit_{end}"], 700.0)) for end in ("mean", "q05", "q95")}
    return {
        "what": _TERMS[row["term"]],
        "odds": odds["mean"],
        "odds_q05": odds["q05"],
        "odds_q95": odds["q95"],
    }


def position_sentence(row: Mapping[str, Any]) -> str:
    """Say whether absence goes with position within a party."""
    low, high = row["odds_q05"], row["odds_q95"]
    if low <= 1 <= high:
        return "Whether members of a party are absent more often towards one end of the axis cannot be told."
    end = "right" if low > 1 else "left"
    return f"Within a party, members further to the {end} are absent more often."


def moves_sentence(members: Sequence[Mapping[str, Any]]) -> Markup:
    """Say how far positions would move if absences were evidence of them in this way."""
    known = [row for row in members if row["move"] is not None]
    if not known:
        return Markup("How far positions would move if absences counted as evidence cannot be told from these draws.")
    moved = [row for row in known if abs(row["move"]) > MOVED]
    most = max(known, key=lambda row: abs(row["move"]))
    size = number(abs(most["move"]))
    whose = "no position" if len(known) == len(members) else f"none of {plural(len(known), 'position')}"
    start = "If absences counted as evidence in this way, "
    if not moved:
        text = Markup("{}{} would move by more than {} of its posterior standard deviation.")
        out = text.format(start, whose, number(MOVED))
    else:
        text = Markup(
            "{}{} of {} would move by more than {} of a posterior standard deviation, {} {} (by {} to the {})."
        )
        side = "right" if most["move"] > 0 else "left"
        positions = plural(len(moved), "position")
        which = "that of" if len(moved) == 1 else "most that of"
        out = text.format(start, positions, count(len(known)), number(MOVED), which, named(most["name"]), size, side)
    if len(known) < len(members):
        left = len(members) - len(known)
        out += Markup(" For {} it cannot be told.").format(plural(left, "other member"))
    return out


def _sum(rows: Sequence[Mapping[str, Any]], key: str) -> int:
    return sum(row[key] for row in rows)
