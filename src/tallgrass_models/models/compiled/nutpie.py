"""Models in the form that nutpie samples."""

from __future__ import annotations

import ctypes
import dataclasses
import hashlib
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numba
import numpy as np
from numba.extending import intrinsic

from ...priors import constants
from ..base import BuiltModel
from ..fast import bends
from ..fast.evidence import Density
from ..fast.model import FastModel
from ..fast.stretch import find_stretch
from ..fast.trajectories import predicted_step
from . import densities, nutpie_internals, pytensor_internals
from .drift import drift_density
from .dynamic import dynamic_density
from .joint import joint_density
from .plane import plane_density
from .stretch import gradient_back, stretched

if TYPE_CHECKING:
    import pymc as pm
    from nutpie.sample import CompiledModel

_log = logging.getLogger(__name__)

# int64 logp(n_dim, x, gradient, value, data), int64 expand(n_dim, n_expanded, x, out, data): nutpie's C functions. They
# return 0, or 1 to reject a point.
_DOUBLES, _SIZE = numba.types.CPointer(numba.types.double), numba.types.uint64
_LOGP_SIGNATURE = numba.types.int64(_SIZE, _DOUBLES, _DOUBLES, _DOUBLES, numba.types.voidptr)
_EXPAND_SIGNATURE = numba.types.int64(_SIZE, _SIZE, _DOUBLES, _DOUBLES, numba.types.voidptr)

#: Functions that the fits of every session need. Where one of them is missing, all that are missing are compiled, side
#: by side: on two cores this takes as long as the first alone.
_COMMON = ("_chamber_logp", "_flat_logp", "_expand")


class Ready(NamedTuple):
    """A model in nutpie's form, with the step that it is predicted to take; None if that is not known."""

    model: CompiledModel
    step: float | None


def nutpie_model(built: BuiltModel) -> CompiledModel:
    """Make the model in nutpie's form alone; see `ready`."""
    return ready(built).model


def ready(built: BuiltModel) -> Ready:
    """Make the model in nutpie's form, with starts about ``built.start``; its draws are those of the free variables.

    A compiled density is sampled in coordinates stretched by its curvature about the start.

    A `FastModel` may bring its log density as machine code that numba keeps between processes. Any other model goes
    through nutpie's compilation of PyMC models, which takes many seconds each time.
    """
    if isinstance(built, FastModel) and built.is_compiled:
        return _from_density(built)
    names = [variable.name for variable in built.model.free_RVs]
    compiled = nutpie_internals.import_nutpie().compile_pymc_model(
        built.model, initial_points=built.start, jitter_rvs=set(), var_names=names, freeze_model=False
    )
    places = [unconstrained(built.model, start) for start in (built.start, *built.other_starts)]
    return Ready(dataclasses.replace(compiled, initial_point_func=_starts(places, _scatter(built, names))), None)


def unconstrained(model: pm.Model, start: Mapping[str, np.ndarray]) -> np.ndarray:
    """Join the values of all free variables on the scale of the sampler, one after another."""
    from pymc.initial_point import make_initial_point_fn

    point = make_initial_point_fn(model=model, overrides=dict(start), jitter_rvs=set(), return_transformed=True)(0)
    return _joined({variable.name: point[model.rvs_to_values[variable].name] for variable in model.free_RVs})


def _scatter(built: BuiltModel, names: Sequence[str]) -> np.ndarray:
    return _joined({name: built.scatter.get(name, np.zeros_like(built.start[name], dtype=float)) for name in names})


def _joined(values: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.concatenate([np.ravel(value) for value in values.values()]).astype(float)


def density(built: FastModel) -> Density:
    """Return the compiled log density of a model with its gradient, as a Python function."""
    data = [np.ascontiguousarray(part) for part in built.data]
    function = _c_function(_LOGP_SIGNATURE, _LOGP[built.density]).ctypes
    return asked(function, _addresses([*data, np.empty(0)]), data)


def asked(function: Any, user_data: np.ndarray, alive: Any = None) -> Density:
    """Wrap a C function of the signature `_LOGP_SIGNATURE` as a Python one, which keeps ``alive`` from being freed."""

    def at(x: np.ndarray) -> tuple[float, np.ndarray]:
        x = np.ascontiguousarray(x, dtype=float)
        gradient, value = np.zeros_like(x), np.zeros(1)
        function(x.size, _doubles(x), _doubles(gradient), _doubles(value), user_data.ctypes.data)
        return float(value[0]), gradient

    at.alive = alive  # type: ignore[attr-defined]
    return at


def _doubles(array: np.ndarray) -> Any:
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_double))


def _addresses(data: Sequence[np.ndarray]) -> np.ndarray:
    """Pack addresses and lengths of arrays, as `_data` reads them."""
    return np.array([number for part in data for number in (part.ctypes.data, part.size)], dtype=np.uint64)


def _from_density(built: FastModel) -> Ready:
    """Wrap the density as nutpie wraps a PyMC model's: in C functions, which chains call without the GIL."""
    names, places = list(built.start), [_joined(start) for start in (built.start, *built.other_starts)]
    asked_here = density(built)
    stretch = find_stretch(asked_here, places[0], built.scalars())
    data = [*(np.ascontiguousarray(part) for part in built.data), stretch.packed()]
    logp, expand = _c_function(_LOGP_SIGNATURE, _LOGP[built.density]), _c_function(_EXPAND_SIGNATURE, _expand)
    functions = nutpie_internals.Functions(logp, expand, _addresses(data), data)
    shapes, starts = {name: value.shape for name, value in built.start.items()}, _starts(places, _scatter(built, names))
    model = nutpie_internals.model_of(functions, shapes, lambda seed: stretch.inverse(starts(seed)))
    return Ready(model, predicted_step(asked_here, places[0], stretch))


def _starts(places: Sequence[np.ndarray], scatter: np.ndarray) -> Callable[[int], np.ndarray]:
    """Make the function that starts each chain at one place after the other, scattered by the chain's own seed.

    nutpie calls it once for each chain, in their order, with a seed that depends on the chain and on the seed of the
    fit.
    """
    asked_before: list[int] = []

    def start(seed: int) -> np.ndarray:
        if seed not in asked_before:
            asked_before.append(seed)
        place = places[asked_before.index(seed) % len(places)]
        return place + scatter * np.random.default_rng(seed).standard_normal(place.size)

    return start


def _source_version() -> str:
    """Hash all the source that goes into the machine code; numba would notice changes of this file only."""
    others = (Path(str(module.__file__)) for module in (constants, bends))
    files = [*sorted(Path(__file__).parent.glob("*.py")), *others]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


@cache
def _c_function(signature: Any, function: Callable[..., int]) -> Any:
    """Load the machine code of another process from PyTensor's folder of such code.

    If there is none, a process of its own compiles it first. Code that is compiled here would give other last digits
    than the same code loaded, because numba links it to functions compiled before.
    """
    name = _name_of_code()
    if not pytensor_internals.is_kept(signature, function, name):
        _compile_elsewhere(function.__name__)
    return pytensor_internals.kept_c_function(signature, function, name)


def _name_of_code() -> str:
    return f"tallgrass_models_{_source_version()}"


def _compile_elsewhere(name: str) -> None:
    """Let other processes compile and keep the C function ``name`` of this module, and those of `_COMMON` beside it.

    If it cannot be kept, this process will compile, and the log says why.
    """
    others = [other for other in _COMMON if other != name and not _is_kept(other)] if name in _COMMON else []
    children = [_started_elsewhere(each) for each in (name, *others)]
    try:
        (_, said), *_ = [child.communicate() for child in children]
    finally:
        for child in children:
            child.kill()  # none goes on if this process is told to end
    if failed := children[0].returncode:
        last = (said.strip().splitlines() or [f"exit code {failed}"])[-1]
        _log.warning(
            "the compiled density cannot be kept (%s); the last digits may differ from those of other runs", last
        )


def _started_elsewhere(name: str) -> subprocess.Popen[str]:
    call = [sys.executable, "-m", f"{__package__}.elsewhere", name]
    nothing, kept = subprocess.DEVNULL, subprocess.PIPE
    return subprocess.Popen(call, stdin=nothing, stdout=nothing, stderr=kept, text=True)


def _is_kept(name: str) -> bool:
    function = globals()[name]
    return pytensor_internals.is_kept(_signature_of(function), function, _name_of_code())


def compile_here(name: str) -> None:
    """Compile the C function ``name`` of this module, and keep its machine code."""
    function = globals()[name]
    pytensor_internals.kept_c_function(_signature_of(function), function, _name_of_code())


def _signature_of(function: Callable[..., int]) -> Any:
    return _EXPAND_SIGNATURE if function is _expand else _LOGP_SIGNATURE


@intrinsic  # type: ignore[untyped-decorator]
def _pointer(typingctx: Any, address: Any) -> Any:
    """Take a number as an address."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], context.get_value_type(numba.types.voidptr))

    return numba.types.voidptr(numba.types.uint64), codegen


@numba.njit(inline="always")  # type: ignore[untyped-decorator]
def _data(user_data):  # type: ignore[no-untyped-def]
    """Read the three arrays of a model and that of the stretch, whose addresses and lengths ``user_data`` lists."""
    at = numba.carray(user_data, (8,), np.uint64)
    sizes = numba.carray(_pointer(at[0]), (at[1],), np.int64)
    numbers = numba.carray(_pointer(at[2]), (at[3],), np.float64)
    line = numba.carray(_pointer(at[6]), (at[7],), np.float64)
    return sizes, numbers, numba.carray(_pointer(at[4]), (at[5],), np.int8), line


@numba.njit(inline="always")  # type: ignore[untyped-decorator]
def _hand_over(value, gradient, line, gradient_out, value_out):  # type: ignore[no-untyped-def]
    out, total = numba.carray(gradient_out, (gradient.size,)), value
    gradient_back(gradient, line, out)
    for i in range(gradient.size):
        total += out[i]
    value_out[0] = value
    return 0 if np.isfinite(total) else 1


def _chamber_logp(n_dim, x, gradient_out, value_out, user_data):  # type: ignore[no-untyped-def]
    sizes, numbers, signs, line = _data(user_data)
    value, gradient = densities.chamber_density(stretched(numba.carray(x, (n_dim,)), line), sizes, numbers, signs)
    return _hand_over(value, gradient, line, gradient_out, value_out)


def _flat_logp(n_dim, x, gradient_out, value_out, user_data):  # type: ignore[no-untyped-def]
    sizes, numbers, signs, line = _data(user_data)
    value, gradient = densities.flat_density(stretched(numba.carray(x, (n_dim,)), line), sizes, numbers, signs)
    return _hand_over(value, gradient, line, gradient_out, value_out)


def _joint_logp(n_dim, x, gradient_out, value_out, user_data):  # type: ignore[no-untyped-def]
    sizes, numbers, signs, line = _data(user_data)
    value, gradient = joint_density(stretched(numba.carray(x, (n_dim,)), line), sizes, numbers, signs)
    return _hand_over(value, gradient, line, gradient_out, value_out)


def _plane_logp(n_dim, x, gradient_out, value_out, user_data):  # type: ignore[no-untyped-def]
    sizes, numbers, signs, line = _data(user_data)
    value, gradient = plane_density(stretched(numba.carray(x, (n_dim,)), line), sizes, numbers, signs)
    return _hand_over(value, gradient, line, gradient_out, value_out)


def _drift_logp(n_dim, x, gradient_out, value_out, user_data):  # type: ignore[no-untyped-def]
    sizes, numbers, signs, line = _data(user_data)
    value, gradient = drift_density(stretched(numba.carray(x, (n_dim,)), line), sizes, numbers, signs)
    return _hand_over(value, gradient, line, gradient_out, value_out)


def _dynamic_logp(n_dim, x, gradient_out, value_out, user_data):  # type: ignore[no-untyped-def]
    sizes, numbers, signs, line = _data(user_data)
    value, gradient = dynamic_density(stretched(numba.carray(x, (n_dim,)), line), sizes, numbers, signs)
    return _hand_over(value, gradient, line, gradient_out, value_out)


def _expand(n_dim, n_expanded, x, out, user_data):  # type: ignore[no-untyped-def]
    at = stretched(numba.carray(x, (n_dim,)), _data(user_data)[3])
    for i in range(n_dim):
        out[i] = at[i]
    return 0


_LOGP = {
    "chamber": _chamber_logp,
    "flat": _flat_logp,
    "joint": _joint_logp,
    "drift": _drift_logp,
    "plane": _plane_logp,
    "dynamic": _dynamic_logp,
}
