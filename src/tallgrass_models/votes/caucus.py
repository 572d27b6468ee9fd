"""The party that a member without a major party is counted with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..errors import UserError
from .vocabulary import PARTIES

_IDS_SHOWN = 10

#: What `counted_with` gives a member who is counted with neither party.
FREE = "Independent"


#: Word of the configuration for a member or party that is counted with neither.
_NEITHER = "none"


def caucuses(party: Sequence[str], ids: Sequence[str], wanted: Mapping[str, str]) -> np.ndarray:
    """Party that each member is counted with.

    Parameters
    ----------
    party, ids : sequence of str
        Party as listed, and id, of each member.
    wanted : mapping
        Party or member's id to Democrat, Republican or none; a member's entry goes before that of the party.

    Returns
    -------
    ndarray of str
        ``Democrat``, ``Republican``, or ``""`` for a member who is counted with neither. Without an entry members of
        the two parties are counted with their own, and all others with neither.
    """
    entries = {key.casefold(): value for key, value in wanted.items()}
    chosen = [
        wanted.get(str(member), entries.get(str(label).casefold(), label))
        for label, member in zip(party, ids, strict=True)
    ]
    return np.array([value if value in PARTIES else "" for value in chosen], dtype=object)


def check_caucus(legislators: pd.DataFrame, wanted: Mapping[str, str], session: str) -> None:
    """Refuse entries of the session's ``caucus`` that match no party and no member of either chamber.

    Raises
    ------
    UserError
        Naming the session, the entries, and the parties and ids there are.
    """
    labels = sorted(set(legislators["party"]))
    known = {label.casefold() for label in labels}
    ids = set(legislators["id"])
    lost = [key for key in wanted if key not in ids and key.casefold() not in known]
    if not lost:
        return
    minor = legislators[~legislators["party"].isin(PARTIES)]
    people = (minor if len(minor) else legislators)[["id", "name"]].itertuples(index=False)
    shown = [f"{row.id} ({row.name})" for row in people]
    more = f" and {len(shown) - _IDS_SHOWN} more" if len(shown) > _IDS_SHOWN else ""
    whose = "of members outside the two parties" if len(minor) else "of members"
    raise UserError(
        f"session {session}: caucus: {', '.join(map(repr, lost))}: no party and no member of that name or id;"
        f" parties are {', '.join(labels)}; ids {whose}: {', '.join(shown[:_IDS_SHOWN])}{more}"
    )


def counted_with(caucus: np.ndarray) -> np.ndarray:
    """``Democrat``, ``Republican`` or `FREE` of each member, from the column ``caucus``."""
    return np.where(caucus == "", FREE, caucus).astype(object)
