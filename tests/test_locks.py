"""The sampler lock: as many holders as slots, whatever happens to holders, files and clocks."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tallgrass_models.errors import UserError
from tallgrass_models.monitoring import locks, process
from tallgrass_models.monitoring.locks import Holder, Lock, holders
from tallgrass_models.monitoring.slots import one_of, sampler_slots

#: Holds one of n slots for a moment, and notes when: a fit without the fitting. On "go" of everybody at once.
FIT = """
import os, sys, time
from tallgrass_models.monitoring.locks import Holder
from tallgrass_models.monitoring.slots import one_of, sampler_slots
slots, hold = int(sys.argv[1]), float(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
with one_of(sampler_slots(slots), Holder.me("stand-in"), wait=True):
    began = time.monotonic()
    time.sleep(hold)
    print(began, time.monotonic(), flush=True)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TALLGRASS_RUNTIME_DIR", str(tmp_path))
    return tmp_path


def start(slots, hold):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    job = subprocess.Popen([sys.executable, "-c", FIT, str(slots), str(hold)], text=True, **pipes)
    assert job.stdout.readline() == "ready\n"
    return job


def go(jobs):
    for job in jobs:
        job.stdin.write("go\n")
        job.stdin.flush()


def most_at_once(times):
    edges = sorted([(began, 1) for began, _ in times] + [(ended, -1) for _, ended in times])
    running = most = 0
    for _, change in edges:
        running += change
        most = max(most, running)
    return most


@pytest.mark.parametrize("slots", [1, 2])
def test_many_starts_at_once(slots):
    """Twenty fits (for two slots, six) started together, each time the lock changes hands."""
    jobs = [start(slots, 0.02) for _ in range(20 if slots == 1 else 6)]
    go(jobs)
    times = [tuple(map(float, job.communicate(timeout=60)[0].split())) for job in jobs]
    assert most_at_once(times) == slots
    assert all(job.returncode == 0 for job in jobs)
    assert holders() == []


def test_a_killed_holder_leaves_the_lock_free():
    job = start(1, 100)
    go([job])
    deadline = time.monotonic() + 20
    while not holders():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert [holder.pid for holder in holders()] == [job.pid]
    job.kill()
    job.communicate()
    assert holders() == []
    (slot,) = sampler_slots(1)
    assert slot.acquire(Holder.me("next"))
    slot.release()


def test_a_fork_does_not_hold_the_lock_beyond_its_parent(folder):
    """A chain that is a process and outlives the fit for a moment must not keep the next fit waiting."""
    script = (
        "import os, sys, time\n"
        "from tallgrass_models.monitoring.locks import Holder\n"
        "from tallgrass_models.monitoring.slots import sampler_slots\n"
        "sampler_slots(1)[0].acquire(Holder.me('parent'))\n"
        "child = os.fork()\n"
        "if child:\n    print(child, flush=True); os._exit(0)\n"
        "time.sleep(60)\n"
    )
    job = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    child = int(job.stdout.readline())
    job.wait()
    try:
        (slot,) = sampler_slots(1)
        deadline = time.monotonic() + 20  # the child has to get as far as to close its copy
        while not slot.acquire(Holder.me("next")):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        slot.release()
    finally:
        os.kill(child, signal.SIGKILL)
        job.stdout.close()


def test_a_removed_file_does_not_let_two_in(folder):
    """Whoever opened the old file before it was removed must not take it for the lock."""
    path = folder / "a.lock"
    old = os.open(path, os.O_RDWR | os.O_CREAT)  # as a waiting process has it
    first = Lock(path)
    path.unlink()
    assert first.acquire(Holder.me("first"))
    assert not os.path.samestat(os.fstat(old), path.stat())
    second = Lock(path)
    assert not second.acquire(Holder.me("second"))
    first.release()
    os.close(old)
    assert path.exists()  # releasing does not remove it


def test_no_waiting_names_the_holder():
    (slot,) = sampler_slots(1)
    assert slot.acquire(Holder.me("a/house"))
    with (
        pytest.raises(UserError, match=rf"b/house: not started, because of a/house .pid {os.getpid()} since 20"),
        one_of(sampler_slots(1), Holder.me("b/house"), wait=False),
    ):
        pass
    slot.release()


def test_a_number_that_is_used_again_is_another_process(monkeypatch):
    """Processes are told apart by when they began, which does not depend on the clock."""
    me = process.start_of(os.getpid())
    assert process.is_alive(os.getpid(), me)
    assert not process.is_alive(os.getpid(), me + "1")
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert process.start_of(os.getpid()) == me
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert process.start_of(ended.pid) is None


def test_a_folder_of_somebody_else_is_refused(folder, monkeypatch):
    elsewhere = folder / "theirs"
    elsewhere.mkdir()
    monkeypatch.setenv("TALLGRASS_RUNTIME_DIR", str(elsewhere))
    monkeypatch.setattr(os, "getuid", lambda: elsewhere.stat().st_uid + 1)
    with pytest.raises(UserError, match="not this user's own"):
        locks.runtime_folder()
    monkeypatch.undo()
    link = folder / "link"
    link.symlink_to(elsewhere)
    monkeypatch.setenv("TALLGRASS_RUNTIME_DIR", str(link))
    with pytest.raises(UserError, match="not this user's own"):
        locks.runtime_folder()
