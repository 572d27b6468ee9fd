"""The benchmarks run: on votes and with draws so few that they measure nothing."""

import sys
from pathlib import Path

import pytest
from small import small_chamber

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
