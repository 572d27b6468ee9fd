"""The joint model: members within the parties of both chambers, on one scale bridged by shared bills."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ...files.forms import HALVES, PARTIES_FRAME, TEXTBOOK
from ...files.records.statistics import FormChoice
from ...priors.constants import ALPHA_SIGMA
from ...priors.model import PRODUCTION, ModelPriors
from ...priors.spec import BetaPriorSpec
from ...votes.matching import JointVotes
from ...votes.vocabulary import CHAMBERS
from ..base import BuiltModel
from ..orientation import joint_orientation
from .bill_priors import tell_form
from .chamber_forms import assignment
from .evidence import N_DRAWS
from .forms import choose_joint_form
from .joint_builder import JointBuilder
from .sides import try_sides

log = logging.getLogger(__name__)


def build_joint(
    votes: JointVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float = ALPHA_SIGMA,
    coordinates: str = "fast",
    start_xi: np.ndarray | None = None,
    orient_bills: bool = False,
    pressed: tuple[bool, ...] = (False, False),
    priors: ModelPriors = PRODUCTION,
) -> BuiltModel:
    """Build the model of three levels: members within the parties of both chambers, on one scale.

    ::

        mu_global ~ Normal(0, 2);  sigma_chamber ~ HalfNormal(1);  mu_chamber[c] ~ Normal(mu_global, sigma_chamber)
        sigma_party ~ HalfNormal(1);  offset[c] = sort of two Normal(0, 1)
        mu_group[c, p]     = mu_chamber[c] + sigma_party * offset[c, p]
        sigma_within[c, p] ~ HalfNormal(s[c, p])       s = 0.5 where a group has < 20 members, else 1
        xi[i]              ~ Normal(mu_group[c(i), p(i)], sigma_within[c(i), p(i)])
        alpha ~ Normal(0, alpha_sigma);  beta ~ beta_prior

    A shared bill has one ``(alpha, beta)``.

    Parameters
    ----------
    votes : JointVotes
    beta_prior : BetaPriorSpec
    alpha_sigma : float
    coordinates : str
        ``reference`` uses the equations as they stand. ``fast`` has the same posterior in the coordinates of
        `FastJoint`. The note on sample means in `chamber.build_chamber` holds for each chamber.
    start_xi : ndarray, shape (n_legislators,), optional
        First guess of the members' positions, House first, in place of principal component scores.
    orient_bills : bool
        As in `chamber.build_chamber`. A shared bill is oriented by the votes of both chambers.
    pressed : tuple of bool
        As in `chamber.build_chamber`, House and Senate.
    priors : ModelPriors
        As in `chamber.build_chamber`, also of sigma_chamber and sigma_party; ``priors.mu`` is that of mu_global.

    Raises
    ------
    ValueError
        For unknown ``coordinates``, or a party of a chamber without members.
    """
    oriented = joint_orientation(votes) if orient_bills and beta_prior.positive else None
    if coordinates == "reference":
        from .. import reference

        return reference.build_joint(votes, beta_prior, alpha_sigma, start_xi, oriented, priors=priors)
    if coordinates != "fast":
        raise ValueError(f"unknown coordinates {coordinates!r} (known: fast, reference)")
    tell_form("joint", beta_prior, priors)
    builder = JointBuilder(votes, beta_prior, alpha_sigma, start_xi, oriented, priors)

    def textbook() -> BuiltModel:
        from .. import reference

        return reference.build_joint(votes, beta_prior, alpha_sigma, start_xi, oriented, True, priors=priors)

    return in_best_form(builder, textbook, pressed)


def in_best_form(
    builder: JointBuilder,
    textbook: Callable[[], BuiltModel],
    pressed: tuple[bool, ...],
    n_draws: int = N_DRAWS,
) -> BuiltModel:
    """Build a model of both chambers in the form that suits the sides on which the parties sit.

    Parameters
    ----------
    builder
        Builder of its fast forms.
    textbook
        Builds its textbook form, with chains started on both sides.
    pressed
        As for `build_joint`.
    n_draws
        Draws for the evidence of each assignment of sides.
    """
    votes = builder.votes
    sides = try_sides(lambda crossed: assignment(builder.build(crossed), crossed, n_draws), 2)
    form, halves, reason = choose_joint_form(sides, votes.house.y.size + votes.senate.y.size, pressed)
    facts: FormChoice = {"sides": sides.to_dict(CHAMBERS), "form": form, "reason": reason}
    if form != PARTIES_FRAME:
        log.warning("joint: %s", reason)
    if form == TEXTBOOK:
        return replace(textbook(), facts=facts)
    if form == HALVES:
        return replace(builder.build_halves(sides.best, halves), facts=facts)
    return replace(builder.build(sides.best), facts=facts)
