"""The comparison of variants on planted changes, against brute force and hand counts."""

import copy

import numpy as np
import pytest
from small import small_pair
from variants import VOTES, XI, N, bill_table, ideal_points, left_out, party_rows, variant

from tallgrass_models.comparison import bills, drivers, members, variant_tables, variants
from tallgrass_models.comparison.build import compare
from tallgrass_models.comparison.members import Alignment, Turns, align
from tallgrass_models.comparison.seen import Fitted, seen_votes
from tallgrass_models.comparison.sentences import Order
from tallgrass_models.comparison.variants import group_variants
from tallgrass_models.comparison.verdict import Evidence, Place, give_verdict
from tallgrass_models.comparison.words import Pair, Where
from tallgrass_models.errors import UserError
from tallgrass_models.files.columns import comparison as columns
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.votes.matching import join_chambers
from tallgrass_models.votes.naming import USUAL
from tallgrass_models.votes.unit import Unit

# --- members ----------------------------------------------------------------------------------------------------------


def test_another_kind_of_scale_moves_nobody():
    """Positions between the parties against positions in standard deviations of the chamber."""
    scale, found = align(ideal_points(XI), ideal_points(2 * XI + 3), same_kind=False)
    assert (scale.slope, scale.intercept) == pytest.approx((0.5, -1.5))
    np.testing.assert_allclose(found["move"], 0, atol=1e-12)
    np.testing.assert_allclose(found["position_sd"], 0.1)
    row = members.agreement(found, scale, Turns(False, True))[0]
    assert (row["pearson"], row["spearman"], row["n_rank_outside"], row["move_rms"]) == pytest.approx((1, 1, 0, 0))
    assert (row["turned_reference"], row["turned"]) == (False, True)


def test_positions_on_scales_of_one_kind_are_compared_as_they_stand():
    """Members who stand further from their party in one fit than in the other have moved."""
    scale, found = align(ideal_points(XI), ideal_points(2 * XI + 3), same_kind=True)
    assert scale == Alignment(1.0, 0.0)
    np.testing.assert_allclose(found["move"], XI + 3)


def test_the_line_never_turns_the_axis():
    """Fits that disagree after turning are not made to agree: the slope stays positive, and so does the picture's."""
    scale, found = align(ideal_points(XI), ideal_points(-XI), same_kind=False)
    assert scale.slope == pytest.approx(1)
    assert members.agreement(found, scale, Turns(False, False))[0]["pearson"] == pytest.approx(-1)


def test_one_member_moved():
    moved = XI.copy()
    moved[4] = XI.max() + 1  # from among the Democrats to the far right
    _, found = align(ideal_points(XI), ideal_points(moved), same_kind=True)
    far = found.loc[found["rank_disjoint"], "legislator"]
    assert list(far) == [VOTES.legislators.index[4]]
    before = (XI[4] > XI).sum() + 1
    row = found.iloc[4]
    assert (row["rank_reference"], row["rank"], row["rank_change"]) == (before, N, N - before)
    assert row["move_sd"] == pytest.approx(row["move"] / 0.2)
    most = members.agreement(found, Alignment(1, 0), Turns(False, False))[0]
    assert (most["max_rank_change"], most["max_rank_member"], most["n_rank_disjoint"]) == (N - before, row["name"], 1)


def test_intervals_of_ranks_decide_who_left():
    a, b = ideal_points(XI), ideal_points(XI)
    b.loc[0, ["rank_mean", "rank_q05", "rank_q95"]] = a.loc[0, "rank_mean"] + np.array([3, 1, 6])
    b.loc[1, ["rank_mean", "rank_q05", "rank_q95"]] = a.loc[1, "rank_mean"] + np.array([8, 5, 9])
    _, found = align(a, b, same_kind=True)
    assert list(found.loc[found["rank_outside"]].index) == [0, 1]
    assert list(found.loc[found["rank_disjoint"]].index) == [1]


# --- why members move -------------------------------------------------------------------------------------------------


def posterior_mode(row, alpha, beta, mu, sigma):
    """A member's mode by bisection of the derivative."""
    cast = row >= 0

    def slope(xi):
        return (beta[cast] * (row[cast] - 1 / (1 + np.exp(alpha[cast] - beta[cast] * xi)))).sum() + (mu - xi) / sigma**2

    low, high = -50.0, 50.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return low


def test_pushes_add_up_to_the_move():
    """Members at their modes: a small change of two roll calls and of a party's mean moves the modes by the pushes."""
    rng = np.random.default_rng(5)
    alpha, beta = rng.normal(size=(2, 40))
    changed_beta, changed_alpha = beta.copy(), alpha.copy()
    changed_beta[7] += 0.08
    changed_alpha[11] -= 0.08
    mu = np.where(VOTES.parties == "Democrat", -1.5, 1.2)
    at = [posterior_mode(row, alpha, beta, m, 0.4) for row, m in zip(VOTES.y, mu, strict=True)]
    moved_mu = np.where(VOTES.parties == "Democrat", -1.5, 1.25)
    to = [posterior_mode(row, changed_alpha, changed_beta, m, 0.4) for row, m in zip(VOTES.y, moved_mu, strict=True)]
    before = Fitted(bill_table(alpha, beta), party_rows())
    after = Fitted(bill_table(changed_alpha, changed_beta), party_rows(mu=(-1.5, 1.25)))
    table = ideal_points(np.array(at)).assign(position_reference=at)
    table["move"] = np.array(to) - at
    table["move_sd"] = table["move"] / 0.2
    found = drivers.drivers(table, seen_votes(Unit.HOUSE, [VOTES]), before, after)
    assert found["legislator"].nunique() == drivers.N_MEMBERS
    total = found.drop_duplicates("legislator")
    np.testing.assert_allclose(total["push_total"], total["move"], atol=0.01)
    for _, rows in found.groupby("legislator"):
        pushing = rows[rows["push"].abs() > 1e-9]
        assert set(pushing["vote"]) <= {"v7", "v11", ""}  # nothing else has changed
        assert list(rows["place"]) == [1, 2, 3, 4, 5]
        direction = rows["push"] * np.sign(rows["move"])
        assert direction.is_monotonic_decreasing
    republicans = found[(found["party"] == "Republican") & (found["title"] == drivers.PRIOR_TITLE)]
    assert (republicans["push"] > 0).all()


def test_the_scale_of_bills_and_parties_moves_together():
    """Bills, party means and a member moved to another scale: nothing pushes."""
    rng = np.random.default_rng(6)
    alpha, beta = rng.normal(size=(2, 40))
    scale = Alignment(0.5, 0.3)  # from the other's scale to the reference's
    other = Fitted(
        bill_table(alpha - beta * 0.3, beta * 0.5), party_rows((-1.5 / 0.5 - 0.6, 1.2 / 0.5 - 0.6), (0.8, 0.8))
    )
    back = other.on(scale)
    np.testing.assert_allclose(back.bills["difficulty_mean"], alpha)
    np.testing.assert_allclose(back.bills["discrimination_mean"], beta)
    np.testing.assert_allclose(back.parties["mu_position_mean"], [-1.5, 1.2])
    np.testing.assert_allclose(back.parties["sigma_position_mean"], 0.4)
    table = ideal_points(XI).assign(position_reference=XI, move=1.0, move_sd=1.0)
    found = drivers.drivers(table, seen_votes(Unit.HOUSE, [VOTES]), Fitted(bill_table(alpha, beta), party_rows()), back)
    np.testing.assert_allclose(found["push"], 0, atol=1e-12)


def test_votes_of_the_joint_model_are_named_as_in_its_tables():
    pair = small_pair()
    house, senate = seen_votes(Unit.JOINT, pair)
    joined = join_chambers(*pair)
    assert [*house.legislator, *senate.legislator] == list(joined.legislator)
    assert set(house.vote) | set(senate.vote) == set(joined.vote)
    shared = joined.shared.iloc[0]
    for part, votes, column in ((house, joined.house, "house_vote"), (senate, joined.senate, "senate_vote")):
        here = list(part.vote).index(f"both:{shared['bill']}")
        np.testing.assert_array_equal(part.y[:, here], votes.y[:, votes.rollcalls.index.get_loc(shared[column])])


# --- bills ------------------------------------------------------------------------------------------------------------


def test_reversed_bills_and_changes_on_the_reference_scale():
    beta = np.full(40, 1.0)
    beta[:2] = [-2.0, -0.1]  # surely of the left; of neither
    beta[3] = 0.5
    other = np.full(40, 2.0)
    other[:2] = [0.3, 0.3]
    other[3] = -0.3  # surely of the right, and of the left here: as under a one-sided prior in a mirrored fit
    found = bills.compare_bills(bill_table(beta, beta), bill_table(other, other), Alignment(2.0, 0.0))
    assert list(found.loc[found["reversed"], "vote"]) == ["v0", "v3"]
    np.testing.assert_allclose(found["discrimination"], other / 2)
    assert found.loc[0, "change_sd"] == pytest.approx((0.15 + 2.0) / 0.1)
    assert found.loc[2, "change"] == pytest.approx(0)


# --- variants ---------------------------------------------------------------------------------------------------------


def test_groups_and_their_references():
    sweep = [
        variant("wide", compare_with="production"),
        variant("other_session", session="us"),
        variant("production"),
        variant("narrow", compare_with="production"),
    ]
    groups = group_variants(sweep)
    assert [(g.session, g.reference.name, [v.name for v in g.others]) for g in groups] == [
        ("small", "production", ["wide", "narrow"]),
        ("us", "other_session", []),
    ]


def test_variants_that_saw_other_votes_are_refused():
    with pytest.raises(UserError, match="b and a used different votes of session small"):
        group_variants([variant("a"), variant("b", data_hash="e")])


def test_only_differences_of_settings_are_listed():
    rows = variants.configuration(
        [variant("a"), variant("b", beta_prior=BetaPriorSpec("halfnormal", {"sigma": 2}), compare_with="a")]
    )
    assert rows == [{"key": "beta_prior", "values": {"a": "Normal(mu=0, sigma=1)", "b": "HalfNormal(sigma=2)"}}]


def test_cost_by_hand():
    row = variant_tables.cost_table([variant("a")]).iloc[0]
    assert (row["ess_per_s"], row["gradients_per_ess"]) == (200.0, 150.0)


# --- predictive -------------------------------------------------------------------------------------------------------


def test_a_better_prediction_is_positive_and_in_words():
    """One member's votes are predicted better by 0.2 each under b; the others alike."""
    obs = left_out(0).obs
    better = np.where(obs.member == 3, -0.3, -0.5)
    content, tables = compare([variant("a"), variant("b", elpd=better)], {"small": [VOTES]})
    row = tables["predictive"].iloc[0]
    n = (VOTES.y[3] >= 0).sum()
    assert (row["n_votes"], row["elpd_diff"]) == ((VOTES.y >= 0).sum(), pytest.approx(0.2 * n))
    by_rollcall = 0.2 * (VOTES.y[3] >= 0)
    assert row["se_by_rollcall"] == pytest.approx(np.sqrt(40 * by_rollcall.var(ddof=1)))
    assert row["gmp_reference"] == pytest.approx(np.exp(-0.5))
    assert np.log(row["gmp"]) == pytest.approx((0.2 * n - 0.5 * row["n_votes"]) / row["n_votes"])
    verdict = content["verdict"][0]
    (told,) = (said for said in verdict["reasons"] if "votes left out in the House" in said)
    assert f"b predicts better (elpd +{0.2 * n:.0f}, standard error {row['se_by_rollcall']:.0f} by roll call)" in told
    assert (row["verdict"], verdict["prediction"]) == ("better", "better")
    assert "; b predicts votes left out better (typical probability of a vote" in verdict["text"]
    parts = tables["predictive_parts"]
    members_of = parts[parts["by"] == "member"].set_index("legislator")["elpd_diff"]
    assert members_of[VOTES.legislators.index[3]] == pytest.approx(0.2 * n)
    assert members_of.drop(VOTES.legislators.index[3]).abs().max() < 1e-12
    assert (parts["by"] == "rollcall").sum() == 40


def test_a_difference_within_its_error_is_none():
    noise = np.random.default_rng(1).normal(-0.5, 0.1, (VOTES.y >= 0).sum())
    noise += -0.5 - noise.mean() + 1e-4
    said = [verdict_on(variant("b", elpd=elpd))["text"] for elpd in (noise, -0.54, -0.6)]
    assert [text.partition("; ")[2] for text in said] == [
        "neither predicts votes left out clearly better.",
        "b predicts votes left out worse (typical probability of a vote 0.58 instead of 0.61).",
        "b predicts votes left out far worse (typical probability of a vote 0.55 instead of 0.61).",  # by 0.1 a vote
    ]


def test_the_share_called_right_is_that_of_votes_given_more_than_one_half():
    obs = left_out(0).obs
    each = np.where(obs.member < 3, np.log(0.4), np.log(0.6))
    _, tables = compare([variant("a"), variant("b", elpd=each)], {"small": [VOTES]})
    row = tables["predictive"].iloc[0]
    assert row["correct"] == pytest.approx((VOTES.y[3:] >= 0).sum() / (VOTES.y >= 0).sum())
    assert row["correct_reference"] == 1  # exp(-0.5) is 0.61


def test_sensitivity_of_members_stays_beside_the_fit():
    _, tables = compare([variant("a")], {"small": [VOTES]})
    assert list(tables["sensitivity"]["quantity"]) == ["icc"]


# --- verdict ----------------------------------------------------------------------------------------------------------


def verdict_on(other, reference=None):
    content, _ = compare([reference or variant("production"), other], {"small": [VOTES]})
    return content["verdict"][0]


def test_a_variant_that_changes_the_scale_only_changes_no_conclusion():
    found = verdict_on(variant("wide", xi=3 * XI + 1))
    assert (found["level"], found["reference"]) == ("no", "production")


def test_a_mirrored_variant_is_the_same_order_turned_round():
    """Positions and ranks come turned; the verdict says so and does not blame the prior for a new order."""
    found = verdict_on(variant("wide", axis="mirrored"))
    assert found["level"] == "no"
    assert found["reasons"][0] == (
        "wide has found the same axis as production upside down in the House."
        " Turned round, the rank correlation is 1.00."
    )
    back = verdict_on(variant("wide"), variant("production", axis="mirrored"))
    assert back["reasons"][0].startswith("production has found the same axis as wide upside down in the House")
    assert not any("upside" in said for said in verdict_on(variant("wide"))["reasons"])
    both = verdict_on(variant("wide", axis="mirrored"), variant("production", axis="mirrored"))
    assert not any("upside" in said for said in both["reasons"])


def test_an_axis_of_another_kind_is_told():
    found = verdict_on(variant("wide", xi=np.random.default_rng(9).permutation(XI), axis="faction"))
    assert found["level"] == "yes"
    said = "in the House, the axis of production separates the parties and that of wide does not"
    assert found["text"] == f"Yes: {said}; neither predicts votes left out clearly better."
    assert not any("rank" in reason for reason in found["reasons"])


def test_no_verdict_on_an_axis_that_is_chance():
    found = verdict_on(variant("wide", axis="nothing"))
    reason = "the axis of the fit of the House in wide explains no more of the votes than chance does"
    assert (found["level"], found["text"]) == (
        "unknown",
        f"It cannot be said: {reason}; neither predicts votes left out clearly better.",
    )
    assert found["reasons"][0] == f"Ranks of the House are not compared, because {reason}."
    assert not any("rank" in said for said in found["reasons"])


def test_another_order_is_a_dependence():
    shuffled = np.random.default_rng(9).permutation(XI)
    found = verdict_on(variant("wide", xi=shuffled))
    assert found["level"] == "yes"
    assert found["text"].startswith("Yes: wide and production put members in different orders;")


def test_one_member_who_moves_is_partly_and_named():
    moved = XI.copy()
    moved[4] += 0.9
    found = verdict_on(variant("wide", xi=moved))
    assert found["level"] == "partly"
    assert any(VOTES.legislators["name"].iloc[4] in reason for reason in found["reasons"])


def test_another_variance_share_is_partly():
    found = verdict_on(variant("wide", share=0.7))
    assert found["level"] == "partly"
    said = "70\u00a0% of the variance between members of the House under wide and 90\u00a0% under production"
    assert any(said in reason for reason in found["reasons"])
    same = "wide and production put members in the same order"
    assert found["text"].startswith(f"In part: {same}; the party share of the variance in the House differs; neither")


def test_no_verdict_without_convergence():
    found = verdict_on(variant("wide", ok=False))
    assert found["level"] == "unknown"
    assert found["text"] == "It cannot be said: the fit of the House in wide has not converged."
    assert found["reasons"] == [
        "Ranks of the House are not compared, because the fit of the House in wide has not converged."
    ]
    assert not any("rank" in said for said in found["reasons"])


def test_too_many_members_out_of_their_place_are_not_no():
    """Rank correlation may be high while many members leave their interval a little."""
    house = Where(Unit.HOUSE, "house", USUAL)
    for outside, disjoint, level in ((20, 0, "partly"), (10, 0, "no"), (10, 1, "partly"), (10, 11, "yes")):
        place = Place(house, order=Order(0.99, 100, outside, disjoint, 4.0, "A"))
        assert give_verdict(Evidence(Pair("b", "a"), [place])).level == level


def test_variants_with_the_same_model_are_reported():
    """Two that differ in their seed only, and one with another prior."""
    sweep = [variant("a"), variant("b"), variant("c")]
    for each, fingerprint in zip(sweep, ("1f", "1f", "2e"), strict=True):
        each.metrics["chambers"]["house"]["model_fingerprint"] = fingerprint
    content, _ = compare(sweep, {"small": [VOTES]})
    assert content["same_models"] == [{"unit": "house", "experiments": ["a", "b"]}]
    assert content["summary"][-1] == (
        "a and b have the same model of the House, so they differ there only in how it was sampled."
    )


def test_other_sessions_are_side_by_side_only():
    sweep = [variant("a"), variant("b", session="us")]
    content, tables = compare(sweep, {"small": [VOTES], "us": [VOTES]})
    assert content["verdict"] == []
    assert "members, bills and scales differ" in content["groups"][0]["note"]
    assert set(tables["cost"]["experiment"]) == set(tables["shares"]["experiment"]) == {"a", "b"}
    for name, declared in (("members", columns.MEMBERS), ("bills", columns.BILLS)):
        assert tables[name].empty
        assert list(tables[name]) == declared.names


def test_every_table_has_its_columns():
    moved = copy.copy(XI)
    moved[0] += 0.3
    _, tables = compare([variant("a"), variant("b", xi=moved)], {"small": [VOTES]})
    for table in columns.TABLES:
        assert list(tables[table.name]) == table.names
    assert not tables["members"].isna().to_numpy().any()
    assert set(tables["members"]["experiment"]) == {"b"}
