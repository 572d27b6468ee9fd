"""Matrices as texts of one character a cell, which compress well and which a script reads without arithmetic."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ...files.vote_codes import ABSENT, NOT_IN_OFFICE

if TYPE_CHECKING:
    import numpy as np

#: Per cent that a character can stand for: tenths near the ends, where a vote is a surprise or none, and whole numbers.
#: The ends, which are most frequent, come first.
PERCENTS: tuple[float, ...] = (
    *(k / 10 for k in range(26)),
    *((975 + k) / 10 for k in range(26)),
    *(float(k) for k in range(3, 98)),
)
#: A character for each of these: printable ones that JSON leaves as they are, as far as they reach.
CHARACTERS = "".join(islice((chr(k) for k in range(35, 300) if chr(k).isprintable() and chr(k) != "\\"), len(PERCENTS)))
#: Characters of votes.
VOTES = {1: "1", 0: "0", ABSENT: "-", NOT_IN_OFFICE: "."}


def percent_rows(probability: np.ndarray) -> list[str]:
    """Write each row of a matrix of probabilities as a text; a value that is not known counts as a half."""
    import numpy as np

    percent = 100 * np.nan_to_num(np.asarray(probability, dtype=float), nan=0.5)
    low, high = np.rint(10 * percent), np.rint(10 * percent) - 975
    middle = np.clip(np.rint(percent), 3, 97) - 3
    code = np.select([percent < 2.5, percent > 97.5], [low, 26 + high], 52 + middle).astype(int)
    return _rows(np.array(list(CHARACTERS))[code])


def vote_rows(cast: np.ndarray) -> list[str]:
    """Write each row of a matrix of votes (`vote_codes`) as a text."""
    import numpy as np

    out = np.full(cast.shape, VOTES[ABSENT])
    for code, character in VOTES.items():
        out[cast == code] = character
    return _rows(out)


def _rows(characters: np.ndarray) -> list[str]:
    return ["".join(row) for row in characters]
