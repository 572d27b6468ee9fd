"""Home folders that are missing, full, or no folders: a step works, or one line says what to set."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

import pytest

from tallgrass_models import cli
from tallgrass_models.errors import UserError
from tallgrass_models.monitoring import homes

_COMMAND = [sys.executable, "-m", "tallgrass_models.cli"]


def imported_with(**environment: str) -> subprocess.CompletedProcess[str]:
    """Let a process find a place, and import PyTensor."""
    code = (
        "from tallgrass_models.monitoring.homes import find_place_for_compiled_code as find; find();"
        "import pytensor; print(pytensor.config.base_compiledir)"
    )
    env = {key: value for key, value in os.environ.items() if key != "PYTENSOR_FLAGS"} | environment
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, env=env)


@pytest.mark.slow
@pytest.mark.parametrize("home", ["/proc", "/dev/null", "", "not/absolute", "/proc/self/nothing"])
def test_compiled_code_finds_another_place(tmp_path, home):
    done = imported_with(HOME=home, TMPDIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / f"tallgrass-models-{os.getuid()}/compiled")


def test_a_folder_that_can_be_written_is_kept(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "pytensor", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTENSOR_FLAGS", "floatX=float64")
    homes.find_place_for_compiled_code()
    assert os.environ["PYTENSOR_FLAGS"] == "floatX=float64"
    assert list(tmp_path.iterdir()) == []


def test_other_flags_stay(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "pytensor", raising=False)
    monkeypatch.setenv("PYTENSOR_FLAGS", "base_compiledir=/proc/nothing,floatX=float64")
    monkeypatch.setattr(homes.tempfile, "gettempdir", lambda: str(tmp_path))
    homes.find_place_for_compiled_code()
    place = tmp_path / f"tallgrass-models-{os.getuid()}/compiled"
    assert os.environ["PYTENSOR_FLAGS"] == f"floatX=float64,base_compiledir={place}"
    assert place.stat().st_mode & 0o077 == 0


def test_nowhere_to_write_is_one_message(monkeypatch):
    monkeypatch.delitem(sys.modules, "pytensor", raising=False)
    monkeypatch.setenv("HOME", "/proc")
    monkeypatch.delenv("PYTENSOR_FLAGS", raising=False)
    monkeypatch.setattr(homes.tempfile, "gettempdir", lambda: "/proc")
    with pytest.raises(UserError, match="set HOME or TMPDIR"):
        homes.find_place_for_compiled_code()


@pytest.mark.parametrize("error", [ImportError("Could not find libllvmlite.so"), SystemError("no"), OSError("mmap")])
def test_a_limit_on_addresses_is_one_line(monkeypatch, capsys, error):
    """Libraries fail for it in many ways, when they are loaded or begin a thread."""

    def fail(args):
        raise error

    args = argparse.Namespace(action=fail, step="")
    monkeypatch.setattr(cli.resource, "getrlimit", lambda what: (800 * 2**20, 800 * 2**20))
    assert cli._run(args) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert str(error) in line
    assert "may use 800 MB of addresses" in line
    monkeypatch.setattr(cli.resource, "getrlimit", lambda what: (cli.resource.RLIM_INFINITY,) * 2)
    assert cli._run(args) == 70


@pytest.mark.parametrize("arguments", [["--help"], ["validate", "--help"], ["plan", "--help"]])
def test_optimised_python_has_help(arguments):
    done = subprocess.run(
        [*_COMMAND, *arguments], capture_output=True, text=True, timeout=60, env=os.environ | {"PYTHONOPTIMIZE": "2"}
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: tallgrass-models" in done.stdout
