"""Held-out votes: which they are, what is predicted of them, and how they are scored, against counts by hand."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from small import small_chamber, small_pair

from tallgrass_models.config.gates import GateConfig
from tallgrass_models.errors import UserError
from tallgrass_models.folds.assignment import folds_of, held_out, masked, without_fold
from tallgrass_models.folds.fit import fold_result
from tallgrass_models.folds.ladder import chamber_ladder, ladder_tables, pool
from tallgrass_models.folds.party_only import party_shares
from tallgrass_models.folds.predict import error_of_sum, predict
from tallgrass_models.folds.scores import ChamberScores, calibration, clustered, gain, tally
from tallgrass_models.folds.store import Cells, FoldResult, read_fold, read_scores, write_fold, write_scores
from tallgrass_models.folds.verdict import judge
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.sampling.density import fingerprint
from tallgrass_models.sampling.sample import compile_model
from tallgrass_models.votes.matrix import ChamberVotes

BIG = small_chamber(sizes=(30, 40, 5), n_votes=300, seed=3)


def reordered(votes: ChamberVotes, members: np.ndarray, calls: np.ndarray) -> ChamberVotes:
    return replace(
        votes,
        y=votes.y[np.ix_(members, calls)],
        legislators=votes.legislators.iloc[members],
        rollcalls=votes.rollcalls.iloc[calls],
    )


# --- which votes are held out -----------------------------------------------------------------------------------------


def test_folds_are_about_equal_and_independent_of_members_and_roll_calls():
    fold = folds_of(BIG, 10)
    n = np.bincount(fold.ravel(), minlength=11)[1:]
    expected = fold.size / 10
    assert fold.min() == 1
    assert fold.max() == 10
    assert (abs(n - expected) < 4 * math.sqrt(0.9 * expected)).all()
    for axis, size in ((0, fold.shape[0]), (1, fold.shape[1])):
        counts = np.stack([(fold == k).sum(axis) for k in range(1, 11)])
        chi2 = ((counts - size / 10) ** 2 / (size / 10)).sum()
        freedom = 9 * counts.shape[1]
        assert abs(chi2 - freedom) < 4 * math.sqrt(2 * freedom)


def test_a_fold_depends_on_nothing_but_what_the_vote_is():
    rng = np.random.default_rng(0)
    members, calls = rng.permutation(BIG.n_legislators)[:50], rng.permutation(BIG.n_votes)[:200]
    some = reordered(BIG, members, calls)
    np.testing.assert_array_equal(folds_of(some, 7), folds_of(BIG, 7)[np.ix_(members, calls)])
    np.testing.assert_array_equal(folds_of(replace(BIG, y=np.zeros_like(BIG.y)), 7), folds_of(BIG, 7))
    for other in (replace(BIG, session="another"), replace(BIG, chamber="senate")):
        assert abs((folds_of(other, 7) == folds_of(BIG, 7)).mean() - 1 / 7) < 0.02


def test_the_folds_of_a_session_never_change():
    """Results on disk belong to these folds: the hash again, with Python's own numbers, and its values as they are."""

    def mix(x: int) -> int:
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
            x = (x ^ (x >> shift)) * factor % 2**64
        return x

    def key(kind: str, one: str) -> int:
        text = f"small\0house\0{kind}\0{one}".encode()
        return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")

    again = [
        [mix(mix(key("member", member)) ^ key("roll call", call)) % 10 + 1 for call in ("v0", "v1", "v2", "v3")]
        for member in ("hou_00", "hou_01")
    ]
    found = folds_of(small_chamber(), 10)[:2, :4]
    np.testing.assert_array_equal(found, again)
    np.testing.assert_array_equal(found, [[9, 2, 10, 10], [4, 8, 3, 3]])


def test_masked_votes_are_votes_that_were_never_cast():
    votes = small_chamber(seed=5)
    held = held_out(votes, 4, 2)
    assert 0 < held.sum() < (votes.y >= 0).sum()
    y = votes.y.copy()
    y[held] = -1
    without = without_fold(votes, 4, 2)
    np.testing.assert_array_equal(without.y, y)
    assert without.y.dtype == votes.y.dtype
    np.testing.assert_array_equal(without.legislators["n_votes"], (y >= 0).sum(1))
    np.testing.assert_array_equal(without.rollcalls["yea"] + without.rollcalls["nay"], (y >= 0).sum(0))
    assert (votes.y[held] >= 0).all(), "the votes themselves are left alone"


def test_what_was_masked_does_not_enter_the_density():
    """The log density is the same whatever the masked votes were, and another one if they are not masked."""
    votes = small_chamber(seed=5, apart=2.0)
    held = held_out(votes, 4, 2)
    turned = replace(votes, y=np.where(held, 1 - votes.y, votes.y).astype(np.int8))
    assert (turned.y != votes.y).sum() == held.sum()

    def density(one: ChamberVotes) -> str:
        compiled = compile_model(build_chamber(one), "nutpie")
        return fingerprint(compiled.density, compiled.n_dim)

    assert density(masked(votes, held)) == density(masked(turned, held))
    assert density(votes) != density(masked(votes, held))
    assert density(votes) != density(turned)


# --- predictions ------------------------------------------------------------------------------------------------------


def draws_of(votes: ChamberVotes, n: int = 200, seed: int = 1) -> xr.Dataset:
    rng = np.random.default_rng(seed)
    at = {"legislator": votes.legislators.index, "vote": votes.rollcalls.index}
    sizes = {"xi": "legislator", "alpha": "vote", "beta": "vote"}
    values = {
        name: (("chain", "draw", dim), np.float32(rng.normal(size=(4, n, len(at[dim]))))) for name, dim in sizes.items()
    }
    return xr.Dataset(values, coords={name: index.to_numpy(object) for name, index in at.items()})


def test_a_prediction_is_the_mean_probability_over_the_draws():
    votes = small_chamber()
    posterior = draws_of(votes)
    member, rollcall = np.array([0, 3, 9]), np.array([2, 2, 11])
    y = np.array([1, 0, 1])
    found = predict(posterior, member, rollcall, y)
    for k in range(3):
        xi = posterior["xi"].to_numpy()[:, :, member[k]].ravel()
        alpha, beta = (posterior[name].to_numpy()[:, :, rollcall[k]].ravel() for name in ("alpha", "beta"))
        p = 1 / (1 + np.exp(-(beta.astype(float) * xi - alpha)))
        cast = p if y[k] else 1 - p
        assert found.log_score[k] == pytest.approx(math.log(cast.mean()), abs=1e-6)
        independent = cast.std(ddof=1) / math.sqrt(cast.size) / cast.mean()
        assert found.mcse[k] == pytest.approx(independent, rel=0.5)  # an error from 40 batches


def test_the_monte_carlo_error_of_a_sum_is_the_spread_over_repetitions():
    """Votes share draws, so the error of the sum is not that of independent votes."""
    votes = small_chamber()
    member, rollcall = (part.ravel() for part in np.indices(votes.y.shape))
    y = np.ones(member.size, dtype=int)
    found = [predict(draws_of(votes, 100, seed), member, rollcall, y) for seed in range(60)]
    spread = np.std([one.log_score.sum() for one in found], ddof=1)
    said = np.sqrt(np.mean([error_of_sum(one.batch) ** 2 for one in found]))
    assert said == pytest.approx(spread, rel=0.3)


def test_probabilities_near_zero_keep_their_logarithm():
    votes = small_chamber()
    posterior = draws_of(votes).assign(alpha=lambda d: 0 * d["alpha"] + 800, beta=lambda d: 0 * d["beta"])
    found = predict(posterior, np.array([0, 0]), np.array([0, 1]), np.array([1, 0]))
    np.testing.assert_allclose(found.log_score, [-800, 0], atol=1e-6)


# --- party only -------------------------------------------------------------------------------------------------------


def test_party_shares_by_hand():
    parties = np.array(["Democrat", "Democrat", "Democrat", "Republican", "Republican", "Independent"])
    y = np.array([[1], [1], [0], [0], [-1], [1]], dtype=np.int8)
    fold = np.array([[1], [2], [2], [1], [2], [1]])
    # In fold 1, Democrats are predicted by one Yea and one Nay of fold 2; Republicans by nobody; the last by both.
    # In fold 2, Democrats by one Yea, Republicans by one Nay.
    expected = [[1.5 / 3], [1.5 / 2], [1.5 / 2], [0.5 / 1], [0.5 / 2], [1.5 / 3]]
    np.testing.assert_allclose(party_shares(y, parties, fold, 2), expected)


# --- scores -----------------------------------------------------------------------------------------------------------


def test_the_clustered_error_of_equal_clusters_is_that_of_their_means():
    rng = np.random.default_rng(2)
    values = rng.normal(size=(30, 1)) + rng.normal(size=(30, 8))
    mean, se = clustered(values.ravel(), np.repeat(np.arange(30), 8))
    means = values.mean(1)
    assert mean == pytest.approx(means.mean())
    assert se == pytest.approx(means.std(ddof=1) / math.sqrt(30))
    assert math.isnan(clustered(values[0], np.zeros(8, dtype=int))[1])


def test_the_clustered_error_of_unequal_clusters_is_that_of_a_bootstrap_of_clusters():
    rng = np.random.default_rng(3)
    sizes = rng.integers(1, 20, 80)
    cluster = np.repeat(np.arange(80), sizes)
    values = rng.normal(size=80)[cluster] + rng.normal(size=cluster.size)
    sums = np.bincount(cluster, values)
    means = []
    for _ in range(3000):
        chosen = rng.integers(0, 80, 80)
        means.append(sums[chosen].sum() / sizes[chosen].sum())
    assert clustered(values, cluster)[1] == pytest.approx(np.std(means), rel=0.1)


def hand_made() -> ChamberScores:
    """Three members on two roll calls; all votes held out."""
    p = {"party": [[0.9, 0.6], [0.5, 0.4], [0.5, 0.3]], "chamber": [[0.8, 0.7], [0.6, 0.7], [0.4, 0.2]]}
    return ChamberScores(
        "house",
        np.array([[1, 1], [1, 1], [0, 0]], dtype=np.int8),
        np.ones((3, 2), dtype=np.int8),
        pd.DataFrame(
            {"legislator": ["a", "b", "c"], "name": ["A", "B", "C"], "party": ["Democrat"] * 2 + ["Republican"]}
        ),
        pd.DataFrame({"rollcall": ["r", "s"], "bill": ["HB 1", ""], "title": ["", ""]}),
        {rung: np.log(values) for rung, values in p.items()},
        {"party": 0.0, "chamber": 0.03},
    )


def test_the_ladder_by_hand():
    scores = hand_made()
    found = chamber_ladder(scores, [])
    party, chamber = found["ladder"]
    assert found["n_votes"] == 6
    assert found["minority"] == 2  # c on both
    # One half calls Yea: right for b, wrong for c.
    assert party["errors"] == 3
    assert chamber["errors"] == 2
    assert party["correct"] == pytest.approx(3 / 6)
    assert party["apre"] == pytest.approx((2 - 3) / 2)
    assert chamber["apre"] == 0.0
    assert chamber["gmp"] == pytest.approx((0.8 * 0.7 * 0.6 * 0.7 * 0.4 * 0.2) ** (1 / 6))
    assert chamber["mcse"] == pytest.approx(0.03 / 6)
    (step,) = found["steps"]
    assert (step["lower"], step["upper"]) == ("party", "chamber")
    assert step["right"] == pytest.approx(1000 / 6)
    assert step["log_score"] == pytest.approx(chamber["log_score"] - party["log_score"])
    sums = [sum(math.log(q / p) for p, q in pairs) for pairs in (
        [(0.9, 0.8), (0.5, 0.6), (0.5, 0.4)], [(0.6, 0.7), (0.4, 0.7), (0.3, 0.2)]
    )]  # fmt: skip
    se = np.std(np.array(sums) / 3, ddof=1) / math.sqrt(2)
    assert step["log_score_se"] == pytest.approx(se)
    assert step["log_score_q95"] - step["log_score"] == pytest.approx(1.645 * se, rel=1e-3)


def test_tables_by_hand():
    tables = ladder_tables([hand_made()])
    parts = tables["held_out_parts"].set_index(["by", "rung"])
    member = parts.loc[("member", "chamber")].set_index("legislator")
    assert list(member["errors"]) == [0, 0, 2]
    assert list(member["minority"]) == [0, 0, 2]
    assert math.isnan(member.loc["a", "pre"])
    assert member.loc["c", "pre"] == 0
    assert member.loc["b", "log_score"] == pytest.approx((math.log(0.6) + math.log(0.7)) / 2)
    calls = parts.loc[("rollcall", "party")].set_index("rollcall")
    assert list(calls["errors"]) == [1, 2]
    assert calls["log_score_se"].isna().all()
    bins = tables["held_out_calibration"]
    low = bins[(bins["rung"] == "chamber") & (bins["low"] == 0.6)].iloc[0]
    assert (low["n"], low["observed"]) == (2, 0.5)  # b on r is 0.6 Yea; c on r is 0.4 for Nay, so 0.6 Yea
    assert low["predicted"] == pytest.approx(0.6)


def test_a_calibrated_prediction_is_within_its_errors():
    rng = np.random.default_rng(4)
    p = rng.random((60, 200))
    y = (rng.random(p.shape) < p).astype(np.int8)
    cast = np.log(np.where(y == 1, p, 1 - p))
    scores = replace(hand_made(), y=y, fold=np.ones(y.shape, dtype=np.int8), log_score={"party": cast, "chamber": cast})
    found = calibration(scores.votes(), "chamber")
    z = (found["observed"] - found["predicted"]) / found["observed_se"]
    assert (abs(z) < 4).all()
    assert found["n"].sum() == p.size


def test_a_gain_of_nothing_is_nothing():
    score = np.log([0.2, 0.5, 0.7])
    found = gain(score, score, np.zeros(3), np.array([0, 1, 1]))
    assert found["log_score"] == found["right"] == found["log_score_se"] == 0


def test_totals_of_parts_are_those_of_the_whole():
    scores = hand_made()
    votes = scores.votes()
    for group in (votes.member, votes.rollcall):
        found = tally(votes, "chamber", group)
        assert (found["log_score"] * found["n_votes"]).sum() == pytest.approx(votes.log_score["chamber"].sum())


# --- folds put together -----------------------------------------------------------------------------------------------


VERDICT = {
    "rhat_max": 1.001,
    "rhat_where": "xi",
    "ess_bulk_min": 900.0,
    "ess_tail_min": 800.0,
    "divergences": 0,
    "ebfmi_min": 0.8,
    "draws": 4000,
    "seconds": 2.0,
    "undecided": "",
}


def results(votes: ChamberVotes, number: int, run: int, kind: str = "chamber", of: str = "votes") -> list[FoldResult]:
    out = []
    for k in range(1, run + 1):
        member, rollcall = np.nonzero(held_out(votes, number, k, of))
        score = np.full(member.size, math.log(0.8))
        given = np.full(member.size, math.log(0.9)) if of == "roll_calls" else None
        cells = Cells(member.astype(np.int32), rollcall.astype(np.int32), score, 0.1 * score**2, 0.5, given)
        out.append(FoldResult("house", kind, k, "hash", ["0"], VERDICT, {votes.chamber: cells}))
    return out


def test_folds_put_together_cover_each_vote_once():
    scores = pool(BIG, 5, 5, results(BIG, 5, 5))
    np.testing.assert_array_equal(scores.held, BIG.y >= 0)
    assert list(scores.log_score) == ["party", "chamber"]
    assert scores.error["chamber"] == pytest.approx(math.sqrt(5 * 0.25))
    some = pool(BIG, 5, 2, results(BIG, 5, 2))
    np.testing.assert_array_equal(some.held, (BIG.y >= 0) & (folds_of(BIG, 5) <= 2))


def test_a_fold_that_predicts_other_votes_is_refused():
    one, two = results(BIG, 5, 2)
    swapped = [replace(one, chambers=two.chambers), two]
    with pytest.raises(ValueError, match="fold 1 of house does not predict the votes held out"):
        pool(BIG, 5, 2, swapped)


def test_files_hold_what_was_written(tmp_path):
    (one,) = results(BIG, 5, 1)
    write_fold(one, tmp_path / "fold.nc")
    found = read_fold(tmp_path / "fold.nc")
    np.testing.assert_array_equal(found.chambers["house"].log_score, one.chambers["house"].log_score)
    assert replace(found, chambers={}) == replace(one, chambers={})
    scores = pool(BIG, 5, 1, [one])
    write_scores([scores], {"number": 5}, tmp_path / "all.nc")
    chambers, facts = read_scores(tmp_path / "all.nc")
    assert facts["number"] == 5
    assert chamber_ladder(chambers["house"], []) == chamber_ladder(scores, [])
    with pytest.raises(UserError, match="not a file of the step 'fit_fold'"):
        read_fold(tmp_path / "all.nc")
    (tmp_path / "fold.nc").write_bytes(b"no")
    with pytest.raises(UserError, match="damaged"):
        read_fold(tmp_path / "fold.nc")


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        ({}, None),
        ({"rhat_max": 1.02}, "R-hat of xi reaches 1.020 and is not below 1.01"),
        ({"rhat_max": None}, "R-hat of xi is not known and is not below 1.01"),
        ({"ess_bulk_min": 400.0}, "the least bulk ESS is 400 and is not above 400"),
        ({"ess_tail_min": 3.0}, "the least tail ESS is 3 and is not above 400"),
        ({"divergences": 5}, "5 divergences among 4000 draws, more than the limit of 4"),
        ({"ebfmi_min": 0.2}, "the least E-BFMI of a chain is not above 0.3"),
        ({"undecided": "sides in doubt"}, "sides in doubt"),
    ],
)
def test_gates_of_a_fold(change, failure):
    found = judge({**VERDICT, **change}, GateConfig(), "chamber", "house", 3)
    assert found["failures"] == ([failure] if failure else [])
    assert found["ok"] is (failure is None)


def test_a_joint_fold_predicts_the_votes_of_both_chambers_by_the_parameters_of_their_bills():
    house, senate = small_pair()
    rng = np.random.default_rng(1)
    ids = [f"{v.chamber}:{m}" for v in (house, senate) for m in v.legislators.index]
    items = [f"both:HB {j}" if j < 4 else f"house:v{j}" for j in range(9)] + [f"senate:v{j}" for j in range(4, 7)]
    sizes = {"xi": ("legislator", len(ids)), "alpha": ("vote", 12), "beta": ("vote", 12)}
    values = {name: (("chain", "draw", dim), rng.normal(size=(2, 40, n))) for name, (dim, n) in sizes.items()}
    posterior = xr.Dataset(values, coords={"legislator": ids, "vote": items})
    stats = {
        "diverging": np.zeros((2, 40), np.int8),
        "energy": rng.normal(size=(2, 40)),
        "lp": rng.normal(size=(2, 40)),
    }
    tree = xr.DataTree.from_dict(
        {
            "/": xr.Dataset(attrs={"spec_hash": "s", "sides": "{}"}),
            "/posterior": posterior,
            "/sample_stats": xr.Dataset({name: (("chain", "draw"), value) for name, value in stats.items()}),
        }
    )
    spec = {"unit": "joint", "kind": "joint", "fold": {"number": 3, "fold": 2}}
    found = fold_result(tree, spec, [house, senate], ["a", "b"], 3.0)
    cells = found.chambers["senate"]
    np.testing.assert_array_equal(held_out(senate, 3, 2)[cells.member, cells.rollcall], True)
    assert len(cells.member) == held_out(senate, 3, 2).sum()
    for k in range(len(cells.member)):
        i, j = cells.member[k], cells.rollcall[k]
        bill = senate.rollcalls["bill"].iloc[j]
        item = f"both:{bill}" if f"both:{bill}" in items else f"senate:{senate.rollcalls.index[j]}"
        own = posterior.sel(legislator=f"senate:{senate.legislators.index[i]}", vote=item)
        p = 1 / (1 + np.exp(own["alpha"] - own["beta"] * own["xi"]))
        expected = float(np.log((p if senate.y[i, j] else 1 - p).mean()))
        assert cells.log_score[k] == pytest.approx(expected)
