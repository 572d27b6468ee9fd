"""The variants of a sweep: which may be compared with which, where they differ, what they cost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..checking.loo_compare import Pointwise
from ..config.sessions import SessionConfig
from ..errors import UserError
from ..files.forms import UNDECIDED
from ..files.json import canonical_json
from ..files.readable import Fault, fault_of
from ..files.records.comparison import Setting
from ..files.records.statistics import Scale
from ..folds.scores import ChamberScores
from ..priors.constants import ALPHA_SIGMA, JOINT_ALPHA_SIGMA
from ..priors.model import PRODUCTION, AlphaPrior
from ..priors.spec import BetaPriorSpec
from ..votes.column_hash import votes_part
from ..votes.naming import ChamberNames
from ..votes.unit import Unit, by_unit

#: Parts of a configuration that change no number.
_NOT_COMPARED = (
    *("name", "description", "compare_with", "platform", "flat_sampling", "folds"),
    *("session.label", "session.title", "session.chamber_names"),
)


@dataclass(frozen=True)
class Variant:
    """A finished experiment.

    Attributes
    ----------
    metrics : dict
        Its metrics.json.
    tables : dict
        Unit to the tables ``ideal_points``, ``bills``, ``parties`` and ``sensitivity``.
    loo : dict
        Leave-one-out by unit.
    xi : dict
        Where variants on the session have different filters or selections: ids of the members of each unit, and draws
        of their ideal points, shape (chain, draw, n_legislators).
    held_out : dict
        Chamber to predictions of its held-out votes. Empty where the experiment has no folds.
    """

    metrics: Mapping[str, Any]
    tables: Mapping[Unit, Mapping[str, pd.DataFrame]]
    loo: Mapping[Unit, Pointwise]
    xi: Mapping[Unit, tuple[Sequence[str], np.ndarray]] = field(default_factory=dict)
    held_out: Mapping[str, ChamberScores] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of the experiment."""
        return str(self.metrics["experiment"])

    @property
    def session(self) -> str:
        """Name of its session."""
        return str(self.metrics["config"]["session"]["name"])

    @property
    def session_config(self) -> SessionConfig:
        """The session as metrics.json records it."""
        return SessionConfig(**self.metrics["config"]["session"])

    @property
    def folder(self) -> str:
        """Folder of its votes under ``results/sessions``."""
        return self.session_config.folder

    @property
    def called(self) -> ChamberNames:
        """What its chambers are called."""
        return self.session_config.chambers_called

    @property
    def filters(self) -> tuple[float, int, str]:
        """Minority share and number of votes below which a roll call and a member were left out, and the selection."""
        session = self.metrics["config"]["session"]
        return filters_of(session, session.get("selection"))

    @property
    def units(self) -> dict[Unit, Mapping[str, Any]]:
        """Blocks of metrics.json by unit."""
        return by_unit(self.metrics)

    def scale(self, unit: Unit) -> Scale:
        """Return the headline scale of a fit: the record of the chamber that sets it."""
        records: Iterable[Scale] = self.units[unit]["scale"].values()
        return next(record for record in records if record["sets_scale"])

    def verdicts(self, unit: Unit) -> dict[str, str]:
        """Verdict of the axis audit on a fit, by chamber."""
        return {row["chamber"]: row["verdict"] for row in self.metrics["axis"] if row["unit"] == unit}

    def fault(self, unit: Unit, chamber: str) -> Fault | None:
        """Return why left and right cannot be read from a chamber's fit; None if they can."""
        block, axis = self.units[unit], self.verdicts(unit).get(chamber)
        sides = block["sides"] if block["sides"].get("form") == UNDECIDED else None
        only_sides = sides is not None and block["convergence_failures"] == [sides.get("reason")]
        own, scale = block["scale"].get(chamber, {}), self.scale(unit)
        clear = own.get("kind") == scale["kind"] == "parties"
        return fault_of(
            only_sides or bool(block["convergence_ok"]),
            axis,
            clear and own["turned"] != scale["turned"],
            sides is not None,
            block["chain_modes"]["verdict"] == "one mode",
            clear,
        )


def filters_of(filters: Mapping[str, Any], selection: Mapping[str, Any] | None) -> tuple[float, int, str]:
    """Return what decides which votes are used, so that it can be compared; the selection is canonical JSON."""
    return float(filters["min_minority_share"]), int(filters["min_votes"]), canonical_json(selection or {})


@dataclass(frozen=True)
class Group:
    """Variants on one session. Only these are compared member by member and bill by bill."""

    session: str
    reference: Variant
    others: tuple[Variant, ...]

    def pairs(self) -> Iterator[tuple[Variant, Unit]]:
        """Each other variant with each unit that it shares with the reference."""
        for other in self.others:
            for unit in self.reference.units:
                if unit in other.units:
                    yield other, unit


def group_variants(variants: Sequence[Variant]) -> list[Group]:
    """Variants by session, in their order; the reference is the one that most of them name as ``compare_with``.

    Raises
    ------
    UserError
        If two variants with the same filters on a session saw different votes: one was run before the session changed.
    """
    groups = []
    for session in dict.fromkeys(variant.session for variant in variants):
        here = [variant for variant in variants if variant.session == session]
        named = [variant.metrics["baseline"] for variant in here]
        reference = max(here, key=lambda variant: named.count(variant.name))
        others = tuple(variant for variant in here if variant is not reference)
        group = Group(session, reference, others)
        for other, unit in group.pairs():
            same_filters = other.filters == reference.filters
            own, theirs = (_votes_hash(one, unit) for one in (reference, other))
            if same_filters and theirs != own:
                raise UserError(
                    f"{other.name} and {reference.name} used different votes of session {session} ({unit});"
                    " run both again"
                )
        groups.append(group)
    return groups


def _votes_hash(variant: Variant, unit: Unit) -> list[str]:
    """Return the hashes of the votes of a fit, without those of covariates."""
    return [votes_part(own) for own in variant.units[unit]["data_hash"]]


def configuration(variants: Sequence[Variant]) -> list[Setting]:
    """List settings in which the variants differ, each with its value in every variant."""
    settings = {variant.name: dict(flattened(variant.metrics["config"])) for variant in variants}
    keys = dict.fromkeys(key for found in settings.values() for key in found)
    rows: list[Setting] = []
    for key in keys:
        values = {name: found.get(key, USUAL.get(key, "")) for name, found in settings.items()}
        if len(set(values.values())) > 1:
            rows.append({"key": key, "values": values})
    return rows


#: The production priors, which a configuration does not name.
USUAL = {
    "priors.alpha": f"Normal(mu=0, sigma={ALPHA_SIGMA:g}), jointly Normal(mu=0, sigma={JOINT_ALPHA_SIGMA:g})",
    "priors.sigma_within": "HalfNormal by size of the party",
    **{f"priors.{name}": getattr(PRODUCTION, name).describe() for name in ("mu", "sigma_chamber", "sigma_party")},
}


def flattened(config: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the settings of a configuration as key and text, those in mappings with dots; none that changes nothing."""
    for key, value in config.items():
        if prefix + key in _NOT_COMPARED:
            continue
        if key == "joint":  # a mapping in one variant, nothing in another
            yield "joint", "no" if value is None else "yes"
            value = value or {}
        if key == "model":  # an experiment has these keys beside its others
            yield from flattened(value, prefix)
        elif isinstance(value, Mapping) and "distribution" in value:
            kind = AlphaPrior if "scaled" in value else BetaPriorSpec
            yield prefix + key, kind.from_dict(value).describe()
        elif isinstance(value, Mapping):
            yield from flattened(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value if isinstance(value, str) else "" if value is None else json.dumps(value)
