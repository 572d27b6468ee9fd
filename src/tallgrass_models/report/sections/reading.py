"""Rules for when left and right can be read from a fit, and the units of its positions."""

from __future__ import annotations

from ...files.forms import CLOSE, DOUBTS, UNDECIDED, UNKNOWN
from ...wording.numbers import number
from ..files.data import UnitResults
from ..page.words import unit_title


def open_sides(unit: UnitResults) -> str:
    """Return why it is open on which side each party sits; empty if it is not."""
    return str(unit.get("sides", "reason") or "no reason recorded") if unit.get("sides", "form") == UNDECIDED else ""


def sides_in_doubt(unit: UnitResults) -> str:
    """Return why it is open on which side each party sits, in the words of the page; empty if it is not.

    The fit's own reason gives the difference of the log evidences, which may be large: the order of two parties is
    also in doubt where that difference has a large error, or where their means in the model nearly coincide.
    """
    reason, gap, doubt = open_sides(unit), unit.get("sides", "sides", "gap"), unit.get("sides", "sides", "doubt")
    if not reason or gap is None or doubt not in DOUBTS:
        return reason
    if doubt == UNKNOWN:
        return (
            "the log evidence of the ways in which the parties may sit is known too poorly to tell which is the best, "
            "and only the one that looks best was sampled"
        )
    if doubt == CLOSE:
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
