"""`metrics.json`: the numbers of one experiment that other programs compare, checked against a schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..config.experiments import ExperimentConfig
from ..files.records.fields import Code
from ..files.records.linking import Axes, Linking
from ..votes.unit import Unit
from .chambers import axes, house_vs_senate, link
from .fits import FitFiles, chamber_fit, joint_fit
from .records.whole import SCHEMA_VERSION, Metrics
from .schema import check


@dataclass(frozen=True)
class Circumstances:
    """Where an experiment ran, and with what.

    Attributes
    ----------
    code
        From `files.provenance.code_state`.
    versions
        Version of each package that decides numbers.
    platform
        The experiment's platform.json.
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
) -> Metrics:
    """The whole of metrics.json.

    Parameters
    ----------
    config
        The experiment.
    fits
        Its fits, in the order in which they are shown.
    linking, axis
        Its linking.json and axis.json.
    ran
        Where it ran, and with what.

    Raises
    ------
    UserError
        If the result does not meet the schema (a bug, or a summary made by another version).
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
        "house_vs_senate": house_vs_senate(linking),
        "joint_vs_separate": linking["joint_vs_separate"],
        "axis": axes(axis),
        "baseline": config.compare_with,
        "config": config.to_dict(),
        "code": ran.code,
        "versions": dict(ran.versions),
        "platform": dict(ran.platform),
    }
    check(metrics)
    return metrics
