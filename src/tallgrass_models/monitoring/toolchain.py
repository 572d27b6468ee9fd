"""The compiler and the linear algebra library that PyTensor would use."""

from __future__ import annotations

import importlib.util
import subprocess
import tempfile
from pathlib import Path


def backend(sampler: str) -> str:
    """Return what evaluates the log density for that sampler: ``numba``, ``jax``, ``c``, ``python`` or ``missing``."""
    if any(importlib.util.find_spec(name) is None for name in ("pymc", "numba", sampler)):
        return "missing"
    if sampler == "nutpie":
        return "numba"
    from pytensor.compile.mode import get_default_mode
    from pytensor.configdefaults import config

    linker = get_default_mode().linker
    kind = type(linker).__name__
    if kind in ("NumbaLinker", "JAXLinker"):
        return "numba" if kind == "NumbaLinker" else "jax"
    uses_c = kind in ("CLinker", "OpWiseCLinker", "DualLinker") or (kind == "VMLinker" and linker.c_thunks is not False)
    return "c" if uses_c and compiles(config.cxx) else "python"


def compiles(compiler: str) -> bool:
    """Return whether a C++ compiler makes a program."""
    if not compiler:
        return False
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "program.cpp")
        source.write_text("int main() { return 0; }\n", encoding="ascii")
        try:
            done = subprocess.run(
                [compiler, str(source), "-o", str(source.with_suffix(""))], capture_output=True, timeout=60
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    return done.returncode == 0
