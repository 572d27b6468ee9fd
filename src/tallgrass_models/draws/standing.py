"""Averages, spreads, distance and variance share of the parties' members, draw by draw.

These are numbers of members. `mu` and `sigma_within` are parameters of the populations that members are drawn from in
the model; their priors pull them, and they are reported beside these under their own names.
"""

from __future__ import annotations

import numpy as np

from ..files.records.statistics import GapsCompared, PartiesApart
from ..votes.vocabulary import PARTIES
from .frame import Frame
from .moments import columns, scalar
from .separation import separation


def party_averages(x: np.ndarray, party: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Average and spread of the members of each party.

    Parameters
    ----------
    x : ndarray, shape (..., n)
        Draws of positions on any scale.
    party : ndarray of str, shape (n,)
        Party each member is counted with; others take no part.

    Returns
    -------
    average, spread : ndarray, shape (..., 2)
        Democrats first. The spread is the root mean square distance of the members from their party's average (they are
        all there are, so it is divided by n). NaN for a party without members.
    """
    average, spread = (np.full((*x.shape[:-1], len(PARTIES)), np.nan) for _ in range(2))
    for p, name in enumerate(PARTIES):
        own = np.asarray(x[..., party == name], dtype=float)
        if own.shape[-1]:
            average[..., p], spread[..., p] = own.mean(-1), own.std(-1)
    return average, spread


def share_of_party(x: np.ndarray, party: np.ndarray) -> np.ndarray:
    """Share of the variance between members of the two parties that lies between the parties, shape (...).

    Law of total variance: ``between = sum_p w_p (average_p - average)^2``, ``w_p`` the party's share of members, and
    ``within`` the mean squared distance of members from their party's average. It does not depend on the scale.
    """
    average, spread = party_averages(x, party)
    sizes = np.array([(party == name).sum() for name in PARTIES])
    weight = sizes / sizes.sum()
    known = np.where(sizes > 0, average, 0.0), np.where(sizes > 0, spread, 0.0)
    between = (known[0] - (known[0] @ weight)[..., None]) ** 2 @ weight
    within = known[1] ** 2 @ weight
    total = between + within
    return np.asarray(np.divide(between, total, out=np.zeros(np.shape(total)), where=total > 0))


def parties_apart(xi: np.ndarray, x: np.ndarray, party: np.ndarray) -> PartiesApart:
    """Measure how far apart the averages of the two parties of one chamber are.

    Parameters
    ----------
    xi, x : ndarray, shape (chain, draw, n)
        Members of the chamber on the model's own scale and on the headline scale.

    Returns
    -------
    dict
        ``n_democrats``, ``n_republicans``; moments of the distance, Republicans minus Democrats, ``xi`` and
        ``position``; of ``d``, the distance on the headline scale in pooled standard deviations of members; and
        ``p_republicans_wider``, the probability that the spread of the Republicans is the larger one. None where a
        party has no member; the probability where one has a single member; ``d`` where nobody differs from the party's
        average.
    """
    left, right = (int((party == name).sum()) for name in PARTIES)
    out: PartiesApart = {
        "n_democrats": left,
        "n_republicans": right,
        "xi": None,
        "position": None,
        "d": None,
        "p_republicans_wider": None,
    }
    if not left or not right:
        return out
    own, _ = party_averages(xi, party)
    average, spread = party_averages(x, party)
    out["xi"], out["position"] = (scalar(places[..., 1] - places[..., 0]) for places in (own, average))
    d = separation(np.asarray(x, dtype=float), party)
    out["d"] = scalar(d) if np.isfinite(d).all() else None
    out["p_republicans_wider"] = float((spread[..., 1] > spread[..., 0]).mean()) if min(left, right) > 1 else None
    return out


def gaps_compared(x: np.ndarray, party: np.ndarray, chamber: np.ndarray) -> GapsCompared | None:
    """Compare the distance between the parties in the Senate with that in the House, both on one scale.

    Parameters
    ----------
    x : ndarray, shape (chain, draw, n)
    party, chamber : ndarray of str, shape (n,)

    Returns
    -------
    dict or None
        ``ratio`` (moments) and ``p_senate_wider``; None unless both chambers have members of both parties.
    """
    gaps = []
    for name in ("house", "senate"):
        here = chamber == name
        average, _ = party_averages(x[..., here], party[here])
        gaps.append(average[..., 1] - average[..., 0])
    if not all(np.isfinite(gap).all() and (gap != 0).all() for gap in gaps):
        return None
    ratio = gaps[1] / gaps[0]
    return {"ratio": scalar(ratio), "p_senate_wider": float((np.abs(ratio) > 1).mean())}


def party_rows(
    chamber: str, xi: np.ndarray, frame: Frame, party: np.ndarray, mu: np.ndarray, sigma: np.ndarray
) -> list[dict[str, str | int | float]]:
    """One row for each party of a chamber.

    Parameters
    ----------
    xi : ndarray, shape (chain, draw, n)
        Members of the chamber on the model's own scale.
    frame : Frame
        Takes them to the headline scale.
    party : ndarray of str, shape (n,)
    mu, sigma : ndarray, shape (chain, draw, 2)
        Population means and standard deviations of the parties in the model.

    Returns
    -------
    list of dict
        ``chamber, party, n``, and moments (``_mean``, ``_sd``, ``_q05``, ``_q95``): of the members ``position``
        (average) and ``spread`` on the headline scale, ``xi`` and ``xi_spread`` on the model's own; of the population
        ``mu_position`` and ``sigma_position`` on the headline scale, ``mu`` and ``sigma`` on the model's own.
    """
    members = {"position": frame.positions(xi), "xi": xi}
    found = {name: party_averages(values, party) for name, values in members.items()}
    drawn = {
        "position": found["position"][0],
        "spread": found["position"][1],
        "mu_position": frame.positions(mu),
        "sigma_position": frame.lengths(sigma),
        "xi": found["xi"][0],
        "xi_spread": found["xi"][1],
        "mu": mu,
        "sigma": sigma,
    }
    return [
        {
            "chamber": chamber,
            "party": name,
            "n": int((party == name).sum()),
            **{name: value for stem, draws in drawn.items() for name, value in columns(draws[..., p], stem).items()},
        }
        for p, name in enumerate(PARTIES)
    ]
