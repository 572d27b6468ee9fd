"""The flat model, without parties, which shows how far the hierarchical models shrink."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...priors.constants import ALPHA_SIGMA
from ...priors.spec import PRODUCTION_BETA
from ...votes.matrix import ChamberVotes
from ..base import FLAT_DIMS, BuiltModel, Draws, Reported, orient
from ..compiled.likelihood import sign_matrix
from ..pilot.chamber import run_pilot
from .bill_priors import collect_bills
from .bills import BillPriors
from .flat_map import XI_SIGMA, FastFlat
from .members import group_of
from .model import FastModel, in_chunks, start_about
from .packing import pack_chamber

if TYPE_CHECKING:
    import pymc as pm


def build_flat(votes: ChamberVotes, coordinates: str = "fast") -> BuiltModel:
    """Build the flat model, without parties; all members take part, free-standing ones included.

    ::

        xi[i] ~ Normal(0, 1);  alpha[j] ~ Normal(0, 5);  beta[j] ~ Normal(0, 1)
        P(y[i, j] = 1) = logistic(beta[j] * xi[i] - alpha[j])

    The posterior consists of two mirror images, (xi, beta) and (-xi, -beta). The sign is fixed afterwards, chain by
    chain, so that the Republican mean is above the Democratic one (`base.orient`).

    Parameters
    ----------
    votes : ChamberVotes
    coordinates : str
        ``reference`` uses the equations as they stand. ``fast`` has the same posterior in the coordinates of `frames`.
        The two groups of the frame are the halves of the members by principal component score. Their sample means in
        this order single out one of the two mirror images, and nothing is lost.

    Raises
    ------
    ValueError
        For unknown ``coordinates``, or fewer than four members.
    """
    if coordinates == "reference":
        from .. import reference

        return reference.build_flat(votes)
    if coordinates != "fast":
        raise ValueError(f"unknown coordinates {coordinates!r} (known: fast, reference)")
    if votes.n_legislators < 4:
        raise ValueError(f"the flat model needs at least four members, and there are {votes.n_legislators}")
    score = votes.legislators["pc1"].to_numpy(float)
    coords = {"legislator": votes.legislators.index.to_numpy(), "vote": votes.rollcalls.index.to_numpy()}
    return fast_flat("flat", votes.y, score, votes.parties, coords, BillPriors(PRODUCTION_BETA, ALPHA_SIGMA))


def fast_flat(
    kind: str,
    y: np.ndarray,
    score: np.ndarray,
    parties: np.ndarray,
    coords: dict[str, np.ndarray],
    priors: BillPriors,
) -> FastModel:
    """Build the fast form of a flat model of any matrix of votes.

    Parameters
    ----------
    kind
        Kind of model, for `BuiltModel`.
    y : ndarray of int, shape (n_members, n_items)
        1 Yea, 0 Nay, -1 missing.
    score : ndarray, shape (n_members,)
        First guess of the members' order.
    parties : ndarray of str, shape (n_members,)
        By which chains are turned at the end.
    coords
        Labels of the members and the items.
    priors
        Priors of the items; that of beta must be symmetric, or one order of the halves is cut off.
    """
    order = np.argsort(score, kind="stable")
    sign = sign_matrix(y)[order]
    own = priors.beta, priors.alpha_sigma
    bills = collect_bills(*own, None, y.shape[1])
    halves = len(order) // 2, len(order) - len(order) // 2
    pilot = run_pilot(sign, score[order], halves, bills, xi_sd=XI_SIGMA)
    fast = FastFlat(group_of(pilot), (pilot.sketches[0],), *own)

    def make_model() -> pm.Model:
        from .graphs import flat_model

        return flat_model(fast, sign)

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        def mapped(part: Draws) -> Reported:
            at, at_bills = fast.forward(part, np)
            xi = np.concatenate([at.xi_left, at.xi_right], axis=-1)[..., np.argsort(order)]
            return {"xi": xi, "alpha": at_bills.alpha, "beta": at_bills.beta}

        return orient(**in_chunks(mapped, draws), parties=parties)

    start, scatter = start_about(fast.shapes(), {"location": pilot.s, "log_sep": float(np.log(pilot.sep))})
    data = pack_chamber(fast.group, fast.sketches, *own, sign)
    return FastModel(kind, "fast", make_model, start, report, FLAT_DIMS, coords, scatter, density="flat", data=data)
