"""`plan`, the lines of a sweep, and what a stopped run says: on records and files as Snakemake and fits leave them."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from tallgrass_models import cli
from tallgrass_models.config.differences import changes
from tallgrass_models.monitoring.sweep import LinePerStep, earlier_seconds, kept_by_failed_fits
from tallgrass_models.steps.costs import measured, modelled

REPOSITORY = Path(__file__).parents[1]


def record(event, **said):
    return logging.makeLogRecord({"msg": said.pop("msg", None), "event": event, **said})


def job(jobid, rule, log=(), **wildcards):
    return record(LogEvent.JOB_INFO, jobid=jobid, rule_name=rule, wildcards=wildcards, log=list(log))


def told(lines, *records):
    return [r.getMessage() for r in records if lines.filter(r)]


def test_a_line_for_each_step_that_is_done(tmp_path):
    bad = tmp_path / "summarize.log"
    bad.write_text("12:00:00 NOT CONVERGED, house: R-hat\n")
    lines = LinePerStep(tmp_path)
    stats = {"fit_chamber": 2, "summarize": 1, "all": 1, "total": 4}
    shown = told(
        lines,
        record(None, msg="Select jobs to execute..."),
        record(LogEvent.RUN_INFO, stats=stats),
        job(3, "fit_chamber", experiment="a\x1b[31m", chamber="house"),
        record(LogEvent.SHELLCMD, msg="exec tallgrass-models ..."),
        record(LogEvent.JOB_FINISHED, job_id=3),
        record(LogEvent.PROGRESS, done=1, total=4),
        job(4, "summarize", [bad], experiment="a", unit="house"),
        record(LogEvent.JOB_FINISHED, job_id=4),
        job(0, "all"),
        record(LogEvent.JOB_FINISHED, job_id=0),
    )
    assert [line.split("  ")[0] for line in shown] == [
        "3 steps: 2 fit_chamber, summarize",
        "[1/3] fit_chamber a\N{REPLACEMENT CHARACTER}[31m/house",
        "[2/3] summarize a/house",
    ]
    assert "NOT CONVERGED" in shown[2]
    assert "NOT CONVERGED" not in shown[1]


def test_what_went_wrong_is_the_end_of_the_log(tmp_path):
    log = tmp_path / "fit.log"
    log.write_text("\n".join(f"line {k}" for k in range(40)))
    lines = LinePerStep(tmp_path)
    failed = record(LogEvent.JOB_ERROR, jobid=3, rule_name="fit_chamber", log=[str(log)], shellcmd="{json}")
    (text,) = told(lines, job(3, "fit_chamber", experiment="a", chamber="house"), failed)[-1:]
    assert text.splitlines()[0] == "fit_chamber a/house failed."
    assert text.splitlines()[-1] == "    line 39"
    assert "line 10" not in text
    assert "{json}" not in text


def test_time_left_is_that_of_earlier_runs(tmp_path):
    folder = tmp_path / "a" / "benchmarks"
    folder.mkdir(parents=True)
    (folder / "fit_house.tsv").write_text("s\tmax_rss\n100\t900\n")
    (folder / "fit_joint.tsv").write_text("s\tmax_rss\n400\t1900\n")
    (folder / "check_joint.tsv").write_text("damaged")
    assert earlier_seconds(tmp_path) == {"fit_chamber": [100], "fit_joint": [400]}
    lines = LinePerStep(tmp_path)
    stats = {"fit_chamber": 2, "fit_joint": 1, "total": 3}
    assert told(lines, record(LogEvent.RUN_INFO, stats=stats)) == [
        "3 steps: 2 fit_chamber, fit_joint; about 10 min left"
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ({"beta_prior": {"sigma": 0.5}}, {"beta_prior": {"sigma": 0.6}}, ["beta_prior.sigma 0.5 -> 0.6"]),
        ({"code": "a", "x": None}, {"code": "b", "x": [1]}, ["the code of this step changed", "x none -> [1]"]),
        ({"fit_hash": "a"}, {"fit_hash": "b"}, ["its fit changes"]),
        ({"a": 1}, {"b": 1}, ["a 1 -> none", "b none -> 1"]),
        (3, 4, ["a setting 3 -> 4"]),
    ],
)
def test_differences_in_words(old, new, words):
    assert changes(json.dumps(old), json.dumps(new)) == words


def test_costs_grow_with_size_at_the_pace_of_this_machine(tmp_path):
    small, large = modelled(35_000, {}), modelled(840_000, {})
    assert 5 < small.seconds < large.seconds
    path = tmp_path / "fit_house.tsv"
    path.write_text(f"s\tmax_rss\n{3 * small.seconds}\t700\n")
    assert measured(path).seconds == pytest.approx(3 * small.seconds)
    assert modelled(840_000, {path: 35_000}).seconds == pytest.approx(3 * large.seconds)
    assert modelled(None, {path: 35_000}).seconds == pytest.approx(3 * small.seconds)
    assert measured(tmp_path / "nothing.tsv") is None


def test_a_stopped_fit_says_what_it_kept_and_how_to_go_on(tmp_path):
    live = tmp_path / "results" / "a" / "house" / "live"
    live.mkdir(parents=True)
    chains = [{"draw": 700, "total": 2000}, {"draw": 939, "total": 2000}]
    status = {"phase": "failed", "experiment": "a", "unit": "house", "chains": chains}
    (live / "status.json").write_text(json.dumps(status))
    assert kept_by_failed_fits(tmp_path / "results", 0, False) == []
    (live / "draws.npz").write_bytes(b"draws")
    (line,) = kept_by_failed_fits(tmp_path / "results", 0, False)
    assert line.startswith("a/house: stopped at 1,639 of 4,000 draws, which are kept.")
    assert f"tallgrass-models recover {live}" in line
    assert "To go on with them, set `platform: {extend: true}` and run again;" in line
    (line,) = kept_by_failed_fits(tmp_path / "results", 0, True)
    assert "To go on with them, run again;" in line
    os.utime(live / "status.json", (10, 10))
    assert kept_by_failed_fits(tmp_path / "results", 20, False) == []


# --- with Snakemake ---------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with the workflow and two experiments, where nothing has run."""
    (tmp_path / "workflow").symlink_to(REPOSITORY / "workflow")
    (tmp_path / "config").mkdir()
    (tmp_path / "config/experiments.yaml").write_text(
        "sessions: {demo: {source: simulated, seed: 5}}\n"
        "defaults: {session: demo, chambers: [senate], sampling: {draws: 200, tune: 200, chains: 2, seed: 1}}\n"
        "experiments: {alpha: {}, beta: {beta_prior: {distribution: halfnormal, sigma: 1}, compare_with: alpha}}\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_plan_of_an_empty_folder(project, capsys):
    assert cli.main(["plan", "beta"]) == 0
    out = capsys.readouterr().out
    assert "fit_chamber senate: it never ran" in out
    assert "beta: " in out
    assert "alpha: " in out  # whose tables beta is compared with
    assert "comparison" not in out
    assert "of which 3 sample" in out  # both chamber models and the flat one


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["results/alhpa/metrics.json"], "results/alhpa: no experiment 'alhpa'; did you mean 'alpha'?"),
        (["--config", "experiment=x.yaml"], "--config experiment: no such key; did you mean 'experiments'?"),
    ],
)
def test_a_mistyped_name_is_told_with_the_nearest(project, arguments, message):
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--dry-run", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=project)
    assert run.returncode != 0
    assert f"Error: {message}" in run.stderr
