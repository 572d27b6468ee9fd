# ruff: noqa: F811 -- fixtures of another module are arguments here
"""The workflow of a known-truth lab and of experiments that vary: which jobs are planned, and what they are told."""

import json

import pytest
from test_workflow import (
    copy_repository,
    planned,
    python,  # noqa: F401
    snakemake,  # noqa: F401
    trace,
)

from tallgrass_models import cli
from tallgrass_models.config.planning import lab_file, lab_files

VOTES = ["platform_check_session", "simulate", "load_data"]
VARIED = """\
sessions:
  demo: {source: simulated, seed: 7}
experiments:
  all:
    chambers: [house]
    vary: {seed: [1, 2], min_minority_share: [0.01, 0.025]}
"""


@pytest.mark.parametrize(
    ("unit", "origin", "fits"),
    [
        ("house", "prior", {}),
        ("house", "fitted", {"platform_check": ["positive"], "fit_chamber": ["positive/house"]}),
        (
            "joint",
            "fitted",
            {
                "platform_check": ["positive"],
                "fit_chamber": ["positive/house", "positive/senate"],
                "fit_joint": ["positive"],
            },
        ),
    ],
)
def test_a_lab_is_a_job_for_each_replicate(snakemake, tmp_path, unit, origin, fits):
    copy_repository(tmp_path)
    jobs = planned(snakemake(tmp_path, "-n", lab_file("positive", unit, origin, 3)))
    assert {rule: found for rule, found in jobs.items() if rule not in VOTES} == {
        "fit_lab": [f"positive/{unit}/{origin}/{k}" for k in range(3)],
        "lab_pool": [f"positive/{unit}/{origin}/3"],
        **fits,
    }
    assert set(VOTES) <= set(jobs)
    chambers = ["house", "senate"] if unit == "joint" else ["house"]
    assert jobs["load_data"] == [f"demo/{chamber}" for chamber in chambers]


def test_a_lab_runs_goes_on_and_is_told_what_its_commands_understand(snakemake, tmp_path):
    copy_repository(tmp_path)
    target = lab_file("baseline", "house", "prior", 2)
    assert snakemake(tmp_path, "--cores", "2", target).returncode == 0
    starts = [event["argv"] for event in trace(tmp_path) if event["what"] == "START"]
    given = [cli._parser().parse_args(argv) for argv in starts if argv[0] in ("fit-lab", "lab-pool")]
    fits = [args for args in given if "live" in args]
    assert sorted(str(args.out) for args in fits) == lab_files("baseline", "house", "prior", 2)
    assert sorted(json.loads(args.spec)["replicate"] for args in fits) == [0, 1]
    assert all([str(path) for path in args.data] == ["results/sessions/demo/house.nc"] for args in fits)
    assert all(args.posterior == [] for args in fits)
    (pool,) = (args for args in given if "replicates" in args)
    assert [str(path) for path in pool.replicates] == lab_files("baseline", "house", "prior", 2)
    assert len(json.loads(pool.spec)["hashes"]) == 2
    more = planned(snakemake(tmp_path, "-n", lab_file("baseline", "house", "prior", 3)))
    assert more == {"fit_lab": ["baseline/house/prior/2"], "lab_pool": ["baseline/house/prior/3"]}


def test_an_experiment_that_varies_is_planned_as_each_of_its_experiments(snakemake, tmp_path):
    copy_repository(tmp_path, VARIED)
    jobs = planned(snakemake(tmp_path, "-n"))
    names = [f"all_seed{seed}_share{share}" for seed in (1, 2) for share in ("0p01", "0p025")]
    assert jobs["fit_chamber"] == [f"{name}/house" for name in names]
    assert len(jobs["load_data"]) == 2  # experiments with the same filters share their votes
    assert len(jobs["compare"]) == 1
