"""Sentences of the comparison in planted situations, against hand-made answers."""

import math

import pytest

from tallgrass_models.comparison.sentences import (
    Order,
    Prediction,
    against_the_house,
    axes,
    order,
    prediction,
    predictive_clause,
    turned,
    unreadable,
    verdict,
)

NAMES = {"experiment": "positive", "reference": "baseline"}
HOUSE = Prediction("house", 10_000, -900.0, 100.0)  # 0.09 a vote
SENATE = Prediction("senate", 10_000, -300.0, 100.0)  # 0.03 a vote
NONE = Prediction("senate", 10_000, -150.0, 100.0)
BETTER = Prediction("senate", 10_000, 700.0, 100.0)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], ""),
        ([NONE], "neither predicts votes left out clearly better"),
        ([HOUSE], "positive predicts votes left out far worse"),
        ([HOUSE, SENATE], "positive predicts votes left out worse"),
        ([HOUSE, NONE], "positive predicts votes left out far worse in house"),
        ([BETTER], "positive predicts votes left out far better"),
        ([HOUSE, BETTER], "positive predicts votes left out better in senate and worse in house"),
        ([Prediction("house", 50, -9.0, math.nan)], "neither predicts votes left out clearly better"),
    ],
    ids=["none", "open", "far", "one far", "one place", "better", "both ways", "no error known"],
)
def test_the_loss_is_told_with_its_size_and_place(found, said):
    assert predictive_clause(found, NAMES) == said


def test_the_verdict_takes_the_loss_along():
    assert verdict("partly", NAMES, [HOUSE]) == (
        "Most of the order is the same under positive as under baseline, but not all, and positive predicts votes "
        "left out far worse."
    )
    assert verdict("no", NAMES, []) == ("The order of members does not depend on whether positive or baseline is used.")
    assert (
        verdict("unknown", NAMES, [HOUSE]) == "There is no verdict on positive, because some fits do not show an order."
    )


def test_one_fit_is_told_with_its_standard_error():
    assert prediction(Prediction("house", 33_506, -4338.4, 410.2), NAMES) == (
        "house: positive predicts votes left out far worse than baseline (elpd −4,338, standard error 410 by roll"
        " call)."
    )
    assert prediction(NONE, NAMES) == (
        "senate: neither predicts votes left out clearly better (elpd −150, standard error 100 by roll call)."
    )


def test_a_mirrored_fit_is_told_as_the_same_axis():
    assert turned("house", "positive", "baseline", 0.872) == (
        "house: positive has found the same axis as baseline upside down. After turning, the rank correlation is 0.87."
    )
    assert "has little in common with that of baseline (rank correlation −0.10)" in turned(
        "house", "positive", "baseline", -0.1
    )
    assert "(rank correlation not known)" in turned("house", "positive", "baseline", None)
    assert against_the_house("senate in the joint model", "positive") == (
        "senate in the joint model: under positive, the parties stand the other way round than in the House on the "
        "same scale."
    )


@pytest.mark.parametrize(
    ("reference", "experiment", "said"),
    [
        ("parties", "faction", "house: the axis of baseline separates the parties, but that of positive does not."),
        ("faction", "mirrored", "house: the axis of positive separates the parties, but that of baseline does not."),
        ("parties", "mirrored", None),
        ("faction", "faction", None),
        ("nothing", "parties", None),
    ],
)
def test_other_axes_are_told(reference, experiment, said):
    assert axes("house", NAMES, reference, experiment) == said


def test_order_in_words():
    found = Order("house", 0.9871, 80, 7, 1, -12.4, "Ann Smith")
    assert order(found) == (
        "house: the rank correlation is 0.987. The mean rank of 7 of 80 members leaves its 90 % interval in the "
        "reference, and for 1 of them the two intervals do not overlap. The largest change of rank is −12 (Ann "
        "Smith)."
    )
    assert order(Order("house", None, 2, 0, 0, 0.3, "A")).endswith("do not overlap. Nobody changes by a whole rank.")
    assert "the rank correlation is not known" in order(Order("house", None, 2, 0, 0, 0.3, "A"))


def test_why_an_order_cannot_be_read():
    assert unreadable("a/house", False, {"house": "nothing"}) == ["The fit a/house has not converged."]
    assert unreadable("a/joint", True, {"house": "parties", "senate": "nothing"}) == [
        "The axis of a/joint explains no more of the votes in the senate than chance does."
    ]
    assert unreadable("a/house", True, {"house": "mirrored"}) == []
