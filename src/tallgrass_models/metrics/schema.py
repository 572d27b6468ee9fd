"""The JSON Schema of metrics.json, and the check against it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..files.schema import Schema, check_content, read_schema, schema_of
from .records.whole import Metrics

PATH = Path(__file__).with_name("metrics.schema.json")


def schema() -> Schema:
    """Return the JSON Schema of metrics.json as the package holds it."""
    return read_schema(PATH)


def check(metrics: Mapping[str, Any]) -> None:
    """Raise `UserError` naming every place where ``metrics`` breaks the schema."""
    check_content(metrics, schema(), "metrics.json")


def made_schema() -> Schema:
    """Make the JSON Schema of metrics.json from its records."""
    return schema_of(Metrics, "metrics.json")
