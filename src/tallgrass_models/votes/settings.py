"""What the keys of a source may hold: each check returns the value to keep, or raises ValueError with what is wrong.

Needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import codecs
import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Check = Callable[[Any], Any]
#: What each check lets pass, as JSON Schema.
_SHAPES: dict[Check, dict[str, Any]] = {}
_TEXT = {"type": "string"}
_NOT_BLANK = {"type": "string", "pattern": r"\S"}


def shaped(shape: dict[str, Any]) -> Callable[[Check], Check]:
    """Say of a check, as JSON Schema, what it lets pass: for editors, which cannot run it.

    The shape may let pass more than the check does, never less.
    """

    def mark(check: Check) -> Check:
        _SHAPES[check] = shape
        return check

    return mark


def shape_of(check: Check) -> dict[str, Any]:
    """Return what a check lets pass, as JSON Schema.

    Raises
    ------
    KeyError
        If the check does not say.
    """
    return _SHAPES[check]


@dataclass(frozen=True)
class Key:
    """A key of a session: its check, and whether a session of the source must have it."""

    check: Check
    needed: bool = True


@shaped(_TEXT)
def text(value: Any) -> str:
    """Any text that can be the name of a file or folder."""
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {value!r}")
    if "\0" in value:
        raise ValueError(f"holds a zero byte: {value!r}")
    return value


def whole(low: int, high: int = 2**31 - 1) -> Check:
    """Make a check that a value is a whole number from ``low`` to ``high``, both included."""

    @shaped({"type": "integer", "minimum": low, "maximum": high})
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {value!r}")
        return value

    return check


def one_of(*known: str) -> Check:
    """One of the words ``known``."""

    @shaped({"enum": list(known)})
    def check(value: Any) -> str:
        if value not in known:
            raise ValueError(f"must be one of {', '.join(known)}, not {value!r}")
        return str(value)

    return check


@shaped({"type": "array", "items": _NOT_BLANK, "minItems": 1})
def texts(value: Any) -> list[str]:
    """Check that a value is a list of texts, none of them blank."""
    if not isinstance(value, list) or not value or not all(isinstance(one, str) and one.strip() for one in value):
        raise ValueError(f"must be a list of texts such as [final passage], not {value!r}")
    return value


#: What columns of a long table may be: keys, what is known of a vote's member, and of its roll call.
COLUMNS = (
    *("member", "rollcall", "vote", "chamber"),
    *("name", "party", "district", "state", "person", "score"),
    *("date", "bill", "title", "motion", "yea", "nay"),
)
#: What a vote word may stand for.
_VOTES = {"yea": "Yea", "nay": "Nay", "missing": "missing"}
_WORDS = ("votes", "parties", "chambers")


@shaped({"type": "object", "properties": dict.fromkeys(COLUMNS, _NOT_BLANK), "additionalProperties": False})
def columns(value: Any) -> dict[str, str]:
    """Check that a value is a mapping of `COLUMNS` to names of columns in the files."""
    if not isinstance(value, dict):
        raise ValueError(f"must be a mapping such as {{member: Legislator, vote: Vote}}, not {value!r}")
    for key, name in value.items():
        if key not in COLUMNS:
            close = difflib.get_close_matches(str(key), COLUMNS, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(COLUMNS)}"
            raise ValueError(f"{key!r} is nothing that is read; {hint}")
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"{key}: must be the name of a column, not {name!r}")
    return {str(key): name.strip() for key, name in value.items()}


def _any_case(word: str) -> str:
    return "".join(f"[{letter.upper()}{letter.lower()}]" for letter in word)


_MEANINGS = {
    "votes": {"type": "string", "pattern": f"^({'|'.join(map(_any_case, _VOTES))})$"},
    "parties": _NOT_BLANK,
    "chambers": {"enum": ["house", "senate"]},
}


@shaped(
    {
        "type": "object",
        "properties": {part: {"type": "object", "additionalProperties": shape} for part, shape in _MEANINGS.items()},
        "additionalProperties": False,
    }
)
def words(value: Any) -> dict[str, dict[str, str]]:
    """Words of the files under ``votes``, ``parties`` and ``chambers``, to what they stand for; in small letters."""
    if not isinstance(value, dict):
        raise ValueError(f"must be a mapping such as {{votes: {{Aye: Yea, Excused: missing}}}}, not {value!r}")
    kept: dict[str, dict[str, str]] = {}
    for part, given in value.items():
        if part not in _WORDS:
            raise ValueError(f"unknown key {part!r} (known: {', '.join(_WORDS)})")
        if not isinstance(given, dict):
            raise ValueError(f"{part}: must be a mapping of words, not {given!r}")
        kept[part] = {}
        for word, meaning in given.items():
            for spelled in _spelled(word):
                kept[part][spelled] = _meaning(part, word, meaning)
    return kept


def _spelled(word: Any) -> tuple[str, ...]:
    """How a word of the YAML may stand in a file: YAML itself makes truth values of yes and no, and numbers of 1."""
    if isinstance(word, bool):
        return ("yes", "true", "on") if word else ("no", "false", "off")
    if word is None:
        return ("",)
    if isinstance(word, str | int):
        return (" ".join(str(word).split()).lower(),)
    raise ValueError(f"{word!r} is no word; write it in quotes")


def _meaning(part: str, word: Any, meaning: Any) -> str:
    if part == "votes":
        if str(meaning).lower() not in _VOTES:
            raise ValueError(f"votes: {word!r}: must stand for Yea, Nay or missing, not {meaning!r}")
        return _VOTES[str(meaning).lower()]
    if part == "chambers":
        if meaning not in ("house", "senate"):
            raise ValueError(f"chambers: {word!r}: must stand for house or senate, not {meaning!r}")
        return str(meaning)
    if not isinstance(meaning, str) or not meaning.strip():
        raise ValueError(f"parties: {word!r}: must stand for a party, not {meaning!r}")
    return meaning.strip()


@shaped(_TEXT)
def encoding(value: Any) -> str:
    """Check that a value is an encoding of text that Python knows, and return its name in one spelling."""
    try:
        found = codecs.lookup(text(value))
        "".encode(found.name)
    except (LookupError, UnicodeError):
        raise ValueError(f"{value!r} is no encoding of text; common ones are utf-8, cp1252 and utf-16") from None
    return found.name


@shaped(_TEXT)
def delimiter(value: Any) -> str:
    """Check that a value is what may be between two cells: a character, or the word tab."""
    found = "\t" if value == "tab" else value
    if not isinstance(found, str) or len(found) != 1 or found in '"\r\n' or found.isalnum() or ord(found) > 126:
        raise ValueError(f"must be one character such as ';', or tab, not {value!r}")
    return found


@shaped(_TEXT)
def date_form(value: Any) -> str:
    """How dates are written, as in ``%m/%d/%Y``."""
    day = datetime(2024, 11, 28)
    try:
        good = datetime.strptime(day.strftime(text(value)), value).date() == day.date()
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"must say how a date is written, such as '%m/%d/%Y' for 03/20/2025, not {value!r}")
    return str(value)
