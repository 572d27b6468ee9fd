"""The numbers of a fast model in flat arrays, in the order of `compiled.layout`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...priors.bridges import drift_scales
from ...priors.spec import BetaPriorSpec
from ..compiled.layout import N_BENDS, BillNumbers, ChamberSizes, JointSizes, MemberNumbers, PriorNumbers
from ..pilot.bills import Sketch
from .logits import BillInfo
from .members import Group
from .positions import MemberInfo
from .slopes import LogSlopeInfo

if TYPE_CHECKING:
    from .drift_map import FastDrift
    from .joint_map import FastJoint

#: Arguments ``sizes, numbers, signs`` of a compiled density. They are empty if none knows the family of the prior.
Packed = tuple[np.ndarray, ...]


def pack_chamber(
    group: Group, sketches: Sequence[Sketch], prior: BetaPriorSpec, alpha_sigma: float, sign: np.ndarray
) -> Packed:
    """Pack the numbers of a chamber's model, or of a flat one's, in the order of `compiled.layout.chamber_data`.

    Parameters
    ----------
    group
        The chamber's members.
    sketches
        A `Sketch` for each kind of its bills.
    prior, alpha_sigma
        The prior of beta, and the standard deviation of the prior of alpha.
    sign : ndarray of int8, shape (n_members, n_bills)
    """
    if prior.family.compiled is None:
        return ()
    sizes = _sizes(group, sketches), prior.family.compiled
    return _packed(sizes, (_members(group), _bills(sketches), prior_numbers(prior, alpha_sigma)), sign)


def pack_joint(fast: FastJoint, signs: tuple[np.ndarray, np.ndarray]) -> Packed:
    """Pack the numbers of a joint model in the order of `compiled.layout.joint_data`; arguments as for `pack_chamber`.

    Raises
    ------
    TypeError
        If a chamber has the frame of `halves`, for which there is no compiled density.
    """
    house, senate = fast.house, fast.senate
    if not (isinstance(house, Group) and isinstance(senate, Group)):
        raise TypeError("only the frame of the parties has a compiled density")
    family = fast.beta_prior.family.compiled
    if family is None or not fast.priors.compiled:
        return ()
    shared, n_shared = _bills(fast.shared), sum(sketch.n_bills for sketch in fast.shared)
    sizes = JointSizes(_sizes(house, fast.house_only), _sizes(senate, fast.senate_only), n_shared, _n_free(fast.shared))
    numbers = (
        _members(house),
        _members(senate),
        _bills(fast.house_only),
        shared,
        tuple(info_rows(info) for info in fast.shared_by_senate),
        _bills(fast.senate_only),
        prior_numbers(fast.beta_prior, fast.alpha_sigma),
    )
    return _packed((sizes, family), numbers, *signs)


def pack_drift(fast: FastDrift, signs: tuple[np.ndarray, np.ndarray]) -> Packed:
    """Pack the numbers of a joint model with bridges that may differ, for `compiled.drift`.

    They are those of a joint model (`pack_joint`), in which the Senate's votes on shared bills are in its own frame.
    Then come, for shared bills, power and center of each kind and the turns, and the scalars of `compiled.drift`.
    """
    sides = fast.sides
    infos = tuple(side.info for side in sides)
    packed = pack_joint(dataclasses.replace(fast, shared_by_senate=infos), signs)
    if not packed:
        return ()
    sizes, numbers, sign = packed
    free = sides[1].size if len(sides) > 1 else 1.0
    line, scales = fast.delta, drift_scales(fast.beta_prior, fast.alpha_sigma)
    more = (
        tuple((side.power, side.center) for side in sides),
        tuple(side.turn for side in sides),
        (free, line.level, line.house, line.senate, line.sd, scales.alpha, scales.beta),
    )
    return sizes, np.concatenate([numbers, _flat(more)]), sign


def prior_numbers(prior: BetaPriorSpec, alpha_sigma: float) -> PriorNumbers:
    """Collect the numbers of the priors, with zero and one for what a prior does not have."""
    moments = prior.moments if prior.positive else (0.0, 1.0)
    free_sigma = prior.free_sign().params["sigma"]
    return PriorNumbers(prior.params.get("mu", 0.0), prior.params["sigma"], alpha_sigma, *moments, free_sigma)


def info_rows(info: BillInfo | LogSlopeInfo | MemberInfo) -> np.ndarray:
    """Stack the fields into one array, with a row for each field."""
    return np.stack([getattr(info, field.name) for field in dataclasses.fields(info)])


def bend_rows(sketch: Sketch) -> np.ndarray:
    """Stack the fields of a sketch's bends into `N_BENDS` rows, the last of which are zero if it has fewer."""
    rows = np.stack([*vars(sketch.bends).values()])
    return np.concatenate([rows, np.zeros((N_BENDS - len(rows), rows.shape[1]))])


def _sizes(group: Group, sketches: Sequence[Sketch]) -> ChamberSizes:
    m, n = sum(sketch.n_bills for sketch in sketches), group.n_left + group.n_right + group.n_independents
    return ChamberSizes(n, group.n_left, group.n_right, group.crossed, m, _n_free(sketches))


def _n_free(sketches: Sequence[Sketch]) -> int:
    """Count the bills of free sign, which are the second kind if there are two."""
    return sum(sketch.n_bills for sketch in sketches[1:])


def _members(group: Group) -> MemberNumbers:
    infos = [info for info in (group.left, group.right, group.independents) if info is not None]
    precision, pull = np.concatenate([info_rows(info) for info in infos], axis=1)
    return MemberNumbers(precision, pull, group.sigma_scales())


def _bills(sketches: Sequence[Sketch]) -> BillNumbers:
    """Collect the rows of each kind, one kind after the other."""
    return BillNumbers(
        _flat(tuple(info_rows(sketch.info) for sketch in sketches)),
        _flat(tuple(bend_rows(sketch) for sketch in sketches)),
    )


def _packed(sizes: Any, numbers: Any, *signs: np.ndarray) -> Packed:
    return _flat(sizes).astype(np.int64), _flat(numbers), np.concatenate([sign.ravel() for sign in signs])


def _flat(x: Any) -> np.ndarray:
    """Flatten the numbers of nested tuples, in their order."""
    return np.concatenate([_flat(part) for part in x]) if isinstance(x, tuple) else np.ravel(x).astype(float)
