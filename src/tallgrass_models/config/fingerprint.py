"""The code that a result depends on, and a hash of it that ignores comments, layout and docstrings.

A result depends on the modules where its work begins and on all that these import. The hash is part of the specs that
Snakemake compares (`specs`). After an edit of a model, only the fits of that model are sampled again.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..votes.sources import SOURCES, source_of
from .model import STRUCTURES

PACKAGE = Path(__file__).resolve().parents[1]

#: Modules and rooms that carry settings and files from place to place and decide no number. The spec has the settings
#: as values. If a change of one of these modules changes results, that is a bug, and the changelog must report it.
PLUMBING = (
    "__init__.py",
    "config/",
    "errors.py",
    "files/atomic.py",
    "files/columns/",
    "files/digests.py",
    "files/durable.py",
    "files/json.py",
    "files/provenance.py",
    "files/records/",
    "files/tables.py",
    "files/untrusted.py",
    "monitoring/",
    "sampling/posterior.py",
)


@dataclass(frozen=True)
class Work:
    """Starting points of the code behind a result.

    Attributes
    ----------
    entries
        Modules of the package where the work begins, with dots.
    after
        Results that this one is made from. Their code is left out, because they carry its hash themselves.
    without
        Modules that are imported but decide nothing.
    """

    entries: tuple[str, ...]
    after: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


#: Modules that check and find the files of a session and decide no number.
_FINDING = ("votes.locate", "votes.settings")
#: The work behind each result.
WORK = {
    "simulate": Work(("votes.simulator.tables",)),
    "data": Work(("votes.session", "votes.members_file"), without=("votes.sources", *_FINDING)),
    "flat": Work(("models.fast.flat", "sampling.sample"), ("data",)),
    "chamber": Work(("models.fast.chamber", "sampling.sample"), ("data",)),
    "joint": Work(("models.fast.joint", "sampling.sample", "votes.matching"), ("data",)),
    "screened": Work(("models.fast.joint", "linking.screening", "sampling.sample", "votes.matching"), ("data",)),
    "drift": Work(("models.fast.drift", "sampling.sample", "votes.matching"), ("data",)),
    **{
        name: Work((f"models.structures.{name}", "sampling.sample", "votes.matching"), ("data",)) for name in STRUCTURES
    },
    "summary": Work(
        ("summary.build", "summary.tables", "summary.roster", "votes.scores", "votes.sources"),
        ("chamber", "data"),
        _FINDING,
    ),
    "check": Work(("checking.unit_check", "checking.loo_store"), ("chamber", "data")),
    "link": Work(
        ("linking.build", "linking.bridge_table", "linking.axis_tables", "checking.joint_loo"), ("chamber", "data")
    ),
    "lab": Work(("calibration.across", "calibration.recovery", "calibration.mixing"), ("chamber", "data")),
    "lab_pool": Work(("calibration.pooled",)),
    "split_half": Work(("checking.split_half", "calibration.mixing"), ("chamber", "data")),
    "fold": Work(("folds.fit",), ("chamber", "data")),
    "pool_folds": Work(("folds.ladder", "folds.verdict"), ("data",)),
    "link_time": Work(("over_time.build",), ("chamber", "data")),
    "constant": Work(("models.dynamic.constant", "over_time.careers", "sampling.sample"), ("data",)),
    "constant_joint": Work(("models.dynamic.constant_joint", "over_time.careers", "sampling.sample"), ("data",)),
    "dynamic": Work(("models.dynamic.build", "over_time.careers", "sampling.sample"), ("data",)),
    "comparison": Work(("comparison.build",), ("chamber", "data")),
    "draw_tables": Work(("summary.absences", "summary.draw_tables", "summary.vote_probabilities"), ("chamber", "data")),
    "report": Work(("report.report_page", "report.comparison_page")),
    "time_report": Work(("report.time_page",)),
    "metrics": Work(("metrics.build",)),
}


def code_of(result: str, source: str | None = None) -> frozenset[Path]:
    """Return the files that decide a result.

    Parameters
    ----------
    result
        A key of `WORK`.
    source
        Source of the session, for ``data``. A change of one reader then leaves alone the fits of sessions that another
        one reads. None counts every reader.

    Raises
    ------
    UserError
        If the source is unknown.
    FileNotFoundError
        If a module is missing.
    """
    work = WORK[result]
    entries = work.entries
    if result == "data":
        known = SOURCES.values() if source is None else [source_of(source)]
        entries += tuple(f"votes.readers.{one.reader}" for one in known)
    found = _closure(entries, work.without)
    for made in work.after:
        found -= code_of(made)
    return found


def _closure(entries: Iterable[str], without: Iterable[str] = ()) -> frozenset[Path]:
    """Return the modules and all that they import, without the plumbing and without imports for types alone.

    Parameters
    ----------
    entries
        Modules of the package, with dots.
    without
        Modules not to follow.

    Returns
    -------
    frozenset of Path
        The modules, and the other files of their folders, such as templates.

    Raises
    ------
    FileNotFoundError
        If a module is missing.
    """
    left_out = {_file(name) for name in without}
    todo, seen = [_file(name) for name in entries], set[Path]()
    while todo:
        path = todo.pop()
        if path not in seen and path not in left_out and not is_plumbing(path.relative_to(PACKAGE).as_posix()):
            seen.add(path)
            todo.extend(_imports(path))
    folders = {path.parent for path in seen}
    return frozenset(seen | {path for folder in folders for path in _other_files(folder)})


@cache
def fingerprint(result: str, source: str | None = None) -> str:
    """Return the first 16 hex digits of a SHA-256 over the files that decide a result, in the order of their names.

    A process reads the files once, because a sweep asks for the same few hashes hundreds of times.

    Python files count by their syntax tree without docstrings, other files (templates) by their bytes. Another minor
    version of Python gives another hash, because it writes syntax trees differently.

    Raises
    ------
    FileNotFoundError
        If one of the modules is missing.
    """
    digest = hashlib.sha256()
    for path in sorted(code_of(result, source), key=lambda p: p.as_posix()):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + _meaning(path) + b"\0")
    return digest.hexdigest()[:16]


def is_plumbing(name: str) -> bool:
    """Tell whether a file only carries settings and files; ``name`` is its path in the package, with slashes."""
    return name.startswith(PLUMBING) or name.endswith("/__init__.py")


def _file(module: str) -> Path:
    path = PACKAGE.joinpath(*module.split(".")).with_suffix(".py")
    if not path.exists():
        raise FileNotFoundError(path)
    return path


def _other_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts:
            yield path


def _imports(path: Path) -> frozenset[Path]:
    """Return the files of the package that a module imports relatively."""
    found = set[Path]()
    for level, module, names in _read(path.read_bytes()).imports:
        base = path.parents[level - 1].joinpath(*module.split(".")) if module else path.parents[level - 1]
        candidates = [base.with_suffix(".py"), *(base / f"{name}.py" for name in names)]
        found |= {candidate for candidate in candidates if candidate.exists()}
    return frozenset(found)


def _meaning(path: Path) -> bytes:
    content = path.read_bytes()
    return _read(content).meaning if path.suffix == ".py" else content


@dataclass(frozen=True)
class _Module:
    """Level, module and names of each relative import that is not for types alone; the tree without docstrings."""

    imports: tuple[tuple[int, str, tuple[str, ...]], ...]
    meaning: bytes


@cache
def _read(code: bytes) -> _Module:
    """Parse a module once for all that is asked of it; only statements can import or have a docstring."""
    tree = ast.parse(code)
    found, todo = list[tuple[int, str, tuple[str, ...]]](), list[tuple[ast.AST, bool]]([(tree, True)])
    while todo:
        node, runs = todo.pop()
        if isinstance(node, ast.ImportFrom) and node.level and runs:
            found.append((node.level, node.module or "", tuple(alias.name for alias in node.names)))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            _drop_docstring(node)
        runs = runs and not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
        todo.extend((child, runs) for block in _BLOCKS for child in getattr(node, block, ()))
    return _Module(tuple(found), ast.dump(tree).encode())


#: Attributes of nodes that hold statements, or what holds statements.
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def _drop_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    first = node.body[0] if node.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        text = first.value.value
        if isinstance(text, str) and text:
            node.body = node.body[1:] or [ast.Pass()]
