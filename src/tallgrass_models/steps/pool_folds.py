"""The step that puts the folds of an experiment together: the ladder, its tables, and every held-out vote."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.folds import VOTES
from ..config.gates import GateConfig
from ..errors import UserError
from ..files.columns import folds as columns
from ..files.json import write_json
from ..files.records.folds import SCHEMA_VERSION, FoldFit, HeldOut
from .fitted import fitted_hash

if TYPE_CHECKING:
    from ..folds.store import FoldResult
    from ..votes.matrix import ChamberVotes

log = logging.getLogger(__name__)

#: Files of held-out votes in the folder of an experiment.
FOLD_FILES = {
    "held_out": "held_out.json",
    "predictions": "held_out.nc",
    **{table.name: f"{table.name}.csv" for table in columns.TABLES},
}


def pool_folds(
    spec: Mapping[str, Any], data: Sequence[Path], folds: Sequence[Path], outputs: Mapping[str, Path]
) -> None:
    """Score the held-out votes of an experiment.

    Parameters
    ----------
    spec
        Spec with ``experiment``, ``folds``, ``gates``, ``fit_hashes`` (of the fits to all votes, by unit) and
        ``fold_hashes`` (of all folds).
    data
        Votes of its chambers, House first.
    folds
        Files of the folds of all its models and of the flat ones.
    outputs
        Path of each of `FOLD_FILES`.

    Raises
    ------
    UserError
        If a fold is missing or damaged, or made with other settings, code or votes.
    """
    from ..folds.ladder import bills_together, chamber_ladder, ladder_tables, pool, rung_of
    from ..folds.store import read_fold, write_scores
    from ..folds.verdict import judge
    from ..votes.matrix import ChamberVotes

    chambers = [ChamberVotes.load(path) for path in data]
    results = [read_fold(path) for path in folds]
    for path, result in zip(folds, results, strict=True):
        _check(path, result, spec, chambers)
    gates, settings = GateConfig(**spec["gates"]), spec["folds"]
    fits = [judge(one.verdict, gates, rung_of(one.kind), one.unit, one.fold) for one in results]
    number, run, of = settings["number"], settings["run"], settings.get("of", VOTES)
    pooled = [
        pool(votes, number, run, [one for one in results if votes.chamber in one.chambers], of) for votes in chambers
    ]
    both = bills_together(pooled, results)
    content: HeldOut = {
        "schema_version": SCHEMA_VERSION,
        "experiment": spec["experiment"],
        "session": chambers[0].session,
        "fit_hashes": spec["fit_hashes"],
        "folds": settings,
        "chambers": {scores.chamber: chamber_ladder(scores, fits) for scores in pooled},
        **({"together": both} if both else {}),  # type: ignore[typeddict-item]
        "n_fits": len(fits),
        "n_converged": sum(fit["ok"] for fit in fits),
        "fits": fits,
    }
    found = ladder_tables(pooled)
    for table in columns.TABLES:
        table.write(outputs[table.name], found[table.name])
    facts = {"session": chambers[0].session, "number": number, "run": run, "of": of}
    write_scores(pooled, facts, outputs["predictions"])
    write_json(outputs["held_out"], content)
    _tell(fits, content)


def _check(path: Path, result: FoldResult, spec: Mapping[str, Any], chambers: Sequence[ChamberVotes]) -> None:
    hashes, model = spec["fold_hashes"], {} if result.kind == "flat" else {"covariates": spec.get("covariates", ())}
    own = [fitted_hash(votes, {"model": model}) for votes in chambers if votes.chamber in result.chambers]
    if result.spec_hash not in hashes or list(result.data_hash) != own:
        what = "settings or code" if result.spec_hash not in hashes else "votes"
        raise UserError(f"{path}: made with other {what} than the configuration now asks for; delete it and run again")


def _tell(fits: Sequence[FoldFit], content: HeldOut) -> None:
    for fit in fits:
        for failure in fit["failures"]:
            log.warning("NOT CONVERGED: %s model of %s, fold %d: %s", fit["rung"], fit["unit"], fit["fold"], failure)
    for chamber, found in content["chambers"].items():
        for rung in found["ladder"]:
            log.info(
                "%s, %s: log score %.4f per vote, %.2f %% right",
                chamber,
                rung["rung"],
                rung["log_score"],
                100 * rung["correct"],
            )
