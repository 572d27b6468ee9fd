"""Members of a chamber, as two parties in a frame of their sample means, and free-standing members.

A fast model is its textbook density at the mapped point plus the log Jacobian of the map. The maps are those of
`frames` and its neighbours; they run on PyTensor variables in the model and on numpy arrays in the report.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from ..compiled.layout import SCALARS
from ..groups import sigma_scale
from ..pilot.chamber import Pilot
from .frames import Array, Frame, frame_log_jacobian, population_means
from .independents import informed_independents
from .normals import normal_logp
from .positions import MemberInfo, informed_group


@dataclass(frozen=True)
class Group:
    """Members of one frame: how many stand left and right, and what the votes say about them."""

    n_left: int
    n_right: int
    left: MemberInfo
    right: MemberInfo
    crossed: bool = False
    """True if the left group is that with the larger population mean, the Republicans (see `sides`)."""
    n_independents: int = 0
    """Number of members of neither group."""
    independents: MemberInfo | None = None
    """Information from the votes about these members; None if there are none."""

    def by_party(self, pair: tuple[Array, Array]) -> tuple[Array, Array]:
        """Rearrange a pair for the left and the right group to one for Democrats and Republicans."""
        return pair[::-1] if self.crossed else pair

    def sigma_scales(self) -> np.ndarray:
        """Choose prior scales of ``sigma_within`` for the left and the right group."""
        return sigma_scale(np.array([self.n_left, self.n_right]))

    def shapes(self, prefix: str) -> dict[str, tuple[int, ...]]:
        """Name the free variables of `members`, with their shapes."""
        return _party_shapes(prefix, self)

    def members(self, v: Mapping[str, Array], prefix: str, xp: ModuleType) -> Parties:
        """Map the coordinates to xi, mu and sigma (`_party_members`)."""
        return _party_members(v, prefix, self, xp)


@dataclass(frozen=True)
class Members:
    """A chamber's members at one point (or at many draws)."""

    frame: Frame
    u: Array
    xi_left: Array
    xi_right: Array
    log_jacobian: Array
    """Log Jacobian of the coordinates of frame and members -> xi."""


def members(v: Mapping[str, Array], prefix: str, group: Group, sigma: tuple[Array, Array], xp: ModuleType) -> Members:
    """Map the coordinates ``location, log_sep, z_left, z_right`` (names after ``prefix``) to the members' xi.

    ``sigma`` holds the standard deviations of xi in the prior of the left and of the right group. They determine how
    far the coordinates are non-centred (`positions.informed_group`).
    """
    frame = Frame(v[prefix + "location"], xp.exp(v[prefix + "log_sep"]))
    left, jacobian_left = informed_group(v[prefix + "z_left"], group.left, (frame.sep / sigma[0]) ** 2, xp)
    right, jacobian_right = informed_group(v[prefix + "z_right"], group.right, (frame.sep / sigma[1]) ** 2, xp)
    sep = frame.sep[..., None]
    return Members(
        frame=frame,
        u=xp.concatenate([left - 0.5, right + 0.5], axis=-1),
        xi_left=frame.left[..., None] + sep * left,
        xi_right=frame.right[..., None] + sep * right,
        log_jacobian=jacobian_left + jacobian_right + frame_log_jacobian(frame, group.n_left, group.n_right, xp),
    )


@dataclass(frozen=True)
class Parties:
    """A chamber's members as two parties with their own means and standard deviations."""

    frame: Frame
    u: Array
    """Positions in the frame of the left group, the right one, and independents, in this order."""
    xi: Array
    """Ideal points in the same order."""
    mu: tuple[Array, Array]
    sigma: tuple[Array, Array]
    log_density: Array
    """Log density of xi given mu and sigma, plus the log Jacobian of the coordinates -> (xi, mu, sigma)."""


def _party_members(v: Mapping[str, Array], prefix: str, group: Group, xp: ModuleType) -> Parties:
    """Map the coordinates of `members` and ``middle, gap, log_sigma_left, log_sigma_right`` to xi, mu and sigma.

    Members of a party have ``xi ~ Normal(mu, sigma)``; an independent, of coordinate ``z_independents``, has
    ``xi ~ Normal((mu_D + mu_R) / 2, mu_R - mu_D)``. The priors of mu and sigma are left to the model.
    """
    log_sigma = v[prefix + "log_sigma_left"], v[prefix + "log_sigma_right"]
    sigma = xp.exp(log_sigma[0]), xp.exp(log_sigma[1])
    at = members(v, prefix, group, sigma, xp)
    variances = sigma[0] ** 2 / group.n_left, sigma[1] ** 2 / group.n_right
    *mu, jacobian = population_means(v[prefix + "middle"], v[prefix + "gap"], at.frame, variances, group.crossed, xp)
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
    """Name the free variables of `_party_members`, with their shapes."""
    members = {"z_left": (group.n_left - 1,), "z_right": (group.n_right - 1,)}
    if group.n_independents:
        members["z_independents"] = (group.n_independents,)
    return {prefix + name: shape for name, shape in (dict.fromkeys(SCALARS, ()) | members).items()}


def party_start(prefix: str, pilot: Pilot, crossed: bool) -> dict[str, float]:
    """Find the starts of frame and spreads of `_party_members`, and of its coordinates that are not standardised.

    If crossed, population means lie close together between the sample means, and the spreads are as large.
    """
    log_sep = math.log(pilot.sep)
    sd = np.full(2, log_sep - math.log(2)) if crossed else log_sep + np.log(pilot.sd)
    values = {"location": pilot.s, "log_sep": log_sep, "log_sigma_left": sd[0], "log_sigma_right": sd[1]}
    if crossed:
        values["gap"] = -2.0
    return {prefix + name: float(value) for name, value in values.items()}


def group_of(pilot: Pilot, crossed: bool = False) -> Group:
    """Make a group from the sizes and approximations of the pilot."""
    left, right, independents = pilot.members
    outside = len(independents.pull)
    return Group(len(left.pull), len(right.pull), left, right, crossed, outside, independents if outside else None)
