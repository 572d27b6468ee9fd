"""Tables of members and shared bills of both chambers, and who stands right of whom at their ends and middles."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..draws.frame import move_bills
from ..draws.moments import moments
from ..draws.ranks import rank_draws
from ..files.columns.linking import ANCHORS, LINKED_MEMBERS
from ..files.records.linking import AnchorCounts, Chosen
from ..votes.vocabulary import PARTIES
from .link import Link, Linked
from .mixtures import mixed_probability, mixed_quantiles, weights
from .places import Places, by_source, p_right_of, positions
from .reasons import SIGN_DISAGREES, SIGN_UNCERTAIN, UNINFORMATIVE, UNLIKE, USED


def member_table(places: Places, members: pd.DataFrame, own_scale: np.ndarray | None) -> pd.DataFrame:
    """One row per member of both chambers on the House's relative scale.

    Parameters
    ----------
    places
        Answers by method.
    members
        Columns legislator, name, chamber, party (as counted), seats (that the member holds, as in
        `seats.seat_weights`), in the order of the places.
    own_scale : ndarray, shape (n_draws, n_members), optional
        The same on the scale of the House's model, by the link: columns ``xi_``.
    """
    table = members[["legislator", "name", "chamber", "party"]].reset_index(drop=True)
    if own_scale is not None:
        table = table.assign(**{f"xi_{name}": value for name, value in moments(own_scale[None]).items()})
    middle = positions(places, members)
    for source, some in by_source(places).items():
        found = mixed_quantiles({name: at.xi for name, at in some.items()}, weights(list(some)))
        table = table.assign(**{f"{source}_{name}": value for name, value in found.items()})
        if source != "relative":
            table[f"{source}_p_right_of_house_median"] = p_right_of(some, middle["house"]["chamber_median"])
    rank = mixed_quantiles(
        {name: rank_draws(at.xi).astype(float) for name, at in places.items()}, weights(list(places))
    )
    table = table.assign(**{f"rank_{name}": value for name, value in rank.items()})
    chamber, party = table["chamber"].to_numpy(), table["party"].to_numpy()
    for name, other in (("house", "senate"), ("senate", "house")):
        table[f"p_right_of_{name}_median"] = p_right_of(places, middle[name]["chamber_median"])
        for own in PARTIES:
            here, there = (chamber == other) & (party == own), middle[name].get(f"{own.lower()}_median")
            if here.any() and there:
                table.loc[here, "p_right_of_own_party"] = p_right_of(places, there)[here]
    return table.reindex(columns=LINKED_MEMBERS.names)


def chosen_orders(places: Places, members: pd.DataFrame) -> Chosen:
    """P(one stands right of the other), all methods mixed, for the members at the ends and in the middle of a chamber.

    Parameters as for `member_table`.

    Returns
    -------
    dict
        ``members`` from left to right (legislator, name, chamber, party) and ``right_of``, a row per member.
    """
    middle = mixed_quantiles({name: at.xi for name, at in places.items()}, weights(list(places)))["median"]
    chamber, party = members["chamber"].to_numpy(), members["party"].to_numpy()
    chosen: set[int] = set()
    for name in dict.fromkeys(chamber):
        for of, ends in ((None, (0, -1)), (PARTIES[0], (-1,)), (PARTIES[1], (0,))):
            here = np.flatnonzero((chamber == name) & (True if of is None else party == of))
            order = here[np.argsort(middle[here], kind="stable")]
            chosen |= {int(order[end]) for end in ends if len(order)}
    at = sorted(chosen, key=lambda i: (middle[i], i))
    right = {name: (own.xi[:, at, None] > own.xi[:, None, at]) for name, own in places.items()}
    p = mixed_probability(right, weights(list(places)))
    who = members.iloc[at][["legislator", "name", "chamber", "party"]]
    return {"members": who.to_dict("records"), "right_of": p.tolist()}


def anchor_table(
    link: Link,
    shared: pd.DataFrame,
    headline: Linked | None,
    elpd_diff: pd.Series | None,
    bridge: pd.DataFrame | None,
) -> pd.DataFrame:
    """One row per shared bill, the Senate's parameters on the House's scale (empty where nothing is linked).

    Parameters
    ----------
    link
    shared
        Columns bill, title, house_vote, senate_vote.
    headline
        The method by which the Senate is moved; None where nothing is linked.
    elpd_diff
        By bill, how much better the joint model predicts the bill's votes in both chambers; None without one.
    bridge
        By bill, what it is in the joint model (`build.Joint`); None without one.
    """
    table = shared[["bill", "title", "house_vote", "senate_vote"]].reset_index(drop=True)
    table["used"], table["reason"] = link.reason == USED, link.reason
    means = link.anchors.means()
    table["house_alpha"], table["house_beta"] = means.house_alpha[0], means.house_beta[0]
    if headline is not None:
        table["senate_alpha"], table["senate_beta"] = move_bills(
            means.senate_alpha[0], means.senate_beta[0], *headline.point
        )
    for name in ("gap", "rms_gap", "chi2", "p_value"):
        table[name] = np.nan if link.behaviour is None else getattr(link.behaviour, name)
    table["elpd_diff"] = np.nan if elpd_diff is None else elpd_diff.reindex(table["bill"]).to_numpy()
    if bridge is not None:
        table = table.join(bridge, on="bill")
    return table.reindex(columns=ANCHORS.names)


def anchor_counts(reason: np.ndarray) -> AnchorCounts:
    """Count how many pairs were used, and how many were not for which reason."""
    return {
        "n_shared": len(reason),
        "n_sign_disagrees": int((reason == SIGN_DISAGREES).sum()),
        "n_sign_uncertain": int((reason == SIGN_UNCERTAIN).sum()),
        "n_uninformative": int((reason == UNINFORMATIVE).sum()),
        "n_unlike": int((reason == UNLIKE).sum()),
        "n_used": int((reason == USED).sum()),
    }
