"""Writer of the tables of columns in the docs, from the declarations.

`python -m tallgrass_models.files.columns.docs` lists the pages that are not up to date. With ``--fix`` it writes them.
"""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path

from ..atomic import write_text
from ..tables import Column, Table
from . import calibration, checking, comparison, folds, linking, over_time, summary, votes

#: Tables by the name of their block in a page, which ``<!-- columns: NAME -->`` begins and ``<!-- end of columns -->``
#: ends.
TABLES = {
    module.__name__.rpartition(".")[2]: module.TABLES
    for module in (votes, summary, checking, folds, linking, comparison, over_time, calibration)
}
_BLOCK = re.compile(r"(<!-- columns: (\w+) -->\n).*?(<!-- end of columns -->)", re.DOTALL)
_KINDS = {
    "text": "text",
    "word": "word",
    "date": "yyyy-mm-dd",
    "whole": "whole number",
    "number": "number",
    "truth": "True or False",
}


def up_to_date(page: str) -> str:
    """Return the text of a page with its tables of columns as declared.

    Raises
    ------
    KeyError
        If the page names tables that no module declares.
    """
    return _BLOCK.sub(lambda found: found[1] + "\n" + "\n".join(map(_section, TABLES[found[2]])) + found[3], page)


def main(arguments: list[str]) -> int:
    """Check the pages of the docs in the working folder, or write them; return the exit code."""
    old = {path: path.read_text(encoding="utf-8") for path in sorted(Path("docs").glob("*.md"))}
    stale = {path: text for path, page in old.items() if (text := up_to_date(page)) != page}
    for path, text in stale.items():
        if "--fix" in arguments:
            write_text(path, text)
        print(f"{path}: {'written' if '--fix' in arguments else 'not up to date; run this with --fix'}")
    return 1 if stale and "--fix" not in arguments else 0


def _section(table: Table) -> str:
    """Write the heading and the columns of a table; neighbours with equal entries share a line."""
    file = f"`{table.name}.csv`" if not table.file else table.file if "`" in table.file else f"`{table.file}`"
    lines = [f"**{file}** (step `{table.step}`): a row per {table.rows}.", "", "| column | holds | unit | what |"]
    lines.append("|---|---|---|---|")
    for (kind, unit, meaning, empty), same in groupby(table.columns, _said):
        names = ", ".join(f"`{column.name}`" for column in same)
        lines.append(f"| {names} | {_KINDS[kind]}{', or empty' if empty else ''} | {unit} | {meaning} |")
    return "\n".join(lines) + "\n"


def _said(column: Column) -> tuple[str, str, str, bool]:
    return column.kind, column.unit, column.meaning, column.empty


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
