"""Specification curves: a conclusion under every experiment on a session, and which choice moves it most.

Simonsohn, Simmons & Nelson (2020, Nature Human Behaviour 4) show a conclusion under all defensible specifications,
sorted by value, above the grid of the choices behind each. A choice is a setting on which the posterior depends.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

import pandas as pd

from ..config.experiments import ExperimentConfig
from ..files.records import comparison as records
from ..files.records.comparison import ORDER, PARTY_SHARE, PLACE, POSITION
from ..votes.unit import Unit
from ..wording.numbers import among, number, percent, plural
from .variants import USUAL, Group, Variant, flattened
from .words import Where

#: Fewer specifications are no curve.
_LEAST = 3
#: Words of a setting that has no value in an experiment.
_NOT_SET = "not set"
_Compared = Mapping[tuple[str, str, str], bool]


@dataclass(frozen=True)
class _Point:
    """A conclusion under one experiment, with its 90 % interval where it has one; ``n`` members in a ranking."""

    experiment: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int = field(default=0, kw_only=True)


@dataclass(frozen=True)
class _Told:
    """What the sentences of a curve need to know of its conclusion: its name, its place, the digits."""

    kind: str
    what: str
    where: str
    reference: str

    def shown(self, value: float) -> str:
        """Write a value as the sentences have it."""
        if self.kind == PARTY_SHARE:
            return percent(value, 1)
        return number(value, {ORDER: 3, POSITION: 2}.get(self.kind, 1))

    def apart(self, difference: float) -> str:
        """Write the difference of two values."""
        return (
            f"{number(100 * difference, 1)} percentage points" if self.kind == PARTY_SHARE else self.shown(difference)
        )


def curves(
    group: Group,
    tables: Mapping[str, pd.DataFrame],
    verdicts: Sequence[records.Verdict],
    followed: Sequence[tuple[str, str]] = (),
) -> list[records.Curve]:
    """Return the curves of a session: order, party share, the place of who holds the reference's median, positions.

    Parameters
    ----------
    group
        The experiments on the session.
    tables
        ``agreement``, ``shares`` and ``members`` of the comparison.
    verdicts
        Verdicts of the session. Where one withholds a place, the curves leave out that experiment there.
    followed
        Ids and names of the members whose positions have a curve.

    Returns
    -------
    list of Curve
        None of fewer than three experiments, or where no setting differs between them.
    """
    compared = {
        (verdict["experiment"], place["unit"], place["chamber"]): not place["withheld"]
        for verdict in verdicts
        for place in verdict["places"]
    }
    out = []
    for unit in group.reference.units:
        for chamber in group.reference.units[unit]["scale"]:
            where = Where(unit, chamber, group.reference.called)
            points: list[tuple[str, tuple[str, str] | None, list[_Point]]] = [
                (ORDER, None, _orders(group, unit, chamber, tables["agreement"], compared)),
                (PARTY_SHARE, None, _shares(group, unit, chamber, tables["shares"], compared)),
            ]
            if holder := _holder(group.reference, unit, chamber):
                points.append((PLACE, holder, _places(group, unit, chamber, tables, compared, holder[0])))
            for kind, who, found in points:
                if curve := _curve(group, where, kind, who, found):
                    out.append(curve)
            for who in followed:
                found, notes = _positions(group, where, compared, who)
                if curve := _curve(group, where, POSITION, who, found):
                    curve["text"] += notes
                    out.append(curve)
    return out


# --- values -------------------------------------------------------------------------------------------------------


def _at(table: pd.DataFrame, unit: Unit, chamber: str) -> pd.DataFrame:
    return table[(table["unit"] == unit.value) & (table["chamber"] == chamber)]


def _orders(group: Group, unit: Unit, chamber: str, table: pd.DataFrame, compared: _Compared) -> list[_Point]:
    """Return rank correlations with the reference; its own would be 1 by definition, so it has none."""
    rows = _at(table[table["group"] == group.session], unit, chamber).dropna(subset="spearman")
    return [
        _Point(str(row["experiment"]), float(row["spearman"]), n=int(row["n"]))
        for _, row in rows.iterrows()
        if compared.get((str(row["experiment"]), unit.value, chamber))
    ]


def _readable(group: Group, unit: Unit, chamber: str, compared: _Compared) -> list[str]:
    """List experiments whose members have a place; the reference is one where any other is compared with it."""
    others = [other.name for other in group.others if compared.get((other.name, unit.value, chamber))]
    return [group.reference.name, *others] if others else []


def _shares(group: Group, unit: Unit, chamber: str, table: pd.DataFrame, compared: _Compared) -> list[_Point]:
    rows = _at(table, unit, chamber).set_index("experiment")
    return [
        _Point(name, *(float(rows.loc[name, f"share_{key}"]) for key in ("mean", "q05", "q95")))
        for name in _readable(group, unit, chamber, compared)
        if name in rows.index
    ]


def _holder(reference: Variant, unit: Unit, chamber: str) -> tuple[str, str] | None:
    """Return id and name of the member who most probably holds the median of a chamber; None if not recorded."""
    pivot = reference.units[unit].get("pivots", {}).get(chamber, {}).get("chamber_median")
    return (str(pivot["legislator"]), str(pivot["name"])) if pivot else None


def _places(
    group: Group, unit: Unit, chamber: str, tables: Mapping[str, pd.DataFrame], compared: _Compared, who: str
) -> list[_Point]:
    own = group.reference.tables[unit]["ideal_points"]
    own = own[own["chamber"] == chamber]
    rows = _at(tables["members"][tables["members"]["group"] == group.session], unit, chamber)
    n = rows.groupby("experiment").size()
    rows = rows[rows["legislator"].astype(str) == who].set_index("experiment")
    out = []
    for name in _readable(group, unit, chamber, compared):
        if name == group.reference.name:
            found = own[own["legislator"].astype(str) == who]
            for _, row in found.iterrows():
                out.append(_Point(name, *(float(row[f"rank_{key}"]) for key in ("mean", "q05", "q95")), n=len(own)))
        elif name in rows.index:
            rank, low, high = (float(rows.loc[name, key]) for key in ("rank", "rank_q05", "rank_q95"))
            out.append(_Point(name, rank, low, high, n=int(n[name])))
    return out


def _positions(group: Group, where: Where, compared: _Compared, who: tuple[str, str]) -> tuple[list[_Point], list[str]]:
    """Return a member's positions, each on its own fit's headline scale, and what the reader has to know of them."""
    unit, (one, name) = where.unit, who
    by_name = {variant.name: variant for variant in (group.reference, *group.others)}
    kind, points, absent, unlike = group.reference.scale(unit)["kind"], [], 0, 0
    for experiment in _readable(group, unit, where.chamber, compared):
        variant = by_name[experiment]
        rows = variant.tables[unit]["ideal_points"]
        rows = rows[(rows["chamber"] == where.chamber) & (rows["legislator"].astype(str) == one)]
        if rows.empty:
            absent += 1
        elif variant.scale(unit)["kind"] != kind:
            unlike += 1
        else:
            points.append(
                _Point(experiment, *(float(rows[f"position_{key}"].iloc[0]) for key in ("mean", "q05", "q95")))
            )
    notes = [_scale_words(group.reference, where)]
    if absent:
        notes.append(f"{plural(absent, 'specification')} without a position of {name} {_is(absent)} left out.")
    if unlike:
        notes.append(f"{plural(unlike, 'specification')} with a scale of another kind {_is(unlike)} left out.")
    return points, notes


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def _scale_words(reference: Variant, where: Where) -> str:
    """Say what positions are counted in."""
    scale = reference.units[where.unit]["scale"]
    setting = next(chamber for chamber, record in scale.items() if record["sets_scale"])
    whose = where.called.whose(setting)
    if scale[setting]["kind"] == "parties":
        return f"Under each specification shown, the {whose} Democrats average −1 and the {whose} Republicans +1."
    return f"Under each specification shown, the {whose} members have mean 0 and standard deviation 1."


# --- choices ------------------------------------------------------------------------------------------------------


def _curve(
    group: Group, where: Where, kind: str, who: tuple[str, str] | None, points: Sequence[_Point]
) -> records.Curve | None:
    by_name = {variant.name: variant for variant in (group.reference, *group.others)}
    ordered = sorted(points, key=lambda point: (point.value, point.experiment))
    made = choices([_settings(by_name[point.experiment], where.unit) for point in ordered], ordered)
    if len(ordered) < _LEAST or not made:
        return None
    crossed = len({tuple(c["by"][p.experiment] for c in made) for p in ordered}) == prod(len(c["values"]) for c in made)
    what = {
        ORDER: f"the rank correlation with {group.reference.name}",
        PARTY_SHARE: "the party share of the variance",
        PLACE: f"the rank of {who[1] if who else ''}, who most probably holds the median under {group.reference.name},",
        POSITION: f"the position of {who[1] if who else ''}",
    }[kind]
    told = _Told(kind, what, where.name, group.reference.name)
    return {
        "group": group.session,
        "unit": where.unit.value,
        "chamber": where.chamber,
        "conclusion": kind,
        "legislator": who[0] if who else None,
        "name": who[1] if who else None,
        "specifications": [
            {"experiment": p.experiment, "value": p.value, "q05": p.low, "q95": p.high} for p in ordered
        ],
        "choices": made,
        "crossed": crossed,
        "text": list(_sentences(told, ordered, made, crossed)),
    }


def _settings(variant: Variant, unit: Unit) -> dict[str, str]:
    """Return all settings on which the posterior of a unit depends, as texts."""
    config = ExperimentConfig.from_json(json.dumps(variant.metrics["config"]))
    session = config.session
    votes = {"min_minority_share": session.min_minority_share, "min_votes": session.min_votes}
    selected = {"votes": dict(session.selection) or "all"}
    found = flattened({**config.fit_spec(unit), **votes, **selected})
    return {key.removeprefix("sampling."): text for key, text in found}


def choices(settings: Sequence[Mapping[str, str]], points: Sequence[_Point]) -> list[records.Choice]:
    """Return the settings that differ, with the mean by value, the one whose means differ most first.

    Settings that always differ together are one choice, because nothing tells their effects apart.
    """
    together: dict[tuple[int, ...], list[str]] = {}
    for key in dict.fromkeys(key for found in settings for key in found):
        texts = [found.get(key, USUAL.get(key, "")) for found in settings]
        if len(set(texts)) > 1:
            together.setdefault(tuple(map(texts.index, texts)), []).append(key)
    out: list[records.Choice] = []
    for keys in together.values():
        texts = [", ".join(found.get(key, USUAL.get(key, "")) or _NOT_SET for key in keys) for found in settings]
        values: list[records.ChoiceValue] = []
        for text in dict.fromkeys(texts):
            here = [point.value for point, own in zip(points, texts, strict=True) if own == text]
            values.append({"value": text, "mean": sum(here) / len(here), "n": len(here)})
        means = [value["mean"] for value in values]
        by = {point.experiment: text for point, text in zip(points, texts, strict=True)}
        out.append({"settings": keys, "by": by, "values": values, "difference": max(means) - min(means)})
    return sorted(out, key=lambda choice: -choice["difference"])


# --- sentences ----------------------------------------------------------------------------------------------------


def _sentences(told: _Told, points: Sequence[_Point], made: Sequence[records.Choice], crossed: bool) -> Iterator[str]:
    low, high, n = points[0], points[-1], len(points)
    first, last = told.shown(low.value), told.shown(high.value)
    begin = f"In {told.where}, {told.what}"
    if first == last:
        yield f"{begin} is {first} under each of {plural(n, 'specification')}."
    else:
        yield (
            f"{begin} goes from {first} ({low.experiment}) to {last} ({high.experiment}) over "
            f"{plural(n, 'specification')}."
        )
    yield from _beside_reference(told, points)
    yield from _most(told, made)
    if not crossed and len(made) > 1:
        yield "Not every combination of choices is among them, so the mean for one choice also reflects the others."
    if (fewest := min(p.n for p in points)) != (most := max(p.n for p in points)):
        yield f"Ranks are among the members that a specification shares with {told.reference}, {fewest} to {most}."


def _beside_reference(told: _Told, points: Sequence[_Point]) -> Iterator[str]:
    own = next((point for point in points if point.experiment == told.reference), None)
    if own is None or own.low is None or own.high is None:
        return
    others = [point for point in points if point is not own]
    outside = sum(not own.low <= point.value <= own.high for point in others)
    interval = f"the 90\u00a0% interval under {told.reference}, {told.shown(own.low)} to {told.shown(own.high)}"
    if outside:
        yield f"Under {outside} of the other {len(others)}, its mean lies outside {interval}."
    else:
        yield f"Under all others, its mean lies within {interval}."


def _most(told: _Told, made: Sequence[records.Choice]) -> Iterator[str]:
    """Say by which choice the means differ most; of choices that differ as much in print, none is singled out."""
    if len(made) == 1:
        yield f"The specifications differ in {among(made[0]['settings'])} only."
        return
    most = told.apart(made[0]["difference"])
    if most == told.apart(0.0):
        yield "Averaged by choice, all means agree to the digits shown."
        return
    alike = [among(choice["settings"]) for choice in made if told.apart(choice["difference"]) == most]
    if len(alike) > 1:
        yield f"Averaged by choice, means differ most, by {most} each, for {' / '.join(alike)}."
        return
    values = sorted(made[0]["values"], key=lambda value: value["mean"])
    ends = [f"{told.shown(v['mean'])} for {v['value']} ({plural(v['n'], 'specification')})" for v in values]
    yield (
        f"Of the choices, {alike[0]} {'move' if len(made[0]['settings']) > 1 else 'moves'} it most: its mean is "
        f"{ends[0]} and {ends[-1]}. By any other choice, means differ by {told.apart(made[1]['difference'])} at most."
    )
