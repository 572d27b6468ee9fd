"""Votes that lapse: every vote is random with a small probability eps, else it follows the production model.

::

    P(y[i, j] = 1) = eps / 2 + (1 - eps) logistic(beta[j] * xi[i] - alpha[j]),    eps ~ Beta(1, 50)

Everything else is the production model of a chamber, or of both chambers, which then have one eps.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...files.forms import PARTIES_FRAME, TEXTBOOK
from ...files.records.statistics import FormChoice
from ...priors.constants import LAPSE_B
from ...priors.spec import BetaPriorSpec
from ...votes.matching import JointVotes
from ...votes.matrix import ChamberVotes
from ...votes.vocabulary import CHAMBERS
from ..base import BuiltModel, Draws, Reported
from ..fast.chamber_forms import assignment
from ..fast.forms import choose_joint_form
from ..fast.joint_builder import JointBuilder
from ..fast.sides import try_sides
from ..orientation import chamber_orientation, joint_orientation
from .in_frame import Framed, chamber_structure, log_of_textbook
from .structure import Settings, Structure

if TYPE_CHECKING:
    import pymc as pm
    import pytensor.tensor as pt

#: Start of eps, and the scatter of its logit.
_START, _SCATTER = 0.01, 0.3


def build_chamber(votes: ChamberVotes, settings: Settings) -> BuiltModel:
    """Build the model of one chamber."""
    oriented = chamber_orientation(votes) if settings.orient_bills and settings.beta_prior.positive else None

    def textbook(both_sides: bool) -> BuiltModel:
        from .. import reference

        args = votes, settings.beta_prior, settings.alpha_sigma, oriented, both_sides
        return _of_textbook(reference.build_chamber(*args, observe=observe))

    def fast(framed: Framed) -> BuiltModel:
        def make_model() -> pm.Model:
            from .lapse_graphs import chamber_model

            return chamber_model(framed.parts.fast, framed.parts.matrix.sign)

        return _of_fast(framed.model, make_model)

    return chamber_structure(votes, settings, oriented, textbook, fast)


def build_joint(votes: JointVotes, settings: Settings, start_xi: np.ndarray) -> BuiltModel:
    """Build the model of both chambers.

    The fast form is taken where the votes leave no doubt on which side each party sits; else the textbook form.

    Raises
    ------
    ValueError
        For unknown coordinates.
    """
    prior, alpha_sigma = settings.beta_prior, settings.alpha_sigma
    oriented = joint_orientation(votes) if settings.orient_bills and prior.positive else None

    def textbook(both_sides: bool) -> BuiltModel:
        from .. import reference

        args = votes, prior, alpha_sigma, start_xi, oriented, both_sides
        return _of_textbook(reference.build_joint(*args, observe=observe))

    if settings.coordinates == "reference":
        return textbook(False)
    if settings.coordinates != "fast":
        raise ValueError(f"unknown coordinates {settings.coordinates!r} (known: fast, reference)")
    builder = JointBuilder(votes, prior, alpha_sigma, start_xi, oriented)
    sides = try_sides(lambda crossed: assignment(builder.build(crossed), crossed), 2)
    pressed = (settings.pressed, settings.pressed)
    form, _, reason = choose_joint_form(sides, votes.house.y.size + votes.senate.y.size, pressed)
    facts: FormChoice = {"sides": sides.to_dict(CHAMBERS), "form": form, "reason": reason}
    if form != PARTIES_FRAME:
        return replace(textbook(True), facts={**facts, "form": TEXTBOOK, "reason": log_of_textbook("joint", sides)})
    _, map_, _, signs = builder.in_parties(sides.best)

    def make_model() -> pm.Model:
        from .lapse_graphs import joint_model

        return joint_model(map_, signs)

    return replace(_of_fast(builder.build(sides.best), make_model), facts=facts)


def observe(y: np.ndarray, logit: pt.TensorVariable) -> None:
    """Add eps and the votes to the textbook model in context."""
    import pymc as pm

    eps = pm.Beta("eps", 1, LAPSE_B)
    pm.Bernoulli("y", p=eps / 2 + (1 - eps) * pm.math.sigmoid(logit), observed=y)


def _of_textbook(plain: BuiltModel) -> BuiltModel:
    """Add eps to what the textbook form of the production model, observed with lapses, starts from and reports."""

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        return {**plain.report(draws, rng), "eps": np.asarray(draws["eps"])}

    start = {"eps": np.array(_START)}
    return replace(
        plain,
        report=report,
        dims={**plain.dims, "eps": ()},
        start={**plain.start, **start},
        scatter={**plain.scatter, "eps": np.array(_SCATTER)},
        other_starts=tuple({**other, **start} for other in plain.other_starts),
    )


def _of_fast(plain: BuiltModel, make_model: Callable[[], pm.Model]) -> BuiltModel:
    """Add the logit of eps to the fast coordinates of the production model."""

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        return {**plain.report(draws, rng), "eps": 1 / (1 + np.exp(-draws["logit_eps"]))}

    return BuiltModel(
        plain.kind,
        "fast",
        make_model,
        {**plain.start, "logit_eps": np.array(math.log(_START / (1 - _START)))},
        report,
        {**plain.dims, "eps": ()},
        plain.coords,
        {**plain.scatter, "logit_eps": np.array(_SCATTER)},
    )


def log_priors(own: Draws, beta_prior: BetaPriorSpec, scale: float) -> dict[str, np.ndarray]:
    """Compute the log density of eps with ``scale`` times its mean, about."""
    b = LAPSE_B / scale
    return {"eps": math.log(b) + (b - 1) * np.log1p(-own["eps"])}


STRUCTURE = Structure(build_chamber, build_joint, own=("eps",), log_priors=log_priors)
