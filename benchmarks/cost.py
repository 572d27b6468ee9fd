"""The cost of one gradient, of starting up, and of size."""

from __future__ import annotations

import ctypes
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import sessions
import yaml

from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.specs import fit_spec_json
from tallgrass_models.models.compiled.nutpie import nutpie_model
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.priors.spec import PRODUCTION_BETA

REPOSITORY = Path(__file__).parents[1]
SIZES = ((40, 100), (130, 300), (220, 1000), (440, 2000))


def all_costs(folder: Path) -> Iterator[str]:
    """Everything below, a paragraph each."""
    for lines in (gradient(), start_up(), fit_command(folder), workflow(folder), against_size()):
        yield from lines
        yield ""


def gradient() -> Iterator[str]:
    """The whole log density with its gradient against `numpy.exp` over as many cells: medians in one run."""
    votes = sessions.mild_house()
    compiled = nutpie_model(build_chamber(votes, PRODUCTION_BETA))
    call = _density_call(compiled)
    cells = np.random.default_rng(0).normal(size=votes.y.shape)
    out = np.empty_like(cells)
    density, exp = [], []
    for _ in range(7):  # in turns, so that both see the same machine
        density.append(_median_us(call, 2000))
        exp.append(_median_us(lambda: np.exp(cells, out=out), 500))
    ours, floor = statistics.median(density), statistics.median(exp)
    n, m = votes.y.shape
    yield (
        f"{n} x {m}: log density with gradient {ours:.0f} us, `numpy.exp` over as many cells {floor:.0f} us:"
        f" {ours / floor:.1f} times."
    )


def _density_call(compiled: Any) -> Callable[[], object]:
    """The C function that nutpie calls, at the starting point."""
    x = compiled.initial_point_func(0)
    gradient, value = np.empty_like(x), np.empty(1)
    pointer = ctypes.POINTER(ctypes.c_double)
    signature = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_uint64, pointer, pointer, pointer, ctypes.c_void_p)
    function = signature(compiled.compiled_logp_func.address)
    arrays = [array.ctypes.data_as(pointer) for array in (x, gradient, value)]
    data, keep = compiled.user_data.ctypes.data, (x, gradient, value, compiled)

    def call() -> object:
        return function(x.size, *arrays, data), keep

    return call


def _median_us(call: Callable[[], object], repeats: int) -> float:
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds) * 1e6


_FIRST_DRAW = """
import time; began = time.perf_counter()
import sys; sys.path.insert(0, {here!r})
from tallgrass_models.monitoring.threads import cap_threads; cap_threads()
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.priors.spec import PRODUCTION_BETA
from tallgrass_models.sampling.sample import sample
from tallgrass_models.votes.matrix import ChamberVotes
votes = ChamberVotes.load({votes!r})
sample(build_chamber(votes, PRODUCTION_BETA), SamplingConfig(draws=10, tune=10), "x", 2)
print(time.perf_counter() - began)
"""


def start_up() -> Iterator[str]:
    """Seconds from the first import to 20 draws in a new process, without and with machine code of earlier jobs."""
    with tempfile.TemporaryDirectory() as folder:
        votes = Path(folder, "votes.nc")
        sessions.mild_house().save(votes)
        script = _FIRST_DRAW.format(here=str(Path(__file__).parent), votes=str(votes))
        cold = _run(script, Path(folder, "cache"))
        warm = [_run(script, Path(folder, "cache")) for _ in range(3)]
    hot = statistics.median(warm)
    yield f"Import to first draw: {cold:.1f} s with no compiled code at hand, {hot:.1f} s after that."


def _run(script: str, cache: Path) -> float:
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=_compiling_in(cache))
    return float(done.stdout.split()[-1])


def _compiling_in(cache: Path) -> dict[str, str]:
    """The environment, with machine code kept in a folder."""
    return {**os.environ, "PYTENSOR_FLAGS": f"base_compiledir={cache}", "NUMBA_CACHE_DIR": str(cache / "numba")}


def workflow(folder: Path) -> Iterator[str]:
    """The main job, and all experiments with a joint model each, on the embedded session, from nothing."""
    written = (REPOSITORY / "config/experiments.yaml").read_text()
    config = yaml.safe_load(written)
    config["defaults"]["joint"] = True
    jobs = (
        ("Main job, first ever", "results/positive_beta/metrics.json", written),
        ("Main job with compiled code at hand", "results/positive_beta/metrics.json", written),
        (f"Sweep of {len(config['experiments'])} variants with joint models and comparison", "all", yaml.dump(config)),
    )
    for k, (what, target, text) in enumerate(jobs):
        home = folder / f"job{k}"
        (home / "config").mkdir(parents=True)
        (home / "config/experiments.yaml").write_text(text)
        command = [sys.executable, "-m", "snakemake", "--snakefile", str(REPOSITORY / "workflow/Snakefile")]
        command += ["--directory", str(home), "--cores", "4", target]
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, env=_compiling_in(folder / "cache"))
        if done.returncode:
            raise RuntimeError(done.stderr)
        yield from [""] * (k > 0)
        yield f"{what}: {time.perf_counter() - began:.0f} s from an empty results folder."


_SIZED = """
import sys, json, resource; sys.path.insert(0, {here!r})
import contenders, sessions
from tallgrass_models.config.sampling import SamplingConfig
votes = sessions.sized_house({n}, {m})
found = contenders.ours(votes, SamplingConfig())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps([*votes.y.shape, found.sample_s, found.ess, found.rhat, found.divergences, peak]))
"""


def against_size() -> Iterator[str]:
    """Default draws on Houses of growing size, each in a process of its own."""
    yield "| members x roll calls | sample s | least ESS | worst R-hat | divergences | peak GB |"
    yield "|---|---|---|---|---|---|"
    for n, m in SIZES:
        script = _SIZED.format(here=str(Path(__file__).parent), n=n, m=m)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        rows, columns, seconds, ess, rhat, divergences, peak = json.loads(done.stdout.splitlines()[-1])
        yield f"| {rows} x {columns} | {seconds:.1f} | {ess:.0f} | {rhat:.4f} | {divergences} | {peak:.2f} |"


_COMMAND = """
import resource, sys
from tallgrass_models.cli import main
code = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
sys.exit(code)
"""


def fit_command(folder: Path) -> Iterator[str]:
    """Time and peak memory of the whole command that fits the California House, default settings."""
    pair = sessions.real("california")
    if pair is None:
        yield "California House: TALLGRASS_REAL_DATA is not set."
        return
    data, out = folder / "california.nc", folder / "posterior.nc"
    pair["house"].save(data)
    config = ExperimentConfig("benchmark")
    arguments = ["fit-chamber", "--spec", fit_spec_json(config, "house"), "--data", str(data), "--cores", "2"]
    arguments += ["--out", str(out), "--live", str(folder / "live"), "--options", config.run_options("house").to_json()]
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", _COMMAND, *arguments], capture_output=True, text=True, check=True)
    seconds, peak = time.perf_counter() - began, float(done.stdout.split()[-1])
    n, m = pair["house"].y.shape
    yield (
        f"The command `fit-chamber` on the California House ({n} x {m}), default settings: {seconds:.0f} s in all,"
        f" peak memory {peak:.2f} GB, file {out.stat().st_size / 1e6:.0f} MB."
    )
