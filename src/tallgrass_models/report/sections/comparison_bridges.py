"""Joint models with different bridges side by side: what each says across the chambers, and how it predicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...wording.numbers import number, signed
from ..page import cells, fields
from ..page.columns import number_column
from ..page.fields import Field
from ..page.parts import Heading, Part, Value
from ..page.words import called, interval, unit_title
from .comparison_scope import Scope

_PIVOTS = {"median": "median", "democrat_median": "median Democrat", "republican_median": "median Republican"}


def bridge_parts(scope: Scope) -> list[Part]:
    """Return the table of joint models by their bridges; none if all are alike."""
    rows = [row for row in scope.content.get("bridges", []) if row["group"] == scope.group["group"]]
    if not rows:
        return []
    house, senate = called().whose("house"), called().whose("senate")
    found = [{**row, **_right(row["p_senate_right"])} for row in rows]
    columns = [fields.words("Experiment", "experiment"), fields.words("Bridges", "kind")]
    columns += [fields.chance(f"{senate} {name} right of the {house}", f"right_{key}") for key, name in _PIVOTS.items()]
    columns += [fields.place("Joint minus separate, elpd", "elpd_diff"), fields.number("Standard error", "se", 0)]
    columns += [fields.whole("Shared bills", "n_shared"), fields.whole("Freed", "n_freed")]
    columns += [_span("Difficulty differs by", "tau_alpha", number), _span("Discrimination", "tau_beta", number)]
    columns += [_span("Mean difference of difficulty", "delta", signed)]
    note = (
        "All by the joint model, probabilities first. A shared bill is one item (same), one item unless the link "
        "rejects that (screened), or has two sides that may differ (drift). Differences are standard deviations over "
        f"the bills, and the last one is the mean of {unit_title('senate')} minus {unit_title('house')}. They are in "
        "logits, with 90 % intervals, and that of discrimination is of its logarithm where the prior is positive. The "
        "difference in elpd is positive where the joint model predicts votes left out better than the chambers’ own "
        "models."
    )
    title = f"{unit_title('house')} against {unit_title('senate')}, by what a shared bill is"
    return [
        Heading(f"{scope.slug}-bridges", "The bridges between the chambers"),
        fields.table(f"{scope.slug}-bridges-table", title, found, columns, note),
    ]


def _right(by_pivot: Mapping[str, float | None]) -> dict[str, float | None]:
    return {f"right_{key}": by_pivot.get(key) for key in _PIVOTS}


def _span(title: str, key: str, shown: Callable[[float], str]) -> Field:
    """Make a field for a median with its interval."""

    def cell(row: Mapping[str, Any]) -> Value:
        found = row[key]
        if found is None:
            return cells.num(None)
        return Value(f"{shown(found['median'])} ({interval(found['q05'], found['q95'])})", found["median"])

    return Field(number_column(title, key), cell)
