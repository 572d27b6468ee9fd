"""Records of both chambers: the link, House against Senate, and the axes."""

from typing import Annotated, TypedDict

from ...files.names import METHOD_NAMES
from ...files.records.fields import Count, Factor, Field, Interval, OfChamber, Share
from ...files.records.linking import LinkBesideJoint
from ...votes.unit import Unit


class Link(TypedDict):
    """The link of the separately fitted Senate to the House's scale, where a senator at xi stands at A xi + B."""

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
    """Comparison of House and Senate by every method that has an answer."""

    weights: Annotated[dict[str, Share], Field("Of each method in the mixture")]
    p_senate_right: Annotated[
        dict[str, SenateRight],
        Field("By median or pivot: probability that the Senate's stands right of the House's"),
    ]
    findings: Annotated[
        list[str],
        Field("What nobody may overlook: methods that disagree, shared bills that are not one item"),
    ]


class Axis(TypedDict):
    """The verdict on what the axis of one fit separates in one chamber."""

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
