"""Filters of roll calls and members, which a session sets and an experiment may change.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from . import checks

FILTER_CHECKS: dict[str, checks.Check] = {
    "min_minority_share": checks.number(0, 0.5, closed_low=True),
    "min_votes": checks.whole(1),
}


def filters_label(min_minority_share: float, min_votes: int) -> str:
    """Return the name of the folder, inside the session's folder, that holds the votes with these filters.

    Different filters have different labels, because the label has all digits of the share.
    """
    return f"minority_{float(min_minority_share)!r}_votes_{min_votes}"
