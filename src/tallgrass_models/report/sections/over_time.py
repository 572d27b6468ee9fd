"""The sections of the page over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from ...files.readable import Fault
from ...files.records.fields import Interval
from ...files.records.over_time import DoubtMember, TimeCompared
from ...wording.numbers import plural
from ..files.over_time import ChamberOverTime, OverTime
from ..files.rows import Row
from ..page import fields
from ..page.fields import Field
from ..page.language import listed
from ..page.links import member_link
from ..page.parts import Bullets, Column, Heading, Part, Section, Text, Value, missing
from ..page.people import named
from ..page.words import unit_title
from . import time_sentences as say
from .readable import reason_of
from .time_figures import careers_figure

_SCALES = {
    "parties": "the averages of the Democrats and Republicans in {first} are −1 and +1",
    "spread": "the members in {first} have mean 0 and standard deviation 1, because the parties define no scale there",
}
_TOGETHER = (
    "What the members who link the sessions all did together cannot be told from a change of scale. Conversion, and "
    "who moved, are therefore against these members as a group."
)
_TOGETHER_DYNAMIC = (
    "What the members who return all did together can hardly be told from a change of scale. Conversion, and who "
    "moved, are therefore against these members as a group."
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
        return Section(chamber.name, title, [_not_linked(chamber), *_links(chamber)])
    scale = scale_words(chamber)
    parts: list[Part] = _withheld(chamber) or _findings(chamber)
    parts += _steps(chamber, scale)
    parts += [careers_figure(chamber, scale), *_parties(chamber, scale), *_changes(chamber), *_moves(chamber)]
    return Section(chamber.name, title, [*parts, *_careers(chamber), *_links(chamber)])


def scale_words(chamber: ChamberOverTime) -> str:
    """Say what the common scale of a chamber is."""
    return _SCALES[chamber.facts["scale"] or "parties"].format(first=chamber.title(0))


def _withheld(chamber: ChamberOverTime) -> list[Part]:
    """Say which fits cannot be read, in place of the sentences."""
    if fit := chamber.facts.get("dynamic"):
        why = reason_of(Fault(fit["fault"])) if fit["fault"] else ""
        return [Text(escape(f"Sentences on this chamber are withheld: {why}."), "bad")] if why else []
    found = [f"{chamber.series.title(one['session'])}: {reason_of(Fault(fault))}" for one, fault in chamber.faults]
    if not found:
        return []
    return [Text(escape(f"Sentences on this chamber are withheld. {'; '.join(found)}."), "bad")]


def _findings(chamber: ChamberOverTime) -> list[Part]:
    first, last = chamber.title(0), chamber.title(-1)
    ends = [chamber.tables.chambers[0], chamber.tables.chambers[-1]]
    said: list[str | Markup | None] = [say.polarisation(ends[1], first, last)]
    whole = [row for row in chamber.tables.changes if _pair(row) == _ends(chamber)]
    said += [say.party_change(row, first, last) for row in whole]
    said += [say.overlapping(row, chamber.series.title(row["session"])) for row in ends]
    for before, after in _pairs(chamber):
        rows = [row for row in chamber.tables.moves if _pair(row) == (before, after)]
        if rows:
            said.append(say.who_moved(rows, *(chamber.series.title(name) for name in (before, after))))
    note = _TOGETHER_DYNAMIC if chamber.facts.get("dynamic") else _TOGETHER
    return [Bullets([escape(text) for text in said if text]), Text(note, "note")]


def _steps(chamber: ChamberOverTime, scale: str) -> list[Part]:
    """Say how far members step, and compare with the link; nothing without a fit of all sessions together."""
    fit = chamber.facts.get("dynamic")
    if fit is None:
        return []
    steps = [{"party": row["party"], **_flat("step", row["step"])} for row in fit["steps"]]
    compared = [
        {"link_median": None, "link_q05": None, "link_q95": None, **row, **_both(row)} for row in fit["compared"]
    ]
    of_steps = fields.table(
        f"{chamber.name}-steps",
        "How far members step from one session to the next",
        steps,
        [fields.party(), fields.number("Step", "step_median"), fields.span("step")],
        f"Standard deviation of the steps of a party’s members, on this scale: {scale}. Of "
        f"{plural(fit['n_careers'], 'career')}, {plural(fit['n_steps'], 'step')} enter. Who is counted with another "
        f"party begins a new career ({plural(fit['n_new_careers'], 'time')}).",
    )
    reason = chamber.facts.get("link_reason")
    broken = f" The separate fits are on no common scale: {reason}." if reason else ""
    side_by_side = fields.table(
        f"{chamber.name}-methods",
        "The averages by the fit of all sessions and by the link of separate fits",
        compared,
        [
            _session_field(chamber),
            fields.party(),
            fields.place("All sessions", "dynamic_median"),
            fields.span("dynamic"),
            fields.place("Link", "link_median"),
            fields.span("link"),
        ],
        "The link puts fits of single sessions on one scale, by the members who return. Both ways take the moves of "
        f"members to be independent of each other.{broken}",
        folded=True,
    )
    return [Heading(f"{chamber.name}-steps-heading", "How far members step"), of_steps, side_by_side]


def _parties(chamber: ChamberOverTime, scale: str) -> list[Part]:
    session = _session_field(chamber)
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
        + (_APART_DYNAMIC if chamber.facts.get("dynamic") else _APART),
    )
    return [Heading(f"{chamber.name}-parties-heading", "Parties"), parties, apart]


def _changes(chamber: ChamberOverTime) -> list[Part]:
    table = fields.table(
        f"{chamber.name}-changes",
        "Change of the parties’ averages by replacement and by conversion",
        chamber.tables.changes,
        [
            _session_field(chamber, "before", "From"),
            _session_field(chamber, "after", "To"),
            fields.party(),
            fields.place("Change", "change_median"),
            fields.span("change"),
            fields.place("Conversion", "conversion_median"),
            fields.span("conversion"),
            fields.place("Replacement", "replacement_median"),
            fields.span("replacement"),
            fields.whole("Stayed", "n_stayed"),
            fields.whole("Left", "n_left"),
            fields.whole("Came", "n_came"),
        ],
        "Conversion is the change of the average of those who stayed. Replacement is what those who left and those who "
        "came, from another party too, did to the average. The two add up to the change.",
    )
    return [Heading(f"{chamber.name}-changes-heading", "Why the averages moved"), table]


def _moves(chamber: ChamberOverTime) -> list[Part]:
    table = fields.table(
        f"{chamber.name}-moves",
        "Returning members, from each session to the next",
        sorted(chamber.tables.moves, key=lambda row: -abs(row["change_median"])),
        [
            _member_field(),
            fields.party("party_after", choices=True),
            _session_field(chamber, "before", "From", choices=True),
            _session_field(chamber, "after", "To"),
            fields.place("Change", "change_median"),
            fields.span("change"),
            fields.chance("To the right", "p_right"),
            fields.words(
                "No step because" if chamber.facts.get("dynamic") else "No bridge because", "reason", choices=True
            ),
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
            _member_field(),
            fields.party(choices=True),
            fields.whole("Sessions", "n_sessions"),
            _session_field(chamber, "first_session", "First"),
            _session_field(chamber, "last_session", "Last", choices=True),
            fields.place("Position in the first", "first_median"),
            fields.place("Position in the last", "last_median"),
            fields.span("place", "90 % interval in the last"),
        ],
        interactive=True,
    )
    return [Heading(f"{chamber.name}-members-heading", "Careers"), table]


def _links(chamber: ChamberOverTime) -> list[Part]:
    if "dynamic" in chamber.facts:
        return []
    links = chamber.facts["links"]
    made = [link for link in links if link["A"]]
    said = [say.bridges(link, *(chamber.series.title(link[key]) for key in ("before", "after"))) for link in made]
    rows = [
        {
            **link,
            **{f"{stem}_{name}": value for stem in ("A", "B") for name, value in (link[stem] or {}).items()},
            "mirrored": "yes" if link["mirrored"] else "no",
        }
        for link in made
    ]
    parts: list[Part] = [Heading(f"{chamber.name}-links-heading", "What links the sessions")]
    if said:
        parts += [Bullets([escape(text) for text in said])]
        parts.append(
            fields.table(
                f"{chamber.name}-links",
                "Links from each session to the next",
                rows,
                [
                    _session_field(chamber, "before", "Earlier"),
                    _session_field(chamber, "after", "Later"),
                    fields.whole("Returned", "n_returning"),
                    fields.whole("Bridges", "n_used"),
                    fields.whole("Moved", "n_moved"),
                    fields.number("Correlation", "correlation"),
                    fields.number("Drift", "drift"),
                    fields.number("A", "A_median"),
                    fields.span("A"),
                    fields.number("B", "B_median"),
                    fields.span("B"),
                ],
                "A and B bring the scale of the later fit to that of the earlier. A is negative where one of the two "
                "fits runs from right to left. Drift: how far a bridging member typically moves, in standard "
                "deviations of the bridging members.",
                folded=True,
            )
        )
    return parts if said else []


def people_section(series: OverTime) -> Section:
    """Say who changed chamber or party, and who may or may not be one person."""
    content, parts = series.content, list[Part]()
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
        parts.append(Bullets(items) if items else Text("Nobody."))
    if content["changed_chamber"]:
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


def _both(row: TimeCompared) -> dict[str, float]:
    return _flat("dynamic", row["dynamic"]) | (_flat("link", row["link"]) if row["link"] else {})


def _flat(stem: str, interval: Interval) -> dict[str, float]:
    return {f"{stem}_median": interval["median"], f"{stem}_q05": interval["q05"], f"{stem}_q95": interval["q95"]}


def _who(series: OverTime, one: DoubtMember) -> Markup:
    places = named(one["legislator"]), named(series.title(one["session"]))
    return Markup("{} ({}, {})").format(named(one["name"]), *places)


def _word(word: str, what: str) -> str:
    return unit_title(word) if what == "chamber" else word


def _session_field(
    chamber: ChamberOverTime, key: str = "session", title: str = "Session", choices: bool = False
) -> Field:
    column = Column(title, numeric=False, choices=choices, keys=(key,))
    return Field(column, lambda row: Value(named(chamber.series.title(row[key])), row[key]))


def _member_field() -> Field:
    column = Column("Member", numeric=False, keys=("name", "person"))

    def cell(row: Mapping[str, Any]) -> Value:
        shown = member_link(row["chamber"], row["person"], named(row["name"], 120))
        return Value(shown, (row["name"], row["person"]))

    return Field(column, cell)


def _pair(row: Row) -> tuple[str, str]:
    return row["before"], row["after"]


def _pairs(chamber: ChamberOverTime) -> list[tuple[str, str]]:
    return [(link["before"], link["after"]) for link in chamber.facts["links"]]


def _ends(chamber: ChamberOverTime) -> tuple[str, str]:
    return chamber.sessions[0]["session"], chamber.sessions[-1]["session"]


def _not_linked(chamber: ChamberOverTime) -> Text:
    """Say why there is no common scale; the reason names sessions as the configuration does."""
    return missing(f"The sessions are not on one scale: {chamber.facts['reason']}.")
