"""The way from the files of a fit to its model, for the steps that sample it, recover its draws or verify it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UserError
from ..priors.model import priors_of
from ..priors.spec import BetaPriorSpec
from .fitted import load_checked, members, votes_hash

if TYPE_CHECKING:
    import pandas as pd

    from ..models.base import BuiltModel
    from ..models.structures.structure import Settings

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


def prepare(spec: Spec, inputs: Mapping[str, Path], pressed: tuple[bool, ...] = ()) -> Prepared:
    """Build the model that a spec describes.

    Parameters
    ----------
    spec
        Spec of a fit.
    inputs
        Path of ``data``, or for a joint model of ``house``, ``senate``, ``house_posterior`` and ``senate_posterior``.
    pressed
        Whether chains pressed against the frame of the parties, by chamber. Empty if none are known to do so.

    Raises
    ------
    UserError
        If a file is missing or damaged, or a joint model would start from a fit of other members.
    """
    kinds: dict[str, Callable[..., Prepared]] = {"flat": _flat, "chamber": _chamber, "joint": _joint}
    return kinds[spec["kind"]](spec, **inputs, **({"pressed": pressed} if pressed else {}))


def _flat(spec: Spec, data: Path) -> Prepared:
    from ..models.fast.flat import build_flat
    from ..votes.matrix import ChamberVotes

    votes = ChamberVotes.load(data)
    return Prepared(build_flat(votes, spec["coordinates"]), members(votes), [votes_hash(votes)])


def _chamber(spec: Spec, data: Path, pressed: tuple[bool, ...] = (False,)) -> Prepared:
    from ..models.fast.chamber import build_chamber
    from ..models.structures.structure import structure
    from ..votes.matrix import ChamberVotes

    votes = ChamberVotes.load(data)
    if named := spec.get("model", {}).get("structure"):
        return Prepared(structure(named).chamber(votes, _settings(spec)), members(votes), [votes_hash(votes)])
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
) -> Prepared:
    import numpy as np
    import pandas as pd

    from ..models.fast.joint import build_joint
    from ..models.structures.structure import structure
    from ..votes.matching import join_chambers
    from ..votes.matrix import ChamberVotes

    chambers = [ChamberVotes.load(house), ChamberVotes.load(senate)]
    joined = join_chambers(*chambers)
    starts = []
    for path, votes in zip((house_posterior, senate_posterior), (joined.house, joined.senate), strict=True):
        xi: pd.Series = load_checked(path, None)["posterior"]["xi"].mean(("chain", "draw")).to_pandas()
        if list(xi.index) != list(votes.legislators.index):
            raise UserError(f"{path}: fitted to other members than those of {votes.chamber}; fit it again")
        starts.append(((xi - xi.mean()) / xi.std()).to_numpy(float))
    both = pd.concat([members(joined.house, prefix=True), members(joined.senate, prefix=True)])
    hashes = [votes_hash(votes) for votes in chambers]
    if named := spec.get("model", {}).get("structure"):
        build = structure(named).joint
        if build is None:
            raise UserError(f"structure {named}: there is no joint model of it; set joint: false")
        return Prepared(build(joined, _settings(spec), np.concatenate(starts)), both, hashes)
    built = build_joint(
        joined,
        BetaPriorSpec.from_dict(spec["beta_prior"]),
        spec["alpha_sigma"],
        spec["coordinates"],
        start_xi=np.concatenate(starts),
        orient_bills=spec["orient_bills"],
        pressed=pressed,
        priors=priors_of(spec),
    )
    return Prepared(built, both, hashes)


def _settings(spec: Spec) -> Settings:
    """Read the settings of a structure from the spec of a fit."""
    from ..models.structures.structure import Settings

    prior = BetaPriorSpec.from_dict(spec["beta_prior"])
    return Settings(prior, spec["alpha_sigma"], spec["coordinates"], spec["orient_bills"], spec["model"])
