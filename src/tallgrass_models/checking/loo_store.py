"""The file of a leave-one-out: every vote with its estimate, its member and its roll call."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from ..errors import UserError
from ..files.atomic import write_netcdf
from ..files.digests import verified
from .loo import Loo
from .loo_compare import Pointwise
from .observations import Observations

_FORMAT = "tallgrass-models loo 1"
_FACTS = ("unit", "session", "spec_hash", "data_hash")
_MEMBER_COLUMNS = ("legislator", "name", "party", "chamber")
_ROLLCALL_COLUMNS = ("rollcall", "item", "vote", "chamber", "bill", "motion", "date")


def write_loo(pointwise: Pointwise, path: str | Path) -> None:
    """Write the file whole or not at all."""
    loo, obs = pointwise.loo, pointwise.obs
    arrays = {
        "elpd": loo.elpd,
        "p_loo": loo.p_loo.astype(np.float32),
        "pareto_k": loo.pareto_k.astype(np.float32),
        "variance": loo.variance.astype(np.float32),
        "flat": loo.flat.astype(np.int8),
        "mended": loo.mended.astype(np.int8),
        "member": obs.member,
        "rollcall": obs.rollcall,
        "item": obs.item,
        "y": obs.y,
    }
    variables = {name: ("obs", values) for name, values in arrays.items()}
    for dim, table, columns in (
        ("member_", obs.members, _MEMBER_COLUMNS),
        ("rollcall_", obs.rollcalls, _ROLLCALL_COLUMNS),
    ):
        variables |= {dim + c: (dim + "index", table[c].to_numpy(int if c == "item" else object)) for c in columns}
    attrs = {"format": _FORMAT, "order_hash": obs.order_hash, "r_eff": loo.r_eff, "k_threshold": loo.threshold}
    dataset = xr.Dataset(variables, attrs=attrs | {name: pointwise.facts[name] for name in _FACTS})
    packed = {name: {"zlib": True, "complevel": 1} for name in arrays}
    write_netcdf(dataset, path, encoding=packed)


def read_loo(path: str | Path) -> Pointwise:
    """Read a file that `write_loo` made.

    Raises
    ------
    UserError
        If it is missing, damaged, some other file, or its votes do not match its hash.
    """
    if not Path(path).is_file():
        raise UserError(f"{path}: no such file; make it with `tallgrass-models check`")
    try:
        with xr.open_dataset(verified(path), engine="netcdf4") as dataset:
            if dataset.attrs.get("format") != _FORMAT:
                raise UserError(f"{path}: not a file of leave-one-out estimates; delete it and run the check again")
            pointwise = _pointwise(dataset.load())
            expected = dataset.attrs["order_hash"]
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise UserError(f"{path}: the file is damaged ({error}); delete it and run the check again") from None
    if pointwise.obs.order_hash != expected:
        raise UserError(f"{path}: its votes do not match its hash; delete it and run the check again")
    return pointwise


def _pointwise(dataset: xr.Dataset) -> Pointwise:
    def table(dim: str, columns: tuple[str, ...]) -> pd.DataFrame:
        return pd.DataFrame({c: dataset[dim + c].to_numpy() for c in columns})

    values = {name: dataset[name].to_numpy() for name in ("member", "rollcall", "item", "y")}
    estimates = {n: dataset[n].to_numpy().astype(float) for n in ("elpd", "p_loo", "pareto_k", "variance")}
    flags = {name: dataset[name].to_numpy().astype(bool) for name in ("flat", "mended")}
    return Pointwise(
        Loo(**estimates, **flags, r_eff=float(dataset.attrs["r_eff"]), threshold=float(dataset.attrs["k_threshold"])),
        Observations(
            **values, members=table("member_", _MEMBER_COLUMNS), rollcalls=table("rollcall_", _ROLLCALL_COLUMNS)
        ),
        {name: dataset.attrs[name] for name in _FACTS},
    )
