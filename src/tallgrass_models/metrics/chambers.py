"""Blocks of metrics.json on both chambers, from linking.json and axis.json."""

from __future__ import annotations

from ..files.records.fields import Interval
from ..files.records.linking import Axes, JointAgreement, LinkBesideJoint, Linking, UnitAxis
from ..linking.findings import findings
from ..votes.naming import USUAL, ChamberNames
from .records.across import Axis, HouseVsSenate, Link


def link(linking: Linking) -> Link | None:
    """Return the constants of the link from linking.json, or None where nothing is linked."""
    if not linking["linked"]:
        return None
    row = next(row for row in linking["methods"] or () if row["method"] == linking["method"])
    counts, joint, agree = linking["anchors"], linking["joint"], linking["methods_agree"]
    assert counts is not None, "linked"
    assert agree is not None, "linked"
    return {
        "method": linking["method"],
        "A_mean": row["A_mean"],
        "A_q05": row["A_q05"],
        "A_q95": row["A_q95"],
        "B_mean": row["B_mean"],
        "B_q05": row["B_q05"],
        "B_q95": row["B_q95"],
        "A_relative": _interval(row["A_relative_median"], row["A_relative_q05"], row["A_relative_q95"]),
        "B_relative": _interval(row["B_relative_median"], row["B_relative_q05"], row["B_relative_q95"]),
        "n_anchors": counts["n_used"],
        "n_anchors_dropped": counts["n_shared"] - counts["n_used"],
        "methods_agree": agree,
        "joint": joint and _beside(joint),
    }


def _interval(median: float, q05: float, q95: float) -> Interval:
    return {"median": median, "q05": q05, "q95": q95}


def _beside(joint: JointAgreement) -> LinkBesideJoint:
    return {
        "A": joint["A"],
        "B": joint["B"],
        "mean_difference_sd": joint["mean_difference_sd"],
        "overlap": joint["overlap"],
        "mean_p_difference": joint["mean_p_difference"],
        "max_p_difference": joint["max_p_difference"],
        "agrees": joint["agrees"],
    }


def house_vs_senate(linking: Linking, called: ChamberNames = USUAL) -> HouseVsSenate | None:
    """Compare House and Senate by every method that has an answer, from linking.json; return None where none has."""
    statements = linking["statements"]
    if not statements:
        return None
    weights = linking["weights"]
    assert weights is not None, "there are statements"
    return {
        "weights": weights,
        "p_senate_right": {
            row["key"].removeprefix("p_senate_").removesuffix("_right"): {
                "all": row["value"],
                "link": row["link_value"],
                "joint": row["joint_value"],
            }
            for row in statements
            if row["kind"] == "probability" and row["value"] is not None
        },
        "findings": [finding["text"] for finding in findings(linking, called) if finding["level"] == "bad"],
    }


def axes(axis: Axes) -> list[Axis]:
    """Return the verdict on every axis, from axis.json."""
    return [_axis(entry) for entry in axis["units"]]


def _axis(entry: UnitAxis) -> Axis:
    d = entry["d"]
    return {
        "unit": entry["unit"],
        "chamber": entry["chamber"],
        "verdict": entry["verdict"],
        "d_mean": d and d["mean"],
        "d_q05": d and d["q05"],
        "d_q95": d and d["q95"],
        "d_pc1": entry["d_pc1"],
        "d_pc2": entry["d_pc2"],
        "eigenvalue_ratio": entry["eigenvalue_ratio"],
    }
