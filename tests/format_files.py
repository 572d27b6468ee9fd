"""The tiny session of `votes_fixtures` in the layouts of several sources, and a way to read a session as people do."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from votes_fixtures import BILL, DAY, HOUSE, MOTION, PARTY, SENATE, Table

from tallgrass_models.config import specs
from tallgrass_models.config.experiments import SessionConfig, load_experiments
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
    return read_session(config.source, config.options, **specs.session_files(config))


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
