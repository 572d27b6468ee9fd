"""Paths of the files of a session.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from pathlib import Path

from ..votes.sources import source_of
from .sessions import SessionConfig


def session_files(session: SessionConfig, results: str = "results") -> dict[str, str]:
    """Return the paths of a session's three files, by role.

    A path is that of the gzipped file where only that exists, else that of the plain file.
    """
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
    """Return the paths of the files of a simulated session and of its truth, by role."""
    folder = f"{results}/sessions/{session.name}/source/{session.name}"
    return {
        "votes": f"{folder}_votes.csv.gz",
        "rollcalls": f"{folder}_rollcalls.csv",
        "legislators": f"{folder}_legislators.csv",
        "truth_legislators": f"{folder}_truth_legislators.csv",
        "truth_bills": f"{folder}_truth_bills.csv",
    }
