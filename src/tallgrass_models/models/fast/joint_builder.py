"""The fast forms of a joint model, made from the pilots of both chambers.

The pilots' approximations are shared out between the chambers, and data and reports are put in order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...priors.model import PRODUCTION, ModelPriors
from ...priors.spec import BetaPriorSpec
from ...votes.matching import JointVotes
from ...votes.vocabulary import CHAMBERS, PARTIES
from ..base import JOINT_DIMS, BuiltModel, Draws, Reported
from ..pilot.bills import Sketch
from ..pilot.chamber import Pilot, join_pilots, parties_apart, run_pilot
from ..pilot.collection import Collection
from .frames import Frame
from .halves import Halves, halves_of
from .joint_columns import Columns
from .joint_map import FastJoint, JointPoint, draw_chamber_means
from .logits import BillInfo
from .members import Group, group_of, party_start
from .model import FastModel, in_chunks, start_about
from .packing import info_rows, pack_joint
from .seating import Seating, party_index, seat, seat_halves
from .shared_bills import carried_back
from .slopes import LogSlopeInfo

if TYPE_CHECKING:
    import pymc as pm


class JointBuilder:
    """Builder of the fast forms of one joint model, by the sides on which the parties of both chambers sit.

    Arguments are those of `build_joint`; ``oriented`` comes from `orientation`.
    """

    def __init__(
        self,
        votes: JointVotes,
        beta_prior: BetaPriorSpec,
        alpha_sigma: float,
        start_xi: np.ndarray | None,
        oriented: np.ndarray | None,
        priors: ModelPriors = PRODUCTION,
    ) -> None:
        self.votes, self.beta_prior, self.alpha_sigma, self.priors = votes, beta_prior, alpha_sigma, priors
        self.columns = Columns.of(votes, oriented)
        self._pilots: dict[tuple[int, bool, bool], Pilot] = {}
        if start_xi is None:
            self.scores = [chamber.legislators["pc1"].to_numpy(float) for chamber in (votes.house, votes.senate)]
        else:
            self.scores = np.split(np.asarray(start_xi, dtype=float), [votes.house.n_legislators])

    def build(self, crossed: Sequence[bool]) -> FastModel:
        """Build the form for one assignment of sides.

        ``crossed`` says for House and Senate if the sample means of the parties are reversed.
        """
        (house, senate), fast, pilots, signs = self.in_parties(crossed)
        apart = tuple(parties_apart(p, seating.sizes) for p, seating in zip(pilots, (house, senate), strict=True))
        data = pack_joint(fast, signs)
        return FastModel(**self._parts(fast, pilots, signs, (house, senate)), density="joint", apart=apart, data=data)

    def in_parties(
        self, crossed: Sequence[bool]
    ) -> tuple[tuple[Seating, Seating], FastJoint, tuple[Pilot, Pilot], tuple[np.ndarray, np.ndarray]]:
        """Seat both chambers; return the seatings, the map, the pilots and the sign matrices."""
        house, senate = (self._seat(c, crossed[c], in_halves=False) for c in range(2))
        return (house, senate), *self._fast((house, senate))

    def build_halves(self, crossed: Sequence[bool], in_halves: Sequence[bool]) -> BuiltModel:
        """Build a form in which some chambers have the frame of `halves`."""
        house, senate = (self._seat(c, crossed[c], in_halves[c]) for c in range(2))
        fast, pilots, signs = self._fast((house, senate), in_halves)
        return BuiltModel(**self._parts(fast, pilots, signs, (house, senate)))

    def _seat(self, c: int, crossed: bool, in_halves: bool) -> Seating:
        if in_halves:
            return seat_halves(self.scores[c], crossed)
        return seat((self.votes.house, self.votes.senate)[c].parties, crossed)

    def _fast(
        self, seats: tuple[Seating, Seating], in_halves: Sequence[bool] = (False, False)
    ) -> tuple[FastJoint, tuple[Pilot, Pilot], tuple[np.ndarray, np.ndarray]]:
        """Run the pilot; return the map it informs, the chambers' pilots and their sign matrices."""
        columns, prior, alpha_sigma = self.columns, self.beta_prior, self.alpha_sigma
        signs = columns.signs(self.votes, seats)
        *bills, shared_bills = columns.collections(prior, alpha_sigma)
        house, alone = (self._pilot(c, seats[c], signs[c], bills[c], in_halves[c]) for c in range(2))
        senate, shared, share = join_pilots(house, alone, signs, (seats[0].sizes, seats[1].sizes), shared_bills)
        groups = self._groups((house, senate), seats, in_halves)
        frames = Frame(np.array(senate.s), np.array(senate.sep)), Frame(np.array(house.s), np.array(house.sep))
        n_free = columns.n_free()
        fixed_h, fixed_b = len(columns.house) - columns.n_shared - n_free[0], columns.n_shared - n_free[1]
        shares = (share[:fixed_b], share[fixed_b:])[: len(shared)]
        by_kind = list(zip(shared, shares, strict=True))
        fast = FastJoint(
            house=groups[0],
            senate=groups[1],
            house_only=tuple(
                part_of(k, slice(0, n)) for k, n in zip(house.sketches, (fixed_h, n_free[0]), strict=False)
            ),
            shared=tuple(replace(k, info=_scaled(k.info, 1 - x)) for k, x in by_kind),
            shared_by_senate=tuple(carried_back(_scaled(k.info, x), *frames) for k, x in by_kind),
            senate_only=tuple(
                part_of(k, slice(n, None)) for k, n in zip(senate.sketches, (fixed_b, n_free[1]), strict=False)
            ),
            beta_prior=prior,
            alpha_sigma=alpha_sigma,
            priors=self.priors,
        )
        return fast, (house, senate), signs

    def _groups(
        self, pilots: tuple[Pilot, Pilot], seats: tuple[Seating, Seating], in_halves: Sequence[bool]
    ) -> list[Group | Halves]:
        """Put the members of both chambers into their frames, with what the pilots say of them."""
        groups: list[Group | Halves] = []
        for chamber, pilot, seating, halved in zip(
            (self.votes.house, self.votes.senate), pilots, seats, in_halves, strict=True
        ):
            party = party_index(chamber.parties)[seating.order]
            groups.append(halves_of(pilot, party, ordered=True) if halved else group_of(pilot, seating.crossed))
        return groups

    def _pilot(self, c: int, seating: Seating, sign: np.ndarray, bills: Collection, in_halves: bool) -> Pilot:
        """Fit one chamber alone, once for each way to seat it."""
        key = c, seating.crossed, in_halves
        if key not in self._pilots:
            self._pilots[key] = run_pilot(sign, seating.scores(self.scores[c]), seating.sizes, bills)
        return self._pilots[key]

    def _parts(
        self,
        fast: FastJoint,
        pilots: tuple[Pilot, Pilot],
        signs: tuple[np.ndarray, np.ndarray],
        seats: tuple[Seating, Seating],
    ) -> dict[str, Any]:
        """Collect the fields of a `BuiltModel` in fast coordinates."""
        votes, columns = self.votes, self.columns
        known = {"log_sigma_chamber": math.log(0.5), "log_sigma_party": math.log(1.5)}
        for chamber, group, pilot, seating in zip(CHAMBERS, (fast.house, fast.senate), pilots, seats, strict=True):
            prefix = f"{chamber}_"
            known |= (
                group.start(prefix, pilot) if isinstance(group, Halves) else party_start(prefix, pilot, seating.crossed)
            )
        start, scatter = start_about(fast.shapes(), known)

        def make_model() -> pm.Model:
            from .graphs import joint_model

            return joint_model(fast, signs)

        def report(draws: Draws, rng: np.random.Generator) -> Reported:
            return in_chunks(lambda part: _reported(fast, fast.forward(part, np), votes, columns, seats, rng), draws)

        return {
            "kind": "joint",
            "coordinates": "fast",
            "make_model": make_model,
            "start": start,
            "report": report,
            "dims": JOINT_DIMS,
            "coords": _joint_coords(votes),
            "scatter": scatter,
        }


def _joint_coords(votes: JointVotes) -> dict[str, np.ndarray]:
    """Label the dimensions of the joint model's reported variables."""
    return {
        "legislator": votes.legislator,
        "vote": votes.vote,
        "chamber": np.array(CHAMBERS),
        "party": np.array(PARTIES),
    }


def part_of(sketch: Sketch, where: slice) -> Sketch:
    """Take the `Sketch` of some of the bills."""
    parts = (type(part)(*(row[where] for row in vars(part).values())) for part in vars(sketch).values())
    return type(sketch)(*parts)


def _scaled(info: BillInfo | LogSlopeInfo, share: np.ndarray) -> BillInfo | LogSlopeInfo:
    """Scale what is known about each bill to a share of it."""
    return type(info)(*(share * row for row in info_rows(info)))


def _reported(
    fast: FastJoint,
    at: JointPoint,
    votes: JointVotes,
    columns: Columns,
    seats: tuple[Seating, Seating],
    rng: np.random.Generator,
) -> Reported:
    """Compute the reported variables at many draws, with members and items in the order of ``votes``."""
    items = np.concatenate([votes.house_item[columns.house], votes.senate_item[columns.senate[columns.n_shared :]]])
    place, by_chamber = np.argsort(items), (at.house_only, at.shared, at.senate_only)
    return {
        **reported_levels(fast, at, seats, rng),
        "alpha": columns.flip * np.concatenate([part.alpha for part in by_chamber], axis=-1)[..., place],
        "beta": columns.flip * np.concatenate([part.beta for part in by_chamber], axis=-1)[..., place],
    }


def reported_levels(
    fast: FastJoint, at: JointPoint, seats: tuple[Seating, Seating], rng: np.random.Generator
) -> Reported:
    """Compute what is reported of members and levels at many draws, with members in the order of the votes."""
    xi = [parties.xi[..., seating.inverse] for parties, seating in zip((at.house, at.senate), seats, strict=True)]
    groups = (fast.house, at.house), (fast.senate, at.senate)
    mu_group = np.stack([np.stack(group.by_party(p.mu), axis=-1) for group, p in groups], axis=-2)
    mu_global, mu_chamber = draw_chamber_means(
        mu_group, at.sigma_chamber, at.sigma_party, rng, fast.priors.mu, at.mu_global
    )
    return {
        "xi": np.concatenate(xi, axis=-1),
        "mu_global": mu_global,
        "sigma_chamber": at.sigma_chamber,
        "mu_chamber": mu_chamber,
        "sigma_party": at.sigma_party,
        "mu_group": mu_group,
        "sigma_within": np.stack([np.stack(group.by_party(p.sigma), axis=-1) for group, p in groups], axis=-2),
    }
