"""Features of the votes in words, and sentences on those that votes drawn from a model do not have."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..files.records.checking import Calibration, Statistic
from .numbers import count, number, percent, plural

#: Statistics of the votes, to be read after "the".
STATISTICS = {
    "yea_share": "share of Yea",
    "yea_share_sd_rollcalls": "standard deviation of the share of Yea over the roll calls",
    "margin_mean": "mean margin",
    "lopsided_share": "share of roll calls with less than 10 % on the smaller side",
    "party_difference": "mean difference between the parties’ shares of Yea",
    "party_unity_share": "share of party-unity votes",
    "unity_score": "mean unity score",
    "rice": "mean Rice index",
    "agreement_within": "mean agreement of two members of the party",
    "agreement_between": "mean agreement of two members of different parties",
}
#: What a row on many members, roll calls or pairs is of, and of each of what: one, and many.
MEASURES = {"yea_share": "share of Yea", "unity": "unity score", "agreement": "agreement"}
LEVELS = {
    "rollcall": ("roll call", "roll calls"),
    "member": ("member", "members"),
    "pair": ("pair of members", "pairs of members"),
}
#: A table of members, roll calls or pairs is worth a sentence from this many on, if so many times as many of them are
#: outside their interval as chance would have.
_LEAST, _TIMES = 20, 2


def findings(
    statistics: Sequence[Statistic], calibration: Sequence[Calibration], n_sets: int, name: Callable[[str], str]
) -> list[str]:
    """Return a sentence without a full stop for each feature that the model does not reproduce.

    Parameters
    ----------
    n_sets
        Number of replicated sets of votes.
    name
        A chamber's name for people.
    """
    said = [_statistic(row, n_sets, name(row["chamber"])) for row in statistics if row["unusual"]]
    return said + [_outside(row, name(row["chamber"])) for row in calibration if _wide(row)]


def _statistic(row: Statistic, n_sets: int, where: str) -> str:
    tail = row["tail_probability"]
    assert tail is not None, "a statistic that is not defined is not unusual"
    higher = tail < 0.5
    share = 1 - tail if higher else tail
    place = f"{where}, {row['party']}s" if row["party"] else where
    most = f"in all {count(n_sets)} replicated sets" if share == 1 else f"in {percent(share, 1)} of replicated sets"
    return (
        f"{place}: the {STATISTICS[row['statistic']]} is {number(row['observed'], 3)}, "
        f"{'higher' if higher else 'lower'} than {most} (90 % interval {number(row['q05'], 3)} to "
        f"{number(row['q95'], 3)})"
    )


def _wide(row: Calibration) -> bool:
    return bool(row["n"] >= _LEAST and row["outside"] > _TIMES * row["expected"])


def _outside(row: Calibration, where: str) -> str:
    return (
        f"{where}: the {MEASURES[row['of']]} of {count(row['outside'])} of {plural(row['n'], *LEVELS[row['level']])} is"
        f" outside the 90 % interval of the replicated sets, where about {count(row['expected'])} would be by chance"
    )
