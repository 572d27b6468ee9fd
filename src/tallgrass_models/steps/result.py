"""Results of an experiment, for people who work with them in Python."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.experiments import ExperimentConfig
from ..errors import UserError
from ..files.columns.summary import BILLS, IDEAL_POINTS, PARTIES
from ..files.json import canonical_json, read_json
from ..votes.unit import by_unit
from .result_tables import read_for_people

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

#: Numbers shown of each fit, as heading by key of its block in metrics.json.
_SHOWN = {
    "n_legislators": "members",
    "n_rollcalls": "roll calls",
    "rhat_xi_max": "worst R-hat",
    "ess_xi_min": "least ESS",
    "divergences": "divergences",
    "convergence_ok": "converged",
}
#: Kinds of files that are listed. Logs and what a fit keeps while it runs are not among them.
_KINDS = (".csv", ".html", ".json", ".nc")


class FitResult:
    """One fit of an experiment, of a chamber or of the joint model.

    Parameters
    ----------
    folder
        Folder of its files.
    metrics
        Block of the fit in metrics.json.
    data
        Files of the votes that were fitted, House first.

    Attributes
    ----------
    unit : str
        ``house``, ``senate`` or ``joint``.
    """

    def __init__(self, folder: Path, metrics: Mapping[str, Any], data: Sequence[Path]) -> None:
        self.folder, self.unit, self.metrics, self.data = folder, folder.name, metrics, tuple(data)

    @cached_property
    def members(self) -> pd.DataFrame:
        """Members and their ideal points, from ideal_points.csv."""
        return read_for_people(IDEAL_POINTS, self.folder)

    @cached_property
    def bills(self) -> pd.DataFrame:
        """Roll calls with difficulty and discrimination, from bills.csv."""
        return read_for_people(BILLS, self.folder)

    @cached_property
    def parties(self) -> pd.DataFrame:
        """Parties, from parties.csv."""
        return read_for_people(PARTIES, self.folder)

    @cached_property
    def posterior(self) -> xr.DataTree:
        """Draws in ArviZ's layout, read at the first use and then kept.

        Besides the groups of posterior.nc it has ``observed_data``, ``log_prior`` and the lazy ``log_likelihood`` and
        ``posterior_predictive`` (see `checking.arviz_groups`), so that `arviz.loo`, `arviz.compare` and
        `arviz.psense_summary` take it as it is. They need a number for each vote and draw. To save memory, thin it
        first: ``fit.posterior.isel(draw=slice(None, None, 8))``.

        Raises
        ------
        UserError
            If a file is missing or damaged, was made with other settings than the metrics, or has other votes.
        """
        from ..checking.arviz_groups import with_groups
        from ..sampling.posterior import load_posterior
        from .fitted import votes_of

        path = self.folder / "posterior.nc"
        tree = load_posterior(path)
        if tree.attrs["spec_hash"] != self.metrics["spec_hash"]:
            raise UserError(f"{path}: made with other settings than metrics.json; run the experiment again")
        chambers = votes_of(tree, path, self.data)
        return with_groups(tree, json.loads(tree.attrs["spec"]), chambers)

    def __repr__(self) -> str:
        return f"<FitResult {self.unit}: {_facts(self.metrics)}>"


class Posteriors(Mapping[str, "xr.DataTree"]):
    """Draws of an experiment by unit, each read from its file at the first use of the unit."""

    def __init__(self, units: Mapping[str, FitResult]) -> None:
        self._units = units

    def __getitem__(self, unit: str) -> xr.DataTree:
        return self._units[unit].posterior

    def __iter__(self) -> Iterator[str]:
        return iter(self._units)

    def __len__(self) -> int:
        return len(self._units)

    def __repr__(self) -> str:
        return f"<Posteriors of {', '.join(self._units)}>"


class ExperimentResult(os.PathLike[str]):
    """Results of an experiment that has run.

    It stands for the path of its metrics.json wherever Python takes a path (`open`, `pathlib.Path`). It equals that
    path and has its `parent` and `read_text`; for other methods of paths use `path`. Everything else is read from the
    files at its first use and then kept.

    Parameters
    ----------
    path
        Path of the experiment's folder, or of metrics.json in it.

    Raises
    ------
    UserError
        If there is no metrics.json.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        path = Path(path)
        self.path = path / "metrics.json" if path.is_dir() else path
        if not self.path.is_file():
            raise UserError(f"{self.path}: no such file; run the experiment first")

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """Content of metrics.json."""
        found = read_json(self.path)
        if not isinstance(found, dict) or not {"experiment", "chambers", "config"} <= set(found):
            raise UserError(f"{self.path}: does not hold the metrics of an experiment")
        return found

    @property
    def name(self) -> str:
        """Name of the experiment."""
        return str(self.metrics["experiment"])

    @cached_property
    def config(self) -> ExperimentConfig:
        """Configuration of the experiment as it was run."""
        return ExperimentConfig.from_json(canonical_json(self.metrics["config"]))

    @property
    def converged(self) -> bool:
        """Whether every fit passed every gate."""
        return bool(self.metrics["convergence_ok"])

    @property
    def report(self) -> Path:
        """Path of the page."""
        return self.parent / "report.html"

    @property
    def files(self) -> dict[str, Path]:
        """Paths of the files that exist now, by their name in the experiment's folder, such as ``house/bills.csv``."""
        found = [self.parent, *(self.parent / unit for unit in self.units)]
        paths = sorted(path for folder in found for path in folder.glob("*.*") if path.suffix in _KINDS)
        return {path.relative_to(self.parent).as_posix(): path for path in paths if path.name != "steps.json"}

    @cached_property
    def units(self) -> dict[str, FitResult]:
        """Fits by unit, first the chambers, then the joint model."""
        votes = self.parent.parent / "sessions" / self.config.session.folder
        return {
            unit.value: FitResult(self.parent / unit, block, [votes / f"{chamber}.nc" for chamber in unit.chambers])
            for unit, block in by_unit(self.metrics).items()
        }

    def __getitem__(self, unit: str) -> FitResult:
        """Return one fit."""
        if unit not in self.units:
            raise KeyError(f"there is no fit {unit!r}; {self.name} has {', '.join(self.units)}")
        return self.units[unit]

    @property
    def members(self) -> pd.DataFrame:
        """Members of every fit, with ``unit`` as first column; ``result["house"].members`` are those of one fit."""
        return self._all(lambda fit: fit.members)

    @property
    def bills(self) -> pd.DataFrame:
        """Roll calls of every fit, with ``unit`` as first column."""
        return self._all(lambda fit: fit.bills)

    @property
    def parties(self) -> pd.DataFrame:
        """Parties of every fit, with ``unit`` as first column."""
        return self._all(lambda fit: fit.parties)

    @property
    def posterior(self) -> Posteriors:
        """Draws by unit; ``result.posterior["house"]`` is an `xarray.DataTree`."""
        return Posteriors(self.units)

    def _all(self, table: Callable[[FitResult], pd.DataFrame]) -> pd.DataFrame:
        """Join the tables of all fits into one, with ``unit`` as first column."""
        import pandas as pd

        parts = {unit: table(fit) for unit, fit in self.units.items()}
        out = pd.concat(parts.values(), ignore_index=True)
        for name, kind in next(iter(parts.values())).dtypes.items():
            if kind == "category":  # pandas makes a plain column where the categories of the tables differ
                out[name] = out[name].astype("category")
        units = [unit for unit, part in parts.items() for _ in range(len(part))]
        out.insert(0, "unit", pd.Categorical(units, categories=list(parts)))
        return out

    # --- as a path ----------------------------------------------------------------------------------------------------

    def __fspath__(self) -> str:
        return str(self.path)

    @property
    def parent(self) -> Path:
        """Folder of the experiment."""
        return self.path.parent

    def read_text(self, encoding: str = "utf-8") -> str:
        """Return metrics.json as text."""
        return self.path.read_text(encoding=encoding)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, os.PathLike):
            return self.path == Path(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.path)

    def __str__(self) -> str:
        return str(self.path)

    # --- for people ---------------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        state = "converged" if self.converged else "NOT CONVERGED"
        lines = [f"<ExperimentResult {self.name}: {state}, {self.path}>"]
        return "\n".join([*lines, *(f"  {unit}: {_facts(fit.metrics)}" for unit, fit in self.units.items())])

    def _repr_html_(self) -> str:
        """Show the fits as a small table in a notebook."""
        state = "converged" if self.converged else "<b>NOT CONVERGED</b>"
        head = "".join(f"<th>{heading}</th>" for heading in ("fit", *_SHOWN.values()))
        rows = ""
        for unit, fit in self.units.items():
            cells = "".join(f"<td>{_cell(fit.metrics.get(key))}</td>" for key in _SHOWN)
            rows += f"<tr><th>{html.escape(unit)}</th>{cells}</tr>"
        report, words = (html.escape(text) for text in (str(self.report), self.config.description))
        return (
            f"<p><b>{html.escape(self.name)}</b>: {words or 'no description'}; {state}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table><p>Report: <code>{report}</code></p>"
        )


def _facts(metrics: Mapping[str, Any]) -> str:
    return ", ".join(f"{heading} {_cell(metrics.get(key))}" for key, heading in _SHOWN.items())


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3f}" if isinstance(value, float) and value < 10 else f"{value:,.0f}"
