"""Held-out votes on real fits: the true model wins, leave-one-out agrees, and a leak is caught."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from fitted import NORMAL
from small import small_chamber

from tallgrass_models.checking.draws import unit_draws
from tallgrass_models.checking.loo import Loo, psis_loo, relative_efficiency
from tallgrass_models.checking.observations import Observations, bill_signs, observations
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.folds import assignment
from tallgrass_models.folds.assignment import held_calls, held_out, without_fold
from tallgrass_models.folds.party_only import party_calls, party_shares
from tallgrass_models.folds.predict import predict
from tallgrass_models.folds.predict_calls import predict_calls, predictor
from tallgrass_models.folds.scores import clustered
from tallgrass_models.models.base import BuiltModel
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.models.fast.flat import build_flat
from tallgrass_models.sampling.sample import sample
from tallgrass_models.votes.matrix import ChamberVotes

pytestmark = pytest.mark.slow

_FOLDS = 4


def draws_of(built: BuiltModel, seed: int = 2) -> xr.Dataset:
    sampled = sample(built, SamplingConfig(draws=300, tune=300, chains=2, seed=seed), "house", 2)
    found = built.report(sampled.draws, np.random.default_rng(0))
    kept = {name: (("chain", "draw", *built.dims[name]), np.float32(value)) for name, value in found.items()}
    return xr.Dataset(kept, coords=built.coords)


def scores(votes: ChamberVotes, posteriors: list[xr.Dataset]) -> np.ndarray:
    """The log score of each vote by the posterior of its fold."""
    out = np.full(votes.y.shape, math.nan)
    for k, posterior in enumerate(posteriors, start=1):
        member, rollcall = np.nonzero(held_out(votes, _FOLDS, k))
        out[member, rollcall] = predict(posterior, member, rollcall, votes.y[member, rollcall]).log_score
    return out


def drawn(sizes: tuple[int, int], n_votes: int, within: float, missing: float) -> tuple[ChamberVotes, np.ndarray]:
    """A chamber drawn from the hierarchical model, and P(Yea); ``within`` is the spread of the parties' members."""
    rng = np.random.default_rng(8)
    votes = small_chamber(sizes=(*sizes, 0), n_votes=n_votes, seed=8)
    xi = np.repeat([-2.7, 2.7], sizes) + within * rng.normal(size=sum(sizes))
    alpha, beta = rng.normal(0, 2, n_votes), rng.normal(0, 1, n_votes)
    p = 1 / (1 + np.exp(alpha - np.outer(xi, beta)))
    y = (rng.random(p.shape) < p).astype(np.int8)
    y[rng.random(y.shape) < missing] = -1
    return replace(votes, y=y, legislators=votes.legislators.assign(pc1=xi)), p


def by_folds(votes: ChamberVotes, build: Callable[[ChamberVotes], BuiltModel]) -> np.ndarray:
    return scores(votes, [draws_of(build(without_fold(votes, _FOLDS, k))) for k in range(1, _FOLDS + 1)])


@pytest.fixture(scope="module")
def truth() -> tuple[ChamberVotes, np.ndarray]:
    return drawn((25, 30), 90, 1.6, 0.2)


@pytest.fixture(scope="module")
def chamber(truth) -> np.ndarray:
    return by_folds(truth[0], build_chamber)


@pytest.fixture(scope="module")
def full(truth) -> xr.Dataset:
    return draws_of(build_chamber(truth[0]))


def test_the_true_model_wins_by_about_the_expected_amount(truth, chamber, full):
    """Against party alone, the truth gains what its probabilities say, and the fit that less what it has to learn."""
    votes, p = truth
    shares = party_shares(votes.y, votes.parties, assignment.folds_of(votes, _FOLDS), _FOLDS)
    cast = votes.y >= 0
    call = np.nonzero(cast)[1]

    def score_of(yea: np.ndarray) -> np.ndarray:
        return np.log(np.where(votes.y == 1, yea, 1 - yea))[cast]

    party, best = score_of(shares), score_of(p)
    gained, se = clustered(chamber[cast] - party, call)
    possible, error = clustered(best - party, call)
    divergence = p * np.log(p / shares) + (1 - p) * np.log((1 - p) / (1 - shares))
    assert abs(possible - divergence[cast].mean()) < 4 * error
    # What must be learned costs half an effective parameter, of which a fold's fit has fewer votes to learn from.
    lost = loo_of(votes, full)[1].p_loo.mean() / 2 * _FOLDS / (_FOLDS - 1)
    assert gained > 4 * se
    assert gained == pytest.approx(possible - lost, abs=3 * se)


def test_parties_help_where_they_are_tight_and_votes_are_few():
    votes, _ = drawn((90, 110), 60, 0.3, 0.7)
    cast = votes.y >= 0
    gained, se = clustered((by_folds(votes, build_chamber) - by_folds(votes, build_flat))[cast], np.nonzero(cast)[1])
    assert gained > 3 * se


def loo_of(votes: ChamberVotes, posterior: xr.Dataset) -> tuple[Observations, Loo]:
    obs = observations([votes])
    spec = {"beta_prior": NORMAL.to_dict(), "alpha_sigma": 5.0}
    draws = unit_draws(posterior, spec, obs, bill_signs([votes], False))
    return obs, psis_loo(obs, draws, relative_efficiency(draws))[0]


def agree(obs: Observations, loo: Loo, found: np.ndarray) -> bool:
    """Tell whether folds and leave-one-out agree where the latter can be relied on.

    A fold's fit lacks a share 1/K of the votes, so it knows its parameters by about p_loo / (K - 1) less.
    """
    good = loo.pareto_k < 0.7
    difference = (loo.elpd - found[obs.member, obs.rollcall])[good]
    mean, se = clustered(difference, obs.rollcall[good])
    lost = float(loo.p_loo[good].mean())
    return abs(mean - lost / (_FOLDS - 1)) < 3 * se + 0.25 * lost


def test_leave_one_out_and_folds_agree_and_a_leak_does_not(truth, chamber, full):
    votes, _ = truth
    obs, loo = loo_of(votes, full)
    assert (loo.pareto_k < 0.7).mean() > 0.9
    assert agree(obs, loo, chamber)
    assert not agree(obs, loo, scores(votes, [full] * _FOLDS)), "fits that have seen the votes predict them too well"


def test_a_fit_predicts_roll_calls_that_it_has_not_seen_nearly_as_well_as_the_true_places_do():
    """Half of the roll calls place the members, which beats party alone on the other half; the truth beats both."""
    votes, _ = drawn((25, 30), 120, 1.6, 0.2)
    xi, held, names = votes.legislators["pc1"].to_numpy(), held_calls(votes, 2, 1), list(votes.rollcalls.index)
    spec = {"kind": "chamber", "beta_prior": NORMAL.to_dict(), "alpha_sigma": 5.0}

    def score(posterior: xr.Dataset) -> np.ndarray:
        found = predict_calls(predictor(posterior, spec), votes.y, 0, held, names)
        return np.bincount(found.rollcall, found.log_score, votes.n_votes)[held]

    truth = score(xr.Dataset({"xi": (("chain", "draw", "legislator"), np.broadcast_to(xi, (2, 8, 55)))}))
    fit = score(draws_of(build_chamber(without_fold(votes, 2, 1, "roll_calls"))))
    party = party_calls(votes.y, votes.parties)[0][held]
    error = (fit - party).std(ddof=1) / math.sqrt(held.sum())
    assert (fit - party).mean() > 4 * error
    lost = truth - fit
    assert -2 * lost.std(ddof=1) / math.sqrt(held.sum()) < lost.mean() < (fit - party).mean() / 2
