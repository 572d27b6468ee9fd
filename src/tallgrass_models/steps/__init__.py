"""What each step of a run does to files. The Snakemake rules and `run_experiment` both call these, and nothing else.

Heavy imports stay inside the functions: a step pays only for what it uses.
"""

from .fits import fit_chamber, fit_flat, fit_joint, is_current, platform_check
from .publish import metrics, report
from .remains import recover
from .summary import UNIT_TABLES, summarize
from .verify import Verified, verify
from .votes import load_data, members, simulate, votes_hash

__all__ = [
    "UNIT_TABLES",
    "Verified",
    "fit_chamber",
    "fit_flat",
    "fit_joint",
    "is_current",
    "load_data",
    "members",
    "metrics",
    "platform_check",
    "recover",
    "report",
    "simulate",
    "summarize",
    "verify",
    "votes_hash",
]
