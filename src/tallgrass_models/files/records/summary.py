"""Records of summary.json, apart from the statistics (in `statistics`) and the roster (in `roster`)."""

from typing import Annotated, TypedDict

from .fields import Count, Field, Legislator, MemberName, OfChamber, OfParty, Share, SomeCount
from .roster import Roster
from .specs import FitSpec, GateSpec
from .statistics import (
    Bridges,
    Classification,
    External,
    GapsCompared,
    OfOneChamber,
    OfOnePivot,
    Overlap,
    PartiesApart,
    PivotAcross,
    Scale,
    Sides,
    Truth,
    VarianceShare,
    WrongSignBills,
)
from .structures import StructureNumbers


class SamplingDone(TypedDict):
    """Settings with which the fit was sampled, and the time and draws that it took."""

    sampler: Annotated[str, Field("nutpie or pymc")]
    draws: Annotated[SomeCount, Field("Draws of each chain after tuning")]
    most_draws: Annotated[SomeCount, Field("Draws of each chain at most")]
    tune: Annotated[Count, Field("Tuning steps of each chain")]
    chains: Annotated[SomeCount, Field("Chains")]
    target_accept: Annotated[float, Field("Acceptance that the step size was tuned to", above=0, maximum=1)]
    seed: Annotated[int, Field("Of all chains")]
    restarts: Annotated[Count, Field("How often lost chains may be sampled again")]
    draws_asked: Annotated[int | str, Field("Draws that were asked for, or `enough`")]
    cores: Annotated[Count, Field("Chains sampled at a time")]
    chain_seeds: Annotated[list[str], Field("What reproduces each chain")]
    time_s: Annotated[float, Field("Wall-clock time of tuning and sampling", unit="seconds")]
    compile_s: Annotated[float, Field("Wall-clock time of compilation", unit="seconds")]
    divergences: Annotated[Count, Field("Divergent transitions after tuning, all chains")]
    mean_tree_depth: Annotated[float | None, Field("Mean depth of the trees of NUTS")]
    gradients: Annotated[Count, Field("Gradient evaluations after tuning, all chains")]


class Facts(TypedDict):
    """The model, the votes and the sampling of a fit."""

    unit: Annotated[str, Field("house, senate or joint")]
    kind: Annotated[str, Field("Model", values=("chamber", "joint"))]
    session: Annotated[str, Field("Name of the session")]
    experiment_spec: Annotated[FitSpec, Field("The settings of the fit")]
    spec_hash: Annotated[str, Field("Their hash")]
    data_hash: Annotated[
        list[str],
        Field("Hash of the filtered votes of each chamber, and after a hyphen of its covariates if it has any"),
    ]
    model_fingerprint: Annotated[str, Field("Hash of the model's log density and gradient at fixed points")]
    n_legislators: Annotated[Count, Field("Members in the model", unit="members")]
    n_left_out: Annotated[Count, Field("Members with too few votes", unit="members")]
    n_rollcalls: Annotated[Count, Field("Pairs of bill parameters (alpha, beta)")]
    n_votes: Annotated[Count, Field("Yea and Nay votes in the likelihood", unit="votes")]
    n_shared_bills: Annotated[
        Count | None, Field("Bills with one (alpha, beta) for both chambers; null in a model of one", unit="bills")
    ]
    bridges: Annotated[Bridges | None, Field("How shared bills tie the chambers; null in a model of one")]
    sampling: Annotated[SamplingDone, Field("How it was sampled")]


class Block(TypedDict):
    """The worst values of one parameter block; see `summary.gates.Block`."""

    block: Annotated[str, Field("Name of the variable")]
    size: Annotated[SomeCount, Field("Its elements")]
    rhat_max: Annotated[float | None, Field("Largest R-hat")]
    rhat_where: Annotated[str, Field("Id of the member, bill or party that has it")]
    rhat_name: Annotated[str, Field("The same for people")]
    n_rhat_above: Annotated[Count, Field("Elements that miss the R-hat gate")]
    n_rhat_chance: Annotated[float, Field("How many would by chance")]
    ess_bulk_min: Annotated[float | None, Field("Least bulk ESS", unit="draws")]
    ess_bulk_where: Annotated[str, Field("Id of what has it")]
    ess_bulk_name: Annotated[str, Field("The same for people")]
    ess_tail_min: Annotated[float | None, Field("Least tail ESS", unit="draws")]
    ess_tail_where: Annotated[str, Field("Id of what has it")]
    ess_tail_name: Annotated[str, Field("The same for people")]
    n_ess_below: Annotated[Count, Field("Elements that miss the ESS gate")]
    n_ess_chance: Annotated[float | None, Field("How many would by chance")]
    draws_needed: Annotated[Count | None, Field("Draws of each chain that would do; null where more do not help")]


class Verdict(TypedDict):
    """The verdict of every gate on every parameter block."""

    ok: Annotated[bool, Field("Whether every gate was passed")]
    gates: Annotated[GateSpec, Field("The thresholds")]
    blocks: Annotated[list[Block], Field("The worst of each parameter block")]
    divergences: Annotated[Count, Field("Divergent transitions after tuning, all chains")]
    divergence_limit: Annotated[Count, Field("So many are let pass")]
    ebfmi: Annotated[list[float | None], Field("E-BFMI of each chain")]
    failures: Annotated[list[str], Field("Every gate that was not passed, in words")]
    draws_needed: Annotated[Count | None, Field("Draws of each chain with which all blocks would pass")]


class WorstRank(TypedDict):
    """The member whose mean rank is known least well."""

    rank_mcse_max: Annotated[float | None, Field("Monte Carlo standard error of the mean rank", unit="ranks")]
    rank_mcse_where: Annotated[str, Field("Name of the member")]


class Convergence(Verdict, WorstRank):
    """The verdict of the gates, the member whose rank is known least well, and the cost of more draws."""

    minutes_needed: Annotated[float | None, Field("Time that `draws_needed` would take", unit="minutes")]


class ChainPlace(TypedDict):
    """Place of one chain beside the others; see `draws.modes.ChainMode`."""

    chain: Annotated[Count, Field("Its number")]
    verdict: Annotated[str, Field("Whether it is where the others are", values=("ok", "mirrored", "stuck", "apart"))]
    where: Annotated[str, Field("Chambers that are mirrored")]
    party_gap: Annotated[dict[str, float], Field("Republicans' minus Democrats' mean ideal point, by chamber")]
    correlation: Annotated[dict[str, float | None], Field("Of members' mean ideal points with the reference chain's")]
    mean_lp: Annotated[float, Field("Mean log density, up to a constant")]
    lp_gap_sd: Annotated[float, Field("Its distance from the other chains'", unit="standard deviations of one draw")]
    relative_spread: Annotated[float, Field("Spread of its draws relative to the median chain's")]


class Modes(TypedDict):
    """Modes in which the chains of a fit are."""

    verdict: Annotated[str, Field("In how many modes", values=("one mode", "several modes"))]
    text: Annotated[str, Field("Which chain is where, in words")]
    chains: Annotated[list[ChainPlace], Field("Where each is")]
    rhat_signature: Annotated[float | None, Field("R-hat that such chains leave; null with one mode")]


class ChainModes(Modes):
    """Modes of the chains, and those found before lost chains were sampled again."""

    before_restarts: Annotated[list[Modes], Field("What was judged before each restart")]


class ScaleOfChamber(OfOneChamber, Scale):
    """The headline scale by one chamber."""


class ApartOfChamber(OfOneChamber, PartiesApart):
    """Distance between the parties of one chamber."""


class GroupFit(Classification):
    """Classification of the votes of one group of members by the posterior means."""

    chamber: Annotated[str, Field("A chamber, or all")]
    party: Annotated[str, Field("Democrat, Republican, neither, or all")]


class WorstMember(TypedDict):
    """A member whose votes the fit finds least probable."""

    legislator: Legislator
    name: MemberName
    chamber: OfChamber
    party: OfParty
    n_votes: Annotated[Count, Field("Yea and Nay votes", unit="votes")]
    errors: Annotated[Count, Field("Votes classified wrongly", unit="votes")]
    gmp: Annotated[Share | None, Field("Geometric mean probability of a vote")]


class WorstRollCall(TypedDict):
    """A roll call whose votes the fit finds least probable."""

    vote: Annotated[str, Field("Its id")]
    chamber: OfChamber
    bill: Annotated[str, Field("The bill's number")]
    motion: Annotated[str, Field("What was voted on")]
    minority: Annotated[Count, Field("Votes against the majority", unit="votes")]
    errors: Annotated[Count, Field("Votes classified wrongly", unit="votes")]
    pre: Annotated[float | None, Field("Proportional reduction in error", maximum=1)]
    gmp: Annotated[Share | None, Field("Geometric mean probability of a vote")]


class WorstFit(TypedDict):
    """Members and roll calls whose votes the fit finds least probable."""

    members: Annotated[list[WorstMember], Field("By geometric mean probability, the least first")]
    rollcalls: Annotated[list[WorstRollCall], Field("The same of roll calls")]


class Holder(TypedDict):
    """A member who may hold a pivot."""

    legislator: Legislator
    name: MemberName
    party: OfParty
    probability: Annotated[Share, Field("That this member holds it")]
    probability_mcse: Annotated[float | None, Field("Its Monte Carlo standard error")]


class PivotPlace(TypedDict):
    """Place of a pivot, on the headline scale and on the model's own."""

    position_mean: Annotated[float, Field("Mean over the draws, headline scale")]
    position_sd: Annotated[float, Field("Standard deviation")]
    position_q05: Annotated[float, Field("5 % quantile")]
    position_q95: Annotated[float, Field("95 % quantile")]
    position_mcse: Annotated[float | None, Field("Monte Carlo standard error of the mean")]
    xi_mean: Annotated[float, Field("Mean over the draws, model's own scale")]
    xi_sd: Annotated[float, Field("Standard deviation")]
    xi_q05: Annotated[float, Field("5 % quantile")]
    xi_q95: Annotated[float, Field("95 % quantile")]
    p_between: Annotated[Share, Field("Probability that it lies between two members")]
    low_mean: Annotated[float, Field("Mean of the left one's place, headline scale")]
    low_sd: Annotated[float, Field("Standard deviation")]
    low_q05: Annotated[float, Field("5 % quantile")]
    low_q95: Annotated[float, Field("95 % quantile")]
    high_mean: Annotated[float, Field("Mean of the right one's place, headline scale")]
    high_sd: Annotated[float, Field("Standard deviation")]
    high_q05: Annotated[float, Field("5 % quantile")]
    high_q95: Annotated[float, Field("95 % quantile")]


class PivotOfChamber(OfOneChamber, OfOnePivot, PivotPlace):
    """Place of a pivot, the members over whom it runs, and those who may hold it."""

    n_members: Annotated[SomeCount, Field("Members counted", unit="members")]
    seats: Annotated[float, Field("Sum of their seats")]
    on: Annotated[str | None, Field("The date whose members are counted; null: all", unit="ISO date")]
    members: Annotated[list[Holder], Field("Who most probably holds it, the likeliest first")]


class Pivots(TypedDict):
    """Pivots, and the overlap of the parties."""

    pivots: Annotated[list[PivotOfChamber], Field("Medians and other pivots of each chamber")]
    overlap: Annotated[list[Overlap], Field("How far the parties overlap, by chamber")]
    across: Annotated[list[PivotAcross], Field("Pivots of the Senate against those of the House (joint model)")]


class Standing(TypedDict):
    """Places of the parties."""

    icc: Annotated[list[VarianceShare], Field("Party share of the variance between members, by chamber")]
    parties_apart: Annotated[list[ApartOfChamber], Field("Distance of the parties' averages, by chamber")]
    gaps_compared: Annotated[GapsCompared | None, Field("The Senate's over the House's; null with one chamber")]


class Comparisons(TypedDict):
    """Comparisons of positions with those known from elsewhere."""

    flat_corr: Annotated[dict[str, float | None], Field("Correlation with the flat model, by chamber")]
    external_corr: Annotated[dict[str, float | None], Field("Correlation with external scores, by chamber")]
    external: Annotated[list[External], Field("Agreement with those, by chamber that has some")]


class OfStructure(TypedDict, total=False):
    """What only fits of another structure have."""

    structure: Annotated[StructureNumbers, Field("What it adds to the production model")]


class Summary(Facts, Standing, Pivots, Comparisons, OfStructure):
    """The whole of summary.json."""

    convergence: Annotated[Convergence, Field("The gates")]
    chain_modes: Annotated[ChainModes, Field("Whether all chains are in one mode")]
    sides: Annotated[Sides, Field("On which side each party sits, and the form that was sampled")]
    scale: Annotated[list[ScaleOfChamber], Field("The headline scale, and what each chamber's members would say")]
    fit: Annotated[list[GroupFit], Field("Votes classified from the posterior means")]
    worst_fit: Annotated[WorstFit, Field("What is told worst")]
    roster: Annotated[list[Roster], Field("Who is in the fit and who is not")]
    wrong_sign: Annotated[WrongSignBills, Field("Bills that a positive prior cannot describe")]
    truth: Annotated[list[Truth] | None, Field("Recovery of the simulated truth; null for real sessions")]
    fit_versions: Annotated[dict[str, str], Field("Versions of the packages that made the fit")]
