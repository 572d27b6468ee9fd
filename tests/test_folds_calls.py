"""Whole roll calls held out: folds, integrals against plain sums and closed forms, and what the ladder makes of it."""

from __future__ import annotations

import itertools
import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from prior_table import KNOWN, prior_of
from small import small_chamber, small_pair
from test_folds import BIG, VERDICT

from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.folds import ROLL_CALLS, FoldsConfig, folds_check
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.config.specs import fold_spec_json, pool_spec_json
from tallgrass_models.errors import UserError
from tallgrass_models.folds import new_calls
from tallgrass_models.folds.assignment import folds_of, held_calls, held_out, without_fold
from tallgrass_models.folds.fit import fold_result
from tallgrass_models.folds.ladder import bills_together, chamber_ladder, ladder_tables, pool
from tallgrass_models.folds.new_calls import Members, evidence
from tallgrass_models.folds.party_only import party_calls
from tallgrass_models.folds.predict_calls import predict_calls, predictor
from tallgrass_models.folds.store import read_fold, read_scores, write_fold, write_scores
from tallgrass_models.priors.densities import beta_log_density
from tallgrass_models.priors.model import AlphaPrior
from tallgrass_models.priors.spec import BetaPriorSpec

NORMAL = BetaPriorSpec("normal", {"mu": 0.0, "sigma": 1.0})
ALPHA = AlphaPrior(BetaPriorSpec("normal", {"mu": 0.0, "sigma": 5.0}))


# --- which roll calls are held out ------------------------------------------------------------------------------------


def test_a_fold_has_all_votes_of_its_roll_calls_and_both_chambers_votes_on_a_bill():
    house, senate = small_pair(n_shared=6)
    for votes in (house, senate):
        fold = folds_of(votes, 3, ROLL_CALLS)
        assert (fold == fold[0]).all()
        assert fold.min() >= 1
        assert fold.max() <= 3
    of_bill = dict(zip(house.rollcalls["bill"], folds_of(house, 3, ROLL_CALLS)[0], strict=True))
    for bill, fold in zip(senate.rollcalls["bill"], folds_of(senate, 3, ROLL_CALLS)[0], strict=True):
        assert of_bill.get(bill, fold) == fold


def test_roll_calls_without_a_bill_are_hashed_one_by_one_and_folds_are_about_equal():
    bare = replace(BIG, rollcalls=BIG.rollcalls.assign(bill=""))
    for votes in (bare, BIG):
        n = np.bincount(folds_of(votes, 5, ROLL_CALLS)[0], minlength=6)[1:]
        assert (abs(n - 60) < 4 * math.sqrt(0.8 * 60)).all()
    same = replace(BIG, rollcalls=BIG.rollcalls.assign(bill="HB 1"))
    assert len(set(folds_of(same, 5, ROLL_CALLS)[0])) == 1
    other = replace(bare, chamber="senate")
    assert abs((folds_of(other, 5, ROLL_CALLS)[0] == folds_of(bare, 5, ROLL_CALLS)[0]).mean() - 0.2) < 0.1


def test_the_folds_of_roll_calls_never_change():
    np.testing.assert_array_equal(folds_of(small_chamber(), 10, ROLL_CALLS)[0], [4, 9, 2, 2, 10, 4, 5, 7, 6, 5, 6, 6])


def test_roll_calls_that_are_held_out_are_not_there():
    held = held_calls(BIG, 5, 2)
    without = without_fold(BIG, 5, 2, ROLL_CALLS)
    assert list(without.rollcalls.index) == list(BIG.rollcalls.index[~held])
    np.testing.assert_array_equal(without.y, BIG.y[:, ~held])
    np.testing.assert_array_equal(without.legislators["n_votes"], (BIG.y[:, ~held] >= 0).sum(1))
    np.testing.assert_array_equal(held_out(BIG, 5, 2, ROLL_CALLS), (BIG.y >= 0) & held)


# --- integrals --------------------------------------------------------------------------------------------------------


def members(
    n: int, prior: BetaPriorSpec, alpha: AlphaPrior = ALPHA, eps: float | None = None, seed: int = 0
) -> Members:
    rng = np.random.default_rng(seed)
    xi = np.linspace(-3, 5, n)[:, None] + 0.3 * rng.normal(size=(n, 2))
    return Members(xi, prior, alpha, np.array([2.0, 3.0]), None if eps is None else np.full(2, eps))


def by_plain_sum(own: Members, which: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Z of all votes and without each, by one sum over a fine grid of (alpha, beta) for all roll calls."""
    t = np.linspace(-14, 7, 281) if own.beta_prior.positive else np.linspace(-6, 6, 281)
    beta, slope = (np.exp(t), np.exp(t)) if own.beta_prior.positive else (np.sinh(t), np.cosh(t))
    alpha = np.linspace(-50, 50, 401)[:, None]
    z, without = [], []
    for s, xi in enumerate(own.xi.T):
        prior = beta_log_density(own.beta_prior, beta) + np.log(slope * (t[1] - t[0]) * 0.25)
        prior = np.exp(prior + own.alpha_prior.log_density(alpha, own.spread[s], np))
        lean = [
            np.clip((1 if vote else -1) * (beta * xi[i] - alpha), -600, 600) for i, vote in zip(which, y, strict=True)
        ]
        p = [1 / (1 + np.exp(-one)) for one in lean]
        if own.eps is not None:
            p = [own.eps[s] / 2 + (1 - own.eps[s]) * one for one in p]
        z.append((prior * np.prod(p, axis=0)).sum())
        without.append([(prior * np.prod(p[:i] + p[i + 1 :], axis=0)).sum() for i in range(len(p))])
    return np.array(z), np.array(without).T


_SPLIT = np.r_[np.zeros(5, int), np.ones(5, int)]
_CALLS = {
    "split": _SPLIT,
    "the other way round": 1 - _SPLIT,
    "an extreme few": np.r_[1, 1, np.zeros(8, int)],
    "one out of line": np.r_[0, 1, 0, 0, 0, 1, 1, 1, 1, 1],
    "all": np.ones(10, int),
    "ends against the middle": np.r_[1, 1, np.zeros(6, int), 1, 1],
}
_MODELS = {
    **{
        name: (prior, ALPHA, None)
        for name, prior in {"standard normal": NORMAL, **{one: prior_of(one) for one in KNOWN}}.items()
    },
    "in units of the spread": (NORMAL, AlphaPrior(NORMAL, scaled=True), None),
    "lapses": (NORMAL, ALPHA, 0.05),
}


@pytest.mark.parametrize("model", _MODELS)
def test_the_integral_is_a_plain_sum(model):
    prior, alpha, eps = _MODELS[model]
    own, which = members(10, prior, alpha, eps), np.arange(10)
    for name in ("split", "one out of line"):
        found = evidence(own, which, _CALLS[name])
        z, without = by_plain_sum(own, which, _CALLS[name])
        np.testing.assert_allclose(found.log_z, np.log(z), atol=2e-3, err_msg=name)
        np.testing.assert_allclose(found.given, np.log(z.sum() / without.sum(1)), atol=2e-3, err_msg=name)


@pytest.mark.parametrize("name", _CALLS)
def test_the_integral_holds_for_any_roll_call(name):
    own, which = members(10, NORMAL), np.arange(10)
    found = evidence(own, which, _CALLS[name])
    z, without = by_plain_sum(own, which, _CALLS[name])
    np.testing.assert_allclose(found.log_z, np.log(z), atol=2e-4)
    np.testing.assert_allclose(found.given, np.log(z.sum() / without.sum(1)), atol=2e-4)
    assert found.change < 1e-4


def test_a_single_vote_of_a_new_roll_call_is_a_toss_up_and_a_prior_of_one_sign_is_not():
    for y in (0, 1):
        found = evidence(members(5, NORMAL), np.array([4]), np.array([y]))
        np.testing.assert_allclose(found.log_z, math.log(0.5), atol=1e-4)
    positive = BetaPriorSpec("lognormal", {"mu": 0.0, "sigma": 1.0})
    assert evidence(members(5, positive), np.array([4]), np.array([1])).log_z.min() > math.log(0.6)


def test_the_probabilities_of_all_outcomes_add_up_to_one():
    own, which = members(6, NORMAL), np.array([0, 2, 3, 5])
    total = sum(np.exp(evidence(own, which, np.array(y)).log_z) for y in itertools.product((0, 1), repeat=4))
    np.testing.assert_allclose(total, 1, atol=1e-4)


def test_many_members_far_apart():
    """As many as a large chamber has: the roll call is then nearly Normal, so Gauss and Hermite's rule fits."""
    rng = np.random.default_rng(1)
    xi = np.sort(np.r_[rng.normal(-12, 2, 220), rng.normal(10, 2, 210)])
    y = (rng.random(430) < 1 / (1 + np.exp(-(0.3 * xi - 1)))).astype(int)
    found = evidence(Members(xi[:, None], NORMAL, ALPHA, np.ones(1)), np.arange(430), y)
    design, sign = np.column_stack([-np.ones(430), xi]), 2 * y - 1
    at = np.zeros(2)
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ at))
        hessian = (design.T * (p * (1 - p))) @ design + np.diag([1 / 25, 1.0])
        at = at - np.linalg.solve(hessian, design.T @ (p - y) + at / np.array([25.0, 1.0]))
    x, weight = np.polynomial.hermite.hermgauss(40)
    steps = np.stack(np.meshgrid(x, x)).reshape(2, -1)
    nodes = at[:, None] + math.sqrt(2) * np.linalg.cholesky(np.linalg.inv(hessian)) @ steps
    log_density = -np.logaddexp(0, -sign[:, None] * (design @ nodes)).sum(0)
    log_density += -(nodes[0] ** 2) / 50 - nodes[1] ** 2 / 2 - math.log(5) - math.log(2 * math.pi)
    log_density += (steps**2).sum(0) + np.log(np.outer(weight, weight).ravel())
    expected = np.logaddexp.reduce(log_density) + math.log(2) - 0.5 * np.linalg.slogdet(hessian)[1]
    assert found.log_z[0] == pytest.approx(expected, abs=1e-4)


def test_a_grid_that_is_too_small_would_be_seen(monkeypatch):
    """The planted fault: a grid cut to the middle of the integrand."""
    own, which = members(10, NORMAL), np.arange(10)
    right = evidence(own, which, _SPLIT).log_z
    monkeypatch.setattr(new_calls, "_NEGLIGIBLE", -1.0)
    monkeypatch.setattr(new_calls, "_GROWTHS", 1)
    assert abs(evidence(own, which, _SPLIT).log_z - right).min() > 0.01


# --- party alone ------------------------------------------------------------------------------------------------------


def test_party_calls_are_urns():
    """Votes one after another, each party's by its own earlier votes, the rest by all: Jeffreys' prior as an urn."""
    rng = np.random.default_rng(2)
    parties = np.array(["Democrat"] * 4 + ["Republican"] * 3 + ["Independent"] * 2)
    y = rng.integers(-1, 2, (9, 30)).astype(np.int8)

    def urn(column: np.ndarray) -> float:
        total, seen = 0.0, {"Democrat": [0.5, 1.0], "Republican": [0.5, 1.0], "Independent": [0.5, 1.0]}
        for party, vote in zip(parties, column, strict=True):
            if vote < 0:
                continue
            yea, n = seen[party]
            total += math.log((yea if vote else n - yea) / n)
            for own in {party, "Independent"}:
                seen[own] = [seen[own][0] + vote, seen[own][1] + 1]
        return total

    whole, given = party_calls(y, parties)
    np.testing.assert_allclose(whole, [urn(column) for column in y.T])
    for i, j in zip(*np.nonzero(y >= 0), strict=True):
        turned = y[:, j].copy()
        turned[i] = 1 - turned[i]
        assert given[i, j] == pytest.approx(-np.logaddexp(0, urn(turned) - urn(y[:, j])))
    assert np.isnan(given[y < 0]).all()


# --- a fold from draws to the ladder ----------------------------------------------------------------------------------


def draws_of(votes_or_ids: list[str], items: list[str], seed: int = 1, n: int = 8) -> xr.DataTree:
    rng = np.random.default_rng(seed)
    sizes = {"xi": ("legislator", len(votes_or_ids)), "alpha": ("vote", len(items)), "beta": ("vote", len(items))}
    values = {name: (("chain", "draw", dim), rng.normal(size=(2, n, size))) for name, (dim, size) in sizes.items()}
    stats = {name: rng.normal(size=(2, n)) for name in ("energy", "lp")} | {"diverging": np.zeros((2, n), np.int8)}
    groups = {
        "/": xr.Dataset(attrs={"spec_hash": "s", "sides": "{}"}),
        "/posterior": xr.Dataset(values, coords={"legislator": votes_or_ids, "vote": items}),
        "/sample_stats": xr.Dataset({name: (("chain", "draw"), value) for name, value in stats.items()}),
    }
    return xr.DataTree.from_dict(groups)


def chamber_folds(votes, number: int, kind: str = "chamber"):
    prior = {} if kind == "flat" else {"beta_prior": NORMAL.to_dict(), "alpha_sigma": 5.0}
    for k in range(1, number + 1):
        spec = {"unit": votes.chamber, "kind": kind, "fold": FoldsConfig(number, of=ROLL_CALLS).fold(k), **prior}
        seen = without_fold(votes, number, k, ROLL_CALLS)
        tree = draws_of(list(votes.legislators.index), list(seen.rollcalls.index), k)
        yield tree, spec, fold_result(tree, spec, [votes], ["a"], 1.0)


def test_a_fold_is_predicted_by_the_mean_over_the_draws():
    votes = small_chamber(seed=3, n_votes=8)
    for tree, _, found in chamber_folds(votes, 2):
        cells, xi = found.chambers["house"], tree["posterior"]["xi"].to_numpy().reshape(16, -1).T
        for j in np.unique(cells.rollcall):
            own = cells.rollcall == j
            z, without = by_plain_sum(
                Members(xi, NORMAL, ALPHA, np.ones(16)), cells.member[own], votes.y[cells.member[own], j]
            )
            assert own.sum() == (votes.y[:, j] >= 0).sum()
            np.testing.assert_allclose(cells.log_score[own], math.log(z.mean()) / own.sum(), atol=1e-3)
            np.testing.assert_allclose(cells.given[own], np.log(z.sum() / without.sum(1)), atol=1e-3)


def test_a_fit_that_has_the_roll_calls_of_the_fold_is_refused():
    votes = small_chamber(seed=3)
    tree, spec, _ = next(chamber_folds(votes, 3))
    whole = draws_of(list(votes.legislators.index), list(votes.rollcalls.index))
    with pytest.raises(ValueError, match="the roll calls of the posterior are not those of the votes"):
        fold_result(whole, spec, [votes], ["a"], 1.0)
    assert tree is not whole


def test_the_ladder_of_whole_roll_calls(tmp_path):
    votes = small_chamber(seed=3)
    results = [one for kind in ("flat", "chamber") for _, _, one in chamber_folds(votes, 3, kind)]
    for one in results:
        write_fold(one, tmp_path / "fold.nc")
        again = read_fold(tmp_path / "fold.nc")
        np.testing.assert_array_equal(again.chambers["house"].given, one.chambers["house"].given)
        assert again.together is None
    scores = pool(votes, 3, 3, results, ROLL_CALLS)
    found = chamber_ladder(scores, [])
    assert [row["rung"] for row in found["ladder"]] == ["party", "flat", "chamber"]
    whole, given = party_calls(votes.y, votes.parties)
    cast = votes.y >= 0
    assert found["ladder"][0]["log_score"] == pytest.approx(whole.sum() / cast.sum())
    over, tie = given[cast] > math.log(0.5) + 1e-9, abs(given[cast] - math.log(0.5)) < 1e-9
    assert found["ladder"][0]["errors"] == (~np.where(tie, votes.y[cast] == 1, over)).sum()
    # the normal prior and the flat model's are the same here, and so are the draws
    assert found["ladder"][1]["log_score"] == pytest.approx(found["ladder"][2]["log_score"])
    parts = ladder_tables([scores])["held_out_parts"].set_index(["by", "rung"])
    calls = parts.loc[("rollcall", "party")]
    np.testing.assert_allclose(calls["log_score"] * calls["n_votes"], whole)
    first = parts.loc[("member", "party")].iloc[0]
    assert first["log_score"] == pytest.approx(np.nanmean(given[0]))
    write_scores([scores], {"number": 3}, tmp_path / "all.nc")
    assert chamber_ladder(read_scores(tmp_path / "all.nc")[0]["house"], []) == found
    with pytest.raises(ValueError, match="does not predict the votes held out"):
        pool(votes, 3, 3, [replace(results[0], fold=2), *results[1:]], ROLL_CALLS)


def test_folds_without_a_roll_call_are_refused():
    votes = small_chamber(seed=3)
    votes = replace(votes, rollcalls=votes.rollcalls.assign(bill="HB 1"))
    fold = int(folds_of(votes, 2, ROLL_CALLS)[0, 0])
    assert without_fold(votes, 2, fold, ROLL_CALLS).n_votes == 0
    other = replace(votes, session="another") if fold == 1 else votes
    if folds_of(other, 2, ROLL_CALLS)[0, 0] == 2:
        with pytest.raises(UserError, match=r"house: no roll calls in the folds that are fitted; raise folds\.run"):
            pool(other, 2, 1, [], ROLL_CALLS)


def test_a_bill_of_both_chambers_is_predicted_by_all_its_votes_together(tmp_path):
    house, senate = small_pair(n_shared=5)
    ids = [f"{v.chamber}:{m}" for v in (house, senate) for m in v.legislators.index]
    number, prior = 2, BetaPriorSpec("lognormal", {"mu": 0.0, "sigma": 1.0})
    joint, results, expected = [], [], []
    for k in (1, 2):
        seen = [without_fold(one, number, k, ROLL_CALLS) for one in (house, senate)]
        both = set(seen[0].rollcalls["bill"]) & set(seen[1].rollcalls["bill"])
        items = [
            f"both:{row.bill}" if row.bill in both else f"house:{row.Index}" for row in seen[0].rollcalls.itertuples()
        ]
        items += [f"senate:{row.Index}" for row in seen[1].rollcalls.itertuples() if row.bill not in both]
        spec = {"unit": "joint", "kind": "joint", "fold": {"number": number, "fold": k, "of": ROLL_CALLS}}
        spec |= {"beta_prior": prior.to_dict(), "alpha_sigma": 2.0}
        tree = draws_of(ids, items, k)
        found = fold_result(tree, spec, [house, senate], ["a", "b"], 1.0)
        write_fold(found, tmp_path / "fold.nc")
        np.testing.assert_array_equal(read_fold(tmp_path / "fold.nc").together.log_density, found.together.log_density)
        joint.append(found)
        xi = tree["posterior"]["xi"].to_numpy().reshape(16, -1).T
        alpha = AlphaPrior(BetaPriorSpec("normal", {"mu": 0.0, "sigma": 2.0}))
        for h, s, said in zip(found.together.house, found.together.senate, found.together.log_density, strict=True):
            assert house.rollcalls["bill"].iloc[h] == senate.rollcalls["bill"].iloc[s]
            who = [np.flatnonzero(house.y[:, h] >= 0), np.flatnonzero(senate.y[:, s] >= 0)]
            y = np.r_[house.y[who[0], h], senate.y[who[1], s]]
            z, _ = by_plain_sum(Members(xi, prior, alpha, np.ones(16)), np.r_[who[0], who[1] + 10], y)
            expected.append(z.mean())
            assert said == pytest.approx(math.log(z.mean()), abs=2e-3)
    for votes in (house, senate):
        results += [replace(one, verdict=VERDICT) for _, _, one in chamber_folds(votes, number)]
    chambers = [
        pool(votes, number, 2, [one for one in (*results, *joint) if votes.chamber in one.chambers], ROLL_CALLS)
        for votes in (house, senate)
    ]
    found = bills_together(chambers, [*results, *joint])
    assert (found["n_bills"], len(expected)) == (5, 5)
    assert found["log_score"] * found["n_votes"] == pytest.approx(np.log(expected).sum(), abs=0.01)
    shared = [f"HB {j}" for j in range(5)]
    apart = sum(
        np.nansum(scores.log_score["chamber"][:, votes.rollcalls["bill"].isin(shared)])
        for scores, votes in zip(chambers, (house, senate), strict=True)
    )
    assert found["apart"] * found["n_votes"] == pytest.approx(apart)
    assert found["gain"] == pytest.approx(found["log_score"] - found["apart"])
    assert bills_together(chambers, results) is None


# --- the truth wins ---------------------------------------------------------------------------------------------------


def test_where_members_stand_predicts_roll_calls_and_shuffled_members_do_not():
    """Members whose places are known beat party alone on votes from the model; the same places in disorder lose."""
    rng = np.random.default_rng(5)
    votes = small_chamber(sizes=(15, 20, 0), n_votes=60, seed=5)
    xi = np.r_[rng.normal(-2, 1.5, 15), rng.normal(2, 1.5, 20)]
    p = 1 / (1 + np.exp(rng.normal(0, 2, 60) - np.outer(xi, rng.normal(size=60))))
    y = (rng.random(p.shape) < p).astype(np.int8)
    names, held = list(votes.rollcalls.index), np.ones(60, bool)
    party = party_calls(y, votes.parties)[0]

    def score(places: np.ndarray) -> np.ndarray:
        draws = places + 0.1 * rng.normal(size=(2, 30, 35))
        using = predictor(xr.Dataset({"xi": (("chain", "draw", "legislator"), draws)}), {"kind": "flat"})
        found = predict_calls(using, y, 0, held, names)
        return np.bincount(found.rollcall, found.log_score)

    gain, shuffled = score(xi) - party, score(rng.permutation(xi)) - party
    error = gain.std(ddof=1) / math.sqrt(60)
    assert gain.mean() > 4 * error
    assert shuffled.mean() < -4 * shuffled.std(ddof=1) / math.sqrt(60)


# --- configuration ----------------------------------------------------------------------------------------------------


def test_the_default_leaves_specs_as_they_were():
    assert folds_check({"of": "votes"}) == FoldsConfig()
    config = ExperimentConfig("a", folds=FoldsConfig(5, 2))
    assert json.loads(fold_spec_json(config, "house", 2))["fold"] == {"number": 5, "fold": 2}
    assert json.loads(pool_spec_json(config))["folds"] == {"number": 5, "run": 2, "draws": 1000, "tune": 300}
    assert "of" not in config.to_dict()["folds"]
    whole = ExperimentConfig("a", folds=folds_check({"number": 5, "of": "roll_calls"}))
    assert json.loads(fold_spec_json(whole, "house", 2))["fold"] == {"number": 5, "fold": 2, "of": "roll_calls"}
    assert ExperimentConfig.from_json(whole.to_json()) == whole
    assert (config.folds.label, whole.folds.label) == ("folds_5", "folds_5_roll_calls")
    with pytest.raises(ValueError, match=r"of: must be one of|of: .*roll_calls"):
        folds_check({"of": "bills"})


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ("structure: rasch", "structure: rasch takes the side of a roll call from its votes"),
        ("dimensions: 2", "dimensions: 2 has a third parameter of a roll call"),
        ("joint: {bridges: screened}", "joint: {bridges: screened} decides by all votes which shared bills"),
        ("joint: {bridges: drift}", "joint: {bridges: drift} has four parameters of a shared bill"),
        (
            "beta_prior: {distribution: halfnormal, sigma: 1}, orient_bills: true",
            "orient_bills takes the side of a roll call from its votes",
        ),
    ],
)
def test_models_without_a_prior_of_a_new_roll_call_are_refused_by_name(tmp_path, settings, named):
    path = tmp_path / "e.yaml"
    text = "sessions: {demo: {source: simulated}}\ndefaults: {folds: {of: roll_calls}}\nexperiments: {a: {%s%s}}\n"
    path.write_text(text % (settings, ""))
    with pytest.raises(UserError, match=re.escape(f"folds: {{of: roll_calls}}: {named}")):
        load_experiments(path)
    path.write_text(text % (settings, ", folds: false"))
    load_experiments(path)
