"""What can happen to `tallgrass-models run`: it ends as it should, nothing is half-done, and the next run completes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from faults import (
    SIGNALS,
    STAGES,
    all_processes,
    make_session,
    nothing_half_done,
    run,
    status_in,
    wait_for,
    wait_for_stage,
)

from tallgrass_models.monitoring.draws import load_draws
from tallgrass_models.posterior import load_posterior

#: Seconds in which a signal must have ended a fit.
IN_TIME = 2.0


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A folder in which the experiment ran whole. Tests copy it."""
    folder = make_session(tmp_path_factory.mktemp("ran"))
    complete(folder)
    return folder


@pytest.fixture
def work(ran, tmp_path):
    """The same without the fit of the experiment; its session's flat baseline is there."""
    return shutil.copytree(ran, tmp_path / "work", ignore=shutil.ignore_patterns("a", "*.lock"))


def complete(folder):
    job = run(folder, "run", "a")
    out, _ = job.communicate(timeout=120)
    assert job.returncode == 0, out
    found = json.loads((folder / "results/a/metrics.json").read_text())
    assert found["chambers"]["house"]["n_legislators"] == 21
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


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_at_each_stage(work, stage, number):
    job = run(work, "run", "a", stage=stage)
    wait_for_stage(work, stage, job)
    processes = all_processes(job)
    end(job, number)
    job.stdout.close()
    nothing_half_done(work, processes)
    assert not (work / "results/a/house/posterior.nc").exists()
    status = status_in(work)
    if number == signal.SIGKILL:
        assert status["phase"] == stage
    else:
        assert (status["phase"], status["reason"]) == ("failed", f"stopped by {number.name}")
    if stage == "sampling":  # killed outright too: what was saved on the way is there
        kept, _ = load_draws(work / "results/a/house/live/draws.npz")
        assert kept.lengths.max() >= 1
        assert np.isfinite(kept.draws["location"][np.argmax(kept.lengths), : kept.lengths.max()]).all()
    if stage == "writing":
        complete(work)


def test_terminal_hang_up_is_survived_under_nohup(work):
    """A signal that was ignored from the start stays ignored."""
    job = run(work, "run", "a", stage="compiling", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    wait_for_stage(work, "compiling", job)
    job.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        job.wait(timeout=1)
    end(job, signal.SIGTERM)
    job.stdout.close()


def test_compiled_code_that_will_not_stop_is_stopped(tmp_path):
    """Python sees no signal while such code runs."""
    script = (
        "import hashlib\n"
        "from tallgrass_models.monitoring.signals import exit_on_signals, last_words\n"
        "with exit_on_signals(), last_words(lambda why: open('why', 'w').write(why)):\n"
        "    print('ready', flush=True)\n"
        "    hashlib.pbkdf2_hmac('sha256', b'', b'', 10**9)\n"
    )
    job = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert job.stdout.readline() == "ready\n"
    end(job, signal.SIGTERM)
    job.stdout.close()
    assert (tmp_path / "why").read_text() == "stopped by SIGTERM"


def test_chains_that_are_processes_die_with_the_fit(work):
    """PyMC's chains, when the process that started them is killed outright."""
    config = work / "config/experiments.yaml"
    config.write_text(config.read_text().replace("chains: 2", "chains: 2, sampler: pymc"))
    shutil.rmtree(work / "results")
    job = run(work, "run", "a", "--cores", "2", stage="tuning")

    def chains():
        processes = all_processes(job)
        return processes if len(processes) == 3 else None

    processes = wait_for(chains, "two chains", 100)
    end(job, signal.SIGKILL)
    job.stdout.close()
    nothing_half_done(work, processes)


def test_status_folder_removed_while_it_samples(work):
    job = run(work, "run", "a", stage="sampling")
    wait_for_stage(work, "sampling", job)
    shutil.rmtree(work / "results/a/house/live")
    wait_for(lambda: status_in(work).get("phase") == "sampling", "a new status file")
    end(job, signal.SIGTERM)
    job.stdout.close()
    assert status_in(work)["phase"] == "failed"


def full_disk():
    """No file may grow beyond 20 kB: the error is that of a full disk but for its name."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_full_disk_is_one_message(work):
    """The posterior is larger than what there is room for."""
    job = run(work, "run", "a", preexec_fn=full_disk)
    out, _ = job.communicate(timeout=60)
    assert job.returncode == 2, out
    errors = [line for line in out.splitlines() if "error" in line]
    assert len(errors) == 1
    assert "posterior.nc: cannot be written" in errors[0]
    assert "Traceback" not in out
    nothing_half_done(work, [])
    assert not (work / "results/a/house/posterior.nc").exists()
    complete(work)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_results_are_one_message(work):
    (work / "results").chmod(0o555)
    job = run(work, "run", "a")
    out, _ = job.communicate(timeout=60)
    assert job.returncode == 2
    assert "cannot be written" in out
    assert "Traceback" not in out


def test_results_that_are_a_file_are_one_message(work):
    shutil.rmtree(work / "results")
    (work / "results").write_text("")
    job = run(work, "run", "a")
    out, _ = job.communicate(timeout=60)
    assert job.returncode == 2
    assert "cannot be written" in out
    assert "Traceback" not in out


def test_a_second_run_waits_or_fails_at_once(work):
    first = run(work, "run", "a", stage="sampling")
    wait_for_stage(work, "sampling", first)
    hurried = run(work, "run", "a", "--no-wait")
    out, _ = hurried.communicate(timeout=60)
    assert hurried.returncode == 2
    assert f"not started, because of a/house (pid {first.pid} since" in out
    second = run(work, "run", "a")
    assert any(f"waiting for a/house (pid {first.pid} since" in line for line in second.stdout)  # reads until told
    end(first, signal.SIGKILL)
    first.stdout.close()
    out, _ = second.communicate(timeout=60)
    assert second.returncode == 0, out


@pytest.mark.parametrize("damage", ["cut", "garbage", "empty"])
def test_a_damaged_posterior_is_named_and_made_again(work, ran, damage):
    path = work / "results/a/house/posterior.nc"
    path.parent.mkdir(parents=True)
    whole = (ran / "results/a/house/posterior.nc").read_bytes()
    path.write_bytes({"cut": whole[: len(whole) // 3], "garbage": b"\0" * 5000, "empty": b""}[damage])
    flat = work / "results/sessions/small/flat_house.nc"
    flat.write_bytes(flat.read_bytes()[:1000])
    complete(work)
    load_posterior(path)
    load_posterior(flat)
