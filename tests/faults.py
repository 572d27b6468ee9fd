"""A small session whose fits can be stopped at any stage, and what must hold after whatever happened to one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
from small import small_chamber, write_tallgrass_csv

from tallgrass_models.monitoring.locks import Holder
from tallgrass_models.monitoring.slots import sampler_slots
from tallgrass_models.sampling.posterior import load_posterior

STAGES = ("compiling", "tuning", "sampling", "writing")
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
COMMAND = Path(__file__).with_name("fault_command.py")

CONFIG = """\
sessions:
  small: {source: tallgrass, path: votes, name: small, min_votes: 3}
platform: {keep_every: 0.1}
defaults:
  chambers: [house]
  sampling: {draws: 20, tune: 30, chains: 2}
experiments:
  a: {description: the only one}
"""


def make_session(folder):
    """Votes and configuration, in which `snakemake` and `tallgrass-models run a` work."""
    house = small_chamber("house", (9, 12, 1), 30, seed=5, apart=2.5)
    write_tallgrass_csv(folder / "votes", "small", [house])
    (folder / "config").mkdir()
    (folder / "config/experiments.yaml").write_text(CONFIG)
    return folder


@contextmanager
def running(folder, *args, stage="", **options):
    """The command; it leads a process group, as a shell's or a scheduler's job does. Killed when the block ends."""
    job = subprocess.Popen(
        [sys.executable, str(COMMAND), *args],
        cwd=folder,
        env={**os.environ, "FAULT_STAGE": stage},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **options,
    )
    with job:  # closes the pipe
        try:
            yield job
        finally:
            job.kill()


def finish(folder, *args, **options):
    """Run the command to its end: exit code, and all it said."""
    with running(folder, *args, **options) as job:
        out, _ = job.communicate(timeout=120)
        return job.returncode, out


def wait_for(condition, what, seconds=60.0):
    """The first true value of ``condition()``."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.02)
    return found


def status_in(folder, unit="house"):
    """The status of a fit of experiment ``a``, {} where there is none."""
    path = folder / "results/a" / unit / "live/status.json"
    return json.loads(path.read_text()) if path.exists() else {}


def wait_for_stage(folder, stage, job):
    """The status of the fit once it is at a stage, and has drawn something if it is sampling."""

    def there():
        status = status_in(folder)
        assert job.poll() is None or status.get("phase") == stage, job.stdout.read()
        drawn = stage != "sampling" or (folder / "results/a/house/live/draws.npz").exists()
        writes = stage != "writing" or list((folder / "results/a/house").glob(".posterior.nc.*.tmp"))
        return status if status.get("phase") == stage and drawn and writes else None

    return wait_for(there, f"a fit that is {stage}")


def all_processes(job):
    """A process and all that it started."""
    process = psutil.Process(job.pid)
    return [process, *process.children(recursive=True)]


def gone(processes):
    """Wait until none of them runs (one that its parent has not asked after does not)."""
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert not [process for process in alive if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def nothing_half_done(folder, processes):
    """Every file with a final name is whole, nobody is left, and the sampler slot is free."""
    gone(processes)
    for path in (folder / "results").rglob("*.nc"):
        if path.name == "posterior.nc":
            load_posterior(path)
    for path in (folder / "results").rglob("*.json"):
        json.loads(path.read_text())
    (slot,) = sampler_slots(1)
    assert slot.acquire(Holder.me("the test"))
    slot.release()
