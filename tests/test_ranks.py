"""Orders, ranks and pivots against brute force over the draws of a tiny posterior, and against closed forms."""

import itertools
from math import ceil, erf, sqrt

import numpy as np
import pytest

from tallgrass_models.draws.montecarlo import batch_sizes, batch_starts, mcse
from tallgrass_models.draws.pivots import across, overlap, pivots
from tallgrass_models.draws.ranks import end_probabilities, rank_draws, rank_probability, rank_quantile
from tallgrass_models.draws.right_of import right_of

PARTY = np.array(["Democrat", "Republican", "Democrat", "Republican", "Republican", "Democrat"])


@pytest.fixture(scope="module")
def xi():
    """Two chains of 33 draws (batches of unequal size) of six members who change places often."""
    rng = np.random.default_rng(4)
    return rng.normal(size=(2, 33, 6)) + np.array([-1.0, 0.6, -0.4, 1.1, 0.2, 0.1])


def autoregression(rho, n, chains=4, seed=0, n_series=1):
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(chains, n, n_series))
    draws = noise / np.sqrt(1 - rho**2)
    for t in range(1, n):
        draws[:, t] = rho * draws[:, t - 1] + noise[:, t]
    return draws


def test_pairs_by_brute_force(xi):
    found = right_of(xi)
    draws = xi.reshape(-1, 6)
    for a, b in itertools.permutations(range(6), 2):
        assert found.probability[a, b] == pytest.approx(np.mean([d[a] > d[b] for d in draws]))
    assert (np.diag(found.probability) == 0.5).all()
    np.testing.assert_allclose(found.mcse, found.mcse.T)
    indicator = (xi[..., 0] > xi[..., 5]).astype(float)
    assert found.mcse[0, 5] == pytest.approx(float(mcse(indicator)))


def test_two_normals_in_closed_form():
    """P(A right of B) of independent normals is Phi(difference / sqrt 2), within its Monte Carlo error."""
    xi = np.random.default_rng(1).normal(size=(4, 5000, 2)) + np.array([0.3, 0.0])
    found = right_of(xi)
    exact = 0.5 * (1 + erf(0.3 / sqrt(2) / sqrt(2)))
    assert abs(found.probability[0, 1] - exact) < 4 * found.mcse[0, 1]
    assert found.mcse[0, 1] == pytest.approx(sqrt(exact * (1 - exact) / 20_000), rel=0.35)


def test_ranks_by_brute_force(xi):
    draws = xi.reshape(-1, 6)
    counted = np.array([[1 + (d < d[i]).sum() for i in range(6)] for d in draws])
    rank = rank_draws(xi)
    np.testing.assert_array_equal(rank.reshape(-1, 6), counted)
    probability = rank_probability(rank)
    for i, r in itertools.product(range(6), range(6)):
        assert probability[i, r] == pytest.approx((counted[:, i] == r + 1).mean())
    np.testing.assert_allclose(probability.sum(0), 1)
    for share in (0.05, 0.5, 0.95):
        expected = [sorted(counted[:, i])[ceil(share * len(draws)) - 1] for i in range(6)]
        assert rank_quantile(probability, share).tolist() == expected
    # a mean rank is one more than the expected number of members to the left
    np.testing.assert_allclose(counted.mean(0), 1 + right_of(xi).probability.sum(1) - 0.5)


@pytest.mark.parametrize(
    ("n", "median", "left", "right"), [(40, (20, 21), 14, 27), (125, (63, 63), 42, 84), (3, (2, 2), 2, 2)]
)
def test_seats(n, median, left, right):
    """Of 40 members 27 are two thirds, of 125 it takes 84."""
    line = np.arange(1.0, n + 1)[None, None, :] + np.zeros((1, 2, 1))
    found = pivots(line, np.full(n, "Democrat"))
    assert np.flatnonzero(found["chamber_median"].holders).tolist() == sorted({median[0] - 1, median[1] - 1})
    assert (found["two_thirds_left"].xi == left).all()
    assert (found["two_thirds_right"].xi == right).all()


def test_pivots_by_brute_force(xi):
    found = pivots(xi, PARTY)
    draws = xi.reshape(-1, 6)
    np.testing.assert_allclose(found["chamber_median"].xi.ravel(), np.median(draws, axis=1))
    np.testing.assert_allclose(found["democrat_median"].xi.ravel(), np.median(draws[:, PARTY == "Democrat"], axis=1))
    holds = {name: np.zeros(6) for name in found}
    for d in draws:
        order = sorted(range(6), key=lambda i: d[i])
        holds["chamber_median"][[order[2], order[3]]] += 0.5
        holds["two_thirds_left"][order[2]] += 1  # four of six are two thirds: the fourth from the right
        holds["two_thirds_right"][order[3]] += 1
        for party in ("Democrat", "Republican"):
            holds[f"{party.lower()}_median"][[i for i in order if PARTY[i] == party][1]] += 1
    for name, pivot in found.items():
        np.testing.assert_allclose(pivot.holders, holds[name] / len(draws))
    assert {name: pivot.seats for name, pivot in found.items()} == {
        "chamber_median": 6,
        "two_thirds_left": 6,
        "two_thirds_right": 6,
        "democrat_median": 3,
        "republican_median": 3,
    }


def test_overlap_by_brute_force(xi):
    some, pairs, members = [], [], []
    for d in xi.reshape(-1, 6):
        democrats, republicans = d[PARTY == "Democrat"], d[PARTY == "Republican"]
        wrong = [a > b for a, b in itertools.product(democrats, republicans)]
        some.append(any(wrong))
        pairs.append(np.mean(wrong))
        members.append(sum(a > min(republicans) for a in democrats) + sum(b < max(democrats) for b in republicans))
    found = overlap(xi, PARTY)
    for name, counted in (("any", some), ("pairs", pairs), ("members", members)):
        assert found[name]["mean"] == pytest.approx(np.mean(counted))
    assert found["pairs"]["q95"] == pytest.approx(np.quantile(pairs, 0.95))
    with pytest.raises(ValueError, match="both parties"):
        overlap(xi, np.full(6, "Democrat"))


def test_chambers_on_one_scale(xi):
    moved = {name: pivot for name, pivot in pivots(xi + 10, PARTY).items() if name != "democrat_median"}
    found = across(pivots(xi, PARTY), moved)
    assert set(found) == set(moved)
    assert found["chamber_median"]["senate_right"] == {"mean": 1, "mcse": 0}
    assert found["chamber_median"]["difference"]["mean"] == pytest.approx(10)


def test_who_stands_at_the_ends_by_counting(xi):
    party = np.array(["Democrat", "Republican", "Independent", "Democrat", "Republican", "Democrat"])
    found = end_probabilities(xi, party)
    flat = xi.reshape(-1, 6)
    for name, winner in (("p_leftmost", flat.argmin(1)), ("p_rightmost", flat.argmax(1))):
        np.testing.assert_allclose(found[name], [(winner == i).mean() for i in range(6)])
    right_most = [max((0, 3, 5), key=lambda i: draw[i]) for draw in flat]
    left_most = [min((1, 4), key=lambda i: draw[i]) for draw in flat]
    inner = [np.mean([i in pair for pair in zip(right_most, left_most, strict=True)]) for i in range(6)]
    inner[2] = np.nan
    np.testing.assert_allclose(found["p_innermost"], inner)


def test_nothing_depends_on_the_order_of_members_and_mirroring_swaps_the_sides(xi):
    shuffle = np.array([3, 0, 5, 1, 4, 2])
    np.testing.assert_allclose(
        right_of(xi[..., shuffle]).probability, right_of(xi).probability[np.ix_(shuffle, shuffle)]
    )
    here, mirrored = pivots(xi, PARTY), pivots(-xi, PARTY)
    np.testing.assert_allclose(here["two_thirds_left"].xi, -mirrored["two_thirds_right"].xi)
    np.testing.assert_allclose(here["two_thirds_left"].holders, mirrored["two_thirds_right"].holders)


def test_error_of_an_autoregression():
    """The standard error of the mean of an AR(1) series is known: 1 / ((1 - rho) sqrt n) with unit innovations."""
    draws = autoregression(0.7, 4000, n_series=40)
    assert np.sqrt((mcse(draws) ** 2).mean()) == pytest.approx(1 / 0.3 / sqrt(16_000), rel=0.08)


def test_chains_that_disagree_widen_the_error():
    draws = np.random.default_rng(2).normal(size=(4, 1000, 1))
    apart = draws + np.array([0, 0, 0, 1])[:, None, None]
    assert mcse(apart) > 4 * mcse(draws)


def test_batches_cover_all_draws_and_no_two_chains():
    starts = batch_starts(3, 33)
    assert batch_sizes(starts, 99).sum() == 99
    assert {0, 33, 66} <= set(starts)
    assert batch_starts(2, 4).tolist() == list(range(8))


# --- pivots over seats ------------------------------------------------------------------------------------------------


def by_brute_force(draw, weight, share, right):
    """The holder of a pivot in one draw: members are added from one side until their weights make up the share."""
    total, reached = sum(weight), 0.0
    for i in sorted(range(len(draw)), key=lambda i: draw[i] if right else -draw[i]):
        reached += weight[i]
        if reached >= share * total - 1e-9:
            return i
    raise AssertionError


WEIGHT = np.array([0.3, 1.0, 0.7, 0.05, 0.6, 1.0])


def test_weighted_pivots_by_brute_force(xi):
    found, draws = pivots(xi, PARTY, WEIGHT, [0.6, 0.5, 2 / 3]), xi.reshape(-1, 6)
    assert list(found)[:5] == [
        *("chamber_median", "two_thirds_left", "two_thirds_right", "majority_60_left", "majority_60_right"),
    ]
    for name, share in (("two_thirds", 2 / 3), ("majority_60", 0.6)):
        for side in ("left", "right"):
            holders = [by_brute_force(d, WEIGHT, share, side == "right") for d in draws]
            pivot = found[f"{name}_{side}"]
            np.testing.assert_allclose(pivot.xi.ravel(), [d[i] for d, i in zip(draws, holders, strict=True)])
            np.testing.assert_allclose(pivot.holders, np.bincount(holders, minlength=6) / len(draws))
    middle = [[by_brute_force(d, WEIGHT, 0.5, right) for right in (True, False)] for d in draws]
    np.testing.assert_allclose(
        found["chamber_median"].xi.ravel(), [d[i].mean() for d, i in zip(draws, middle, strict=True)]
    )
    own = np.flatnonzero(PARTY == "Republican")
    of_party = [[own[by_brute_force(d[own], WEIGHT[own], 0.5, right)] for right in (True, False)] for d in draws]
    np.testing.assert_allclose(
        found["republican_median"].xi.ravel(), [d[i].mean() for d, i in zip(draws, of_party, strict=True)]
    )
    assert (found["chamber_median"].members, found["republican_median"].members) == (6, 3)
    assert found["chamber_median"].seats == pytest.approx(3.65)
    assert found["republican_median"].seats == pytest.approx(1.65)


def test_two_members_who_share_a_seat_count_as_one(xi):
    """Three seats are held throughout, one by two members in turn who stand side by side: five members, four seats."""
    four = xi[..., :4]
    shared = np.concatenate([four, four[..., :1] + 1e-9], axis=-1)
    weight, party = np.array([0.25, 1, 1, 1, 0.75]), np.append(PARTY[:4], PARTY[0])
    for name, pivot in pivots(four, PARTY[:4]).items():
        other = pivots(shared, party, weight)[name]
        np.testing.assert_allclose(other.xi, pivot.xi, atol=1e-8)
        assert other.seats == pytest.approx(pivot.seats)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 40, 99, 100, 125, 435])
def test_equal_weights_are_the_ranks_by_hand(n):
    """k members are the least number that makes up the share; the pivots are the k-th from either side."""
    line = np.arange(float(n))[None, None, :] + np.zeros((1, 2, 1))
    for weight in (None, np.full(n, 1.0), np.full(n, 0.1)):
        found = pivots(line, np.full(n, "Democrat"), weight, [0.6])
        assert found["chamber_median"].xi[0, 0] == np.median(np.arange(n))
        for name, k in (("two_thirds", -(-2 * n // 3)), ("majority_60", -(-3 * n // 5))):
            assert found[f"{name}_right"].xi[0, 0] == k - 1
            assert found[f"{name}_left"].xi[0, 0] == n - k


def test_members_of_neither_party_count_in_the_chamber_and_those_without_a_seat_do_not(xi):
    party = PARTY.astype(object)
    party[4] = "Independent"
    found = pivots(xi, party, np.array([1.0, 1, 1, 0, 1, 1]))
    assert (found["chamber_median"].members, found["chamber_median"].seats) == (5, 5)
    assert found["chamber_median"].holders[3] == found["two_thirds_left"].holders[3] == 0
    np.testing.assert_allclose(
        found["chamber_median"].xi.ravel(), np.median(np.delete(xi, 3, axis=-1).reshape(-1, 5), axis=1)
    )
    assert found["republican_median"].members == 1  # 1 alone: 3 has no seat, 4 is no Republican
    assert found["chamber_median"].holders[4] > 0


def test_overlap_takes_the_two_parties_only(xi):
    with_third = np.concatenate([xi, np.random.default_rng(3).normal(size=(2, 33, 2))], axis=-1)
    here, there = overlap(xi, PARTY), overlap(with_third, np.append(PARTY, ["Independent"] * 2))
    assert here == there
