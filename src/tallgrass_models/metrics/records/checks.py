"""Records of the checks of a fit: leave-one-out, replicated votes, and sensitivity to the prior."""

from typing import Annotated, TypedDict

from ...files.records.checking import Movement
from ...files.records.fields import Count, Field, NotNegative, Share


class PairsOutside(TypedDict):
    """Agreement of pairs of members in the posterior predictive check."""

    n: Annotated[Count, Field("Pairs of members with a roll call in common", unit="pairs")]
    outside: Annotated[Count, Field("Pairs whose agreement is outside 90 % of the replicated votes", unit="pairs")]
    expected: Annotated[NotNegative, Field("As many would be outside if the model were right", unit="pairs")]


class Checks(TypedDict):
    """Leave-one-out, replicated votes, and sensitivity to the prior."""

    elpd_loo: Annotated[
        float,
        Field(
            "Expected log predictive density of a vote left out, summed over votes (PSIS-LOO)",
            unit="nats",
            maximum=0,
        ),
    ]
    elpd_loo_se: Annotated[float, Field("Its standard error if votes were independent", unit="nats")]
    p_loo: Annotated[float, Field("Effective number of parameters")]
    gmp_loo: Annotated[Share, Field("Geometric mean probability of a vote left out")]
    n_k_above: Annotated[
        Count,
        Field(
            "Votes with Pareto k too high and weights that are not flat; their bills are integrated out",
            unit="votes",
        ),
    ]
    n_k_above_after: Annotated[Count, Field("Those that are still unreliable", unit="votes")]
    loo_order_hash: Annotated[str, Field("Equal for all variants on the same votes in the same order")]
    predictive_unusual: Annotated[
        dict[str, Share],
        Field(
            "Posterior predictive tail probabilities of the statistics that are not reproduced, by "
            "chamber/party/statistic"
        ),
    ]
    predictive_expected: Annotated[
        NotNegative, Field("How many statistics would be there by chance", unit="statistics")
    ]
    predictive_threshold: Annotated[
        float,
        Field(
            "Tail probability on either side beyond which a statistic is not reproduced",
            minimum=0,
            maximum=0.5,
        ),
    ]
    icc_sensitivity_to_beta: Annotated[
        dict[str, float | None],
        Field("Power-scaling sensitivity of the party share of the variance to the prior of beta, by chamber"),
    ]
    n_members_sensitive: Annotated[
        dict[str, Count],
        Field(
            "Members whose position relative to the party means depends on the prior, by component of the prior",
            unit="members",
        ),
    ]
    prior_scale_movement: Annotated[
        dict[str, Movement],
        Field("How far members move under half or twice the scale of each prior, by chamber"),
    ]
    pairs_outside: Annotated[
        dict[str, PairsOutside],
        Field("Agreement of pairs of members in the posterior predictive check, by chamber"),
    ]
