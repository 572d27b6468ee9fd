"""The joint model against separate fits on the same votes: sums and errors by hand, planted gains and costs."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small import small_chamber

from tallgrass_models.checking.joint_loo import different_settings, joint_against_separate, verdict
from tallgrass_models.checking.loo import Loo
from tallgrass_models.checking.loo_compare import Pointwise
from tallgrass_models.checking.observations import observations
from tallgrass_models.errors import UserError
from tallgrass_models.votes.matching import shared_bills

NORMAL = {"distribution": "normal", "mu": 0.0, "sigma": 1.0}
SPEC = {"beta_prior": NORMAL, "alpha_sigma": 5.0, "orient_bills": False, "sampling": {"draws": 1}, "kind": "chamber"}
SPECS = {
    unit: {**SPEC, "unit": unit, "kind": "joint" if unit == "joint" else "chamber"}
    for unit in ("house", "senate", "joint")
}


def pointwise(unit, obs, elpd, variance=0.0, k=0.1):
    zeros = np.zeros(len(elpd))
    loo = Loo(elpd, zeros, zeros + k, zeros > 0, zeros > 0, zeros + variance, 1.0, 0.7)
    return Pointwise(loo, obs, {"unit": unit, "session": "small", "spec_hash": unit, "data_hash": "[]"})


@pytest.fixture(scope="module")
def chambers():
    """Five shared bills; the other roll calls are of one chamber each."""
    shared = [f"SB {j}" for j in range(5)]
    house = small_chamber("house", (4, 5, 1), 12, seed=1, bills=shared + [f"HB {j}" for j in range(7)])
    senate = small_chamber("senate", (3, 4, 0), 9, seed=2, bills=[f"SS {j}" for j in range(4)] + shared)
    return house, senate


@pytest.fixture(scope="module")
def parts(chambers):
    return [observations([own]) for own in chambers], observations(chambers)


def files(parts, difference, **more):
    """Three files: separate fits at -0.5 a vote, the joint one better by ``difference`` (in the joint order)."""
    separate, both = parts
    apart = [
        pointwise(name, obs, np.full(len(obs), -0.5)) for name, obs in zip(("house", "senate"), separate, strict=True)
    ]
    return pointwise("joint", both, -0.5 + difference, **more), apart


def test_sum_and_error_by_bill_by_hand(parts):
    rng = np.random.default_rng(3)
    both = parts[1]
    difference = rng.normal(size=len(both))
    found = joint_against_separate(*files(parts, difference, variance=0.01), SPECS)
    by_item = {}
    for item, value in zip(both.item, difference, strict=True):
        by_item[item] = by_item.get(item, 0.0) + value
    sums = np.array(list(by_item.values()))
    assert (found.summary["n_bills"], found.summary["n_shared"]) == (12 + 9 - 5, 5)
    assert found.summary["elpd_diff"] == pytest.approx(difference.sum())
    assert found.summary["se"] == pytest.approx(np.sqrt(len(sums)) * sums.std(ddof=1))
    assert found.summary["mcse"] == pytest.approx(np.sqrt(0.01 * len(both)))
    assert found.summary["elpd_separate"] == pytest.approx(-0.5 * len(both))
    assert sum(found.summary["by_chamber"].values()) == pytest.approx(difference.sum())
    parts_of = [found.summary[key]["elpd_diff"] for key in ("shared_bills", "other_bills")]
    assert sum(parts_of) == pytest.approx(difference.sum())
    bills = both.rollcalls["bill"].to_numpy()[both.rollcall]
    for bill in ("SB 0", "SB 4"):
        assert found.by_bill.loc[bill, "elpd_diff"] == pytest.approx(difference[bills == bill].sum())
        assert found.by_bill.loc[bill, "n_votes"] == (bills == bill).sum()
    assert sorted(found.by_bill.index) == [f"SB {j}" for j in range(5)]


def test_a_shared_bill_is_one_cluster(parts):
    """What a bill gains in one chamber and loses in the other is no spread between bills."""
    both = parts[1]
    house = (both.rollcalls["chamber"] == "house").to_numpy()[both.rollcall]
    shared = both.rollcalls["vote"].str.startswith("both:").to_numpy()[both.rollcall]
    difference = np.zeros(len(both))
    for item in np.unique(both.item[shared]):
        for chamber, size in ((house, 3.0), (~house, -3.0)):
            here = np.flatnonzero((both.item == item) & chamber)
            difference[here[0]] = size
    found = joint_against_separate(*files(parts, difference), SPECS).summary
    assert found["elpd_diff"] == pytest.approx(0, abs=1e-9)
    assert found["se"] == pytest.approx(0, abs=1e-9)  # ten independent roll calls would give about 9.5
    assert found["verdict"] == "unclear"


@pytest.mark.parametrize(("shift", "expected"), [(0.5, "gains"), (-0.5, "costs"), (0.0, "unclear")])
def test_planted_differences(parts, shift, expected):
    difference = shift + 0.3 * np.random.default_rng(4).normal(size=len(parts[1]))
    found = joint_against_separate(*files(parts, difference), SPECS).summary
    assert found["verdict"] == expected


def test_beyond_two_standard_errors():
    assert [verdict(d, 1.0) for d in (2.1, 1.9, -1.9, -2.1)] == ["gains", "unclear", "unclear", "costs"]
    assert verdict(1.0, np.nan) == "unclear"


def test_votes_are_matched_by_name_and_not_by_place(parts, chambers):
    """The separate fits have their own order of members; the joint one has the chamber in its ids."""
    house, senate = chambers
    order, time = (np.random.default_rng(5).permutation(n) for n in house.y.shape)
    y, calls = house.y[order][:, time], house.rollcalls.iloc[time]
    turned = replace(house, y=y, legislators=house.legislators.iloc[order], rollcalls=calls)
    rng = np.random.default_rng(6)
    values = {}
    apart = []
    for name, own in (("house", turned), ("senate", senate)):
        obs = observations([own])
        elpd = rng.normal(size=len(obs))
        calls, members = (
            obs.rollcalls["rollcall"].to_numpy()[obs.rollcall],
            obs.members["legislator"].to_numpy()[obs.member],
        )
        values |= {(name, call, f"{name}:{who}"): e for call, who, e in zip(calls, members, elpd, strict=True)}
        apart.append(pointwise(name, obs, elpd))
    both = parts[1]
    call = both.rollcalls[["chamber", "rollcall"]].to_numpy()[both.rollcall]
    who = both.members["legislator"].to_numpy()[both.member]
    same = np.array([values[c, j, i] for (c, j), i in zip(call, who, strict=True)])
    found = joint_against_separate(pointwise("joint", both, same), apart, SPECS)
    assert found.summary["elpd_diff"] == pytest.approx(0, abs=1e-9)
    assert np.abs(found.by_bill["elpd_diff"]).max() < 1e-9


def test_other_votes_are_refused(parts, chambers):
    joint, apart = files(parts, np.zeros(len(parts[1])))
    other = small_chamber("senate", (3, 4, 0), 9, seed=7, bills=list(chambers[1].rollcalls["bill"]))
    obs = observations([other])
    with pytest.raises(UserError, match=r"the joint model and of the house and the senate do not have the same votes"):
        joint_against_separate(joint, [apart[0], pointwise("senate", obs, np.zeros(len(obs)))], SPECS)
    with pytest.raises(UserError, match="do not have the same votes"):
        joint_against_separate(joint, apart[:1], SPECS)


def test_a_vote_cast_otherwise_is_refused(parts):
    joint, apart = files(parts, np.zeros(len(parts[1])))
    turned = replace(apart[1].obs, y=1 - apart[1].obs.y)
    with pytest.raises(UserError, match="do not have the same votes"):
        joint_against_separate(joint, [apart[0], replace(apart[1], obs=turned)], SPECS)


def test_priors_that_differ_are_named():
    assert different_settings(SPECS) == []
    joint = {**SPEC, "alpha_sigma": 2, "beta_prior": {"distribution": "lognormal_reparam", "mu": 0, "sigma": 1}}
    assert different_settings({**SPECS, "joint": joint}) == [
        {"setting": "alpha_sigma", "joint": "2", "separate": "5"},
        {"setting": "beta_prior", "joint": "LogNormal(mu=0, sigma=1)", "separate": "Normal(mu=0, sigma=1)"},
    ]
    lognormal = {"distribution": "lognormal", "mu": 0, "sigma": 1}
    apart = {unit: {**SPEC, "beta_prior": lognormal} for unit in ("house", "senate")}
    same = {**SPEC, "beta_prior": {**lognormal, "distribution": "lognormal_reparam"}}
    assert different_settings({**apart, "joint": same}) == []  # two names of one prior


def test_unreliable_votes_are_counted(parts):
    found = joint_against_separate(*files(parts, np.zeros(len(parts[1])), k=0.9), SPECS).summary
    assert found["n_k_above"] == len(parts[1])


def test_tied_bills_are_clusters_as_merged_ones_are(parts, chambers):
    """With two items for each shared bill, the sums over bills and their errors are those of one item."""
    separate, both = parts
    apart = observations(chambers, ["no item is merged"])
    difference = np.random.default_rng(6).normal(size=len(both))
    merged = joint_against_separate(*files(parts, difference), SPECS)
    tied = joint_against_separate(*files((separate, apart), difference), SPECS, shared_bills(*chambers))
    for key in ("n_bills", "n_shared", "elpd_diff", "se", "shared_bills", "other_bills"):
        assert tied.summary[key] == pytest.approx(merged.summary[key])
    pd.testing.assert_frame_equal(tied.by_bill, merged.by_bill)
