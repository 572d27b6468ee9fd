"""Members over time in fast coordinates: standard normal numbers, whatever the steps and the spreads.

Everything is in the frame of the first session (`fast.frames`), ``xi = s + sep u``. What the votes of a session and of
all later ones say about a seat is approximated as a Normal density of its u (`Seats`). Given the seat before, the steps
and the spreads, u is then about Normal, and its coordinate is its standard normal number. The approximation affects
efficiency only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np

from ..fast.frames import Array
from ..fast.members import Group, Parties
from ..fast.positions import MemberInfo
from .sessions import FIRST

_LOG_2_PI = math.log(2 * math.pi)


@dataclass(frozen=True)
class Layout:
    """Which seats belong together, by session, as indices.

    Attributes
    ----------
    party
        0 Democrat, 1 Republican, 2 neither, of each seat of a session.
    steps
        Sessions since the seat before, 1 for first seats.
    before
        For all sessions but the first, the place of the seat before among all seats of earlier sessions, followed by
        the means of newcomers by party.
    kind
        Row of `scales`: the party, plus 3 for first seats.
    after
        Place of the next seat among those of later sessions, after a first place for none.
    """

    party: tuple[np.ndarray, ...]
    steps: tuple[np.ndarray, ...]
    before: tuple[np.ndarray, ...]
    kind: tuple[np.ndarray, ...]
    after: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, party: np.ndarray, previous: np.ndarray, steps: np.ndarray, sizes: tuple[int, ...]) -> Layout:
        """Lay out seats as in `sessions.SessionsVotes`."""
        ends = np.cumsum(sizes)
        parts = [slice(end - n, end) for n, end in zip(sizes, ends.tolist(), strict=True)]
        begins = previous == FIRST
        following = np.full(len(party), FIRST)
        following[previous[~begins]] = np.flatnonzero(~begins)
        before = [np.where(begins[at], at.start + party[at], previous[at]) for at in parts[1:]]
        after = [np.where(following[at] == FIRST, 0, following[at] - at.stop + 1) for at in parts]
        kind = party + 3 * begins
        return cls(
            tuple(party[at] for at in parts),
            tuple(np.maximum(steps[at], 1).astype(float) for at in parts),
            tuple(before),
            tuple(kind[at] for at in parts),
            tuple(after),
        )


@dataclass(frozen=True)
class Seats:
    """What votes say about the seats of a session: ``-precision u^2 / 2 + pull u`` for each; shape (n,)."""

    precision: Array
    pull: Array


@dataclass(frozen=True)
class Walked:
    """All sessions at one point (or at many draws).

    Attributes
    ----------
    first
        The members of the first session, their frame, means and spreads.
    u
        Positions by session in the frame of the first.
    step
        Steps of Democrats and Republicans, in units of xi.
    entry_step
        Step of the means of newcomers, in units of xi.
    entries
        Means of newcomers of all sessions, shape (..., n_sessions), Democrats and Republicans.
    log_density
        Log density of xi, steps and means of newcomers apart from the priors of the steps, plus the log Jacobian.
    """

    first: Parties
    u: list[Array]
    step: tuple[Array, Array]
    entry_step: Array
    entries: tuple[Array, Array]
    log_density: Array


def shapes(group: Group, layout: Layout) -> dict[str, tuple[int, ...]]:
    """Name the free variables of `walk`, with their shapes; each session's positions are a vector of their own."""
    later = {f"z_{t}": (len(party),) for t, party in enumerate(layout.party) if t}
    known = {"log_step_left": (), "log_step_right": (), "log_entry_step": ()}
    n_later = len(layout.party) - 1
    return group.shapes("") | known | {"entry_left": (n_later,), "entry_right": (n_later,)} | later


def walk(v: Mapping[str, Array], group: Group, seats: tuple[Seats, ...], layout: Layout, xp: ModuleType) -> Walked:
    """Map the coordinates to members over time; ``seats`` are those of all sessions but the first.

    Notes
    -----
    With the precision J and the pull B of all that is said about a seat (`told`), and the precision t and the mean m of
    its density given the seat before, ``u = (B + t m) / h + z / sqrt(h)`` with ``h = J + t``. The density of u relative
    to that of xi and the Jacobian of ``u -> xi`` cancel.
    """
    ratio = [xp.exp(v["log_step_left"]), xp.exp(v["log_step_right"])]
    variances = xp.stack([ratio[0] ** 2, ratio[1] ** 2, (ratio[0] ** 2 + ratio[1] ** 2) / 2], axis=-1)
    first = group.members(v, "", xp)
    frame, (mu_left, mu_right) = first.frame, first.mu
    sep = frame.sep
    entry_ratio = xp.exp(v["log_entry_step"])
    drift = [entry_ratio[..., None] * xp.cumsum(v[name], axis=-1) for name in ("entry_left", "entry_right")]
    log_density = first.log_density
    for name in ("entry_left", "entry_right"):
        log_density = log_density - 0.5 * (v[name] ** 2 + _LOG_2_PI).sum(axis=-1)
    center = [((mu - frame.s) / sep)[..., None] + moved for mu, moved in zip(first.mu, drift, strict=True)]
    spread = [(first.sigma[0] / sep) ** 2, (first.sigma[1] / sep) ** 2, ((mu_right - mu_left) / sep) ** 2]
    scales = xp.concatenate([variances, xp.stack(spread, axis=-1)], axis=-1)
    u = [first.u]
    for t in range(1, len(layout.party)):
        means = [center[0][..., t - 1], center[1][..., t - 1]]
        means = xp.stack([*means, (means[0] + means[1]) / 2], axis=-1)
        mean = xp.concatenate([*u, means], axis=-1)[..., layout.before[t - 1]]
        precision = 1 / (scales[..., layout.kind[t]] * layout.steps[t])
        at = seats[t - 1]
        h = at.precision + precision
        here = (at.pull + precision * mean) / h + v[f"z_{t}"] / xp.sqrt(h)
        terms = xp.log(precision) - xp.log(h) - precision * (here - mean) ** 2 - _LOG_2_PI
        log_density = log_density + 0.5 * terms.sum(axis=-1)
        u.append(here)
    # log step -> step, log entry_step -> entry_step, and the standard normal numbers of newcomers' means are priors
    step = sep * ratio[0], sep * ratio[1]
    entry_step = sep * entry_ratio
    log_density = log_density + xp.log(step[0]) + xp.log(step[1]) + xp.log(entry_step)
    entries = tuple(
        xp.concatenate([mu[..., None], mu[..., None] + sep[..., None] * moved], axis=-1)
        for mu, moved in zip(first.mu, drift, strict=True)
    )
    return Walked(first, u, step, entry_step, (entries[0], entries[1]), log_density)


def told(variances: np.ndarray, seats: Sequence[Seats], layout: Layout) -> tuple[Seats, ...]:
    """Add to what the votes of each session say about its seats what those of all later ones say.

    Parameters
    ----------
    variances : ndarray, shape (3,)
        Of the steps of Democrats, Republicans and others.

    Notes
    -----
    With the precision J and the pull B of all that is said about a seat, and the variance q of the step to it, the seat
    before is told ``J / (1 + J q)`` and ``B / (1 + J q)``.
    """
    out: list[Seats] = []
    messages: list[np.ndarray] = []
    for t in reversed(range(len(seats))):
        known = np.stack([seats[t].precision, seats[t].pull])
        known = known + np.concatenate([np.zeros((2, 1)), *messages], axis=1)[:, layout.after[t]]
        out.insert(0, Seats(known[0], known[1]))
        if t:
            messages.insert(0, known / (1 + known[0] * variances[layout.party[t]] * layout.steps[t]))
    return tuple(out)


def first_group(group: Group, seats: Seats) -> Group:
    """Give the members of the first session the information of all sessions, left, right and others in this order."""
    ends = [group.n_left, group.n_left + group.n_right]
    parts = (slice(0, ends[0]), slice(*ends), slice(ends[1], None))
    left, right, others = (
        # of rho = u - mean, where the group's mean of u is fixed
        MemberInfo(seats.precision[at], seats.pull[at] - mean * seats.precision[at])
        for at, mean in zip(parts, (-0.5, 0.5, 0.0), strict=True)
    )
    return replace(group, left=left, right=right, independents=others if group.n_independents else None)
