"""Sentences on how far members move under other scales of the priors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ..files.names import MOVED
from ..files.records.checking import Movement, OneFactor
from ..votes.naming import USUAL, ChamberNames
from ..votes.unit import Unit
from .numbers import among, count, number

#: The components of the prior, in words.
COMPONENTS = {
    "alpha": "difficulty",
    "beta": "discrimination",
    "mu": "the party means",
    "sigma_within": "the spread within the parties",
    "mu_global": "the overall mean",
    "sigma_chamber": "the spread between the chambers",
    "sigma_party": "the spread between the parties",
    "bridges": "what the two sides of a bill may differ by",
    "discrimination": "the one discrimination",
    "gamma": "the coefficients of the covariates",
    "eps": "the probability of a random vote",
}
_FACTOR_WORDS = {0.5: "half", 2.0: "twice"}
_OTHER_FACTOR = {0.5: 2.0, 2.0: 0.5}
_UNIT = "of a posterior standard deviation"


def movement_sentences(summary: Mapping[str, Movement], unit: Unit, called: ChamberNames = USUAL) -> list[str]:
    """Return a sentence without a full stop for each chamber of `prior_scales.summarized` in the model of ``unit``."""
    return [_sentence(called.seen_in(unit, chamber), facts) for chamber, facts in summary.items()]


def _sentence(where: str, facts: Movement) -> str:
    alone = [_alone(row) for row in facts["one_factor"]]
    if not facts["told"] and not alone:
        return f"{where}: only new fits can tell how far members move under wider or narrower priors"
    said = [*([_both(facts)] if facts["told"] else []), *alone]
    half = {row["component"]: row["factor"] for row in facts["one_factor"]}
    rest = [COMPONENTS[name] for name in facts["not_told"] if name not in half]
    rest += [f"{COMPONENTS[name]} ({_wide(_OTHER_FACTOR[factor])})" for name, factor in half.items()]
    return f"{where}: {'; '.join(said)}{_open(rest)}"


def _alone(row: OneFactor) -> str:
    """Describe a component for which one factor alone is reliable."""
    prior = f"if the prior of {COMPONENTS[row['component']]} is {_wide(row['factor'])}"
    if not row["n_moved"]:
        return f"no member moves by more than {_bound(row['max_move'], row['error'])} {_UNIT} {prior}"
    return f"{_moved(row['n_moved'], row['n_members'])} {prior}, most {row['name']} (by {number(row['max_move'])})"


def _both(facts: Movement) -> str:
    """Describe the components for which both factors are reliable."""
    max_move, error = known(facts["max_move"]), known(facts["error"])
    priors = f"if the prior of {among([COMPONENTS[name] for name in facts['told']], 'or of')} is half or twice as wide"
    if not facts["n_moved"]:
        return f"no member moves by more than {_bound(max_move, error)} {_UNIT} {priors}"
    which = f"with the prior of {COMPONENTS[known(facts['component'])]} {_wide(known(facts['factor']))}"
    moved = _moved(facts["n_moved"], facts["n_members"])
    return f"{moved} {priors}, most {facts['name']} (by {number(max_move)}, {which})"


def _moved(n: int, of: int) -> str:
    return f"{count(n)} of {count(of)} members {'moves' if n == 1 else 'move'} by more than {MOVED:g} {_UNIT}"


def _bound(max_move: float, error: float) -> str:
    """Return a bound that no move exceeds, including the Monte Carlo error."""
    return number(max(0.1, math.ceil(10 * (max_move + 2 * error)) / 10), 1)


def _wide(factor: float) -> str:
    return f"{_FACTOR_WORDS[factor]} as wide"


def _open(words: Sequence[str]) -> str:
    return f"; only a new fit can tell for {among(words)}" if words else ""


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
