"""The section on convergence: every gate of every block, and who failed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from . import cells
from .cells import text_column
from .data import Report, UnitResults
from .findings import block_name, where_name
from .parts import Bullets, Cell, Column, Heading, Part, Table, Text, Value, missing
from .words import NOT_KNOWN, count, listed, number, percent, unit_title


def convergence_parts(report: Report) -> list[Part]:
    """Gates, then unit by unit: the blocks, the failures in sentences, divergences and E-BFMI."""
    parts: list[Part] = [Text(_gates_text(report))]
    for name in report.config.units:
        parts.append(Heading(f"convergence-{name}", unit_title(name)))
        unit = report.units.get(name)
        if unit is None:
            parts.append(missing("There are no results of this fit."))
        elif not unit.get("convergence", "blocks"):
            parts.append(missing("This fit’s summary records no convergence statistics."))
        else:
            parts += unit_parts(unit)
    return parts


def _gates_text(report: Report) -> Markup:
    gates = report.config.gates
    return Markup(
        "Several chains explore the posterior from their own random numbers. <b>R-hat</b> compares them: near 1 they "
        "agree, and it must stay below {}. <b>ESS</b> is how many independent draws theirs are worth, in the middle "
        "(bulk) and at the ends of the intervals (tail); it must exceed {}. <b>Divergences</b>, steps where the "
        "sampler lost its way, may not exceed {} of the draws; <b>E-BFMI</b> must exceed {} in every chain."
    ).format(f"{gates.rhat:g}", count(gates.ess), percent(gates.divergence_share, 2), f"{gates.ebfmi:g}")


def unit_parts(unit: UnitResults) -> list[Part]:
    """Everything about one fit."""
    failures = unit.get("convergence", "failures") or []
    parts: list[Part]
    if unit.get("convergence", "ok"):
        parts = [Text("Converged: every gate was passed.", "good")]
    else:
        parts = [
            Text(Markup("<strong>NOT CONVERGED.</strong> What failed:"), "bad"),
            Bullets([str(f) for f in failures] or ["the summary names no reason"]),
        ]
    return [*parts, block_table(unit), Text(_sampler_text(unit))]


def block_table(unit: UnitResults) -> Table:
    """Worst R-hat and least ESS of every block, with the member, bill or party they were found at."""
    columns = [text_column("Parameters")]
    columns += [Column("Size"), _worst("Worst R-hat", "rhat_max"), Column("Above gate")]
    columns += [_worst("Least bulk ESS", "ess_bulk_min"), _worst("Least tail ESS", "ess_tail_min")]
    columns += [Column("Below gate"), text_column("Gate")]
    rows = [_block_row(unit, block) for block in unit.get("convergence", "blocks")]
    caption = f"{unit_title(unit.unit)}: convergence of every parameter block, with the member or bill that is worst"
    note = "Above gate, below gate: how many parameters of the block miss the gate for R-hat, and for either ESS."
    return Table(f"{unit.unit}-convergence", caption, columns, rows, note)


def _worst(title: str, key: str) -> Column:
    return Column(title, keys=(key, f"{key}_where"))


def _block_row(unit: UnitResults, block: Mapping[str, Any]) -> list[Cell]:
    def worst(text: str, key: str, where: str) -> Value:
        shown = Markup('{} <span class="at">{}</span>').format(text, where_name(unit, block.get(where)))
        return Value(shown, (block.get(key), block.get(where)))

    failed = block.get("n_rhat_above") != 0 or block.get("n_ess_below") != 0
    return [
        Value(block_name(block), str(block.get("block"))),
        cells.whole(block.get("size")),
        worst(number(block.get("rhat_max"), 3), "rhat_max", "rhat_where"),
        cells.whole(block.get("n_rhat_above")),
        worst(count(block.get("ess_bulk_min")), "ess_bulk_min", "ess_bulk_where"),
        worst(count(block.get("ess_tail_min")), "ess_tail_min", "ess_tail_where"),
        cells.whole(block.get("n_ess_below")),
        Markup('<span class="fail">✗ failed</span>') if failed else Markup('<span class="pass">✓ passed</span>'),
    ]


def _sampler_text(unit: UnitResults) -> Markup:
    found = unit.get("convergence") or {}
    chains, draws = unit.get("sampling", "chains"), unit.get("sampling", "draws")
    total = f" among {count(chains * draws)} draws" if chains and draws else ""
    fractions = listed([number(v) for v in found.get("ebfmi") or []]) or NOT_KNOWN
    text = Markup("Divergences: {}{} (limit {}). E-BFMI by chain: {}.")
    return text.format(count(found.get("divergences")), total, count(found.get("divergence_limit")), fractions)
