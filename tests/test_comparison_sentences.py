"""Sentences and thresholds of the comparison, from plain numbers, against hand-made answers."""

import math

import pytest

from tallgrass_models.comparison.answers import Judged, answer, gravest, question
from tallgrass_models.comparison.prediction import Prediction, clause, judged, overall, told, typical
from tallgrass_models.comparison.sentences import (
    Mover,
    Order,
    Shares,
    largest,
    movers,
    order,
    order_clause,
    turned,
    withheld,
)
from tallgrass_models.comparison.words import Pair, Where, changed, fault_words, number, together
from tallgrass_models.files.readable import Fault
from tallgrass_models.votes.naming import ChamberNames
from tallgrass_models.votes.unit import Unit
from tallgrass_models.wording.numbers import among

PAIR = Pair("positive", "baseline")
CALLED = ChamberNames("Assembly", "Senate")


def predicted(place="in the House", difference=-900.0, se=100.0, n=10_000, joint=False):
    return Prediction(place, joint, n, difference, se, 0.8, 0.8 * math.exp(difference / n), 0.92, 0.905)


HOUSE = predicted()  # 0.09 a vote
SENATE = predicted("in the Senate", -300.0)  # 0.03 a vote
NONE = predicted("in the Senate", -150.0)
BETTER = predicted("in the Senate", 700.0)
JOINT = predicted("in the joint model", -5_000.0, joint=True)


@pytest.mark.parametrize(
    ("difference", "se", "n", "found"),
    [
        (-199, 100, 1_000, "no clear difference"),
        (-200, 100, 1_000, "far worse"),
        (-200, 100, 4_001, "worse"),  # a little less than 0.05 a vote
        (200, 100, 4_000, "far better"),
        (200, 100, 5_000, "better"),
        (-3.9, 0.1, 10, "no clear difference"),  # too small for its standard error to be relied on
        (-4.0, 0.1, 10, "far worse"),
        (-900, math.nan, 1_000, "no clear difference"),
    ],
)
def test_thresholds_of_predictive_loss(difference, se, n, found):
    assert judged(difference, se, n) == found


@pytest.mark.parametrize(
    ("found", "said", "word"),
    [
        ([], "", "unknown"),
        ([NONE], "neither predicts votes left out clearly better", "no clear difference"),
        (
            [HOUSE],
            "positive predicts votes left out far worse (typical probability of a vote 0.73 instead of 0.80)",
            "far worse",
        ),
        (
            [HOUSE, SENATE],  # 1,200 of 20,000 votes
            "positive predicts votes left out far worse (typical probability of a vote 0.75 instead of 0.80)",
            "far worse",
        ),
        (
            [SENATE, JOINT],  # the joint model has the same votes, so that it does not say how far
            "positive predicts votes left out worse (typical probability of a vote 0.78 instead of 0.80)",
            "worse",
        ),
        (
            [NONE, JOINT],
            "positive predicts votes left out far worse in the joint model (typical probability of a vote 0.49 "
            "instead of "
            "0.80)",
            "far worse",
        ),
        (
            [HOUSE, NONE],
            "positive predicts votes left out far worse in the House (typical probability of a vote 0.73 instead of "
            "0.80)",
            "far worse",
        ),
        (
            [BETTER],
            "positive predicts votes left out far better (typical probability of a vote 0.86 instead of 0.80)",
            "far better",
        ),
        (
            [HOUSE, BETTER],
            "positive predicts votes left out better in the Senate and worse in the House",
            "mixed",
        ),
    ],
    ids=["none", "open", "far", "both", "joint too", "joint only", "one place", "better", "both ways"],
)
def test_the_loss_is_told_with_its_size_and_place(found, said, word):
    assert clause(found, PAIR) == said
    assert overall(found) == word


def test_the_joint_model_has_the_votes_of_both_chambers_once_more():
    assert typical([HOUSE, JOINT]) == pytest.approx((0.8, 0.8 * math.exp(-0.09)))
    assert typical([JOINT]) == pytest.approx((0.8, 0.8 * math.exp(-0.5)))


def test_one_fit_is_told_in_shares_probabilities_and_elpd():
    found = Prediction("in the Assembly", False, 33_506, -4338.4, 410.2, 0.842, 0.74, 0.9312, 0.8951)
    assert told(found, PAIR) == (
        "Of 33,506 votes left out in the Assembly, positive calls 89.5\u00a0% right and baseline 93.1\u00a0%, with a "
        "typical "
        "probability of 0.740 and 0.842; positive predicts far worse (elpd −4,338, standard error 410 by roll call)."
    )
    assert told(NONE, PAIR).endswith(
        "; the difference is no more than chance variation (elpd −150, standard error 100 by roll call)."
    )
    alike = Prediction("in the House", False, 10, 0.0, math.nan, 0.8, 0.8, 0.9, 0.9)
    assert told(alike, PAIR).endswith("(elpd 0, no standard error).")


def test_a_mirrored_fit_is_told_as_the_same_axis():
    two = [("the House", 0.872), ("the Senate", 0.91)]
    assert turned("positive", "baseline", two) == (
        "positive has found the same axis as baseline upside down in the House and the Senate. Turned round, the rank "
        "correlation is 0.87 and 0.91."
    )
    for value, text in ((-0.1, "−0.10"), (None, "not known")):
        assert turned("positive", "baseline", [("the House", value)]) == (
            "positive has the Republicans on the left in the House. Turned round, its order has little in common "
            "with that "
            f"of baseline (rank correlation {text})."
        )


@pytest.mark.parametrize(
    ("levels", "everywhere", "by_share", "said"),
    [
        ({"no": ["the House", "the Senate"]}, True, [], "positive and baseline put members in the same order"),
        ({"no": ["the House"]}, False, [], "positive and baseline put members of the House in the same order"),
        (
            {"yes": ["the Senate"], "no": ["the House"]},
            True,
            [],
            "positive and baseline put members of the Senate in different orders; they put members of the House in "
            "the same "
            "order",
        ),
        (
            {"partly": ["the House", "the Senate"]},
            True,
            ["the Senate"],
            "positive and baseline put members of the House in similar orders that are not the same; they put "
            "members of the "
            "Senate in the same order",
        ),
    ],
)
def test_order_by_place(levels, everywhere, by_share, said):
    assert order_clause(levels, PAIR, everywhere, by_share) == said


def test_both_chambers_of_the_joint_model_are_named_at_once():
    places = ["the House", "the House in the joint model", "the Senate in the joint model"]
    assert together(places) == "the House and both chambers in the joint model"
    assert together(places[:2]) == "the House and the House in the joint model"
    assert withheld(places[1:], ["a is open", "b is open", "a is open"]) == (
        "Ranks of both chambers in the joint model are not compared, because a is open and b is open."
    )


def test_order_in_words():
    found = Order(0.9871, 80, 7, 1, -12.4, "Ann Smith")
    assert order([("the House", found), ("the Senate", Order(0.991, 40, 0, 0, 1.0, "B"))]) == (
        "Rank correlation: 0.987 in the House (beyond both 90 % intervals of rank: 1 of 80 members), 0.991 in the "
        "Senate (0 "
        "of 40)."
    )
    assert largest("the House", found) == (
        "In the House, the mean rank of 7 of 80 members lies outside the 90 % interval in the reference. The largest "
        "change "
        "is 12 ranks to the left (Ann Smith)."
    )
    assert largest("the House", Order(1.0, 2, 0, 0, 0.3, "A")).endswith("reference. Nobody changes by a whole rank.")
    assert largest("the House", Order(1.0, 2, 0, 0, 1.2, "A")).endswith(
        "The largest change is 1 rank to the right (A)."
    )


def test_those_who_move_are_named_place_by_place():
    found = [
        Mover("Ann Smith", "Republican", "the House", 80, 12.2, 60.4),
        Mover("Bo Li", "Democrat", "the Senate", 40, 3.0, 9.0),
        Mover("Cy Roe", "Democrat", "the House", 80, 40.0, 20.0),
    ]
    assert movers(found) == (
        "Those who move furthest: Ann Smith (Republican) from rank 12 to 60, Cy Roe (Democrat) from rank 40 to 20 of "
        "80 in "
        "the House; Bo Li (Democrat) from rank 3 to 9 of 40 in the Senate."
    )


def test_faults_are_named_with_the_names_of_the_chambers():
    house, senate = Where(Unit.HOUSE, "house", CALLED), Where(Unit.JOINT, "senate", CALLED)
    assert fault_words(Fault.NOT_CONVERGED, house, "a") == "the fit of the Assembly in a has not converged"
    assert fault_words(Fault.NOT_CONVERGED, senate, "a") == "the joint model in a has not converged"
    assert fault_words(Fault.CHANCE, senate, "a") == (
        "the axis of the joint model in a explains no more of the votes in the Senate than chance does"
    )
    assert fault_words(Fault.AGAINST_HOUSE, senate, "a") == (
        "the joint model in a has the parties of the Senate the other way round than those of the Assembly"
    )
    for fault in Fault:
        assert fault_words(fault, house, "a")


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        (["beta_prior", "joint.beta_prior", "chambers", "gates.rhat"], "the prior"),
        (["session.min_votes"], "the filters"),
        (["sampling.seed", "sampling.draws"], "how it was sampled"),
        (["beta_prior", "sampling.draws"], "the settings"),
        (["structure"], "the structure of the model"),
        (["covariates", "structure"], "the structure of the model"),
        (["session.caucus"], "the settings"),
        ([], "the settings"),
    ],
)
def test_the_question_is_that_of_the_settings_that_differ(settings, asked):
    assert question(settings) == f"Does the answer depend on {asked}?"


def test_the_answer_takes_the_largest_difference_of_all_variants():
    wider = Shares((0.88, 0.86, 0.90), (0.95, 0.93, 0.97))
    little = Shares((0.88, 0.86, 0.90), (0.90, 0.88, 0.92))
    ann, bo = (Mover(name, "Republican", "the House", 80, 10, rank) for name, rank in (("Ann", 40), ("Bo", 60)))
    variants = [
        Judged("a", "partly", True, [HOUSE], [ann], [("the House", little)], "", "the House"),
        Judged("b", "yes", True, [HOUSE, BETTER], [bo, ann], [("the House", wider), ("the Senate", little)]),
        Judged("c", "unknown", False),
    ]
    assert gravest(variants) == "yes"
    assert answer(variants, "base") == (
        "Yes: compared with base, members stand in another order under b; in a similar order under a (in the House); "
        "c cannot be "
        "compared; "
        "party accounts for 95\u00a0% instead of 88\u00a0% of the variance between members of the House under b; Bo "
        "(Republican) moves furthest, from rank 10 to 60 of 80 in the House under b; votes left out are predicted "
        "far worse "
        "under a (typical probability of a vote 0.73 instead of 0.80) and better in some fits and worse in others "
        "under b."
    )
    assert gravest(variants[2:]) == "unknown"
    assert answer(variants[2:], "base") == "It cannot be said: c cannot be compared with base."


def test_numbers_and_lists():
    assert changed(0.801, 0.733) == "0.73 instead of 0.80"
    assert changed(0.881, 0.876) == "0.876 instead of 0.881"
    assert [number(value, 2) for value in (-0.001, -1.5, 1234.5, None, math.nan)] == [
        *("0.00", "−1.50", "1,234.50", "not known", "not known"),
    ]
    assert [among(list(names)) for names in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]
