"""A sweep of forty fits on a Slurm of two nodes: what happens to jobs and nodes costs these jobs only, and no digit.

Asked for by TALLGRASS_CLUSTER=1; see docs/cluster.md. The votes are of small chambers, and the sampling is real.
"""

from __future__ import annotations

import json
import os
import shutil
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
TARGETS = ("results/a/metrics.json", "results/b/joint/posterior.nc", "results/b/held_out.json")
pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(4 * 3600),
    pytest.mark.skipif(two_nodes.why_not() is not None, reason=str(two_nodes.why_not())),
]

# 2 flat models with 4 folds each, and 2 experiments of 3 units with 4 folds each: 40 fits.
CONFIG = """\
sessions:
  tiny: {source: tallgrass, path: votes, name: tiny, min_votes: 3}
defaults:
  joint: true
  folds: {number: 4}
  sampling: {draws: 60, tune: 100, chains: 2}
experiments:
  a: {description: usual prior}
  b: {description: wide prior, beta_prior: {distribution: normal, mu: 0, sigma: 2}}
"""
#: One fit that samples for minutes, which a time limit ends.
LONG = """\
sessions:
  tiny: {source: tallgrass, path: votes, name: tiny, min_votes: 3}
platform: {keep_every: 2, extend: true}
defaults:
  chambers: [house]
  sampling: {draws: 40000, tune: 100, chains: 2, target_accept: 0.99}
experiments:
  a: {description: the only one}
"""
#: Slurm is asked often, because it is on this machine.
PROFILE = (
    *("--workflow-profile", "workflow/profiles/slurm"),
    *("--slurm-init-seconds-before-status-checks", "3", "--seconds-between-status-checks", "3"),
)
FITS = ("fit_flat", "fit_chamber", "fit_joint", "fit_flat_fold", "fit_fold")


def make_project(folder: Path, config: str) -> Path:
    """Write votes, configuration, workflow and package, so that Snakemake runs in the folder."""
    bills = [f"HB {j}" for j in range(40)]
    house = small_chamber("house", (9, 10, 0), 40, seed=1, apart=2.0, bills=bills, missing=0.05)
    bills = bills[:20] + [f"SB {j}" for j in range(16)]
    senate = small_chamber("senate", (8, 9, 0), 36, seed=51, apart=2.0, bills=bills, missing=0.05)
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
