"""A run that finds nothing compiled gives the same last digits as every later one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tallgrass_models.models.compiled import nutpie

HERE = Path(__file__).parent
CODE = """
import hashlib
import numpy as np
from small import small_chamber
from tallgrass_models.models.compiled.nutpie import density
from tallgrass_models.models.fast.chamber import build_chamber

built = build_chamber(small_chamber(sizes=(12, 15, 1), n_votes=60, apart=2.0))
ask, digest = density(built), hashlib.sha256()
for seed in range(100):
    x = np.random.default_rng(seed).standard_normal(sum(start.size for start in built.start.values()))
    value, gradient = ask(x)
    digest.update(np.float64(value).tobytes() + gradient.tobytes())
print(digest.hexdigest())
"""


@pytest.mark.slow
def test_nothing_compiled_gives_the_digits_of_later_runs(tmp_path):
    empty = {"PYTENSOR_FLAGS": f"base_compiledir={tmp_path / 'pytensor'}", "NUMBA_CACHE_DIR": str(tmp_path / "numba")}
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent / "src"), str(HERE)])} | empty

    def digest():
        return subprocess.run([sys.executable, "-c", CODE], env=env, check=True, capture_output=True, text=True).stdout

    first = digest()
    assert list((tmp_path / "pytensor" / "numba").glob("nutpie._chamber_logp*"))
    assert digest() == digest() == first


def test_a_process_that_cannot_compile_is_told_of(caplog, monkeypatch):
    monkeypatch.setattr(nutpie.sys, "executable", "/bin/false")
    nutpie._compile_elsewhere("_chamber_logp")
    assert "cannot be kept (exit code 1)" in caplog.text
