"""Tables of the keys of metrics.json for people, from the same declarations as its schema.

    python -m tallgrass_models.metrics.keys docs/metrics.md

writes ``metrics.schema.json`` again, and the tables between the marks of that page.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ..files.atomic import write_text
from ..files.json import write_json
from .schema import PATH, Schema, made_schema

BEGIN, _END = (
    "<!-- keys: written by python -m tallgrass_models.metrics.keys docs/metrics.md -->\n",
    "<!-- end of keys -->\n",
)

_NAMES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}


def with_tables(page: str) -> str:
    """Return the text of a page with up-to-date tables between its marks.

    Raises
    ------
    ValueError
        If a mark is missing.
    """
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(_END)
    if not mark:
        raise ValueError(f"no {BEGIN.strip()} followed by {_END.strip()}")
    return f"{before}{BEGIN}\n{tables(made_schema())}\n{_END}{after}"


def tables(schema: Schema) -> str:
    """Write a table for the whole and for each definition of a schema of `made_schema`, in Markdown."""
    records = {"Metrics": schema, **schema["$defs"]}
    return "\n".join(_table(name, record) for name, record in records.items())


def _table(name: str, record: Schema) -> str:
    shared = ", ".join(_kind(base) for base in record.get("allOf", ()))
    lines = [f"### {name}", "", record["description"] + (f" Has all keys of {shared}, and:" if shared else ""), ""]
    lines += ["| key | type | unit | what it is |", "|---|---|---|---|"]
    for key, value in record["properties"].items():
        if value is not True:  # else another record declares the key
            kind = _kind(value) if key in record["required"] else f"{_kind(value)}; may be missing"
            lines.append(f"| `{key}` | {kind} | {value.get('x-unit', '')} | {value['description'].removesuffix('.')} |")
    return "\n".join([*lines, ""])


def _kind(value: Schema) -> str:
    """Describe type and range of a value for people."""
    if "$ref" in value:
        name = value["$ref"].removeprefix("#/$defs/")
        return f"[{name}](#{name.lower()})"
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return " or ".join("null" if one is None else f"`{one}`" for one in value["enum"])
    if "anyOf" in value:
        return _kind(value["anyOf"][1]) + " or null"
    if isinstance(value["type"], list):
        return _kind(value | {"type": value["type"][0]}) + " or null"
    if value["type"] == "array":
        return f"list of {_grouped(value['items'])}"
    if value["type"] == "object":
        return f"object of {_grouped(value['additionalProperties'])}" if "additionalProperties" in value else "object"
    return _NAMES[value["type"]] + _range(value)


def _grouped(value: Schema) -> str:
    kind = _kind(value)
    return f"({kind})" if " or " in kind else kind


def _range(value: Schema) -> str:
    low, high, above = (value.get(key) for key in ("minimum", "maximum", "exclusiveMinimum"))
    if low is not None and high is not None:
        return f" {low} to {high}"
    ends = {"at least": low, "at most": high, "above": above}
    return "".join(f" {words} {end}" for words, end in ends.items() if end is not None)


if __name__ == "__main__":
    pages = [Path(name) for name in sys.argv[1:]]
    write_json(PATH, made_schema())
    for page in pages:
        write_text(page, with_tables(page.read_text(encoding="utf-8")))
