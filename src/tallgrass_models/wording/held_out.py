"""Held-out votes in words: what each rung of the ladder is, and what one prediction gains on another."""

from __future__ import annotations

from ..files.records.folds import BillsTogether, Gain
from .numbers import number, signed

#: What each rung is called in a sentence, the lowest first.
RUNG_NAMES = {
    "party": "party alone",
    "flat": "the flat model",
    "chamber": "the chamber model",
    "joint": "the joint model",
}


def gain_sentence(better: str, than: str, found: Gain, whole: bool = False) -> str:
    """Say what one prediction gains on another, in votes called right and as a log score, each with its interval.

    The sentence begins as ``better`` does, in small letters: that may be the name of an experiment. ``whole`` says that
    whole roll calls are held out.
    """
    return f"{better} {_right(than, found, whole)}; {_score(found, whole)}."


def together_sentence(found: BillsTogether) -> str:
    """Say what the joint model gains where votes of both chambers on a bill are predicted together."""
    gained, low, high = found["gain"], found["gain_q05"], found["gain_q95"]
    bills = "bill" if found["n_bills"] == 1 else "bills"
    where = f"On {number(found['n_bills'], 0)} {bills} held out from both chambers at once, the joint model"
    span = "" if low is None or high is None else f" (90 % interval {signed(low, 4)} to {signed(high, 4)})"
    if low is not None and high is not None and low <= 0 <= high:
        return (
            f"{where} and the chamber models predict the votes of both chambers together about equally well: per vote, "
            f"the log score differs by {signed(gained, 4)}{span}."
        )
    more = "higher" if gained > 0 else "lower"
    return (
        f"{where} gives the votes of both chambers together a log score {more} by {number(abs(gained), 4)} per vote"
        f"{span} than the chamber models, for which the chambers are independent."
    )


def _right(than: str, found: Gain, whole: bool) -> str:
    more, low, high = found["right"], found["right_q05"], found["right_q95"]
    right = "right from the other votes of their roll call" if whole else "right"
    if low is None or high is None:
        return f"calls {number(abs(more), 1)} {_more(more)} of 1,000 held-out votes {right} than {than}"
    span = f"90 % interval {signed(low, 1)} to {signed(high, 1)}"
    if low <= 0 <= high:
        return f"and {than} call about as many held-out votes {right} (of 1,000, {signed(more, 1)}; {span})"
    return f"calls {number(abs(more), 1)} {_more(more)} of 1,000 held-out votes {right} than {than} ({span})"


def _score(found: Gain, whole: bool) -> str:
    what = "the log score of whole roll calls, per vote," if whole else "the log score per vote"
    gained, low, high = found["log_score"], found["log_score_q05"], found["log_score_q95"]
    if low is None or high is None:
        return f"{what} differs by {signed(gained, 4)}"
    span = f"90 % interval {signed(low, 4)} to {signed(high, 4)}"
    if low <= 0 <= high:
        return f"{what} differs by no more than chance variation ({signed(gained, 4)}, {span})"
    return f"{what} is {'higher' if gained > 0 else 'lower'} by {number(abs(gained), 4)} ({span})"


def _more(value: float) -> str:
    return "more" if value > 0 else "fewer"
