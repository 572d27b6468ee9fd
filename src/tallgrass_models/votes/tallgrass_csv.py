"""Reader of the tallgrass CSV format: ``{stem}_votes``, ``{stem}_rollcalls`` and ``{stem}_legislators``."""

from pathlib import Path

import numpy as np
import pandas as pd

from .raw import MISSING, NAY, YEA, RawSession, assemble, chamber_column, distinct_votes, normalise_bill
from .tables import CsvTable, drop_repeats, fail_on, positions, read_table

VOTE_WORDS = {
    "Yea": YEA,
    "Nay": NAY,
    "Present and Passing": MISSING,
    "Absent and Not Voting": MISSING,
    "Not Voting": MISSING,
}
#: A motion that starts so (in any case) is a vote of passage. A rule that asks for equality would never match:
#: motions read "Final Action - Sub Bill to be passed".
PASSAGE_MOTIONS = ("final action", "emergency final action")

_PARTY_WORDS = {
    "democrat": "Democrat",
    "democratic": "Democrat",
    "d": "Democrat",
    "republican": "Republican",
    "r": "Republican",
}


def read_tallgrass(votes: Path, rollcalls: Path, legislators: Path) -> RawSession:
    """Read a session from three tallgrass CSV files, plain or gzipped.

    Parameters
    ----------
    votes : Path
        Columns vote_id, chamber, legislator_slug, vote (one of `VOTE_WORDS`).
    rollcalls : Path
        Columns vote_id, chamber, bill_number, motion, vote_datetime (ISO), and perhaps bill_title, short_title.
    legislators : Path
        Columns slug, chamber, party, name, and perhaps full_name, district.

    Raises
    ------
    UserError
        Naming file, row and column of whatever is wrong; see ``docs/data-formats.md``.
    """
    people, n_people_repeats = drop_repeats(
        read_table(legislators, ["chamber", "slug", "party", "name"], ["full_name", "district", "ocd_id"]),
        ["chamber", "slug"],
        "the member",
    )
    calls, n_call_repeats = drop_repeats(
        read_table(
            rollcalls, ["chamber", "vote_id", "bill_number", "motion", "vote_datetime"], ["bill_title", "short_title"]
        ),
        ["chamber", "vote_id"],
        "the roll call",
    )
    cast = read_table(votes, ["chamber", "vote_id", "legislator_slug", "vote"])
    member_table, call_table = _legislators(people), _rollcalls(calls)
    vote_table, n_vote_repeats = _votes(cast, member_table, call_table, people, calls)
    return assemble(
        "tallgrass",
        member_table,
        call_table,
        vote_table,
        {"votes": cast, "rollcalls": calls, "legislators": people},
        {
            "n_duplicates_dropped": n_vote_repeats,
            "n_duplicate_rollcalls_dropped": n_call_repeats,
            "n_duplicate_legislators_dropped": n_people_repeats,
        },
    )


def _legislators(table: CsvTable) -> pd.DataFrame:
    frame = table.frame
    fail_on(
        table.problem(frame["slug"] == "", "slug", "a member needs an id"),
        table.problem(frame["name"] == "", "name", "a member needs a name"),
        table.problem(frame["party"] == "", "party", "a member needs a party; write Independent for none"),
    )
    party = frame["party"].str.lower().map(_PARTY_WORDS)
    return pd.DataFrame(
        {
            "chamber": chamber_column(table),
            "id": frame["slug"].to_numpy(),
            "name": np.where(frame["full_name"] != "", frame["full_name"], frame["name"]),
            "party": party.where(party.notna(), frame["party"]).to_numpy(),
            "person": frame["ocd_id"].to_numpy(),
            "district": frame["district"].str.removesuffix(".0").to_numpy(),  # a spreadsheet's idea of a number
            "state": "",
            "external": np.nan,
        }
    )


def _rollcalls(table: CsvTable) -> pd.DataFrame:
    frame = table.frame
    when = pd.to_datetime(frame["vote_datetime"], format="ISO8601", errors="coerce", utc=True)
    undated = frame["vote_datetime"] == ""
    fail_on(
        table.problem(frame["vote_id"] == "", "vote_id", "a roll call needs an id"),
        table.problem(when.isna() & ~undated, "vote_datetime", "is not a date like 2025-03-20T14:05:00"),
    )
    return pd.DataFrame(
        {
            "chamber": chamber_column(table),
            "id": frame["vote_id"].to_numpy(),
            "bill": [normalise_bill(bill) for bill in frame["bill_number"]],
            "title": np.where(frame["bill_title"] != "", frame["bill_title"], frame["short_title"]),
            "motion": frame["motion"].to_numpy(),
            "date": when.dt.strftime("%Y-%m-%d").fillna("").to_numpy(),
            "passage": frame["motion"].str.lower().str.startswith(PASSAGE_MOTIONS).to_numpy(bool),
            # undated roll calls come first; those of one time are ordered by their id
            "when": when.dt.strftime("%Y-%m-%dT%H:%M:%S.%f").fillna("").to_numpy(),
            "tie": frame["vote_id"].to_numpy(),
        }
    )


def _votes(
    table: CsvTable, members: pd.DataFrame, calls: pd.DataFrame, people_file: CsvTable, calls_file: CsvTable
) -> tuple[pd.DataFrame, int]:
    """Votes by position in the two other tables, one per member and roll call; how many repeats were dropped."""
    frame, chamber = table.frame, chamber_column(table)
    value = frame["vote"].map(VOTE_WORDS)
    legislator = positions(
        [members["chamber"].to_numpy(), members["id"].to_numpy()], [chamber, frame["legislator_slug"].to_numpy()]
    )
    rollcall = positions([calls["chamber"].to_numpy(), calls["id"].to_numpy()], [chamber, frame["vote_id"].to_numpy()])
    fail_on(
        table.problem(value.isna(), "vote", f"is not a vote word; known are {', '.join(VOTE_WORDS)}"),
        table.problem(legislator < 0, "chamber+legislator_slug", f"member not listed in {people_file.path}"),
        table.problem(rollcall < 0, "chamber+vote_id", f"roll call not listed in {calls_file.path}"),
    )
    keep = distinct_votes(table, legislator, rollcall, "vote")
    result = pd.DataFrame({"legislator": legislator, "rollcall": rollcall, "value": value.to_numpy(np.int8)})
    return result.assign(listed=True)[keep], int((~keep).sum())
