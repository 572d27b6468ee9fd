"""House against Senate: every method's answer by brute force, their mixture, and where they disagree."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from tallgrass_models.checking.joint_loo import JointLoo
from tallgrass_models.files.columns.linking import LINKED_MEMBERS
from tallgrass_models.linking import agreement, answers, build, joint, mixtures, tables
from tallgrass_models.linking.answers import Answer
from tallgrass_models.linking.chamber_draws import ChamberDraws
from tallgrass_models.linking.findings import (
    findings,
    joint_finding,
    methods_finding,
    predictive_findings,
)
from tallgrass_models.linking.mixtures import weights
from tallgrass_models.linking.statements import statements
from tallgrass_models.votes.matrix import ChamberVotes
from tallgrass_models.votes.seats import SeatRule

A, B = 1.3, -0.7
PARTIES = [
    np.array(["Democrat", "Republican", "Republican"], object),
    np.array(["Democrat"] * 2 + ["Republican"], object),
]


def people():
    rows = [(chamber, party) for chamber, own in zip(("house", "senate"), PARTIES, strict=True) for party in own]
    return pd.DataFrame(rows, columns=["chamber", "party"]).assign(legislator=[*"abcdef"], name=[*"ABCDEF"], seats=1.0)


def at(xi):
    """A method that places members at ``xi``, shape (n_draws, 6), with made-up constants."""
    return Answer(np.asarray(xi, float), np.ones(len(xi)), np.zeros(len(xi)))


# --- the scale --------------------------------------------------------------------------------------------------------


def test_places_and_constants_by_hand():
    """House: D at 0, R at 2 and 4, so the middle is 1.5 and half the gap 1.5. Senate: D at 3 (1 and 5), R at 9."""
    found = answers.placed(np.array([[0.0, 2, 4]]), np.array([[1.0, 5, 9]]), PARTIES)
    np.testing.assert_allclose(found.xi, [[-1, 1 / 3, 5 / 3, -1 / 3, 7 / 3, 5]])
    assert found.a[0] == pytest.approx(3 / 1.5)  # half the Senate's gap, 3, in units of 1.5
    assert found.b[0] == pytest.approx((6 - 1.5) / 1.5)


def test_a_line_and_a_mirror_change_nothing():
    rng = np.random.default_rng(1)
    house, senate = rng.normal(size=(20, 3)), rng.normal(size=(20, 3))
    before = answers.placed(house, senate, PARTIES)
    for slope, shift in ((0.2, 5.0), (-3.0, 1.0)):
        after = answers.placed(slope * house + shift, slope * senate + shift, PARTIES)
        for name in ("xi", "a", "b"):
            np.testing.assert_allclose(getattr(after, name), getattr(before, name))


def test_a_free_standing_member_has_a_place_but_sets_no_scale():
    parties = [np.append(PARTIES[0], "Independent"), PARTIES[1]]
    found = answers.placed(np.array([[0.0, 2, 4, 99]]), np.array([[1.0, 5, 9]]), parties)
    np.testing.assert_allclose(found.xi, [[-1, 1 / 3, 5 / 3, 65, -1 / 3, 7 / 3, 5]])


def test_parties_that_define_no_scale_leave_mean_and_spread():
    rng = np.random.default_rng(2)
    many = np.repeat(["Democrat", "Republican"], 20)
    far = np.repeat([-5.0, 5.0], 20) + rng.normal(size=(200, 40))
    near = rng.normal(size=(200, 40))
    assert answers.common_scale([far, far], many) == "parties"
    assert answers.common_scale([far, near], many) == "spread"  # one scale for all methods
    found = answers.placed(near, 2 * near + 1, [many, many], "spread")
    np.testing.assert_allclose(found.xi[:, :40].mean(1), 0, atol=1e-9)
    np.testing.assert_allclose(found.xi[:, :40].std(1), 1)
    np.testing.assert_allclose(np.abs(found.a), 2)


# --- the mixture ------------------------------------------------------------------------------------------------------


def test_joint_model_and_link_weigh_the_same():
    assert weights(["haebara", "mean_mean", "joint"]) == {"haebara": 0.25, "mean_mean": 0.25, "joint": 0.5}
    assert weights(["haebara", "mean_mean"]) == {"haebara": 0.5, "mean_mean": 0.5}
    assert weights(["joint"]) == {"joint": 1.0}


def test_a_mixture_is_not_led_by_the_method_with_more_draws():
    """Two normals of weight one half each, one with ten times the draws: quantiles in closed form."""
    rng = np.random.default_rng(3)
    found = {"haebara": rng.normal(0, 1, (40_000, 1)), "joint": rng.normal(6, 2, (4_000, 1))}
    mixed = mixtures.mixed_quantiles(found, weights(list(found)))
    assert mixed["q05"][0] == pytest.approx(norm.ppf(0.1), abs=0.05)
    assert mixed["q95"][0] == pytest.approx(6 + 2 * norm.ppf(0.9), abs=0.15)
    assert (norm.cdf(mixed["median"][0]) + norm.cdf((mixed["median"][0] - 6) / 2)) / 2 == pytest.approx(0.5, abs=0.01)
    right = {name: draws > 3 for name, draws in found.items()}
    expected = (norm.sf(3) + norm.sf(-1.5)) / 2
    assert mixtures.mixed_probability(right, weights(list(found)))[0] == pytest.approx(expected, abs=0.01)


def test_a_wild_answer_now_and_then_moves_no_median():
    draws = np.zeros((100, 1))
    draws[::20] = 1e6
    found = mixtures.mixed_quantiles(
        {"mean_sigma": draws, "haebara": np.ones((100, 1))}, {"mean_sigma": 0.5, "haebara": 0.5}
    )
    assert 0 <= found["median"][0] <= 1


def test_two_certain_opposites_are_no_answer():
    """The joint model has all senators right of all representatives, the link the other way round."""
    right = np.tile([0, 0, 0, 1, 1, 1.0], (2, 1))
    left = -right
    said = {s["key"]: s for s in statements({"haebara": at(left), "joint": at(right)}, people())}
    found = said["p_senate_median_right"]
    assert (found["value"], found["link_value"], found["joint_value"]) == (0.5, 0.0, 1.0)
    assert [s["key"] for s in agreement.opposed(list(said.values()))] == [k for k in said if k.startswith("p_")]


# --- statements and tables --------------------------------------------------------------------------------------------


def brute_statement(xi, pick):
    """Senate minus House of what ``pick`` makes of the six positions, by draw."""
    return np.array([pick(draw[3:], PARTIES[1]) - pick(draw[:3], PARTIES[0]) for draw in xi])


PICKS = {
    "": lambda x, party: sorted(x)[1],
    "democrat_": lambda x, party: np.mean(x[party == "Democrat"]),
    "republican_": lambda x, party: np.mean(x[party == "Republican"]),
}


@pytest.mark.parametrize("key", PICKS)
def test_statements_by_brute_force(key):
    rng = np.random.default_rng(4)
    link, other, together = (rng.normal(size=(40, 6)) for _ in range(3))
    places = {"haebara": at(link), "mean_mean": at(other), "joint": at(together)}
    said = {row["key"]: row for row in statements(places, people())}
    gaps = [brute_statement(xi, PICKS[key]) for xi in (link, other, together)]
    p, d = said[f"p_senate_{key}median_right"], said[f"gap_{key}median"]
    shares = [np.mean(gap > 0) for gap in gaps]
    assert p["link_value"] == pytest.approx((shares[0] + shares[1]) / 2)
    assert p["joint_value"] == pytest.approx(shares[2])
    assert p["value"] == pytest.approx(shares[0] / 4 + shares[1] / 4 + shares[2] / 2)
    assert p["methods"] == pytest.approx(dict(zip(places, shares, strict=True)))
    assert (p["q05"], p["joint_q95"]) == (None, None)
    at_joint = [d["joint_q05"], d["joint_value"], d["joint_q95"]]
    np.testing.assert_allclose(at_joint, np.quantile(gaps[2], [0.05, 0.5, 0.95]))
    pooled = np.sort(np.concatenate([gaps[0], gaps[1], gaps[2], gaps[2]]))  # 40 draws each: weights 1/4, 1/4, 1/2
    assert d["value"] == pooled[79]  # the first with half of 160 at or below it


def test_positions_run_over_seats_and_other_majorities():
    """A senator with three seats is the median; 60 % of the seats from the right need her too."""
    xi = np.tile([-2.0, 0, 3, -4, 1, 2], (2, 1))
    who = people().assign(seats=[1, 1, 1, 3, 1, 1])
    said = {row["key"]: row for row in statements({"joint": at(xi)}, who, shares=(0.6,))}
    assert said["gap_median"]["value"] == -4 - 0
    assert said["gap_democrat_median"]["value"] == -4 + 2
    assert said["gap_majority_60_left"]["value"] == -4 - 0  # two senators have 2 of 5 seats, two representatives 2 of 3
    assert said["p_senate_majority_60_left_right"]["statement"] == (
        "The Senate’s 60 % pivot, counted from the right, is right of the House’s"
    )
    assert list(said)[:5] == [
        *("p_senate_median_right", "p_senate_democrat_median_right", "p_senate_republican_median_right"),
        *("p_senate_two_thirds_left_right", "p_senate_two_thirds_right_right"),
    ]


def test_members_by_brute_force():
    rng = np.random.default_rng(5)
    link, together = rng.normal(size=(40, 6)), rng.normal(size=(40, 6))
    table = tables.member_table({"haebara": at(link), "joint": at(together)}, people(), own_scale=link * 2 + 1)
    assert list(table) == LINKED_MEMBERS.names
    right = [[[x[i] > sorted(x[:3])[1] for i in range(6)] for x in xi] for xi in (link, together)]
    of_link, of_joint = (np.mean(r, axis=0) for r in right)
    np.testing.assert_allclose(table["link_p_right_of_house_median"], of_link)
    np.testing.assert_allclose(table["joint_p_right_of_house_median"], of_joint)
    np.testing.assert_allclose(table["p_right_of_house_median"], (of_link + of_joint) / 2)
    own = [np.mean([(x[3] > x[0], x[5] > (x[1] + x[2]) / 2) for x in xi], axis=0) for xi in (link, together)]
    np.testing.assert_allclose(table["p_right_of_own_party"][[3, 5]], np.mean(own, axis=0))
    both = np.concatenate([link, together])
    ranks = np.sort([[1 + (x < x[i]).sum() for i in range(6)] for x in both], axis=0)
    np.testing.assert_array_equal(table["rank_median"], ranks[39])
    np.testing.assert_allclose(table["relative_median"], np.sort(both, axis=0)[39])
    np.testing.assert_allclose(table["joint_median"], np.median(together, axis=0))
    np.testing.assert_allclose(table["xi_mean"], 2 * link.mean(0) + 1)


def test_without_a_joint_model_its_columns_are_empty():
    xi = np.random.default_rng(6).normal(size=(10, 6))
    table = tables.member_table({"haebara": at(xi)}, people(), xi)
    assert table["joint_median"].isna().all()
    np.testing.assert_allclose(table["link_median"], table["relative_median"])
    said = statements({"haebara": at(xi)}, people())
    assert {s["joint_value"] for s in said} == {None}


def test_a_party_of_one_chamber_only_has_no_statement():
    who = people().assign(party=["Democrat"] * 3 + ["Democrat", "Democrat", "Republican"])
    said = statements({"haebara": at(np.random.default_rng(0).normal(size=(5, 6)))}, who)
    named = [row["key"] for row in said if "two_thirds" not in row["key"]]
    assert named == ["p_senate_median_right", "p_senate_democrat_median_right", "gap_median", "gap_democrat_median"]


def test_chosen_members_are_the_ends_and_the_middle():
    xi = np.tile([-2.0, 1, 3, -4, 0, 2], (2, 1))
    found = tables.chosen_orders({"haebara": at(xi)}, people())
    # House: a leftmost and rightmost Democrat, b leftmost Republican, c rightmost; Senate: d, e (inner D), f
    assert [m["legislator"] for m in found["members"]] == ["d", "a", "e", "b", "f", "c"]
    assert found["right_of"] == [[float(i > k) for k in range(6)] for i in range(6)]


# --- agreement --------------------------------------------------------------------------------------------------------


def two_chambers(rng, n_draws=300, move=0.0):
    """The link's places of 7 representatives and 5 senators, and a joint model that has the senators ``move`` away."""
    parties = [np.array(["Democrat", "Republican"], object)[np.arange(n) % 2] for n in (7, 5)]
    house, senate = (np.where(p == "Democrat", -1.0, 1.0) + 0.05 * rng.normal(size=(n_draws, len(p))) for p in parties)
    link = answers.placed(house, senate, parties)
    other = answers.placed(house, senate + move, parties)
    who = pd.DataFrame({"chamber": ["house"] * 7 + ["senate"] * 5, "party": np.concatenate(parties)})
    return {"haebara": link, "joint": other}, who.assign(name=[f"M{i}" for i in range(12)], seats=1.0)


def test_agreement_with_a_joint_model_that_says_the_same():
    places, who = two_chambers(np.random.default_rng(7))
    found = joint.compare_with_joint(places, "haebara", who)
    assert found["A"]["link"] == found["A"]["joint"]
    assert (found["mean_difference_sd"], found["overlap"], found["max_p_difference"]) == (0, 1, 0)
    assert agreement.joint_apart(found) == []


@pytest.mark.parametrize("upside_down", [(1,), (0,), (0, 1)], ids=["Senate", "House", "both"])
def test_a_fit_upside_down_is_linked_as_if_it_were_not(upside_down):
    """The signs of all shared bills disagree where one chamber's axis is upside down: it is turned first."""
    wanted, _ = whole(np.random.default_rng(9), joint_moves=0.0)
    found, _ = whole(np.random.default_rng(9), joint_moves=0.0, upside_down=upside_down)
    assert found.summary["linked"]
    assert found.summary["anchors"] == wanted.summary["anchors"]
    assert found.summary["senate_turned"] is (len(upside_down) == 1)
    assert not wanted.summary["senate_turned"]
    for name in ("relative_median", "link_median", "p_right_of_house_median"):
        np.testing.assert_allclose(found.members[name], wanted.members[name], atol=1e-3)


def test_a_joint_model_with_the_senate_elsewhere_is_told():
    places, who = two_chambers(np.random.default_rng(8), move=0.5)
    found = joint.compare_with_joint(places, "haebara", who)
    house = (who["chamber"] == "house").to_numpy()
    spread = places["haebara"].xi[:, ~house].std(0, ddof=1).mean()
    shift = (places["joint"].xi - places["haebara"].xi)[:, ~house].mean()
    assert found["B"]["joint"]["median"] - found["B"]["link"]["median"] == pytest.approx(shift, rel=0.02)
    assert found["mean_difference_sd"] == pytest.approx(shift / spread, rel=0.1)
    assert found["overlap"] == 0
    assert agreement.joint_apart(found) == ["B"]  # the whole Senate, so not A
    median = np.median(places["joint"].xi[:, house], axis=1, keepdims=True)
    gap = [(places[n].xi[:, ~house] > median).mean(0) for n in ("haebara", "joint")]
    assert found["max_p_difference"] == pytest.approx(np.abs(gap[0] - gap[1]).max())
    assert found["max_p_member"] == f"M{7 + np.abs(gap[0] - gap[1]).argmax()}"


def test_the_widest_gap_between_intervals_comes_first():
    intervals = {"a": (0, 1), "b": (0.9, 2), "c": (2.5, 3), "d": (1.2, 1.4)}
    assert agreement.apart(intervals) == [("a", "c"), ("c", "d"), ("b", "c"), ("a", "d")]
    assert agreement.apart({"a": (0, 1), "b": (1, 2)}) == []  # they touch


# --- sentences --------------------------------------------------------------------------------------------------------


def method(name, a, b):
    return {"method": name, **{f"{c}_relative_{k}": v for c, x in (("A", a), ("B", b)) for k, v in x.items()}}


def span(low, high):
    return {"median": (low + high) / 2, "q05": low, "q95": high}


def test_methods_that_do_not_meet_are_named_with_their_intervals():
    rows = [
        method("haebara", span(0.7, 0.8), span(-0.5, -0.25)),
        method("stocking_lord", span(0.75, 0.9), span(-0.4, -0.1)),
        method("mean_mean", span(0.95, 1.2), span(0.1, 0.4)),
    ]
    (found,) = methods_finding(rows, "parties")
    assert found["level"] == "bad"
    assert found["text"] == (
        "The linking methods do not agree: the Senate’s parties are 0.70 to 0.80 times as far apart as the House’s "
        "by Haebara, but 0.95 to 1.20 times by mean–mean; the middle between the Senate’s parties lies at −0.50 to "
        "−0.25 by Haebara, but at 0.10 to 0.40 by mean–mean (90 % intervals, with the House’s parties at −1 and "
        "+1). One model does not fit all shared bills, and comparisons across the chambers are less certain than "
        "any one method suggests."
    )
    assert (
        "the average of the Senate’s members stands at −0.50 to −0.25 by Haebara"
        in methods_finding(rows, "spread")[0]["text"]
    )
    assert methods_finding(rows[:2], "parties") == []


SAME = {"n_votes": 12345, "n_shared": 648, "elpd_diff": -2621.4, "se": 150.0, "mcse": 0.0, "verdict": "costs"}
SAME |= {"bridges": "same", "settings": [], "shared_bills": {"elpd_diff": -2500.0, "se": 140.0}}
SAME |= {"other_bills": {"elpd_diff": -121.4, "se": 9.0}}
BY = "The difference is −2,621 in expected log predictive density of the same 12,345 votes (standard error 150)"
OF_THAT = (
    "Of that, −2,500 (standard error 140) lies in the votes on shared bills and −121 (standard error 9) in all others."
)
OTHER = [{"setting": "alpha_sigma", "joint": "2", "separate": "5"}]


def summary(**changes):
    statement = {
        "key": "p_senate_democrat_median_right",
        "kind": "probability",
        "statement": "The Senate’s median Democrat is right of the House’s",
    }
    agreement = {
        "A": {"joint": span(0.7, 0.9), "link": span(0.8, 1.0)},
        "B": {"joint": span(0.1, 0.2), "link": span(0.4, 0.5)},
    }
    base = {
        "scale": "parties",
        "methods": [],
        "joint": agreement,
        "statements": [{**statement, "value": 0.5, "link_value": 1.0, "joint_value": 0.0}],
        "anchors": {"n_shared": 648, "n_unlike": 37, "n_sign_disagrees": 12},
        "joint_vs_separate": SAME,
    }
    return base | changes


def test_joint_model_and_link_opposite_are_told_with_reasons():
    (found,) = joint_finding(summary())
    assert found["level"] == "bad"
    assert found["text"] == (
        "The joint model and the link of separate fits disagree: the middle between the Senate’s parties lies at "
        "0.10 to 0.20 by the joint model, but at 0.40 to 0.50 by the link (90 % intervals, with the House’s "
        "parties at −1 and +1); the probability that the Senate’s median Democrat is right of the House’s is "
        "below 0.01 by the joint model but above 0.99 by the link, and 0.50 by all methods together. Possible reasons: "
        "a bill amended between the chambers is not one item, but the joint model treats it as one (the link leaves "
        "out 49 of 648 shared bills as unlike); the joint model lets the two chambers' parties borrow from each other."
    )
    priors = joint_finding(summary(joint_vs_separate={**SAME, "settings": OTHER}))[0]["text"]
    assert (
        "Possible reasons: the priors differ (the prior sd of α is 2 in the joint model and 5 in the separate fits); a "
        "bill amended" in priors
    )


def test_where_joint_model_and_link_agree_nothing_is_said():
    near = {c: {"joint": span(0.1, 0.3), "link": span(0.2, 0.4)} for c in "AB"}
    assert joint_finding(summary(joint=near, statements=[])) == []
    assert joint_finding(summary(joint=None)) == []
    assert findings(summary(joint=None, statements=[], joint_vs_separate=None)) == []


@pytest.mark.parametrize(
    ("changes", "level", "text"),
    [
        (
            {},
            "bad",
            f"worse than separate fits do. {BY}, which is more than chance. {OF_THAT} Some of these bills are not the "
            "same item in both chambers, so the separate fits deserve more trust here.",
        ),
        (
            {"shared_bills": {"elpd_diff": -10.0, "se": None}, "other_bills": {"elpd_diff": -2611.4, "se": 150.0}},
            "bad",
            f"worse than separate fits do. {BY}, which is more than chance. Of that, −10 lies in the votes on shared "
            "bills and −2,611 (standard error 150) in all others.",
        ),
        (
            {"settings": OTHER},
            "bad",
            f"worse than separate fits do. {BY}, which is more than chance. {OF_THAT} The fits also differ in their "
            "priors (the prior sd of α is 2 in the joint model and 5 in the separate fits), so the shared bills alone "
            "do not explain this.",
        ),
        (
            {"settings": OTHER, "shared_bills": {"elpd_diff": -75.0, "se": 92.0}},
            "bad",
            f"worse than separate fits do. {BY}, which is more than chance. Of that, −75 (standard error 92) lies in "
            "the votes on shared bills and −121 (standard error 9) in all others. So the shared bills are not the "
            "reason. The fits also differ in their priors (the prior sd of α is 2 in the joint model and 5 in the "
            "separate fits).",
        ),
        (
            {"elpd_diff": 169.2, "se": 12.0, "mcse": 9.0, "verdict": "gains"},
            "note",
            "better than separate fits do. The difference is +169 in expected log predictive density of the same "
            f"12,345 votes (standard error 15), which is more than chance. {OF_THAT}",
        ),
        (
            {"elpd_diff": -9.7, "se": 8.0, "verdict": "unclear"},
            "note",
            "about as well as separate fits do. The difference is −10 in expected log predictive density of the same "
            f"12,345 votes (standard error 8), which is within chance. {OF_THAT}",
        ),
    ],
    ids=["worse", "worse, not by shared bills", "other priors", "not the bills", "better", "equal"],
)
def test_joint_against_separate_in_words(changes, level, text):
    (found,) = predictive_findings(SAME | changes)
    head = "The joint model, which treats each of 648 shared bills as one item, predicts votes left out "
    assert found == {"level": level, "about": "prediction", "text": head + text}


# --- the whole --------------------------------------------------------------------------------------------------------


def fitted(rng, chamber, bills, parties, places, alpha, beta):
    """Votes of a chamber (only names matter here) and draws of its fit around the truth."""
    n = len(parties)
    legislators = pd.DataFrame(
        {"name": [f"{chamber} {i}" for i in range(n)], "party": parties, "caucus": parties, "service": 1.0}
    )
    legislators = legislators.set_index(pd.Index([f"{chamber}_{i}" for i in range(n)], name="legislator"))
    calls = pd.DataFrame({"bill": bills, "title": "t", "order": np.arange(len(bills)), "passage": True})
    calls = calls.set_index(pd.Index([f"v{j}" for j in range(len(bills))], name="vote"))
    votes = ChamberVotes("s", chamber, np.ones((n, len(bills)), np.int8), legislators, calls, pd.DataFrame(), {})
    draws = [value + 0.05 * rng.normal(size=(200, len(value))) for value in (places, alpha, beta)]
    return votes, ChamberDraws(*draws)


def whole(rng, n_shared=40, joint_moves=None, unlike=0, upside_down=()):
    """`build_linking` of a Senate on a scale of its own, with a joint model that moves senators by so much, or none.

    The fits of the chambers ``upside_down`` (0 House, 1 Senate) have left and right exchanged.
    """
    names = np.array(["Democrat", "Republican"], object)
    party = [names[np.arange(n) % 2] for n in (20, 14)]
    places = [np.where(p == "Democrat", -2.0, 2.0) + 0.3 * rng.normal(size=len(p)) for p in party]
    beta, alpha = rng.uniform(0.5, 2, 40) * rng.choice([-1, 1], 40), rng.normal(0, 1.5, 40)
    there = alpha + np.where(np.arange(40) < unlike, 4.0 * np.sign(beta), 0)
    bills = [f"b{j}" if j < n_shared else f"h{j}" for j in range(40)]
    other = [f"b{j}" if j < n_shared else f"s{j}" for j in range(40)]
    house = fitted(rng, "house", bills, party[0], places[0], alpha, beta)
    senate = fitted(rng, "senate", other, party[1], (places[1] - B) / A, there - beta * B, beta * A)
    together = None
    if joint_moves is not None:
        xi = np.concatenate([places[0], places[1] + joint_moves]) * 0.5 + 1 + 0.02 * rng.normal(size=(200, 34))
        by_bill = pd.DataFrame({"n_votes": 34, "elpd_diff": [-1.5]}, index=pd.Index(["b3"], name="bill"))
        together = build.Joint(xi, JointLoo(dict(SAME), by_bill))
    draws = [
        ChamberDraws(-d.xi, d.alpha, -d.beta) if c in upside_down else d for c, d in enumerate((house[1], senate[1]))
    ]
    return build.build_linking((house[0], senate[0]), (draws[0], draws[1]), together, SeatRule()), places


def test_chambers_and_a_joint_model_that_agree():
    found, places = whole(np.random.default_rng(9), joint_moves=0.0)
    summary = found.summary
    assert (summary["linked"], summary["scale"], summary["methods_agree"]) == (True, "parties", True)
    assert summary["joint"]["agrees"]
    assert [f["level"] for f in summary["findings"]] == ["bad"]  # the predictive one, which was given
    truth = answers.placed(places[0][None], places[1][None], [found.members["party"][:20], found.members["party"][20:]])
    for row in summary["methods"]:
        assert row["A_mean"] == pytest.approx(A, abs=0.1)
        assert row["A_relative_median"] == pytest.approx(truth.a[0], abs=0.05)
        assert row["B_relative_median"] == pytest.approx(truth.b[0], abs=0.1)
    np.testing.assert_allclose(found.members["relative_median"], truth.xi[0], atol=0.1)
    bill = found.anchors.set_index("bill")["elpd_diff"]
    assert bill["b3"] == -1.5
    assert bill.drop("b3").isna().all()
    json.dumps(summary, allow_nan=False)


def test_a_joint_model_with_the_senate_elsewhere_is_a_finding_and_no_certainty():
    found, _ = whole(np.random.default_rng(10), joint_moves=-3.0)
    summary = found.summary
    assert not summary["joint"]["agrees"]
    assert "The joint model and the link of separate fits disagree" in summary["findings"][0]["text"]
    said = {s["key"]: s for s in summary["statements"]}["p_senate_republican_median_right"]
    assert said["joint_value"] == 0
    assert said["value"] == pytest.approx(said["link_value"] / 2)
    assert summary["joint"]["max_p_member"].startswith("senate ")


def test_without_anchors_the_joint_model_answers_alone():
    found, _ = whole(np.random.default_rng(11), n_shared=3, joint_moves=0.0)
    summary = found.summary
    assert not summary["linked"]
    assert summary["reason"] == "3 of 3 shared bills can serve as anchors; linking needs 5"
    assert summary["weights"] == {"joint": 1.0}
    assert {s["link_value"] for s in summary["statements"]} == {None}
    assert found.members["relative_median"].notna().all()
    assert found.members["xi_mean"].isna().all()


def test_without_any_answer_there_are_no_statements():
    found, _ = whole(np.random.default_rng(12), n_shared=3)
    assert (found.summary["linked"], found.summary["statements"], found.summary["joint"]) == (False, None, None)
    assert list(found.members) == LINKED_MEMBERS.names
    assert len(found.anchors) == 3
    assert found.summary["findings"] == []
