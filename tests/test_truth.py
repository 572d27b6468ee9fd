"""Recovery of a simulated truth, counted by hand."""

import numpy as np
import pandas as pd
import pytest

from tallgrass_models.summary.truth import other_scale, recovery

PRODUCTION = {"beta_prior": {"distribution": "normal", "mu": 0.0, "sigma": 1.0}, "alpha_sigma": 5.0}
POSITIVE = {"beta_prior": {"distribution": "lognormal_reparam", "mu": 0.0, "sigma": 1.0}, "alpha_sigma": 2.0}


def table(truth, party, chamber, mean):
    return pd.DataFrame({"chamber": chamber, "caucus": party, "truth": truth, "xi_mean": mean})


@pytest.fixture(scope="module")
def joint():
    """House: four Democrats, six Republicans; Senate: three each; draws about ``1.5 truth + 4``, one member far off."""
    rng = np.random.default_rng(1)
    chamber = np.repeat(["house", "senate"], [10, 6])
    party = np.array(["Democrat"] * 4 + ["Republican"] * 6 + ["Democrat"] * 3 + ["Republican"] * 3)
    truth = np.where(party == "Democrat", -2.0, 2.0) + 0.3 * np.arange(16) % 1.1
    draws = 1.5 * truth + 4 + 0.05 * rng.normal(size=(2, 200, 16))
    draws[..., 3] += 6  # a representative
    return table(truth, party, chamber, draws.mean((0, 1))), draws


def test_relative_coverage_by_hand_on_the_houses_scale(joint):
    ideal, xi = joint
    found = {row["chamber"]: row for row in recovery(ideal, xi, PRODUCTION)}
    truth, party, house = (
        ideal["truth"].to_numpy(),
        ideal["caucus"].to_numpy(),
        (ideal["chamber"] == "house").to_numpy(),
    )
    flat, inside = xi.reshape(-1, 16), np.zeros(16, bool)

    def relative(x):
        left, right = x[house & (party == "Democrat")].mean(), x[house & (party == "Republican")].mean()
        return (x - (left + right) / 2) / ((right - left) / 2)

    placed = np.array([relative(draw) for draw in flat])
    for i in range(16):
        low, high = np.quantile(placed[:, i], [0.05, 0.95])
        inside[i] = low <= relative(truth)[i] <= high
    assert found["house"]["coverage90_relative"] == pytest.approx(inside[house].mean())
    assert found["senate"]["coverage90_relative"] == pytest.approx(inside[~house].mean())
    assert found["house"]["coverage90"] == 0  # another scale
    assert (found["house"]["n"], found["senate"]["n"]) == (10, 6)


def test_ranks_and_correlations_within_parties(joint):
    ideal, xi = joint
    found = {row["chamber"]: row for row in recovery(ideal, xi, PRODUCTION)}
    assert found["senate"]["coverage90_rank"] == 1
    assert found["house"]["coverage90_rank"] < 1  # the one far off
    within = found["house"]["correlation_within"]
    own = ideal[(ideal["chamber"] == "house") & (ideal["caucus"] == "Democrat")]
    assert within["Democrat"] == pytest.approx(np.corrcoef(own["truth"], own["xi_mean"])[0, 1])
    assert within["Democrat"] < 0.9 < within["Republican"]
    house = ideal[ideal["chamber"] == "house"]
    assert found["house"]["correlation"] == pytest.approx(np.corrcoef(house["truth"], house["xi_mean"])[0, 1])


def test_another_prior_has_another_scale(joint):
    assert other_scale(PRODUCTION) is None
    reason = (
        "the simulator's scale is that of β ~ Normal(mu=0, sigma=1) and α ~ Normal(0, 5); this fit has "
        "LogNormal(mu=0, sigma=1) and Normal(0, 2)"
    )
    assert other_scale(POSITIVE) == reason
    assert other_scale({**PRODUCTION, "alpha_sigma": 2.0}) is not None
    for row in recovery(*joint, POSITIVE):
        assert (row["coverage90"], row["coverage90_reason"]) == (None, reason)
        assert row["coverage90_relative"] is not None


def test_members_without_a_truth_are_left_out(joint):
    ideal, xi = joint
    some = ideal.assign(truth=ideal["truth"].where(np.arange(16) != 3))
    (house, _) = recovery(some, xi, PRODUCTION)
    assert house["n"] == 9
    assert house["coverage90_rank"] == 1
    assert recovery(ideal.assign(truth=np.nan), xi, PRODUCTION) == []
