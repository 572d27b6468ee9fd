# ruff: noqa: F811 -- fixtures of another module are arguments here
"""The check of the machine: before the votes are made or read on every road, and no reason to run anything again."""

import json
import os
import re

import pytest
from test_workflow import (
    FITS,
    LOAD,
    POSITIVE,
    SESSION_CHECK,
    append,
    compared,
    copy_repository,
    edit_config,
    finished,  # noqa: F401
    planned,
    python,  # noqa: F401
    ran,  # noqa: F401
    replace,
    snakemake,  # noqa: F401
    together,
    trace,
)

from tallgrass_models import cli
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.planning import largest_sampling
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.sessions import SessionConfig

SESSION = "results/sessions/demo/platform.json"


def commands(folder):
    """Commands in the order in which they started."""
    return [event["argv"][0] for event in trace(folder) if event["what"] == "START"]


def test_the_check_is_planned_and_runs_before_the_votes(snakemake, ran, tmp_path):
    copy_repository(tmp_path)
    rules = re.findall(r"^(?:local)?rule (\w+):$", snakemake(tmp_path, "-n").stdout, re.M)
    order = [rules.index(rule) for rule in ("platform_check_session", "simulate", "load_data", "fit_chamber")]
    assert order == sorted(order)
    events = trace(ran)
    checked = next(e["time"] for e in events if e["what"] == "END" and e["argv"][-1] == SESSION)
    begun = [e["time"] for e in events if e["what"] == "START" and e["argv"][0] in ("simulate", "load-data")]
    assert len(begun) == 3
    assert checked < min(begun)


def test_an_unfit_node_makes_and_reads_no_votes(snakemake, tmp_path):
    """Where Snakemake cannot look at the machine before it starts, as with a remote executor: the jobs themselves."""
    copy_repository(tmp_path)
    replace(tmp_path / "src/tallgrass_models/config/snakemake_internals.py", "workflow.local_exec and", "False and")
    (tmp_path / "unfit_machine").touch()
    run = snakemake(tmp_path, "--cores", "4", "--keep-going")
    assert run.returncode == 1
    assert set(commands(tmp_path)) == {"platform-check"}
    assert not list((tmp_path / "results").rglob("*.nc"))
    (tmp_path / "unfit_machine").unlink()
    assert planned(snakemake(tmp_path, "-n"))["platform_check_session"] == ["demo"]


def delete(folder):
    (folder / SESSION).unlink()


def touch(folder):
    os.utime(folder / SESSION)


def fail_again(snakemake, folder):
    """The check is asked for again on a machine that fails it, and Snakemake removes the file of the one before."""
    (folder / "unfit_machine").touch()
    replace(folder / "src/tallgrass_models/config/snakemake_internals.py", "workflow.local_exec and", "False and")
    run = snakemake(folder, "--cores", "2", "--forcerun", "platform_check_session")
    assert run.returncode == 1
    assert not (folder / SESSION).exists()
    (folder / "unfit_machine").unlink()


@pytest.mark.parametrize("change", [delete, touch, fail_again])
def test_without_its_file_or_with_a_newer_one_only_what_changed_runs(snakemake, finished, change):
    change(*((snakemake, finished) if change is fail_again else (finished,)))
    assert "Nothing to be done" in snakemake(finished, "-n").stdout
    edit_config("sigma: 0.5", "sigma: 0.6")(finished)
    assert planned(snakemake(finished, "-n")) == compared(POSITIVE)


def test_more_draws_do_not_check_the_session_again(snakemake, finished):
    """Other votes do, where the file is gone."""
    append(finished / "config/experiments.yaml", "    sampling: {draws: 7000}\n")
    jobs = planned(snakemake(finished, "-n"))
    assert set(jobs) & {"platform_check", "platform_check_session", "load_data", "fit_flat"} == {"platform_check"}
    replace(finished / "config/experiments.yaml", "    sampling: {draws: 7000}\n", "")
    edit_config("seed: 7", "seed: 7, min_votes: 5")(finished)
    assert planned(snakemake(finished, "-n")) == compared(together(LOAD, FITS))
    delete(finished)
    jobs = planned(snakemake(finished, "-n"))
    assert jobs == compared(together(SESSION_CHECK, {"simulate": ["demo"]}, LOAD, FITS))


def test_the_largest_plan_of_a_session():
    small, large = SamplingConfig(draws=100), SamplingConfig(draws=100, chains=8)
    plans = [
        ExperimentConfig("a", session=SessionConfig("one"), sampling=small, flat_sampling=small),
        ExperimentConfig("b", session=SessionConfig("two"), sampling=small, flat_sampling=large),
    ]
    assert (largest_sampling(plans), largest_sampling(plans, "one")) == (large, small)


FOUND = {
    "missing": (None, "no such file; make it with `tallgrass-models platform-check`"),
    "something else": ({"a": 1}, "not a check of the machine"),
    "unfit": ({"findings": [{"level": "FATAL", "text": "only 0.5 GB"}]}, "platform check: only 0.5 GB"),
}


@pytest.mark.parametrize(("content", "problem"), FOUND.values(), ids=FOUND)
def test_the_command_that_reads_votes_asks_for_the_check(tmp_path, capsys, content, problem):
    path = tmp_path / "platform.json"
    if content is not None:
        path.write_text(json.dumps(content))
    files = ["--files", "votes=x", "--out", "x", "--dropped", "x"]
    assert cli.main(["load-data", "--spec", "{}", "--chamber", "house", "--platform", str(path), *files]) == 2
    assert problem in capsys.readouterr().err
