"""Tables of members, parties and bills across chambers, and the content of linking.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..draws.moments import four, moments
from ..draws.pivots import pivots
from ..draws.ranks import rank_draws
from ..files.columns.linking import ANCHORS, LINKED_MEMBERS
from ..files.records.fields import Interval
from ..files.records.linking import (
    AnchorCounts,
    Chosen,
    Method,
    MethodConstants,
    RelativeConstants,
    Said,
    Statement,
)
from ..votes.vocabulary import PARTIES
from .answers import Answer
from .curves import move_bills
from .link import Link, Linked
from .mixtures import QUANTILES, mixed_probability, mixed_quantiles, weights
from .names import JOINT
from .reasons import SIGN_DISAGREES, SIGN_UNCERTAIN, UNINFORMATIVE, UNLIKE, USED

#: Who answers, in columns: all methods mixed, the linking methods mixed, the joint model.
_SOURCES = ("relative", "link", "joint")
#: Positions that are compared between the chambers, in words, by their names in `pivots.pivots`; first the medians.
_POSITIONS = {
    "chamber_median": "median",
    "democrat_median": "median Democrat",
    "republican_median": "median Republican",
    "two_thirds_left": "two-thirds pivot, counted from the right,",
    "two_thirds_right": "two-thirds pivot, counted from the left,",
}

_Places = Mapping[str, Answer]
#: Draws of the positions in a chamber by method: chamber, name in `pivots.pivots`, method.
Positions = dict[str, dict[str, dict[str, np.ndarray]]]


def _by_source(places: _Places) -> dict[str, _Places]:
    """Return the methods behind each of `_SOURCES`; one without a method is left out."""
    link = {name: at for name, at in places.items() if name != JOINT}
    joint = {name: at for name, at in places.items() if name == JOINT}
    return {name: some for name, some in zip(_SOURCES, (places, link, joint), strict=True) if some}


def positions(places: _Places, members: pd.DataFrame, shares: Sequence[float] = ()) -> Positions:
    """Return where medians and pivots of each chamber stand, over seats.

    Parameters
    ----------
    places, members
        As for `member_table`.
    shares
        Majorities besides one half and two thirds.
    """
    chamber, party = members["chamber"].to_numpy(), members["party"].to_numpy()
    seats = members["seats"].to_numpy(float)
    out: Positions = {}
    for name in dict.fromkeys(chamber):
        by_position: dict[str, dict[str, np.ndarray]] = {}
        here = chamber == name
        for method, at in places.items():
            for position, found in pivots(at.xi[None][..., here], party[here], seats[here], shares).items():
                by_position.setdefault(position, {})[method] = found.xi[0]
        out[name] = by_position
    return out


def _position_words(position: str) -> str:
    """Return a median or pivot of a chamber in words; ``majority_60_left`` is the 60 % pivot from the right."""
    if position in _POSITIONS:
        return _POSITIONS[position]
    share, _, side = position.removeprefix("majority_").rpartition("_")
    return f"{share} % pivot, counted from the {'right' if side == 'left' else 'left'},"


def member_table(places: _Places, members: pd.DataFrame, own_scale: np.ndarray | None) -> pd.DataFrame:
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
    for source, some in _by_source(places).items():
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


def p_right_of(places: _Places, median: Mapping[str, np.ndarray]) -> np.ndarray:
    """Probability that each member stands right of a median, given by method, shape (n_members,)."""
    right = {name: at.xi > median[name][:, None] for name, at in places.items()}
    return mixed_probability(right, weights(list(places)))


def statements(places: _Places, members: pd.DataFrame, shares: Sequence[float] = ()) -> list[Statement]:
    """State where the Senate's medians and pivots stand beside the House's, by all methods and by each source.

    A party that has no member in a chamber has no statement. Parameters as for `positions`.

    Returns
    -------
    list of Statement
        key, statement, kind (probability or distance, Senate minus House); value (of a distance the median), q05, q95
        of all methods mixed; the same as ``link_`` and ``joint_`` (None without an answer); ``methods``: value by
        method.
    """
    there = positions(places, members, shares)
    probabilities: list[Statement] = []
    distances: list[Statement] = []
    known = there["senate"].keys() & there["house"].keys()
    others = sorted(known - _POSITIONS.keys())
    for position in (*(name for name in _POSITIONS if name in known), *others):
        senate, house, words = there["senate"][position], there["house"][position], _position_words(position)
        gaps = {name: senate[name] - house[name] for name in places}
        key = position.removeprefix("chamber_")
        probabilities.append(
            {
                "key": f"p_senate_{key}_right",
                "statement": f"The Senate's {words} is right of the House's",
                "kind": "probability",
                **_said({name: gap > 0 for name, gap in gaps.items()}, places),
            }
        )
        distances.append(
            {
                "key": f"gap_{key}",
                "statement": f"Senate's {words} minus House's",
                "kind": "distance",
                **_said(gaps, places),
            }
        )
    return probabilities + distances


def chosen_orders(places: _Places, members: pd.DataFrame) -> Chosen:
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


def _said(found: Mapping[str, np.ndarray], places: _Places) -> Said:
    """Return a probability (draws of true and false) or a median with its interval, by source."""
    sources = _by_source(places)
    mixed, link, joint = (_value({name: found[name] for name in sources.get(source, {})}) for source in _SOURCES)
    return {
        "value": mixed[0],
        "q05": mixed[1],
        "q95": mixed[2],
        "link_value": link[0],
        "link_q05": link[1],
        "link_q95": link[2],
        "joint_value": joint[0],
        "joint_q05": joint[1],
        "joint_q95": joint[2],
        "methods": {name: _value({name: draws})[0] for name, draws in found.items()},
    }


def _value(found: Mapping[str, np.ndarray]) -> tuple[float | None, float | None, float | None]:
    """Return a probability, or a median with its 5 % and 95 % quantiles; None where nobody has an answer."""
    if not found:
        return None, None, None
    weight = weights(list(found))
    if next(iter(found.values())).dtype == bool:
        return float(mixed_probability(found, weight)), None, None
    at = mixed_quantiles({name: draws[:, None] for name, draws in found.items()}, weight)
    return float(at["median"][0]), float(at["q05"][0]), float(at["q95"][0])


def method_rows(link: Link, places: _Places, senate_xi: np.ndarray, bills: np.ndarray) -> list[Method]:
    """One row per linking method.

    Parameters
    ----------
    link
    places
        Answers by method: A and B on the relative scale.
    senate_xi : ndarray, shape (n_senators,)
        Posterior means on the Senate's own scale: they weigh what leaving out an anchor does.
    bills : ndarray of str, shape (n_used,)
        Names of the anchors used.
    """
    answered = {name: linked for name, linked in link.methods.items() if name in places}
    return [
        {**_method_row(name, linked, senate_xi, bills), **relative_row(places[name])}
        for name, linked in answered.items()
    ]


def relative_row(place: Answer) -> RelativeConstants:
    """Return A and B on the headline scale: medians and intervals."""
    a, b = quantiles(place.a), quantiles(place.b)
    return {
        "A_relative_median": a["median"],
        "A_relative_q05": a["q05"],
        "A_relative_q95": a["q95"],
        "B_relative_median": b["median"],
        "B_relative_q05": b["q05"],
        "B_relative_q95": b["q95"],
    }


def quantiles(draws: np.ndarray) -> Interval:
    """Median and 90 % interval of one quantity."""
    median, low, high = (float(np.quantile(draws, share)) for share in QUANTILES.values())
    return {"median": median, "q05": low, "q95": high}


def _method_row(name: str, linked: Linked, senate_xi: np.ndarray, bills: np.ndarray) -> MethodConstants:
    known = np.isfinite(linked.a)
    a, b = linked.a[known], linked.b[known]
    of_a, of_b = four(a), four(b)
    a_all, b_all = linked.with_unlike
    a_se, b_se = map(float, linked.jackknife_se())
    change = linked.without - np.array(linked.point)
    moved = ((change[:, :1] * senate_xi + change[:, 1:]) ** 2).mean(1)
    most = int(moved.argmax())
    a_without, b_without = map(float, linked.without[most])
    return {
        "method": name,
        "A_mean": of_a[0],
        "A_sd": of_a[1],
        "A_q05": of_a[2],
        "A_q95": of_a[3],
        "A_median": float(np.median(a)),
        "B_mean": of_b[0],
        "B_sd": of_b[1],
        "B_q05": of_b[2],
        "B_q95": of_b[3],
        "B_median": float(np.median(b)),
        "n_draws": int(known.sum()),
        "A_all": a_all,
        "B_all": b_all,
        "A_jackknife_se": a_se,
        "B_jackknife_se": b_se,
        "jackknife_anchor": str(bills[most]),
        "jackknife_A": a_without,
        "jackknife_B": b_without,
    }


def anchor_table(
    link: Link, shared: pd.DataFrame, headline: Linked | None, elpd_diff: pd.Series | None
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
