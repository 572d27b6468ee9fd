"""Steps from a session's files to the filtered votes of its chambers."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..config.experiments import SessionConfig
from ..files.untrusted import write_csv

if TYPE_CHECKING:
    import pandas as pd

    from ..votes.matrix import ChamberVotes

log = logging.getLogger(__name__)


def simulate(
    session: SessionConfig, votes: Path, rollcalls: Path, legislators: Path, truth_legislators: Path, truth_bills: Path
) -> None:
    """Write the simulated session of that seed, and the truth behind it."""
    from ..votes.simulator.tables import simulate_session, write_session

    write_session(
        simulate_session(session.seed),
        votes=votes,
        rollcalls=rollcalls,
        legislators=legislators,
        truth_legislators=truth_legislators,
        truth_bills=truth_bills,
    )


def load_data(
    session: SessionConfig, chamber: str, files: Mapping[str, Sequence[str | Path]], out: Path, dropped: Path
) -> None:
    """Read, check and filter one chamber of a session, from its files by role."""
    from ..votes.notes import LEFT_OUT, told
    from ..votes.session import load_chambers, read_session

    raw = read_session(session.source, session.options, **files)
    filters = session.min_minority_share, session.min_votes
    loaded = load_chambers(raw, session.name, (chamber,), *filters, session.caucus)[chamber]
    n_out = loaded.dropped["kind"].isin(LEFT_OUT).sum()
    log.info("%s: %d members and %d roll calls kept, %d left out", chamber, *loaded.y.shape, n_out)
    for kind, line in told(loaded.info["oddities"]).items():
        log.log(logging.INFO if kind == "caucus" else logging.WARNING, "%s: %s", chamber, line)
    loaded.save(out)
    write_csv(loaded.dropped, dropped, float_format=None)


def members(votes: ChamberVotes, prefix: bool = False) -> pd.DataFrame:
    """Return one row per member, with the chamber and the party she is counted with.

    ``prefix`` puts the chamber before the id, as in the joint model.
    """
    table = votes.legislators.assign(chamber=votes.chamber, party=votes.parties)
    return table.rename(index=lambda name: f"{votes.chamber}:{name}") if prefix else table


def votes_hash(votes: ChamberVotes) -> str:
    """Hash of who voted how on what, and is counted with which party, after the filters."""
    import hashlib

    digest = hashlib.sha256(votes.y.tobytes())
    for index in (votes.legislators.index, votes.parties, votes.rollcalls.index, votes.rollcalls["bill"]):
        digest.update("\0".join(map(str, index)).encode())
    return digest.hexdigest()[:16]
