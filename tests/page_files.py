"""Small pages that hold data, with texts in them that try to be markup or code."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup

from tallgrass_models.report.page import bars, cells
from tallgrass_models.report.page.columns import interval_column, number_column, picture_column, text_column
from tallgrass_models.report.page.page import Page, write
from tallgrass_models.report.page.parts import Cell, Figure, Part, Section, Table, Text, Value
from tallgrass_models.report.page.people import named
from tallgrass_models.report.page.plots import Words
from tallgrass_models.report.page.scatter import Group, Look, scatter

HOSTILE = [
    '</script><script>alert("x")</script>',
    "<!-- <script>",
    "\"quotes\" and 'quotes' and \\",
    "line\u2028separator and paragraph\u2029separator",
    "\u202eright to left\u2066",
    "<img src=x onerror=alert(1)> &lt;img src=y&gt;",
    "__proto__",
]
BLOCK = {"members": [{"name": text, "at": [-1.25, None, True]} for text in HOSTILE], **dict.fromkeys(HOSTILE, 1)}
N_ROWS = 230
SCALE = bars.Scale.of([(-3, 3)])
PARTIES = ["Democrat", "Republican", HOSTILE[5], "Law & Order"]


def page_of(*parts: Part, **data: object) -> Page:
    """Return a page with one section."""
    return Page("Title", "", "Heading", "", [Section("only", "Only section", [Text("Words."), *parts])], data)


PAGE = page_of(people=BLOCK)


def written(page: Page, folder: Path) -> str:
    """Write a page to ``page.html`` and return its text."""
    write(page, folder / "page.html", folder / "figures", folder / "tables")
    return (folder / "page.html").read_text(encoding="utf-8")


def name_of(row: int) -> str:
    """Return the name in a row; those of the first rows are hostile."""
    return HOSTILE[row] if row < len(HOSTILE) else f"Member {row:03d}"


def shown(*rows: int) -> list[str]:
    """Return names as the page shows them, in one line."""
    return [" ".join(name_of(row).split()) for row in rows]


def score_of(row: int) -> float | None:
    """Return the number in a row: their order as texts is another one, and one is missing."""
    return None if row == 100 else (row * 37 % N_ROWS - 115) * 1.001


def long_table(identifier: str = "long", n: int = N_ROWS, folded: bool = False) -> Table:
    """Make a table with names, pictures, parties, numbers and intervals."""
    columns = [text_column("Name"), picture_column(bars.axis(SCALE)), text_column("Party", choices=True)]
    columns += [number_column("Score"), interval_column("score")]
    return Table(identifier, "Everybody", columns, [_row(k) for k in range(n)], folded=folded, interactive=True)


def _row(k: int) -> Sequence[Cell]:
    party, score = PARTIES[k % 4], score_of(k)
    drawn = Value(bars.interval(SCALE, (k / 100 - 1, k / 100 - 1.5, k / 100), party), ())
    label = named(name_of(k), 200) + Markup("<br><small>until 28 April</small>" if k == 7 else "")
    return [Value(label, name_of(k)), drawn, cells.party(party), cells.num(score), cells.span(score, (score or 0) + 1)]


def picture(identifier: str, n: int) -> Figure:
    """Draw a folded picture of ``n`` markers; the first are called as hostile members are."""
    points = Group(
        HOSTILE[5], Look("o", "#1b62a8"), [k * 7 % n for k in range(n)], list(range(n)), [name_of(k) for k in range(n)]
    )
    words = Words(identifier, f"Scatter plot of {n} markers, {HOSTILE[0]}", "Everything.", "first", "second")
    return replace(scatter(words, [points]), folded=f"A picture of {n}")
