"""The look at a session that is told to people before any fit."""

from __future__ import annotations

from typing import Any

from ..config.sessions import SessionConfig
from ..votes.vocabulary import CHAMBERS
from .look import Look, look_at


def inspect_session(session: SessionConfig) -> tuple[Look, dict[str, Any]]:
    """Read a session and count what is in it.

    Returns
    -------
    look : Look
        With ``raw`` None if too much is wrong with the files.
    content : dict
        ``session``, ``source``, ``files``, ``filters``, ``selection``, ``problems``, ``remarks``, ``chambers`` (by
        name what `votes.inspection.inspect_chamber` returns), and ``shared_bills`` (``n`` and ``passage``, how many of
        them have a passage vote in both chambers; None unless both chambers can be fitted).
    """
    from ..votes.inspection import inspect_chamber
    from ..votes.matching import shared_bills

    look = look_at(session)
    content: dict[str, Any] = {
        "session": session.name,
        "source": session.source,
        "files": {} if session.source == "simulated" else look.files,
        "filters": {"min_minority_share": session.min_minority_share, "min_votes": session.min_votes},
        "selection": dict(session.selection),
        "problems": look.problems,
        "remarks": look.remarks,
        "chambers": {},
        "shared_bills": None,
    }
    raw = look.raw
    if raw is None:
        return look, content
    for chamber in CHAMBERS:
        if (raw.legislators["chamber"] == chamber).any() and (raw.rollcalls["chamber"] == chamber).any():
            settings = session.min_minority_share, session.min_votes, session.selection
            content["chambers"][chamber] = inspect_chamber(raw, chamber, *settings)
    if set(look.votes) == set(CHAMBERS):
        shared = shared_bills(look.votes["house"], look.votes["senate"])
        content["shared_bills"] = {"n": len(shared), "passage": int(shared["passage"].sum())}
    return look, content
