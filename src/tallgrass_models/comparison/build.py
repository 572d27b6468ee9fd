"""comparison.json and its tables, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ..config.sampling import SamplingConfig
from ..files.columns import comparison as columns
from ..votes.matrix import ChamberVotes
from ..votes.unit import Unit
from . import bills, common, members, predictive, sentences, variant_tables, variants
from .drivers import drivers
from .same_models import same_models
from .seen import Fitted, SeenVotes, seen_votes
from .variants import Group, Variant, group_variants
from .verdict import Evidence, give_verdict

_SCHEMA_VERSION = 1
Votes = Mapping[str, Sequence[ChamberVotes]]


def compare(compared: Sequence[Variant], votes: Votes) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Compare the variants of a sweep.

    Parameters
    ----------
    compared
        The finished experiments, in the order of the configuration.
    votes
        `Variant.folder` to the votes of its chambers, House first.

    Returns
    -------
    content : dict
        comparison.json.
    tables : dict of DataFrame
        ``configuration``, ``cost``, ``agreement``, ``members``, ``drivers``, ``parties``, ``shares``, ``bills``,
        ``predictive``, ``predictive_parts``, ``sensitivity``.
    """
    groups = group_variants(compared)
    shared = _in_common(groups, votes)
    differences = variants.configuration(compared)
    tables = {
        "configuration": pd.DataFrame(
            [
                {"key": row["key"], "experiment": name, "value": text}
                for row in differences
                for name, text in row["values"].items()
            ],
            columns=columns.CONFIGURATION.names,
        ),
        "cost": variant_tables.cost_table(compared),
        "parties": variant_tables.party_table(compared),
        "shares": variant_tables.share_table(compared),
        "sensitivity": predictive.sensitivity_table(compared),
        **_pairs(groups, votes, shared),
    }
    verdicts = [
        {"group": group.session, **_verdict(group.reference, other, tables, shared)}
        for group in groups
        for other in group.others
    ]
    same = same_models(
        {v.name: {unit: block.get("model_fingerprint") for unit, block in v.units.items()} for v in compared}
    )
    content = {
        "schema_version": _SCHEMA_VERSION,
        "experiments": [_entry(variant, group) for group in groups for variant in (group.reference, *group.others)],
        "groups": [_group(group, len(groups)) for group in groups],
        "configuration": differences,
        "common": [row for _, _, row in shared.values()],
        "verdict": verdicts,
        "same_models": [{"unit": unit, "experiments": names} for unit, names in same],
        "summary": [*_summary(groups, verdicts), *(_same(unit, names) for unit, names in same)],
    }
    return content, tables


#: By experiment and unit: what both have of it, and the counts. Only where filters or selections differ.
_Shared = Mapping[tuple[str, Unit], tuple[Variant, Variant, dict[str, Any]]]


def _in_common(groups: Sequence[Group], votes: Votes) -> _Shared:
    """Return what two variants with different filters or selections both used, for each such pair and unit."""
    out = {}
    for group in groups:
        own = group.reference
        for other, unit in group.pairs():
            if other.filters != own.filters and not _apart(own, other, unit):
                common.check_source(votes[own.folder], votes[other.folder])
                ours, theirs, counts = common.in_common(own, other, unit)
                row = {**_names(group, other, unit), **counts}
                out[other.name, unit] = ours, theirs, {**row, "text": common.words(row, _differ(own, other))}
    return out


def _apart(reference: Variant, other: Variant, unit: Unit) -> bool:
    """Tell whether two variants used no vote in common, as where one selects passage votes and the other all else."""
    here = reference.loo[unit], other.loo[unit]
    return other.filters[2] != reference.filters[2] and not common.any_in_common(*here)


def _differ(reference: Variant, other: Variant) -> str:
    """Say in what the votes of two variants differ."""
    kinds = {"filters": slice(0, 2), "selections of votes": slice(2, None)}
    return " and the ".join(name for name, at in kinds.items() if reference.filters[at] != other.filters[at])


def _names(group: Group, other: Variant, unit: Unit) -> dict[str, str]:
    return {"group": group.session, "unit": unit, "reference": group.reference.name, "experiment": other.name}


def _verdict(reference: Variant, other: Variant, tables: Mapping[str, pd.DataFrame], shared: _Shared) -> dict[str, Any]:
    """Give the verdict on a variant, first naming what it rests on if that is not all that both used."""
    units = [unit for unit in reference.units if unit in other.units]
    apart = [unit for unit in units if _apart(reference, other, unit)]
    said = [row["text"] for (name, _), (_, _, row) in shared.items() if name == other.name]
    said += [f"{unit}: the two used no vote in common, so they are not compared." for unit in apart]
    if apart == units and units:
        text = f"There is no verdict on {other.name}, because it and {reference.name} used no vote in common."
        return {"experiment": other.name, "reference": reference.name, "level": "unknown", "text": text, "reasons": []}
    found = give_verdict(_evidence(reference, other, tables, [unit for unit in units if unit not in apart]))
    return {**found, "reasons": [*said, *found["reasons"]]}


def _pairs(groups: Sequence[Group], votes: Votes, shared: _Shared) -> dict[str, pd.DataFrame]:
    """Make the tables that compare every variant with the reference of its session."""
    first, last = (columns.AGREEMENT, columns.MEMBERS, columns.DRIVERS), (columns.PREDICTIVE, columns.PREDICTIVE_PARTS)
    declared = {table.name: table.names for table in (*first, columns.BILLS, *last)}
    found: dict[str, list[pd.DataFrame]] = {name: [pd.DataFrame(columns=names)] for name, names in declared.items()}
    for group in groups:
        for other, unit in group.pairs():
            if _apart(group.reference, other, unit):
                continue
            names = _names(group, other, unit)
            seen = seen_votes(unit, votes[group.reference.folder])
            pair = group, other
            if (other.name, unit) in shared:
                ours, theirs, _ = shared[other.name, unit]
                pair, seen = (replace(group, reference=ours), theirs), common.seen_in_common(seen, ours.tables[unit])
            for name, table in _pair(*pair, unit, seen, names).items():
                found[name].append(members.labelled(table, names, declared[name]))
    return {
        name: pd.concat(parts if len(parts) == 1 else parts[1:], ignore_index=True) for name, parts in found.items()
    }


def _pair(
    group: Group, other: Variant, unit: Unit, seen: Sequence[SeenVotes], names: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Compare one unit of one variant with the reference."""
    ours, theirs = group.reference.tables[unit], other.tables[unit]
    before_scale, after_scale = (variant.scale(unit) for variant in (group.reference, other))
    same_kind = before_scale["kind"] == after_scale["kind"]
    scale, moved = members.align(ours["ideal_points"], theirs["ideal_points"], same_kind)
    turns = members.Turns(before_scale["turned"], after_scale["turned"])
    before = Fitted(ours["bills"], ours["parties"])
    after = Fitted(theirs["bills"], theirs["parties"]).on(scale)
    loo = group.reference.loo[unit], other.loo[unit]
    return {
        "agreement": pd.DataFrame(members.agreement(moved, scale, turns)),
        "members": moved,
        "drivers": drivers(moved, seen, before, after),
        "bills": bills.compare_bills(ours["bills"], theirs["bills"], scale),
        "predictive": pd.DataFrame([predictive.predictive_row(*loo)]),
        "predictive_parts": predictive.predictive_parts(*loo),
    }


def _evidence(
    reference: Variant, other: Variant, tables: Mapping[str, pd.DataFrame], common: Sequence[Unit]
) -> Evidence:
    def of_pair(name: str) -> pd.DataFrame:
        return tables[name][tables[name]["experiment"] == other.name]

    shares = tables["shares"]
    return Evidence(
        other.name,
        reference.name,
        [
            said
            for variant in (reference, other)
            for unit in common
            for said in sentences.unreadable(
                f"{variant.name}/{unit}", variant.units[unit]["convergence_ok"], variant.verdicts(unit)
            )
        ],
        of_pair("agreement"),
        of_pair("members"),
        of_pair("bills"),
        of_pair("predictive"),
        shares[shares["experiment"].isin([reference.name, other.name])],
        {
            (unit, chamber): (found, other.verdicts(unit)[chamber])
            for unit in common
            for chamber, found in reference.verdicts(unit).items()
            if chamber in other.verdicts(unit)
        },
    )


def _entry(variant: Variant, group: Group) -> dict[str, Any]:
    sampling = variant.metrics["config"]["sampling"]
    settings = SamplingConfig(**sampling).describe()
    return {
        "experiment": variant.name,
        "description": variant.metrics["description"],
        "session": variant.session,
        "sampling": settings,
        "converged": variant.metrics["convergence_ok"],
        "reference": variant is group.reference,
        "group": group.session,
    }


def _group(group: Group, n_groups: int) -> dict[str, Any]:
    note = f"Members and bills of session {group.session} are compared with those of {group.reference.name}."
    if not group.others:
        note = f"{group.reference.name} is the only experiment on session {group.session}, so it is compared with none."
    if any(other.filters != group.reference.filters for other in group.others):
        note += " If filters or selections differ, the comparison covers what both variants used."
    if n_groups > 1:
        note += (
            " Across sessions, only settings, convergence, cost and the party share of the variance are shown side by "
            "side, because members, bills and scales differ."
        )
    return {
        "group": group.session,
        "reference": group.reference.name,
        "experiments": [variant.name for variant in (group.reference, *group.others)],
        "chambers": list(group.reference.metrics["chambers"]),
        "note": note,
    }


def _same(unit: Unit, names: Sequence[str]) -> str:
    return (
        f"{', '.join(names[:-1])} and {names[-1]} have the same model of {unit}, by its fingerprint."
        " They differ there only in how it was sampled."
    )


def _summary(groups: Sequence[Group], verdicts: Sequence[Mapping[str, Any]]) -> list[str]:
    n = sum(1 + len(group.others) for group in groups)
    sessions = f"{len(groups)} session" + ("s" if len(groups) > 1 else "")
    first = f"{n} experiment{'s' if n > 1 else ''} on {sessions}."
    return [first, *(str(verdict["text"]) for verdict in verdicts)]
