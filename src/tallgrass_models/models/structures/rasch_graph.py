"""The fast form of the Rasch model of a chamber as a PyMC model."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt

from ..compiled.pytensor_op import vote_loglik
from ..fast.graphs import as_data, flat
from .rasch_map import FastRasch


def chamber_model(fast: FastRasch, signs: tuple[np.ndarray, np.ndarray]) -> pm.Model:
    """Make the PyMC model; ``signs`` are the votes on bills of known side, turned to the right, and in doubt."""
    in_model, shapes, (known, doubt) = as_data(fast), fast.shapes(), signs
    with pm.Model() as model:
        at = in_model.forward(flat(shapes), pt)
        pm.Potential("prior", in_model.log_prior(at, pt))
        w = pt.full((known.shape[1],), at.w)
        pm.Potential("votes", vote_loglik(at.parties.u, w, at.a, pytensor.shared(known, name="sign")))
        if doubt.shape[1]:
            open_sign = pytensor.shared(doubt, name="sign_in_doubt")
            pm.Potential("votes_in_doubt", either_side(at.size * at.parties.xi, at.alpha_in_doubt, open_sign))
    return model


def either_side(slope: Any, alpha: Any, sign: Any) -> Any:
    """Compute the log-likelihood of bills whose Yea is either side's with probability 1/2, as a PyTensor scalar.

    Parameters
    ----------
    slope : tensor, shape (n_members,)
        Discrimination times xi.
    alpha : tensor, shape (n_bills,)
    sign : int8 tensor or array, shape (n_members, n_bills)
        +1 Yea, -1 Nay, 0 missing.
    """
    s = pt.as_tensor_variable(sign).astype("float64")
    cast = pt.abs(s)
    right, left = (-(cast * pt.softplus(-s * (side * slope[:, None] - alpha))).sum(axis=0) for side in (1.0, -1.0))
    return (pt.logaddexp(right, left) - math.log(2)).sum()
