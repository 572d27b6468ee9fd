"""Predictive checks: statistics counted by hand, tail probabilities that are known, a misfit that is found."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import binom
from small import small_chamber

from tallgrass_models.checking.draws import Draws
from tallgrass_models.checking.observations import observations
from tallgrass_models.checking.predictive import UNUSUAL, chamber_cells, counts, posterior_predictive
from tallgrass_models.checking.vote_statistics import vote_statistics
from tallgrass_models.priors.spec import BetaPriorSpec

D, R = 0, 1
# Members by roll calls: Y, N and . for missing.
MATRIX = ["YYNY.", "YYNN.", "NNYYN", "NYYYN", ".NYYN"]
PARTY = np.array([D, D, R, R, R])


def matrix(rows):
    letters = np.array([list(row) for row in rows])
    return (letters == "Y").astype(np.float32)[None], (letters != ".").astype(np.float32)


@pytest.fixture(scope="module")
def counted():
    return vote_statistics(*matrix(MATRIX), PARTY)


def test_shares_by_hand(counted):
    np.testing.assert_allclose(counted.rollcall_yea[0], [2 / 4, 3 / 5, 3 / 5, 4 / 5, 0], rtol=1e-6)
    np.testing.assert_allclose(counted.member_yea[0], [3 / 4, 2 / 4, 2 / 5, 3 / 5, 2 / 4], rtol=1e-6)
    np.testing.assert_allclose(counted.party_yea[0, D], [1, 1, 0, 1 / 2, np.nan], rtol=1e-6)
    np.testing.assert_allclose(counted.party_yea[0, R], [0, 1 / 3, 1, 1, 0], rtol=1e-6)
    np.testing.assert_allclose(counted.scalars["yea_share", None], [12 / 22], rtol=1e-6)
    np.testing.assert_allclose(counted.scalars["margin_mean", None], [(0 + 1 + 1 + 3 + 5) / 5 / 5], rtol=1e-6)
    np.testing.assert_allclose(counted.scalars["lopsided_share", None], [1 / 5], rtol=1e-6)


def test_party_unity_by_hand(counted):
    """The first three roll calls are party-unity votes; on the fourth Democrats tie, on the last none of them voted."""
    np.testing.assert_allclose(counted.scalars["party_unity_share", None], [3 / 5], rtol=1e-6)
    np.testing.assert_allclose(counted.unity[0], [1, 1, 1, 2 / 3, 1], rtol=1e-6)
    np.testing.assert_allclose(counted.scalars["unity_score", "Republican"], [(1 + 2 / 3 + 1) / 3], rtol=1e-6)
    np.testing.assert_allclose(counted.scalars["rice", "Democrat"], [(1 + 1 + 1 + 0) / 4], rtol=1e-6)
    np.testing.assert_allclose(counted.scalars["rice", "Republican"], [(1 + 1 / 3 + 1 + 1 + 1) / 5], rtol=1e-6)


def test_agreement_by_hand(counted):
    """By comparing letters."""
    for a, b in combinations(range(5), 2):
        both = [(x, y) for x, y in zip(MATRIX[a], MATRIX[b], strict=True) if "." not in (x, y)]
        assert counted.agreement[0, a, b] == pytest.approx(np.mean([x == y for x, y in both]))
    between = [counted.agreement[0, a, b] for a in (0, 1) for b in (2, 3, 4)]
    np.testing.assert_allclose(counted.scalars["agreement_between", None], [np.mean(between)], rtol=1e-6)
    np.testing.assert_allclose(counted.scalars["agreement_within", "Democrat"], [3 / 4], rtol=1e-6)


def test_matrices_do_not_mix():
    """A batch gives what each matrix alone gives."""
    other = ["NYNY.", "YNNN.", "NNYNN", "NYNYY", ".NYYN"]
    yea = np.concatenate([matrix(MATRIX)[0], matrix(other)[0]])
    both = vote_statistics(yea, matrix(MATRIX)[1], PARTY)
    alone = vote_statistics(*matrix(other), PARTY)
    np.testing.assert_array_equal(both.unity[1], alone.unity[0])
    np.testing.assert_array_equal(both.agreement[1], alone.agreement[0])
    for key, value in alone.scalars.items():
        np.testing.assert_allclose(both.scalars[key][1], value[0], rtol=1e-5, err_msg=str(key))


def draws_of(votes, xi, alpha, beta, n_draws=1000):
    def repeated(values):
        return np.repeat(np.float32(values)[:, None], n_draws, 1)

    party = (votes.parties == "Republican").astype(int)
    prior = BetaPriorSpec("normal", {"mu": 0, "sigma": 1})
    return Draws(
        repeated(xi),
        repeated(alpha),
        repeated(beta),
        np.zeros((2, 4)),
        np.ones((2, 4)),
        party,
        {},
        4,
        prior,
        5.0,
        np.ones(len(beta)),
    )


def test_tails_are_those_of_the_binomial():
    """Every vote a fair coin: the Yea votes of a roll call are binomial."""
    votes = small_chamber(sizes=(5, 6, 0), n_votes=8, seed=4)
    obs = observations([votes])
    zero = np.zeros(8)
    found = posterior_predictive(obs, draws_of(votes, np.zeros(11), zero, zero), np.random.default_rng(0)).rollcalls
    n, yea = (votes.y >= 0).sum(0), (votes.y == 1).sum(0)
    tail = binom.sf(yea, n, 0.5) + binom.pmf(yea, n, 0.5) / 2
    np.testing.assert_allclose(found["yea_share"], yea / n, rtol=1e-6)
    np.testing.assert_allclose(found["yea_share_tail"], tail, atol=0.06)
    assert np.abs(found["yea_share_tail"] - tail).mean() < 0.02
    np.testing.assert_allclose(found["yea_share_q95"], binom.ppf(0.95, n, 0.5) / n, atol=0.15)


def test_a_model_without_parties_is_found_out():
    """Votes along party lines, and a model in which everybody is alike: unity and agreement say so."""
    votes = small_chamber(sizes=(8, 9, 0), n_votes=30, seed=4)
    y = np.where((votes.parties == "Republican")[:, None], np.arange(30) % 2, 1 - np.arange(30) % 2).astype(np.int8)
    votes = replace(votes, y=y)
    obs = observations([votes])
    alpha = -np.log(y.mean(0) / (1 - y.mean(0)))
    bad = posterior_predictive(obs, draws_of(votes, np.zeros(17), alpha, np.zeros(30)), np.random.default_rng(0))
    tails = {(row["statistic"], row["party"]): row["tail_probability"] for row in bad.statistics}
    assert tails["party_unity_share", None] == tails["unity_score", "Democrat"] == 0
    assert tails["agreement_between", None] == 1
    marked = [(row["statistic"], row["party"]) for row in bad.statistics if row["unusual"]]
    assert marked == [key for key, tail in tails.items() if tail < 0.025 or tail > 0.975]
    assert counts(bad.statistics)["n_unusual"] == len(marked) <= len(bad.findings)
    assert any("agreement of two members of different parties is 0.000, lower than in all " in s for s in bad.findings)
    side = np.where(votes.parties == "Republican", 6.0, -6.0)
    good = posterior_predictive(
        obs, draws_of(votes, side, np.zeros(30), np.where(np.arange(30) % 2, 1, -1)), np.random.default_rng(0)
    )
    assert good.findings == []
    assert len(good.pairs) == 0 or (good.pairs["agreement_tail"].between(0.1, 0.9)).all()


def test_cells_of_two_chambers():
    house = small_chamber("house", (3, 4, 1), 5, seed=2, bills=["A", "B", "C", "D", "E"])
    senate = small_chamber("senate", (2, 3, 0), 4, seed=3, bills=["X", "C", "Y", "A"])
    for cells, votes in zip(chamber_cells(observations([house, senate])), (house, senate), strict=True):
        assert cells.name == votes.chamber
        np.testing.assert_array_equal(cells.cast == 1, votes.y >= 0)
        np.testing.assert_array_equal(cells.yea == 1, votes.y == 1)


def test_every_statistic_says_whether_it_is_reproduced():
    """The sentences, the marks and the counts are of one threshold."""
    tails = {"a": 0.0, "b": UNUSUAL - 1e-9, "c": UNUSUAL, "d": 1 - UNUSUAL, "e": 1 - UNUSUAL + 1e-9, "f": np.nan}
    rows = [{"tail_probability": tail, "unusual": name in "abe"} for name, tail in tails.items()]
    assert counts(rows) == {"threshold": UNUSUAL, "n_compared": 5, "n_unusual": 3, "n_expected": 0.25}
