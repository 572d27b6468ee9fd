"""Summaries against hand counts and brute force."""

import numpy as np
import pandas as pd
import pytest

from tallgrass_models.draws import agreement, moments, tables
from tallgrass_models.draws.frame import Frame
from tallgrass_models.votes.vocabulary import PARTIES


def test_ranks_by_counting():
    rng = np.random.default_rng(1)
    xi = rng.normal(size=(2, 50, 7)) + np.linspace(-1, 1, 7)
    found = moments.ranks(xi)
    counted = np.array([[1 + (draw < draw[i]).sum() for i in range(7)] for draw in xi.reshape(-1, 7)])
    np.testing.assert_allclose(found["mean"], counted.mean(0))
    for name, share in (("q05", 0.05), ("q95", 0.95)):
        inside = (counted <= found[name]).mean(0)
        assert (inside >= share - 0.011).all()
        assert np.isin(found[name], np.arange(1, 8)).all()


def test_moments_of_a_known_sample():
    draws = np.arange(101.0).reshape(1, 101, 1)
    found = moments.moments(draws)
    assert {k: float(v[0]) for k, v in found.items()} == pytest.approx(
        {"mean": 50, "sd": np.sqrt(101 * 102 / 12), "q05": 5, "q95": 95}
    )


def test_ideal_points_are_ranked_within_their_chamber():
    members = pd.DataFrame(
        {
            "name": list("abcd"),
            "chamber": ["house", "house", "senate", "senate"],
            "party": "Democrat",
            "district": "",
            "state": "",
            "n_votes": 30,
        },
        index=["h1", "h2", "s1", "s2"],
    )
    x = np.broadcast_to([3.0, 1.0, -1.0, 2.0], (1, 10, 4))
    table = tables.ideal_point_table(-5 * x, x, members, np.array(["Democrat", "Republican"] * 2))
    assert table["rank_mean"].tolist() == [2, 1, 1, 2]  # of positions, though the model's axis runs the other way
    assert table["position_mean"].tolist() == [3, 1, -1, 2]
    assert table["xi_mean"].tolist() == [-15, -5, 5, -10]
    assert table["p_rightmost"].tolist() == [1, 0, 0, 1]
    assert table.index.tolist() == ["h1", "h2", "s1", "s2"]


def test_bill_table_has_the_cutting_point():
    rollcalls = pd.DataFrame({"bill": ["HB 1", "HB 2"]}, index=["v1", "v2"])
    alpha, beta = np.full((1, 5, 2), 3.0), np.broadcast_to([2.0, 0.0], (1, 5, 2))
    frame = Frame(np.full((1, 5), 0.5), np.full((1, 5), -2.0))
    table = tables.bill_table(alpha, beta, frame, rollcalls)
    assert table.loc["v1", "cutting_point"] == (1.5 - 0.5) / -2  # where 1.5 is on that scale
    assert table.loc["v1", ["alpha_mean", "beta_mean"]].tolist() == [3, 2]
    assert table.loc["v1", ["difficulty_mean", "discrimination_mean"]].tolist() == [3 - 2 * 0.5, -4]
    assert np.isnan(table.loc["v2", "cutting_point"])  # a bill that does not discriminate has none


def test_bills_are_taken_in_blocks():
    rng = np.random.default_rng(3)
    n = tables.BILLS_TOGETHER + 3
    alpha, beta = rng.normal(size=(2, 4, n)), rng.normal(size=(2, 4, n))
    frame = Frame(rng.normal(size=(2, 4)), rng.uniform(1, 2, size=(2, 4)))
    table = tables.bill_table(alpha, beta, frame, pd.DataFrame(index=[f"v{k}" for k in range(n)]))
    slope = beta * frame.unit[..., None]
    np.testing.assert_allclose(table["discrimination_mean"], slope.mean((0, 1)))
    np.testing.assert_allclose(table["difficulty_mean"], (alpha - beta * frame.origin[..., None]).mean((0, 1)))


def test_coverage_and_correlation():
    truth, low, high = np.array([0.0, 1, 2, np.nan]), np.array([-1.0, 2, 1, 0]), np.array([1.0, 3, 3, 1])
    assert agreement.coverage(truth, low, high) == pytest.approx(2 / 3)
    assert agreement.coverage(np.full(4, np.nan), low, high) is None
    a = np.array([1.0, 2, 3, 4])
    assert agreement.correlation(a, -2 * a + 1) == pytest.approx(-1)
    assert agreement.correlation(a, np.array([1.0, np.nan, np.nan, 2])) is None
    assert agreement.correlation(a, np.ones(4)) is None


def test_shrinkage_by_hand():
    """Flat scores are 2 xi + 1 but for two Republicans, who stand twice as far from their mean; the line is known."""
    party = np.repeat(PARTIES, (2, 3))
    xi = np.array([-2.0, -1.0, 1.0, 2.0, 1.5])
    flat = np.array([-3.0, -1.0, 2.0, 6.0, 4.0])
    rescaled, shrunk = agreement.shrinkage(xi, flat, party)
    slope = np.cov(flat, xi)[0, 1] / np.var(flat, ddof=1)
    np.testing.assert_allclose(np.diff(rescaled), slope * np.diff(flat))
    assert rescaled.mean() == pytest.approx(xi.mean())
    # distances from the mean: Democrats 0.5 here and 1 flat, Republicans 0.5 here and 2 flat; the last is at the mean
    np.testing.assert_allclose(shrunk, [1 - 0.5 / slope] * 2 + [1 - 0.5 / (2 * slope)] * 2 + [np.nan])
    assert np.isnan(agreement.shrinkage(xi, np.full(5, np.nan), party)[1]).all()
