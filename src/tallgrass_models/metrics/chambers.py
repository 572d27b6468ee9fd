"""What is said of both chambers, from linking.json and axis.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .fits import as_record
from .records.across import Axis, HouseVsSenate, Link, LinkBesideJoint
from .records.fields import Interval


def link(linking: Mapping[str, Any]) -> Link | None:
    """The constants of the link, from linking.json; None where nothing is linked."""
    if not linking["linked"]:
        return None
    row = next(row for row in linking["methods"] if row["method"] == linking["method"])
    counts, joint = linking["anchors"], linking["joint"]

    def relative(constant: str) -> Interval:
        median, q05, q95 = (row[f"{constant}_relative_{key}"] for key in ("median", "q05", "q95"))
        return {"median": median, "q05": q05, "q95": q95}

    return {
        "method": linking["method"],
        "A_mean": row["A_mean"],
        "A_q05": row["A_q05"],
        "A_q95": row["A_q95"],
        "B_mean": row["B_mean"],
        "B_q05": row["B_q05"],
        "B_q95": row["B_q95"],
        "A_relative": relative("A"),
        "B_relative": relative("B"),
        "n_anchors": counts["n_used"],
        "n_anchors_dropped": counts["n_shared"] - counts["n_used"],
        "methods_agree": linking["methods_agree"],
        "joint": joint and as_record(LinkBesideJoint, joint, ("n_senate", "max_p_member")),
    }


def house_vs_senate(linking: Mapping[str, Any]) -> HouseVsSenate | None:
    """House against Senate by every method that has an answer, from linking.json; None where none has."""
    if not linking["statements"]:
        return None
    said = {
        row["key"].removeprefix("p_senate_").removesuffix("_right"): row
        for row in linking["statements"]
        if row["kind"] == "probability"
    }
    return {
        "weights": linking["weights"],
        "p_senate_right": {
            pivot: {"all": row["value"], "link": row["link_value"], "joint": row["joint_value"]}
            for pivot, row in said.items()
        },
        "findings": [finding["text"] for finding in linking["findings"] if finding["level"] == "bad"],
    }


def axes(axis: Mapping[str, Any]) -> list[Axis]:
    """The verdict on every axis, from axis.json."""
    return [_axis(entry) for entry in axis["units"]]


def _axis(entry: Mapping[str, Any]) -> Axis:
    d = entry["d"] or {}
    return {
        "unit": entry["unit"],
        "chamber": entry["chamber"],
        "verdict": entry["verdict"],
        "d_mean": d.get("mean"),
        "d_q05": d.get("q05"),
        "d_q95": d.get("q95"),
        "d_pc1": entry["d_pc1"],
        "d_pc2": entry["d_pc2"],
        "eigenvalue_ratio": entry["eigenvalue_ratio"],
    }
