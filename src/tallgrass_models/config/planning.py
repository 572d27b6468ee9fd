"""Answers to the workflow's questions about all experiments together, and the files that its rules read.

Paths that begin with ``results/`` are as the rules have them. This module needs only PyYAML and the standard library,
so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping

from ..votes.unit import Unit
from .experiments import ExperimentConfig
from .running import RunOptions
from .sampling import SamplingConfig
from .series import Series
from .session_files import simulated_files
from .sessions import SessionConfig

#: What names of each kind look like: experiments, sessions, and folders of votes (`SessionConfig.folder`).
ANY_EXPERIMENT = r"(?!(?:comparison|over_time|sessions)/)[a-z0-9_]+"
ANY_SESSION = "[a-z0-9][a-z0-9_-]*"
ANY_VOTES = ANY_SESSION + "(?:/(?:minority|select)_[^/]+)?"
#: Characters of the longest list of names in a constraint.
_LONGEST_LIST = 2000


def constraint(names: Collection[str], any_name: str, among: Collection[str] | None = None) -> str:
    """Return the regular expression of a wildcard that stands for one of ``names``.

    Snakemake writes it into each file of each rule, and reads all of it again for each file of each job. Where many
    names would make it long, and are all there are (``among``), it is ``any_name``, which matches each of them. A name
    that does not exist then ends in the functions of the rule instead of in no rule.
    """
    listed = "|".join(re.escape(name) for name in names) or "(?!)"  # the latter matches nothing
    everything = among is None or len(names) == len(among)
    return any_name if everything and len(listed) > _LONGEST_LIST else listed


def as_errors(text: object) -> str:
    """Return a message with ``Error:`` before each of its lines."""
    return "\n".join(f"Error: {line}" for line in str(text).splitlines())


# --- jobs -------------------------------------------------------------------------------------------------------------


def chains_at_once(sampling: SamplingConfig, here: bool = True) -> int:
    """Return the number of threads of a fit: one for each chain.

    If it runs ``here``, on this machine, there are no more than CPUs, because further chains would only take turns and
    keep other jobs from starting. What the nodes of a cluster have, this machine does not know.
    """
    return min(sampling.chains, os.cpu_count() or 1) if here else sampling.chains


def largest_sampling(experiments: Iterable[ExperimentConfig], session: str | None = None) -> SamplingConfig:
    """Return the sampling settings that ask most of a machine.

    Parameters
    ----------
    experiments
        The configuration, with at least one experiment.
    session
        Name of the session whose experiments count, flat models included. None counts all experiments.
    """
    here = [e for e in experiments if session in (None, e.session.name)]
    settings = [sampling for e in here for sampling in (e.sampling, e.flat_sampling)]
    return max(settings, key=lambda s: (s.chains * s.limit, s.sampler))


# --- files of one experiment ------------------------------------------------------------------------------------------


def unit_files(config: ExperimentConfig, name: str) -> list[str]:
    """Return the file ``name`` of each unit that the experiment fits, and of nothing else."""
    return [f"results/{config.name}/{unit}/{name}" for unit in config.units]


def vote_files(config: ExperimentConfig, unit: str = Unit.JOINT, name: str = "{chamber}.nc") -> list[str]:
    """Return a file of each chamber's votes, House first.

    Experiments on the same session with the same filters share these files. ``unit`` is a chamber, or ``joint`` for all
    chambers of the experiment.
    """
    chambers = [chamber for chamber in config.chambers if chamber in Unit(unit).chambers]
    return [f"results/sessions/{config.session.folder}/{name.format(chamber=chamber)}" for chamber in chambers]


def start_files(config: ExperimentConfig, unit: str) -> list[str]:
    """Return the posteriors from whose means the fit of a unit starts; none but for a joint model."""
    return [f"results/{config.name}/{start}/posterior.nc" for start in Unit(unit).starts]


def fold_files(config: ExperimentConfig, unit: str | None = None) -> list[str]:
    """Return the files of the folds of a unit or, without one, of all models: the units', then the flat ones.

    An experiment without folds has none.
    """
    if config.folds is None:
        return []
    folder = f"results/sessions/{config.session.folder}/{config.folds.label}"
    patterns = [f"results/{config.name}/{one}/fold_{{}}.nc" for one in config.units if unit in (None, one)]
    if unit is None:
        patterns += [f"{folder}/flat_{chamber}_{{}}.nc" for chamber in config.chambers]
    return [pattern.format(fold) for pattern in patterns for fold in config.folds.fitted]


def held_out_files(config: ExperimentConfig, *names: str) -> list[str]:
    """Return files of the held-out votes of an experiment, and none if it holds out none."""
    return [f"results/{config.name}/{name}" for name in names] if config.folds else []


def truth_files(session: SessionConfig) -> list[str]:
    """Return the file of the members' true ideal points where the session is simulated, else an empty list."""
    return [simulated_files(session)["truth_legislators"]] if session.source == "simulated" else []


def tables_compared_with(experiments: Mapping[str, ExperimentConfig], name: str, table: str) -> list[str]:
    """Return the tables of the experiment with which ``name`` is compared, one for each unit that both have."""
    own = experiments[name]
    if own.compare_with is None:
        return []
    other = experiments[own.compare_with]
    return [path for unit, path in zip(other.units, unit_files(other, table), strict=True) if unit in own.units]


# --- files of a known-truth lab ---------------------------------------------------------------------------------------


def lab_files(name: str, unit: str, origin: str, n: int) -> list[str]:
    """Return the findings of each replicate of the lab of an experiment's fit; ``origin`` is fitted or prior."""
    return [f"results/{name}/lab/{unit}_{origin}/replicate_{k}.json" for k in range(n)]


def lab_file(name: str, unit: str, origin: str, n: int) -> str:
    """Return the file of what ``n`` replicates of a lab come to."""
    return f"results/{name}/lab/{unit}_{origin}_{n}.json"


# --- files of the comparison ------------------------------------------------------------------------------------------


def compared_votes(experiments: Iterable[ExperimentConfig]) -> list[str]:
    """Return the votes of every chamber that an experiment fits, as paths under results, House first in each folder."""
    fitted = {(e.session.folder, chamber) for e in experiments for chamber in e.chambers}
    return [f"sessions/{folder}/{chamber}.nc" for folder, chamber in sorted(fitted)]


def compared_posteriors(experiments: Collection[ExperimentConfig]) -> list[str]:
    """Return the posteriors that a comparison needs, as paths under results.

    They are the posteriors of sessions whose experiments have different filters. No table holds ranks and relative
    positions among the members that such experiments have in common.
    """
    folders: dict[str, set[str]] = {}
    for e in experiments:
        folders.setdefault(e.session.name, set()).add(e.session.folder)
    mixed = [e for e in experiments if len(folders[e.session.name]) > 1]
    return [f"{e.name}/{unit}/posterior.nc" for e in mixed for unit in e.units]


# --- files of a series over time --------------------------------------------------------------------------------------


def series_files(series: Series, experiments: Mapping[str, ExperimentConfig], name: str) -> list[str]:
    """Return the file ``name`` of every fit that a series links, in order of time: of the chambers, or joint fits."""
    return [f"results/{run}/{unit}/{name}" for run in series.experiments for unit in series.units(experiments[run])]


def dynamic_files(series: Series, experiments: Mapping[str, ExperimentConfig]) -> list[str]:
    """Return the posteriors of all sessions together, one for each unit; none if the series only links fits."""
    units = series.units(experiments[series.experiments[0]]) if series.together else ()
    return [f"results/over_time/{series.name}/{unit}/posterior.nc" for unit in units]


def series_threads(series: Series, experiments: Mapping[str, ExperimentConfig], here: bool = True) -> int:
    """Return the number of threads of the fit of all sessions together, as `chains_at_once` does."""
    return chains_at_once(experiments[series.experiments[0]].sampling, here)


def series_options(series: Series, experiments: Mapping[str, ExperimentConfig]) -> RunOptions:
    """Return how the fit of all sessions together is run."""
    first = experiments[series.experiments[0]]
    return RunOptions(series.name, first.platform, first.early_stop)


def series_votes(series: Series, experiments: Mapping[str, ExperimentConfig]) -> list[str]:
    """Return the votes of every chamber in a series, in order of time."""
    return [path for run in series.experiments for path in vote_files(experiments[run])]
