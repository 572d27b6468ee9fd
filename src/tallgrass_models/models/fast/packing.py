"""The numbers of a fast model in flat arrays, as the compiled densities take them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from ...priors.spec import BetaPriorSpec
from ..pilot.bills import Sketch
from .logits import BillInfo
from .members import Group
from .positions import MemberInfo
from .slopes import LogSlopeInfo


def pack(
    sizes: Sequence[int], rows: Sequence[np.ndarray], prior: BetaPriorSpec, alpha_sigma: float, *signs: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Data of a `FastModel`: the numbers of the prior come last, as `densities.kind_of` reads them.

    Empty where no compiled density knows the family of the prior.
    """
    if prior.family.compiled is None:
        return ()
    moments = prior.moments if prior.positive else (0.0, 1.0)
    free_sigma = prior.free_sign().params["sigma"]
    numbers = [prior.params.get("mu", 0.0), prior.params["sigma"], alpha_sigma, *moments, free_sigma]
    return (
        np.array(sizes, dtype=np.int64),
        np.concatenate([*map(np.ravel, rows), numbers]),
        np.concatenate([sign.ravel() for sign in signs]),
    )


def info_rows(info: BillInfo | LogSlopeInfo | MemberInfo) -> np.ndarray:
    """One array, a row each field."""
    return np.stack([getattr(info, field.name) for field in dataclasses.fields(info)])


def sketch_numbers(sketches: Sequence[Sketch]) -> np.ndarray:
    """The rows of the Gaussian sketches of each kind of bills, then those of their shapes, flat."""
    infos = [info_rows(sketch.info).ravel() for sketch in sketches]
    return np.concatenate([*infos, *(row for sketch in sketches for row in sketch.shape())])


def group_rows(group: Group) -> np.ndarray:
    """`info_rows` of the left members, the right ones and the independents, side by side."""
    parts = [info for info in (group.left, group.right, group.independents) if info is not None]
    return np.concatenate([info_rows(info) for info in parts], axis=1)
