"""Whether the fit of a fold converged, from the few statistics that are kept of it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from ..config.gates import GateConfig
from ..draws.mixing import element_statistics
from ..files.forms import UNDECIDED
from ..files.records.folds import FoldFit
from .scores import finite


def statistics_of(tree: xr.DataTree, seconds: float) -> dict[str, Any]:
    """Return what the gates look at: the worst values over all quantities of a fit, and its divergences and energy."""
    stats, posterior = tree["sample_stats"], tree["posterior"].to_dataset()
    found = {str(name): element_statistics(values.to_numpy()) for name, values in posterior.items()}
    found["log_density"] = element_statistics(stats["lp"].to_numpy())
    rhat = {name: float(np.nan_to_num(one.rhat, nan=np.inf).max()) for name, one in found.items()}
    least = {
        kind: min(float(np.nan_to_num(getattr(one, kind), nan=0.0).min()) for one in found.values())
        for kind in ("ess_bulk", "ess_tail")
    }
    energy = stats["energy"].to_numpy()
    fraction = np.mean(np.diff(energy, axis=1) ** 2, axis=1) / np.var(energy, axis=1, ddof=1)
    sides = json.loads(tree.attrs["sides"])
    return {
        "rhat_max": finite(max(rhat.values())),
        "rhat_where": max(rhat, key=lambda name: rhat[name]),
        "ess_bulk_min": least["ess_bulk"],
        "ess_tail_min": least["ess_tail"],
        "divergences": int(stats["diverging"].sum()),
        "ebfmi_min": finite(float(fraction.min())),
        "draws": int(energy.size),
        "seconds": round(seconds, 2),
        "undecided": sides["reason"] if sides.get("form") == UNDECIDED else "",
    }


def judge(kept: Mapping[str, Any], gates: GateConfig, rung: str, unit: str, fold: int) -> FoldFit:
    """Hold the kept statistics of a fold against the gates of the experiment."""
    failures = []
    if kept["rhat_max"] is None or not kept["rhat_max"] < gates.rhat:
        worst = "is not known" if kept["rhat_max"] is None else f"reaches {kept['rhat_max']:.3f}"
        failures.append(f"R-hat of {kept['rhat_where']} {worst} and is not below {gates.rhat:g}")
    for kind in ("bulk", "tail"):
        least = kept[f"ess_{kind}_min"]
        if not least > gates.ess:
            failures.append(f"the least {kind} ESS is {least:.0f} and is not above {gates.ess}")
    limit = math.floor(gates.divergence_share * kept["draws"])
    if (n := kept["divergences"]) > limit:
        failures.append(f"{n} divergences among {kept['draws']} draws, more than the limit of {limit}")
    if kept["ebfmi_min"] is None or not kept["ebfmi_min"] > gates.ebfmi:
        failures.append(f"the least E-BFMI of a chain is not above {gates.ebfmi:g}")
    failures += [kept["undecided"]] if kept["undecided"] else []
    return {
        "rung": rung,
        "unit": unit,
        "fold": fold,
        "ok": not failures,
        "failures": failures,
        "rhat_max": kept["rhat_max"],
        "ess_bulk_min": kept["ess_bulk_min"],
        "divergences": kept["divergences"],
        "draws": kept["draws"],
        "seconds": kept["seconds"],
    }
