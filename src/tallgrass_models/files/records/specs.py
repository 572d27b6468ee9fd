"""Records of the specs of fits and steps, which hold all settings on which a result depends."""

from typing import Annotated, Any, NotRequired, TypedDict

from .fields import BRIDGES, Count, Factor, Field, Share, SomeCount


class Prior(TypedDict):
    """A prior of discrimination. The parameters of its family stand beside its name (`priors.families`)."""

    distribution: Annotated[str, Field("Family")]


class SamplingSpec(TypedDict):
    """Settings of the sampler for a fit."""

    sampler: Annotated[str, Field("nutpie or pymc")]
    draws: Annotated[int | str, Field("Draws of each chain after tuning, or `enough`")]
    most_draws: Annotated[SomeCount, Field("Draws of each chain at most, with `enough`")]
    tune: Annotated[Count, Field("Tuning steps of each chain")]
    chains: Annotated[SomeCount, Field("Chains")]
    target_accept: Annotated[float, Field("Acceptance that the step size is tuned to", above=0, maximum=1)]
    seed: Annotated[int, Field("Of all chains")]
    restarts: Annotated[Count, Field("How often lost chains are sampled again")]


class AnyFitSpec(TypedDict):
    """The keys that the specs of all fits have."""

    unit: Annotated[str, Field("house, senate, joint, flat_house or flat_senate")]
    session: Annotated[str, Field("Name of the session")]
    coordinates: Annotated[str, Field("Coordinates asked for", values=("fast", "reference"))]
    kind: Annotated[str, Field("Model", values=("flat", "chamber", "joint", "dynamic", "constant"))]
    sampling: Annotated[SamplingSpec, Field("How it is sampled")]
    code: NotRequired[Annotated[str, Field("Fingerprint of the code; not in what the configuration alone says")]]


class FitSpec(AnyFitSpec):
    """The spec of the fit of a chamber model or of the joint model."""

    alpha_sigma: Annotated[Factor, Field("Standard deviation of the prior of alpha, or of the Normal near it")]
    beta_prior: Annotated[Prior, Field("Prior of beta")]
    orient_bills: Annotated[bool, Field("Whether Yea and Nay of bills are turned so that a one-sided prior fits")]
    bridges: NotRequired[Annotated[str, Field("How shared bills tie the chambers; else `same`", values=BRIDGES[1:])]]
    model: NotRequired[Annotated[dict[str, Any], Field("Where the model differs from the production model")]]


class SeatSpec(TypedDict):
    """The seats and majorities of medians and pivots."""

    pivots: Annotated[list[float], Field("Majorities besides one half and two thirds, as shares of the seats")]
    pivots_on: Annotated[str | None, Field("The date whose members are counted; null: all", unit="ISO date")]


class OfFit(TypedDict):
    """The spec of a step that starts from one fit."""

    fit_hash: Annotated[str, Field("Hash of the spec of that fit")]
    code: NotRequired[Annotated[str, Field("Fingerprint of the code of the step")]]


class GateSpec(TypedDict):
    """Thresholds of convergence."""

    rhat: Annotated[float, Field("R-hat must be below")]
    ess: Annotated[int, Field("Bulk and tail ESS must be above", unit="draws")]
    divergence_share: Annotated[Share, Field("Share of the draws that may diverge")]
    ebfmi: Annotated[float, Field("E-BFMI of each chain must be above")]


class SummarySpec(OfFit, SeatSpec):
    """The spec of the step `summarize`."""

    gates: Annotated[GateSpec, Field("The thresholds")]
    source: Annotated[str, Field("Source of the session")]


class FollowSpec(TypedDict):
    """Members whose positions the comparison follows."""

    key: Annotated[str, Field("The file and the key that ask")]
    members: Annotated[list[str], Field("Ids or names, as the file has them", least=1)]
    experiments: Annotated[list[str], Field("The experiments of which it asks", least=1)]


class LinkSpec(SeatSpec):
    """The spec of the step `link`."""

    fit_hashes: Annotated[dict[str, str], Field("Hash of the spec of each fit")]
    code: NotRequired[Annotated[str, Field("Fingerprint of the code of the step")]]
