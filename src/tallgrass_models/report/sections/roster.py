"""Section on who is in a fit and who is not, on caucuses, and on oddities in the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ...wording.numbers import count, percent
from ..files.data import Report, UnitResults
from ..files.rows import Row, as_rows
from ..page.language import listed, plural, sentence
from ..page.parts import Bullets, Heading, Part, Text, missing
from ..page.people import named
from ..page.words import ranks, unit_title

_NAMES_SHOWN = 12
_WITH = {"Democrat": "Counted with the Democrats", "Republican": "Counted with the Republicans"}
_NEITHER = "Counted with neither party"
#: Headings of the kinds of oddities, in words.
_ODDITIES = {
    "bill": ("roll call is listed under several bills", "roll calls are listed under several bills"),
    "chamber": ("row has no chamber", "rows have no chamber"),
    "committee": ("roll call lists few members", "roll calls list few members"),
    "date": ("roll call has a date but no time", "roll calls have a date but no time"),
    "name": ("member is spelled in several ways", "members are spelled in several ways"),
    "party": ("member has no party in the file", "members have no party in the file"),
    "tally": ("tally does not match the votes", "tallies do not match the votes"),
    "votes": ("roll call has votes that name no member", "roll calls have votes that name no member"),
}


def rosters(unit: UnitResults) -> list[Row]:
    """Return the blocks of a unit's chambers; empty in results that have none."""
    return as_rows(unit.get("roster"), "summary.json, roster")


def tally_warnings(report: Report) -> list[Text]:
    """Say aloud where recorded tallies are not those of the votes on more than one roll call in a hundred."""
    out = []
    for block in _chamber_blocks(report):
        tallies = block["tallies"]
        if tallies and tallies["loud"]:
            text = Markup(
                "<strong>{}: the votes in the files do not match the tallies of the chamber.</strong> On {} of {} with "
                'a tally ({}), the votes add up to something else (<a href="#oddities">examples</a>). Everything on '
                "this page rests on the votes in the files."
            )
            values = [count(tallies["n_unlike"]), plural(tallies["n_recorded"], "roll call")]
            out.append(Text(text.format(unit_title(block["chamber"]), *values, percent(tallies["share"], 1)), "bad"))
    return out


def _chamber_blocks(report: Report) -> list[Row]:
    return [block for unit in report.units.values() if not unit.unit.is_joint for block in rosters(unit)]


def roster_sentences(unit: UnitResults) -> list[Markup]:
    """Say who is counted with whom, who is listed several times, and who is not in the fit."""
    out: list[Markup] = []
    for block in rosters(unit):
        out += [
            *_counted(block["outside_parties"]),
            *_spells(unit, block["spells"]),
            *left_out_sentences(block["left_out"]),
        ]
    return out


def _names(rows: Sequence[Mapping[str, Any]], shown: Sequence[Markup]) -> Markup:
    """Return the first names in a list, and how many more there are."""
    more = len(rows) - _NAMES_SHOWN
    return listed([*shown[:_NAMES_SHOWN], *([f"{count(more)} more"] if more > 0 else [])])


def _counted(rows: Sequence[Row]) -> list[Markup]:
    out = []
    for caucus in ("Democrat", "Republican", "none"):
        here = [row for row in rows if row["caucus"] == caucus]
        if here:
            shown = [Markup("{} ({})").format(named(row["name"]), named(row["party"])) for row in here]
            out.append(Markup("{}: {}.").format(_WITH.get(caucus, _NEITHER), _names(here, shown)))
    return out


def _spells(unit: UnitResults, rows: Sequence[Row]) -> list[Markup]:
    place = {m.legislator.removeprefix(f"{m.chamber}:"): m for m in unit.members or ()}
    out = []
    for row in rows:
        fitted = [place[key] for key in row["legislators"] if key in place]
        text = Markup("{}: {}").format(named(row["name"]), row["story"])
        if len(fitted) == len(row["legislators"]):
            where = listed([ranks(m.rank_q05, m.rank_q95) for m in fitted])
            where += f" of {count(sum(m.chamber == fitted[0].chamber for m in unit.members or ()))}"
            text += Markup(", with a position for each time (ranks {}, in that order)").format(where)
        elif fitted:
            text += Markup(", of which only {} in this fit").format(
                listed([Markup("the time as {} is").format(named(m.party)) for m in fitted])
            )
        out.append(Markup("{}.").format(text))
    return out


def left_out_sentences(rows: Sequence[Row]) -> list[Markup]:
    """Say who is not in a fit, by reason."""
    out = []
    for reason in dict.fromkeys(row["reason"] for row in rows):
        here = [row for row in rows if row["reason"] == reason]
        shown = [Markup("{} ({})").format(named(row["name"]), plural(row["n_votes"], "vote")) for row in here]
        out.append(Markup("Not in this fit ({}): {}.").format(reason, _names(here, shown)))
    return out


def oddity_parts(report: Report) -> list[Part]:
    """Show what the files leave open, and what was read differently from how it stands there."""
    parts: list[Part] = [Heading("oddities", "Oddities in the files")]
    blocks = _chamber_blocks(report)
    if not blocks:
        return [*parts, missing("The results do not record oddities in the files.")]
    said = [text for block in blocks for text in (*_tally_sentences(block), *_oddities(block))]
    return [*parts, Bullets(said) if said else Text("There are none.")]


def _tally_sentences(block: Row) -> list[Markup]:
    tallies, name = block["tallies"], unit_title(block["chamber"])
    if not tallies:
        return []
    if not tallies["n_recorded"]:
        return [Markup("{}: the files have no tallies with which to compare the votes.").format(name)]
    out = []
    if not tallies["n_unlike"] and not tallies["n_explained"]:
        text = Markup("{}: the votes match the tally on all {} that have one.")
        out.append(text.format(name, plural(tallies["n_recorded"], "roll call")))
    if tallies["n_explained"]:
        text = Markup("{}: on {}, some votes name no member. The tallies there have {} more than the other votes.")
        more = plural(tallies["votes_missing"], "vote")
        out.append(text.format(name, plural(tallies["n_explained"], "roll call"), more))
    return out


def _oddities(block: Row) -> list[Markup]:
    out = []
    for kind, found in block["oddities"].items():
        if kind in _ODDITIES:  # the others are told elsewhere
            said = [Markup("{}").format(named(text, 200)) for text in found["examples"][:3]]
            text = Markup("{}: {}, for instance {}") if found["n"] > len(said) else Markup("{}: {}: {}")
            told = text.format(
                unit_title(block["chamber"]), plural(found["n"], *_ODDITIES[kind]), Markup("; ").join(said)
            )
            out.append(Markup(sentence(told)))
    return out
