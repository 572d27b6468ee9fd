"""What linking.json and axis.json hold: the link, House against Senate, joint against separate fits, the axes."""

from typing import Annotated, TypedDict

from .fields import Count, Field, Interval, NotNegative, Share, SomeCount


class LinkAndJoint(TypedDict):
    """One constant by the link and by the joint model."""

    link: Annotated[Interval, Field("By the link")]
    joint: Annotated[Interval, Field("By the joint model")]


class LinkBesideJoint(TypedDict):
    """The link beside the joint model, both on the House's relative scale."""

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


class SomeBills(TypedDict):
    """Joint against separate fits, on the votes of some bills."""

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
