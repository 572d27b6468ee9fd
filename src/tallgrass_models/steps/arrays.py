"""A fit of votes that are an array and not files."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config import specs
from ..config.experiments import ExperimentConfig
from ..config.sampling import SamplingConfig
from ..config.sessions import SessionConfig
from ..errors import UserError
from ..files.json import read_json
from ..monitoring.machine import usable_cpus
from ..monitoring.progress import progress_of
from ..priors.spec import PRODUCTION_BETA, BetaPriorSpec
from ..votes.unit import Unit
from .fit_chamber import fit_chamber
from .fitting import FitRun
from .result import FitResult
from .summarize import SummaryFiles, summarize, unit_outputs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from ..votes.matrix import ChamberVotes

_NAME = "arrays"


class ArrayFit(FitResult):
    """Result of `fit`. Files that nobody asked for are removed with it."""

    def __init__(self, folder: Path, data: Path, temporary: bool) -> None:
        from ..metrics.fits import size_and_convergence

        super().__init__(folder, size_and_convergence(read_json(folder / "summary.json")), [data])
        if temporary:
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)


def fit(
    votes: ArrayLike,
    parties: Sequence[str],
    *,
    beta_prior: BetaPriorSpec = PRODUCTION_BETA,
    members: Sequence[str] | None = None,
    rollcalls: Sequence[str] | None = None,
    min_minority_share: float = 0.0,
    min_votes: int = 0,
    sampling: SamplingConfig | None = None,
    orient_bills: bool = False,
    cores: int | None = None,
    progress: bool | None = None,
    folder: str | Path | None = None,
) -> ArrayFit:
    """Fit the model of one chamber to a matrix of votes.

    Parameters
    ----------
    votes : array-like, shape (n_members, n_rollcalls)
        1 for Yea, 0 for Nay, NaN or None for no vote. Also a DataFrame, whose index and columns then name members and
        roll calls.
    parties : sequence of str, shape (n_members,)
        ``Democrat`` or ``Republican`` (or their first letters); anybody else stands free of the parties.
    beta_prior
        Prior of discrimination.
    members, rollcalls
        Names, all different. Without them members are ``m1``, ``m2``... and roll calls ``r1``, ``r2``...
    min_minority_share, min_votes
        Roll calls with a smaller minority, and then members with fewer votes, are left out. Roll calls without a vote
        always are.
    sampling
        Draws, chains, seed. The default is that of the experiments.
    orient_bills
        Whether a positive prior may take Nay for Yea where Republicans vote Nay.
    cores
        Chains that run side by side; by default as many as there are CPUs.
    progress
        Whether to show progress. By default it is shown in a terminal and in a notebook.
    folder
        Folder for posterior.nc and the tables. Without one they live as long as the result.

    Returns
    -------
    ArrayFit
        ``members``, ``bills``, ``parties`` as DataFrames, ``posterior`` as `xarray.DataTree`, ``metrics`` as a dict.

    Raises
    ------
    UserError
        If the arrays do not fit together, hold something else, or leave fewer than five members of both parties.

    Examples
    --------
    >>> import numpy as np
    >>> from tallgrass_models import SamplingConfig, fit
    >>> rng = np.random.default_rng(1)
    >>> ideal = np.r_[rng.normal(-1, 0.3, 8), rng.normal(1, 0.3, 8)]
    >>> chance = 1 / (1 + np.exp(-np.outer(ideal, rng.normal(0, 2, 60))))
    >>> votes = (rng.random(chance.shape) < chance).astype(float)
    >>> found = fit(votes, ["D"] * 8 + ["R"] * 8, sampling=SamplingConfig(draws=100, tune=200, chains=2))
    >>> len(found.members), bool(np.corrcoef(found.members["xi_mean"], ideal)[0, 1] > 0.9)
    (16, True)
    """
    sampling = sampling or SamplingConfig()
    chamber = _votes(votes, parties, members, rollcalls, (min_minority_share, min_votes))
    config = ExperimentConfig(
        _NAME,
        session=SessionConfig(_NAME),
        chambers=(chamber.chamber,),
        beta_prior=beta_prior,
        sampling=sampling,
        orient_bills=orient_bills,
    )
    home = Path(folder or tempfile.mkdtemp(prefix="tallgrass-models-"))
    home.mkdir(parents=True, exist_ok=True)
    data, out = home / "votes.nc", home / "posterior.nc"
    chamber.save(data)
    spec = json.loads(specs.fit_spec_json(config, chamber.chamber))
    run = FitRun(cores or max(1, int(usable_cpus())), out, home / "live", config.run_options(chamber.chamber))
    with progress_of([home], progress):
        fit_chamber(spec, data, run)
        of_tables = json.loads(specs.summary_spec_json(config, Unit(chamber.chamber)))
        summarize(of_tables, SummaryFiles(out, [data]), unit_outputs(home))
    return ArrayFit(home, data, temporary=not folder)


def _votes(
    votes: ArrayLike,
    parties: Sequence[str],
    members: Sequence[str] | None,
    rollcalls: Sequence[str] | None,
    filters: tuple[float, int],
) -> ChamberVotes:
    """Make the chamber that the arrays describe, with the checks and filters that files undergo."""
    import numpy as np
    import pandas as pd

    from ..votes.notes import join_notes
    from ..votes.readers.base import RawSession
    from ..votes.session import load_chambers

    if isinstance(votes, pd.DataFrame):
        members = list(map(str, votes.index)) if members is None else members
        rollcalls = list(map(str, votes.columns)) if rollcalls is None else rollcalls
    try:
        y = np.asarray(votes, dtype=float)
    except (TypeError, ValueError) as error:
        raise UserError(f"votes: {error}; 1 is Yea, 0 is Nay, NaN is no vote") from None
    if y.ndim != 2:
        raise UserError(f"votes: shape {y.shape}; one row for each member and one column for each roll call are needed")
    names = _names("members", members, "m", len(y)), _names("rollcalls", rollcalls, "r", y.shape[1])
    sides = _parties(parties, len(y))
    strange = np.argwhere(~np.isnan(y) & (y != 0) & (y != 1))
    if len(strange):
        i, j = strange[0]
        raise UserError(f"votes: {y[i, j]:g} in row {i}, column {j}; 1 is Yea, 0 is Nay, NaN is no vote")
    cast = np.argwhere(~np.isnan(y).T)[:, ::-1]
    value = y[cast[:, 0], cast[:, 1]].astype(np.int8)
    long = pd.DataFrame({"legislator": cast[:, 0], "rollcall": cast[:, 1], "value": value, "listed": True})
    people = pd.DataFrame({"chamber": "house", "id": names[0], "name": names[0], "party": sides, "person": names[0]})
    people = people.assign(district="", state="", external=np.nan)
    calls = pd.DataFrame({"chamber": "house", "id": names[1], "bill": names[1], "title": "", "motion": "", "date": ""})
    unrecorded = {"recorded_yea": np.nan, "recorded_nay": np.nan, "tally": ""}
    calls = calls.assign(passage=False, counted_yea=(y == 1).sum(0), counted_nay=(y == 0).sum(0), **unrecorded)
    info: Any = {"source": _NAME, "data_hash": hashlib.sha256(y.tobytes()).hexdigest(), "files": {}}
    files = dict.fromkeys(("votes", "rollcalls", "legislators"), Path("votes"))
    raw = RawSession(_NAME, people, calls, long, join_notes([]), files, info)
    return load_chambers(raw, _NAME, ("house",), *filters)["house"]


def _names(what: str, given: Sequence[str] | None, stem: str, n: int) -> list[str]:
    """Return the names of members or roll calls, made up where none are given."""
    names = [f"{stem}{k}" for k in range(1, n + 1)] if given is None else list(map(str, given))
    if len(names) != n:
        raise UserError(f"{what}: {len(names)} names, but votes has {n}")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UserError(f"{what}: {twice[0]!r} occurs twice; names must differ")
    return names


def _parties(given: Sequence[str], n: int) -> list[str]:
    """Return parties in one spelling."""
    from ..votes.readers.parts import party_label

    parties = [party_label(str(party)) for party in given]
    if len(parties) != n:
        raise UserError(f"parties: {len(parties)} of them, but votes has {n} members")
    return parties
