"""The step that samples a model without the votes of one fold, and predicts these."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..votes.unit import Unit
from .fitted import fitted_hash
from .fitting import FitRun, name_of, sample_tree
from .prepared import Spec

if TYPE_CHECKING:
    import xarray as xr

    from ..votes.matrix import ChamberVotes

log = logging.getLogger(__name__)


def fit_fold(spec: Spec, data: Sequence[Path], starts: Sequence[Path], run: FitRun) -> None:
    """Sample a model without the votes of a fold; keep the predictions of these votes, and how the chains converged.

    Parameters
    ----------
    spec
        Spec of the fit, with the key ``fold``.
    data
        Votes of the unit's chambers, House first.
    starts
        Posteriors of the chambers to all votes, from whose means a joint model starts. Empty for other models.
    run
        How to run the fit. ``run.out`` is the file of the fold.

    Notes
    -----
    nutpie does not take over the mass matrix of another fit. The fast coordinates have their own: the pilot fit to the
    votes of the fold's fit scales them.
    """
    from ..folds.fit import fold_result
    from ..folds.store import write_fold
    from ..monitoring.lifecycle import ExperimentLifecycle
    from ..votes.matrix import ChamberVotes

    names = Unit.JOINT.chambers if starts else ("data",)
    inputs = dict(zip(names, data, strict=True))
    inputs |= {f"{chamber}_posterior": path for chamber, path in zip(names, starts, strict=True)} if starts else {}
    name = name_of(spec)
    with ExperimentLifecycle(run.live, run.out, name, spec["sampling"]["sampler"], run.options) as life:
        began = time.perf_counter()
        tree = sample_tree(spec, inputs, run, life.monitor)
        seconds = time.perf_counter() - began
        chambers = [ChamberVotes.load(path) for path in data]
        _check_unseen(tree, spec, chambers)
        write_fold(
            fold_result(tree, spec, chambers, [fitted_hash(votes, spec) for votes in chambers], seconds), run.out
        )
    log.info("%s: wrote %s", name, run.out)


def _check_unseen(tree: xr.DataTree, spec: Spec, chambers: Sequence[ChamberVotes]) -> None:
    """Refuse a fit that has seen the votes it should predict: a mistake in our code.

    Raises
    ------
    ValueError
        If the votes that were fitted are not all but those of the fold.
    """
    from ..folds.assignment import without_fold

    if json.loads(tree.attrs["data_hash"]) != [
        fitted_hash(without_fold(one, **spec["fold"]), spec) for one in chambers
    ]:
        raise ValueError(f"{name_of(spec)}: the votes that were fitted are not all but those of the fold")
