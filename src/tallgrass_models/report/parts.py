"""The pieces a section is put together from; ``kind`` says which template macro shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from markupsafe import Markup

Cell = str | Markup


@dataclass(frozen=True)
class Column:
    """A column: its heading, and whether it holds numbers (set flush right)."""

    title: Cell
    numeric: bool = True


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row is the row's heading. With ``folded`` it opens on demand."""

    kind: ClassVar[str] = "table"
    id: str
    caption: Cell
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: Cell = ""
    folded: bool = False

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.id}: rows and columns do not agree")


@dataclass(frozen=True)
class Figure:
    """A picture: inline SVG that carries its own alternative text, and a caption."""

    kind: ClassVar[str] = "figure"
    id: str
    caption: Cell
    svg: Markup


@dataclass(frozen=True)
class Text:
    """A paragraph; ``tone`` is ``plain``, ``good``, ``bad``, ``note`` or ``missing`` (what is not there)."""

    kind: ClassVar[str] = "text"
    text: Cell
    tone: str = "plain"


@dataclass(frozen=True)
class Heading:
    """A heading one level below the section's."""

    kind: ClassVar[str] = "heading"
    id: str
    text: Cell


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    kind: ClassVar[str] = "bullets"
    items: Sequence[Cell]


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


Part = Table | Figure | Text | Heading | Bullets | Code | Prose


@dataclass(frozen=True)
class Section:
    """A section of the page, in the table of contents under ``title``."""

    id: str
    title: str
    parts: Sequence[Part]


def missing(text: Cell) -> Text:
    """Say what would stand here, and why it does not."""
    return Text(text, "missing")
