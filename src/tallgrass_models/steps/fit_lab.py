"""The step of one replicate of a known-truth lab: votes drawn from a known truth, fitted, and held against it."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.experiments import spec_hash
from ..errors import UserError
from ..files.json import canonical_json, write_json
from ..priors.spec import BetaPriorSpec
from .fit_chamber import fit_chamber
from .fitted import fit_and_votes
from .fitting import FitRun

if TYPE_CHECKING:
    import numpy as np

    from ..calibration.known_truth import KnownTruth
    from ..votes.matrix import ChamberVotes

log = logging.getLogger(__name__)

#: Keys of the specs of fits that the lab can draw votes for.
_KNOWN = ("unit", "session", "coordinates", "kind", "sampling", "alpha_sigma", "beta_prior", "orient_bills", "code")


def fit_lab(spec: Mapping[str, Any], data: Path, posterior: Path | None, run: FitRun) -> None:
    """Write the findings of one replicate.

    Parameters
    ----------
    spec
        ``fit`` (the spec of the experiment's fit), ``origin`` (fitted or prior), ``replicate`` (from 0), ``code``.
    data
        The votes of the chamber: members, parties and absences are theirs.
    posterior
        The experiment's fit, from which the truth is drawn; None for truths of the prior.
    run
        ``out`` is the file of findings. The simulated votes and their fit are kept in ``live`` until it is written.

    Raises
    ------
    UserError
        If the lab cannot draw votes for the model, or a file does not belong to the fit.
    """
    import numpy as np

    from ..calibration.known_truth import simulated
    from ..calibration.mixing import mixing_of
    from ..calibration.recovery import recovered
    from ..sampling.posterior import load_posterior
    from ..votes.matrix import ChamberVotes

    fit, replicate = spec["fit"], int(spec["replicate"])
    check_model(fit, spec["origin"])
    rng = np.random.default_rng([int(fit["sampling"]["seed"]), replicate])
    votes = ChamberVotes.load(data)
    truth = _truth(spec, votes, data, posterior, rng)
    drawn = simulated(votes, truth, rng)
    run.live.mkdir(parents=True, exist_ok=True)
    votes_file, refit = run.live / "votes.nc", run.live / "posterior.nc"
    drawn.save(votes_file)
    own = {**fit, "sampling": {**fit["sampling"], "seed": int(fit["sampling"]["seed"]) + 1 + replicate}}
    fit_chamber(own, votes_file, replace(run, out=refit))
    tree = load_posterior(refit)
    at = {name: tree["posterior"][name].to_numpy() for name in ("xi", "alpha", "beta")}
    content = {
        "spec_hash": spec_hash(canonical_json(dict(spec))),
        "unit": fit["unit"],
        "origin": spec["origin"],
        "replicate": replicate,
        **mixing_of(at["xi"], tree["sample_stats"]["diverging"].to_numpy()),
        "found": recovered(at, truth, drawn, rng),
    }
    tree.close()
    write_json(run.out, content)
    shutil.rmtree(run.live)
    log.info("%s, replicate %d: %s", fit["unit"], replicate, "counted" if content["counted"] else "not settled")


def check_model(fit: Mapping[str, Any], origin: str) -> None:
    """Refuse a fit for which the lab cannot draw votes.

    Raises
    ------
    UserError
        Naming the setting.
    """
    if fit["kind"] != "chamber":
        raise UserError("the lab is for the fits of single chambers; for two chambers use `calibrate --members N N`")
    if unknown := [key for key in fit if key not in _KNOWN]:
        raise UserError(f"the lab cannot draw votes for a model with {' and '.join(unknown)}")
    if origin == "prior" and fit["orient_bills"]:
        raise UserError("orient_bills takes signs from the votes, so there is no prior to draw from; use --from fitted")


def _truth(
    spec: Mapping[str, Any], votes: ChamberVotes, data: Path, posterior: Path | None, rng: np.random.Generator
) -> KnownTruth:
    from ..calibration.known_truth import from_fit, from_prior

    fit = spec["fit"]
    if spec["origin"] == "prior":
        return from_prior(votes, BetaPriorSpec.from_dict(fit["beta_prior"]), fit["alpha_sigma"], rng)
    if posterior is None:
        raise UserError("truths of the fit need its posterior")
    tree, _ = fit_and_votes(posterior, spec_hash(canonical_json(dict(fit))), [data])
    found = tree["posterior"]
    return from_fit(found["xi"].to_numpy(), found["alpha"].to_numpy(), found["beta"].to_numpy(), rng)


def is_done(out: Path, spec: str) -> bool:
    """Tell whether a file of findings was made with this spec; a damaged or missing one was not."""
    try:
        return bool(json.loads(out.read_text(encoding="utf-8"))["spec_hash"] == spec_hash(spec))
    except (OSError, ValueError, KeyError, TypeError):
        return False
