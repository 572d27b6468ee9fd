"""Tables of the sampler, the versions and the machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...wording.numbers import NOT_KNOWN, count, number
from ..files.data import Report
from ..page.columns import text_column
from ..page.parts import Table
from ..page.people import named
from ..page.words import duration, unit_title


def sampler_table(report: Report) -> Table:
    """Show how each fit was sampled, as recorded by the sampler."""
    units = list(report.units.values())
    shown = {
        "Sampler": ("sampler", str),
        "Chains": ("chains", count),
        "Tuning draws per chain": ("tune", count),
        "Draws per chain": ("draws", count),
        "Draws asked for": ("draws_asked", str),
        "Target acceptance": ("target_accept", lambda v: f"{v:g}"),
        "Seed": ("seed", str),
        "Seeds of the chains": ("chain_seeds", lambda v: ", ".join(map(str, v))),
        "Cores": ("cores", count),
        "Sampling time": ("time_s", duration),
        "Compiling": ("compile_s", duration),
        "Gradient evaluations": ("gradients", count),
        "Mean tree depth": ("mean_tree_depth", lambda v: number(v, 1)),
        "Divergences": ("divergences", count),
    }
    rows = [[label, *(_shown(u.get("sampling", key), how) for u in units)] for label, (key, how) in shown.items()]
    rows.append(["Hash of the votes", *(_shown(u.get("data_hash"), _hashes) for u in units)])
    rows.append(["Hash of the settings", *(_shown(u.get("spec_hash"), str) for u in units)])
    rows.append(["Fingerprint of the model code", *(_shown(u.get("model_fingerprint"), str) for u in units)])
    columns = [text_column("Setting"), *(text_column(unit_title(u.unit)) for u in units)]
    return Table("sampler", "How each model was sampled, and from what", columns, rows)


def version_table(report: Report) -> Table:
    """Versions of the packages each fit ran on."""
    units = list(report.units.values())
    packages = sorted({name for u in units for name in u.get("fit_versions") or {}}, key=str.lower)
    rows = [[name, *(str((u.get("fit_versions") or {}).get(name, NOT_KNOWN)) for u in units)] for name in packages]
    columns = [text_column("Package"), *(text_column(unit_title(u.unit)) for u in units)]
    return Table("versions", "Versions of the software that made the draws", columns, rows, folded=True)


def platform_table(snapshot: Mapping[str, Any]) -> Table:
    """Show what the machine looked like."""
    rows = [[key.replace("_", " "), named(_plain(value), 300)] for key, value in snapshot.items()]
    return Table("platform", "The machine", [text_column("Property"), text_column("Value")], rows, folded=True)


def _hashes(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _shown(value: Any, how: Any) -> str:
    return NOT_KNOWN if value is None else str(how(value))


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={_plain(v)}" for key, v in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "none"
    return NOT_KNOWN if value is None else str(value)
