"""A file system that is cut off at any time: what was reported as written is there, and nothing else has its name.

The file system is ext4 in a file, mounted by a loop device, and cut off as by the power: what the kernel had not yet
written is lost. This needs root, loop devices and the tools of ext4.
"""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tallgrass_models.files.digests import FOLDER, verified

#: ``EXT4_IOC_SHUTDOWN``, and its flag that forgets what is in the journal but not on the disk.
_SHUTDOWN, _NO_LOG_FLUSH = 0x8004587D, 2
#: Writes files one after the other, as a step does, and reports each when it is done.
_WRITER = """
import sys, itertools
from pathlib import Path
from tallgrass_models.files.atomic import atomic_folder, write_text
from tallgrass_models.files.digests import written_by
folder = Path(sys.argv[1])
with written_by("count"):
    for k in itertools.count():
        write_text(folder / f"{k % 7}.txt", f"{k}\\n" * 5000)
        if k % 10 == 9:
            with atomic_folder(folder / "pictures") as pictures:
                for j in range(5):
                    (pictures / f"{j}.svg").write_text(f"{k}\\n" * 3000)
        print(k, flush=True)
"""


class Disk:
    """An ext4 file system in a file."""

    def __init__(self, folder: Path) -> None:
        self.image, self.home = folder / "image", folder / "home"
        self.home.mkdir()
        with self.image.open("wb") as file:
            file.truncate(48 * 2**20)
        self._do("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", self.image)

    def _do(self, *command: str | Path) -> None:
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            pytest.skip(f"{command[0]}: {done.stderr.strip()}")

    def mount(self) -> None:
        self._do("mount", "-o", "loop", self.image, self.home)

    def unmount(self) -> None:
        subprocess.run(["umount", str(self.home)], capture_output=True, timeout=60, check=False)

    def cut_off(self) -> None:
        handle = os.open(self.home, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, _SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        except OSError as error:
            pytest.skip(f"the file system cannot be cut off: {error}")
        finally:
            os.close(handle)


@pytest.fixture
def disk(tmp_path):
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        pytest.skip("needs Linux, root and the tools of ext4")
    made = Disk(tmp_path)
    made.mount()
    yield made
    made.unmount()


def whole(path: Path) -> int:
    """The number of which a file of the writer is full."""
    (number,) = set(verified(path).read_text().split())
    return int(number)


def cut_while_writing(disk: Disk, seconds: float) -> None:
    """Cut the disk off while a process writes, and look at what is there afterwards."""
    with subprocess.Popen([sys.executable, "-c", _WRITER, str(disk.home)], stdout=subprocess.PIPE, text=True) as job:
        assert job.stdout is not None
        first = job.stdout.readline()
        time.sleep(seconds)
        disk.cut_off()
        told = [int(line) for line in (first + job.stdout.read()).split()]
        job.kill()
    disk.unmount()
    disk.mount()
    found = {path.name: whole(path) for path in disk.home.glob("*.txt")}
    for name in {f"{k % 7}.txt" for k in told}:
        newest = max(k for k in told if f"{k % 7}.txt" == name)
        assert found[name] in (newest, newest + 7), f"{name} was reported with {newest}"
    next_one = f"{(max(told) + 1) % 7}.txt"  # which loses its digest before its content
    still = {name for name, number in found.items() if number in told} - {next_one}
    assert all((disk.home / FOLDER / f"{name}.sha256").stat().st_size for name in still)
    sizes = {whole(path) for path in (disk.home / "pictures").glob("*.svg")}
    assert len(sizes) <= 1


def test_a_cut_while_files_are_written_leaves_the_old_or_the_new(disk):
    for seconds in (0.0, 0.05, 0.3):
        cut_while_writing(disk, seconds)


def test_the_cut_is_one(disk):
    """Without fsync the name is there after it, and the content is gone."""
    naive = disk.home / "naive"
    temporary = disk.home / "naive.tmp"
    temporary.write_text("content")
    os.replace(temporary, naive)
    cut_while_writing(disk, 0.0)
    assert not naive.exists() or naive.read_text() == ""


@pytest.mark.long
def test_a_cut_at_many_times(disk):
    rng = random.Random(1)
    for _ in range(60):
        cut_while_writing(disk, rng.uniform(0, 6))
