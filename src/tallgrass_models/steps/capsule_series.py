"""Export of a series over time as one archive, with the archive of each of its experiments in it."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..config import specs
from ..config.experiments import ExperimentConfig, spec_hash
from ..config.series import Series
from ..draws.montecarlo import batch_starts, mcse
from ..draws.scale import headline_scale
from ..errors import UserError
from ..files.archive import write_archive
from ..files.json import read_json
from ..votes.unit import Unit
from ..votes.vocabulary import PARTIES
from .capsule import FORMAT, NUMBERS, export
from .fitted import load_checked
from .result import ExperimentResult
from .series_files import SeriesFiles

if TYPE_CHECKING:
    import xarray as xr

    from ..summary.repeated import Quantity

log = logging.getLogger(__name__)

#: Folders in the archive of a series.
EXPERIMENTS, SERIES = "experiments/", "series/"
_KEPT = ("*.csv", "*.html", "*.json", "figures/*", "tables/*")


def export_series(
    series: Series,
    experiments: Mapping[str, ExperimentConfig],
    results: Path,
    out: Path,
    votes: bool = False,
    draws: bool = False,
) -> Path:
    """Write the results of a series as one archive that `replay_series.replay_series` can run elsewhere.

    Parameters
    ----------
    series, experiments
        The series, and the configuration.
    results
        The results folder, where it has run.
    out
        The archive. It holds the files of the series, and of each experiment the archive that `capsule.export` writes.
    votes, draws
        As for `capsule.export`, of all experiments; the posteriors of all sessions together are draws, too.

    Raises
    ------
    UserError
        If a file is missing or damaged, or the series has run with other settings.
    """
    files = SeriesFiles.of(series, experiments, results)
    made = read_json(files.linked["link_time"])
    if [one["experiment"] for one in made["sessions"]] != list(series.experiments):
        raise UserError(f"{files.linked['link_time']}: of other experiments than {series.name} has now; run it again")
    contents: dict[str, Path | bytes] = {
        SERIES + path.relative_to(files.home).as_posix(): path
        for pattern in _KEPT
        for path in sorted(files.home.glob(pattern))
        if path.name != "steps.json"
    }
    fits, found = dict[str, Any](), list[dict[str, Any]]()
    for path in files.dynamic:
        chamber = path.parent.name
        tree = load_checked(path, spec_hash(specs.dynamic_spec_json(series, experiments, chamber)))
        fits[chamber] = {"data_hash": json.loads(tree.attrs["data_hash"])}
        found += [quantity.to_dict() for quantity in numbers_together(tree, chamber)]
        if draws:
            contents[f"{SERIES}{chamber}/posterior.nc"] = path
    contents[NUMBERS] = (json.dumps({"quantities": found}, indent=1, allow_nan=False) + "\n").encode()
    about = {
        "format": FORMAT,
        "series": {
            "name": series.name,
            "experiments": list(series.experiments),
            "matching": series.matching.spec(),
            "method": series.method,
            "joint": series.joint,
        },
        "fits": fits,
    }
    with tempfile.TemporaryDirectory() as folder:
        for name in series.experiments:
            path = Path(folder) / f"{name}.capsule.zip"
            contents[f"{EXPERIMENTS}{path.name}"] = export(ExperimentResult(results / name), path, votes, draws)
        write_archive(out, contents, about)
    log.info("%s: %d experiments, %.1f MB", out, len(series.experiments), out.stat().st_size / 1e6)
    return out


def numbers_together(tree: xr.DataTree, chamber: str) -> list[Quantity]:
    """Compute the numbers of a fit of all sessions that two runs should share, with their Monte Carlo errors.

    They are the members' positions in every session, and the parties' steps if they move, on the headline scale of the
    first. ``chamber`` is the unit of the fit.
    """
    from ..summary.repeated import Quantity

    posterior, unit = tree["posterior"], f"over_time/{chamber}"
    xi = posterior["xi"].to_numpy().astype(float)
    seats = [str(seat) for seat in posterior["legislator"].to_numpy()]
    df = len(batch_starts(*xi.shape[:2])) - 1.0
    if df < 1:
        return []
    ahead = 2 if chamber == Unit.JOINT else 1  # session, or chamber and session: the House sets the scale of both
    begins = ":".join(seats[0].split(":")[:ahead]) + ":"
    first = np.array([seat.startswith(begins) for seat in seats])
    party = tree["constant_data"]["legislator_party"].to_numpy()
    _, frame = headline_scale(xi[..., first], party[first])
    parts = [("position", "position of", seats, frame.positions(xi))]
    if "step" in posterior:
        step = posterior["step"].to_numpy().astype(float)
        parts.append(("step", "step of", list(PARTIES), frame.lengths(step)))
    return [
        Quantity(unit, what, of, f"{unit}, {words} {of}", float(values[..., k].mean()), float(mcse(values[..., k])), df)
        for what, words, names, values in parts
        for k, of in enumerate(names)
    ]
