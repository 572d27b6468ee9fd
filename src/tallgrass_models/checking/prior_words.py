"""Sentences on how far members move under other scales of the priors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .prior_scales import MOVED

#: The components of the prior, as people know them.
COMPONENTS = {
    "alpha": "difficulty",
    "beta": "discrimination",
    "mu": "the party means",
    "sigma_within": "the spread within the parties",
    "mu_global": "the overall mean",
    "sigma_chamber": "the spread between the chambers",
    "sigma_party": "the spread between the parties",
}
FACTOR_WORDS = {0.5: "half", 2.0: "twice"}


def movement_sentences(summary: Mapping[str, Mapping[str, Any]], joint: bool) -> list[str]:
    """Return a sentence for each chamber of `prior_scales.summarized`; ``joint`` says whose model it is."""
    return [
        _sentence(f"{chamber}{' in the joint model' if joint else ''}", facts) for chamber, facts in summary.items()
    ]


def _sentence(where: str, facts: Mapping[str, Any]) -> str:
    open_end = _open(facts["not_told"])
    if not facts["told"]:
        return f"{where}: these draws cannot tell whether members would move under half or twice the scale of any prior"
    scales = f"half or twice the prior scale of {listed([COMPONENTS[name] for name in facts['told']], 'or')}"
    unit = "of a posterior standard deviation"
    if not facts["n_moved"]:
        # what may hide in the Monte Carlo error is within the bound
        bound = math.ceil(10 * (facts["max_move"] + 2 * facts["error"])) / 10
        return f"{where}: no member moves by more than {bound:.1f} {unit} under {scales}{open_end}"
    which = f"{FACTOR_WORDS[facts['factor']]} the scale of {COMPONENTS[facts['component']]}"
    return (
        f"{where}: {facts['n_moved']} of {facts['n_members']} members move by more than {MOVED:g} {unit} under"
        f" {scales}, most {facts['name']} (by {facts['max_move']:.2f}, under {which}){open_end}"
    )


def _open(components: Sequence[str]) -> str:
    if not components:
        return ""
    return f"; these draws cannot tell for {listed([COMPONENTS[name] for name in components], 'and')}"


def listed(words: Sequence[str], last: str) -> str:
    """Return the words as a list in a sentence: ``a, b or c``."""
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))
