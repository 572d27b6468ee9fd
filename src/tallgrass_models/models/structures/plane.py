"""Two dimensions: members have positions in a plane, the first coordinate by party, the second regardless of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...errors import UserError
from ...priors.spec import BetaPriorSpec
from ...votes.matrix import ChamberVotes
from ..base import BuiltModel, Draws, Reported
from ..compiled.likelihood import sign_matrix
from ..fast.bends import bend_of_skewness
from ..fast.model import FastModel, in_chunks
from ..fast.seating import party_index
from ..groups import sigma_scale
from ..pilot.bins import FLOOR
from .plane_frame import DIMS, in_frame, plane_coords, with_sign
from .plane_map import ROWS, FastPlane, PlaneBill, PlaneMembers
from .plane_pilot import Moments, run_pilot, skewness
from .structure import Settings, Structure

if TYPE_CHECKING:
    import pymc as pm


_SCATTER, _LOG_SCATTER = 1.0, 0.1


def build_plane(votes: ChamberVotes, settings: Settings) -> BuiltModel:
    """Build the model of one chamber in two dimensions.

    ::

        mu_raw[p]       ~ Normal(0, 2);  mu_party = sort(mu_raw)
        sigma_within[p] ~ HalfNormal(s[p])
        x1[i]           ~ Normal(mu_party[p(i)], sigma_within[p(i)])
        x1[k]           ~ Normal((mu_D + mu_R) / 2, mu_R - mu_D)     k counted with neither party
        x2[i]           ~ Normal(0, 1)                               every member
        alpha[j]        ~ Normal(0, alpha_sigma)
        b1[j]           ~ Normal(0, beta_sigma)
        b2[j]           ~ Normal(0, 1)
        P(y[i, j] = 1)  = logistic(b1[j] x1[i] + b2[j] x2[i] - alpha[j])

    Reported are ``xi``, ``xi2``, ``alpha``, ``beta`` and ``beta2`` in the axes of the members (`plane_frame`), draw by
    draw, with the sign of the second dimension by the second principal component. ``mu_party`` and ``sigma_within`` are
    those of the equations.

    Raises
    ------
    UserError
        If the prior of beta is not a normal one about zero.
    ValueError
        For unknown coordinates, or a party without members.
    """
    beta_sigma = _sigma_of(settings.beta_prior)
    if settings.coordinates == "reference":
        from .plane_textbook import build_textbook

        return build_textbook(votes, beta_sigma, settings.alpha_sigma)
    if settings.coordinates != "fast":
        raise ValueError(f"unknown coordinates {settings.coordinates!r} (known: fast, reference)")
    return _fast(votes, beta_sigma, settings.alpha_sigma)


def _sigma_of(prior: BetaPriorSpec) -> float:
    """Return the standard deviation of a normal prior about zero."""
    if prior.distribution != "normal" or prior.params["mu"] != 0:
        raise UserError("dimensions: 2 needs a normal beta_prior with mu: 0")
    return float(prior.params["sigma"])


def _fast(votes: ChamberVotes, beta_sigma: float, alpha_sigma: float) -> BuiltModel:
    party = party_index(votes.parties)
    order = np.argsort(party, kind="stable")
    n_l, n_r, n_none = np.bincount(party, minlength=3).tolist()
    if not (n_l and n_r):
        raise ValueError(f"a party of {votes.chamber} has no members")
    sizes = (n_l, n_r, n_none)
    sign = np.ascontiguousarray(sign_matrix(votes.y)[order])
    scores = votes.legislators[["pc1", "pc2"]].to_numpy(float)[order]
    pilot = run_pilot(sign, scores, sizes, beta_sigma, alpha_sigma)
    fast, start = _steered(pilot, sizes, beta_sigma, alpha_sigma)
    back, parties = np.argsort(order), votes.parties
    pc2 = votes.legislators["pc2"].to_numpy(float)

    def make_model() -> pm.Model:
        from .plane_graph import plane_model

        return plane_model(fast, sign)

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        def mapped(part: Draws) -> Reported:
            at = fast.forward(part, np)
            found = in_frame(at.x1[..., back], at.x2[..., back], at.alpha, at.beta, at.beta2, parties)
            return found | {"mu_party": at.mu, "sigma_within": at.sigma}

        return with_sign(in_chunks(mapped, draws), pc2, parties)

    scatter = {
        name: np.full(np.shape(value), _SCATTER if np.ndim(value) else _LOG_SCATTER) for name, value in start.items()
    }
    return FastModel(
        "chamber",
        "fast",
        make_model,
        start,
        report,
        DIMS,
        plane_coords(votes),
        scatter,
        density="plane",
        data=packed(fast, sign),
    )


def _steered(
    pilot: Moments, sizes: tuple[int, int, int], beta_sigma: float, alpha_sigma: float
) -> tuple[FastPlane, dict[str, np.ndarray]]:
    """Make the map from the pilot's moments, and the start of the free variables."""
    center, sd = pilot.x.mean(0), pilot.x.std(0)
    u, t = (pilot.x - center) / sd, center / sd
    # in the frame: w = sd * (beta, beta2), a = alpha - w't
    members = _informed(u, np.linalg.inv(pilot.x_cov / np.outer(sd, sd)), sizes)
    to_frame = np.zeros((3, 3))
    to_frame[:2, :2], to_frame[2] = np.diag(sd), [*(-center), 1.0]
    tau = np.diag([beta_sigma**-2.0, 1.0, alpha_sigma**-2.0])
    bills = _sketched(pilot, to_e(u, sizes), to_frame, tau)
    scales = sigma_scale(np.array(sizes[:2]))
    fast = FastPlane(members, bills, (float(scales[0]), float(scales[1])), beta_sigma, alpha_sigma)
    known = {
        "log_first": math.log(sd[0]),
        "log_second": math.log(sd[1]),
        "at_first": t[0],
        "at_second": t[1],
        "log_sigma_left": math.log(pilot.sigma[0]),
        "log_sigma_right": math.log(pilot.sigma[1]),
    }
    start = {name: np.zeros(shape) for name, shape in fast.shapes().items()}
    return fast, start | {name: np.array(value) for name, value in known.items()}


def to_e(u: np.ndarray, sizes: tuple[int, int, int]) -> np.ndarray:
    """Make the matrix from ``(w1, w2, a)`` to ``e`` (`plane_map.PlaneBill`), given positions (n_members, 2)."""
    left, right = u[: sizes[0]].mean(0), u[sizes[0] : sizes[0] + sizes[1]].mean(0)
    d = right - left
    return np.array([[*left, -1.0], [*right, -1.0], [-d[1], d[0], 0.0] / np.hypot(*d)])


def _sketched(pilot: Moments, to_logits: np.ndarray, to_frame: np.ndarray, tau: np.ndarray) -> PlaneBill:
    """Turn the pilot's moments of bills into information of the votes, and skewness into bends."""
    there = to_logits @ to_frame  # from (beta, beta2, alpha)
    back = np.linalg.inv(there)
    precision = np.linalg.inv(there @ pilot.e_cov @ there.T)
    prior = back.T @ tau @ back
    values, vectors = np.linalg.eigh(precision - prior)
    g = (vectors * np.maximum(values, FLOOR)[:, None, :]) @ vectors.transpose(0, 2, 1)
    b = np.einsum("jab,jb->aj", g + prior, pilot.e @ there.T)
    bend = bend_of_skewness(skewness(pilot, there))
    return PlaneBill(np.linalg.inv(to_logits), np.stack([g[:, i, j] for i, j in ROWS]), b, bend)


def _informed(u: np.ndarray, precision: np.ndarray, sizes: tuple[int, int, int]) -> PlaneMembers:
    """Prepare the six equations and the scales of the members' coordinates.

    Members weigh by what is known of them, so that those of whom little is known do not move all others.
    """
    factor = np.linalg.cholesky(precision)
    l11, l21, l22 = factor[:, 0, 0], factor[:, 1, 0], factor[:, 1, 1]
    root = np.stack([1 / l11, -l21 / (l11 * l22), 1 / l22])
    known = 1 / (root**2).sum(0)
    weights = (known / known.mean())[:, None] * np.concatenate([np.ones((len(u), 1)), u], axis=1)
    zero = np.zeros_like(weights)
    # equations on the standard normal numbers of u1, then u2
    on_first = np.concatenate([root[0][:, None] * weights, root[1][:, None] * weights])
    on_second = np.concatenate([zero, root[2][:, None] * weights])
    raw, tau = np.linalg.qr(np.concatenate([on_first, on_second], axis=1), mode="raw")
    reflectors = np.triu(raw, 1)
    reflectors[np.arange(6), np.arange(6)] = 1.0
    return PlaneMembers(sizes, u.T.copy(), root, reflectors * np.sqrt(tau)[:, None])


def packed(fast: FastPlane, sign: np.ndarray) -> tuple[np.ndarray, ...]:
    """Pack the numbers of a model in the order of `compiled.plane.plane_data`."""
    members, bills = fast.members, fast.bills
    sizes = np.array([*members.sizes, bills.b.shape[1]], dtype=np.int64)
    priors = np.array([*fast.scales, fast.beta_sigma, fast.alpha_sigma])
    arrays = (members.start, members.root, members.reflectors, bills.from_e, bills.g, bills.b, bills.bend, priors)
    return sizes, np.concatenate([part.ravel() for part in arrays]), sign.ravel()


STRUCTURE = Structure(build_plane)
