"""The answers of the comparison in planted situations, from finished experiments to sentences, made by hand."""

import numpy as np
import pytest
from variants import VOTES, XI, N, left_out, variant

from tallgrass_models.comparison.build import compare
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.priors.spec import BetaPriorSpec

HALFNORMAL = BetaPriorSpec("halfnormal", {"sigma": 2})
TYPICAL = "0.61"  # exp(-0.5), of every vote
SWAPPED = XI.copy()
SWAPPED[[np.argmin(XI), np.argmax(XI)]] = XI[[np.argmax(XI), np.argmin(XI)]]
ENDS = [str(VOTES.legislators["name"].iloc[k]) for k in (np.argmin(XI), np.argmax(XI))]
MOVER = f"{ENDS[0]} (Democrat) moves furthest, from rank 1 to {N} of {N} in the House"
UNMOVED = "party accounts for about as much of the variance between members (within a point)"
NOBODY = "nobody’s rank changes beyond its uncertainty"
EQUAL = "votes left out are predicted neither clearly better nor clearly worse"


def other(name="positive", **planted):
    return variant(name, **{"beta_prior": HALFNORMAL} | planted)


def group_of(*variants):
    content, _ = compare([variant("baseline"), *variants], {"small": [VOTES]})
    (group,) = content["groups"]
    return content, group


def test_identical_variants():
    content, group = group_of(variant("again"))
    assert (group["level"], group["question"]) == ("no", "Does the answer depend on the settings?")
    assert group["answer"] == (
        f"No: compared with baseline, members stand in the same order under again; {UNMOVED}; {NOBODY}; {EQUAL}."
    )
    assert content["verdict"][0]["prediction"] == "no clear difference"


def test_one_variant_under_which_two_members_change_places():
    content, group = group_of(other(xi=SWAPPED))
    assert (group["level"], group["question"]) == ("yes", "Does the answer depend on the prior?")
    assert group["answer"] == (
        f"Yes: compared with baseline, members stand in another order under positive; {UNMOVED}; {MOVER}; {EQUAL}."
    )
    (verdict,) = content["verdict"]
    movers = [(row["name"], row["rank_reference"], row["rank"]) for row in verdict["movers"]]
    assert sorted(movers) == sorted([(ENDS[0], 1, N), (ENDS[1], N, 1)])
    assert any(f"{ENDS[0]} (Democrat) from rank 1 to {N}" in reason for reason in verdict["reasons"])


def test_a_variant_that_predicts_far_worse_in_the_same_order():
    content, group = group_of(other(elpd=-0.7))
    assert group["answer"] == (
        f"No: compared with baseline, members stand in the same order under positive; {UNMOVED}; {NOBODY}; votes left "
        f"out are predicted far worse under positive (typical probability of a vote 0.50 instead of {TYPICAL})."
    )
    (verdict,) = content["verdict"]
    assert (verdict["level"], verdict["prediction"]) == ("no", "far worse")
    assert verdict["text"] == (
        "No: positive and baseline put members in the same order; positive predicts votes left out far worse (typical "
        f"probability of a vote 0.50 instead of {TYPICAL})."
    )
    n = len(left_out(0).obs)
    (told,) = (reason for reason in verdict["reasons"] if "votes left out" in reason)
    assert told.startswith(
        f"Of {n} votes left out in the House, positive calls 0.0\u00a0% right and baseline 100.0\u00a0%,"
    )
    assert f"positive predicts far worse (elpd −{0.2 * n:.0f}, standard error" in told


def test_a_mirrored_variant():
    content, group = group_of(other(axis="mirrored"))
    assert group["level"] == "no"
    (verdict,) = content["verdict"]
    assert verdict["text"].startswith(
        "No: positive and baseline put members in the same order (after turning positive, where the axis is upside "
        "down);"
    )
    assert verdict["places"][0]["turned"] == "positive"
    assert verdict["reasons"][0] == (
        "positive has found the same axis as baseline upside down in the House. Turned round, the rank correlation is "
        "1.00."
    )


@pytest.mark.parametrize(
    ("planted", "fault", "said", "predicted"),
    [
        ({"ok": False}, "not converged", "the fit of the House in positive has not converged", False),
        (
            {"sides": "the parties may sit on either side"},
            "sides open",
            "the fit of the House in positive leaves open on which side each party sits",
            True,
        ),
        (
            {"modes": "several modes"},
            "several modes",
            "the chains of the fit of the House in positive are not all in one place",
            False,
        ),
        (
            {"axis": "nothing"},
            "chance",
            "the axis of the fit of the House in positive explains no more of the votes than chance does",
            True,
        ),
        (
            {"axis": "mirrored", "kind": "spread"},
            "mirrored, not apart",
            "the fit of the House in positive has its axis upside down, and the parties are not clearly apart on it",
            True,
        ),
    ],
)
def test_each_fault_is_named_and_what_depends_on_it_withheld(planted, fault, said, predicted):
    content, group = group_of(other(xi=SWAPPED, **planted))
    loss = f"; {EQUAL}" if predicted else ""
    assert group["answer"] == f"It cannot be said: positive cannot be compared with baseline{loss}."
    (verdict,) = content["verdict"]
    found = next(entry for entry in content["experiments"] if entry["experiment"] == "positive")["faults"]
    assert [row["fault"] for row in found] == [fault]
    assert verdict["text"].startswith(f"It cannot be said: {said}")
    assert verdict["reasons"][0] == f"Ranks of the House are not compared, because {said}."
    assert ("votes left out" in verdict["text"]) is predicted
    assert (verdict["level"], verdict["movers"]) == ("unknown", [])
    assert (verdict["places"][0]["level"], verdict["places"][0]["spearman"]) == ("unknown", None)
    assert not any("ank" in reason for reason in (*verdict["reasons"][1:], *verdict["details"]))


def test_an_axis_that_only_one_of_two_fits_shares_is_an_answer():
    content, group = group_of(other(xi=SWAPPED, axis="faction"))
    assert group["level"] == "yes"
    (verdict,) = content["verdict"]
    assert verdict["movers"] == []
    assert verdict["text"].startswith(
        "Yes: in the House, the axis of baseline separates the parties and that of positive does not;"
    )
    assert group["answer"] == (
        f"Yes: compared with baseline, members are told apart along another axis under positive; {EQUAL}."
    )


@pytest.mark.parametrize(("sign", "level"), [(1, "no"), (-1, "unknown")])
def test_two_axes_that_are_not_the_parties(sign, level):
    """The order along another division can be compared, unless it runs the other way: no party tells which is left."""
    content, _ = compare([variant("baseline", axis="faction"), other(axis="faction", xi=sign * XI)], {"small": [VOTES]})
    (verdict,) = content["verdict"]
    assert verdict["level"] == level
    said = "neither fit has an axis that separates the parties" if sign > 0 else "run in opposite directions"
    assert any(said in reason for reason in verdict["reasons"])


def test_nine_variants():
    """Three the same, two in part, one other, one mirrored, one not converged, one far worse."""
    near = XI.copy()
    near[4] += 0.9
    planted = [
        *(other(f"same_{k}") for k in (1, 2, 3)),
        *(other(f"near_{k}", xi=near) for k in (1, 2)),
        other("shuffled", xi=SWAPPED),
        other("mirrored", axis="mirrored"),
        other("lost", ok=False),
        other("bad", elpd=-0.7),
    ]
    _, group = group_of(*planted)
    assert group["answer"] == (
        "Yes: compared with baseline, members stand in another order under shuffled; in a similar order under near_1 "
        "and near_2; in the same order under same_1, same_2, same_3, mirrored and bad; lost cannot be compared; "
        f"{UNMOVED}; {MOVER} under shuffled; votes "
        f"left out are predicted far worse under bad (typical probability of a vote 0.50 instead of {TYPICAL})."
    )
    assert len(group["experiments"]) == 10


def test_two_sessions_are_answered_apart_and_one_alone_not_at_all():
    votes = {name: [VOTES] for name in ("small", "us", "lone")}
    us = SessionConfig("us", title="The Congress", chamber_names={"house": "Assembly"})
    sweep = [variant("baseline"), other(), variant("first", session=us), variant("swap", session=us, xi=SWAPPED)]
    content, _ = compare([*sweep, variant("only", session="lone")], votes)
    small, congress, lone = content["groups"]
    assert [group["level"] for group in content["groups"]] == ["no", "yes", None]
    assert (small["title"], congress["title"], lone["answer"]) == ("Simulated session", "The Congress", "")
    assert "of 24 in the Assembly;" in congress["answer"]
    assert congress["chamber_names"] == {"house": "Assembly", "senate": "Senate"}
    assert lone["note"].startswith("only is the only experiment on this session")
    assert content["summary"][0] == "5 experiments on 3 sessions."
    assert content["summary"][1:] == [f"Simulated session: {small['answer']}", f"The Congress: {congress['answer']}"]


def test_a_variant_of_one_chamber_only():
    content, _ = compare([variant("baseline", senate=True), other()], {"small": [VOTES]})
    (verdict,) = content["verdict"]
    assert verdict["details"][0] == "positive has no fit of the Senate, so that of baseline is compared with none."
    assert [(row["unit"], row["chamber"]) for row in verdict["places"]] == [("house", "house")]


def test_a_party_share_that_differs_is_in_the_answer():
    _, group = group_of(other(share=0.7))
    assert group["level"] == "partly"
    same = "In part: compared with baseline, members stand in the same order under positive;"
    assert group["answer"].startswith(same)
    assert (
        "; party accounts for 70\u00a0% instead of 90\u00a0% of the variance between members of the House;"
        in (group["answer"])
    )
