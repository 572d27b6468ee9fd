"""The files of a Congress from voteview.com."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..errors import UserError
from .download import download
from .requests import Address, Patience

#: Folder of the site with the files of https://voteview.com/data.
ADDRESS = "https://voteview.com/static/data/out"
#: Kinds of files, and a column that each has; the first Congress sat in 1789.
_KINDS = {"members": "icpsr", "rollcalls": "rollnumber", "votes": "cast_code"}
_LIMIT = 2 * 10**9
_MOST = 999


def fetch_voteview(congress: int, into: Path, address: str = ADDRESS, patience: Patience | None = None) -> list[Path]:
    """Fetch members, roll calls and votes of both chambers of a Congress.

    Parameters
    ----------
    congress
        Its number.
    into
        Folder for the files.
    address
        Folder of the site.
    patience
        How long to wait.

    Returns
    -------
    list of Path
        The files, whether they were fetched or were there.

    Raises
    ------
    UserError
        If the number is none of a Congress, or a file cannot be had.
    """
    if not 1 <= congress <= _MOST:
        raise UserError(f"{congress} is not the number of a Congress, which begin with 1")
    paths = []
    for kind, column in _KINDS.items():
        name = f"HS{congress:03d}_{kind}.csv"
        paths.append(into / name)
        at = Address(f"{address.rstrip('/')}/{kind}/{name}")
        download(at, paths[-1], patience or Patience(), _LIMIT, _has_column(at, column))
    return paths


def _has_column(address: Address, column: str) -> Callable[[Path], None]:
    """Make a check that a file is the table that it should be, and no page that says something else."""

    def check(path: Path) -> None:
        with path.open("rb") as file:
            first = file.readline(10_000).decode("utf-8", "replace")
        if column not in [name.strip('"') for name in first.strip().split(",")]:
            raise UserError(f"{address}: is not the table that was expected: it has no column {column!r}")

    return check
