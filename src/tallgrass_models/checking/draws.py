"""The draws of a posterior, laid out for statistics of single votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from ..draws.vote_probability import VoteParameters
from ..files.records.specs import FitSpec
from ..models.base import AXES
from ..models.bridges import BRIDGE_SENATE, DRIFT_NAMES
from ..models.fast.seating import party_index
from ..models.groups import members_spread
from ..models.structures.structure import Structure, structure
from ..priors.model import PRODUCTION, AlphaPrior, ModelPriors, priors_of
from ..priors.spec import BetaPriorSpec
from ..votes.matrix import ChamberVotes
from ..votes.vocabulary import PARTIES
from .observations import Observations, bill_signs, observations

#: Most draws of a posterior that the checks use. If there are more, they take every second one or fewer.
_MAX_DRAWS = 4000
#: Cells of a block of votes by draws. Two arrays of this many numbers stay in the processor's cache.
BLOCK = 2**17


@dataclass(frozen=True)
class Draws:
    """Draws of one unit, chains one after the other, and the priors of its fit.

    Attributes
    ----------
    xi, alpha, beta : ndarray of float32, shapes (n_legislators, n_draws), (n_items, n_draws) twice
    mu, sigma : ndarray, shape (n_groups, n_draws)
        Means and spreads of the groups: the parties (Democrat, Republican) of each chamber, House first. A model
        without parties has none.
    group : ndarray of int, shape (n_legislators,)
        Group of each member; -1 for a free-standing member.
    upper : dict of ndarray, shape (n_draws,)
        The joint model's mu_global, sigma_chamber and sigma_party, and what its bridges may differ by (tau_alpha,
        tau_beta, delta) if they may; empty for one chamber.
    n_chains : int
    beta_prior, alpha_sigma, priors
        Priors of the fit; ``alpha_sigma`` is that of alpha where ``priors`` has none.
    sign : ndarray of int8, shape (n_items,)
        The sign of each discrimination under ``beta_prior``; see `observations.bill_signs`.
    own_prior : ndarray of bool, shape (n_items,), or None
        False for the Senate's side of a bill whose two sides may differ: alpha and beta there are those of the House
        and a difference. None if the priors of alpha and beta are those of all items.
    xi2, beta2, eps : ndarray or None
        What the votes of some structures depend on too (`VoteParameters`): shapes like ``xi`` and ``beta``, and
        (n_draws,).
    axes : ndarray or None, shape (4, n_draws)
        `models.base.AXES` of a fit in two dimensions.
    structure
        The structure of the model; None for the production model's.
    own : dict of ndarray
        Draws of the variables that are its own, draws last.
    """

    xi: np.ndarray
    alpha: np.ndarray
    beta: np.ndarray
    mu: np.ndarray
    sigma: np.ndarray
    group: np.ndarray
    upper: dict[str, np.ndarray]
    n_chains: int
    beta_prior: BetaPriorSpec
    alpha_sigma: float
    sign: np.ndarray
    own_prior: np.ndarray | None = None
    xi2: np.ndarray | None = None
    beta2: np.ndarray | None = None
    eps: np.ndarray | None = None
    axes: np.ndarray | None = None
    structure: Structure | None = None
    own: Mapping[str, np.ndarray] = field(default_factory=dict)
    priors: ModelPriors = PRODUCTION

    @property
    def alpha_prior(self) -> AlphaPrior:
        """Prior of alpha."""
        return self.priors.alpha_prior(self.alpha_sigma)

    @property
    def alpha_unit(self) -> np.ndarray:
        """Unit of the prior of alpha, shape (n_draws,): the members' spread, or 1."""
        return self.spread if self.alpha_prior.scaled else np.ones(self.n_draws)

    @property
    def spread(self) -> np.ndarray:
        """The members' spread, in whose units a prior of alpha may be, shape (n_draws,)."""
        return np.asarray(members_spread(list(self.mu), list(self.sigma), np))

    @property
    def votes(self) -> VoteParameters:
        """What the votes follow from; members and items are the first axis, draws the last."""
        return VoteParameters(self.xi, self.alpha, self.beta, self.xi2, self.beta2, self.eps)

    @property
    def n_draws(self) -> int:
        """Number of draws of all chains together."""
        return self.xi.shape[1]

    @property
    def group_sizes(self) -> np.ndarray:
        """Number of members of each group."""
        return np.bincount(self.group[self.group >= 0], minlength=len(self.mu))

    def by_chain(self, values: np.ndarray) -> np.ndarray:
        """Split the last axis: (..., n_draws) becomes (..., chain, draw)."""
        return values.reshape(*values.shape[:-1], self.n_chains, -1)

    def logits(self, member: np.ndarray, item: np.ndarray, draws: slice = slice(None)) -> np.ndarray:
        """Compute the logit of Yea, float64, shape (len(member), n_draws)."""
        return self.votes.logits(
            lambda own: own[member, draws], lambda own: own[item, draws], lambda own: own[draws], dtype=float
        )


def thinned(posterior: xr.Dataset) -> xr.Dataset:
    """Take every k-th draw of each chain, with the smallest k that leaves at most `_MAX_DRAWS` in all.

    Neighbouring draws of a chain are alike, but each costs as much to compute. Standard errors over votes and members
    are far larger than the change that the draws left out would make.
    """
    n = posterior.sizes["chain"] * posterior.sizes["draw"]
    return posterior.isel(draw=slice(None, None, -(-n // _MAX_DRAWS)))


def observed_draws(
    posterior: xr.Dataset, spec: FitSpec, chambers: Sequence[ChamberVotes]
) -> tuple[Observations, Draws]:
    """List the votes of a fit on the items of its posterior, and take its draws; arguments as for `unit_draws`."""
    items = posterior["vote"].to_numpy()
    obs = observations(chambers, items)
    signs = bill_signs(chambers, spec["orient_bills"], items, BRIDGE_SENATE in posterior)
    return obs, unit_draws(posterior, spec, obs, signs)


def _own_prior(posterior: xr.Dataset) -> np.ndarray | None:
    """Mark the items that have the priors of alpha and beta themselves; None if all have."""
    if BRIDGE_SENATE not in posterior:
        return None
    return ~np.isin(posterior["vote"].to_numpy(), posterior[BRIDGE_SENATE].to_numpy())


def unit_draws(posterior: xr.Dataset, spec: FitSpec, obs: Observations, sign: np.ndarray) -> Draws:
    """Take the draws of a posterior file's group ``posterior``; ``spec`` is the one stored with it.

    ``sign`` comes from `observations.bill_signs`.

    Raises
    ------
    ValueError
        If the posterior has other members or roll calls than the observations.
    """
    if list(posterior["legislator"].to_numpy()) != list(obs.members["legislator"]):
        raise ValueError("the members of the posterior are not those of the votes")
    if list(posterior["vote"].to_numpy()[obs.rollcalls["item"]]) != list(obs.rollcalls["vote"]):
        raise ValueError("the roll calls of the posterior are not those of the votes")

    def flat(name: str) -> np.ndarray:
        values = posterior[name].to_numpy()
        return np.ascontiguousarray(values.reshape(values.shape[0] * values.shape[1], -1).T)

    named = spec.get("model", {}).get("structure")
    other = structure(named) if named else None
    mu = "mu_group" if "mu_group" in posterior else "mu_party"
    grouped = mu in posterior
    none = np.empty((0, posterior.sizes["chain"] * posterior.sizes["draw"]))
    chambers = list(dict.fromkeys(obs.members["chamber"]))
    party, chamber = party_index(obs.members["party"]), np.array([chambers.index(c) for c in obs.members["chamber"]])
    return Draws(
        **{name: flat(name) for name in ("xi", "alpha", "beta")},
        mu=flat(mu).astype(float) if grouped else none,
        sigma=flat("sigma_within").astype(float) if grouped else none,
        group=np.where((party < len(PARTIES)) & grouped, len(PARTIES) * chamber + party, -1),
        upper={
            name: flat(name)[0].astype(float)
            for name in ("mu_global", "sigma_chamber", "sigma_party", *DRIFT_NAMES)
            if name in posterior
        },
        n_chains=posterior.sizes["chain"],
        beta_prior=BetaPriorSpec.from_dict(spec["beta_prior"]),
        alpha_sigma=float(spec["alpha_sigma"]),
        sign=sign,
        own_prior=_own_prior(posterior),
        **{name: flat(name) for name in ("xi2", "beta2") if name in posterior},
        eps=flat("eps")[0].astype(float) if "eps" in posterior else None,
        axes=flat(AXES).astype(float) if AXES in posterior else None,
        priors=priors_of(spec),
        structure=other,
        own={n: (flat(n)[0] if posterior[n].ndim == 2 else flat(n)).astype(float) for n in other.own} if other else {},
    )
