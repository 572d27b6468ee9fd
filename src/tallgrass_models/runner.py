"""`run_experiment`: the whole lifecycle in one process, for people without Snakemake.

The same steps on the same files as the workflow, hence the same numbers for the same seed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from . import planning, specs, steps
from .config import ExperimentConfig
from .monitoring.machine import usable_cpus

log = logging.getLogger(__name__)


def run_experiment(
    config: ExperimentConfig, output_base: str | Path = "results", cores: int | None = None, wait: bool = True
) -> Path:
    """Run one experiment from its votes to its metrics.json.

    Parameters
    ----------
    config
        The experiment, resolved.
    output_base
        The results folder.
    cores
        Chains that run side by side; by default as many as there are CPUs.
    wait
        Whether to wait for a free sampler slot of the machine; else a busy one is an error at once.

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
    home, session = base / config.name, base / "sessions" / config.session.folder
    platform = home / "platform.json"
    largest = config.sampling
    steps.platform_check(largest.chains, largest.draws, largest.sampler, config.platform.allow, platform)
    truth = session_votes(config, base)
    data = {chamber: session / f"{chamber}.nc" for chamber in config.chambers}
    flats = {chamber: session / f"flat_{chamber}.nc" for chamber in config.chambers}
    for chamber in config.chambers:
        _flat(config, chamber, data[chamber], flats[chamber], cores, wait)
    posteriors = {unit: home / unit / "posterior.nc" for unit in config.units}
    for chamber in config.chambers:
        spec = json.loads(specs.fit_spec_json(config, chamber))
        live, options = home / chamber / "live", replace(config.run_options(chamber), wait=wait)
        steps.fit_chamber(spec, data[chamber], cores, posteriors[chamber], live, options)
    if config.joint:
        spec = json.loads(specs.fit_spec_json(config, "joint"))
        fits = (posteriors["house"], posteriors["senate"])
        live, options = home / "joint" / "live", replace(config.run_options("joint"), wait=wait)
        steps.fit_joint(spec, data["house"], data["senate"], *fits, cores, posteriors["joint"], live, options)
    for unit in config.units:
        chambers = config.chambers if unit == "joint" else (unit,)
        steps.summarize(
            json.loads(specs.summary_spec_json(config, unit)),
            posteriors[unit],
            [data[chamber] for chamber in chambers],
            [flats[chamber] for chamber in chambers],
            truth,
            Path(config.session.external) if config.session.external else None,
            steps.unit_outputs(home / unit),
        )
        steps.draw_tables(
            json.loads(specs.draw_tables_spec_json(config, unit)),
            posteriors[unit],
            home / unit / "bills.csv",
            home / unit / "convergence.csv",
            {name: home / unit / f"{name}.csv" for name in steps.DRAW_TABLES},
        )
        steps.check(
            json.loads(specs.check_spec_json(config, unit)),
            posteriors[unit],
            [data[chamber] for chamber in chambers],
            {name: home / unit / file for name, file in steps.CHECK_FILES.items()},
        )
    steps.link(
        json.loads(specs.link_spec_json(config)),
        list(posteriors.values()),
        list(data.values()),
        {name: home / file for name, file in steps.LINK_FILES.items()},
    )
    return _publish(config, base, platform)


def compare_experiments(configs: Sequence[ExperimentConfig], output_base: str | Path = "results") -> Path:
    """Hold experiments that have run in one results folder against each other; the path of comparison.json."""
    base = Path(output_base)
    home = base / "comparison"
    steps.compare(
        json.loads(specs.comparison_spec_json(config.name for config in configs)),
        [base / config.name / "metrics.json" for config in configs],
        [base / path for path in planning.compared_votes(configs)],
        {"comparison": home / "comparison.json"} | {name: home / f"{name}.csv" for name in steps.COMPARISON_TABLES},
        [base / path for path in planning.compared_posteriors(configs)],
    )
    return home / "comparison.json"


def session_votes(config: ExperimentConfig, base: Path) -> Path | None:
    """Write the votes of the session's chambers into the results folder ``base``.

    Returns the path of the members' true ideal points where the session is simulated.
    """
    session = base / "sessions" / config.session.folder
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


def _flat(config: ExperimentConfig, chamber: str, data: Path, out: Path, cores: int, wait: bool) -> None:
    spec_json = specs.fit_spec_json(config, f"flat_{chamber}")
    if out.exists() and steps.is_current(out, spec_json, [data]):
        log.info("flat_%s: %s is up to date", chamber, out)
        return
    unit = f"flat_{chamber}"
    live, options = out.parent / "live" / unit, replace(config.run_options(unit), wait=wait)
    steps.fit_flat(json.loads(spec_json), data, cores, out, live, options)


def _publish(config: ExperimentConfig, base: Path, platform: Path) -> Path:
    home, session = base / config.name, base / "sessions" / config.session.folder
    other = [base / config.compare_with / unit for unit in config.units] if config.compare_with else []
    there = [folder for folder in other if (folder / "summary.json").exists()]  # written last
    points, bills = ([folder / name for folder in there] for name in ("ideal_points.csv", "bills.csv"))
    if config.compare_with and not there:
        log.info("%s has not run in %s: no comparison with it", config.compare_with, base)
    summaries = [home / unit / "summary.json" for unit in config.units]
    files = steps.ReportFiles(
        platform,
        summaries,
        dropped=[session / f"{chamber}_dropped.csv" for chamber in config.chambers],
        checks=[home / unit / "check.json" for unit in config.units],
        curves=[home / unit / "curves.csv" for unit in config.units],
        linking=home / "linking.json",
        compare_with=points,
    )
    steps.report(config, files, home / "report.html", home / "figures", home / "tables")
    out = home / "metrics.json"
    hashes = json.loads(specs.metrics_spec_json(config))["fit_hashes"]
    link = home / "linking.json", home / "axis.json"
    steps.metrics(config, hashes, platform, summaries, files.checks, *link, points, bills, out)
    return out
