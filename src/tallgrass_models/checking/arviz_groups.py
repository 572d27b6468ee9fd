"""Groups that ArviZ's functions want beside the draws, computed from votes and draws at the moment they are read.

``log_likelihood`` and ``posterior_predictive`` have a number for every vote and draw, gigabytes for a large chamber.
So both are lazy: taking part of them (``tree.isel(draw=slice(None, None, 8))``) computes that part alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

import numpy as np
import xarray as xr
from xarray.backends import BackendArray
from xarray.core import indexing

from ..draws.seeds import unit_seed
from ..draws.vote_probability import VoteParameters
from ..files.records.specs import FitSpec
from ..votes.matrix import ChamberVotes
from .draws import observed_draws
from .observations import Observations
from .sensitivity import log_priors

#: Most cells of draws by votes that are computed at a time.
_BLOCK = 2**21

_Indices = tuple[np.ndarray, ...]


def with_groups(tree: xr.DataTree, spec: FitSpec, chambers: Sequence[ChamberVotes]) -> xr.DataTree:
    """Add the groups to the tree of a posterior.

    Parameters
    ----------
    tree
        Groups ``posterior``, ``sample_stats`` and ``constant_data`` of a posterior file.
    spec
        Spec of the fit, which names its priors.
    chambers
        Votes that were fitted, House first.

    Returns
    -------
    DataTree
        The tree with ``observed_data`` and the lazy ``log_likelihood`` and ``posterior_predictive``, each with a
        variable ``y`` whose dimension ``observation`` has the member, the roll call and the chamber of every Yea (1)
        and Nay (0) as coordinates, and with ``log_prior``: the log density, up to a constant, of the priors that a user
        chooses, shape (chain, draw) each. The distribution of members within a party is part of the model, and is not
        in ``log_prior``.
    """
    posterior = tree["posterior"].to_dataset()
    obs, draws = observed_draws(posterior, spec, chambers)
    names = {
        "legislator": obs.members["legislator"].to_numpy()[obs.member],
        "vote": obs.rollcalls["vote"].to_numpy()[obs.item],
        "rollcall": obs.rollcalls["rollcall"].to_numpy()[obs.rollcall],
        "voting_chamber": obs.rollcalls["chamber"].to_numpy()[obs.rollcall],
    }
    coords: dict[str, Any] = {name: ("observation", values.astype(object)) for name, values in names.items()}
    index = {name: posterior[name].to_numpy() for name in ("chain", "draw")}
    shape = (posterior.sizes["chain"], posterior.sizes["draw"], len(obs))
    seed = unit_seed(spec["sampling"]["seed"], f"{spec['unit']}:predictive")
    made = {
        "log_likelihood": _Lazy(partial(_log_likelihood, posterior, obs), shape, np.dtype(float)),
        "posterior_predictive": _Lazy(partial(_predictive, posterior, obs, seed), shape, np.dtype(np.int8)),
    }
    groups = {
        name: xr.Dataset({"y": (("chain", "draw", "observation"), array.variable())}, {**index, **coords})
        for name, array in made.items()
    }
    groups["observed_data"] = xr.Dataset({"y": ("observation", obs.y)}, coords)
    priors = {name: (("chain", "draw"), draws.by_chain(value)) for name, value in log_priors(draws).items()}
    groups["log_prior"] = xr.Dataset(priors, index)
    return xr.DataTree.from_dict({**{f"/{name}": tree[name].to_dataset() for name in tree.children}, **groups}).assign(
        tree.to_dataset()
    )


def _logits(posterior: xr.Dataset, obs: Observations, at: _Indices) -> np.ndarray:
    """Compute the logits of Yea at some chains, draws and observations, shape (chains, draws, observations)."""
    chain, draw, o = at
    votes = VoteParameters.of(posterior)
    out = np.empty(tuple(map(len, at)))
    step = max(1, _BLOCK // max(1, len(o)))
    for k, c in enumerate(chain):
        for start in range(0, len(draw), step):
            d = draw[start : start + step, None]
            at_members, at_items = (c, d, obs.member[o]), (c, d, obs.item[o])
            out[k, start : start + step] = votes.logits(
                itemgetter(at_members), itemgetter(at_items), itemgetter((c, d)), dtype=float
            )
    return out


def _log_likelihood(posterior: xr.Dataset, obs: Observations, at: _Indices) -> np.ndarray:
    """Compute ``log P(y)`` of votes: minus ``log(1 + exp(-logit))`` for a Yea, and with the other sign for a Nay."""
    out = _logits(posterior, obs, at)
    out *= np.where(obs.y[at[2]] == 1, -1.0, 1.0)
    np.logaddexp(0.0, out, out=out)
    return np.negative(out, out=out)


def _predictive(posterior: xr.Dataset, obs: Observations, seed: np.random.SeedSequence, at: _Indices) -> np.ndarray:
    """Replicate votes: Yea where a uniform number of the draw and the vote is below the probability of Yea.

    Each draw has a stream of its own, so a vote is the same whatever part is read.
    """
    logits, out = _logits(posterior, obs, at), np.empty(tuple(map(len, at)), np.int8)
    for k, c in enumerate(at[0]):
        for i, d in enumerate(at[1]):
            stream = np.random.SeedSequence(seed.entropy, spawn_key=(int(c), int(d)))
            u = np.random.default_rng(stream).random(len(obs))[at[2]]
            out[k, i] = logits[k, i] > np.log(u) - np.log1p(-u)
    return out


class _Lazy(BackendArray):  # type: ignore[misc]
    """An array of (chain, draw, observation) whose parts are computed when they are read."""

    def __init__(self, compute: Callable[[_Indices], np.ndarray], shape: tuple[int, ...], dtype: np.dtype) -> None:
        self.compute, self.shape, self.dtype = compute, shape, dtype

    def variable(self) -> indexing.LazilyIndexedArray:
        """Wrap the array for xarray."""
        return indexing.LazilyIndexedArray(self)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> np.ndarray:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._at)

    def _at(self, key: tuple[Any, ...]) -> np.ndarray:
        at = tuple(np.atleast_1d(np.arange(n)[k]) for n, k in zip(self.shape, key, strict=True))
        dropped = tuple(axis for axis, k in enumerate(key) if np.ndim(k) == 0 and not isinstance(k, slice))
        return self.compute(at).squeeze(dropped)
