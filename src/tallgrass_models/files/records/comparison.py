"""Records of comparison.json: experiments, the answer for each session, and the verdict on each variant."""

from typing import Annotated, Final, Literal, NotRequired, TypedDict

from ..readable import Fault
from .fields import (
    BRIDGES,
    ChamberName,
    Correlation,
    Count,
    Field,
    Interval,
    Legislator,
    MemberName,
    OfChamber,
    OfParty,
    Share,
    SomeCount,
)
from .folds import Folds, Gain, Rung

SCHEMA_VERSION: Final = 3

#: Answers to whether the conclusion depends on the choice.
LEVELS = ("no", "partly", "yes", "unknown")
#: How much better or worse a variant predicts votes left out, in one fit.
PREDICTIONS = ("no clear difference", "better", "far better", "worse", "far worse")
#: The same over all fits of a variant.
OVERALL = (*PREDICTIONS, "mixed", "unknown")
#: Conclusions of specification curves: the rank correlation with the reference, the party share of the variance, the
#: rank of the member who most probably holds the median in the reference, and the position of a member who is followed.
ORDER, PARTY_SHARE, PLACE, POSITION = CONCLUSIONS = ("order", "party share", "place", "position")

_Experiment = Annotated[str, Field("The experiment")]
_Group = Annotated[str, Field("The session")]
_Unit = Annotated[str, Field("The fit: house, senate or joint", values=("house", "senate", "joint"))]
_Level = Annotated[str, Field(values=LEVELS)]


class FitFault(TypedDict):
    """What is wrong with a fit, so that left and right cannot be read from it."""

    unit: _Unit
    chamber: OfChamber
    fault: Annotated[str, Field("What it is", values=tuple(Fault))]
    text: Annotated[str, Field("The same as a sentence")]


class Compared(TypedDict):
    """One experiment."""

    experiment: _Experiment
    description: Annotated[str, Field("What the experiments file says of it")]
    session: Annotated[str, Field("The session")]
    sampling: Annotated[str, Field("How it was sampled, in words")]
    converged: Annotated[bool, Field("Whether every fit passed every gate")]
    faults: Annotated[list[FitFault], Field("Fits from which left and right cannot be read")]
    reference: Annotated[bool, Field("Whether the others of the session are compared with it")]
    group: _Group


class Group(TypedDict):
    """The experiments on one session, and the answer."""

    group: _Group
    title: Annotated[str, Field("What the session is called")]
    chamber_names: Annotated[dict[ChamberName, str], Field("What its chambers are called")]
    reference: Annotated[str, Field("The experiment with which the others are compared")]
    experiments: Annotated[list[str], Field("All experiments, the reference first", least=1)]
    chambers: Annotated[list[ChamberName], Field("Chambers that the reference has")]
    question: Annotated[str, Field("The question, by the settings in which the experiments differ")]
    level: Annotated[_Level | None, Field("The gravest level of a variant that has one; null without variants")]
    answer: Annotated[
        str, Field("The answer in one sentence: order, sizes, who moves, prediction; empty without variants")
    ]
    note: Annotated[str, Field("What may be compared")]


class Setting(TypedDict):
    """A setting in which the experiments differ."""

    key: Annotated[str, Field("The setting")]
    values: Annotated[dict[str, str], Field("Its value by experiment")]


class PairOf(TypedDict):
    """A variant and the reference of its session."""

    group: _Group
    reference: Annotated[str, Field("The experiment it is compared with")]
    experiment: _Experiment


class Counts(TypedDict):
    """What two experiments with different filters both used of a fit's votes, and what each used."""

    n_members: Annotated[Count, Field("Members in common", unit="members")]
    n_rollcalls: Annotated[Count, Field("Roll calls in common", unit="roll calls")]
    n_votes: Annotated[Count, Field("Votes in common", unit="votes")]
    n_members_reference: Annotated[Count, Field("Members of the reference", unit="members")]
    n_rollcalls_reference: Annotated[Count, Field("Roll calls of the reference", unit="roll calls")]
    n_votes_reference: Annotated[Count, Field("Votes of the reference", unit="votes")]
    n_members_experiment: Annotated[Count, Field("Members of the experiment", unit="members")]
    n_rollcalls_experiment: Annotated[Count, Field("Roll calls of the experiment", unit="roll calls")]
    n_votes_experiment: Annotated[Count, Field("Votes of the experiment", unit="votes")]


class InCommon(PairOf, Counts):
    """What two experiments with different filters have in common in one fit."""

    unit: _Unit
    text: Annotated[str, Field("The same as a sentence")]


class PlaceVerdict(TypedDict):
    """The verdict on one chamber in one fit."""

    unit: _Unit
    chamber: OfChamber
    level: Annotated[_Level, Field("The answer there; unknown: withheld")]
    withheld: Annotated[list[str], Field("Why order and moves are not compared, as sentences; empty if they are")]
    spearman: Annotated[Correlation | None, Field("Rank correlation, after turning; null if withheld or not known")]
    turned: Annotated[str | None, Field("Which of the two experiments is upside down and was turned; null if none")]


class MoverOf(TypedDict):
    """A member whose two rank intervals do not overlap."""

    unit: _Unit
    chamber: OfChamber
    legislator: Legislator
    name: MemberName
    party: OfParty
    rank_reference: Annotated[float, Field("Mean rank in the reference", unit="rank")]
    rank: Annotated[float, Field("Mean rank in the experiment", unit="rank")]


class Verdict(PairOf):
    """The verdict on one variant."""

    level: Annotated[_Level, Field("Whether the conclusion depends on the choice between the two")]
    prediction: Annotated[str, Field("How it predicts votes left out, over all fits", values=OVERALL)]
    text: Annotated[str, Field("The verdict in one sentence")]
    reasons: Annotated[list[str], Field("The figures behind it in sentences, the most important first")]
    details: Annotated[list[str], Field("What the comparison covers, and further figures, in sentences")]
    places: Annotated[list[PlaceVerdict], Field("By fit and chamber of both")]
    movers: Annotated[list[MoverOf], Field("Members who move furthest beyond both intervals of their rank", most=10)]


class BridgesCompared(TypedDict):
    """What a joint model says across the chambers, with the bridges that it has."""

    group: _Group
    experiment: _Experiment
    kind: Annotated[str, Field("How shared bills tie the chambers", values=BRIDGES)]
    n_shared: Annotated[Count, Field("Bills with votes in both chambers", unit="bills")]
    n_freed: Annotated[Count, Field("Of these, bills that `screened` freed", unit="bills")]
    tau_alpha: Annotated[Interval | None, Field("Standard deviation of the differences of alpha", unit="logits")]
    tau_beta: Annotated[Interval | None, Field("That of the differences of beta, or of log beta")]
    delta: Annotated[Interval | None, Field("Mean difference of alpha, Senate minus House", unit="logits")]
    elpd_diff: Annotated[float | None, Field("Joint model minus separate fits", unit="nats")]
    se: Annotated[float | None, Field("Standard error of `elpd_diff`", unit="nats")]
    p_senate_right: Annotated[
        dict[str, Share | None], Field("By median or pivot: probability that the Senate's is right, by the joint model")
    ]


class SameModel(TypedDict):
    """Experiments that have the same model of the same votes, so that they differ in their sampling only."""

    unit: _Unit
    experiments: Annotated[list[str], Field("The experiments", least=2)]


class HeldOutLadder(TypedDict):
    """How well the models of one experiment predict held-out votes of one chamber."""

    group: _Group
    experiment: _Experiment
    chamber: OfChamber
    n_votes: Annotated[SomeCount, Field("Held-out votes", unit="votes")]
    folds: Annotated[Folds, Field("How votes were held out")]
    ladder: Annotated[list[Rung], Field("The rungs, the lowest first", least=2)]


class HeldOutPair(PairOf, Gain):
    """A variant against the reference of its session, on the same held-out votes; above zero the variant is better."""

    unit: _Unit
    chamber: OfChamber
    n_votes: Annotated[SomeCount, Field("Held-out votes that both predict", unit="votes")]
    text: Annotated[str, Field("The same as a sentence")]


class HeldOut(TypedDict):
    """Held-out votes of the experiments that have folds."""

    ladders: Annotated[list[HeldOutLadder], Field("By experiment and chamber")]
    pairs: Annotated[list[HeldOutPair], Field("Variants with the same folds of the same votes as their reference")]
    notes: Annotated[dict[str, list[str]], Field("By session, what is not compared and why, as sentences")]


class Specification(TypedDict):
    """A conclusion under one experiment."""

    experiment: _Experiment
    value: Annotated[float, Field("Rank correlation with the reference, party share, or mean rank")]
    q05: Annotated[float | None, Field("5 % quantile; null of a correlation")]
    q95: Annotated[float | None, Field("95 % quantile; null of a correlation")]


class ChoiceValue(TypedDict):
    """One value of a choice."""

    value: Annotated[str, Field("The value, as a text")]
    mean: Annotated[float, Field("Mean of the conclusion over the experiments with this value")]
    n: Annotated[Count, Field("Those experiments", unit="experiments")]


class Choice(TypedDict):
    """A setting in which the experiments of a curve differ, or several that always differ together."""

    settings: Annotated[list[str], Field("The settings", least=1)]
    by: Annotated[dict[str, str], Field("The value by experiment")]
    values: Annotated[list[ChoiceValue], Field("Means by value", least=2)]
    difference: Annotated[float, Field("Largest less smallest of these means")]


class Curve(TypedDict):
    """A conclusion under all experiments of a session that can be compared, sorted by value."""

    group: _Group
    unit: _Unit
    chamber: OfChamber
    conclusion: Annotated[str, Field("Which conclusion", values=CONCLUSIONS)]
    legislator: Annotated[str | None, Field("Id of the member of a place or position; null of the others")]
    name: Annotated[str | None, Field("Name of that member; if followed and not the only one so called, with the id")]
    specifications: Annotated[list[Specification], Field("By value, the smallest first", least=3)]
    choices: Annotated[list[Choice], Field("The one whose means differ most first", least=1)]
    crossed: Annotated[bool, Field("Whether every combination of the choices is among them")]
    text: Annotated[list[str], Field("The same in sentences", least=1)]


class Comparison(TypedDict):
    """All experiments of a configuration, side by side."""

    schema_version: Annotated[Literal[3], Field("Version of this schema")]
    experiments: Annotated[list[Compared], Field("The experiments, session by session", least=1)]
    groups: Annotated[list[Group], Field("The sessions", least=1)]
    configuration: Annotated[list[Setting], Field("Settings that differ")]
    common: Annotated[list[InCommon], Field("What variants with different filters have in common, by fit")]
    verdict: Annotated[list[Verdict], Field("The verdict on each experiment but the references")]
    held_out: Annotated[HeldOut, Field("Held-out votes; empty lists where no experiment has folds")]
    same_models: Annotated[list[SameModel], Field("Experiments with the same model")]
    curves: Annotated[list[Curve], Field("Specification curves; none of fewer than three experiments on a session")]
    bridges: NotRequired[
        Annotated[list[BridgesCompared], Field("Joint models of sessions where these differ in bridges")]
    ]
    summary: Annotated[list[str], Field("The sentences to read first")]
