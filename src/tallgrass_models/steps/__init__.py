"""What each step of a run does to files. The Snakemake rules and `run_experiment` both call these, and nothing else.

Heavy imports stay inside the functions: a step pays only for what it uses.
"""

from ..report.files.data import ReportFiles
from .calibrate import calibrate
from .check import CHECK_FILES, check, prior_check, reweight
from .compare import COMPARED_TABLES, COMPARISON_TABLES, compare
from .draw_tables import DRAW_TABLES, draw_tables
from .fit import fit_chamber, fit_flat, fit_joint, is_current, platform_check
from .link import LINK_FILES, link
from .platform import require_platform
from .publish import compare_report, metrics, report
from .recover import recover
from .sensitivity import COMPONENTS as REFITTED
from .sensitivity import open_components, refit_moves, write_moves
from .summarize import UNIT_TABLES, summarize, unit_outputs
from .verify import Verified, verify
from .votes import load_data, members, simulate, votes_hash

__all__ = [
    "CHECK_FILES",
    "COMPARED_TABLES",
    "COMPARISON_TABLES",
    "DRAW_TABLES",
    "LINK_FILES",
    "REFITTED",
    "UNIT_TABLES",
    "ReportFiles",
    "Verified",
    "calibrate",
    "check",
    "compare",
    "compare_report",
    "draw_tables",
    "fit_chamber",
    "fit_flat",
    "fit_joint",
    "is_current",
    "link",
    "load_data",
    "members",
    "metrics",
    "open_components",
    "platform_check",
    "prior_check",
    "recover",
    "refit_moves",
    "report",
    "require_platform",
    "reweight",
    "simulate",
    "summarize",
    "unit_outputs",
    "verify",
    "votes_hash",
    "write_moves",
]
