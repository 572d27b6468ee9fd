"""Gates: statistics with known values, and verdicts that name the culprit."""

import numpy as np
import pytest
import xarray as xr

from tallgrass_models.config import GateConfig
from tallgrass_models.diagnostics import Statistics, assess, ebfmi, element_labels, element_statistics

GATES = GateConfig()


def independent(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def verdict(draws, labels, diverging=None, energy=None):
    shape = draws.shape[:2]
    return assess(
        {"xi": element_statistics(draws)},
        {"xi": labels},
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
    assert any("R-hat of xi" in text and "at b" in text for text in found.failures)


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
    assert any("E-BFMI of chain 1" in text for text in found.failures)
    white = independent((1, 50_000), 5)
    assert ebfmi(white)[0] == pytest.approx(2, rel=0.03)  # squared differences of white noise


def test_a_stuck_variable_never_passes():
    stuck = np.ones((4, 500, 1))
    found = verdict(stuck, ["a"])
    assert not found.ok
    assert found.to_dict()["blocks"][0]["rhat_max"] is None


def test_failures_are_counted_per_block():
    statistics = Statistics(np.array([1.0, 1.2, np.nan]), np.array([500.0, 90, 500]), np.array([500.0, 500, 500]))
    found = assess({"beta": statistics}, {"beta": ["v1", "v2", "v3"]}, np.zeros((2, 10)), independent((2, 10)), GATES)
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
