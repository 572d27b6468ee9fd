"""Voteview in every form that the site offers: one chamber or both in a file, one Congress or all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from format_files import expected, letters, read_as_configured, same_votes, write_csv
from votes_fixtures import Table, voteview_tables

from tallgrass_models.errors import UserError
from tallgrass_models.votes.session import load_chambers

ENDS = {"votes": "votes", "rollcalls": "rollcalls", "legislators": "members"}
PRESIDENT = ["119", "President", "99912", "200", "PRESIDENT", "US", ""]


def chamber_of(table: Table, chamber: str) -> Table:
    return [table[0], *(row for row in table[1:] if row[1] in (chamber, "President"))]


def write(folder: Path, stem: str, tables: dict[str, Table]) -> None:
    for role, rows in tables.items():
        write_csv(folder / f"{stem}_{ENDS[role]}.csv", rows)


def session(folder: Path) -> dict[str, object]:
    return {"source": "voteview", "path": str(folder), "congress": 119}


@pytest.fixture
def tables() -> dict[str, Table]:
    found = voteview_tables()
    found["legislators"].append(PRESIDENT)
    return found


def plain(folder: Path, tables: dict[str, Table]):
    write(folder / "plain", "HS119", tables)
    return read_as_configured(folder, **session(folder / "plain"))


def test_a_file_for_each_chamber(tmp_path, tables):
    for letter, chamber in (("H", "House"), ("S", "Senate")):
        write(tmp_path, f"{letter}119", {role: chamber_of(rows, chamber) for role, rows in tables.items()})
    raw = read_as_configured(tmp_path, **session(tmp_path))
    assert (letters(raw, "house"), letters(raw, "senate")) == (expected("house"), expected("senate"))
    same_votes(raw, plain(tmp_path, tables))
    assert raw.info["n_presidents_dropped"] == 1  # listed in both files


def test_one_chamber_alone_and_what_to_write_for_it(tmp_path, tables):
    write(tmp_path, "S119", {role: chamber_of(rows, "Senate") for role, rows in tables.items()})
    raw = read_as_configured(tmp_path, **session(tmp_path))
    assert letters(raw, "senate") == expected("senate")
    load_chambers(raw, "us", ["senate"], 0.025, 1)
    with pytest.raises(UserError, match=r"no member of the House, .* write chambers: \[senate\] in the experiment"):
        load_chambers(raw, "us", ["house", "senate"], 0.025, 1)


@pytest.mark.parametrize("stems", [("HSall",), ("Hall", "Sall")])
def test_of_all_congresses_one_is_picked(tmp_path, tables, stems):
    """The same roll calls and members in three Congresses, of which two vote the other way round or not at all."""
    turned = {"1": "6", "6": "1"}
    every = {}
    for role, rows in tables.items():
        others = [[number, *row[1:]] for number in ("118", "11") for row in rows[1:]]
        if role == "votes":
            others = [[*row[:4], turned.get(row[4], row[4])] for row in others]
        every[role] = [rows[0], *others[: len(others) // 2], *rows[1:], *others[len(others) // 2 :]]
    for stem in stems:
        chamber = {"H": "House", "S": "Senate"}.get(stem[:-3])
        write(tmp_path, stem, {r: chamber_of(rows, chamber) if chamber else rows for r, rows in every.items()})
    same_votes(read_as_configured(tmp_path, **session(tmp_path)), plain(tmp_path, tables))
    with pytest.raises(UserError, match=r"all_members\.csv: no rows with congress 117 below the header"):
        read_as_configured(tmp_path, **session(tmp_path) | {"congress": 117})


def test_kinds_of_files_may_be_mixed(tmp_path, tables):
    write(tmp_path, "H119", {"votes": chamber_of(tables["votes"], "House")})
    write(tmp_path, "HS119", {"rollcalls": tables["rollcalls"]})
    write(tmp_path, "HSall", {"legislators": tables["legislators"]})
    raw = read_as_configured(tmp_path, **session(tmp_path))
    assert letters(raw, "house") == expected("house")
    assert not letters(raw, "senate")[0]


def test_a_problem_names_the_row_of_the_file_it_is_in(tmp_path, tables):
    for letter, chamber in (("H", "House"), ("S", "Senate")):
        write(tmp_path, f"{letter}119", {role: chamber_of(rows, chamber) for role, rows in tables.items()})
    text = (tmp_path / "S119_votes.csv").read_text()
    (tmp_path / "S119_votes.csv").write_text(text.replace("Senate,1,203,1", "Senate,1,203,12"))
    with pytest.raises(UserError, match=r"column cast_code: S119_votes\.csv row 2 \('12'\): is not a cast code"):
        read_as_configured(tmp_path, **session(tmp_path))


def test_a_file_of_another_congress_under_the_name_is_refused(tmp_path, tables):
    tables["votes"][3][0] = "118"
    with pytest.raises(UserError, match=r"row 4 \('118'\): is another Congress than 119 in the session"):
        plain(tmp_path, tables)
