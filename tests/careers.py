"""A legislature whose members' careers over several sessions are known: they enter, retire, drift, and one moves."""

from __future__ import annotations

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
    y = y[:, (y == 1).any(0) & (y == 0).any(0)][:, :n_votes]
    made = small_chamber(chamber, (n // 2, n - n // 2, 0), n_votes)
    ids = [f"m{who:03d}" for who in term.person]
    own = made.legislators.assign(
        name=[f"Member Number{who}" for who in term.person], party=term.party, caucus=term.party, person=ids
    )
    own.index = pd.Index(ids, name="legislator")
    return replace(made, session=term.session, y=y, legislators=own)


def noisy(term: Term, rng: np.random.Generator, n_draws: int, noise: float) -> np.ndarray:
    """Draws as a fit has them: around a mean that is off by ``noise``, spread by it, on a scale that nobody knows."""
    seen = term.x + noise * rng.normal(size=len(term.x))
    xi = seen + noise * rng.normal(size=(n_draws, len(term.x)))
    turn = rng.choice([-1.0, 1.0])
    unit = turn * rng.uniform(0.5, 2) * np.exp(0.05 * rng.normal(size=(n_draws, 1)))
    return np.asarray(rng.normal() + 0.1 * rng.normal(size=(n_draws, 1)) + unit * xi)


def as_fitted(term: Term, xi: np.ndarray, fault: str | None = None, chamber: str = "house") -> FittedSession:
    """A session as the step hands it over."""
    votes = votes_of(term, 12, 0, chamber)
    fit = Fitted(votes, list(votes.legislators.index), xi, fault)
    return FittedSession(term.session, f"run_{term.session}", "table", term.session.upper(), {}, [fit])


def write_table(term: Term, votes: ChamberVotes, folder: Path) -> Path:
    """Write the votes of a session as the file of a source `table`."""
    member, call = np.nonzero(votes.y >= 0)
    frame = pd.DataFrame(
        {
            "chamber": votes.chamber,
            "member": votes.legislators.index[member],
            "name": votes.legislators["name"].to_numpy()[member],
            "party": votes.parties[member],
            "rollcall": votes.rollcalls.index[call],
            "date": f"20{10 + 2 * int(term.session[1:])}-03-01",
            "vote": np.where(votes.y[member, call] == 1, "Yea", "Nay"),
        }
    )
    frame.to_csv(folder / f"{term.session}.csv", index=False)
    return folder / f"{term.session}.csv"
