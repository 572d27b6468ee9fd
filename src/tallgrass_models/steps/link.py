"""The step from an experiment's posteriors to one scale for both chambers and to the audit of every axis."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UserError
from ..files.columns import linking as columns
from ..files.json import write_json
from ..files.records.specs import FitSpec, LinkSpec
from ..votes.unit import Unit
from ..votes.vocabulary import DRIFT
from .fitted import fitted_hash, load_checked

if TYPE_CHECKING:
    import numpy as np

    from ..checking.joint_loo import JointLoo
    from ..linking.axis_tables import FittedChamber
    from ..linking.build import Linking
    from ..votes.matrix import ChamberVotes
    from ..votes.seats import SeatRule

log = logging.getLogger(__name__)

LINK_FILES = {
    "linking": "linking.json",
    "axis": "axis.json",
    **{table.name: f"{table.name}.csv" for table in columns.TABLES},
}


@dataclass(frozen=True)
class _Fit:
    """Settings of a fit, thinned draws of xi, alpha and beta, and the items of its bills."""

    spec: FitSpec
    draws: dict[str, np.ndarray]
    items: np.ndarray


def link(
    spec: LinkSpec, posteriors: Sequence[Path], data: Sequence[Path], loo: Sequence[Path], outputs: Mapping[str, Path]
) -> None:
    """Link the chambers of an experiment and audit the axis of each of its fits.

    Parameters
    ----------
    spec
        Spec with ``fit_hashes`` (the hash of the fit that is expected of each unit), and the session's ``pivots`` and
        ``pivots_on``.
    posteriors, data
        Posteriors of the units, and votes of their chambers, House first.
    loo
        The loo.nc of each unit, where there is a joint fit.
    outputs
        Path of each of `LINK_FILES`.
    """
    from ..linking.axis_tables import audit_axes
    from ..votes.matrix import ChamberVotes
    from ..votes.seats import SeatRule

    chambers = [ChamberVotes.load(path) for path in data]
    fits = {unit: fit for path in posteriors for unit, fit in [_fit(path, spec["fit_hashes"], chambers)]}
    linking = _linking(fits, chambers, _joint_loo(loo, fits, spec["fit_hashes"], chambers), SeatRule.of(spec))
    for finding in linking.summary["findings"]:
        log.log(logging.WARNING if finding["level"] == "bad" else logging.INFO, "%s", finding["text"])
    axis, tables = audit_axes(_fitted(fits, chambers))
    for entry in axis["units"]:
        log.log(
            logging.INFO if entry["verdict"] == "parties" else logging.WARNING, "%(unit)s, %(chamber)s: %(text)s", entry
        )
    tables |= {"linked_members": linking.members, "anchors": linking.anchors}
    for table in columns.TABLES:
        table.write(outputs[table.name], tables[table.name])
    write_json(outputs["linking"], linking.summary)
    write_json(outputs["axis"], axis)


def _fit(path: Path, hashes: Mapping[str, str], chambers: Sequence[ChamberVotes]) -> tuple[Unit, _Fit]:
    """Read the unit and the fit of a posterior file, and refuse a file of other settings or other votes."""
    from ..draws.moments import thinned
    from ..linking.link import N_DRAWS

    tree = load_checked(path, None)
    made: FitSpec = json.loads(tree.attrs["spec"])
    unit = Unit(made["unit"])
    if tree.attrs["spec_hash"] != hashes.get(unit):
        raise UserError(f"{path}: not the result of this experiment's settings; delete it and run again")
    seen = [fitted_hash(votes, made) for votes in chambers if votes.chamber in unit.chambers]
    if json.loads(tree.attrs["data_hash"]) != seen:
        raise UserError(f"{path}: fitted to other votes than those of {chambers[0].session}; fit it again")
    posterior = tree["posterior"]
    draws = {name: thinned(posterior[name].to_numpy(), N_DRAWS) for name in ("xi", "alpha", "beta")}
    return unit, _Fit(made, draws, posterior["vote"].to_numpy())


def _joint_loo(
    paths: Sequence[Path], fits: Mapping[Unit, _Fit], hashes: Mapping[str, str], chambers: Sequence[ChamberVotes]
) -> JointLoo | None:
    """Compare the leave-one-out of the joint model with that of the separate fits; return None without a joint fit."""
    from ..checking.joint_loo import joint_against_separate
    from ..checking.loo_store import read_loo
    from ..votes.matching import shared_bills

    if Unit.JOINT not in fits:
        return None
    found = {}
    for path in paths:
        read = read_loo(path)
        unit = Unit(read.facts["unit"])
        if read.facts["spec_hash"] != hashes.get(unit):
            raise UserError(f"{path}: belongs to another fit than this experiment's; delete it and run `check` again")
        found[unit] = read
    if missing := set(Unit) - set(found):
        raise UserError(f"no leave-one-out of {', '.join(sorted(missing))}: name the loo.nc of every fit (--loo)")
    specs = {unit: fit.spec for unit, fit in fits.items()}
    tied = shared_bills(*chambers) if specs[Unit.JOINT].get("bridges") == DRIFT else None
    return joint_against_separate(found[Unit.JOINT], [found[unit] for unit in Unit.JOINT.starts], specs, tied)


def _linking(
    fits: Mapping[Unit, _Fit], chambers: Sequence[ChamberVotes], loo: JointLoo | None, rule: SeatRule
) -> Linking:
    import pandas as pd

    from ..linking.bridge_table import moved_bills
    from ..linking.build import Joint, build_linking, not_linked
    from ..linking.chamber_draws import ChamberDraws
    from ..votes.matching import merged_bills, shared_bills
    from ..votes.unit_votes import make_unit

    if len(chambers) < 2:
        return not_linked(chambers[0].session, f"only the {chambers[0].chamber} was fitted")
    house, senate = (make_unit([votes]).parts[0].votes for votes in chambers)
    draws = ChamberDraws(**fits[Unit.HOUSE].draws), ChamberDraws(**fits[Unit.SENATE].draws)
    joint = None
    if loo is not None:
        fit, shared = fits[Unit.JOINT], shared_bills(house, senate)
        merged = merged_bills(fit.items)
        named = shared["bill"].isin(merged).map({True: "merged", False: "freed"})
        bridge = pd.DataFrame({"bridge": named})
        if fit.spec.get("bridges") == DRIFT:
            bridge = moved_bills(fit.draws, fit.items, shared).assign(bridge="tied")
        joint = Joint(fit.draws["xi"], loo, bridge.set_axis(shared["bill"]))
    return build_linking((house, senate), draws, joint, rule)


def _fitted(fits: Mapping[Unit, _Fit], chambers: Sequence[ChamberVotes]) -> list[FittedChamber]:
    """Return each chamber as fitted by its own model, and as fitted by the joint model where there is one."""
    from ..linking.axis_tables import FittedChamber
    from ..votes.matching import join_chambers, merged_bills

    out = []
    for votes in chambers:
        own = fits[Unit(votes.chamber)].draws
        out.append(FittedChamber(Unit(votes.chamber), votes, own["xi"], own["beta"]))
    if Unit.JOINT in fits:
        both = fits[Unit.JOINT].draws
        joined = join_chambers(*chambers, merged=merged_bills(fits[Unit.JOINT].items))
        cut = joined.house.n_legislators
        for votes, item, xi in (
            (joined.house, joined.house_item, both["xi"][:, :cut]),
            (joined.senate, joined.senate_item, both["xi"][:, cut:]),
        ):
            out.append(FittedChamber(Unit.JOINT, votes, xi, both["beta"][:, item]))
    return out
