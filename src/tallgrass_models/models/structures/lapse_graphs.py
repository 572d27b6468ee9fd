"""The fast forms of models with lapses as PyMC models."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt

from ...priors.constants import LAPSE_B
from ..compiled.lapse import lapse_loglik
from ..fast.chamber_map import FastChamber
from ..fast.graphs import as_data, flat, joint_curves
from ..fast.joint_map import FastJoint


def chamber_model(fast: FastChamber, sign: np.ndarray) -> pm.Model:
    """Make the PyMC model of a chamber; ``sign`` has the order of the fast model."""
    in_model, shapes = as_data(fast), fast.shapes()
    with pm.Model() as model:
        parties, at = in_model.forward(flat(shapes), pt)
        pm.Potential("prior", in_model.log_prior(parties, at, pt))
        pm.Potential("votes", lapse_loglik(parties.u, at.w, at.a, _eps(), pytensor.shared(sign, name="sign")))
    return model


def joint_model(fast: FastJoint, signs: tuple[np.ndarray, ...]) -> pm.Model:
    """Make the PyMC model of both chambers, with the votes of House and Senate."""
    in_model, shapes = as_data(fast), fast.shapes()
    with pm.Model() as model:
        v = flat(shapes)
        at, eps = in_model.forward(v, pt), _eps()
        pm.Potential("prior", in_model.log_prior(at, v, pt))
        for (name, u, w, a), sign in zip(joint_curves(at), signs, strict=True):
            pm.Potential(f"{name}_votes", lapse_loglik(u, w, a, eps, pytensor.shared(sign, name=f"{name}_sign")))
    return model


def _eps() -> Any:
    """Add eps by its logit, with ``Beta(1, b)`` and the Jacobian ``eps (1 - eps)``: ``b eps (1 - eps)**b``."""
    logit = pm.Flat("logit_eps")
    pm.Potential("prior_eps", math.log(LAPSE_B) - pt.softplus(-logit) - LAPSE_B * pt.softplus(logit))
    return pt.sigmoid(logit)
