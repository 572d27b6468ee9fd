"""Settings that select roll calls by question, type and date, which a session sets and an experiment may change.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..files.json import short_hash
from ..votes.settings import texts
from . import checks
from .mappings import section, shape_of_mapping

#: Word for no selection, with which an experiment takes all roll calls whatever its session says.
ALL = "all"
SELECTION_CHECKS: dict[str, checks.Check] = {
    "questions": texts,
    "passage_only": checks.yes_or_no,
    "from": checks.date_text,
    "to": checks.date_text,
}


@checks.shaped({"anyOf": [{"const": ALL}, shape_of_mapping(SELECTION_CHECKS)]})
def selection(value: Any) -> dict[str, Any]:
    """Check the setting ``votes``, and return what it selects in one spelling; empty for all roll calls."""
    if value == ALL:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"must be a mapping such as {{passage_only: true, from: 2023-01-01}}, or {ALL}, not {value!r}")
    problems: list[str] = []
    kept = section(value, "", SELECTION_CHECKS, problems)
    if "from" in kept and "to" in kept and kept["from"] > kept["to"]:
        problems.append(f"from {kept['from']} is after to {kept['to']}")
    if problems:
        raise ValueError("; ".join(p.removeprefix(": ").removeprefix(".") for p in problems))
    if "questions" in kept:
        kept["questions"] = sorted({" ".join(text.split()) for text in kept["questions"]})
    return {key: kept[key] for key in SELECTION_CHECKS if kept.get(key)}


class OfExperiment(NamedTuple):
    """The setting ``votes`` of an experiment: its selection (None for that of the session), and whether votes lapse."""

    chosen: dict[str, Any] | None = None
    lapse: bool | None = None

    def over(self, defaults: OfExperiment) -> OfExperiment:
        """Fill in from ``defaults`` what the experiment does not say."""
        chosen = defaults.chosen if self.chosen is None else self.chosen
        return OfExperiment(chosen, defaults.lapse if self.lapse is None else self.lapse)


LAPSE_CHECKS: dict[str, checks.Check] = {"lapse": checks.yes_or_no}


@checks.shaped({"anyOf": [{"const": ALL}, shape_of_mapping({**SELECTION_CHECKS, **LAPSE_CHECKS})]})
def votes_of_experiment(value: Any) -> OfExperiment:
    """Check the setting ``votes`` of an experiment."""
    if not isinstance(value, dict) or "lapse" not in value:
        return OfExperiment(selection(value))
    problems: list[str] = []
    kept = section({"lapse": value["lapse"]}, "", LAPSE_CHECKS, problems)
    rest = {key: other for key, other in value.items() if key != "lapse"}
    chosen = None
    try:
        chosen = selection(rest) if rest else None
    except ValueError as error:
        problems.append(str(error))
    if problems:
        raise ValueError("; ".join(p.removeprefix(": ").removeprefix(".") for p in problems))
    return OfExperiment(chosen, kept["lapse"])


def selection_label(chosen: Mapping[str, Any]) -> str:
    """Return the part of a folder's name that says what is selected; different selections have different ones."""
    parts = ["passage"] if chosen.get("passage_only") else []
    if "questions" in chosen:
        parts.append(f"questions_{short_hash('\n'.join(chosen['questions']))}")
    parts += [f"{key}_{chosen[key]}" for key in ("from", "to") if key in chosen]
    return "_".join(["select", *(parts or [ALL])])
