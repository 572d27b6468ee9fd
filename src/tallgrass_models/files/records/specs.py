"""What the spec of a fit holds: all settings on which its draws depend, as its posterior and its tables keep them."""

from typing import Annotated, NotRequired, TypedDict

from .fields import Count, Factor, Field, SomeCount


class Prior(TypedDict):
    """A prior of discrimination; the parameters of its family stand beside its name (`priors.families`)."""

    distribution: Annotated[str, Field("Family")]


class SamplingSpec(TypedDict):
    """How a fit is asked to be sampled."""

    sampler: Annotated[str, Field("nutpie or pymc")]
    draws: Annotated[int | str, Field("Draws of each chain after tuning, or `enough`")]
    most_draws: Annotated[SomeCount, Field("Draws of each chain at most, with `enough`")]
    tune: Annotated[Count, Field("Tuning steps of each chain")]
    chains: Annotated[SomeCount, Field("Chains")]
    target_accept: Annotated[float, Field("Acceptance that the step size is tuned to", above=0, maximum=1)]
    seed: Annotated[int, Field("Of all chains")]
    restarts: Annotated[Count, Field("How often lost chains are sampled again")]


class AnyFitSpec(TypedDict):
    """What the specs of all fits hold."""

    unit: Annotated[str, Field("house, senate, joint, flat_house or flat_senate")]
    session: Annotated[str, Field("Name of the session")]
    coordinates: Annotated[str, Field("Coordinates asked for", values=("fast", "reference"))]
    kind: Annotated[str, Field("Model", values=("flat", "chamber", "joint"))]
    sampling: Annotated[SamplingSpec, Field("How it is sampled")]
    code: NotRequired[Annotated[str, Field("Fingerprint of the code; not in what the configuration alone says")]]


class FitSpec(AnyFitSpec):
    """The spec of the model of a chamber or of both."""

    alpha_sigma: Annotated[Factor, Field("Standard deviation of the prior of alpha")]
    beta_prior: Annotated[Prior, Field("Prior of beta")]
    orient_bills: Annotated[bool, Field("Whether Yea and Nay of bills are turned so that a one-sided prior fits")]
