"""JSON Schema of the experiments file, for editors, made from the checks that the reader makes.

This module needs only PyYAML and the standard library.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from ..votes.sources import SOURCES
from .checks import shape_of
from .gates import GateConfig
from .mappings import shape_of_mapping
from .multiverse import FOLLOW, VARY, follow_check, vary_shape
from .reading import EXPERIMENT_CHECKS, NAME_OF_SESSION, NESTED_CHECKS
from .running import PLATFORM_CHECKS, EarlyStopConfig, PlatformConfig
from .sampling import SamplingConfig
from .selection import SELECTION_CHECKS, selection
from .sessions import COMMON_SESSION_CHECKS, SESSION_CHECKS

#: Name of the file beside an experiments file.
FILE = "experiments.schema.json"
#: First line of an experiments file, by which editors find it.
LINE = f"# yaml-language-server: $schema={FILE}"
_DEFAULTS: dict[str, type] = {"sampling": SamplingConfig, "gates": GateConfig, "early_stop": EarlyStopConfig}


def experiments_schema() -> dict[str, Any]:
    """Return the JSON Schema of the experiments file.

    It refuses unknown keys everywhere, and values of another type or outside their range. What no schema can tell, such
    as whether a session is declared or a file is there, it lets pass.
    """
    platform = _with_defaults(shape_of_mapping(PLATFORM_CHECKS), PlatformConfig)
    parts = {
        "sessions": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": f"^{NAME_OF_SESSION}$"},
            "additionalProperties": {"type": "object", "required": ["source"], "anyOf": [_session(n) for n in SOURCES]},
        },
        "platform": platform,
        "defaults": {"$ref": "#/$defs/settings"},
        "experiments": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[a-z0-9_]+$"},
            "additionalProperties": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/experiment"}]},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "experiments file of tallgrass-models",
        "type": "object",
        "properties": parts,
        "required": ["sessions", "experiments"],
        "additionalProperties": False,
        "$defs": {
            "settings": _settings(),
            "experiment": _experiment(),
            "selection": shape_of(selection),
            **{key: shape_of(check) for key, check in COMMON_SESSION_CHECKS.items()},
        },
    }


def _settings() -> dict[str, Any]:
    """Return the shape of ``defaults`` and of an experiment."""
    nested = {key: shape_of_mapping(known) for key, known in NESTED_CHECKS.items()}
    nested |= {key: _with_defaults(nested[key], cls) for key, cls in _DEFAULTS.items()}
    plain = shape_of_mapping(EXPERIMENT_CHECKS)
    return {**plain, "properties": {**plain["properties"], **nested}}


def _experiment() -> dict[str, Any]:
    """Return the shape of an experiment: settings by reference, so that no shape stands twice, and its own keys."""
    known = {key: {"$ref": f"#/$defs/settings/properties/{key}"} for key in _settings()["properties"]}
    vary = vary_shape(EXPERIMENT_CHECKS, NESTED_CHECKS, "#/$defs/settings")
    own = {VARY: vary, FOLLOW: shape_of(follow_check)}
    needs = {"dependentRequired": {FOLLOW: [VARY]}}
    return {"type": "object", "properties": {**known, **own}, "additionalProperties": False, **needs}


def _session(source: str) -> dict[str, Any]:
    """Return the shape of a session of a source."""
    shape = shape_of_mapping(SESSION_CHECKS[source])
    chosen: dict[str, Any] = {"$ref": "#/$defs/selection"}
    if "votes" in SESSION_CHECKS[source]:
        file = shape_of(SESSION_CHECKS[source]["votes"])
        within = shape_of_mapping(SELECTION_CHECKS, required=["file"])
        chosen = {"anyOf": [file, {**within, "properties": {"file": file, **within["properties"]}}]}
    needed = [key for key, known in SOURCES[source].keys.items() if known.needed]
    common = {key: {"$ref": f"#/$defs/{key}"} for key in COMMON_SESSION_CHECKS}
    properties = {"source": {"const": source}, **shape["properties"], **common, "votes": chosen}
    return {**shape, "properties": properties, "required": ["source", *needed]}


def _with_defaults(shape: dict[str, Any], cls: type) -> dict[str, Any]:
    """Add the defaults of a record to the shape of its mapping."""
    known = {f.name: f.default for f in fields(cls) if f.default not in (MISSING, None, ())}
    properties = {
        key: {**one, "default": known[key]} if key in known else one for key, one in shape["properties"].items()
    }
    return {**shape, "properties": properties}
