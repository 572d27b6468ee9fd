"""The same variant on several sessions, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from ...config.over_sessions import variant_of
from ...files.records.comparison import Comparison
from ...wording.numbers import NOT_KNOWN, number
from ..files.comparison import SharesRow
from ..page import cells
from ..page.columns import text_column
from ..page.parts import Cell, Column, Part, Table, Value
from ..page.words import interval
from .comparison_members import place


def session_parts(content: Comparison, rows: Sequence[SharesRow]) -> list[Part]:
    """Show the party share of the variance of each variant that is run on several sessions, a column for each.

    Parameters
    ----------
    content
        comparison.json.
    rows
        Rows of shares.csv that can be read.
    """
    runs: dict[str, dict[str, str]] = {}
    for entry in content["experiments"]:
        variant = variant_of(entry["experiment"], entry["session"])
        runs.setdefault(variant, {})[entry["group"]] = entry["experiment"]
    swept = {variant: of for variant, of in runs.items() if len(of) > 1}
    titles = {group["group"]: group["title"] for group in content["groups"]}
    sessions = [name for name in titles if any(name in of for of in swept.values())]
    found = {(row["experiment"], place(row)): row for row in rows}
    places = list(dict.fromkeys(place(row) for row in rows))
    body: list[list[Cell]] = [
        [cells.name(variant), where, *(_share(found.get((of.get(name, ""), where))) for name in sessions)]
        for variant, of in swept.items()
        for where in places
        if any((run, where) in found for run in of.values())
    ]
    if not body:
        return []
    columns = [text_column("Variant"), text_column("Fit")]
    ends = ("mean", "q05", "q95")
    columns += [Column(titles[name], keys=tuple(f"{name}_{end}" for end in ends)) for name in sessions]
    caption = "Each variant over sessions: party share of the variance, with 90 % intervals"
    note = "Positions in different sessions are on different scales; this share does not depend on the scale."
    return [Table("variants-over-sessions", caption, columns, body, note, interactive=True)]


def _share(row: SharesRow | None) -> Value:
    if row is None:
        return Value(NOT_KNOWN, (None, None, None))
    mean, low, high = row["share_mean"], row["share_q05"], row["share_q95"]
    return Value(f"{number(mean)} ({interval(low, high)})", (mean, low, high))
