"""Joint fits that do not merge the same bills, on the items that they have in common: the roll calls."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..files.records.comparison import BridgesCompared
from ..votes.unit import Unit
from ..votes.vocabulary import SAME
from .variants import Group, Variant


def differ_in_bridges(group: Group) -> bool:
    """Tell whether a joint fit of the group may merge other bills than another one."""
    return any(
        variant.metrics["config"]["joint"].get("bridges", SAME) != SAME
        for variant in (group.reference, *group.others)
        if Unit.JOINT in variant.units
    )


def by_roll_call(group: Group) -> Group:
    """Return the group with a row for each roll call in the tables of joint fits, whatever bills each fit merges."""
    if not differ_in_bridges(group):
        return group
    return replace(group, reference=_expanded(group.reference), others=tuple(map(_expanded, group.others)))


def bridges_compared(group: Group) -> list[BridgesCompared]:
    """Return a row for each joint fit of a group in which these differ in bridges, else none."""
    if not differ_in_bridges(group):
        return []
    variants = (group.reference, *group.others)
    return [_row(group, variant) for variant in variants if Unit.JOINT in variant.units]


def _row(group: Group, variant: Variant) -> BridgesCompared:
    bridges, across = variant.units[Unit.JOINT]["bridges"], variant.metrics["house_vs_senate"]
    predictive = variant.metrics["joint_vs_separate"]
    right = across["p_senate_right"] if across else {}
    return {
        "group": group.session,
        "experiment": variant.name,
        "kind": bridges["kind"],
        "n_shared": bridges["n_shared"],
        "n_freed": bridges["n_freed"],
        "tau_alpha": bridges["tau_alpha"],
        "tau_beta": bridges["tau_beta"],
        "delta": bridges["delta"],
        "elpd_diff": predictive and predictive["elpd_diff"],
        "se": predictive and predictive["se"],
        "p_senate_right": {name: row["joint"] for name, row in right.items()},
    }


def _expanded(variant: Variant) -> Variant:
    """Give both roll calls of a merged bill the parameters of the bill."""
    if Unit.JOINT not in variant.units:
        return variant
    own, tables = variant.loo[Unit.JOINT], variant.tables[Unit.JOINT]
    calls = own.obs.rollcalls
    name = (calls["chamber"] + ":" + calls["rollcall"]).to_numpy(object)
    bills = tables["bills"].set_index("vote").loc[calls["vote"].to_numpy(object)].reset_index(drop=True)
    bills.insert(0, "vote", name)
    bills["chambers"] = calls["chamber"].to_numpy()
    obs = replace(own.obs, item=own.obs.rollcall, rollcalls=calls.assign(vote=name, item=np.arange(len(calls))))
    return replace(
        variant,
        tables={**variant.tables, Unit.JOINT: {**tables, "bills": bills}},
        loo={**variant.loo, Unit.JOINT: replace(own, obs=obs)},
    )
