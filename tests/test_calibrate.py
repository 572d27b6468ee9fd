"""The calibration study: what is drawn, what is counted, and what it says of the model."""

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tallgrass_models import cli
from tallgrass_models.calibration.drawn import Design, as_votes, draw_session
from tallgrass_models.calibration.scored import BINS, _share, covers, score_chamber
from tallgrass_models.calibration.study import Study, run_study
from tallgrass_models.errors import UserError
from tallgrass_models.steps.calibrate import check_design
from tallgrass_models.votes.matching import join_chambers, shared_bills

SMALL = Design(replicates=2, members=(20,), rollcalls=40, draws=50)
TWO = Design(replicates=2, members=(20, 12), rollcalls=90, shared=60, draws=50, min_gap=2.0)


# --- what is drawn ----------------------------------------------------------------------------------------------------


def test_a_session_is_the_same_again_and_another_one_differs():
    first, again, other = draw_session(SMALL, 0)[0], draw_session(SMALL, 0)[0], draw_session(SMALL, 1)[0]
    np.testing.assert_array_equal(first.y, again.y)
    assert (first.xi != other.xi).all()


def test_parameters_come_from_the_priors():
    """Kolmogorov-Smirnov against the textbook's distributions, over many sessions without a condition on the gap."""
    design = Design(members=(60,), rollcalls=20, min_gap=0.0)
    found = [draw_session(design, k)[0] for k in range(300)]
    mu = np.array([truth.mu for truth in found])
    # two sorted Normal(0, 2): their mean is Normal(0, sqrt 2), their distance |Normal(0, 2 sqrt 2)|
    assert stats.kstest(mu.mean(1), stats.norm(0, math.sqrt(2)).cdf).pvalue > 1e-3
    assert stats.kstest(np.ptp(mu, axis=1), stats.halfnorm(0, 2 * math.sqrt(2)).cdf).pvalue > 1e-3
    alpha, beta = (np.concatenate([getattr(t, name) for t in found]) for name in ("alpha", "beta"))
    assert stats.kstest(alpha, stats.norm(0, 5).cdf).pvalue > 1e-3
    assert stats.kstest(beta, stats.norm(0, 1).cdf).pvalue > 1e-3
    sigma = [truth.xi[truth.party == 1].std(ddof=1) for truth in found]  # 36 members: HalfNormal(1)
    assert np.mean(sigma) == pytest.approx(math.sqrt(2 / math.pi), abs=0.12)


def test_votes_follow_the_likelihood():
    truths = [draw_session(Design(members=(60,), rollcalls=100), k)[0] for k in range(30)]
    p = np.concatenate([(1 / (1 + np.exp(t.alpha - np.outer(t.xi, t.beta)))).ravel() for t in truths])
    y = np.concatenate([t.y.ravel() for t in truths])
    for low in (0.05, 0.3, 0.6, 0.9):
        here = (p >= low) & (p < low + 0.05)
        assert y[here].mean() == pytest.approx(p[here].mean(), abs=4 * math.sqrt(0.25 / here.sum()))


def test_the_filter_leaves_out_what_is_lopsided_and_nothing_else():
    truth = draw_session(Design(members=(60,), rollcalls=160), 3)[0]
    yea = truth.y.mean(0)
    all_of_them, kept = as_votes(truth, "house", 0.0), as_votes(truth, "house", 0.025)
    assert all_of_them.n_votes == 160
    np.testing.assert_array_equal(kept.y, truth.y[:, (yea >= 0.025) & (yea <= 0.975)])
    assert 0 < kept.n_votes < 160


def test_two_chambers_share_some_bills_and_no_others():
    truths = draw_session(TWO, 0)
    votes = [as_votes(truth, name, 0.025) for truth, name in zip(truths, ("house", "senate"), strict=True)]
    np.testing.assert_array_equal(truths[0].alpha[:60], truths[1].alpha[:60])
    assert (truths[0].alpha[60:] != truths[1].alpha[60:]).all()
    contested = [truth.kept(0.025)[:60] for truth in truths]
    shared = shared_bills(*votes)
    assert len(shared) == (contested[0] & contested[1]).sum() >= 10
    assert join_chambers(*votes).n_items == votes[0].n_votes + votes[1].n_votes - len(shared)


def test_two_chambers_are_alike_as_much_as_asked():
    design = Design(members=(20, 20), rollcalls=60, shared=60, alike=0.5, min_gap=0.0)
    means = np.array([[truth.mu.mean() for truth in draw_session(design, k)] for k in range(300)])
    assert np.corrcoef(means.T)[0, 1] == pytest.approx(0.5, abs=0.15)
    for own in means.T:  # each alone as one chamber's
        assert own.var() == pytest.approx(2, rel=0.2)


# --- what is counted --------------------------------------------------------------------------------------------------


def test_coverage_of_elements_by_hand():
    draws = np.linspace(0, 1, 101)[:, None] * np.ones(3)
    assert covers(draws, np.array([0.04, 0.5, 0.96])) == pytest.approx(1 / 3)


def at_truth(truth, rng, move=0.0, spread=0.2, stretch=1.0):
    """Draws around the truth, all members moved together."""
    xi = stretch * truth.xi + move + spread * rng.normal(size=(2, 200, len(truth.xi)))
    return {"xi": xi, "mu_party": stretch * truth.mu + move + 0.1 * rng.normal(size=(2, 200, 2))}


def test_a_common_shift_harms_the_models_own_scale_only():
    truth = draw_session(Design(members=(60,), rollcalls=40, min_gap=2.0), 0)[0]
    found, pairs = score_chamber(at_truth(truth, np.random.default_rng(0), move=5.0, stretch=1.3), truth)
    own = ["position, model's scale", "average of a party's members", "population mean of a party (mu)"]
    assert [found[name] for name in own] == [0, 0, 0]
    assert found["position, relative"] == 1
    assert found["rank"] > 0.95
    assert pairs.n.sum() == 60 * 59 / 2


def test_pairs_by_brute_force():
    truth = draw_session(SMALL, 0)[0]
    xi = at_truth(truth, np.random.default_rng(1), spread=1.0)["xi"]
    _, pairs = score_chamber({"xi": xi, "mu_party": np.zeros((2, 200, 2))}, truth)
    n, stated, true = (np.zeros(len(BINS) - 1) for _ in range(3))
    flat = xi.reshape(-1, 20)
    for i in range(20):
        for j in range(i + 1, 20):
            p, right = (flat[:, i] > flat[:, j]).mean(), truth.xi[i] > truth.xi[j]
            if p < 0.5:
                p, right = 1 - p, not right
            k = min(int((p >= BINS).sum()) - 1, len(BINS) - 2)
            n[k], stated[k], true[k] = n[k] + 1, stated[k] + p, true[k] + right
    np.testing.assert_array_equal(pairs.n, n)
    np.testing.assert_allclose(pairs.stated, stated)
    np.testing.assert_array_equal(pairs.true, true)


def test_standard_errors_are_over_sessions():
    scores = pd.DataFrame({"replicate": range(4), "filter": 0.0, "quantity": "rank", "covered": [1.0, 0.9, 0.8, 0.9]})
    pairs = pd.DataFrame(
        {"replicate": [0, 1], "filter": 0.0, "bin": 2, "n": [10, 30], "stated": [7.0, 23], "true": [8.0, 21]}
    )
    study = Study(SMALL, pd.DataFrame(), scores, pairs)
    (row,) = study.coverage().to_dict("records")
    assert row["coverage"] == pytest.approx(0.9)
    assert row["se"] == pytest.approx(np.std([1, 0.9, 0.8, 0.9], ddof=1) / 2)
    (bin_,) = study.order().to_dict("records")
    assert (bin_["low"], bin_["high"], bin_["n_pairs"]) == (0.7, 0.8, 40)
    assert (bin_["stated"], bin_["true"]) == (30 / 40, 29 / 40)
    assert bin_["se"] == pytest.approx(math.sqrt(2) * np.std([1, -2], ddof=1) / 40)


def test_share_of_party_by_hand():
    """Parties at -1 and 3, each with spread 1: between 4, within 1, whatever the line."""
    xi, party = np.array([[-2.0, 0, 2, 4]]), np.array([0, 0, 1, 1])
    assert _share(xi, party)[0] == _share(3 * xi - 7, party)[0] == pytest.approx(0.8)


# --- the command ------------------------------------------------------------------------------------------------------


def test_a_design_out_of_bounds_is_refused_with_every_reason():
    with pytest.raises(UserError) as caught:
        check_design(Design(replicates=1, members=(3,), rollcalls=5, shared=3, draws=10, filters=(0.6,), min_gap=9))
    assert str(caught.value).splitlines() == [
        "--replicates must be at least 2, not 1",
        "--rollcalls must be at least 20, not 5",
        "--draws must be at least 50, not 10",
        "--members must be one or two numbers, each at least 6",
        "--shared is for two chambers: give --members two numbers",
        "--min-minority-share must be from 0 to 0.5",
        "--min-gap must be from 0 to 6",
    ]
    with pytest.raises(UserError, match=r"--shared must be from 30 to the number of roll calls \(40\)"):
        check_design(Design(members=(20, 10), rollcalls=40, shared=50))


def test_the_command_writes_what_it_prints(tmp_path, capsys):
    files = ["--json", str(tmp_path / "study.json"), "--csv", str(tmp_path / "study.csv")]
    sizes = ["--replicates", "2", "--members", "20", "--rollcalls", "60", "--draws", "100", "--filter", "on"]
    assert cli.main(["calibrate", *sizes, *files]) == 0
    out = capsys.readouterr().out
    found = json.loads((tmp_path / "study.json").read_text())
    assert found["design"]["filters"] == [0.025]
    (fits,) = found["fits"]
    counted = fits["n"] - fits["n_not_settled"]
    assert f"minority share at least 0.025: 2 fits, {2 - counted} not settled and left out" in out
    relative = next(row for row in found["coverage"] if row["quantity"] == "position, relative")
    assert relative["n_sessions"] == counted
    assert f"{relative['coverage']:.3f}" in out
    table = pd.read_csv(tmp_path / "study.csv")
    assert table[table["quantity"] == "position, relative"]["covered"].mean() == pytest.approx(relative["coverage"])


def test_two_chambers_are_linked():
    found = run_study(replace(TWO, draws=200, filters=(0.025,)), 2)
    assert set(found.fits["chamber"]) == {"house", "senate", "joint"}
    quantities = set(found.scores["quantity"])
    assert {"A, haebara", "B relative, all linking methods", "senators, relative, joint"} <= quantities


# --- what it says of the model ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_relative_intervals_cover_and_absolute_ones_do_not_under_the_filter():
    """90 % intervals of sessions from the priors: a filter on lopsided roll calls is not ignorable for location."""
    design = Design(replicates=60, members=(60,), rollcalls=160, draws=200)
    study = run_study(design, 2)
    found = study.coverage().set_index(["filter", "quantity"])
    assert (study.fits["counted"].mean() > 0.9).all()
    for least in design.filters:
        row = found.loc[least, "position, relative"]
        assert abs(row["coverage"] - 0.9) < 3 * row["se"] + 0.005, found  # and the Monte Carlo error of 5 % and 95 %
        assert row["se"] < 0.025
        order = study.order()[lambda table, at=least: table["filter"] == at]
        assert (np.abs(order["true"] - order["stated"]) < 4 * order["se"] + 0.005).all(), order
    free, filtered = (found.loc[least, "position, model's scale"] for least in design.filters)
    assert free["coverage"] > 0.9 - 3 * free["se"], found
    assert filtered["coverage"] < 0.9 - 3 * filtered["se"], found
