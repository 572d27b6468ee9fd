"""The known-truth lab of a fit: all replicates that are not done, one after the other, and what they come to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import specs
from ..config.experiments import ExperimentConfig
from ..config.planning import lab_file, lab_files
from ..errors import UserError
from ..votes.unit import Unit
from .fit_lab import check_model, fit_lab, is_done
from .fitting import FitRun
from .lab_pool import lab_pool

if TYPE_CHECKING:
    from ..calibration.pooled import Findings


def lab(
    config: ExperimentConfig, unit: Unit, origin: str, n: int, results: Path, cores: int, wait: bool = True
) -> Findings:
    """Run the lab of a fit in a results folder, in which the experiment's votes (and fit) are.

    Parameters
    ----------
    config, unit
        Experiment, and a chamber or ``joint``, which is both chambers, their link and the joint model.
    origin
        ``fitted`` or ``prior``.
    n
        Number of replicates. Those that an earlier run finished are not run again.
    results, cores
        The results folder; chains that run side by side.
    wait
        Whether to wait for a free sampler slot.

    Returns
    -------
    Findings
        Also in ``lab/{unit}_{origin}_{n}.json`` in the folder of the experiment.

    Raises
    ------
    UserError
        If the lab cannot draw votes for the model, or the votes or the fit are missing or of other settings.
    """
    from dataclasses import replace

    from ..calibration.pooled import LEAST

    if n < LEAST:
        raise UserError(f"--replicates must be at least {LEAST}, not {n}")
    check_model(json.loads(specs.fit_spec_json(config, unit)), origin)
    data = [results / "sessions" / config.session.folder / f"{chamber}.nc" for chamber in unit.chambers]
    posterior = results / config.name / unit / "posterior.nc" if origin == "fitted" else None
    files = [results / Path(name).relative_to("results") for name in lab_files(config.name, unit, origin, n)]
    for k, out in enumerate(files):
        spec = specs.lab_spec_json(config, unit, origin, k)
        if not is_done(out, spec):
            options = config.run_options(unit)
            options = replace(options, experiment=f"{config.name}, replicate {k + 1} of {n}", wait=wait)
            fit_lab(json.loads(spec), data, posterior, FitRun(cores, out, out.with_suffix(".live"), options))
    out = results / Path(lab_file(config.name, unit, origin, n)).relative_to("results")
    return lab_pool(json.loads(specs.lab_pool_spec_json(config, unit, origin, n)), files, out)
