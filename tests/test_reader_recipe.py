"""The recipe of CONTRIBUTING for a reader: its two blocks of code, put into a copy of the package, read a session."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from small import small_chamber

import tallgrass_models
from tallgrass_models.metrics import schema

PACKAGE = Path(tallgrass_models.__file__).parent
RECIPE = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text().partition("## A reader")[2]
WORD = {1: "for", 0: "against", -1: "away"}
CONFIG = """\
sessions: {news: {source: gazette, path: ., name: gazette, min_votes: 3}}
defaults: {chambers: [house], joint: false, sampling: {draws: 60, tune: 80, chains: 2, seed: 3}}
experiments: {own: {}}
"""
MATRIX = """\
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.config.session_files import session_files
from tallgrass_models.votes.session import load_chambers, read_session
session = load_experiments("config.yaml")["own"].session
raw = read_session(session.source, session.options, **session_files(session))
house = load_chambers(raw, "news", ["house"], 0.025, 3)["house"]
print({"y": house.y.tolist(), "ids": list(house.legislators.index), "parties": list(house.parties)})
"""


@pytest.fixture(scope="module")
def votes():
    return small_chamber("house", (9, 12, 1), 24, seed=5, apart=2.5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, votes):
    """A folder with the package, in which the reader is, and a session of the gazette."""
    folder = tmp_path_factory.mktemp("recipe")
    package = folder / "src/tallgrass_models"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    reader, record = (textwrap.dedent(code) for code in re.findall(r" *```python\n(.*?)```", RECIPE, flags=re.DOTALL))
    (package / "votes/readers/gazette.py").write_text(reader)
    with (package / "votes/sources.py").open("a") as sources:
        sources.write(f"\n\n{record}")
    lines = ["chamber|call|member|party|vote"]
    for i, (member, party) in enumerate(zip(votes.legislators.index, votes.legislators.party, strict=True)):
        lines += [f"house|r{j:02d}|{member}|{party[0]}|{WORD[value]}" for j, value in enumerate(votes.y[i].tolist())]
    (folder / "gazette.txt").write_text("\n".join(lines))
    (folder / "config.yaml").write_text(CONFIG)
    return folder


def python(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run Python there with the copied package."""
    env = os.environ | {"PYTHONPATH": str(folder / "src")}
    return subprocess.run([sys.executable, *args], cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_the_recipe_reads_the_matrix_of_a_chamber(folder, votes):
    run = python(folder, "-c", MATRIX)
    assert run.returncode == 0, run.stderr
    found = eval(run.stdout)
    assert np.array_equal(found["y"], votes.y)
    assert found["ids"] == list(votes.legislators.index)
    assert found["parties"] == list(votes.parties)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "house|r00|hou_00|D|for",
            "house|r00|hou_00|D|perhaps",
            r"txt: column vote: row 2 \('perhaps'\): is not for",
        ),
        ("house|r00|hou_00|D|for", "hose|r00|hou_00|D|for", r"row 2 \('hose'\): is not house or senate"),
    ],
)
def test_and_refuses_by_name(folder, old, new, problem):
    text = (folder / "gazette.txt").read_text()
    assert old in text
    (folder / "gazette.txt").write_text(text.replace(old, new))
    try:
        run = python(folder, "-c", MATRIX)
    finally:
        (folder / "gazette.txt").write_text(text)
    assert re.search(rf"UserError: .*{problem}", run.stderr), run.stderr


def test_the_configuration_knows_its_keys(folder):
    (folder / "wrong.yaml").write_text(CONFIG.replace(", name: gazette", ", nam: gazette"))
    run = python(folder, "-m", "tallgrass_models.cli", "validate", "--config", "wrong.yaml")
    assert run.returncode == 2
    assert "unknown key 'nam' (did you mean 'name'?)" in run.stderr
    assert "needs 'name' for source 'gazette'" in run.stderr


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_and_runs_to_its_metrics(folder):
    run = python(folder, "-m", "tallgrass_models.cli", "run", "own", "--config", "config.yaml", "--results", "results")
    assert run.returncode == 0, run.stderr
    found = json.loads((folder / "results/own/metrics.json").read_text())
    schema.check(found)
    assert found["config"]["session"]["source"] == "gazette"
    assert "</b>, the gazette. " in (folder / "results/own/report.html").read_text()
