"""Rows of a long table as data of the page, column by column, as ``scripts/tables.js`` shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .parts import ROWS_OF_A_PAGE, Cell, Column, Raw, Table, Value
from .trees import Tree, tree


def block(table: Table) -> dict[str, Any]:
    """Return the rows of a table.

    ``rows`` is their number on a page. ``columns`` has for each column its ``class``, its ``cells`` as trees and its
    ``order``, the values that it is sorted by, or None where that is the text of the cells.

    Raises
    ------
    ValueError
        If a cell has markup that `tree` does not know.
    """
    columns = [_column(column, [row[k] for row in table.rows]) for k, column in enumerate(table.columns)]
    return {"rows": ROWS_OF_A_PAGE, "columns": columns}


def _column(column: Column, cells: Sequence[Cell]) -> dict[str, Any]:
    shown: list[Tree] = [tree(cell.text if isinstance(cell, Value) else cell) for cell in cells]
    order = [_order(cell) for cell in cells]
    return {"class": column.look, "cells": shown, "order": order if any(value is not None for value in order) else None}


def _order(cell: Cell) -> Raw:
    """Return what a cell is sorted by: six digits are more than any table shows."""
    raw = cell.raws[0] if isinstance(cell, Value) and cell.raws else None
    return float(f"{raw:.6g}") if isinstance(raw, float) else raw
