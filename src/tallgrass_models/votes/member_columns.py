"""Columns of the members as numbers, for models in which positions depend on them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..errors import UserError
from .matrix import ChamberVotes
from .vocabulary import PARTIES

#: Columns of every session that can be covariates too.
_OF_EVERY_SESSION = ("service", "n_votes", "external")
#: Two words that stand for 1 and 0.
_WORDS = {"yes": 1.0, "no": 0.0, "true": 1.0, "false": 0.0, "y": 1.0, "n": 0.0, "t": 1.0, "f": 0.0}
_NAMED = 5


def covariate(votes: ChamberVotes, name: str) -> np.ndarray:
    """Read a column of a chamber's members as numbers, shape (n_members,); yes and true are 1, no and false 0.

    Raises
    ------
    UserError
        If there is no such column, or a member of either party has no number there. The message names her.
    """
    found = votes.more.get(name)
    if found is None and name in _OF_EVERY_SESSION:
        found = votes.legislators[name]
    if found is None:
        known = ", ".join([*map(str, votes.more.columns), *_OF_EVERY_SESSION])
        raise UserError(f"{votes.chamber}: covariate {name!r}: the members have no such column (there are {known})")
    text = found.astype(str).str.strip()
    words = text.str.casefold().map(_WORDS)
    values = pd.to_numeric(text, errors="coerce").fillna(words).to_numpy(float)
    wrong = ~np.isfinite(values) & np.isin(votes.parties, PARTIES)
    if wrong.any():
        who = [
            f"{member} ({word if word not in ('', 'nan') else 'blank'})"
            for member, word in zip(votes.legislators["name"][wrong], text[wrong], strict=True)
        ]
        more = f" and {len(who) - _NAMED} more" if len(who) > _NAMED else ""
        raise UserError(
            f"{votes.chamber}: covariate {name!r} is no number, yes or no for {', '.join(who[:_NAMED])}{more}."
            f" Fill it in in the file of the members, or take {name} out of covariates."
        )
    return values
