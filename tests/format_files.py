"""The tiny session of `votes_fixtures` in the layouts of several sources, and a way to read a session as people do."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from votes_fixtures import BILL, DAY, HOUSE, MOTION, PARTY, SENATE, Table

from tallgrass_models.config.reading import load_experiments
from tallgrass_models.config.session_files import session_files
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.votes.readers.base import RawSession
from tallgrass_models.votes.session import read_session

#: What each letter of the session is, and the order of its roll calls: by day, the Senate's on days 3, 1 and 2.
VALUE = {"Y": 1, "N": 0, "P": -1, "A": -1, "X": -1}
ORDER = {"house": ("r1", "r2", "r3", "r4", "r5", "r6"), "senate": ("s2", "s3", "s1")}
CHAMBERS = (("house", "abcdef", HOUSE), ("senate", "ghijk", SENATE))


def write_csv(path: Path, rows: Iterable[Iterable[Any]], **how: Any) -> Path:
    """Write rows as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle, lineterminator="\n", **how).writerows(rows)
    return path


def configured(folder: Path, **session: Any) -> SessionConfig:
    """The session as the experiments file has it."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "experiments.yaml"
    config.write_text(yaml.safe_dump({"sessions": {"tiny": session}, "experiments": {"a": {}}}))
    return load_experiments(config)["a"].session


def read_as_configured(folder: Path, **session: Any) -> RawSession:
    """Read a session by what the experiments file says of it."""
    config = configured(folder, **session)
    return read_session(config.source, config.options, **session_files(config))


def letters(raw: RawSession, chamber: str) -> list[list[int]]:
    """Values by roll call, in order of time, and member, in order of ids; from the long table."""
    calls = raw.rollcalls[raw.rollcalls.chamber == chamber]
    return [raw.votes[raw.votes.rollcall == call].value.tolist() for call in calls.index]


def expected(chamber: str) -> list[list[int]]:
    """What `letters` must give for the tiny session."""
    rolls = HOUSE if chamber == "house" else SENATE
    return [[VALUE[letter] for letter in rolls[call] if letter != "."] for call in ORDER[chamber]]


def cast() -> Iterable[tuple[str, str, str, str]]:
    """Chamber, roll call, member and letter of every vote."""
    for chamber, members, rolls in CHAMBERS:
        for call, said in rolls.items():
            yield from ((chamber, call, m, x) for m, x in zip(members, said, strict=True) if x != ".")


# --- a long table -----------------------------------------------------------------------------------------------------

TABLE_WORDS = {"Y": "Yes", "N": "No", "P": "Present", "A": "Excused", "X": "Not Voting"}
TABLE_COLUMNS = {
    "member": "Legislator",
    "party": "Party",
    "chamber": "Body",
    "rollcall": "Roll",
    "vote": "Vote",
    "date": "Date",
    "bill": "Bill",
    "motion": "Motion",
}


def table_rows() -> Table:
    """One row per vote with everything in it."""
    rows = [["Legislator", "Party", "Body", "Roll", "Vote", "Date", "Bill", "Motion"]]
    rows += [
        [m, PARTY[m], chamber.title(), call, TABLE_WORDS[x], DAY[call], BILL.get(call, ""), MOTION.get(call, "Vote")]
        for chamber, call, m, x in cast()
    ]
    return rows


def write_table(folder: Path, spoil: Callable[[Table], None] | None = None) -> dict[str, Any]:
    """The session in one table; what the experiments file says of it."""
    rows = table_rows()
    if spoil:
        spoil(rows)
    path = write_csv(folder / "votes.csv", rows)
    return {"source": "table", "votes": str(path), "columns": dict(TABLE_COLUMNS)}


def same_votes(one: RawSession, other: RawSession) -> None:
    """Two readings agree in everything but the names of files."""
    for name in ("legislators", "rollcalls", "votes", "notes"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert one.info["data_hash"] == other.info["data_hash"]


def without(session: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """A session without some of its keys."""
    return {key: value for key, value in session.items() if key not in keys}


# --- LegiScan ---------------------------------------------------------------------------------------------------------

CODES = {"Y": "1", "N": "2", "P": "3", "X": "3", "A": "4"}
_TEXT = {"1": "Yea", "2": "Nay", "3": "NV", "4": "Absent"}
#: LegiScan's number of a member and of a roll call.
PERSON = {member: str(1001 + place) for place, member in enumerate("abcdefghijk")}
ROLL = {call: str(555001 + place) for place, call in enumerate(("r1", "r2", "r3", "r4", "r5", "r6", "s1", "s2", "s3"))}
_BILL_ID = {number: str(77001 + place) for place, number in enumerate(("HB 1", "HB 2", "HB 3", "HB 4", "SB 9"))}
_PEOPLE = (
    *("people_id", "name", "first_name", "middle_name", "last_name", "suffix", "nickname", "party_id", "party"),
    *("role_id", "role", "district", "followthemoney_eid", "votesmart_id", "opensecrets_id", "ballotpedia"),
    *("knowwho_pid", "committee_id"),
)
_BILLS = (
    *("bill_id", "session_id", "bill_number", "status", "status_desc", "status_date", "title", "description"),
    *("committee_id", "committee", "last_action_date", "last_action", "url", "state_link"),
)


def legiscan_tables() -> dict[str, Table]:
    """The four tables with all their columns, in their order."""
    votes: Table = [["roll_call_id", "people_id", "vote", "vote_desc"]]
    votes += [[ROLL[call], PERSON[m], CODES[x], _TEXT[CODES[x]]] for _, call, m, x in cast()]
    calls: Table = [
        ["bill_id", "roll_call_id", "date", "chamber", "description", "yea", "nay", "nv", "absent", "total"]
    ]
    people: Table = [list(_PEOPLE)]
    for chamber, members, rolls in CHAMBERS:
        for call, said in rolls.items():
            bill = {"hb 0003": "HB 3", "HB1": "HB 1"}.get(BILL.get(call, ""), BILL.get(call, ""))
            counts = [str(sum(CODES.get(x) == code for x in said)) for code in "1234"]
            motion = "Third Reading: passed" if call in ("r1", "s1") else MOTION.get(call, "Vote")
            calls.append(
                [_BILL_ID.get(bill, "0"), ROLL[call], DAY[call], chamber.title(), motion, *counts, str(len(members))]
            )
        for m in members:
            role = ["1", "Rep", f"HD-{ord(m):03d}"] if chamber == "house" else ["2", "Sen", f"SD-{ord(m):03d}"]
            party = {"D": "1", "R": "2", "I": "3"}[PARTY[m]]
            people.append([PERSON[m], m.upper(), "", "", m.upper(), "", "", party, PARTY[m], *role, *"12345", "0"])
    bills: Table = [list(_BILLS)]
    bills += [[key, "1", n.replace(" ", ""), "4", "Passed", "", "A, title", *[""] * 7] for n, key in _BILL_ID.items()]
    return {"votes": votes, "rollcalls": calls, "people": people, "bills": bills}


def legiscan_json(tables: dict[str, Table]) -> dict[str, Any]:
    """The same as JSON files: name to content."""
    out: dict[str, Any] = {}
    rows = {name: [dict(zip(t[0], row, strict=False)) for row in t[1:]] for name, t in tables.items()}
    for row in rows["people"]:
        person = {**row, "people_id": int(row["people_id"]), "committee_id": int(row["committee_id"] or 0)}
        out[f"people/{row['people_id']}.json"] = {"person": person}
    for row in rows["bills"]:
        out[f"bill/{row['bill_number']}.json"] = {"bill": {**row, "bill_id": int(row["bill_id"]), "votes": []}}
    for row in rows["rollcalls"]:
        cast_here = [
            {"people_id": int(v["people_id"]), "vote_id": int(v["vote"]), "vote_text": v["vote_desc"]}
            for v in rows["votes"]
            if v["roll_call_id"] == row["roll_call_id"]
        ]
        call = {key: int(row[key]) for key in ("roll_call_id", "bill_id", "yea", "nay", "nv", "absent", "total")}
        call |= {"date": row["date"], "desc": row["description"], "chamber": row["chamber"][0], "votes": cast_here}
        out[f"vote/{row['roll_call_id']}.json"] = {"roll_call": call}
    return out


def write_legiscan(folder: Path, form: str, tables: dict[str, Table] | None = None) -> dict[str, Any]:
    """A dataset in one of its forms; what the experiments file says of it."""
    tables = legiscan_tables() if tables is None else tables
    inner = folder / "KS" / "2025-2026_91st_Legislature"
    if form.startswith("csv"):
        for name, rows in tables.items():
            write_csv(inner / "csv" / f"{name}.csv", rows)
    else:
        for name, content in legiscan_json(tables).items():
            (inner / name).parent.mkdir(parents=True, exist_ok=True)
            (inner / name).write_text(json.dumps(content))
    if form.endswith("zip"):
        shutil.make_archive(str(folder / "dataset"), "zip", folder, "KS")
        return {"source": "legiscan", "path": str(folder / "dataset.zip")}
    return {"source": "legiscan", "path": str(folder)}


# --- Open States ------------------------------------------------------------------------------------------------------

OPTION = {"Y": "yes", "N": "no", "P": "abstain", "X": "not voting", "A": "excused"}
PARTY_LONG = {"D": "Democratic", "R": "Republican", "I": "Independent"}
ORGANIZATION = {"house": "ocd-organization/1", "senate": "ocd-organization/2", "committee": "ocd-organization/3"}


def ocd(kind: str, name: str) -> str:
    """An id as Open States makes them."""
    return f"ocd-{kind}/{name}0000000-0000-0000-0000-000000000000"


def openstates_tables() -> dict[str, Table]:
    """The tables of a session with all their columns, and the file of people."""
    votes: Table = [
        [
            "id",
            "identifier",
            "motion_text",
            "motion_classification",
            "start_date",
            "result",
            "organization_id",
            "bill_id",
        ]
    ]
    people: Table = [
        ["id", "name", "current_party", "current_district", "current_chamber", "given_name", "family_name"]
    ]
    counts: Table = [["id", "vote_event_id", "option", "value"]]
    for chamber, members, rolls in CHAMBERS:
        for call, said in rolls.items():
            kind = "['passage']" if call in ("r1", "s1") else "['amendment']"
            bill = BILL.get(call, "").upper().replace("HB 0003", "HB 3").replace("HB1", "HB 1")
            bill = ocd("bill", bill.replace(" ", "")) if bill else ""
            votes.append(
                [ocd("vote", call), "", MOTION.get(call, "Vote"), kind, DAY[call], "pass", ORGANIZATION[chamber], bill]
            )
            for option in ("yes", "no"):
                n = sum(OPTION.get(x) == option for x in said)
                counts.append([f"{call}{option}", ocd("vote", call), option, str(n)])
        sits = "lower" if chamber == "house" else "upper"
        people += [
            [ocd("person", m), f"Ann {m.upper()}son", PARTY_LONG[PARTY[m]], str(ord(m)), sits, "Ann", f"{m.upper()}son"]
            for m in members
        ]
    said = [["id", "vote_event_id", "option", "voter_name", "voter_id", "note"]]
    said += [
        [f"{call}{m}", ocd("vote", call), OPTION[x], f"{m.upper()}son", ocd("person", m), ""]
        for _, call, m, x in cast()
    ]
    kinds = (("house", "lower"), ("senate", "upper"), ("committee", "committee"))
    places = [["id", "name", "parent_id", "classification"]]
    places += [[ORGANIZATION[name], name.title(), "", kind] for name, kind in kinds]
    numbers = ("HB 1", "HB 2", "HB 3", "HB 4", "SB 9")
    bills = [["id", "identifier", "title", "classification"]]
    bills += [[ocd("bill", n.replace(" ", "")), n, "A, title", "['bill']"] for n in numbers]
    return {
        "votes": votes,
        "vote_people": said,
        "organizations": places,
        "bills": bills,
        "vote_counts": counts,
        "people": people,
    }


def openstates_json(tables: dict[str, Table]) -> list[dict[str, Any]]:
    """The JSON form, in which nobody has an id; votes without a bill cannot be in it."""
    rows = {name: [dict(zip(t[0], row, strict=False)) for row in t[1:]] for name, t in tables.items()}
    kind = {row["id"]: row["classification"] for row in rows["organizations"]}
    out = []
    for bill in rows["bills"]:
        events = [
            {
                "identifier": "",
                "motion_text": vote["motion_text"],
                "motion_classification": [vote["motion_classification"].strip("[']")],
                "start_date": vote["start_date"],
                "result": "pass",
                "organization__classification": kind[vote["organization_id"]],
                "counts": [
                    {"option": c["option"], "value": int(c["value"])}
                    for c in rows["vote_counts"]
                    if c["vote_event_id"] == vote["id"]
                ],
                "votes": [
                    {"option": v["option"], "voter_name": v["voter_name"]}
                    for v in rows["vote_people"]
                    if v["vote_event_id"] == vote["id"]
                ],
            }
            for vote in rows["votes"]
            if vote["bill_id"] == bill["id"]
        ]
        out.append({"id": bill["id"], "identifier": bill["identifier"], "title": bill["title"], "votes": events})
    return out


def write_openstates(folder: Path, form: str, tables: dict[str, Table] | None = None) -> dict[str, Any]:
    """A session in one of its forms; what the experiments file says of it."""
    tables = openstates_tables() if tables is None else tables
    inner = folder / "KS" / "2025"
    people = write_csv(folder / "people.csv", tables["people"])
    if form.startswith("csv"):
        for name, rows in tables.items():
            if name != "people":
                write_csv(inner / f"KS_2025_{name}.csv", rows)
        write_csv(inner / "KS_2025_bill_related_bills.csv", [["id", "bill_id"]])
    else:
        inner.mkdir(parents=True, exist_ok=True)
        (inner / "KS_2025_bills.json").write_text(json.dumps(openstates_json(tables)))
    path = folder
    if form.endswith("zip"):
        path = folder / "KS_2025_csv_abc.zip"
        shutil.make_archive(str(path.with_suffix("")), "zip", folder, "KS")
    return {"source": "openstates", "path": str(path), "people": str(people)}


# --- Poole and Rosenthal ----------------------------------------------------------------------------------------------

ORD_CODE = {"Y": "1", "N": "6", "P": "7", "X": "8", "A": "9", ".": "0"}


def ord_lines(chamber: str) -> list[str]:
    """The lines of a chamber: Congress, ICPSR, state, district, state name, party, two codes, name, and the votes."""
    _, members, rolls = next(one for one in CHAMBERS if one[0] == chamber)
    calls = list(rolls) if chamber == "house" else list(ORDER["senate"])
    code = {"D": 100, "R": 200, "I": 328}
    out = [f"11999912{99:2d}{0:2d}{'USA':7s}{200:4d}00{'PRESIDENT':11s}" + "1" * len(calls)]
    for place, member in enumerate(members):
        votes = "".join(ORD_CODE[rolls[call][place]] for call in calls)
        out.append(
            f"119{10000 + ord(member):5d}32{place:2d}{'KANSAS':7s}{code[PARTY[member]]:4d}01{member.upper():11s}{votes}"
        )
    return out


def write_ord(folder: Path, chambers: Iterable[str] = ("house", "senate")) -> dict[str, Any]:
    """A file for each chamber; what the experiments file says of it."""
    folder.mkdir(parents=True, exist_ok=True)
    session: dict[str, Any] = {"source": "ord"}
    for chamber in chambers:
        path = folder / f"{chamber[0].upper()}119_votes.ord"
        path.write_text("\n".join(ord_lines(chamber)) + "\n")
        session[chamber] = str(path)
    return session
