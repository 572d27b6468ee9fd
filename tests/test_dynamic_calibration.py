"""The model over time is calibrated: parameters from its prior rank uniformly among the draws of their posterior.

As in `test_calibration`, truths are drawn from the equations in the docstring of `models.dynamic.reference`, not by the
model under test. Three sessions have members who return, come, leave and are away once, and one of neither party.
"""

from dataclasses import replace

import numpy as np
import pytest
from careers import careers
from over_sessions import sessions_votes, with_independents
from scipy import stats
from test_calibration import ALPHA_SIGMA, LEAST_P, party_means_in_order, rank, vote

from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.models.dynamic.build import _fast
from tallgrass_models.models.groups import sigma_scale
from tallgrass_models.priors.spec import PRODUCTION_BETA
from tallgrass_models.sampling.sample import sample

SAMPLING = SamplingConfig(draws=500, tune=400, chains=2, target_accept=0.9)
N_MEMBERS, N_VOTES, STEP_SIGMA, ENTRY_SIGMA = 16, 14, 0.5, 0.5
N_LONG, N_SLOW, BINS = 200, 50, 10


def seats():
    """Votes to be drawn anew, with who sits where."""
    terms = careers(3, n_sessions=3, n=N_MEMBERS, leave=0.25)
    away = next(iter((set(terms[0].person) & set(terms[2].person)) - {N_MEMBERS - 1}))
    stays = terms[1].person != away
    terms[1] = replace(terms[1], person=terms[1].person[stays], party=terms[1].party[stays], x=terms[1].x[stays])
    return with_independents(sessions_votes(terms, N_VOTES), {N_MEMBERS - 1})


SERIES = seats()


def truth(rng, step_sigma):
    """Draw all parameters from the prior, with the sample means of the first session's parties in order."""
    while True:
        mu, sigma = np.sort(rng.normal(0, 2, 2)), np.abs(rng.normal(0, sigma_scale(SERIES.first_sizes)))
        step, entry_step = np.abs(rng.normal(0, step_sigma, 2)), abs(rng.normal(0, ENTRY_SIGMA))
        entry = mu + np.concatenate([np.zeros((1, 2)), np.cumsum(rng.normal(0, entry_step, (2, 2)), axis=0)])
        xi, last = np.empty(len(SERIES.party)), {}
        for seat, who in enumerate(np.concatenate(SERIES.career)):
            t, p = SERIES.session[seat], SERIES.party[seat]
            if who in last:
                then, place = last[who]
                size = step[p] if p < 2 else np.sqrt((step**2).mean())
                xi[seat] = rng.normal(place, size * np.sqrt(t - then))
            elif p == 2:
                xi[seat] = rng.normal(entry[t].mean(), mu[1] - mu[0])
            else:
                xi[seat] = rng.normal(entry[t, p], sigma[p])
            last[who] = t, xi[seat]
        if party_means_in_order(xi[:N_MEMBERS], SERIES.party[:N_MEMBERS]):
            return {"mu": mu, "sigma": sigma, "step": step, "entry_step": entry_step, "entry": entry, "xi": xi}


def log_likelihood(xi, alpha, beta, votes):
    """Of all votes, for draws of shape (n, ...)."""
    out, seat, call = np.zeros(len(xi)), 0, 0
    for own in votes:
        n, m = own.y.shape
        eta = xi[:, seat : seat + n, None] * beta[:, None, call : call + m] - alpha[:, None, call : call + m]
        wrong = np.where(own.y == 1, -eta, eta)
        out -= np.where(own.y >= 0, np.logaddexp(0, wrong), 0).sum((1, 2))
        seat, call = seat + n, call + m
    return out


def ranks(seed, step_sigma=STEP_SIGMA):
    """Ranks of one legislature's parameters; other truths than the model's with another ``step_sigma``."""
    rng = np.random.default_rng([seed, 15])
    true = truth(rng, step_sigma)
    alpha, beta = rng.normal(0, ALPHA_SIGMA, 3 * N_VOTES), rng.normal(0, 1, 3 * N_VOTES)
    ends = np.cumsum(SERIES.sizes)[:-1]
    parts = zip(SERIES.votes, np.split(true["xi"], ends), np.split(alpha, 3), np.split(beta, 3), strict=True)
    votes = tuple(vote(rng, *part) for part in parts)
    built = _fast(replace(SERIES, votes=votes), PRODUCTION_BETA, ALPHA_SIGMA, None)
    found = built.report(sample(built, replace(SAMPLING, seed=seed), "house", 2).draws, rng)
    back = int(np.flatnonzero((SERIES.previous >= 0) & (SERIES.session == 2) & (SERIES.party == 0))[0])
    before, outside = SERIES.previous[back], int(np.flatnonzero((SERIES.party == 2) & (SERIES.session == 2))[0])
    thin = {name: found[name].reshape(-1, found[name].shape[-1])[::10] for name in ("xi", "alpha", "beta")}
    own = {"xi": true["xi"], "alpha": alpha, "beta": beta}
    fits = log_likelihood(**thin, votes=votes)
    return {
        "mu_D": rank(found["mu_party"][..., 0], true["mu"][0]),
        "gap": rank(np.diff(found["mu_party"])[..., 0], np.diff(true["mu"])[0]),
        "sigma_D": rank(found["sigma_within"][..., 0], true["sigma"][0]),
        "sigma_R": rank(found["sigma_within"][..., 1], true["sigma"][1]),
        "step_D": rank(found["step"][..., 0], true["step"][0]),
        "step_R": rank(found["step"][..., 1], true["step"][1]),
        "entry_step": rank(found["entry_step"], true["entry_step"]),
        "newcomers_R": rank(found["mu_entry"][..., 1, 2], true["entry"][2, 1]),
        "xi_first": rank(found["xi"][..., 3], true["xi"][3]),
        "xi_last": rank(found["xi"][..., back], true["xi"][back]),
        "move": rank(found["xi"][..., back] - found["xi"][..., before], true["xi"][back] - true["xi"][before]),
        "xi_independent": rank(found["xi"][..., outside], true["xi"][outside]),
        "alpha_last": rank(found["alpha"][..., -1], alpha[-1]),
        "beta_last": rank(found["beta"][..., -1], beta[-1]),
        "log_likelihood": (fits < log_likelihood(**{k: v[None] for k, v in own.items()}, votes=votes)).sum()
        / (len(fits) + 1),
    }


def p_values(found):
    """Chi-squared test of uniformity of each quantity's ranks."""
    return {
        name: stats.chisquare(np.histogram([one[name] for one in found], BINS, (0, 1))[0]).pvalue for name in found[0]
    }


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_the_model_over_time_is_calibrated():
    found = p_values([ranks(seed) for seed in range(N_LONG)])
    assert min(found.values()) > LEAST_P, found


@pytest.mark.slow
def test_another_prior_of_steps_is_caught():
    """Truths step a quarter as far as the prior says, a density with four times the scale: the method sees it."""
    found = p_values([ranks(seed, STEP_SIGMA / 4) for seed in range(N_SLOW)])
    assert max(found["step_D"], found["step_R"]) < LEAST_P, found
