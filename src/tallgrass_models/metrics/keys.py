"""Tables of the keys of metrics.json for people, from the same declarations as its schema.

    python -m tallgrass_models.metrics.keys docs/metrics.md

writes ``metrics.schema.json`` again, and the tables between the marks of that page.
"""

from __future__ import annotations

import sys

from ..files import keys
from ..files.schema import Schema
from .schema import PATH, made_schema

_COMMAND = "python -m tallgrass_models.metrics.keys docs/metrics.md"
BEGIN = keys.begin(_COMMAND)


def with_tables(page: str) -> str:
    """Return the text of a page with up-to-date tables between its marks."""
    return keys.with_tables(page, made_schema(), "Metrics", _COMMAND)


def tables(schema: Schema) -> str:
    """Write a table for the whole and for each definition of a schema of `made_schema`, in Markdown."""
    return keys.tables(schema, "Metrics")


if __name__ == "__main__":
    keys.renew(PATH, made_schema(), "Metrics", _COMMAND, sys.argv[1:])
