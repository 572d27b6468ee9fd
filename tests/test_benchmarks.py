"""The benchmarks run: on votes and with draws so few that they measure nothing."""

import csv
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from comparison_files import fake_comparison
from small import small_chamber
from test_folds_workflow import write_held_out

from tallgrass_models.config.sampling import SamplingConfig

SHORT = SamplingConfig(draws=600, tune=60, chains=2)


@pytest.fixture
def benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "benchmarks")
    import run

    yield run
    for name in ("run", "contenders", "cost", "sessions"):
        sys.modules.pop(name, None)


def test_rows_and_page(benchmarks, tmp_path):
    found = benchmarks.contenders.ours(small_chamber(), SHORT)
    assert 0 < found.cpu_s < 60
    cells = benchmarks.row("a House", "this package", found, found).split(" | ")
    assert cells[2] == "2 x (60 + 600)"
    assert cells[-1] == "1.0 |"  # as fast as itself
    left_open = replace(SHORT, draws="enough", most_draws=250)
    assert benchmarks.contenders.ours(small_chamber(), left_open).draws == "2 x (60 + 250)"
    page = tmp_path / "page.md"
    page.write_text("By hand.\n" + benchmarks.MARK)
    for part, text in (("priors", "old"), ("cost", "cheap"), ("priors", "new")):
        benchmarks.write_part(page, part, [text])
    lines = [line for line in page.read_text().splitlines() if line]
    assert lines[0] == "By hand."
    assert lines[2:] == [f"### {benchmarks.TITLES['cost']}", "cheap", f"### {benchmarks.TITLES['priors']}", "new"]


def test_the_mild_house_is_as_described(benchmarks):
    votes = benchmarks.sessions.mild_house()
    assert votes.n_legislators == 130
    assert 270 <= votes.n_votes <= 295
    assert (votes.y < 0).mean() == pytest.approx(0.08, abs=0.01)


def test_a_comparison_is_repeated_until_it_has_enough_variants(monkeypatch, tmp_path):
    pytest.importorskip("playwright.sync_api")
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "benchmarks")
    import pages

    (tmp_path / "comparison").mkdir()
    fake_comparison(tmp_path / "comparison")  # of four experiments, two of them references
    page = pages.comparison_page(tmp_path / "comparison", 7, tmp_path / "out")
    html = page.read_text(encoding="utf-8")
    assert "7 experiments" in html
    names = ["positive_beta", "tight", "positive_beta_2", "tight_2", "positive_beta_3"]
    with (page.parent / "comparison" / "agreement.csv").open(encoding="utf-8", newline="") as file:
        assert [row["experiment"] for row in csv.DictReader(file)] == names
    assert pages.Measured(2_300_000, 400_000, 12_345, 23_456, 1.26).row("a page") == (
        "| a page | 2.3 | 0.4 | 12,345 | 23,456 | 1.3 |"
    )


def test_the_ladder_in_markdown(monkeypatch, tmp_path, capsys):
    """Of two experiments on the same votes, whose lower rung stands there once."""
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "benchmarks")
    import ladder

    for name, kind in (("one", "flat"), ("two", "chamber")):
        (tmp_path / name).mkdir()
        write_held_out(tmp_path / name, name=name, kinds=("flat", kind))
    ladder.main(["one", "two", "--results", str(tmp_path)])
    rows = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines()]
    assert [row[:3] for row in rows[2:]] == [
        ["demo", "House", "party alone"],
        ["demo", "House", "flat"],
        ["demo", "House", "chamber, two"],
    ]
    assert rows[3][3:7] == ["**−0.2231 (0.0000)**", "100.00\xa0%", "–", "–"]  # each vote got 0.8
    assert rows[4][5:] == ["0.0 (0.0 to 0.0)", "0.0000 (0.0000 to 0.0000)", "2 of 2", "4 s"]
