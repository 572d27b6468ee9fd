"""Records of linking.json and axis.json: the link, House against Senate, joint against separate fits, and the axes."""

from typing import Annotated, TypedDict

from .fields import (
    BRIDGES,
    Count,
    Field,
    Interval,
    Legislator,
    MemberName,
    Moments,
    NotNegative,
    OfChamber,
    OfParty,
    Share,
    SomeCount,
)


class LinkAndJoint(TypedDict):
    """One constant by the link and by the joint model."""

    link: Annotated[Interval, Field("By the link")]
    joint: Annotated[Interval, Field("By the joint model")]


class ConstantsBeside(TypedDict):
    """The constants by the link beside those by the joint model."""

    A: Annotated[LinkAndJoint, Field("The factor")]
    B: Annotated[LinkAndJoint, Field("The shift")]


class Agrees(TypedDict):
    """The answer to whether link and joint model agree."""

    agrees: Annotated[
        bool,
        Field("Whether the intervals of A and of B meet, and no probability across chambers differs by 0.5 or more"),
    ]


class PlacesBeside(TypedDict):
    """Distances between the places of senators by the link and by the joint model."""

    mean_difference_sd: Annotated[
        NotNegative, Field("Mean distance of a senator's two places", unit="posterior standard deviations")
    ]
    overlap: Annotated[Share, Field("Share of senators whose two 90 % intervals meet")]
    mean_p_difference: Annotated[
        Share, Field("Difference of P(senator right of the House's median), mean over senators")
    ]
    max_p_difference: Annotated[Share, Field("The largest")]


class LinkBesideJoint(ConstantsBeside, Agrees, PlacesBeside):
    """The link beside the joint model, both on the House's headline scale."""


class SomeBills(TypedDict):
    """Comparison of the joint model with separate fits, on the votes of some bills."""

    elpd_diff: Annotated[float, Field("Joint minus separate", unit="nats")]
    se: Annotated[float | None, Field("Standard error over bills", unit="nats")]


class Setting(TypedDict):
    """A prior in which joint and separate fits differ."""

    setting: Annotated[str, Field("Which")]
    joint: Annotated[str, Field("In the joint fit")]
    separate: Annotated[str, Field("In the separate fits")]


class JointVsSeparate(TypedDict):
    """Expected log predictive density of the joint model, compared with that of the separate fits on the same votes."""

    n_votes: Annotated[SomeCount, Field("Votes compared", unit="votes")]
    n_bills: Annotated[SomeCount, Field("Clusters of votes: pairs (alpha, beta) of the joint model", unit="bills")]
    n_shared: Annotated[Count, Field("Shared bills that tie the chambers", unit="bills")]
    bridges: Annotated[str, Field("How they do", values=BRIDGES)]
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


class SenateBeside(ConstantsBeside, PlacesBeside):
    """The Senate by the link and by the joint model, and the senator whom they place most differently."""

    n_senate: Annotated[SomeCount, Field("Senators compared", unit="members")]
    max_p_member: Annotated[str, Field("Name of the senator of `max_p_difference`")]


class JointAgreement(SenateBeside, Agrees):
    """The Senate by the link and by the joint model, and whether the two agree."""


class RelativeConstants(TypedDict):
    """A and B of a method on the House's relative scale."""

    A_relative_median: Annotated[float, Field("Median of the factor")]
    A_relative_q05: Annotated[float, Field("5 % quantile")]
    A_relative_q95: Annotated[float, Field("95 % quantile")]
    B_relative_median: Annotated[float, Field("Median of the shift")]
    B_relative_q05: Annotated[float, Field("5 % quantile")]
    B_relative_q95: Annotated[float, Field("95 % quantile")]


class MethodConstants(TypedDict):
    """A and B of a linking method on the scales of the two models, and their change when an anchor is left out."""

    method: Annotated[str, Field("Which")]
    A_mean: Annotated[float, Field("Mean of the factor over the draws", above=0)]
    A_sd: Annotated[float, Field("Standard deviation")]
    A_q05: Annotated[float, Field("5 % quantile")]
    A_q95: Annotated[float, Field("95 % quantile")]
    A_median: Annotated[float, Field("Median")]
    B_mean: Annotated[float, Field("Mean of the shift over the draws")]
    B_sd: Annotated[float, Field("Standard deviation")]
    B_q05: Annotated[float, Field("5 % quantile")]
    B_q95: Annotated[float, Field("95 % quantile")]
    B_median: Annotated[float, Field("Median")]
    n_draws: Annotated[Count, Field("Draws that the method has an answer in")]
    A_all: Annotated[float, Field("The factor with unlike bills among the anchors")]
    B_all: Annotated[float, Field("The shift with them")]
    A_jackknife_se: Annotated[float, Field("Standard error of the factor over anchors left out")]
    B_jackknife_se: Annotated[float, Field("The same of the shift")]
    jackknife_anchor: Annotated[str, Field("Bill that moves the Senate most if it is left out")]
    jackknife_A: Annotated[float, Field("The factor without it")]
    jackknife_B: Annotated[float, Field("The shift without it")]


class Method(MethodConstants, RelativeConstants):
    """One linking method."""


class AnchorCounts(TypedDict):
    """Numbers of shared bills that are anchors, and of others by the reason against them."""

    n_shared: Annotated[Count, Field("Shared bills", unit="bills")]
    n_sign_disagrees: Annotated[Count, Field("Not used: the signs of beta differ", unit="bills")]
    n_sign_uncertain: Annotated[Count, Field("Not used: a sign is not certain", unit="bills")]
    n_uninformative: Annotated[Count, Field("Not used: no information", unit="bills")]
    n_unlike: Annotated[Count, Field("Not used: unlike in the two chambers", unit="bills")]
    n_used: Annotated[Count, Field("Used", unit="bills")]


class Said(TypedDict):
    """A probability or a median by all methods mixed, by the linking methods, by the joint model, and by each."""

    value: Annotated[float | None, Field("All methods mixed")]
    q05: Annotated[float | None, Field("5 % quantile; null of a probability")]
    q95: Annotated[float | None, Field("95 % quantile")]
    link_value: Annotated[float | None, Field("The linking methods mixed; null without one")]
    link_q05: Annotated[float | None, Field("5 % quantile")]
    link_q95: Annotated[float | None, Field("95 % quantile")]
    joint_value: Annotated[float | None, Field("The joint model; null without one")]
    joint_q05: Annotated[float | None, Field("5 % quantile")]
    joint_q95: Annotated[float | None, Field("95 % quantile")]
    methods: Annotated[dict[str, float | None], Field("The value by each method")]


class Statement(Said):
    """A statement on where a median or pivot of the Senate stands beside the House's."""

    key: Annotated[str, Field("Its name")]
    statement: Annotated[str, Field("In words")]
    kind: Annotated[str, Field("What the value is", values=("probability", "distance"))]


class ChosenMember(TypedDict):
    """A member at the end or in the middle of a chamber."""

    legislator: Legislator
    name: MemberName
    chamber: OfChamber
    party: OfParty


class Chosen(TypedDict):
    """Some members of both chambers, and who of them stands right of whom."""

    members: Annotated[list[ChosenMember], Field("From left to right")]
    right_of: Annotated[list[list[Share]], Field("Probability that the one of the row stands right of the column's")]


class Finding(TypedDict):
    """A sentence that is worth knowing, or that nobody may overlook."""

    level: Annotated[str, Field("How loud", values=("bad", "note"))]
    about: Annotated[str, Field("Where members stand, or prediction", values=("places", "prediction"))]
    text: Annotated[str, Field("The sentence")]


class AcrossChambers(TypedDict):
    """Findings across chambers of the methods that have an answer. They are null without one."""

    weights: Annotated[dict[str, Share] | None, Field("Of each method in the mixture")]
    statements: Annotated[list[Statement] | None, Field("The Senate's medians and pivots beside the House's")]
    chosen: Annotated[Chosen | None, Field("Who stands right of whom")]
    joint: Annotated[JointAgreement | None, Field("The link beside the joint model")]
    joint_constants: Annotated[RelativeConstants | None, Field("A and B by the joint model")]


class Linking(AcrossChambers):
    """The whole of linking.json. Where nothing is linked, what is not known is null."""

    linked: Annotated[bool, Field("Whether the chambers are linked")]
    reason: Annotated[str | None, Field("Why not")]
    session: Annotated[str, Field("Name of the session")]
    reference: Annotated[str, Field("Chamber whose scale is kept", values=("house",))]
    method: Annotated[str, Field("The linking method of the headline numbers")]
    n_draws: Annotated[Count, Field("Draws behind them")]
    scale: Annotated[str | None, Field("Kind of the common scale", values=("parties", "spread"))]
    senate_turned: Annotated[bool | None, Field("Whether the Senate was turned first")]
    anchors: Annotated[AnchorCounts | None, Field("Shared bills used and not")]
    methods: Annotated[list[Method] | None, Field("One row for each linking method")]
    methods_agree: Annotated[bool | None, Field("Whether the 90 % intervals of all of them meet")]
    joint_vs_separate: Annotated[JointVsSeparate | None, Field("Joint model against separate fits")]
    findings: Annotated[list[Finding], Field("What is to be told")]


class LeastMinority(TypedDict, total=False):
    """The filter of roll calls."""

    min_minority_share: Annotated[Share, Field("Those with at least such a minority")]
    min_party_minority_share: Annotated[Share, Field("Those that divide a party at least so")]


class SomeRollCalls(LeastMinority):
    """The first component of some of the roll calls, compared with the axis."""

    n_rollcalls: Annotated[Count, Field("Roll calls", unit="roll calls")]
    d_pc1: Annotated[float | None, Field("Distance of the parties on it", unit="pooled standard deviations of members")]
    correlation_axis: Annotated[float | None, Field("Correlation with the axis")]


class AxisNumbers(TypedDict):
    """Numbers by which the axis of a chamber is judged."""

    n_democrats: Annotated[Count, Field("Democrats", unit="members")]
    n_republicans: Annotated[Count, Field("Republicans", unit="members")]
    d: Annotated[Moments | None, Field("Distance of the parties", unit="pooled standard deviations of members")]
    d_pc1: Annotated[float | None, Field("The same on the first principal component of the votes")]
    d_pc2: Annotated[float | None, Field("The same on the second")]
    correlation_pc1: Annotated[float | None, Field("Correlation of the axis with the first component")]
    correlation_pc2: Annotated[float | None, Field("The same with the second")]
    eigenvalue_ratio: Annotated[float | None, Field("Of the first to the second component")]
    share_pc1: Annotated[float, Field("Share of the variance in the first component")]
    share_pc2: Annotated[float, Field("The same of the second")]
    share_axis: Annotated[float, Field("Share of the votes that the axis explains")]
    share_chance_q95: Annotated[float, Field("What chance explains in 95 of 100 cases")]


class AxisVerdict(AxisNumbers):
    """The verdict on what the axis of a chamber separates."""

    verdict: Annotated[str, Field("What", values=("parties", "mirrored", "faction", "nothing"))]
    text: Annotated[str, Field("The same in words")]
    contested: Annotated[SomeRollCalls | None, Field("Of contested roll calls; null where they are few")]
    divided: Annotated[SomeRollCalls | None, Field("Of roll calls that divide a party; null where they are few")]


class UnitAxis(AxisVerdict):
    """The verdict on the axis of a chamber in one fit."""

    unit: Annotated[str, Field("Of which fit")]
    chamber: OfChamber


class Axes(TypedDict):
    """The whole of axis.json."""

    units: Annotated[list[UnitAxis], Field("Each chamber in each fit")]
