"""Draws that an interrupted fit leaves in its live folder, and the partial posterior made of them."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.sampling import SamplingConfig
from ..errors import UserError
from ..files.json import read_json, write_json
from .prepared import Spec, prepare

if TYPE_CHECKING:
    from ..sampling.watch import KeptDraws

log = logging.getLogger(__name__)

_JOB, _PARTIAL = "fit.json", "partial.nc"


def note_job(
    live: Path, spec: Spec, inputs: Mapping[str, Path], out: Path, cores: int, pressed: tuple[bool, ...] = ()
) -> None:
    """Record in the live folder what is being fitted from which files.

    Paths are relative to the live folder, so that it may move together with them. ``pressed`` is that of
    `prepared.prepare`.
    """
    seen = {name: os.path.relpath(path, live) for name, path in inputs.items()}
    job = {"spec": dict(spec), "inputs": seen, "out": os.path.relpath(out, live), "cores": cores}
    job |= {"pressed": list(pressed)}
    write_json(live / _JOB, job)


def kept_draws(live: Path, identity: Mapping[str, Any]) -> KeptDraws | None:
    """Load the draws that an interrupted fit left, if they are of the same settings, votes and model, else None."""
    from ..monitoring.draws import DRAWS, load_draws

    path = live / DRAWS
    if not path.exists():
        return None
    try:
        kept, of = load_draws(path)
    except UserError as error:
        log.warning("%s; the fit starts over", error)
        return None
    changed = [key for key, value in identity.items() if of.get(key) != value]
    if changed:
        log.warning("%s: cannot be continued, because of another %s; the fit starts over", path, " and ".join(changed))
        return None
    return kept


def recover(live: Path, out: Path | None = None) -> Path:
    """Make a partial posterior of the draws that an interrupted fit left.

    Parameters
    ----------
    live
        The live folder of the fit.
    out
        File to write. By default it is `_PARTIAL` in ``live``.

    Returns
    -------
    Path
        Path of the file, which no later step accepts as a posterior.

    Raises
    ------
    UserError
        If no draws were saved, or they belong to other votes or to another model than those of today.
    """
    from ..monitoring.draws import DRAWS, load_draws
    from ..sampling.posterior import mark_partial, save_posterior, to_datatree
    from ..sampling.result import Sampled
    from ..sampling.sample import compile_model, model_fingerprint

    job = read_json(live / _JOB)
    kept, identity = load_draws(live / DRAWS)
    kept = kept.most()
    spec = job["spec"]
    inputs = {name: live / path for name, path in job["inputs"].items()}
    prepared = prepare(spec, inputs, tuple(job.get("pressed", ())))
    fingerprint = model_fingerprint(compile_model(prepared.built, spec["sampling"]["sampler"]))
    if (identity["data_hash"], identity["model_fingerprint"]) != (prepared.data_hash, fingerprint):
        raise UserError(f"{live / DRAWS}: these draws are from another model than code and votes give now")
    sampled = Sampled(kept.draws, kept.stats, kept.chain_seeds, 0.0, 0.0)
    facts = {"cores": job["cores"], "kind": prepared.built.kind, "model_fingerprint": fingerprint}
    facts |= {"pressed": json.dumps(job["pressed"])} if job.get("pressed") else {}
    tree = to_datatree(prepared.built, sampled, spec, prepared.members, prepared.data_hash, facts)
    out = out or live / _PARTIAL
    planned = SamplingConfig(**spec["sampling"])
    save_posterior(mark_partial(tree, planned.limit), out)
    log.info(
        "%s: %d of %d draws, of %d of %d chains; wrote %s",
        spec["unit"],
        kept.whole,
        planned.limit,
        kept.lengths.size,
        planned.chains,
        out,
    )
    return out
