"""Bills that a positive prior squashed, on votes and slopes that can be counted by hand."""

import numpy as np
import pandas as pd
import pytest

from tallgrass_models.squashed import against_baseline, party_lean, summarize_squashed


def test_party_lean_by_hand():
    yea, cast = np.array([[9, 1], [4, 16], [3, 0], [5, 10]]), np.array([[10, 20], [8, 32], [5, 0], [5, 10]])
    table = party_lean(yea, cast)
    assert table["yea_share_democrat"].tolist() == [0.9, 0.5, 0.6, 1.0]
    # 9 of 10 against 1 of 20; with half a vote added each way 9.5/11 and 1.5/21
    error = np.sqrt(9.5 / 11 * 1.5 / 11 / 10 + 1.5 / 21 * 19.5 / 21 / 20)
    assert table.loc[0, "party_z"] == pytest.approx((0.05 - 0.9) / error)
    assert table.loc[1, "party_z"] == 0
    assert np.isnan(table.loc[2, "party_z"])  # no Republican voted: no side
    assert table.loc[3, "party_z"] == 0  # both unanimous, and no division by zero


def bills():
    return pd.DataFrame(
        {
            "bill": ["HB 1", "HB 2", "HB 3", "HB 4"],
            "motion": "Final Action",
            "chambers": "house",
            "yea_share_democrat": [0.9, 0.8, 0.1, 0.5],
            "yea_share_republican": [0.3, 0.1, 0.9, np.nan],
            "party_z": [-5.0, -8.0, 6.0, np.nan],
            "beta_mean": [0.1, 0.05, 1.5, 0.4],
            "squashed": [True, True, False, False],
        },
        index=pd.Index(["v1", "v2", "v3", "v4"], name="vote"),
    )


def test_votes_on_squashed_bills_are_told_apart():
    members = pd.DataFrame(
        {"n_votes": [4, 3], "correct": [0.75, 1.0], "n_squashed": [2, 0], "correct_squashed": [0.5, np.nan]}
    )
    found = summarize_squashed(bills(), members, True)
    assert (found["n_bills"], found["n_against"], found["n_squashed"]) == (4, 2, 2)
    assert found["votes_share"] == pytest.approx(2 / 7)
    assert found["correct_squashed"] == 0.5
    assert found["correct_others"] == 1.0  # 3 + 3 right of 7, one of them squashed: 5 of the other 5
    assert [row["vote"] for row in found["worst"]] == ["v2", "v1"]


def test_a_prior_of_either_sign_squashes_nothing():
    members = pd.DataFrame({"n_votes": [4], "correct": [0.75], "n_squashed": [0], "correct_squashed": [np.nan]})
    found = summarize_squashed(bills().assign(squashed=False), members, False)
    assert (found["n_against"], found["n_squashed"], found["correct_squashed"], found["worst"]) == (2, 0, None, [])
    assert found["correct_others"] == 0.75


def test_against_the_baseline_by_hand():
    points = pd.DataFrame(
        {"name": list("abc"), "party": "Democrat", "xi_mean": [-2.0, 0.0, 2.0], "rank_mean": [1.0, 2.0, 3.0]},
        index=pd.Index(["x", "y", "z"], name="legislator"),
    )
    other_points = points.assign(xi_mean=points["xi_mean"] / 2, rank_mean=[2.5, 2.0, 1.0])
    other = bills().assign(beta_mean=[-2.0, -0.1, 1.0, 0.2], beta_q95=[-1.0, -0.02, 2.0, 0.5]).drop(index="v4")
    found = against_baseline(bills(), points, other, other_points)
    # slopes per standard deviation: 0.1 * 2 against 2 * 1, and 0.05 * 2 against 0.1 * 1
    assert found["n_negative_in_baseline"] == 2
    assert found["median_beta_ratio"] == pytest.approx((0.1 + 1.0) / 2)
    assert found["n_flattened"] == 1
    assert [(row["legislator"], row["rank"], row["rank_baseline"]) for row in found["moved"]] == [
        ("z", 3.0, 1.0),
        ("x", 1.0, 2.5),
        ("y", 2.0, 2.0),
    ]
    nothing = against_baseline(bills(), points, other.assign(beta_q95=1.0), other_points)
    assert (nothing["n_negative_in_baseline"], nothing["median_beta_ratio"]) == (0, None)
