"""Put together what is reported of House against Senate: the link, the joint model, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..files.columns.linking import ANCHORS, LINKED_MEMBERS
from ..files.names import JOINT
from ..files.records import linking as records
from ..votes.matching import shared_bills
from ..votes.matrix import ChamberVotes
from ..votes.seats import SeatRule, seat_weights
from .agreement import joint_apart, methods_apart, opposed
from .anchors import LEAST_ANCHORS
from .answers import Answer, common_scale, link_answers, placed
from .chamber_draws import ChamberDraws, opposed_sides
from .constants import method_rows, relative_row
from .findings import findings
from .joint import compare_with_joint
from .link import HEADLINE, link_chambers
from .mixtures import weights
from .reasons import USED
from .statements import statements
from .tables import anchor_counts, anchor_table, chosen_orders, member_table

if TYPE_CHECKING:
    from ..checking.joint_loo import JointLoo


@dataclass(frozen=True)
class Linking:
    """Content of linking.json, linked_members.csv and anchors.csv."""

    summary: records.Linking
    members: pd.DataFrame
    anchors: pd.DataFrame


@dataclass(frozen=True)
class Joint:
    """The joint model: its ideal points, shape (n_draws, n_members), House first, and how it predicts.

    ``bridge`` has a row per shared bill (index bill): ``bridge``, what the bill is in the model, and what
    `bridge_table.moved_bills` returns, if its two sides may differ.
    """

    xi: np.ndarray
    loo: JointLoo
    bridge: pd.DataFrame | None = None


def not_linked(session: str, reason: str) -> Linking:
    """Return the files for a single chamber: a reason, and no numbers."""
    members, anchors = (pd.DataFrame(columns=names) for names in (LINKED_MEMBERS.names, ANCHORS.names))
    return Linking(_summary(session, reason), members, anchors)


def build_linking(
    votes: tuple[ChamberVotes, ChamberVotes],
    draws: tuple[ChamberDraws, ChamberDraws],
    joint: Joint | None,
    rule: SeatRule,
) -> Linking:
    """Compare two chambers in every way that the link and the joint model allow.

    Parameters
    ----------
    votes, draws
        House and Senate, members of the fits only; the same number of draws.
    joint
        None without a joint fit.
    rule
        Whose seats are counted in medians and pivots, and for which majorities.

    Notes
    -----
    A fit may have found the parties' axis upside down. Where one chamber's did and the other's did not, the Senate is
    turned first (``senate_turned``): else the signs of all shared bills would disagree, and nothing be linked.
    """
    parties = [own.parties for own in votes]
    turned = opposed_sides(draws, parties)
    if turned:
        draws = (draws[0], draws[1].turned())
    shared = shared_bills(*votes)
    shared["title"] = votes[0].rollcalls.loc[shared["house_vote"], "title"].to_numpy(object)
    items = (own.rollcalls.index.get_indexer(shared[f"{own.chamber}_vote"]) for own in votes)
    link = link_chambers(*draws, *items)
    n_house = votes[0].n_legislators
    houses = [draws[0].xi, *([joint.xi[:, :n_house]] if joint is not None else [])]
    kind = common_scale(houses, parties[0])
    places = link_answers(link, draws, parties, kind)
    headline = HEADLINE if HEADLINE in places else next(iter(places), None)
    own_scale = None
    if headline is not None:
        of = link.methods[headline]
        known = np.isfinite(of.a)
        moved = of.a[known, None] * draws[1].xi[known] + of.b[known, None]
        own_scale = np.concatenate([draws[0].xi[known], moved], axis=1)
    if joint is not None:
        places[JOINT] = placed(joint.xi[:, :n_house], joint.xi[:, n_house:], parties, kind)
    counted = [{"chamber": own.chamber, "party": own.parties, "seats": seat_weights(own, rule.on)} for own in votes]
    people = pd.concat([own.legislators.assign(**more) for own, more in zip(votes, counted, strict=True)])
    people = people.rename_axis("legislator").reset_index()
    reason = (
        None
        if headline
        else f"{link.n_used} of {len(shared)} shared bills can serve as anchors; linking needs {LEAST_ANCHORS}"
    )
    summary: records.Linking = {**_summary(votes[0].session, reason), **_across(places, headline, people, rule.shares)}
    summary["scale"], summary["senate_turned"] = kind, turned
    summary["anchors"] = anchor_counts(link.reason)
    summary["joint_vs_separate"] = joint.loo.summary if joint is not None else None
    if headline is not None:
        bills = shared["bill"].to_numpy()[link.reason == USED]
        summary["method"], summary["n_draws"] = headline, len(places[headline].a)
        summary["methods"] = method_rows(link, places, draws[1].xi.mean(0), bills)
    summary["methods_agree"] = not any(methods_apart(summary["methods"] or []).values())
    summary["findings"] = findings(summary)
    elpd_diff = joint.loo.by_bill["elpd_diff"] if joint is not None else None
    bridge = joint.bridge if joint is not None else None
    anchors = anchor_table(link, shared, link.methods.get(headline) if headline else None, elpd_diff, bridge)
    members = member_table(places, people, own_scale) if places else not_linked("", "").members
    return Linking(summary, members, anchors)


def _across(
    places: Mapping[str, Answer], headline: str | None, people: pd.DataFrame, shares: tuple[float, ...]
) -> records.AcrossChambers:
    """Return what the methods that have an answer say across chambers, with their weights."""
    if not places:
        return {"weights": None, "statements": None, "chosen": None, "joint": None, "joint_constants": None}
    said = statements(places, people, shares)
    agreement: records.JointAgreement | None = None
    if headline is not None and JOINT in places:
        beside = compare_with_joint(places, headline, people)
        agreement = {**beside, "agrees": not joint_apart(beside) and not opposed(said)}
    return {
        "weights": weights(list(places)),
        "statements": said,
        "chosen": chosen_orders(places, people),
        "joint": agreement,
        "joint_constants": relative_row(places[JOINT]) if JOINT in places else None,
    }


def _summary(session: str, reason: str | None) -> records.Linking:
    """Return the keys of linking.json, with nothing known yet."""
    return {
        "linked": reason is None,
        "reason": reason,
        "session": session,
        "reference": "house",
        "method": HEADLINE,
        "n_draws": 0,
        "scale": None,
        "senate_turned": None,
        "anchors": None,
        "methods": None,
        "methods_agree": None,
        "weights": None,
        "statements": None,
        "chosen": None,
        "joint": None,
        "joint_constants": None,
        "joint_vs_separate": None,
        "findings": [],
    }
