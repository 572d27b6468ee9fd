"""Chains that are not where the others are: which, and in what way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist

import numpy as np

from ..files.records.summary import ChainPlace, Modes

#: A chain is stuck whose spread is less than this share of the other chains'.
_STUCK_SPREAD = 0.1
#: A chain is apart whose mean log density is this many standard deviations (of one draw) from the other chains', ...
_APART_LP = 1.0
#: ... or whose ideal points agree with the others' less than this correlation.
_APART_CORRELATION = 0.5


@dataclass(frozen=True)
class ChainMode:
    """Place of one chain, next to the others.

    Attributes
    ----------
    verdict
        ``ok``; ``mirrored`` (its ideal points run the other way); ``stuck`` (it hardly moves); ``apart`` (elsewhere).
    where
        Chambers that are mirrored, ``""`` unless some are.
    party_gap
        By chamber, mean ideal point of Republicans minus that of Democrats.
    correlation
        By chamber, of the members' mean ideal points with those of the reference chain: of those that move, the one
        with Republicans furthest right of Democrats. None where one of the two does not vary.
    mean_lp
        Mean log density, up to the constant that all chains share.
    lp_gap_sd
        Its distance from the median of the other chains', in standard deviations of one draw of those.
    relative_spread
        Median over members of the standard deviation of their draws relative to the median over chains.
    """

    chain: int
    verdict: str
    where: str
    party_gap: dict[str, float]
    correlation: dict[str, float | None]
    mean_lp: float
    lp_gap_sd: float
    relative_spread: float

    def to_dict(self) -> ChainPlace:
        """Return the record for a JSON file."""
        return {
            "chain": self.chain,
            "verdict": self.verdict,
            "where": self.where,
            "party_gap": self.party_gap,
            "correlation": self.correlation,
            "mean_lp": self.mean_lp,
            "lp_gap_sd": self.lp_gap_sd,
            "relative_spread": self.relative_spread,
        }


def judge_chains(xi: np.ndarray, party: np.ndarray, chamber: np.ndarray, lp: np.ndarray) -> list[ChainMode]:
    """Compare the chains of a fit.

    Parameters
    ----------
    xi : ndarray, shape (chain, draw, n_legislators)
    party, chamber : ndarray of str, shape (n_legislators,)
    lp : ndarray, shape (chain, draw)
        Log density of each draw.

    Returns
    -------
    list of ChainMode
        One per chain.
    """
    mean, sd = xi.mean(1), xi.std(1)
    typical = np.maximum(np.median(sd, axis=0), np.finfo(float).tiny)
    spread = np.median(sd / typical, axis=1)
    stuck = spread < _STUCK_SPREAD
    gaps, correlations = {}, {}
    for name in dict.fromkeys(chamber):
        here = chamber == name
        right, left = here & (party == "Republican"), here & (party == "Democrat")
        gap = mean[:, right].mean(1) - mean[:, left].mean(1)
        reference = int(np.argmax(np.where(stuck & ~stuck.all(), -np.inf, gap)))
        gaps[name] = gap
        correlations[name] = [_correlation(own, mean[reference, here]) for own in mean[:, here]]
    lp_gap = _lp_gaps(lp)
    out = []
    for c in range(len(xi)):
        found = {name: values[c] for name, values in correlations.items()}
        mirrored = [name for name, r in found.items() if r is not None and r < 0]
        low = any(r is not None and r < _APART_CORRELATION for r in found.values())
        apart = abs(lp_gap[c]) > _APART_LP or low
        verdict = "stuck" if stuck[c] else "mirrored" if mirrored else "apart" if apart else "ok"
        out.append(
            ChainMode(
                chain=c,
                verdict=verdict,
                where=", ".join(mirrored) if verdict == "mirrored" else "",
                party_gap={name: float(gap[c]) for name, gap in gaps.items()},
                correlation=found,
                mean_lp=float(lp[c].mean()),
                lp_gap_sd=float(lp_gap[c]),
                relative_spread=float(spread[c]),
            )
        )
    return out


def _correlation(a: np.ndarray, b: np.ndarray) -> float | None:
    if len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def _lp_gaps(lp: np.ndarray) -> np.ndarray:
    """Mean of each chain minus the median of the other chains' means, over the median of their standard deviations."""
    mean, sd = lp.mean(1), lp.std(1)
    gaps = np.empty(len(lp))
    for c in range(len(lp)):
        others = np.arange(len(lp)) != c
        gaps[c] = (mean[c] - np.median(mean[others])) / max(float(np.median(sd[others])), np.finfo(float).tiny)
    return gaps


def rhat_signature(n_apart: int, n_chains: int) -> float:
    """R-hat that shows where ``n_apart`` of ``n_chains`` chains are in another mode, with no draw in common.

    Notes
    -----
    Normal scores of two groups of shares q and 1 - q that do not overlap have means ``-phi(c)/q`` and
    ``phi(c)/(1 - q)``, ``c`` the q-quantile; the rest of their unit variance is within. 1.53 for one of four chains,
    1.73 for two of four.
    """
    share, halves = n_apart / n_chains, 2 * n_chains
    normal = NormalDist()
    between = normal.pdf(normal.inv_cdf(share)) ** 2 / (share * (1 - share))
    return float(np.sqrt(1 + between * halves / (halves - 1) / (1 - between)))


def describe(chains: Sequence[ChainMode]) -> Modes:
    """Give the verdict on a fit: ``verdict``, ``text``, ``chains`` and the ``rhat_signature`` to expect (or None).

    The text counts chains from 1, and the records from 0.
    """
    lost = [chain for chain in chains if chain.verdict != "ok"]
    told = {
        "mirrored": "is mirrored in the {where}",
        "stuck": "hardly moves (its spread is {relative_spread:.2g} of the other chains')",
        "apart": "is in another mode",
    }
    text = [
        f"chain {chain.chain + 1} {told[chain.verdict].format(**asdict(chain))},"
        f" and its mean log density is {_signed(chain.lp_gap_sd)} standard deviations from the other chains'"
        for chain in lost
    ]
    signature = rhat_signature(len(lost), len(chains)) if 0 < len(lost) < len(chains) else None
    if signature is not None:
        text.append(f"with {len(lost)} of {len(chains)} chains in another mode, R-hat is near {signature:.2f}")
    return {
        "verdict": "several modes" if lost else "one mode",
        "text": "; ".join(text) or "all chains are in one mode",
        "chains": [chain.to_dict() for chain in chains],
        "rhat_signature": signature,
    }


def _signed(value: float) -> str:
    return f"{value:+.2g}".replace("-", "−")
