"""New projects: what they hold, that they overwrite nothing, and that votes of any source are recognised in them."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from format_files import (
    expected,
    letters,
    table_rows,
    write_csv,
    write_legiscan,
    write_openstates,
    write_ord,
    write_table,
)
from kansas_files import kansas_tables, write_kansas
from votes_fixtures import PARTY, voteview_tables

from tallgrass_models import cli
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.config.session_files import session_files
from tallgrass_models.errors import UserError
from tallgrass_models.project import packaged, words
from tallgrass_models.project.columns import guess_columns, read_grid
from tallgrass_models.project.new import example, project_files
from tallgrass_models.project.propose import propose
from tallgrass_models.project.states import state_in, years_in
from tallgrass_models.votes.readers.base import RawSession
from tallgrass_models.votes.session import read_session
from tallgrass_models.votes.sources import SOURCES

ROOT = Path(__file__).parents[1]
FILES = [
    *(".gitignore", "README.md", "config/README.md", "config/experiments.schema.json"),
    *("config/experiments.yaml", "docs/data-formats.md"),
    *("workflow/Snakefile", "workflow/profiles/default/config.yaml", "workflow/profiles/slurm/config.yaml"),
]


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def init(folder: Path, *args: str | Path) -> int:
    return cli.main(["init", str(folder), *map(str, args)])


@pytest.fixture(autouse=True)
def keep_process_state(monkeypatch):
    """`main` caps threads in the environment of a process of its own."""
    monkeypatch.setattr(os, "environ", os.environ.copy())


# --- the files of a project -------------------------------------------------------------------------------------------


def test_an_empty_folder_becomes_a_project_in_which_snakemake_knows_what_to_do(tmp_path):
    assert init(tmp_path / "new") == 0
    assert files_in(tmp_path / "new") == FILES
    assert list(load_experiments(tmp_path / "new/config/experiments.yaml")) == list(
        load_experiments(ROOT / "config/experiments.yaml")
    )
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--nocolor"]
    run = subprocess.run(command, cwd=tmp_path / "new", capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    assert "Using workflow specific profile workflow/profiles/default" in run.stderr
    assert re.search(r"^fit_chamber +8$", run.stdout, re.M)  # every experiment
    assert re.search(r"^compare_report +1$", run.stdout, re.M)


def test_a_file_that_is_there_is_named_and_nothing_is_written(tmp_path, capsys):
    (tmp_path / "config").mkdir()
    (tmp_path / "config/experiments.yaml").write_text("mine")
    assert init(tmp_path) == 2
    assert "config/experiments.yaml: is there already, and init overwrites nothing" in capsys.readouterr().err
    assert files_in(tmp_path) == ["config/experiments.yaml"]
    assert (tmp_path / "config/experiments.yaml").read_text() == "mine"


def test_a_readme_and_other_files_stay_as_they_are(tmp_path, capsys):
    for name in ("README.md", ".gitignore", "notes.txt"):
        (tmp_path / name).write_text("mine")
    assert init(tmp_path) == 0
    assert "left as they are: README.md, .gitignore" in capsys.readouterr().out
    assert files_in(tmp_path) == sorted([*FILES, "notes.txt"])
    assert {(tmp_path / name).read_text() for name in ("README.md", ".gitignore", "notes.txt")} == {"mine"}


def test_the_wheel_has_what_projects_are_made_of():
    """What the build takes into the wheel lies there under the names that `packaged` looks for."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    here = Path(packaged.__file__).parent.relative_to(ROOT / "src").as_posix()
    for name in [*FILES[2:], "workflow/rules/common.smk"]:
        assert (ROOT / name).is_file()
        assert any(name == kept or name.startswith(f"{kept}/") for kept in wheel["only-include"]), name
        top = name.partition("/")[0]
        assert wheel["sources"][top] == f"{here}/packaged/{top}"
    assert Path(packaged.snakefile()) == ROOT / "workflow/Snakefile"


def test_no_link_of_a_project_is_dead():
    files = project_files(example(), "baseline", "0")
    for name, text in files.items():
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if name.endswith(".md") else []:
            there = os.path.normpath(os.path.join(os.path.dirname(name), target))
            assert target.startswith("http") or there in files, f"{name}: {target}"
    assert "](../docs/data-formats.md)" in files["config/README.md"]


# --- sources ----------------------------------------------------------------------------------------------------------


def write_voteview(folder: Path, stem: str = "HS119") -> None:
    for role, rows in voteview_tables().items():
        write_csv(folder / f"{stem}_{'members' if role == 'legislators' else role}.csv", rows)


#: How to write the tiny session, and the source and keys that are to be found, with paths within the folder.
LAYOUTS: dict[str, tuple[Callable[[Path], Any], str, dict[str, Any]]] = {
    "voteview": (write_voteview, "voteview", {"path": "votes", "congress": 119}),
    "voteview of all": (lambda f: write_voteview(f, "HSall"), "voteview", {"path": "votes", "congress": 119}),
    "legiscan csv": (
        lambda f: write_legiscan(f, "csv"),
        "legiscan",
        {"path": "votes/KS/2025-2026_91st_Legislature/csv"},
    ),
    "legiscan json": (
        lambda f: write_legiscan(f, "json"),
        "legiscan",
        {"path": "votes/KS/2025-2026_91st_Legislature"},
    ),
    "legiscan zip": (
        lambda f: (write_legiscan(f, "json-zip"), shutil.rmtree(f / "KS")),
        "legiscan",
        {"path": "votes/dataset.zip"},
    ),
    "openstates csv": (
        lambda f: write_openstates(f, "csv"),
        "openstates",
        {"path": "votes/KS/2025", "people": "votes/people.csv"},
    ),
    "openstates json": (
        lambda f: write_openstates(f, "json"),
        "openstates",
        {"path": "votes/KS/2025", "people": "votes/people.csv"},
    ),
    "openstates zip": (
        lambda f: (write_openstates(f, "csvzip"), shutil.rmtree(f / "KS")),
        "openstates",
        {"path": "votes/KS_2025_csv_abc.zip", "people": "votes/people.csv"},
    ),
    "ord": (write_ord, "ord", {"house": "votes/H119_votes.ord", "senate": "votes/S119_votes.ord"}),
    "table": (write_table, "table", {"votes": "votes/votes.csv"}),
}


def read_project(folder: Path) -> tuple[ExperimentConfig, RawSession]:
    """Read the votes of a project as its configuration says, from within it as people do."""
    os.chdir(folder)
    config = next(iter(load_experiments("config/experiments.yaml").values()))
    return config, read_session(config.session.source, config.session.options, **session_files(config.session))


@pytest.fixture(autouse=True)
def come_back(monkeypatch, tmp_path):
    """Some tests work in a project's folder."""
    monkeypatch.chdir(tmp_path)


def cast(calls: list[list[int]]) -> list[list[int]]:
    """Yea and Nay on each roll call; an .ord file has a sign for everybody else too."""
    return [[value for value in call if value >= 0] for call in calls]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_votes_of_every_source_are_recognised_and_read(tmp_path, layout):
    write, source, keys = LAYOUTS[layout]
    (tmp_path / "votes").mkdir()
    write(tmp_path / "votes")
    assert init(tmp_path, "--from", tmp_path / "votes") == 0
    config, raw = read_project(tmp_path)
    found = {"path": config.session.path, "name": config.session.stem, **config.session.options}
    assert config.session.source == source
    assert {key: found[key] for key in keys} == keys
    for chamber in ("house", "senate"):
        if layout != "openstates json":  # which has only votes on bills
            assert cast(letters(raw, chamber)) == cast(expected(chamber))


def test_every_source_has_a_layout_above_or_a_test_below():
    assert {source for _, source, _ in LAYOUTS.values()} | {"tallgrass", "simulated"} == set(SOURCES)


def test_files_of_the_kansas_scraper(tmp_path, capsys):
    """Their beginning is the name; what is too little to fit is said, and the project is written."""
    write_kansas(tmp_path / "data", kansas_tables())
    assert init(tmp_path, "--from", tmp_path / "data") == 0
    config, raw = read_project(tmp_path)
    assert (config.session.source, config.session.path, config.session.stem) == ("tallgrass", "data", "tiny")
    assert len(raw.legislators) == 14
    out = capsys.readouterr().out
    assert "House: 7 members (4 Republican, 3 Democrat); 3 roll calls from 2013-02-11 to 2013-02-13" in out


def test_files_named_one_by_one(tmp_path):
    write_voteview(tmp_path / "votes")
    write_table(tmp_path / "votes")
    for name, source in (("HS119_votes.csv", "voteview"), ("votes.csv", "table")):
        sessions = propose([tmp_path / "votes" / name])
        assert [one.proposal.keys["source"] for one in sessions] == [source]


def test_several_sessions_have_an_experiment_each(tmp_path):
    write_voteview(tmp_path / "votes/us")
    write_kansas(tmp_path / "votes/kansas", kansas_tables())
    assert init(tmp_path / "new", "--from", tmp_path / "votes") == 0
    found = load_experiments(tmp_path / "new/config/experiments.yaml")
    assert {name: config.session.name for name, config in found.items()} == {"tiny": "tiny", "us_119": "us-119"}


def test_a_path_outside_the_project_is_written_whole(tmp_path):
    write_table(tmp_path / "elsewhere")
    assert init(tmp_path / "new", "--from", tmp_path / "elsewhere") == 0
    config = load_experiments(tmp_path / "new/config/experiments.yaml")["baseline"]
    assert config.session.options["votes"] == str(tmp_path / "elsewhere/votes.csv")


def test_what_is_missing_of_a_source_is_said(tmp_path, capsys):
    write_voteview(tmp_path / "v")
    (tmp_path / "v/HS119_members.csv").unlink()
    write_openstates(tmp_path / "o", "csv")
    (tmp_path / "o/people.csv").unlink()
    assert init(tmp_path / "new", "--from", tmp_path / "v") == 2
    assert init(tmp_path / "new", "--from", tmp_path / "o") == 2
    err = capsys.readouterr().err
    assert "v: looks like Voteview CSV files, but " in err
    assert "HS119_members.csv: no such file" in err
    assert "looks like Open States bulk data, but needs 'people': no CSV file with the columns id, name" in err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("votes.xlsx", b"PK\x03\x04", "a spreadsheet; save the sheet with the votes as CSV"),
        ("x.csv", b"who,what\na,b\n", "no column holds votes; the header has who, what"),
        ("x.csv", b"name,HB1,HB2,HB3\na,Y,N,Y\nb,N,N,Y\n", r"has columns of votes for each of HB1, HB2, HB3"),
        ("x.pdf", b"%PDF", r"nothing here is in a known format \(x\.pdf\)"),
        ("x.csv", b"", "the file is empty"),
    ],
)
def test_what_is_no_table_of_votes_is_said(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=message):
        propose([tmp_path])


# --- a messy table ----------------------------------------------------------------------------------------------------

MESSY = {"Y": "In favor", "N": "Opposed", "P": "Present", "A": "On leave", "X": ""}
PARTIES = {"D": "DFL", "R": "GOP", "I": ""}


def messy_rows(dates: bool = False) -> list[list[str]]:
    """The tiny session in other words: no dates, a blank party, a column of votes under another name."""
    known = {"Yes": "Y", "No": "N", "Present": "P", "Excused": "A", "Not Voting": "X"}
    header = ["Legislator", "Member ID", "Party", "Chamber", "Vote #", "How voted", "Measure"]
    rows = [
        [f"Añez {who}", who, PARTIES[party], {"House": "Assembly"}.get(body, body), roll, MESSY[known[said]], bill]
        for who, party, body, roll, said, date, bill, motion in table_rows()[1:]
    ]
    return [header, *rows]


def test_a_messy_table_is_read_as_it_was_meant(tmp_path, capsys):
    write_csv(tmp_path / "roll calls.csv", messy_rows(), delimiter=";")
    (tmp_path / "roll calls.csv").write_bytes((tmp_path / "roll calls.csv").read_text().encode("cp1252"))
    assert init(tmp_path, "--from", tmp_path / "roll calls.csv") == 0
    out = capsys.readouterr().out
    config, raw = read_project(tmp_path)
    assert config.session.options["columns"] == {
        "member": "Member ID",
        "rollcall": "Vote #",
        "vote": "How voted",
        "name": "Legislator",
        "bill": "Measure",
    }
    assert config.session.options["words"] == {
        "votes": {"in favor": "Yea", "opposed": "Nay", "": "missing", "on leave": "missing"},
        "parties": {"dfl": "Democrat", "gop": "Republican"},
    }
    assert (config.session.options["encoding"], config.session.options["delimiter"]) == ("cp1252", ";")
    assert letters(raw, "house") == expected("house")
    parties = {one.id: one.party for one in raw.legislators.itertuples()}
    long = {"D": "Democrat", "R": "Republican", "I": "Independent"}
    assert parties == {who: long[party] for who, party in PARTY.items()}
    assert "party: blank for Añez f, read as Independent" in out
    assert "no column holds dates, so roll calls are taken in the order of their numbers" in out
    text = Path("config/experiments.yaml").read_text()
    assert "# caucus: {Independent: Democrat}   # or Republican" in text
    assert not config.session.caucus  # that is for people to decide


def test_members_and_roll_calls_in_files_of_their_own(tmp_path):
    """Called as LegiScan calls its own, which have other columns."""
    rows = messy_rows()
    write_csv(tmp_path / "votes.csv", [[row[k] for k in (1, 3, 4, 5)] for row in rows])
    write_csv(tmp_path / "people.csv", [list(row) for row in dict.fromkeys((r[1], r[0], r[2]) for r in rows)])
    write_csv(tmp_path / "rollcalls.csv", [list(row) for row in dict.fromkeys((r[4], r[3], r[6]) for r in rows)])
    keys = propose([tmp_path])[0].proposal.keys
    assert [Path(keys[key]).name for key in ("votes", "members", "rollcalls")] == [
        "votes.csv",
        "people.csv",
        "rollcalls.csv",
    ]
    assert keys["words"]["parties"] == {"GOP": "Republican", "DFL": "Democrat"}


@pytest.mark.parametrize(
    ("change", "remarks", "keys"),
    [
        (lambda r: r.__setitem__(5, {"Opposed": "2", "In favor": "1"}.get(r[5], r[5])), [r"votes: .*'1' \(in"], {}),
        (
            lambda r: r.__setitem__(5, "Conflict" if r[5] == "Present" else r[5]),
            [r"votes: 'Conflict' \(in 2 rows\)"],
            {},
        ),
        (lambda r: r.__setitem__(2, {"DFL": "Labour"}.get(r[2], r[2])), ["nobody is a Democrat.*'Labour'"], {}),
        (lambda r: r.pop(3), ["no column says the chamber"], {"chamber": "house"}),
        (lambda r: r.pop(2), ["no column says the party"], {}),
        (
            lambda r: r.append("Date" if r[1] == "Member ID" else "3/4/2025"),
            [r"'%m/%d/%Y' or '%d/%m/%Y'"],
            {"dates": "%m/%d/%Y"},
        ),
        (lambda r: r.append("Date" if r[1] == "Member ID" else "28.3.2025"), [], {"dates": "%d.%m.%Y"}),
        (lambda r: r.append("Date" if r[1] == "Member ID" else "in March"), ["dates: 'in March' are not all"], {}),
    ],
    ids=["codes", "unknown word", "other parties", "no chamber", "no party", "two ways of dates", "dates", "no dates"],
)
def test_what_could_not_be_told_is_said_with_what_to_write(tmp_path, change, remarks, keys):
    rows = messy_rows()
    for row in rows:
        change(row)
    write_csv(tmp_path / "x.csv", rows)
    found = propose([tmp_path])[0].proposal
    said = "\n".join(found.remarks)
    assert all(re.search(remark, said) for remark in remarks), said
    assert {key: found.keys.get(key) for key in keys} == keys
    assert (
        cli.main(["init", str(tmp_path / "new"), "--from", str(tmp_path / "x.csv")]) == 0
    )  # and is written all the same


def test_what_is_in_the_votes_is_said_though_a_word_is_not_known(tmp_path):
    rows = messy_rows()
    rows[1][5] = "Conflict"
    write_csv(tmp_path / "x.csv", rows)
    session = propose([tmp_path])[0]
    assert session.facts.lines[0].startswith("House: 6 members (3 Democrat, 2 Republican, 1 Independent); 6 roll calls")
    assert len(session.problems) == 1
    assert "no vote word: 'Conflict' (row 2)" in session.problems[0]


def test_a_bill_stands_for_a_roll_call_only_if_nobody_votes_on_it_twice(tmp_path):
    rows = messy_rows()[1:]
    for repeat in (False, True):
        kept = [[row[1], row[3], row[5], f"HB {row[4][1:] if not repeat else 1}"] for row in rows]
        write_csv(tmp_path / "x.csv", [["member", "chamber", "vote", "bill"], *kept])
        columns = propose([tmp_path])[0].proposal.keys["columns"]
        assert columns.get("rollcall") == (None if repeat else "bill")


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        *(("Ye", "Yea"), ("Ayes", "Yea"), ("For", "Yea"), ("Paired Yea", "Yea"), ("Yes (announced)", "Yea")),
        *(("Noes", "Nay"), ("Against", "Nay"), ("No, paired", "Nay"), ("Opposed", "Nay"), ("announced nay", "Nay")),
        *(
            ("Did Not Vote", "missing"),
            ("No vote", "missing"),
            ("not present, not voting", "missing"),
            ("-", "missing"),
        ),
        *(("", "missing"), ("Excused from voting", "missing"), ("N/A", "missing"), ("Recused", "missing")),
        *(("1", None), ("Q", None), ("Conflict", None), ("p", None)),
    ],
)
def test_vote_words(word, meaning):
    found = words.vote_words({word: 3, "Yes": 5, "No": 2})
    assert (found.proposed.get(word), word in found.unknown) == (meaning, meaning is None)


def test_a_letter_that_is_aye_or_absent():
    assert words.vote_words({"A": 3, "N": 2}).unknown == {"A": "in 3 rows, perhaps Aye or Absent"}
    assert words.vote_words({"A": 3, "N": 2, "Y": 4}).proposed == {"A": "missing"}


@pytest.mark.parametrize(
    ("text", "state", "years"),
    [
        ("data/KS/2025-2026_91st_Legislature/csv", "Kansas", "2025–2026"),
        ("california_2017-2018", "California", "2017–2018"),
        ("west_virginia/2023-24", "West Virginia", "2023–2024"),
        ("ny_2021", "New York", "2021"),
        ("votes in or me 1999", None, "1999"),
        ("members/ok/list", None, None),
    ],
)
def test_states_and_years_in_names(text, state, years):
    assert (state_in(text), years_in(text)) == (state, years)


def test_columns_are_told_by_what_is_in_them(tmp_path):
    """A column called Position holds jobs here, and one called House the name of a building."""
    rows = [["Name", "Position", "Ballot", "Answer", "House"]]
    rows += [
        [f"m{k}", "Speaker" if k % 3 else "Whip", str(j), "Yes" if k % 2 else "No", f"no. {k}"]
        for k in range(9)
        for j in range(4)
    ]
    grid = read_grid(write_csv(tmp_path / "x.csv", rows))
    assert guess_columns(grid) == {"vote": "Answer", "member": "Name", "rollcall": "Ballot"}


def test_damaged_files_end_in_a_message(tmp_path):
    """Tables with bytes changed, cut and repeated: a proposal or a UserError, never anything else."""
    chance = random.Random(7)
    write_csv(tmp_path / "x.csv", messy_rows())
    whole = (tmp_path / "x.csv").read_bytes()
    ends = {"told": 0, "refused": 0}
    for _ in range(50):
        content = bytearray(whole[: chance.randrange(1, len(whole))] if chance.random() < 0.3 else whole)
        for _ in range(chance.randrange(1, 6)):
            content[chance.randrange(len(content))] = chance.choice(b'",;\n\0\xff\xfe\x81 Y0')
        (tmp_path / "x.csv").write_bytes(content)
        try:
            propose([tmp_path / "x.csv"])
            ends["told"] += 1
        except UserError:
            ends["refused"] += 1
    assert min(ends.values()) > 3
