"""The comparison page: session by session, its numbers against the tables, what is withheld, missing or hostile."""

import csv
import json
import random
from itertools import pairwise
from pathlib import Path
from typing import get_type_hints

import pytest
from comparison_files import fake_comparison, held_out
from report_files import HOSTILE, Tree, read_rows, write_bare

from tallgrass_models.comparison import schema
from tallgrass_models.errors import UserError
from tallgrass_models.files.columns.comparison import PREDICTIVE, TABLES
from tallgrass_models.report.comparison_page import write_comparison
from tallgrass_models.report.files.comparison import ROWS
from tallgrass_models.report.page.parts import Value
from tallgrass_models.report.page.slopes import spread
from tallgrass_models.report.sections.comparison_tables import apart
from tallgrass_models.report.sections.comparison_wide import by_variant, largest, variant_columns

pytestmark = pytest.mark.usefixtures("no_pictures")


def page(folder: Path) -> str:
    out = folder / "report.html"
    write_comparison(folder / "comparison.json", out, folder / "figures", folder / "tables")
    return out.read_text(encoding="utf-8")


def change(folder: Path, **changed: object) -> None:
    path = folder / "comparison.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | changed), encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fake_comparison(tmp_path_factory.mktemp("comparison")).parent


@pytest.fixture(scope="module")
def html(folder: Path) -> str:
    return page(folder)


def test_the_made_up_comparison_is_as_ours_are(folder: Path) -> None:
    schema.check(json.loads((folder / "comparison.json").read_text(encoding="utf-8")))


def test_rows_are_typed_by_columns_that_there_are() -> None:
    """The page's records name columns of the tables, and say of each whether it may be empty."""
    kinds = {"text": str, "word": str, "whole": float, "number": float, "truth": bool}
    assert {table.name for table in ROWS} == {table.name for table in TABLES} - {"configuration"}
    for table, record in ROWS.items():
        columns = {column.name: column for column in table.columns}
        for name, hint in get_type_hints(record).items():
            column = columns[name]
            expected = kinds[column.kind]
            assert hint in (expected, expected | None), f"{table.name}.{name}"
            assert not column.empty or hint == expected | None, f"{table.name}.{name} may be empty"


def test_a_session_begins_with_its_answer(html: str) -> None:
    text = " ".join(Tree(html).text["session-demo"].split())
    assert text.startswith(
        "The demo Does the answer depend on the prior? Yes: members stand in another order under positive_beta."
    )
    assert text.index("Each line is a member") < text.index(
        "positive_beta and baseline put members in different orders"
    )


def test_a_session_of_one_experiment_says_so(html: str) -> None:
    assert " ".join(Tree(html).text["session-us"].split()) == "The Congress Nothing else."


def test_a_verdict_shows_five_reasons_and_folds_the_rest(html: str) -> None:
    before, _, after = html.partition("<summary>More on positive_beta</summary>")
    assert before.rstrip().endswith("<details>")
    assert "<li>Reason 5.</li>" in before
    assert "Reason 6" not in before
    folded = after.partition("</details>")[0]
    assert [f"<li>{text}</li>" in folded for text in ("Reason 6.", "Reason 7.", "positive_beta has the same filters.")]


def test_no_name_of_an_experiment_is_capitalised(html: str) -> None:
    assert "Positive_beta" not in html
    assert "tight/house" not in html


def test_chambers_have_the_names_of_the_session(html: str) -> None:
    tables = Tree(html).tables
    assert tables["session-demo-agreement"][1][1:3] == ["Assembly", "Assembly"]
    assert "Assembly. Each line is a member" in html


def test_rows_of_a_fit_that_cannot_be_read_are_withheld(folder: Path, html: str) -> None:
    tables, tree = Tree(html).tables, Tree(html)
    rows = {row["experiment"] for row in read_rows(folder / "members.csv")}
    assert rows == {"positive_beta", "tight"}
    for name in ("movers-all", "movers-most", "drivers", "bills-all", "agreement"):
        assert {"tight"} & {cell for row in tables[f"session-demo-{name}"] for cell in row} == set(), name
    text = " ".join(tree.text["session-demo"].split())
    assert "tight" not in {row[0] for row in tables["session-demo-parties-table"]}
    left_out = "Left out of the tables and pictures of members, parties and bills:"
    assert f"{left_out} The fit of the House in tight has not converged." in text
    assert "Not compared, for reasons that are given below: tight." in text


def test_settings_that_differ_stand_side_by_side(html: str) -> None:
    assert Tree(html).tables["session-demo-configuration"] == [
        ["Setting", "baseline", "positive_beta", "tight"],
        ["beta_prior", "normal(0, 1)", "lognormal(0, 0.5)", "normal(0, 0.1)"],
    ]


def test_what_variants_with_other_filters_have_in_common(html: str) -> None:
    assert Tree(html).tables["session-demo-common"][1] == [
        *("tight", "baseline", "Assembly"),
        *("19", "20", "21", "11", "12", "13", "2,000", "2,100", "2,300"),
    ]


def test_tables_hold_the_numbers_of_the_files(folder: Path, html: str) -> None:
    tables = {name.removeprefix("session-demo-"): rows for name, rows in Tree(html).tables.items()}
    members = [row for row in read_rows(folder / "members.csv") if row["experiment"] == "positive_beta"]
    members.sort(key=lambda row: -abs(float(row["rank_change"])))
    assert [row[0] for row in tables["movers-all"][1:]] == [m["name"] for m in members]
    assert [row[0] for row in tables["movers-most"][1:]] == [m["name"] for m in members[:10]]
    moves = [f"{float(m['move_sd']):+.2f}".replace("-", "−") for m in members[:10]]
    assert [row[6] for row in tables["movers-most"][1:]] == moves
    ranks = [f"{m['rank']} ({m['rank_q05']}–{m['rank_q95']})" for m in members]
    assert [row[-1] for row in tables["movers-all"][1:]] == ranks
    assert tables["movers-all"][0][-1] == "positive_beta"
    bills = [row for row in read_rows(folder / "bills.csv") if row["experiment"] == "positive_beta"]
    changed = [row["bill"] for row in bills if row["reversed"] == "True"]
    assert sorted(row[0] for row in tables["bills-reversed"][1:]) == sorted(changed)
    assert [row[4] for row in tables["agreement"][1:]] == ["positive_beta"]
    assert tables["parties-table"][1][5:9] == ["−1.00", "0.90 to 1.10", "0.40", "0.30 to 0.50"]
    assert tables["predictive"][1][-8:] == [
        *("33,506", "93.1 %", "93.0 %", "0.844", "0.843", "−41.50", "9.25", "worse"),
    ]
    assert tables["predictive-member"][1] == [
        *("Ann Smith", "● Democrat", "Assembly", "Assembly", "9", "−3.00 ± 1.00"),
    ]
    assert tables["sensitivity-table"][1][-3:] == ["beta", "0.120", "prior-data conflict"]
    assert tables["cost-table"][1][-4:] == ["7.5", "120,000", "164.5", "97.2"]
    converged = {row[0]: row[2] for row in tables["cost-table"][1:] if row[1] == "House"}
    assert converged == {"baseline": "✓", "positive_beta": "✓", "tight": "✗ not converged", "elsewhere": "✓"}
    states = [row[-1] for row in tables["experiments"][1:]]
    assert states == ["✓", "✓", "The fit of the House in tight has not converged.", "✓"]


def test_rows_of_members_have_their_ids(folder: Path, html: str) -> None:
    with (folder / "tables" / "session-demo-movers-all.csv").open(encoding="utf-8", newline="") as handle:
        found = {row["name"]: row["legislator"] for row in csv.DictReader(handle)}
    assert found == {row["name"]: row["legislator"] for row in read_rows(folder / "members.csv")}


def test_every_table_and_picture_is_a_file_too(folder: Path, html: str) -> None:
    tree = Tree(html)
    assert {path.stem for path in (folder / "tables").iterdir()} == set(tree.tables)
    figures = {attrs["id"] for tag, attrs in tree.tags if tag == "figure"}
    assert {path.stem for path in (folder / "figures").iterdir()} == figures
    with (folder / "tables" / "session-demo-shares-table.csv").open(encoding="utf-8", newline="") as handle:
        row = next(csv.DictReader(handle))
    assert (row["experiment"], row["share_mean"], row["share_q95"]) == ("baseline", "0.9", "0.92")


def test_a_variant_has_one_picture_of_its_own_at_most(folder: Path) -> None:
    pairs = [path.stem for path in (folder / "figures").iterdir() if path.stem.startswith("pair-")]
    assert pairs == ["pair-positive_beta-house-bills"]


@pytest.mark.usefixtures("pictures")
def test_many_variants_are_a_matrix(tmp_path: Path) -> None:
    path = fake_comparison(tmp_path)
    content = json.loads(path.read_text(encoding="utf-8"))
    rows = [row for row in read_rows(tmp_path / "members.csv") if row["experiment"] == "positive_beta"]
    names, first = [f"v{k}" for k in range(5)], content["verdict"][0]
    write_bare(tmp_path / "members.csv", [{**row, "experiment": name} for name in names for row in rows])
    content["verdict"] = [{**first, "experiment": name} for name in names]
    content["groups"][0]["experiments"] = ["baseline", *names]
    path.write_text(json.dumps(content), encoding="utf-8")
    html = page(tmp_path)
    assert "Change of rank against baseline of the 20 members who move furthest" in html
    svg = (tmp_path / "figures" / "session-demo-ranks-house.svg").read_text(encoding="utf-8")
    assert svg.count(">−19<") == svg.count(">+19<") == 5


def test_names_beside_lines_are_apart() -> None:
    assert spread([1, 1, 1], 2, 10) == [1, 3, 5]
    assert spread([9, 10, 10], 2, 10) == [6, 8, 10]
    assert spread([], 2, 10) == []
    values = sorted(random.Random(3).uniform(1, 80) for _ in range(8))
    found = spread(values, 3, 80)
    assert all(b - a >= 3 - 1e-9 for a, b in pairwise(found))
    assert found[-1] <= 80


def test_missing_and_empty_tables_say_so(tmp_path: Path) -> None:
    fake_comparison(tmp_path)
    for path in tmp_path.glob("*.csv"):
        path.unlink()
    (tmp_path / "predictive.csv").write_text(",".join(PREDICTIVE.names) + "\n", encoding="utf-8")  # only its header
    text = Tree(page(tmp_path)).text
    for name in ("agreement", "drivers", "shares", "parties", "bills", "held_out_differences", "sensitivity"):
        assert f"({name}.csv" in text["session-demo"]
    assert "(members.csv)" in text["session-demo"]
    assert "(cost.csv)" in text["all"]
    assert "No variant’s prediction can be relied on" in text["session-demo"]


def test_a_lone_experiment_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    fake_comparison(tmp_path)
    nothing = {"ladders": [], "pairs": [], "notes": {}}
    change(tmp_path, verdict=[], configuration=[], common=[], held_out=nothing)
    tree = Tree(page(tmp_path))
    assert " ".join(tree.text["session-demo"].split()) == "The demo Like with like."
    assert "session-demo-common" not in tree.tables


def test_variants_with_equal_settings_say_so(tmp_path: Path) -> None:
    fake_comparison(tmp_path)
    change(tmp_path, configuration=[])
    assert "All settings are the same." in Tree(page(tmp_path)).text["session-demo"]


def test_a_file_of_another_version_is_named(tmp_path: Path) -> None:
    path = fake_comparison(tmp_path)
    rows = [
        {key: value for key, value in row.items() if key != "move_sd"} for row in read_rows(tmp_path / "members.csv")
    ]
    write_bare(tmp_path / "members.csv", rows)
    with pytest.raises(UserError, match=r"members\.csv: no column move_sd; run the step 'compare' again"):
        page(tmp_path)
    change(tmp_path, schema_version=1)
    with pytest.raises(UserError, match=r"comparison\.json: of another version; run the step 'compare' again"):
        page(tmp_path)
    path.unlink()
    with pytest.raises(UserError, match=r"comparison\.json: no such file"):
        page(tmp_path)


def test_hostile_names_render_inert(tmp_path: Path, html: str) -> None:
    usual = Tree(html)
    text = " ".join(HOSTILE).replace("\x00", "")
    fake_comparison(tmp_path, name=text, title=text)
    seen = Tree(page(tmp_path))
    assert {tag for tag, _ in seen.tags} <= {tag for tag, _ in usual.tags}
    assert {key for _, attrs in seen.tags for key in attrs} <= {key for _, attrs in usual.tags for key in attrs}


def test_page_is_the_same_every_time(folder: Path, html: str) -> None:
    assert page(folder) == html


def test_a_row_for_each_and_a_column_for_each_variant() -> None:
    rows = [
        {"unit": "house", "vote": "v1", "experiment": "a", "change": -3.0},
        {"unit": "house", "vote": "v1", "experiment": "b", "change": 2.0},
        {"unit": "house", "vote": "v2", "experiment": "b", "change": None},
    ]
    wide = by_variant(rows, ("unit", "vote"))
    assert [(row["vote"], list(row["variants"])) for row in wide] == [("v1", ["a", "b"]), ("v2", ["b"])]
    assert [largest(row, "change") for row in wide] == [3.0, 0.0]
    shown = [
        *variant_columns(["a", "b"], "x", ("change", "vote"), lambda *values: Value(str(values[0]), values), ("c", "v"))
    ]
    assert [field.column.names for field in shown] == [("x_a_c", "x_a_v"), ("x_b_c", "x_b_v")]
    assert [field.cell(wide[1]).raws for field in shown] == [(None, None), (None, "v2")]


def test_points_that_cover_each_other_are_drawn_once() -> None:
    at = [(0.0, 0.0), (0.001, 0.001), (1.0, 1.0), (0.5, -1.0)]
    rows = [{"discrimination_reference": x, "discrimination": y, "vote": str(k)} for k, (x, y) in enumerate(at)]
    assert [row["vote"] for row in apart(rows)] == ["0", "2", "3"]


def test_held_out_roll_calls(tmp_path: Path) -> None:
    """Ladders of votes and of roll calls are tables of their own, and what the numbers are is said beside them."""
    fake_comparison(tmp_path)
    found = held_out(of="roll_calls")
    found["ladders"].append(held_out()["ladders"][1] | {"experiment": "tight"})
    change(tmp_path, held_out=found)
    tree = Tree(page(tmp_path))
    whole, votes = (tree.tables[f"session-demo-held-out-house{end}"] for end in ("-roll-calls", ""))
    assert [row[1] for row in whole[1:]] == ["any", "any", "baseline", "positive_beta"]
    assert [row[1] for row in votes[1:]] == ["any", "any", "tight"]
    text = " ".join(tree.text["session-demo"].split())
    assert "Of 50 fits of folds, 48 passed every gate." in text  # of the flat model 10 of votes and 10 of roll calls
    assert "The log score is that of all votes of a roll call together, divided by their number." in text
    assert "difference of the log score per vote, given the other votes of its roll call, under every variant" in text


def test_held_out_votes(tmp_path: Path) -> None:
    """One ladder for all experiments of the session: what does not depend on the experiment is there once."""
    fake_comparison(tmp_path)
    tree = Tree(page(tmp_path))
    ladder = tree.tables["session-demo-held-out-house"]
    assert [row[:2] for row in ladder[1:]] == [
        ["Party alone", "any"],
        ["Flat model", "any"],
        ["Chamber model", "baseline"],
        ["Chamber model", "positive_beta"],
    ]
    assert [row[8] for row in ladder[1:]] == ["nothing is fitted", "10 of 10", "10 of 10", "9 of 10"]
    text = " ".join(tree.text["session-demo"].split())
    assert "Of 30 fits of folds, 29 passed every gate." in text  # 10 flat ones, and 10 of either experiment
    assert "On 3,000 votes, positive_beta calls fewer right." in text
    assert "tight and baseline do not hold out the same votes of the House." in text
    pair = tree.tables["session-demo-held-out-pairs"][1]
    assert pair[4:6] == ["−12.0", "−15.3 to −8.7"]
    assert "session-demo-held-out-by-member" in tree.tables
