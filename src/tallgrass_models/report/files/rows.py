"""Files whose rows the page shows as they are: CSV rows by column name, JSON by key."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...errors import UserError
from ...files.atomic import read_json
from ...files.untrusted import unguarded

#: Columns that are words whatever they look like: a member may be called ``NA``, a bill ``1``.
WORDS = frozenset(
    {"name", "legislator", "party", "chamber", "name_a", "name_b", "legislator_a", "legislator_b", "party_a", "party_b"}
    | {"unit", "vote", "rollcall", "item", "bill", "title", "motion", "date", "cast", "house_vote", "senate_vote"}
    | {"other", "reason", "end", "pivot", "statistic", "quantity", "component", "diagnosis", "block", "element"}
    | {"experiment", "reference", "group", "key", "value", "max_rank_member", "by", "on", "caucus"}
)
# Characters that neither HTML nor SVG can carry: controls, lone surrogates, noncharacters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

TRUTHS = {"True": True, "False": False, "true": True, "false": False}


class Row(dict[str, Any]):
    """A row or an object of a file; a missing key is an error that names the file."""

    def __init__(self, values: Mapping[str, Any], source: str) -> None:
        super().__init__(values)
        self.source = source

    def __missing__(self, key: str) -> Any:
        raise UserError(f"{self.source}: no {key!r}; make it again with this version")


def read_rows(path: Path) -> list[Row] | None:
    """The rows of a CSV file; None where there is no such file.

    Cells are numbers, True or False where they read so and their column is not one of `WORDS`; empty ones are None.

    Raises
    ------
    UserError
        If the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            raw = list(csv.DictReader(handle))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path}: cannot be read: {error}") from None
    return [Row({key: _cell(key, text) for key, text in cells.items() if key}, str(path)) for cells in raw]


def read_object(path: Path) -> Row | None:
    """A JSON file that holds one object; None where there is no such file."""
    if not path.exists():
        return None
    found = printable(read_json(path))
    if not isinstance(found, dict):
        raise UserError(f"{path}: not a JSON object")
    return as_row(found, str(path))


def as_row(values: Mapping[str, Any], source: str) -> Row:
    """An object whose missing keys are errors, all the way down."""
    return Row({key: _deep(value, source) for key, value in values.items()}, source)


def as_rows(values: Sequence[Mapping[str, Any]] | None, source: str) -> list[Row]:
    """Objects whose missing keys are errors."""
    return [as_row(value, source) for value in values or ()]


def _deep(value: Any, source: str) -> Any:
    if isinstance(value, Mapping):
        return as_row(value, source)
    return [_deep(v, source) for v in value] if isinstance(value, list) else value


def _cell(key: str, text: str | None) -> Any:
    text = text or ""
    plain = str(printable(unguarded(text)))
    if key in WORDS or plain != text:  # what is guarded is a text, also where it reads like a number
        return plain
    if text in TRUTHS:
        return TRUTHS[text]
    try:
        number = float(text)
    except ValueError:
        return text or None
    return number if abs(number) < float("inf") else None


def printable(value: Any) -> Any:
    """``value`` with every character that a page cannot carry shown as U+FFFD, in all its texts."""
    if isinstance(value, str):
        return _UNPRINTABLE.sub("�", value)
    if isinstance(value, Mapping):
        return {printable(k): printable(v) for k, v in value.items()}
    return [printable(v) for v in value] if isinstance(value, list) else value
