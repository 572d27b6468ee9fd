"""Where the files of a session are.

Needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from pathlib import Path

from ..votes.sources import source_of
from .sessions import SessionConfig


def session_files(session: SessionConfig, results: str = "results") -> dict[str, str]:
    """The three files of a session: the plain or the gzipped one, whichever is there (the plain name if neither is)."""
    if session.source == "simulated":
        made = simulated_files(session, results)
        return {role: made[role] for role in ("votes", "rollcalls", "legislators")}
    found = {}
    for role, word in zip(("votes", "rollcalls", "legislators"), source_of(session.source).endings, strict=True):
        plain = Path(session.path or ".") / f"{session.stem}_{word}.csv"
        zipped = plain.with_name(plain.name + ".gz")
        found[role] = str(zipped if zipped.exists() and not plain.exists() else plain)
    return found


def simulated_files(session: SessionConfig, results: str = "results") -> dict[str, str]:
    """Where a simulated session and its truth are written."""
    folder = f"{results}/sessions/{session.name}/source/{session.name}"
    return {
        "votes": f"{folder}_votes.csv.gz",
        "rollcalls": f"{folder}_rollcalls.csv",
        "legislators": f"{folder}_legislators.csv",
        "truth_legislators": f"{folder}_truth_legislators.csv",
        "truth_bills": f"{folder}_truth_bills.csv",
    }
