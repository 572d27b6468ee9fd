# ruff: noqa: F811 -- fixtures of another module are arguments here
"""Experiments with filters of their own: their votes and baselines have their own place, shared by those alike."""

from pathlib import Path

from test_workflow import (
    CHAMBERS,
    append,
    compared,
    copy_repository,
    edit_config,
    finished,  # noqa: F401
    following,
    planned,
    python,  # noqa: F401
    ran,  # noqa: F401
    snakemake,  # noqa: F401
    together,
    trace,
)

from tallgrass_models import cli
from tallgrass_models.config.experiments import ExperimentConfig, JointConfig
from tallgrass_models.config.planning import compared_posteriors, compared_votes
from tallgrass_models.config.sessions import SessionConfig

OWN = "demo/minority_0.01_votes_10"
VARIANTS = """\
  loose: {filters: {min_minority_share: 0.01, min_votes: 10}}
  loose_house: {filters: {min_votes: 10, min_minority_share: 0.01}, chambers: [house]}
  same: {filters: {min_votes: 20}, chambers: [house]}
"""


def test_other_filters_run_beside_what_is_there(snakemake, finished):
    append(finished / "config/experiments.yaml", VARIANTS)
    new = {
        "platform_check": ["loose", "loose_house", "same"],
        "load_data": [f"{OWN}/house", f"{OWN}/senate"],
        "fit_flat": [f"{OWN}/house", f"{OWN}/senate"],
        "fit_chamber": ["loose/house", "loose/senate", "loose_house/house", "same/house"],
    }
    jobs = together(
        new, following("loose", CHAMBERS), following("loose_house", ["house"]), following("same", ["house"])
    )
    assert planned(snakemake(finished, "-n")) == compared(jobs)
    (finished / "trace.jsonl").unlink()
    run = snakemake(finished, "--cores", "8", "--quiet", "all")
    assert run.returncode == 0, run.stderr
    given = [cli._parser().parse_args(event["argv"]) for event in trace(finished) if event["what"] == "START"]
    fits = {str(args.out): args for args in given if "live" in args}
    assert str(fits["results/loose/house/posterior.nc"].data) == f"results/sessions/{OWN}/house.nc"
    assert str(fits["results/same/house/posterior.nc"].data) == "results/sessions/demo/house.nc"
    flat = fits[f"results/sessions/{OWN}/flat_house.nc"]
    assert str(flat.live) == f"results/sessions/{OWN}/live/flat_house"
    summary = next(a for a in given if "flat" in a and str(a.posterior) == "results/loose/senate/posterior.nc")
    assert [str(path) for path in summary.flat] == [f"results/sessions/{OWN}/flat_senate.nc"]
    (comparison,) = (args for args in given if "posteriors" in args and "comparison" in args)
    assert len(comparison.data) == 4
    assert Path("results/positive/joint/posterior.nc") in comparison.posteriors
    assert "Nothing to be done" in snakemake(finished, "-n").stdout


def test_an_edit_of_the_filters_leaves_other_experiments_alone(snakemake, tmp_path, finished):
    append(finished / "config/experiments.yaml", "  loose: {filters: {min_votes: 10}, chambers: [house]}\n")
    run = snakemake(finished, "--cores", "8", "--quiet", "all")
    assert run.returncode == 0, run.stderr
    edit_config("min_votes: 10", "min_votes: 11")(finished)
    place = "demo/minority_0.025_votes_11"
    jobs = {"load_data": [f"{place}/house"], "fit_flat": [f"{place}/house"], "fit_chamber": ["loose/house"]}
    assert planned(snakemake(finished, "-n")) == compared(together(jobs, following("loose", ["house"])))


def test_a_selection_has_votes_of_its_own(snakemake, tmp_path):
    text = (
        "sessions: {demo: {source: simulated}}\n"
        "experiments: {passage: {votes: {passage_only: true}, chambers: [house]}, plain: {chambers: [house]},"
        " too: {votes: {passage_only: true}, chambers: [house]}}\n"
    )
    copy_repository(tmp_path, text)
    jobs = planned(snakemake(tmp_path, "-n"))
    places = ["demo/house", "demo/select_passage/house"]
    assert sorted(jobs["load_data"]) == sorted(jobs["fit_flat"]) == places  # two share those of passage votes
    assert sorted(jobs["fit_chamber"]) == ["passage/house", "plain/house", "too/house"]


def test_only_filters_of_ones_own_need_no_other_votes(snakemake, tmp_path):
    text = (
        "sessions: {demo: {source: simulated}}\nexperiments: {loose: {filters: {min_votes: 10}, chambers: [house]}}\n"
    )
    copy_repository(tmp_path, text)
    jobs = planned(snakemake(tmp_path, "-n"))
    assert jobs["load_data"] == ["demo/minority_0.025_votes_10/house"]
    assert jobs["platform_check_session"] == ["demo"]


def test_what_a_comparison_reads():
    demo, other = SessionConfig("demo"), SessionConfig("us")
    a = ExperimentConfig("a", session=demo, chambers=("house",))
    b = ExperimentConfig("b", session=demo.with_filters(min_votes=1), joint=JointConfig())
    c = ExperimentConfig("c", session=other)
    assert compared_votes([a, b, c]) == [
        "sessions/demo/house.nc",
        "sessions/demo/minority_0.025_votes_1/house.nc",
        "sessions/demo/minority_0.025_votes_1/senate.nc",
        "sessions/us/house.nc",
        "sessions/us/senate.nc",
    ]
    assert compared_posteriors([a, b, c]) == [
        "a/house/posterior.nc",
        *(f"b/{unit}/posterior.nc" for unit in ("house", "senate", "joint")),
    ]
    assert compared_posteriors([a, c]) == []
