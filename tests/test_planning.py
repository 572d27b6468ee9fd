"""What the rules ask of the configuration: files by hand for a small one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tallgrass_models.config import planning
from tallgrass_models.config.experiments import _RESERVED, ExperimentConfig
from tallgrass_models.config.joint import JointConfig
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.monitoring import platform

SESSION = SessionConfig("demo")
BOTH = ExperimentConfig("both", session=SESSION, joint=JointConfig(), compare_with="senators")
SENATORS = ExperimentConfig("senators", session=SESSION.with_filters(min_votes=5), chambers=("senate",))
OURS = ExperimentConfig("ours", session=SessionConfig("ks", "tallgrass", path="csv", stem="ks"))
EXPERIMENTS = {e.name: e for e in (BOTH, SENATORS, OURS)}


def test_files_of_what_was_fitted():
    assert planning.unit_files(BOTH, "a.csv") == [f"results/both/{unit}/a.csv" for unit in ("house", "senate", "joint")]
    assert planning.unit_files(SENATORS, "a.csv") == ["results/senators/senate/a.csv"]


def test_files_of_votes():
    both = ["results/sessions/demo/house.nc", "results/sessions/demo/senate.nc"]
    assert planning.vote_files(BOTH) == both
    assert planning.vote_files(BOTH, "joint") == both
    assert planning.vote_files(BOTH, "senate") == both[1:]
    assert planning.vote_files(BOTH, "house", "flat_{chamber}.nc") == ["results/sessions/demo/flat_house.nc"]
    filtered = ["results/sessions/demo/minority_0.025_votes_5/senate_dropped.csv"]
    assert planning.vote_files(SENATORS, name="{chamber}_dropped.csv") == filtered


def test_truth_is_there_of_simulated_sessions_only():
    folder = "results/sessions/demo/source"
    assert planning.truth_files(SESSION) == [f"{folder}/demo_truth_legislators.csv"]
    assert planning.truth_files(OURS.session) == []


def test_tables_of_the_one_compared_with_are_of_units_that_both_have():
    assert planning.tables_compared_with(EXPERIMENTS, "both", "bills.csv") == ["results/senators/senate/bills.csv"]
    assert planning.tables_compared_with(EXPERIMENTS, "senators", "bills.csv") == []


@pytest.mark.parametrize(("cpus", "threads"), [(2, 2), (64, 4), (None, 1)])
def test_a_fit_takes_no_more_threads_than_there_are(monkeypatch, cpus, threads):
    monkeypatch.setattr(os, "cpu_count", lambda: cpus)
    assert planning.chains_at_once(SamplingConfig(chains=4)) == threads
    assert planning.chains_at_once(SamplingConfig(chains=4), here=False) == 4


def test_many_names_are_a_short_constraint_and_few_are_listed():
    few, many = ["one", "other"], [f"v{i:04d}" for i in range(1000)]
    assert planning.constraint(few, planning.ANY_EXPERIMENT) == "one|other"
    assert planning.constraint(many, planning.ANY_EXPERIMENT) == planning.ANY_EXPERIMENT
    short_of_one = planning.constraint(many[1:], planning.ANY_EXPERIMENT, many)
    assert re.fullmatch(short_of_one, "v0001")
    assert not re.fullmatch(short_of_one, "v0000")
    assert not re.fullmatch(planning.constraint([], planning.ANY_EXPERIMENT), "")


@pytest.mark.parametrize(
    ("pattern", "path", "votes"),
    [
        (planning.ANY_EXPERIMENT, "results/sweep_12/report.html", "sweep_12"),
        (planning.ANY_EXPERIMENT, "results/comparisons/report.html", "comparisons"),
        *((planning.ANY_EXPERIMENT, f"results/{name}/report.html", None) for name in _RESERVED),
        (planning.ANY_VOTES, "results/sessions/ks-91/report.html", None),
    ],
)
def test_a_short_constraint_takes_no_folder_of_another_use(pattern, path, votes):
    found = re.fullmatch(f"results/(?P<name>{pattern})/report\\.html", path)
    assert (found and found["name"]) == votes


@pytest.mark.parametrize(
    "session", [SESSION, SENATORS.session, SESSION.varied({}, {"passage_only": True, "from": "2017-01-01"})]
)
def test_every_folder_of_votes_fits_the_short_constraint(session):
    found = re.fullmatch(
        f"results/sessions/(?P<votes>{planning.ANY_VOTES})/house.nc",
        planning.vote_files(ExperimentConfig("x", session=session))[0],
    )
    assert found
    assert found["votes"] == session.folder


def test_each_line_of_a_message_is_an_error():
    assert planning.as_errors(ValueError("a\nb")) == "Error: a\nError: b"


def test_what_makes_a_sweep_pointless(monkeypatch):
    largest = SamplingConfig(chains=4, draws=100)
    monkeypatch.setattr(platform, "memory_gb", lambda: 64.0)
    assert platform.sweep_problems(largest, ()) == ""
    monkeypatch.setattr(platform, "memory_gb", lambda: 0.5)
    assert platform.sweep_problems(largest, ()) == "platform check: only 0.5 GB of memory; a fit needs 1 GB"
    assert platform.sweep_problems(largest, ["memory"]) == ""


def test_the_snakefile_needs_pyyaml_alone():
    """What it imports, in a Python that sees nothing installed but PyYAML (`-S` leaves out site-packages)."""
    import yaml

    src = Path(planning.__file__).parents[2]
    script = (
        f"import sys, types; sys.path.insert(0, {str(src)!r})\n"
        f"import importlib.util as u; spec = u.spec_from_file_location('yaml', {yaml.__file__!r})\n"
        "sys.modules['yaml'] = m = u.module_from_spec(spec); spec.loader.exec_module(m)\n"
        "from tallgrass_models.config import planning, snakemake_internals, specs\n"
        "from tallgrass_models.config.reading import load_experiments\n"
        "print(*(m for m in ('numpy', 'pandas', 'snakemake') if m in sys.modules))\n"
    )
    run = subprocess.run([sys.executable, "-IS", "-c", script], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, ""), run.stderr
