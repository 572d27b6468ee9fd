"""Planted chains in other modes: each is named for what it is, and only it is sampled again."""

import json

import numpy as np
import pytest

from tallgrass_models.draws.mixing import element_statistics
from tallgrass_models.draws.modes import describe, judge_chains, rhat_signature
from tallgrass_models.sampling.restarts import restart_lost_chains
from tallgrass_models.sampling.result import Sampled

PARTY = np.repeat(["Democrat", "Republican", "Democrat", "Republican"], [6, 9, 5, 7]).astype(object)
CHAMBER = np.repeat(["house", "senate"], [15, 12]).astype(object)
TRUTH = np.where(PARTY == "Republican", 1.0, -1.2) + np.linspace(-0.6, 0.6, 27)


@pytest.fixture
def fit():
    """Four good chains: draws of ideal points, and log densities."""
    rng = np.random.default_rng(0)
    return TRUTH + 0.15 * rng.normal(size=(4, 400, 27)), -900 + 18 * rng.normal(size=(4, 400))


def _args(xi, lp):
    return xi, PARTY, CHAMBER, lp


def verdicts(xi, lp):
    return [chain.verdict for chain in judge_chains(xi, PARTY, CHAMBER, lp)]


def test_good_chains_are_in_one_mode(fit):
    found = describe(judge_chains(*_args(*fit)))
    assert found["verdict"] == "one mode"
    assert found["rhat_signature"] is None
    assert [chain["verdict"] for chain in found["chains"]] == ["ok"] * 4


def test_a_mirrored_chain_is_named_with_its_chamber(fit):
    xi, lp = fit
    xi[2][:, CHAMBER == "senate"] *= -1
    lp[2] -= 70
    chains = judge_chains(*_args(xi, lp))
    assert [(c.verdict, c.where) for c in chains] == [("ok", "")] * 2 + [("mirrored", "senate"), ("ok", "")]
    assert chains[2].party_gap["senate"] < 0 < chains[2].party_gap["house"]
    assert chains[2].lp_gap_sd == pytest.approx(-70 / 18, abs=0.3)
    text = describe(chains)["text"]
    assert "chain 3 is mirrored in the senate" in text
    assert "1 of 4 chains" in text


def test_whichever_way_most_chains_run_republicans_stand_right(fit):
    xi, lp = fit
    xi[:3] *= -1
    assert verdicts(xi, lp) == ["mirrored", "mirrored", "mirrored", "ok"]
    xi[3] *= -1
    assert verdicts(xi, lp) == ["ok"] * 4  # all alike: one mode, whichever way


def test_a_stuck_chain_is_named_and_is_no_reference(fit):
    xi, lp = fit
    xi[0] = 5 * TRUTH + 0.001 * np.random.default_rng(1).normal(size=xi[0].shape)  # a wider gap than the others
    lp[0] = -3000
    assert verdicts(xi, lp) == ["stuck", "ok", "ok", "ok"]
    xi[0] = 0.0
    xi[0][:, [6, 20]] = 100.0  # one Republican of each chamber: a wider gap than the others', and no order like theirs
    assert verdicts(xi, lp) == ["stuck", "ok", "ok", "ok"]


def test_another_axis_is_apart(fit):
    xi, lp = fit
    xi[3] = np.random.default_rng(2).permutation(TRUTH[:15]).tolist() + TRUTH[15:].tolist() + xi[3] - TRUTH
    lp[3] -= 30
    assert verdicts(xi, lp)[3] in ("apart", "mirrored")
    assert verdicts(xi, lp)[:3] == ["ok"] * 3
    lower = fit[1].copy()
    lower[1] -= 40
    assert verdicts(fit[0][[0, 1, 2, 0]], lower[[0, 1, 2, 0]]) == ["ok", "apart", "ok", "ok"]


@pytest.mark.parametrize(("n_mirrored", "told"), [(1, 1.53), (2, 1.73)])
def test_the_signature_is_the_rhat_of_mirrored_chains(n_mirrored, told):
    assert rhat_signature(n_mirrored, 4) == pytest.approx(told, abs=0.005)
    draws = 3 + 0.2 * np.random.default_rng(3).normal(size=(4, 2000, 1))
    draws[:n_mirrored] *= -1
    assert element_statistics(draws).rhat[0] == pytest.approx(told, abs=0.01)


def sampled(xi, lp, seed):
    seeds = [f"{seed}/{chain}" for chain in range(len(xi))]
    return Sampled({"u": xi}, {"lp": lp}, seeds, compile_s=1.0, sample_s=2.0)


def judge(fit):
    return judge_chains(*_args(fit.draws["u"], fit.stats["lp"]))


def test_only_lost_chains_are_sampled_again_and_both_verdicts_are_kept(fit):
    xi, lp = fit
    bad = xi.copy()
    bad[1] *= -1
    bad[3] = bad[3, 0]
    asked = []

    def again(attempt, n, draws):
        assert draws == first.n_draws
        asked.append((attempt, n))
        fresh = xi[:n] + 0.01
        if attempt == 1:
            fresh[1] *= -1  # the second of the new chains is lost again
        return sampled(fresh, lp[:n], f"again{attempt}")

    first = sampled(bad, lp, "first")
    out, facts = restart_lost_chains(first, 3, judge, again)
    assert asked == [(1, 2), (2, 1)]
    assert out.chain_seeds == ["first/0", "again1/0", "first/2", "again2/0"]
    np.testing.assert_array_equal(out.draws["u"][[0, 2]], xi[[0, 2]])
    np.testing.assert_array_equal(out.draws["u"][3], xi[0] + 0.01)
    assert (out.compile_s, out.sample_s) == (3.0, 6.0)
    before = json.loads(facts["modes_before_restarts"])
    assert [[c["verdict"] for c in round_["chains"]] for round_ in before] == [
        ["ok", "mirrored", "ok", "stuck"],
        ["ok", "ok", "ok", "mirrored"],
    ]
    assert describe(judge(out))["verdict"] == "one mode"
    np.testing.assert_array_equal(first.draws["u"], bad)  # what was given is left as it was


def test_without_restarts_nothing_is_judged(fit):
    first = sampled(*fit, "first")
    out, facts = restart_lost_chains(first, 0, None, None)
    assert out is first
    assert facts == {"modes_before_restarts": "[]"}


def test_a_chain_that_stays_lost_is_left_and_told(fit):
    xi, lp = fit
    xi[0] *= -1
    out, facts = restart_lost_chains(
        sampled(xi, lp, "a"), 2, judge, lambda attempt, n, draws: sampled(xi[:n], lp[:n], attempt)
    )
    assert len(json.loads(facts["modes_before_restarts"])) == 2
    assert judge(out)[0].verdict == "mirrored"
