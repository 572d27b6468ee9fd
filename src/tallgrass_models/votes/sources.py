"""Where the votes of a session may come from: one table of what is particular to each source."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import UserError


@dataclass(frozen=True)
class Source:
    """What is particular to a source.

    Attributes
    ----------
    files
        Its files in words, as the page says them; ``{seed}`` is that of the session.
    scores
        Name of the scores of members that come with its votes; None where none do.
    endings
        Ends of the names of its files: votes, roll calls, members (``{stem}_votes.csv``).
    reader
        Module of ``readers/``, of which the function ``read_`` and its name reads them.
    """

    files: str
    scores: str | None
    endings: tuple[str, str, str]
    reader: str


SOURCES = {
    "simulated": Source("simulated with seed {seed}", None, ("votes", "rollcalls", "legislators"), "tallgrass"),
    "tallgrass": Source("tallgrass CSV files", None, ("votes", "rollcalls", "legislators"), "tallgrass"),
    "voteview": Source("Voteview CSV files", "Voteview nominate_dim1", ("votes", "rollcalls", "members"), "voteview"),
}


def source_of(name: str) -> Source:
    """Return the source with that name in the configuration.

    Raises
    ------
    UserError
        If the name is unknown. The message lists those that are known.
    """
    if name not in SOURCES:
        raise UserError(f"unknown source {name!r}; known are {', '.join(SOURCES)}")
    return SOURCES[name]
