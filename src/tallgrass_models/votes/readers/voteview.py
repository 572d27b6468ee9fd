"""Reader of the Voteview CSV format: ``HS119_votes``, ``HS119_rollcalls`` and ``HS119_members``."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...errors import UserError
from .. import tallies
from ..vocabulary import MISSING, NAY, YEA
from .base import Files, Found, RawSession, assemble
from .csv import CsvFile, CsvTable, drop_repeats, each_of, join_tables, or_blank, positions
from .long import bills_of
from .parts import chamber_column, distinct, distinct_votes, with_chambers
from .problems import cast_doubt, is_sure, refuse

#: Yea, paired and announced Yea; announced, paired Nay and Nay; not a member, present (twice), not voting.
_CAST_CODES = {
    "1": YEA,
    "2": YEA,
    "3": YEA,
    "4": NAY,
    "5": NAY,
    "6": NAY,
    "0": MISSING,
    "7": MISSING,
    "8": MISSING,
    "9": MISSING,
}
#: Voteview lists presidents as a chamber of their own.
_PRESIDENT = {"president": "president"}
#: The code of somebody who was no member at that time.
_NOT_A_MEMBER = "0"
_YEA_CODES, _NAY_CODES = (tuple(code for code, value in _CAST_CODES.items() if value == side) for side in (YEA, NAY))
#: Name of a file of all Congresses.
_ALL = re.compile(r"(HS|H|S)all_")
PARTY_CODES = {"100": "Democrat", "200": "Republican", "328": "Independent"}

#: Questions on which a chamber passes a bill or adopts a resolution. Not among them: a nomination, concurring in the
#: other chamber's amendments, a conference report, overriding a veto, and every procedural question.
_PASSAGE_QUESTION = re.compile(
    r"on passage( of the bill)?"
    r"|on (agreeing to )?the (joint |concurrent )?resolution(, as amended)?"
    r"|on motion to suspend the rules and (pass|agree)( to the resolution)?(, as amended)?",
    re.IGNORECASE,
)


def read_voteview(files: Files, options: Mapping[str, Any]) -> RawSession:
    """Read one Congress from Voteview CSV files, plain or gzipped.

    Parameters
    ----------
    files
        ``votes`` with columns congress, chamber, rollnumber, icpsr, cast_code (one of `_CAST_CODES`); ``rollcalls``
        with congress, chamber, rollnumber, date, bill_number, vote_question, and perhaps vote_desc, yea_count,
        nay_count; ``legislators``, the members file, with congress, chamber, icpsr, party_code, bioname, and perhaps
        state_abbrev, district_code, nominate_dim1, bioguide_id (the person). Presidents are left out, and their
        positions with them.
    options
        ``congress``, the Congress of which the rows are taken; without it all rows must be of one.

    Raises
    ------
    UserError
        Naming file, row and column of whatever is wrong; see ``docs/data-formats.md``.
    """
    found, congress = Found(), options.get("congress")
    people, found.counts["n_duplicate_legislators_dropped"] = drop_repeats(
        _read_members(files["legislators"], congress), ["chamber", "icpsr"], "the member"
    )
    calls, found.counts["n_duplicate_rollcalls_dropped"] = drop_repeats(
        _read_rollcalls(files["rollcalls"], congress), ["chamber", "rollnumber"], "the roll call"
    )
    cast = _numbers(
        _read(files["votes"], ["congress", "chamber", "rollnumber", "icpsr", "cast_code"], [], congress),
        *("congress", "rollnumber", "icpsr", "cast_code"),
    )
    _one_congress(congress, people, calls, cast)
    member_table, call_table = distinct(_legislators(people)), distinct(_rollcalls(calls))
    vote_table, counted = _votes(cast, member_table, call_table, people, calls, found)
    call_table = tallies.compare(call_table, counted, np.zeros(len(call_table), dtype=int))
    listed = member_table["chamber"] != "president"
    found.counts["n_presidents_dropped"] = int((~listed).sum())
    renumber = np.cumsum(listed.to_numpy()) - 1  # presidents leave; those after them move up
    vote_table["legislator"] = renumber[vote_table["legislator"].to_numpy()]
    return assemble(
        "voteview",
        member_table[listed],
        call_table,
        vote_table,
        {"votes": cast, "rollcalls": calls, "legislators": people},
        found,
    )


def _read(paths: Sequence[Path], required: Sequence[str], optional: Sequence[str], congress: int | None) -> CsvTable:
    """Read the rows of all files of one kind; of a file of all Congresses, those of the one asked for."""

    def read(path: Path) -> CsvTable:
        only = ("congress", congress) if congress and _ALL.match(path.name) else None
        return or_blank(lambda: CsvFile.open(path).table(required, optional, only), path, [*required, *optional])

    return join_tables(each_of(read, paths))


def _read_members(paths: Sequence[Path], congress: int | None) -> CsvTable:
    required = ["congress", "chamber", "icpsr", "party_code", "bioname"]
    table = _read(paths, required, ["state_abbrev", "district_code", "nominate_dim1", "bioguide_id"], congress)
    return with_chambers(_numbers(table, "congress", "icpsr", "party_code"), _PRESIDENT)


def _read_rollcalls(paths: Sequence[Path], congress: int | None) -> CsvTable:
    required = ["congress", "chamber", "rollnumber", "date", "bill_number", "vote_question"]
    table = _read(paths, required, ["vote_desc", "yea_count", "nay_count"], congress)
    return with_chambers(_numbers(table, "congress", "rollnumber"))


def _numbers(table: CsvTable, *columns: str) -> CsvTable:
    """Spell whole-number columns of the table in one way: ``"14854.0"`` and ``"014854"`` become ``"14854"``."""
    frame = table.frame.copy()
    problems = []
    for column in columns:
        codes, values = pd.factorize(frame[column])
        plain = np.array([re.sub(r"^0+(?=\d)|\.0+$", "", str(value)) for value in values], dtype=object)
        whole = np.array([bool(re.fullmatch(r"[0-9]{1,9}", value)) for value in plain], dtype=bool)
        problems.append(table.problem(~whole[codes], column, "is not a whole number of at most nine digits"))
        if problems[-1]:
            cast_doubt(table.path, column)
        frame[column] = plain[codes]
    refuse(*problems)
    return CsvTable(table.path, frame, table.sha256)


def _one_congress(congress: int | None, *tables: CsvTable) -> None:
    """Roll calls are numbered anew in each Congress, so all files must be of one."""
    first = str(congress or next((number for table in tables for number in table.frame["congress"]), ""))
    said = "in the session" if congress else f"of {tables[0].path}"
    what = f"is another Congress than {first} {said}"
    refuse(*(table.problem(table.frame["congress"] != first, "congress", what) for table in tables))


def _legislators(table: CsvTable) -> pd.DataFrame:
    frame = table.frame
    nominate = pd.to_numeric(frame["nominate_dim1"].where(frame["nominate_dim1"] != ""), errors="coerce")
    refuse(
        table.problem(frame["bioname"] == "", "bioname", "a member needs a name"),
        table.problem(nominate.isna() & (frame["nominate_dim1"] != ""), "nominate_dim1", "is not a number"),
    )
    return pd.DataFrame(
        {
            "chamber": chamber_column(table, also=_PRESIDENT),
            "id": frame["icpsr"].to_numpy(),
            "name": frame["bioname"].to_numpy(),
            "party": [PARTY_CODES.get(code, f"Party {code}") for code in frame["party_code"]],
            "person": frame["bioguide_id"].to_numpy(),
            "district": frame["district_code"].to_numpy(),
            "state": frame["state_abbrev"].to_numpy(),
            "external": nominate.to_numpy(float),
        }
    )


def _rollcalls(table: CsvTable) -> pd.DataFrame:
    frame = table.frame
    when = pd.to_datetime(frame["date"], format="%Y-%m-%d", errors="coerce")
    refuse(table.problem(when.isna() & (frame["date"] != ""), "date", "is not a date like 2025-03-20"))
    return pd.DataFrame(
        {
            "chamber": chamber_column(table),
            "id": frame["rollnumber"].to_numpy(),
            "bill": bills_of(frame["bill_number"].to_numpy(object)),
            "title": frame["vote_desc"].to_numpy(),
            "motion": frame["vote_question"].to_numpy(),
            "date": when.dt.strftime("%Y-%m-%d").fillna("").to_numpy(),
            "passage": [_PASSAGE_QUESTION.fullmatch(question) is not None for question in frame["vote_question"]],
            "when": when.dt.strftime("%Y-%m-%d").fillna("").to_numpy(),
            "tie": pd.to_numeric(frame["rollnumber"], errors="coerce").fillna(0).astype(int).to_numpy(),
        }
    ).join(tallies.recorded(table))


def _votes(
    table: CsvTable,
    members: pd.DataFrame,
    calls: pd.DataFrame,
    people_file: CsvTable,
    calls_file: CsvTable,
    found: Found,
) -> tuple[pd.DataFrame, list[tallies.Count]]:
    """Votes by position in the two other tables, and Yea and Nay on each roll call as a tally might count them."""
    frame, chamber = table.frame, chamber_column(table, also=_PRESIDENT)
    presidents = members.loc[members["chamber"] == "president", "id"]
    value = frame["cast_code"].map(_CAST_CODES)
    member_keys = [members["chamber"].to_numpy(), members["id"].to_numpy()]
    legislator = positions(member_keys, [chamber, frame["icpsr"].to_numpy()])
    rollcall = positions(
        [calls["chamber"].to_numpy(), calls["id"].to_numpy()], [chamber, frame["rollnumber"].to_numpy()]
    )
    # Voteview lists the positions a president took under the chamber that voted
    president = (chamber == "president") | ((legislator < 0) & frame["icpsr"].isin(presidents).to_numpy())
    if president.all() and len(president):
        raise UserError(f"{table.path}: holds no vote of a member of House or Senate")
    own = ~president & (chamber != "")
    stranger = (legislator < 0) & own & is_sure(people_file.path, "chamber", "icpsr")
    lost = (rollcall < 0) & own & is_sure(calls_file.path, "chamber", "rollnumber")
    refuse(
        table.problem(value.isna(), "cast_code", "is not a cast code; known are 0 to 9"),
        table.problem(stranger, "chamber+icpsr", f"member not listed in {people_file.path}"),
        table.problem(lost, "chamber+rollnumber", f"roll call not listed in {calls_file.path}"),
    )
    placed = own & (legislator >= 0) & (rollcall >= 0)
    cast = CsvTable(table.path, frame[placed], table.sha256)
    keep = distinct_votes(cast, legislator[placed], rollcall[placed], "cast_code")
    kept = np.flatnonzero(placed)[keep]
    found.counts["n_duplicates_dropped"] = int((~keep).sum())
    found.counts["n_president_positions_dropped"] = int(president.sum())
    result = pd.DataFrame({"legislator": legislator, "rollcall": rollcall, "value": value.fillna(MISSING)})
    result["listed"] = (frame["cast_code"] != _NOT_A_MEMBER).to_numpy()
    code, n = frame["cast_code"].to_numpy(), len(calls)
    return result.iloc[kept], _counts(rollcall, code, kept, np.flatnonzero(president), n)


def _counts(
    rollcall: np.ndarray, code: np.ndarray, members: np.ndarray, presidents: np.ndarray, n: int
) -> list[tallies.Count]:
    """Yea and Nay on ``n`` roll calls: as read; without paired and announced votes; both again with presidents."""
    with_president = np.concatenate([members, presidents[rollcall[presidents] >= 0]])
    out = []
    for rows in (members, with_president):
        for yea, nay in (_YEA_CODES, _NAY_CODES), (_YEA_CODES[:1], _NAY_CODES[-1:]):
            at = rollcall[rows]
            out.append(tallies.count_votes(at, np.isin(code[rows], yea), np.isin(code[rows], nay), n))
    return out
