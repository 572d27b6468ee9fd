"""The numbers that two runs should share, and the verdict on their differences."""

import numpy as np
import pytest
import scipy.stats
from small import small_chamber, small_pair

from tallgrass_models.draws.vote_probability import VoteParameters
from tallgrass_models.summary.repeated import Pair, Quantity, compare_runs, quantities
from tallgrass_models.votes.unit_votes import make_unit


def quantity(value, error=1.0, df=39.0, of="a"):
    return Quantity("house", "position", of, f"position of {of}", value, error, df)


def runs(gaps, df=1e6):
    """Two runs whose quantities differ by ``gaps`` standard errors of the difference."""
    names = [str(k) for k in range(len(gaps))]
    first = [quantity(0.0, df=df, of=name) for name in names]
    return compare_runs(
        first, [quantity(gap * np.sqrt(2), df=df, of=name) for gap, name in zip(gaps, names, strict=True)]
    )


def test_difference_and_probability_are_welchs():
    first, second = quantity(1.3, 0.2, 19), quantity(2.0, 0.35, 39)
    expected = scipy.stats.ttest_ind_from_stats(
        2.0, 0.35 * np.sqrt(40), 40, 1.3, 0.2 * np.sqrt(20), 20, equal_var=False
    )
    pair = Pair(first, second)
    assert (pair.z, pair.p) == pytest.approx((expected.statistic, expected.pvalue))


def test_a_fixed_number_must_be_equal():
    assert Pair(quantity(1.0, 0.0), quantity(1.0, 0.0)).p == 1
    assert Pair(quantity(1.0, 0.0), quantity(1.1, 0.0)).p == 0
    assert not compare_runs([quantity(1.0, 0.0)], [quantity(1.1, 0.0)]).same


@pytest.mark.parametrize(
    ("gaps", "same"),
    [([0.0] * 130, True), ([3.3] + [0.5] * 129, True), ([6.0] + [0.5] * 129, False), ([3.7] * 65 + [0.5] * 65, False)],
    ids=["equal", "one as chance has it", "one far off", "many of middle size"],
)
def test_verdict(gaps, same):
    found = runs(gaps)
    assert found.same is same
    assert found.n_far == sum(gap > 3 for gap in gaps)
    assert found.expected == pytest.approx(130 * 0.0027, rel=0.01)
    assert found.identical is (not any(gaps))


@pytest.mark.parametrize("shared", [0.0, 0.9], ids=["independent", "dependent"])
def test_the_same_numbers_are_rarely_called_different(shared):
    rng = np.random.default_rng(8)
    n = 400
    noise = np.sqrt(shared) * rng.normal(size=(n, 1)) + np.sqrt(1 - shared) * rng.normal(size=(n, 30))
    called = sum(not runs(row).same for row in noise)
    assert called <= scipy.stats.binom.ppf(0.999, n, 0.01)


def test_what_one_run_lacks_is_a_difference():
    found = compare_runs([quantity(1.0), quantity(1.0, of="b")], [quantity(1.0)])
    assert (found.same, list(found.missing)) == (False, ["position of b"])


def draws(n, seed=0):
    """Draws about parties that are apart, shape (2, 50, n)."""
    return np.random.default_rng(seed).normal(0, 0.1, (2, 50, n))


def by_key(found):
    return {(each.what, each.of): each for each in found}


def test_the_direction_of_the_axis_does_not_matter():
    votes = small_chamber("house", (9, 12, 1), 24, apart=2.5)
    xi = draws(22) + np.where(votes.parties == "Democrat", -1.0, 1.0)
    unit, alpha, beta = make_unit([votes]), draws(24, 1), draws(24, 2) + 1
    one, two = (by_key(quantities(VoteParameters(side * xi, alpha, side * beta), unit, "house")) for side in (1, -1))
    assert one.keys() == two.keys()
    for key, found in one.items():
        assert (two[key].value, two[key].error) == pytest.approx((found.value, found.error), rel=1e-6), key
    logit = xi[..., :, None] * beta[..., None, :] - alpha[..., None, :]
    each = scipy.stats.bernoulli.logpmf(votes.y, scipy.special.expit(logit))
    expected = np.where(votes.y >= 0, each, 0).sum((-2, -1)).mean()
    assert one["log likelihood", ""].value == pytest.approx(expected)
    left = xi[..., votes.parties == "Democrat"].mean()
    assert one["party average, model's scale", "house/Democrat"].value == pytest.approx(left)


def test_a_joint_fit_has_the_senates_parties_on_the_houses_scale():
    unit = make_unit(small_pair())
    party = np.concatenate([part.votes.parties for part in unit.parts])
    chamber = np.repeat([0, 1], [part.votes.n_legislators for part in unit.parts])
    n = len(unit.rollcalls)
    xi = draws(len(party)) + np.select([party == "Democrat", party == "Republican"], [-1.0, 1.0]) * (1 + chamber)
    found = by_key(quantities(VoteParameters(xi, draws(n), draws(n)), unit, "joint"))
    assert len([key for key in found if key[0] == "position"]) == len(party)
    assert found["party gap, headline scale", "senate"].value == pytest.approx(4.0, abs=0.1)
    assert ("party gap, headline scale", "house") not in found  # 2 by definition
    assert {key[1] for key in found if key[0] == "icc"} == {"house", "senate"}


def test_a_single_draw_has_no_error_and_no_numbers():
    votes = small_chamber("house", (9, 12, 1), 24)
    assert quantities(VoteParameters(*(draws(n)[:1, :1] for n in (22, 24, 24))), make_unit([votes]), "house") == []
