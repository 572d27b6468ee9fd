"""A chamber in the frame of its parties, from which structures take the coordinates that they share with it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ...files.forms import PARTIES_FRAME, TEXTBOOK
from ...files.records.statistics import FormChoice
from ...votes.matrix import ChamberVotes
from ..base import BuiltModel
from ..fast.chamber_forms import InParties, assignment, symmetric
from ..fast.forms import choose_form, doubt_of
from ..fast.model import FastModel
from ..fast.sides import Sides, try_sides
from .structure import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Framed:
    """The chamber model in the frame of its parties.

    Attributes
    ----------
    parts
        The order of members and bills, the pilot and the map.
    model
        The fast form of the production model.
    """

    parts: InParties
    model: FastModel


def chamber_structure(
    votes: ChamberVotes,
    settings: Settings,
    oriented: np.ndarray | None,
    textbook: Callable[[bool], BuiltModel],
    fast: Callable[[Framed], BuiltModel],
) -> BuiltModel:
    """Build a structure of a chamber in the form that suits the votes.

    Parameters
    ----------
    oriented
        From `orientation`, or None; it decides the order of the bills.
    textbook
        Builds the textbook form; True starts every other chain with the members mirrored.
    fast
        Builds the fast form from the production model's. It is taken where the votes leave no doubt on which side each
        party sits. Else the structure is sampled in its textbook form.

    Raises
    ------
    ValueError
        For unknown coordinates.
    """
    if settings.coordinates == "reference":
        return textbook(False)
    if settings.coordinates != "fast":
        raise ValueError(f"unknown coordinates {settings.coordinates!r} (known: fast, reference)")
    prior, alpha_sigma = settings.beta_prior, settings.alpha_sigma
    parts = {crossed: InParties.of(votes, prior, alpha_sigma, oriented, crossed) for crossed in (False, True)}
    models = {crossed: one.model(votes) for crossed, one in parts.items()}
    sides = try_sides(lambda crossed: assignment(models[crossed[0]], crossed), 1)
    form, reason = choose_form(sides, symmetric(prior, oriented), votes.y.size, settings.pressed)
    facts: FormChoice = {"sides": sides.to_dict([votes.chamber]), "form": form, "reason": reason}
    if form == PARTIES_FRAME:
        best = sides.best[0]
        return replace(fast(Framed(parts[best], models[best])), facts=facts)
    facts |= {"form": TEXTBOOK, "reason": log_of_textbook(votes.chamber, sides)}
    return replace(textbook(True), facts=facts)


def log_of_textbook(unit: str, sides: Sides) -> str:
    """Log that the textbook form is sampled because it is open on which side each party sits; return the reason."""
    reason = f"{doubt_of(sides)}, so sampling uses the textbook form, with chains started on both sides"
    log.warning("%s: %s", unit, reason)
    return reason
