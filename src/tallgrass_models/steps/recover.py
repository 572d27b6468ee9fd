"""What an interrupted fit leaves in its live folder, and what can be made of it."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.sampling import SamplingConfig
from ..errors import UserError
from ..files.atomic import read_json, write_json
from .prepared import Spec, prepare

if TYPE_CHECKING:
    from ..sampling.watch import KeptDraws

log = logging.getLogger(__name__)

_JOB, _PARTIAL = "fit.json", "partial.nc"


def note_job(
    live: Path, spec: Spec, inputs: Mapping[str, Path], out: Path, cores: int, pressed: tuple[bool, ...] = ()
) -> None:
    """Write what is being fitted from which files, with paths as seen from the live folder: it may move with them.

    ``pressed`` is that of `models.prepare`.
    """
    seen = {name: os.path.relpath(path, live) for name, path in inputs.items()}
    job = {"spec": dict(spec), "inputs": seen, "out": os.path.relpath(out, live), "cores": cores}
    job |= {"pressed": list(pressed)}
    write_json(live / _JOB, job)


def kept_draws(live: Path, identity: Mapping[str, Any]) -> KeptDraws | None:
    """The draws that an interrupted fit left, if they are of the same settings, votes and model."""
    from ..monitoring.draws import DRAWS, load_draws

    path = live / DRAWS
    if not path.exists():
        return None
    try:
        kept, of = load_draws(path)
    except UserError as error:
        log.warning("%s; the fit begins anew", error)
        return None
    changed = [key for key, value in identity.items() if of.get(key) != value]
    if changed:
        log.warning("%s: not continued, because of another %s; the fit begins anew", path, " and ".join(changed))
        return None
    return kept


def recover(live: Path, out: Path | None = None) -> Path:
    """Make a partial posterior of the draws that an interrupted fit left.

    Parameters
    ----------
    live
        The live folder of the fit.
    out
        File to write; by default `_PARTIAL` in ``live``.

    Returns
    -------
    Path
        Of the file, which no later step takes for a posterior.

    Raises
    ------
    UserError
        If nothing was saved, or the votes or the model are not those of the saved draws any more.
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
        raise UserError(f"{live / DRAWS}: drawn from another model than the one that code and votes make now")
    sampled = Sampled(kept.draws, kept.stats, kept.chain_seeds, 0.0, 0.0)
    facts = {"cores": job["cores"], "kind": prepared.built.kind, "model_fingerprint": fingerprint}
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
