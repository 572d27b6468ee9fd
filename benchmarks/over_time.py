"""Members and parties over time on legislatures whose careers are known, by each way to put sessions on one scale.

    python benchmarks/over_time.py 4         # legislatures for each drift

Each legislature has five sessions of 30 members, who vote on 60 roll calls in each. From session to session a fifth
retire, and newcomers start further out, Republicans more so; who stays moves ``Normal(0, drift)``. One member of each
party converts: she moves by 0.9 towards the other party after the second session, and does not retire. The table
shows, over all sessions but the first and on the headline scale of the first: which share of members' positions and
which averages of parties are in their 90 % intervals, the root mean square errors of their medians, the mean width of
members' intervals, the positions of converts after they moved that are in theirs, and the processor time of the fits.
A legislature counts if every fit of it settled.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from resource import RUSAGE_SELF, getrusage

import numpy as np
import pandas as pd

from tallgrass_models.calibration.drawn import Truth, as_votes
from tallgrass_models.calibration.mixing import mixing_of
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.series import Matching
from tallgrass_models.models.base import BuiltModel, Reported
from tallgrass_models.models.dynamic.build import build_dynamic
from tallgrass_models.models.dynamic.constant import build_constant
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.over_time.build import Fitted, FittedSession, OverTime, build
from tallgrass_models.over_time.careers import series_of
from tallgrass_models.over_time.walked import FittedTogether
from tallgrass_models.sampling.sample import sample
from tallgrass_models.votes.matrix import ChamberVotes
from tallgrass_models.votes.vocabulary import PARTIES

DRIFTS = (0.08, 0.2)
CHAMBER = "house"
BY_ID = Matching("id")


@dataclass(frozen=True)
class Design:
    """What is drawn and how it is fitted; lengths are in half the distance of the parties in the first session.

    Attributes
    ----------
    leave
        Share of members who retire from one session to the next.
    outward
        How much further out newcomers start each time: Democrats, Republicans.
    converts
        Members who move by ``turn`` after the second session.
    slope
        Standard deviation of the roll calls' discrimination.
    """

    sessions: int = 5
    members: int = 30
    rollcalls: int = 60
    leave: float = 0.2
    outward: tuple[float, float] = (0.05, 0.15)
    converts: tuple[int, ...] = (2, 3)
    turn: float = 0.9
    slope: float = 1.5
    draws: int = 500


@dataclass(frozen=True)
class Legislature:
    """The truth of a legislature: by session the persons who sit, their positions on one scale, and their votes.

    Attributes
    ----------
    party : ndarray of int, shape (n,)
        0 Democrat, 1 Republican; the same in all sessions, since newcomers follow members of their own party.
    person, x : list of ndarray, shape (n,)
    votes : list of ChamberVotes
    """

    party: np.ndarray
    person: list[np.ndarray]
    x: list[np.ndarray]
    votes: list[ChamberVotes]

    def places(self) -> list[np.ndarray]:
        """Positions by session where the parties of the first session average -1 and +1."""
        left, right = (self.x[0][self.party == p].mean() for p in (0, 1))
        return [(2 * x - left - right) / (right - left) for x in self.x]


def draw(design: Design, drift: float, number: int) -> Legislature:
    """Draw a legislature; the same for the same arguments."""
    rng = np.random.default_rng([number, round(1000 * drift)])
    n, converts = design.members, list(design.converts)
    party = np.arange(n) % 2
    side = 2 * party - 1
    x, person = side + 0.4 * rng.normal(size=n), np.arange(n)
    found = Legislature(party, [], [], [])
    for t in range(design.sessions):
        if t:
            gone = rng.random(n) < design.leave
            gone[converts] = False
            newcomers = side * (1 + t * np.array(design.outward)[party]) + 0.4 * rng.normal(size=n)
            x = np.where(gone, newcomers, x + drift * rng.normal(size=n))
            person = np.where(gone, n * t + np.arange(n), person)
        if t == 2:
            x[converts] -= design.turn * side[converts]
        found.person.append(person)
        found.x.append(x)
        found.votes.append(_votes(design, party, person, x, f"s{t + 1}", rng))
    return found


def _votes(
    design: Design, party: np.ndarray, person: np.ndarray, x: np.ndarray, session: str, rng: np.random.Generator
) -> ChamberVotes:
    """Votes of a session by the two-parameter model, without lopsided roll calls."""
    alpha, beta = rng.normal(size=design.rollcalls), design.slope * rng.normal(size=design.rollcalls)
    p = 1 / (1 + np.exp(alpha - np.outer(x, beta)))
    truth = Truth(party, np.array([-1.0, 1.0]), x, alpha, beta, (rng.random(p.shape) < p).astype(np.int8))
    votes = as_votes(truth, CHAMBER, 0.025)
    ids = [f"m{who:03d}" for who in person]
    members = votes.legislators.assign(name=ids, person=ids).set_axis(pd.Index(ids, name="legislator"))
    return replace(votes, session=session, legislators=members)


@dataclass(frozen=True)
class Fit:
    """What a fit says, the processor time that it took, and whether it settled."""

    found: Reported
    seconds: float
    settled: bool


def fit(design: Design, build_it: Callable[[], BuiltModel], seed: int) -> Fit:
    """Build and sample a model."""
    before = getrusage(RUSAGE_SELF)
    built = build_it()
    config = SamplingConfig(draws=design.draws, tune=design.draws, chains=2, seed=seed)
    sampled = sample(built, config, CHAMBER, 2)
    after = getrusage(RUSAGE_SELF)
    found = built.report(sampled.draws, np.random.default_rng(seed))
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Fit(found, seconds, mixing_of(found["xi"], sampled.stats["diverging"])["counted"])


@dataclass(frozen=True)
class Shown:
    """The tables of a rung, its processor time, and whether its fits settled."""

    tables: OverTime
    seconds: float
    settled: bool


def link(design: Design, own: Legislature, seed: int) -> Shown:
    """Fit each session by itself and link them by the members who return."""
    fits = [fit(design, partial(build_chamber, votes), seed + t) for t, votes in enumerate(own.votes)]
    sessions = [_session(votes, _flat(one.found["xi"])) for votes, one in zip(own.votes, fits, strict=True)]
    return Shown(build("study", sessions, BY_ID), sum(one.seconds for one in fits), all(one.settled for one in fits))


def together(build_it: Callable[..., BuiltModel], design: Design, own: Legislature, seed: int) -> Shown:
    """Fit all sessions together, by the model of ``build_it``."""
    sessions = {votes.session: [votes] for votes in own.votes}
    series = series_of(sessions, ["table"] * len(sessions), CHAMBER, BY_ID)
    one = fit(design, partial(build_it, series), seed)
    xi = np.split(_flat(one.found["xi"]), np.cumsum(series.sizes)[:-1], axis=1)
    step = _flat(one.found["step"]) if "step" in one.found else None
    return Shown(in_one_fit(own, xi, step), one.seconds, one.settled)


def in_one_fit(own: Legislature, xi: list[np.ndarray], step: np.ndarray | None) -> OverTime:
    """Make the tables of a fit of all sessions from its draws by session, shape (n_draws, n), and its steps if any."""
    fitted = [_session(votes, draws) for votes, draws in zip(own.votes, xi, strict=True)]
    return build("study", fitted, BY_ID, {CHAMBER: FittedTogether(xi, step, None, [])})


def _flat(draws: np.ndarray) -> np.ndarray:
    return draws.reshape(-1, draws.shape[-1])


def _session(votes: ChamberVotes, xi: np.ndarray) -> FittedSession:
    fitted = Fitted(votes, list(votes.legislators.index), xi)
    return FittedSession(votes.session, f"run_{votes.session}", "table", votes.session, {}, [fitted])


#: Ways to put sessions on one scale.
RUNGS: dict[str, Callable[[Design, Legislature, int], Shown]] = {
    "link": link,
    "constant": partial(together, build_constant),
    "dynamic": partial(together, build_dynamic),
}


@dataclass(frozen=True)
class Scores:
    """Errors and hits in the later sessions of a legislature, as arrays of any length."""

    members: np.ndarray
    member_hits: np.ndarray
    widths: np.ndarray
    parties: np.ndarray
    party_hits: np.ndarray
    convert_hits: np.ndarray


def score(design: Design, own: Legislature, shown: OverTime) -> Scores:
    """Hold the tables of a rung against the truth.

    Raises
    ------
    ValueError
        If the sessions are on no common scale.
    """
    if reason := shown.summary["chambers"][0]["reason"]:
        raise ValueError(f"not on one scale: {reason}")
    members = shown.tables["time_members"].set_index(["session", "legislator"])
    parties = shown.tables["time_parties"].set_index(["session", "party"])
    found: dict[str, list[np.ndarray]] = {name: [] for name in Scores.__annotations__}
    for t, truth in list(enumerate(own.places()))[1:]:
        session = own.votes[t].session
        at = members.loc[session].loc[list(own.votes[t].legislators.index)]
        of = parties.loc[session].loc[list(PARTIES)]
        average = np.array([truth[own.party == p].mean() for p in (0, 1)])
        found["members"].append(at["place_median"].to_numpy(float) - truth)
        found["member_hits"].append(_hits(at, truth))
        found["widths"].append((at["place_q95"] - at["place_q05"]).to_numpy(float))
        found["parties"].append(of["place_median"].to_numpy(float) - average)
        found["party_hits"].append(_hits(of, average))
        found["convert_hits"].append(_hits(at, truth)[list(design.converts)] if t >= 2 else np.zeros(0, dtype=bool))
    return Scores(**{name: np.concatenate(parts) for name, parts in found.items()})


def _hits(rows: pd.DataFrame, truth: np.ndarray) -> np.ndarray:
    return (rows["place_q05"].to_numpy(float) <= truth) & (truth <= rows["place_q95"].to_numpy(float))


HEAD = (
    *("drift", "rung", "members covered (SE)", "error", "width", "party averages covered", "error"),
    *("converts covered", "CPU", "legislatures"),
)


def row(drift: float, rung: str, scores: Sequence[Scores], seconds: Sequence[float]) -> str:
    """Return a row of the table; the standard error is over legislatures."""
    if not scores:
        return f"| {drift:g} | {rung} | {' | '.join('–' for _ in HEAD[3:])} | 0 |"
    whole = {name: np.concatenate([getattr(one, name) for one in scores]) for name in Scores.__annotations__}
    shares = np.array([one.member_hits.mean() for one in scores])
    se = f" ({shares.std(ddof=1) / np.sqrt(len(shares)):.1%})" if len(shares) > 1 else ""
    cells = (
        f"{drift:g}",
        rung,
        f"{whole['member_hits'].mean():.1%}{se}",
        f"{np.sqrt(np.mean(whole['members'] ** 2)):.3f}",
        f"{whole['widths'].mean():.2f}",
        f"{whole['party_hits'].sum()} of {whole['party_hits'].size}",
        f"{np.sqrt(np.mean(whole['parties'] ** 2)):.3f}",
        f"{whole['convert_hits'].sum()} of {whole['convert_hits'].size}",
        f"{np.median(seconds):.0f} s",
        str(len(scores)),
    )
    return f"| {' | '.join(cells)} |"


def table(design: Design, n: int, drifts: Sequence[float] = DRIFTS) -> None:
    """Print a row for each drift and rung, over the legislatures whose fits all settled."""
    print(f"| {' | '.join(HEAD)} |")
    print("|" + "---|" * len(HEAD), flush=True)
    for drift in drifts:
        scores: dict[str, list[Scores]] = {name: [] for name in RUNGS}
        seconds: dict[str, list[float]] = {name: [] for name in RUNGS}
        for number in range(n):
            own = draw(design, drift, number)
            shown = {name: rung(design, own, 100 * number) for name, rung in RUNGS.items()}
            if all(one.settled for one in shown.values()):
                for name, one in shown.items():
                    scores[name].append(score(design, own, one.tables))
                    seconds[name].append(one.seconds)
        for name in RUNGS:
            print(row(drift, name, scores[name], seconds[name]), flush=True)


def main() -> None:
    """Print the table."""
    table(Design(), int(sys.argv[1]) if len(sys.argv) > 1 else 4)


if __name__ == "__main__":
    main()
