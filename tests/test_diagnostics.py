"""Gates: statistics with known values, and verdicts that name the culprit."""

import numpy as np
import pytest
import xarray as xr

from tallgrass_models.config.gates import GateConfig
from tallgrass_models.draws.mixing import Statistics, element_statistics
from tallgrass_models.summary.chance import draws_needed, ess_chance, ess_noise, rhat_chance
from tallgrass_models.summary.gates import assess, ebfmi, element_labels

GATES = GateConfig()


def independent(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def verdict(draws, labels, diverging=None, energy=None):
    shape = draws.shape[:2]
    return assess(
        {"xi": element_statistics(draws)},
        {"xi": labels},
        {"xi": [f"member {label}" for label in labels]},
        np.zeros(shape, bool) if diverging is None else diverging,
        independent(shape, 9) if energy is None else energy,
        GATES,
    )


def test_independent_draws_pass():
    found = verdict(independent((4, 1000, 3)), ["a", "b", "c"])
    assert found.ok, found.failures
    assert found.blocks[0].size == 3
    assert found.blocks[0].ess_bulk_min == pytest.approx(4000, rel=0.25)


def test_a_mirrored_chain_is_caught_and_named():
    draws = independent((4, 1000, 3)) * 0.2 + np.array([0, 1.5, 0])
    draws[2, :, 1] *= -1  # member b is on the other side in one chain of four
    found = verdict(draws, ["a", "b", "c"])
    block = found.blocks[0]
    assert (block.rhat_where, block.n_rhat_above) == ("b", 1)
    assert 1.4 < block.rhat_max < 1.7  # one of four chains mirrored
    assert any("R-hat of xi" in text and "at member b" in text for text in found.failures)


def test_ess_of_an_autoregression():
    """ESS of an AR(1) chain is n (1 - rho) / (1 + rho)."""
    rho, n = 0.8, 20_000
    noise = independent((4, n, 1), 3)
    draws = np.zeros_like(noise)
    for t in range(1, n):
        draws[:, t] = rho * draws[:, t - 1] + np.sqrt(1 - rho**2) * noise[:, t]
    assert element_statistics(draws).ess_bulk[0] == pytest.approx(4 * n / 9, rel=0.15)


def test_divergences_over_the_limit():
    diverging = np.zeros((4, 1000), bool)
    diverging[0, :4] = True
    draws = independent((4, 1000, 1))
    assert verdict(draws, ["a"], diverging).ok  # 0.1 % of 4,000 draws is 4
    diverging[1, 7] = True
    found = verdict(draws, ["a"], diverging)
    assert found.failures == ["5 divergences among 4000 draws, more than the limit of 4"]


def test_ebfmi_of_slow_energy():
    slow = np.cumsum(independent((2, 1000), 4), axis=1)
    found = verdict(independent((2, 1000, 1)), ["a"], energy=slow)
    assert any("E-BFMI of chain 2" in text for text in found.failures)
    white = independent((1, 50_000), 5)
    assert ebfmi(white)[0] == pytest.approx(2, rel=0.03)  # squared differences of white noise


def test_a_stuck_variable_never_passes():
    stuck = np.ones((4, 500, 1))
    found = verdict(stuck, ["a"])
    assert not found.ok
    assert found.to_dict()["blocks"][0]["rhat_max"] is None


def test_failures_are_counted_per_block():
    statistics = Statistics(
        np.array([1.0, 1.2, np.nan]),
        np.array([500.0, 90, 500]),
        np.array([500.0, 500, 500]),
        *(np.full(3, 500.0), np.full(3, 500.0), np.full((3, 2), 250.0)),
    )
    names = {"beta": ["v1", "v2", "v3"]}
    found = assess({"beta": statistics}, names, names, np.zeros((2, 10)), independent((2, 10)), GATES)
    block = found.blocks[0]
    assert (block.rhat_where, block.n_rhat_above, block.ess_bulk_where, block.n_ess_below) == ("v3", 2, "v2", 1)


def test_labels_follow_the_dimensions():
    values = xr.DataArray(
        np.zeros((1, 1, 2, 2)),
        dims=("chain", "draw", "chamber", "party"),
        coords={"chamber": ["house", "senate"], "party": ["D", "R"]},
    )
    assert element_labels(values) == ["house, D", "house, R", "senate, D", "senate, R"]
    assert element_labels(values[..., 0, 0].drop_vars(["chamber", "party"])) == [""]
    assert element_labels(values[..., 0], {"chamber": ["the House", "the Senate"]}) == ["the House", "the Senate"]


def autoregressions(rho, n_series, shape=(4, 1000), seed=0):
    noise = independent((*shape, n_series), seed)
    draws = noise / np.sqrt(1 - rho**2)
    for t in range(1, shape[1]):
        draws[:, t] = rho * draws[:, t - 1] + noise[:, t]
    return draws


@pytest.mark.parametrize("rho", [0.5, 0.75, 0.85])
def test_the_rhat_that_chance_makes(rho):
    """Of 500 series that all sample the same distribution, as many exceed as is foretold."""
    draws = autoregressions(rho, 500)
    found = element_statistics(draws)
    chance = rhat_chance(found, 4, 1000, 1.01).sum()
    exceed = (found.rhat >= 1.01).sum()
    assert abs(exceed - chance) < 4 * np.sqrt(chance + 1) + 0.15 * chance


def test_the_chance_of_a_gate_is_that_of_simulated_chi_squares():
    """Means of 8 half chains are normal with variance 8 W / ess; R-hat is large where their variance is."""
    ess = np.array([300.0, 1000.0, 3000.0])
    unused = np.empty(0)
    found = Statistics(unused, unused, unused, ess, np.full(3, np.inf), unused)
    means = np.random.default_rng(0).normal(size=(200_000, 8, 1)) * np.sqrt(8 / ess)
    rhat = np.sqrt(499 / 500 + means.var(1, ddof=1))
    np.testing.assert_allclose(rhat_chance(found, 4, 1000, 1.01), (rhat > 1.01).mean(0), atol=0.005)


def test_chance_does_not_excuse_chains_that_disagree():
    draws = independent((4, 1000, 200)) + 0.6 * np.array([0, 0, 0, 1])[:, None, None]
    block = verdict(draws, [str(i) for i in range(200)]).blocks[0]
    assert block.n_rhat_above == 200
    assert block.n_rhat_chance < 0.1


def test_the_ess_that_chance_makes():
    """The spread of estimates is known from the estimates themselves; so is how many fall below a gate near them."""
    found = element_statistics(autoregressions(0.8, 500))
    noise = ess_noise(found.ess_halves)
    assert noise == pytest.approx(np.log(found.ess_bulk).std(), rel=0.25)
    for share, within in ((0.3, 0.2), (0.1, 0.5)):  # far in the tail too few are foretold: estimates are skewed
        gate = float(np.quantile(np.minimum(found.ess_bulk, found.ess_tail), share))
        assert ess_chance(found, noise, gate) == pytest.approx(share * 500, rel=within)


def test_draws_that_are_needed_do_pass():
    """Slow chains miss the gates; the draws that they are said to need pass them, a quarter of those do not."""
    names = [str(i) for i in range(20)]
    needed = verdict(autoregressions(0.94, 20, (4, 800)), names).blocks[0].draws_needed
    assert verdict(autoregressions(0.94, 20, (4, needed), 5), names).ok
    assert not verdict(autoregressions(0.94, 20, (4, needed // 4), 5), names).ok


@pytest.mark.parametrize(
    ("rhat", "ess", "needed"),
    [(1.0, 100, 4000), (1.02, 1000, 2010), (1.0, 800, 500), (1.5, 20, None), (np.nan, 500, None)],
    ids=["ess", "rhat", "room", "modes", "never moved"],
)
def test_draws_needed_by_hand(rhat, ess, needed):
    assert draws_needed(1000, rhat, ess, GATES) == needed  # (1.02^2 - 1) / (1.01^2 - 1) = 2.00995
