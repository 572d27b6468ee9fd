"""Records of the statistics of a fit in summary.json and metrics.json.

They cover sides, classified votes, parties, scale, recovery and wrong-sign bills.
"""

from typing import Annotated, NotRequired, TypedDict

from ..forms import DOUBTS, FORMS
from .fields import (
    BRIDGES,
    ChamberName,
    Correlation,
    Count,
    Field,
    Interval,
    Legislator,
    MemberName,
    Moments,
    NotNegative,
    OfChamber,
    OfParty,
    PartyName,
    Probability,
    Share,
    WithError,
)


class Assignment(TypedDict):
    """One of the assignments of parties to sides that were tried."""

    reversed: Annotated[list[ChamberName], Field("Chambers in which Republicans sit left of Democrats.")]
    log_evidence: Annotated[float | None, Field("Lower bound of the log evidence", unit="nats")]
    se: Annotated[float | None, Field("Its Monte Carlo standard error", unit="nats")]


class Assignments(TypedDict):
    """The assignments of parties to sides that were tried."""

    tried: Annotated[list[Assignment], Field("The best first", least=2, most=4)]
    gap: Annotated[
        float | None, Field("Log evidence of the best assignment less that of the second (lower bounds).", unit="nats")
    ]
    close: Annotated[float, Field("A smaller gap leaves the sides in doubt.", unit="nats")]
    doubt: Annotated[
        str,
        Field(
            "What the evidences say of the sides. They are unknown where an error is above a quarter of its gap.",
            values=DOUBTS,
        ),
    ]


class InCoordinates(TypedDict):
    """The coordinates in which a fit was sampled."""

    coordinates: Annotated[
        str,
        Field(
            "In which the fit was sampled; reference in place of the fast ones asked for where form is textbook.",
            values=("fast", "reference"),
        ),
    ]


class Bridges(TypedDict):
    """How shared bills tie the chambers of a joint model; what is about differing sides is null unless they differ."""

    kind: Annotated[
        str,
        Field(
            "One item for both chambers, the same but for bills that the link rejects, or two sides that may differ",
            values=BRIDGES,
        ),
    ]
    n_shared: Annotated[Count, Field("Bills with votes in both chambers", unit="bills")]
    n_freed: Annotated[Count, Field("Of these, bills that `screened` freed: an item in each chamber", unit="bills")]
    freed: Annotated[list[str], Field("Their names")]
    tau_alpha: Annotated[Interval | None, Field("Standard deviation of the differences of alpha", unit="logits")]
    tau_beta: Annotated[Interval | None, Field("That of the differences of beta, or of log beta")]
    delta: Annotated[
        Interval | None, Field("Mean difference of alpha: above 0 Yea is rarer in the Senate", unit="logits")
    ]
    on_log: Annotated[bool, Field("Whether `tau_beta` is of log beta, because the prior of beta is positive")]
    confounded: Annotated[
        bool, Field("Whether `delta` cannot be told from a shift of the members: under a positive prior of all bills")
    ]


class FormChoice(TypedDict):
    """The form of a fast model, and the assignments of sides that decided it. It is empty for other models."""

    form: NotRequired[Annotated[str, Field("Form that was sampled", values=FORMS)]]
    reason: NotRequired[Annotated[str, Field("Why that form")]]
    sides: NotRequired[Annotated[Assignments, Field("What was tried")]]


class Sides(InCoordinates, FormChoice):
    """The side on which each party sits: the assignments tried, the best first, and the form that was sampled."""


class Classification(TypedDict):
    """Classification of votes by the posterior means, in sample."""

    n_votes: Annotated[Count, Field("Votes", unit="votes")]
    errors: Annotated[Count, Field("Votes classified wrongly", unit="votes")]
    minority: Annotated[Count, Field("Votes against the majority of their roll call", unit="votes")]
    correct: Annotated[Share | None, Field("Share of votes classified correctly")]
    apre: Annotated[
        float | None,
        Field("Aggregate proportional reduction in error against voting with the majority", maximum=1),
    ]
    gmp: Annotated[Share | None, Field("Geometric mean probability of a vote")]


class OfOneChamber(TypedDict):
    """The chamber to which a record belongs."""

    chamber: OfChamber


class Crossing(TypedDict):
    """Overlap of two parties."""

    any: Annotated[Probability, Field("That a Republican stands left of a Democrat")]
    pairs: Annotated[WithError, Field("Share of pairs of a Republican and a Democrat that stand so")]
    members: Annotated[WithError, Field("Members beyond the other party's outermost member", unit="members")]


class Overlap(OfOneChamber, Crossing):
    """Overlap of the parties of a chamber."""


class Across(TypedDict):
    """A place in the Senate compared with the same in the House, as Senate minus House."""

    difference: Annotated[WithError, Field("Distance on the headline scale")]
    senate_right: Annotated[Probability, Field("That the Senate's stands right of the House's")]


class OfOnePivot(TypedDict):
    """The pivot to which a record belongs."""

    pivot: Annotated[str, Field("Which pivot")]


class PivotAcross(OfOnePivot, Across):
    """A pivot of the Senate compared with that of the House, as Senate minus House."""


class WithinParty(TypedDict):
    """Agreement with an external score inside a party."""

    n: Annotated[Count, Field("Members with a score")]
    correlation: Annotated[Correlation | None, Field("Pearson correlation")]


class Disagreement(TypedDict):
    """A member whom an external score places elsewhere."""

    legislator: Legislator
    name: MemberName
    party: OfParty
    position_mean: Annotated[float, Field("Posterior mean on the headline scale")]
    score: Annotated[float, Field("The score as others give it")]
    score_scaled: Annotated[float, Field("The score on the headline scale")]
    gap: Annotated[float, Field("Distance of the two")]


class Agreement(TypedDict):
    """Agreement of positions with scores that others gave the members."""

    n: Annotated[Count, Field("Members with a score")]
    correlation: Annotated[Correlation | None, Field("Pearson correlation over both parties")]
    spearman: Annotated[Correlation | None, Field("Rank correlation over both parties")]
    within: Annotated[dict[str, WithinParty], Field("By party")]
    disagreements: Annotated[list[Disagreement], Field("The members placed most differently")]


class OfOneSource(OfOneChamber):
    """The source of external scores, and the chamber of their members."""

    source: Annotated[str, Field("Whose score")]


class External(OfOneSource, Agreement):
    """Agreement of positions with scores that others gave the members of a chamber."""


class VarianceShare(TypedDict):
    """Party share of the variance between the members of a chamber."""

    chamber: OfChamber
    mean: Annotated[Share, Field("Mean over the draws")]
    sd: Annotated[float, Field("Standard deviation")]
    q05: Annotated[Share, Field("5 % quantile")]
    q95: Annotated[Share, Field("95 % quantile")]


class SetsScale(TypedDict):
    """The answer to whether a chamber sets the scale."""

    sets_scale: Annotated[bool, Field("Whether this chamber's members set the scale of the fit's positions")]


class ScaleChoice(TypedDict):
    """The headline scale that the members of a chamber would give."""

    kind: Annotated[
        str,
        Field(
            "parties: averages of Democrats and Republicans at -1 and +1, draw by draw; spread: mean 0 and standard "
            "deviation 1 over the members, because the parties are not clearly apart",
            values=("parties", "spread"),
        ),
    ]
    turned: Annotated[
        bool,
        Field("The model's own ideal points run from Republicans to Democrats; positions, ranks and pivots are turned"),
    ]
    p_right: Annotated[
        Share | None,
        Field("Share of draws in which the Republicans' average is the right one on the model's own scale"),
    ]
    d: Annotated[
        float | None,
        Field(
            "Distance of the averages, mean over the draws; negative in a mirrored fit",
            unit="pooled standard deviations of members",
        ),
    ]
    least_d: Annotated[
        float | None,
        Field("What the size of d must reach: 1, or what two groups of these sizes reach by chance in 5 % of cases"),
    ]
    share_apart: Annotated[Share | None, Field("Share of draws that reach it, in the order that most draws have")]


class Scale(SetsScale, ScaleChoice):
    """The headline scale that a chamber's own members would give, and whether they set that of the fit."""


class PartiesApart(TypedDict):
    """Distance between the averages of the parties' members, draw by draw."""

    n_democrats: Annotated[Count, Field("Democrats who sit", unit="members")]
    n_republicans: Annotated[Count, Field("Republicans who sit", unit="members")]
    p_republicans_wider: Annotated[
        Share | None, Field("Probability that Republicans are more spread out than Democrats")
    ]
    xi: Annotated[Moments | None, Field("Republicans' minus Democrats' average on the model's own scale")]
    position: Annotated[
        Moments | None,
        Field("The same on the headline scale: 2 in the chamber that sets it, where parties set it"),
    ]
    d: Annotated[Moments | None, Field("The same in pooled standard deviations of members")]


class GapsCompared(TypedDict):
    """Ratio of the distance of the parties' averages in the Senate to that in the House."""

    ratio: Annotated[Moments, Field("Senate over House, draw by draw")]
    p_senate_wider: Annotated[Share, Field("Probability that the parties are farther apart in the Senate")]


class Truth(TypedDict):
    """Recovery of the simulated truth in a chamber."""

    chamber: OfChamber
    n: Annotated[Count, Field("Members whose true position is known", unit="members")]
    correlation: Annotated[float | None, Field("Over both parties: mostly the distance between them")]
    correlation_within: Annotated[dict[str, float | None], Field("Within each party: harder, and what a reader wants")]
    coverage90_relative: Annotated[
        Share | None,
        Field(
            "Share of members whose 90 % interval of the relative position (party averages at -1 and +1) holds the "
            "truth; of a joint model on the House's scale"
        ),
    ]
    coverage90_rank: Annotated[
        Share | None,
        Field("Share of members whose 90 % interval of the rank in the chamber holds the true rank"),
    ]
    coverage90: Annotated[
        Share | None,
        Field("Of positions on the model's own scale; null where the simulator's scale is not the model's"),
    ]
    coverage90_reason: Annotated[str | None, Field("Why coverage90 is null")]


class WrongSignBill(TypedDict):
    """A bill whose Yea is certainly the side that a positive prior cannot describe."""

    vote: Annotated[str, Field("Id of the roll call or shared bill")]
    bill: Annotated[str, Field("The bill's number")]
    motion: Annotated[str, Field("What was voted on")]
    chambers: Annotated[str, Field("The chamber, or both")]
    yea_share_democrat: Annotated[Share | None, Field("Share of Yea among Democrats who voted")]
    yea_share_republican: Annotated[Share | None, Field("Share of Yea among Republicans who voted")]
    party_z: Annotated[float | None, Field("Republican share less Democratic share", unit="standard errors")]
    beta_mean: Annotated[float, Field("Posterior mean of the slope on the model's own scale")]
    discrimination_mean: Annotated[float, Field("Posterior mean of the slope on the headline scale")]


class WrongSignBills(TypedDict):
    """Bills whose Yea is certainly the side that a positive prior cannot describe in this fit."""

    positive_prior: Annotated[bool, Field("Whether the prior allows positive slopes only")]
    yea_side: Annotated[
        PartyName | None,
        Field(
            "Party whose side a positive slope makes Yea; null where the prior is not positive, or the axis does not "
            "separate the parties, or the chambers differ"
        ),
    ]
    n_bills: Annotated[Count, Field("Bills of the fit", unit="bills")]
    n_democratic: Annotated[
        Count, Field("Bills on which Yea is certainly the Democratic side (two standard errors)", unit="bills")
    ]
    n_republican: Annotated[Count, Field("Bills on which Yea is certainly the Republican side", unit="bills")]
    n_judged: Annotated[Count, Field("Bills whose side is known", unit="bills")]
    n_wrong: Annotated[Count, Field("Bills on which Yea is certainly the other side", unit="bills")]
    slope_wrong: Annotated[NotNegative | None, Field("Median size of their slopes per standard deviation of members")]
    slope_others: Annotated[NotNegative | None, Field("The same of the other bills")]
    votes_share: Annotated[Share, Field("Share of the votes that are on bills of the wrong sign")]
    correct_wrong: Annotated[Share | None, Field("Share of the votes on them classified correctly")]
    correct_others: Annotated[Share | None, Field("The same of the other bills")]
    worst: Annotated[list[WrongSignBill], Field("The bills that divide the parties most")]


class Mover(TypedDict):
    """A member whose mean rank differs from that in the experiment compared with."""

    legislator: Legislator
    name: MemberName
    party: OfParty
    rank: Annotated[float, Field("Mean rank")]
    rank_baseline: Annotated[float, Field("Mean rank in the experiment compared with")]


class AgainstBaseline(TypedDict):
    """Bills of the other sign in the experiment compared with."""

    n_opposed_in_baseline: Annotated[
        Count, Field("Bills that certainly have the other sign in the experiment compared with", unit="bills")
    ]
    n_flattened: Annotated[Count, Field("Of them, those with less than half that slope here", unit="bills")]
    median_slope_ratio: Annotated[float | None, Field("Median of the size of their slopes here over there")]
    moved: Annotated[
        list[Mover],
        Field("Members whose mean rank changed most; empty where the experiment compared with placed other members"),
    ]
