"""Audit of the axis that a model found: the parties', mirrored, one that splits a party, or none.

Symbols: ``d`` is the distance of the parties' averages in pooled standard deviations of members, Republican minus
Democratic. Whether an axis is the parties' is a matter of its size; its sign says which way round the model has it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..draws.agreement import correlation
from ..draws.moments import scalar
from ..draws.separation import separation
from ..files.records.linking import AxisNumbers, AxisVerdict, LeastMinority, SomeRollCalls
from ..votes.components import pca_scores
from ..votes.vocabulary import PARTIES
from .divisions import CONTESTED, DIVIDED, contested, divided, explained_share, share_by_chance

#: An axis separates the parties from the first size of d on (of normal positions, 77 % lie on their party's side of the
#: middle) unless a principal component separates them `OTHER_AXIS` times better; from the second on (93 %) in any case.
SEPARATED, _CLEARLY_SEPARATED, OTHER_AXIS = 1.5, 3.0, 2.0
_LEAST_ROLLCALLS = 10
_SEED = 20250101

_ONE_PARTY = (
    "The axis separates members. How far apart it puts the parties cannot be said, because a party has too few members."
)
_TEXTS = {
    "parties": "The axis separates the parties.",
    "mirrored": "The axis separates the parties, but it is upside down. In the model's own numbers the Republicans"
    " stand on the left.",
    "faction": "The axis separates members, but not the parties. Their averages stand {d} typical distances within a"
    " party apart, and {pc1} and {pc2} on the first two components. It looks like a division inside a party or across"
    " both.",
    "nothing": "The axis explains no more of the votes than chance does ({share:.1%} compared with {chance:.1%}).",
}


@dataclass(frozen=True)
class AxisAudit:
    """One chamber's axis.

    Attributes
    ----------
    summary : AxisVerdict
        An entry of axis.json without unit and chamber.
    scores : dict of ndarray, shape (n_members,)
        ``pc1``, ``pc2``, and the first component of contested and of dividing roll calls (NaN where they are few).
    """

    summary: AxisVerdict
    scores: dict[str, np.ndarray]


def audit_axis(xi: np.ndarray, y: np.ndarray, party: np.ndarray) -> AxisAudit:
    """Audit the axis of one chamber.

    Parameters
    ----------
    xi : ndarray, shape (n_draws, n_members)
        Draws of ideal points.
    y : ndarray of int8, shape (n_members, n_votes)
        The votes the fit has seen: 1 Yea, 0 Nay, -1 missing.
    party : ndarray of str, shape (n_members,)
    """
    mean = xi.mean(0)
    scores, eigenvalues = pca_scores(y, party)
    pc1, pc2 = scores.T
    shares = eigenvalues / max(eigenvalues.sum(), 1e-300)
    chance = float(np.quantile(share_by_chance(y, np.random.default_rng(_SEED)), 0.95))
    d = separation(xi, party)
    numbers: AxisNumbers = {
        "n_democrats": int((party == PARTIES[0]).sum()),
        "n_republicans": int((party == PARTIES[1]).sum()),
        "d": scalar(d) if np.isfinite(d).all() else None,
        "d_pc1": _number(separation(pc1, party)),
        "d_pc2": _number(separation(pc2, party)),
        "correlation_pc1": correlation(mean, pc1),
        "correlation_pc2": correlation(mean, pc2),
        "eigenvalue_ratio": float(eigenvalues[0] / eigenvalues[1]) if len(shares) > 1 and eigenvalues[1] > 0 else None,
        "share_pc1": float(shares[0]),
        "share_pc2": float(shares[1]) if len(shares) > 1 else 0.0,
        "share_axis": explained_share(y, mean),
        "share_chance_q95": chance,
    }
    verdict = _verdict(numbers)
    values = {"d": numbers["d"] and numbers["d"]["mean"], "pc1": numbers["d_pc1"], "pc2": numbers["d_pc2"]}
    shown = {name: _shown(value) for name, value in values.items()}
    words = _ONE_PARTY if verdict == "faction" and numbers["d"] is None else _TEXTS[verdict]
    text = words.format(**shown, share=numbers["share_axis"], chance=chance)
    of_contested, pc1_contested = _refit(y[:, contested(y)], party, mean, {"min_minority_share": CONTESTED})
    of_divided, pc1_divided = _refit(y[:, divided(y, party)], party, mean, {"min_party_minority_share": DIVIDED})
    summary: AxisVerdict = {
        "verdict": verdict,
        "text": text,
        **numbers,
        "contested": of_contested,
        "divided": of_divided,
    }
    return AxisAudit(summary, {"pc1": pc1, "pc2": pc2, "pc1_contested": pc1_contested, "pc1_divided": pc1_divided})


def _refit(
    y: np.ndarray, party: np.ndarray, mean: np.ndarray, limit: LeastMinority
) -> tuple[SomeRollCalls | None, np.ndarray]:
    """Return the first component of some of the roll calls, beside the axis."""
    if y.shape[1] < _LEAST_ROLLCALLS:
        return None, np.full(len(mean), np.nan)
    score = pca_scores(y, party)[0][:, 0]
    found: SomeRollCalls = {
        "n_rollcalls": y.shape[1],
        **limit,
        "d_pc1": _number(separation(score, party)),
        "correlation_axis": correlation(mean, score),
    }
    return found, score


def _verdict(found: AxisNumbers) -> str:
    if found["share_axis"] <= found["share_chance_q95"]:
        return "nothing"
    d = found["d"]["mean"] if found["d"] else 0.0
    best = max(abs(value or 0.0) for value in (found["d_pc1"], found["d_pc2"]))
    if abs(d) < min(_CLEARLY_SEPARATED, max(SEPARATED, best / OTHER_AXIS)):
        return "faction"
    return "parties" if d > 0 else "mirrored"


def _shown(value: float | None) -> str:
    return "not known" if value is None else f"{value:.1f}".replace("-", "−")


def _number(value: np.ndarray) -> float | None:
    return float(value) if np.isfinite(value) else None
