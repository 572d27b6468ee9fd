"""What a link says of members, parties and bills: tables and the content of linking.json."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..summaries import moments, ranks, scalar
from ..votes import PARTIES
from .anchors import SIGN_DISAGREES, SIGN_UNCERTAIN, UNINFORMATIVE, UNLIKE, USED
from .link import Link, Linked
from .methods import move_bills

MEMBER_COLUMNS = [
    "legislator",
    "name",
    "chamber",
    "party",
    *(f"xi_{name}" for name in ("mean", "sd", "q05", "q95")),
    *(f"rank_{name}" for name in ("mean", "q05", "q95")),
    "p_right_of_house_median",
    "p_right_of_senate_median",
    "p_right_of_own_party",
    "xi_joint",
]
ANCHOR_COLUMNS = [
    *("bill", "title", "house_vote", "senate_vote", "used", "reason"),
    *("house_alpha", "house_beta", "senate_alpha", "senate_beta"),
    *("gap", "rms_gap", "chi2", "p_value"),
]
#: Groups of members whose medians are compared between the chambers.
GROUPS: dict[str, tuple[str, ...]] = {"": PARTIES, "democrat_": PARTIES[:1], "republican_": PARTIES[1:]}


def member_table(xi: np.ndarray, members: pd.DataFrame) -> pd.DataFrame:
    """One row per member of both chambers on one scale.

    Parameters
    ----------
    xi : ndarray, shape (n_draws, n_members)
    members
        Columns legislator, name, chamber, party, in the order of ``xi``.
    """
    table = members[["legislator", "name", "chamber", "party"]].reset_index(drop=True)
    for name, value in moments(xi[None]).items():
        table[f"xi_{name}"] = value
    for name, value in ranks(xi[None]).items():
        table[f"rank_{name}"] = value
    chamber, party = table["chamber"].to_numpy(), table["party"].to_numpy()
    table["p_right_of_own_party"] = np.nan
    for name, other in (("house", "senate"), ("senate", "house")):
        table[f"p_right_of_{name}_median"] = (xi > _median(xi, chamber == name)).mean(0)
        for own in PARTIES:
            here, there = (chamber == other) & (party == own), (chamber == name) & (party == own)
            if here.any() and there.any():
                table.loc[here, "p_right_of_own_party"] = (xi[:, here] > _median(xi, there)).mean(0)
    table["xi_joint"] = np.nan
    return table[MEMBER_COLUMNS]


def statements(xi: np.ndarray, members: pd.DataFrame) -> list[dict[str, Any]]:
    """Where the Senate's medians stand beside the House's; parameters as for `member_table`.

    A party that has no member in a chamber has no statement.
    """
    chamber, party = members["chamber"].to_numpy(), members["party"].to_numpy()
    probabilities, gaps = [], []
    for key, parties in GROUPS.items():
        of = np.isin(party, parties)
        inside = [(chamber == name) & of for name in ("senate", "house")]
        if not all(part.any() for part in inside):
            continue
        gap = (_median(xi, inside[0]) - _median(xi, inside[1])).ravel()
        who = f"median {key.rstrip('_').capitalize()}" if key else "median"
        p = {"statement": f"The Senate's {who} is right of the House's", "key": f"p_senate_{key}median_right"}
        probabilities.append({**p, "mean": float((gap > 0).mean()), "q05": None, "q95": None})
        found = scalar(gap)
        d = {"statement": f"Senate's {who} minus House's, on the House scale", "key": f"gap_{key}median"}
        gaps.append({**d, **{name: found[name] for name in ("mean", "q05", "q95")}})
    return probabilities + gaps


def _median(xi: np.ndarray, which: np.ndarray) -> np.ndarray:
    return np.asarray(np.median(xi[:, which], axis=1, keepdims=True))


def method_rows(link: Link, senate_xi: np.ndarray, bills: np.ndarray) -> list[dict[str, Any]]:
    """One row per method.

    Parameters
    ----------
    link
    senate_xi : ndarray, shape (n_senators,)
        Posterior means on the Senate's own scale: they weigh what leaving out an anchor does.
    bills : ndarray of str, shape (n_used,)
        Names of the anchors used.
    """
    return [_method_row(name, linked, senate_xi, bills) for name, linked in link.methods.items()]


def _method_row(name: str, linked: Linked, senate_xi: np.ndarray, bills: np.ndarray) -> dict[str, Any]:
    known = np.isfinite(linked.a)
    row: dict[str, Any] = {"method": name}
    for letter, draws in (("A", linked.a), ("B", linked.b)):
        row |= {f"{letter}_{key}": value for key, value in scalar(draws[known]).items()}
    row["n_draws"] = int(known.sum())
    row["A_all"], row["B_all"] = linked.with_unlike
    row["A_jackknife_se"], row["B_jackknife_se"] = map(float, linked.jackknife_se())
    change = linked.without - np.array(linked.point)
    moved = ((change[:, :1] * senate_xi + change[:, 1:]) ** 2).mean(1)
    most = int(moved.argmax())
    row["jackknife_anchor"] = str(bills[most])
    row["jackknife_A"], row["jackknife_B"] = map(float, linked.without[most])
    return row


def anchor_table(link: Link, shared: pd.DataFrame, headline: Linked | None) -> pd.DataFrame:
    """One row per shared bill, the Senate's parameters on the House's scale (empty where nothing is linked).

    Parameters
    ----------
    link
    shared
        Columns bill, title, house_vote, senate_vote.
    headline
        The method by which the Senate is moved; None where nothing is linked.
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
    return table.reindex(columns=ANCHOR_COLUMNS)


def anchor_counts(reason: np.ndarray) -> dict[str, int]:
    """How many pairs were used, and how many were not for which reason."""
    named = {
        "n_sign_disagrees": SIGN_DISAGREES,
        "n_sign_uncertain": SIGN_UNCERTAIN,
        "n_uninformative": UNINFORMATIVE,
        "n_unlike": UNLIKE,
        "n_used": USED,
    }
    return {"n_shared": len(reason), **{key: int((reason == value).sum()) for key, value in named.items()}}
