"""Averages, spreads, distance and share of party of members, by hand and against the frame."""

import numpy as np
import pytest

from tallgrass_models.draws.frame import Frame, party_frame
from tallgrass_models.draws.standing import (
    gaps_compared,
    parties_apart,
    party_averages,
    party_rows,
    share_of_party,
)

D, R, FREE = "Democrat", "Republican", "Independent"


@pytest.mark.parametrize(
    ("x", "party", "share"),
    [
        ([-1.0, -1.0, 1.0, 1.0], [D, D, R, R], 1.0),
        ([-1.0, 1.0, -2.0, 2.0], [D, D, R, R], 0.0),
        ([-1.0, 0.0, 2.0, 1.0], [D, R, R, R], 3 / (3 + 2)),  # averages -1, 1, all 0.5; between 0.75, within 0.5
        ([-1.0, 0.0, 2.0, 1.0, 99.0], [D, R, R, R, FREE], 0.6),  # who is counted with neither party has no part
        ([2.0, 2.0], [D, R], 0.0),  # nobody differs from anybody
    ],
    ids=["party is everything", "party is nothing", "unequal parties", "free-standing", "one place"],
)
def test_share_of_party_by_hand(x, party, share):
    np.testing.assert_allclose(share_of_party(np.array([x]), np.array(party, dtype=object)), [share])


def test_share_of_party_is_the_law_of_total_variance():
    rng = np.random.default_rng(0)
    x, party = rng.normal(size=(50, 30)), np.array([D] * 12 + [R] * 18, dtype=object)
    within = np.stack([((x[:, party == p] - x[:, party == p].mean(1)[:, None]) ** 2).sum(1) for p in (D, R)]).sum(0)
    np.testing.assert_allclose(share_of_party(x, party), 1 - within / (30 * x.var(1)))
    np.testing.assert_allclose(share_of_party(3 - 2 * x, party), share_of_party(x, party))  # nor does it know a scale


def test_averages_are_of_the_members():
    party = np.array([D, D, R, FREE], dtype=object)
    average, spread = party_averages(np.array([[0.0, 4.0, 7.0, 100.0]]), party)
    np.testing.assert_allclose(average, [[2, 7]])
    np.testing.assert_allclose(spread, [[2, 0]])
    average, spread = party_averages(np.zeros((3, 2)), np.array([D, D], dtype=object))
    assert np.isnan(average[:, 1]).all()
    assert np.isnan(spread[:, 1]).all()


def test_the_distance_has_every_scale():
    party = np.array([D, D, R, R], dtype=object)
    xi = np.array([[[0.0, 2.0, 9.0, 11.0], [0.0, 4.0, 20.0, 24.0]]])  # gaps 9 and 20, spreads 1 and 2 in both parties
    found = parties_apart(xi, party_frame(xi, party).positions(xi), party)
    assert (found["n_democrats"], found["n_republicans"]) == (2, 2)
    assert (found["xi"]["mean"], found["position"]["mean"]) == pytest.approx((14.5, 2))
    # pooled: two members of two each, n - 2 = 2 degrees: sqrt(2 + 2) / sqrt(2) = 1.414 and 2.83
    assert found["d"]["mean"] == pytest.approx((9 / 2**0.5 + 20 / 8**0.5) / 2)
    assert found["p_republicans_wider"] == 0
    xi[0, 1, 3] = 40.0
    assert parties_apart(xi, xi, party)["p_republicans_wider"] == 0.5


def test_a_party_alone_is_not_apart():
    x = np.zeros((1, 5, 3))
    found = parties_apart(x, x, np.array([D, D, FREE], dtype=object))
    assert (found["n_democrats"], found["n_republicans"], found["d"], found["xi"]) == (2, 0, None, None)
    found = parties_apart(x, x, np.array([D, R, R], dtype=object))
    assert (found["d"], found["p_republicans_wider"]) == (None, None)


def test_gaps_of_two_chambers():
    party = np.array([D, R, D, R], dtype=object)
    chamber = np.array(["house", "house", "senate", "senate"])
    x = np.array([[[-1.0, 1.0, -2.0, 1.0], [-1.0, 1.0, 0.0, 1.0], [-1.0, 1.0, 0.0, 1.0], [-1.0, 1.0, 0.0, 1.0]]])
    found = gaps_compared(x, party, chamber)
    assert found["ratio"]["mean"] == pytest.approx((1.5 + 3 * 0.5) / 4)
    assert found["p_senate_wider"] == 0.25
    assert gaps_compared(x, np.array([D, R, D, D], dtype=object), chamber) is None


def test_a_row_has_members_and_population_on_both_scales():
    party = np.array([D, D, R], dtype=object)
    xi = np.broadcast_to(np.array([8.0, 12.0, 16.0]), (2, 5, 3))
    frame = Frame(np.full((2, 5), 12.0), np.full((2, 5), -4.0))
    mu, sigma = np.broadcast_to([9.0, 15.0], (2, 5, 2)), np.broadcast_to([4.0, 2.0], (2, 5, 2))
    row = party_rows("house", xi, frame, party, mu, sigma)[0]
    wanted = {"xi": 10, "xi_spread": 2, "position": 0.5, "spread": 0.5, "mu": 9, "mu_position": 0.75, "sigma": 4}
    assert {key: row[f"{key}_mean"] for key in wanted} == pytest.approx(wanted)
    assert (row["chamber"], row["party"], row["n"], row["sigma_position_q95"]) == ("house", D, 2, 1)
