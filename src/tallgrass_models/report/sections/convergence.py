"""The section on convergence: every gate of every block, and who failed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ...wording.numbers import NOT_KNOWN, count, number, percent
from ..files.data import Report, UnitResults
from ..files.rows import Row, as_row
from ..page import cells, fields
from ..page.columns import text_column
from ..page.language import listed, plural, sentence
from ..page.parts import Bullets, Cell, Column, Figure, Part, Table, Text, Value, missing
from ..page.plots import Curve, Words, histograms
from ..page.words import unit_title
from . import withholding
from .blocks import BLOCKS, block_name, element_name, where_name
from .reading import modes_text, open_sides, settled, sides_in_doubt


def gates_text(report: Report) -> Markup:
    """Explain the statistics of convergence, and the gates of this experiment."""
    gates = report.config.gates
    return Markup(
        "Several chains explore the posterior, each with its own random numbers. <b>R-hat</b> compares them. Near 1 "
        "they agree, and it must stay below {}. <b>ESS</b> says how many independent draws theirs are worth, in the "
        "middle (bulk) and at the ends of the intervals (tail). It must exceed {}. <b>Divergences</b> are steps on "
        "which the sampler lost its way. They may not exceed {} of the draws. <b>E-BFMI</b> must exceed {} in every "
        "chain."
    ).format(f"{gates.rhat:g}", count(gates.ess), percent(gates.divergence_share, 2), f"{gates.ebfmi:g}")


def convergence_parts(unit: UnitResults) -> list[Part]:
    """Show the verdict with what failed, the blocks, the chains, rank plots, energy and divergences of one fit."""
    if not unit.get("convergence", "blocks"):
        return [missing("This fit’s summary records no convergence statistics.")]
    failures = unit.get("convergence", "failures") or []
    parts: list[Part]
    if unit.get("convergence", "ok"):
        parts = [Text("Converged: the fit passed every gate.", "good")]
    elif settled(unit):
        parts = [Text(withholding.sides_open(unit_title(unit.unit), sides_in_doubt(unit)), "bad")]
    else:
        parts = [
            Text(Markup("<strong>NOT CONVERGED.</strong> What failed:"), "bad"),
            Bullets([str(f) for f in failures] or ["the summary names no reason"]),
            Text(_more_draws(unit)),
        ]
    parts += [*_sides_parts(unit), _block_table(unit), Text(_sampler_text(unit)), *_chain_parts(unit)]
    ranks, energy = _rank_figure(unit), _energy_figure(unit)
    parts.append(ranks or missing("Rank plots are missing (chain_ranks.csv)."))
    parts.append(energy or missing("The energy of the chains is missing (energy.csv)."))
    return parts


def _sides_parts(unit: UnitResults) -> list[Part]:
    """Say by how much the chosen sides of the parties won; nothing in a form that needs no choice."""
    reason, gap = unit.get("sides", "reason"), unit.get("sides", "sides", "gap")
    if reason is None or gap is None:
        return []
    text = Markup(
        "The program tried every assignment of the parties to the two sides of the axis. The log evidence of the best "
        "one is {} above that of the next. {}"
    )
    return [Text(text.format(number(gap, 1), sentence(sides_in_doubt(unit) or str(reason))))]


def _more_draws(unit: UnitResults) -> Markup:
    if open_sides(unit):
        return Markup("More draws do not help, because it is open on which side each party sits.")
    draws, minutes = unit.get("convergence", "draws_needed"), unit.get("convergence", "minutes_needed")
    if draws is None:
        return Markup("It is not known whether more draws would help. Look at the chains below.")
    took = "" if minutes is None else f", about {number(minutes, 1)} minutes"
    return Markup("About {} draws per chain would pass{}.").format(count(draws), took)


def _chain_parts(unit: UnitResults) -> list[Part]:
    """Show whether all chains found the same mode, chain by chain."""
    found = unit.get("chain_modes")
    if not found:
        return [missing("The results do not record whether the chains found one mode.")]
    found = as_row(found, "summary.json, chain_modes")
    rows = [
        Row(
            {
                **c,
                "number": str(c["chain"] + 1),
                "where": ", ".join(unit_title(chamber) for chamber in c["where"].split(", ")),
                "gaps": _by_chamber(c["party_gap"]),
                "r": _by_chamber(c["correlation"]),
            },
            c.source,
        )
        for c in found["chains"]
    ]
    columns = [fields.words("Chain", "number"), fields.words("Verdict", "verdict"), fields.words("Where", "where")]
    columns += [fields.words("Between the parties", "gaps"), fields.words("Correlation with the reference chain", "r")]
    columns += [fields.number("Mean log density", "mean_lp", 1)]
    title = f"{unit_title(unit.unit)}: did all chains find the same mode?"
    tone = "plain" if found["verdict"] == "one mode" else "bad"
    note = (
        "The reference chain is the one with the Republicans furthest right of the Democrats, on the model’s own "
        "scale. The correlation is that of the members’ average ideal points."
    )
    return [Text(sentence(modes_text(unit)), tone), fields.table(f"{unit.unit}-chains", title, rows, columns, note)]


def _by_chamber(values: Mapping[str, float | None]) -> str:
    if len(values) == 1:
        return number(next(iter(values.values())))
    return ", ".join(f"{unit_title(chamber)} {number(value)}" for chamber, value in values.items())


def _rank_figure(unit: UnitResults) -> Figure | None:
    """Ranks of the draws by chain, for the least well mixed element of each block; None without chain_ranks.csv."""
    rows = unit.rows.get("chain_ranks")
    if not rows:
        return None
    panels = {}
    for block, element in dict.fromkeys((row["block"], row["element"]) for row in rows):
        here = [row for row in rows if (row["block"], row["element"]) == (block, element)]
        title = (
            f"{BLOCKS.get(block, block)}: {element_name(unit, block, element)}" if element else BLOCKS.get(block, block)
        )
        panels[title] = _by_chain(here, "rank", "share")
    alt = (
        f"Rank plots, {unit_title(unit.unit)}: how the draws of each chain rank among all draws, for "
        f"{plural(len(panels), 'parameter')}. Even heights mean that the chains agree."
    )
    caption = (
        "Where each chain’s draws rank among all, for the parameter of each block that mixed worst. Chains that agree "
        "run level along the dashed line. One that leans has other values than the others."
    )
    title = f"{unit_title(unit.unit)}: how the draws of each chain rank among all draws"
    limits = {"xlim": (0, 1), "ylim": (0, 2)}
    words = Words(f"{unit.unit}-rank-plots", alt, caption, "rank among all draws", "", limits, title)
    return histograms(words, panels, level=1.0)


def _energy_figure(unit: UnitResults) -> Figure | None:
    """Energy, and its change from draw to draw, by chain; None without energy.csv."""
    rows = unit.rows.get("energy")
    if not rows:
        return None
    panels = {
        f"chain {chain + 1:.0f}": [
            Curve(name, [r["energy"] for r in here], [r[key] for r in here])
            for name, key in (("energy", "marginal"), ("its change in a step", "change"))
        ]
        for chain in dict.fromkeys(row["chain"] for row in rows)
        for here in [[row for row in rows if row["chain"] == chain]]
    }
    alt = (
        f"Energy, {unit_title(unit.unit)}: distribution of the energy and of its change in a step for "
        f"{plural(len(panels), 'chain')}; the closer the two, the freer the sampler moves."
    )
    caption = "A change much narrower than the energy itself means that the sampler moves slowly (low E-BFMI)."
    title = f"{unit_title(unit.unit)}: energy of the draws of each chain, and its change in a step"
    return histograms(Words(f"{unit.unit}-energy", alt, caption, "energy, from its mean", "", title=title), panels)


def _by_chain(rows: Sequence[Row], x: str, y: str) -> list[Curve]:
    chains = dict.fromkeys(row["chain"] for row in rows)
    return [
        Curve(f"chain {chain + 1:.0f}", *([r[key] for r in rows if r["chain"] == chain] for key in (x, y)))
        for chain in chains
    ]


def _block_table(unit: UnitResults) -> Table:
    """Worst R-hat and least ESS of every block, with the member, bill or party they were found at."""
    columns = [text_column("Parameters")]
    columns += [
        Column("Size"),
        _worst("Worst R-hat", "rhat_max"),
        Column("Above gate"),
        Column("by chance", keys=("n_rhat_chance",)),
    ]
    columns += [_worst("Least bulk ESS", "ess_bulk_min"), _worst("Least tail ESS", "ess_tail_min")]
    columns += [Column("Below gate"), Column("by chance", keys=("n_ess_chance",)), text_column("Gate")]
    rows = [_block_row(unit, block) for block in unit.get("convergence", "blocks")]
    caption = f"{unit_title(unit.unit)}: convergence of every parameter block, with the member or bill that is worst"
    note = (
        "“Above gate” and “below gate” say how many parameters of the block miss the gate for R-hat and for either "
        "ESS. “By chance” says how many would miss it if all chains agreed."
    )
    return Table(f"{unit.unit}-convergence", caption, columns, rows, note)


def _worst(title: str, key: str) -> Column:
    return Column(title, keys=(key, f"{key}_where"))


def _block_row(unit: UnitResults, block: Mapping[str, Any]) -> list[Cell]:
    def worst(text: str, key: str, where: str) -> Value:
        name = where_name(unit, block.get(where))
        shown = Markup('{} <span class="at">{}</span>').format(text, name)
        return Value(shown, (block.get(key), block.get(where)))

    failed = block.get("n_rhat_above") != 0 or block.get("n_ess_below") != 0
    return [
        Value(block_name(block), str(block.get("block"))),
        cells.whole(block.get("size")),
        worst(number(block.get("rhat_max"), 3), "rhat_max", "rhat_where"),
        cells.whole(block.get("n_rhat_above")),
        cells.num(block.get("n_rhat_chance"), 1),
        worst(count(block.get("ess_bulk_min")), "ess_bulk_min", "ess_bulk_where"),
        worst(count(block.get("ess_tail_min")), "ess_tail_min", "ess_tail_where"),
        cells.whole(block.get("n_ess_below")),
        cells.num(block.get("n_ess_chance"), 1),
        Markup('<span class="fail">✗ failed</span>') if failed else Markup('<span class="pass">✓ passed</span>'),
    ]


def _sampler_text(unit: UnitResults) -> Markup:
    found = unit.get("convergence") or {}
    chains, draws = unit.get("sampling", "chains"), unit.get("sampling", "draws")
    total = f" among {count(chains * draws)} draws" if chains and draws else ""
    fractions = listed([number(v) for v in found.get("ebfmi") or []]) or NOT_KNOWN
    text = Markup("Divergences: {}{} (limit {}). E-BFMI by chain: {}.")
    return text.format(count(found.get("divergences")), total, count(found.get("divergence_limit")), fractions)
