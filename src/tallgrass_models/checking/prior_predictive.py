"""Prior predictive checks, which compare sessions drawn from the priors with the real session.

Members, parties, roll calls and missing votes are those of the session. Everything else is drawn. The session holds
contested roll calls only, so a drawn roll call with too small a minority is drawn again. The share of such roll calls
is compared with the share that the filter dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..draws.vote_probability import VoteParameters, probability
from ..models.groups import members_spread, sigma_scale, three_groups
from ..priors.densities import draw_beta, draw_bills
from ..priors.model import PRODUCTION, ModelPriors
from ..priors.spec import BetaPriorSpec
from ..votes.vocabulary import PARTIES
from ..wording.replicated import STATISTICS
from .observations import Observations
from .predictive import ChamberCells, chamber_cells, summarized
from .vote_statistics import Key, vote_statistics

#: Number of times a roll call that is not contested is drawn anew.
_ROUNDS = 20
#: Number of prior sessions drawn at a time.
_TOGETHER = 10
#: Observed values in the outermost 1 % of the prior are called implausible, those in the outermost 10 % surprising.
_IMPLAUSIBLE, _SURPRISING = 0.005, 0.05
#: A vote whose probability is beyond this is certain.
_CERTAIN = 0.99

_PRIOR_WORDS = STATISTICS | {
    "unanimous_share": "share of roll calls too lopsided to be kept",
    "certain_share": "share of votes with a probability above 0.99",
}


@dataclass(frozen=True)
class Prior:
    """Priors of a variant's unit; ``sign`` comes from `observations.bill_signs`.

    ``alpha_sigma`` is that of alpha where ``priors`` has none.
    """

    beta: BetaPriorSpec
    sign: np.ndarray
    alpha_sigma: float
    joint: bool
    priors: ModelPriors = PRODUCTION


def prior_predictive(
    obs: Observations,
    prior: Prior,
    dropped: dict[str, float],
    min_minority_share: float,
    n: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw ``n`` sessions and compare them with the real one.

    Parameters
    ----------
    dropped
        The share of roll calls that the filter dropped, by chamber.
    min_minority_share
        The filter: the smallest minority share of a contested roll call.

    Returns
    -------
    DataFrame
        Columns chamber, party, statistic, observed (NaN where a session has none), mean, sd, q05, q95,
        tail_probability.
    """
    chambers = chamber_cells(obs)
    parts = [
        _drawn(obs, chambers, prior, min_minority_share, min(_TOGETHER, n - k), rng) for k in range(0, n, _TOGETHER)
    ]
    rows = []
    for c, cells in enumerate(chambers):
        observed = vote_statistics(cells.yea[None], cells.cast, cells.party).scalars
        known = {key: float(values[0]) for key, values in observed.items()}
        known |= {("unanimous_share", None): dropped[cells.name], ("certain_share", None): np.nan}
        for (statistic, party), value in known.items():
            values = np.concatenate([part[c][statistic, party] for part in parts])
            rows.append({"chamber": cells.name, "party": party, "statistic": statistic, **summarized(value, values)})
    return pd.DataFrame(rows)


def verdicts(table: pd.DataFrame) -> list[str]:
    """Write sentences on what the prior considers unlikely and the session shows."""
    out = []
    for row in table.itertuples():
        side = min(row.tail_probability, 1 - row.tail_probability)
        if not side < _SURPRISING:
            continue
        where = f"{row.chamber}, {row.party}s" if isinstance(row.party, str) else row.chamber
        word = "implausible" if side < _IMPLAUSIBLE else "surprising"
        out.append(
            f"{where}: the {_PRIOR_WORDS[row.statistic]} is {row.observed:.3f}, {word} under this prior (90 %"
            f" interval {row.q05:.3f} to {row.q95:.3f})"
        )
    return out


def draw_positions(
    chamber: np.ndarray,
    party: np.ndarray,
    joint: bool,
    n: int,
    rng: np.random.Generator,
    priors: ModelPriors = PRODUCTION,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw ideal points from the priors of the chamber or the joint model.

    ``chamber`` is 0 or 1 for each member, and ``party`` comes from `seating.party_index`.

    Returns
    -------
    xi : ndarray, shape (n, n_legislators)
    spread : ndarray, shape (n,)
        The members' spread that belongs to the same draws of means and spreads.
    """
    n_chambers, known = int(chamber.max()) + 1, party < len(PARTIES)
    sizes = np.bincount((len(PARTIES) * chamber + party)[known], minlength=2 * n_chambers).reshape(n_chambers, 2)
    if joint:
        middle = draw_beta(priors.mu, rng, (n, 1))
        middle = middle + draw_beta(priors.sigma_chamber, rng, (n, 1)) * rng.normal(size=(n, 2))
        offset = np.sort(rng.normal(size=(n, 2, 2)), axis=2)
        mu = middle[..., None] + draw_beta(priors.sigma_party, rng, (n, 1, 1)) * offset
    else:
        mu = np.sort(draw_beta(priors.mu, rng, (n, 1, 2)), axis=2)
    if priors.sigma_within is None:
        sigma = np.abs(rng.normal(size=(n, n_chambers, 2))) * sigma_scale(sizes)
    else:
        sigma = draw_beta(priors.sigma_within, rng, (n, n_chambers, 2))
    center, scale = three_groups(mu, sigma, np)
    xi = center[:, chamber, party] + scale[:, chamber, party] * rng.normal(size=(n, len(party)))
    groups = [values.reshape(n, -1).T for values in (np.broadcast_to(mu, sigma.shape), sigma)]
    return xi, np.asarray(members_spread(list(groups[0]), list(groups[1]), np))


def draw_alpha(prior: Prior, spread: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a difficulty for each number of ``spread``, the members' spread in whose units the prior may be."""
    if prior.priors.alpha is None:
        return prior.alpha_sigma * rng.normal(size=spread.shape)
    drawn = draw_beta(prior.priors.alpha.prior, rng, spread.shape)
    return spread * drawn if prior.priors.alpha.scaled else drawn


def _drawn(
    obs: Observations, chambers: list[ChamberCells], prior: Prior, least: float, n: int, rng: np.random.Generator
) -> list[dict[Key, np.ndarray]]:
    """Compute the statistics of n drawn sessions, by chamber."""
    chamber = np.repeat(np.arange(len(chambers)), [len(cells.party) for cells in chambers])
    party = np.concatenate([cells.party for cells in chambers])
    xi, spread = draw_positions(chamber, party, prior.joint, n, rng, prior.priors)
    xi = xi.astype(np.float32)
    alpha, beta = (np.zeros((n, int(obs.item.max()) + 1), np.float32) for _ in range(2))
    yea = [np.zeros((n, *cells.cast.shape), np.float32) for cells in chambers]
    redo = np.ones(alpha.shape, dtype=bool)
    before_filter: list[dict[Key, np.ndarray]] = []
    for _ in range(_ROUNDS):
        alpha[redo] = draw_alpha(prior, np.broadcast_to(spread[:, None], redo.shape)[redo], rng)
        beta[redo] = draw_bills(prior.beta, np.broadcast_to(prior.sign, redo.shape)[redo], rng)
        lopsided = np.zeros_like(redo)
        for cells, votes in zip(chambers, yea, strict=True):
            p = _probability(cells, xi, alpha, beta)
            cast = (rng.random(p.shape, dtype=np.float32) < p) * cells.cast
            np.copyto(votes, cast, where=redo[:, None, cells.item])
            share = votes.sum(1) / cells.cast.sum(0)
            unanimous = np.minimum(share, 1 - share) < least
            lopsided[:, cells.item] |= unanimous
            if len(before_filter) < len(chambers):  # the first round
                certain = (np.maximum(p, 1 - p) > _CERTAIN) * cells.cast
                before_filter.append(
                    {
                        ("unanimous_share", None): unanimous.mean(1),
                        ("certain_share", None): certain.sum((1, 2)) / cells.cast.sum(),
                    }
                )
        redo = lopsided
        if not redo.any():
            break
    return [
        {**vote_statistics(votes, cells.cast, cells.party).scalars, **first}
        for cells, votes, first in zip(chambers, yea, before_filter, strict=True)
    ]


def _probability(cells: ChamberCells, xi: np.ndarray, alpha: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Compute the probability of Yea, shape (n, members of the chamber, its roll calls)."""
    votes = VoteParameters(xi, alpha, beta)
    return probability(
        votes.logits(lambda own: own[:, cells.members, None], lambda own: own[:, None, cells.item], lambda own: own)
    )
