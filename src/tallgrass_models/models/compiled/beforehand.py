"""PyTensor's machine code of a model, compiled by a process of its own and only loaded by the one that samples.

A function that PyTensor compiles over functions compiled in the same process may differ in the last digit from the same
function over functions loaded from disk. So the first fit of a model would make other draws than every later one.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from ..base import BuiltModel
from ..fast.model import FastModel
from .numba_internals import MARK
from .pytensor_internals import KEPT_IN

_log = logging.getLogger(__name__)

_PACKAGES = ("llvmlite", "numba", "nutpie", "pymc", "pytensor", "tallgrass-models")


def compile_beforehand(built: BuiltModel, identity: Sequence[str]) -> None:
    """Let another process compile a model for nutpie and keep the machine code, unless that has been done.

    A model whose log density is ours needs nothing (`nutpie`). What has the same ``identity`` and the same start is the
    same model. If the process fails, this one will compile, and the log says why.
    """
    if isinstance(built, FastModel) and built.is_compiled:
        return
    start = hashlib.sha256(b"".join(value.tobytes() for value in built.start.values()))
    mark = _mark([*identity, start.hexdigest()])
    if mark.exists():
        return
    import cloudpickle

    call = [sys.executable, "-m", __name__]
    done = subprocess.run(call, input=cloudpickle.dumps(built), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode:
        said = (done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        _log.warning("not compiled beforehand (%s); the last digits may differ from those of later runs", said)
        return
    try:
        mark.touch()
    except OSError as error:  # the next fit compiles beforehand again
        _log.info("%s: %s", KEPT_IN, error.strerror)


def _mark(identity: Sequence[str]) -> Path:
    """Return the file that is there once the machine code of a model is."""
    words = [*identity, *(f"{name} {version(name)}" for name in _PACKAGES), str(sys.version_info[:2])]
    return KEPT_IN / f"tallgrass_models_{hashlib.sha256('\n'.join(words).encode()).hexdigest()[:32]}{MARK}"


def _compile_here() -> None:
    from .nutpie import nutpie_model

    nutpie_model(pickle.load(sys.stdin.buffer))


if __name__ == "__main__":
    _compile_here()
