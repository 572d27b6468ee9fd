"""Put together what is reported of two linked chambers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..votes import ChamberVotes, shared_bills
from . import tables
from .anchors import LEAST_ANCHORS, USED
from .joint import compare_with_joint
from .link import HEADLINE, ChamberDraws, link_chambers


@dataclass(frozen=True)
class Linking:
    """Content of linking.json, linked_members.csv and anchors.csv."""

    summary: dict[str, Any]
    members: pd.DataFrame
    anchors: pd.DataFrame


def not_linked(session: str, reason: str, **known: Any) -> Linking:
    """The files where two scales cannot be joined: why, and no numbers."""
    empty = dict.fromkeys(("anchors", "methods", "statements", "joint"))
    summary = {"linked": False, "reason": reason, "session": session, "reference": "house", "method": HEADLINE}
    members, anchors = (pd.DataFrame(columns=names) for names in (tables.MEMBER_COLUMNS, tables.ANCHOR_COLUMNS))
    return Linking({**summary, "n_draws": 0, **empty, **known}, members, anchors)


def build_linking(
    votes: tuple[ChamberVotes, ChamberVotes], draws: tuple[ChamberDraws, ChamberDraws], joint_xi: np.ndarray | None
) -> Linking:
    """Everything that is reported of the link of two chambers.

    Parameters
    ----------
    votes, draws
        House and Senate, members of the two parties only; the same number of draws.
    joint_xi : ndarray, shape (n_draws, n_members), optional
        Ideal points of the joint model, House first.
    """
    (house_votes, senate_votes), (house, senate) = votes, draws
    shared = shared_bills(house_votes, senate_votes)
    shared["title"] = house_votes.rollcalls.loc[shared["house_vote"], "title"].to_numpy(object)
    link = link_chambers(
        house,
        senate,
        house_votes.rollcalls.index.get_indexer(shared["house_vote"]),
        senate_votes.rollcalls.index.get_indexer(shared["senate_vote"]),
    )
    counts = tables.anchor_counts(link.reason)
    if not link.methods:
        why = f"{link.n_used} of {len(shared)} shared bills can serve as anchors; linking needs {LEAST_ANCHORS}"
        left = not_linked(house_votes.session, why, anchors=counts)
        return Linking(left.summary, left.members, tables.anchor_table(link, shared, None))
    headline = link.methods[HEADLINE]
    known = np.isfinite(headline.a)
    moved = headline.a[known, None] * senate.xi[known] + headline.b[known, None]
    xi = np.concatenate([house.xi[known], moved], axis=1)
    people = pd.concat(
        [part.legislators.assign(chamber=part.chamber, party=part.parties) for part in votes]
    ).rename_axis("legislator")
    people = people.reset_index()
    members = tables.member_table(xi, people)
    agreement = None
    if joint_xi is not None:
        is_house = people["chamber"].to_numpy() == "house"
        agreement, members["xi_joint"] = compare_with_joint(xi, joint_xi, is_house, senate.xi.mean(0))
    summary = {
        "linked": True,
        "reason": None,
        "session": house_votes.session,
        "reference": "house",
        "method": HEADLINE,
        "n_draws": len(xi),
        "anchors": counts,
        "methods": tables.method_rows(link, senate.xi.mean(0), shared["bill"].to_numpy()[link.reason == USED]),
        "statements": tables.statements(xi, people),
        "joint": agreement,
    }
    return Linking(summary, members, tables.anchor_table(link, shared, headline))
