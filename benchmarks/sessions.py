"""The votes on which samplers are compared."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from tallgrass_models.config.session_files import session_files
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.votes.components import pca_scores
from tallgrass_models.votes.matrix import ChamberVotes
from tallgrass_models.votes.session import load_chambers, read_session
from tallgrass_models.votes.simulator.shapes import KANSAS
from tallgrass_models.votes.simulator.tables import simulate_session, write_session

MIN_MINORITY_SHARE, MIN_VOTES = 0.025, 20


def mild_house(seed: int = 1) -> ChamberVotes:
    """A mildly polarised House: 40 members with xi ~ N(-1.5, 0.4), 90 with N(1, 0.6), 300 roll calls, 8 % missing."""
    rng = np.random.default_rng(seed)
    xi = np.concatenate([rng.normal(-1.5, 0.4, 40), rng.normal(1, 0.6, 90)])
    return chamber_of(xi, rng.normal(-1.2, 1.6, 300), rng.normal(0.6, 1, 300), n_left=40, missing=0.08, rng=rng)


def sized_house(n_legislators: int, n_votes: int, seed: int = 1) -> ChamberVotes:
    """The same kind of House at another size, for time and memory against size."""
    rng = np.random.default_rng(seed)
    n_left = round(0.3 * n_legislators)
    xi = np.concatenate([rng.normal(-1.5, 0.4, n_left), rng.normal(1, 0.6, n_legislators - n_left)])
    return chamber_of(xi, rng.normal(-1.2, 1.6, n_votes), rng.normal(0.6, 1, n_votes), n_left, 0.08, rng)


def chamber_of(
    xi: np.ndarray, alpha: np.ndarray, beta: np.ndarray, n_left: int, missing: float, rng: np.random.Generator
) -> ChamberVotes:
    """Draw votes and filter them as usual; the first ``n_left`` members are Democrats."""
    y = (rng.random((len(xi), len(beta))) < 1 / (1 + np.exp(alpha - np.outer(xi, beta)))).astype(np.int8)
    y[rng.random(y.shape) < missing] = -1
    yea, seen = (y == 1).sum(0), (y >= 0).sum(0)
    y = y[:, np.minimum(yea, seen - yea) >= MIN_MINORITY_SHARE * seen]
    party = np.repeat(np.array(["Democrat", "Republican"], object), [n_left, len(xi) - n_left])
    enough = (y >= 0).sum(1) >= MIN_VOTES
    y, party = y[enough], party[enough]
    scores, _ = pca_scores(y, party)
    names = [f"m{k}" for k in range(len(party))]
    legislators = pd.DataFrame(
        {"name": names, "party": party, "district": "", "state": "", "pc1": scores[:, 0], "pc2": scores[:, 1]}
        | {"caucus": party, "person": names, "first_day": "", "last_day": "", "service": 1.0}
        | {"n_votes": (y >= 0).sum(1), "external": np.nan},
        index=pd.Index(names, name="legislator"),
    )
    votes = [f"v{j}" for j in range(y.shape[1])]
    rollcalls = pd.DataFrame(
        {"bill": "", "title": "", "motion": "", "date": "", "order": np.arange(len(votes)), "passage": False}
        | {"yea": (y == 1).sum(0), "nay": (y == 0).sum(0)},
        index=pd.Index(votes, name="vote"),
    )
    dropped = pd.DataFrame({"kind": [], "id": [], "name": [], "reason": [], "value": []})
    return ChamberVotes("benchmark", "house", np.ascontiguousarray(y), legislators, rollcalls, dropped, {})


def embedded(folder: Path, democratic: Sequence[str] = ()) -> dict[str, ChamberVotes]:
    """The embedded session, written and read like any other.

    In the ``democratic`` chambers, house or senate, the parties have exchanged their seats.
    """
    config, shape = SessionConfig(), KANSAS
    for chamber in democratic:
        own = getattr(shape, chamber)
        shape = replace(shape, **{chamber: replace(own, democrats=own.republicans, republicans=own.democrats)})
    files = {role: folder / f"demo_{role}.csv" for role in ("votes", "rollcalls", "legislators")}
    write_session(simulate_session(config.seed, shape), **files)
    return _load(config, {role: [str(path)] for role, path in files.items()})


def real(name: str) -> dict[str, ChamberVotes] | None:
    """``us-119`` or ``california``, where TALLGRASS_REAL_DATA says where they are; else None."""
    home = os.environ.get("TALLGRASS_REAL_DATA")
    if not home:
        return None
    config = {
        "us-119": SessionConfig("us-119", "voteview", f"{home}/voteview_119", options={"congress": 119}),
        "california": SessionConfig("california", "tallgrass", f"{home}/california_2017-2018", "california_2017-2018"),
    }[name]
    return _load(config, session_files(config))


def _load(config: SessionConfig, files: Mapping[str, Sequence[str]]) -> dict[str, ChamberVotes]:
    raw = read_session(config.source, config.options, **files)
    return load_chambers(raw, config.name, ("house", "senate"), MIN_MINORITY_SHARE, MIN_VOTES)


def chambers(folder: Path) -> dict[str, Callable[[], ChamberVotes | None]]:
    """Name of each chamber that is measured, and how to get its votes."""

    def of(load: Callable[[], dict[str, ChamberVotes] | None], chamber: str) -> Callable[[], ChamberVotes | None]:
        return lambda: found[chamber] if (found := load()) else None

    return {
        "mild House": mild_house,
        "embedded House": of(lambda: embedded(folder), "house"),
        "embedded Senate": of(lambda: embedded(folder), "senate"),
        "119th House": of(lambda: real("us-119"), "house"),
        "119th Senate": of(lambda: real("us-119"), "senate"),
        "California House": of(lambda: real("california"), "house"),
        "California Senate": of(lambda: real("california"), "senate"),
    }
