"""The parts that the fast models share: the members of a chamber, its bills, and how both enter a PyMC model.

A fast model is its textbook density at the mapped point plus the log Jacobian of the map. The maps are those of
`coordinates`; they run on PyTensor variables in the model and on numpy arrays in the report.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from ...priors.spec import BetaPriorSpec
from ..base import BuiltModel, Draws, Reported, sigma_scale
from ..pilot.bills import Collection, PilotBills, PositiveBills, SignedBills, Sketch
from ..pilot.chamber import Pilot
from . import coordinates as co
from .coordinates import Array, BillInfo, Frame, LogSlopeInfo, MemberInfo
from .independents import informed_independents

# Draws mapped at a time by `in_chunks`: keeps the temporaries of a long chain small.
CHUNK = 200
# Standard deviation of the starting values of coordinates that are about standard normal a posteriori, and of the
# logarithms of scales: several times the posterior's own where votes are many.
_START_SD, _LOG_SCATTER = 1.0, 0.2


def normal_logp(x: Array, mu: Array, sigma: Array, xp: ModuleType) -> Array:
    """Log density of Normal(mu, sigma), elementwise."""
    # PyTensor would take the logarithm of a plain number in single precision
    log_sigma = math.log(sigma) if isinstance(sigma, int | float) else xp.log(sigma)
    return -0.5 * ((x - mu) / sigma) ** 2 - log_sigma - 0.5 * math.log(2 * math.pi)


def halfnormal_logp(x: Array, sigma: Array, xp: ModuleType) -> Array:
    """Log density of HalfNormal(sigma) at x > 0, elementwise."""
    return normal_logp(x, 0.0, sigma, xp) + math.log(2)


@dataclass(frozen=True)
class Group:
    """Members of one frame: how many stand left and right, and what the votes say about them."""

    n_left: int
    n_right: int
    left: MemberInfo
    right: MemberInfo
    crossed: bool = False
    """Whether the left group is that with the larger population mean: Republicans (see `sides`)."""
    n_independents: int = 0
    """Members of neither group."""
    independents: MemberInfo | None = None
    """What the votes say about these; None where there are none."""

    def by_party(self, pair: tuple[Array, Array]) -> tuple[Array, Array]:
        """What belongs to the left and to the right group, as Democrats' and Republicans'."""
        return pair[::-1] if self.crossed else pair

    def sigma_scales(self) -> np.ndarray:
        """Prior scales of ``sigma_within``, of the left and of the right group."""
        return sigma_scale(np.array([self.n_left, self.n_right]))

    def shapes(self, prefix: str) -> dict[str, tuple[int, ...]]:
        """Free variables of `members` and their shapes."""
        return _party_shapes(prefix, self)

    def members(self, v: Mapping[str, Array], prefix: str, xp: ModuleType) -> Parties:
        """Map the coordinates to xi, mu and sigma (`party_members`)."""
        return party_members(v, prefix, self, xp)


@dataclass(frozen=True)
class Members:
    """A chamber's members at one point (or at many draws)."""

    frame: Frame
    u: Array
    xi_left: Array
    xi_right: Array
    log_jacobian: Array
    """Of the coordinates of frame and members -> xi."""


def members(v: Mapping[str, Array], prefix: str, group: Group, sigma: tuple[Array, Array], xp: ModuleType) -> Members:
    """Map the coordinates ``location, log_sep, z_left, z_right`` (names after ``prefix``) to the members' xi.

    ``sigma`` holds the standard deviations of xi in the prior of the left and of the right group, which set how far
    the coordinates are non-centred (`coordinates.informed_group`).
    """
    frame = Frame(v[prefix + "location"], xp.exp(v[prefix + "log_sep"]))
    left, jacobian_left = co.informed_group(v[prefix + "z_left"], group.left, (frame.sep / sigma[0]) ** 2, xp)
    right, jacobian_right = co.informed_group(v[prefix + "z_right"], group.right, (frame.sep / sigma[1]) ** 2, xp)
    sep = frame.sep[..., None]
    return Members(
        frame=frame,
        u=xp.concatenate([left - 0.5, right + 0.5], axis=-1),
        xi_left=frame.left[..., None] + sep * left,
        xi_right=frame.right[..., None] + sep * right,
        log_jacobian=jacobian_left + jacobian_right + co.frame_log_jacobian(frame, group.n_left, group.n_right, xp),
    )


@dataclass(frozen=True)
class Parties:
    """A chamber's members as two parties with their own means and standard deviations."""

    frame: Frame
    u: Array
    """Positions in the frame: of the left group, of the right one, of independents."""
    xi: Array
    """Ideal points in the same order."""
    mu: tuple[Array, Array]
    sigma: tuple[Array, Array]
    log_density: Array
    """Of xi given mu and sigma, plus the log Jacobian of the coordinates -> (xi, mu, sigma)."""


def party_members(v: Mapping[str, Array], prefix: str, group: Group, xp: ModuleType) -> Parties:
    """Map the coordinates of `members` and ``middle, gap, log_sigma_left, log_sigma_right`` to xi, mu and sigma.

    Members of a party have ``xi ~ Normal(mu, sigma)``; an independent, of coordinate ``z_independents``, has
    ``xi ~ Normal((mu_D + mu_R) / 2, mu_R - mu_D)``. The priors of mu and sigma are left to the model.
    """
    log_sigma = v[prefix + "log_sigma_left"], v[prefix + "log_sigma_right"]
    sigma = xp.exp(log_sigma[0]), xp.exp(log_sigma[1])
    at = members(v, prefix, group, sigma, xp)
    variances = sigma[0] ** 2 / group.n_left, sigma[1] ** 2 / group.n_right
    *mu, jacobian = co.population_means(v[prefix + "middle"], v[prefix + "gap"], at.frame, variances, group.crossed, xp)
    log_density = jacobian + log_sigma[0] + log_sigma[1] + at.log_jacobian
    for xi, mu_p, sigma_p in zip((at.xi_left, at.xi_right), mu, sigma, strict=True):
        log_density = log_density + normal_logp(xi, mu_p[..., None], sigma_p[..., None], xp).sum(axis=-1)
    u, xi = [at.u], [at.xi_left, at.xi_right]
    if group.independents is not None:
        left, right = group.by_party((mu[0], mu[1]))
        middle, distance, frame = (left + right) / 2, right - left, at.frame
        own, jacobian = informed_independents(
            v[prefix + "z_independents"],
            group.independents,
            (middle - frame.s) / frame.sep,
            (frame.sep / distance) ** 2,
            xp,
        )
        u.append(own)
        xi.append(frame.s[..., None] + frame.sep[..., None] * own)
        log_density = log_density + jacobian + group.n_independents * xp.log(frame.sep)
        log_density = log_density + normal_logp(xi[-1], middle[..., None], distance[..., None], xp).sum(axis=-1)
    u_all, xi_all = (xp.concatenate(parts, axis=-1) for parts in (u, xi))
    return Parties(at.frame, u_all, xi_all, (mu[0], mu[1]), sigma, log_density)


def _party_shapes(prefix: str, group: Group) -> dict[str, tuple[int, ...]]:
    """Free variables of `party_members` and their shapes."""
    scalars = ("location", "log_sep", "middle", "gap", "log_sigma_left", "log_sigma_right")
    members = {"z_left": (group.n_left - 1,), "z_right": (group.n_right - 1,)}
    if group.n_independents:
        members["z_independents"] = (group.n_independents,)
    return {prefix + name: shape for name, shape in (dict.fromkeys(scalars, ()) | members).items()}


def party_start(prefix: str, pilot: Pilot, crossed: bool) -> dict[str, float]:
    """Starting frame and spreads of `party_members`, and those coordinates of it that are not standardised.

    Crossed, population means lie close together between the sample means, and the spreads are as large.
    """
    log_sep = math.log(pilot.sep)
    sd = np.full(2, log_sep - math.log(2)) if crossed else log_sep + np.log(pilot.sd)
    values = {"location": pilot.s, "log_sep": log_sep, "log_sigma_left": sd[0], "log_sigma_right": sd[1]}
    if crossed:
        values["gap"] = -2.0
    return {prefix + name: float(value) for name, value in values.items()}


#: Names of the two coordinates of bills: of the variant's prior, and of those whose sign is left open.
COORDINATES = ("c_first", "c_second"), ("free_first", "free_second")


@dataclass(frozen=True)
class Bills:
    """Bills at one point (or at many draws): in the frame (w, a) and as the model has them (alpha, beta)."""

    w: Array
    a: Array
    alpha: Array
    beta: Array
    log_prior: Array
    """Log prior density of alpha and beta, plus the log Jacobian of the coordinates -> (alpha, beta)."""

    def beside(self, other: Bills, xp: ModuleType) -> Bills:
        """These, then the others."""

        def join(x: Array, y: Array) -> Array:
            return xp.concatenate([x, y], axis=-1)

        return Bills(
            join(self.w, other.w),
            join(self.a, other.a),
            join(self.alpha, other.alpha),
            join(self.beta, other.beta),
            self.log_prior + other.log_prior,
        )


def all_bills(
    v: Mapping[str, Array],
    prefix: str,
    sketches: Sequence[Sketch],
    frame: Frame,
    prior: BetaPriorSpec,
    alpha_sigma: float,
    xp: ModuleType,
) -> Bills:
    """Map the coordinates of every bill (`COORDINATES`, after ``prefix``).

    ``sketches`` has those of the bills under the variant's prior and, where bills are oriented, of those whose sign is
    left open: a bill of the left's Yea (`orientation`) enters with Yea and Nay exchanged.
    """
    blocks = [
        bills(v[prefix + first], v[prefix + second], sketch, frame, kind, alpha_sigma, xp)
        for (first, second), sketch, kind in zip(COORDINATES, sketches, (prior, prior.free_sign()), strict=False)
    ]
    return blocks[0].beside(blocks[1], xp) if len(blocks) > 1 else blocks[0]


def bill_shapes(prefix: str, sketches: Sequence[Sketch]) -> dict[str, tuple[int, ...]]:
    """Free variables of `all_bills` and their shapes."""
    return {
        prefix + name: sketch.bend_first.shape
        for names, sketch in zip(COORDINATES, sketches, strict=False)
        for name in names
    }


def bills(
    z_first: Array,
    z_second: Array,
    sketch: Sketch,
    frame: Frame,
    prior: BetaPriorSpec,
    alpha_sigma: float,
    xp: ModuleType,
) -> Bills:
    """Map the two coordinates of each bill to its parameters, by the family of the prior of beta."""
    s, sep, info = frame.s[..., None], frame.sep[..., None], sketch.info
    c_first, bend_first = co.bent(z_first, sketch.bend_first, xp)
    c_second, bend_second = co.bent(z_second, sketch.bend_second, xp)
    if isinstance(info, BillInfo):
        w, a, jacobian = co.bill_logits(c_first, c_second, info, frame, *prior.moments, alpha_sigma, xp)
        beta = w / sep
        log_prior = prior.log_density(beta, xp)
    else:
        log_w, a, jacobian = co.positive_bills(
            c_first, c_second, info, (sketch.power, sketch.center), frame, *prior.moments, alpha_sigma, xp
        )
        w, log_beta = xp.exp(log_w), log_w - xp.log(sep)
        beta = w / sep
        log_prior = prior.log_density_of_log(log_beta, beta, xp)
    alpha = a + beta * s
    log_prior = (log_prior + normal_logp(alpha, 0.0, alpha_sigma, xp)).sum(axis=-1)
    log_prior = log_prior + jacobian + bend_first + bend_second
    return Bills(w, a, alpha, beta, log_prior)


def collect_bills(prior: BetaPriorSpec, alpha_sigma: float, free: np.ndarray | None, n_votes: int) -> Collection:
    """The bills of the pilot; ``free`` says which have an open sign, or is None where bills are not oriented."""
    if free is None:
        return Collection([(_pilot_bills(prior, alpha_sigma), np.arange(n_votes))], n_votes)
    kinds = (prior, ~free), (prior.free_sign(), free)
    return Collection([(_pilot_bills(kind, alpha_sigma), np.flatnonzero(mask)) for kind, mask in kinds], n_votes)


def _pilot_bills(prior: BetaPriorSpec, alpha_sigma: float) -> PilotBills:
    return PositiveBills(prior, alpha_sigma) if prior.positive else SignedBills(prior, alpha_sigma)


@dataclass(frozen=True)
class FastModel(BuiltModel):
    """A model in fast coordinates, with its log density as a compiled function as well.

    Attributes
    ----------
    density
        Name of one of `densities`: the same function as ``model.logp()``, of the vector of all free variables in the
        order of ``start``.
    data
        Its arguments ``sizes, numbers, signs``.
    apart
        Of `sides.Assignment`.
    """

    density: str = ""
    apart: tuple[float, ...] = ()
    data: tuple[np.ndarray, ...] = ()

    def scalars(self) -> np.ndarray:
        """Mask of the free variables that the pilot does not make standard normal: scalars of frame and spread."""
        return np.concatenate([np.full(value.size, value.ndim == 0) for value in self.start.values()])


def pack(
    sizes: Sequence[int], rows: Sequence[np.ndarray], prior: BetaPriorSpec, alpha_sigma: float, *signs: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Data of a `FastModel`: the numbers of the prior come last, as `densities.kind_of` reads them."""
    moments = prior.moments if prior.positive else (0.0, 1.0)
    free_sigma = prior.free_sign().params["sigma"]
    numbers = [prior.params.get("mu", 0.0), prior.params["sigma"], alpha_sigma, *moments, free_sigma]
    return (
        np.array(sizes, dtype=np.int64),
        np.concatenate([*map(np.ravel, rows), numbers]),
        np.concatenate([sign.ravel() for sign in signs]),
    )


def info_rows(info: BillInfo | LogSlopeInfo | MemberInfo) -> np.ndarray:
    """One array, a row each field."""
    return np.stack([getattr(info, field.name) for field in dataclasses.fields(info)])


def sketch_numbers(sketches: Sequence[Sketch]) -> np.ndarray:
    """The rows of the Gaussian sketches of each kind of bills, then those of their shapes, flat."""
    infos = [info_rows(sketch.info).ravel() for sketch in sketches]
    return np.concatenate([*infos, *(row for sketch in sketches for row in sketch.shape())])


def group_rows(group: Group) -> np.ndarray:
    """`info_rows` of the left members, the right ones and the independents, side by side."""
    parts = [info for info in (group.left, group.right, group.independents) if info is not None]
    return np.concatenate([info_rows(info) for info in parts], axis=1)


def group_of(pilot: Pilot, crossed: bool = False) -> Group:
    """Sizes and sketches of the pilot's groups."""
    left, right, independents = pilot.members
    outside = len(independents.pull)
    return Group(len(left.pull), len(right.pull), left, right, crossed, outside, independents if outside else None)


def start_about(
    shapes: Mapping[str, tuple[int, ...]], known: Mapping[str, float]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Starting values, and the standard deviations with which chains are scattered about them.

    Values that the pilot knows, and zero in the standardised coordinates, which are scattered like their posterior. A
    location is scattered by a part of the distance of the groups, a logarithm by `_LOG_SCATTER`.
    """
    start = {name: np.zeros(shape) for name, shape in shapes.items()}
    scatter = {name: np.full(shape, _START_SD) for name, shape in shapes.items()}
    for name, value in known.items():
        start[name] = np.array(value, dtype=float)
        if name.endswith("location"):
            scale = math.exp(known[name.removesuffix("location") + "log_sep"])
            scatter[name] = np.array(_LOG_SCATTER * scale)
        elif "log_" in name:
            scatter[name] = np.array(_LOG_SCATTER)
    return start, scatter


def in_chunks(function: Callable[[Draws], Reported], draws: Draws) -> Reported:
    """Apply a function of draws ``(chain, draw, ...)`` to `CHUNK` draws at a time and put the results together."""
    n_draws = next(iter(draws.values())).shape[1]
    out: Reported = {}
    for first in range(0, n_draws, CHUNK):
        part = slice(first, first + CHUNK)
        for name, value in function({k: np.asarray(x[:, part]) for k, x in draws.items()}).items():
            if first == 0:
                out[name] = np.empty((value.shape[0], n_draws, *value.shape[2:]))
            out[name][:, part] = value
    return out
