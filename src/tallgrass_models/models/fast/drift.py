"""The joint model with bridges that may differ: a shared bill has two sides that are tied (see `bridges`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...priors.bridges import drift_scales
from ...priors.constants import ALPHA_SIGMA
from ...priors.spec import BetaPriorSpec
from ...votes.matching import JointVotes
from ..base import DRIFT_DIMS, BuiltModel, Draws, Reported
from ..bridges import apart, bridge_coords
from ..orientation import joint_orientation
from ..pilot.bills import Sketch, SlopeSketch
from ..pilot.chamber import Pilot, join_pilots, parties_apart
from .bill_priors import tell_form
from .drift_bills import Side
from .drift_map import DeltaLine, DriftPoint, FastDrift
from .joint import in_best_form
from .joint_builder import JointBuilder, part_of, reported_levels
from .joint_columns import Columns
from .model import FastModel, in_chunks
from .packing import pack_drift
from .seating import Seating

#: Draws for the evidence of an assignment of sides. Two chambers that are loosely tied tell less of the assignments, so
#: the evidence must be known better than that of the model with one item for each shared bill.
_N_DRAWS = 256


def build_drift(
    votes: JointVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float = ALPHA_SIGMA,
    coordinates: str = "fast",
    start_xi: np.ndarray | None = None,
    orient_bills: bool = False,
    pressed: tuple[bool, ...] = (False, False),
) -> BuiltModel:
    """Build the joint model in which the two sides of a shared bill may differ; arguments are those of `build_joint`.

    It reports the bills by roll call (`bridges.apart`), and ``tau_alpha``, ``tau_beta`` and ``delta``.

    Raises
    ------
    ValueError
        For unknown ``coordinates``, or a party of a chamber without members.
    """
    oriented = joint_orientation(votes) if orient_bills and beta_prior.positive else None
    arguments = votes, beta_prior, alpha_sigma, start_xi, oriented
    if coordinates == "reference":
        return _textbook(*arguments)
    if coordinates != "fast":
        raise ValueError(f"unknown coordinates {coordinates!r} (known: fast, reference)")
    builder = DriftBuilder(*arguments)
    tell_form("joint", beta_prior)
    return in_best_form(builder, lambda: _textbook(*arguments, True), pressed, _N_DRAWS)


def _textbook(*arguments: Any) -> BuiltModel:
    from ..drift_reference import build_drift_reference

    return build_drift_reference(*arguments)


class DriftBuilder(JointBuilder):
    """Builder of the fast forms, by the sides on which the parties of both chambers sit."""

    def build(self, crossed: Sequence[bool]) -> FastModel:
        """Build the form for one assignment of sides, as `JointBuilder.build`."""
        house, senate = (self._seat(c, crossed[c], in_halves=False) for c in range(2))
        fast, pilots, signs = self._fast((house, senate))
        distance = tuple(parties_apart(p, seating.sizes) for p, seating in zip(pilots, (house, senate), strict=True))
        parts, data = self._parts(fast, pilots, signs, (house, senate)), pack_drift(fast, signs)
        return FastModel(**parts, density="drift", apart=distance, data=data)

    def _fast(
        self, seats: tuple[Seating, Seating], in_halves: Sequence[bool] = (False, False)
    ) -> tuple[FastDrift, tuple[Pilot, Pilot], tuple[np.ndarray, np.ndarray]]:
        """Run the pilots of the chambers alone; the shared bills only bring the frames to one scale."""
        columns, prior, alpha_sigma = self.columns, self.beta_prior, self.alpha_sigma
        signs = columns.signs(self.votes, seats)
        *bills, shared_bills = columns.collections(prior, alpha_sigma)
        house, alone = (self._pilot(c, seats[c], signs[c], bills[c], in_halves[c]) for c in range(2))
        senate, _, _ = join_pilots(house, alone, signs, (seats[0].sizes, seats[1].sizes), shared_bills)
        groups = self._groups((house, senate), seats, in_halves)
        n_free = columns.n_free()
        of_house = len(columns.house) - columns.n_shared - n_free[0], n_free[0]
        of_both = columns.n_shared - n_free[1], n_free[1]
        turn = columns.flip[self.votes.house_item[columns.house[-columns.n_shared :]]].astype(float)
        by_house = [split(sketch, n) for sketch, n in zip(house.sketches, of_house, strict=False)]
        by_senate = [split(sketch, n) for sketch, n in zip(senate.sketches, of_both, strict=False)]
        size = 1.0, drift_scales(prior, alpha_sigma).free
        turns = np.split(turn, [of_both[0]])
        fast = FastDrift(
            house=groups[0],
            senate=groups[1],
            house_only=tuple(first for first, _ in by_house),
            shared=tuple(last for _, last in by_house),
            shared_by_senate=(),
            senate_only=tuple(last for _, last in by_senate),
            beta_prior=prior,
            alpha_sigma=alpha_sigma,
            sides=tuple(
                Side(own.info, *_funnel(own), turns[k], size[k], len(turns[k])) for k, (own, _) in enumerate(by_senate)
            ),
            delta=_delta_line(house, senate, columns, turn, drift_scales(prior, alpha_sigma).alpha),
        )
        return fast, (house, senate), signs

    def _parts(
        self,
        fast: Any,
        pilots: tuple[Pilot, Pilot],
        signs: tuple[np.ndarray, np.ndarray],
        seats: tuple[Seating, Seating],
    ) -> dict[str, Any]:
        """Collect the fields of a `BuiltModel`, with the bills by roll call."""
        votes, columns, by_roll_call = self.votes, self.columns, apart(self.votes)

        def mapped(part: Draws, rng: np.random.Generator) -> Reported:
            return _reported(fast, fast.forward(part, np), votes, columns, seats, rng)

        def report(draws: Draws, rng: np.random.Generator) -> Reported:
            return in_chunks(lambda part: mapped(part, rng), draws)

        parts = super()._parts(fast, pilots, signs, seats)
        coords = parts["coords"] | {"vote": by_roll_call.vote} | bridge_coords(votes)
        return parts | {"report": report, "dims": DRIFT_DIMS, "coords": coords}


def split(sketch: Sketch, n: int) -> tuple[Sketch, Sketch]:
    """Split the `Sketch` of a kind of bills after the first ``n``."""
    return part_of(sketch, slice(0, n)), part_of(sketch, slice(n, None))


def _funnel(sketch: Sketch) -> tuple[np.ndarray, np.ndarray]:
    """Return power and center, which are zero for bills of either sign."""
    if isinstance(sketch, SlopeSketch):
        return sketch.bends.power, sketch.bends.center
    zero = np.zeros(sketch.n_bills)
    return zero, zero


def _delta_line(house: Pilot, senate: Pilot, columns: Columns, turn: np.ndarray, scale: float) -> DeltaLine:
    """Find `DeltaLine` from the bills of both pilots, with the weights that differences of half the scale would give.

    Bills are weighted by ``1 / (scale^2 / 4 + v)``, v their variances of the intercepts. The prior Normal(0, scale) of
    delta is taken into account.
    """
    n = columns.n_shared
    (w_h, a_h), (w_s, a_s) = (x.bills.center() for x in (house, senate))
    variance = _intercept_variance(house)[-n:] + _intercept_variance(senate)[:n]
    weight = 1 / (scale**2 / 4 + variance)
    total = weight.sum() + scale**-2.0
    weight = weight * turn / total
    return DeltaLine(
        float(weight @ (a_s[:n] - a_h[-n:])), float(weight @ w_h[-n:]), float(weight @ w_s[:n]), float(total**-0.5)
    )


def _intercept_variance(pilot: Pilot) -> np.ndarray:
    out = np.empty(pilot.bills.n_votes)
    for bills, where in pilot.bills.kinds:
        out[where] = bills.covariance[2]
    return out


def _reported(
    fast: FastDrift,
    at: DriftPoint,
    votes: JointVotes,
    columns: Columns,
    seats: tuple[Seating, Seating],
    rng: np.random.Generator,
) -> Reported:
    """Compute the reported variables at many draws, with members and roll calls in the order of `bridges.apart`."""
    turn = np.concatenate([columns.flip[votes.house_item], columns.flip[votes.senate_item]])
    places = np.argsort(columns.house), len(columns.house) + np.argsort(columns.senate)
    place, parts = np.concatenate(places), (at.house_only, at.shared, at.moved, at.senate_only)
    return {
        **reported_levels(fast, at, seats, rng),
        "alpha": turn * np.concatenate([part.alpha for part in parts], axis=-1)[..., place],
        "beta": turn * np.concatenate([part.beta for part in parts], axis=-1)[..., place],
        "tau_alpha": at.tau.alpha,
        "tau_beta": at.tau.beta,
        "delta": at.tau.delta,
    }
