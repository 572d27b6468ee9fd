"""Numbers of the model over time in the flat arrays that its compiled density takes."""

from __future__ import annotations

import numpy as np

from ..fast.packing import Packed, bend_rows, info_rows, pack_chamber, prior_numbers
from .dynamic_map import FastDynamic


def packed(fast: FastDynamic, signs: tuple[np.ndarray, ...]) -> Packed:
    """Pack a model in the order of `compiled.dynamic.dynamic_data`; () if no compiled code knows the prior of beta."""
    informed, layout, prior = fast.informed, fast.layout, fast.beta_prior
    if prior.family.compiled is None:
        return ()
    head, _, _ = pack_chamber(informed.group, informed.sketches[0], prior, fast.alpha_sigma, signs[0])
    sessions = [
        (*sign.shape, sum(part.n_bills for part in sketches[1:]))
        for sign, sketches in zip(signs, informed.sketches, strict=True)
    ]
    sizes = np.concatenate([head, [len(signs)], np.ravel(sessions), *layout.before, *layout.kind[1:]])
    infos = [getattr(informed.group, name) for name in ("left", "right", "independents")]
    members = np.concatenate([info_rows(info) for info in infos if info is not None], axis=1)
    bills = []
    for sketches in informed.sketches:
        bills += [info_rows(part.info) for part in sketches]
        bills += [bend_rows(part) for part in sketches]
    numbers = [
        members,
        fast.sigma_scales,
        *(one.precision for one in informed.seats),
        *(one.pull for one in informed.seats),
        *layout.steps[1:],
        informed.frame_at,
        informed.frame_per_sd,
        prior_numbers(prior, fast.alpha_sigma),
        *bills,
    ]
    return (
        sizes.astype(np.int64),
        np.concatenate([np.ravel(np.asarray(part, dtype=float)) for part in numbers]),
        np.concatenate([sign.ravel() for sign in signs]),
    )
