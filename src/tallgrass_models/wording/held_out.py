"""Held-out votes in words: what each rung of the ladder is, and what one prediction gains on another."""

from __future__ import annotations

from ..files.records.folds import Gain
from .numbers import number, signed

#: What each rung is called in a sentence, the lowest first.
RUNG_NAMES = {
    "party": "party alone",
    "flat": "the flat model",
    "chamber": "the chamber model",
    "joint": "the joint model",
}


def gain_sentence(better: str, than: str, found: Gain) -> str:
    """Say what one prediction gains on another, in votes called right and as a log score, each with its interval.

    The sentence begins as ``better`` does, in small letters: that may be the name of an experiment.
    """
    return f"{better} {_right(than, found)}; {_score(found)}."


def _right(than: str, found: Gain) -> str:
    more, low, high = found["right"], found["right_q05"], found["right_q95"]
    if low is None or high is None:
        return f"calls {number(abs(more), 1)} {_more(more)} of 1,000 held-out votes right than {than}"
    span = f"90 % interval {signed(low, 1)} to {signed(high, 1)}"
    if low <= 0 <= high:
        return f"and {than} call about as many held-out votes right (of 1,000, {signed(more, 1)}; {span})"
    return f"calls {number(abs(more), 1)} {_more(more)} of 1,000 held-out votes right than {than} ({span})"


def _score(found: Gain) -> str:
    gained, low, high = found["log_score"], found["log_score_q05"], found["log_score_q95"]
    if low is None or high is None:
        return f"the log score per vote differs by {signed(gained, 4)}"
    span = f"90 % interval {signed(low, 4)} to {signed(high, 4)}"
    if low <= 0 <= high:
        return f"the log score per vote differs by no more than chance variation ({signed(gained, 4)}, {span})"
    return f"the log score per vote is {'higher' if gained > 0 else 'lower'} by {number(abs(gained), 4)} ({span})"


def _more(value: float) -> str:
    return "more" if value > 0 else "fewer"
