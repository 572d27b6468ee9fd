"""The step from a session's files to the filtered votes of a chamber."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..config.sessions import SessionConfig
from ..files.columns.votes import DROPPED

log = logging.getLogger(__name__)


def load_data(
    session: SessionConfig,
    chamber: str,
    files: Mapping[str, str | Path | Sequence[str | Path]],
    out: Path,
    dropped: Path,
) -> None:
    """Read, check and filter one chamber of a session; ``files`` are its files by role."""
    from ..votes.members_file import with_more_columns
    from ..votes.notes import LEFT_OUT, told
    from ..votes.session import load_chambers, read_session

    raw = read_session(session.source, session.options, **files)
    filters = session.min_minority_share, session.min_votes
    loaded = load_chambers(raw, session.name, (chamber,), *filters, session.caucus, session.selection)[chamber]
    n_out = loaded.dropped["kind"].isin(LEFT_OUT).sum()
    log.info("%s: %d members and %d roll calls kept, %d left out", chamber, *loaded.y.shape, n_out)
    for kind, line in told(loaded.info["oddities"]).items():
        log.log(logging.INFO if kind == "caucus" else logging.WARNING, "%s: %s", chamber, line)
    loaded = with_more_columns(loaded, session.source, session.options, files)
    loaded.save(out)
    DROPPED.write(dropped, loaded.dropped)
