"""Members whose positions within their party depend on covariates.

::

    xi[i] ~ Normal(mu_party[p(i)] + z[i]' gamma, sigma_within[p(i)]),    gamma[k] ~ Normal(0, 1)

Everything else is the production model of a chamber; a member of neither party has its prior. ``z[i, k]`` is a column
of the members in standard deviations over the chamber, as a difference from the average of the member's party. So gamma
is the distance of two members of one party who are a standard deviation apart, and mu_party the mean of a party as it
is. (Without the difference, gamma would be the same and mu_party the mean of members who are average in the chamber;
the order of the parties' means, which fixes the sign, would then be that of people who need not exist.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...errors import UserError
from ...priors.constants import GAMMA_SIGMA
from ...priors.densities import normal_log_density
from ...priors.spec import BetaPriorSpec
from ...votes.matrix import ChamberVotes
from ...votes.member_columns import covariate
from ...votes.vocabulary import PARTIES
from ..base import CHAMBER_DIMS, BuiltModel, Draws, Reported
from ..orientation import chamber_orientation
from .covariates_guess import Guess
from .in_frame import Framed, chamber_structure
from .structure import Settings, Structure

if TYPE_CHECKING:
    import pymc as pm

_DIMS = {**CHAMBER_DIMS, "gamma": ("covariate",)}


def build_chamber(votes: ChamberVotes, settings: Settings) -> BuiltModel:
    """Build the model of one chamber.

    Raises
    ------
    UserError
        If a column is not there, is no number for a member, or is the same for all members of each party.
    """
    oriented = chamber_orientation(votes) if settings.orient_bills and settings.beta_prior.positive else None
    names = list(settings.model["covariates"])
    z = design(votes, names)

    def textbook(both_sides: bool) -> BuiltModel:
        from .covariates_textbook import build

        return build(votes, settings, oriented, names, z, both_sides)

    def fast(framed: Framed) -> BuiltModel:
        return _fast(framed, names, z)

    return chamber_structure(votes, settings, oriented, textbook, fast)


def design(votes: ChamberVotes, names: list[str]) -> np.ndarray:
    """Compute z, shape (n_members, n_covariates); zero for members of neither party.

    Raises
    ------
    UserError
        As `build_chamber`; every problem is in one message.
    """
    columns, problems = [], []
    for name in names:
        try:
            columns.append(_standardised(votes, name))
        except UserError as error:
            problems.append(str(error))
    if not problems and np.linalg.matrix_rank(np.column_stack(columns)) < len(names):
        problems.append(f"{votes.chamber}: covariates {', '.join(names)}: one follows from the others within parties")
    if problems:
        raise UserError("\n".join(problems))
    return np.column_stack(columns)


def _standardised(votes: ChamberVotes, name: str) -> np.ndarray:
    values, parties = covariate(votes, name), votes.parties
    known = np.isin(parties, PARTIES)
    values = values / values[known].std() if np.ptp(values[known]) > 0 else values
    out = np.zeros(len(values))
    for party in PARTIES:
        own = parties == party
        out[own] = values[own] - values[own].mean()
    if not np.ptp(out) > 1e-9:
        raise UserError(f"{votes.chamber}: covariate {name!r} is the same for all members of each party")
    return out


def _fast(framed: Framed, names: list[str], z: np.ndarray) -> BuiltModel:
    plain, parts = framed.model, framed.parts
    own = z[parts.seating.order][: sum(parts.seating.sizes)]
    guess = Guess.of(framed, z[parts.seating.order])

    def make_model() -> pm.Model:
        from .covariates_graph import chamber_model

        return chamber_model(parts.fast, parts.matrix.sign, own, guess)

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        sep = np.exp(draws["log_sep"])[..., None]
        return {**plain.report(draws, rng), "gamma": sep * (guess.center + guess.scale * draws["g"])}

    return BuiltModel(
        "chamber",
        "fast",
        make_model,
        {**plain.start, "g": np.zeros(len(names))},
        report,
        _DIMS,
        {**plain.coords, "covariate": np.array(names)},
        {**plain.scatter, "g": np.ones(len(names))},
    )


def log_priors(own: Draws, beta_prior: BetaPriorSpec, scale: float) -> dict[str, np.ndarray]:
    """Compute the log density of all coefficients."""
    return {"gamma": normal_log_density(own["gamma"], 0.0, scale * GAMMA_SIGMA).sum(0)}


STRUCTURE = Structure(build_chamber, own=("gamma",), log_priors=log_priors)
