"""Key findings in planted situations, against hand-made answers."""

import pytest
from markupsafe import Markup

from tallgrass_models.report.sections import (
    both_chambers,
    holder_sentences,
    party_sentences,
    readable,
    sign_sentences,
)
from tallgrass_models.report.sections import sentences as say
from tallgrass_models.report.sections.sentences import Holder, Moments

A, B, C, D = (Markup(name) for name in ("Ann", "Bo", "Cy", "Di"))


def holders(*probabilities: float) -> list[Holder]:
    return [Holder(Markup(f"M{k}"), p, f"at {k}") for k, p in enumerate(probabilities)]


# --- who
# ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("probabilities", "said"),
    [
        ((1.0,), "The median is M0 at 0."),
        ((0.02, 0.96, 0.02), "The median is M1 at 1."),
        ((0.3, 0.62, 0.08), "The median is probably M1 (probability 0.62) at 1."),
        ((0.5, 0.5), "The median is probably M0 (probability 0.50) at 0."),
        (
            (0.49, 0.48, 0.03),
            "No single member is clearly the median: two are about equally likely, M0 (0.49) and M1 (0.48).",
        ),
        (
            (0.2, 0.2, 0.2, 0.2, 0.2),
            "No single member is clearly the median: five are about equally likely, M0 (0.20), M1 (0.20), M2 (0.20) "
            "and 2 others.",
        ),
        (
            (0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1),
            "No single member is clearly the median: the likeliest is M0 (0.30).",
        ),
        (
            (0.3, 0.16, 0.1),
            "No single member is clearly the median: the likeliest are M0 (0.30) and M1 (0.16).",
        ),
        ((0.1,) * 10, "No single member is clearly the median: ten are about equally likely."),
        ((0.06,) * 6, "No single member is clearly the median: nobody has a probability above 0.06."),
        ((1 / 14,) * 14, "No single member is clearly the median: 14 are about equally likely."),
        ((), "It is not known who is the median."),
        ((0.0,), "It is not known who is the median."),
    ],
)
def test_nobody_is_named_alone_below_one_half_nor_at_all_at_0_06(probabilities: tuple[float, ...], said: str) -> None:
    assert holder_sentences.holds("the median", holders(*probabilities)) == said


def test_names_are_escaped() -> None:
    assert "<b>" not in holder_sentences.holds("the median", [Holder(Markup("{}").format("<b>x</b>"), 1.0)])


def test_ends_and_the_innermost() -> None:
    assert holder_sentences.ends(holders(0.97), holders(0.4, 0.35, 0.25)) == [
        "The leftmost member is M0 at 0. No single member is clearly the rightmost member: three are about equally "
        "likely, M0 (0.40), M1 (0.35) and M2 (0.25)."
    ]
    assert holder_sentences.innermost(holders(0.97), holders(0.6)) == [
        "The rightmost Democrat is M0 at 0. The leftmost Republican is probably M0 (probability 0.60) at 0."
    ]
    assert holder_sentences.innermost([], holders(1.0)) == []  # one party absent


# --- overlap
# -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (
            0.0,
            "The parties do not overlap: the probability that some Democrat stands right of some Republican is below "
            "0.01.",
        ),
        (
            0.05,
            "The parties do not overlap: the probability that some Democrat stands right of some Republican is 0.05.",
        ),
        (
            0.57,
            "It is uncertain whether the parties overlap: the probability that some Democrat stands right of some "
            "Republican is 0.57.",
        ),
        (
            0.94,
            "It is uncertain whether the parties overlap: the probability that some Democrat stands right of some "
            "Republican is 0.94.",
        ),
        (
            0.99,
            "The parties overlap: the probability that some Democrat stands right of some Republican is 0.99. "
            "About 4 members stand beyond the innermost member of the other party (90 % interval 2 to 7).",
        ),
    ],
)
def test_overlap_comes_from_its_probability(p: float, said: str) -> None:
    """A chamber of ten whose votes are noise has its estimates in order, and an open overlap."""
    assert say.overlap(p, Moments(4.2, 2, 7)) == said


# --- the median
# --------------------------------------------------------------------------------------------------------


def test_an_odd_chamber_has_a_median_member() -> None:
    one = Moments(-0.41, -0.5, -0.3)
    assert holder_sentences.median([Holder(A, 0.62), Holder(B, 0.38)], "the 41 members in this fit", 0.0, one, one) == (
        "The median of the chamber, over the 41 members in this fit, stands at −0.41. The median member is probably "
        "Ann (probability 0.62)."
    )
    assert holder_sentences.median(
        [Holder(A, 0.06), Holder(B, 0.06), Holder(C, 0.05)], "the 41 members in this fit", 0.0, one, one
    ) == (
        "The median of the chamber, over the 41 members in this fit, stands at −0.41. No single member is clearly the "
        "median member: nobody has a probability above 0.06."
    )


def test_an_even_chamber_has_a_median_between_two() -> None:
    """Senate of 100: the middle of Tester and Manchin is a place where nobody stands."""
    low, high = Moments(-0.91, -1, -0.8), Moments(-0.38, -0.5, -0.3)
    head = (
        "The median of the chamber, over the 100 members in this fit, lies between two members, who stand at −0.91 and "
        "−0.38 on average over the draws: "
    )
    assert (
        holder_sentences.median([Holder(A, 1.0), Holder(B, 0.98)], "the 100 members in this fit", 1.0, low, high)
        == head + "Ann and Bo."
    )
    assert holder_sentences.median(
        [Holder(A, 0.7), Holder(B, 0.98), Holder(C, 0.32)], "the 100 members in this fit", 1.0, low, high
    ) == (head + "Bo and probably Ann (probability 0.70).")
    assert holder_sentences.median(
        [Holder(A, 0.98), Holder(B, 0.4), Holder(C, 0.4)], "the 100 members in this fit", 1.0, low, high
    ) == (head + "one is Ann, and the other is uncertain.")
    assert holder_sentences.median(
        [Holder(A, 0.4), Holder(B, 0.4), Holder(C, 0.4), Holder(D, 0.4)], "the 100 members in this fit", 1.0, low, high
    ) == (head + "it is uncertain which, but the likeliest are Ann (0.40), Bo (0.40) and Cy (0.40).")


# --- parties
# -----------------------------------------------------------------------------------------------------------


def test_distance_and_share() -> None:
    assert party_sentences.distance(Moments(4.23, 4.0, 4.51)) == (
        "The averages of the parties stand 4.2 times as far apart as members typically stand from the average of their "
        "own party (90 % interval 4.0 to 4.5)."
    )
    assert party_sentences.share(Moments(0.925, 0.9, 0.94)).startswith(
        "Party accounts for 92\u00a0% of the variance between the members"
    )


def test_spreads_by_their_probability() -> None:
    assert party_sentences.spreads((25, 0.3), (15, 0.18), 0.01) == [
        "The 25 Democrats are more spread out than the 15 Republicans, with a standard deviation of 0.30 compared "
        "with 0.18."
    ]
    assert party_sentences.spreads((25, 0.3), (15, 0.5), 0.97) == [
        "The 15 Republicans are more spread out than the 25 Democrats, with a standard deviation of 0.50 compared "
        "with 0.30."
    ]
    assert party_sentences.spreads((25, 0.3), (15, 0.29), 0.4) == [
        "It is uncertain which party is more spread out. The standard deviation of the 25 Democrats is 0.30 and "
        "that of the 15 Republicans is 0.29. The probability that the former is larger is 0.60."
    ]
    assert party_sentences.spreads((1, 0.0), (15, 0.29), None) == []  # one Democrat has no spread


def test_averages_where_the_parties_are_no_scale() -> None:
    assert party_sentences.averages((5, Moments(-0.7, -1, -0.1)), (1, Moments(0.7, 0.1, 1))) == (
        "On average, the 5 Democrats stand at −0.70 (90 % interval −1.00 to −0.10) and the one Republican stands "
        "at +0.70 (90 % interval 0.10 to 1.00), in standard deviations of the chamber’s members from their average."
    )


def test_two_chambers_on_one_scale() -> None:
    ratio = Moments(1.32, 1.2, 1.45)
    assert both_chambers.gaps(ratio, 0.99) == (
        "The parties stand further apart in the Senate: the distance between the parties’ averages is 1.32 times as "
        "large in the Senate as in the House (90 % interval 1.20 to 1.45)."
    )
    assert both_chambers.gaps(ratio, 0.01).startswith("The parties stand further apart in the House: ")
    assert both_chambers.gaps(ratio, 0.5).startswith(
        "It is uncertain in which chamber the parties stand further apart: "
    )


# --- fits that cannot be read, and mirrored ones
# -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("converged", "axis", "against", "reason"),
    [
        (True, "parties", False, ""),
        (True, "mirrored", False, ""),  # turned round, everything stands
        (True, None, False, ""),
        (False, "parties", False, "this fit has not converged"),
        (False, "nothing", True, "this fit has not converged"),
        (None, "parties", False, "convergence was not recorded"),
        (True, "nothing", False, "the axis of this fit explains no more of the votes than chance does"),
        (True, "faction", False, "the axis of this fit does not separate the parties"),
        (
            True,
            "mirrored",
            True,
            "in this fit its parties stand the other way round than those of the House, which sets the scale",
        ),
    ],
)
def test_why_a_fit_is_not_read(converged: bool | None, axis: str | None, against: bool, reason: str) -> None:
    assert readable.why_unreadable(converged, axis, against) == reason


def test_a_mirrored_fit_is_told_as_such() -> None:
    head = (
        "<strong>House: the model has found the parties’ axis upside down.</strong> In the model’s own numbers, "
        "Republicans stand on the left. This page turns positions, ranks and bills round."
    )
    assert sign_sentences.mirrored("House", None) == head
    assert sign_sentences.mirrored("House", (40, 200)) == head  # most bills are the Republicans': no explanation
    assert sign_sentences.mirrored("House", (1636, 120)) == head + (
        " Its prior makes Yea the same side of the axis on every roll call, and Yea is certainly the Democratic side "
        "on more of them (1,636) than the Republican (120)."
    )


@pytest.mark.parametrize(
    ("side", "n", "slopes", "said"),
    [
        (
            "Republican",
            103,
            (0.25, 4.7),
            "House: in this fit, Yea is the Republican side on every roll call. On 103 of 280 roll calls, Yea is "
            "certainly the Democratic side. The fit makes those bills flat: their median slope per standard "
            "deviation of members is 0.25, compared with 4.70 for the others.",
        ),
        (
            "Democrat",
            12,
            (9.0, 4.7),
            "House: in this fit, Yea is the Democratic side on every roll call. On 12 of 280 roll calls, Yea is "
            "certainly the Republican side. The fit does not make those bills flat: their median slope per "
            "standard deviation of members is 9.00, compared with 4.70 for the others.",
        ),
        (
            "Democrat",
            0,
            (None, 4.7),
            "House: in this fit, Yea is the Democratic side on every roll call. Yea is not certainly the "
            "Republican side on any of 280 roll calls.",
        ),
    ],
    ids=["flat", "not flat", "none"],
)
def test_bills_of_the_wrong_sign(side: str, n: int, slopes: tuple[float | None, float | None], said: str) -> None:
    assert sign_sentences.wrong_sign("House", side, n, 280, slopes) == said
    joint = sign_sentences.wrong_sign("House", side, n, 280, slopes, shared=True)
    assert joint == said.replace("280 roll calls", "280 roll calls (shared bills counted once)")


def test_the_prior_is_told_by_what_it_allows() -> None:
    assert "either sign" in sign_sentences.prior("House model", "Normal(0, 1)", False, False)
    assert "the same side of the axis on every bill" in sign_sentences.prior("House model", "LogNormal", True, False)
    oriented = sign_sentences.prior("House model", "LogNormal", True, True)
    assert "no bill has the wrong sign" in oriented
    assert "every bill" not in oriented


def test_one_count_of_features_with_what_chance_would_do() -> None:
    assert say.features(13, 1, 0.65, "house-replicated") == (
        'The model reproduces <a href="#house-replicated">12 of 13 features of the votes</a>. By chance it would '
        "miss 0.7 on average."
    )
    assert "13 of 13 features of the votes" in say.features(13, 0, 0.65, "a")


@pytest.mark.parametrize(
    ("apre", "said"),
    [
        (0.9449, ". It avoids 94\u00a0% of the errors of a guess that everybody votes with the majority (APRE)."),
        (-0.02, ", which is no better than a guess that everybody votes with the majority (APRE −0.02)."),
        (None, "."),  # no vote against any majority
    ],
)
def test_votes_classified_and_errors_avoided(apre: float | None, said: str) -> None:
    assert say.classified(0.975, apre) == "The model classifies 97.5\u00a0% of the votes correctly" + said
