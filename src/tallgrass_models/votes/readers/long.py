"""From votes in long form, one row each, to a session: what readers do once they know what their columns mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...errors import UserError
from .. import tallies
from ..notes import note_rows
from ..vocabulary import MISSING, NAY, YEA
from .base import Found, RawSession, assemble
from .csv import CsvTable, drop_repeats, each_text, positions
from .parts import CONTRADICTS, normalise_bill, note_nameless, party_label
from .problems import Problems, is_sure

#: What a vote word that is none is read as, until it is refused.
NO_VOTE = -9
#: Parts of a motion that make it a vote of passage, and parts that make it none whatever else it says.
PASSAGE = ("final passage", "final action", "third reading", "3rd reading", "on passage", "passage of the bill")
_NO_PASSAGE = re.compile(
    r"\b(amendments?|concur\w*|conference|recommit\w*|reconsider\w*|table[ds]?|postpone[ds]?|veto\w*|overrid\w*)\b"
)
#: Sources list the votes of committees under the chamber; these list fewer members than this share of a full roll call.
_WHOLE_CHAMBER = 0.5
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")


def one_row_each(tables: dict[str, CsvTable], ids: Mapping[str, str], problems: Problems) -> dict[str, int]:
    """Drop repeated rows from those of the ``tables`` that have an id, in place.

    Parameters
    ----------
    tables
        Tables by name. One that ``ids`` names need not be there.
    ids
        Column of the id, by name of the table.
    problems
        Gains a line for each blank id, and for each id whose rows contradict each other.

    Returns
    -------
    dict
        How many rows were dropped, by name of the table.
    """
    dropped = {}
    for name, key in ids.items():
        if name not in tables:
            continue
        try:
            tables[name], dropped[name] = drop_repeats(tables[name], [key], "the id")
        except UserError as error:
            problems.add(str(error))
            dropped[name] = 0
        problems.add(tables[name].problem(tables[name].frame[key] == "", key, "is blank"))
    return dropped


@dataclass(frozen=True)
class Cast:
    """Votes as read, one row each.

    Attributes
    ----------
    table : CsvTable
        The rows, for messages.
    column : str
        The column that says how.
    keys : tuple of str
        Columns that say who and on what, for messages.
    chamber, member, call : ndarray of str, shape (n_rows,)
        Keys of the other two tables; a blank member names nobody.
    value : ndarray of int8, shape (n_rows,)
        1 Yea, 0 Nay, -1 any other vote.
    who : ndarray of str, shape (n_rows,)
        Whatever name there is of somebody without an id.
    listed : ndarray of bool, shape (n_rows,), optional
        False where the file says that she was no member then.
    """

    table: CsvTable
    column: str
    keys: tuple[str, str]
    chamber: np.ndarray
    member: np.ndarray
    call: np.ndarray
    value: np.ndarray
    who: np.ndarray
    listed: np.ndarray | None = None

    def rows(self, keep: np.ndarray) -> Cast:
        """Select some of the votes."""
        table = CsvTable(self.table.path, self.table.frame[keep], self.table.sha256)
        return replace(
            self,
            table=table,
            chamber=self.chamber[keep],
            member=self.member[keep],
            call=self.call[keep],
            value=self.value[keep],
            who=self.who[keep],
            listed=None if self.listed is None else self.listed[keep],
        )


def session_of(
    source: str,
    people: pd.DataFrame,
    calls: pd.DataFrame,
    cast: Cast,
    tables: Mapping[str, CsvTable],
    found: Found,
    problems: Problems,
) -> RawSession:
    """Bring the three tables together.

    Parameters
    ----------
    people : DataFrame
        One row per member: chamber, id, name, party, person, district, state, external.
    calls : DataFrame
        One row per roll call: chamber, id, bill, title, motion, date, passage, recorded_yea, recorded_nay, when, tie.
    cast : Cast
    tables
        The files as read, by role, with ``votes`` among them.
    found, problems
        What was noted so far, and what is wrong so far.

    Raises
    ------
    UserError
        With everything that is wrong: what was known before, votes of members or on roll calls that are not there, and
        votes that contradict each other.
    """
    at = positions(_keys(calls), [cast.chamber, cast.call])
    who = positions(_keys(people), [cast.chamber, cast.member])
    nameless = cast.member == ""
    where = {role: tables.get(role, cast.table).path for role in ("legislators", "rollcalls")}
    known_chamber = cast.chamber != ""  # another problem, told already
    known_member, known_call = (_sure(tables.get(role)) for role in ("legislators", "rollcalls"))
    stranger = f"member not listed in {where['legislators']}"
    lost = f"roll call not listed in {where['rollcalls']}"
    problems.add(
        cast.table.problem((who < 0) & ~nameless & known_chamber & known_member, cast.keys[0], stranger),
        cast.table.problem((at < 0) & known_chamber & (cast.call != "") & known_call, cast.keys[1], lost),
    )
    rows = np.flatnonzero(~nameless & (who >= 0) & (at >= 0))
    votes = pd.DataFrame({"legislator": who[rows], "rollcall": at[rows], "value": cast.value[rows]})
    again = votes.duplicated().to_numpy()
    clash = np.zeros(len(nameless), dtype=bool)
    clash[rows] = ~again & votes.duplicated(["legislator", "rollcall"]).to_numpy()
    problems.add(cast.table.problem(clash, cast.column, CONTRADICTS))
    problems.stop()
    unnamed = np.flatnonzero(nameless)
    words = cast.table.frame[cast.column].to_numpy(object)[unnamed]
    said = [f"{name or '?'}: {word}" for name, word in zip(cast.who[unnamed], words, strict=True)]
    without_member = note_nameless(calls, at[unnamed], said, found)
    found.counts["n_duplicates_dropped"] = int(again.sum())
    listed = np.ones(len(rows), dtype=bool) if cast.listed is None else cast.listed[rows]
    votes = votes.assign(listed=listed)[~again & ~clash[rows]]
    yea, nay = ((votes["value"] == side).to_numpy() for side in (YEA, NAY))
    counted = tallies.count_votes(votes["rollcall"].to_numpy(), yea, nay, len(calls))
    calls = tallies.compare(calls, [counted], without_member)
    return assemble(source, people, calls, votes, tables, found)


def _sure(table: CsvTable | None) -> bool:
    """Whether a vote can be matched with the rows of a table, whatever else is wrong with them."""
    return table is None or is_sure(table.path, *table.frame.columns)


def _keys(table: pd.DataFrame) -> list[np.ndarray]:
    return [table["chamber"].to_numpy(object), table["id"].to_numpy(object)]


def whole_chambers(calls: pd.DataFrame, cast: Cast, found: Found) -> tuple[pd.DataFrame, Cast]:
    """Leave out the roll calls of committees, noted one by one, and of both chambers together, which are counted.

    Parameters
    ----------
    calls : DataFrame
        Columns chamber (``house``, ``senate`` or ``joint``) and id, which is unique.
    cast : Cast
        Votes, all of them on roll calls that are there.
    """
    at = positions([calls["id"].to_numpy(object)], [cast.call])
    cast, at = cast.rows(at >= 0), at[at >= 0]
    listed = np.bincount(at, minlength=len(calls))
    most = pd.Series(listed).groupby(calls["chamber"].to_numpy()).transform("max").to_numpy()
    joint = (calls["chamber"] == "joint").to_numpy()
    small = (listed < _WHOLE_CHAMBER * most) & ~joint
    reason = [
        f"lists {n} members, fewer than half of the {all_of} on the chamber's largest; a committee's, or incomplete"
        for n, all_of in zip(listed[small], most[small], strict=True)
    ]
    found.notes.append(note_rows("committee", calls, small, reason, listed[small].astype(float).tolist()))
    found.counts["n_joint_rollcalls_dropped"] = int(joint.sum())
    keep = ~(small | joint)
    return calls[keep].reset_index(drop=True), cast.rows(keep[at])


def note_blank_parties(people: pd.DataFrame, blank: np.ndarray, found: Found) -> None:
    """Note and count the members without a party."""
    found.notes.append(note_rows("party", people, blank, "party blank in the file, taken as Independent"))
    found.counts["n_blank_parties"] = int(blank.sum())


def party_words(texts: np.ndarray, own: Mapping[str, str]) -> np.ndarray:
    """Parties in one spelling; ``own`` are words of the session, in small letters, and go first."""
    return each_text(texts, lambda text: own.get(" ".join(text.split()).lower()) or party_label(text))


def is_passage(motion: str, own: Sequence[str]) -> bool:
    """Whether a motion is a vote of passage: it holds one of the session's own words, or of the usual ones."""
    plain = " ".join(motion.lower().split())
    if own:
        return any(word.lower() in plain for word in own)
    return any(word in plain for word in PASSAGE) and _NO_PASSAGE.search(plain) is None


def dates_of(texts: np.ndarray, form: str | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read the times and days of a column.

    Parameters
    ----------
    texts : ndarray of str
        ISO dates or times, or dates in ``form`` (as `time.strptime` has it).

    Returns
    -------
    when, day : ndarray of str
        Text that sorts by time, and ``yyyy-mm-dd``; ``""`` where the cell is blank.
    bad : ndarray of bool
        Cells that are neither blank nor a date.
    """
    codes, values = pd.factorize(texts)
    plain = pd.Series([str(value) for value in values], dtype=object)
    found = pd.to_datetime(plain, format=form or "ISO8601", errors="coerce", utc=True)
    good = found.notna() & (plain.map(lambda text: bool(_DATE.fullmatch(text))) if form is None else True)
    day = plain.str[:10] if form is None else found.dt.strftime("%Y-%m-%d")  # a time keeps the day of its own zone
    when = found.dt.strftime("%Y-%m-%dT%H:%M:%S.%f").where(good, "").to_numpy(object)
    bad = (~good & (plain != "")).to_numpy(bool)
    return when[codes], day.where(good, "").to_numpy(object)[codes], bad[codes]


def in_order(ids: Iterable[str]) -> list[str]:
    """Text that sorts ids as people number them: ``r9`` before ``r10``."""
    return [re.sub(r"\d+", lambda match: match[0].zfill(20), str(text)) for text in ids]


def bills_of(texts: np.ndarray) -> np.ndarray:
    """Bill numbers in one spelling."""
    return each_text(texts, normalise_bill)


def vote_values(texts: np.ndarray, words: Mapping[str, int]) -> np.ndarray:
    """Values of vote words in any case; `NO_VOTE` where a word is not known."""
    return each_text(texts, lambda text: words.get(" ".join(text.split()).lower(), NO_VOTE)).astype(np.int8)


def missing_where_unknown(value: np.ndarray) -> np.ndarray:
    """Return the values with unknown words as missing, so that the other checks can go on."""
    return np.where(value == NO_VOTE, MISSING, value).astype(np.int8)
