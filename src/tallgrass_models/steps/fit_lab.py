"""The step of one replicate of a known-truth lab: votes drawn from a known truth, fitted, and held against it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.experiments import spec_hash
from ..errors import UserError
from ..files.json import canonical_json, read_json, write_json
from ..priors.model import priors_of
from ..priors.spec import BetaPriorSpec
from .fit_chamber import fit_chamber
from .fit_joint import fit_joint
from .fitted import fit_and_votes
from .fitting import FitRun

if TYPE_CHECKING:
    import numpy as np

    from ..calibration.known_truth import KnownTruth
    from ..calibration.mixing import Mixing

log = logging.getLogger(__name__)

#: Keys of the specs of fits that the lab can draw votes for.
_KNOWN = ("unit", "session", "coordinates", "kind", "sampling", "alpha_sigma", "beta_prior", "orient_bills", "code")

#: Structures with other priors, whose votes follow from the same parameters.
_SAME_VOTES = ({"structure": "rasch"},)


def fit_lab(spec: Mapping[str, Any], data: Sequence[Path], posterior: Path | None, run: FitRun) -> None:
    """Write the findings of one replicate.

    Parameters
    ----------
    spec
        ``fit`` (the spec of the experiment's fit), ``chambers`` (of a joint model those of the chambers' fits),
        ``origin`` (fitted or prior), ``replicate`` (from 0), ``code``.
    data
        The votes of the chamber, or of both, House first: members, parties and absences are theirs.
    posterior
        The experiment's fit, from which the truth is drawn; None for truths of the prior.
    run
        ``out`` is the file of findings. The simulated votes and their fits are kept in ``live`` until it is written.

    Raises
    ------
    UserError
        If the lab cannot draw votes for the model, or a file does not belong to the fit.
    """
    import numpy as np

    fit, replicate = spec["fit"], int(spec["replicate"])
    check_model(fit, spec["origin"])
    rng = np.random.default_rng([int(fit["sampling"]["seed"]), replicate])
    run.live.mkdir(parents=True, exist_ok=True)
    made = _both if fit["kind"] == "joint" else _one
    content = {
        "spec_hash": spec_hash(canonical_json(dict(spec))),
        "unit": fit["unit"],
        "origin": spec["origin"],
        "replicate": replicate,
        **made(spec, data, posterior, run, rng),
    }
    write_json(run.out, content)
    shutil.rmtree(run.live)
    log.info("%s, replicate %d: %s", fit["unit"], replicate, "counted" if content["counted"] else "not settled")


def _one(
    spec: Mapping[str, Any], data: Sequence[Path], posterior: Path | None, run: FitRun, rng: np.random.Generator
) -> dict[str, Any]:
    """Simulate and fit one chamber; return whether the fit counts and what was found."""
    from ..calibration.known_truth import from_prior, simulated
    from ..calibration.recovery import recovered
    from ..votes.matrix import ChamberVotes

    votes, fit = ChamberVotes.load(data[0]), spec["fit"]
    truth = _fitted_truth(spec, data, posterior, rng) or from_prior(
        votes, _prior(fit), fit["alpha_sigma"], rng, priors_of(fit)
    )
    drawn = simulated(votes, truth, rng)
    drawn.save(run.live / "votes.nc")
    fit_chamber(_reseeded(fit, spec), run.live / "votes.nc", replace(run, out=run.live / "posterior.nc"))
    at, mixing = _read(run.live / "posterior.nc")
    return {**mixing, "found": recovered(at, truth, drawn, rng)}


def _both(
    spec: Mapping[str, Any], data: Sequence[Path], posterior: Path | None, run: FitRun, rng: np.random.Generator
) -> dict[str, Any]:
    """Simulate both chambers on one scale, fit each and the joint model, and link the two.

    The replicate counts if both chambers' fits do; a joint model that has not settled is left out of it.
    """
    from ..calibration.across import recovered_across
    from ..calibration.known_truth import by_chamber, from_joint_prior, simulated
    from ..votes.matching import join_chambers
    from ..votes.matrix import ChamberVotes

    fit, votes = spec["fit"], [ChamberVotes.load(path) for path in data]
    joined = join_chambers(*votes)
    truth = _fitted_truth(spec, data, posterior, rng) or from_joint_prior(
        joined, _prior(fit), fit["alpha_sigma"], rng, priors_of(fit)
    )
    truths = by_chamber(joined, truth)
    drawn = [simulated(own, known, rng) for own, known in zip((joined.house, joined.senate), truths, strict=True)]
    files, posteriors, fits = [], [], []
    for own in drawn:
        folder = run.live / own.chamber
        folder.mkdir(parents=True, exist_ok=True)
        files.append(folder / "votes.nc")
        posteriors.append(folder / "posterior.nc")
        own.save(files[-1])
        fit_chamber(
            _reseeded(spec["chambers"][own.chamber], spec), files[-1], replace(run, out=posteriors[-1], live=folder)
        )
        fits.append(_read(posteriors[-1]))
    (run.live / "joint").mkdir(exist_ok=True)
    both = replace(run, out=run.live / "joint" / "posterior.nc", live=run.live / "joint")
    fit_joint(_reseeded(fit, spec), files[0], files[1], posteriors[0], posteriors[1], both)
    at, mixing = _read(both.out)
    counted = all(own["counted"] for _, own in fits)
    found = recovered_across([own for own, _ in fits], at["xi"] if mixing["counted"] else None, truths, drawn)
    return {**mixing, "joint_counted": mixing["counted"], "counted": counted, "found": found}


def _reseeded(fit: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the spec of a refit, which differs in its seed alone."""
    sampling = fit["sampling"]
    return {**fit, "sampling": {**sampling, "seed": int(sampling["seed"]) + 1 + int(spec["replicate"])}}


def _read(path: Path) -> tuple[dict[str, np.ndarray], Mixing]:
    """Return the draws of a refit, and whether it counts."""
    from ..calibration.mixing import mixing_of
    from ..sampling.posterior import load_posterior

    tree = load_posterior(path)
    at = {name: tree["posterior"][name].to_numpy() for name in ("xi", "alpha", "beta")}
    mixing = mixing_of(at["xi"], tree["sample_stats"]["diverging"].to_numpy())
    tree.close()
    return at, mixing


def _prior(fit: Mapping[str, Any]) -> BetaPriorSpec:
    return BetaPriorSpec.from_dict(fit["beta_prior"])


def _fitted_truth(
    spec: Mapping[str, Any], data: Sequence[Path], posterior: Path | None, rng: np.random.Generator
) -> KnownTruth | None:
    """Return a draw of the experiment's fit; None for truths of the prior."""
    from ..calibration.known_truth import from_fit

    if spec["origin"] == "prior":
        return None
    if posterior is None:
        raise UserError("truths of the fit need its posterior")
    tree, _ = fit_and_votes(posterior, spec_hash(canonical_json(dict(spec["fit"]))), list(data))
    found = tree["posterior"]
    return from_fit(found["xi"].to_numpy(), found["alpha"].to_numpy(), found["beta"].to_numpy(), rng)


def check_model(fit: Mapping[str, Any], origin: str) -> None:
    """Refuse a fit for which the lab cannot draw votes.

    Raises
    ------
    UserError
        Naming the setting.
    """
    other = {key: value for key, value in fit.get("model", {}).items() if key != "priors"}
    known = (*_KNOWN, "model") if not other or (origin == "fitted" and other in _SAME_VOTES) else _KNOWN
    if unknown := [f"{key}: {canonical_json(fit[key])}" for key in fit if key not in known]:
        raise UserError(f"the lab cannot draw votes for {' and '.join(unknown)} with --from {origin}")
    if origin == "prior" and fit["orient_bills"]:
        raise UserError("orient_bills takes signs from the votes, so there is no prior to draw from; use --from fitted")


def is_done(out: Path, spec: str) -> bool:
    """Tell whether a file of findings was made with this spec; a damaged or missing one was not."""
    try:
        return bool(read_json(out)["spec_hash"] == spec_hash(spec))
    except (UserError, KeyError, TypeError):
        return False
