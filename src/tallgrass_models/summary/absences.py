"""Members in office who did not vote: how they would have voted, who they are, and what their votes could have changed.

Absent are members of the fit in office on the day who cast neither Yea nor Nay (`vote_probabilities.vote_codes`). Those
not in office then are not absent. Outcomes are simple majorities of those voting: a tie fails. The files do not say
which roll calls needed another majority.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import pandas as pd
import xarray as xr

from ..draws.frame import Frame
from ..draws.moments import thinned
from ..draws.vote_probability import VoteParameters
from ..files.vote_codes import ABSENT, NOT_IN_OFFICE
from ..votes.unit_votes import Part, UnitVotes
from ..votes.vocabulary import PARTIES
from .absence_model import Absences, absence_model, moves

#: Number of draws, evenly spaced, over which chances and moves are averaged.
_N_DRAWS = 400
#: Seed of the draws of the coefficients.
SEED = 1
#: A roll call is close if its larger side has less than this share of Yea and Nay.
CLOSE = 0.6


@dataclass(frozen=True)
class Outcome:
    """Votes cast on a roll call, and the number of absent members."""

    yea: int
    nay: int
    absent: int

    @property
    def passed(self) -> bool:
        """True if Yea has the simple majority of those voting."""
        return self.yea > self.nay

    @property
    def yeas_to_pass(self) -> int:
        """Yeas among the absent at which the question passes if all of them vote."""
        return (self.nay + self.absent - self.yea) // 2 + 1

    @property
    def open(self) -> bool:
        """True if the absent could have changed the outcome."""
        return self.yeas_to_pass > 0 if self.passed else self.yeas_to_pass <= self.absent


def flip_chance(outcome: Outcome, p: np.ndarray) -> float:
    """Compute the chance that the outcome would have been another one if the absent had voted.

    Parameters
    ----------
    outcome
    p : ndarray, shape (outcome.absent, n_draws)
        Probability of Yea of each absent member, by draw.

    Returns
    -------
    float
        Mean over the draws of the exact probability: given a draw, votes are independent, and the number of Yeas is
        Poisson-binomial.
    """
    if not outcome.open:
        return 0.0
    count = np.zeros((outcome.absent + 1, p.shape[1]))
    count[0] = 1
    for own in p:
        count[1:] = count[1:] * (1 - own) + count[:-1] * own
        count[0] *= 1 - own
    passes = float(count[max(outcome.yeas_to_pass, 0) :].sum(0).mean())
    return 1 - passes if outcome.passed else passes


def absence_tables(
    unit: UnitVotes, votes: dict[str, xr.Dataset], frame: Frame, draws: xr.Dataset, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Make the tables on absences.

    Parameters
    ----------
    votes
        Result of `vote_probabilities.vote_tables`.
    frame : Frame
        From the model's own scale to the headline scale.
    draws
        As for `vote_tables`.

    Returns
    -------
    dict
        ``absent_calls``, a row per roll call from which somebody was absent; ``absent_members``, a row per member;
        ``absence_model``, a row per term, without rows for a chamber in which it cannot be fitted.
    """
    x = thinned(frame.positions(draws["xi"].to_numpy()), _N_DRAWS)  # (n_draws, n_members)
    calls, members, terms = [], [], []
    for part in unit.parts:
        cast, p_yea = (votes[part.chamber][name].to_numpy() for name in ("cast", "p_yea"))
        own = VoteParameters.of(draws).of_votes(part.members, part.item)
        calls.append(_calls(part, cast, p_yea, own))
        who, found = _members(part, cast, x[:, part.members], rng)
        members.append(who)
        terms.append(found)
    tables = {"absent_calls": calls, "absent_members": members, "absence_model": terms}
    return {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}


def _calls(part: Part, cast: np.ndarray, p_yea: np.ndarray, votes: VoteParameters) -> pd.DataFrame:
    away = cast == ABSENT
    some = {name: _by_draw(values) for name, values in vars(votes).items() if values is not None}
    thin = VoteParameters(**some)
    rows = []
    for j in np.flatnonzero(away.any(0)):
        who = np.flatnonzero(away[:, j])
        outcome = Outcome(int((cast[:, j] == 1).sum()), int((cast[:, j] == 0).sum()), len(who))
        chance = 0.0
        if outcome.open:
            logit = thin.logits(itemgetter(who), itemgetter(j), itemgetter(0), dtype=float)
            chance = flip_chance(outcome, 1 / (1 + np.exp(-logit)))
        call, yeas = part.votes.rollcalls.iloc[j], float(p_yea[who, j].sum())
        rows.append(
            {
                "vote": str(part.votes.rollcalls.index[j]),
                "chamber": part.chamber,
                **{name: call[name] for name in ("bill", "title", "motion", "date")},
                "yea": outcome.yea,
                "nay": outcome.nay,
                "n_absent": outcome.absent,
                "expected_yea": yeas,
                "expected_nay": outcome.absent - yeas,
                "could_flip": outcome.open,
                "p_flip": chance,
            }
        )
    return pd.DataFrame(rows, columns=_CALL_COLUMNS)


_CALL_COLUMNS = [
    *("vote", "chamber", "bill", "title", "motion", "date"),
    *("yea", "nay", "n_absent", "expected_yea", "expected_nay", "could_flip", "p_flip"),
]


def _by_draw(values: np.ndarray) -> np.ndarray:
    """Take some draws: (chain, draw, n) becomes (n, n_draws), (chain, draw) becomes (1, n_draws)."""
    return np.ascontiguousarray(thinned(values[..., None] if values.ndim == 2 else values, _N_DRAWS).T)


def close_calls(cast: np.ndarray) -> np.ndarray:
    """Mark the close roll calls, shape (n_votes,); ``cast`` as in `vote_codes`."""
    yea, nay = (cast == 1).sum(0), (cast == 0).sum(0)
    return np.asarray(np.maximum(yea, nay) < CLOSE * (yea + nay))


def _members(
    part: Part, cast: np.ndarray, x: np.ndarray, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count each member's absences, and fit the model of absence; ``x`` has shape (n_draws, n_members)."""
    here, away, close = cast != NOT_IN_OFFICE, cast == ABSENT, close_calls(cast)
    names = part.votes.legislators["name"].to_numpy(object)
    table = pd.DataFrame(
        {
            "legislator": part.legislators,
            "name": names,
            "chamber": part.chamber,
            "party": part.votes.parties,
            "position_mean": x.mean(0),
            "n_office": here.sum(1),
            "n_absent": away.sum(1),
            "n_close": here[:, close].sum(1),
            "n_absent_close": away[:, close].sum(1),
            "move": np.nan,
        }
    )
    counted = np.flatnonzero(np.isin(part.votes.parties, PARTIES) & (table["n_office"] > 0).to_numpy())
    counts = table.iloc[counted]
    other = counts["n_office"] - counts["n_close"], counts["n_absent"] - counts["n_absent_close"]
    absences = Absences(
        n=np.stack([other[0], counts["n_close"]], axis=1).astype(float),
        k=np.stack([other[1], counts["n_absent_close"]], axis=1).astype(float),
        republican=(counts["party"] == PARTIES[1]).to_numpy(float),
    )
    found = absence_model(absences, x[:, counted], rng)
    if found is None:
        return table, pd.DataFrame(columns=["chamber", "term", "logit_mean", "logit_q05", "logit_q95"])
    table.loc[table.index[counted], "move"] = moves(absences, x[:, counted], found.at_mean, found.terms)
    q05, q95 = np.quantile(found.draws, [0.05, 0.95], axis=0)
    mean = found.draws.mean(0)
    columns = {"term": list(found.terms), "logit_mean": mean, "logit_q05": q05, "logit_q95": q95}
    return table, pd.DataFrame({"chamber": part.chamber, **columns})
