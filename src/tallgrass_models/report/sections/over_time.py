"""The sections of the page over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from ...files.readable import Fault
from ...files.records.fields import Interval
from ...files.records.over_time import DoubtMember
from ...wording.numbers import plural
from ..files.over_time import ChamberOverTime, OverTime
from ..files.rows import Row
from ..page import fields
from ..page.language import listed
from ..page.parts import Bullets, Heading, Part, Section, Text
from ..page.people import named
from ..page.words import called, unit_title
from . import time_sentences as say
from .readable import reason_of
from .time_across import crossed_table, faults_together
from .time_figures import careers_figure
from .time_parts import links_parts, member_field, not_linked, session_field

_SCALES = {
    "parties": "the averages of the Democrats and Republicans in {first} are −1 and +1",
    "spread": "the members in {first} have mean 0 and standard deviation 1, because the parties define no scale there",
}
_SCALES_OF_HOUSE = {
    "parties": "the averages of the {house} Democrats and Republicans in {first} are −1 and +1",
    "spread": "the members of the {chamber} in {first} have mean 0 and standard deviation 1, because its parties "
    "define no scale there",
}
_TOGETHER = (
    "What the members who link the sessions all did together cannot be told from a change of scale. Conversion, and "
    "who moved, are therefore against these members as a group."
)
_TOGETHER_DYNAMIC = (
    "What the members who return all did together can hardly be told from a change of scale. Conversion, and who "
    "moved, are therefore against these members as a group."
)
_ASSUMED = (
    "This fit takes every member to have stood in one place in all sessions. It says nothing of who moved. If anybody "
    "did, its 90 % intervals are too narrow, and averages may be off."
)
_APART = (
    "d: the distance in standard deviations of the members within their parties; it and the overlap do not depend on "
    "the link."
)
_APART_DYNAMIC = "d: the distance in standard deviations of the members within their parties."
_DOUBTS = {
    "same name": "The same name under different ids, counted as different persons",
    "other name": "One id under different names, counted as one person",
    "ambiguous name": "A name that several persons bear, each counted as nobody else in other sessions",
    "one-word name": "A name of one word without a district, counted as nobody else in other sessions",
}


def chamber_section(chamber: ChamberOverTime) -> Section:
    """Make the section of a chamber."""
    title = unit_title(chamber.name)
    if not chamber.facts["linked"]:
        return Section(chamber.name, title, [not_linked(chamber), *_links(chamber)])
    scale = scale_words(chamber)
    parts: list[Part] = _withheld(chamber) or _findings(chamber)
    parts += _steps(chamber, scale)
    parts += [careers_figure(chamber, scale), *_parties(chamber, scale), *_changes(chamber)]
    parts += [] if chamber.constant else _moves(chamber)
    return Section(chamber.name, title, [*parts, *_careers(chamber), *_links(chamber)])


def scale_words(chamber: ChamberOverTime) -> str:
    """Say what the common scale of a chamber is."""
    kind, first = chamber.facts["scale"] or "parties", chamber.title(0)
    if chamber.series.joint:
        return _SCALES_OF_HOUSE[kind].format(house=called().whose("house"), chamber=unit_title("house"), first=first)
    return _SCALES[kind].format(first=first)


def _withheld(chamber: ChamberOverTime) -> list[Part]:
    """Say which fits cannot be read, in place of the sentences."""
    if fit := chamber.together:
        why = reason_of(Fault(fit["fault"])) if fit["fault"] else ""
        return [Text(escape(f"Sentences on this chamber are withheld: {why}."), "bad")] if why else []
    if chamber.series.joint:
        found = faults_together(chamber.series)
    else:
        found = [f"{chamber.series.title(one['session'])}: {reason_of(Fault(fault))}" for one, fault in chamber.faults]
    if not found:
        return []
    return [Text(escape(f"Sentences on this chamber are withheld. {'; '.join(found)}."), "bad")]


def _findings(chamber: ChamberOverTime) -> list[Part]:
    first, last = chamber.title(0), chamber.title(-1)
    ends = [chamber.tables.chambers[0], chamber.tables.chambers[-1]]
    said: list[str | Markup | None] = [say.polarisation(ends[1], first, last)]
    whole = [row for row in chamber.tables.changes if _pair(row) == _ends(chamber)]
    said += [say.party_change(row, first, last, chamber.constant) for row in whole]
    said += [say.overlapping(row, chamber.series.title(row["session"])) for row in ends]
    for before, after in _pairs(chamber):
        rows = [row for row in chamber.tables.moves if _pair(row) == (before, after)]
        if rows:
            said.append(say.who_moved(rows, *(chamber.series.title(name) for name in (before, after))))
    bullets = Bullets([escape(text) for text in said if text])
    if chamber.constant:
        return [Text(_ASSUMED, "note"), bullets]
    return [bullets, Text(_TOGETHER_DYNAMIC if chamber.together else _TOGETHER, "note")]


def _steps(chamber: ChamberOverTime, scale: str) -> list[Part]:
    """Say how far members step, if they do, and compare with the link; nothing without a fit of all sessions."""
    if "constant" in chamber.facts:
        heading = Heading(f"{chamber.name}-methods-heading", "One fit of all sessions, and fits of each")
        return [heading, _side_by_side(chamber, "constant", chamber.facts["constant"]["compared"])]
    fit = chamber.facts.get("dynamic")
    if fit is None:
        return []
    steps = [{"party": row["party"], **_flat("step", row["step"])} for row in fit["steps"]]
    of_steps = fields.table(
        f"{chamber.name}-steps",
        "How far members step from one session to the next",
        steps,
        [fields.party(), fields.number("Step", "step_median"), fields.span("step")],
        f"Standard deviation of the steps of a party’s members, on this scale: {scale}. Of "
        f"{plural(fit['n_careers'], 'career')}, {plural(fit['n_steps'], 'step')} enter. Who is counted with another "
        f"party begins a new career ({plural(fit['n_new_careers'], 'time')}).",
    )
    heading = Heading(f"{chamber.name}-steps-heading", "How far members step")
    return [heading, of_steps, _side_by_side(chamber, "dynamic", fit["compared"])]


def _side_by_side(chamber: ChamberOverTime, method: str, rows: Sequence[Mapping[str, Any]]) -> Part:
    """Show the averages by a fit of all sessions beside those by the link."""
    none = dict.fromkeys(("link_median", "link_q05", "link_q95"))
    compared = [
        {**none, **row, **_flat(method, row[method]), **(_flat("link", row["link"]) if row["link"] else {})}
        for row in rows
    ]
    independent = "Both ways take the moves of members to be independent of each other."
    if method == "constant":
        independent = "The link allows that members move, each for herself."
    reason = chamber.facts.get("link_reason")
    broken = f" The separate fits are on no common scale: {reason}." if reason else ""
    return fields.table(
        f"{chamber.name}-methods",
        "The averages by the fit of all sessions and by the link of separate fits",
        compared,
        [
            session_field(chamber.series),
            fields.party(),
            fields.place("All sessions", f"{method}_median"),
            fields.span(method),
            fields.place("Link", "link_median"),
            fields.span("link"),
        ],
        f"The link puts fits of single sessions on one scale, by the members who return. {independent}{broken}",
        folded=True,
    )


def _parties(chamber: ChamberOverTime, scale: str) -> list[Part]:
    session = session_field(chamber.series)
    parties = fields.table(
        f"{chamber.name}-parties",
        "Averages and spreads of the parties",
        chamber.tables.parties,
        [
            session,
            fields.party(),
            fields.whole("Members", "n"),
            fields.place("Average", "place_median"),
            fields.span("place"),
            fields.number("Spread", "spread_median"),
            fields.span("spread"),
        ],
        f"On one scale: {scale}. The spread is the standard deviation of the members about their party’s average.",
    )
    apart = fields.table(
        f"{chamber.name}-distance",
        "Distance and overlap of the parties",
        chamber.tables.chambers,
        [
            session,
            fields.number("Distance", "distance_median"),
            fields.span("distance"),
            fields.number("Times the first", "ratio_median"),
            fields.span("ratio"),
            fields.chance("Wider than before", "p_wider_than_before"),
            fields.share("Overlap", "overlap_median", 1),
            fields.share_span("overlap", digits=1),
            fields.number("d", "d_median"),
            fields.span("d"),
        ],
        "Distance of the parties’ averages, and as a multiple of that in the first session. Overlap: share of pairs of "
        "a Democrat and a Republican in which the Democrat stands to the right. "
        + (_APART_DYNAMIC if chamber.together else _APART),
    )
    return [Heading(f"{chamber.name}-parties-heading", "Parties"), parties, apart]


def _changes(chamber: ChamberOverTime) -> list[Part]:
    converted = [fields.place("Conversion", "conversion_median"), fields.span("conversion")]
    note = (
        "Conversion is the change of the average of those who stayed. Replacement is what those who left and those who "
        "came, from another party too, did to the average. The two add up to the change."
    )
    if chamber.constant:
        converted = []
        note = (
            "Replacement is what those who left and those who came, from another party too, did to the average. This "
            "fit does not ask whether those who stayed moved."
        )
    table = fields.table(
        f"{chamber.name}-changes",
        "Change of the parties’ averages by replacement" + (" and by conversion" if converted else ""),
        chamber.tables.changes,
        [
            session_field(chamber.series, "before", "From"),
            session_field(chamber.series, "after", "To"),
            fields.party(),
            fields.place("Change", "change_median"),
            fields.span("change"),
            *converted,
            fields.place("Replacement", "replacement_median"),
            fields.span("replacement"),
            fields.whole("Stayed", "n_stayed"),
            fields.whole("Left", "n_left"),
            fields.whole("Came", "n_came"),
        ],
        note,
    )
    return [Heading(f"{chamber.name}-changes-heading", "Why the averages moved"), table]


def _moves(chamber: ChamberOverTime) -> list[Part]:
    table = fields.table(
        f"{chamber.name}-moves",
        "Returning members, from each session to the next",
        sorted(chamber.tables.moves, key=lambda row: -abs(row["change_median"])),
        [
            member_field(),
            fields.party("party_after", choices=True),
            session_field(chamber.series, "before", "From", choices=True),
            session_field(chamber.series, "after", "To"),
            fields.place("Change", "change_median"),
            fields.span("change"),
            fields.chance("To the right", "p_right"),
            fields.words("No step because" if chamber.together else "No bridge because", "reason", choices=True),
        ],
        interactive=True,
        folded=True,
    )
    return [Heading(f"{chamber.name}-moves-heading", "Who moved"), table]


def _careers(chamber: ChamberOverTime) -> list[Part]:
    people: dict[str, list[Row]] = {}
    for row in chamber.tables.members:
        people.setdefault(row["person"], []).append(row)
    rows = [
        {
            **own[-1],
            "n_sessions": len({row["session"] for row in own}),
            "first_median": own[0]["place_median"],
            "last_median": own[-1]["place_median"],
        }
        for own in people.values()
    ]
    table = fields.table(
        f"{chamber.name}-members",
        "Careers: a name opens the positions in all sessions",
        sorted(rows, key=lambda row: row["last_median"]),
        [
            member_field(),
            fields.party(choices=True),
            fields.whole("Sessions", "n_sessions"),
            session_field(chamber.series, "first_session", "First"),
            session_field(chamber.series, "last_session", "Last", choices=True),
            fields.place("Position in the first", "first_median"),
            fields.place("Position in the last", "last_median"),
            fields.span("place", "90 % interval in the last"),
        ],
        interactive=True,
    )
    return [Heading(f"{chamber.name}-members-heading", "Careers"), table]


def _links(chamber: ChamberOverTime) -> list[Part]:
    if chamber.together or chamber.series.joint:
        return []
    return links_parts(chamber.name, chamber.series, chamber.facts["links"])


def people_section(series: OverTime) -> Section:
    """Say who changed chamber or party, and who may or may not be one person."""
    content, parts = series.content, list[Part]()
    crossed = crossed_table(series)
    for found, what in ((content["changed_party"], "party"), (content["changed_chamber"], "chamber")):
        items = [
            Markup("{}: {} in {}, {} in {}").format(
                named(one["name"]),
                *(_word(one["was"], what), series.title(one["before"])),
                *(_word(one["became"], what), series.title(one["after"])),
            )
            for one in found
        ]
        heading = f"Counted with another {what}" if what == "party" else "From one chamber to the other"
        parts.append(Heading(f"people-{what}", heading))
        shown = crossed if what == "chamber" and crossed else Bullets(items)
        parts.append(shown if items else Text("Nobody."))
    if content["changed_chamber"] and not series.joint:
        why = "Nothing is said of how these members’ positions changed, because each chamber has its own scale."
        parts.append(Text(why, "note"))
    parts.append(Heading("people-doubts", "Who may or may not be one person"))
    doubts = [
        Markup("{}: {}").format(_DOUBTS[doubt["reason"]], listed([_who(series, one) for one in doubt["members"]]))
        for doubt in content["doubts"]
    ]
    cases = Bullets(doubts, folded=plural(len(doubts), "case"))
    parts.append(cases if doubts else Text("No doubts: names and ids agree."))
    return Section("people", "People", parts)


def _flat(stem: str, interval: Interval) -> dict[str, float]:
    return {f"{stem}_median": interval["median"], f"{stem}_q05": interval["q05"], f"{stem}_q95": interval["q95"]}


def _who(series: OverTime, one: DoubtMember) -> Markup:
    places = named(one["legislator"]), named(series.title(one["session"]))
    return Markup("{} ({}, {})").format(named(one["name"]), *places)


def _word(word: str, what: str) -> str:
    return unit_title(word) if what == "chamber" else word


def _pair(row: Row) -> tuple[str, str]:
    return row["before"], row["after"]


def _pairs(chamber: ChamberOverTime) -> list[tuple[str, str]]:
    return list(pairwise(one["session"] for one in chamber.sessions))


def _ends(chamber: ChamberOverTime) -> tuple[str, str]:
    return chamber.sessions[0]["session"], chamber.sessions[-1]["session"]
