"""Tables with a row for each member or roll call and a column for each variant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..page import cells
from ..page.fields import Field
from ..page.links import variant_of
from ..page.parts import Column, Value
from ..page.people import named

_Row = Mapping[str, Any]


def member() -> Field:
    """Name of a member, whose id goes to the CSV file with it."""
    column = Column("Member", numeric=False, keys=("name", "legislator"))
    return Field(column, lambda row: Value(variant_of(row, named(row["name"], 200)), (row["name"], row["legislator"])))


def by_variant(rows: Sequence[_Row], keys: Sequence[str]) -> list[dict[str, Any]]:
    """Return a row for each value of ``keys``, with its rows by experiment under ``variants``."""
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        if key not in found:
            found[key] = {**row, "variants": {}}
        found[key]["variants"][row["experiment"]] = row
    return list(found.values())


def largest(row: _Row, key: str) -> float:
    """Return the largest size of a number over the variants of a row of `by_variant`."""
    return max(abs(one[key] or 0.0) for one in row["variants"].values())


def variant_columns(
    variants: Sequence[str], stem: str, keys: Sequence[str], shown: Callable[..., Value], ends: Sequence[str] = ()
) -> Iterator[Field]:
    """Make a column for each variant of the rows of `by_variant`.

    Parameters
    ----------
    variants
        Experiments that have a column.
    stem
        Begins the names of the columns of the CSV file, with the experiment and one of ``ends`` after it.
    keys
        What the cell is made of, in the row of the variant.
    shown
        Makes the cell of these values; its raw values are one for each of ``ends``, or one without.
    """
    for name in variants:
        columns = tuple("_".join(part for part in (stem, name, end) if part) for end in (ends or ("",)))
        yield Field(Column(name, keys=columns), _cell(name, keys, shown, len(columns)))


def _cell(name: str, keys: Sequence[str], shown: Callable[..., Value], n: int) -> Callable[[_Row], Value]:
    nothing = Value(cells.num(None).text, (None,) * n if n > 1 else None)

    def cell(row: _Row) -> Value:
        found = row["variants"].get(name)
        return shown(*(found[key] for key in keys)) if found else nothing

    return cell
