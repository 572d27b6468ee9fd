"""What is borrowed from inside other libraries is still there, and does what our modules say it does.

A test that fails here after an upgrade names the module to mend, whose docstring says what breaks meanwhile.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tallgrass_models.config import snakemake_internals

SRC = Path(snakemake_internals.__file__).parents[2]

SNAKEFILE = """\
import sys
sys.path.insert(0, {src!r})
from tallgrass_models.config import snakemake_internals
snakemake_internals.limit_samplers(workflow, 3)

onstart:
    print("will sample:", snakemake_internals.will_sample_here(workflow))

rule all:
    input: ["{target}"]

rule fit_one:
    output: "fit"
    resources: mcmc=1
    shell: "touch {{output}}"

rule other:
    input: "fit"
    output: "other"
    shell: "touch {{output}}"
"""


@pytest.fixture
def seen(tmp_path):
    """Run the Snakefile above; return the limit on ``mcmc`` as Snakemake tells it, and whether a fit is to come."""

    def run(target, *args):
        (tmp_path / "Snakefile").write_text(SNAKEFILE.format(src=str(SRC), target=target))
        command = [sys.executable, "-m", "snakemake", "--cores", "1", "--quiet", "rules", *args]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"config/snakemake_internals.py: {done.stderr}"
        limit = re.search(r"^Provided resources: .*mcmc\D*(\d+)", done.stderr, re.M)
        return limit and int(limit[1]), re.search("will sample: (.*)", done.stdout)[1]

    return run


def test_snakemake_has_a_limit_on_samplers_and_knows_whether_a_fit_will_run(seen, tmp_path):
    assert seen("other") == (3, "True")
    os.remove(tmp_path / "other")
    assert seen("other", "--resources", "mcmc=2") == (2, "False")


MAKES_AGAIN = """\
import sys
sys.path.insert(0, {src!r})
from pathlib import Path
from tallgrass_models.config import snakemake_internals
snakemake_internals.make_again(workflow, lambda: [Path("out/first"), Path("out/other")])

rule all:
    input: "out/second"

rule first:
    output: "out/first"
    shell: "touch {{output}}; echo first >> made"

rule second:
    input: "out/first"
    output: "out/second"
    shell: "touch {{output}}; echo second >> made"

rule other:
    output: "out/other"
    shell: "touch {{output}}; echo other >> made"
"""


def test_snakemake_makes_damaged_files_again_but_only_those_that_are_asked_for(tmp_path):
    (tmp_path / "Snakefile").write_text(MAKES_AGAIN.format(src=str(SRC)))
    for _ in range(2):
        command = [sys.executable, "-m", "snakemake", "--cores", "1", "--quiet"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"config/snakemake_internals.py: {done.stderr}"
    assert (tmp_path / "made").read_text().split() == ["first", "second"] * 2


def test_numba_reads_and_writes_kept_code_by_the_methods_that_we_replace():
    """`tests/attacks/test_cache.py` says what the replacements do."""
    code = (
        "from numba.core.caching import IndexDataCacheFile as kept;"
        "names = '_load_index', '_load_data', '_open_for_write', 'save', '_data_path';"
        "theirs = [getattr(kept, name) for name in names];"
        "from tallgrass_models.models.compiled import jit;"
        "print(*(getattr(kept, name) is not old for name, old in zip(names, theirs)))"
    )
    assert python(code) == ["True"] * 4 + ["False"]


def python(code, **environment):
    """What a Python of its own prints, in words."""
    env = os.environ | {"PYTHONPATH": str(SRC)} | environment
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_nutpie_comes_without_arviz():
    """Whoever needs nutpie's conversion, or arviz itself, still gets it."""
    code = (
        "import sys; from tallgrass_models.models.compiled.nutpie_internals import import_nutpie; import_nutpie();"
        "print('matplotlib' in sys.modules, 'arviz' in sys.modules);"
        "theirs = sys.modules['nutpie.sample'].arviz.from_dict; import arviz; print(theirs is arviz.from_dict)"
    )
    assert python(code) == ["False", "False", "True"]


def test_nutpie_samples_c_functions_of_our_own():
    """Two normal variables with the scales that ``user_data`` holds."""
    import numba

    from tallgrass_models.models.compiled.nutpie_internals import Functions, import_nutpie, model_of

    size, doubles = numba.types.uint64, numba.types.CPointer(numba.types.double)

    @numba.cfunc(numba.types.int64(size, doubles, doubles, doubles, doubles))
    def logp(n, x, gradient, value, scales):
        total = 0.0
        for i in range(n):
            gradient[i] = -x[i] / scales[i] ** 2
            total += x[i] * gradient[i] / 2
        value[0] = total
        return 0

    @numba.cfunc(numba.types.int64(size, size, doubles, doubles, doubles))
    def expand(n, n_expanded, x, out, scales):
        for i in range(n):
            out[i] = x[i]
        return 0

    scales = np.array([1.0, 10.0, 0.1])
    functions = Functions(logp, expand, scales, [scales])
    model = model_of(functions, {"a": (), "b": (2,)}, lambda seed: np.random.default_rng(seed).normal(size=3))
    assert model.n_dim == 3
    nutpie = import_nutpie()
    trace = nutpie.sample(model, draws=2000, tune=500, chains=2, seed=1, progress_bar=False, return_raw_trace=True)
    import pyarrow

    batches = [pyarrow.record_batch(batch) for batch in trace.get_arrow_trace()[0]]
    b = np.concatenate([np.stack(batch.column("b").to_numpy(zero_copy_only=False))[500:] for batch in batches])
    a = np.concatenate([batch.column("a").to_numpy() for batch in batches])
    assert a.std() == pytest.approx(1, rel=0.15)
    assert b.std(0) == pytest.approx(scales[1:], rel=0.15)


def test_pytensor_keeps_machine_code_by_the_name_that_we_give(tmp_path):
    """A later process loads it, and one with another name compiles."""
    code = (
        "import numba; from tallgrass_models.models.compiled.pytensor_internals import kept_c_function\n"
        "def one(x): return {}\n"
        "kept = kept_c_function(numba.types.int64(numba.types.int64), one, {!r})\n"
        "print(kept.cache_hits, kept.ctypes(1))"
    )
    folder = {"PYTENSOR_FLAGS": f"base_compiledir={tmp_path}"}
    assert python(code.format("x + 1", "first"), **folder) == ["0", "2"]
    assert python(code.format("x + 1", "first"), **folder) == ["1", "2"]
    assert python(code.format("x + 2", "second"), **folder) == ["0", "3"]


def test_pytensor_compiles_an_operation_of_our_own():
    """In numba mode Python's way through the operation is not taken."""
    from unittest import mock

    import pytensor
    import pytensor.tensor as pt

    from tallgrass_models.models.compiled.pytensor_op import VoteLogLik, vote_loglik

    u, w, a = pt.dvectors("u", "w", "a")
    sign = np.array([[1, -1, 0], [1, 1, -1]], dtype=np.int8)
    value = pytensor.function([u, w, a], vote_loglik(u, w, a, sign), mode="NUMBA")
    with mock.patch.object(VoteLogLik, "perform", side_effect=AssertionError("in Python")):
        found = value([0.5, -1.0], [1.0, 2.0, 0.0], [0.1, 0.0, 0.0])
    logit = np.outer([0.5, -1.0], [1.0, 2.0, 0.0]) - [0.1, 0.0, 0.0]
    assert found == pytest.approx(-np.log1p(np.exp(-sign * logit))[sign != 0].sum())


def test_pymc_shows_the_statistics_of_a_chain_that_runs():
    import pymc as pm

    from tallgrass_models.sampling.pymc_internals import statistic_so_far

    seen = {}

    def look(trace, draw):
        step = statistic_so_far(trace, ("no such name", "step_size"))
        seen[draw.draw_idx] = step[draw.draw_idx], draw.stats[0]["step_size"]

    with pm.Model():
        pm.Normal("x")
        pm.sample(
            draws=20, tune=20, chains=1, cores=1, random_seed=1, callback=look, progressbar=False, quiet=True,
            compute_convergence_checks=False,
        )  # fmt: skip
    assert len(seen) == 40
    assert all(ours == theirs for ours, theirs in seen.values())
