"""The interface of a structure, and the table of all structures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...errors import UserError
from ...priors.spec import BetaPriorSpec
from ..base import BuiltModel, Draws

if TYPE_CHECKING:
    import numpy as np

    from ...votes.matching import JointVotes
    from ...votes.matrix import ChamberVotes


@dataclass(frozen=True)
class Settings:
    """Settings from which a structure builds its models.

    Attributes
    ----------
    beta_prior, alpha_sigma
        Priors of discrimination and difficulty.
    coordinates
        ``reference`` for the textbook form; ``fast`` for coordinates that sample well, with the same posterior.
    orient_bills
        As in `fast.chamber.build_chamber`.
    model
        The experiment's settings of the model (`config.model.ModelConfig.spec`).
    pressed
        True if chains were found to press against the frame of the parties (`fast.sides.cut_off`).
    """

    beta_prior: BetaPriorSpec
    alpha_sigma: float
    coordinates: str
    orient_bills: bool
    model: Mapping[str, Any]
    pressed: bool = False


def _none(own: Draws, beta_prior: BetaPriorSpec, scale: float) -> dict[str, np.ndarray]:
    return {}


@dataclass(frozen=True)
class Structure:
    """A structure: what is sampled and reported (`BuiltModel.report`, `BuiltModel.dims`).

    It reports ``xi``, ``alpha`` and ``beta`` by member and item, like every model, and what is its own. Where votes do
    not follow from these three alone, `draws.vote_probability` says how.

    Attributes
    ----------
    chamber
        Builds the model of one chamber.
    joint
        Builds the model of both chambers from votes, settings and first guesses of the members' positions (House
        first); None if there is no such model.
    own
        Names of the reported variables that are its own.
    without
        Components of the prior of the production model that it does not have (`checking.sensitivity.log_priors`).
    log_priors
        Computes the log densities of its own components from draws of its own variables, shape (..., n_draws), the
        prior of beta and the factor by which scales are multiplied.
    bills_apart
        True if the bills are independent given the members, so that one can be integrated out on its own.
    """

    chamber: Callable[[ChamberVotes, Settings], BuiltModel]
    joint: Callable[[JointVotes, Settings, np.ndarray], BuiltModel] | None = None
    own: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    log_priors: Callable[[Draws, BetaPriorSpec, float], dict[str, np.ndarray]] = _none
    bills_apart: bool = True


def structure(name: str) -> Structure:
    """Load the structure ``name``: ``STRUCTURE`` of the module of that name in this room.

    Raises
    ------
    UserError
        If there is none.
    """
    try:
        return import_module(f".{name}", __package__).STRUCTURE
    except ModuleNotFoundError:
        raise UserError(f"there is no structure {name!r}") from None
