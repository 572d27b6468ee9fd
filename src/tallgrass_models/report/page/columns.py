"""Columns of tables: headings, and the names of the columns of the CSV file."""

from __future__ import annotations

from markupsafe import Markup

from .parts import Column


def text_column(title: str, *, choices: bool = False, key: str = "") -> Column:
    """Make a column of words."""
    return Column(title, numeric=False, choices=choices, keys=(key,) if key else None)


def number_column(title: str, key: str = "") -> Column:
    """Make a column of numbers."""
    return Column(title, keys=(key,) if key else None)


def interval_column(of: str, title: str = "90 % interval") -> Column:
    """Make a column of the 90 % interval of ``of``, in the CSV file ``of_q05`` and ``of_q95``."""
    return Column(title, keys=(f"{of}_q05", f"{of}_q95"))


def picture_column(title: Markup | str) -> Column:
    """Make a column of pictures, which the CSV file leaves out."""
    return Column(title, numeric=False, keys=())
