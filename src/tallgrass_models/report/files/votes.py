"""Readers of the files with every vote, and with who stands right of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import UserError
from ...files.digests import verified

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

#: Variables over the roll calls of a chamber in vote_probabilities.nc.
_CUTS = ("cut_q05", "cut_q50", "cut_q95", "p_cut_left", "p_cut_right", "p_yea_right")


@dataclass(frozen=True)
class FitVotes:
    """The votes of a chamber, and what one fit says of them.

    Attributes
    ----------
    legislators, votes : list of str
        Ids of members, as in ideal_points.csv, and of roll calls.
    items : list of str
        Id of the parameters of each roll call, as in bills.csv.
    cast : ndarray of int8, shape (n_members, n_votes)
        1 Yea, 0 Nay, `vote_codes.ABSENT` or `vote_codes.NOT_IN_OFFICE`.
    p_yea : ndarray, shape (n_members, n_votes)
        Posterior mean probability of Yea.
    cuts : mapping of ndarray, shape (n_votes,)
        Where Yea and Nay are equally likely, on the headline scale; see `vote_probabilities.cutting_points`.
    """

    legislators: list[str]
    votes: list[str]
    items: list[str]
    cast: np.ndarray
    p_yea: np.ndarray
    cuts: Mapping[str, np.ndarray]


def read_votes(path: Path) -> dict[str, FitVotes]:
    """Read the votes of each chamber from a vote_probabilities.nc.

    Raises
    ------
    UserError
        If the file is damaged, or something else.
    """
    import xarray as xr

    try:
        with xr.open_datatree(verified(path), engine="netcdf4") as tree:
            return {name: _chamber(tree[name].to_dataset()) for name in tree.children}
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise _damaged(path, error) from None


def _chamber(found: xr.Dataset) -> FitVotes:
    legislators, votes, items = (list(map(str, found[name].to_numpy())) for name in ("legislator", "vote", "item"))
    cuts = {name: found[name].to_numpy() for name in _CUTS}
    return FitVotes(legislators, votes, items, found["cast"].to_numpy(), found["p_yea"].to_numpy(), cuts)


def read_right_of(path: Path) -> tuple[list[str], np.ndarray]:
    """Read ids of members from right_of.nc, and P(row stands right of column), shape (n_members, n_members).

    Raises
    ------
    UserError
        If the file is damaged, or something else.
    """
    import xarray as xr

    try:
        with xr.open_dataset(verified(path), engine="netcdf4") as found:
            return list(map(str, found["legislator"].to_numpy())), found["right_of"].to_numpy()
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> UserError:
    return UserError(f"{path}: damaged, or not a file of this version: {error}; delete it and run again")
