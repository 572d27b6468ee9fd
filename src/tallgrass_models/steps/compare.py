"""The step from finished experiments to their comparison."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UserError
from ..files.columns import checking, comparison, summary
from ..files.json import read_json, write_json
from ..votes.unit import by_unit
from .fitted import load_checked

if TYPE_CHECKING:
    import numpy as np

    from ..comparison.variants import Variant

log = logging.getLogger(__name__)

_Spec = Mapping[str, Any]
COMPARISON_TABLES = tuple(table.name for table in comparison.TABLES)
_COMPARED = (summary.IDEAL_POINTS, summary.BILLS, summary.PARTIES, checking.SENSITIVITY)
#: Tables of a unit that are compared.
_COMPARED_TABLES = tuple(table.name for table in _COMPARED)


def compare(
    spec: _Spec,
    metrics: Sequence[Path],
    data: Sequence[Path],
    outputs: Mapping[str, Path],
    posteriors: Sequence[Path] = (),
) -> None:
    """Write comparison.json and its tables.

    Parameters
    ----------
    spec
        Spec with ``experiments``, their names, and perhaps ``follow``, the members whose positions are followed.
    metrics
        The metrics.json of each, in that order. The tables and leave-one-out files of its units are beside it.
    data
        Votes of the chambers of all their sessions, House first.
    outputs
        Path of ``comparison`` and of each of `COMPARISON_TABLES`.
    posteriors
        Posteriors of the units of experiments on a session whose experiments have different filters.
    """
    from ..comparison.build import compare as compared
    from ..comparison.variants import filters_of
    from ..votes.matrix import ChamberVotes

    variants = [_variant(name, path, posteriors) for name, path in zip(spec["experiments"], metrics, strict=True)]
    folders = {(variant.session, variant.filters): variant.folder for variant in variants}
    votes: dict[str, list[ChamberVotes]] = {}
    for path in data:
        chamber = ChamberVotes.load(path)
        key = chamber.session, filters_of(chamber.info["filters"], chamber.info.get("selection"))
        if key not in folders:
            names = ", ".join(spec["experiments"])
            raise UserError(f"{path}: has other filters or another selection than each of {names}; run them again")
        votes.setdefault(folders[key], []).append(chamber)
    content, tables = compared(variants, votes, spec.get("follow", ()))
    for verdict in content["verdict"]:
        log.info("%s", verdict["text"])
    for table in comparison.TABLES:
        table.write(outputs[table.name], tables[table.name])
    write_json(outputs["comparison"], content)


def _variant(name: str, path: Path, posteriors: Sequence[Path]) -> Variant:
    from ..checking.loo_store import read_loo
    from ..comparison.variants import Variant
    from ..folds.store import read_scores

    found = read_json(path)
    if found["experiment"] != name:
        raise UserError(f"{path}: belongs to experiment {found['experiment']!r}, not {name!r}")
    blocks = by_unit(found)
    units, fits = list(blocks), {unit: path.parent / unit / "posterior.nc" for unit in blocks}
    return Variant(
        found,
        {
            unit: {table.name: table.read(path.parent / unit / f"{table.name}.csv") for table in _COMPARED}
            for unit in units
        },
        {unit: read_loo(path.parent / unit / "loo.nc") for unit in units},
        {unit: _positions(own, blocks[unit]["spec_hash"]) for unit, own in fits.items() if own in posteriors},
        read_scores(path.parent / "held_out.nc")[0] if found.get("held_out") else {},
    )


def _positions(path: Path, spec_hash: str) -> tuple[list[str], np.ndarray]:
    """Return ids of the members of a fit, and draws of their ideal points."""
    xi = load_checked(path, spec_hash)["posterior"]["xi"]
    return [str(name) for name in xi["legislator"].to_numpy()], xi.to_numpy()
