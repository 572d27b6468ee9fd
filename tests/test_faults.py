"""What can happen to `tallgrass-models run`: it ends as it should, nothing is half-done, and the next run completes."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest
from faults import (
    SIGNALS,
    STAGES,
    all_processes,
    finish,
    gone,
    make_session,
    nothing_half_done,
    running,
    status_in,
    wait_for,
    wait_for_stage,
)

from tallgrass_models.monitoring.draws import load_draws
from tallgrass_models.sampling.posterior import load_posterior

#: Seconds in which a signal must have ended a fit: twice what is promised, since tests share the machine.
IN_TIME = 4.0


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A folder in which the experiment ran whole. Tests copy it."""
    folder = make_session(tmp_path_factory.mktemp("ran"))
    complete(folder)
    return folder


@pytest.fixture
def work(ran, tmp_path, monkeypatch):
    """The same without the fit of the experiment; its session's flat baseline is there."""
    monkeypatch.setenv("TALLGRASS_RUNTIME_DIR", str(tmp_path / "runtime"))
    return shutil.copytree(ran, tmp_path / "work", ignore=shutil.ignore_patterns("a", "*.lock"))


def complete(folder):
    code, out = finish(folder, "run", "a")
    assert code == 0, out
    found = json.loads((folder / "results/a/metrics.json").read_text())
    assert found["chambers"]["house"]["n_legislators"] == 22
    assert status_in(folder)["phase"] == "done"
    assert not list(folder.rglob("*.tmp"))
    assert not list(folder.rglob("draws.npz"))


def end(job, number):
    """Send a signal; the exit code must say so, in time."""
    began = time.monotonic()
    job.send_signal(number)
    code = job.wait(timeout=20)
    took = time.monotonic() - began
    assert code == (-number if number == signal.SIGKILL else 128 + number)
    assert took < IN_TIME, f"took {took:.1f} s"


def one_message(code, out, text):
    """The exit code of what a user can mend, and one line that says it."""
    errors = [line for line in out.splitlines() if "error" in line]
    assert (code, len(errors)) == (2, 1), out
    assert text in errors[0]
    assert "Traceback" not in out


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_at_each_stage(work, stage, number):
    with running(work, "run", "a", stage=stage) as job:
        wait_for_stage(work, stage, job)
        processes = all_processes(job)
        end(job, number)
    nothing_half_done(work, processes)
    assert not (work / "results/a/house/posterior.nc").exists()
    status = status_in(work)
    if number == signal.SIGKILL:
        assert status["phase"] == stage
    else:
        assert (status["phase"], status["reason"]) == ("failed", f"stopped by {number.name}")
    if stage == "sampling":  # killed outright too: what was saved on the way is there
        kept, _ = load_draws(work / "results/a/house/live/draws.npz")
        longest = int(np.argmax(kept.lengths))
        assert kept.lengths[longest] >= 1
        assert all(np.isfinite(values[longest, : kept.lengths[longest]]).all() for values in kept.draws.values())
    if stage == "writing":
        complete(work)


def test_a_hang_up_is_survived_under_nohup(work):
    """A signal that was ignored from the start stays ignored."""
    ignore = {"preexec_fn": lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)}
    with running(work, "run", "a", stage="compiling", **ignore) as job:
        wait_for_stage(work, "compiling", job)
        job.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            job.wait(timeout=1)
        end(job, signal.SIGTERM)


def test_compiled_code_that_will_not_stop_is_stopped(tmp_path):
    """Python sees no signal while such code runs."""
    script = (
        "import hashlib\n"
        "from tallgrass_models.monitoring.signals import exit_on_signals, last_words\n"
        "with exit_on_signals(), last_words(lambda why: open('why', 'w').write(why)):\n"
        "    print('ready', flush=True)\n"
        "    hashlib.pbkdf2_hmac('sha256', b'', b'', 10**9)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as job:
        assert job.stdout.readline() == "ready\n"
        process = psutil.Process(job.pid)
        started = process.cpu_times().user
        wait_for(lambda: process.cpu_times().user > started + 0.2, "the compiled code")  # a print takes far less
        end(job, signal.SIGTERM)
    assert (tmp_path / "why").read_text() == "stopped by SIGTERM"


CHAINS_AS_PROCESSES = """\
import numpy as np, pymc as pm
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.models.base import BuiltModel
from tallgrass_models.monitoring.signals import exit_on_signals
from tallgrass_models.sampling.sample import sample

with pm.Model() as model:
    pm.Normal("x", 0, 1)
built = BuiltModel("chamber", "reference", lambda: model, {"x": np.array(0.0)}, lambda draws, rng: {}, {}, {})
with exit_on_signals():
    sample(built, SamplingConfig(sampler="pymc", tune=10**7, chains=2), "house", 2)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda number: number.name)
def test_chains_that_are_processes_die_with_the_fit(tmp_path, number):
    """PyMC's, also when the process that started them is killed outright."""
    with subprocess.Popen([sys.executable, "-c", CHAINS_AS_PROCESSES], cwd=tmp_path) as job:
        try:
            processes = wait_for(lambda: found if len(found := all_processes(job)) == 3 else None, "two chains", 100)
            end(job, number)
        finally:
            job.kill()
    gone(processes)


def test_status_folder_removed_while_it_samples(work):
    with running(work, "run", "a", stage="sampling") as job:
        wait_for_stage(work, "sampling", job)
        shutil.rmtree(work / "results/a/house/live")
        wait_for(lambda: status_in(work).get("phase") == "sampling", "a new status file")
        end(job, signal.SIGTERM)
    assert status_in(work)["phase"] == "failed"


def test_full_disk_is_one_message(work):
    """No file may grow beyond what all others need: the error is that of a full disk but for its name."""
    sizes = [path.stat().st_size for path in (work / "results/sessions").rglob("*") if path.is_file()]
    room = max(sizes)

    def fill():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    config = work / "config/experiments.yaml"
    config.write_text(config.read_text().replace("a: {", "a: {sampling: {draws: 2000}, "))
    code, out = finish(work, "run", "a", preexec_fn=fill)
    one_message(code, out, "posterior.nc: cannot be written")
    nothing_half_done(work, [])
    assert not (work / "results/a/house/posterior.nc").exists()
    complete(work)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_results_are_one_message(work):
    (work / "results").chmod(0o555)
    one_message(*finish(work, "run", "a"), "cannot be written")


def test_results_that_are_a_file_are_one_message(work):
    shutil.rmtree(work / "results")
    (work / "results").write_text("")
    one_message(*finish(work, "run", "a"), "cannot be written")


def test_a_second_run_waits_or_fails_at_once(work):
    with running(work, "run", "a", stage="sampling") as first:
        wait_for_stage(work, "sampling", first)
        one_message(*finish(work, "run", "a", "--no-wait"), f"not started, because of a/house (pid {first.pid} since")
        assert (status_in(work)["phase"], status_in(work)["pid"]) == ("sampling", first.pid)  # not the hurried one's
        with running(work, "run", "a") as second:
            waiting = f"waiting for a/house (pid {first.pid} since"
            assert any(waiting in line for line in second.stdout)  # reads until it says so
            end(first, signal.SIGKILL)
            out, _ = second.communicate(timeout=60)
            assert second.returncode == 0, out


@pytest.mark.parametrize("damage", ["cut", "garbage", "empty"])
def test_a_damaged_posterior_is_made_again(work, ran, damage):
    path = work / "results/a/house/posterior.nc"
    path.parent.mkdir(parents=True)
    whole = (ran / "results/a/house/posterior.nc").read_bytes()
    path.write_bytes({"cut": whole[: len(whole) // 3], "garbage": b"\0" * 5000, "empty": b""}[damage])
    flat = work / "results/sessions/small/flat_house.nc"
    flat.write_bytes(flat.read_bytes()[:1000])
    complete(work)
    load_posterior(path)
    load_posterior(flat)
