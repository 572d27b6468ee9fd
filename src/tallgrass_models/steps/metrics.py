"""The step that writes metrics.json, the last file of an experiment."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..config.experiments import ExperimentConfig
from ..errors import UserError
from ..files.columns.summary import BILLS, IDEAL_POINTS
from ..files.json import read_json, write_json
from ..files.records.folds import SCHEMA_VERSION, HeldOut
from ..votes.unit import Unit

if TYPE_CHECKING:
    import pandas as pd

    from ..files.records.checking import Check
    from ..files.records.statistics import AgainstBaseline
    from ..files.records.summary import Summary

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MetricsFiles:
    """Files from which metrics.json is made.

    Attributes
    ----------
    platform, linking, axis
        The platform.json, linking.json and axis.json of the experiment.
    summaries, checks
        The summary.json and check.json of each of its units.
    compare_with, compare_bills
        The ideal_points.csv and bills.csv of each unit of the experiment that it is compared with. Both are empty where
        there is no such experiment.
    held_out
        The held_out.json of the experiment; empty where it has no folds.
    """

    platform: Path
    linking: Path
    axis: Path
    summaries: Sequence[Path]
    checks: Sequence[Path]
    compare_with: Sequence[Path] = ()
    compare_bills: Sequence[Path] = ()
    held_out: Sequence[Path] = ()

    def all(self) -> list[Path]:
        """List all these files."""
        one = (self.platform, self.linking, self.axis)
        return [*one, *self.summaries, *self.checks, *self.compare_with, *self.compare_bills, *self.held_out]


def metrics(config: ExperimentConfig, fit_hashes: Mapping[str, str], files: MetricsFiles, out: Path) -> None:
    """Write metrics.json; ``fit_hashes`` has the hash of the fit that the configuration asks for, by unit.

    Raises
    ------
    UserError
        If a file is missing, damaged or from other settings, or the result does not meet the schema.
    """
    from ..files.provenance import code_state
    from ..metrics.build import Circumstances, build_metrics
    from ..metrics.fits import FitFiles
    from ..sampling.posterior import package_versions

    found: list[Summary] = [read_json(path) for path in files.summaries]
    checked: list[Check] = [read_json(path) for path in files.checks]
    made = [(summary["unit"], summary["spec_hash"]) for summary in found]
    made += [(check["unit"], check["spec_hash"]) for check in checked]
    for path, (of, spec_hash) in zip((*files.summaries, *files.checks), made, strict=True):
        if spec_hash != fit_hashes.get(of):
            raise UserError(f"{path}: not the result of this experiment's settings; delete it and run again")
    own = {Unit(summary["unit"]): path.parent for path, summary in zip(files.summaries, found, strict=True)}
    points, bills = (
        {Unit(path.parent.name): path for path in paths} for paths in (files.compare_with, files.compare_bills)
    )
    correlations = {unit: _pearson(own[unit] / "ideal_points.csv", path) for unit, path in points.items()}
    one_sided = {Unit(summary["unit"]) for summary in found if summary["wrong_sign"]["yea_side"]}
    wrong = {unit: _wrong_sign(own[unit], points[unit], path) for unit, path in bills.items() if unit in one_sided}
    of_unit = {Unit(check["unit"]): check for check in checked}
    fits = [
        FitFiles(summary, of_unit[unit], correlations.get(unit), wrong.get(unit))
        for unit, summary in zip(own, found, strict=True)
    ]
    held_out = [_held_out(path, fit_hashes) for path in files.held_out]
    ran = Circumstances(code_state(), package_versions(), read_json(files.platform))
    result = build_metrics(config, fits, read_json(files.linking), read_json(files.axis), ran, *held_out)
    write_json(out, result)
    state = "converged" if result["convergence_ok"] else "NOT CONVERGED"
    log.info("%s: %s; wrote %s", config.name, state, out)


def _held_out(path: Path, fit_hashes: Mapping[str, str]) -> HeldOut:
    found: HeldOut = read_json(path)
    if found["schema_version"] != SCHEMA_VERSION or found["fit_hashes"] != fit_hashes:
        raise UserError(f"{path}: not the result of this experiment's settings; delete it and run again")
    return found


def _pearson(own: Path, other: Path) -> float | None:
    from ..draws.agreement import correlation

    a, b = (_points(path)["position_mean"] for path in (own, other))
    both = a.index.intersection(b.index)
    return correlation(a[both].to_numpy(), b[both].to_numpy())


def _wrong_sign(own: Path, other_points: Path, other_bills: Path) -> AgainstBaseline:
    from ..summary.wrong_sign_bills import against_baseline

    points, compared = _points(own / "ideal_points.csv"), _points(other_points)
    bills, others = (BILLS.read(path).set_index("vote") for path in (own / "bills.csv", other_bills))
    found = against_baseline(bills, points, others, compared)
    same = set(points.index) == set(compared.index)
    return found if same else {**found, "moved": []}  # ranks among other members cannot be compared


def _points(path: Path) -> pd.DataFrame:
    return IDEAL_POINTS.read(path).set_index("legislator")
