"""Names of parameter blocks for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from ..files.data import UnitResults
from ..page.people import named
from ..page.words import unit_title
from .bill_tables import bill_name

#: The parameter blocks of the models, in words.
BLOCKS = {
    "xi": "ideal points",
    "xi2": "places on the second dimension",
    "mu_party": "party means",
    "sigma_within": "spreads within the parties",
    "alpha": "difficulties of bills",
    "beta": "discriminations of bills",
    "beta2": "slopes of bills on the second dimension",
    "mu_global": "overall mean",
    "mu_chamber": "chamber means",
    "mu_group": "means of the parties in each chamber",
    "sigma_chamber": "spread between chambers",
    "sigma_party": "spread between parties",
    "discrimination": "the one discrimination",
    "gamma": "coefficients of the covariates",
    "eps": "probability of a random vote",
    "log_density": "log density of a draw",
}


def block_name(block: Mapping[str, Any]) -> Markup:
    """Return a block in words, with its symbol in the code."""
    name = str(block.get("block"))
    return Markup("{} (<code>{}</code>)").format(BLOCKS[name], name) if name in BLOCKS else named(name)


def element_name(unit: UnitResults, block: str, element: str) -> str:
    """Return the name for people of the element of a block that mixed worst, as text."""
    blocks = unit.get("convergence", "blocks") or []
    found = next((b for b in blocks if b.get("block") == block and b.get("rhat_name") == element), None)
    shown = where_name(unit, found.get("rhat_where")).striptags() if found else ""
    return shown or element


def where_name(unit: UnitResults, where: str | None) -> Markup:
    """Return the member, bill or party to which an element of a block belongs."""
    if not where:
        return Markup("")
    member = next((m for m in unit.members or () if m.legislator == where), None)
    if member:
        return Markup("{} ({}, {})").format(named(member.name), unit_title(member.chamber), named(member.party))
    bill = next((b for b in unit.bills or () if b.vote == where), None)
    if bill and bill.bill and bill.bill not in where:
        return Markup("{} (roll call {})").format(named(bill_name(bill)), named(where))
    return named(", ".join(unit_title(part) for part in where.split(", ")))
