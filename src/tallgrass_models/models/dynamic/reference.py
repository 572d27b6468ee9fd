"""The textbook form of the model over time: members move at random from session to session (Martin and Quinn 2002).

::

    mu_raw[p] ~ Normal(0, 2);  mu_party = sort(mu_raw);  sigma_within[p] ~ HalfNormal(s[p])
    step[p] ~ HalfNormal(0.5);  entry_step ~ HalfNormal(0.5)
    mu_entry[p, 1] = mu_party[p];  mu_entry[p, t] ~ Normal(mu_entry[p, t-1], entry_step)
    xi[i, t] ~ Normal(mu_entry[p(i), t], sigma_within[p(i)])        t the first session of i
    xi[i, t] ~ Normal(xi[i, t'], sqrt(t - t') step[p(i)])           t' the session of i before t
    xi[k, t] ~ Normal((mu_entry[D, t] + mu_entry[R, t]) / 2, mu_party[R] - mu_party[D])      k counted with neither
    xi[k, t] ~ Normal(xi[k, t'], sqrt((t - t') (step[D]^2 + step[R]^2) / 2))                 party: first, and later
    alpha[j] ~ Normal(0, alpha_sigma);  beta[j] ~ beta_prior        the roll calls of every session
    P(y[i, j] = 1) = logistic(beta[j] xi[i, t(j)] - alpha[j])

``s[p]`` is 0.5 for a party of less than 20 careers, else 1. With ``step`` and ``entry_step`` zero this is the chamber
model of one matrix, whose members are careers and whose roll calls are those of all sessions.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from ...priors.constants import ENTRY_SIGMA, MU_SIGMA, STEP_SIGMA
from ...priors.spec import BetaPriorSpec
from ...votes.vocabulary import PARTIES
from ..base import BuiltModel, Draws, Reported
from ..fast.frames import Array
from ..groups import sigma_scale, three_groups
from ..reference import discrimination, reported_beta
from ..starts import bill_start, xi_start
from .sessions import FIRST, SessionsVotes

#: Dimensions of what is reported; ``legislator`` are the seats.
DIMS = {
    "xi": ("legislator",),
    "mu_party": ("party",),
    "sigma_within": ("party",),
    "step": ("party",),
    "entry_step": (),
    "mu_entry": ("party", "session"),
    "alpha": ("vote",),
    "beta": ("vote",),
}
_SCATTER = 0.1


def coords_of(series: SessionsVotes) -> dict[str, np.ndarray]:
    """Label the dimensions of the reported variables."""
    return {
        "legislator": series.legislator,
        "vote": series.vote,
        "party": np.array(PARTIES),
        "session": np.array(series.names),
    }


def build_reference(
    series: SessionsVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float,
    oriented: Sequence[np.ndarray] | None = None,
    both_sides: bool = False,
) -> BuiltModel:
    """Build the equations as they stand.

    ``oriented`` is that of each session's bills (`orientation`), or None. With ``both_sides``, every other chain starts
    with the members mirrored.
    """
    coords, n_later = coords_of(series), len(series.names) - 1
    sides = None if oriented is None else np.concatenate(oriented)
    cells = [np.nonzero(votes.y >= 0) for votes in series.votes]
    first_seat = np.concatenate([[0], np.cumsum(series.sizes)])
    first_vote = np.concatenate([[0], np.cumsum([votes.n_votes for votes in series.votes])])
    i = np.concatenate([rows + first_seat[t] for t, (rows, _) in enumerate(cells)])
    j = np.concatenate([columns + first_vote[t] for t, (_, columns) in enumerate(cells)])
    y = np.concatenate([votes.y[cell] for votes, cell in zip(series.votes, cells, strict=True)])
    with pm.Model(coords=coords) as model:
        mu_raw = pm.Normal("mu_raw", 0, MU_SIGMA, dims="party")
        sigma_within = pm.HalfNormal("sigma_within", sigma_scale(series.first_sizes), dims="party")
        step = pm.HalfNormal("step", STEP_SIGMA, dims="party")
        entry_step = pm.HalfNormal("entry_step", ENTRY_SIGMA)
        entry_offset = pm.Normal("entry_offset", 0, 1, shape=(2, n_later))
        xi_offset = pm.Normal("xi_offset", 0, 1, dims="legislator")
        mu_party = pm.Deterministic("mu_party", pt.sort(mu_raw), dims="party")
        mu_entry = _entries(mu_party, entry_step, entry_offset, pt)
        pm.Deterministic("mu_entry", mu_entry, dims=("party", "session"))
        xi = _positions(series, (mu_party, sigma_within, step), mu_entry, xi_offset, pt)
        xi = pm.Deterministic("xi", xi, dims="legislator")
        alpha = pm.Normal("alpha", 0, alpha_sigma, dims="vote")
        beta = discrimination(beta_prior, len(series.vote), sides)
        pm.Bernoulli("y", logit_p=beta[j] * xi[i] - alpha[j], observed=y)

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        mu, sigma, own_step = np.sort(draws["mu_raw"], axis=-1), draws["sigma_within"], draws["step"]
        entries = _entries(mu, draws["entry_step"], draws["entry_offset"], np)
        return {
            "xi": _positions(series, (mu, sigma, own_step), entries, draws["xi_offset"], np),
            "mu_party": mu,
            "sigma_within": sigma,
            "step": own_step,
            "entry_step": draws["entry_step"],
            "mu_entry": entries,
            "alpha": draws["alpha"],
            "beta": reported_beta(draws, sides),
        }

    def start(sign: float) -> dict[str, np.ndarray]:
        scores = [sign * xi_start(votes) for votes in series.votes]
        bills = [bill_start([(votes, xi0, np.arange(votes.n_votes))], beta_prior) for votes, xi0 in
                 zip(series.votes, scores, strict=True)]  # fmt: skip
        merged = {name: np.concatenate([one[name] for one in bills]) for name in bills[0]}
        if sides is not None:
            items = np.split(np.arange(len(sides)), first_vote[1:-1])
            merged = bill_start(list(zip(series.votes, scores, items, strict=True)), beta_prior, sides)
        mu0 = np.array([scores[0][series.party[: series.sizes[0]] == p].mean() for p in (0, 1)])
        center, scale = three_groups(np.sort(mu0), np.full(2, 0.5), np)
        begins, offset = series.previous == FIRST, np.zeros(len(series.party))
        # who returns starts where she was
        offset[begins] = ((np.concatenate(scores) - center[series.party]) / scale[series.party])[begins]
        return {
            "mu_raw": mu0,
            "sigma_within": np.full(2, 0.5),
            "step": np.full(2, 0.2),
            "entry_step": np.array(0.2),
            "entry_offset": np.zeros((2, n_later)),
            "xi_offset": offset,
            **merged,
        }

    first, others = start(1.0), (start(-1.0),) if both_sides else ()
    scatter = {name: np.full(np.shape(value), _SCATTER) for name, value in first.items()}
    return BuiltModel("dynamic", "reference", lambda: model, first, report, DIMS, coords, scatter, others)


def _entries(mu: Array, entry_step: Array, offset: Array, xp: ModuleType) -> Array:
    """Compute mu_entry, shape (..., 2, n_sessions), from the standard normal numbers of its steps."""
    walk = xp.cumsum(offset, axis=-1) * entry_step[..., None, None]
    return xp.concatenate([mu[..., None], mu[..., None] + walk], axis=-1)


def _positions(
    series: SessionsVotes, groups: tuple[Array, Array, Array], entries: Array, offset: Array, xp: ModuleType
) -> Array:
    """Compute xi of each seat from its standard normal number; ``groups`` are mu_party, sigma_within and step."""
    mu, sigma, step = groups
    moved = xp.sqrt(xp.concatenate([step**2, (step**2).sum(axis=-1)[..., None] / 2], axis=-1))
    spread = xp.concatenate([sigma, mu[..., 1:] - mu[..., :1]], axis=-1)
    ends, done = np.cumsum(series.sizes), list[Array]()
    for t, (begin, end) in enumerate(zip(ends - series.sizes, ends, strict=True)):
        here = slice(int(begin), int(end))
        party, previous, entry = series.party[here], series.previous[here], entries[..., t]
        center = xp.concatenate([entry, entry.sum(axis=-1)[..., None] / 2], axis=-1)
        mean, sd = center[..., party], spread[..., party]
        if done:
            before = xp.concatenate(done, axis=-1)[..., np.maximum(previous, 0)]
            begins, root = previous == FIRST, np.sqrt(np.maximum(series.steps[here], 1))
            mean, sd = xp.where(begins, mean, before), xp.where(begins, sd, moved[..., party] * root)
        done.append(mean + sd * offset[..., here])
    return xp.concatenate(done, axis=-1)
