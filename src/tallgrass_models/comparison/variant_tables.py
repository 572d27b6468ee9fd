"""Tables of single experiments: cost, party share of the variance, and parties."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..files.columns.comparison import COST, PARTIES, SHARES
from .variants import Variant


def cost_table(variants: Sequence[Variant]) -> pd.DataFrame:
    """Convergence and cost of every fit; ESS is the least bulk ESS of an ideal point."""
    rows = []
    for variant in variants:
        for unit, block in variant.units.items():
            row = {name: block.get(name) for name in COST.names}
            ess, seconds = block["ess_xi_min"], block["sampling_time_s"]
            row |= {"experiment": variant.name, "unit": unit, "converged": block["convergence_ok"]}
            row["ess_per_s"] = ess / seconds if ess is not None and seconds > 0 else None
            row["gradients_per_ess"] = block["gradients"] / ess if ess else None
            rows.append(row)
    return pd.DataFrame(rows, columns=COST.names)


def share_table(variants: Sequence[Variant]) -> pd.DataFrame:
    """Variance share of party in every fit. It has no unit: variants and sessions may be compared."""
    rows = [
        {
            "experiment": variant.name,
            "unit": unit,
            "chamber": share["chamber"],
            **{f"share_{name}": share[name] for name in ("mean", "q05", "q95")},
        }
        for variant in variants
        for unit, block in variant.units.items()
        for share in block["icc"]
    ]
    return pd.DataFrame(rows, columns=SHARES.names)


def party_table(variants: Sequence[Variant]) -> pd.DataFrame:
    """Averages and spreads of the members of each party in every fit, and of the populations of its model."""
    tables = [
        table["parties"].assign(experiment=variant.name, unit=unit)
        for variant in variants
        for unit, table in variant.tables.items()
    ]
    return pd.concat(tables)[PARTIES.names]
