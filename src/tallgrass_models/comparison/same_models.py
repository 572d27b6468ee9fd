"""Checks of whether results belong together, and which variants are the same model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..votes.unit import Unit

#: What a part of a fit's spec is called in a message.
_WORDS = {"code": "the code of the model"}


def changes(made_with: Mapping[str, Any], wanted: Mapping[str, Any], where: str = "") -> list[str]:
    """List the differences between the settings of a result and those that are wanted, a line each."""
    out = []
    for key in dict.fromkeys([*made_with, *wanted]):
        old, new, name = made_with.get(key), wanted.get(key), f"{where}{key}"
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            out += changes(old, new, f"{name}.")
        elif old != new:
            out.append(
                f"{_WORDS[name]} has changed" if name in _WORDS else f"{name} was {_value(old)}, now {_value(new)}"
            )
    return out


def same_models(fingerprints: Mapping[str, Mapping[Unit, str | None]]) -> list[tuple[Unit, list[str]]]:
    """Variants whose models are the same, by unit.

    Parameters
    ----------
    fingerprints
        Model fingerprint by experiment and unit; None where it is not known.

    Returns
    -------
    list of tuple
        A unit and the experiments, two or more, that have the same model of it.
    """
    groups: dict[tuple[Unit, str], list[str]] = {}
    for experiment, units in fingerprints.items():
        for unit, fingerprint in units.items():
            if fingerprint is not None:
                groups.setdefault((unit, fingerprint), []).append(experiment)
    return [(unit, names) for (unit, _), names in groups.items() if len(names) > 1]


def _value(value: Any) -> str:
    return "not set" if value is None else str(value)
