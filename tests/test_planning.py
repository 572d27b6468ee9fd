"""What the rules ask of the configuration: files by hand for a small one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tallgrass_models.config import planning
from tallgrass_models.config.experiments import ExperimentConfig
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
