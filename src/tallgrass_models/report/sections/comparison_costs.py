"""Parts of the comparison page that need no pair of experiments: cost and sensitivity."""

from __future__ import annotations

from collections.abc import Mapping

from ..files.rows import Row
from ..page import fields
from ..page.fields import Field
from ..page.parts import Part, missing
from .priors import QUANTITIES

TableRows = Mapping[str, list[Row]]


def cost_parts(rows: TableRows) -> list[Part]:
    """Convergence, time and efficiency of every fit."""
    found = rows.get("cost")
    if not found:
        return [missing("Convergence and cost are missing (cost.csv).")]
    shown = [Row({**row, "state": "✓" if row["converged"] else "✗ NOT converged"}, row.source) for row in found]
    columns = [
        *pair_columns(),
        fields.words("Converged", "state"),
        fields.number("Worst R-hat of members", "rhat_xi_max", 3),
    ]
    columns += [fields.whole("Least ESS of members", "ess_xi_min"), fields.whole("Divergences", "divergences")]
    columns += [fields.number("Sampling, s", "sampling_time_s", 1), fields.whole("Gradients", "gradients")]
    columns += [
        fields.number("ESS per second", "ess_per_s", 1),
        fields.number("Gradients per ESS", "gradients_per_ess", 1),
    ]
    return [fields.table("cost-table", "Every fit", shown, columns, interactive=True)]


def sensitivity_parts(rows: TableRows) -> list[Part]:
    """Power-scaling sensitivity, variant by variant."""
    found = rows.get("sensitivity")
    if not found:
        return [missing("Sensitivity to the priors was not computed (sensitivity.csv).")]
    shown = [Row({**row, "what": QUANTITIES.get(row["quantity"], row["quantity"])}, row.source) for row in found]
    columns = [*pair_columns(), fields.words("Quantity", "what", True), fields.chamber(), fields.party()]
    columns += [fields.words("Part of the model", "component", True), fields.number("Sensitivity", "sensitivity", 3)]
    columns += [fields.words("Diagnosis", "diagnosis", True)]
    title = "How much each quantity depends on each part of the model"
    return [fields.table("sensitivity-table", title, shown, columns, interactive=True)]


def pair_columns() -> list[Field]:
    """Return the columns that say which experiment and which fit a row is about."""
    return [fields.words("Experiment", "experiment", True), fields.chamber("unit", "Model", True)]
