"""JSON Schemas of our JSON files, made from the records that declare them, and the check of a file's content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import NoneType, UnionType, get_original_bases
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from ..errors import UserError
from .records.fields import Field

#: Package that declares the blocks that several files share.
_OTHER_FILES = Field.__module__.rpartition(".")[0]

_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}

type Schema = dict[str, Any]


def read_schema(path: Path) -> Schema:
    """Read a JSON Schema that the package holds."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def check_content(content: Mapping[str, Any], schema: Schema, file: str) -> None:
    """Raise `UserError` naming every place where the ``content`` of ``file`` breaks its schema."""
    import jsonschema

    errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(content), key=lambda e: e.json_path)
    if errors:
        raise UserError("\n".join(f"{file}: {error.json_path}: {error.message}" for error in errors))


def schema_of(whole: type, file: str) -> Schema:
    """Make the JSON Schema of ``file`` from its record, with one definition for each record that this one refers to.

    Keys that records have in common are in a definition of their own, which admits other keys. A record that is not the
    base of another admits none.
    """
    definitions: dict[str, Schema] = {}
    made = _record(whole, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{file} of tallgrass-models",
        **made,
        "$defs": definitions,
    }


def _keys_of(record: type) -> dict[str, tuple[Any, bool]]:
    """Return the type of each key that a record declares apart from its bases, and whether the key is required."""
    inherited = {key for base in _bases_of(record) for key in base.__annotations__}
    hints = get_type_hints(record, include_extras=True)
    own = {key: hint for key, hint in hints.items() if key not in inherited}
    return {
        key: (get_args(hint)[0], False) if get_origin(hint) is NotRequired else (hint, True)
        for key, hint in own.items()
    }


def _bases_of(record: type) -> tuple[type, ...]:
    """Return the records from which a record takes keys (TypedDict hides them from ``__bases__``).

    Blocks of our other files do not count as bases, because their keys count as the record's own.
    """
    return tuple(
        base
        for base in get_original_bases(record)
        if is_typeddict(base) and base.__module__.rpartition(".")[0] != _OTHER_FILES
    )


def _record(record: type, definitions: dict[str, Schema], *, closed: bool = True) -> Schema:
    """Make the schema of a record, and add the records it refers to to ``definitions``."""
    bases, keys = _bases_of(record), _keys_of(record)
    shared = {key: True for base in bases for key in base.__annotations__}
    out: Schema = {"type": "object", "description": record.__doc__}
    if bases:
        out["allOf"] = [_reference(base, definitions, closed=False) for base in bases]
    out["required"] = [key for key, (_, necessary) in keys.items() if necessary]
    out["properties"] = shared | {key: _value(hint, definitions) for key, (hint, _) in keys.items()}
    return out | {"additionalProperties": False} if closed else out


def _reference(record: type, definitions: dict[str, Schema], *, closed: bool = True) -> Schema:
    name = record.__name__
    if name not in definitions:
        definitions[name] = {}  # keeps its place before those of the records that it refers to
        definitions[name] = _record(record, definitions, closed=closed)
    return {"$ref": f"#/$defs/{name}"}


def _value(hint: Any, definitions: dict[str, Schema]) -> Schema:
    """Make the schema of a value of the type ``hint``.

    Raises
    ------
    TypeError
        If this module does not know the schema of the type.
    """
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        made = _value(arguments[0], definitions)
        for field in arguments[1:]:
            made = _with_field(made, field)
        return made
    if origin in (Union, UnionType) and NoneType in arguments and len(arguments) == 2:
        return _or_null(_value(next(one for one in arguments if one is not NoneType), definitions))
    if origin is list:
        return {"type": "array", "items": _value(arguments[0], definitions)}
    if origin is dict:
        return _mapping(arguments[0], arguments[1], definitions)
    if origin is Literal and len(arguments) == 1:
        return {"const": arguments[0]}
    if is_typeddict(hint):
        return _reference(hint, definitions)
    if hint in _TYPES:
        return {"type": _TYPES[hint]}
    raise TypeError(f"no JSON Schema of {hint!r} is written")


def _mapping(key: Any, value: Any, definitions: dict[str, Schema]) -> Schema:
    out: Schema = {"type": "object"}
    if "enum" in (names := _value(key, definitions)):
        out["propertyNames"] = {"enum": names["enum"]}
    return out if value is Any else out | {"additionalProperties": _value(value, definitions)}


def _or_null(made: Schema) -> Schema:
    if "enum" in made:
        return made | {"enum": [*made["enum"], None]}
    if "type" in made:
        return made | {"type": [made["type"], "null"]}
    return {"anyOf": [{"type": "null"}, made]}


def _with_field(made: Schema, field: Field) -> Schema:
    """Add the description, unit and range of a `Field` to the schema of a type."""
    nothing = [None] if "null" in made.get("type", ()) else []
    many = "Properties" if made.get("type") == "object" else "Items"
    said = {
        "minimum": field.minimum,
        "maximum": field.maximum,
        "exclusiveMinimum": field.above,
        "enum": [*field.values, *nothing] if field.values else None,
        f"min{many}": field.least,
        f"max{many}": field.most,
        "required": list(field.requires) or None,
        "description": field.meaning or None,
        "x-unit": field.unit or None,
    }
    kept = {key: value for key, value in made.items() if not (field.values and key == "type")}
    return kept | {key: value for key, value in said.items() if value is not None}
