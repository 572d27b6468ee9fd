"""The model of two dimensions in fast coordinates: the map to its parameters, and its density without the votes.

The likelihood does not change under an affine map of the plane, ``x -> M x + s``, with the bills moved to match. Only
the priors determine its six numbers, and along them all parameters move together. So they are split off::

    x[i] = M (t + u[i]),    w[j] = M' (beta[j], beta2[j]),    a[j] = alpha[j] - w[j]'t,

and the logit is ``w[j]'u[i] - a[j]``, without M and t. Six linear equations single out the u of a plane: ``A'u`` equals
``A'u*``, where u* are the positions of the pilot and the three columns of A hold, for each member, weight times 1 and
weight times the pilot's position. To first order, a change of u that satisfies them is no affine map.

In M the priors determine three things of different kinds, so it is ``R(angle) [[1, shear], [0, 1]] diag(first,
second)`` with a rotation R. Under equal priors of beta and beta2 the bills do not see the rotation, and the members
alone determine it. The determinant of M is positive, which takes one of two mirror images of the posterior, (x2, beta2)
and (-x2, -beta2), and nothing is lost.

The functions take ``xp`` as those of `fast.frames`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from ...priors.constants import MU_SIGMA
from ..fast.bends import bent
from ..fast.frames import Array
from ..fast.normals import halfnormal_logp, normal_logp
from ..groups import three_groups

#: Free variables other than members and bills, in their order.
SCALARS = ("angle", "log_first", "shear", "log_second", "at_first", "at_second")
PARTIES = ("middle", "gap", "log_sigma_left", "log_sigma_right")
N_SCALARS = len(SCALARS) + len(PARTIES)
#: Order in which the numbers of a symmetric matrix of three rows are kept.
ROWS = ((0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2))


@dataclass(frozen=True)
class PlaneBill:
    """What the votes say about bills: the log likelihood is about ``-e'Ge/2 + b'e``.

    ``e`` are the logits of Yea at the means of the parties, which the votes inform nearly independently, and the change
    across the line through these.

    Attributes
    ----------
    from_e : ndarray, shape (3, 3)
        The matrix F of ``(w1, w2, a) = F e``.
    g : ndarray, shape (6, n_bills)
        G by its rows 11, 21, 22, 31, 32, 33.
    b : ndarray, shape (3, n_bills)
    bend : ndarray, shape (3, n_bills)
        Bends of the coordinates (`fast.bends.bent`).
    """

    from_e: np.ndarray
    g: np.ndarray
    b: np.ndarray
    bend: np.ndarray


@dataclass(frozen=True)
class PlaneMembers:
    """What the votes say about members, in the order Democrats, Republicans, members of neither.

    Attributes
    ----------
    sizes
        Number of members of each group.
    start : ndarray, shape (2, n_members)
        Their positions u* in the pilot's plane.
    root : ndarray, shape (3, n_members)
        Inverse transposed Cholesky factor of each member's precision, rows 11, 12, 22: it turns two standard normal
        numbers into a deviation from u*.
    reflectors : ndarray, shape (6, 2 n_members)
        Vectors v of the reflections ``1 - v v'``. Their product turns six zeros and any 2 n - 6 numbers into numbers
        whose deviations satisfy the six equations.
    """

    sizes: tuple[int, int, int]
    start: np.ndarray
    root: np.ndarray
    reflectors: np.ndarray

    @property
    def n(self) -> int:
        """Number of members."""
        return sum(self.sizes)

    def basis(self) -> np.ndarray:
        """Compute the matrix from free numbers to deviations of u1, then u2; shape (2n - 6, 2n)."""
        rows = np.eye(2 * self.n)[6:]
        for v in self.reflectors[::-1]:
            rows = rows - np.outer(rows @ v, v)
        first, second = rows[:, : self.n], rows[:, self.n :]
        return np.concatenate([self.root[0] * first + self.root[1] * second, self.root[2] * second], axis=1)


@dataclass(frozen=True)
class Plane:
    """Parameters of the model at some point, with the log Jacobian of the map; arrays ``(..., n_members)`` and so on.

    ``w1``, ``w2``, ``a``, ``u1``, ``u2`` are bills and members in the frame, from which the votes follow.
    """

    x1: Array
    x2: Array
    mu: Array
    sigma: Array
    alpha: Array
    beta: Array
    beta2: Array
    frame: tuple[Array, Array, Array, Array, Array]
    log_jacobian: Array


@dataclass(frozen=True)
class FastPlane:
    """Map from the fast coordinates to the model of two dimensions, with its fixed numbers.

    ``scales`` are the prior scales of sigma_within; ``beta_sigma`` and ``alpha_sigma`` the standard deviations of beta
    and alpha, whose priors are normal with mean 0.
    """

    members: PlaneMembers
    bills: PlaneBill
    scales: tuple[float, float]
    beta_sigma: float
    alpha_sigma: float

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name the free variables, with their shapes."""
        scalars = dict.fromkeys((*SCALARS, *PARTIES), ())
        return {**scalars, "z_members": (2 * self.members.n - 6,), "z_bills": (3, self.bills.b.shape[1])}

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> Plane:
        """Compute the parameters at the coordinates ``v``."""
        cos, sin, shear = xp.cos(v["angle"]), xp.sin(v["angle"]), v["shear"]
        first, second = xp.exp(v["log_first"]), xp.exp(v["log_second"])
        m11, m21 = cos * first, sin * first
        m12, m22 = second * (cos * shear - sin), second * (sin * shear + cos)
        matrix, log_det = (m11, m12, m21, m22), v["log_first"] + v["log_second"]
        n, moved = self.members.n, v["z_members"] @ self.members.basis()
        u1, u2 = moved[..., :n] + self.members.start[0], moved[..., n:] + self.members.start[1]
        by1, by2 = v["at_first"][..., None] + u1, v["at_second"][..., None] + u2
        x1 = m11[..., None] * by1 + m12[..., None] * by2
        x2 = m21[..., None] * by1 + m22[..., None] * by2
        mu, sigma, log_jacobian = self._means(v, x1, xp)
        # sqrt(det) for each coordinate of a member: the free ones, and M and t by theirs
        log_jacobian = log_jacobian + n * log_det + v["log_sigma_left"] + v["log_sigma_right"]
        w1, w2, a, by_bills = self._bills(v["z_bills"], matrix, (v["at_first"], v["at_second"]), log_det, xp)
        det = first * second
        beta = (m22[..., None] * w1 - m21[..., None] * w2) / det[..., None]
        beta2 = (m11[..., None] * w2 - m12[..., None] * w1) / det[..., None]
        alpha = a + v["at_first"][..., None] * w1 + v["at_second"][..., None] * w2
        return Plane(x1, x2, mu, sigma, alpha, beta, beta2, (w1, w2, a, u1, u2), log_jacobian + by_bills)

    def _means(self, v: Mapping[str, Array], x1: Array, xp: ModuleType) -> tuple[Array, Array, Array]:
        """Compute mu and sigma of the parties, and the log Jacobian of ``(middle, gap) -> mu``.

        As `fast.frames.population_means`, but the difference ``D = mu_R - mu_D`` is ``sqrt(V) softplus(sep / sqrt(V) +
        gap)``: about ``sep + sqrt(V) gap`` where the sample means are far apart, and positive where they are reversed.
        """
        n_l, n_r, _ = self.members.sizes
        left, right = x1[..., :n_l].mean(axis=-1), x1[..., n_l : n_l + n_r].mean(axis=-1)
        sigma_l, sigma_r = xp.exp(v["log_sigma_left"]), xp.exp(v["log_sigma_right"])
        v_l, v_r = sigma_l**2 / n_l, sigma_r**2 / n_r
        total, sep = v_l + v_r, right - left
        q = sep / xp.sqrt(total) + v["gap"]
        softplus = xp.log1p(xp.exp(-abs(q))) + xp.maximum(q, 0.0)
        excess = xp.sqrt(total) * softplus - sep
        shift = xp.sqrt(v_l * v_r / total) * v["middle"]
        mu = xp.stack([left + shift - v_l / total * excess, right + shift + v_r / total * excess], axis=-1)
        # log sigmoid(q) = q - softplus(q)
        return mu, xp.stack([sigma_l, sigma_r], axis=-1), 0.5 * xp.log(v_l * v_r) + q - softplus

    def _bills(
        self, z: Array, matrix: tuple[Array, ...], at: tuple[Array, Array], log_det: Array, xp: ModuleType
    ) -> tuple[Array, Array, Array, Array]:
        """Compute bills in the frame from coordinates that are about standard normal whatever the frame.

        As `fast.logits.bill_logits` with three numbers for each bill: ``H = G + F'PF`` with P the prior precision of
        ``(w1, w2, a)``, which is the same for all bills, ``H = LL'`` and ``e = L'^-1 (L^-1 b + c)``. The log Jacobian
        of ``c -> e`` is ``-log det L``, that of ``(w1, w2, a) -> (beta, beta2, alpha)`` is ``-log det M``.
        """
        g, b, f, n_bills = self.bills.g, self.bills.b, self.bills.from_e, self.bills.b.shape[1]
        prior = self._prior_precision(matrix, at, xp.exp(log_det), xp)
        h11, h21, h22, h31, h32, h33 = (
            g[k] + sum(f[p, i] * f[q, j] * prior[p][q] for p in range(3) for q in range(3))[..., None]
            for k, (i, j) in enumerate(ROWS)
        )
        c, log_jacobian = bent(z.reshape((*z.shape[:-2], 3 * n_bills)), self.bills.bend.ravel(), xp)
        l11 = xp.sqrt(h11)
        l21, l31 = h21 / l11, h31 / l11
        l22 = xp.sqrt(h22 - l21**2)
        l32 = (h32 - l31 * l21) / l22
        l33 = xp.sqrt(h33 - l31**2 - l32**2)
        y1 = b[0] / l11
        y2 = (b[1] - l21 * y1) / l22
        y3 = (b[2] - l31 * y1 - l32 * y2) / l33
        e3 = (y3 + c[..., 2 * n_bills :]) / l33
        e2 = (y2 + c[..., n_bills : 2 * n_bills] - l32 * e3) / l22
        e1 = (y1 + c[..., :n_bills] - l21 * e2 - l31 * e3) / l11
        w1, w2, a = (row[0] * e1 + row[1] * e2 + row[2] * e3 for row in f)
        log_jacobian = log_jacobian - xp.log(l11 * l22 * l33).sum(axis=-1) - n_bills * log_det
        return w1, w2, a, log_jacobian

    def _prior_precision(
        self, matrix: tuple[Array, ...], at: tuple[Array, Array], det: Array, xp: ModuleType
    ) -> tuple[tuple[Array, Array, Array], ...]:
        """Compute P, the prior precision of ``(w1, w2, a)``."""
        (m11, m12, m21, m22), (t1, t2) = matrix, at
        tau, tau_b = self.alpha_sigma**-2.0, self.beta_sigma**-2.0
        n11, n12, n21, n22 = m22 / det, -m12 / det, -m21 / det, m11 / det  # the inverse of M
        p21 = tau_b * n21 * n11 + n22 * n12 + tau * t1 * t2
        return (
            (tau_b * n11**2 + n12**2 + tau * t1**2, p21, tau * t1),
            (p21, tau_b * n21**2 + n22**2 + tau * t2**2, tau * t2),
            (tau * t1, tau * t2, tau * xp.ones_like(t1)),
        )

    def log_prior(self, at: Plane, xp: ModuleType) -> Array:
        """Compute the log density of the textbook form without the votes, plus the log Jacobian of the map.

        The sorted means have twice the density of two iid Normal(0, 2), and so has either mirror image.
        """
        center, scale = three_groups(at.mu, at.sigma, xp)
        group = np.repeat([0, 1, 2], self.members.sizes)
        total = at.log_jacobian + 2 * math.log(2)
        total = total + normal_logp(at.x1, center[..., group], scale[..., group], xp).sum(axis=-1)
        total = total + normal_logp(at.x2, 0.0, 1.0, xp).sum(axis=-1)
        total = total + normal_logp(at.mu, 0.0, MU_SIGMA, xp).sum(axis=-1)
        for k, scale_p in enumerate(self.scales):
            total = total + halfnormal_logp(at.sigma[..., k], float(scale_p), xp)
        for values, sd in ((at.beta, self.beta_sigma), (at.beta2, 1.0), (at.alpha, self.alpha_sigma)):
            total = total + normal_logp(values, 0.0, float(sd), xp).sum(axis=-1)
        return total
