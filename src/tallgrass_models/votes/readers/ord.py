"""Reader of the ``.ord`` files of Keith Poole and Howard Rosenthal: a line for each member, a digit for each vote."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...errors import UserError
from ..vocabulary import MISSING, NAY, YEA
from .base import Files, Found, RawSession
from .csv import CsvTable, each_of, read_bytes, unzipped
from .long import Cast, session_of
from .problems import Problems, fail_on
from .voteview import PARTY_CODES

#: First and last column, counted from 1, of what is before the votes.
_COLUMNS = {
    "congress": (1, 3),
    "icpsr": (4, 8),
    "state": (9, 10),
    "district": (11, 12),
    "state_name": (13, 19),
    "party": (20, 23),
    "name": (26, 36),
}
_VOTES = 37
_CODES = dict(zip("0123456789", (MISSING, YEA, YEA, YEA, NAY, NAY, NAY, MISSING, MISSING, MISSING), strict=True))
#: The code of somebody who was no member at that time.
_NOT_A_MEMBER = "0"
#: Code of the state of a President, who is listed with the members.
_PRESIDENT = "99"


def read_ord(files: Files, options: Mapping[str, Any]) -> RawSession:
    """Read one Congress from the file of the House, that of the Senate, or both.

    Parameters
    ----------
    files
        ``house`` and ``senate``, of which one may be missing.
    options
        Not used: the files are named there.

    Raises
    ------
    UserError
        Naming all that is wrong in the files, with the line; see ``docs/data-formats.md``.
    """
    chambers = [name for name in ("house", "senate") if files.get(name)]
    if not chambers:
        raise UserError("a session of source ord needs house: or senate:, the name of its .ord file")
    found, problems = Found(), Problems()
    tables = dict(zip(chambers, each_of(lambda name: _lines(files[name][0]), chambers), strict=True))
    congress = {number for table in tables.values() for number in table.frame["congress"]}
    if len(congress) > 1:
        names = " and ".join(str(table.path) for table in tables.values())
        problems.add(f"{names}: of several Congresses: {', '.join(sorted(congress))}; give each a session of its own")
    for table in tables.values():
        _check(table, problems)
        if (table.frame["state"] == _PRESIDENT).all():
            problems.add(f"{table.path}: no member but a President")
    fail_on(*problems.lines)
    people, calls, parts = [], [], []
    n_presidents = 0
    for chamber, table in tables.items():
        president = (table.frame["state"] == _PRESIDENT).to_numpy()
        n_presidents += int(president.sum())
        frame = table.frame[~president]
        people.append(_people(frame, chamber))
        calls.append(_rollcalls(len(table.frame["votes"].iloc[0]), chamber))
        parts.append(_long(frame, chamber))
    found.counts["n_presidents_dropped"] = n_presidents
    cast = _cast(tables, pd.concat(parts))
    both = pd.concat(people, ignore_index=True), pd.concat(calls, ignore_index=True)
    return session_of("ord", *both, cast, {"votes": cast.table}, found, problems)


def _cast(tables: Mapping[str, CsvTable], rows: pd.DataFrame) -> Cast:
    """Return the votes of all files, from a row for each."""
    path = Path(", ".join(str(table.path) for table in tables.values()))
    joined = "".join(table.sha256 for table in tables.values())
    return Cast(
        CsvTable(path, rows, hashlib.sha256(joined.encode()).hexdigest()),
        "code",
        ("icpsr", "rollcall"),
        chamber=rows["chamber"].to_numpy(object),
        member=rows["icpsr"].to_numpy(object),
        call=rows["rollcall"].to_numpy(object),
        value=rows["code"].map(_CODES).to_numpy(np.int8),
        who=np.full(len(rows), "", dtype=object),
        listed=(rows["code"] != _NOT_A_MEMBER).to_numpy(),
    )


def _lines(path: Path) -> CsvTable:
    """Read a line for each member and cut it into columns; each row is called by its line."""
    content = unzipped(path, read_bytes(path))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UserError(f"{path}: line {line}: not UTF-8 text; save the file as UTF-8") from None
    lines = {number: line.rstrip("\r\x1a ") for number, line in enumerate(text.split("\n"), start=1)}
    kept = {f"line {number}": line for number, line in lines.items() if line}
    if not kept:
        raise UserError(f"{path}: the file is empty")
    cells = {
        name: [line[first - 1 : last].strip() for line in kept.values()] for name, (first, last) in _COLUMNS.items()
    }
    frame = pd.DataFrame(
        cells | {"votes": [line[_VOTES - 1 :] for line in kept.values()]}, index=list(kept), dtype=object
    )
    return CsvTable(path, frame, hashlib.sha256(content).hexdigest())


def _check(table: CsvTable, problems: Problems) -> None:
    """Add what is wrong with the lines of a file."""
    frame = table.frame
    for name, (first, last) in _COLUMNS.items():
        if name in ("congress", "icpsr", "party"):
            what = f"is not a whole number (characters {first} to {last})"
            problems.add(table.problem(~frame[name].str.fullmatch(r"[0-9]+"), name, what))
    problems.add(
        table.problem(frame["name"] == "", "name", "a member needs a name (characters 26 to 36)"),
        table.problem(frame["icpsr"].duplicated(), "icpsr", "occurs in an earlier line"),
    )
    length = frame["votes"].str.len()
    usual = int(length.mode().iloc[0])
    wrong = np.flatnonzero(length != usual)
    if wrong.size:
        n = int(length.iloc[wrong[0]])
        more = f" and {wrong.size - 1} more lines" if wrong.size > 1 else ""
        problems.add(f"{table.path}: {table.row(wrong[0])}{more}: {n} votes, where most lines have {usual}")
    odd = ~frame["votes"].str.fullmatch(r"[0-9]+")
    cut = CsvTable(table.path, frame.assign(votes=frame["votes"].str.replace(r"[0-9]", "", regex=True).str[:9]), "")
    problems.add(cut.problem(odd, "votes", "is no vote; each is a digit from 0 to 9, from character 37 on"))


def _people(frame: pd.DataFrame, chamber: str) -> pd.DataFrame:
    district = frame["district"].where(frame["district"] != "0", "")
    return pd.DataFrame(
        {
            "chamber": chamber,
            "id": _numbers(frame["icpsr"]),
            "name": frame["name"].to_numpy(object),
            "party": [PARTY_CODES.get(code, f"Party {code}") for code in _numbers(frame["party"])],
            "person": "",
            "district": district.to_numpy(object),
            "state": frame["state_name"].to_numpy(object),
            "external": np.nan,
        }
    )


def _rollcalls(n: int, chamber: str) -> pd.DataFrame:
    """Roll calls in the order of the file, of which it says nothing but that."""
    number = np.arange(1, n + 1)
    blank = dict.fromkeys(("bill", "title", "motion", "date", "when"), "")
    return pd.DataFrame(
        {
            "chamber": chamber,
            "id": number.astype(str).astype(object),
            **blank,
            "passage": False,
            "recorded_yea": np.nan,
            "recorded_nay": np.nan,
            "tie": number,
        }
    )


def _long(frame: pd.DataFrame, chamber: str) -> pd.DataFrame:
    """Make a row for each member and roll call."""
    n = len(frame["votes"].iloc[0]) if len(frame) else 0
    codes = np.array([list(votes) for votes in frame["votes"]], dtype=object).reshape(-1)
    return pd.DataFrame(
        {
            "chamber": np.full(codes.size, chamber, dtype=object),
            "icpsr": np.repeat(np.array(_numbers(frame["icpsr"]), dtype=object), n),
            "rollcall": np.tile(np.arange(1, n + 1).astype(str).astype(object), len(frame)),
            "code": codes,
        },
        index=np.repeat(frame.index.to_numpy(object), n),
    )


def _numbers(texts: pd.Series) -> list[str]:
    """Whole numbers without zeros before them."""
    return [str(int(text)) for text in texts]
