"""What is said of both chambers: the link, House against Senate, joint against separate fits, and the axes."""

from typing import Annotated, TypedDict

from ...linking.names import METHOD_NAMES
from ...votes.unit import Unit
from .fields import Count, Factor, Field, Interval, NotNegative, OfChamber, Share, SomeCount


class LinkAndJoint(TypedDict):
    """One constant by the link and by the joint model."""

    link: Annotated[Interval, Field("By the link")]
    joint: Annotated[Interval, Field("By the joint model")]


class LinkBesideJoint(TypedDict):
    """The link beside the joint model, both on the House's headline scale."""

    A: Annotated[LinkAndJoint, Field("The factor")]
    B: Annotated[LinkAndJoint, Field("The shift")]
    agrees: Annotated[
        bool,
        Field("Whether the intervals of A and of B meet, and no probability across chambers differs by 0.5 or more"),
    ]
    mean_difference_sd: Annotated[
        NotNegative, Field("Mean distance of a senator's two places", unit="posterior standard deviations")
    ]
    overlap: Annotated[Share, Field("Share of senators whose two 90 % intervals meet")]
    mean_p_difference: Annotated[
        Share, Field("Difference of P(senator right of the House's median), mean over senators")
    ]
    max_p_difference: Annotated[Share, Field("The largest")]


class Link(TypedDict):
    """The separately fitted Senate on the House's scale: a senator at xi stands at A xi + B."""

    method: Annotated[str, Field("Linking method of these constants", values=tuple(METHOD_NAMES))]
    A_mean: Annotated[Factor, Field("Factor: a senator at xi stands at A xi + B on the House's scale")]
    A_q05: Annotated[Factor, Field("5 % quantile")]
    A_q95: Annotated[Factor, Field("95 % quantile")]
    B_mean: Annotated[
        float,
        Field(
            "Shift, on the scales of the two models; too narrow where lopsided roll calls were dropped (docs/model.md)"
        ),
    ]
    B_q05: Annotated[float, Field("5 % quantile")]
    B_q95: Annotated[float, Field("95 % quantile")]
    A_relative: Annotated[Interval, Field("How many times as far apart the Senate's parties are as the House's")]
    B_relative: Annotated[
        Interval,
        Field("Where the middle between the Senate's parties stands on the scale that puts the House's at -1 and +1"),
    ]
    n_anchors: Annotated[Count, Field("Shared bills that hold the scales together", unit="bills")]
    n_anchors_dropped: Annotated[
        Count,
        Field("Shared bills that do not: signs, no information, or unlike in the two chambers", unit="bills"),
    ]
    methods_agree: Annotated[
        bool,
        Field("Whether the 90 % intervals of A and of B (relative) of all linking methods meet"),
    ]
    joint: Annotated[
        LinkBesideJoint | None,
        Field("The link beside the joint model, both on the House's headline scale; null without a joint model"),
    ]


class SenateRight(TypedDict):
    """Probability that a pivot of the Senate stands right of the House's."""

    all: Annotated[Share, Field("All methods mixed")]
    link: Annotated[Share | None, Field("The linking methods mixed")]
    joint: Annotated[Share | None, Field("The joint model")]


class HouseVsSenate(TypedDict):
    """House against Senate by every method that has an answer."""

    weights: Annotated[dict[str, Share], Field("Of each method in the mixture")]
    p_senate_right: Annotated[
        dict[str, SenateRight],
        Field("By median or pivot: probability that the Senate's stands right of the House's"),
    ]
    findings: Annotated[
        list[str],
        Field("What nobody may overlook: methods that disagree, shared bills that are not one item"),
    ]


class SomeBills(TypedDict):
    """Joint model compared with separate fits, on the votes of some bills."""

    elpd_diff: Annotated[float, Field("Joint minus separate", unit="nats")]
    se: Annotated[float | None, Field("Standard error over bills", unit="nats")]


class Setting(TypedDict):
    """A prior in which joint and separate fits differ."""

    setting: Annotated[str, Field("Which")]
    joint: Annotated[str, Field("In the joint fit")]
    separate: Annotated[str, Field("In the separate fits")]


class JointVsSeparate(TypedDict):
    """Expected log predictive density of the joint model against the separate fits on the same votes."""

    n_votes: Annotated[SomeCount, Field("Votes compared", unit="votes")]
    n_bills: Annotated[SomeCount, Field("Clusters of votes: pairs (alpha, beta) of the joint model", unit="bills")]
    n_shared: Annotated[Count, Field("Bills with votes in both chambers", unit="bills")]
    elpd_joint: Annotated[float, Field("Of the joint model", unit="nats")]
    elpd_separate: Annotated[float, Field("Of the separate fits", unit="nats")]
    elpd_diff: Annotated[
        float, Field("Joint minus separate: positive where sharing bills predicts better", unit="nats")
    ]
    se: Annotated[float | None, Field("Standard error over bills", unit="nats")]
    mcse: Annotated[float, Field("Monte Carlo error of the estimate", unit="nats")]
    verdict: Annotated[str, Field("Beyond two standard errors, or not", values=("gains", "costs", "unclear"))]
    shared_bills: Annotated[SomeBills, Field("Of the votes on shared bills")]
    other_bills: Annotated[SomeBills, Field("Of all other votes")]
    by_chamber: Annotated[dict[str, float], Field("`elpd_diff` by chamber", unit="nats")]
    n_k_above: Annotated[Count, Field("Unreliable votes of all three fits", unit="votes")]
    settings: Annotated[
        list[Setting],
        Field("Priors in which the fits differ: with any, the difference is not the doing of the shared bills alone"),
    ]


class Axis(TypedDict):
    """What the axis of one fit separates in one chamber."""

    unit: Annotated[str, Field("Of which fit", values=tuple(unit.value for unit in Unit))]
    chamber: OfChamber
    verdict: Annotated[
        str,
        Field(
            "The parties, the parties upside down, a division that is not theirs, or no more than chance",
            values=("parties", "mirrored", "faction", "nothing"),
        ),
    ]
    d_mean: Annotated[
        float | None,
        Field("Distance of the party means, mean over the draws", unit="pooled standard deviations of members"),
    ]
    d_q05: Annotated[float | None, Field("5 % quantile")]
    d_q95: Annotated[float | None, Field("95 % quantile")]
    d_pc1: Annotated[float | None, Field("The same on the first principal component of the votes")]
    d_pc2: Annotated[float | None, Field("The same on the second")]
    eigenvalue_ratio: Annotated[float | None, Field("Of the first to the second component")]
