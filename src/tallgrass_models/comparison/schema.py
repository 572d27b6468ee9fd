"""The JSON Schema of comparison.json, and the check against it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..files.records.comparison import Comparison
from ..files.schema import Schema, check_content, read_schema, schema_of

PATH = Path(__file__).with_name("comparison.schema.json")


def schema() -> Schema:
    """Return the JSON Schema of comparison.json as the package holds it."""
    return read_schema(PATH)


def check(content: Mapping[str, Any]) -> None:
    """Raise `UserError` naming every place where ``content`` breaks the schema."""
    check_content(content, schema(), "comparison.json")


def made_schema() -> Schema:
    """Make the JSON Schema of comparison.json from its records."""
    return schema_of(Comparison, "comparison.json")
