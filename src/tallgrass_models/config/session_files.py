"""Paths of the files of a session.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from ..votes.locate import every_file
from ..votes.sources import find_files
from .sessions import SessionConfig


def session_files(session: SessionConfig, results: str = "results") -> dict[str, list[str]]:
    """Return the files of a session by role: the plain or the gzipped one, whichever is there, or a folder's files.

    If there is none, the path is the likeliest name. Reading it says what is missing.
    """
    if session.source == "simulated":
        made = simulated_files(session, results)
        return {role: [made[role]] for role in ("votes", "rollcalls", "legislators")}
    return find_files(session.source, session.files_from())


def session_inputs(session: SessionConfig, results: str = "results") -> list[str]:
    """Every file that the votes of a session depend on, those in folders one by one."""
    return every_file(session_files(session, results))


def file_arguments(session: SessionConfig, results: str = "results") -> list[str]:
    """Return the files as the command ``load-data`` takes them, ``role=path``."""
    files = session_files(session, results)
    return [f"{role}={path}" for role, paths in files.items() for path in paths]


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
