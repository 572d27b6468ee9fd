"""The step from an experiment's posteriors to one scale for both chambers, and the audit of every axis."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UserError
from ..files import atomic, write_json
from .fits import load_checked
from .votes import votes_hash

if TYPE_CHECKING:
    import numpy as np

    from ..axis_tables import FittedChamber
    from ..linking.build import Linking
    from ..votes import ChamberVotes

log = logging.getLogger(__name__)

Spec = Mapping[str, Any]
LINK_FILES = {
    "linking": "linking.json",
    "linked_members": "linked_members.csv",
    "anchors": "anchors.csv",
    "axis": "axis.json",
    "axis_members": "axis_members.csv",
    "axis_bills": "axis_bills.csv",
}


def link(spec: Spec, posteriors: Sequence[Path], data: Sequence[Path], outputs: Mapping[str, Path]) -> None:
    """Link the chambers of an experiment and audit the axis of each of its fits.

    Parameters
    ----------
    spec
        ``fit_hashes``: hash of the fit that is expected of each unit.
    posteriors, data
        Of the units, and votes of their chambers, House first.
    outputs
        Path of each of `LINK_FILES`.
    """
    from ..axis_tables import audit_axes
    from ..votes import ChamberVotes

    chambers = [ChamberVotes.load(path) for path in data]
    fits = {unit: draws for path in posteriors for unit, draws in [_draws(path, spec["fit_hashes"], chambers)]}
    linking = _linking(fits, chambers)
    axis, tables = audit_axes(_fitted(fits, chambers))
    for entry in axis["units"]:
        log.log(
            logging.INFO if entry["verdict"] == "parties" else logging.WARNING, "%(unit)s, %(chamber)s: %(text)s", entry
        )
    tables |= {"linked_members": linking.members, "anchors": linking.anchors}
    for name, table in tables.items():
        with atomic(outputs[name]) as temporary:
            table.to_csv(temporary, index=False, float_format="%.6g")
    write_json(outputs["linking"], linking.summary)
    write_json(outputs["axis"], axis)


def _draws(
    path: Path, hashes: Mapping[str, str], chambers: Sequence[ChamberVotes]
) -> tuple[str, dict[str, np.ndarray]]:
    """Unit of a posterior file, and its thinned draws of xi, alpha and beta."""
    from ..linking.link import N_DRAWS
    from ..summaries import thinned

    tree = load_checked(path, None)
    unit = json.loads(tree.attrs["spec"])["unit"]
    if tree.attrs["spec_hash"] != hashes.get(unit):
        raise UserError(f"{path}: not the result of this experiment's settings; delete it and run again")
    seen = [votes_hash(votes) for votes in chambers if unit in (votes.chamber, "joint")]
    if json.loads(tree.attrs["data_hash"]) != seen:
        raise UserError(f"{path}: fitted to other votes than those of {chambers[0].session}; fit it again")
    posterior = tree["posterior"]
    return unit, {name: thinned(posterior[name].to_numpy(), N_DRAWS) for name in ("xi", "alpha", "beta")}


def _linking(fits: Mapping[str, Mapping[str, np.ndarray]], chambers: Sequence[ChamberVotes]) -> Linking:
    from ..linking.build import build_linking, not_linked
    from ..linking.link import ChamberDraws

    if len(chambers) < 2:
        return not_linked(chambers[0].session, f"only the {chambers[0].chamber} was fitted")
    house, senate = (ChamberDraws(**fits[votes.chamber]) for votes in chambers)
    joint = fits["joint"]["xi"] if "joint" in fits else None
    return build_linking((chambers[0], chambers[1]), (house, senate), joint)


def _fitted(fits: Mapping[str, Mapping[str, np.ndarray]], chambers: Sequence[ChamberVotes]) -> list[FittedChamber]:
    """Each chamber as each unit sees it: by its own fit, and by the joint model."""
    from ..axis_tables import FittedChamber
    from ..votes import join_chambers

    out = []
    for votes in chambers:
        own = fits[votes.chamber]
        out.append(FittedChamber(votes.chamber, votes, own["xi"], own["beta"]))
    if "joint" in fits:
        joined, both = join_chambers(*chambers), fits["joint"]
        cut = joined.house.n_legislators
        for votes, item, xi in (
            (joined.house, joined.house_item, both["xi"][:, :cut]),
            (joined.senate, joined.senate_item, both["xi"][:, cut:]),
        ):
            out.append(FittedChamber("joint", votes, xi, both["beta"][:, item]))
    return out
