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
)

SCHEMA_VERSION: Final = 2

#: Answers to whether the conclusion depends on the choice.
LEVELS = ("no", "partly", "yes", "unknown")
#: How much better or worse a variant predicts votes left out, in one fit.
PREDICTIONS = ("no clear difference", "better", "far better", "worse", "far worse")
#: The same over all fits of a variant.
OVERALL = (*PREDICTIONS, "mixed", "unknown")

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


class Comparison(TypedDict):
    """All experiments of a configuration, side by side."""

    schema_version: Annotated[Literal[2], Field("Version of this schema")]
    experiments: Annotated[list[Compared], Field("The experiments, session by session", least=1)]
    groups: Annotated[list[Group], Field("The sessions", least=1)]
    configuration: Annotated[list[Setting], Field("Settings that differ")]
    common: Annotated[list[InCommon], Field("What variants with different filters have in common, by fit")]
    verdict: Annotated[list[Verdict], Field("The verdict on each experiment but the references")]
    same_models: Annotated[list[SameModel], Field("Experiments with the same model")]
    bridges: NotRequired[
        Annotated[list[BridgesCompared], Field("Joint models of sessions where these differ in bridges")]
    ]
    summary: Annotated[list[str], Field("The sentences to read first")]
