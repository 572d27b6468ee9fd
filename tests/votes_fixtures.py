"""Tiny sessions written by hand, in both formats, and a way to spoil them."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from pathlib import Path

WORD = {"Y": "Yea", "N": "Nay", "P": "Present and Passing", "A": "Absent and Not Voting", "X": "Not Voting"}
CODE = {"Y": "1", "N": "6", "P": "7", "A": "9", "X": "0"}

#: Members a to f of the House; one letter per member and roll call, "." for no row at all.
#: Minority shares: r1 2/6, r2 0/6, r3 1/5, r4 no Yea or Nay, r5 2/5, r6 3/6.
HOUSE = {
    "r1": "YYNYYN",
    "r2": "YYYYYY",
    "r3": "YYNYYA",
    "r4": "PPAAXX",
    "r5": "NNYYY.",
    "r6": "NNNYYY",
}
#: Members g to k of the Senate.
SENATE = {"s1": "YYNNN", "s2": "NNYYY", "s3": "YYYYN"}
PARTY = dict(zip("abcdefghijk", "DDDRRIDDRRR", strict=True))
PARTY_WORD = {"D": "Democrat", "R": "Republican", "I": "Independent"}
PARTY_CODE = {"D": "100", "R": "200", "I": "328"}
BILL = {"r1": "HB 1", "r2": "HB 2", "r3": "HB 1", "r4": "", "r5": "hb 0003", "r6": "HB 4", "s1": "HB1", "s2": "SB 9"}
MOTION = {
    "r1": "EMERGENCY FINAL ACTION - Sub be passed",
    "r3": "Committee of the Whole - amendment",
    "r5": "To consider final action",
    "s1": "Final Action - be passed",
    "s3": "Motion to adjourn",
}
DAY = {name: f"2025-02-0{day}" for day, name in enumerate(["r1", "r2", "r3", "r4", "r5", "r6"], 1)} | {
    "s1": "2025-03-03",
    "s2": "2025-03-01",
    "s3": "2025-03-02",
}

Table = list[list[str]]


def tallgrass_tables() -> dict[str, Table]:
    """The three tables, each with its header; lists, so that a test can spoil any cell."""
    votes: Table = [["vote_id", "chamber", "legislator_slug", "vote"]]
    calls: Table = [["vote_id", "chamber", "bill_number", "motion", "vote_datetime", "bill_title"]]
    for chamber, members, rolls in (("House", "abcdef", HOUSE), ("Senate", "ghijk", SENATE)):
        for call, letters in rolls.items():
            calls.append(
                [call, chamber, BILL.get(call, ""), MOTION.get(call, "Vote"), f"{DAY[call]}T10:00:00", "A, title"]
            )
            votes += [
                [call, chamber, f"m_{member}", WORD[letter]]
                for member, letter in zip(members, letters, strict=True)
                if letter != "."
            ]
    people: Table = [["slug", "chamber", "party", "name", "full_name", "district"]]
    for member, party in PARTY.items():
        chamber = "House" if member in "abcdef" else "Senate"
        people.append([f"m_{member}", chamber, PARTY_WORD[party], member.upper(), "", str(ord(member))])
    return {"votes": votes, "rollcalls": calls, "legislators": people}


def icpsr(member: str) -> str:
    """Voteview's number of a member: 197 for a, ... (three digits, so that text and numbers sort alike)."""
    return str(100 + ord(member))


def voteview_tables() -> dict[str, Table]:
    """The same session as Voteview has it: roll calls numbered within a chamber, members by number."""
    votes: Table = [["congress", "chamber", "rollnumber", "icpsr", "cast_code"]]
    calls: Table = [["congress", "chamber", "rollnumber", "date", "bill_number", "vote_question", "vote_desc"]]
    questions = {"r1": "On Passage", "s1": "On Passage of the Bill"}
    for chamber, members, rolls in (("House", "abcdef", HOUSE), ("Senate", "ghijk", SENATE)):
        for number, (call, letters) in enumerate(rolls.items(), 1):
            calls.append(
                ["119", chamber, str(number), DAY[call], BILL.get(call, ""), questions.get(call, "On the Motion"), ""]
            )
            votes += [
                ["119", chamber, str(number), icpsr(member), CODE[letter]]
                for member, letter in zip(members, letters, strict=True)
                if letter != "."
            ]
    people: Table = [["congress", "chamber", "icpsr", "party_code", "bioname", "state_abbrev", "nominate_dim1"]]
    for member, party in PARTY.items():
        chamber = "House" if member in "abcdef" else "Senate"
        dim = "" if member == "a" else "0.25"
        people.append(["119", chamber, icpsr(member), PARTY_CODE[party], f"NAME, {member}", "KS", dim])
    return {"votes": votes, "rollcalls": calls, "legislators": people}


def write_tables(folder: Path, tables: dict[str, Table], gz: Sequence[str] = ()) -> dict[str, Path]:
    """Write tables as CSV files, those named in ``gz`` gzipped; returns the paths by name."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    for role, rows in tables.items():
        paths[role] = folder / f"tiny_{role}.csv{'.gz' if role in gz else ''}"
        opener = gzip.open if role in gz else open
        with opener(paths[role], "wt", newline="", encoding="utf-8") as handle:
            csv.writer(handle, lineterminator="\n").writerows(rows)
    return paths
