"""One chamber's votes after filtering: the matrix, who, what, and what was left out; as a netCDF file too."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import UserError
from ..files.atomic import write_netcdf
from ..files.digests import verified
from ..files.records.votes import VotesFacts
from .caucus import counted_with
from .vocabulary import MISSING

if TYPE_CHECKING:
    import xarray as xr

_FILE_TYPE = "tallgrass-models votes"

LEGISLATOR_COLUMNS: dict[str, type] = {
    "name": str,
    "party": str,
    "caucus": str,
    "person": str,
    "first_day": str,
    "last_day": str,
    "service": float,
    "district": str,
    "state": str,
    "pc1": float,
    "pc2": float,
    "n_votes": int,
    "external": float,
}
ROLLCALL_COLUMNS: dict[str, type] = {
    "bill": str,
    "title": str,
    "motion": str,
    "date": str,
    "order": int,
    "passage": bool,
    "yea": int,
    "nay": int,
}
_DROPPED_TYPES: dict[str, type] = {"kind": str, "id": str, "name": str, "reason": str, "value": float}


@dataclass(frozen=True)
class ChamberVotes:
    """Votes of one chamber on its contested roll calls.

    Attributes
    ----------
    session : str
        Name of the session in the configuration.
    chamber : str
        ``house`` or ``senate``.
    y : ndarray of int8, shape (n_legislators, n_votes)
        1 Yea, 0 Nay, -1 missing.
    legislators : DataFrame
        Index ``legislator`` (unique id), sorted; columns `LEGISLATOR_COLUMNS`: name (unique), party (as listed), caucus
        (the party she is counted with, ``""`` for neither), person (equal for several spells of one person), first_day,
        last_day, service (time in office, see `membership.TimeInOffice`), district, state, pc1, pc2 (component scores),
        n_votes (Yea and Nay here), external (NOMINATE, NaN where there is none).
    rollcalls : DataFrame
        Index ``vote`` (unique id), in order of time; columns `ROLLCALL_COLUMNS`: bill, title, motion, date, order
        (position among all roll calls of the chamber, from 0), passage, yea and nay (counts in ``y``).
    dropped : DataFrame
        The manifest, see `manifest.manifest`: who and what was left out, and what was read otherwise than it stands in
        the files.
    info : VotesFacts
        What is recorded of them, before and after the filters.
    more : DataFrame
        The other columns of the file of the members, as text, ``""`` where blank; the index of ``legislators``, or no
        rows and columns.
    """

    session: str
    chamber: str
    y: np.ndarray
    legislators: pd.DataFrame
    rollcalls: pd.DataFrame
    dropped: pd.DataFrame
    info: VotesFacts
    more: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __post_init__(self) -> None:
        """Refuse parts that do not fit together: a mistake of the program, not of the user."""
        expected = (len(self.legislators), len(self.rollcalls))
        if self.y.shape != expected or self.y.dtype != np.int8:
            raise ValueError(f"y is {self.y.dtype} {self.y.shape}, expected int8 {expected}")

    @property
    def n_legislators(self) -> int:
        """Number of members (rows of ``y``)."""
        return self.y.shape[0]

    @property
    def n_votes(self) -> int:
        """Number of roll calls (columns of ``y``)."""
        return self.y.shape[1]

    @property
    def parties(self) -> np.ndarray:
        """What each member is counted as, shape (n_legislators,): Democrat, Republican, or Independent for neither.

        From the column ``caucus``; the party that the source lists is the column ``party``.
        """
        return counted_with(self.legislators["caucus"].to_numpy(object))

    def to_dataset(self) -> xr.Dataset:
        """Return all as an xarray Dataset: ``y[legislator, vote]``, tables as variables, facts as attributes."""
        import xarray as xr  # takes a second; only files need it

        variables: dict[str, Any] = {"y": (("legislator", "vote"), self.y)}
        for dim, frame, types in (
            ("legislator", self.legislators, LEGISLATOR_COLUMNS),
            ("vote", self.rollcalls, ROLLCALL_COLUMNS),
            ("dropped", self.dropped, _DROPPED_TYPES),
        ):
            for column, kind in types.items():
                values = frame[column].to_numpy(object if kind is str else kind)
                variables[f"{dim}_{column}"] = (dim, values)
        if len(self.more.columns):
            variables["legislator_more"] = (("legislator", "more"), self.more.to_numpy(object))
            variables["more"] = ("more", self.more.columns.to_numpy(object))
        return xr.Dataset(
            variables,
            coords={
                "legislator": self.legislators.index.to_numpy(object),
                "vote": self.rollcalls.index.to_numpy(object),
            },
            attrs={
                "file_type": _FILE_TYPE,
                "session": self.session,
                "chamber": self.chamber,
                "info": json.dumps(self.info, allow_nan=False, sort_keys=True),
            },
        )

    @classmethod
    def from_dataset(cls, dataset: xr.Dataset) -> ChamberVotes:
        """Inverse of `to_dataset`."""

        def table(dim: str, types: dict[str, type], index: pd.Index | None = None) -> pd.DataFrame:
            columns = {
                column: pd.Series(dataset[f"{dim}_{column}"].to_numpy(), dtype=_pandas_type(kind))
                for column, kind in types.items()
            }
            frame = pd.DataFrame(columns)
            return frame if index is None else frame.set_index(index)

        members = pd.Index(dataset["legislator"].to_numpy(), dtype="str", name="legislator")
        more = pd.DataFrame()
        if "legislator_more" in dataset:
            more = pd.DataFrame(dataset["legislator_more"].to_numpy(), members, dataset["more"].to_numpy(), dtype="str")
        return cls(
            session=dataset.attrs["session"],
            chamber=dataset.attrs["chamber"],
            y=dataset["y"].to_numpy().astype(np.int8),
            legislators=table("legislator", LEGISLATOR_COLUMNS, members),
            rollcalls=table("vote", ROLLCALL_COLUMNS, pd.Index(dataset["vote"].to_numpy(), dtype="str", name="vote")),
            dropped=table("dropped", _DROPPED_TYPES),
            info=json.loads(dataset.attrs["info"]),
            more=more,
        )

    def save(self, path: str | Path) -> None:
        """Write a netCDF file, whole or not at all."""
        dataset = self.to_dataset()
        packed = {"zlib": True, "complevel": 4}
        encoding = {str(name): packed for name, var in dataset.data_vars.items() if var.dtype != object and var.size}
        write_netcdf(dataset, path, encoding=encoding)

    @classmethod
    def load(cls, path: str | Path) -> ChamberVotes:
        """Read a file that `save` made.

        Raises
        ------
        UserError
            If the file is missing, damaged, or something else.
        """
        import xarray as xr

        if not Path(path).is_file():
            raise UserError(f"{path}: no such file; make it with `tallgrass-models load-data`")
        try:
            with xr.open_dataset(verified(path), engine="netcdf4") as dataset:
                if dataset.attrs.get("file_type") != _FILE_TYPE:
                    raise UserError(f"{path}: not a file of votes (file_type {dataset.attrs.get('file_type')!r})")
                return cls.from_dataset(dataset.load())
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            raise UserError(f"{path}: damaged, or not a file of votes: {error}") from None


def _pandas_type(kind: type) -> str:
    return {str: "str", int: "int64", float: "float64", bool: "bool"}[kind]


def dense(
    n_legislators: int, n_votes: int, legislator: np.ndarray, rollcall: np.ndarray, value: np.ndarray
) -> np.ndarray:
    """Spread long votes over a matrix; cells without a vote are -1.

    Parameters
    ----------
    legislator, rollcall : ndarray of int, shape (n,)
        Row and column of each vote; each pair occurs once.
    value : ndarray of int8, shape (n,)

    Returns
    -------
    ndarray of int8, shape (n_legislators, n_votes)
    """
    y = np.full((n_legislators, n_votes), MISSING, dtype=np.int8)
    y[legislator, rollcall] = value
    return y
