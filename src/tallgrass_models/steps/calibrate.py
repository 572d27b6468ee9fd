"""The step that runs the calibration study, which fits sessions drawn from the model and compares with their truth."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UserError
from ..files.columns.calibration import SCORES
from ..files.json import write_json

if TYPE_CHECKING:
    from ..calibration.drawn import Design
    from ..calibration.study import Study

log = logging.getLogger(__name__)

#: Numbers of a design by the names of the command's options, with the least values that make a study.
_LEAST = {"replicates": 2, "rollcalls": 20, "draws": 50}
_LEAST_MEMBERS = 6
#: Fewest shared roll calls of two chambers, counted before the filter. About half are contested in both.
_LEAST_SHARED = 30
#: Largest least distance of the party means. Larger ones are so rare under the prior that drawing would not end.
_MOST_GAP = 6.0


def calibrate(design: Design, cores: int, wait: bool, json: Path | None, csv: Path | None) -> Study:
    """Run a study while holding a sampler slot of this machine.

    Parameters
    ----------
    cores
        Chains that run side by side.
    wait
        Whether to wait for a free sampler slot.
    json, csv
        Files for the findings, and for the share of intervals that hold the truth by session and quantity. For None, no
        file is written.

    Raises
    ------
    UserError
        If an argument is out of bounds, no sampler slot is free and ``wait`` is false, or a file cannot be written.
    """
    check_design(design)
    from threadpoolctl import threadpool_limits

    from ..calibration.study import run_study
    from ..monitoring.locks import Holder
    from ..monitoring.slots import one_of, sampler_slots

    with one_of(sampler_slots(1), Holder.me("calibration study"), wait), threadpool_limits(1):
        logging.getLogger("tallgrass_models.sampling.sample").setLevel(logging.WARNING)
        study = run_study(design, cores)
    if json is not None:
        write_json(json, study.to_dict())
    if csv is not None:
        SCORES.write(csv, study.scores)
    for path in (json, csv):
        if path is not None:
            log.info("wrote %s", path)
    return study


def check_design(design: Design) -> None:
    """Refuse a design of which no study can be made.

    Raises
    ------
    UserError
        If an argument is out of bounds. The message names every such argument.
    """
    problems = [
        f"--{name} must be at least {least}, not {value}"
        for name, least in _LEAST.items()
        if (value := getattr(design, name)) < least
    ]
    if len(design.members) not in (1, 2) or min(design.members) < _LEAST_MEMBERS:
        problems.append(f"--members must be one or two numbers, each at least {_LEAST_MEMBERS}")
    two = len(design.members) == 2
    if two and not _LEAST_SHARED <= design.shared <= design.rollcalls:
        problems.append(
            f"--shared must be from {_LEAST_SHARED} to the number of roll calls ({design.rollcalls}) for two chambers,"
            f" not {design.shared}"
        )
    if not two and design.shared:
        problems.append("--shared is for two chambers: give --members two numbers")
    if not all(0 <= least < 0.5 for least in design.filters):
        problems.append("--min-minority-share must be from 0 to 0.5")
    if not 0 <= design.min_gap < _MOST_GAP:
        problems.append(f"--min-gap must be from 0 to {_MOST_GAP:g}")
    if problems:
        raise UserError("\n".join(problems))
