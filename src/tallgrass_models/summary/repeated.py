"""The numbers of a fit with their Monte Carlo errors, and whether those of a second run are the same within them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from scipy import stats

from ..draws.montecarlo import batch_starts, mcse
from ..draws.standing import party_averages, share_of_party
from ..draws.vote_probability import VoteParameters
from ..votes.unit_votes import UnitVotes
from ..votes.vocabulary import PARTIES
from .placed import Placed, place_unit

#: Quantities that differ by more standard errors are counted, for people.
FAR = 3.0
#: How often numbers that are the same may be called different, at most.
_FALSE_ALARM = 0.01
#: A quantity of less spread is fixed by the scale, such as the party averages that define it.
_FIXED = 1e-9


@dataclass(frozen=True)
class Quantity:
    """A posterior mean, or another estimate from draws.

    Attributes
    ----------
    unit, what, of
        The fit, the kind of quantity, and the id of the member or the chamber and party that it is about.
    label
        All that for people.
    value, error
        The estimate and its Monte Carlo standard error, in the unit of the quantity.
    df
        Degrees of freedom of the error, infinite if it does not come from batches.
    """

    unit: str
    what: str
    of: str
    label: str
    value: float
    error: float
    df: float

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the quantity in both runs."""
        return self.unit, self.what, self.of

    def to_dict(self) -> dict[str, Any]:
        """Return the record for a JSON file, which has no infinity."""
        return {**asdict(self), "df": self.df if math.isfinite(self.df) else None}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Quantity:
        """Read a record that `to_dict` made.

        Raises
        ------
        KeyError, TypeError, ValueError
            If it is none.
        """
        value, error = float(raw["value"]), float(raw["error"])
        df = math.inf if raw["df"] is None else float(raw["df"])
        if not (math.isfinite(value) and math.isfinite(error) and error >= 0 and df > 0):
            raise ValueError(f"{raw['what']} of {raw['of']} is no number with an error")
        unit, what, of, label = (str(raw[key]) for key in ("unit", "what", "of", "label"))
        return cls(unit, what, of, label, value, error, df)


def quantities(votes: VoteParameters, unit: UnitVotes, name: str) -> list[Quantity]:
    """Compute the numbers of one fit that two runs should share.

    Parameters
    ----------
    votes
        Draws of the ideal points, shape (chain, draw, n_legislators), and of the bills, shape (chain, draw, n_items).
    unit
        The votes that were fitted.
    name
        Name of the fit, ``house``, ``senate`` or ``joint``.

    Returns
    -------
    list of Quantity
        Members' positions on the headline scale; of each chamber the averages of the parties and their distance, on
        the model's own scale and on the headline scale, and the parties' share of the variance (ICC); and the log
        likelihood of all votes, which the bills enter. A quantity that the scale fixes is left out. Monte Carlo errors
        are by batch means (`draws.montecarlo`). An axis that runs the other way is turned, because a prior of either
        sign leaves its direction open.
    """
    placed = place_unit(votes.xi, unit)
    df = len(batch_starts(*votes.xi.shape[:2])) - 1.0
    if df < 1:
        return []
    ids = [member for part in unit.parts for member in part.legislators]
    people = zip(ids, unit.member_names(), strict=True)
    found = [("position", who, f"position of {named}", placed.x[..., i]) for i, (who, named) in enumerate(people)]
    for part in unit.parts:
        found += _of_chamber(placed, part.members, part.votes.parties, part.chamber)
    found.append(("log likelihood", "", "log likelihood of the votes", _log_likelihood(votes, unit)))
    out = []
    for what, of, label, draws in found:
        if np.isfinite(draws).all() and draws.std() > _FIXED:
            values = np.asarray(draws, dtype=float)
            out.append(Quantity(name, what, of, f"{name}, {label}", float(values.mean()), float(mcse(values)), df))
    return out


def _of_chamber(
    placed: Placed, members: slice, party: np.ndarray, chamber: str
) -> list[tuple[str, str, str, np.ndarray]]:
    """Return kind, id, label and draws of the quantities of one chamber."""
    side = -1.0 if placed.scales[0].turned else 1.0
    scales = {"model's scale": side * placed.xi[..., members], "headline scale": placed.x[..., members]}
    found = []
    for scale, values in scales.items():
        average, _ = party_averages(values, party)
        for p, name in enumerate(PARTIES):
            label = f"average of the {name}s of the {chamber}, {scale}"
            found.append((f"party average, {scale}", f"{chamber}/{name}", label, average[..., p]))
        gap = average[..., 1] - average[..., 0]
        found.append((f"party gap, {scale}", chamber, f"distance of the parties of the {chamber}, {scale}", gap))
    share = share_of_party(placed.xi[..., members], party)
    return [*found, ("icc", chamber, f"share of the parties in the variance, {chamber}", share)]


def _log_likelihood(votes: VoteParameters, unit: UnitVotes) -> np.ndarray:
    """Log likelihood of all votes in each draw, shape (chain, draw)."""
    out = np.zeros(votes.xi.shape[:2])
    for part in unit.parts:
        y, own = part.votes.y, votes.of_votes(part.members, part.item)
        sign, cast = np.where(y == 1, 1.0, -1.0), y >= 0
        for at in np.ndindex(out.shape):
            logit = own.logits(_column(at), itemgetter(at), itemgetter(at))
            out[at] -= np.logaddexp(0, -(sign * logit)[cast]).sum()
    return out


def _column(at: tuple[int, ...]) -> Callable[[np.ndarray], np.ndarray]:
    return lambda draws: draws[at][:, None]


@dataclass(frozen=True)
class Pair:
    """One quantity in both runs, and its difference in standard errors of that difference."""

    first: Quantity
    second: Quantity

    @property
    def z(self) -> float:
        """Difference in standard errors; infinite if both errors are 0 and the values differ."""
        gap = self.second.value - self.first.value
        if gap == 0:
            return 0.0
        error = math.hypot(self.first.error, self.second.error)
        return math.copysign(math.inf, gap) if error == 0 else gap / error

    @property
    def df(self) -> float:
        """Degrees of freedom of the difference by Welch and Satterthwaite."""
        a, b = self.first.error**2, self.second.error**2
        rest = a**2 / self.first.df + b**2 / self.second.df
        return (a + b) ** 2 / rest if rest > 0 else math.inf

    @property
    def p(self) -> float:
        """Probability of a difference as large by chance."""
        return float(2 * stats.t.sf(abs(self.z), min(self.df, 1e9)))


@dataclass(frozen=True)
class Repeated:
    """Two runs side by side.

    Attributes
    ----------
    pairs
        The quantities of both, that of the most standard errors first.
    missing
        Labels of the quantities that only one has.
    """

    pairs: Sequence[Pair]
    missing: Sequence[str]

    @property
    def identical(self) -> bool:
        """Whether all numbers are the same to the last digit."""
        return not self.missing and all(pair.z == 0 for pair in self.pairs)

    @property
    def n_far(self) -> int:
        """Number of quantities that differ by more than `FAR` standard errors."""
        return sum(abs(pair.z) > FAR for pair in self.pairs)

    @property
    def expected(self) -> float:
        """How many would by chance."""
        return float(sum(2 * stats.t.sf(FAR, min(pair.df, 1e9)) for pair in self.pairs))

    @property
    def same(self) -> bool:
        """Whether the numbers are the same within Monte Carlo error.

        Notes
        -----
        Hommel (1983): all M differences are chance unless the i-th smallest p-value is below ``a i / (M H_M)`` for some
        i, with ``H_M = 1 + 1/2 + ... + 1/M``. However the quantities depend on each other, same numbers are called
        different with a probability of at most a = 1 %. One large difference is found, and so are many of middle size.
        """
        m = len(self.pairs)
        p = np.sort([pair.p for pair in self.pairs])
        rank = np.arange(1, m + 1)
        return not self.missing and not (p <= _FALSE_ALARM * rank / (m * (1 / rank).sum())).any()


def compare_runs(first: Sequence[Quantity], second: Sequence[Quantity]) -> Repeated:
    """Put the quantities of two runs side by side."""
    one, two = ({found.key: found for found in run} for run in (first, second))
    pairs = [Pair(one[key], two[key]) for key in one if key in two]
    missing = [found.label for run, other in ((one, two), (two, one)) for key, found in run.items() if key not in other]
    return Repeated(sorted(pairs, key=lambda pair: -abs(pair.z)), missing)
