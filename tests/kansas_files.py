"""A tiny session in the layout of the public scraper of the Kansas Legislature: every column, in its order.

Seven members of each chamber; nobody and nothing of a real session is in here.
"""

from __future__ import annotations

from pathlib import Path

from votes_fixtures import Table, write_tables

VOTES = ["session", "bill_number", "bill_title", "vote_id", "vote_datetime", "vote_date", "chamber", "motion"]
VOTES += ["legislator_name", "legislator_slug", "vote"]
ROLLCALLS = ["session", "bill_number", "bill_title", "vote_id", "vote_url", "vote_datetime", "vote_date", "chamber"]
ROLLCALLS += ["motion", "vote_type", "result", "short_title", "sponsor", "sponsor_slugs", "yea_count", "nay_count"]
ROLLCALLS += ["present_passing_count", "absent_not_voting_count", "not_voting_count", "total_votes", "passed"]
LEGISLATORS = ["name", "full_name", "legislator_slug", "chamber", "party", "district", "member_url", "ocd_id"]
WORDS = {
    "Y": "Yea",
    "N": "Nay",
    "P": "Present and Passing",
    "A": "Absent and Not Voting",
    "X": "Not Voting",
}
PARTY = ["Democrat"] * 3 + ["Republican"] * 4
#: One letter for each of seven members.
HOUSE = {"je_20130211093000_1": "YYYNNNN", "je_20130212093000_2": "YNYNYAP", "je_20130213093000_3": "NNYYYYX"}
SENATE = {"je_20130211100000_4": "YYNNNNN", "je_20130214100000_5": "NNNYYYY"}


def kansas_tables() -> dict[str, Table]:
    """The three tables as the scraper writes them since March 2026."""
    votes, calls, people = ([list(header)] for header in (VOTES, ROLLCALLS, LEGISLATORS))
    for chamber, prefix, rolls in (("House", "rep", HOUSE), ("Senate", "sen", SENATE)):
        for number, party in enumerate(PARTY, 1):
            slug = f"{prefix}_member_{number:02d}_1"
            url = f"https://legislature.example/members/{slug}/"
            full = f"{chamber} Member {number:02d}"
            people.append([f"Member {number:02d}", full, slug, chamber, party, str(number), url, ""])
        for number, (call, letters) in enumerate(rolls.items(), 1):
            day, time = f"{call[3:7]}-{call[7:9]}-{call[9:11]}", f"{call[11:13]}:{call[13:15]}:{call[15:17]}"
            date, bill = f"{call[7:9]}/{call[9:11]}/{call[3:7]}", f"HB {2000 + number}"
            motion, kind = "The bill passed.", "Final Action"
            common = ["85th (2013-2014)", bill, "AN ACT concerning a subject", call]
            counts = [letters.count(letter) for letter in "YNPAX"]
            calls.append(
                [*common, f"https://legislature.example/{call}", f"{day}T{time}", date, chamber, motion, kind, motion]
            )
            calls[-1] += ["a subject", "", "", *map(str, counts), str(len(letters)), "True"]
            for k, letter in enumerate(letters, 1):
                who = f"Member {k:02d}", f"{prefix}_member_{k:02d}_1"
                votes.append([*common, f"{day}T{time}", date, chamber, motion, *who, WORDS[letter]])
    return {"votes": votes, "rollcalls": calls, "legislators": people}


def column(tables: dict[str, Table], role: str, name: str) -> int:
    """Where a column stands in a table."""
    return tables[role][0].index(name)


def rows(tables: dict[str, Table], role: str, **wanted: str) -> list[list[str]]:
    """The rows whose cells are as wanted."""
    at = {column(tables, role, name): value for name, value in wanted.items()}
    return [row for row in tables[role][1:] if all(row[place] == value for place, value in at.items())]


def put(tables: dict[str, Table], role: str, name: str, value: str, **wanted: str) -> None:
    """Write a cell into the rows whose cells are as wanted."""
    for row in rows(tables, role, **wanted):
        row[column(tables, role, name)] = value


def write_kansas(folder: Path, tables: dict[str, Table]) -> dict[str, Path]:
    """The files, by role."""
    return write_tables(folder, tables)
