"""What each step of a run does to files. The Snakemake rules and `run_experiment` both call these, and nothing else.

Heavy imports stay inside the functions: a step pays only for what it uses.
"""

from ..report.data import ReportFiles
from .draws import DRAW_TABLES, draw_tables
from .fits import fit_chamber, fit_flat, fit_joint, is_current, platform_check
from .publish import compare_report, metrics, report
from .summary import UNIT_TABLES, summarize
from .votes import load_data, members, simulate, votes_hash

__all__ = [
    "DRAW_TABLES",
    "UNIT_TABLES",
    "ReportFiles",
    "compare_report",
    "draw_tables",
    "fit_chamber",
    "fit_flat",
    "fit_joint",
    "is_current",
    "load_data",
    "members",
    "metrics",
    "platform_check",
    "report",
    "simulate",
    "summarize",
    "votes_hash",
]
