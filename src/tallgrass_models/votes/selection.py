"""Which roll calls of a session are used: by question, passage votes alone, from one day to another."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..errors import UserError
from .sources import source_of

_REASON = "not selected"


def selected(calls: pd.DataFrame, selection: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Say which roll calls a selection keeps, and why not the others.

    Parameters
    ----------
    calls : DataFrame
        Columns motion, passage and date.
    selection
        Keys of `config.selection`: ``questions`` (texts of motions in any case, where ``*`` is any text),
        ``passage_only``, ``from`` and ``to`` (days ``yyyy-mm-dd``, both included). A roll call without a date is
        neither before nor after a day, and is left out.

    Returns
    -------
    keep : ndarray of bool
    reason : ndarray of str
        Why a roll call is left out; ``""`` where it is kept.
    """
    reason = np.full(len(calls), "", dtype=object)
    day = calls["date"].to_numpy(object)
    if "to" in selection:
        reason[day > selection["to"]] = f"{_REASON}: after {selection['to']}"
    if "from" in selection:
        reason[day < selection["from"]] = f"{_REASON}: before {selection['from']}"
    if "from" in selection or "to" in selection:
        reason[day == ""] = f"{_REASON}: no date"
    if selection.get("passage_only"):
        reason[~calls["passage"].to_numpy(bool)] = f"{_REASON}: not a passage vote"
    if "questions" in selection:
        asked = np.logical_or.reduce([_same(calls["motion"], text) for text in selection["questions"]])
        reason[~asked] = f"{_REASON}: another question"
    return reason == "", reason


def check_selection(calls: pd.DataFrame, selection: Mapping[str, Any], session: str, source: str) -> None:
    """Refuse a selection by what the files do not say, or by a question that is in none of them.

    Parameters
    ----------
    calls : DataFrame
        All roll calls of the session, of both chambers.
    selection, session, source
        The selection, and the names of the session and of its source.

    Raises
    ------
    UserError
        With a line for each problem.
    """
    where = f"session {session}: votes"
    problems = []
    motions = bool((calls["motion"] != "").any())
    if "questions" in selection and not motions:
        problems.append(f"{where}: questions: the files (source {source}) name the question of no roll call")
    elif "questions" in selection:
        problems += [f"{where}: questions: {said}" for said in _nobody_asked(calls["motion"], selection["questions"])]
    if selection.get("passage_only") and not calls["passage"].any():
        why = "none of the questions is one of passage" if motions else "the files name the question of no roll call"
        words = source_of(source).keys.get("passage") is not None and motions
        ask = "; write passage: [...] in the session, with parts of the motions that are" if words else ""
        problems.append(f"{where}: passage_only: {why} (source {source}){ask}")
    for key in ("from", "to"):
        if key in selection and not (calls["date"] != "").any():
            problems.append(f"{where}: {key}: the roll calls have no dates (source {source})")
    if problems:
        raise UserError("\n".join(problems))


def _same(motions: pd.Series, text: str) -> np.ndarray:
    """Whether each motion is the question ``text``, in which ``*`` is any text."""
    pattern = ".*".join(re.escape(part) for part in _plain(text).split("*"))
    codes, values = pd.factorize(motions)
    known = np.array([re.fullmatch(pattern, _plain(str(value))) is not None for value in values], dtype=bool)
    return known[codes] if len(values) else np.zeros(len(motions), dtype=bool)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _nobody_asked(motions: pd.Series, questions: list[str]) -> list[str]:
    """Say of each question that is that of no roll call which one was perhaps meant."""
    counts = motions[motions != ""].value_counts()
    known = {_plain(str(motion)): str(motion) for motion in counts.index[::-1]}
    out = []
    for text in questions:
        if not _same(motions, text).any():
            close = difflib.get_close_matches(_plain(text), list(known), 1)
            often = ", ".join(f"{str(motion)!r} ({n})" for motion, n in counts.head(5).items())
            hint = f"did you mean {known[close[0]]!r}?" if close else f"the most frequent are {often}"
            out.append(f"{text!r} is the question of no roll call; {hint}")
    return out
