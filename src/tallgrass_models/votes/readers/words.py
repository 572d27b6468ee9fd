"""Words for votes and chambers in files of all kinds, and what to write in the session for those that are not known."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..vocabulary import MISSING, NAY, YEA
from .csv import CsvTable, quoted
from .problems import is_blank

#: Words that need no mapping. Numbers do: 1 and 2 are Yea and Nay in one file, 1 and 0 in another.
VOTE_WORDS = {
    **dict.fromkeys(("yea", "yes", "aye", "y"), YEA),
    **dict.fromkeys(("nay", "no", "n"), NAY),
    **dict.fromkeys(("not voting", "nv", "absent", "excused", "present", "abstain", "abstained"), MISSING),
}
CHAMBER_WORDS = {
    **dict.fromkeys(("house", "h", "lower", "house of representatives", "assembly", "house of delegates"), "house"),
    **dict.fromkeys(("senate", "s", "upper", "legislature"), "senate"),
}
#: What a session's own words for votes stand for.
MEANING = {"Yea": YEA, "Nay": NAY, "missing": MISSING}
_HOW = "(paired? |announced? )?"
#: Words that are proposed but never taken: `for` and `pass` mean different things in different files. Tried in this
#: order, as a "no vote" is no Nay; a blank is no vote.
_VOTES = (
    ("missing", r"absent.*|excus.*|(on )?leave.*|abst.*|present.*|recus.*|vacan.*|not a member.*|unavailable"),
    ("missing", r"(did )?not? .*vot.*|non[- ]?vot.*|no vote|dnv|n/?a|nv|-+|–|—|\.|\?|"),
    ("Yea", _HOW + r"(y|ye|yea|yeas|yes|ay|aye|ayes|yay|for|pro)( .*)?"),
    ("Yea", r"in favou?r.*|favou?r(able)?|support(ed|s)?|yea.*|yes.*|aye.*|affirmative.*"),
    ("Nay", _HOW + r"(n|no|noes|nay|nays|against|con|contra)( .*)?"),
    ("Nay", r"oppos(e[ds]?|ing)|negative|nay.*|no[(,].*"),
)
_SHOWN, _LONGEST = 8, 80


def likely_vote(word: str) -> str | None:
    """Propose what a vote word stands for: Yea, Nay or missing; None where that is anybody's guess."""
    plain = " ".join(word.split()).lower()
    return next((meaning for meaning, pattern in _VOTES if re.fullmatch(pattern, plain)), None)


def unknown_words(
    table: CsvTable, column: str, mask: np.ndarray, what: str, words: str, means: Mapping[str, str] | None, kind: str
) -> str | None:
    """One line with the words that are not known, where each is first, and how to say what they mean.

    Parameters
    ----------
    table, column, mask
        The rows of a column that hold such a word.
    what
        What they are not, such as ``no vote word``.
    words
        Key below ``words`` of the session under which they are mapped.
    means
        What each of some words probably stands for.
    kind
        What words may stand for, for people.
    """
    texts = table.frame[column].to_numpy(object)
    if not mask.any() or is_blank(table.path, column):
        return None
    at = np.flatnonzero(mask)
    counts = pd.Series(texts[at]).value_counts(sort=True)
    first = {text: at[np.flatnonzero(texts[at] == text)[0]] for text in counts.index[:_SHOWN]}
    told, lines = [], []
    for text in first:
        n = int(counts[text])
        more = f" and {n - 1} more row{'s' if n > 2 else ''}" if n > 1 else ""
        told.append(f"{quoted(text)} ({table.row(first[text])}{more})")
        spelled = text[:_LONGEST].replace("'", "''")
        lines.append(f"'{spelled}': {(means or {}).get(text, '...')}")
    others = f" and {len(counts) - _SHOWN} more words" if len(counts) > _SHOWN else ""
    return (
        f"{table.path}: column {column}: {what}: {', '.join(told)}{others}; say what"
        f" {'it means' if len(counts) == 1 else 'they mean'}: words: {{{words}: {{{', '.join(lines)}}}}} ({kind})"
    )


def unknown_votes(table: CsvTable, column: str, mask: np.ndarray) -> str | None:
    """Return the line about vote words that are not known, as `unknown_words` does."""
    texts = table.frame[column].to_numpy(object)[np.flatnonzero(mask)]
    means = {text: likely_vote(text) or "..." for text in dict.fromkeys(texts)}
    return unknown_words(table, column, mask, "no vote word", "votes", means, "Yea, Nay or missing")
