"""The way from the files of a fit to its model, for the steps that sample it, recover its draws or verify it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UserError
from ..priors.model import priors_of
from ..priors.spec import BetaPriorSpec
from ..votes.unit import Unit
from ..votes.vocabulary import DRIFT, SCREENED
from .fitted import fitted_hash, load_checked, members, votes_hash

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from ..models.base import BuiltModel
    from ..models.dynamic.sessions import SessionsVotes
    from ..models.structures.structure import Settings
    from ..votes.matrix import ChamberVotes

Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Prepared:
    """A model that is built, and the facts about its votes for the posterior file.

    Attributes
    ----------
    built
        The model.
    members
        Table with one row per member, in the model's order.
    data_hash
        Hash of each chamber's votes.
    """

    built: BuiltModel
    members: pd.DataFrame
    data_hash: list[str]


def prepare(
    spec: Spec, inputs: Mapping[str, Path], pressed: tuple[bool, ...] = (), merged: Collection[str] | None = None
) -> Prepared:
    """Build the model that a spec describes.

    Parameters
    ----------
    spec
        Spec of a fit. With a key ``fold``, the votes of that fold are taken away before anything is built.
    inputs
        Path of ``data``, or for a joint model of ``house``, ``senate``, ``house_posterior`` and ``senate_posterior``.
        For a model over time, the votes of all chambers, by session in order of time.
    pressed
        Whether chains pressed against the frame of the parties, by chamber. Empty if none are known to do so.
    merged
        The shared bills that a fit with ``bridges: screened`` merged. None screens them by the chambers' fits.

    Raises
    ------
    UserError
        If a file is missing or damaged, or a joint model would start from a fit of other members.
    """
    kinds: dict[str, Callable[..., Prepared]] = {
        "flat": _flat,
        "chamber": _chamber,
        "joint": _joint,
        "dynamic": _over_time,
        "constant": _over_time,
    }
    more: dict[str, Any] = {"pressed": pressed} if pressed else {}
    if spec.get("bridges") == SCREENED and merged is not None:
        more["merged"] = merged
    return kinds[spec["kind"]](spec, **inputs, **more)


def pressed_of(attributes: Mapping[Any, Any]) -> tuple[bool, ...]:
    """Read from the attributes of a posterior file what `prepare` took as ``pressed``."""
    return tuple(json.loads(attributes.get("pressed", "[]")))


def _flat(spec: Spec, data: Path) -> Prepared:
    from ..models.fast.flat import build_flat

    votes = _votes(spec, data)
    return Prepared(build_flat(votes, spec["coordinates"]), members(votes), [votes_hash(votes)])


def _chamber(spec: Spec, data: Path, pressed: tuple[bool, ...] = (False,)) -> Prepared:
    from ..models.fast.chamber import build_chamber
    from ..models.structures.structure import structure

    votes = _votes(spec, data)
    if named := spec.get("model", {}).get("structure"):
        built = structure(named).chamber(votes, _settings(spec, pressed))
        return Prepared(built, members(votes), [fitted_hash(votes, spec)])
    built = build_chamber(
        votes,
        BetaPriorSpec.from_dict(spec["beta_prior"]),
        spec["alpha_sigma"],
        spec["coordinates"],
        spec["orient_bills"],
        pressed,
        priors_of(spec),
    )
    return Prepared(built, members(votes), [votes_hash(votes)])


def _joint(
    spec: Spec,
    house: Path,
    senate: Path,
    house_posterior: Path,
    senate_posterior: Path,
    pressed: tuple[bool, ...] = (False, False),
    merged: Collection[str] | None = None,
) -> Prepared:
    import numpy as np
    import pandas as pd

    from ..models.fast.drift import build_drift
    from ..models.fast.joint import build_joint
    from ..models.structures.structure import structure
    from ..votes.matching import join_chambers

    chambers = [_votes(spec, house), _votes(spec, senate)]
    posteriors = [load_checked(path, None)["posterior"].to_dataset() for path in (house_posterior, senate_posterior)]
    starts = []
    for path, own, votes in zip((house_posterior, senate_posterior), posteriors, chambers, strict=True):
        xi: pd.Series = own["xi"].mean(("chain", "draw")).to_pandas()
        if list(xi.index) != list(votes.legislators.index):
            raise UserError(f"{path}: fitted to other members than those of {votes.chamber}; fit it again")
        starts.append(((xi - xi.mean()) / xi.std()).to_numpy(float))
    if spec.get("bridges") == SCREENED and merged is None:
        merged = _merged(chambers, posteriors)
    joined = join_chambers(*chambers, merged=merged)
    both = pd.concat([members(joined.house, prefix=True), members(joined.senate, prefix=True)])
    hashes = [votes_hash(votes) for votes in chambers]
    if named := spec.get("model", {}).get("structure"):
        build = structure(named).joint
        if build is None:
            raise UserError(f"structure {named}: there is no joint model of it; set joint: false")
        return Prepared(build(joined, _settings(spec, pressed), np.concatenate(starts)), both, hashes)
    drift = spec.get("bridges") == DRIFT
    build_standard = build_drift if drift else functools.partial(build_joint, priors=priors_of(spec))
    built = build_standard(
        joined,
        BetaPriorSpec.from_dict(spec["beta_prior"]),
        spec["alpha_sigma"],
        spec["coordinates"],
        start_xi=np.concatenate(starts),
        orient_bills=spec["orient_bills"],
        pressed=pressed,
    )
    return Prepared(built, both, hashes)


def _over_time(spec: Spec, pressed: tuple[bool, ...] = (False, False), **data: Path) -> Prepared:
    import pandas as pd

    from ..config.series import CONSTANT
    from ..models.dynamic.build import build_dynamic
    from ..models.dynamic.constant import build_constant
    from ..models.dynamic.constant_joint import build_constant_joint

    series = over_time(spec, [_votes(spec, path) for path in data.values()])
    prior, rest = BetaPriorSpec.from_dict(spec["beta_prior"]), (spec["coordinates"], spec["orient_bills"])
    if Unit(spec["unit"]).is_joint:
        house, senate = series
        built = build_constant_joint((house, senate), prior, spec["alpha_sigma"], *rest, pressed)
    else:
        build = build_constant if spec["kind"] == CONSTANT else build_dynamic
        built = build(series[0], prior, spec["alpha_sigma"], *rest, any(pressed))
    table = pd.concat([members(votes) for one in series for votes in one.votes])
    table.index = pd.Index(built.coords["legislator"], name="legislator")
    return Prepared(built, table, over_time_hashes(series))


def over_time(spec: Spec, found: Sequence[ChamberVotes]) -> list[SessionsVotes]:
    """Put together all sessions of the chambers of a fit of a series, from the votes of all chambers."""
    from ..config.series import Matching
    from ..over_time.careers import series_of

    sessions = {name: [votes for votes in found if votes.session == name] for name in spec["sessions"]}
    matching = Matching.from_spec(spec["matching"])
    return [series_of(sessions, spec["sources"], chamber, matching) for chamber in Unit(spec["unit"]).chambers]


def over_time_hashes(series: Sequence[SessionsVotes]) -> list[str]:
    """Return the hashes of the votes of a fit of a series, and then of who is one career, by chamber."""
    return [*(votes_hash(votes) for one in series for votes in one.votes), *(one.careers_hash() for one in series)]


def _merged(chambers: Sequence[ChamberVotes], posteriors: Sequence[xr.Dataset]) -> list[str]:
    """Return the shared bills that the test of the link does not reject, by the chambers' own posteriors."""
    from ..draws.moments import thinned
    from ..linking.chamber_draws import ChamberDraws
    from ..linking.link import N_DRAWS
    from ..linking.screening import unlike_bills
    from ..votes.matching import shared_bills

    n = min(N_DRAWS, *(own.sizes["chain"] * own.sizes["draw"] for own in posteriors))
    house, senate = (
        ChamberDraws(*(thinned(own[name].to_numpy(), n) for name in ("xi", "alpha", "beta"))) for own in posteriors
    )
    freed = set(unlike_bills((chambers[0], chambers[1]), (house, senate)))
    return [bill for bill in shared_bills(*chambers)["bill"] if bill not in freed]


def _settings(spec: Spec, pressed: tuple[bool, ...]) -> Settings:
    """Read the settings of a structure from the spec of a fit."""
    from ..models.structures.structure import Settings

    prior = BetaPriorSpec.from_dict(spec["beta_prior"])
    return Settings(prior, spec["alpha_sigma"], spec["coordinates"], spec["orient_bills"], spec["model"], any(pressed))


def _votes(spec: Spec, path: Path) -> ChamberVotes:
    """Read the votes of a fit, without those of the fold that it holds out."""
    from ..folds.assignment import without_fold
    from ..votes.matrix import ChamberVotes

    votes, fold = ChamberVotes.load(path), spec.get("fold")
    if not fold:
        return votes
    seen = without_fold(votes, **fold)
    if not seen.n_votes:
        raise UserError(
            f"{path}: fold {fold['fold']} of {fold['number']} holds out all of its roll calls; hold out votes"
        )
    return seen
