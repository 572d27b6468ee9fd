"""Is a fast model the textbook model in other coordinates? Independent of how the fast model computes its Jacobian.

With ``R`` the map from fast to textbook parameters, the two log densities must satisfy

    log p_fast(theta) = log p_textbook(R(theta)) + log |det dR/dtheta| + constant.

R is taken from the fast model's `report` and the textbook's equations; its Jacobian from finite differences of R; the
densities from both PyMC models.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable

import numpy as np
import pymc as pm
import pytensor
from pytensor.compile.mode import Mode

from tallgrass_models.models.base import BuiltModel

Point = dict[str, np.ndarray]

# Central differences of sixth order: f' ~ sum_k c_k (f(x + k h) - f(x - k h)) / h, truncation error of order h^6.
OFFSETS = np.array([-3, -2, -1, 1, 2, 3])
WEIGHTS = np.array([-1, 9, -45, 45, -9, 1]) / 60
STEP = 0.003
# Python without rewrites: compiles at once, and evaluates the graph as it is written.
PLAIN = Mode(linker="py", optimizer=None)


def random_points(built: BuiltModel, n_points: int, seed: int) -> list[Point]:
    """Points about the start: every free variable (all unconstrained) moved by Normal(0, 0.3)."""
    rng = np.random.default_rng(seed)
    return [
        {name: value + 0.3 * rng.standard_normal(value.shape) for name, value in built.start.items()}
        for _ in range(n_points)
    ]


def flatten(point: Point) -> np.ndarray:
    """All values in one vector."""
    return np.concatenate([np.ravel(value) for value in point.values()]).astype(float)


def unflatten(vectors: np.ndarray, like: Point) -> Point:
    """Vectors (n, dim) as draws of one chain: each variable (1, n, *shape)."""
    out, first = {}, 0
    for name, value in like.items():
        last = first + value.size
        out[name] = vectors[:, first:last].reshape(1, len(vectors), *value.shape)
        first = last
    return out


def jacobian(function: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
    """Matrix ``d f / d x``; ``function`` takes (n, dim) and returns (n, k)."""
    moved = x + STEP * OFFSETS[:, None, None] * np.eye(x.size)
    values = function(moved.reshape(-1, x.size)).reshape(len(OFFSETS), x.size, -1)
    return np.tensordot(WEIGHTS, values, axes=1).T / STEP


def log_density(model: pm.Model) -> Callable[[Point], float]:
    """Log density of a PyMC model at values of its free variables, with respect to these (no transforms)."""
    # term by term: the mode refuses to add more than 32 at once
    compiled = model.compile_logp(jacobian=False, mode=PLAIN, sum=False)

    def at(point: Point) -> float:
        values = {}
        for variable in model.free_RVs:
            value, transform = point[variable.name], model.rvs_to_transforms[variable]
            if transform is not None:  # only logarithms and, for probabilities, log odds occur
                value = np.log(value) - (np.log1p(-value) if transform.name == "logodds" else 0)
            values[model.rvs_to_values[variable].name] = np.asarray(value, dtype=float)
        return sum(float(np.sum(term)) for term in compiled(values))

    return at


def excess(
    fast: Callable[[Point], float],
    textbook: Callable[[Point], float],
    to_textbook: Callable[[Point], Point],
    points: list[Point],
) -> np.ndarray:
    """``log p_fast - log p_textbook(R) - log |det dR|`` at each point.

    ``fast`` and ``textbook`` are log densities of one point; ``to_textbook`` is R on draws (chain, draw, ...).
    """

    def flat(vectors: np.ndarray) -> np.ndarray:
        mapped = to_textbook(unflatten(vectors, points[0]))
        return np.concatenate([x.reshape(len(vectors), -1) for x in mapped.values()], axis=1)

    out = []
    for point in points:
        x = flatten(point)
        free = {name: value[0, 0] for name, value in to_textbook(unflatten(x[None], point)).items()}
        sign, log_det = np.linalg.slogdet(jacobian(flat, x))
        assert sign != 0
        out.append(fast(point) - textbook(free) - log_det)
    return np.array(out)


def assert_is_constant(found: np.ndarray, constant: float) -> None:
    """One number at all points, and that number.

    PyMC rounds log(2 pi) / 2 to single precision, 1e-8 a term, which shifts the constant but not its being one.
    """
    np.testing.assert_allclose(found, found[0], rtol=0, atol=1e-8)
    np.testing.assert_allclose(found, constant, atol=1e-5)


def gradient_error(built: BuiltModel, point: Point, n_directions: int = 5) -> float:
    """The PyMC model's gradient along random directions against finite differences: largest relative error.

    For models whose free variables have no transforms, as those in fast coordinates.
    """
    model, density = built.model, log_density(built.model)
    names = [variable.name for variable in model.free_RVs]
    values = [model.rvs_to_values[variable] for variable in model.free_RVs]
    # one after the other, for the reason in `log_density`
    logp = functools.reduce(operator.add, (term.sum() for term in model.logp(sum=False)))
    compiled = pytensor.function(values, pytensor.grad(logp, values), mode=PLAIN, on_unused_input="ignore")
    gradient = np.concatenate([np.ravel(part) for part in compiled(*(point[name] for name in names))])
    ordered = {name: point[name] for name in names}
    x, rng, errors = flatten(ordered), np.random.default_rng(1), []
    for _ in range(n_directions):
        direction = rng.standard_normal(x.size) / np.sqrt(x.size)

        def along(steps: np.ndarray, direction: np.ndarray = direction) -> np.ndarray:
            moved = unflatten(x + steps * direction, ordered)
            return np.array([[density({k: v[0, i] for k, v in moved.items()})] for i in range(len(steps))])

        numeric = jacobian(along, np.zeros(1))[0, 0]
        errors.append(abs(gradient @ direction - numeric) / (1 + abs(numeric)))
    return max(errors)
