"""comparison.json and its tables, put together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace

import pandas as pd

from ..config.sampling import SamplingConfig
from ..files.columns import comparison as columns
from ..files.records import comparison as records
from ..files.records.specs import FollowSpec
from ..votes.matrix import ChamberVotes
from ..votes.unit import Unit
from ..wording.numbers import plural
from . import answers, bills, common, held_out, members, predictive, sentences, variant_tables, variants
from .drivers import drivers
from .evidence import evidence
from .followed import followed
from .roll_calls import bridges_compared, by_roll_call, differ_in_bridges
from .same_models import same_models
from .schema import check
from .seen import Fitted, SeenVotes, seen_votes
from .specifications import curves
from .variants import Group, Variant, group_variants
from .verdict import Found, give_verdict
from .words import Pair, Where, capital, fault_words

Votes = Mapping[str, Sequence[ChamberVotes]]


def compare(
    compared: Sequence[Variant], votes: Votes, follow: Sequence[FollowSpec] = ()
) -> tuple[records.Comparison, dict[str, pd.DataFrame]]:
    """Compare the variants of a sweep.

    Parameters
    ----------
    compared
        The finished experiments, in the order of the configuration.
    votes
        `Variant.folder` to the votes of its chambers, House first.
    follow
        Members whose positions are followed, by the experiments that ask.

    Returns
    -------
    content : Comparison
        comparison.json, checked against its schema.
    tables : dict of DataFrame
        ``configuration``, ``cost``, ``agreement``, ``members``, ``drivers``, ``parties``, ``shares``, ``bills``,
        ``predictive``, ``predictive_parts``, ``held_out_differences``, ``sensitivity``.

    Raises
    ------
    UserError
        If variants cannot be compared, or a name in ``follow`` fits no member, or two.
    """
    groups = [by_roll_call(group) for group in group_variants(compared)]
    members_followed = followed(groups, follow)
    apart = {(other.name, unit) for group in groups for other, unit in group.pairs() if _apart(group, other, unit)}
    shared = _in_common(groups, votes, apart)
    differences = variants.configuration(compared)
    tables = {
        "configuration": _configuration(differences),
        "cost": variant_tables.cost_table(compared),
        "parties": variant_tables.party_table(compared),
        "shares": variant_tables.share_table(compared),
        "sensitivity": predictive.sensitivity_table(compared),
        **_pairs(groups, votes, shared, apart),
        "held_out_differences": held_out.differences(groups),
    }
    found = {group.session: _verdicts(group, tables, shared, apart) for group in groups}
    answered = [_group(group, found[group.session], len(groups)) for group in groups]
    same = same_models(
        {v.name: {unit: block.get("model_fingerprint") for unit, block in v.units.items()} for v in compared}
    )
    content: records.Comparison = {
        "schema_version": records.SCHEMA_VERSION,
        "experiments": [_entry(variant, group) for group in groups for variant in (group.reference, *group.others)],
        "groups": answered,
        "configuration": differences,
        "common": [row for _, _, row in shared.values()],
        "verdict": [verdict for group in groups for verdict, _ in found[group.session]],
        "held_out": held_out.held_out(groups),
        "same_models": [{"unit": unit.value, "experiments": names} for unit, names in same],
        "curves": [
            curve
            for group in groups
            for curve in curves(
                group, tables, [verdict for verdict, _ in found[group.session]], members_followed[group.session]
            )
        ],
        "summary": _summary(answered, [_same(unit, names, compared) for unit, names in same]),
    }
    if rows := [row for group in groups for row in bridges_compared(group)]:
        content["bridges"] = rows
    check(content)
    return content, tables


def _configuration(differences: Sequence[records.Setting]) -> pd.DataFrame:
    rows = [
        {"key": row["key"], "experiment": name, "value": text}
        for row in differences
        for name, text in row["values"].items()
    ]
    return pd.DataFrame(rows, columns=columns.CONFIGURATION.names)


#: By experiment and unit: what both have of it, and the counts. Only where filters or selections differ.
_Shared = Mapping[tuple[str, Unit], tuple[Variant, Variant, records.InCommon]]
#: Experiments and units of which no vote is one of the reference too.
_Apart = Collection[tuple[str, Unit]]


def _apart(group: Group, other: Variant, unit: Unit) -> bool:
    """Tell whether two variants used no vote in common, as where one selects passage votes and the other all else."""
    own = group.reference
    return other.filters[2] != own.filters[2] and not common.any_in_common(own.loo[unit], other.loo[unit])


def _differ(reference: Variant, other: Variant) -> str:
    """Say in what the votes of two variants differ."""
    kinds = {"filters": slice(0, 2), "selections of votes": slice(2, None)}
    return " and the ".join(name for name, at in kinds.items() if reference.filters[at] != other.filters[at])


def _in_common(groups: Sequence[Group], votes: Votes, apart: _Apart) -> _Shared:
    """Return what two variants with different filters or selections both used, for each such pair and unit."""
    out = {}
    for group in groups:
        own = group.reference
        for other, unit in group.pairs():
            if other.filters != own.filters and (other.name, unit) not in apart:
                common.check_source(votes[own.folder], votes[other.folder])
                ours, theirs, counts = common.in_common(own, other, unit)
                fit = "the joint model" if unit.is_joint else f"the {own.called.title(unit)}"
                text = common.words(counts, Pair(other.name, own.name), fit, _differ(own, other))
                names = {"group": group.session, "reference": own.name, "experiment": other.name}
                row: records.InCommon = {**names, "unit": unit.value, **counts, "text": text}  # type: ignore[typeddict-item]
                out[other.name, unit] = ours, theirs, row
    return out


def _verdicts(
    group: Group, tables: Mapping[str, pd.DataFrame], shared: _Shared, apart: _Apart
) -> list[tuple[records.Verdict, Found]]:
    """Give the verdict on each variant of a session."""
    out = []
    for other in group.others:
        notes = [row["text"] for (name, _), (_, _, row) in shared.items() if name == other.name]
        alone = {unit for name, unit in apart if name == other.name}
        gathered = evidence(group.reference, other, tables, [*notes, *_missing(group.reference, other)], alone)
        found = give_verdict(gathered)
        verdict: records.Verdict = {
            "group": group.session,
            "reference": group.reference.name,
            "experiment": other.name,
            "level": found.level,
            "prediction": found.prediction,
            "text": found.text,
            "reasons": found.reasons,
            "details": found.details,
            "places": found.places,
            "movers": [record for record, _ in gathered.movers],
        }
        out.append((verdict, found))
    return out


def _missing(reference: Variant, other: Variant) -> Iterator[str]:
    """Say which fits only one of two experiments has."""
    for one, two in ((reference, other), (other, reference)):
        for unit in one.units:
            if unit not in two.units:
                fit = "joint model" if unit.is_joint else f"fit of the {one.called.title(unit)}"
                yield f"{two.name} has no {fit}, so that of {one.name} is compared with none."


def _pairs(groups: Sequence[Group], votes: Votes, shared: _Shared, apart: _Apart) -> dict[str, pd.DataFrame]:
    """Make the tables that compare every variant with the reference of its session."""
    first, last = (columns.AGREEMENT, columns.MEMBERS, columns.DRIVERS), (columns.PREDICTIVE, columns.PREDICTIVE_PARTS)
    declared = {table.name: table.names for table in (*first, columns.BILLS, *last)}
    found: dict[str, list[pd.DataFrame]] = {name: [pd.DataFrame(columns=names)] for name, names in declared.items()}
    for group in groups:
        for other, unit in group.pairs():
            if (other.name, unit) in apart:
                continue
            names = {"group": group.session, "unit": unit, "reference": group.reference.name, "experiment": other.name}
            seen = seen_votes(unit, votes[group.reference.folder], differ_in_bridges(group))
            pair = group, other
            if (other.name, unit) in shared:
                ours, theirs, _ = shared[other.name, unit]
                pair, seen = (replace(group, reference=ours), theirs), common.seen_in_common(seen, ours.tables[unit])
            for name, table in _pair(*pair, unit, seen, names).items():
                found[name].append(members.labelled(table, names, declared[name]))
    return {
        name: pd.concat(parts if len(parts) == 1 else parts[1:], ignore_index=True) for name, parts in found.items()
    }


def _second(members: pd.DataFrame) -> pd.Series | None:
    """Take the members' places on the second dimension, if the fit has one."""
    if "second_mean" not in members:
        return None
    places = members.set_index("legislator")["second_mean"].astype(float)
    return None if places.isna().all() else places


def _pair(
    group: Group, other: Variant, unit: Unit, seen: Sequence[SeenVotes], names: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Compare one unit of one variant with the reference."""
    ours, theirs = group.reference.tables[unit], other.tables[unit]
    before_scale, after_scale = (variant.scale(unit) for variant in (group.reference, other))
    same_kind = before_scale["kind"] == after_scale["kind"]
    scale, moved = members.align(ours["ideal_points"], theirs["ideal_points"], same_kind)
    turns = members.Turns(before_scale["turned"], after_scale["turned"])
    before = Fitted(ours["bills"], ours["parties"], _second(ours["ideal_points"]))
    after = Fitted(theirs["bills"], theirs["parties"], _second(theirs["ideal_points"])).on(scale)
    loo = group.reference.loo[unit], other.loo[unit]
    models = (variant.metrics["config"].get("model", {}) for variant in (group.reference, other))
    plain = not any("structure" in model for model in models)  # pushes are those of the production model
    return {
        "agreement": pd.DataFrame(members.agreement(moved, scale, turns)),
        "members": moved,
        "drivers": drivers(moved, seen, before, after).iloc[: None if plain else 0],
        "bills": bills.compare_bills(ours["bills"], theirs["bills"], scale),
        "predictive": pd.DataFrame([predictive.predictive_row(*loo)]),
        "predictive_parts": predictive.predictive_parts(*loo),
    }


def _entry(variant: Variant, group: Group) -> records.Compared:
    settings = SamplingConfig(**variant.metrics["config"]["sampling"]).describe()
    return {
        "experiment": variant.name,
        "description": variant.metrics["description"],
        "session": variant.session,
        "sampling": settings,
        "converged": variant.metrics["convergence_ok"],
        "faults": list(_faults(variant)),
        "reference": variant is group.reference,
        "group": group.session,
    }


def _faults(variant: Variant) -> Iterator[records.FitFault]:
    for unit, block in variant.units.items():
        for chamber in block["scale"]:
            fault = variant.fault(unit, chamber)
            if fault:
                text = capital(fault_words(fault, Where(unit, chamber, variant.called), variant.name))
                yield {"unit": unit.value, "chamber": chamber, "fault": fault.value, "text": text}


def _group(group: Group, found: Sequence[tuple[records.Verdict, Found]], n_groups: int) -> records.Group:
    judged, reference = [one.judged for _, one in found], group.reference
    differing = variants.configuration([reference, *group.others])
    return {
        "group": group.session,
        "title": reference.session_config.heading,
        "chamber_names": asdict(reference.called),
        "reference": reference.name,
        "experiments": [variant.name for variant in (reference, *group.others)],
        "chambers": list(reference.metrics["chambers"]),
        "question": answers.question([row["key"] for row in differing]),
        "level": answers.gravest(judged) if judged else None,
        "answer": answers.answer(judged, reference.name) if judged else "",
        "note": _note(group, n_groups),
    }


def _note(group: Group, n_groups: int) -> str:
    note = f"Members and bills are compared with those of {group.reference.name}."
    if not group.others:
        note = f"{group.reference.name} is the only experiment on this session, so it is compared with none."
    if any(other.filters != group.reference.filters for other in group.others):
        note += " If filters or selections of votes differ, the comparison covers what both variants used."
    if n_groups > 1:
        note += (
            " Across sessions, only settings, convergence, cost and the party share of the variance are shown side by "
            "side, because members, bills and scales differ."
        )
    return note


def _same(unit: Unit, names: Sequence[str], compared: Sequence[Variant]) -> str:
    called = next(variant.called for variant in compared if variant.name in names)
    return sentences.same_model(names, "both chambers" if unit.is_joint else f"the {called.title(unit)}")


def _summary(groups: Sequence[records.Group], same: Sequence[str]) -> list[str]:
    n = sum(len(group["experiments"]) for group in groups)
    first = f"{plural(n, 'experiment')} on {plural(len(groups), 'session')}."
    return [first, *(f"{group['title']}: {group['answer']}" for group in groups if group["answer"]), *same]
