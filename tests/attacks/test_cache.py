"""Machine code kept on disk that is damaged, foreign or cannot be written: never run, never a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from damage import DAMAGES

from tallgrass_models.models.compiled.numba_internals import make_room, problem_of

_FUNCTION = """
import logging, numba
logging.basicConfig(level=logging.INFO, format="LOG %(name)s %(message)s")
logging.getLogger("pytensor").setLevel(logging.ERROR)
from tallgrass_models.models.compiled.pytensor_internals import is_kept, kept_c_function
def one(x):
    return 3 * x + 1
signature = numba.types.int64(numba.types.int64)
kept = is_kept(signature, one, "tallgrass_models_attack")
print("SAID", kept, kept_c_function(signature, one, "tallgrass_models_attack").ctypes(7))
"""


class Code:
    """A function of ours whose machine code is kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self) -> tuple[bool, str]:
        """Run the function in a process of its own: whether it was kept, and what the log said."""
        env = os.environ | {"PYTENSOR_FLAGS": f"base_compiledir={self.folder}"}
        done = subprocess.run(
            [sys.executable, "-c", _FUNCTION], capture_output=True, text=True, timeout=120, check=False, env=env
        )
        assert done.returncode == 0, done.stderr
        (said,) = [line.split() for line in done.stdout.splitlines() if line.startswith("SAID")]
        assert said[2] == "22"
        ours = [line for line in done.stderr.splitlines() if line.startswith("LOG tallgrass_models")]
        return said[1] == "True", "\n".join(ours)

    @property
    def files(self) -> dict[str, Path]:
        return {path.suffix: path for path in (self.folder / "numba").glob("*.nb?")}


@pytest.fixture
def code(tmp_path):
    made = Code(tmp_path / "compiled")
    assert made.run() == (False, "")
    assert set(made.files) == {".nbi", ".nbc"}
    return made


@pytest.mark.slow
def test_damaged_code_is_compiled_again_and_whole_code_is_loaded(code):
    assert code.run() == (True, "")
    for suffix, kind in ((".nbi", "cut"), (".nbc", "zeroed"), (".nbc", "empty"), (".nbi", "flipped bit")):
        DAMAGES[kind](code.files[suffix], seed=2)
        kept, said = code.run()
        assert not kept
        assert "compiled again" in said
    assert code.run() == (True, "")


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_code_of_another_user_is_not_run(code):
    os.chown(code.files[".nbc"], 65534, 65534)
    kept, said = code.run()
    assert not kept
    assert "another user may have written it" in said


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_is_left_alone(code):
    """Root may write everywhere, so a file is where the folder should be."""
    for path in code.files.values():
        path.unlink()
        path.mkdir()
    kept, said = code.run()
    assert not kept
    assert "is not kept" in said


@pytest.mark.parametrize("kind", DAMAGES)
def test_every_damage_to_sealed_code_of_ours_is_seen(tmp_path, kind):
    from tallgrass_models.models.compiled import numba_internals

    path = tmp_path / "tallgrass_models.1.nbc"
    content = bytes(range(256)) * 4
    path.write_bytes(content + numba_internals._MAGIC + numba_internals.hashlib.sha256(content).digest())
    assert problem_of(path) is None
    DAMAGES[kind](path, seed=4)
    assert problem_of(path)


def test_code_that_anyone_may_write_is_refused(tmp_path):
    path = tmp_path / "other.nbc"
    path.write_bytes(b"PyTensor's own code has no seal")
    assert problem_of(path) is None
    path.chmod(0o666)
    assert problem_of(path) == "another user may have written it"


def test_the_oldest_code_makes_room(tmp_path):
    for k in range(5):
        path = tmp_path / f"{k}.nbc"
        path.write_bytes(bytes(100))
        os.utime(path, (1000 + k, 1000 + k))
    (tmp_path / "other").write_bytes(bytes(1000))
    make_room(tmp_path, most=250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["3.nbc", "4.nbc", "other"]
