"""From the files of a session to the votes of its chambers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import UserError
from ..files.records.votes import SelectionFacts, VotesFacts
from .caucus import caucuses, check_caucus, counted_with
from .components import pca_scores
from .filters import apply_filters
from .manifest import manifest
from .matrix import LEGISLATOR_COLUMNS, ROLLCALL_COLUMNS, ChamberVotes, dense
from .membership import same_person, time_in_office
from .readers.base import Files, RawSession
from .readers.csv import listed
from .readers.problems import Gathered, fail_on, gathering, refuse
from .selection import check_selection, selected
from .selection_words import in_words
from .sources import source_of
from .vocabulary import NAY, PARTIES, YEA

#: Fewer members of the two parties than this make no chamber.
_MIN_MEMBERS = 5

_EIGENVALUES_KEPT = 10

_Reader = Callable[[Files, Mapping[str, Any]], RawSession]


def read_session(
    source: str, options: Mapping[str, Any] | None = None, /, **files: str | Path | Sequence[str | Path]
) -> RawSession:
    """Read a session with the reader of ``source`` (`sources.SOURCES`).

    Parameters
    ----------
    source
        Its name.
    options
        The keys of the source that the session has.
    files
        By role, one or more files, or a folder of files; see `sources.Source.forms`.

    Raises
    ------
    UserError
        For an unknown source, or files that do not hold what they should; with all that is wrong, a line each.
    """
    raw, found = look(source, options, **files)
    fail_on(*found.lines)
    assert raw is not None, "a reader that returns nothing says why"
    return raw


def look(
    source: str, options: Mapping[str, Any] | None = None, /, **files: str | Path | Sequence[str | Path]
) -> tuple[RawSession | None, Gathered]:
    """Read a session as `read_session` does, and go on after a problem.

    Returns
    -------
    raw : RawSession or None
        The session without the rows that are wrong; None if too much is.
    found : Gathered
        All that is wrong with the files.
    """
    name = source_of(source).reader
    reader: _Reader = getattr(import_module(f".readers.{name}", __package__), f"read_{name}")
    with gathering() as found:
        try:
            return reader({role: _paths(given) for role, given in files.items()}, options or {}), found
        except UserError as error:
            refuse(str(error))
    return None, found


def _paths(given: str | Path | Sequence[str | Path]) -> tuple[Path, ...]:
    return (Path(given),) if isinstance(given, str | Path) else tuple(map(Path, given))


def load_chambers(
    raw: RawSession,
    session_name: str,
    chambers: Sequence[str],
    min_minority_share: float,
    min_votes: int,
    caucus: Mapping[str, str] | None = None,
    selection: Mapping[str, Any] | None = None,
) -> dict[str, ChamberVotes]:
    """Filter each chamber asked for and compute its component scores.

    Parameters
    ----------
    raw : RawSession
        What a reader returned.
    session_name : str
        Name of the session in the configuration.
    chambers : sequence of str
        ``house``, ``senate`` or both.
    min_minority_share, min_votes
        See `filters.apply_filters`.
    caucus
        Parties or members (by id) to the party they are counted with; see `caucus.caucuses`.
    selection
        Which roll calls are used, before any filter; see `selection.selected`. None takes all.

    Raises
    ------
    UserError
        If an entry of ``caucus`` matches nobody, or the files do not say what ``selection`` asks; if a chamber is not
        in the files, has fewer than 5 members or one of the two parties only, or no contested roll calls. The problems
        of all chambers come in one message.
    """
    raw = with_caucus(raw, caucus or {}, session_name)
    check_selection(raw.rollcalls, selection or {}, session_name, raw.source)
    result: dict[str, ChamberVotes] = {}
    problems: list[str] = []
    for chamber in chambers:
        try:
            result[chamber] = _chamber(raw, session_name, chamber, min_minority_share, min_votes, selection or {})
        except UserError as error:
            problems.append(str(error))
    if problems:
        raise UserError("\n".join(problems))
    return result


def with_caucus(raw: RawSession, caucus: Mapping[str, str], session_name: str) -> RawSession:
    """Return the session with the column ``caucus`` of its members; see `caucus.caucuses`.

    Raises
    ------
    UserError
        If an entry matches nobody.
    """
    check_caucus(raw.legislators, caucus, session_name)
    people = raw.legislators
    return replace(raw, legislators=people.assign(caucus=caucuses(people["party"], people["id"], caucus)))


def check_listed(raw: RawSession, chamber: str) -> None:
    """Refuse a chamber that is missing, has no roll calls, or lists too few members of the two parties.

    Raises
    ------
    UserError
        Naming the chamber and the file. Members of ``raw`` have the column ``caucus`` (`with_caucus`).
    """
    members = raw.legislators[raw.legislators["chamber"] == chamber]
    calls = raw.rollcalls[raw.rollcalls["chamber"] == chamber]
    if members.empty:
        raise UserError(f"{raw.files['legislators']}: no member of the {_asked_for(raw, chamber)}")
    if calls.empty:
        raise UserError(f"{raw.files['rollcalls']}: no roll call of the {_asked_for(raw, chamber)}")
    _check_parties(raw, chamber, members["caucus"].to_numpy(), "listed")


def _chamber(
    raw: RawSession,
    session_name: str,
    chamber: str,
    min_minority_share: float,
    min_votes: int,
    selection: Mapping[str, Any],
) -> ChamberVotes:
    check_listed(raw, chamber)
    members = raw.legislators[raw.legislators["chamber"] == chamber]
    calls = raw.rollcalls[raw.rollcalls["chamber"] == chamber]
    # both tables are sorted by chamber first, so a chamber is one block of rows
    first_member, first_call = members.index[0], calls.index[0]
    votes = raw.votes[raw.votes["rollcall"].between(first_call, calls.index[-1])]
    members = _with_spells(members, calls, votes)
    y = dense(
        len(members),
        len(calls),
        votes["legislator"].to_numpy() - first_member,
        votes["rollcall"].to_numpy() - first_call,
        votes["value"].to_numpy(),
    )
    chosen, why_not = selected(calls, selection)
    keep_member, keep_call, dropped = apply_filters(y, members, calls, min_minority_share, min_votes, chosen, why_not)
    if not keep_call.any():
        raise UserError(f"{raw.files['votes']}: {_nothing_left(calls, chosen, selection, chamber, min_minority_share)}")
    kept = y[np.ix_(keep_member, keep_call)]
    party = counted_with(members["caucus"].to_numpy(object))[keep_member]
    _check_parties(raw, chamber, party, f"with {min_votes} or more contested votes")
    scores, eigenvalues = pca_scores(kept, party)
    table, facts = manifest(raw, members, calls, dropped)
    said: SelectionFacts = {}
    if selection:
        said = {"selection": dict(selection), "n_rollcalls_not_selected": int((~chosen).sum())}
    info: VotesFacts = {
        **raw.info,
        **said,
        **facts,
        "n_rollcalls_read": len(calls),
        "n_legislators_read": len(members),
        "n_votes_read": len(votes),
        "yea_share_all": float((y == YEA).sum() / (y >= 0).sum()),
        "filters": {"min_minority_share": min_minority_share, "min_votes": min_votes},
        "n_rollcalls_dropped": int((~keep_call).sum()),
        "n_legislators_dropped": int((~keep_member).sum()),
        "pca_eigenvalues": eigenvalues[:_EIGENVALUES_KEPT].tolist(),
        "pca_total_variance": float(eigenvalues.sum()),
    }
    return ChamberVotes(
        session_name,
        chamber,
        kept,
        _member_table(members, keep_member, kept, scores),
        _call_table(calls, keep_call, kept),
        table,
        info,
    )


def _nothing_left(
    calls: pd.DataFrame, chosen: np.ndarray, selection: Mapping[str, Any], chamber: str, min_minority_share: float
) -> str:
    """Say why no roll call of a chamber is used: none is selected, or all of those are lopsided."""
    if not chosen.any():
        days = sorted(day for day in calls["date"] if day)
        dated = f", from {days[0]} to {days[-1]}" if days else ""
        return f"no roll call of the {chamber.title()} is selected ({in_words(selection)}); it has {len(calls)}{dated}"
    of = f"{chosen.sum()} selected ({in_words(selection)})" if selection else str(len(calls))
    return (
        f"no contested roll calls in the {chamber.title()}: "
        f"none of {of} has a minority of {min_minority_share:g} of Yea and Nay"
    )


def _asked_for(raw: RawSession, chamber: str) -> str:
    """Name the chamber for a message, with what to write where the files hold the other one only."""
    there = sorted(set(raw.rollcalls["chamber"]) - {chamber})
    return f"{chamber.title()}, which was asked for" + "".join(
        f"; for the {other.title()} alone write chambers: [{other}] in the experiment" for other in there
    )


def _check_parties(raw: RawSession, chamber: str, party: np.ndarray, which: str) -> None:
    counts = {name: int((party == name).sum()) for name in PARTIES}
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    where = f"{raw.files['legislators']}: {chamber.title()}: {told} members {which}"
    others = sorted(set(raw.legislators.loc[raw.legislators["caucus"] == "", "party"]))
    also = f"; `caucus` in the session says whom others count with ({listed(others)})" if others else ""
    if sum(counts.values()) < _MIN_MEMBERS:
        raise UserError(f"{where}; at least {_MIN_MEMBERS} of the two parties are needed{also}")
    if min(counts.values()) == 0:
        raise UserError(f"{where}; both parties are needed{also}")


def _with_spells(members: pd.DataFrame, calls: pd.DataFrame, votes: pd.DataFrame) -> pd.DataFrame:
    """Add to the members their time in office and the person behind each."""
    seen = votes[votes["listed"]]
    positions = seen["legislator"].to_numpy() - members.index[0], seen["rollcall"].to_numpy() - calls.index[0]
    office = time_in_office(*positions, len(members), calls["date"].to_numpy(object))
    return members.assign(
        person=same_person(members, office),
        first_day=office.first_day,
        last_day=office.last_day,
        service=office.service,
    )


def _member_table(members: pd.DataFrame, keep: np.ndarray, y: np.ndarray, scores: np.ndarray) -> pd.DataFrame:
    # names are made unique over all members listed, so that a name does not depend on the filters
    table = members.assign(name=_unique_names(members["name"], members["district"], members["id"]))[keep]
    table = table.assign(pc1=scores[:, 0], pc2=scores[:, 1], n_votes=(y >= 0).sum(1))
    return table.set_index(pd.Index(table["id"], dtype="str", name="legislator"))[list(LEGISLATOR_COLUMNS)]


def _call_table(calls: pd.DataFrame, keep: np.ndarray, y: np.ndarray) -> pd.DataFrame:
    table = calls.assign(order=np.arange(len(calls)))[keep]
    table = table.assign(yea=(y == YEA).sum(0), nay=(y == NAY).sum(0))
    return table.set_index(pd.Index(table["id"], dtype="str", name="vote"))[list(ROLLCALL_COLUMNS)]


def _unique_names(names: pd.Series, districts: pd.Series, ids: pd.Series) -> np.ndarray:
    """Display names that differ: where two members share one, the district is added, and the id if that is not enough.

    Returns
    -------
    ndarray of str, shape (n_legislators,)
    """
    result = names.to_numpy(object).copy()
    twice = names.duplicated(keep=False).to_numpy()
    with_district = (names + " (" + districts + ")").to_numpy(object)
    result[twice & (districts != "").to_numpy()] = with_district[twice & (districts != "").to_numpy()]
    still = pd.Series(result).duplicated(keep=False).to_numpy()
    result[still] = (names + " [" + ids + "]").to_numpy(object)[still]
    return result
