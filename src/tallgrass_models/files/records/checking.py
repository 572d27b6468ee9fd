"""Records of check.json: leave-one-out, replicated votes, and how far results depend on the prior."""

from typing import Annotated, NotRequired, TypedDict

from .fields import Count, Field, Legislator, MemberName, NotNegative, OfChamber, OfParty, Share, SomeCount


class OneFactor(TypedDict):
    """Movement under half or twice the scale of a prior alone, where the draws do not tell of both."""

    component: Annotated[str, Field("Component of the prior")]
    factor: Annotated[float, Field("What its scale is multiplied by")]
    n_members: Annotated[SomeCount, Field("Members looked at", unit="members")]
    n_moved: Annotated[Count, Field("Members who move by more than 0.25 posterior standard deviations")]
    error: Annotated[NotNegative, Field("Monte Carlo error of a move", unit="posterior standard deviations")]
    name: Annotated[str, Field("The member who moves most")]
    max_move: Annotated[NotNegative, Field("How far this member moves", unit="posterior standard deviations")]


class Movement(TypedDict):
    """Movement of the members of a chamber under half or twice the scale of each prior."""

    told: Annotated[
        list[str],
        Field("Components of the prior of which the draws tell what half and twice its scale would change"),
    ]
    not_told: Annotated[list[str], Field("Those that need a refit (tallgrass-models sensitivity)")]
    one_factor: Annotated[
        list[OneFactor],
        Field("What the draws tell of half or of twice the scale alone, where not of both"),
    ]
    n_members: Annotated[SomeCount, Field("Members looked at", unit="members")]
    n_moved: Annotated[
        Count | None,
        Field("Members who move by more than 0.25 posterior standard deviations under any of those told"),
    ]
    max_move: Annotated[
        NotNegative | None, Field("Largest move, in posterior standard deviations of that member's position")
    ]
    error: Annotated[NotNegative | None, Field("Monte Carlo error of a move", unit="posterior standard deviations")]
    component: Annotated[str | None, Field("Component of the prior under which the largest move is")]
    factor: Annotated[float | None, Field("What its scale is multiplied by")]
    legislator: Annotated[str | None, Field("Id of the member who moves most")]
    name: Annotated[str | None, Field("That member's name")]


class LooOfParty(TypedDict):
    """Leave-one-out of the votes of a party."""

    chamber: OfChamber
    party: OfParty
    n_obs: Annotated[Count, Field("Yea and Nay votes", unit="votes")]
    elpd: Annotated[float, Field("Log predictive density, summed", unit="nats")]
    mean_elpd: Annotated[float, Field("The same by vote", unit="nats")]


class SurprisingVote(TypedDict):
    """A vote that the fit without it finds improbable."""

    legislator: Legislator
    name: MemberName
    party: OfParty
    chamber: OfChamber
    rollcall: Annotated[str, Field("Id of the roll call")]
    bill: Annotated[str, Field("The bill's number")]
    motion: Annotated[str, Field("What was voted on")]
    date: Annotated[str, Field("Day of the vote", unit="ISO date")]
    vote: Annotated[str, Field("What was cast", values=("Yea", "Nay"))]
    elpd: Annotated[float, Field("Log predictive density of that", unit="nats")]
    pareto_k: Annotated[float | None, Field("Pareto k of its weights")]


class LooNumbers(TypedDict):
    """Leave-one-out of the votes, by importance sampling (PSIS-LOO)."""

    n_obs: Annotated[Count, Field("Yea and Nay votes", unit="votes")]
    order_hash: Annotated[str, Field("Equal for fits of the same votes in the same order")]
    elpd: Annotated[float, Field("Expected log predictive density, summed over votes", unit="nats", maximum=0)]
    se: Annotated[float, Field("Its standard error if votes were independent", unit="nats")]
    se_by_rollcall: Annotated[float | None, Field("The same if only roll calls were", unit="nats")]
    p_loo: Annotated[float, Field("Effective number of parameters")]
    mean_elpd: Annotated[float, Field("By vote", unit="nats", maximum=0)]
    gmp: Annotated[Share, Field("Geometric mean probability of a vote left out")]
    mcse: Annotated[float | None, Field("Monte Carlo error of `elpd`", unit="nats")]
    r_eff: Annotated[float | None, Field("Relative efficiency of the draws")]
    k_threshold: Annotated[float, Field("Pareto k above which weights are not reliable")]
    n_k_above: Annotated[Count, Field("Votes above it whose weights are not flat", unit="votes")]
    n_flat: Annotated[Count, Field("Votes above it whose weights are flat", unit="votes")]
    n_mended: Annotated[Count, Field("Votes whose bill was integrated out", unit="votes")]
    n_k_above_after: Annotated[Count, Field("Votes that are still unreliable", unit="votes")]
    k_max: Annotated[float | None, Field("Largest Pareto k of weights that are not flat")]
    by_party: Annotated[list[LooOfParty], Field("By chamber and party")]
    worst: Annotated[list[SurprisingVote], Field("The most surprising votes")]


class LooOfUnit(LooNumbers):
    """Leave-one-out of the votes of a unit, with the number of draws behind it."""

    n_draws: Annotated[SomeCount, Field("Draws used")]


class Replicated(TypedDict):
    """A number in the real votes, and the same in replicated votes. It is null where it is not defined."""

    observed: Annotated[float | None, Field("In the votes")]
    mean: Annotated[float | None, Field("Mean over the replicates")]
    q05: Annotated[float | None, Field("5 % quantile")]
    q95: Annotated[float | None, Field("95 % quantile")]
    tail_probability: Annotated[float | None, Field("Probability that a replicate is larger")]
    sd: Annotated[float | None, Field("Standard deviation over the replicates")]


class Statistic(Replicated):
    """A statistic of the votes in the posterior predictive check."""

    statistic: Annotated[str, Field("Which")]
    chamber: OfChamber
    party: Annotated[str | None, Field("Of which party; null: of the chamber")]
    unusual: Annotated[bool, Field("Whether it is not reproduced")]


class Calibration(TypedDict):
    """Number of members, roll calls or pairs that lie outside 90 % of the replicates."""

    of: Annotated[str, Field("Which number", values=("yea_share", "unity", "agreement"))]
    level: Annotated[str, Field("Of what", values=("rollcall", "member", "pair"))]
    chamber: OfChamber
    n: Annotated[Count, Field("All")]
    outside: Annotated[Count, Field("Those outside")]
    expected: Annotated[NotNegative, Field("As many would be if the model were right")]


class StatisticsCounted(TypedDict):
    """Numbers of statistics that were compared and of those that are not reproduced."""

    threshold: Annotated[float, Field("Tail probability beyond which one is not reproduced", minimum=0, maximum=0.5)]
    n_compared: Annotated[Count, Field("Compared", unit="statistics")]
    n_unusual: Annotated[Count, Field("Not reproduced", unit="statistics")]
    n_expected: Annotated[NotNegative, Field("As many would be by chance", unit="statistics")]


class PredictiveOfUnit(StatisticsCounted):
    """The posterior predictive check."""

    n_replicates: Annotated[SomeCount, Field("Replicated vote matrices")]
    statistics: Annotated[list[Statistic], Field("Statistics of each chamber and party")]
    calibration: Annotated[list[Calibration], Field("Members, roll calls and pairs")]
    findings: Annotated[list[str], Field("What is out of the ordinary, in words")]


class Sensitivity(TypedDict):
    """Sensitivity of a quantity of a group to a component of the model."""

    quantity: Annotated[str, Field("Which")]
    chamber: OfChamber
    party: Annotated[str | None, Field("Of which party; null: of the chamber")]
    component: Annotated[str, Field("What was made stronger and weaker")]
    sensitivity: Annotated[float | None, Field("Power-scaling sensitivity")]
    noise: Annotated[float | None, Field("What chance alone gives in 95 of 100 cases")]
    diagnosis: Annotated[str, Field("What that means; empty: nothing to see")]


class SensitivityNumbers(TypedDict):
    """Power-scaling sensitivity to each component of the model."""

    threshold: Annotated[float, Field("Sensitivity from which a component counts")]
    components: Annotated[list[str], Field("The components")]
    rows: Annotated[list[Sensitivity], Field("Of chambers and parties")]
    n_members_sensitive: Annotated[dict[str, Count], Field("Members whose relative position counts, by component")]


class MostMoved(TypedDict):
    """Number of members of a chamber who move, and the one who moves most. It is null where the draws do not tell."""

    n_members: Annotated[SomeCount, Field("Members looked at", unit="members")]
    n_moved: Annotated[Count | None, Field("Members who move by more than 0.25 posterior standard deviations")]
    max_move: Annotated[float | None, Field("The largest move", unit="posterior standard deviations")]
    legislator: Annotated[str | None, Field("Id of the member who makes it")]
    name: Annotated[str | None, Field("That member's name")]


class Rescaled(TypedDict):
    """One rescaled prior, and whether the draws tell what that would change."""

    component: Annotated[str, Field("Component of the prior")]
    factor: Annotated[float, Field("What its scale is multiplied by")]
    told: Annotated[bool, Field("Whether the draws tell")]

    error: Annotated[float | None, Field("Monte Carlo error of a move", unit="posterior standard deviations")]
    pareto_k: NotRequired[Annotated[float | None, Field("Of the weights; here and below not of a refit")]]
    threshold: NotRequired[Annotated[float, Field("Above it they are not reliable")]]
    ess: NotRequired[Annotated[float, Field("Draws that the weighted ones are worth", unit="draws")]]


class PriorScale(Rescaled, MostMoved):
    """Movement of the members of a chamber under one rescaled prior."""

    chamber: OfChamber


class SensitivityOfUnit(SensitivityNumbers):
    """Sensitivity of a unit's results to the prior."""

    prior_scales: Annotated[list[PriorScale], Field("Under half and twice the scale of each prior, by chamber")]
    movement: Annotated[dict[str, Movement], Field("The same summed up, by chamber")]
    findings: Annotated[list[str], Field("The same in words")]


class Check(TypedDict):
    """The whole of check.json."""

    unit: Annotated[str, Field("house, senate or joint")]
    session: Annotated[str, Field("Name of the session")]
    spec_hash: Annotated[str, Field("Hash of the settings of the fit")]
    data_hash: Annotated[
        list[str],
        Field("Hash of the filtered votes of each chamber, and after a hyphen of its covariates if it has any"),
    ]
    kind: Annotated[str, Field("Model", values=("chamber", "joint"))]
    loo: Annotated[LooOfUnit, Field("Votes left out")]
    predictive: Annotated[PredictiveOfUnit, Field("Replicated votes")]
    sensitivity: Annotated[SensitivityOfUnit, Field("What hangs on the prior")]
