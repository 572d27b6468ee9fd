"""Fit statistics against a matrix counted by hand, and against what R's pscl says of another."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tallgrass_models.summary.classification import calibration, classify, pooled, tally

PSCL = Path(__file__).parent / "data" / "pscl"


def by_hand():
    """Four members, three roll calls; probabilities of Yea, all 3/4, 1/4 or 1/2."""
    y = np.array([[1, 0, 1], [1, 0, -1], [0, 1, 1], [1, 1, 0]], dtype=np.int8)
    p = np.array([[3, 1, 1], [1, 3, 3], [1, 3, 1], [3, 3, 3]]) / 4
    return y, np.log(p / (1 - p))


def test_roll_calls_members_and_all_by_hand():
    votes = classify(*by_hand())
    calls, members = tally(votes, 0), tally(votes, 1)
    everything = tally(pooled([votes]), 0)
    # roll call 1: 3 Yea, 1 Nay, one wrong; 2: tied, one wrong; 3: 2 Yea, 1 Nay, all three wrong
    assert calls["minority"].tolist() == [1, 2, 1]
    assert calls["errors"].tolist() == [1, 1, 3]
    assert calls["pre"].tolist() == [0, 0.5, -2]
    assert calls["correct"].to_numpy() == pytest.approx([3 / 4, 3 / 4, 0])
    assert members["errors"].tolist() == [1, 2, 1, 1]
    assert members["n_votes"].tolist() == [3, 2, 3, 3]
    assert members["minority"].tolist() == [1, 1, 1, 1]  # a tie counts as a majority of Yea
    assert everything.loc[0, "pre"] == pytest.approx((4 - 5) / 4)
    # six votes had probability 3/4, five had 1/4
    assert everything.loc[0, "gmp"] == pytest.approx(((3 / 4) ** 6 * (1 / 4) ** 5) ** (1 / 11))


def test_nobody_dissents_from_a_tie():
    votes = classify(*by_hand())
    assert votes.tied.tolist() == [False, True, False]
    assert votes.dissent[:, ~votes.tied].sum(1).tolist() == [0, 0, 1, 1]


def test_a_party_is_held_against_the_majority_of_all():
    votes = classify(*by_hand()).among(np.array([True, True, False, False]))
    (row,) = tally(pooled([votes]), 0).to_dict("records")
    assert (row["n_votes"], row["errors"], row["minority"]) == (5, 3, 2)
    assert row["pre"] == pytest.approx(-1 / 2)


def test_nothing_to_divide_by_is_nan():
    y = np.array([[1, -1], [1, -1]], dtype=np.int8)
    calls = tally(classify(y, np.ones((2, 2))), 0)
    assert np.isnan(calls["pre"]).all()
    assert np.isnan(calls.loc[1, ["correct", "gmp"]]).all()
    assert calls.loc[0, "correct"] == 1


def test_sure_predictions_keep_their_logarithm():
    y = np.array([[1, 0]], dtype=np.int8)
    votes = classify(y, np.array([[-800.0, -800.0]]))
    np.testing.assert_allclose(votes.log_p, [[-800, 0]])


def test_the_figures_of_pscl():
    """Numbers that R's pscl gave for a simulated matrix; ``data/pscl/make.R`` made them."""
    y = pd.read_csv(PSCL / "votes.csv", index_col=0)
    p = pd.read_csv(PSCL / "probabilities.csv", index_col=0).to_numpy()
    figures = pd.read_csv(PSCL / "figures.csv", index_col=["what", "of"])["value"]
    votes_cast = y.fillna(-1).to_numpy(np.int8)
    with np.errstate(divide="ignore"):
        votes = classify(votes_cast, np.log(p) - np.log1p(-p))
    members, calls, everything = tally(votes, 1), tally(votes, 0), tally(pooled([votes]), 0).loc[0]
    np.testing.assert_allclose(members["correct"], figures["correct"][y.index])
    np.testing.assert_allclose(calls["correct"], figures["correct"][y.columns])
    np.testing.assert_allclose(calls["pre"], figures["pre"][y.columns])
    assert everything["correct"] == pytest.approx(figures["correct", "all"])
    assert votes.wrong[votes_cast == 1].sum() == figures["errors", "yea"]
    assert votes.wrong[votes_cast == 0].sum() == figures["errors", "nay"]
    assert everything["pre"] == pytest.approx(figures["apre", "all"])
    assert everything["gmp"] == pytest.approx(figures["gmp", "all"], rel=1e-8)


def test_calibration_counts_by_bin():
    y, eta = by_hand()
    table = calibration(y, eta)
    assert table["low"].tolist() == [0.2, 0.7]
    assert table["n"].tolist() == [5, 6]  # 1/4: cells (0,1) (0,2) (1,0) (2,0) (2,2); 3/4: the rest but the missing one
    assert table["observed"].to_numpy() == pytest.approx([3 / 5, 4 / 6])
    assert table["predicted"].to_numpy() == pytest.approx([1 / 4, 3 / 4])
    assert table["observed_se"].to_numpy() == pytest.approx(np.sqrt(3 / 16 / np.array([5, 6])))


def test_right_predictions_are_calibrated():
    rng = np.random.default_rng(0)
    eta = 2 * rng.normal(size=(200, 200))
    y = (rng.random(eta.shape) < 1 / (1 + np.exp(-eta))).astype(np.int8)
    table = calibration(y, eta)
    z = (table["observed"] - table["predicted"]) / table["observed_se"]
    assert (z**2).sum() < 25  # chi-squared with ten degrees of freedom: one in two hundred exceeds this
