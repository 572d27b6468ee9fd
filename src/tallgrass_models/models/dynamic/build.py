"""The model over time, in the form that suits the votes."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...files.forms import PARTIES_FRAME, TEXTBOOK
from ...files.records.statistics import FormChoice
from ...priors.constants import ALPHA_SIGMA
from ...priors.spec import PRODUCTION_BETA, BetaPriorSpec
from ..base import BuiltModel, Draws, Reported
from ..fast.chamber_forms import assignment, fast_chamber, symmetric
from ..fast.forms import choose_form, doubt_of
from ..fast.members import party_start
from ..fast.model import FastModel, in_chunks, start_about
from ..fast.sides import Sides, try_sides
from ..groups import sigma_scale
from ..orientation import chamber_orientation
from .dynamic_map import FastDynamic
from .guess import Pilots
from .packing import packed
from .reference import DIMS, build_reference, coords_of
from .sessions import SessionsVotes

if TYPE_CHECKING:
    import pymc as pm

log = logging.getLogger(__name__)

#: Starts of the steps, as shares of the distance of the parties in the first session.
_STEP_START = 0.05


def build_dynamic(
    series: SessionsVotes,
    beta_prior: BetaPriorSpec = PRODUCTION_BETA,
    alpha_sigma: float = ALPHA_SIGMA,
    coordinates: str = "fast",
    orient_bills: bool = False,
    pressed: bool = False,
) -> BuiltModel:
    """Build the model of consecutive sessions of a chamber (`reference`).

    Parameters
    ----------
    series
        Votes and careers.
    beta_prior, alpha_sigma, orient_bills
        As for a chamber (`fast.chamber.build_chamber`).
    coordinates
        ``reference`` uses the equations as they stand. ``fast`` has the same posterior in the coordinates of `walk`. It
        takes the sample means of the parties in the first session to be in the order of their population means; where
        the votes of that session leave doubt about it, the textbook form is sampled.
    pressed
        True if chains were found to press against the frame of the parties, which is then abandoned.

    Raises
    ------
    ValueError
        For unknown coordinates, or a party without members in a session.
    """
    turned = orient_bills and beta_prior.positive
    oriented = [chamber_orientation(votes) for votes in series.votes] if turned else None
    if coordinates == "reference":
        return build_reference(series, beta_prior, alpha_sigma, oriented)
    if coordinates != "fast":
        raise ValueError(f"unknown coordinates {coordinates!r} (known: fast, reference)")
    sides, form, reason = _form(series, beta_prior, alpha_sigma, oriented, pressed)
    facts: FormChoice = {"sides": sides.to_dict([series.votes[0].chamber]), "form": form, "reason": reason}
    if form == PARTIES_FRAME:
        return replace(_fast(series, beta_prior, alpha_sigma, oriented), facts=facts)
    log.warning("%s: %s", series.votes[0].chamber, reason)
    return replace(build_reference(series, beta_prior, alpha_sigma, oriented, both_sides=True), facts=facts)


def _form(
    series: SessionsVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float,
    oriented: Sequence[np.ndarray] | None,
    pressed: bool,
) -> tuple[Sides, str, str]:
    """Choose the form by the first session, whose parties fix the sign; return it with the reason."""
    votes, own = series.votes[0], None if oriented is None else oriented[0]
    forms = {crossed: fast_chamber(votes, beta_prior, alpha_sigma, own, crossed) for crossed in (False, True)}
    sides = try_sides(lambda crossed: assignment(forms[crossed[0]], crossed), 1)
    form, reason = choose_form(sides, symmetric(beta_prior, own), votes.y.size, pressed)
    if form == PARTIES_FRAME and not sides.best[0]:
        return sides, form, reason
    doubt = doubt_of(sides) if form != PARTIES_FRAME else "the parties' means are reversed in the first session"
    return sides, TEXTBOOK, f"{doubt}, so sampling uses the textbook form, with chains started on both sides"


def _fast(
    series: SessionsVotes, beta_prior: BetaPriorSpec, alpha_sigma: float, oriented: Sequence[np.ndarray] | None
) -> BuiltModel:
    pilots = Pilots.of(series, beta_prior, alpha_sigma, oriented)
    layout, scales = pilots.layout(series), sigma_scale(series.first_sizes)
    both = float(scales[0]), float(scales[1])
    fast = FastDynamic(pilots.informed(series, layout), layout, both, beta_prior, alpha_sigma)
    matrices = [part.matrix for part in pilots.parts]
    signs = tuple(matrix.sign for matrix in matrices)
    seat = np.argsort(pilots.order)
    n_before = np.cumsum([0, *(votes.n_votes for votes in series.votes)])
    place = np.concatenate([n + np.argsort(matrix.columns) for n, matrix in zip(n_before, matrices, strict=False)])
    flip = np.concatenate([matrix.flip for matrix in matrices])

    def make_model() -> pm.Model:
        from .graph import dynamic_model

        return dynamic_model(fast, signs)

    def mapped(part: Draws) -> Reported:
        at, _, bills = fast.forward(part, np)
        frame, u = at.first.frame, np.concatenate(at.u, axis=-1)[..., seat]
        return {
            "xi": frame.s[..., None] + frame.sep[..., None] * u,
            "mu_party": np.stack(at.first.mu, axis=-1),
            "sigma_within": np.stack(at.first.sigma, axis=-1),
            "step": np.stack(at.step, axis=-1),
            "entry_step": at.entry_step,
            "mu_entry": np.stack(at.entries, axis=-2),
            "alpha": flip * np.concatenate([own.alpha for own in bills], axis=-1)[..., place],
            "beta": flip * np.concatenate([own.beta for own in bills], axis=-1)[..., place],
        }

    known = party_start("", pilots.parts[0].pilot, False)
    known |= dict.fromkeys(("log_step_left", "log_step_right", "log_entry_step"), math.log(_STEP_START))
    start, scatter = start_about(fast.shapes(), known)
    return FastModel(
        "dynamic",
        "fast",
        make_model,
        start,
        lambda draws, rng: in_chunks(mapped, draws),
        DIMS,
        coords_of(series),
        scatter,
        density="dynamic",
        data=packed(fast, signs),
    )
