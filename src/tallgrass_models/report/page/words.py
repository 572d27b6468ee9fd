"""Numbers and names as people read them. Everything here returns text or markup that is already escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from ...votes.unit import Unit
from ..files.records import Member

NOT_KNOWN = "–"
_UNIT_TITLES: dict[str, str] = {unit: unit.heading for unit in Unit} | {"both": "Both"}
PARTY_LETTERS = {"Democrat": "D", "Republican": "R"}
PARTY_CLASSES = {"Democrat": "dem", "Republican": "rep"}
_PARTY_SIGNS = {"Democrat": "●", "Republican": "◆"}


def unit_title(name: str) -> str:
    """Return the name of a chamber or fit for people."""
    return _UNIT_TITLES.get(name, name)


def number(value: float | None, digits: int = 2) -> str:
    """Format a number with a real minus sign and thousands separated; an en dash if it is not known."""
    if value is None:
        return NOT_KNOWN
    text = f"{value:,.{digits}f}"
    zero = not any(c in "123456789" for c in text)
    return text.lstrip("-") if zero else text.replace("-", "−")


def count(value: float | None) -> str:
    """Format a whole number."""
    return number(value, 0)


def signed(value: float | None, digits: int = 2) -> str:
    """Format a number that shows its sign even when positive, as positions on the axis do."""
    text = number(value, digits)
    return f"+{text}" if value is not None and value > 0 and any(c in "123456789" for c in text) else text


def percent(value: float | None, digits: int = 0) -> str:
    """Format a share as a percentage."""
    return NOT_KNOWN if value is None else f"{number(100 * value, digits)}\u00a0%"


def interval(low: float | None, high: float | None, digits: int = 2) -> str:
    """Format an interval, as ``−7.42 to −6.31``."""
    return NOT_KNOWN if low is None or high is None else f"{number(low, digits)} to {number(high, digits)}"


def ranks(low: float | None, high: float | None) -> str:
    """Format a rank, or the ranks from one to another."""
    if low is None or high is None:
        return NOT_KNOWN
    return count(low) if round(low) == round(high) else f"{count(low)}–{count(high)}"


def duration(seconds: float | None) -> str:
    """Seconds as people say them."""
    if seconds is None:
        return NOT_KNOWN
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def plural(n: float, one: str, many: str | None = None) -> str:
    """``1 member``, ``2 members``."""
    return f"{count(n)} {one if round(n) == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> Markup:
    """Join parts as ``a, b and c``, each escaped unless it is markup."""
    shown = [escape(part) for part in parts]
    if len(shown) < 2:
        return Markup("").join(shown)
    return Markup("{} and {}").format(Markup(", ").join(shown[:-1]), shown[-1])


def shorten(text: str, length: int) -> str:
    """``text`` on one line, cut to ``length`` characters with an ellipsis."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def sentence(text: str) -> str:
    """``text`` with a capital and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def named(text: str, length: int = 80) -> Markup:
    """Return a name from the data, isolated so that right-to-left text does not reorder its surroundings."""
    return Markup("<bdi>{}</bdi>").format(shorten(text, length) or NOT_KNOWN)


def member_label(member: Member, with_chamber: bool = False) -> Markup:
    """Name and party of a member, for a sentence: ``Ann Smith (R)`` or ``Ann Smith (R, House)``."""
    letter = PARTY_LETTERS.get(member.party, member.party)
    letter = f"{letter}, {unit_title(member.chamber)}" if with_chamber else letter
    return Markup('<b class="{}">{} ({})</b>').format(
        PARTY_CLASSES.get(member.party, "minor"), named(member.name), letter
    )


def member_words(row: Mapping[str, Any]) -> Markup:
    """Name and party of a row with columns ``name`` and ``party``, for a sentence."""
    party = str(row["party"])
    letter = PARTY_LETTERS.get(party, party)
    return Markup('<b class="{}">{} ({})</b>').format(PARTY_CLASSES.get(party, "minor"), named(row["name"]), letter)


def party_label(party: str) -> Markup:
    """Return a party by sign, colour and word."""
    return Markup('<span class="{}"><span aria-hidden="true">{}</span> {}</span>').format(
        PARTY_CLASSES.get(party, "minor"), _PARTY_SIGNS.get(party, "▲"), named(party)
    )
