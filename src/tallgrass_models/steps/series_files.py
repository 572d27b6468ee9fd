"""Places of the files of a series over time in a results folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..config import planning
from ..config.experiments import ExperimentConfig
from ..config.series import Series
from .link_time import LINK_TIME_FILES


@dataclass(frozen=True)
class SeriesFiles:
    """Where the files of a series are.

    Attributes
    ----------
    home
        Its folder.
    metrics, posteriors, data
        Of its experiments, in order of time.
    dynamic
        Posteriors of all sessions together, one for each chamber; none if the series only links fits.
    """

    home: Path
    metrics: list[Path]
    posteriors: list[Path]
    data: list[Path]
    dynamic: list[Path]

    @classmethod
    def of(cls, series: Series, experiments: Mapping[str, ExperimentConfig], results: Path) -> SeriesFiles:
        """Return the files in a results folder."""

        def placed(paths: Sequence[str]) -> list[Path]:
            return [results / Path(path).relative_to("results") for path in paths]

        return cls(
            results / "over_time" / series.name,
            [results / name / "metrics.json" for name in series.experiments],
            placed(planning.series_files(series, experiments, "posterior.nc")),
            placed(planning.series_votes(series, experiments)),
            placed(planning.dynamic_files(series, experiments)),
        )

    @property
    def linked(self) -> dict[str, Path]:
        """link_time.json and the tables beside it, by name."""
        return {name: self.home / file for name, file in LINK_TIME_FILES.items()}
