"""Tables behind pictures of draws, against closed forms and counts by hand."""

import numpy as np
import pandas as pd
import pytest

from tallgrass_models.draws.frame import Frame
from tallgrass_models.summary.draw_tables import (
    ENERGY_BINS,
    RANK_BINS,
    curve_table,
    energy_table,
    rank_table,
)


def bills(*beta: float) -> pd.DataFrame:
    names = [f"v{k}" for k in range(len(beta))]
    return pd.DataFrame({"vote": names, "bill": [name.upper() for name in names], "discrimination_mean": beta})


def same(draws: np.ndarray) -> Frame:
    """The frame that changes nothing."""
    return Frame(np.zeros(draws.shape[:2]), np.ones(draws.shape[:2]))


def test_a_curve_is_drawn_over_positions_of_its_own_draw() -> None:
    """Draws on scales of their own that are one curve on the headline scale: no band, and the curve turned."""
    rng = np.random.default_rng(0)
    frame = Frame(rng.normal(size=(2, 50)), -np.exp(rng.normal(size=(2, 50))))
    beta = 2.0 / frame.unit[..., None]
    alpha = 0.5 + beta * frame.origin[..., None]
    table = curve_table(alpha, beta, frame, np.array([-1.0, 1.5]), bills(2.0))
    expected = 1 / (1 + np.exp(-(2.0 * table["position"] - 0.5)))
    for column in ("p_mean", "p_q05", "p_q95"):
        np.testing.assert_allclose(table[column], expected, rtol=1e-9)


def test_a_curve_without_uncertainty_is_the_logistic_function() -> None:
    alpha, beta = np.full((2, 50, 1), 0.5), np.full((2, 50, 1), 2.0)
    table = curve_table(alpha, beta, same(alpha), np.array([-3.0, 0.2, 1.5]), bills(2.0))
    assert (table["position"].min(), table["position"].max()) == (-3.0, 1.5)
    expected = 1 / (1 + np.exp(-(2.0 * table["position"] - 0.5)))
    for column in ("p_mean", "p_q05", "p_q95"):
        np.testing.assert_allclose(table[column], expected, rtol=1e-12)


def test_the_band_holds_nine_tenths_of_the_draws() -> None:
    alpha = -np.linspace(-1, 1, 1000).reshape(2, 500, 1)  # uniform: quantiles of the logit at 0 are known
    table = curve_table(alpha, np.zeros((2, 500, 1)), same(alpha), np.array([-1.0, 1.0]), bills(0.0))
    low, high = 1 / (1 + np.exp(0.9)), 1 / (1 + np.exp(-0.9))
    np.testing.assert_allclose(table["p_q05"], low, atol=1e-3)
    np.testing.assert_allclose(table["p_q95"], high, atol=1e-3)
    np.testing.assert_allclose(table["p_mean"], 0.5, atol=1e-6)


def test_bills_are_chosen_from_the_most_to_the_least_discriminating_whatever_the_sign() -> None:
    betas = (0.1, -3.0, 1.0, 0.5, 2.0)
    draws = np.zeros((1, 10, 5))
    table = curve_table(draws, draws, same(draws), np.array([0.0, 1.0]), bills(*betas))
    assert list(dict.fromkeys(table["vote"])) == ["v1", "v4", "v2", "v0"]
    assert list(dict.fromkeys(table["bill"])) == ["V1", "V4", "V2", "V0"]


def test_even_chains_have_even_ranks() -> None:
    draws = np.arange(4 * 500).reshape(500, 4).T  # the chains take turns
    table = rank_table(draws)
    assert len(table) == 4 * RANK_BINS
    np.testing.assert_allclose(table["share"], 1.0)


def test_a_chain_elsewhere_fills_its_own_ranks_only() -> None:
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(4, 500))
    draws[2] += 100  # the top quarter of all ranks is this chain's
    share = rank_table(draws).set_index(["chain", "rank"])["share"]
    top = share.index.get_level_values("rank") > 0.75
    np.testing.assert_allclose(share[2][top[share.index.get_level_values("chain") == 2]], 4.0)
    assert share[2].sum() == pytest.approx(RANK_BINS)
    for chain in (0, 1, 3):
        assert (share[chain].to_numpy()[-RANK_BINS // 4 :] == 0).all()


def test_energy_is_a_density_and_its_change_that_of_successive_draws() -> None:
    energy = np.array([[0.0, 2.0, 0.0, 2.0, 0.0, 2.0], [5.0, 5.0, 5.0, 5.0, 5.0, 5.0]])
    table = energy_table(energy)
    first = table[table["chain"] == 0]
    width = np.diff(first["energy"])[0]
    assert (first[["marginal", "change"]].sum() * width).to_numpy() == pytest.approx([1.0, 1.0])
    up, down = first["change"].iloc[-1] * width, first["change"].iloc[0] * width
    assert (up, down) == pytest.approx((3 / 5, 2 / 5))  # +2 three times, -2 twice
    assert len(table) == 2 * ENERGY_BINS  # a chain that stands still has a table too
