"""Tables of the keys of a JSON file for people, from the same declarations as its schema."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .atomic import write_text
from .json import write_json
from .schema import Schema

_BEGIN, _END = "<!-- keys: written by {} -->\n", "<!-- end of keys -->\n"

_NAMES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}


def begin(command: str) -> str:
    """Return the mark before the tables that ``command`` writes."""
    return _BEGIN.format(command)


def with_tables(page: str, schema: Schema, name: str, command: str) -> str:
    """Return the text of a page with up-to-date tables between its marks.

    Raises
    ------
    ValueError
        If a mark is missing.
    """
    before, _, rest = page.partition(begin(command))
    _, mark, after = rest.partition(_END)
    if not mark:
        raise ValueError(f"no {begin(command).strip()} followed by {_END.strip()}")
    return f"{before}{begin(command)}\n{tables(schema, name)}\n{_END}{after}"


def renew(path: Path, schema: Schema, name: str, command: str, pages: Sequence[str]) -> None:
    """Write a schema, and the tables of the pages that document its keys."""
    write_json(path, schema)
    for page in map(Path, pages):
        write_text(page, with_tables(page.read_text(encoding="utf-8"), schema, name, command))


def tables(schema: Schema, name: str) -> str:
    """Write a table for the whole, under ``name``, and for each definition of a schema, in Markdown."""
    records = {name: schema, **schema["$defs"]}
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
