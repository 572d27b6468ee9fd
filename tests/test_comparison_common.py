"""Variants with other filters, compared on what both used: by brute force over members and votes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small import small_chamber, small_pair
from test_comparison import bill_table, party_rows

from tallgrass_models.checking.loo import Loo
from tallgrass_models.checking.loo_compare import Pointwise
from tallgrass_models.checking.observations import observations
from tallgrass_models.comparison import common
from tallgrass_models.comparison.build import compare
from tallgrass_models.comparison.variants import Variant
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError

VOTES = small_chamber(n_votes=40, sizes=(10, 14, 0))
#: Who and what the stricter filters leave out: two members and five roll calls.
ABSENT, UNCONTESTED = [4, 17], [0, 7, 8, 9, 39]
OTHER = "small/minority_0.1_votes_30"


def kept(votes, members=ABSENT, calls=UNCONTESTED):
    row, column = (
        np.setdiff1d(np.arange(n), out) for n, out in ((votes.n_legislators, members), (votes.n_votes, calls))
    )
    return replace(
        votes,
        y=votes.y[np.ix_(row, column)],
        legislators=votes.legislators.iloc[row],
        rollcalls=votes.rollcalls.iloc[column],
    )


FEWER = kept(VOTES)


def left_out(votes, seed):
    obs = observations([votes])
    elpd = -np.random.default_rng(seed).exponential(0.5, len(obs))
    zeros = np.zeros(len(obs))
    return Pointwise(Loo(elpd, zeros, zeros, zeros > 0, zeros > 0, zeros, 1.0, 0.7), obs, {"unit": "house"})


def variant(name, votes, session, seed, **settings):
    """A variant that has seen ``votes``, with positions drawn far and wide, so that ranks are uncertain."""
    rng = np.random.default_rng(seed)
    n = votes.n_legislators
    xi = np.where(votes.parties == "Democrat", -1.0, 1.0)[:, None] + rng.normal(0, 1, (n, 200))
    rank = xi.argsort(0).argsort(0) + 1
    points = votes.legislators.assign(chamber="house", position_mean=xi.mean(1), position_sd=xi.std(1)).reset_index()
    points = points.assign(rank_mean=rank.mean(1), rank_q05=0.0, rank_q95=99.0)
    bills = bill_table(*rng.normal(size=(2, 40)))
    icc = {"chamber": "house", "mean": 0.9, "sd": 0.01, "q05": 0.88, "q95": 0.92}
    block = dict.fromkeys(("rhat_xi_max", "ess_xi_min", "divergences", "sampling_time_s", "compile_time_s"), 1.0)
    block |= {"gradients": 10, "convergence_ok": True, "data_hash": [name], "icc": [icc]}
    block |= {"convergence_failures": [], "chain_modes": {"verdict": "one mode"}, "sides": {"form": "parties"}}
    block["scale"] = {"house": {"sets_scale": True, "kind": "parties", "turned": False}}
    config = ExperimentConfig(name=name, session=session, chambers=("house",), **settings)
    metrics = {
        "experiment": name,
        "description": "",
        "convergence_ok": True,
        "joint": None,
        "axis": [{"unit": "house", "chamber": "house", "verdict": "parties"}],
        "chambers": {"house": block},
    }
    metrics |= {"config": config.to_dict(), "baseline": config.compare_with}
    tables = {
        "ideal_points": points,
        "bills": bills[bills["vote"].isin(votes.rollcalls.index)],
        "parties": party_rows(),
        "sensitivity": pd.DataFrame(columns=["quantity", "legislator", "component", "sensitivity"]),
    }
    draws = xi.T.reshape(2, 100, n)
    return Variant(
        metrics, {"house": tables}, {"house": left_out(votes, seed)}, {"house": (list(points["legislator"]), draws)}
    )


SESSION = SessionConfig("small")
STRICT_SESSION = SESSION.with_filters(min_minority_share=0.1, min_votes=30)
BASE = variant("base", VOTES, SESSION, 1)
STRICT = variant("strict", FEWER, STRICT_SESSION, 2, compare_with="base")
SEEN = {"small": [VOTES], OTHER: [FEWER]}
BOTH = list(FEWER.legislators.index)


@pytest.fixture(scope="module")
def compared():
    return compare([BASE, STRICT], SEEN)


def cells(loo):
    """Every vote by who cast it on what, with its expected log predictive density."""
    obs = loo.obs
    who, what = obs.members["legislator"].to_numpy(), obs.rollcalls["rollcall"].to_numpy()
    return {(who[m], what[r]): e for m, r, e in zip(obs.member, obs.rollcall, loo.loo.elpd, strict=True)}


def test_it_is_said_what_both_saw(compared):
    content, _ = compared
    (row,) = content["common"]
    assert (row["experiment"], row["reference"], row["unit"]) == ("strict", "base", "house")
    assert [row[f"n_members{end}"] for end in ("", "_reference", "_experiment")] == [22, 24, 22]
    assert [row[f"n_rollcalls{end}"] for end in ("", "_reference", "_experiment")] == [35, 40, 35]
    n, n_fewer = (VOTES.y >= 0).sum(), (FEWER.y >= 0).sum()
    assert [row[f"n_votes{end}"] for end in ("", "_reference", "_experiment")] == [n_fewer, n, n_fewer]
    assert row["text"] == (
        "The filters differ, so the House is compared on what both used, namely 22 members, 35 roll calls and "
        f"{n_fewer} votes. base used 24 members, 40 roll calls and {n} votes, and strict used 22 members, 35 roll "
        f"calls and {n_fewer} votes."
    )
    assert row["text"] in content["verdict"][0]["details"]
    assert content["groups"][0]["question"] == "Does the answer depend on the filters?"
    assert (
        "If filters or selections of votes differ, the comparison covers what both variants used."
        in content["groups"][0]["note"]
    )
    assert {"session.min_votes", "session.min_minority_share"} == {row["key"] for row in content["configuration"]}


def test_predictions_are_compared_on_the_same_votes(compared):
    _, tables = compared
    ours, theirs = cells(BASE.loo["house"]), cells(STRICT.loo["house"])
    difference = {key: theirs[key] - ours[key] for key in theirs if key in ours}
    row = tables["predictive"].iloc[0]
    assert (row["n_votes"], row["elpd_diff"]) == (len(difference), pytest.approx(sum(difference.values())))
    by_call = pd.Series(difference).groupby(level=1).sum()
    assert row["se_by_rollcall"] == pytest.approx(np.sqrt(35 * by_call.var(ddof=1)))
    parts = tables["predictive_parts"]
    found = parts[parts["by"] == "rollcall"].set_index("rollcall")["elpd_diff"]
    pd.testing.assert_series_equal(found.sort_index(), by_call.sort_index(), check_names=False)


def test_ranks_are_among_the_members_in_common(compared):
    _, tables = compared
    found = tables["members"].set_index("legislator")
    assert set(found.index) == set(BOTH)
    for column, one in (("rank_reference", BASE), ("rank", STRICT)):
        ids, draws = one.xi["house"]
        xi = pd.DataFrame(draws.reshape(200, -1), columns=ids)[BOTH]
        rank = xi.rank(axis=1)
        pd.testing.assert_series_equal(found.loc[BOTH, column], rank.mean(), check_names=False)
        whole = one.tables["house"]["ideal_points"].set_index("legislator")["rank_mean"]
        assert (one is BASE) == (found[column].max() < whole[BOTH].max() - 0.5)  # two fewer to count
    assert tables["agreement"]["n"].item() == 22


def test_bills_and_drivers_are_of_the_roll_calls_in_common(compared):
    _, tables = compared
    assert set(tables["bills"]["vote"]) == set(FEWER.rollcalls.index)
    assert set(tables["drivers"]["vote"]) <= {*FEWER.rollcalls.index, ""}
    assert set(tables["drivers"]["legislator"]) <= set(BOTH)


def test_the_order_of_votes_is_that_of_neither_by_chance():
    """The same votes, members and roll calls of the one in reverse."""
    backwards = replace(
        FEWER, y=FEWER.y[::-1, ::-1].copy(), legislators=FEWER.legislators[::-1], rollcalls=FEWER.rollcalls[::-1]
    )
    a, b = left_out(VOTES, 3), left_out(backwards, 4)
    one, two = common.common_votes(a, b)
    assert one.obs.order_hash == two.obs.order_hash
    assert cells(one) == {key: value for key, value in cells(a).items() if key in cells(b)}
    assert cells(two) == cells(b)


def test_a_shared_bill_is_another_item_where_one_chamber_dropped_its_roll_call():
    house, senate = small_pair(n_shared=4)
    whole, less = observations([house, senate]), observations([house, kept(senate, [], [1])])
    items = common._common_items(whole, less)
    assert "both:HB 0" in items
    assert not {"both:HB 1", "house:v1"} & items
    assert "senate:v5" in items


def test_votes_that_are_not_of_the_same_session_are_refused():
    turned = replace(FEWER, y=np.where(FEWER.y >= 0, 1 - FEWER.y, -1).astype(np.int8))
    strict = variant("strict", turned, STRICT_SESSION, 2)
    with pytest.raises(UserError, match="base and strict \\(house\\): a member's vote differs"):
        compare([BASE, strict], SEEN)
    newer = replace(FEWER, info={"data_hash": "1"})
    with pytest.raises(UserError, match="session small: its files changed between the two filterings of the house"):
        compare([BASE, STRICT], {"small": [VOTES], OTHER: [newer]})
    with pytest.raises(UserError, match="strict: the posterior of house is needed"):
        compare([BASE, replace(STRICT, xi={})], SEEN)
    strangers = replace(FEWER, rollcalls=FEWER.rollcalls.rename(index=lambda vote: f"other {vote}"))
    with pytest.raises(UserError, match="no vote in common"):
        compare([BASE, variant("strict", strangers, STRICT_SESSION, 2)], SEEN)


def test_the_same_filters_need_the_same_votes():
    twin = variant("twin", FEWER, SESSION, 2)
    with pytest.raises(UserError, match="twin and base used different votes"):
        compare([BASE, twin], SEEN)
