"""A chamber's members in a frame of its two halves, for parties that the votes hardly tell apart.

The frame of `members` assumes that the sample means of the parties are in one order. Where they may be in either, it
cuts off part of the posterior. Here the left and the right half of the members, by component scores, set the frame. The
parties enter as in the model, as priors of xi, with means that the frame does not restrict.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from ...votes.vocabulary import PARTIES
from ..base import Reported
from ..groups import sigma_scale
from ..pilot.chamber import Pilot
from .frames import Array, Frame, frame_log_jacobian
from .members import Parties
from .normals import normal_logp
from .positions import MemberInfo, zero_sum

#: Scale of the coordinate of a log distance.
_LOG_GAP_WIDTH = 0.5


@dataclass(frozen=True)
class Halves:
    """Members by halves, the left one first, with the party that each is counted with.

    Attributes
    ----------
    n_left, n_right
        Members of the left and of the right half.
    left, right
        What the votes say about these members.
    counts : tuple of int
        Numbers of Democrats, Republicans and free-standing members.
    democrat, republican, neither : ndarray, shape (n_members,)
        1 for the members counted as such, else 0; in the order of the frame.
    means, widths : ndarray, shape (2,)
        Approximate places of the parties' population means in the frame, and their uncertainty.
    ordered
        True if ``mu_D < mu_R`` holds while sampling. Else `reflect` restores it.
    """

    n_left: int
    n_right: int
    left: MemberInfo
    right: MemberInfo
    counts: tuple[int, ...]
    democrat: Array
    republican: Array
    neither: Array
    means: Array
    widths: Array
    ordered: bool

    def by_party(self, pair: tuple[Array, Array]) -> tuple[Array, Array]:
        """Return the pair unchanged, since it is by party already."""
        return pair

    def sigma_scales(self) -> np.ndarray:
        """Choose prior scales of ``sigma_within`` for Democrats and Republicans."""
        return sigma_scale(np.array(self.counts[: len(PARTIES)]))

    def shapes(self, prefix: str) -> dict[str, tuple[int, ...]]:
        """Name the free variables, with their shapes."""
        scalars = ("location", "log_sep", "first", "second", "log_sigma_left", "log_sigma_right")
        members = {"z_left": (self.n_left - 1,), "z_right": (self.n_right - 1,)}
        return {prefix + name: shape for name, shape in (dict.fromkeys(scalars, ()) | members).items()}

    def members(self, v: Mapping[str, Array], prefix: str, xp: ModuleType) -> Parties:
        """Map the coordinates to xi, mu and sigma.

        In the frame, ``u = (xi - s) / sep``, a party's population mean is ``m = (mu - s) / sep``. If unordered, ``m[p]
        = means[p] + widths[p] * x[p]`` with coordinates ``first, second``. If ordered, the first coordinate gives the
        middle ``(m_D + m_R) / 2`` in the same way, and the second the logarithm of the distance ``m_R - m_D``.
        """
        frame = Frame(v[prefix + "location"], xp.exp(v[prefix + "log_sep"]))
        log_sigma = v[prefix + "log_sigma_left"], v[prefix + "log_sigma_right"]
        sigma = xp.exp(log_sigma[0]), xp.exp(log_sigma[1])
        m_d, m_r, jacobian = self._means(v[prefix + "first"], v[prefix + "second"], xp)
        distance = abs(m_r - m_d)
        centers = self._each(m_d, m_r, (m_d + m_r) / 2)
        spreads = self._each(sigma[0] / frame.sep, sigma[1] / frame.sep, distance)
        n = self.n_left
        left, jacobian_l = _informed_half(
            v[prefix + "z_left"], self.left, centers[..., :n] + 0.5, spreads[..., :n] ** -2, xp
        )
        right, jacobian_r = _informed_half(
            v[prefix + "z_right"], self.right, centers[..., n:] - 0.5, spreads[..., n:] ** -2, xp
        )
        u = xp.concatenate([left - 0.5, right + 0.5], axis=-1)
        log_sep = v[prefix + "log_sep"]
        log_density = (
            normal_logp(u, centers, spreads, xp).sum(axis=-1)
            - sum(self.counts) * log_sep
            + (jacobian + 2 * log_sep + log_sigma[0] + log_sigma[1] + jacobian_l + jacobian_r)
            + frame_log_jacobian(frame, self.n_left, self.n_right, xp)
        )
        mu = frame.s + frame.sep * m_d, frame.s + frame.sep * m_r
        return Parties(frame, u, frame.s[..., None] + frame.sep[..., None] * u, mu, sigma, log_density)

    def _each(self, democrat: Array, republican: Array, neither: Array) -> Array:
        """Give each member the value of what it is counted as."""
        return (
            self.democrat * democrat[..., None]
            + self.republican * republican[..., None]
            + self.neither * neither[..., None]
        )

    def _means(self, first: Array, second: Array, xp: ModuleType) -> tuple[Array, Array, Array]:
        """Compute m_D, m_R and the log Jacobian of ``(first, second) -> (m_D, m_R)``."""
        d, r, width_d, width_r = self.means[0], self.means[1], self.widths[0], self.widths[1]
        if not self.ordered:
            return d + width_d * first, r + width_r * second, xp.log(width_d * width_r) + 0 * first
        width = xp.sqrt(width_d**2 + width_r**2)
        middle = (d + r) / 2 + width / 2 * first
        log_gap = xp.log(xp.maximum(r - d, width)) + _LOG_GAP_WIDTH * second
        gap = xp.exp(log_gap)
        return middle - gap / 2, middle + gap / 2, xp.log(width / 2 * _LOG_GAP_WIDTH) + log_gap

    def start(self, prefix: str, pilot: Pilot) -> dict[str, float]:
        """Return the starting frame and spreads, which are the pilot's."""
        log_sep, log_sigma = math.log(pilot.sep), float(np.log(pilot.sep * pilot.sd).mean())
        values = {"location": pilot.s, "log_sep": log_sep, "log_sigma_left": log_sigma, "log_sigma_right": log_sigma}
        return {prefix + name: value for name, value in values.items()}


def halves_of(pilot: Pilot, party: np.ndarray, ordered: bool) -> Halves:
    """Describe members of a pilot's two groups, which are halves; ``party`` has the order of the frame."""
    left, right, _ = pilot.members
    counted = (party == 0).astype(float), (party == 1).astype(float), (party == 2).astype(float)
    means, widths = [], []
    for p in range(len(PARTIES)):
        own = pilot.u[party == p]
        means.append(float(own.mean()))
        widths.append(float(np.sqrt((own.var() + pilot.sd.mean() ** 2) / len(own))))
    return Halves(
        len(left.pull),
        len(right.pull),
        left,
        right,
        tuple(int(one.sum()) for one in counted),
        *counted,
        np.array(means),
        np.array(widths),
        ordered,
    )


def _informed_half(
    z: Array, info: MemberInfo, center: Array, prior_precision: Array, xp: ModuleType
) -> tuple[Array, Array]:
    """Compute the deviations of a half's members from its mean.

    This is `positions.informed_group` with a prior for each member.

    ``center`` and ``prior_precision``, shape (..., n), are the mean and precision of the deviations under the prior.
    """
    h = info.precision + prior_precision
    x = (info.pull + prior_precision * center) / h + zero_sum(z, xp) / xp.sqrt(h)
    log_jacobian = -0.5 * xp.log(h).sum(axis=-1) + xp.log(xp.sqrt(h).mean(axis=-1))
    return x - x.mean(axis=-1)[..., None], log_jacobian


def reflect(reported: Reported) -> Reported:
    """Mirror the draws in which the population means are in the wrong order.

    Notes
    -----
    Without the order of mu, and with a prior of beta that is symmetric about zero, the posterior does not change when
    xi, mu and beta change sign together. Draws of one half of it, that with the halves of the frame in their order,
    become draws of the whole posterior with ``mu_D < mu_R`` once those with ``mu_D > mu_R`` are mirrored. Each point of
    the latter has only one origin in that half, with the same density.
    """
    sign = np.where(reported["mu_party"][..., 0] > reported["mu_party"][..., 1], -1.0, 1.0)[..., None]
    return {**reported, **{name: sign * reported[name] for name in ("xi", "mu_party", "beta")}}
