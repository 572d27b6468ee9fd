"""A sweep of forty fits on a Slurm of two nodes: what happens to jobs and nodes costs these jobs only, and no digit.

Asked for by TALLGRASS_CLUSTER=1; see docs/cluster.md. The votes are of small chambers, and the sampling is real.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import two_nodes
import xarray as xr
from small import small_chamber, write_tallgrass_csv

ROOT = Path(__file__).parents[2]
FITTED = ("house/posterior.nc", "senate/posterior.nc", "held_out.json")
TARGETS = ("results/a/metrics.json", *(f"results/{name}/{file}" for name in "bc" for file in FITTED))
pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(4 * 3600),
    pytest.mark.skipif(two_nodes.why_not() is not None, reason=str(two_nodes.why_not())),
]

FOLDS = int(os.environ.get("TALLGRASS_CLUSTER_FOLDS", "4"))
#: Flat models of 2 chambers, and 3 experiments of 2 chambers, each fitted whole and without each of 4 folds.
N_FITS = 8 * (1 + FOLDS)
CONFIG = f"""\
sessions:
  tiny: {{source: tallgrass, path: votes, name: tiny, min_votes: 3}}
defaults:
  folds: {{number: 4, run: {FOLDS}}}
  sampling: {{draws: 60, tune: 100, chains: 2}}
experiments:
  a: {{description: usual prior}}
  b: {{description: wide prior, beta_prior: {{distribution: normal, mu: 0, sigma: 2}}}}
  c: {{description: wider prior, beta_prior: {{distribution: normal, mu: 0, sigma: 3}}}}
"""
#: One fit that saves its draws every two seconds.
LONG = """\
sessions:
  tiny: {source: tallgrass, path: votes, name: tiny, min_votes: 3}
platform: {keep_every: 2, extend: true}
defaults:
  chambers: [house]
  sampling: {draws: 40000, tune: 100, chains: 2, target_accept: 0.999}
experiments:
  a: {description: the only one}
"""
#: Slurm is asked often, because it is on this machine.
PROFILE = (
    *("--workflow-profile", "workflow/profiles/slurm"),
    *("--slurm-init-seconds-before-status-checks", "3", "--seconds-between-status-checks", "3"),
)


def make_project(folder: Path, config: str) -> Path:
    """Write votes, configuration, workflow and package, so that Snakemake runs in the folder."""
    bills = [f"HB {j}" for j in range(40)]
    house = small_chamber("house", (9, 10, 0), 40, seed=1, apart=2.5, bills=bills, missing=0.05)
    bills = bills[:20] + [f"SB {j}" for j in range(16)]
    senate = small_chamber("senate", (8, 9, 0), 36, seed=51, apart=2.5, bills=bills, missing=0.05)
    write_tallgrass_csv(folder / "votes", "tiny", [house, senate])
    (folder / "config").mkdir()
    (folder / "config/experiments.yaml").write_text(config)
    for name in ("workflow", "src"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    return folder


def snakemake(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "snakemake", "--nocolor", *arguments]


def environment(folder: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(folder / "src"), "TALLGRASS_RUNTIME_DIR": str(folder / "runtime")}


@contextmanager
def sweeping(cluster: two_nodes.TwoNodes, folder: Path, *arguments: str):
    """Snakemake where Slurm is, on the project in a folder; killed if the block ends before it."""
    with (folder / "snakemake.log").open("a") as log:
        started = subprocess.Popen(
            cluster.inside(*snakemake(*PROFILE, *arguments), at=folder),
            env=cluster.environment(environment(folder)),
            stdout=log,
            stderr=log,
        )
        try:
            yield started
        finally:
            started.kill()
            started.wait()


def finished(cluster, folder, *arguments, seconds=3600):
    """Run Snakemake to its end: exit code, and what it said."""
    before = (folder / "snakemake.log").stat().st_size if (folder / "snakemake.log").exists() else 0
    with sweeping(cluster, folder, *arguments) as run:
        code = run.wait(seconds)
    return code, (folder / "snakemake.log").read_text()[before:]


def running_fits(cluster: two_nodes.TwoNodes) -> list[dict[str, str]]:
    """Jobs of fits that run now."""
    return [job for job in cluster.jobs() if job["state"] == "RUNNING" and "rule_fit_" in job["what"]]


def fits_in(folder: Path) -> list[Path]:
    """Files of the fits, below a project."""
    found = [
        path for path in (folder / "results").rglob("*.nc") if path.name.startswith(("posterior", "flat_", "fold_"))
    ]
    return sorted(path.relative_to(folder) for path in found)


def same_draws(one: Path, two: Path) -> None:
    """Assert that two files of fits hold the same numbers, to the last bit."""
    with xr.open_datatree(one) as first, xr.open_datatree(two) as second:
        assert [node.path for node in first.subtree] == [node.path for node in second.subtree]
        for node in first.subtree:
            for name, values in node.to_dataset().variables.items():
                other = second[node.path].to_dataset().variables[name]
                if values.dtype.kind == "f":
                    np.testing.assert_array_equal(values.to_numpy().view("u1"), other.to_numpy().view("u1"), str(one))
                else:
                    assert values.equals(other), f"{one}: {node.path} {name}"


def same_metrics(one: Path, two: Path) -> None:
    """Assert that two metrics.json are the same, but for times and what they say of the machine."""

    def numbers(value):
        if isinstance(value, list):
            return [numbers(one) for one in value]
        if isinstance(value, dict):
            times = {"compile_time_s", "sampling_time_s", "minutes_needed", "seconds"}
            return {k: numbers(v) for k, v in value.items() if k not in times}
        return value

    first, second = (json.loads(path.read_text()) for path in (one, two))
    first.pop("platform"), second.pop("platform")
    assert numbers(first) == numbers(second)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two idle nodes; nothing of them is left afterwards."""
    with two_nodes.TwoNodes(tmp_path_factory.mktemp("slurm")) as started:
        yield started


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """The sweep on this machine alone, which runs while the cluster works: a function that waits for it."""
    folder = make_project(tmp_path_factory.mktemp("one"), CONFIG)
    command = Path(sys.executable).with_name("tallgrass-models")
    every = " && ".join(f"{command} run {name}" for name in "abc")
    with (folder / "run.log").open("w") as log:
        env = {**os.environ, **environment(folder)}
        run = subprocess.Popen(["sh", "-c", every], cwd=folder, env=env, stdout=log, stderr=log, start_new_session=True)

    def done() -> Path:
        assert run.wait(3600) == 0, (folder / "run.log").read_text()
        return folder

    yield done
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGTERM)
        run.wait(60)


def test_killed_jobs_and_lost_nodes_cost_their_jobs_only(cluster, one, tmp_path):
    began, work = time.monotonic(), make_project(tmp_path / "two", CONFIG)
    with sweeping(cluster, work, *TARGETS) as run:

        def fit(node: str) -> dict[str, str]:
            """A fit that runs on a node, once there is one."""
            here = []
            cluster.wait_until(
                lambda: here.extend(j for j in running_fits(cluster) if j["node"] == node) or here or run.poll(),
                f"a fit on {node}",
                1200,
            )
            assert run.poll() is None, (work / "snakemake.log").read_text()
            return here[0]

        killed = fit("n1")
        cluster.call("scancel", killed["id"])

        drained = fit("n2")
        cluster.call("scontrol", "update", "nodename=n2", "state=drain", "reason=test")
        cluster.wait_until(lambda: cluster.states()["n2"] == "drained", "n2 to drain", 600)
        assert state_of(cluster, drained) == "COMPLETED"  # a node that drains lets its jobs end
        fit("n1")
        cluster.call("scontrol", "update", "nodename=n2", "state=resume")

        lost = fit("n2")
        on_n2 = {job["id"] for job in cluster.jobs() if job["state"] == "RUNNING" and job["node"] == "n2"}
        cluster.power_off("n2")
        cluster.wait_until(lambda: cluster.states()["n2"].startswith("down"), "n2 to be down", 120)
        cluster.power_on("n2")
        cluster.wait_until(lambda: cluster.states()["n2"] in ("idle", "mixed", "allocated"), "n2 to be back", 60)

        assert run.wait(7200) == 0, (work / "snakemake.log").read_text()
    states = {job["id"]: job["state"] for job in cluster.jobs()}
    assert states[killed["id"]] == "CANCELLED"
    assert states[lost["id"]] == "NODE_FAIL"
    assert {number for number, state in states.items() if state != "COMPLETED"} <= {killed["id"], *on_n2}
    code, said = finished(cluster, work, *TARGETS)
    assert code == 0
    assert "Nothing to be done" in said
    print(f"two nodes: {time.monotonic() - began:.0f} s, {len(states)} jobs; states {sorted(states.values())}")

    reference = one()
    print(f"both: {time.monotonic() - began:.0f} s")
    assert fits_in(work) == fits_in(reference)
    assert len(fits_in(work)) == N_FITS
    for path in fits_in(work):
        same_draws(reference / path, work / path)
    same_metrics(reference / "results/a/metrics.json", work / "results/a/metrics.json")


def state_of(cluster: two_nodes.TwoNodes, job: dict[str, str]) -> str:
    return next(found["state"] for found in cluster.jobs() if found["id"] == job["id"])


def test_a_fit_that_meets_its_time_limit_goes_on_when_it_is_submitted_again(cluster, tmp_path):
    work = make_project(tmp_path / "long", LONG)
    live, target = work / "results/a/house/live", "results/a/house/posterior.nc"
    with sweeping(cluster, work, "--retries", "0", target) as run:
        cluster.wait_until(lambda: (live / "draws.npz").exists() or run.poll(), "saved draws", 1200)
        (fit,) = running_fits(cluster)
        cluster.stop(fit["node"], json.loads((live / "status.json").read_text())["pid"])  # as if it took longer
        cluster.call("scontrol", "update", f"jobid={fit['id']}", "TimeLimit=1")
        assert run.wait(600) == 1
    assert state_of(cluster, fit) == "TIMEOUT"
    status = json.loads((live / "status.json").read_text())
    assert (status["phase"], status["reason"]) == ("failed", "stopped by SIGTERM")
    assert not (work / target).exists()
    with np.load(live / "draws.npz") as saved:
        whole = int(saved["lengths"].min())
    assert 0 < whole < 40000

    code, said = finished(cluster, work, target)
    assert code == 0, said
    with xr.open_datatree(work / target) as tree:
        assert tree["posterior"].sizes["draw"] == 40000
        seeds = json.loads(tree.attrs["chain_seeds"])
    assert all(f"[{whole}]+" in seed for seed in seeds)
