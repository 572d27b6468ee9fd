"""The posterior file of a fit: ArviZ layout, named dimensions, and attributes that record its origin."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ..config.experiments import spec_hash
from ..draws.seeds import unit_seed
from ..errors import UserError
from ..files.atomic import write_netcdf
from ..files.digests import verified
from ..models.base import BuiltModel
from .result import Sampled

_log = logging.getLogger(__name__)

#: Packages whose versions determine the result of a fit.
_RECORDED_PACKAGES = (
    "tallgrass-models",
    "pymc",
    "pytensor",
    "nutpie",
    "numba",
    "numpy",
    "arviz",
    "xarray",
    "snakemake",
)
_FORMAT = "tallgrass-models posterior 2"
#: Format attribute of the file of a fit that did not finish, which `load_posterior` refuses.
_PARTIAL_FORMAT = "tallgrass-models PARTIAL posterior 2"


def package_versions() -> dict[str, str]:
    """Return the installed versions of `_RECORDED_PACKAGES`."""
    return {name: version(name) for name in _RECORDED_PACKAGES}


def to_datatree(
    built: BuiltModel,
    sampled: Sampled,
    spec: Mapping[str, Any],
    members: pd.DataFrame,
    data_hash: list[str],
    facts: Mapping[str, Any],
) -> xr.DataTree:
    """Put the reported variables, sampler statistics and provenance of one fit into a tree.

    Parameters
    ----------
    built, sampled
        The model and its draws.
    spec
        The settings on which the posterior depends. They are stored whole and as a hash.
    members
        One row per member in the model's order, columns ``name``, ``party``, ``chamber``.
    data_hash
        Hash of each chamber's votes.
    facts
        Anything else worth keeping as attributes (cores, counts).

    Returns
    -------
    DataTree
        Groups ``posterior`` (float32, whose 7 digits are plenty for numbers that the draws determine to two),
        ``sample_stats``, ``constant_data``.
    """
    unit, config = str(spec["unit"]), spec["sampling"]
    rng = np.random.default_rng(unit_seed(config["seed"], unit + ":report"))
    reported = built.report(sampled.draws, rng)
    variables = {name: (("chain", "draw", *built.dims[name]), np.float32(value)) for name, value in reported.items()}
    chains, draws = next(iter(reported.values())).shape[:2]
    index = {"chain": np.arange(chains), "draw": np.arange(draws)}
    stats = {name: (("chain", "draw"), _small(value)) for name, value in sampled.stats.items()}
    labels = {
        "legislator_" + column: ("legislator", members[column].to_numpy(object))
        for column in ("name", "party", "chamber")
    }
    attributes = {
        "format": _FORMAT,
        "spec": json.dumps(spec, sort_keys=True),
        "spec_hash": spec_hash(spec),
        "data_hash": json.dumps(data_hash),
        "chain_seeds": json.dumps(sampled.chain_seeds),
        "compile_s": sampled.compile_s,
        "sample_s": sampled.sample_s,
        "versions": json.dumps(package_versions()),
        "inference_library": config["sampler"],
        "model_coordinates": built.coordinates,
        "sides": json.dumps(built.facts),
        **facts,
    }
    groups = {
        "/": xr.Dataset(attrs=attributes),
        "/posterior": xr.Dataset(variables, coords={**index, **built.coords}),
        "/sample_stats": xr.Dataset(stats, coords=index),
        "/constant_data": xr.Dataset(labels, coords={"legislator": built.coords["legislator"]}),
    }
    return xr.DataTree.from_dict(groups)


def mark_partial(tree: xr.DataTree, planned: int) -> xr.DataTree:
    """Mark draws of a fit that did not finish; ``planned`` is the number of draws it should have made in each chain."""
    marked = tree.copy()
    marked.attrs |= {"format": _PARTIAL_FORMAT, "draws_planned": planned}
    return marked


def save_posterior(tree: xr.DataTree, path: str | Path) -> None:
    """Write the file whole or not at all; raise `UserError` if it cannot be written."""
    write_netcdf(tree, path)


def load_posterior(path: str | Path) -> xr.DataTree:
    """Read a posterior file into memory.

    Raises
    ------
    UserError
        If the file is missing, damaged, of a fit that did not finish, or not a posterior file of this program.
    """
    path = Path(path)
    if not path.exists():
        raise UserError(f"{path}: no such file")
    try:
        with xr.open_datatree(verified(path), engine="netcdf4") as opened:
            tree = opened.load()
    except (OSError, ValueError, RuntimeError) as error:
        raise UserError(f"{path}: not a readable posterior file ({error}); delete it and run the fit again") from None
    if tree.attrs.get("format") == _PARTIAL_FORMAT:
        raise UserError(f"{path}: draws of a fit that did not finish; run the fit again")
    if tree.attrs.get("format") != _FORMAT:
        raise UserError(f"{path}: not a posterior file of this program; delete it and run the fit again")
    return tree


def _small(values: np.ndarray) -> np.ndarray:
    """Convert statistics to the smallest type that holds them; netCDF has no booleans."""
    if values.dtype == bool:
        return values.astype(np.int8)
    return values.astype(np.int32) if values.dtype.kind in "iu" else values.astype(np.float64)
