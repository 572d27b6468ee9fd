"""Ideal points of the members of a legislature, from their roll-call votes.

The public names are those of `__all__`. Each is imported from its module at its first use, because the Snakefile
imports this package in a bare checkout, where nothing but PyYAML is installed.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .config.experiments import ExperimentConfig
    from .config.joint import JointConfig
    from .config.reading import load_experiments
    from .config.sampling import SamplingConfig
    from .config.sessions import SessionConfig
    from .errors import UserError
    from .monitoring.lifecycle import ExperimentLifecycle
    from .monitoring.platform import PlatformCheck
    from .priors.spec import JOINT_BETA, PRODUCTION_BETA, BetaPriorSpec
    from .steps.arrays import fit
    from .steps.preview import preview_experiment
    from .steps.result import ExperimentResult
    from .steps.runner import compare_experiments, run_experiment

try:
    __version__ = version("tallgrass-models")
except PackageNotFoundError:  # a bare checkout, as when Snakemake lints it
    __version__ = "0.0.0"

#: Module of each public name.
_HOMES = {
    "BetaPriorSpec": "priors.spec",
    "ExperimentConfig": "config.experiments",
    "ExperimentLifecycle": "monitoring.lifecycle",
    "ExperimentResult": "steps.result",
    "JOINT_BETA": "priors.spec",
    "JointConfig": "config.joint",
    "PRODUCTION_BETA": "priors.spec",
    "PlatformCheck": "monitoring.platform",
    "SamplingConfig": "config.sampling",
    "SessionConfig": "config.sessions",
    "UserError": "errors",
    "compare_experiments": "steps.runner",
    "fit": "steps.arrays",
    "load_experiments": "config.reading",
    "preview_experiment": "steps.preview",
    "run_experiment": "steps.runner",
}

__all__ = [
    "JOINT_BETA",
    "PRODUCTION_BETA",
    "BetaPriorSpec",
    "ExperimentConfig",
    "ExperimentLifecycle",
    "ExperimentResult",
    "JointConfig",
    "PlatformCheck",
    "SamplingConfig",
    "SessionConfig",
    "UserError",
    "__version__",
    "compare_experiments",
    "fit",
    "load_experiments",
    "preview_experiment",
    "run_experiment",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *__all__})
