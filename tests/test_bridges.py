"""Which shared bills a joint fit merges: the setting, the screen, and the items that later steps read."""

import json

import numpy as np
import pandas as pd
import pytest
from small import small_chamber, small_pair

from tallgrass_models.checking.loo import Loo
from tallgrass_models.checking.loo_compare import Pointwise
from tallgrass_models.checking.observations import bill_signs, observations
from tallgrass_models.comparison.roll_calls import by_roll_call
from tallgrass_models.comparison.variants import Group, Variant
from tallgrass_models.config.joint import JointConfig
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.config.specs import fit_spec_json
from tallgrass_models.errors import UserError
from tallgrass_models.linking import screening
from tallgrass_models.linking.bridge_table import moved_bills
from tallgrass_models.linking.chamber_draws import ChamberDraws
from tallgrass_models.linking.screening import unlike_bills
from tallgrass_models.models.bridges import apart
from tallgrass_models.models.orientation import joint_orientation
from tallgrass_models.votes.matching import join_chambers, merged_bills, shared_bills
from tallgrass_models.votes.unit import Unit
from tallgrass_models.votes.unit_votes import make_unit


def settings(tmp_path, joint):
    path = tmp_path / "experiments.yaml"
    path.write_text(
        f"sessions:\n  demo: {{source: simulated, seed: 1}}\nexperiments:\n  one: {{session: demo, joint: {joint}}}\n"
    )
    return load_experiments(path)["one"]


def test_the_default_leaves_the_spec_as_it_was(tmp_path):
    plain, named = settings(tmp_path, "true"), settings(tmp_path, "{bridges: same}")
    assert fit_spec_json(plain, "joint") == fit_spec_json(named, "joint")
    assert "bridges" not in json.loads(fit_spec_json(plain, "joint"))


@pytest.mark.parametrize("kind", ["screened", "drift"])
def test_the_setting_is_in_the_spec_of_the_joint_fit_alone(tmp_path, kind):
    config, plain = settings(tmp_path, f"{{bridges: {kind}}}"), settings(tmp_path, "true")
    assert json.loads(fit_spec_json(config, "joint"))["bridges"] == kind
    assert fit_spec_json(config, "house") == fit_spec_json(plain, "house")
    assert type(config).from_json(config.to_json()) == config
    assert config.joint == JointConfig(plain.joint.beta_prior, plain.joint.alpha_sigma, kind)


def test_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(UserError, match="bridges"):
        settings(tmp_path, "{bridges: loose}")


def test_items_of_a_posterior_say_what_is_merged():
    """Merged by hand: bill HB 1 alone of four shared ones."""
    pair = small_pair(n_shared=4)
    joined = join_chambers(*pair, merged=["HB 1"])
    assert merged_bills(joined.vote) == {"HB 1"}
    assert joined.n_shared == 1
    assert joined.n_items == pair[0].n_votes + pair[1].n_votes - 1
    assert joined.vote.tolist()[:3] == ["house:v0", "both:HB 1", "house:v2"]
    assert joined.vote.tolist()[9:] == [f"senate:v{j}" for j in (0, 2, 3, 4, 5, 6)]
    unit, obs = make_unit(pair, joined.vote), observations(pair, joined.vote)
    assert unit.n_shared == 1
    assert list(unit.rollcalls.index) == list(joined.vote)
    assert obs.rollcalls["vote"].tolist() == [*joined.vote[:9], "senate:v0", "both:HB 1", *joined.vote[10:]]
    assert obs.order_hash == observations(pair).order_hash
    assert len(bill_signs(pair, True, joined.vote)) == joined.n_items


def test_all_merged_is_as_without_items():
    pair = small_pair(n_shared=4)
    joined = join_chambers(*pair)
    again = join_chambers(*pair, merged=merged_bills(joined.vote))
    np.testing.assert_array_equal(joined.vote, again.vote)
    np.testing.assert_array_equal(joined.senate_item, again.senate_item)


def test_both_sides_of_tied_bills_have_the_sign_of_both_chambers(monkeypatch):
    monkeypatch.setattr("tallgrass_models.models.orientation.CERTAIN", 0.5)
    pair = small_pair(n_shared=4)
    joined = join_chambers(*pair)
    signs = bill_signs(pair, True, apart(joined).vote, tied=True)
    both = joint_orientation(joined)
    np.testing.assert_array_equal(signs[:9], both[:9])
    np.testing.assert_array_equal(signs[9:13], both[joined.shared["item"]])


def linked_pair(n_shared=12, unlike=(3, 7), n_draws=300):
    """Two chambers on one scale whose draws scatter by 0.1 about known parameters; two bills are moved by 2 logits."""
    names = [f"B {j}" for j in range(n_shared)]
    votes = tuple(small_chamber(chamber, (8, 9, 0), n_shared, bills=names) for chamber in ("house", "senate"))
    rng = np.random.default_rng(0)
    alpha, beta = rng.normal(size=n_shared), rng.uniform(0.8, 2, n_shared)
    moved = alpha.copy()
    moved[list(unlike)] += 2.0
    xi = np.concatenate([rng.normal(-1.5, 0.3, 8), rng.normal(1.5, 0.3, 9)])
    draws = tuple(
        ChamberDraws(*(value + 0.1 * rng.normal(size=(n_draws, len(value))) for value in (xi, own, beta)))
        for own in (alpha, moved)
    )
    return votes, draws


def test_the_screen_frees_what_was_planted():
    votes, draws = linked_pair()
    assert unlike_bills(votes, draws) == ["B 3", "B 7"]


def test_the_screen_finds_them_in_a_mirrored_fit_as_well():
    votes, (house, senate) = linked_pair()
    assert unlike_bills(votes, (house, senate.turned())) == ["B 3", "B 7"]


def test_too_few_anchors_free_nothing(caplog):
    votes, draws = linked_pair(n_shared=4, unlike=(1,))
    assert unlike_bills(votes, draws) == []
    assert "too few anchors" in caplog.text


def test_too_few_bridges_left_are_refused(monkeypatch):
    votes, draws = linked_pair()
    monkeypatch.setattr(screening, "LEAST_ANCHORS", 11)
    with pytest.raises(UserError, match="use bridges: drift"):
        unlike_bills(votes, draws)


def test_moves_of_bills_by_hand():
    """One draw, one member of each chamber at 0: probabilities of 1/2 and of logistic(-1)."""
    pair = small_pair(n_shared=1)
    items, shared = join_chambers(*pair, merged=()).vote, shared_bills(*pair)
    alpha, beta = np.zeros((2, len(items))), np.ones((2, len(items)))
    alpha[:, list(items).index("senate:v0")] = 1.0
    table = moved_bills({"xi": np.zeros((2, 2)), "alpha": alpha, "beta": beta}, items, shared)
    assert table["moved_mean"].tolist() == pytest.approx([1 / (1 + np.e) - 0.5])
    assert table["alpha_change_q05"].tolist() == [1.0]
    assert table["beta_change_mean"].tolist() == [0.0]


def joint_variant(name, kind, joined):
    """A finished experiment as far as its items go: discrimination of item j is j."""
    obs = observations([joined.house, joined.senate], joined.vote)
    n = np.zeros(len(obs))
    loo = Pointwise(Loo(n, n, n, n > 0, n > 0, n, 1.0, 0.7), obs, {})
    bills = pd.DataFrame({"vote": joined.vote, "chambers": "", "discrimination_mean": np.arange(joined.n_items)})
    metrics = {"experiment": name, "joint": {"kind": "joint"}, "chambers": {}}
    metrics["config"] = {"session": {"name": "small"}, "joint": {"bridges": kind}}
    return Variant(metrics, {Unit.JOINT: {"bills": bills}}, {Unit.JOINT: loo})


def test_fits_with_other_bridges_are_compared_by_roll_call():
    pair = small_pair(n_shared=4)
    merged = join_chambers(*pair)
    group = Group("small", joint_variant("a", "same", merged), (joint_variant("b", "drift", apart(merged)),))
    ours, theirs = (
        one.tables[Unit.JOINT]["bills"] for one in (by_roll_call(group).reference, *by_roll_call(group).others)
    )
    assert ours["vote"].tolist() == theirs["vote"].tolist() == apart(merged).vote.tolist()
    both_items = np.concatenate([merged.house_item, merged.senate_item])
    assert ours["discrimination_mean"].tolist() == both_items.tolist()
    assert by_roll_call(group).reference.loo[Unit.JOINT].obs.rollcalls["vote"].tolist() == ours["vote"].tolist()
    same = Group("small", group.reference, (joint_variant("c", "same", merged),))
    assert by_roll_call(same) is same
