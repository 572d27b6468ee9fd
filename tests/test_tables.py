"""The contract of CSV files: what is refused, in which words, and that the docs and the pages keep to it."""

import random
import subprocess
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from comparison_files import fake_comparison
from hypothesis import given
from hypothesis import strategies as st
from report_files import HOUSE, NEUTRAL, edit_csv, outputs, page, read_rows, table_of, write_bare
from statistics_files import fake_everything

from tallgrass_models.errors import UserError
from tallgrass_models.files.columns import comparison, docs, linking, summary
from tallgrass_models.files.columns.common import cols, moments
from tallgrass_models.files.columns.votes import DROPPED
from tallgrass_models.files.tables import Table
from tallgrass_models.report.comparison_page import write_comparison
from tallgrass_models.report.files.records import Bill, DroppedRow, Member, PartyRow

pytestmark = pytest.mark.usefixtures("no_pictures")

ROOT = Path(__file__).parents[1]
ALL = [(room, table) for room, tables in docs.TABLES.items() for table in tables]
SMALL = Table(
    "small",
    "thing",
    "fit",
    (
        *cols("name", "text", "who"),
        *cols("n", "whole", "how many"),
        *cols("x", "number", "where", "m", empty=True),
        *cols("on", "truth", "whether"),
        *cols("day", "date", "when", empty=True),
    ),
)
GOOD = {"name": ["a", "b"], "n": [1, 2], "x": [0.5, np.nan], "on": [True, False], "day": ["2025-02-03", None]}


# --- writing ----------------------------------------------------------------------------------------------------------


def test_a_table_is_written_as_declared_and_comes_back(tmp_path):
    SMALL.write(tmp_path / "small.csv", pd.DataFrame(GOOD))
    assert (tmp_path / "small.csv").read_text() == "name,n,x,on,day\na,1,0.5,True,2025-02-03\nb,2,,False,\n"
    pd.testing.assert_frame_equal(SMALL.read(tmp_path / "small.csv"), pd.DataFrame(GOOD), check_dtype=False)
    assert SMALL.read_rows(tmp_path / "small.csv") == [
        {"name": "a", "n": 1, "x": 0.5, "on": True, "day": "2025-02-03"},
        {"name": "b", "n": 2, "x": None, "on": False, "day": ""},
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"more": [1, 2]}, "not those declared"),
        ({"name": [1, 2]}, "column 'name': 1 is not of kind 'text'"),
        ({"name": ["a", None]}, "column 'name': a value is missing"),
        ({"name": ["a", ""]}, "column 'name': '' counts as empty"),
        ({"n": [1, 2.5]}, "column 'n': 2.5 is not of kind 'whole'"),
        ({"n": [1, np.nan]}, "column 'n': a value is missing"),
        ({"n": [1, np.inf]}, "column 'n': inf counts as empty"),
        ({"x": ["1", "2"]}, "column 'x': '1' is not of kind 'number'"),
        ({"on": [0, 1]}, "column 'on': 0 is not of kind 'truth'"),
        ({"day": [True, True]}, "column 'day': True is not of kind 'date'"),
    ],
)
def test_what_is_not_declared_is_not_written(tmp_path, changes, said):
    with pytest.raises(ValueError, match=said):
        SMALL.write(tmp_path / "small.csv", pd.DataFrame(GOOD | changes))
    with pytest.raises(ValueError, match="not those declared"):
        SMALL.write(tmp_path / "small.csv", pd.DataFrame(GOOD)[["n", "name", "x", "on", "day"]])
    assert not list(tmp_path.iterdir())


def test_a_table_without_rows_has_its_header(tmp_path):
    SMALL.write(tmp_path / "small.csv", pd.DataFrame(columns=SMALL.names))
    assert SMALL.read_rows(tmp_path / "small.csv") == []
    assert list(SMALL.read(tmp_path / "small.csv")) == SMALL.names


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,n,on\na,1,True\n", r": no column x, day"),
        ("name,n,x,on,day\na,1,2,True,\nb,one,2,True,\n", r", row 3, column 'n': 'one' is not a number"),
        ("name,n,x,on,day\na,1.5,2,True,\n", r", row 2, column 'n': '1.5' is not a whole number"),
        ("name,n,x,on,day\na,,2,True,\n", r", row 2, column 'n': is empty"),
        ("name,n,x,on,day\na,nan,2,True,\n", r", row 2, column 'n': 'nan' is not a whole number"),
        ("name,n,x,on,day\n,1,2,True,\n", r", row 2, column 'name': is empty"),
        ("name,n,x,on,day\na,1,2,maybe,\n", r", row 2, column 'on': 'maybe' is neither True nor False"),
        ("name,n,x,on,day\na,1,2\n", r", row 2: 3 cells under 5 columns"),
        ("", r": no column name, n, x, on, day"),
    ],
)
def test_what_is_refused_is_named_with_the_step_to_run(tmp_path, text, said):
    path = tmp_path / "small.csv"
    path.write_text(text)
    for read in (SMALL.read, SMALL.read_rows):
        with pytest.raises(UserError, match=rf"small\.csv{said}; run the step 'fit' again"):
            read(path)


def test_other_columns_and_spreadsheets_are_no_hindrance(tmp_path):
    """A column in front, a mark of byte order, TRUE for True, 2.0 for 2."""
    path = tmp_path / "small.csv"
    path.write_text("mine,day,name,n,x,on\n!,,a,2.0,inf,TRUE\n", encoding="utf-8-sig")
    assert SMALL.read_rows(path) == [{"name": "a", "n": 2, "x": None, "on": True, "day": ""}]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=4))
def test_every_text_comes_back(tmp_path_factory, texts):
    path = tmp_path_factory.getbasetemp() / "texts.csv"
    table = Table("texts", "text", "fit", (*cols("name", "text", ""), *cols("n", "whole", "")))
    table.write(path, pd.DataFrame({"name": texts, "n": range(len(texts))}))
    assert [row["name"] for row in table.read_rows(path)] == texts
    assert list(table.read(path)["name"]) == texts


# --- all tables -------------------------------------------------------------------------------------------------------


def test_names_are_no_more_than_once_in_a_folder_and_a_table():
    where = Counter(("comparison" if room == "comparison" else "", table.name) for room, table in ALL)
    assert set(where.values()) == {1}
    for _, table in ALL:
        assert len(set(table.names)) == len(table.names), table.name


@pytest.mark.parametrize(("room", "table"), ALL, ids=lambda value: getattr(value, "name", value))
def test_an_emptied_cell_is_refused_unless_it_may_be_empty(tmp_path, room, table):
    path = tmp_path / f"{table.name}.csv"
    good = {column.name: NEUTRAL[column.kind] for column in table.columns}
    for column in table.columns:
        write_bare(path, [good, good | {column.name: ""}])
        if column.empty:
            assert table.read_rows(path)[1][column.name] in ("", None)
        else:
            said = f"{table.name}.csv, row 3, column '{column.name}': is empty; run the step '{table.step}' again"
            with pytest.raises(UserError, match=said):
                table.read_rows(path)


@pytest.mark.parametrize(
    ("record", "table"),
    [(Member, summary.IDEAL_POINTS), (Bill, summary.BILLS), (PartyRow, summary.PARTIES), (DroppedRow, DROPPED)],
)
def test_records_of_the_page_are_columns_and_know_which_may_be_empty(record, table):
    declared = {column.name: column for column in table.columns}
    for field in fields(record):
        column = declared[field.name]
        kinds = {"whole": "float", "number": "float", "truth": "bool"}
        assert str(field.type).removesuffix(" | None") == kinds.get(column.kind, "str"), field.name
        if column.empty and column.kind in kinds:
            assert str(field.type).endswith(" | None"), field.name


def emptied(folder: Path, tables: tuple[Table, ...], chance: random.Random, share: float) -> None:
    """Empty that share of the cells that may be empty, in every file of the tables."""
    for path in folder.rglob("*.csv"):
        if table := table_of(path, tables):
            names = [column.name for column in table.columns if column.empty]
            rows = read_rows(path)
            write_bare(path, [row | {name: "" for name in names if chance.random() < share} for row in rows])


TABLES = tuple(table for room, table in ALL if room not in ("comparison", "calibration"))


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_a_page_can_be_made_whatever_is_not_known(tmp_path, share):
    fake_everything(tmp_path, HOUSE)
    emptied(tmp_path, TABLES, random.Random(1), share)
    assert "Findings in full" in page(tmp_path, HOUSE)


SHOWN = (*(table for table in summary.TABLES if table is not summary.CONVERGENCE), *linking.TABLES, DROPPED)


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    return fake_everything(tmp_path_factory.mktemp("everything"), HOUSE)


@pytest.mark.parametrize("table", SHOWN, ids=lambda table: table.name)
def test_a_page_is_not_made_of_an_emptied_cell(everything, table):
    path = next(path for path in everything.rglob("*.csv") if table_of(path, (table,)))
    good = path.read_text(encoding="utf-8")
    for column in (column for column in table.columns if not column.empty):
        edit_csv(path, 0, **{column.name: ""})
        with pytest.raises(UserError, match=rf"{path.name}, row 2, column '{column.name}': is empty; run the step"):
            page(everything, HOUSE)
        path.write_text(good, encoding="utf-8")


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_a_comparison_can_be_made_whatever_is_not_known(tmp_path, share):
    path = fake_comparison(tmp_path)
    emptied(tmp_path, comparison.TABLES, random.Random(1), share)
    write_comparison(path, tmp_path / "report.html", *outputs(tmp_path))


# --- docs and start-up ------------------------------------------------------------------------------------------------


def test_docs_are_up_to_date(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    assert docs.main([]) == 0, capsys.readouterr().out
    pages = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    for room in docs.TABLES:
        assert pages.count(f"<!-- columns: {room} -->") == 1


def test_stale_docs_are_found_and_written(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "docs" / "page.md"
    path.parent.mkdir()
    path.write_text("Before\n<!-- columns: calibration -->\nold\n<!-- end of columns -->\nafter\n")
    assert docs.main([]) == 1
    assert "not up to date" in capsys.readouterr().out
    assert docs.main(["--fix"]) == docs.main([]) == 0
    text = path.read_text()
    assert text.startswith("Before\n<!-- columns: calibration -->\n")
    assert text.endswith("<!-- end of columns -->\nafter\n")
    assert "| `covered` | number |  | share of the 90 % intervals that hold the truth |" in text


def test_neighbours_of_one_meaning_share_a_line(monkeypatch):
    table = Table("t", "thing", "fit", moments("place", "where", "m", "mean sd", empty=True), file="`a.csv` or `b.csv`")
    monkeypatch.setitem(docs.TABLES, "calibration", (table,))
    text = docs.up_to_date("<!-- columns: calibration -->\n<!-- end of columns -->")
    assert "**`a.csv` or `b.csv`** (step `fit`): a row per thing." in text
    assert "| `place_mean`, `place_sd` | number, or empty | m | where |" in text


def test_declarations_need_no_pandas():
    code = "import sys; from tallgrass_models.files.columns import docs; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
