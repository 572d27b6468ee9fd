"""A run that finds nothing compiled gives the same last digits as every later one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small import small_chamber

from tallgrass_models.models.compiled import beforehand, nutpie
from tallgrass_models.models.compiled.numba_internals import MARK
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.priors.spec import BetaPriorSpec

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

TEXTBOOK = """
import hashlib
import numpy as np
from small import small_chamber
from tallgrass_models.models.compiled.beforehand import compile_beforehand
from tallgrass_models.models.compiled.nutpie import nutpie_model
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.sampling.density import of_nutpie

votes = small_chamber("senate", (8, 9, 0), 36, seed=51, apart=2.5, missing=0.05)
built = build_chamber(votes, BetaPriorSpec("normal", {"mu": 0.0, "sigma": 3.0}), 5.0, "reference")
compile_beforehand(built, ["these votes"])
model = nutpie_model(built)
ask, digest = of_nutpie(model), hashlib.sha256()
for seed in range(50):
    value, gradient = ask(np.random.default_rng(seed).standard_normal(model.n_dim))
    digest.update(np.float64(value).tobytes() + gradient.tobytes())
print(digest.hexdigest())
"""


@pytest.mark.slow
def test_nothing_compiled_gives_the_digits_of_later_runs(tmp_path):
    first = digest(CODE, tmp_path)
    kept = {path.name.partition("-")[0] for path in (tmp_path / "pytensor" / "numba").glob("nutpie.*.nbi")}
    assert kept >= {f"nutpie.{name}" for name in nutpie._COMMON}  # compiled beside what was asked for
    assert digest(CODE, tmp_path) == digest(CODE, tmp_path) == first


@pytest.mark.slow
def test_so_does_a_model_that_pytensor_compiles(tmp_path):
    """Without `compile_beforehand` the first log density differs in the last digit."""
    first = digest(TEXTBOOK, tmp_path)
    (mark,) = (tmp_path / "pytensor" / "numba").glob(f"*{MARK}")
    assert digest(TEXTBOOK, tmp_path) == first
    for path in mark.parent.glob("*.nbc"):
        path.write_bytes(b"damaged")
    assert digest(TEXTBOOK, tmp_path)
    assert not mark.exists()  # so the next process compiles beforehand again


def digest(code, folder):
    """Run code in a process that keeps machine code in this folder."""
    kept = {"PYTENSOR_FLAGS": f"base_compiledir={folder / 'pytensor'}", "NUMBA_CACHE_DIR": str(folder / "numba")}
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parent / "src"), str(HERE)])} | kept
    return subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True).stdout


def test_a_model_that_cannot_be_compiled_beforehand_is_told_of(caplog, monkeypatch, tmp_path):
    votes = small_chamber("senate", (4, 4, 0), 10, seed=1)
    built = build_chamber(votes, BetaPriorSpec("normal", {"mu": 0.0, "sigma": 1.0}), 5.0, "reference")
    monkeypatch.setattr(beforehand, "KEPT_IN", tmp_path)
    monkeypatch.setattr(beforehand.sys, "executable", "/bin/false")
    beforehand.compile_beforehand(built, ["these votes"])
    assert "not compiled beforehand (exit code 1)" in caplog.text
    assert not list(tmp_path.iterdir())


def test_a_process_that_cannot_compile_is_told_of(caplog, monkeypatch):
    monkeypatch.setattr(nutpie.sys, "executable", "/bin/false")
    nutpie._compile_elsewhere("_chamber_logp")
    assert "cannot be kept (exit code 1)" in caplog.text
