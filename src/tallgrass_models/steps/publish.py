"""Steps from the tables of an experiment to what people and programs read."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..config import ExperimentConfig
from ..errors import UserError
from ..files import read_json, write_json
from ..report.data import ReportFiles

log = logging.getLogger(__name__)


def report(config: ExperimentConfig, files: ReportFiles, out: Path, figures: Path, tables: Path) -> None:
    """Write the page of one experiment, its pictures as SVG and its tables as CSV."""
    from ..report.build import write_report

    write_report(config, files, out, figures, tables)


def compare_report(comparison: Path, out: Path, figures: Path, tables: Path) -> None:
    """Write the page that compares experiments, its pictures as SVG and its tables as CSV."""
    from ..report.comparison import write_comparison

    write_comparison(comparison, out, figures, tables)


def metrics(
    config: ExperimentConfig,
    fit_hashes: Mapping[str, str],
    platform: Path,
    summaries: Sequence[Path],
    compare_with: Sequence[Path],
    out: Path,
) -> None:
    """Write metrics.json.

    ``fit_hashes`` maps each unit to the hash of the fit that the configuration asks for; ``compare_with`` are the
    ideal_points.csv of the experiment compared with.
    """
    from ..metrics import build_metrics
    from ..posterior import package_versions
    from ..provenance import code_state

    found = [read_json(path) for path in summaries]
    for path, summary in zip(summaries, found, strict=True):
        if summary["spec_hash"] != fit_hashes.get(summary["unit"]):
            raise UserError(f"{path}: not the result of this experiment's settings; delete it and run again")
    own = {summary["unit"]: path.parent / "ideal_points.csv" for path, summary in zip(summaries, found, strict=True)}
    correlations = {path.parent.name: _pearson(own[path.parent.name], path) for path in compare_with}
    result = build_metrics(config, found, correlations, read_json(platform), code_state(), package_versions())
    write_json(out, result)
    state = "converged" if result["convergence_ok"] else "NOT CONVERGED"
    log.info("%s: %s; wrote %s", config.name, state, out)


def _pearson(own: Path, other: Path) -> float | None:
    import pandas as pd

    from ..summaries import correlation

    a, b = (pd.read_csv(path, dtype={"legislator": str}).set_index("legislator")["xi_mean"] for path in (own, other))
    both = a.index.intersection(b.index)
    return correlation(a[both].to_numpy(), b[both].to_numpy())
