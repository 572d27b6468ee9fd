"""Reader of Open States bulk data: the CSV files or the JSON file of a session, or the zip archive of either.

Neither form says of which party a voter is, and the JSON form not even who she is: a file of people does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...errors import UserError
from ..vocabulary import MISSING, NAY, YEA
from .base import Files, Found, RawSession
from .csv import CsvTable, at_positions, each_of, each_text, listed, positions, read_bytes, read_table
from .long import (
    NO_VOTE,
    Cast,
    bills_of,
    dates_of,
    in_order,
    is_passage,
    missing_where_unknown,
    one_row_each,
    session_of,
    vote_values,
    whole_chambers,
)
from .problems import Problems, fail_on, is_sure, refuse
from .records import Archive, parsed, record, table_of
from .voters import members_of

_COLUMNS: dict[str, tuple[list[str], list[str]]] = {
    "votes": (["id", "motion_text", "motion_classification", "start_date", "organization_id", "bill_id"], []),
    "vote_people": (["vote_event_id", "option", "voter_name", "voter_id"], []),
    "organizations": (["id", "classification"], []),
    "bills": (["id", "identifier", "title"], []),
    "vote_counts": (["vote_event_id", "option", "value"], []),
}
_NEEDED = ("votes", "vote_people", "organizations")
_OPTIONS = {"yes": YEA, "no": NAY} | dict.fromkeys(
    ("absent", "abstain", "not voting", "paired", "excused", "other"), MISSING
)
_CHAMBERS = {"lower": "house", "upper": "senate", "legislature": "legislature"}
#: Words of a motion's classification that make it a vote of passage.
_PASSAGE = {"passage", "bill-passage", "passage:bill"}


def read_openstates(files: Files, options: Mapping[str, Any]) -> RawSession:
    """Read a session from Open States bulk data.

    Parameters
    ----------
    files
        ``votes``, ``vote_people``, ``organizations``, and perhaps ``bills`` and ``vote_counts``, as CSV files; or
        ``json``, the bills of the session; or ``archive``, a zip file of either. And ``people``, a CSV file with
        columns id, name, current_party (or party), and perhaps given_name, family_name, current_district.
    options
        ``passage``, parts of a motion that make it a vote of passage.

    Raises
    ------
    UserError
        Naming all that is wrong in the files; see ``docs/data-formats.md``.
    """
    problems, found = Problems(), Found()
    tables = _tables(files)
    one_row_each(tables, dict.fromkeys(("votes", "organizations", "bills"), "id"), problems)
    problems.stop()
    calls = _rollcalls(tables, options.get("passage", ()), found, problems)
    cast = _cast(tables, calls, problems)
    problems.stop()
    calls, cast = _of_chambers(calls, cast, tables["organizations"].path, found)
    calls, cast = whole_chambers(calls, cast, found)
    (people_file,) = files["people"]
    people, member = members_of(people_file, cast, found, problems)
    cast = replace(cast, member=member)
    by_role = {"votes": tables["vote_people"], "rollcalls": tables["votes"]}
    return session_of("openstates", people, calls, cast, by_role, found, problems)


# --- files ------------------------------------------------------------------------------------------------------------


def _tables(files: Files) -> dict[str, CsvTable]:
    """Read the tables of `_COLUMNS`, whatever form they are in."""
    if files.get("archive"):
        return _archived(Archive(files["archive"][0]))
    if files.get("json"):
        path = files["json"][0]
        return _json_tables(path, read_bytes(path))
    given = {name: files[name][0] for name in _COLUMNS if files.get(name)}
    lost = [name for name in _NEEDED if name not in given]
    fail_on(*(f"{path}: no table of {listed(lost)} beside it" for path in list(given.values())[:1] if lost))
    read = each_of(lambda name: read_table(given[name], *_COLUMNS[name]), given)
    return dict(zip(given, read, strict=True))


def _archived(archive: Archive) -> dict[str, CsvTable]:
    as_csv = archive.folders([f"_{name}.csv" for name in _NEEDED])
    as_json = archive.folders(["_bills.json"])
    if len(as_csv) > 1 or (not as_csv and len(as_json) > 1):
        several = ", ".join(as_csv or as_json)
        raise UserError(f"{archive.path}: holds several sessions: {several}; unpack it and name one of the folders")
    if as_csv:
        given = {name: archive.file(as_csv[0], f"_{name}.csv", "_bill_related_bills") for name in _COLUMNS}
        there = {name: inner for name, inner in given.items() if inner}
        read = each_of(
            lambda name: read_table(archive.label(there[name]), *_COLUMNS[name], raw=archive.read(there[name])), there
        )
        return dict(zip(there, read, strict=True))
    inner = archive.file(as_json[0], "_bills.json") if as_json else None
    if inner is None:
        raise UserError(f"{archive.path}: no Open States data: neither ..._vote_people.csv nor ..._bills.json")
    return _json_tables(archive.label(inner), archive.read(inner))


def _json_tables(path: Path, raw: bytes) -> dict[str, CsvTable]:
    """Read the tables from the JSON form, a list of bills with their votes, which have no ids of their own."""
    tree = parsed(path, raw)
    if not isinstance(tree, list):
        raise UserError(f"{path}: must hold a list of bills")
    rows: dict[str, dict[str, dict[str, str]]] = {name: {} for name in _COLUMNS}
    for place, bill in enumerate(tree, start=1):
        known = record(f"{path}: bill {place}", bill, ["identifier", "title"])
        name = known["identifier"] or f"bill {place}"
        key = name if name not in rows["bills"] else f"{name} ({place})"
        rows["bills"][key] = {"id": key, **known}
        for number, vote in enumerate(_list(bill, "votes", f"{path}: {name}"), start=1):
            _json_vote(path, rows, key, number, vote)
    if not rows["vote_people"]:
        raise UserError(f"{path}: no votes of members on any bill")
    rows["organizations"] = {
        text: {"id": text, "classification": text}
        for text in dict.fromkeys(vote["organization_id"] for vote in rows["votes"].values())
    }
    return {name: table_of(path, rows[name], _COLUMNS[name][0], [raw]) for name in _COLUMNS if rows[name]}


def _json_vote(path: Path, rows: Mapping[str, dict[str, dict[str, str]]], bill: str, number: int, vote: Any) -> None:
    where = f"{path}: {bill}: vote {number}"
    said = record(where, vote, ["motion_text", "start_date", "organization__classification"])
    kinds = [record(where, {"kind": kind}, ["kind"])["kind"] for kind in _list(vote, "motion_classification", where)]
    call = f"{bill} #{number}"
    rows["votes"][call] = {
        "id": call,
        "motion_text": said["motion_text"],
        "motion_classification": " ".join(kinds),
        "start_date": said["start_date"],
        "organization_id": said["organization__classification"],
        "bill_id": bill,
    }
    for place, one in enumerate(_list(vote, "votes", where), start=1):
        cells = record(f"{where}: voter {place}", one, ["option", "voter_name"])
        rows["vote_people"][f"{call}, voter {place}"] = {"vote_event_id": call, "voter_id": "", **cells}
    for place, one in enumerate(_list(vote, "counts", where), start=1):
        cells = record(f"{where}: count {place}", one, ["option", "value"])
        rows["vote_counts"][f"{call}, count {place}"] = {"vote_event_id": call, **cells}


def _list(inside: Any, name: str, where: str) -> list[Any]:
    found = inside.get(name)
    if found is not None and not isinstance(found, list):
        raise UserError(f"{where}: {name}: must be a list, not {str(found)[:50]!r}")
    return found or []


# --- tables -----------------------------------------------------------------------------------------------------------


def _rollcalls(
    tables: Mapping[str, CsvTable], passage: Sequence[str], found: Found, problems: Problems
) -> pd.DataFrame:
    """All roll calls; their chamber is house, senate, joint, or blank for one of a committee."""
    table, places = tables["votes"], tables["organizations"]
    frame = table.frame
    at = positions([places.frame["id"].to_numpy(object)], [frame["organization_id"].to_numpy(object)])
    lost = (at < 0) & is_sure(places.path, "id")
    problems.add(table.problem(lost, "organization_id", f"organization not listed in {places.path}"))
    kind = at_positions(places.frame["classification"].str.lower().to_numpy(object), at)
    chamber = np.array([_CHAMBERS.get(one, "") for one in kind], dtype=object)
    one_chamber = not np.isin(chamber, ["house", "senate"]).any()
    chamber[chamber == "legislature"] = "senate" if one_chamber else "joint"
    when, day, bad = dates_of(frame["start_date"].to_numpy(object))
    problems.add(table.problem(bad, "start_date", "is not a date like 2025-03-20"))
    bill, title = _bills(tables, problems)
    return pd.DataFrame(
        {
            "chamber": chamber,
            "id": frame["id"].to_numpy(object),
            "bill": bills_of(bill),
            "title": title,
            "motion": frame["motion_text"].to_numpy(object),
            "date": day,
            "passage": _passages(frame, passage),
            "when": when,
            "tie": in_order(frame["id"]),
            **_counts(tables, frame["id"].to_numpy(object), problems),
        }
    )


def _passages(frame: pd.DataFrame, own: Sequence[str]) -> np.ndarray:
    """By the classification of the motion; by its text where that is blank, or the session has words of its own."""
    by_text = each_text(frame["motion_text"], lambda text: is_passage(text, own)).astype(bool)
    if own:
        return by_text
    kinds = each_text(frame["motion_classification"], lambda text: frozenset(re.findall(r"[\w:-]+", text.lower())))
    said = np.array([bool(kind) for kind in kinds], dtype=bool)
    return np.where(said, [bool(kind & _PASSAGE) for kind in kinds], by_text)


def _bills(tables: Mapping[str, CsvTable], problems: Problems) -> tuple[np.ndarray, np.ndarray]:
    key = tables["votes"].frame["bill_id"].to_numpy(object)
    if "bills" not in tables:
        return np.full(len(key), "", dtype=object), np.full(len(key), "", dtype=object)
    bills = tables["bills"]
    at = positions([bills.frame["id"].to_numpy(object)], [key])
    lost = (at < 0) & (key != "") & is_sure(bills.path, "id")
    problems.add(tables["votes"].problem(lost, "bill_id", f"bill not listed in {bills.path}"))
    number, title = (at_positions(bills.frame[name].to_numpy(object), at) for name in ("identifier", "title"))
    return number, title


def _counts(tables: Mapping[str, CsvTable], ids: np.ndarray, problems: Problems) -> dict[str, np.ndarray]:
    """Return the recorded tallies, NaN where there is none or the same roll call has several."""
    out = {f"recorded_{side}": np.full(len(ids), np.nan) for side in ("yea", "nay")}
    if "vote_counts" not in tables:
        return out
    table = tables["vote_counts"]
    frame = table.frame.drop_duplicates()
    whole = frame["value"].str.fullmatch(r"\d{1,6}(\.0)?")
    wrong = ~table.frame["value"].str.fullmatch(r"\d{1,6}(\.0)?")
    problems.add(table.problem(wrong, "value", "is not a whole number"))
    for option, side in (("yes", "yea"), ("no", "nay")):
        mine = frame[(frame["option"].str.lower() == option) & whole]
        mine = mine[~mine["vote_event_id"].duplicated(keep=False)]
        at = positions([ids], [mine["vote_event_id"].to_numpy(object)])
        known = at >= 0
        out[f"recorded_{side}"][at[known]] = mine["value"].astype(float).to_numpy()[known]
    return out


def _cast(tables: Mapping[str, CsvTable], calls: pd.DataFrame, problems: Problems) -> Cast:
    """Return the votes, each in the chamber of its roll call; a later step finds whose they are."""
    table, frame = tables["vote_people"], tables["vote_people"].frame
    call = frame["vote_event_id"].to_numpy(object)
    at = positions([calls["id"].to_numpy(object)], [call])
    lost = (at < 0) & is_sure(tables["votes"].path, "id")
    problems.add(table.problem(lost, "vote_event_id", f"roll call not listed in {tables['votes'].path}"))
    value = vote_values(frame["option"].to_numpy(object), _OPTIONS)
    known = f"is not an option; known are {', '.join(_OPTIONS)}"
    problems.add(table.problem(value == NO_VOTE, "option", known))
    chamber = at_positions(calls["chamber"].to_numpy(object), at)
    who, member = frame["voter_name"].to_numpy(object), frame["voter_id"].to_numpy(object)
    keys = ("voter_name", "vote_event_id")
    return Cast(table, "option", keys, chamber, member, call, missing_where_unknown(value), who)


def _of_chambers(calls: pd.DataFrame, cast: Cast, organizations: Path, found: Found) -> tuple[pd.DataFrame, Cast]:
    """Leave out the votes of committees, which the files tell apart, and count them."""
    other = (calls["chamber"] == "").to_numpy()
    found.counts["n_committee_rollcalls_dropped"] = int(other.sum())
    if other.all() and is_sure(organizations, "id", "classification"):
        refuse(f"{cast.table.path}: no roll call of a chamber, but of committees alone")
    return calls[~other].reset_index(drop=True), cast.rows(cast.chamber != "")
