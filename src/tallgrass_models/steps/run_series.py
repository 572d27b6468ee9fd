"""Runner of a series over time in one process, for people without Snakemake."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..config import planning, specs
from ..config.experiments import ExperimentConfig, spec_hash
from ..config.series import Series
from ..errors import UserError
from ..monitoring.machine import usable_cpus
from ..monitoring.progress import progress_of
from .fit_dynamic import fit_dynamic
from .fitting import FitRun
from .ledger import Ledger, Step
from .link_time import link_time
from .prepared import over_time, over_time_hashes
from .runner import run_experiment
from .series_files import SeriesFiles
from .time_report import time_report

log = logging.getLogger(__name__)


def run_series(
    series: Series,
    experiments: Mapping[str, ExperimentConfig],
    output_base: str | Path = "results",
    cores: int | None = None,
    wait: bool = True,
    progress: bool | None = None,
) -> Path:
    """Run the experiments of a series, and then the steps of the series that are not up to date.

    Parameters
    ----------
    series
        The series.
    experiments
        The configuration, which has its experiments.
    output_base, cores, wait, progress
        As for `runner.run_experiment`.

    Returns
    -------
    Path
        The page over time.

    Raises
    ------
    UserError
        As `runner.run_experiment` and `link_time.link_time` do.
    """
    base = Path(output_base)
    for name in series.experiments:
        run_experiment(experiments[name], base, cores, wait, progress)
    files = SeriesFiles.of(series, experiments, base)
    ledger = Ledger(files.home, base)
    with progress_of([files.home], progress):
        ran = [
            _fit(ledger, step) for step in _fits(series, experiments, files, cores or max(1, int(usable_cpus())), wait)
        ]
        ran += [ledger.do(step) for step in (_link(series, experiments, files), _page(files))]
        if not any(ran):
            log.info("%s over time: everything is up to date", series.name)
    return files.home / "report.html"


def _fits(
    series: Series, experiments: Mapping[str, ExperimentConfig], files: SeriesFiles, cores: int, wait: bool
) -> Iterator[Step]:
    """Yield the fit of all sessions of each chamber, or of both, if the series asks for them."""
    options = replace(planning.series_options(series, experiments), wait=wait)
    for out in files.dynamic:
        spec = specs.dynamic_spec_json(series, experiments, out.parent.name)
        run = partial(fit_dynamic, json.loads(spec), files.data, FitRun(cores, out, out.parent / "live", options))
        yield Step(f"fit {out.parent.name}", spec, files.data, [out], run)


def _fit(ledger: Ledger, step: Step) -> bool:
    """Run a fit unless its posterior is up to date, by the record or by the hashes in its file; tell whether it ran."""
    if ledger.is_current(step) or _is_of(step):
        log.info("%s: %s is up to date", step.name, step.outputs[0])
        ledger.note(step)
        return False
    step.take()
    ledger.note(step)
    return True


def _is_of(step: Step) -> bool:
    """Tell whether a posterior was made with the spec of a step from its votes; a damaged or missing file was not."""
    from ..sampling.posterior import load_posterior
    from ..votes.matrix import ChamberVotes

    spec = json.loads(step.spec)
    try:
        attributes = load_posterior(step.outputs[0]).attrs
        hashes = over_time_hashes(over_time(spec, [ChamberVotes.load(path) for path in step.inputs]))
    except UserError:
        return False
    return bool(attributes["spec_hash"] == spec_hash(step.spec) and json.loads(attributes["data_hash"]) == hashes)


def _link(series: Series, experiments: Mapping[str, ExperimentConfig], files: SeriesFiles) -> Step:
    spec, outputs = specs.link_time_spec_json(series, experiments), files.linked
    inputs = [*files.metrics, *files.posteriors, *files.data, *files.dynamic]
    run = partial(link_time, json.loads(spec), files.metrics, files.posteriors, files.data, outputs, files.dynamic)
    return Step("link_time", spec, inputs, list(outputs.values()), run)


def _page(files: SeriesFiles) -> Step:
    page, figures, tables = (files.home / name for name in ("report.html", "figures", "tables"))
    run = partial(time_report, files.home / "link_time.json", page, figures, tables)
    return Step("time_report", specs.time_report_spec_json(), list(files.linked.values()), [page, figures, tables], run)
