"""Runner of a whole experiment in one process, for people without Snakemake.

`run_experiment` takes the same steps on the same files as the workflow, and so gives the same numbers for the same
seed. A second call runs only what is not up to date.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ..config import planning, specs
from ..config.experiments import ExperimentConfig
from ..config.folds import FoldsConfig
from ..config.session_files import session_files, session_inputs, simulated_files
from ..files.columns.folds import TABLES as HELD_OUT
from ..files.digests import written_by
from ..monitoring.homes import find_place_for_compiled_code
from ..monitoring.machine import usable_cpus
from ..monitoring.progress import progress_of
from ..report.files.data import ReportFiles
from ..votes.unit import Unit
from .check import CHECK_FILES, check
from .compare import COMPARISON_TABLES, compare
from .draw_tables import DrawFiles, draw_outputs, draw_tables
from .fit_chamber import fit_chamber
from .fit_flat import fit_flat
from .fit_flat_fold import fit_flat_fold
from .fit_fold import fit_fold
from .fit_joint import fit_joint
from .fitted import is_current
from .fitting import FitRun
from .ledger import Ledger, Step
from .link import LINK_FILES, link
from .load_data import load_data
from .metrics import MetricsFiles, metrics
from .platform_check import platform_check
from .pool_folds import FOLD_FILES, pool_folds
from .report import report
from .result import ExperimentResult
from .simulate import simulate
from .summarize import SummaryFiles, summarize, unit_outputs

log = logging.getLogger(__name__)


def run_experiment(
    config: ExperimentConfig,
    output_base: str | Path = "results",
    cores: int | None = None,
    wait: bool = True,
    progress: bool | None = None,
) -> ExperimentResult:
    """Run the steps of one experiment that are not up to date, from its votes to its metrics.json.

    Parameters
    ----------
    config
        The experiment, with every setting filled in.
    output_base
        The results folder.
    cores
        Number of chains that run side by side. By default it is the number of CPUs.
    wait
        Whether to wait for a free sampler slot of the machine. If not, a busy machine is an error at once.
    progress
        Whether to show the fits as they run, and the log. By default both are shown in a notebook, and in a terminal if
        nobody has set up logging.

    Returns
    -------
    ExperimentResult
        Metrics, tables, draws and files. It also stands for the path of metrics.json. The comparison in it is with the
        experiment named in ``compare_with``, if that has run in the same results folder.

    Raises
    ------
    UserError
        If the input is bad or a run on this machine is pointless. Steps that are done keep their files.

    Notes
    -----
    A posterior is up to date if it was made with the same settings and code from the same votes. A joint posterior must
    also be newer than those of the chambers from which it starts. Every other step is up to date if its settings,
    code, inputs and outputs are those of the last run. The machine is checked before anything else is done, unless
    nothing will be sampled.
    """
    find_place_for_compiled_code()
    run = _Run(config, Path(output_base), cores or max(1, int(usable_cpus())), wait)
    with progress_of([run.home, run.session], progress):
        if run.will_sample():
            run.check_platform()
        session_votes(config, run.base)
        ran = [run.fit(step) for step in run.fits()]
        ran += [ledger.do(step) for ledger, step in run.folds()]
        ran += [run.ledger.do(step) for step in (*run.tables(), run.link(), run.report(), run.metrics())]
        if not any(ran):
            log.info("%s: everything is up to date", config.name)
    return ExperimentResult(run.home / "metrics.json")


def compare_experiments(configs: Sequence[ExperimentConfig], output_base: str | Path = "results") -> Path:
    """Compare experiments that have run in one results folder, and return the path of comparison.json."""
    base = Path(output_base)
    home = base / "comparison"
    compare(
        json.loads(specs.comparison_spec_json([config.name for config in configs], configs)),
        [base / config.name / "metrics.json" for config in configs],
        [base / path for path in planning.compared_votes(configs)],
        {"comparison": home / "comparison.json"} | {name: home / f"{name}.csv" for name in COMPARISON_TABLES},
        [base / path for path in planning.compared_posteriors(configs)],
    )
    return home / "comparison.json"


def session_votes(config: ExperimentConfig, base: Path) -> None:
    """Write the votes of the session's chambers into the results folder ``base``, unless they are up to date."""
    for ledger, step in _vote_steps(config, base):
        ledger.do(step)


def _vote_steps(config: ExperimentConfig, base: Path) -> Iterator[tuple[Ledger, Step]]:
    """Yield the steps that make and read the votes of an experiment, each with the record in which it is noted."""
    session, folder = config.session, base / "sessions" / config.session.folder
    if session.source == "simulated":
        made = {name: Path(path) for name, path in simulated_files(session, str(base)).items()}
        run = partial(simulate, session, **made)
        spec = specs.simulate_spec_json(session)
        yield Ledger(base / "sessions" / session.name, base), Step("simulate", spec, [], list(made.values()), run)
    files = session_files(session, str(base))
    needs = [Path(path) for path in session_inputs(session, str(base))]
    for chamber in config.chambers:
        out, dropped = folder / f"{chamber}.nc", folder / f"{chamber}_dropped.csv"
        run = partial(load_data, session, chamber, files, out, dropped)
        spec = specs.data_spec_json(session)
        yield Ledger(folder, base), Step(f"load_data {chamber}", spec, needs, [out, dropped], run)


@dataclass(frozen=True)
class _Run:
    """The steps of one experiment after its votes, with their files.

    Attributes
    ----------
    base
        The results folder.
    """

    config: ExperimentConfig
    base: Path
    cores: int
    wait: bool

    @property
    def home(self) -> Path:
        return self.base / self.config.name

    @property
    def session(self) -> Path:
        return self.base / "sessions" / self.config.session.folder

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.home, self.base)

    @property
    def platform(self) -> Path:
        return self.home / "platform.json"

    def data(self, unit: Unit) -> list[Path]:
        return [self.session / f"{chamber}.nc" for chamber in unit.chambers]

    def of_units(self, name: str) -> list[Path]:
        return [self.home / unit / name for unit in self.config.units]

    # --- the machine, and what samples --------------------------------------------------------------------------------

    def will_sample(self) -> bool:
        """Tell whether a fit will run, or may run because the votes will be read again or there is no platform.json."""
        votes = _vote_steps(self.config, self.base)
        return (
            not self.platform.exists()
            or not all(ledger.is_current(step) for ledger, step in votes)
            or not all(self.is_current(step) for step in self.fits())
            or not all(ledger.is_current(step) for ledger, step in self.folds())
        )

    def check_platform(self) -> None:
        sampling = self.config.sampling
        allow = self.config.platform.allow
        with written_by("platform_check"):
            platform_check(sampling.chains, sampling.limit, sampling.sampler, allow, self.platform)

    def fits(self) -> Iterator[Step]:
        """Yield the fits of the flat models, the chamber models, and the joint model, which starts from the latter."""
        for chamber in self.config.chambers:
            name = f"flat_{chamber}"
            yield self._fit(name, Unit(chamber), self.session / f"{name}.nc", self.session / "live" / name)
        for unit in self.config.units:
            yield self._fit(unit, unit, self.home / unit / "posterior.nc", self.home / unit / "live")

    def _fit(self, name: str, unit: Unit, out: Path, live: Path) -> Step:
        """Make the step of the fit called ``name`` to a unit's votes, by the unit's own model or by the flat one."""
        flat = name != unit
        spec = specs.fit_spec_json(self.config, name)
        data, starts = self.data(unit), [self.home / start / "posterior.nc" for start in unit.starts]
        options = replace(self.config.run_options(name), wait=self.wait)
        fit: Callable[..., None] = fit_flat if flat else fit_joint if starts else fit_chamber
        run = partial(fit, json.loads(spec), *data, *starts, FitRun(self.cores, out, live, options))
        return Step(f"fit {name}", spec, [*data, *starts], [out], run)

    def fit(self, step: Step) -> bool:
        """Run a fit unless its posterior is up to date; tell whether it ran."""
        (out,), ledger = step.outputs, self._record_of(step)
        if self.is_current(step):
            log.info("%s: %s is up to date", step.name, out)
            if not ledger.is_current(step):  # made by Snakemake, or from equal votes that were read again
                ledger.note(step)
            return False
        step.take()
        ledger.note(step)
        return True

    def is_current(self, step: Step) -> bool:
        """Tell whether a posterior is up to date, by the record or by the hashes in its file."""
        if self._record_of(step).is_current(step):
            return True
        (out,) = step.outputs
        data = [path for path in step.inputs if path.name != "posterior.nc"]
        starts = [path for path in step.inputs if path.name == "posterior.nc"]
        return (
            all(path.exists() for path in (out, *step.inputs))
            and all(path.stat().st_mtime_ns <= out.stat().st_mtime_ns for path in starts)
            and is_current(out, step.spec, data)
        )

    def _record_of(self, step: Step) -> Ledger:
        """Return the record of a fit, which for a flat model is that of the votes."""
        return Ledger(self.session, self.base) if step.name.startswith("fit flat_") else self.ledger

    # --- held-out votes -----------------------------------------------------------------------------------------------

    def folds(self) -> Iterator[tuple[Ledger, Step]]:
        """Yield the fits of folds and the step that pools them, each with the record in which it is noted."""
        folds = self.config.folds
        if folds is None:
            return
        for k in folds.fitted:
            for chamber in self.config.chambers:
                yield Ledger(self.session, self.base), self._flat_fold(chamber, folds, k)
            for unit in self.config.units:
                yield self.ledger, self._fold(unit, k)
        spec, data = specs.pool_spec_json(self.config), [self.session / f"{c}.nc" for c in self.config.chambers]
        files = [self.base / Path(path).relative_to("results") for path in planning.fold_files(self.config)]
        outputs = {name: self.home / file for name, file in FOLD_FILES.items()}
        pooled = partial(pool_folds, json.loads(spec), data, files, outputs)
        yield self.ledger, Step("pool_folds", spec, [*data, *files], list(outputs.values()), pooled)

    def _flat_fold(self, chamber: str, folds: FoldsConfig, fold: int) -> Step:
        name, (data,) = f"flat_{chamber}", self.data(Unit(chamber))
        spec = specs.fold_spec_json(self.config, name, fold)
        out = self.session / folds.label / f"{name}_{fold}.nc"
        live = self.session / "live" / f"{folds.label}_{name}_{fold}"
        run = FitRun(self.cores, out, live, replace(self.config.run_options(name), wait=self.wait))
        fit = partial(fit_flat_fold, json.loads(spec), data, run)
        return Step(f"{folds.label} {name} {fold}", spec, [data], [out], fit)

    def _fold(self, unit: Unit, fold: int) -> Step:
        spec, data = specs.fold_spec_json(self.config, unit, fold), self.data(unit)
        starts = [self.home / start / "posterior.nc" for start in unit.starts]
        out, live = self.home / unit / f"fold_{fold}.nc", self.home / unit / "live" / f"fold_{fold}"
        run = FitRun(self.cores, out, live, replace(self.config.run_options(unit), wait=self.wait))
        fit = partial(fit_fold, json.loads(spec), data, starts, run)
        return Step(f"fit_fold {unit} {fold}", spec, [*data, *starts], [out], fit)

    # --- results from posteriors --------------------------------------------------------------------------------------

    def tables(self) -> Iterator[Step]:
        """Yield the steps that make the tables and checks of each fit."""
        for unit in self.config.units:
            yield from (self._summarize(unit), self._draw_tables(unit), self._check(unit))

    def _summarize(self, unit: Unit) -> Step:
        session, folder = self.config.session, self.home / unit
        truth = None
        if session.source == "simulated":
            truth = Path(simulated_files(session, str(self.base))["truth_legislators"])
        external = Path(session.external) if session.external else None
        flats = [self.session / f"flat_{chamber}.nc" for chamber in unit.chambers]
        spec, outputs = specs.summary_spec_json(self.config, unit), unit_outputs(folder)
        files = SummaryFiles(folder / "posterior.nc", self.data(unit), flats, truth, external)
        run = partial(summarize, json.loads(spec), files, outputs)
        return Step(f"summarize {unit}", spec, files.all(), list(outputs.values()), run)

    def _draw_tables(self, unit: Unit) -> Step:
        spec, folder = specs.draw_tables_spec_json(self.config, unit), self.home / unit
        outputs, names = draw_outputs(folder), ("right_of.nc", "bills.csv", "convergence.csv")
        files = DrawFiles(folder / "posterior.nc", self.data(unit), *(folder / name for name in names))
        run = partial(draw_tables, json.loads(spec), files, outputs)
        return Step(f"draw_tables {unit}", spec, files.all(), list(outputs.values()), run)

    def _check(self, unit: Unit) -> Step:
        folder = self.home / unit
        spec, posterior, data = specs.check_spec_json(self.config, unit), folder / "posterior.nc", self.data(unit)
        outputs = {name: folder / file for name, file in CHECK_FILES.items()}
        run = partial(check, json.loads(spec), posterior, data, outputs)
        return Step(f"check {unit}", spec, [posterior, *data], list(outputs.values()), run)

    def link(self) -> Step:
        spec, posteriors = specs.link_spec_json(self.config), self.of_units("posterior.nc")
        data = [self.session / f"{chamber}.nc" for chamber in self.config.chambers]
        outputs = {name: self.home / file for name, file in LINK_FILES.items()}
        loo = self.of_units("loo.nc") if self.config.joint else []
        run = partial(link, json.loads(spec), posteriors, data, loo, outputs)
        return Step("link", spec, [*posteriors, *data, *loo], list(outputs.values()), run)

    # --- the page and metrics.json ------------------------------------------------------------------------------------

    def compared(self, name: str) -> list[Path]:
        """Return the tables ``name`` of the experiment compared with, for the units that have run here."""
        if self.config.compare_with is None:
            return []
        folders = [self.base / self.config.compare_with / unit for unit in self.config.units]
        return [folder / name for folder in folders if (folder / "summary.json").exists()]  # which is written last

    def held_out(self, *names: str) -> list[Path]:
        return [self.home / name for name in names] if self.config.folds else []

    def report(self) -> Step:
        files = ReportFiles(
            self.platform,
            self.of_units("summary.json"),
            dropped=[self.session / f"{chamber}_dropped.csv" for chamber in self.config.chambers],
            checks=self.of_units("check.json"),
            curves=self.of_units("curves.csv"),
            linking=self.home / "linking.json",
            compare_with=self.compared("ideal_points.csv"),
            held_out=self.held_out("held_out.json", *(f"{table.name}.csv" for table in HELD_OUT)),
        )
        if self.config.compare_with and not files.compare_with:
            log.info("%s has not run in %s, so there is no comparison with it", self.config.compare_with, self.base)
        lists = (files.summaries, files.dropped, files.checks, files.curves, files.compare_with, files.held_out)
        inputs = [self.platform, self.home / "linking.json", *(path for found in lists for path in found)]
        page, figures, tables = (self.home / name for name in ("report.html", "figures", "tables"))
        run = partial(report, self.config, files, page, figures, tables)
        return Step("report", specs.report_spec_json(self.config), inputs, [page, figures, tables], run)

    def metrics(self) -> Step:
        spec, out = specs.metrics_spec_json(self.config), self.home / "metrics.json"
        files = MetricsFiles(
            self.platform,
            linking=self.home / "linking.json",
            axis=self.home / "axis.json",
            summaries=self.of_units("summary.json"),
            checks=self.of_units("check.json"),
            compare_with=self.compared("ideal_points.csv"),
            compare_bills=self.compared("bills.csv"),
            held_out=self.held_out("held_out.json"),
        )
        run = partial(metrics, self.config, json.loads(spec)["fit_hashes"], files, out)
        return Step("metrics", spec, [*files.all(), self.home / "report.html"], [out], run)
