"""Moves of members under half or twice the scale of each prior, in their own posterior standard deviations.

The draws are reweighted by the ratio of the rescaled prior to the one of the fit, smoothed (PSIS). The scale of a prior
is its standard deviation, or that of the logarithm for a lognormal prior. The prior of hundreds of bills is a product
of as many densities, so its ratio varies too much from draw to draw in all but small sessions. Such a move is not
reported (``told`` is False), and `tallgrass-models sensitivity` finds it by a refit.

Positions are on the headline scale (`scale.headline_scale`; in a joint model that of the House), which the priors of
location and spread do not set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from arviz_stats.base import array_stats

from ..draws.scale import headline_scale
from ..files.names import MOVED
from ..files.records.checking import MostMoved, Movement, OneFactor, PriorScale, Rescaled
from ..wording.movement import known
from .draws import Draws
from .observations import Observations
from .psis import k_threshold
from .sensitivity import log_priors

#: Factors by which the scale of a prior is multiplied.
FACTORS = (0.5, 2.0)
#: Largest Monte Carlo error of a reported move. It is a fifth of `MOVED`, so that hardly any member is moved by chance.
LARGEST_ERROR = 0.05
#: The scale itself fixes a position whose standard deviation is below this share of its size. The only member of a
#: party, for example, is at -1 or +1 in every draw.
_STILL = 1e-6


class Moves(NamedTuple):
    """Moves of all members under one rescaled prior.

    Attributes
    ----------
    move : ndarray, shape (n_legislators,)
        Change of the mean position, divided by its standard deviation in the fit; positive to the right.
    error : float
        Monte Carlo error of a move, the root mean square over members.
    pareto_k : float
        Pareto k of the weights; infinite where some ratio is not a number.
    ess : float
        Effective number of draws under the weights.
    """

    move: np.ndarray
    error: float
    pareto_k: float
    ess: float

    def told(self, threshold: float) -> bool:
        """Say whether the move is reliable enough to report."""
        return bool(self.pareto_k <= threshold and self.error <= LARGEST_ERROR)


def smoothed_weights(log_ratio: np.ndarray) -> tuple[np.ndarray, float]:
    """Return Pareto-smoothed weights that sum to one, shape (n_draws,), and Pareto k (-inf if all are equal)."""
    if np.ptp(log_ratio) == 0:
        return np.full(len(log_ratio), 1 / len(log_ratio)), -np.inf
    log_weight, k = array_stats.psislw(-log_ratio, r_eff=1.0)
    return np.exp(log_weight), float(k)


def positions(obs: Observations, draws: Draws) -> np.ndarray:
    """Return the draws of all members on the headline scale, shape (n_legislators, n_draws)."""
    chamber = obs.members["chamber"].to_numpy(str)
    reference = None if (chamber == chamber[0]).all() else chamber == chamber[0]
    xi = draws.xi.T.astype(float)
    _, frame = headline_scale(xi, obs.members["party"].to_numpy(str), reference)
    return frame.positions(xi).T


def moves(x: np.ndarray, log_ratio: np.ndarray, n_chains: int) -> Moves:
    """Compute the moves of members by reweighting their positions.

    Parameters
    ----------
    x : ndarray, shape (n_legislators, n_draws)
        Chains one after the other.
    log_ratio : ndarray, shape (n_draws,)
        Log ratio of the rescaled prior to the prior of the fit, up to a constant.
    n_chains

    Notes
    -----
    The error comes from the chains: each has a move of its own under the same weights. Their spread includes the
    dependence of neighbouring draws, and the effect of the few draws that carry most of the weight.
    """
    if not np.isfinite(log_ratio).all():
        return Moves(np.full(len(x), np.nan), np.inf, np.inf, 0.0)
    weight, k = smoothed_weights(log_ratio)
    unit = _unit(x)
    own = weight.reshape(n_chains, -1)
    with np.errstate(invalid="ignore"):  # a chain may have no weight at all
        own = own / own.sum(1, keepdims=True)
    by_chain = x.reshape(len(x), n_chains, -1)
    each = ((by_chain * own).sum(2) - by_chain.mean(2)) / unit[:, None]
    error = float(np.sqrt((each.var(1, ddof=1) / n_chains).mean()))
    move = (x @ weight - x.mean(1)) / unit
    return Moves(move, error if np.isfinite(error) else np.inf, k, float(1 / (weight**2).sum()))


def _unit(x: np.ndarray) -> np.ndarray:
    """Compute each position's standard deviation, or infinity where the scale itself fixes it, so nothing moves."""
    sd = x.std(1)
    return np.where(sd <= _STILL * np.abs(x).mean(1), np.inf, sd)


def prior_scales(obs: Observations, draws: Draws) -> tuple[list[PriorScale], pd.DataFrame]:
    """Compute each member's move under half and twice the scale of each component of the prior.

    Returns
    -------
    rows : list of PriorScale
        A row per chamber, component and factor: ``chamber``, ``component``, ``factor``, ``told`` (True if the draws can
        tell), ``pareto_k``, ``threshold``, ``ess``, ``error``, ``n_members``, ``n_moved``, ``max_move`` (of either
        sign), ``legislator`` and ``name`` of the member who moves most. The last four are None if ``told`` is False.
    table : DataFrame
        A row per member, component and factor: chamber, party, legislator, name, component, factor, move (NaN if
        ``told`` is False).
    """
    x, threshold = positions(obs, draws), k_threshold(draws.n_draws)
    fitted = log_priors(draws)
    rescaled = {factor: log_priors(draws, factor) for factor in FACTORS}
    who = obs.members[["chamber", "party", "legislator", "name"]]
    rows: list[PriorScale] = []
    tables = []
    for component, own in fitted.items():
        for factor in FACTORS:
            with np.errstate(invalid="ignore"):
                found = moves(x, rescaled[factor][component] - own, draws.n_chains)
            told = found.told(threshold)
            table = who.assign(component=component, factor=factor, move=found.move if told else np.nan)
            facts: Rescaled = {
                "component": component,
                "factor": factor,
                "told": told,
                "pareto_k": found.pareto_k,
                "threshold": threshold,
                "ess": found.ess,
                "error": found.error,
            }
            rows += moved_rows(table, facts)
            tables.append(table)
    return rows, pd.concat(tables, ignore_index=True)


def refit_moves(x: np.ndarray, other: np.ndarray, n_chains: int) -> tuple[np.ndarray, float]:
    """Compute each member's move from one fit to another one with as many chains.

    Parameters
    ----------
    x, other : ndarray, shape (n_legislators, n_draws)
        Positions in the fit and in the refit, chains one after the other.
    n_chains

    Returns
    -------
    move, error
        The fields of `Moves`.
    """
    unit = _unit(x)
    means = [values.reshape(len(values), n_chains, -1).mean(2) for values in (x, other)]
    variance = sum(each.var(1, ddof=1) / n_chains for each in means) / unit**2
    return (other.mean(1) - x.mean(1)) / unit, float(np.sqrt(variance.mean()))


def moved_rows(table: pd.DataFrame, facts: Rescaled) -> list[PriorScale]:
    """Return a row of `prior_scales` for each chamber of a table of moves, including ``facts``."""
    return [
        {"chamber": chamber, **facts, **_most(here, facts["told"])}
        for chamber, here in table.groupby("chamber", sort=False)
    ]


def _most(members: pd.DataFrame, told: bool) -> MostMoved:
    """Count the members of a chamber who move, and name the one who moves most."""
    if not told:
        return {
            "n_members": len(members),
            "n_moved": None,
            "max_move": None,
            "legislator": None,
            "name": None,
        }
    most = members.loc[members["move"].abs().idxmax()]
    return {
        "n_members": len(members),
        "n_moved": int((members["move"].abs() > MOVED).sum()),
        "max_move": float(most["move"]),
        "legislator": str(most["legislator"]),
        "name": str(most["name"]),
    }


def summarized(rows: Sequence[PriorScale], table: pd.DataFrame) -> dict[str, Movement]:
    """Summarize each chamber.

    Returns
    -------
    dict
        By chamber: ``told`` and ``not_told``, the components for which both factors are reliable, or not;
        ``n_members``; and over the components in ``told``: ``n_moved`` (members who move under any of them),
        ``max_move`` (its size), ``error`` (the largest), and ``component``, ``factor``, ``legislator``, ``name`` of the
        largest move. These are None if ``told`` is empty. ``one_factor`` lists components for which one factor alone is
        reliable, each with ``component``, ``factor``, ``n_members``, ``n_moved``, ``max_move`` (its size), ``error``
        and ``name``.
    """
    out: dict[str, Movement] = {}
    for chamber in dict.fromkeys(row["chamber"] for row in rows):
        here = [row for row in rows if row["chamber"] == chamber]
        told = _components(here, True)
        kept = table[(table["chamber"] == chamber) & table["component"].isin(told)]
        facts: Movement = {
            "told": told,
            "not_told": _components(here, False),
            "n_members": here[0]["n_members"],
            "n_moved": None,
            "max_move": None,
            "error": None,
            "component": None,
            "factor": None,
            "legislator": None,
            "name": None,
            "one_factor": [_alone(row) for row in here if row["told"] and row["component"] not in told],
        }
        if told:
            these = [row for row in here if row["component"] in told]
            most = max(these, key=_size)
            facts["component"], facts["factor"] = most["component"], most["factor"]
            facts["legislator"], facts["name"] = most["legislator"], most["name"]
            facts["max_move"], facts["error"] = _size(most), max(known(row["error"]) for row in these)
            facts["n_moved"] = int((kept.groupby("legislator")["move"].agg(lambda m: m.abs().max()) > MOVED).sum())
        out[chamber] = facts
    return out


def _size(row: PriorScale) -> float:
    return abs(known(row["max_move"]))


def _alone(row: PriorScale) -> OneFactor:
    return {
        "component": row["component"],
        "factor": row["factor"],
        "n_members": row["n_members"],
        "n_moved": known(row["n_moved"]),
        "error": known(row["error"]),
        "name": known(row["name"]),
        "max_move": _size(row),
    }


def _components(rows: Sequence[PriorScale], told: bool) -> list[str]:
    both = {name: all(row["told"] for row in rows if row["component"] == name) for name in _names(rows)}
    return [name for name, is_told in both.items() if is_told is told]


def _names(rows: Sequence[PriorScale]) -> list[str]:
    return list(dict.fromkeys(row["component"] for row in rows))
