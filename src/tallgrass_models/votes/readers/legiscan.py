"""Reader of LegiScan datasets: CSV files, JSON files, or the zip archive of either, as downloaded."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...errors import UserError
from .. import tallies
from ..vocabulary import MISSING, NAY, YEA
from .base import Files, Found, RawSession
from .csv import CsvTable, at_positions, each_of, each_text, positions, read_bytes, read_table
from .long import (
    Cast,
    bills_of,
    dates_of,
    is_passage,
    note_blank_parties,
    one_row_each,
    party_words,
    session_of,
    whole_chambers,
)
from .problems import Problems, is_sure
from .records import Archive, parsed, record, table_of

_COLUMNS = {
    "people": (["people_id", "name", "party", "role"], ["district", "committee_id"]),
    "rollcalls": (["roll_call_id", "bill_id", "date", "chamber", "description", "yea", "nay"], []),
    "votes": (["roll_call_id", "people_id", "vote"], []),
    "bills": (["bill_id", "bill_number", "title"], []),
}
_CODES = {"1": YEA, "2": NAY, "3": MISSING, "4": MISSING}
#: The CSV files write the chamber out, the JSON files have its letter.
_CHAMBERS = {
    **dict.fromkeys(("house", "assembly", "h", "a"), "house"),
    **dict.fromkeys(("senate", "legislature", "s", "l"), "senate"),
    **dict.fromkeys(("joint", "joint conference", "j"), "joint"),
}
_ROLES = {"rep": "house", "sen": "senate"}
_PARTIES = {"g": "Green", "l": "Libertarian", "n": "Nonpartisan"}


def read_legiscan(files: Files, options: Mapping[str, Any]) -> RawSession:
    """Read a session from a LegiScan dataset.

    Parameters
    ----------
    files
        ``votes``, ``rollcalls``, ``people`` and perhaps ``bills``, as CSV files; or the folders ``rollcalls`` (of the
        dataset's ``vote/``), ``people`` and perhaps ``bills`` of JSON files; or ``archive``, a zip file of either.
    options
        ``passage``, parts of a motion that make it a vote of passage.

    Raises
    ------
    UserError
        Naming all that is wrong in the files; see ``docs/data-formats.md``.
    """
    problems, found = Problems(), Found()
    tables = _tables(files)
    ids = {"people": "people_id", "rollcalls": "roll_call_id", "bills": "bill_id"}
    dropped = one_row_each(tables, ids, problems)
    problems.stop()
    found.counts["n_duplicate_legislators_dropped"] = dropped["people"]
    found.counts["n_duplicate_rollcalls_dropped"] = dropped["rollcalls"]
    found.counts["n_duplicate_bills_dropped"] = dropped.get("bills", 0)
    calls = _rollcalls(tables, options.get("passage", ()), problems)
    cast = _cast(tables, calls, problems)
    problems.stop()
    calls, cast = whole_chambers(calls, cast, found)
    people = _people(tables["people"], cast, found, problems)
    roles = {"votes": "votes", "rollcalls": "rollcalls", "people": "legislators", "bills": "bills"}
    by_role = {role: tables[name] for name, role in roles.items() if name in tables}
    return session_of("legiscan", people, calls, cast, by_role, found, problems)


# --- files ------------------------------------------------------------------------------------------------------------


def _tables(files: Files) -> dict[str, CsvTable]:
    """Read the tables people, rollcalls, votes and perhaps bills, whatever form they are in."""
    if files.get("archive"):
        return _archived(Archive(files["archive"][0]))
    if "votes" in files:
        given = {name: files[name][0] for name in _COLUMNS if files.get(name)}
        read = each_of(lambda name: read_table(given[name], *_COLUMNS[name]), given)
        return dict(zip(given, read, strict=True))
    folders = {name: files[name][0] for name in ("rollcalls", "people", "bills") if files.get(name)}
    return _json_tables({name: (folder, _in_folder(folder)) for name, folder in folders.items()})


def _in_folder(folder: Path) -> list[tuple[Path, bytes]]:
    if not os.path.isdir(folder):
        raise UserError(f"{folder}: no such folder")
    return [(path, read_bytes(path)) for path in sorted(folder.glob("*.json"))]


def _archived(archive: Archive) -> dict[str, CsvTable]:
    """Read the tables in an archive, which holds one session as CSV or JSON files."""
    as_csv = archive.folders(["votes.csv", "rollcalls.csv", "people.csv"])
    as_json = archive.folders(["vote/", "people/"])
    if len(as_csv) > 1 or (not as_csv and len(as_json) > 1):
        raise UserError(
            f"{archive.path}: holds several sessions: {', '.join(as_csv or as_json)}; unpack it and name one"
        )
    if as_csv:
        given = {name: archive.file(as_csv[0], f"{name}.csv") for name in _COLUMNS}
        there = {name: inner for name, inner in given.items() if inner}
        read = each_of(
            lambda name: read_table(archive.label(there[name]), *_COLUMNS[name], raw=archive.read(there[name])), there
        )
        return dict(zip(there, read, strict=True))
    if not as_json:
        needed = "neither votes.csv, rollcalls.csv and people.csv nor the folders vote/ and people/"
        raise UserError(f"{archive.path}: no LegiScan dataset: {needed}")
    top = "" if as_json[0] == "." else f"{as_json[0]}/"
    names = {"rollcalls": "vote", "people": "people", "bills": "bill"}
    return _json_tables(
        {name: (archive.label(top + inner), archive.in_folder(top + inner)) for name, inner in names.items()}
    )


def _json_tables(content: Mapping[str, tuple[Path, list[tuple[Path, bytes]]]]) -> dict[str, CsvTable]:
    """Read the tables from JSON files, one for each person, roll call (with its votes) and bill."""
    keys = {"rollcalls": "roll_call", "people": "person", "bills": "bill"}
    rows: dict[str, dict[str, dict[str, str]]] = {"people": {}, "rollcalls": {}, "votes": {}, "bills": {}}

    def read(one: tuple[str, Path, bytes]) -> None:
        name, path, raw = one
        tree = parsed(path, raw)
        inner = tree.get(keys[name]) if isinstance(tree, dict) else None
        if not isinstance(inner, dict):
            raise UserError(f"{path}: holds no {keys[name]!r}")
        required, optional = _COLUMNS[name]
        renamed = inner | ({"description": inner.get("desc")} if name == "rollcalls" else {})
        rows[name][path.name] = record(path, renamed, [*required, *optional])
        if name == "rollcalls":
            votes = inner.get("votes")
            if not isinstance(votes, list):
                raise UserError(f"{path}: votes: must be a list")
            for number, vote in enumerate(votes, start=1):
                said = record(f"{path}: vote {number}", vote, ["people_id", "vote_id"])
                key = f"{path.name} vote {number}"
                rows["votes"][key] = {
                    "roll_call_id": rows[name][path.name]["roll_call_id"],
                    "people_id": said["people_id"],
                    "vote": said["vote_id"],
                }

    each_of(read, [(name, path, raw) for name, (_, those) in content.items() for path, raw in those])
    for name, (folder, those) in content.items():
        if name != "bills" and not those:
            raise UserError(f"{folder}: no JSON files")
    raws = {name: [raw for _, raw in those] for name, (_, those) in content.items()} | {"votes": []}
    folders = {name: folder for name, (folder, _) in content.items()}
    folders["votes"], raws["votes"] = folders["rollcalls"], raws["rollcalls"]
    if not rows["votes"]:
        raise UserError(f"{folders['votes']}: no votes in any of the files")
    return {
        name: table_of(folders[name], rows[name], [*_COLUMNS[name][0], *_COLUMNS[name][1]], raws[name])
        for name in folders
        if rows[name]
    }


# --- tables -----------------------------------------------------------------------------------------------------------


def _rollcalls(tables: Mapping[str, CsvTable], passage: Iterable[str], problems: Problems) -> pd.DataFrame:
    """Roll calls, those of committees and of both chambers together among them."""
    table = tables["rollcalls"]
    frame = table.frame
    chamber = each_text(frame["chamber"], lambda text: _CHAMBERS.get(text.lower(), ""))
    problems.add(table.problem(chamber == "", "chamber", f"is not a chamber; known are {', '.join(_CHAMBERS)}"))
    texts = frame["date"].where(frame["date"] != "0000-00-00", "").to_numpy(object)
    when, day, bad = dates_of(texts)
    problems.add(table.problem(bad, "date", "is not a date like 2025-03-20"))
    number = frame["roll_call_id"].str.fullmatch(r"\d{1,15}")
    problems.add(table.problem(~number, "roll_call_id", "is not a whole number"))
    try:
        recorded = tallies.recorded(table, "yea", "nay")
    except UserError as error:
        problems.add(str(error))
        recorded = pd.DataFrame({"recorded_yea": np.nan, "recorded_nay": np.nan}, index=range(len(frame)))
    bill, title = _bills(tables, problems)
    words = tuple(passage)
    return pd.DataFrame(
        {
            "chamber": chamber,
            "id": frame["roll_call_id"].to_numpy(object),
            "bill": bills_of(bill),
            "title": title,
            "motion": frame["description"].to_numpy(object),
            "date": day,
            "passage": each_text(frame["description"], lambda text: is_passage(text, words)).astype(bool),
            "when": when,
            "tie": frame["roll_call_id"].str.zfill(15).to_numpy(object),
        }
    ).join(recorded)


def _bills(tables: Mapping[str, CsvTable], problems: Problems) -> tuple[np.ndarray, np.ndarray]:
    """Return number and title of the bill of each roll call, blank where it has none or the bills are not there."""
    calls = tables["rollcalls"]
    key = calls.frame["bill_id"].where(calls.frame["bill_id"] != "0", "").to_numpy(object)
    if "bills" not in tables:
        return np.full(len(key), "", dtype=object), np.full(len(key), "", dtype=object)
    bills = tables["bills"]
    at = positions([bills.frame["bill_id"].to_numpy(object)], [key])
    lost = (at < 0) & (key != "") & is_sure(bills.path, "bill_id")
    problems.add(calls.problem(lost, "bill_id", f"bill not listed in {bills.path}"))
    number, title = (at_positions(bills.frame[name].to_numpy(object), at) for name in ("bill_number", "title"))
    return number, title


def _cast(tables: Mapping[str, CsvTable], calls: pd.DataFrame, problems: Problems) -> Cast:
    """Return the votes, each in the chamber of its roll call."""
    table, frame = tables["votes"], tables["votes"].frame
    call = frame["roll_call_id"].to_numpy(object)
    at = positions([calls["id"].to_numpy(object)], [call])
    known, calls_file = frame["vote"].isin(_CODES), tables["rollcalls"].path
    lost = (at < 0) & is_sure(calls_file, "roll_call_id")
    problems.add(
        table.problem(~known, "vote", "is not a vote code; known are 1 Yea, 2 Nay, 3 not voting, 4 absent"),
        table.problem(lost, "roll_call_id", f"roll call not listed in {calls_file}"),
    )
    chamber = at_positions(calls["chamber"].to_numpy(object), at)
    member = frame["people_id"].where(frame["people_id"] != "0", "").to_numpy(object)
    value = frame["vote"].map(_CODES).fillna(MISSING).to_numpy(np.int8)
    who = np.full(len(frame), "", dtype=object)
    return Cast(table, "vote", ("people_id", "roll_call_id"), chamber, member, call, value, who)


def _people(table: CsvTable, cast: Cast, found: Found, problems: Problems) -> pd.DataFrame:
    """Make a member for each person and chamber: where she votes, else where the file says that she sits.

    The file has the last seat of the session, and lists committees among the people.
    """
    frame = table.frame
    ids = frame["people_id"].to_numpy(object)
    voted = pd.DataFrame({"chamber": cast.chamber, "id": cast.member})
    voted = voted[voted["id"].isin(ids) & (voted["chamber"] != "")].drop_duplicates()
    committee = ~frame["committee_id"].isin(("", "0")).to_numpy()
    seat = frame["role"].str.lower().map(_ROLES).fillna("").to_numpy(object)
    idle = (seat != "") & ~committee & ~np.isin(ids, voted["id"].to_numpy(object))
    keys = pd.concat([voted, pd.DataFrame({"chamber": seat[idle], "id": ids[idle]})], ignore_index=True)
    row = positions([ids], [keys["id"].to_numpy(object)])
    whose = np.isin(ids, keys["id"].to_numpy(object))
    problems.add(table.problem((frame["name"] == "") & whose, "name", "a member needs a name"))
    party = frame["party"].to_numpy(object)[row]
    people = keys.assign(
        name=frame["name"].to_numpy(object)[row],
        party=party_words(party, _PARTIES),
        person=keys["id"],
        district=frame["district"].to_numpy(object)[row],
        state="",
        external=np.nan,
    )
    note_blank_parties(people, party == "", found)
    return people
