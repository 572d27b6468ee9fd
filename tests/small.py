"""Small chambers with votes drawn from a known truth, for tests of models and summaries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.votes.matrix import ChamberVotes

PARTY_NAMES = ("Democrat", "Republican", "Independent")


def small_chamber(
    chamber: str = "house",
    sizes: tuple[int, int, int] = (4, 5, 1),
    n_votes: int = 12,
    missing: float = 0.15,
    seed: int = 1,
    bills: list[str] | None = None,
    apart: float = 1.0,
    lean: float = 0.3,
) -> ChamberVotes:
    """Votes of ``sizes`` Democrats, Republicans and independents; every roll call has a Yea and a Nay.

    ``apart`` draws the parties apart: from 2 on, few votes leave no doubt on which side each sits. With ``lean``, the
    mean slope of the bills, from 1 on, there is none under positive priors either, whose fits PyTensor then need not
    compile. Bill ``j`` is called ``bills[j]``, by default ``{chamber} j``, so that chambers share no bill.
    """
    rng = np.random.default_rng(seed)
    parties = np.repeat(PARTY_NAMES, sizes).astype(object)
    xi = apart * np.repeat([-1.5, 1.2, 0.1], sizes) + 0.4 * rng.normal(size=sum(sizes))
    beta, alpha = rng.normal(lean, 1, n_votes), rng.normal(0, 1, n_votes)
    y = (rng.random((len(xi), n_votes)) < 1 / (1 + np.exp(alpha - np.outer(xi, beta)))).astype(np.int8)
    y[rng.random(y.shape) < missing] = -1
    y[0], y[-2] = 1, 0
    ids = [f"{chamber[:3]}_{k:02d}" for k in range(len(xi))]
    legislators = pd.DataFrame(
        {
            "name": [f"Member {k}" for k in range(len(xi))],
            "party": parties,
            "caucus": np.where(parties == "Independent", "", parties),
            "person": ids,
            "first_day": "2025-02-03",
            "last_day": "2025-02-03",
            "service": 1.0,
            "district": [str(k) for k in range(len(xi))],
            "state": "KS",
            "pc1": xi + 0.1 * rng.normal(size=len(xi)),
            "pc2": rng.normal(size=len(xi)),
            "n_votes": (y >= 0).sum(1),
            "external": np.nan,
        },
        index=pd.Index(ids, name="legislator"),
    )
    rollcalls = pd.DataFrame(
        {
            "bill": bills if bills is not None else [f"{chamber} {j}" for j in range(n_votes)],
            "title": "a title",
            "motion": "Final Action",
            "date": "2025-02-03",
            "order": np.arange(n_votes),
            "passage": True,
            "yea": (y == 1).sum(0),
            "nay": (y == 0).sum(0),
        },
        index=pd.Index([f"v{j}" for j in range(n_votes)], name="vote"),
    )
    dropped = pd.DataFrame(
        {"kind": ["roll call"], "id": ["v99"], "name": ["HB 99"], "reason": ["minority below 2.5 %"], "value": [0.0]}
    )
    return ChamberVotes(
        "small", chamber, y, legislators, rollcalls, dropped, {"data_hash": "0", "n_legislators_dropped": 0}
    )


def led_by_democrats(votes: ChamberVotes) -> ChamberVotes:
    """The same votes, with Yea and Nay exchanged on roll calls where Republicans vote Yea more often."""
    yea = [
        (votes.y[votes.parties == party] == 1).sum(0) / np.maximum((votes.y[votes.parties == party] >= 0).sum(0), 1)
        for party in PARTY_NAMES[:2]
    ]
    exchanged = np.where(votes.y >= 0, 1 - votes.y, -1)
    return replace(votes, y=np.where(yea[1] > yea[0], exchanged, votes.y).astype(np.int8))


def oriented_beta(prior: BetaPriorSpec, beta: np.ndarray, oriented: np.ndarray | None) -> dict[str, np.ndarray]:
    """Free variables of the textbook model that make up ``beta``; ``oriented`` is None where bills are not."""
    name, of = ("log_beta", np.log) if prior.family.log_variable else ("beta", np.asarray)
    if oriented is None:
        return {name: of(beta)}
    fixed = oriented != 0
    return {name: of(oriented[fixed] * beta[..., fixed]), "beta_free": beta[..., ~fixed]}


def standard_offsets(xi: np.ndarray, mu: np.ndarray, sigma: np.ndarray, parties: np.ndarray) -> np.ndarray:
    """``(xi - mean) / sd`` of each member's prior; ``mu, sigma``, shape (..., 2), are those of her chamber's parties.

    A member of neither party has the middle of the two means, and their distance as standard deviation.
    """
    mu, sigma = (np.broadcast_to(x, (*xi.shape, 2)) for x in (mu, sigma))
    out = np.empty_like(xi)
    for i, party in enumerate(parties):
        if party in PARTY_NAMES[:2]:
            p = PARTY_NAMES.index(party)
            center, scale = mu[..., i, p], sigma[..., i, p]
        else:
            center, scale = mu[..., i, :].mean(-1), mu[..., i, 1] - mu[..., i, 0]
        out[..., i] = (xi[..., i] - center) / scale
    return out


def small_pair(seed: int = 1, n_shared: int = 4) -> tuple[ChamberVotes, ChamberVotes]:
    """A house and a senate of which ``n_shared`` bills are the same."""
    house = small_chamber("house", (4, 5, 1), 9, seed=seed, bills=[f"HB {j}" for j in range(9)])
    names = [f"HB {j}" for j in range(n_shared)] + [f"SB {j}" for j in range(3)]
    return house, small_chamber("senate", (3, 4, 0), n_shared + 3, seed=seed + 1, bills=names)


def write_tallgrass_csv(folder: Path, stem: str, chambers: Sequence[ChamberVotes]) -> None:
    """The chambers as tallgrass CSV files, with a fixed order of columns and only those a reader needs."""
    words = {1: "Yea", 0: "Nay", -1: "Absent and Not Voting"}
    legislators, rollcalls, votes = [], [], []
    for part in chambers:
        chamber = part.chamber.capitalize()
        for slug, row in part.legislators.iterrows():
            legislators.append(
                {"name": row["name"], "full_name": row["name"], "slug": slug, "chamber": chamber}
                | {"party": row["party"], "district": row["district"], "member_url": "", "ocd_id": ""}
            )
        for vote, row in part.rollcalls.iterrows():
            key = {"session": "small", "bill_number": row["bill"], "bill_title": row["title"]}
            key |= {
                "vote_id": f"{part.chamber}_{vote}",
                "vote_datetime": "2025-02-03T00:00:00",
                "vote_date": "02/03/2025",
            }
            key |= {"chamber": chamber, "motion": row["motion"]}
            counts = {"yea_count": row["yea"], "nay_count": row["nay"]}
            rollcalls.append({**key, "vote_url": "", "vote_type": "Final Action", "result": "Passed", **counts})
            for slug, y in zip(part.legislators.index, part.y[:, part.rollcalls.index.get_loc(vote)], strict=True):
                name = part.legislators.loc[slug, "name"]
                votes.append({**key, "legislator_name": name, "legislator_slug": slug, "vote": words[int(y)]})
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("legislators", legislators), ("rollcalls", rollcalls), ("votes", votes)):
        pd.DataFrame(rows).to_csv(folder / f"{stem}_{name}.csv", index=False)
