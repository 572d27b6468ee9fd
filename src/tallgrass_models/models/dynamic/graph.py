"""The fast form of the model over time as a PyMC model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt

from ..compiled.pytensor_op import vote_loglik
from ..fast.graphs import as_data, flat
from .dynamic_map import FastDynamic


def dynamic_model(fast: FastDynamic, signs: tuple[np.ndarray, ...]) -> pm.Model:
    """Make the PyMC model; ``signs`` are the votes of each session in the order of the fast model."""
    in_model, shapes = replace(fast, informed=as_data(fast.informed)), fast.shapes()
    with pm.Model() as model:
        at, positions, bills = in_model.forward(flat(shapes), pt)
        pm.Potential("prior", in_model.log_prior(at, bills, pt))
        for t, (u, own, sign) in enumerate(zip(positions, bills, signs, strict=True)):
            votes = vote_loglik(u, own.w, own.a, pytensor.shared(sign, name=f"sign_{t}"))
            pm.Potential(f"votes_{t}", votes)
    return model
