"""Rules for when left and right can be read from a fit, and the units of its positions."""

from __future__ import annotations

from ...files.forms import UNDECIDED
from ..files.data import UnitResults


def open_sides(unit: UnitResults) -> str:
    """Return why it is open on which side each party sits; empty if it is not."""
    return str(unit.get("sides", "reason") or "no reason recorded") if unit.get("sides", "form") == UNDECIDED else ""


def settled(unit: UnitResults) -> bool | None:
    """Return whether the chains passed every gate, apart from open sides; None if it was not recorded."""
    ok, reason = unit.get("convergence", "ok"), open_sides(unit)
    return True if reason and unit.get("convergence", "failures") == [reason] else ok


def one_mode(unit: UnitResults) -> bool:
    """Return whether no chain is known to be in another mode than the others."""
    return unit.get("chain_modes", "verdict") in (None, "one mode")
