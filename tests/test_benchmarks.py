"""The benchmarks run: on votes and with draws so few that they measure nothing."""

import csv
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
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


def test_gradients_are_counted(benchmarks, monkeypatch):
    import gradients

    config = SamplingConfig(draws=40, tune=60, chains=2)
    found = gradients.count(gradients.build_chamber(small_chamber()), config)
    assert found.n_draws == 80
    assert found.drawing >= 80
    assert found.tuning >= 120  # each draw takes a gradient at least
    assert found.block in {"xi", "mu_party", "sigma_within", "alpha", "beta"}
    assert found.row("a House").startswith("| a House | ")
    for divergences, verdict in ((0, "passed |"), (1, "MISSED |")):
        judged = replace(found, ess=500, tail_ess=500, rhat=1.0, divergences=divergences).row("")
        assert judged.split(" | ")[-3::2] == [str(divergences), verdict]
    assert gradients.HEAD.count("|") == gradients.RULE.count("|") == found.row("a House").count("|")
    for data, n_fits in (("/nowhere", 72), ("", 48)):
        monkeypatch.setenv("TALLGRASS_REAL_DATA", data)
        names = [name for name, _ in gradients.fits(Path("/nowhere"))]
        assert len(set(names)) == len(names) == n_fits
    sys.modules.pop("gradients")


@pytest.fixture
def over_time(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "benchmarks")
    import over_time

    return over_time


def test_rungs_are_held_against_known_careers(over_time):
    """Draws about the truth on any scale hit everything; those that are off in one session miss there."""
    design = replace(over_time.Design(), members=20, rollcalls=30)
    own = over_time.draw(design, 0.1, 3)
    converts = list(design.converts)
    assert all((who[converts] == converts).all() for who in own.person)
    turned = [abs(own.x[2][one]) - abs(own.x[1][one]) for one in converts]
    assert np.mean(turned) < -0.5
    assert len(set(own.person[0]) & set(own.person[-1])) < 20
    rng = np.random.default_rng(1)
    half = np.diff([own.x[0][own.party == p].mean() for p in (0, 1)])[0] / 2
    off = [0.0, 0.0, 0.3 * half, 0.0, 0.0]
    for shift, missed in (([0.0] * 5, 0), (off, 1)):
        xi = [7 - 2 * (x + by + 0.05 * rng.normal(size=(400, 20))) for x, by in zip(own.x, shift, strict=True)]
        found = over_time.score(design, own, over_time.in_one_fit(own, xi, np.ones((400, 2))))
        assert found.member_hits.sum() == 20 * (4 - missed)
        assert found.party_hits.sum() == 2 * (4 - missed)
        assert found.convert_hits.tolist() == [missed == 0] * 2 + [True] * 4
        np.testing.assert_allclose(found.members.reshape(4, 20).mean(1), [0, 0.3 * missed, 0, 0], atol=0.02)
        np.testing.assert_allclose(found.widths, 2 * 1.645 * 0.05 / half, rtol=0.3)


def test_a_row_of_the_study_over_time(over_time):
    errors, hits = np.array([0.3, -0.4]), np.array([True, False])
    one = over_time.Scores(errors, hits, np.array([1.0, 2.0]), errors / 10, hits, hits)
    two = replace(one, member_hits=np.array([True, True]))
    assert over_time.row(0.08, "link", [one, two], [3.0, 4.0]) == (
        "| 0.08 | link | 75.0% (25.0%) | 0.354 | 1.50 | 2 of 4 | 0.035 | 2 of 4 | 4 s | 2 |"
    )
    assert over_time.row(0.2, "link", [], []).count("|") == len(over_time.HEAD) + 1


@pytest.mark.slow
def test_the_study_over_time_prints_a_row_for_each_rung(over_time, capsys, monkeypatch):
    monkeypatch.setattr(over_time, "mixing_of", lambda xi, diverging: {"counted": np.isfinite(xi).all()})
    design = over_time.Design(sessions=2, members=16, rollcalls=30, converts=(2,), draws=100)
    over_time.table(design, 1, (0.1,))
    rows = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines()]
    assert [row[:2] for row in rows[2:]] == [["0.1", name] for name in over_time.RUNGS]
    assert all(row[-1] == "1" and row[5].endswith("of 2") for row in rows[2:])
