"""Export of an experiment's results as one archive, the capsule."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.session_files import session_inputs
from ..config.sessions import SessionConfig
from ..errors import UserError
from ..files.archive import write_archive
from ..files.json import read_json
from ..votes.sources import source_of
from .result import ExperimentResult, FitResult

if TYPE_CHECKING:
    from ..summary.repeated import Quantity

log = logging.getLogger(__name__)

#: Version of the layout of capsules.
FORMAT = 1
#: Files in every capsule: the numbers to compare, and the packages in the form of a constraints file of pip.
NUMBERS, PACKAGES = "numbers.json", "packages.txt"
#: Folders in a capsule.
RESULTS, VOTES = "results/", "votes/"
#: What of the machine is kept: other machines round differently.
MACHINE = ("machine", "python")
_FACTS = ("spec_hash", "data_hash", "model_fingerprint")
_KEPT = (".csv", ".html", ".json")
_PAGE_FOLDERS = ("figures", "tables")


def export(result: ExperimentResult, out: Path, votes: bool = False, draws: bool = False) -> Path:
    """Write the results of an experiment as one archive that `replay` can run elsewhere.

    Parameters
    ----------
    result
        The experiment, whose posteriors must be there: the numbers to compare are computed from them.
    out
        The archive.
    votes
        Whether to add the files of the session. Those of a simulated session are never needed.
    draws
        Whether to add the posteriors.

    Raises
    ------
    UserError
        If a file is missing, damaged, or from another run than metrics.json, or the archive cannot be written.
    """
    from ..sampling.posterior import package_versions

    contents: dict[str, Path | bytes] = {RESULTS + name: path for name, path in _files(result, draws).items()}
    found = [quantity.to_dict() for fit in result.units.values() for quantity in numbers_of(fit)]
    contents[NUMBERS] = _json({"quantities": found})
    contents[PACKAGES] = "".join(f"{line}\n" for line in _installed()).encode()
    if votes and result.config.session.source != "simulated":
        contents |= {VOTES + name: path for name, path in source_files(result.config.session).items()}
    metrics, installed = result.metrics, package_versions()
    for name in sorted(name for name, version in metrics["versions"].items() if installed.get(name) != version):
        log.warning("%s: %s is %s now, the run had %s", PACKAGES, name, installed.get(name), metrics["versions"][name])
    about = {
        "format": FORMAT,
        "experiment": result.name,
        "config": result.config.to_dict(),
        "versions": metrics["versions"],
        "code": metrics["code"],
        "converged": result.converged,
        "machine": {key: metrics["platform"]["snapshot"].get(key) for key in MACHINE},
        "fits": {
            unit: {
                **{key: fit.metrics[key] for key in _FACTS},
                "chain_seeds": fit.metrics["chain_seeds"],
                "elpd_loo": fit.metrics["checks"]["elpd_loo"],
            }
            for unit, fit in result.units.items()
        },
    }
    write_archive(out, contents, about)
    log.info("%s: %d files, %.1f MB", out, len(contents) + 1, out.stat().st_size / 1e6)
    return out


def numbers_of(fit: FitResult) -> list[Quantity]:
    """Compute the numbers of a fit that two runs should share, with their Monte Carlo errors.

    Raises
    ------
    UserError
        If a file is missing or damaged, or posterior, summary.json and metrics.json are not of one run.
    """
    from ..draws.vote_probability import VoteParameters
    from ..sampling.posterior import load_posterior
    from ..summary.repeated import quantities
    from ..votes.unit_votes import make_unit
    from .fitted import votes_of

    path = fit.folder / "posterior.nc"
    tree = load_posterior(path)
    made = {**{key: tree.attrs[key] for key in _FACTS}, "data_hash": json.loads(tree.attrs["data_hash"])}
    for repeats, name in ((fit.metrics, "metrics.json"), (read_json(fit.folder / "summary.json"), "summary.json")):
        if {key: repeats.get(key) for key in _FACTS} != made:
            raise UserError(f"{path}: {name} is from another run; run the experiment again")
    chambers = votes_of(tree, path, fit.data)
    posterior = tree["posterior"].to_dataset()
    return quantities(VoteParameters.of(posterior), make_unit(chambers, posterior["vote"].to_numpy()), fit.unit)


def source_files(session: SessionConfig) -> dict[str, Path]:
    """Return the files of a session by the name that they have in the archive, without its folder.

    Raises
    ------
    UserError
        If two files have one name.
    """
    named = [str(session.options[key]) for key in _file_keys(session)]
    named += [session.external] if session.external else []
    found = dict[str, Path]()
    for file in dict.fromkeys([*session_inputs(session), *named]):
        name = Path(file).name
        if file not in named and session.path is not None and Path(session.path).is_dir():
            name = Path(os.path.relpath(file, session.path)).as_posix()
        if name in found and not found[name].samefile(file):
            raise UserError(f"{file} and {found[name]}: of one name, so they cannot be in one archive; rename one")
        found[name] = Path(file)
    return found


def relocated(session: SessionConfig, folder: Path) -> SessionConfig:
    """Return the session with its files in another folder, under the names that `source_files` gives."""
    changes: dict[str, Any] = {}
    if session.path is not None:
        own = folder / Path(session.path).name
        changes["path"] = str(own if own.is_file() else folder)
    if session.external is not None:
        changes["external"] = str(folder / Path(session.external).name)
    keyed = {key: str(folder / Path(session.options[key]).name) for key in _file_keys(session)}
    return replace(session, options={**session.options, **keyed}, **changes)


def _files(result: ExperimentResult, draws: bool) -> dict[str, Path]:
    """Return pages, tables and JSON files by name, with the page's pictures; posteriors if asked for."""
    kept = {name: path for name, path in result.files.items() if path.suffix in _KEPT}
    if draws:
        kept |= {f"{unit}/posterior.nc": fit.folder / "posterior.nc" for unit, fit in result.units.items()}
    for folder in _PAGE_FOLDERS:
        kept |= {f"{folder}/{path.name}": path for path in (result.parent / folder).glob("*.*")}
    return kept


def _file_keys(session: SessionConfig) -> list[str]:
    """Return the keys of a session's source that hold paths of files."""
    roles = [role for form in source_of(session.source).forms for role in form.roles.values()]
    return sorted({role.key for role in roles if role.key and session.options.get(role.key)})


def _installed() -> list[str]:
    """Return the installed packages as ``name==version``, without the paths of those in development."""
    found = {str(each.metadata["Name"]).lower().replace("_", "-"): each.version for each in distributions()}
    return [f"{name}=={version}" for name, version in sorted(found.items())]


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, allow_nan=False, ensure_ascii=False) + "\n").encode()
