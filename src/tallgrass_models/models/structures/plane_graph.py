"""The fast model of two dimensions as a PyMC model, for PyMC's own sampler and for tests of the compiled density."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from .plane_map import FastPlane


def plane_model(fast: FastPlane, sign: np.ndarray) -> pm.Model:
    """Make the PyMC model of `plane_map.FastPlane`; ``sign`` has the order of the fast model."""
    with pm.Model() as model:
        v = {name: pm.Flat(name, shape=shape) for name, shape in fast.shapes().items()}
        at = fast.forward(v, pt)
        pm.Potential("prior", fast.log_prior(at, pt))
        w1, w2, a, u1, u2 = at.frame
        signed = sign * (u1[:, None] * w1 + u2[:, None] * w2 - a)
        pm.Potential("votes", -(np.abs(sign) * pt.softplus(-signed)).sum())
    return model
