"""The tables of one fit on a posterior small enough to count by hand."""

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from small import small_chamber, small_pair

from tallgrass_models.config import GateConfig
from tallgrass_models.unit_summary import summarize_unit
from tallgrass_models.votes import join_chambers

SHAPE = (2, 30)


def tree(unit, variables, legislators, votes):
    """A posterior file in memory; ``variables`` maps names to (dims, values without chain and draw)."""
    rng = np.random.default_rng(0)
    coords = {
        "legislator": legislators,
        "vote": votes,
        "party": ["Democrat", "Republican"],
        "chamber": ["house", "senate"],
    }
    posterior = {
        name: (("chain", "draw", *dims), np.float32(value + 0.01 * rng.normal(size=(*SHAPE, *np.shape(value)))))
        for name, (dims, value) in variables.items()
    }
    stats = {
        "diverging": np.zeros(SHAPE, np.int8),
        "energy": rng.normal(size=SHAPE),
        "tree_depth": np.full(SHAPE, 3),
        "n_steps": np.full(SHAPE, 7),
    }
    sampling = {"sampler": "nutpie", "draws": 30, "tune": 5, "chains": 2, "target_accept": 0.9, "seed": 1}
    spec = {"unit": unit, "kind": "joint" if unit == "joint" else "chamber", "sampling": sampling}
    spec |= {"beta_prior": {"distribution": "normal", "mu": 0.0, "sigma": 1.0}, "alpha_sigma": 5.0}
    attrs = {"spec": json.dumps(spec), "spec_hash": "abc", "data_hash": '["d"]', "chain_seeds": '["1/0", "1/1"]'}
    attrs["model_fingerprint"] = "0f"
    attrs |= {"versions": "{}", "cores": 2, "sample_s": 3.0, "compile_s": 1.0}
    used = {dim for dims, _ in variables.values() for dim in dims}
    return xr.DataTree.from_dict(
        {
            "/": xr.Dataset(attrs=attrs),
            "/posterior": xr.Dataset(posterior, coords={k: v for k, v in coords.items() if k in used}),
            "/sample_stats": xr.Dataset({k: (("chain", "draw"), v) for k, v in stats.items()}),
        }
    )


@pytest.fixture(scope="module")
def chamber():
    votes = small_chamber("house", (4, 5, 1), 6)
    members = votes.major().legislators.index.to_numpy(object)
    xi = np.linspace(-2, 2, 9)
    variables = {
        "xi": (("legislator",), xi),
        "mu_party": (("party",), np.array([-1.0, 1.0])),
        "sigma_within": (("party",), np.array([1.0, 1.0])),
        "alpha": (("vote",), np.full(6, 3.0)),
        "beta": (("vote",), np.full(6, 2.0)),
    }
    truth = pd.DataFrame(
        {"chamber": ["House"] * 9 + ["Senate"], "legislator_slug": [*members, members[0]], "xi": [*(3 * xi + 1), 99.0]}
    )
    flat = tree("flat_house", {"xi": (("legislator",), np.arange(10.0))}, votes.legislators.index.to_numpy(object), [])
    posterior = tree("house", variables, members, votes.rollcalls.index.to_numpy(object))
    return votes, summarize_unit(posterior, [votes], [flat], truth, GateConfig(ess=1, rhat=2.0))


def test_counts(chamber):
    votes, (summary, _) = chamber
    assert (summary["n_legislators"], summary["n_left_out"], summary["n_rollcalls"]) == (9, 1, 6)
    assert summary["n_votes"] == (votes.y[votes.parties != "Independent"] >= 0).sum()
    assert summary["sampling"]["gradients"] == 2 * 30 * 7
    assert summary["n_shared_bills"] is None


def test_members_bills_parties(chamber):
    _, (summary, tables) = chamber
    points = tables["ideal_points"]
    np.testing.assert_allclose(points["xi_mean"], np.linspace(-2, 2, 9), atol=0.01)
    assert points["rank_mean"].tolist() == list(range(1, 10))
    assert tables["bills"]["cutting_point"].to_numpy() == pytest.approx(1.5, abs=0.01)
    assert tables["parties"][["party", "n"]].values.tolist() == [["Democrat", 4], ["Republican", 5]]
    weights = np.array([4, 5]) / 9
    mean = weights @ [-1, 1]
    between = weights @ (np.array([-1, 1]) - mean) ** 2
    assert summary["icc"][0]["mean"] == pytest.approx(between / (between + 1), abs=0.01)


def test_truth_is_matched_by_chamber_and_rescaled(chamber):
    _, (summary, _) = chamber
    (found,) = summary["truth"]
    assert found["correlation"] == pytest.approx(1, abs=1e-4)
    assert found["coverage90"] <= 2 / 9  # another scale: wrong for nearly all
    assert found["coverage90_rescaled"] == 1


def test_flat_scores_are_matched_by_member(chamber):
    votes, (summary, tables) = chamber
    places = [votes.legislators.index.get_loc(name) for name in tables["ideal_points"]["legislator"]]
    np.testing.assert_allclose(tables["ideal_points"]["flat_mean"], places, atol=0.01)
    assert summary["flat_corr"]["house"] == pytest.approx(np.corrcoef(np.linspace(-2, 2, 9), places)[0, 1], abs=1e-3)


def test_shared_bills_add_the_votes_of_both_chambers():
    house, senate = small_pair(n_shared=4)
    joint = join_chambers(house, senate)
    groups = (("chamber", "party"), np.array([[-1.0, 1.0], [-2.0, 2.0]]))
    variables = {
        "xi": (("legislator",), np.zeros(16)),
        "mu_group": groups,
        "sigma_within": (groups[0], np.ones((2, 2))),
        "mu_global": ((), 0.0),
        "alpha": (("vote",), np.ones(12)),
        "beta": (("vote",), np.ones(12)),
    }
    posterior = tree("joint", variables, joint.legislator, joint.vote)
    summary, tables = summarize_unit(posterior, [house, senate], [], None, GateConfig())
    bills = tables["bills"].set_index("vote")
    assert bills["chambers"].value_counts().to_dict() == {"both": 4, "house": 5, "senate": 3}
    in_house, in_senate = (v.major().rollcalls.set_index("bill") for v in (house, senate))
    for name in ("HB 0", "HB 3"):
        assert bills.loc[f"both:{name}", "yea"] == in_house.loc[name, "yea"] + in_senate.loc[name, "yea"]
    assert bills.loc["senate:v5", "nay"] == in_senate.loc["SB 1", "nay"]
    assert tables["parties"]["mu_mean"].to_numpy() == pytest.approx([-1, 1, -2, 2], abs=0.01)
    assert summary["truth"] is None
    assert summary["flat_corr"] == {}
    assert tables["ideal_points"].loc[9:, "rank_mean"].between(1, 7).all()  # ranked among the seven senators
