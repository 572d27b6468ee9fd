"""Replicates of a known-truth lab put together: recovery, coverage, uniformity of SBC ranks, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

import numpy as np

from ..wording.numbers import number, plural
from .recovery import ALL, Recovered

#: Where the truths come from.
ORIGINS = FITTED, PRIOR = ("fitted", "prior")
#: Fewer replicates tell nothing.
LEAST = 3
#: Chance that a right model is found at fault by any of the tests.
_ALARM = 0.01
#: Truths that are draws of a fit are not those of the prior, so the coverage is nominal only about so far.
_TOLERANCE = {FITTED: 0.05, PRIOR: 0.0}
#: Intervals of whole numbers hold more than their level.
_WHOLE = ("rank",)


class Coverage(TypedDict):
    """Coverage of the intervals of a quantity for a group: over replicates, with standard errors and p-values."""

    quantity: str
    group: str
    n: float
    coverage50: float | None
    se50: float | None
    coverage90: float
    se90: float
    p: float


class Recovery(TypedDict):
    """Means over replicates of correlation and RMSE on the relative scale; null where no replicate has one."""

    group: str
    n: float
    correlation: float | None
    rmse: float


class Uniformity(TypedDict):
    """Kolmogorov-Smirnov test of the ranks of a quantity."""

    quantity: str
    mean_rank: float
    p: float


class Findings(TypedDict):
    """Findings of a lab; ``passed`` is null where too few fits counted for a verdict."""

    unit: str
    origin: str
    n: int
    n_counted: int
    recovery: list[Recovery]
    coverage: list[Coverage]
    uniformity: list[Uniformity]
    faults: list[str]
    passed: bool | None
    text: list[str]


def pooled(unit: str, origin: str, replicates: Sequence[Mapping[str, Any]]) -> Findings:
    """Put replicates together.

    Parameters
    ----------
    unit, origin
        The fit, and where the truths come from.
    replicates
        Of each ``counted``, and the `Recovered` as ``found``.

    Notes
    -----
    Coverage is compared with its level by a t-test over replicates, because members of one replicate share its party
    averages; quantities with one number each by the binomial test. The standard error is no smaller than that of
    independent intervals. Ranks are tested where truths come from the prior: else they need not be uniform. All tests
    together find fault with a right model in 1 % of the labs (Bonferroni).
    """
    used: list[Recovered] = [one["found"] for one in replicates if one["counted"]]
    enough = len(used) >= LEAST
    coverage = list(_coverage(used)) if used else []
    uniformity = list(_uniformity(used)) if used and origin == PRIOR else []
    n_tests = max(1, len(coverage) + len(uniformity))
    faults = list(_faults(coverage, uniformity, _ALARM / n_tests, _TOLERANCE[origin])) if enough else []
    found: Findings = {
        "unit": unit,
        "origin": origin,
        "n": len(replicates),
        "n_counted": len(used),
        "recovery": list(_recovery(used)) if used else [],
        "coverage": coverage,
        "uniformity": uniformity,
        "faults": faults,
        "passed": not faults if enough else None,
        "text": [],
    }
    found["text"] = list(_sentences(found, n_tests))
    return found


def _recovery(used: Sequence[Recovered]) -> Iterator[Recovery]:
    for group in used[0]["near"]:
        here = [one["near"][group] for one in used]
        known = [near["correlation"] for near in here if near["correlation"] is not None]
        yield {
            "group": group,
            "n": float(np.mean([near["n"] for near in here])),
            "correlation": float(np.mean(known)) if known else None,
            "rmse": float(np.mean([near["rmse"] for near in here])),
        }


def _coverage(used: Sequence[Recovered]) -> Iterator[Coverage]:
    named = dict.fromkeys((q, g) for one in used for q, groups in one["covered"].items() for g in groups)
    for quantity, group in named:  # a link may have no constants in some replicates
        here = [one["covered"][quantity][group] for one in used if group in one["covered"].get(quantity, {})]
        n = np.array([cell["n"] for cell in here])
        shares = {"90": np.array([cell["in90"] for cell in here]) / n}
        inner = [cell["in50"] for cell in here if cell["in50"] is not None]
        if len(inner) == len(here):
            shares["50"] = np.array(inner) / n
        tested = {level: _tested(share, n, int(level) / 100, quantity) for level, share in shares.items()}
        yield {
            "quantity": quantity,
            "group": group,
            "n": float(n.mean()),
            "coverage50": float(shares["50"].mean()) if "50" in shares else None,
            "se50": tested["50"][0] if "50" in tested else None,
            "coverage90": float(shares["90"].mean()),
            "se90": tested["90"][0],
            "p": min(1.0, len(tested) * min(p for _, p in tested.values())),
        }


def _tested(share: np.ndarray, n: np.ndarray, level: float, quantity: str) -> tuple[float, float]:
    """Return the standard error of the mean of shares over replicates, and the p-value of its distance to the level."""
    from scipy import stats

    least = float(np.sqrt(level * (1 - level) / n.sum()))
    own = float(share.std(ddof=1) / np.sqrt(len(share))) if len(share) > 1 else 0.0
    se, side = max(own, least), "less" if quantity in _WHOLE else "two-sided"
    if (n == 1).all():
        return se, float(stats.binomtest(int(share.sum()), len(share), level, alternative=side).pvalue)
    t = (share.mean() - level) / se
    p = stats.t.cdf(t, max(1, len(share) - 1)) if side == "less" else 2 * stats.t.sf(abs(t), max(1, len(share) - 1))
    return se, float(p)


def _uniformity(used: Sequence[Recovered]) -> Iterator[Uniformity]:
    from scipy import stats

    for quantity in used[0]["ranks"]:
        ranks = [one["ranks"][quantity] for one in used]
        yield {
            "quantity": quantity,
            "mean_rank": float(np.mean(ranks)),
            "p": float(stats.kstest(ranks, "uniform").pvalue),
        }


def _faults(
    coverage: Sequence[Coverage], uniformity: Sequence[Uniformity], alarm: float, tolerance: float
) -> Iterator[str]:
    for row in coverage:
        pairs = ((50, row["coverage50"]), (90, row["coverage90"]))
        shares = {level: share for level, share in pairs if share is not None}
        away = max(abs(share - level / 100) for level, share in shares.items())
        if row["p"] < alarm and away > tolerance:
            who = "" if row["group"] == ALL else f" of {row['group']}s"
            levels = " and ".join(f"{level} %" for level in shares)
            found = " and ".join(f"{number(100 * share, 0)} %" for share in shares.values())
            yield f"{row['quantity']}{who}: intervals of {levels} hold the truth in {found} of the cases"
    for ranked in uniformity:
        if ranked["p"] < alarm:
            mean = number(ranked["mean_rank"])
            yield f"{ranked['quantity']}: the truth's ranks are not uniform (mean {mean}, p = {ranked['p']:.1g})"


def _sentences(found: Findings, n_tests: int) -> Iterator[str]:
    n, counted = found["n"], found["n_counted"]
    origin = "draws of the fit" if found["origin"] == FITTED else "draws of the prior"
    yield f"{plural(counted, 'refit')} of {plural(n, 'replicate')} counted, with truths that are {origin}."
    if found["passed"] is None:
        yield f"Fewer than {LEAST} refits counted, so there is no verdict."
    elif found["passed"]:
        yield f"None of {plural(n_tests, 'test')} found a fault. Small faults need more replicates."
    else:
        yield f"{plural(len(found['faults']), 'test')} of {n_tests} found a fault:"
        yield from found["faults"]
