"""Which code a result depends on, and a hash of what that code does, blind to comments, layout and docstrings.

The hash is part of the specs that Snakemake compares (`specs`): editing a model samples again what used it, and nothing
else. Modules that only carry settings and files from one place to another (`config`, `files`, `steps`, `posterior`,
`monitoring`) are not part of any hash; settings are in the spec as values.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from .sources import SOURCES, source_of

PACKAGE = Path(__file__).resolve().parent

#: Modules of `models/` that a kind of posterior has nothing to do with. A new module counts for all kinds.
OTHER_KINDS = {"flat": {"chamber.py", "joint.py"}, "chamber": {"flat.py", "joint.py"}, "joint": {"flat.py"}}
#: Modules of `votes/` that make up a session.
SIMULATOR = ("simulate.py", "draws.py")
#: Modules of moments, intervals, ranks and the scale on which they are told.
INTERVALS = ("montecarlo.py", "ranks.py", "scale.py", "summaries.py")
#: Modules that turn a posterior into tables.
SUMMARY = (
    "checking/fit_statistics.py",
    "diagnostics.py",
    "external.py",
    "mixing.py",
    "modes.py",
    "montecarlo.py",
    "pivots.py",
    "ranks.py",
    "roster.py",
    "scale.py",
    "scores.py",
    "seats.py",
    "sources.py",
    "spells.py",
    "standing.py",
    "summaries.py",
    "unit_scale.py",
    "truth.py",
    "unit_summary.py",
    "unit_tables.py",
    "units.py",
    "wrong_sign.py",
)
#: Module of `votes/` that pairs the bills of two chambers: no part of one chamber's votes, but of the joint model.
MATCHING = "matching.py"
#: Modules of `checking/` with which no check of a run is made.
NO_CHECK = ("fit_statistics.py", "joint_loo.py", "prior_predictive.py", "reweight.py")


def model_files(kind: str) -> list[Path]:
    """Files that decide a posterior of that kind: priors, sampling, all of ``models/`` but what is of other kinds."""
    models = [path for path in (PACKAGE / "models").rglob("*.py") if path.name not in OTHER_KINDS[kind]]
    matching = [PACKAGE / "votes" / MATCHING] if kind == "joint" else []
    return [PACKAGE / "priors.py", PACKAGE / "mixing.py", *(PACKAGE / "sampling").rglob("*.py"), *models, *matching]


def simulate_files() -> list[Path]:
    """Files that decide what a simulated session looks like."""
    return [PACKAGE / "votes" / name for name in SIMULATOR]


def data_files(source: str) -> list[Path]:
    """Files that decide which votes a chamber of a session has: ``votes/`` but the other formats and the simulator.

    So a change of one reader does not make the fits of sessions run again that another one reads.
    """
    left_out = {MATCHING, *SIMULATOR, *(known.reader for known in SOURCES.values())} - {source_of(source).reader}
    return [path for path in (PACKAGE / "votes").rglob("*.py") if path.name not in left_out]


def summary_files() -> list[Path]:
    """Files that decide the tables of a fit."""
    return [PACKAGE / name for name in SUMMARY]


def link_files() -> list[Path]:
    """Files that decide the link of both chambers and the audit of the axes."""
    votes = [PACKAGE / "votes" / name for name in (MATCHING, "pca.py")]
    checking = [PACKAGE / "checking" / name for name in ("joint_loo.py", "loo_compare.py")]
    modules = [
        PACKAGE / name for name in ("axis.py", "axis_tables.py", "pivots.py", "seats.py", "units.py", *INTERVALS)
    ]
    return [*modules, *checking, *votes, *(PACKAGE / "linking").rglob("*.py")]


def comparison_files() -> list[Path]:
    """Files that decide the comparison of experiments."""
    names = (*INTERVALS, "linking/methods.py", f"votes/{MATCHING}", "checking/loo_compare.py", "verification.py")
    return [*(PACKAGE / name for name in names), *(PACKAGE / "comparison").rglob("*.py")]


def check_files() -> list[Path]:
    """Files that decide the checks of a fit."""
    checking = [path for path in (PACKAGE / "checking").rglob("*.py") if path.name not in NO_CHECK]
    return [*(PACKAGE / name for name in (*INTERVALS, "standing.py", "units.py")), *checking]


def draw_tables_files() -> list[Path]:
    """Files that decide the small tables behind pictures of draws."""
    return [PACKAGE / "draw_tables.py", PACKAGE / "scale.py"]


def report_files() -> list[Path]:
    """Files that decide the page."""
    page = [path for path in (PACKAGE / "report").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return [
        PACKAGE / "shown.py",
        PACKAGE / "sources.py",
        PACKAGE / "spells.py",
        PACKAGE / "linking" / "names.py",
        *page,
    ]


def metrics_files() -> list[Path]:
    """Files that decide metrics.json."""
    return [PACKAGE / "metrics.py", PACKAGE / "metrics.schema.json"]


def fingerprint(paths: Iterable[Path]) -> str:
    """First 16 hex digits of a SHA-256 over the files, in the order of their names.

    Python files count by their syntax tree without docstrings, other files (templates) by their bytes. The text of a
    syntax tree is that of one Python minor version: another one means another hash.

    Raises
    ------
    FileNotFoundError
        If one is not there.
    """
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda p: p.as_posix()):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + _meaning(path) + b"\0")
    return digest.hexdigest()[:16]


@cache
def _meaning(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix != ".py":
        return content
    tree = ast.parse(content)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            _drop_docstring(node)
    return ast.dump(tree).encode()


def _drop_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    first = node.body[0] if node.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        node.body = node.body[1:] or [ast.Pass()]
