"""The pieces a section is put together from; ``kind`` says which template macro shows them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from markupsafe import Markup

from .svg import Drawing

Raw = float | str | None


@dataclass(frozen=True)
class Value:
    """A cell that shows ``text`` and stands for ``raw``: what its column is sorted by, and what the CSV file holds.

    A pair (an interval) is sorted by its first value and fills several CSV columns.
    """

    text: str | Markup
    raw: Raw | tuple[Raw, ...]

    @property
    def raws(self) -> tuple[Raw, ...]:
        """The values of the CSV columns."""
        return self.raw if isinstance(self.raw, tuple) else (self.raw,)


# A table of more rows is long: they would make the page heavy, and nobody reads so many without searching or sorting. A
# folded one is long if it has more than a page, because nobody reads it, or prints it, before unfolding it.
_LONG = 200
ROWS_OF_A_PAGE = 50
# A folded picture of more characters is heavy: one with a marker for each roll call.
_HEAVY = 50_000

_Words = str | Markup
Cell = _Words | Value


def slug(text: str) -> str:
    """Turn a heading into a CSV column name: ``Roll calls`` becomes ``roll_calls``."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


@dataclass(frozen=True)
class Column:
    """A column of a table.

    ``numeric`` columns are set flush right, ``wide`` ones have room for a line of text; ``choices`` lets the reader
    pick among the values that occur. ``keys`` are the CSV columns it fills (by default one, named after the title); a
    column of pictures has none.
    """

    title: _Words
    numeric: bool = True
    choices: bool = False
    wide: bool = False
    keys: tuple[str, ...] | None = None

    @property
    def look(self) -> str:
        """The class of its cells in the page."""
        return "number" if self.numeric else "wide" if self.wide else ""

    @property
    def names(self) -> tuple[str, ...]:
        """The CSV columns."""
        return (slug(Markup(self.title).striptags()),) if self.keys is None else self.keys


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row is the row's heading.

    With ``folded`` it opens on demand; with ``interactive`` it can be searched and sorted where scripts may run. A
    ``long`` one is data of the page, drawn by a script page by page when the reader gets there.
    """

    kind: ClassVar[str] = "table"
    id: str
    caption: _Words
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: _Words = ""
    folded: bool = False
    interactive: bool = False

    def __post_init__(self) -> None:
        names = [name for column in self.columns for name in column.names]
        twice = [name for name, n in Counter(names).items() if n > 1]
        if twice:
            raise ValueError(f"table {self.id}: two columns named {', '.join(twice)}")
        if any(len(row) != len(self.columns) or len(raw_row(self, row)) != len(names) for row in self.rows):
            raise ValueError(f"table {self.id}: rows and columns do not agree")

    @property
    def long(self) -> bool:
        """Whether the rows are data of the page instead of markup."""
        return self.interactive and len(self.rows) > (ROWS_OF_A_PAGE if self.folded else _LONG)

    @property
    def block(self) -> str:
        """The name of its rows in the data of the page."""
        return f"table {self.id}"

    @property
    def rows_as_markup(self) -> Sequence[Sequence[Cell]]:
        """The rows that are markup: of a long table the first page, or none if it is folded."""
        return self.rows if not self.long else () if self.folded else self.rows[:ROWS_OF_A_PAGE]


def raw_row(table: Table, row: Sequence[Cell]) -> list[Raw]:
    """Return the row as its CSV file holds it: numbers in full, text without markup."""
    out: list[Raw] = []
    for column, cell in zip(table.columns, row, strict=False):
        if isinstance(cell, Value):
            out += cell.raws
        elif column.names:
            out.append(cell.striptags() if isinstance(cell, Markup) else cell)
    return out


@dataclass(frozen=True)
class Figure:
    """A picture, how to read it, and whether it opens on demand: ``folded`` is the title it then has.

    ``svg`` is how the picture is drawn until the page is written, and then the drawings themselves. A ``heavy`` one is
    data of the page, shown by a script when the reader unfolds it.
    """

    kind: ClassVar[str] = "figure"
    id: str
    caption: _Words
    svg: Drawing | Markup
    folded: str = ""

    @property
    def heavy(self) -> bool:
        """Whether the picture is data of the page instead of markup; known when the page is written."""
        return bool(self.folded) and isinstance(self.svg, Markup) and len(self.svg) > _HEAVY

    @property
    def block(self) -> str:
        """The name of the picture in the data of the page."""
        return f"figure {self.id}"


@dataclass(frozen=True)
class Text:
    """A paragraph; ``tone`` is ``plain``, ``good``, ``bad``, ``note`` or ``missing`` (what is not there)."""

    kind: ClassVar[str] = "text"
    text: _Words
    tone: str = "plain"


@dataclass(frozen=True)
class Heading:
    """A heading one level below the section's; ``listed`` in the table of contents or not."""

    kind: ClassVar[str] = "heading"
    id: str
    text: _Words
    listed: bool = True


@dataclass(frozen=True)
class Bullets:
    """A list of sentences; with ``folded`` (a title) it opens on demand."""

    kind: ClassVar[str] = "bullets"
    items: Sequence[_Words]
    folded: str = ""


@dataclass(frozen=True)
class Box:
    """A number in a box: the number, what it is, and how it is made up; ``good`` says whether that is good or bad."""

    value: str
    label: str
    detail: str = ""
    good: bool | None = None


@dataclass(frozen=True)
class Boxes:
    """Numbers in boxes, side by side where there is room."""

    kind: ClassVar[str] = "boxes"
    items: Sequence[Box]


@dataclass(frozen=True)
class Code:
    """Text to be copied; with ``summary`` it opens on demand."""

    kind: ClassVar[str] = "code"
    text: str
    summary: str = ""


@dataclass(frozen=True)
class Prose:
    """Longer text that lives in a template of its own, filled in from ``context``."""

    kind: ClassVar[str] = "prose"
    template: str
    context: dict[str, Any] = field(default_factory=dict)


Part = Table | Figure | Text | Heading | Bullets | Boxes | Code | Prose


@dataclass(frozen=True)
class Section:
    """A section of the page, in the table of contents under ``title``."""

    id: str
    title: str
    parts: Sequence[Part]

    @property
    def headings(self) -> list[Heading]:
        """Its subsections, which the table of contents folds under it."""
        return [part for part in self.parts if isinstance(part, Heading) and part.listed]


def missing(text: _Words) -> Text:
    """Say what would stand here, and why it does not."""
    return Text(text, "missing")
