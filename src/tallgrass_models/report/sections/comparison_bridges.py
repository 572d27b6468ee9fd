"""Joint models with different bridges side by side: what each says across the chambers, and how it predicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...wording.numbers import signed
from ..page import cells, fields
from ..page.columns import number_column
from ..page.fields import Field
from ..page.parts import Heading, Part, Value
from ..page.words import called, interval, unit_title
from .comparison_scope import Scope

_WORDS = {
    "same": "each shared bill is one item",
    "screened": "one item, but for bills that the link rejects",
    "drift": "two sides that may differ",
}
_PIVOTS = {"median": "median", "democrat_median": "median Democrat", "republican_median": "median Republican"}


def bridge_parts(scope: Scope) -> list[Part]:
    """Return the table of joint models by their bridges; none if all are alike."""
    rows = [row for row in scope.content.get("bridges", []) if row["group"] == scope.group["group"]]
    if not rows:
        return []
    house, senate = called().whose("house"), called().whose("senate")
    found = [{**row, "words": _WORDS[row["kind"]], **_right(row["p_senate_right"])} for row in rows]
    columns = [fields.words("Experiment", "experiment"), fields.words("A shared bill", "words")]
    columns += [fields.whole("Shared bills", "n_shared"), fields.whole("Freed", "n_freed")]
    columns += [_span("Difficulty changed by (sd)", "tau_alpha"), _span("Discrimination changed by (sd)", "tau_beta")]
    columns += [_span("Mean change of difficulty", "delta")]
    columns += [fields.place("Joint minus separate, elpd", "elpd_diff"), fields.number("Standard error", "se", 0)]
    for key, name in _PIVOTS.items():
        columns.append(fields.chance(f"P({senate} {name} right of the {house})", f"right_{key}"))
    note = (
        f"All by the joint model. Changes are from the {unit_title('house')} to the {unit_title('senate')}, in logits, "
        "with 90 % intervals; that of discrimination is of its logarithm where the prior is positive. The difference "
        "in elpd is positive where the joint model predicts votes left out better than the chambers’ own models."
    )
    title = f"{unit_title('house')} against {unit_title('senate')}, by what a shared bill is"
    return [
        Heading(f"{scope.slug}-bridges", "The bridges between the chambers"),
        fields.table(f"{scope.slug}-bridges-table", title, found, columns, note),
    ]


def _right(by_pivot: Mapping[str, float | None]) -> dict[str, float | None]:
    return {f"right_{key}": by_pivot.get(key) for key in _PIVOTS}


def _span(title: str, key: str) -> Field:
    """Make a field for a median with its interval."""

    def cell(row: Mapping[str, Any]) -> Value:
        found = row[key]
        if found is None:
            return cells.num(None)
        return Value(f"{signed(found['median'])} ({interval(found['q05'], found['q95'])})", found["median"])

    return Field(number_column(title, key), cell)
