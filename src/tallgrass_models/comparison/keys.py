"""Tables of the keys of comparison.json for people, from the same declarations as its schema.

    python -m tallgrass_models.comparison.keys docs/comparison.md

writes ``comparison.schema.json`` again, and the tables between the marks of that page.
"""

from __future__ import annotations

import sys

from ..files import keys
from .schema import PATH, made_schema

_COMMAND = "python -m tallgrass_models.comparison.keys docs/comparison.md"


def with_tables(page: str) -> str:
    """Return the text of a page with up-to-date tables between its marks."""
    return keys.with_tables(page, made_schema(), "Comparison", _COMMAND)


if __name__ == "__main__":
    keys.renew(PATH, made_schema(), "Comparison", _COMMAND, sys.argv[1:])
