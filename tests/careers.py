"""A legislature whose members' careers over several sessions are known: they enter, retire, drift, and one moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from small import small_chamber

from tallgrass_models.over_time.build import Fitted, FittedSession
from tallgrass_models.votes.matrix import ChamberVotes

PARTIES = np.array(["Democrat", "Republican"], dtype=object)


@dataclass(frozen=True)
class Term:
    """A chamber in one session: who sits, for which party, and where; ``x`` is on one scale for all sessions."""

    session: str
    person: np.ndarray
    party: np.ndarray
    x: np.ndarray


def careers(
    seed: int,
    n_sessions: int = 5,
    n: int = 40,
    leave: float = 0.2,
    drift: float = 0.08,
    outward: float = 0.1,
    mover: int | None = 3,
) -> list[Term]:
    """Draw the terms of a chamber of ``n`` members.

    Members start ``Normal(-+1, 0.4)``. From session to session ``leave`` of them retire, and newcomers of the same
    party start ``outward`` further from the middle each time; who stays moves ``Normal(0, drift)``. The member
    ``mover`` moves by 0.9 towards the middle after the second session, and never retires.
    """
    rng = np.random.default_rng(seed)
    party = np.arange(n) % 2
    x, person = (2 * party - 1) + 0.4 * rng.normal(size=n), np.arange(n)
    terms = [Term("s1", person, PARTIES[party], x)]
    for k in range(1, n_sessions):
        x = x + drift * rng.normal(size=n)
        gone = rng.random(n) < leave
        if mover is not None:
            gone[mover] = False
        start = (2 * party - 1) * (1 + outward * k) + 0.4 * rng.normal(size=n)
        x, person = np.where(gone, start, x), np.where(gone, n * k + np.arange(n), person)
        if mover is not None and k == 2:
            x[mover] -= 0.9 * (2 * party[mover] - 1)
        terms.append(Term(f"s{k + 1}", person, PARTIES[party], x))
    return terms


def both_careers(
    seed: int,
    n_sessions: int = 4,
    sizes: tuple[int, int] = (40, 20),
    leave: float = 0.2,
    drift: float = 0.08,
    right: float = 0.0,
    promoted: float = 0.5,
) -> list[tuple[Term, Term]]:
    """Draw the terms of House and Senate, whose members stand on one scale.

    Members start ``Normal(-+1, 0.4)``, and senators ``right`` further right after each session: newcomers of the Senate
    only, so that nobody moves by more than ``Normal(0, drift)``. From session to session ``leave`` of either chamber
    retire. A share ``promoted`` of the seats that become vacant in the Senate goes to members of the House who would
    have stayed there and are of the same party; newcomers fill the others.
    """
    rng = np.random.default_rng(seed)
    n = sum(sizes)
    party, senate = np.arange(n) % 2, np.arange(n) >= sizes[0]
    x, person = (2 * party - 1) + 0.4 * rng.normal(size=n), np.arange(n)
    out = []
    for k in range(n_sessions):
        if k:
            x = x + drift * rng.normal(size=n)
            gone = rng.random(n) < leave
            for seat in np.flatnonzero(gone & senate & (rng.random(n) < promoted)):
                stays = np.flatnonzero(~gone & ~senate & (party == party[seat]))
                came = rng.choice(stays)
                x[seat], person[seat] = x[came], person[came]
                gone[seat], gone[came] = False, True
            start = (2 * party - 1) + 0.4 * rng.normal(size=n) + right * k * senate
            x, person = np.where(gone, start, x), np.where(gone, n * k + np.arange(n), person)
        rows = np.flatnonzero(~senate), np.flatnonzero(senate)
        out.append(tuple(Term(f"s{k + 1}", person[at].copy(), PARTIES[party[at]], x[at].copy()) for at in rows))
    return out  # type: ignore[return-value]


def headline(terms: list[Term], t: int) -> np.ndarray:
    """True positions in session ``t`` on the scale on which the parties of the first session average -1 and +1."""
    left, right = (terms[0].x[terms[0].party == party].mean() for party in PARTIES)
    return np.asarray((terms[t].x - (left + right) / 2) / ((right - left) / 2))


def votes_of(term: Term, n_votes: int, seed: int, chamber: str = "house", slope: float = 1.5) -> ChamberVotes:
    """Votes of a session from the two-parameter model: ``beta ~ Normal(0, slope)``, ``alpha ~ Normal(0, 1)``.

    Roll calls without a Yea or without a Nay are drawn again.
    """
    rng = np.random.default_rng(seed)
    n = len(term.x)
    beta, alpha = slope * rng.normal(size=4 * n_votes), rng.normal(size=4 * n_votes)
    y = (rng.random((n, 4 * n_votes)) < 1 / (1 + np.exp(alpha - np.outer(term.x, beta)))).astype(np.int8)
    y[rng.random(y.shape) < 0.05] = -1
    return _as_votes(term, y[:, (y == 1).any(0) & (y == 0).any(0)][:, :n_votes], chamber)


def both_votes_of(
    terms: tuple[Term, Term], n_votes: int, n_shared: int, seed: int, slope: float = 1.5
) -> tuple[ChamberVotes, ChamberVotes]:
    """Votes of both chambers in a session, as `votes_of`; ``n_shared`` bills have the same parameters in both."""
    rng = np.random.default_rng(seed)
    beta, alpha = slope * rng.normal(size=8 * n_votes), rng.normal(size=8 * n_votes)
    drawn = []
    for term in terms:
        y = (rng.random((len(term.x), len(beta))) < 1 / (1 + np.exp(alpha - np.outer(term.x, beta)))).astype(np.int8)
        y[rng.random(y.shape) < 0.05] = -1
        drawn.append(y)
    usable = [(y == 1).any(0) & (y == 0).any(0) for y in drawn]
    shared = np.flatnonzero(usable[0] & usable[1])[:n_shared]
    out = []
    for c, (term, y, chamber) in enumerate(zip(terms, drawn, ("house", "senate"), strict=True)):
        own = [j for j in np.flatnonzero(usable[c]) if j % 2 == c and j not in shared][: n_votes - n_shared]
        bills = [f"bill {j}" for j in [*shared, *own]]
        out.append(_as_votes(term, y[:, [*shared, *own]], chamber, bills))
    return out[0], out[1]


def _as_votes(term: Term, y: np.ndarray, chamber: str, bills: list[str] | None = None) -> ChamberVotes:
    n = len(term.x)
    made = small_chamber(chamber, (n // 2, n - n // 2, 0), y.shape[1], bills=bills)
    ids = [f"m{who:03d}" for who in term.person]
    own = made.legislators.assign(
        name=[f"Member Number{who}" for who in term.person], party=term.party, caucus=term.party, person=ids
    )
    own.index = pd.Index(ids, name="legislator")
    return replace(made, session=term.session, y=y, legislators=own)


def noisy(term: Term, rng: np.random.Generator, n_draws: int, noise: float) -> np.ndarray:
    """Draws as a fit has them: around a mean that is off by ``noise``, spread by it, on a scale that nobody knows."""
    seen = term.x + noise * rng.normal(size=len(term.x))
    return on_own_scale(seen + noise * rng.normal(size=(n_draws, len(term.x))), rng)


def noisy_together(
    terms: tuple[Term, Term], rng: np.random.Generator, n_draws: int, noise: float, between: float = 0.0
) -> list[np.ndarray]:
    """Draws of a joint fit, as `noisy` has them; where the Senate stands on the House's scale is off by ``between``."""
    off = between * rng.normal(size=(n_draws + 1, 1))
    n = len(terms[0].x)
    places = np.concatenate([terms[0].x, terms[1].x])
    seen = places + noise * rng.normal(size=len(places)) + (np.arange(len(places)) >= n) * off[0]
    xi = seen + noise * rng.normal(size=(n_draws, len(places))) + (np.arange(len(places)) >= n) * off[1:]
    xi = on_own_scale(xi, rng)
    return [xi[:, :n], xi[:, n:]]


def on_own_scale(xi: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draws on a scale that nobody knows, mirrored or not."""
    n_draws = len(xi)
    unit = rng.choice([-1.0, 1.0]) * rng.uniform(0.5, 2) * np.exp(0.05 * rng.normal(size=(n_draws, 1)))
    return np.asarray(rng.normal() + 0.1 * rng.normal(size=(n_draws, 1)) + unit * xi)


def both_as_fitted(
    terms: tuple[Term, Term], xi: Sequence[np.ndarray], faults: tuple[str | None, str | None] = (None, None)
) -> FittedSession:
    """Both chambers of a session as the step hands them over."""
    house, senate = (
        as_fitted(term, own, fault, chamber)
        for term, own, fault, chamber in zip(terms, xi, faults, ("house", "senate"), strict=True)
    )
    return replace(house, chambers=[*house.chambers, *senate.chambers])


def as_fitted(term: Term, xi: np.ndarray, fault: str | None = None, chamber: str = "house") -> FittedSession:
    """A session as the step hands it over."""
    votes = votes_of(term, 12, 0, chamber)
    fit = Fitted(votes, list(votes.legislators.index), xi, fault)
    return FittedSession(term.session, f"run_{term.session}", "table", term.session.upper(), {}, [fit])


def write_table(term: Term, votes: ChamberVotes, folder: Path) -> Path:
    """Write the votes of a session as the file of a source `table`."""
    return write_tables(term, (votes,), folder)


def write_tables(term: Term, chambers: Sequence[ChamberVotes], folder: Path) -> Path:
    """Write the votes of several chambers of a session into one such file."""
    pd.concat(_table(term, votes) for votes in chambers).to_csv(folder / f"{term.session}.csv", index=False)
    return folder / f"{term.session}.csv"


def _table(term: Term, votes: ChamberVotes) -> pd.DataFrame:
    member, call = np.nonzero(votes.y >= 0)
    return pd.DataFrame(
        {
            "chamber": votes.chamber,
            "member": votes.legislators.index[member],
            "name": votes.legislators["name"].to_numpy()[member],
            "party": votes.parties[member],
            "rollcall": votes.rollcalls.index[call],
            "bill": votes.rollcalls["bill"].to_numpy()[call],
            "date": f"20{10 + 2 * int(term.session[1:])}-03-01",
            "vote": np.where(votes.y[member, call] == 1, "Yea", "Nay"),
        }
    )
