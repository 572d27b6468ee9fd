"""Sentences on how far members move under other scales of the priors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ..files.names import MOVED
from ..files.records.checking import Movement, OneFactor
from ..votes.naming import USUAL, ChamberNames
from ..votes.unit import Unit

#: The components of the prior, in the words of the sentences.
_COMPONENTS = {
    "alpha": "difficulty",
    "beta": "discrimination",
    "mu": "the party means",
    "sigma_within": "the spread within the parties",
    "mu_global": "the overall mean",
    "sigma_chamber": "the spread between the chambers",
    "sigma_party": "the spread between the parties",
}
_FACTOR_WORDS = {0.5: "half", 2.0: "twice"}
_UNIT = "of a posterior standard deviation"


def movement_sentences(summary: Mapping[str, Movement], unit: Unit, called: ChamberNames = USUAL) -> list[str]:
    """Return a sentence for each chamber of `prior_scales.summarized` in the model of ``unit``."""
    return [_sentence(called.seen_in(unit, chamber), facts) for chamber, facts in summary.items()]


def _sentence(where: str, facts: Movement) -> str:
    alone = [_alone(row) for row in facts["one_factor"]]
    if not facts["told"] and not alone:
        return f"{where}: these draws cannot tell whether members would move under half or twice the scale of any prior"
    said = [*([_both(facts)] if facts["told"] else []), *alone]
    half = {row["component"]: row["factor"] for row in facts["one_factor"]}
    other = {0.5: 2.0, 2.0: 0.5}
    rest = [f"{_FACTOR_WORDS[other[factor]]} the scale of {_COMPONENTS[name]}" for name, factor in half.items()]
    rest = [*[_COMPONENTS[name] for name in facts["not_told"] if name not in half], *rest]
    return f"{where}: {'; '.join(said)}{_open(rest)}"


def _alone(row: OneFactor) -> str:
    """Describe a component for which one factor alone is reliable."""
    under = f"under {_FACTOR_WORDS[row['factor']]} the prior scale of {_COMPONENTS[row['component']]}"
    if not row["n_moved"]:
        return f"no member moves by more than {_bound(row['max_move'], row['error']):.1f} {_UNIT} {under}"
    moved = f"{row['n_moved']} of {row['n_members']} members move by more than {MOVED:g} {_UNIT}"
    return f"{moved} {under}, most {row['name']} (by {row['max_move']:.2f})"


def _bound(max_move: float, error: float) -> float:
    """Return a bound that no move exceeds, including the Monte Carlo error."""
    return math.ceil(10 * (max_move + 2 * error)) / 10


def _both(facts: Movement) -> str:
    """Describe the components for which both factors are reliable."""
    max_move, error = known(facts["max_move"]), known(facts["error"])
    scales = f"half or twice the prior scale of {listed([_COMPONENTS[name] for name in facts['told']], 'or')}"
    if not facts["n_moved"]:
        return f"no member moves by more than {_bound(max_move, error):.1f} {_UNIT} under {scales}"
    which = f"{_FACTOR_WORDS[known(facts['factor'])]} the scale of {_COMPONENTS[known(facts['component'])]}"
    return (
        f"{facts['n_moved']} of {facts['n_members']} members move by more than {MOVED:g} {_UNIT} under {scales}, most"
        f" {facts['name']} (by {max_move:.2f}, under {which})"
    )


def _open(words: Sequence[str]) -> str:
    return f"; these draws cannot answer this for {listed(words, 'and')}" if words else ""


def listed(words: Sequence[str], last: str) -> str:
    """Return the words as a list in a sentence: ``a, b or c``."""
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def known[Value](value: Value | None) -> Value:
    """Return a value of a row with ``told``, which therefore has one.

    Raises
    ------
    ValueError
        If it has none.
    """
    if value is None:
        raise ValueError("the draws are not reliable enough for this value")
    return value
