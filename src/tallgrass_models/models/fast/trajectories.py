"""How long the trajectories of a fast model need to be.

NUTS doubles a trajectory until it turns back, after half a turn at least. In coordinates that are about standard
normal, a quarter of a turn already gives a draw that is independent of the last. Half a turn makes the errors of means
cancel, but a spread comes out as it was. The last doubling costs as many gradients as all before it. So trees are grown
no deeper than a good quarter of a turn takes. A limit of the depth affects efficiency only.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from .evidence import Density
from .stretch import Stretch

#: Depth of trees without a limit of ours, which is the limit of every sampler.
DEEPEST = 10
_LEAST = 3
_LEAST_DIM = 500  # the fewest variables for which a limit was found to be good
_REGULAR = 0.1  # least predicted step, as a share of that of independent normal variables, that is believed
_LONG_ENOUGH = 2.05  # length of a trajectory, in standard deviations; a quarter of a turn is pi / 2
_USUAL, _FACTOR = 0.8, 1.7  # acceptance, and what the fourth root below gives a step with it
_DIFFERENCE = 1e-3
_N_POINTS = 20


def predicted_step(density: Density, start: np.ndarray, stretch: Stretch) -> float:
    """Predict the step size that a sampler of the stretched coordinates will find for an acceptance of 0.8.

    Parameters
    ----------
    density
        Value and gradient in the model's coordinates.
    start : ndarray, shape (n_dim,)
        The best guess of the mean.
    stretch
        The map from the sampler's coordinates to the model's.

    Returns
    -------
    float
        Zero if the curvature is not finite somewhere.

    Notes
    -----
    The error of the energy of a trajectory is about normal, with a variance that grows with the fourth power of the
    step and with the sum of the squares of the second derivatives S (Beskos et al. 2013, Bernoulli 19; their standard
    normal has S = n_dim). Hence the step is ``1.7 S**(-1/4)``. The expected square of the second derivative times a
    standard normal vector is S. It is averaged over points scattered as the posterior would be.
    """
    rng, center, squares = np.random.default_rng(0), stretch.inverse(start), []
    with np.errstate(all="ignore"):
        for _ in range(_N_POINTS):
            x, v = stretch.forward(center + rng.standard_normal(start.size)), rng.standard_normal(start.size)
            off = _DIFFERENCE * stretch.forward(v)
            rise = stretch.pull_back(density(x - off)[1] - density(x + off)[1]) / (2 * _DIFFERENCE)
            squares.append(rise @ rise)
        step = float(_FACTOR * np.mean(squares) ** -0.25)
    return step if math.isfinite(step) else 0.0


def deepest_tree(step: float, n_dim: int, target_accept: float) -> int:
    """Find the least depth of trees whose trajectories are long enough.

    The posteriors of small models are far from normal, and some of their draws need long trajectories. So do those
    whose curvature varies so much that the step says little. Neither is limited.

    ``step`` is a `predicted_step`. With another acceptance than 0.8, the step changes by the square root of the ratio
    of ``Phi^-1(acceptance / 2)``.
    """
    if n_dim < _LEAST_DIM or step < _REGULAR * _FACTOR * n_dim**-0.25:
        return DEEPEST
    quantile = NormalDist().inv_cdf
    step *= math.sqrt(quantile(target_accept / 2) / quantile(_USUAL / 2))
    return min(max(math.ceil(math.log2(_LONG_ENOUGH / step + 1)), _LEAST), DEEPEST)
