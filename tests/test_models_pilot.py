"""The pilot: steps of the frame, the funnel of a bill that divides the parties, and an end that no start decides."""

import numpy as np
import pytest
from prior_table import law_of, priors
from scipy import stats

from tallgrass_models.models.fast.bill_priors import collect_bills
from tallgrass_models.models.pilot.bins import Bins
from tallgrass_models.models.pilot.chamber import run_pilot
from tallgrass_models.models.pilot.positive_bills import PositiveBills
from tallgrass_models.models.pilot.signed_bills import SignedBills
from tallgrass_models.priors.spec import BetaPriorSpec

ALPHA_SIGMA = 2.0


def some_bins(n_votes=3):
    """Three positions to the left, three to the right, four votes at each."""
    rng = np.random.default_rng(4)
    u = np.array([-0.7, -0.5, -0.3, 0.2, 0.5, 0.8])
    return Bins(
        u, rng.binomial(4, 0.2 + 0.6 * (u[:, None] > 0), (6, n_votes)).astype(float), np.full((6, n_votes), 4.0)
    )


def log_evidence(bins, beta_prior, frame):
    """Log probability of the votes given the frame, bills integrated out on a fine grid of beta and alpha."""
    s, sep = frame[0], np.exp(frame[1])
    beta, alpha = (x.ravel()[:, None] for x in np.meshgrid(np.linspace(-8, 14, 1501), np.linspace(-9, 9, 301)))
    keep = beta_prior.pdf(beta[:, 0]) > 0
    beta, alpha = beta[keep], alpha[keep]
    prior = beta_prior.pdf(beta) * stats.norm.pdf(alpha, 0, ALPHA_SIGMA)
    points = np.broadcast_to(beta * sep, (len(beta), bins.yea.shape[1])), alpha - beta * s
    likelihood = np.exp(bins.log_likelihood(points[0], np.broadcast_to(points[1], points[0].shape)))
    return np.log((prior * likelihood).sum(0)).sum()


@pytest.mark.parametrize("prior", priors(), ids=BetaPriorSpec.describe)
def test_step_of_the_frame_is_newtons_with_bills_integrated_out(prior):
    """First and second derivatives of the evidence by s and log sep, against finite differences of it."""
    bins, frame, h = some_bins(), np.array([0.4, np.log(2.0)]), 0.02
    bills = (PositiveBills if prior.positive else SignedBills)(prior, ALPHA_SIGMA)
    bills.begin(3)
    bills.s, bills.sep = frame[0], np.exp(frame[1])
    for _ in range(20):
        bills.fit(bins)

    def at(a, b):
        return log_evidence(bins, law_of(prior), frame + h * np.array([a, b]))

    middle = at(0, 0)
    score = np.array([at(1, 0) - at(-1, 0), at(0, 1) - at(0, -1)]) / (2 * h)
    straight = [2 * middle - at(1, 0) - at(-1, 0), 2 * middle - at(0, 1) - at(0, -1)]
    mixed = (at(1, -1) + at(-1, 1) - at(1, 1) - at(-1, -1)) / 4
    information = np.array([[straight[0], mixed], [mixed, straight[1]]]) / h**2
    np.testing.assert_allclose(bills.frame_score, score, rtol=0.05, atol=0.05)
    np.testing.assert_allclose(bills.frame_information[0], information, rtol=0.1, atol=0.1)


def test_intercept_of_a_bill_that_divides_the_parties():
    """At any slope, also far out where only the prior of alpha is left, the intercept is where its coordinate has it.

    Without the funnel, intercepts are dozens of standard deviations off at large slopes: walls that samplers run into.
    """
    u = np.concatenate([np.linspace(-0.7, -0.3, 8), np.linspace(0.2, 0.8, 8)])
    bins = Bins(u, np.repeat([[0.0], [3.0]], 8, axis=0), np.full((16, 1), 3.0))
    bills = PositiveBills(BetaPriorSpec("lognormal", {"mu": 0, "sigma": 1}), ALPHA_SIGMA)
    bills.begin(1)
    bills.s, bills.sep = 4.0, 12.0
    for _ in range(20):
        bills.fit(bins)
    sketch = bills.sketch(bins)
    tau, mean, sd = ALPHA_SIGMA**-2, bills.mean[0, 0], np.sqrt(bills.covariance[0, 0])
    for distance in (-2, -1, 0, 1, 2, 3, 5, 7):
        log_w = mean + distance * sd
        w = np.exp(log_w)
        a = np.linspace(-1.5 * w - 10, 1.5 * w + 10, 200_001)[:, None]
        log_density = bins.log_likelihood(np.full_like(a, w), a) - 0.5 * tau * (a + w * bills.s / bills.sep) ** 2
        density = np.exp(log_density - log_density.max())
        a_mean = (density * a).sum() / density.sum()
        a_sd = np.sqrt((density * (a - a_mean) ** 2).sum() / density.sum())
        d = np.exp(-sketch.bends.power * (log_w - sketch.bends.center))
        h = d * sketch.info.g_aa + tau
        guess = (d * (sketch.info.b_a - w * sketch.info.g_aw) - w * bills.s / bills.sep * tau) / h
        assert abs(a_mean - guess[0]) < 2 * a_sd
        assert 0.5 < a_sd * np.sqrt(h[0]) < 1.6


@pytest.mark.parametrize("family", ["normal", "lognormal"])
def test_frame_does_not_depend_on_the_start(family):
    rng = np.random.default_rng(8)
    xi = np.concatenate([rng.normal(-1.5, 0.5, 12), rng.normal(1.0, 0.5, 18)])
    beta, alpha = rng.lognormal(0, 0.6, 80), rng.normal(0, 1.5, 80)
    yea = rng.random((30, 80)) < 1 / (1 + np.exp(alpha - np.outer(xi, beta)))
    sign = np.where(yea, 1, -1).astype(np.int8)
    prior = BetaPriorSpec(family, {"mu": 0, "sigma": 1})
    starts = xi, np.repeat([-1.0, 1.0], [12, 18]), xi + rng.normal(0, 0.7, 30)
    pilots = [
        run_pilot(sign, start, (12, len(start) - 12), collect_bills(prior, ALPHA_SIGMA, None, 80)) for start in starts
    ]
    for pilot in pilots[1:]:
        assert pilot.sep == pytest.approx(pilots[0].sep, rel=0.02)
        assert pilot.s == pytest.approx(pilots[0].s, abs=0.02 * pilots[0].sep)
        np.testing.assert_allclose(pilot.u, pilots[0].u, atol=0.03)
