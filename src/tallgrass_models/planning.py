"""What the workflow asks of all experiments together.

Needs only PyYAML and the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from collections.abc import Iterable

from .config import ExperimentConfig, SamplingConfig


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
    return max(settings, key=lambda s: (s.chains * s.draws, s.sampler))
