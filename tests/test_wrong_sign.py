"""Bills of the wrong sign for a one-sided prior, on votes and slopes that can be counted by hand."""

import numpy as np
import pandas as pd
import pytest

from tallgrass_models.summary.wrong_sign_bills import (
    against_baseline,
    party_lean,
    summarize_wrong_sign,
    wrong_sign,
)


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
            "discrimination_mean": [0.2, 0.1, 3.0, 0.8],
            "yea_side": 1.0,
            "wrong_sign": [True, True, False, False],
        },
        index=pd.Index(["v1", "v2", "v3", "v4"], name="vote"),
    )


def test_the_axis_says_which_bills_have_the_wrong_sign():
    z = np.array([-5.0, -2.0, -1.9, 0.0, 1.9, 2.0, 5.0, np.nan])
    assert wrong_sign(z, np.full(8, 1.0)).tolist() == [True, True] + [False] * 6
    assert wrong_sign(z, np.full(8, -1.0)).tolist() == [False] * 5 + [True, True, False]  # a mirrored fit
    assert not wrong_sign(z, np.full(8, np.nan)).any()  # an axis that is not the parties'


def test_votes_on_bills_of_the_wrong_sign_are_told_apart():
    members = pd.DataFrame(
        {"n_votes": [4, 3], "correct": [0.75, 1.0], "n_wrong_sign": [2, 0], "correct_wrong_sign": [0.5, np.nan]}
    )
    found = summarize_wrong_sign(bills(), members, np.array([-3.0, 3.0]), True)
    assert [found[key] for key in ("n_bills", "n_democratic", "n_republican", "n_wrong")] == [4, 2, 1, 2]
    assert found["yea_side"] == "Republican"
    assert (found["slope_wrong"], found["slope_others"]) == pytest.approx((0.15 * 3, 1.9 * 3))
    assert found["votes_share"] == pytest.approx(2 / 7)
    assert found["correct_wrong"] == 0.5
    assert found["correct_others"] == 1.0  # 3 + 3 right of 7, one of them on a bill of the wrong sign
    assert [row["vote"] for row in found["worst"]] == ["v2", "v1"]


def test_a_prior_of_either_sign_has_no_wrong_one():
    members = pd.DataFrame({"n_votes": [4], "correct": [0.75], "n_wrong_sign": [0], "correct_wrong_sign": [np.nan]})
    free = bills().assign(wrong_sign=False, yea_side=np.nan)
    found = summarize_wrong_sign(free, members, np.array([-1.0, 1.0]), False)
    assert [found[key] for key in ("n_democratic", "n_judged", "n_wrong", "worst")] == [2, 0, 0, []]
    assert (found["yea_side"], found["slope_wrong"], found["correct_wrong"]) == (None, None, None)
    assert found["correct_others"] == 0.75


@pytest.mark.parametrize("sign", [1, -1], ids=["straight", "mirrored"])
def test_against_the_baseline_by_hand(sign):
    points = pd.DataFrame(
        {"name": list("abc"), "party": "Democrat", "position_mean": [-2.0, 0.0, 2.0], "rank_mean": [1.0, 2.0, 3.0]},
        index=pd.Index(["x", "y", "z"], name="legislator"),
    )
    other_points = points.assign(position_mean=points["position_mean"] / 2, rank_mean=[2.5, 2.0, 1.0])
    here = bills().assign(discrimination_mean=lambda b: sign * b["beta_mean"])
    slope, half = np.array([-2.0, -0.1, 1.0, 0.2]), np.array([1.0, 0.08, 1.5, 0.3])
    columns = {"discrimination_mean": sign * slope}
    columns |= {"discrimination_q05": sign * slope - half, "discrimination_q95": sign * slope + half}
    other = bills().assign(**columns).drop(index="v4")
    found = against_baseline(here, points, other, other_points)
    # slopes per standard deviation: 0.1 * 2 against 2 * 1, and 0.05 * 2 against 0.1 * 1
    assert found["n_opposed_in_baseline"] == 2
    assert found["median_slope_ratio"] == pytest.approx((0.1 + 1.0) / 2)
    assert found["n_flattened"] == 1
    assert [(row["legislator"], row["rank"], row["rank_baseline"]) for row in found["moved"]] == [
        ("z", 3.0, 1.0),
        ("x", 1.0, 2.5),
        ("y", 2.0, 2.0),
    ]
    nothing = against_baseline(here, points, other.assign(discrimination_q05=-9.0, discrimination_q95=9.0), points)
    assert (nothing["n_opposed_in_baseline"], nothing["median_slope_ratio"]) == (0, None)
