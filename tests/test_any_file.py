"""Whatever happens to a file of any source, its reader gives a result or the one error class, and never a traceback.

What is still read of a damaged CSV table is what Python's own reader of CSV reads of it.
"""

from __future__ import annotations

import contextlib
import csv
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from format_files import (
    OPTION,
    TABLE_COLUMNS,
    configured,
    table_rows,
    write_csv,
    write_legiscan,
    write_openstates,
    write_ord,
    write_table,
)
from kansas_files import kansas_tables
from votes_fixtures import voteview_tables, write_tables

from tallgrass_models.config.session_files import session_files
from tallgrass_models.errors import UserError
from tallgrass_models.votes.readers.base import RawSession
from tallgrass_models.votes.session import load_chambers, read_session

#: Mutated files of each form in a quick run; 4,000 of each in a long one.
QUICK, SLOW = 60, 4000
#: A message is for people.
LONGEST = 5000


def parquet(folder: Path) -> dict[str, Any]:
    session = write_table(folder)
    frame = pd.read_csv(folder / "votes.csv", keep_default_na=False)
    (folder / "votes.csv").unlink()
    frame.to_parquet(folder / "votes.parquet")
    return session | {"votes": str(folder / "votes.parquet")}


def three_tables(folder: Path) -> dict[str, Any]:
    session, rows = write_table(folder), table_rows()
    people = sorted({(row[0], row[1], row[2]) for row in rows[1:]})
    session["members"] = str(write_csv(folder / "members.csv", [("Legislator", "Party", "Body"), *people]))
    calls = sorted({(row[3], row[2], row[5]) for row in rows[1:]})
    session["rollcalls"] = str(write_csv(folder / "rollcalls.csv", [("Roll", "Body", "Date"), *calls]))
    write_csv(folder / "votes.csv", [[row[0], row[2], row[3], row[4]] for row in rows])
    del session["columns"]["bill"], session["columns"]["motion"]
    return session


def voteview(folder: Path) -> dict[str, Any]:
    tables = voteview_tables()
    for role, end in (("votes", "votes"), ("rollcalls", "rollcalls"), ("legislators", "members")):
        write_csv(folder / f"HSall_{end}.csv", tables[role])
    return {"source": "voteview", "path": str(folder), "congress": 119}


def tallgrass(folder: Path) -> dict[str, Any]:
    write_tables(folder, kansas_tables())
    return {"source": "tallgrass", "path": str(folder), "name": "tiny"}


FORMS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "table": write_table,
    "three tables": three_tables,
    "parquet": parquet,
    "tallgrass": tallgrass,
    "voteview": voteview,
    **{f"legiscan {form}": (lambda folder, form=form: write_legiscan(folder, form)) for form in ("csv", "json")},
    "legiscan zip": lambda folder: write_legiscan(folder, "csv.zip"),
    **{f"openstates {form}": (lambda folder, form=form: write_openstates(folder, form)) for form in ("csv", "json")},
    "openstates zip": lambda folder: write_openstates(folder, "json.zip"),
    "ord": write_ord,
}
ODD = [
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "nan",
    "9" * 30,
    "1.5",
    "=1+1",
    '"',
    "a,b",
    "\x00",
    "\ufeff",
    "é",
    "[1]",
    "{}",
    "null",
]
ODD += ["true", "x" * 40_000, "\\ud800", "2025-02-30", "\n", "\r", "Yea", "House", "Republican"]


def mutated(content: bytes, rng: random.Random) -> bytes:
    """A file to which something has happened: bytes or lines lost, doubled, exchanged, or other cells."""
    kind = rng.randrange(9)
    a, b = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    if kind == 0:  # some bytes are others
        out = bytearray(content)
        for _ in range(rng.randint(1, 4)):
            out[rng.randrange(len(out))] = rng.randrange(256)
        return bytes(out)
    if kind == 1:
        return content[:a]
    if kind == 2:
        return content[:a] + content[b:]
    if kind == 3:
        return content[:b] + content[a : min(b, a + 400)] + content[b:]
    lines = content.split(b"\n")
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    if kind == 4:  # lines exchanged, or one of them twice
        lines[i], lines[j] = lines[j], (lines[i] if rng.random() < 0.5 else lines[j])
    elif kind == 5:
        del lines[i]
    elif kind == 6:
        return rng.choice([b"\xef\xbb\xbf" + content, content.replace(b"\n", b"\r\n"), content.replace(b"\n", b"\r")])
    elif kind == 7:
        return content.decode("latin-1").encode(rng.choice(["utf-16", "utf-8", "latin-1"]))
    else:  # cells are other text
        for _ in range(rng.randint(1, 3)):
            mark = b":" if content[:1] in b"[{" else b","
            cells = lines[i].split(mark)
            cells[rng.randrange(len(cells))] = rng.choice(ODD).encode("utf-8", "surrogatepass")
            lines[i] = mark.join(cells)
    return b"\n".join(lines)


def votes_of(raw: RawSession) -> dict[tuple[str, str, str], int]:
    """Chamber, roll call and member to the value."""
    people = raw.legislators["id"].to_numpy()[raw.votes["legislator"]]
    calls = raw.rollcalls.iloc[raw.votes["rollcall"]]
    keys = zip(calls["chamber"], calls["id"], people, strict=True)
    return dict(zip(keys, raw.votes["value"].tolist(), strict=True))


def by_the_csv_module(path: Path) -> dict[tuple[str, str, str], int]:
    """The same from the file of the long table, by Python's own reader of CSV and nothing else."""
    with path.open(newline="", encoding="utf-8-sig") as handle:
        header, *rows = ([cell.strip() for cell in row] for row in csv.reader(handle))
    at = {name: header.index(column) for name, column in TABLE_COLUMNS.items()}
    known = {**dict.fromkeys(("yea", "yes", "aye", "y"), 1), **dict.fromkeys(("nay", "no", "n"), 0)}
    found = {}
    for row in (row + [""] * (len(header) - len(row)) for row in rows):
        if row[at["member"]]:
            key = row[at["chamber"]].lower(), row[at["rollcall"]], row[at["member"]]
            found[key] = known.get(row[at["vote"]].lower(), -1)
    return found


def try_many(form: str, folder: Path, n: int) -> tuple[int, int]:
    """Damage a file of a session n times and read it; how many were read and refused."""
    good = folder / "good"
    session = configured(good, **FORMS[form](good))
    files = [path for path in good.rglob("*") if path.is_file() and path.name != "experiments.yaml"]
    if session.path and session.path.endswith(".zip"):
        files = [path for path in files if "KS" not in path.parts[-4:]]
    rng = random.Random(f"{form} {n}")
    taken, told = 0, []
    for _ in range(n):
        path = rng.choice(files)
        content = path.read_bytes()
        path.write_bytes(mutated(content, rng))
        try:
            raw = read_session(session.source, session.options, **session_files(session))
            if form == "table":
                assert votes_of(raw) == by_the_csv_module(path), path.read_bytes()
            load_chambers(raw, "tiny", ("house", "senate"), 0.025, 1)
            taken += 1
        except UserError as error:
            told.append(str(error))
        finally:
            path.write_bytes(content)
    shutil.rmtree(good)
    assert max(map(len, told)) < LONGEST, max(told, key=len)[:500]
    return taken, len(told)


def try_several(form: str, folder: Path, n: int) -> None:
    """Damage or lose several files of a session at once, n times: readers go on from one problem to the next."""
    good = folder / "good"
    session = configured(good, **FORMS[form](good))
    files = [path for path in good.rglob("*") if path.is_file() and path.name != "experiments.yaml"]
    rng = random.Random(f"several {form} {n}")
    for _ in range(n):
        before = {path: path.read_bytes() for path in rng.sample(files, min(len(files), rng.randint(2, 3)))}
        for path, content in before.items():
            if rng.random() < 0.2:
                path.unlink()
            else:
                path.write_bytes(mutated(content, rng))
        with contextlib.suppress(UserError):
            read_session(session.source, session.options, **session_files(session))
        for path, content in before.items():
            path.write_bytes(content)


@pytest.mark.parametrize("form", [form for form in FORMS if "zip" not in form])
def test_several_damaged_files(form, tmp_path):
    try_several(form, tmp_path, QUICK // 3)


@pytest.mark.parametrize("form", FORMS)
def test_damaged_files(form, tmp_path):
    taken, refused = try_many(form, tmp_path, QUICK)
    assert refused > QUICK / 10
    assert taken > 0 or form == "parquet"


@pytest.mark.long
@pytest.mark.parametrize("form", FORMS)
def test_many_damaged_files(form, tmp_path):
    try_many(form, tmp_path, SLOW)


def test_the_words_of_open_states_are_those_of_its_vocabulary():
    assert set(OPTION.values()) <= {"yes", "no", "absent", "abstain", "not voting", "paired", "excused", "other"}
