"""Members and parties as people read them: text or markup that is already escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from ...wording.numbers import NOT_KNOWN
from ..files.records import Member
from .language import shorten
from .links import member_link, member_of
from .words import unit_title

PARTY_LETTERS = {"Democrat": "D", "Republican": "R"}


PARTY_CLASSES = {"Democrat": "dem", "Republican": "rep"}
_PARTY_SIGNS = {"Democrat": "●", "Republican": "◆"}


@lru_cache(maxsize=1 << 14)
def named(text: str, length: int = 80) -> Markup:
    """Return a name from the data, isolated so that right-to-left text does not reorder its surroundings."""
    return Markup("<bdi>{}</bdi>").format(shorten(text, length) or NOT_KNOWN)


def member_name(member: Member, length: int = 80) -> Markup:
    """Return a member's name, linked to her story."""
    return member_link(member.chamber, member.legislator, named(member.name, length))


def member_label(member: Member, with_chamber: bool = False) -> Markup:
    """Name and party of a member, for a sentence: ``Ann Smith (R)`` or ``Ann Smith (R, House)``."""
    letter = PARTY_LETTERS.get(member.party, member.party)
    letter = f"{letter}, {unit_title(member.chamber)}" if with_chamber else letter
    return Markup('<b class="{}">{} ({})</b>').format(
        PARTY_CLASSES.get(member.party, "minor"), member_name(member), letter
    )


def member_words(row: Mapping[str, Any]) -> Markup:
    """Name and party of a row with columns ``name`` and ``party``, for a sentence."""
    party = str(row["party"])
    letter = PARTY_LETTERS.get(party, party)
    return Markup('<b class="{}">{} ({})</b>').format(
        PARTY_CLASSES.get(party, "minor"), member_of(row, named(row["name"])), letter
    )


def party_label(party: str) -> Markup:
    """Return a party by sign, colour and word."""
    return Markup('<span class="{}"><span aria-hidden="true">{}</span> {}</span>').format(
        PARTY_CLASSES.get(party, "minor"), _PARTY_SIGNS.get(party, "▲"), named(party)
    )
