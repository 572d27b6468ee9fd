"""A page from its sections: one HTML text, and its tables and pictures as files of their own."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ...files.atomic import atomic_folder, write_text
from ...files.untrusted import guarded
from . import embedded, long_tables, svg
from .parts import Figure, Part, Raw, Section, Table, Value, raw_row
from .trees import tree

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).resolve().parents[1]
_SCRIPTS = (
    "vendor/dataTables.min.js",
    "vendor/dataTables.dataTables.min.js",
    "vendor/dataTables.columnControl.min.js",
    "vendor/popper.min.js",
    "vendor/tippy-bundle.umd.min.js",
    "scripts/element.js",
    "scripts/data.js",
    "scripts/trees.js",
    "scripts/near.js",
    "scripts/tables.js",
    "scripts/hover.js",
    "scripts/figures.js",
    "scripts/pictures.js",
    "scripts/story_data.js",
    "scripts/story_parts.js",
    "scripts/story_strip.js",
    "scripts/story_member.js",
    "scripts/story_rollcall.js",
    "scripts/story_variants.js",
    "scripts/story_career.js",
    "scripts/story_panel.js",
)
_STYLES = (
    "vendor/dataTables.dataTables.min.css",
    "vendor/columnControl.dataTables.min.css",
    "templates/report.css",
    "templates/stories.css",
)
_LICENCES = ("vendor/LICENSE.datatables", "vendor/LICENSE.popper", "vendor/LICENSE.tippy")


@dataclass(frozen=True)
class Page:
    """Content of a page, before it has a form.

    ``data`` are blocks by name, each of what JSON can hold, for scripts of the page that ask for them
    (``pageData(name)`` in ``scripts/data.js``). ``source`` stands in every picture and says what it is of, ``small`` in
    small print under the heading.
    """

    title: str
    kicker: str
    heading: str
    lead: str
    sections: Sequence[Section]
    data: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""
    small: str = ""

    def tables(self) -> Iterator[Table]:
        """All tables, in reading order."""
        yield from (part for section in self.sections for part in section.parts if isinstance(part, Table))

    def figures(self) -> Iterator[Figure]:
        """All pictures, in reading order."""
        yield from (part for section in self.sections for part in section.parts if isinstance(part, Figure))


def _render(page: Page) -> str:
    """Render the page as one self-contained HTML document; equal pages give equal bytes.

    The policy in its head lets nothing run but the scripts of `_SCRIPTS`, told by their hashes, and nothing be loaded.
    """
    scripts = [_asset(name) for name in _SCRIPTS]
    digests = (hashlib.sha256(text.encode()).digest() for text in scripts)
    hashes = Markup(" ").join(Markup("'sha256-{}'").format(base64.b64encode(d).decode()) for d in digests)
    template = _environment().get_template("base.html.j2")
    styles, licences = ([_asset(name) for name in names] for names in (_STYLES, _LICENCES))
    assets = {"scripts": scripts, "script_hashes": hashes, "styles": styles, "licences": licences}
    return template.render(page=page, blocks=_blocks(page), **assets) + "\n"


def _blocks(page: Page) -> dict[str, str]:
    """Return the data of the page as it stands in the page: its own, long tables and heavy pictures."""
    long = {table.block: long_tables.block(table) for table in page.tables() if table.long}
    heavy = {figure.block: tree(Markup(figure.svg)) for figure in page.figures() if figure.heavy}
    return {name: embedded.packed(block) for name, block in {**page.data, **long, **heavy}.items()}


def write(page: Page, out: Path, figures: Path, tables: Path) -> None:
    """Write the page, a folder with an SVG file per picture, and one with a CSV file per table."""
    pictures = {f.id: svg.render(f.svg, page.source) for f in page.figures() if isinstance(f.svg, svg.Drawing)}
    with atomic_folder(figures) as folder:
        for figure in page.figures():
            alone = pictures[figure.id].alone(Markup(figure.caption).striptags())
            (folder / f"{figure.id}.svg").write_text(alone, encoding="utf-8")
    with atomic_folder(tables) as folder:
        for table in page.tables():
            (folder / f"{table.id}.csv").write_text(_csv_text(table), encoding="utf-8", newline="")
    write_text(out, _render(_illustrated(page, pictures)))


def _illustrated(page: Page, pictures: Mapping[str, svg.Rendered]) -> Page:
    """Return the page with its pictures drawn."""

    def drawn(part: Part) -> Part:
        return replace(part, svg=pictures[part.id].inline) if isinstance(part, Figure) else part

    return replace(page, sections=[replace(s, parts=[drawn(part) for part in s.parts]) for s in page.sections])


def _csv_text(table: Table) -> str:
    """Return a table as CSV: numbers in full, missing values empty.

    Texts are `shown.guarded`.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([guarded(name) for column in table.columns for name in column.names])
    writer.writerows([_csv_cell(raw) for raw in raw_row(table, row)] for row in table.rows)
    return buffer.getvalue()


def _csv_cell(raw: Raw) -> str:
    if raw is None or isinstance(raw, str):
        return guarded(raw or "")
    return f"{raw:.10g}"


@cache
def _asset(name: str) -> Markup:
    """Read a text of the package that goes into the page unchanged; a test sees that it ends no element early."""
    return Markup((_HERE / name).read_text(encoding="utf-8"))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates", encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["value"] = lambda cell: isinstance(cell, Value)
    environment.filters["shown"] = lambda cell: cell.text if isinstance(cell, Value) else cell
    return environment
