"""Names that a spreadsheet would run: guarded in every CSV file that is written, and themselves again when read."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from small import small_chamber, write_tallgrass_csv

import tallgrass_models
from tallgrass_models.config.experiments import ExperimentConfig, JointConfig
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.files.columns import comparison
from tallgrass_models.files.columns.checking import CHECK_MEMBERS, CHECK_ROLLCALLS, PRIOR_SCALES
from tallgrass_models.files.columns.common import cols
from tallgrass_models.files.columns.comparison import MEMBERS
from tallgrass_models.files.columns.linking import ANCHORS, AXIS_BILLS, AXIS_MEMBERS, LINKED_MEMBERS
from tallgrass_models.files.columns.summary import BILLS, IDEAL_POINTS, MEMBER_FIT, ROLLCALL_FIT
from tallgrass_models.files.columns.votes import DROPPED
from tallgrass_models.files.tables import Table
from tallgrass_models.files.untrusted import guarded, unguarded
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.report.files.read import read_dropped
from tallgrass_models.report.files.rows import read_rows
from tallgrass_models.steps import runner
from tallgrass_models.steps.result_tables import read_for_people
from tallgrass_models.steps.sensitivity import write_moves
from tallgrass_models.votes.simulator.tables import simulate_session

PACKAGE = Path(tallgrass_models.__file__).parent
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
HOSTILE = ["=cmd()", "+1", "-x", "@y", "\t=1", "'=a", "''-1", "'", "O'Brien", "a=b", "NA", "7"]
#: Modules that handle CSV by themselves, and why they may.
WRITERS = {
    "cli/people/preview.py": {"to_csv"},  # a table beside the results, by `guarded`
    "files/tables.py": {"to_csv"},
    "report/page/page.py": {"csv.writer"},  # tables of the page, by `guarded`
    "votes/readers/base.py": {"to_csv"},  # a text to be hashed
    "votes/simulator/tables.py": {"to_csv"},  # the format of a source, whose reader knows no guard
    "project/table.py": {"to_csv"},  # what a message advises
}
READERS = {
    "files/tables.py": {"csv.reader"},
    "monitoring/sweep.py": {"csv.DictReader"},  # benchmarks of Snakemake
    "project/recognise.py": {"csv.reader"},  # heads of unknown files
    "steps/costs.py": {"csv.DictReader"},  # benchmarks of Snakemake
    "steps/summarize.py": {"read_csv"},  # the simulator's truth
    "votes/readers/csv.py": {"read_csv", "csv.reader"},  # files of sources
    "votes/scores.py": {"csv.DictReader"},  # a user's file
}


@example("'=a")
@example("''\t")
@given(st.text(st.sampled_from("'=+-@\t\r\na1 "), max_size=6) | st.text())
def test_a_guarded_text_is_no_formula_and_comes_back(text):
    assert not guarded(text).startswith(STARTS)
    assert unguarded(guarded(text)) == text


def test_tables_come_back_with_numbers_untouched(tmp_path):
    columns = (*cols("name", "text", "", empty=True), *cols("xi", "number", ""), *cols("on", "truth", ""))
    table = Table("t", "thing", "fit", columns)
    frame = pd.DataFrame({"name": [*HOSTILE, None], "xi": np.arange(-4.0, 9.0), "on": True})
    table.write(tmp_path / "t.csv", frame)
    raw = cells(tmp_path / "t.csv")
    assert [row[0] for row in raw[1:6]] == ["'=cmd()", "'+1", "'-x", "'@y", "'\t=1"]
    assert [row[1] for row in raw[1:3]] == ["-4", "-3"]
    pd.testing.assert_frame_equal(table.read(tmp_path / "t.csv"), frame, check_dtype=False)
    assert [row["name"] for row in table.read_rows(tmp_path / "t.csv")] == [*HOSTILE, ""]


def test_only_those_who_say_why_handle_csv_by_themselves():
    def users(pattern):
        found = {}
        for path in PACKAGE.rglob("*.py"):
            used = set(re.findall(pattern, path.read_text(encoding="utf-8")))
            found |= {path.relative_to(PACKAGE).as_posix(): used} if used else {}
        return found

    assert users(r"(?<=\.)to_csv\b|csv\.(?:writer|DictWriter)\b") == WRITERS
    assert users(r"(?<=pd\.)read_csv\b|csv\.(?:reader|DictReader)\b") == READERS


def test_simulated_tables_need_no_guard():
    session = simulate_session(1)
    for table in (session.legislators, session.rollcalls, session.truth_legislators, session.truth_bills):
        texts = {value for name in table for value in table[name] if isinstance(value, str)}
        assert {guarded(text) for text in texts} == texts


# --- every table of a run ---------------------------------------------------------------------------------------------


def cells(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


#: What begins like a formula, or like a guarded one, and survives the readers of sources, which strip cells.
NAMES = ["=cmd()", "+1", "-x", "@y", "'=a", "''-1"]


def renamed(votes):
    """The chamber with hostile names of members, districts, bills, titles and motions."""
    people, calls = votes.legislators.copy(), votes.rollcalls.copy()
    people["name"] = [f"{NAMES[i % 6]}{votes.chamber}{i}" for i in range(len(people))]
    for column in ("bill", "title", "motion"):
        calls[column] = [f"{NAMES[j % 6]}{text}" for j, text in enumerate(calls[column])]
    return replace(votes, legislators=people, rollcalls=calls)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Results of two experiments on such a session and their comparison; names of members, and of bills with titles."""
    base, folder = tmp_path_factory.mktemp("results"), tmp_path_factory.mktemp("votes")
    bills = [f"HB {j}" for j in range(24)]
    chambers = [
        small_chamber("house", (9, 12, 1), 24, seed=5, apart=2.5, lean=1.5, bills=bills),
        small_chamber(
            "senate", (6, 9, 0), 20, seed=6, apart=2.5, lean=1.5, bills=bills[:12] + [f"SB {j}" for j in range(8)]
        ),
    ]
    chambers = [renamed(votes) for votes in chambers]
    write_tallgrass_csv(folder, "small", chambers)
    session = SessionConfig("small", "tallgrass", str(folder), "small", min_votes=3)
    sampling = SamplingConfig(draws=40, tune=60, chains=2, seed=3)
    common = {"session": session, "sampling": sampling, "flat_sampling": sampling}
    baseline = ExperimentConfig("baseline", **common)
    prior = BetaPriorSpec("lognormal_reparam", {"mu": 0, "sigma": 0.5})
    other = ExperimentConfig("positive", beta_prior=prior, joint=JointConfig(), compare_with="baseline", **common)
    for config in (baseline, other):
        runner.run_experiment(config, base, cores=2)
    runner.compare_experiments([baseline, other], base)
    names = {name for votes in chambers for name in votes.legislators["name"]}
    texts = {text for votes in chambers for column in ("bill", "title") for text in votes.rollcalls[column]}
    return base, names, texts | {text.upper() for text in texts}  # as bills are matched


def test_no_cell_of_a_run_is_a_formula(ran):
    base, names, _ = ran
    tables = sorted(base.rglob("*.csv"))
    found = {path.relative_to(base).as_posix().split("/")[-1] for path in tables}
    assert {"bills.csv", "check_members.csv", "linked_members.csv", "anchors.csv", "curves.csv", "members.csv"} <= found
    assert {"axis_members.csv", "member_fit.csv", "drivers.csv", "house_dropped.csv", "house-members.csv"} <= found
    for path in tables:
        bare = {text for row in cells(path) for text in row if text.startswith(STARTS) and not is_number(text)}
        assert not bare, path
        assert not {text for row in cells(path) for text in row if text in names and guarded(text) != text}, path


MEMBER_TABLES = {
    "positive/house": IDEAL_POINTS,
    "positive/joint": MEMBER_FIT,
    "positive/senate": CHECK_MEMBERS,
    "positive": LINKED_MEMBERS,
    "baseline": AXIS_MEMBERS,
    "comparison": MEMBERS,
}


@pytest.mark.parametrize("folder", MEMBER_TABLES)
def test_names_are_themselves_again_in_every_reader(ran, folder):
    base, names, _ = ran
    table = MEMBER_TABLES[folder]
    path = base / folder / f"{table.name}.csv"
    read = {
        "for people": read_for_people(table, base / folder)["name"],
        "for steps": table.read(path)["name"],
        "for the page": [row["name"] for row in read_rows(path, table)],
    }
    for reader, found in read.items():
        assert len(set(found)) > 9, reader
        assert set(found) <= names, reader


@pytest.mark.parametrize(
    ("folder", "table", "column"),
    [
        ("positive/house", BILLS, "title"),
        ("positive/senate", ROLLCALL_FIT, "title"),
        ("positive", AXIS_BILLS, "title"),
        ("positive", ANCHORS, "title"),
        ("positive/house", CHECK_ROLLCALLS, "bill"),
        ("comparison", comparison.BILLS, "bill"),
    ],
)
def test_bills_are_themselves_again(ran, folder, table, column):
    base, _, texts = ran
    rows = read_rows(base / folder / f"{table.name}.csv", table)
    for found in (read_for_people(table, base / folder)[column], [row[column] for row in rows]):
        assert len(set(found)) > 1
        assert set(found) <= texts


def test_the_page_shows_them_as_they_are(ran):
    base, names, _ = ran
    shown = {unguarded(row[0]) for row in cells(base / "positive/tables/house-members.csv")[1:]}
    assert len(shown & names) == 22


def test_moves_and_manifests_come_back(tmp_path):
    who = {"chamber": "house", "party": "Democrat", "legislator": HOSTILE, "name": HOSTILE}
    moves = pd.DataFrame(who | {"component": "alpha", "factor": 0.5, "move": -0.5})
    write_moves(moves, tmp_path / "prior_scales.csv")
    assert list(read_for_people(PRIOR_SCALES, tmp_path)["name"]) == HOSTILE
    rows = pd.DataFrame({"kind": "legislator", "id": HOSTILE, "name": HOSTILE, "reason": HOSTILE, "value": -1})
    DROPPED.write(tmp_path / "house_dropped.csv", rows)
    assert [row.name for row in read_dropped([tmp_path / "house_dropped.csv"])["house"]] == HOSTILE


def test_a_guarded_text_is_no_number_in_any_column(tmp_path):
    table = Table("t", "thing", "fit", cols("other what", "text", ""))
    table.write(tmp_path / "t.csv", pd.DataFrame({"other": ["x"], "what": ["-1"]}))
    assert table.read_rows(tmp_path / "t.csv") == [{"other": "x", "what": "-1"}]
    assert list(table.read(tmp_path / "t.csv")["what"]) == ["-1"]
    number = Table("t", "thing", "fit", (*cols("other", "text", ""), *cols("what", "number", "")))
    with pytest.raises(UserError, match="row 2, column 'what': \"'-1\" is not a number"):
        number.read(tmp_path / "t.csv")
