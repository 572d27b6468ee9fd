"""A hash of what code does, blind to comments, layout and docstrings."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent

#: Modules of `models/` that define one kind of posterior only.
OWN_MODULES = {"flat": "flat.py", "chamber": "chamber.py", "joint": "joint.py"}


def model_files(kind: str) -> list[Path]:
    """Files that decide a posterior of that kind: priors, sampling, and all of ``models/`` but the other kinds' own."""
    others = set(OWN_MODULES.values()) - {OWN_MODULES[kind]}
    models = [path for path in (PACKAGE / "models").glob("*.py") if path.name not in others]
    return [PACKAGE / "priors.py", PACKAGE / "sampling.py", *models]


def vote_files() -> list[Path]:
    """Files that decide which votes a session has."""
    return list((PACKAGE / "votes").glob("*.py"))


def summary_files() -> list[Path]:
    """Files that decide the tables of a fit."""
    return [PACKAGE / name for name in ("summaries.py", "diagnostics.py", "unit_summary.py")]


def report_files() -> list[Path]:
    """Files that decide the page."""
    return [path for path in (PACKAGE / "report").rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def metrics_files() -> list[Path]:
    """Files that decide metrics.json."""
    return [PACKAGE / "metrics.py", PACKAGE / "metrics.schema.json"]


def fingerprint(paths: Iterable[Path]) -> str:
    """First 16 hex digits of a SHA-256 over the files, in the order of their names.

    Python files count by their syntax tree without docstrings, other files (templates) by their bytes.
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
