"""The interface of a structure, and the table of all structures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...errors import UserError
from ...priors.spec import BetaPriorSpec
from ..base import BuiltModel

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


@dataclass(frozen=True)
class Structure:
    """A structure: what is sampled and reported (`BuiltModel.report`, `BuiltModel.dims`).

    Attributes
    ----------
    chamber
        Builds the model of one chamber.
    joint
        Builds the model of both chambers from votes, settings and first guesses of the members' positions (House
        first); None if there is no such model.
    """

    chamber: Callable[[ChamberVotes, Settings], BuiltModel]
    joint: Callable[[JointVotes, Settings, np.ndarray], BuiltModel] | None = None


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
