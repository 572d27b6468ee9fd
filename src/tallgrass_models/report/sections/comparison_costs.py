"""Parts of the comparison page about all sessions: the experiments, convergence and cost."""

from __future__ import annotations

from ...files.readable import OF_SAMPLING, Fault
from ...files.records.comparison import Comparison
from ..files.comparison import ComparisonTables
from ..page import fields
from ..page.parts import Part, missing
from .comparison_members import pair_columns


def experiment_parts(content: Comparison) -> list[Part]:
    """Show all experiments with their session, role and convergence."""
    titles = {group["group"]: group["title"] for group in content["groups"]}
    entries = [
        {
            "experiment": entry["experiment"],
            "description": entry["description"],
            "session": titles[entry["group"]],
            "sampling": entry["sampling"],
            "role": "reference" if entry["reference"] else "",
            "state": " ".join(dict.fromkeys(fault["text"] for fault in entry["faults"])) or "✓",
        }
        for entry in content["experiments"]
    ]
    columns = [fields.words("Experiment", "experiment"), fields.title("What it is", "description")]
    columns += [fields.words("Session", "session"), fields.words("Sampling", "sampling")]
    columns += [fields.words("Role", "role"), fields.title("Can left and right be read?", "state")]
    return [fields.table("experiments", "The experiments", entries, columns)]


def cost_parts(content: Comparison, tables: ComparisonTables) -> list[Part]:
    """Show convergence, time and efficiency of every fit."""
    if not tables.cost:
        return [missing("Convergence and cost are missing (cost.csv).")]
    wrong = {
        (entry["experiment"], fault["unit"]): f"✗ {fault['fault']}"
        for entry in content["experiments"]
        for fault in entry["faults"]
        if fault["fault"] in (*OF_SAMPLING, Fault.SIDES_OPEN)
    }
    shown = [
        {**row, "state": wrong.get((row["experiment"], row["unit"]), "✓" if row["converged"] else "✗ not converged")}
        for row in tables.cost
    ]
    columns = [*pair_columns(), fields.words("Gates of convergence", "state")]
    columns += [fields.number("Worst R-hat of members", "rhat_xi_max", 3)]
    columns += [fields.whole("Least ESS of members", "ess_xi_min"), fields.whole("Divergences", "divergences")]
    columns += [fields.number("Sampling, s", "sampling_time_s", 1), fields.whole("Gradients", "gradients")]
    columns += [
        fields.number("ESS per second", "ess_per_s", 1),
        fields.number("Gradients per ESS", "gradients_per_ess", 1),
    ]
    return [fields.table("cost-table", "Every fit", shown, columns, folded=len(shown) > 12, interactive=True)]
