"""Files of held-out votes: those of one fold, and those of all folds of an experiment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ..errors import UserError
from ..files.atomic import write_netcdf
from ..files.digests import verified
from .scores import ChamberScores

_FOLD_FORMAT, _FORMAT = "tallgrass-models fold 1", "tallgrass-models held-out votes 1"
_ARRAYS, _GIVEN = ("member", "rollcall", "log_score", "mcse"), "given"
_BOTH, _TOGETHER = "both", ("house", "senate", "log_density")
_PACKED = {"zlib": True, "complevel": 4}


@dataclass(frozen=True)
class Cells:
    """Held-out votes of one chamber, by member and then by roll call.

    Attributes
    ----------
    member, rollcall : ndarray of int32, shape (n,)
        Row and column in the chamber.
    log_score, mcse : ndarray, shape (n,)
        Log of the probability of what was cast, and its Monte Carlo standard error.
    error
        Monte Carlo standard error of the sum of the log scores.
    given : ndarray or None, shape (n,)
        Where whole roll calls are held out: log of the probability of each vote given the others of its roll call.
        ``log_score`` and ``mcse`` are then those of all its votes together, divided by their number.
    """

    member: np.ndarray
    rollcall: np.ndarray
    log_score: np.ndarray
    mcse: np.ndarray
    error: float
    given: np.ndarray | None = None


@dataclass(frozen=True)
class Together:
    """Predictions of bills held out from both chambers, by the votes of both chambers together.

    Attributes
    ----------
    house, senate : ndarray of int32, shape (n,)
        The bill's roll call in each chamber.
    log_density : ndarray, shape (n,)
        Log probability of all votes on the bill.
    error
        Monte Carlo standard error of their sum.
    """

    house: np.ndarray
    senate: np.ndarray
    log_density: np.ndarray
    error: float


@dataclass(frozen=True)
class FoldResult:
    """What is kept of the fit of one fold.

    Attributes
    ----------
    unit, kind, fold
        The fit: ``house``, ``senate`` or ``joint``, the kind of its model, and the number of the fold.
    spec_hash
        Hash of all that it depends on.
    data_hash
        Hash of the votes of each chamber, before the fold was taken away.
    verdict
        Convergence and times, as in `files.records.folds.FoldFit`.
    chambers
        Predictions by chamber.
    together
        Those of bills by the votes of both chambers, where a joint model predicts whole roll calls; else None.
    """

    unit: str
    kind: str
    fold: int
    spec_hash: str
    data_hash: Sequence[str]
    verdict: Mapping[str, Any]
    chambers: Mapping[str, Cells]
    together: Together | None = None


def write_fold(result: FoldResult, path: Path) -> None:
    """Write the file of a fold, whole or not at all."""
    groups = {
        f"/{chamber}": xr.Dataset(
            {name: ("held_out_vote", own) for name in (*_ARRAYS, _GIVEN) if (own := getattr(cells, name)) is not None},
            attrs={"error": cells.error},
        )
        for chamber, cells in result.chambers.items()
    }
    if (both := result.together) is not None:
        variables = {name: ("bill", getattr(both, name)) for name in _TOGETHER}
        groups[f"/{_BOTH}"] = xr.Dataset(variables, attrs={"error": both.error})
    facts = {"unit": result.unit, "kind": result.kind, "fold": result.fold, "spec_hash": result.spec_hash}
    facts |= {"data_hash": json.dumps(list(result.data_hash)), "verdict": json.dumps(result.verdict)}
    tree = xr.DataTree.from_dict({"/": xr.Dataset(attrs={"format": _FOLD_FORMAT, **facts}), **groups})
    write_netcdf(tree, path)


def read_fold(path: Path) -> FoldResult:
    """Read the file of a fold.

    Raises
    ------
    UserError
        If it is missing, damaged or something else.
    """
    tree = _read(path, _FOLD_FORMAT, "fit_fold")
    chambers = {
        str(name): Cells(
            **{key: group[key].to_numpy() for key in (*_ARRAYS, _GIVEN) if key in group},
            error=float(group.attrs["error"]),
        )
        for name, group in tree.children.items()
        if name != _BOTH
    }
    both = tree.children.get(_BOTH)
    if both is not None:
        house, senate, log_density = (both[key].to_numpy() for key in _TOGETHER)
        together = Together(house, senate, log_density, float(both.attrs["error"]))
    facts = tree.attrs
    return FoldResult(
        facts["unit"],
        facts["kind"],
        int(facts["fold"]),
        facts["spec_hash"],
        json.loads(facts["data_hash"]),
        json.loads(facts["verdict"]),
        chambers,
        None if both is None else together,
    )


def write_scores(chambers: Sequence[ChamberScores], facts: Mapping[str, Any], path: Path) -> None:
    """Write the predictions of all folds, whole or not at all; ``facts`` become attributes."""
    groups: dict[str, xr.Dataset] = {"/": xr.Dataset(attrs={"format": _FORMAT, **facts})}
    encoding: dict[str, Any] = {}
    for one in chambers:
        rungs = list(one.log_score)
        scores = np.stack([np.where(one.held, one.log_score[rung], np.nan) for rung in rungs])
        variables: dict[str, Any] = {
            "y": (("legislator", "vote"), one.y),
            "fold": (("legislator", "vote"), one.fold),
            "log_score": (("rung", "legislator", "vote"), scores),
        }
        if one.given:
            variables[_GIVEN] = (
                ("rung", "legislator", "vote"),
                np.stack([np.where(one.held, one.given[rung], np.nan) for rung in rungs]),
            )
        encoding[f"/{one.chamber}"] = dict.fromkeys(variables, _PACKED)
        variables["error"] = ("rung", [one.error[rung] for rung in rungs])
        for dim, table in (("legislator", one.members), ("vote", one.rollcalls)):
            variables |= {f"{dim}_{name}": (dim, table[name].to_numpy(object)) for name in table.columns}
        groups[f"/{one.chamber}"] = xr.Dataset(variables, coords={"rung": np.array(rungs, dtype=object)})
    write_netcdf(xr.DataTree.from_dict(groups), path, encoding=encoding)


def read_scores(path: Path) -> tuple[dict[str, ChamberScores], dict[str, Any]]:
    """Read the predictions of all folds by chamber, and the facts.

    Raises
    ------
    UserError
        If the file is missing, damaged or something else.
    """
    tree = _read(path, _FORMAT, "pool_folds")
    chambers = {str(name): _scores(str(name), group.to_dataset()) for name, group in tree.children.items()}
    return chambers, {str(key): value for key, value in tree.attrs.items()}


def _scores(chamber: str, group: xr.Dataset) -> ChamberScores:
    def table(dim: str, columns: Sequence[str]) -> pd.DataFrame:
        return pd.DataFrame({name: group[f"{dim}_{name}"].to_numpy() for name in columns})

    rungs = [str(rung) for rung in group["rung"].to_numpy()]
    return ChamberScores(
        chamber,
        group["y"].to_numpy().astype(np.int8),
        group["fold"].to_numpy().astype(np.int8),
        table("legislator", ("legislator", "name", "party")),
        table("vote", ("rollcall", "bill", "title")),
        dict(zip(rungs, group["log_score"].to_numpy(), strict=True)),
        dict(zip(rungs, group["error"].to_numpy().tolist(), strict=True)),
        dict(zip(rungs, group[_GIVEN].to_numpy(), strict=True)) if _GIVEN in group else {},
    )


def _read(path: Path, form: str, step: str) -> xr.DataTree:
    if not path.is_file():
        raise UserError(f"{path}: no such file; run the step {step!r}")
    try:
        with xr.open_datatree(verified(path), engine="netcdf4") as opened:
            tree = opened.load()
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise UserError(f"{path}: damaged ({error}); run the step {step!r} again") from None
    if tree.attrs.get("format") != form:
        raise UserError(f"{path}: not a file of the step {step!r}; run it again")
    return tree
