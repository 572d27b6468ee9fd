"""The hash of the votes of a fit whose model has covariates: that of the votes, and one of the members' columns."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from .matrix import ChamberVotes

_BETWEEN = "-"


def with_columns(votes_hash: str, votes: ChamberVotes, names: Sequence[str]) -> str:
    """Add a hash of columns of the members to the hash of their votes; without names, return that as it is.

    A column that the members do not have counts as empty. A fit that needs it fails before it has a hash.
    """
    if not names:
        return votes_hash
    digest = hashlib.sha256()
    for name in names:
        found = votes.more.get(name, votes.legislators.get(name))
        values = [] if found is None else map(str, found)
        digest.update("\0".join((name, *values, "")).encode())
    return f"{votes_hash}{_BETWEEN}{digest.hexdigest()[:16]}"


def votes_part(votes_hash: str) -> str:
    """Return the hash of the votes alone."""
    return votes_hash.partition(_BETWEEN)[0]
