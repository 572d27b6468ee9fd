"""The content of metrics.json, which has the numbers of one experiment that other programs compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..config.experiments import ExperimentConfig
from ..files.records.fields import Code
from ..files.records.folds import HeldOut, Ladder
from ..files.records.linking import Axes, Linking
from ..votes.unit import Unit
from .chambers import axes, house_vs_senate, link
from .fits import FitFiles, chamber_fit, joint_fit
from .records.whole import SCHEMA_VERSION, Metrics
from .schema import check


@dataclass(frozen=True)
class Circumstances:
    """The code, the packages and the machine with which an experiment ran.

    Attributes
    ----------
    code
        State of the checkout, from `files.provenance.code_state`.
    versions
        Version of each package that decides numbers.
    platform
        Content of the experiment's platform.json.
    """

    code: Code
    versions: Mapping[str, str]
    platform: Mapping[str, Any]


def build_metrics(
    config: ExperimentConfig,
    fits: Sequence[FitFiles],
    linking: Linking,
    axis: Axes,
    ran: Circumstances,
    held_out: HeldOut | None = None,
) -> Metrics:
    """Build the whole of metrics.json and check it against the schema.

    Parameters
    ----------
    config
        The experiment.
    fits
        Fits of the experiment, in the order in which they are shown.
    linking, axis
        Content of its linking.json and axis.json.
    ran
        Code, packages and machine with which it ran.
    held_out
        Content of its held_out.json, or None where it has no folds.

    Raises
    ------
    UserError
        If the result does not meet the schema, because of a bug or a summary from another version.
    """
    by_unit = {Unit(fit.summary["unit"]): fit for fit in fits}
    joint = by_unit.pop(Unit.JOINT, None)
    metrics: Metrics = {
        "schema_version": SCHEMA_VERSION,
        "experiment": config.name,
        "description": config.description,
        "convergence_ok": all(fit.summary["convergence"]["ok"] for fit in fits),
        "chambers": {unit.value: chamber_fit(fit) for unit, fit in by_unit.items()},
        "joint": joint_fit(joint) if joint else None,
        "linking": link(linking),
        "house_vs_senate": house_vs_senate(linking, config.session.chambers_called),
        "joint_vs_separate": linking["joint_vs_separate"],
        "held_out": _ladder(held_out) if held_out else None,
        "axis": axes(axis),
        "baseline": config.compare_with,
        "config": config.to_dict(),
        "code": ran.code,
        "versions": dict(ran.versions),
        "platform": dict(ran.platform),
    }
    check(metrics)
    return metrics


def _ladder(held_out: HeldOut) -> Ladder:
    return {
        "folds": held_out["folds"],
        "chambers": held_out["chambers"],
        **({"together": held_out["together"]} if "together" in held_out else {}),  # type: ignore[typeddict-item]
        "n_fits": held_out["n_fits"],
        "n_converged": held_out["n_converged"],
    }
