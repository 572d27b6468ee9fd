"""The fast models as PyMC models, for PyMC's own sampler and for tests of the compiled densities."""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt
from pytensor.compile.mode import Mode

from ..compiled.pytensor_op import vote_loglik
from .evidence import Density

if TYPE_CHECKING:
    from .chamber_map import FastChamber
    from .flat_map import FastFlat
    from .joint_map import FastJoint, JointPoint

_Shapes = Mapping[str, tuple[int, ...]]


def chamber_model(fast: FastChamber, sign: np.ndarray) -> pm.Model:
    """Make the PyMC model of `chamber_map.FastChamber`; ``sign`` has the order of the fast model."""
    in_model, shapes = as_data(fast), fast.shapes()
    with pm.Model() as model:
        parties, at = in_model.forward(flat(shapes), pt)
        pm.Potential("prior", in_model.log_prior(parties, at, pt))
        pm.Potential("votes", vote_loglik(parties.u, at.w, at.a, pytensor.shared(sign, name="sign")))
    return model


def flat_model(fast: FastFlat, sign: np.ndarray) -> pm.Model:
    """Make the PyMC model of `flat_map.FastFlat`; ``sign`` has the order of the fast model."""
    in_model, shapes = as_data(fast), fast.shapes()
    with pm.Model() as model:
        at, at_bills = in_model.forward(flat(shapes), pt)
        pm.Potential("prior", in_model.log_prior(at, at_bills, pt))
        pm.Potential("votes", vote_loglik(at.u, at_bills.w, at_bills.a, pytensor.shared(sign, name="sign")))
    return model


def joint_model(fast: FastJoint, signs: tuple[np.ndarray, ...]) -> pm.Model:
    """Make the PyMC model of `joint_map.FastJoint`, with the votes of House and Senate."""
    in_model, shapes = as_data(fast), fast.shapes()
    with pm.Model() as model:
        v = flat(shapes)
        at = in_model.forward(v, pt)
        pm.Potential("prior", in_model.log_prior(at, v, pt))
        for (name, u, w, a), sign in zip(joint_curves(at), signs, strict=True):
            pm.Potential(f"{name}_votes", vote_loglik(u, w, a, pytensor.shared(sign, name=f"{name}_sign")))
    return model


def joint_curves(at: JointPoint) -> list[tuple[str, Any, Any, Any]]:
    """List for House and Senate the name, the members' positions and the bills' slopes and intercepts in its frame."""
    house = [at.house_only.w, at.shared.w], [at.house_only.a, at.shared.a]
    senate = [at.shared_w, at.senate_only.w], [at.shared_a, at.senate_only.a]
    return [
        (name, members.u, *(pt.concatenate(parts) for parts in bills))
        for name, members, bills in (("house", at.house, house), ("senate", at.senate, senate))
    ]


def uncompiled_density(model: pm.Model) -> Density:
    """Return value and gradient of a model without transforms, as a function of its variables in one vector.

    PyTensor interprets the graph, so there is no wait for compilation, and a value takes some milliseconds.
    """
    variables = [model.rvs_to_values[variable] for variable in model.free_RVs]
    shapes = [variable.type.shape for variable in model.free_RVs]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    # one after the other, since the interpreter adds no more than 32 terms at once
    logp = functools.reduce(operator.add, (term.sum() for term in model.logp(sum=False)))
    mode = Mode(linker="py", optimizer=None)
    function = pytensor.function(variables, [logp, *pytensor.grad(logp, variables)], mode=mode)

    def at(x: np.ndarray) -> tuple[float, np.ndarray]:
        parts = [part.reshape(shape) for part, shape in zip(np.split(x, ends), shapes, strict=True)]
        with np.errstate(all="ignore"):
            value, *gradient = function(*parts)
        return float(value), np.concatenate([np.ravel(part) for part in gradient])

    return at


def flat(shapes: _Shapes) -> dict[str, Any]:
    """Add the free variables to the model in context."""
    return {name: pm.Flat(name, shape=shape) for name, shape in shapes.items()}


def as_data[Model](fast: Model) -> Model:
    """Return the same maps with their `Sketch` arrays as slices of one PyTensor shared vector.

    They are data and not constants, so that machine code compiled for one chamber serves all chambers of its shape.
    They are in one vector, since nutpie compiles code for the access to each shared variable, which takes most of a
    second each.
    """
    arrays: list[np.ndarray] = []
    _replace_arrays(fast, arrays.append)
    data = pytensor.shared(np.concatenate(arrays), name="sketches")
    ends = iter(np.cumsum([len(array) for array in arrays]).tolist())

    def place(array: np.ndarray) -> Any:
        end = next(ends)
        return data[end - len(array) : end]

    return _replace_arrays(fast, place)


def _replace_arrays(x: Any, function: Callable[[np.ndarray], Any]) -> Any:
    """Copy nested dataclasses and tuples with ``function`` applied to every array, in the order of the fields."""
    if isinstance(x, np.ndarray):
        return function(x)
    if isinstance(x, tuple):
        return tuple(_replace_arrays(part, function) for part in x)
    if dataclasses.is_dataclass(x) and not isinstance(x, type):
        return dataclasses.replace(
            x, **{field.name: _replace_arrays(getattr(x, field.name), function) for field in dataclasses.fields(x)}
        )
    return x
