"""What the workflow asks of all experiments together.

Needs only PyYAML and the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from .experiments import ExperimentConfig, SamplingConfig


def largest_sampling(experiments: Iterable[ExperimentConfig], session: str | None = None) -> SamplingConfig:
    """Return the sampling settings that ask most of a machine.

    Parameters
    ----------
    experiments
        The configuration, one experiment at least.
    session
        Name of the session whose experiments count, flat baseline included; None: all.
    """
    here = [e for e in experiments if session in (None, e.session.name)]
    settings = [sampling for e in here for sampling in (e.sampling, e.flat_sampling)]
    return max(settings, key=lambda s: (s.chains * s.limit, s.sampler))


def compared_votes(experiments: Iterable[ExperimentConfig]) -> list[str]:
    """Return the votes of every chamber that an experiment fits, as paths under results: House first in each folder."""
    fitted = {(e.session.folder, chamber) for e in experiments for chamber in e.chambers}
    return [f"sessions/{folder}/{chamber}.nc" for folder, chamber in sorted(fitted)]


def compared_posteriors(experiments: Collection[ExperimentConfig]) -> list[str]:
    """Return the posteriors that a comparison needs, as paths under results.

    Those of sessions whose experiments have different filters: ranks and relative positions among the members in common
    are not in any table.
    """
    folders: dict[str, set[str]] = {}
    for e in experiments:
        folders.setdefault(e.session.name, set()).add(e.session.folder)
    mixed = [e for e in experiments if len(folders[e.session.name]) > 1]
    return [f"{e.name}/{unit}/posterior.nc" for e in mixed for unit in e.units]
