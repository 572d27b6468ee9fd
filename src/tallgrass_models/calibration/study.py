"""The study: draw, fit, score, again and again, and what it comes to."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..config.sampling import SamplingConfig
from ..draws.moments import thinned
from ..linking.chamber_draws import ChamberDraws
from ..linking.link import N_DRAWS, link_chambers
from ..models.base import BuiltModel, Reported
from ..models.fast.chamber import build_chamber
from ..models.fast.joint import build_joint
from ..sampling.sample import sample
from ..votes.matching import join_chambers, shared_bills
from ..votes.matrix import ChamberVotes
from .drawn import Design, Truth, as_votes, draw_session
from .mixing import mixing_of
from .scored import BINS, Covered, Pairs, score_across, score_chamber

log = logging.getLogger(__name__)

_CHAINS = 2
_CHAMBERS = ("house", "senate")
#: Sessions between two lines of progress.
_EVERY = 20


@dataclass(frozen=True)
class Study:
    """Findings of a study.

    Attributes
    ----------
    design
    fits : DataFrame
        A row per fit: replicate, filter, chamber, n_rollcalls, rhat, ess, divergences, counted.
    scores : DataFrame
        A row per fit and quantity: replicate, filter, quantity, covered (share of its intervals that hold the truth).
    pairs : DataFrame
        A row per fit and bin of stated probabilities: replicate, filter, bin, n, stated, true.
    """

    design: Design
    fits: pd.DataFrame
    scores: pd.DataFrame
    pairs: pd.DataFrame

    def coverage(self) -> pd.DataFrame:
        """Coverage by filter and quantity over the sessions counted: n_sessions, coverage, se."""
        grouped = self.scores.groupby(["filter", "quantity"], sort=False)["covered"]
        table = grouped.agg(n_sessions="size", coverage="mean", se=lambda x: x.std(ddof=1) / np.sqrt(len(x)))
        return table.reset_index()

    def order(self) -> pd.DataFrame:
        """Stated and true probability by filter and bin, with the standard error of their difference over sessions."""
        rows = []
        for (filtered, at), part in self.pairs.groupby(["filter", "bin"], sort=True):
            n = part["n"].sum()
            gaps = part["true"] - part["stated"]
            error = np.sqrt(len(part) * gaps.var(ddof=1)) / n if len(part) > 1 and n else np.nan
            bounds = {"low": BINS[at], "high": BINS[at + 1]}
            shares = {"stated": part["stated"].sum() / max(n, 1), "true": part["true"].sum() / max(n, 1)}
            rows.append({"filter": filtered, **bounds, "n_pairs": int(n), **shares, "se": error})
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return settings and findings, for JSON."""
        design = vars(self.design) | {"beta_prior": self.design.beta_prior.to_dict()}
        counted = self.fits.groupby("filter")["counted"].agg(["size", "sum"])
        return {
            "design": design,
            "sampling": {"chains": _CHAINS, "tune": self.design.draws, "draws": self.design.draws},
            "fits": [
                {"filter": float(at), "n": int(row["size"]), "n_not_settled": int(row["size"] - row["sum"])}
                for at, row in counted.iterrows()
            ],
            "coverage": _records(self.coverage()),
            "order": _records(self.order()),
        }


def run_study(design: Design, cores: int) -> Study:
    """Draw, fit and score every session; the same for the same design."""
    fits: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    pairs: list[dict[str, Any]] = []
    for replicate in range(design.replicates):
        truths = draw_session(design, replicate)
        for least in design.filters:
            at = {"replicate": replicate, "filter": least}
            for found in _session(design, truths, replicate, least, cores):
                fits += [at | fit for fit in found.fits]
                scores += [at | {"quantity": name, "covered": value} for name, value in found.covered.items()]
                pairs += [at | row for row in found.pair_rows()]
        if (replicate + 1) % _EVERY == 0:
            log.info("%d of %d sessions", replicate + 1, design.replicates)
    return Study(design, *(pd.DataFrame(rows) for rows in (fits, scores, pairs)))


@dataclass(frozen=True)
class _Scored:
    """Contribution of one fit or one link."""

    fits: list[dict[str, Any]]
    covered: Covered
    pairs: Pairs | None

    def pair_rows(self) -> list[dict[str, Any]]:
        if self.pairs is None:
            return []
        columns = zip(self.pairs.n, self.pairs.stated, self.pairs.true, strict=True)
        return [{"bin": k, "n": n, "stated": stated, "true": true} for k, (n, stated, true) in enumerate(columns)]


def _session(design: Design, truths: list[Truth], replicate: int, least: float, cores: int) -> Iterator[_Scored]:
    """Fit each chamber of a session, and link two."""
    votes = [as_votes(truth, chamber, least) for truth, chamber in zip(truths, _CHAMBERS, strict=False)]
    fitted = []
    for truth, own in zip(truths, votes, strict=True):
        built = build_chamber(own, design.beta_prior, design.alpha_sigma)
        at, fit = _fit(design, built, own.chamber, replicate, cores)
        fitted.append((at, fit["counted"]))
        score, pairs = score_chamber(at, truth) if fit["counted"] else ({}, None)
        covered = {_named(name, own.chamber, truths): value for name, value in score.items()}
        yield _Scored([fit | {"n_rollcalls": own.n_votes}], covered, pairs)
    if len(truths) == 2 and all(counted for _, counted in fitted):
        yield _across(design, truths, votes, [at for at, _ in fitted], replicate, cores)


def _across(
    design: Design, truths: list[Truth], votes: list[ChamberVotes], fitted: list[Reported], replicate: int, cores: int
) -> _Scored:
    """Link the two chambers of a session, and fit the joint model with the same priors."""
    both = build_joint(join_chambers(*votes), design.beta_prior, design.alpha_sigma)
    at, fit = _fit(design, both, "joint", replicate, cores)
    drawn = [ChamberDraws(**{n: thinned(own[n], N_DRAWS) for n in ("xi", "alpha", "beta")}) for own in fitted]
    pairs = shared_bills(*votes)
    items = (own.rollcalls.index.get_indexer(pairs[f"{own.chamber}_vote"]) for own in votes)
    link = link_chambers(drawn[0], drawn[1], *items)
    joint = thinned(at["xi"], N_DRAWS) if fit["counted"] else None
    covered = score_across(link, (drawn[0], drawn[1]), joint, (truths[0], truths[1]))
    return _Scored([fit | {"n_rollcalls": both.coords["vote"].size}], covered, None)


def _named(quantity: str, chamber: str, truths: list[Truth]) -> str:
    return quantity if len(truths) == 1 else f"{chamber}: {quantity}"


def _fit(design: Design, built: BuiltModel, unit: str, replicate: int, cores: int) -> tuple[Reported, dict[str, Any]]:
    config = SamplingConfig(draws=design.draws, tune=design.draws, chains=_CHAINS, seed=design.seed + replicate)
    sampled = sample(built, config, unit, cores)
    at = built.report(sampled.draws, np.random.default_rng([design.seed, replicate, 1]))
    return at, {"chamber": unit, **mixing_of(at["xi"], sampled.stats["diverging"])}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return table.astype(object).where(table.notna(), None).to_dict("records")
