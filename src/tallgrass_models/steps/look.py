"""A look at the files of a session: all that is wrong with them for the experiments on it, and what is odd."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ..config.experiments import ExperimentConfig
from ..config.session_files import session_files, simulated_files
from ..config.sessions import SessionConfig
from ..errors import UserError
from ..votes.vocabulary import CHAMBERS
from .simulate import simulate

if TYPE_CHECKING:
    from ..votes.matrix import ChamberVotes
    from ..votes.readers.base import RawSession
    from ..votes.readers.problems import Gathered

#: Columns, in the words of all sources, that say who sits in which chamber for which party.
_WHO = frozenset(
    (
        *("chamber", "party", "party_code", "current_party", "congress", "role", "classification", "organization_id"),
        *("member", "slug", "legislator_slug", "icpsr", "people_id", "voter_id", "id"),
        *("rollcall", "vote_id", "rollnumber", "roll_call_id", "vote_event_id"),
    )
)


@dataclass
class Look:
    """What a look at a session found.

    Attributes
    ----------
    session : SessionConfig
    files
        Paths of the files by role.
    raw : RawSession or None
        The session as far as it can be read, with the column ``caucus`` of its members.
    problems
        Lines that a run would refuse the session with.
    remarks
        Lines about what is odd though a run goes on.
    votes
        By chamber, the votes that the session's own filters leave; only chambers that can be fitted.
    """

    session: SessionConfig
    files: dict[str, list[str]] = field(default_factory=dict)
    raw: RawSession | None = None
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    votes: dict[str, ChamberVotes] = field(default_factory=dict)


def look_at(session: SessionConfig, experiments: Sequence[ExperimentConfig] = ()) -> Look:
    """Read all files of a session, and check what the experiments on it need.

    Parameters
    ----------
    session
        The session, with the filters and selection of its own.
    experiments
        Those on this session. Without any, the chambers that are in the files are checked.
    """
    from ..votes.remarks import remarks
    from ..votes.session import look

    out = Look(session)
    with _files(session) as out.files:
        raw, found = look(session.source, session.options, **out.files)
    out.problems += found.lines
    if raw is None:
        return out
    _check_members(out, raw, found, experiments)
    if out.raw is not None and not out.problems:
        _check_votes(out, out.raw, experiments)
    out.problems = list(dict.fromkeys(out.problems))
    if _is_sure(found):
        out.remarks = remarks(raw, session.caucus, not found.lines)
    return out


@contextmanager
def _files(session: SessionConfig) -> Iterator[dict[str, list[str]]]:
    """Yield the files of a session; a simulated one is made for the time of the look."""
    if session.source != "simulated":
        yield session_files(session)
        return
    with TemporaryDirectory() as folder:
        made = {name: Path(path) for name, path in simulated_files(session, folder).items()}
        simulate(session, **made)
        yield session_files(session, folder)


def _is_sure(found: Gathered) -> bool:
    """Whether it is known who sits in which chamber for which party."""
    return not any(column in _WHO for _, column in found.missing | found.doubtful)


def _check_members(out: Look, raw: RawSession, found: Gathered, experiments: Sequence[ExperimentConfig]) -> None:
    """Check ``caucus``, and that each chamber asked for has members of both parties and roll calls."""
    from ..votes.session import check_listed, with_caucus

    if not _is_sure(found):
        return
    try:
        out.raw = with_caucus(raw, out.session.caucus, out.session.name)
    except UserError as error:
        out.problems += str(error).splitlines()
        out.raw = with_caucus(raw, {}, out.session.name)
    for chamber in _asked(raw, experiments):
        try:
            check_listed(out.raw, chamber)
        except UserError as error:
            out.problems += str(error).splitlines()


def _asked(raw: RawSession, experiments: Sequence[ExperimentConfig]) -> list[str]:
    there = set(raw.rollcalls["chamber"]) | set(raw.legislators["chamber"])
    asked = {chamber for config in experiments for chamber in config.chambers} if experiments else there
    return [chamber for chamber in CHAMBERS if chamber in asked]


def _check_votes(out: Look, raw: RawSession, experiments: Sequence[ExperimentConfig]) -> None:
    """Filter the votes as each experiment would, and check what joint models and pivots need."""
    from ..votes.matching import join_chambers
    from ..votes.seats import seat_weights

    loaded: dict[str, dict[str, ChamberVotes]] = {}
    out.votes = loaded[out.session.folder] = _filtered(out, raw, out.session, _asked(raw, experiments), experiments)
    for config in experiments:
        votes = loaded.setdefault(config.session.folder, {})
        todo = [chamber for chamber in config.chambers if chamber not in votes]
        if config.session.folder != out.session.folder:
            votes |= _filtered(out, raw, config.session, todo, experiments)
        if out.problems:
            continue
        try:
            for chamber in config.chambers:
                seat_weights(votes[chamber], config.session.pivots_on)
            if config.joint:
                join_chambers(votes["house"], votes["senate"])
        except UserError as error:
            out.problems += str(error).splitlines()


def _filtered(
    out: Look,
    raw: RawSession,
    session: SessionConfig,
    chambers: Sequence[str],
    experiments: Sequence[ExperimentConfig],
) -> dict[str, ChamberVotes]:
    """Filter chambers one by one; what is refused is a problem where an experiment asks for it, or none does."""
    from ..votes.session import load_chambers

    used = not experiments or any(config.session.folder == session.folder for config in experiments)
    found: dict[str, ChamberVotes] = {}
    for chamber in chambers:
        filters = session.min_minority_share, session.min_votes
        try:
            found |= load_chambers(raw, session.name, (chamber,), *filters, session.caucus, session.selection)
        except UserError as error:
            out.problems += str(error).splitlines() if used else []
    return found
