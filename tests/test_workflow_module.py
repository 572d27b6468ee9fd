"""The workflow as a Snakemake module of another workflow, with its own configuration, under a prefix."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from faults import make_session

ROOT = Path(__file__).parents[1]

HOST = """\
configfile: "host.yaml"


module tallgrass:
    snakefile:
        {snakefile!r}
    config:
        config["tallgrass"]


use rule * from tallgrass as tg_*


rule story:
    default_target: True
    input:
        metrics="results/a/metrics.json",
        house=rules.tg_summarize.output.ideal_points.format(experiment="a", unit="house"),
    output:
        "story.txt",
    shell:
        "tail -n +2 {{input.house}} | wc -l > {{output}}"
"""


@pytest.fixture
def host(tmp_path):
    """A workflow with a rule of its own, which needs results of ours."""
    make_session(tmp_path)
    (tmp_path / "config/experiments.yaml").rename(tmp_path / "ideal.yaml")
    (tmp_path / "host.yaml").write_text("tallgrass: {experiments: ideal.yaml}\n")
    (tmp_path / "workflow").mkdir()
    text = HOST.format(snakefile=str(ROOT / "workflow/Snakefile"))
    (tmp_path / "workflow/Snakefile").write_text(text)
    return tmp_path


def snakemake(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "snakemake", "--nocolor", "--cores", "2", *args]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.slow
def test_a_module_runs_under_another_name_with_a_configuration_of_its_own(host):
    run = snakemake(host)
    assert run.returncode == 0, run.stdout + run.stderr
    assert (host / "story.txt").read_text().strip() == "22"  # members of the small session
    assert json.loads((host / "results/a/metrics.json").read_text())["experiment"] == "a"
    assert "rule tg_fit_chamber:" in run.stderr
    again = snakemake(host, "--dry-run")
    assert "Nothing to be done" in again.stdout + again.stderr


def test_a_module_says_what_is_wrong_with_its_configuration(host):
    (host / "ideal.yaml").write_text("sessions: {demo: {source: simulatd}}\nexperiments: {a: {}}\n")
    run = snakemake(host, "--dry-run")
    assert run.returncode == 1
    assert "ideal.yaml: sessions.demo.source: must be one of simulated" in run.stderr
    assert "Traceback" not in run.stderr
