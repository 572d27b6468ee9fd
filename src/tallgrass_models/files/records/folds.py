"""Records of held_out.json: folds, the ladder of each chamber, and what each step buys."""

from typing import Annotated, Final, Literal, NotRequired, TypedDict

from .fields import ChamberName, Count, Field, NotNegative, Share, SomeCount

SCHEMA_VERSION: Final = 1
#: Steps of the ladder, the lowest first: what a vote is predicted from.
RUNGS = ("party", "flat", "chamber", "joint")

_Rung = Annotated[
    str,
    Field(
        "Rung: each party's share of Yea on the roll call, the flat model, the chamber's own model, the joint model",
        values=RUNGS,
    ),
]
_Se = Annotated[NotNegative | None, Field("Its standard error, with roll calls as the units; null of a single one")]


class Folds(TypedDict):
    """How votes were held out."""

    of: NotRequired[
        Annotated[
            str, Field("Held out: single votes where this is missing, or whole roll calls", values=("roll_calls",))
        ]
    ]

    number: Annotated[SomeCount, Field("Number of folds", unit="folds")]
    run: Annotated[SomeCount, Field("Folds that were fitted; the votes of the others are not predicted", unit="folds")]
    draws: Annotated[SomeCount, Field("Draws of each chain of a fold", unit="draws")]
    tune: Annotated[SomeCount, Field("Steps of tuning before them", unit="steps")]


class FoldFit(TypedDict):
    """The fit of one fold."""

    rung: _Rung
    unit: Annotated[str, Field("Of which fit: house, senate or joint", values=("house", "senate", "joint"))]
    fold: Annotated[SomeCount, Field("Number of the fold")]
    ok: Annotated[bool, Field("Whether it passed every gate")]
    failures: Annotated[list[str], Field("The gates that it missed, as sentences")]
    rhat_max: Annotated[float | None, Field("Worst R-hat of all quantities")]
    ess_bulk_min: Annotated[float | None, Field("Least bulk effective sample size of all quantities", unit="draws")]
    divergences: Annotated[Count, Field("Divergent draws", unit="draws")]
    draws: Annotated[SomeCount, Field("Draws of all chains", unit="draws")]
    seconds: Annotated[NotNegative, Field("Time of the fit", unit="s")]


class Rung(TypedDict):
    """How well one model predicts the held-out votes of a chamber."""

    rung: _Rung
    log_score: Annotated[
        float,
        Field(
            "Mean log probability of a held-out vote; where whole roll calls are held out, log probability of all "
            "votes of a roll call together, by vote",
            unit="nats per vote",
        ),
    ]
    log_score_se: _Se
    mcse: Annotated[NotNegative, Field("Monte Carlo standard error of that mean, from the draws", unit="nats per vote")]
    gmp: Annotated[Share, Field("Geometric mean probability of a held-out vote: exp of the log score")]
    correct: Annotated[
        Share,
        Field(
            "Share of held-out votes called right; where whole roll calls are held out, each from the other votes of "
            "its roll call"
        ),
    ]
    correct_se: _Se
    errors: Annotated[Count, Field("Votes called wrong", unit="votes")]
    apre: Annotated[
        float | None,
        Field("Share avoided of the errors that a guess of each roll call's majority makes; null if it makes none"),
    ]
    n_folds: Annotated[Count, Field("Folds fitted; 0 where nothing is fitted", unit="folds")]
    n_converged: Annotated[Count, Field("Those that passed every gate", unit="folds")]
    seconds: Annotated[NotNegative, Field("Time of all these fits; of the joint model for both chambers", unit="s")]


class Gain(TypedDict):
    """Difference between two predictions of the same votes; above zero the second is better."""

    log_score: Annotated[float, Field("Mean difference of the log score", unit="nats per vote")]
    log_score_se: _Se
    log_score_q05: Annotated[float | None, Field("Lower end of its 90 % interval")]
    log_score_q95: Annotated[float | None, Field("Upper end of its 90 % interval")]
    right: Annotated[float, Field("More votes called right, of 1,000", unit="votes per 1,000")]
    right_se: _Se
    right_q05: Annotated[float | None, Field("Lower end of its 90 % interval")]
    right_q95: Annotated[float | None, Field("Upper end of its 90 % interval")]


class Step(Gain):
    """What one step of the ladder buys."""

    lower: Annotated[str, Field("From which rung", values=RUNGS)]
    upper: Annotated[str, Field("To which", values=RUNGS)]


class Difference(TypedDict):
    """Difference of log scores."""

    gain: Annotated[
        float, Field("Mean difference of the log score; above zero, together is better", unit="nats per vote")
    ]
    gain_se: Annotated[NotNegative | None, Field("Its standard error, with bills as the units; null of a single one")]
    gain_q05: Annotated[float | None, Field("Lower end of its 90 % interval")]
    gain_q95: Annotated[float | None, Field("Upper end of its 90 % interval")]


class BillsTogether(Difference):
    """Bills held out from both chambers: the joint model by the votes of both together, the chamber models apart."""

    n_bills: Annotated[SomeCount, Field("Bills on which both chambers voted", unit="bills")]
    n_votes: Annotated[SomeCount, Field("Votes on them", unit="votes")]
    log_score: Annotated[
        float, Field("Log probability that the joint model gives all votes on a bill, by vote", unit="nats per vote")
    ]
    mcse: Annotated[NotNegative, Field("Monte Carlo standard error of that, from the draws", unit="nats per vote")]
    apart: Annotated[
        float, Field("The same of the chamber models, one chamber independent of the other", unit="nats per vote")
    ]


class ChamberHeldOut(TypedDict):
    """The ladder of one chamber."""

    n_votes: Annotated[SomeCount, Field("Held-out votes", unit="votes")]
    n_rollcalls: Annotated[SomeCount, Field("Roll calls with such a vote", unit="roll calls")]
    n_members: Annotated[SomeCount, Field("Members with such a vote", unit="members")]
    minority: Annotated[
        Count, Field("Held-out votes against the majority of their roll call, all of its votes counted", unit="votes")
    ]
    ladder: Annotated[list[Rung], Field("The rungs, the lowest first", least=2)]
    steps: Annotated[list[Step], Field("Each rung against the one below, on the same votes", least=1)]


class Ladder(TypedDict):
    """Held-out votes of an experiment."""

    folds: Annotated[Folds, Field("How votes were held out")]
    chambers: Annotated[dict[ChamberName, ChamberHeldOut], Field("By chamber", least=1)]
    together: NotRequired[
        Annotated[BillsTogether, Field("Shared bills under a joint model; only where whole roll calls are held out")]
    ]
    n_fits: Annotated[SomeCount, Field("Fits of folds", unit="fits")]
    n_converged: Annotated[Count, Field("Those that passed every gate", unit="fits")]


class HeldOut(Ladder):
    """The whole of held_out.json."""

    schema_version: Annotated[Literal[1], Field("Version of this file")]
    experiment: Annotated[str, Field("The experiment")]
    session: Annotated[str, Field("The session")]
    fit_hashes: Annotated[dict[str, str], Field("Hash of the settings of each unit's fit")]
    fits: Annotated[list[FoldFit], Field("The fits of folds")]
