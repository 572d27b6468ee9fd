"""`ExperimentResult`: what an experiment left behind, for people who work with it in Python."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.experiments import ExperimentConfig
from ..errors import UserError
from ..files.atomic import canonical_json, read_json
from ..files.columns.summary import BILLS, IDEAL_POINTS, PARTIES
from ..votes.unit import by_unit
from .result_tables import read_for_people

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

#: What is shown of each fit: key of its block in metrics.json, and heading.
_SHOWN = {
    "n_legislators": "members",
    "n_rollcalls": "roll calls",
    "rhat_xi_max": "worst R-hat",
    "ess_xi_min": "least ESS",
    "divergences": "divergences",
    "convergence_ok": "converged",
}
#: Kinds of files that are listed: neither logs nor what a fit keeps while it runs.
_KINDS = (".csv", ".html", ".json", ".nc")


class FitResult:
    """One fit of an experiment: a chamber, or the joint model.

    Parameters
    ----------
    folder
        Where its files are.
    metrics
        Its block of metrics.json.

    Attributes
    ----------
    unit : str
        ``house``, ``senate`` or ``joint``.
    """

    def __init__(self, folder: Path, metrics: Mapping[str, Any]) -> None:
        self.folder, self.unit, self.metrics = folder, folder.name, metrics

    @cached_property
    def members(self) -> pd.DataFrame:
        """Members and their ideal points: ideal_points.csv."""
        return read_for_people(IDEAL_POINTS, self.folder)

    @cached_property
    def bills(self) -> pd.DataFrame:
        """Roll calls with difficulty and discrimination: bills.csv."""
        return read_for_people(BILLS, self.folder)

    @cached_property
    def parties(self) -> pd.DataFrame:
        """Parties: parties.csv."""
        return read_for_people(PARTIES, self.folder)

    @cached_property
    def posterior(self) -> xr.DataTree:
        """Draws in ArviZ's layout, read when first asked for and then kept: posterior.nc.

        Raises
        ------
        UserError
            If the file is missing or damaged, or of other settings than the metrics.
        """
        from ..sampling.posterior import load_posterior

        path = self.folder / "posterior.nc"
        tree = load_posterior(path)
        if tree.attrs["spec_hash"] != self.metrics["spec_hash"]:
            raise UserError(f"{path}: made with other settings than metrics.json; run the experiment again")
        return tree

    def __repr__(self) -> str:
        return f"<FitResult {self.unit}: {_facts(self.metrics)}>"


class Posteriors(Mapping[str, "xr.DataTree"]):
    """Draws of an experiment by unit, each file read when its unit is first asked for."""

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
    """What an experiment that has run left behind.

    It stands for the path of its metrics.json wherever Python takes a path (`open`, `pathlib.Path`), equals that path,
    and has `parent` and `read_text` as paths have; for their other methods take `path`. Everything else is read from
    the files when it is first asked for, and then kept.

    Parameters
    ----------
    path
        The experiment's folder, or metrics.json in it.

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
        """The content of metrics.json."""
        found = read_json(self.path)
        if not isinstance(found, dict) or not {"experiment", "chambers", "config"} <= set(found):
            raise UserError(f"{self.path}: not the metrics of an experiment")
        return found

    @property
    def name(self) -> str:
        """Name of the experiment."""
        return str(self.metrics["experiment"])

    @cached_property
    def config(self) -> ExperimentConfig:
        """The experiment as it was run."""
        return ExperimentConfig.from_json(canonical_json(self.metrics["config"]))

    @property
    def converged(self) -> bool:
        """Whether every fit passed every gate."""
        return bool(self.metrics["convergence_ok"])

    @property
    def report(self) -> Path:
        """The page."""
        return self.parent / "report.html"

    @property
    def files(self) -> dict[str, Path]:
        """Files that are there now, by their name in the experiment's folder, such as ``house/bills.csv``."""
        found = [self.parent, *(self.parent / unit for unit in self.units)]
        paths = sorted(path for folder in found for path in folder.glob("*.*") if path.suffix in _KINDS)
        return {path.relative_to(self.parent).as_posix(): path for path in paths if path.name != "steps.json"}

    @cached_property
    def units(self) -> dict[str, FitResult]:
        """The fits: chambers, then the joint model."""
        return {unit.value: FitResult(self.parent / unit, block) for unit, block in by_unit(self.metrics).items()}

    def __getitem__(self, unit: str) -> FitResult:
        """Return one fit."""
        if unit not in self.units:
            raise KeyError(f"{unit!r}: {self.name} has {', '.join(self.units)}")
        return self.units[unit]

    @property
    def members(self) -> pd.DataFrame:
        """Members of every fit, ``unit`` first; ``result["house"].members`` are those of one."""
        return self._all(lambda fit: fit.members)

    @property
    def bills(self) -> pd.DataFrame:
        """Roll calls of every fit, ``unit`` first."""
        return self._all(lambda fit: fit.bills)

    @property
    def parties(self) -> pd.DataFrame:
        """Parties of every fit, ``unit`` first."""
        return self._all(lambda fit: fit.parties)

    @property
    def posterior(self) -> Posteriors:
        """Draws by unit: ``result.posterior["house"]``, an `xarray.DataTree`."""
        return Posteriors(self.units)

    def _all(self, table: Callable[[FitResult], pd.DataFrame]) -> pd.DataFrame:
        """One table of all fits, with a column ``unit``."""
        import pandas as pd

        parts = {unit: table(fit) for unit, fit in self.units.items()}
        out = pd.concat(parts.values(), ignore_index=True)
        for name, kind in next(iter(parts.values())).dtypes.items():
            if kind == "category":  # categories of several tables that are not the same make a plain column
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
