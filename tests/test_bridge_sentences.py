"""What the page says of the shared bills of a joint model, from numbers made by hand."""

import math

import pytest
from test_metrics import BRIDGES

from tallgrass_models.linking.findings import predictive_findings
from tallgrass_models.report.sections.bridges import difference_sentences, freed_sentence, tie_sentence


def said(**changes):
    return [str(text) for text in difference_sentences({**BRIDGES, **changes}, "House", "Senate")]


def test_sizes_of_differences():
    """exp(0.3) is 1.35, exp(0.2) 1.22, exp(0.4) 1.49; logistic(0.8) is 69 %."""
    assert said()[0] == (
        "From the House to the Senate, bills changed in difficulty by 0.80 logits (90 % interval 0.70 to 0.90), as a "
        "standard deviation over the bills, and in discrimination by a factor of 1.35 (1.22 to 1.49). A change of 0.80 "
        "logits makes a probability of 50 % one of 69\u00a0% or of 31\u00a0%."
    )
    assert "in discrimination by 0.30 (0.20 to 0.40)" in said(on_log=False)[0]
    assert math.exp(0.3) == pytest.approx(1.35, abs=0.001)


def test_a_mean_difference_below_zero_is_a_senate_more_inclined_to_yea():
    text = said(confounded=False)[1]
    assert "−0.20 logits (90 % interval −0.30 to −0.10)" in text
    assert text.endswith("the one in the Senate is more inclined to vote Yea.")
    above = {"median": 0.2, "q05": 0.1, "q95": 0.3}
    assert said(confounded=False, delta=above)[1].endswith("the one in the Senate is less inclined to vote Yea.")


def test_a_mean_difference_within_chance_is_none():
    unclear = {"median": 0.1, "q05": -0.1, "q95": 0.3}
    assert said(confounded=False, delta=unclear)[1].endswith("neither chamber is clearly more inclined to vote Yea.")


def test_under_a_positive_prior_it_is_hard_to_tell_from_a_shift():
    assert "hard to tell from a shift of all members" in said()[1]
    assert "hard to tell" not in said(confounded=False)[1]


def test_fits_without_differences_say_nothing_of_them():
    assert said(tau_alpha=None, tau_beta=None, delta=None) == []


def test_what_ties_the_chambers():
    assert "67 bills have a roll call in both chambers, with one difficulty" in tie_sentence(None, 67)
    assert "Each has a difficulty and a discrimination in either chamber" in tie_sentence(BRIDGES, 0)
    screened = {**BRIDGES, "kind": "screened", "n_freed": 1}
    assert "66 bills have" in tie_sentence(screened, 66)
    assert "1 other shared bill is an item of its own in each chamber" in tie_sentence(screened, 66)
    assert freed_sentence(0) == "The test of the link rejects no other."


def test_prediction_names_the_bridges():
    found = {"n_votes": 100, "n_shared": 5, "elpd_diff": -10.0, "se": 2.0, "mcse": 0.5, "verdict": "costs"}
    found |= {"shared_bills": {"elpd_diff": -9.0, "se": 1.0}, "other_bills": {"elpd_diff": -1.0, "se": None}}
    found |= {"settings": [], "n_k_above": 0}
    same, drift = (predictive_findings({**found, "bridges": kind})[0]["text"] for kind in ("same", "drift"))
    assert "treats each of 5 shared bills as one item" in same
    assert "Some of these bills are not the same item" in same
    assert "lets the two sides of each of 5 shared bills differ" in drift
    assert "not the same item" not in drift
