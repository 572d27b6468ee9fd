"""What can happen to a fit under Snakemake: it ends, Snakemake sees a failure, and the next run completes."""

import json
import os
import shutil
import signal
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest
from faults import COMMAND, STAGES, all_processes, make_session, nothing_half_done, status_in, wait_for_stage

ROOT = Path(__file__).parents[1]
TARGET = "results/a/house/posterior.nc"


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """A Python beside which `tallgrass-models` is the one that can be told to stay at a stage."""
    folder = tmp_path_factory.mktemp("python")
    venv.EnvBuilder(symlinks=True).create(folder)
    site = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    Path(site, "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
    command = folder / "bin/tallgrass-models"
    command.write_text(f"#!{folder}/bin/python\nimport runpy\nrunpy.run_path({str(COMMAND)!r}, run_name='__main__')\n")
    command.chmod(0o755)
    return folder / "bin/python"


@pytest.fixture(scope="module")
def snakemake(python):
    """Start Snakemake as the leader of a process group, as a terminal or a scheduler does."""

    def start(folder, *args, stage=""):
        return subprocess.Popen(
            [python, "-m", "snakemake", "--cores", "2", "--nocolor", *args],
            cwd=folder,
            env={**os.environ, "FAULT_STAGE": stage, "PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    return start


def finish(job):
    _, err = job.communicate(timeout=120)
    return job.returncode, err


@pytest.fixture(scope="module")
def ready(snakemake, tmp_path_factory):
    """Everything that the fit needs is there. Tests copy it."""
    folder = make_session(tmp_path_factory.mktemp("ready"))
    for name in ("workflow", "src"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    code, err = finish(snakemake(folder, "results/a/platform.json", "results/sessions/small/house.nc"))
    assert code == 0, err
    return folder


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("how", ["Ctrl-C", "SIGTERM to all", "Snakemake is killed"])
def test_a_signal_at_each_stage(snakemake, ready, tmp_path, stage, how):
    work = shutil.copytree(ready, tmp_path / "work")
    job = snakemake(work, TARGET, stage=stage)
    wait_for_stage(work, stage, job)
    processes = all_processes(job)
    assert len(processes) == 2  # Snakemake, and the fit as its own child
    if how == "Snakemake is killed":
        job.kill()
    else:
        os.killpg(job.pid, signal.SIGINT if how == "Ctrl-C" else signal.SIGTERM)
    code, _ = finish(job)
    assert code == (-signal.SIGKILL if how == "Snakemake is killed" else 1)
    nothing_half_done(work, processes)
    assert not (work / TARGET).exists()
    assert status_in(work)["phase"] == "failed"
    assert status_in(work)["reason"] == f"stopped by {'SIGINT' if how == 'Ctrl-C' else 'SIGTERM'}"
    if stage == "writing":
        if how == "Snakemake is killed":
            assert finish(snakemake(work, "--unlock"))[0] == 0
        code, err = finish(snakemake(work, TARGET))
        assert code == 0, err
        assert json.loads((work / "results/a/house/live/status.json").read_text())["phase"] == "done"
        nothing_half_done(work, [])


def test_a_killed_fit_is_a_failure(snakemake, ready, tmp_path):
    work = shutil.copytree(ready, tmp_path / "work")
    job = snakemake(work, TARGET, stage="sampling")
    status = wait_for_stage(work, "sampling", job)
    processes = all_processes(job)
    os.kill(status["pid"], signal.SIGKILL)
    code, err = finish(job)
    assert code == 1
    assert "fit_chamber" in err
    nothing_half_done(work, processes)
    assert not (work / TARGET).exists()
