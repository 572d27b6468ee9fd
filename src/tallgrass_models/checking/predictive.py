"""Posterior predictive checks, which compare votes replicated from the posterior with the votes that were cast.

Each replicate draws every cast vote anew from its probability in one posterior draw. Missing votes stay missing. A
tail probability is ``P(replicated > observed) + P(replicated = observed) / 2``. Since the same votes were fitted, the
tail probabilities are conservative: extreme ones are evidence of misfit, middling ones are no proof of fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..draws.vote_probability import probability
from ..files.records.checking import Calibration, Replicated, Statistic, StatisticsCounted
from ..models.fast.seating import party_index
from ..votes.vocabulary import PARTIES
from ..wording.replicated import findings
from .draws import Draws
from .observations import Observations
from .vote_statistics import VoteStatistics, vote_statistics

#: Number of replicated vote matrices, from draws evenly spaced over all chains.
_REPLICATES = 1000
#: Number of votes that are replicated at a time.
_TOGETHER = 2**18
#: A statistic is not reproduced if its tail probability on either side is below this. Pages and metrics.json take the
#: verdict from check.json, where each statistic is marked.
UNUSUAL = 0.025
#: Number of pairs of members that are listed.
_PAIRS = 50
_INTERVAL = (0.05, 0.95)


@dataclass(frozen=True)
class Predictive:
    """Result of `posterior_predictive`.

    Attributes
    ----------
    statistics, calibration
        Rows as in check.json.
    members, rollcalls
        Rows in the order of the observations' tables; columns of check_members.csv and check_rollcalls.csv.
    pairs
        Rows of check_pairs.csv.
    findings
        Sentences on the statistics that are not reproduced.
    """

    statistics: list[Statistic]
    calibration: list[Calibration]
    members: pd.DataFrame
    rollcalls: pd.DataFrame
    pairs: pd.DataFrame
    findings: list[str]
    n_replicates: int


@dataclass(frozen=True)
class ChamberCells:
    """One chamber of a unit as a matrix: its rows and columns in the unit, the votes cast, and the parties."""

    name: str
    members: np.ndarray
    rollcalls: np.ndarray
    item: np.ndarray
    cast: np.ndarray
    yea: np.ndarray
    party: np.ndarray


def chamber_cells(obs: Observations) -> list[ChamberCells]:
    """List the chambers of a unit, House first."""
    out = []
    for name in dict.fromkeys(obs.members["chamber"]):
        members = np.flatnonzero(obs.members["chamber"] == name)
        rollcalls = np.flatnonzero(obs.rollcalls["chamber"] == name)
        here = np.isin(obs.member, members)
        at = obs.member[here] - members[0], obs.rollcall[here] - rollcalls[0]
        cast, yea = (np.zeros((len(members), len(rollcalls)), dtype=np.float32) for _ in range(2))
        cast[at], yea[at] = 1, obs.y[here]
        party = party_index(obs.members["party"].to_numpy()[members])
        item = obs.rollcalls["item"].to_numpy()[rollcalls]
        out.append(ChamberCells(name, members, rollcalls, item, cast, yea, party))
    return out


def posterior_predictive(obs: Observations, draws: Draws, rng: np.random.Generator) -> Predictive:
    """Replicate the votes and compare them with the real ones."""
    taken = np.unique(np.linspace(0, draws.n_draws - 1, _REPLICATES).astype(int))
    parts = [_compare(cells, obs.members.iloc[cells.members], draws, taken, rng) for cells in chamber_cells(obs)]
    statistics, calibration = [row for part in parts for row in part[0]], [row for part in parts for row in part[1]]
    members, rollcalls = (pd.concat([part[k] for part in parts]) for k in (2, 3))
    pairs = pd.concat([part[4] for part in parts], ignore_index=True)
    said = findings(statistics, calibration, len(taken), str)
    return Predictive(statistics, calibration, members, rollcalls, pairs, said, len(taken))


def _compare(
    cells: ChamberCells, names: pd.DataFrame, draws: Draws, taken: np.ndarray, rng: np.random.Generator
) -> tuple[list[Statistic], list[Calibration], pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Compare one chamber: return its statistics, calibration, members, roll calls and pairs."""
    observed = vote_statistics(cells.yea[None], cells.cast, cells.party)
    collected, pair_moments = _collect(_replicates(cells, draws, taken, rng), observed, len(taken))
    statistics: list[Statistic] = []
    for (name, party), values in collected.scalars.items():
        row = summarized(observed.scalars[name, party][0], values)
        statistics.append(
            {
                "statistic": name,
                "chamber": cells.name,
                "party": party,
                **row,
                "unusual": _unusual(row["tail_probability"]),
            }
        )
    yea = _columns("yea_share", observed.member_yea[0], collected.member_yea)
    members = pd.DataFrame(yea | _columns("unity", observed.unity[0], collected.unity), index=cells.members)
    calls = _columns("yea_share", observed.rollcall_yea[0], collected.rollcall_yea)
    for p, party in enumerate(PARTIES):
        columns = _columns(f"yea_share_{party.lower()}", observed.party_yea[0, p], collected.party_yea[:, p])
        calls |= {name: values for name, values in columns.items() if not name.endswith(("_q05", "_q95"))}
    rollcalls = pd.DataFrame(calls, index=cells.rollcalls)
    pairs = _pairs(observed.agreement[0], cells.cast @ cells.cast.T, *pair_moments)
    tails = pairs["agreement_tail"]
    outside = int(((tails < _INTERVAL[0]) | (tails > _INTERVAL[1])).sum())
    calibration: list[Calibration] = [
        _outside("yea_share", "rollcall", cells.name, rollcalls),
        _outside("yea_share", "member", cells.name, members),
        _outside("unity", "member", cells.name, members),
        _count("agreement", "pair", cells.name, int(tails.notna().sum()), outside),
    ]
    return statistics, calibration, members, rollcalls, _named_pairs(pairs, names, cells.name)


def _replicates(
    cells: ChamberCells, draws: Draws, taken: np.ndarray, rng: np.random.Generator
) -> Iterator[VoteStatistics]:
    """Yield the statistics of the replicates, some at a time."""
    step = max(1, _TOGETHER // cells.cast.size)
    for start in range(0, len(taken), step):
        part = taken[start : start + step]
        p = probability(_logits(cells, draws, part))
        yea = (rng.random(p.shape, dtype=np.float32) < p) * cells.cast
        yield vote_statistics(yea.astype(np.float32), cells.cast, cells.party)


def _logits(cells: ChamberCells, draws: Draws, part: np.ndarray) -> np.ndarray:
    """Compute the logits of Yea in some draws, shape (draws, members, roll calls)."""
    return draws.votes.logits(
        lambda own: own[cells.members][:, part].T[:, :, None],
        lambda own: own[cells.item][:, part].T[:, None, :],
        lambda own: own[part].astype(np.float32)[:, None, None],
    )


def _collect(
    found: Iterator[VoteStatistics], observed: VoteStatistics, n: int
) -> tuple[VoteStatistics, tuple[np.ndarray, ...]]:
    """Join the statistics of all replicates.

    Of the pairs, only mean, standard deviation and tail probability are kept.
    """
    parts = []
    first, second, above = (np.zeros(observed.agreement.shape[1:]) for _ in range(3))
    for part in found:
        first += part.agreement.sum(0)
        second += (part.agreement.astype(float) ** 2).sum(0)
        above += _above(observed.agreement, part.agreement).sum(0)
        parts.append(replace(part, agreement=part.agreement[:0].copy()))  # it takes megabytes each
    shares = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("rollcall_yea", "party_yea", "member_yea", "unity", "agreement")
    }
    scalars = {key: np.concatenate([part.scalars[key] for part in parts]) for key in observed.scalars}
    collected = VoteStatistics(scalars, **shares)
    mean = first / n
    return collected, (mean, np.sqrt(np.maximum(second / n - mean**2, 0)), above / n)


def _above(observed: np.ndarray, replicated: np.ndarray) -> np.ndarray:
    """Score 1 where replicated is larger, 1/2 where equal up to rounding, NaN where either is not defined."""
    difference = replicated - observed
    return np.where(
        np.isnan(difference), np.nan, 0.5 + 0.5 * np.sign(np.where(np.abs(difference) < 1e-6, 0, difference))
    )


def summarized(observed: float, replicated: np.ndarray) -> Replicated:
    """Summarize one number: the observed value, and mean, sd, q05, q95 and tail_probability of the replicates."""
    columns = _columns("x", np.array([observed]), replicated[:, None])
    return {
        "observed": float(columns["x"][0]),
        "mean": float(columns["x_mean"][0]),
        "q05": float(columns["x_q05"][0]),
        "q95": float(columns["x_q95"][0]),
        "tail_probability": float(columns["x_tail"][0]),
        "sd": float(np.nanstd(replicated)),
    }


def _columns(name: str, observed: np.ndarray, replicated: np.ndarray) -> dict[str, np.ndarray]:
    """Give the observed values, and mean, 90 % interval and tail probability of the replicates that have a value."""
    some = np.isfinite(replicated).any(0)
    filled = np.where(some, replicated, 0)
    low, high = np.nanquantile(filled, _INTERVAL, axis=0)
    above = _above(observed, filled)
    n = np.isfinite(above).sum(0)
    tail = np.divide(np.nansum(above, axis=0), n, out=np.full(len(n), np.nan), where=n > 0)
    out = {"": observed, "_mean": np.nanmean(filled, axis=0), "_q05": low, "_q95": high, "_tail": tail}
    return {name + end: np.where(some, values, np.nan) for end, values in out.items()}


def _outside(of: str, level: str, chamber: str, table: pd.DataFrame) -> Calibration:
    known = table[of].notna() & table[f"{of}_mean"].notna()
    # a value at the rim of the interval is inside, since shares are rounded to single precision
    outside = (table[of] < table[f"{of}_q05"] - 1e-6) | (table[of] > table[f"{of}_q95"] + 1e-6)
    return _count(of, level, chamber, int(known.sum()), int((outside & known).sum()))


def _count(of: str, level: str, chamber: str, n: int, outside: int) -> Calibration:
    return {
        "of": of,
        "level": level,
        "chamber": chamber,
        "n": n,
        "outside": outside,
        "expected": round((1 - _INTERVAL[1] + _INTERVAL[0]) * n, 1),
    }


def _pairs(
    observed: np.ndarray, common: np.ndarray, mean: np.ndarray, sd: np.ndarray, tail: np.ndarray
) -> pd.DataFrame:
    """List all pairs with a common roll call."""
    a, b = np.nonzero(np.triu(common > 0, 1))
    columns = {"n_common": common.astype(int), "agreement": observed, "agreement_mean": mean, "agreement_sd": sd}
    return pd.DataFrame({"a": a, "b": b} | {k: v[a, b] for k, v in (columns | {"agreement_tail": tail}).items()})


def _named_pairs(table: pd.DataFrame, names: pd.DataFrame, chamber: str) -> pd.DataFrame:
    """Select the pairs whose agreement was least expected, in standard deviations of the replicates, and name them."""
    surprise = ((table["agreement"] - table["agreement_mean"]) / table["agreement_sd"]).abs()
    worst = table.loc[surprise.replace(np.inf, np.nan).nlargest(_PAIRS).index]
    out = {"chamber": chamber}
    for side in ("a", "b"):
        who = names.iloc[worst[side]]
        out |= {f"{column}_{side}": who[column].to_numpy() for column in ("legislator", "name", "party")}
    return pd.DataFrame(out | {c: worst[c].to_numpy() for c in worst.columns if c not in ("a", "b")})


def _unusual(tail: float | None) -> bool:
    """Decide by its tail probability if a statistic is not reproduced; one that is not defined is not unusual."""
    return tail is not None and bool(tail < UNUSUAL or tail > 1 - UNUSUAL)


def counts(statistics: Sequence[Statistic]) -> StatisticsCounted:
    """Count the statistics that were compared, those not reproduced, and those expected to be unusual by chance."""
    known = [row for row in statistics if (tail := row["tail_probability"]) is not None and np.isfinite(tail)]
    return {
        "threshold": UNUSUAL,
        "n_compared": len(known),
        "n_unusual": sum(row["unusual"] for row in known),
        "n_expected": round(2 * UNUSUAL * len(known), 2),
    }
