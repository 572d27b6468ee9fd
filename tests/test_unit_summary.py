"""The tables of one fit on a posterior small enough to count by hand."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from small import small_chamber, small_pair

from tallgrass_models.config.gates import GateConfig
from tallgrass_models.errors import UserError
from tallgrass_models.files.forms import UNDECIDED
from tallgrass_models.summary.build import ComparedWith, summarize_unit
from tallgrass_models.votes.matching import join_chambers

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
        "lp": rng.normal(size=SHAPE),
    }
    sampling = {"sampler": "nutpie", "draws": 30, "tune": 5, "chains": 2, "target_accept": 0.9, "seed": 1}
    spec = {"unit": unit, "kind": "joint" if unit == "joint" else "chamber", "sampling": sampling}
    spec |= {
        "beta_prior": {"distribution": "normal", "mu": 0.0, "sigma": 1.0},
        "alpha_sigma": 5.0,
        "orient_bills": False,
    }
    attrs = {"spec": json.dumps(spec), "spec_hash": "abc", "data_hash": '["d"]', "chain_seeds": '["1/0", "1/1"]'}
    attrs |= {"model_fingerprint": "0f", "modes_before_restarts": "[]", "model_coordinates": "fast", "sides": "{}"}
    attrs |= {"versions": "{}", "cores": 2, "sample_s": 3.0, "compile_s": 1.0}
    used = {dim for dims, _ in variables.values() for dim in dims}
    return xr.DataTree.from_dict(
        {
            "/": xr.Dataset(attrs=attrs),
            "/posterior": xr.Dataset(posterior, coords={k: v for k, v in coords.items() if k in used}),
            "/sample_stats": xr.Dataset({k: (("chain", "draw"), v) for k, v in stats.items()}),
        }
    )


def chamber_fit():
    """Votes of nine members, and a posterior of them."""
    votes = small_chamber("house", (4, 5, 0), 6)
    votes = replace(votes, info=votes.info | {"n_legislators_dropped": 1})
    members = votes.legislators.index.to_numpy(object)
    xi = np.linspace(-2, 2, 9)
    variables = {
        "xi": (("legislator",), xi),
        "mu_party": (("party",), np.array([-1.0, 1.0])),
        "sigma_within": (("party",), np.array([1.0, 1.0])),
        "alpha": (("vote",), np.full(6, 3.0)),
        "beta": (("vote",), np.full(6, 2.0)),
    }
    return votes, tree("house", variables, members, votes.rollcalls.index.to_numpy(object))


@pytest.fixture(scope="module")
def chamber():
    votes, posterior = chamber_fit()
    members, xi = votes.legislators.index.to_numpy(object), np.linspace(-2, 2, 9)
    truth = pd.DataFrame(
        {"chamber": ["House"] * 9 + ["Senate"], "legislator_slug": [*members, members[0]], "xi": [*(3 * xi + 1), 99.0]}
    )
    flat = tree("flat_house", {"xi": (("legislator",), np.arange(9.0))}, votes.legislators.index.to_numpy(object), [])
    return votes, summarize_unit(posterior, [votes], GateConfig(ess=1, rhat=2.0), ComparedWith([flat], truth))


def convergence(votes, posterior):
    return summarize_unit(posterior, [votes], GateConfig(ess=1, rhat=1.5, ebfmi=0.3))[0]["convergence"]


def test_chains_whose_log_densities_differ_have_not_converged():
    """Every position is the same in both chains; one chain is in a place of another density all the same."""
    votes, posterior = chamber_fit()
    assert convergence(votes, posterior)["ok"]
    stats = posterior["sample_stats"].to_dataset()
    posterior["sample_stats"] = xr.DataTree(stats.assign(lp=stats["lp"] + xr.DataArray([0, 100], dims="chain")))
    found = convergence(votes, posterior)
    assert not found["ok"]
    assert {text.split(" reaches")[0] for text in found["failures"]} == {"R-hat of log_density"}


def test_a_fit_whose_sides_are_open_does_not_pass():
    votes, posterior = chamber_fit()
    posterior.attrs["sides"] = json.dumps({"form": UNDECIDED, "reason": "two places far apart"})
    found = convergence(votes, posterior)
    assert (found["ok"], found["failures"]) == (False, ["two places far apart"])


def test_counts(chamber):
    votes, (summary, _, _) = chamber
    assert (summary["n_legislators"], summary["n_left_out"], summary["n_rollcalls"]) == (9, 1, 6)
    assert summary["n_votes"] == (votes.y[votes.parties != "Independent"] >= 0).sum()
    assert summary["sampling"]["gradients"] == 2 * 30 * 7
    assert summary["n_shared_bills"] is None


def test_members_bills_parties(chamber):
    _, (summary, tables, _) = chamber
    points = tables["ideal_points"]
    np.testing.assert_allclose(points["xi_mean"], np.linspace(-2, 2, 9), atol=0.01)
    assert points["rank_mean"].tolist() == list(range(1, 10))
    assert tables["bills"]["cutting_point"].to_numpy() == pytest.approx(1.625 / 1.125, abs=0.01)  # 1.5 as position
    assert tables["parties"][["party", "n"]].values.tolist() == [["Democrat", 4], ["Republican", 5]]
    # members at -2, -1.5, -1, -0.5 and 0, 0.5, 1, 1.5, 2: averages -1.25 and 1, overall 0
    between, within = (4 * 1.25**2 + 5 * 1) / 9, (4 * 0.3125 + 5 * 0.5) / 9
    assert summary["icc"][0]["mean"] == pytest.approx(between / (between + within), abs=0.01)


def test_members_and_populations_are_told_apart(chamber):
    """Populations at -1 and 1 with spread 1, as planted; the members' averages are -1.25 and 1, 2.25 apart."""
    _, (summary, tables, _) = chamber
    parties = tables["parties"].set_index("party")
    assert parties["mu_mean"].tolist() == pytest.approx([-1, 1], abs=0.01)
    assert parties["sigma_mean"].tolist() == pytest.approx([1, 1], abs=0.01)
    assert parties["xi_mean"].tolist() == pytest.approx([-1.25, 1], abs=0.01)
    assert parties["xi_spread_mean"].tolist() == pytest.approx([0.3125**0.5, 0.5**0.5], abs=0.01)
    assert parties["position_mean"].tolist() == pytest.approx([-1, 1], abs=1e-6)
    assert parties["spread_mean"].tolist() == pytest.approx([0.3125**0.5 / 1.125, 0.5**0.5 / 1.125], abs=0.01)
    assert parties["mu_position_mean"].tolist() == pytest.approx([-0.875 / 1.125, 1], abs=0.01)  # m is -0.125
    assert parties["sigma_position_mean"].tolist() == pytest.approx([1 / 1.125] * 2, abs=0.01)
    (scale,) = summary["scale"]
    assert (scale["chamber"], scale["sets_scale"], scale["kind"], scale["turned"]) == ("house", True, "parties", False)
    (apart,) = summary["parties_apart"]
    assert (apart["xi"]["mean"], apart["position"]["mean"]) == pytest.approx((2.25, 2), abs=0.01)
    assert apart["d"]["mean"] == pytest.approx(2.25 / np.sqrt((4 * 0.3125 + 5 * 0.5) / 7), abs=0.02)
    assert apart["p_republicans_wider"] == 1
    assert summary["gaps_compared"] is None
    points = tables["ideal_points"]
    assert points["position_mean"].to_numpy() == pytest.approx((points["xi_mean"] + 0.125) / 1.125, abs=0.01)
    assert points["p_leftmost"].tolist() == [1] + [0] * 8
    assert points["p_rightmost"].tolist() == [0] * 8 + [1]
    assert points["p_innermost"].tolist() == [0, 0, 0, 1, 1, 0, 0, 0, 0]


def test_a_mirrored_fit_is_turned_in_every_table(chamber):
    """The same posterior with the axis upside down: positions, ranks, pivots, bills and orders are the same."""
    votes, (straight, tables, order) = chamber
    names = votes.legislators.index.to_numpy(object)
    variables = {
        "xi": (("legislator",), np.linspace(2, -2, 9)),
        "mu_party": (("party",), np.array([-0.1, 0.1])),  # the order that the model gives its populations
        "sigma_within": (("party",), np.array([1.0, 1.0])),
        "alpha": (("vote",), np.full(6, 3.0)),
        "beta": (("vote",), np.full(6, -2.0)),
    }
    posterior = tree("house", variables, names, votes.rollcalls.index.to_numpy(object))
    summary, mirrored, other = summarize_unit(posterior, [votes], GateConfig())
    assert (summary["scale"][0]["kind"], summary["scale"][0]["turned"]) == ("parties", True)
    same = {
        "ideal_points": ["position_mean", "position_q05", "rank_mean", "p_leftmost", "p_innermost"],
        "bills": ["discrimination_mean", "discrimination_q95", "difficulty_mean", "cutting_point"],
        "parties": ["position_mean", "spread_mean", "sigma_position_mean"],
        "pivots": ["position_mean"],
    }
    for name, columns in same.items():
        for column in columns:
            np.testing.assert_allclose(mirrored[name][column], tables[name][column], atol=0.03, err_msg=column)
    np.testing.assert_allclose(mirrored["ideal_points"]["xi_mean"], -tables["ideal_points"]["xi_mean"], atol=0.03)
    np.testing.assert_allclose(mirrored["pivots"]["xi_mean"], -tables["pivots"]["xi_mean"], atol=0.03)
    np.testing.assert_allclose(mirrored["bills"]["beta_mean"], -2, atol=0.01)
    np.testing.assert_array_equal(other["right_of"], order["right_of"])
    held = [row["members"][0]["legislator"] for row in summary["pivots"]]
    assert held == [row["members"][0]["legislator"] for row in straight["pivots"]]
    assert summary["icc"][0]["mean"] == pytest.approx(straight["icc"][0]["mean"], abs=0.01)


def test_orders_and_pivots(chamber):
    """Nine members half a unit apart who never change places."""
    _, (summary, tables, order) = chamber
    names = tables["ideal_points"]["legislator"].tolist()
    right = order["right_of"].to_numpy()
    assert (np.triu(right, 1) == 0).all()
    assert (np.tril(right, -1) + np.triu(right) == np.tril(np.ones((9, 9)), -1) + 0.5 * np.eye(9)).all()
    np.testing.assert_array_equal(order["rank_probability"], np.eye(9))
    assert order["other"].to_numpy().tolist() == names
    held = {row["pivot"]: (row["seats"], row["members"][0]["legislator"]) for row in summary["pivots"]}
    assert held == {
        "chamber_median": (9, names[4]),
        "two_thirds_left": (9, names[3]),  # six of nine: the sixth from the right, and from the left
        "two_thirds_right": (9, names[5]),
        "democrat_median": (4, names[1]),
        "republican_median": (5, names[6]),
    }
    halves = tables["pivot_members"].query("pivot == 'democrat_median'")
    assert (
        halves["legislator"].tolist() == names[1:3]
    )  # an even number of Democrats: each of the middle two counts half
    assert halves["probability"].tolist() == [0.5, 0.5]
    rows = tables["pivots"].set_index("pivot")
    between, one = rows.loc["democrat_median"], rows.loc["chamber_median"]
    points = tables["ideal_points"]["position_mean"]
    assert (between["p_between"], one["p_between"]) == (1, 0)
    assert [between["low_mean"], between["high_mean"]] == pytest.approx(points[1:3].tolist(), abs=1e-6)
    assert between["position_mean"] == pytest.approx(points[1:3].mean(), abs=1e-6)
    assert one["low_mean"] == one["high_mean"] == one["position_mean"] == pytest.approx(points[4], abs=1e-6)
    assert summary["overlap"][0]["any"]["mean"] == 0
    assert (summary["across"], summary["chain_modes"]["verdict"]) == ([], "one mode")


def test_fit_is_counted_from_the_posterior_means(chamber):
    votes, (summary, tables, _) = chamber
    y = votes.y
    # every slope is positive: Yea right of the cutting point
    points = tables["ideal_points"]["xi_mean"].to_numpy()
    predicted = points[:, None] > (tables["bills"]["alpha_mean"] / tables["bills"]["beta_mean"]).to_numpy()
    wrong = (y >= 0) & (predicted != (y == 1))
    minority = np.minimum((y == 1).sum(0), (y == 0).sum(0))
    assert tables["rollcall_fit"]["errors"].tolist() == wrong.sum(0).tolist()
    assert tables["member_fit"]["errors"].tolist() == wrong.sum(1).tolist()
    row = summary["fit"][0]
    assert (row["chamber"], row["party"], row["n_votes"]) == ("house", "all", (y >= 0).sum())
    assert row["apre"] == pytest.approx((minority.sum() - wrong.sum()) / minority.sum())
    by_party = {row["party"]: row["errors"] for row in summary["fit"]}
    assert by_party == {"all": wrong.sum(), "Democrat": wrong[:4].sum(), "Republican": wrong[4:].sum()}
    p = 1 / (1 + np.exp(-(2 * points[:, None] - 3)))
    log_p = np.where(y >= 0, np.log(np.where(y == 1, p, 1 - p)), 0).sum(1) / (y >= 0).sum(1)
    assert summary["worst_fit"]["members"][0]["legislator"] == tables["ideal_points"]["legislator"][log_p.argmin()]
    assert summary["worst_fit"]["rollcalls"][0]["gmp"] == tables["rollcall_fit"]["gmp"].min()
    assert tables["calibration"]["n"].sum() == (y >= 0).sum()
    assert summary["wrong_sign"]["n_wrong"] == 0  # the prior allows either sign
    assert not tables["bills"]["wrong_sign"].any()


def test_worst_elements_have_names(chamber):
    votes, (summary, _, _) = chamber
    blocks = {block["block"]: block for block in summary["convergence"]["blocks"]}
    who = votes.legislators.loc[blocks["xi"]["rhat_where"]]
    assert blocks["xi"]["rhat_name"] == f"{who['name']} (House, {who['party']})"
    bill = votes.rollcalls.loc[blocks["beta"]["ess_tail_where"], "bill"]
    assert blocks["beta"]["ess_tail_name"] == f"{bill}, Final Action"
    needed = max(block["draws_needed"] for block in summary["convergence"]["blocks"])
    assert summary["convergence"]["draws_needed"] == needed
    assert summary["convergence"]["minutes_needed"] == pytest.approx(3 / 60 * (5 + needed) / (5 + 30), abs=1e-3)


def test_truth_is_matched_by_chamber_and_a_line_changes_no_relative_position(chamber):
    _, (summary, _, _) = chamber
    (found,) = summary["truth"]
    assert (found["chamber"], found["n"]) == ("house", 9)
    assert found["correlation"] == pytest.approx(1, abs=1e-4)
    assert found["coverage90"] <= 2 / 9  # another scale: wrong for nearly all
    assert found["coverage90_relative"] == 1
    assert found["coverage90_rank"] == 1


def test_flat_scores_are_matched_by_member(chamber):
    votes, (summary, tables, _) = chamber
    places = [votes.legislators.index.get_loc(name) for name in tables["ideal_points"]["legislator"]]
    np.testing.assert_allclose(tables["ideal_points"]["flat_mean"], places, atol=0.01)
    assert summary["flat_corr"]["house"] == pytest.approx(np.corrcoef(np.linspace(-2, 2, 9), places)[0, 1], abs=1e-3)


def test_shared_bills_add_the_votes_of_both_chambers():
    house, senate = small_pair(n_shared=4)
    joint = join_chambers(house, senate)
    groups = (("chamber", "party"), np.array([[-1.0, 1.0], [-2.0, 2.0]]))
    variables = {
        "xi": (("legislator",), np.zeros(17)),
        "mu_group": groups,
        "sigma_within": (groups[0], np.ones((2, 2))),
        "mu_global": ((), 0.0),
        "alpha": (("vote",), np.ones(12)),
        "beta": (("vote",), np.ones(12)),
    }
    posterior = tree("joint", variables, joint.legislator, joint.vote)
    summary, tables, _ = summarize_unit(posterior, [house, senate], GateConfig())
    bills = tables["bills"].set_index("vote")
    assert bills["chambers"].value_counts().to_dict() == {"both": 4, "house": 5, "senate": 3}
    in_house, in_senate = (v.rollcalls.set_index("bill") for v in (house, senate))
    for name in ("HB 0", "HB 3"):
        assert bills.loc[f"both:{name}", "yea"] == in_house.loc[name, "yea"] + in_senate.loc[name, "yea"]
    assert bills.loc["senate:v5", "nay"] == in_senate.loc["SB 1", "nay"]
    assert tables["parties"]["mu_mean"].to_numpy() == pytest.approx([-1, 1, -2, 2], abs=0.01)
    house_row, senate_row, _ = (row for row in summary["fit"] if row["party"] == "all")
    assert summary["fit"][-1] == {**summary["fit"][-1], "chamber": "all", "party": "all"}
    assert summary["fit"][-1]["errors"] == house_row["errors"] + senate_row["errors"]
    assert len(tables["rollcall_fit"]) == house.n_votes + senate.n_votes  # a shared bill has a roll call in each
    assert {row["pivot"] for row in summary["across"]} == {row["pivot"] for row in summary["pivots"]}
    assert summary["truth"] is None
    assert summary["flat_corr"] == {}
    assert tables["ideal_points"].loc[10:, "rank_mean"].between(1, 7).all()  # ranked among the seven senators


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_positive_prior_cannot_describe_the_bills_of_the_other_side(chamber, mirrored):
    """One bill all Democrats vote for, one all Republicans do. Which of them has the wrong sign, the axis says."""
    votes, _ = chamber
    y = np.full_like(votes.y, -1)
    party = votes.parties
    y[:, 0] = np.where(party == "Democrat", 1, 0)
    y[:, 1] = np.where(party == "Democrat", 0, 1)
    votes = replace(votes, y=y)
    names = votes.legislators.index.to_numpy(object)
    variables = {
        "xi": (("legislator",), np.linspace(-2, 2, 9) * (-1 if mirrored else 1)),
        "mu_party": (("party",), np.array([-1.0, 1.0])),
        "sigma_within": (("party",), np.array([1.0, 1.0])),
        "alpha": (("vote",), np.zeros(6)),
        "beta": (("vote",), np.array([0.5, 1.0, 0.5, 0.5, 0.5, 0.5])),
    }
    posterior = tree("house", variables, names, votes.rollcalls.index.to_numpy(object))
    spec = json.loads(posterior.attrs["spec"])
    spec["beta_prior"] = {"distribution": "halfnormal", "sigma": 1.0}
    posterior.attrs["spec"] = json.dumps(spec)
    scores = {name: float(i) for i, name in enumerate(names)}
    summary, tables, _ = summarize_unit(
        posterior, [votes], GateConfig(), ComparedWith(external=scores, scores_name="scores named in the session")
    )
    wrong, own = (1, 1.0) if mirrored else (0, 0.5)
    assert tables["bills"].index[tables["bills"]["wrong_sign"]].tolist() == [wrong]
    found = summary["wrong_sign"]
    assert [row["vote"] for row in found["worst"]] == [f"v{wrong}"]
    assert found["yea_side"] == ("Democrat" if mirrored else "Republican")
    assert tables["member_fit"]["n_wrong_sign"].tolist() == [1] * 9
    assert tables["member_fit"]["correct_wrong_sign"].sum() == 0  # xi and Yea run the other way; the middle one is at 0
    spread = np.linspace(-2, 2, 9).std()  # slopes per standard deviation of members
    assert found["slope_wrong"] == pytest.approx(own * spread, rel=0.02)
    assert found["slope_others"] == pytest.approx(0.5 * spread, rel=0.02)
    with pytest.raises(UserError, match=r"external scores, but sources\.SOURCES names none"):
        summarize_unit(posterior, [votes], GateConfig(), ComparedWith(external=scores))
    posterior.attrs["spec"] = json.dumps({**spec, "orient_bills": True})
    oriented, _, _ = summarize_unit(posterior, [votes], GateConfig())
    assert [oriented["wrong_sign"][key] for key in ("n_democratic", "n_republican", "n_judged")] == [1, 1, 0]
    assert (oriented["wrong_sign"]["n_wrong"], oriented["wrong_sign"]["yea_side"]) == (0, None)
    (external,) = summary["external"]
    assert (external["source"], external["n"]) == ("scores named in the session", 9)
    assert external["correlation"] == pytest.approx(1, abs=1e-3)  # also where the fit is mirrored


def test_a_member_of_neither_party_is_in_every_table():
    """The tenth member of a fit that has a place for her stands between the parties."""
    votes = small_chamber("house", (4, 5, 1), 6)
    votes = replace(votes, legislators=votes.legislators.assign(service=[*[1.0] * 9, 0.5]))
    members = votes.legislators.index.to_numpy(object)
    variables = {
        "xi": (("legislator",), np.append(np.array([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2, 2.5]), 0.0)),
        "mu_party": (("party",), np.array([-1.0, 1.0])),
        "sigma_within": (("party",), np.array([1.0, 1.0])),
        "alpha": (("vote",), np.zeros(6)),
        "beta": (("vote",), np.ones(6)),
    }
    posterior = tree("house", variables, members, votes.rollcalls.index.to_numpy(object))
    summary, tables, order = summarize_unit(posterior, [votes], GateConfig(ess=1, rhat=2.0))
    points = tables["ideal_points"].set_index("legislator")
    assert points.loc[members[9], ["party", "caucus", "rank_mean"]].tolist() == ["Independent", "none", 5]
    assert (summary["n_legislators"], summary["n_left_out"]) == (10, 0)
    # 9.5 seats: the middle of 4.75 lies with the fifth from the right, 0.5 + 5 seats; from the left 4 + 0.5 + 1
    held = {
        row["pivot"]: (row["n_members"], row["seats"], row["members"][0]["legislator"]) for row in summary["pivots"]
    }
    assert held["chamber_median"] == (10, 9.5, members[4])
    assert held["democrat_median"][:2] == (4, 4)
    groups = tables["group_fit"].set_index("party").n_votes
    assert groups["Independent"] == (votes.y[9] >= 0).sum()
    assert groups["all"] == groups.drop("all").sum()
    assert tables["member_fit"].party.tolist()[-1] == "Independent"
    assert summary["overlap"][0]["members"]["mean"] == 0
    assert summary["roster"][0]["outside_parties"] == [
        {"legislator": members[9], "name": "Member 9", "party": "Independent", "caucus": "none"}
    ]
    assert order["right_of"].sizes["legislator"] == 10
    assert tables["parties"].n.tolist() == [4, 5]
