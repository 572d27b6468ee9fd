"""Rules for when left and right can be read from a fit, and the units of its positions."""

from __future__ import annotations

from ...files.forms import UNDECIDED
from ...wording.numbers import number
from ..files.data import UnitResults
from ..page.words import unit_title


def open_sides(unit: UnitResults) -> str:
    """Return why it is open on which side each party sits; empty if it is not."""
    return str(unit.get("sides", "reason") or "no reason recorded") if unit.get("sides", "form") == UNDECIDED else ""


def sides_in_doubt(unit: UnitResults) -> str:
    """Return why it is open on which side each party sits, in the words of the page; empty if it is not.

    The fit's own reason gives the difference of the log evidences, which may be large: the order of two parties is
    also in doubt where their means in the model nearly coincide.
    """
    reason, gap, close = open_sides(unit), unit.get("sides", "sides", "gap"), unit.get("sides", "sides", "close")
    if not reason or gap is None or close is None:
        return reason
    if gap < close:
        return (
            f"the votes hardly tell on which side each party sits (the log evidence of the best assignment is only "
            f"{number(gap, 1)} above that of the next), and only the better one was sampled"
        )
    return (
        "the means of the two parties in the model nearly coincide in at least one chamber, so that their order is in "
        "doubt, and only one order was sampled"
    )


def settled(unit: UnitResults) -> bool | None:
    """Return whether the chains passed every gate, apart from open sides; None if it was not recorded."""
    ok, reason = unit.get("convergence", "ok"), open_sides(unit)
    return True if reason and unit.get("convergence", "failures") == [reason] else ok


def modes_text(unit: UnitResults) -> str:
    """Return what is said of the modes of the chains, with the chambers called by their names."""
    text = str(unit.get("chain_modes", "text"))
    for chain in unit.get("chain_modes", "chains") or []:
        if where := chain.get("where"):  # the text names no member and no bill, so nothing else can be meant
            named = " and the ".join(unit_title(chamber) for chamber in where.split(", "))
            text = text.replace(f"is mirrored in the {where},", f"is mirrored in the {named},")
    return text


def one_mode(unit: UnitResults) -> bool:
    """Return whether no chain is known to be in another mode than the others."""
    return unit.get("chain_modes", "verdict") in (None, "one mode")
