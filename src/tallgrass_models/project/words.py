"""What words of a table may stand for: proposals for `words:`, and those that only who made the table can tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..votes.readers.parts import party_label
from ..votes.readers.words import CHAMBER_WORDS, VOTE_WORDS, likely_vote
from ..votes.vocabulary import PARTIES

#: Letters that are one thing beside certain others, and something else elsewhere.
_DOUBTFUL = {"a": "Aye or Absent", "p": "Present, Pass or Paired", "e": "Excused", "x": "absent", "c": "changed"}
_PARTIES = (
    ("Democrat", r"dem(s|\.)?|dfl|democrat(ic)?[- ].*|d-?npl|(d|dem|democratic)[- (/].*|d[.)]"),
    ("Republican", r"reps?\.?|gop|repub(l(ic)?)?\.?|(r|rep|republican)[- (/].*|r[.)]"),
    ("Independent", r"indep?(endent)?\.?( .*)?|npp|npa|no party( .*)?|unaffiliated|unenrolled|nonpartisan"),
    ("Independent", r"none|n/?a|-+|–"),
)
_CHAMBERS = (
    ("house", r".*\b(house|assembly|delegates|representatives|lower)\b.*|hr|hd|h[ro]use|assem"),
    ("senate", r".*\b(senate|senators?|upper)\b.*|sd|sen\.?"),
)


@dataclass
class Meant:
    """What the words of a column stand for.

    Attributes
    ----------
    proposed
        Words that need an entry, with what they most likely stand for.
    unknown
        Words that nobody can tell, with how many rows they are in and what they might be.
    """

    proposed: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)


def vote_words(counts: Mapping[str, int]) -> Meant:
    """Say what the vote words stand for that the reader does not know itself; ``counts`` are rows by word."""
    out = Meant()
    plain = {word.lower() for word in counts}
    for word, n in counts.items():
        key = word.lower()
        if key in VOTE_WORDS:
            continue
        if key.isdigit() or (key in _DOUBTFUL and not (key in "ae" and plain & {"y", "yea", "yes"})):
            hint = f", perhaps {_DOUBTFUL[key]}" if key in _DOUBTFUL else ""
            out.unknown[word] = f"in {n} rows{hint}"
        elif key in _DOUBTFUL:
            out.proposed[word] = "missing"
        elif meaning := likely_vote(word):
            out.proposed[word] = meaning
        else:
            out.unknown[word] = f"in {n} rows"
    return out


def party_words(counts: Mapping[str, int]) -> Meant:
    """Say which words stand for the two parties; all others stay as they are, and are of neither party."""
    out = Meant()
    known = {word: party_label(word) for word in counts}
    for word, party in known.items():
        if party in (*PARTIES, "Independent"):
            continue
        if meaning := _first(_PARTIES, word.lower()):
            out.proposed[word] = meaning
        else:
            out.unknown[word] = f"in {counts[word]} rows"
    return out


def chamber_words(counts: Mapping[str, int]) -> Meant:
    """Say which words stand for House and Senate."""
    out = Meant()
    for word, n in counts.items():
        if word.lower() in CHAMBER_WORDS:
            continue
        if meaning := _first(_CHAMBERS, word.lower()):
            out.proposed[word] = meaning
        else:
            out.unknown[word] = f"in {n} rows"
    return out


def is_vote_word(word: str) -> bool:
    """Whether a word looks like a vote; numbers and blanks do not."""
    key = word.lower()
    return bool(key) and not key.isdigit() and (key in VOTE_WORDS or likely_vote(word) is not None)


def is_party_word(word: str) -> bool:
    """Whether a word looks like one of the two parties, or none."""
    return party_label(word) in (*PARTIES, "Independent") or _first(_PARTIES, word.lower()) is not None


def _first(known: tuple[tuple[str, str], ...], word: str) -> str | None:
    return next((meaning for meaning, pattern in known if re.fullmatch(pattern, word)), None)
