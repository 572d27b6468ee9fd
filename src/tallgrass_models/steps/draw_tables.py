"""The step from a posterior to the small tables behind pictures of draws, and to the probability of every vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UserError
from ..files.atomic import write_netcdf
from ..files.columns import summary
from ..files.digests import verified
from ..files.records.specs import OfFit
from .fitted import fit_and_votes

if TYPE_CHECKING:
    from ..draws.frame import Frame

_DRAW_TABLES = tuple(table.name for table in summary.DRAWN)


def draw_outputs(folder: Path) -> dict[str, Path]:
    """Return the paths of the files that `draw_tables` writes into a folder, by name."""
    tables = {name: folder / f"{name}.csv" for name in _DRAW_TABLES}
    return {**tables, "vote_probabilities": folder / "vote_probabilities.nc"}


@dataclass(frozen=True)
class DrawFiles:
    """The posterior of a fit, its votes (House first), and files that `summarize` made of it.

    The frame of its scale is in ``right_of``.
    """

    posterior: Path
    data: Sequence[Path]
    right_of: Path
    bills: Path
    convergence: Path

    def all(self) -> list[Path]:
        """List all these files."""
        return [self.posterior, *self.data, self.right_of, self.bills, self.convergence]


def draw_tables(spec: OfFit, files: DrawFiles, outputs: Mapping[str, Path]) -> None:
    """Write curves of a few bills, rank plots, energy, probabilities of votes, and tables on absences.

    Parameters
    ----------
    spec
        Spec with ``fit_hash``, the hash of the fit that is expected.
    files
        Files to read.
    outputs
        Paths to write, by the names that `draw_outputs` gives.
    """
    import numpy as np
    import pandas as pd
    import xarray as xr

    from ..summary.absences import SEED, absence_tables
    from ..summary.draw_tables import curve_table, energy_table, rank_table
    from ..summary.gates import LOG_DENSITY, element_labels
    from ..summary.vote_probabilities import VOTE_ENCODING, vote_tables
    from ..votes.unit_votes import make_unit

    tree, chambers = fit_and_votes(files.posterior, spec["fit_hash"], files.data)
    draws = tree["posterior"]
    alpha, beta, xi = (draws[name].to_numpy() for name in ("alpha", "beta", "xi"))
    frame = _frame(files.right_of)
    known = summary.BILLS.read(files.bills)
    tables = {"curves": curve_table(alpha, beta, frame, frame.positions(xi).mean((0, 1)), known)}
    ranks = []
    for row in summary.CONVERGENCE.read_rows(files.convergence):
        block = tree["sample_stats"]["lp"] if row["block"] == LOG_DENSITY else draws[row["block"]]
        values = xr.DataArray(block)
        element = element_labels(values).index(row["rhat_where"])
        flat = values.to_numpy().reshape(*values.shape[:2], -1)
        ranks.append(
            rank_table(flat[..., element]).assign(block=row["block"], element=row["rhat_name"] or row["rhat_where"])
        )
    tables["chain_ranks"] = pd.concat(ranks, ignore_index=True)
    tables["energy"] = energy_table(tree["sample_stats"]["energy"].to_numpy())
    unit = make_unit(chambers, draws["vote"].to_numpy())
    votes = vote_tables(unit, frame, draws.to_dataset())
    tables |= absence_tables(unit, votes, frame, draws.to_dataset(), np.random.default_rng(SEED))
    for table in summary.DRAWN:
        table.write(outputs[table.name], tables[table.name][table.names])
    encoding = {f"/{chamber}": VOTE_ENCODING for chamber in votes}
    write_netcdf(xr.DataTree.from_dict(votes), outputs["vote_probabilities"], encoding=encoding)


def _frame(path: Path) -> Frame:
    """Read the frame of the headline scale, which `summarize` keeps in right_of.nc."""
    import xarray as xr

    from ..draws.frame import Frame

    try:
        with xr.open_dataset(verified(path), engine="netcdf4") as opened:
            if "scale_unit" not in opened:
                raise UserError(f"{path}: has no scale; run the step 'summarize' again with this version")
            return Frame(opened["scale_origin"].to_numpy(), opened["scale_unit"].to_numpy())
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise UserError(f"{path}: damaged ({error}); delete it and run the step 'summarize' again") from None
