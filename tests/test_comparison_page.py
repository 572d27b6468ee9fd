"""The comparison page: its numbers against the tables, what is missing, what is hostile."""

import csv
import json
from pathlib import Path

import pytest
from comparison_files import fake_comparison
from report_files import HOSTILE, Tree, read_rows, write_bare

from tallgrass_models.errors import UserError
from tallgrass_models.files.columns.comparison import PREDICTIVE
from tallgrass_models.report.comparison_page import write_comparison


def page(folder: Path) -> str:
    out = folder / "report.html"
    write_comparison(folder / "comparison.json", out, folder / "figures", folder / "tables")
    return out.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fake_comparison(tmp_path_factory.mktemp("comparison")).parent


@pytest.fixture(scope="module")
def html(folder: Path) -> str:
    return page(folder)


def test_the_verdict_comes_first_with_its_reasons(html: str) -> None:
    text = " ".join(Tree(html).text["verdict"].split())
    assert text.startswith("The verdict Not converged: tight. Do not rely on what the page says of them")
    assert "positive_beta compared with baseline The conclusion depends on the choice" in text
    assert "House: rank correlation 0.843." in text


def test_settings_that_differ_stand_side_by_side(html: str) -> None:
    assert Tree(html).tables["configuration"] == [
        ["Setting", "baseline", "positive_beta", "tight", "elsewhere"],
        ["beta_prior", "normal(0, 1)", "lognormal(0, 0.5)", "normal(0, 0.1)", "normal(0, 1)"],
    ]


def test_what_variants_with_other_filters_have_in_common(html: str) -> None:
    assert Tree(html).tables["common"][1] == [
        *("tight", "baseline", "House"),
        *("19", "20", "21", "11", "12", "13", "2,000", "2,100", "2,300"),
    ]


def test_tables_hold_the_numbers_of_the_files(folder: Path, html: str) -> None:
    tables = Tree(html).tables
    members = sorted(read_rows(folder / "members.csv"), key=lambda r: -abs(float(r["move_sd"])))
    assert [row[0] for row in tables["movers-all"][1:]] == [m["name"] for m in members]
    assert [row[0] for row in tables["movers-most"][1:]] == [m["name"] for m in members[:10]]
    moves = [f"{float(m['move_sd']):+.2f}".replace("-", "−") for m in members]
    assert [row[6] for row in tables["movers-all"][1:]] == moves
    changed = [b["bill"] for b in read_rows(folder / "bills.csv") if b["reversed"] == "True"]
    assert sorted(row[0] for row in tables["bills-reversed"][1:]) == sorted(changed)
    assert [row[5] for row in tables["agreement-table"][1:]] == ["positive_beta", "no"]
    assert tables["parties-table"][1][5:9] == ["−1.00", "0.90 to 1.10", "0.40", "0.30 to 0.50"]
    assert tables["predictive-table"][1][-3:] == ["33,506", "−41.50", "9.25"]
    assert tables["predictive-member"][1] == [
        "Ann Smith",
        "● Democrat",
        "House",
        "positive_beta",
        "House",
        "baseline",
        "−3.00",
        "1.00",
    ]
    assert tables["sensitivity-table"][1][-3:] == ["beta", "0.120", "prior-data conflict"]
    assert tables["cost-table"][1][-4:] == ["7.5", "120,000", "164.5", "97.2"]


def test_every_table_and_picture_is_a_file_too(folder: Path, html: str) -> None:
    tree = Tree(html)
    assert {path.stem for path in (folder / "tables").iterdir()} == set(tree.tables)
    figures = {attrs["id"] for tag, attrs in tree.tags if tag == "figure"}
    assert {path.stem for path in (folder / "figures").iterdir()} == figures
    with (folder / "tables" / "shares-table.csv").open(encoding="utf-8", newline="") as handle:
        row = next(csv.DictReader(handle))
    assert (row["experiment"], row["share_mean"], row["share_q95"]) == ("baseline", "0.9", "0.92")


def test_missing_and_empty_tables_say_so(tmp_path: Path) -> None:
    fake_comparison(tmp_path)
    for path in tmp_path.glob("*.csv"):
        path.unlink()
    (tmp_path / "predictive.csv").write_text(",".join(PREDICTIVE.names) + "\n", encoding="utf-8")  # only its header
    text = Tree(page(tmp_path)).text
    for section, name in {
        "cost": "cost",
        "points": "agreement",
        "parties": "shares",
        "bills": "bills",
        "predictive": "predictive",
        "sensitivity": "sensitivity",
    }.items():
        assert f"({name}.csv)" in text[section]


def test_a_lone_experiment_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    path = fake_comparison(tmp_path)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | {"verdict": [], "configuration": [], "common": []}), encoding="utf-8")
    tree = Tree(page(tmp_path))
    assert "common" not in tree.tables
    text = tree.text
    assert "No session has two experiments to compare" in text["verdict"]
    assert "All settings are the same." in text["variants"]


def test_a_file_of_another_version_is_named(tmp_path: Path) -> None:
    path = fake_comparison(tmp_path)
    rows = [
        {key: value for key, value in row.items() if key != "move_sd"} for row in read_rows(tmp_path / "members.csv")
    ]
    write_bare(tmp_path / "members.csv", rows)
    with pytest.raises(UserError, match=r"members\.csv: no column move_sd; run the step 'compare' again"):
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
