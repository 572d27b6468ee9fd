"""The check that the results of a series over time belong to its experiments, the votes and the code of the model."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..comparison.same_models import changes
from ..config import specs
from ..config.experiments import ExperimentConfig
from ..config.series import Series
from ..errors import UserError
from ..files.columns import over_time as columns
from ..files.digests import damaged_files
from ..files.json import read_json
from .link_time import LINK_TIME_FILES, link_time
from .prepared import prepare, pressed_of
from .series_files import SeriesFiles

#: Numbers of a link that is made again may differ by so much, relative or absolute: machines round differently.
_SAME = 1e-6


def verify_series(
    series: Series, experiments: Mapping[str, ExperimentConfig], results: Path, models: bool
) -> tuple[list[str], list[str]]:
    """Check the results of a series that exist.

    Parameters
    ----------
    series
        One whose experiments have been checked and have no problem.
    models
        Whether to build the models again and compare their log densities, and to make the link again and compare it.

    Returns
    -------
    tuple
        Names of what was checked, and lines on what does not belong together, each of which begins with a file.
    """
    files = SeriesFiles.of(series, experiments, results)
    checked = list[str]()
    damaged = {str(path): f"{path}: damaged since its step wrote it" for path in damaged_files([files.home])}
    problems = list(damaged.values())
    for path in files.dynamic:
        if path.exists():
            checked.append(f"over_time/{series.name}/{path.parent.name}")
        if path.exists() and str(path) not in damaged:
            spec = specs.dynamic_spec_json(series, experiments, path.parent.name)
            problems += _posterior(path, json.loads(spec), files.data, models)
    if (files.home / "link_time.json").exists():
        checked.append(f"over_time/{series.name}")
        if models and not problems:
            spec = specs.link_time_spec_json(series, experiments)
            problems += _link(files, json.loads(spec))
    return checked, problems


def _posterior(path: Path, wanted: Mapping[str, Any], data: Sequence[Path], models: bool) -> Iterator[str]:
    """Yield a problem if settings, votes, careers or model of a fit of all sessions are others."""
    from ..sampling.posterior import load_posterior
    from ..sampling.sample import compile_model, model_fingerprint

    try:
        attributes = load_posterior(path).attrs
        spec = json.loads(attributes["spec"])
        if other := changes(spec, wanted):
            yield from (f"{path}: {change}" for change in other)
            return
        prepared = prepare(spec, {f"votes_{k}": file for k, file in enumerate(data)}, pressed_of(attributes))
        if prepared.data_hash != json.loads(attributes["data_hash"]):
            yield f"{path}: fitted to other votes or careers than {' and '.join(map(str, data))} give"
        elif models:
            now = model_fingerprint(compile_model(prepared.built, spec["sampling"]["sampler"]))
            if now != attributes["model_fingerprint"]:
                was = attributes["model_fingerprint"]
                yield f"{path}: the model's log density has changed (now {now}, was {was})"
    except UserError as error:
        yield str(error)


def _link(files: SeriesFiles, spec: Any) -> Iterator[str]:
    """Make the link of a series again and yield the files that say something else."""
    with tempfile.TemporaryDirectory() as folder:
        again = {name: Path(folder) / file for name, file in LINK_TIME_FILES.items()}
        try:
            link_time(spec, files.metrics, files.posteriors, files.data, again, files.dynamic)
            made = files.linked
            if not same_link(read_json(made["link_time"]), read_json(again["link_time"])):
                yield f"{made['link_time']}: not what the fits of its sessions give now; link them again"
            for table in columns.TABLES:
                before, now = (table.read(at[table.name]).to_dict("list") for at in (made, again))
                if not same_content(before, now):
                    yield f"{made[table.name]}: not what the fits of its sessions give now; link them again"
        except UserError as error:
            yield str(error)


def same_link(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two link_time.json say the same but for rounding, by whatever version of the code."""
    return same_content({**one, "spec_hash": None}, {**other, "spec_hash": None})


def same_content(one: Any, other: Any) -> bool:
    """Tell whether two contents of JSON are the same but for rounding."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_content(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_content, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_SAME, abs_tol=_SAME) or (math.isnan(one) and math.isnan(other))
    return bool(one == other) or (one is other)
