"""Records of one fit: the keys that chamber and joint models share, and those that each has alone."""

from typing import TYPE_CHECKING, Annotated, Any, NotRequired, TypedDict

from ...files.records.fields import ChamberName, Correlation, Count, Field, Share, SomeCount
from ...files.records.roster import Roster
from ...files.records.statistics import (
    Bridges,
    Classification,
    External,
    GapsCompared,
    Overlap,
    PartiesApart,
    PivotAcross,
    Scale,
    Sides,
    Truth,
    VarianceShare,
)
from ...priors.families import FAMILIES
from .checks import Checks
from .statistics import ChainModes, Pivot, WrongSign


class SizeAndTime(TypedDict):
    """Size of a fit, and the time and draws that it took."""

    n_legislators: Annotated[
        Count, Field("Members in the model, of the two major parties in a joint one", unit="members")
    ]
    n_rollcalls: Annotated[Count, Field("Pairs of bill parameters (alpha, beta)")]
    n_votes: Annotated[Count, Field("Yea and Nay votes in the likelihood", unit="votes")]
    sampling_time_s: Annotated[float, Field("Wall-clock time of tuning and sampling", unit="seconds")]
    compile_time_s: Annotated[float, Field("Wall-clock time of compilation", unit="seconds")]
    gradients: Annotated[Count, Field("Gradient evaluations after tuning, all chains")]
    draws: Annotated[SomeCount, Field("Draws of each chain after tuning")]


class Convergence(TypedDict):
    """Gates of convergence, chance failures, and modes."""

    convergence_ok: Annotated[bool, Field("Whether every gate was passed")]
    convergence_failures: Annotated[list[str], Field("Every gate that was not passed, in words")]
    rhat_xi_max: Annotated[float | None, Field("Largest R-hat of the ideal points")]
    ess_xi_min: Annotated[float | None, Field("Least bulk ESS of the ideal points", unit="draws")]
    divergences: Annotated[Count, Field("Divergent transitions after tuning, all chains")]
    ebfmi: Annotated[list[float | None], Field("E-BFMI of each chain")]
    rhat_max: Annotated[dict[str, float | None], Field("Largest R-hat of every parameter block")]
    ess_bulk_min: Annotated[dict[str, float | None], Field("Least bulk ESS of every parameter block", unit="draws")]
    ess_tail_min: Annotated[dict[str, float | None], Field("Least tail ESS of every parameter block", unit="draws")]
    n_rhat_above: Annotated[dict[str, Count], Field("How many of every parameter block miss the R-hat gate")]
    n_rhat_chance: Annotated[
        dict[str, float], Field("How many would miss it by chance if all chains sampled the same distribution")
    ]
    draws_needed: Annotated[
        Count | None,
        Field(
            "Draws of each chain with which all blocks would pass the R-hat and ESS gates; null where more draws do "
            "not help"
        ),
    ]
    minutes_needed: Annotated[
        float | None,
        Field("Time that those draws would take, at the speed of this fit", unit="minutes"),
    ]
    rank_mcse_max: Annotated[
        float | None, Field("Largest Monte Carlo standard error of a member's mean rank", unit="ranks")
    ]
    chain_modes: Annotated[ChainModes, Field("Whether all chains are in one mode")]


class Statistics(TypedDict):
    """Findings of the fit on members, votes and files."""

    sides: Annotated[Sides, Field("On which side each party sits, and the form that was sampled")]
    fit: Annotated[
        dict[str, Classification],
        Field("Classification of the votes by the posterior means, by chamber (and all of a joint model), in sample"),
    ]
    pivots: Annotated[
        dict[str, Annotated[dict[str, Pivot], Field("By pivot")]],
        Field(
            "Medians, two-thirds pivots and those of other majorities by chamber, on the headline scale, with the "
            "member who most probably holds each"
        ),
    ]
    overlap: Annotated[list[Overlap], Field("How far the parties overlap, by chamber")]
    roster: Annotated[
        list[Roster],
        Field("Who is not in the fit, who is counted with whom, and what is odd about the files, by chamber"),
    ]
    across: Annotated[
        list[PivotAcross],
        Field("Pivots of the Senate against those of the House (joint model only), Senate minus House"),
    ]
    external: Annotated[
        list[External],
        Field("Agreement with scores that others gave the members, by chamber with such scores"),
    ]
    wrong_sign: Annotated[
        WrongSign,
        Field("Bills whose Yea is certainly the side that a positive prior cannot describe in this fit"),
    ]


class Parties(TypedDict):
    """Parties, scale, and comparisons of positions with those known from elsewhere."""

    icc: Annotated[
        list[VarianceShare],
        Field("Party share of the variance between the members, draw by draw, by chamber"),
    ]
    scale: Annotated[
        dict[ChamberName, Scale],
        Field("The headline scale of the fit, and what each chamber's own members would say", least=1),
    ]
    parties_apart: Annotated[
        dict[ChamberName, PartiesApart],
        Field("How far apart the averages of the members of the parties are, draw by draw", least=1),
    ]
    truth: Annotated[list[Truth] | None, Field("Recovery of the simulated truth; null for real sessions")]
    pearson_r_vs_baseline: Annotated[
        Correlation | None,
        Field(
            "Correlation of posterior mean positions with those of the experiment named in `baseline`; a mirrored fit "
            "is turned first"
        ),
    ]


def _parameters() -> dict[str, Any]:
    """Return the keys of a prior's parameters, for all families together."""
    known = [(one, family.name) for family in FAMILIES.values() for way in family.ways for one in way.parameters]
    keys = {}
    for name in dict.fromkeys(one.name for one, _ in known):
        families = dict.fromkeys(family for one, family in known if one.name == name)
        above = 0 if all(one.positive for one, _ in known if one.name == name) else None
        keys[name] = NotRequired[Annotated[float, Field(f"Of {', '.join(families)}", above=above)]]
    return keys


if TYPE_CHECKING:

    class BetaPrior(TypedDict):
        """A prior of the discriminations."""

        distribution: str

else:
    BetaPrior = TypedDict(
        "BetaPrior", {"distribution": Annotated[str, Field("Family", values=tuple(FAMILIES))]} | _parameters()
    )
    BetaPrior.__doc__ = "Prior of the discriminations: the family, and its parameters."


class Origin(TypedDict):
    """The priors, seeds, votes and code behind the fit, and its checks."""

    beta_prior: Annotated[BetaPrior, Field("Prior of beta")]
    alpha_sigma: Annotated[float, Field("Standard deviation of the prior of alpha, or of the Normal near it")]
    chain_seeds: Annotated[list[str], Field("What reproduces each chain: seed/stream for nutpie, one seed for PyMC")]
    cores: Annotated[Count, Field("Chains sampled at a time")]
    data_hash: Annotated[
        list[str],
        Field("Hash of the filtered votes of each chamber, and after a hyphen of its covariates if it has any"),
    ]
    model_fingerprint: Annotated[
        str,
        Field("Hash of the model's log density and gradient at fixed points: equal for equal models of equal votes"),
    ]
    spec_hash: Annotated[str, Field("Hash of the settings and model code of the fit")]
    checks: Annotated[Checks, Field("Votes left out, replicated votes, and what hangs on the prior")]


class ChamberFit(SizeAndTime, Convergence, Statistics, Parties, Origin):
    """The fit of a chamber model."""

    flat_corr: Annotated[
        Correlation | None,
        Field("Correlation of positions with the flat model; a mirrored fit is turned first"),
    ]
    rhat_mu_party_max: Annotated[float | None, Field("Largest R-hat of the party means")]
    rhat_sigma_within_max: Annotated[float | None, Field("Largest R-hat of the spreads within the parties")]
    ess_mu_party_min: Annotated[float | None, Field("Least bulk ESS of the party means", unit="draws")]
    icc_mean: Annotated[Share, Field("Mean of `icc`")]
    n_left_out: Annotated[Count, Field("Members with too few votes", unit="members")]


class JointFit(SizeAndTime, Convergence, Statistics, Parties, Origin):
    """The fit of the joint model."""

    flat_corr: Annotated[
        dict[str, Correlation | None],
        Field("Correlation of positions with the flat model, by chamber; a mirrored fit is turned first"),
    ]
    n_shared_bills: Annotated[Count, Field("Bills with one (alpha, beta) for both chambers", unit="bills")]
    bridges: Annotated[Bridges, Field("How shared bills tie the chambers, and what their two sides differ by")]
    gaps_compared: Annotated[
        GapsCompared | None,
        Field("Distance of the parties' averages in the Senate over that in the House"),
    ]
