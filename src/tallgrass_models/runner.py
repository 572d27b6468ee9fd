"""`run_experiment`: the whole lifecycle in one process, for people without Snakemake.

The same steps on the same files as the workflow, hence the same numbers for the same seed.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from . import specs, steps
from .config import ExperimentConfig
from .monitoring.platform import usable_cpus

log = logging.getLogger(__name__)


def run_experiment(config: ExperimentConfig, output_base: str | Path = "results", cores: int | None = None) -> Path:
    """Run one experiment from its votes to its metrics.json.

    Parameters
    ----------
    config
        The experiment, resolved.
    output_base
        The results folder.
    cores
        Chains that run side by side; by default as many as there are CPUs.

    Returns
    -------
    Path
        Of metrics.json. The comparison in it is with the experiment named in ``compare_with`` where that has run in the
        same results folder; a flat baseline that is already there with the same votes and settings is used again.

    Raises
    ------
    UserError
        For bad input or a machine on which a run is pointless; steps already done keep their files.
    """
    base = Path(output_base)
    cores = cores or max(1, int(usable_cpus()))
    home, session = base / config.name, base / "sessions" / config.session.name
    platform = home / "platform.json"
    steps.platform_check(config.sampling.chains, platform)
    truth = _votes(config, base)
    data = {chamber: session / f"{chamber}.nc" for chamber in config.chambers}
    flats = {chamber: session / f"flat_{chamber}.nc" for chamber in config.chambers}
    for chamber in config.chambers:
        _flat(config, chamber, data[chamber], flats[chamber], cores)
    posteriors = {unit: home / unit / "posterior.nc" for unit in config.units}
    for chamber in config.chambers:
        spec = json.loads(specs.fit_spec_json(config, chamber))
        steps.fit_chamber(spec, data[chamber], cores, posteriors[chamber])
    if config.joint:
        spec = json.loads(specs.fit_spec_json(config, "joint"))
        fits = (posteriors["house"], posteriors["senate"])
        steps.fit_joint(spec, data["house"], data["senate"], *fits, cores, posteriors["joint"])
    for unit in config.units:
        chambers = config.chambers if unit == "joint" else (unit,)
        steps.summarize(
            json.loads(specs.summary_spec_json(config, unit)),
            posteriors[unit],
            [data[chamber] for chamber in chambers],
            [flats[chamber] for chamber in chambers],
            truth,
            {
                "summary": home / unit / "summary.json",
                **{name: home / unit / f"{name}.csv" for name in steps.UNIT_TABLES},
            },
        )
        steps.draw_tables(
            json.loads(specs.draw_tables_spec_json(config, unit)),
            posteriors[unit],
            home / unit / "bills.csv",
            home / unit / "convergence.csv",
            {name: home / unit / f"{name}.csv" for name in steps.DRAW_TABLES},
        )
    return _publish(config, base, platform)


def _votes(config: ExperimentConfig, base: Path) -> Path | None:
    """Load the session's chambers; the truth's path where the session is simulated."""
    session = base / "sessions" / config.session.name
    truth = None
    if config.session.source == "simulated":
        made = specs.simulated_files(config.session, str(base))
        truth = Path(made["truth_legislators"])
        steps.simulate(config.session, **{name: Path(path) for name, path in made.items()})
    found = specs.session_files(config.session, str(base))
    for chamber in config.chambers:
        steps.load_data(
            config.session,
            chamber,
            **{name: Path(path) for name, path in found.items()},
            out=session / f"{chamber}.nc",
            dropped=session / f"{chamber}_dropped.csv",
        )
    return truth


def _flat(config: ExperimentConfig, chamber: str, data: Path, out: Path, cores: int) -> None:
    spec_json = specs.fit_spec_json(config, f"flat_{chamber}")
    if out.exists() and steps.is_current(out, spec_json, [data]):
        log.info("flat_%s: %s is up to date", chamber, out)
        return
    steps.fit_flat(json.loads(spec_json), data, cores, out)


def _publish(config: ExperimentConfig, base: Path, platform: Path) -> Path:
    home, session = base / config.name, base / "sessions" / config.session.name
    other = (
        [base / config.compare_with / unit / "ideal_points.csv" for unit in config.units] if config.compare_with else []
    )
    there = [path for path in other if path.exists()]
    if config.compare_with and not there:
        log.info("%s has not run in %s: no comparison with it", config.compare_with, base)
    summaries = [home / unit / "summary.json" for unit in config.units]
    files = steps.ReportFiles(
        platform,
        summaries,
        dropped=[session / f"{chamber}_dropped.csv" for chamber in config.chambers],
        curves=[home / unit / "curves.csv" for unit in config.units],
        compare_with=there,
    )
    steps.report(config, files, home / "report.html", home / "figures", home / "tables")
    out = home / "metrics.json"
    hashes = json.loads(specs.metrics_spec_json(config))["fit_hashes"]
    steps.metrics(config, hashes, platform, summaries, there, out)
    return out
