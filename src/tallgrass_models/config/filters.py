"""Which roll calls and members a session keeps, as a session says it and as an experiment may say it differently.

Needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from . import checks

FILTER_CHECKS: dict[str, checks.Check] = {
    "min_minority_share": checks.number(0, 0.5, closed_low=True),
    "min_votes": checks.whole(1),
}


def filters_label(min_minority_share: float, min_votes: int) -> str:
    """Return the name of the folder, within that of the session, in which votes so filtered are kept.

    Different filters have different labels: the share is written with all its digits.
    """
    return f"minority_{float(min_minority_share)!r}_votes_{min_votes}"
