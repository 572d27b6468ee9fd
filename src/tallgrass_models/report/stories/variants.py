"""Data of the comparison page: every member's rank under every variant that can be compared."""

from __future__ import annotations

from typing import Any

from ...files.records.comparison import Comparison
from ...votes.naming import ChamberNames
from ..files.comparison import ComparisonTables, MemberRow
from ..page.links import story_id
from ..page.words import naming
from ..sections.comparison_members import place
from ..sections.comparison_scope import Scope, scopes


def variant_blocks(content: Comparison, tables: ComparisonTables) -> dict[str, Any]:
    """Return the block ``variants``: members by session, chamber and id; empty if no rank is compared.

    A member has ``fits``, for each model of the chamber its name, the number of members, and ``ranks``: experiment,
    rank, the ends of its interval, and whether this overlaps that of the reference, which comes first.
    """
    found: dict[str, dict[str, Any]] = {}
    for scope in scopes(content):
        with naming(ChamberNames.of(scope.group["chamber_names"])):
            _add(found, scope, tables)
    return {"variants": found} if found else {}


def _add(found: dict[str, dict[str, Any]], scope: Scope, tables: ComparisonTables) -> None:
    rows = scope.read_in_place(tables.members)
    sizes: dict[str, set[str]] = {}
    for row in rows:
        sizes.setdefault(place(row), set()).add(row["legislator"])
    for row in rows:
        key = f"{scope.group['group']}:{story_id(row['chamber'], row['legislator'])}"
        who = {"name": row["name"], "party": row["party"], "session": scope.group["title"], "fits": {}}
        fits = found.setdefault(key, who)["fits"]
        where = place(row)
        if where not in fits:
            fits[where] = {"n": len(sizes[where]), "ranks": [_rank(row, row["reference"], "rank_reference", True)]}
        fits[where]["ranks"].append(_rank(row, row["experiment"], "rank", not row["rank_disjoint"]))


def _rank(row: MemberRow, experiment: str, stem: str, overlaps: bool) -> list[Any]:
    numbers = dict(row)
    return [experiment, *(round(float(str(numbers[key])), 1) for key in (stem, f"{stem}_q05", f"{stem}_q95")), overlaps]
