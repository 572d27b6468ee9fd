"""The split-half check of a chamber's fit: both halves of several splits fitted, and what they come to."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config import specs
from ..config.experiments import ExperimentConfig, spec_hash
from ..config.fingerprint import fingerprint
from ..errors import UserError
from ..files.json import canonical_json, read_json, write_json
from ..votes.unit import Unit
from .fit_chamber import fit_chamber
from .fit_lab import is_done
from .fitted import fitted_hash
from .fitting import FitRun

if TYPE_CHECKING:
    import numpy as np

    from ..checking.split_half import Halves, Split, SplitHalf
    from ..votes.matrix import ChamberVotes

log = logging.getLogger(__name__)


def split_half(
    config: ExperimentConfig, unit: Unit, splits: int, seed: int, results: Path, cores: int, wait: bool = True
) -> SplitHalf:
    """Fit both halves of each split with the experiment's settings, and compare the members.

    Parameters
    ----------
    config, unit
        Experiment and chamber; its votes must have been read.
    splits, seed
        Number of splits at random, and the seed from which they derive. One by time is added.
    results, cores
        The results folder; chains that run side by side.
    wait
        Whether to wait for a free sampler slot.

    Returns
    -------
    SplitHalf
        Also in ``split_half/{unit}.json`` in the folder of the experiment. Splits that an earlier run finished, in
        ``split_half/{unit}/``, are not run again. Nothing else is written.

    Raises
    ------
    UserError
        If there are too few splits, or the votes are missing.
    """
    from ..checking.split_half import LEAST_SPLITS, conclude
    from ..votes.matrix import ChamberVotes

    if splits < LEAST_SPLITS:
        raise UserError(f"--splits must be at least {LEAST_SPLITS}, not {splits}")
    data = results / "sessions" / config.session.folder / f"{unit}.nc"
    votes = ChamberVotes.load(data)
    folder = results / config.name / "split_half"
    fit = json.loads(specs.fit_spec_json(config, unit))
    found: list[Split] = []
    for name, halves, why in _halves(votes, splits, seed):
        out = folder / unit / f"{name}.json"
        said: dict[str, Any] = {"fit": fit, "votes": fitted_hash(votes, fit), "split": name, "seed": seed}
        spec = canonical_json({**said, "code": fingerprint("split_half")})
        if not is_done(out, spec):
            options = replace(config.run_options(unit), experiment=f"{config.name}, halves {name}", wait=wait)
            run = FitRun(cores, out, out.with_suffix(".live"), options)
            write_json(out, {"spec_hash": spec_hash(spec), "split": _split(votes, halves, why, fit, run)})
        found.append(read_json(out)["split"])
    content = conclude(unit, found)
    for line in content["text"]:
        log.info("%s", line)
    write_json(folder / f"{unit}.json", content)
    return content


def _halves(votes: ChamberVotes, splits: int, seed: int) -> Iterator[tuple[str, Halves, str]]:
    """Yield name, halves, and why they cannot be compared (empty if they can)."""
    import numpy as np

    from ..checking.split_half import Halves, halves_by_time, random_halves, too_few

    timed = halves_by_time(votes)
    none = np.array([], dtype=int)
    by_time, why = (Halves("time", none, none), timed) if isinstance(timed, str) else (timed, "")
    yield "time", by_time, why or too_few(votes, by_time)
    for k in range(splits):
        halves = random_halves(votes, np.random.default_rng([seed, k]))
        yield f"random_{k}", halves, too_few(votes, halves)


def _split(votes: ChamberVotes, halves: Halves, why: str, fit: dict[str, Any], run: FitRun) -> Split:
    """Fit two halves and compare them; a fit that has not settled is a reason not to."""
    from ..checking.split_half import empty, half_of, split

    if why:
        return empty(halves, why)
    fitted = [_fit(half_of(votes, at), fit, k, run) for k, at in enumerate((halves.a, halves.b))]
    shutil.rmtree(run.live)
    if not all(settled for _, settled in fitted):
        return empty(halves, "a fit of one of the halves has not converged")
    return split(votes, halves, *(xi for xi, _ in fitted))


def _fit(votes: ChamberVotes, fit: dict[str, Any], k: int, run: FitRun) -> tuple[np.ndarray, bool]:
    """Return the draws of the ideal points, shape (n_draws, n_legislators), and whether they can be relied on."""
    from ..calibration.mixing import mixing_of
    from ..sampling.posterior import load_posterior

    folder = run.live / "ab"[k]
    folder.mkdir(parents=True, exist_ok=True)
    votes.save(folder / "votes.nc")
    fit_chamber(fit, folder / "votes.nc", replace(run, out=folder / "posterior.nc", live=folder))
    tree = load_posterior(folder / "posterior.nc")
    xi = tree["posterior"]["xi"].to_numpy()
    settled = mixing_of(xi, tree["sample_stats"]["diverging"].to_numpy())["counted"]
    tree.close()
    return xi.reshape(-1, xi.shape[-1]).astype(float), settled
