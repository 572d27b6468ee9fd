"""Links to the stories of members and of roll calls, which scripts of the page open as a panel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from markupsafe import Markup


def story_id(chamber: str, identifier: str) -> str:
    """Return the id of a member or roll call in the page: with the chamber before it, as joint fits have it."""
    has_chamber = identifier.startswith((f"{chamber}:", "both:"))
    return identifier if has_chamber else f"{chamber}:{identifier}"


def member_link(chamber: str, legislator: str, shown: Markup) -> Markup:
    """Link a member's name to her story."""
    return _link("member", story_id(chamber, legislator), shown)


def rollcall_link(chamber: str, vote: str, shown: Markup) -> Markup:
    """Link the name of a roll call to its story."""
    return _link("rollcall", story_id(chamber, vote), shown)


def member_of(row: Mapping[str, Any], shown: Markup) -> Markup:
    """Link the member's name in a row with columns ``legislator`` and ``chamber``; without them, it is no link."""
    legislator, chamber = row.get("legislator"), row.get("chamber")
    return member_link(str(chamber), str(legislator), shown) if legislator and chamber else shown


def rollcall_of(row: Mapping[str, Any], shown: Markup) -> Markup:
    """Link the roll call's name in a row with its id and ``chamber`` or ``chambers``; without them, it is no link."""
    vote, chamber = row.get("rollcall") or row.get("vote"), row.get("chamber") or row.get("chambers")
    return rollcall_link(str(chamber), str(vote), shown) if vote and chamber else shown


def variant_of(row: Mapping[str, Any], shown: Markup) -> Markup:
    """Link the member's name in a row of the comparison to the ranks under all variants."""
    return _link("member", f"{row['group']}:{story_id(row['chamber'], row['legislator'])}", shown)


def _link(kind: str, identifier: str, shown: Markup) -> Markup:
    return Markup('<a href="#{}={}">{}</a>').format(kind, quote(identifier, safe=":"), shown)
