"""Readers of posteriors and votes for later steps, which refuse files that do not belong together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.experiments import spec_hash
from ..errors import UserError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from ..votes.matrix import ChamberVotes


def votes_hash(votes: ChamberVotes) -> str:
    """Return the hash of the votes after the filters, with the members, their parties, the roll calls and the bills."""
    digest = hashlib.sha256(votes.y.tobytes())
    for index in (votes.legislators.index, votes.parties, votes.rollcalls.index, votes.rollcalls["bill"]):
        digest.update("\0".join(map(str, index)).encode())
    return digest.hexdigest()[:16]


def fitted_hash(votes: ChamberVotes, spec: Mapping[str, Any]) -> str:
    """Return the hash of what a fit with this spec takes from a chamber: its votes, and covariates if it has any."""
    from ..votes.column_hash import with_columns

    return with_columns(votes_hash(votes), votes, spec.get("model", {}).get("covariates", ()))


def members(votes: ChamberVotes, prefix: bool = False) -> pd.DataFrame:
    """Return one row per member, with the chamber and the party with which she is counted.

    ``prefix`` puts the chamber before the id, as in the joint model.
    """
    table = votes.legislators.assign(chamber=votes.chamber, party=votes.parties)
    return table.rename(index=lambda name: f"{votes.chamber}:{name}") if prefix else table


def same_votes(hashes: Sequence[str], chambers: Sequence[ChamberVotes]) -> bool:
    """Tell whether hashes from `fitted_hash` are of these votes, whatever the covariates."""
    from ..votes.column_hash import votes_part

    return [votes_part(own) for own in hashes] == [votes_hash(votes) for votes in chambers]


def is_current(posterior: Path, spec_json: str, data: Sequence[Path]) -> bool:
    """Tell whether a posterior file was made with this spec from these votes; a damaged or missing file is not."""
    from ..sampling.posterior import load_posterior
    from ..votes.matrix import ChamberVotes

    try:
        attributes = load_posterior(posterior).attrs
    except UserError:
        return False
    hashes = [fitted_hash(ChamberVotes.load(path), json.loads(spec_json)) for path in data]
    return bool(attributes["spec_hash"] == spec_hash(spec_json) and json.loads(attributes["data_hash"]) == hashes)


def load_checked(path: Path, expected_hash: str | None) -> xr.DataTree:
    """Read a posterior whose spec has the hash ``expected_hash``, or any hash for None.

    Raises
    ------
    UserError
        If the file is missing or damaged, or the hash is another one.
    """
    from ..sampling.posterior import load_posterior

    tree = load_posterior(path)
    if expected_hash is not None and tree.attrs["spec_hash"] != expected_hash:
        raise UserError(
            f"{path}: made with other settings or other model code than the configuration now asks for"
            f" (hash {tree.attrs['spec_hash']}, expected {expected_hash}); delete it and fit again"
        )
    return tree


def fit_and_votes(posterior: Path, fit_hash: str, data: Sequence[Path]) -> tuple[xr.DataTree, list[ChamberVotes]]:
    """Read a posterior and the votes it was fitted to.

    Raises
    ------
    UserError
        If a file is missing or damaged, the posterior is not of that fit, or it was fitted to other votes.
    """
    tree = load_checked(posterior, fit_hash)
    return tree, votes_of(tree, posterior, data)


def votes_of(tree: xr.DataTree, posterior: Path, data: Sequence[Path]) -> list[ChamberVotes]:
    """Read the votes of a posterior that was read from the file ``posterior``.

    Raises
    ------
    UserError
        If a file is missing or damaged, or the posterior was fitted to other votes.
    """
    from ..votes.matrix import ChamberVotes

    chambers = [ChamberVotes.load(path) for path in data]
    spec = json.loads(tree.attrs["spec"])
    if (made := json.loads(tree.attrs["data_hash"])) != [fitted_hash(votes, spec) for votes in chambers]:
        what = "covariates" if same_votes(made, chambers) else "votes"
        raise UserError(f"{posterior}: fitted to other {what} than {', '.join(map(str, data))}; fit it again")
    return chambers
