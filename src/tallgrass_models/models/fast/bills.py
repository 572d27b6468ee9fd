"""Maps from the coordinates of bills in a frame to alpha and beta, under every prior of beta."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

from ...priors.model import AlphaPrior
from ...priors.spec import BetaPriorSpec
from ..compiled.records import Prior
from ..pilot.bills import LogitSketch, Sketch, SlopeSketch
from .frames import Array, Frame
from .logits import bill_logits
from .normals import normal_logp
from .slopes import positive_bills

#: Names of the two coordinates of bills under the variant's prior, and of bills of open sign.
_COORDINATES = ("c_first", "c_second"), ("free_first", "free_second")


class BillPriors(NamedTuple):
    """The priors of beta and alpha.

    Attributes
    ----------
    beta
    alpha_sigma
        Standard deviation of the Normal prior of alpha, or of the one near its prior where that is another.
    alpha
        That other prior; None for Normal(0, alpha_sigma).
    spread
        The members' spread at this point, array of shape (...); None if ``alpha`` is not in its units.
    """

    beta: BetaPriorSpec
    alpha_sigma: float
    alpha: AlphaPrior | None = None
    spread: Array | None = None

    @property
    def scale(self) -> Array:
        """Standard deviation by which the coordinates of bills are scaled."""
        if self.alpha is None or self.spread is None:
            return self.alpha_sigma
        return self.alpha.unit_sigma * self.spread[..., None]

    def log_density_of_alpha(self, alpha: Array, xp: ModuleType) -> Array:
        """Compute the log density of each alpha, shape (..., n_bills)."""
        if self.alpha is None:
            return normal_logp(alpha, 0.0, self.alpha_sigma, xp)
        return self.alpha.log_density(alpha, None if self.spread is None else self.spread[..., None], xp)


@dataclass(frozen=True)
class Bills:
    """Bills at one point (or at many draws), in the frame (w, a) and in the model's parameters (alpha, beta)."""

    w: Array
    a: Array
    alpha: Array
    beta: Array
    log_prior: Array
    """Log prior density of alpha and beta, plus the log Jacobian of the coordinates -> (alpha, beta)."""

    def part(self, where: slice) -> Bills:
        """Take some of the bills, without their density."""
        return Bills(self.w[..., where], self.a[..., where], self.alpha[..., where], self.beta[..., where], 0.0)

    def beside(self, other: Bills, xp: ModuleType) -> Bills:
        """Join these bills and the others, in this order."""

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
    priors: BillPriors,
    xp: ModuleType,
) -> Bills:
    """Map the coordinates of every bill (`_COORDINATES`, after ``prefix``).

    ``sketches`` has one `Sketch` for the bills under the variant's prior and, if bills are oriented, one for bills of
    open sign. A bill whose Yea is the left's side (`orientation`) enters with Yea and Nay exchanged.
    """
    kinds = (priors,) if len(sketches) == 1 else (priors, priors._replace(beta=priors.beta.free_sign()))
    blocks = [
        bills((v[prefix + first], v[prefix + second]), sketch, frame, kind, xp)
        for (first, second), sketch, kind in zip(_COORDINATES, sketches, kinds, strict=False)
    ]
    return blocks[0].beside(blocks[1], xp) if len(blocks) > 1 else blocks[0]


def bill_shapes(prefix: str, sketches: Sequence[Sketch]) -> dict[str, tuple[int, ...]]:
    """Name the free variables of `all_bills`, with their shapes."""
    return {
        prefix + name: (sketch.n_bills,)
        for names, sketch in zip(_COORDINATES, sketches, strict=False)
        for name in names
    }


def bills(z: tuple[Array, Array], sketch: Sketch, frame: Frame, priors: BillPriors, xp: ModuleType) -> Bills:
    """Map the two coordinates of each bill to its parameters, by the family of the prior of beta."""
    s, sep, prior = frame.s[..., None], frame.sep[..., None], priors.beta
    moments = Prior(*prior.moments, priors.scale)
    if isinstance(sketch, LogitSketch):
        w, a, jacobian = bill_logits(z, sketch.info, sketch.bends, frame, moments, xp)
        beta = w / sep
        log_prior = prior.log_density(beta, xp)
    elif isinstance(sketch, SlopeSketch):
        log_w, a, jacobian = positive_bills(z, sketch.info, sketch.bends, frame, moments, xp)
        w, log_beta = xp.exp(log_w), log_w - xp.log(sep)
        beta = w / sep
        log_prior = prior.log_density_of_log(log_beta, beta, xp)
    else:
        raise TypeError(f"no coordinates for {type(sketch).__name__}")
    alpha = a + beta * s
    log_prior = (log_prior + priors.log_density_of_alpha(alpha, xp)).sum(axis=-1)
    return Bills(w, a, alpha, beta, log_prior + jacobian)
