"""Finding the files of a session: which are there, of the names and forms that a source comes in.

Needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Files, or one folder of files, by role.
FilesOf = dict[str, list[str]]


@dataclass(frozen=True)
class Role:
    """A file that a reader is given, or several that hold the parts of one table.

    Attributes
    ----------
    names
        Alternatives, the likeliest first: names of which those are taken that are there. ``{stem}`` and the like are
        keys of the session, ``*`` stands for any text, and a name that ends in ``/`` is a folder of JSON files.
        The plain file is taken before the one with ``.gz`` after its name.
    key
        A key of the session that holds the path of the file itself; ``names`` are not used then.
    needed
        Whether a session without the file is refused.
    but
        What is in the names of other files that match a pattern.
    like
        Patterns of the name of a file that ``key`` holds, in small letters, for `init` to find it by.
    columns
        Columns by which `init` tells a CSV file of the role from others, each with its alternatives.
    """

    names: tuple[tuple[str, ...], ...] = ()
    key: str | None = None
    needed: bool = True
    but: str = ""
    like: tuple[str, ...] = ()
    columns: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Form:
    """A set of files in which a source comes.

    Attributes
    ----------
    roles
        The files by role.
    below
        How many folders below the session's ``path`` the files may lie: as deep as an archive unpacks to.
    suffix
        End of the name of ``path``, where that is a file and no folder: an archive.
    """

    roles: Mapping[str, Role]
    below: int = 0
    suffix: str = ""


def find(forms: tuple[Form, ...], chosen: Mapping[str, Any]) -> FilesOf:
    """Find the files of a session by role, in the first of the forms of which all needed files are there.

    Where no form is complete, the names of the one that has most of its files: reading them says what is missing.
    """
    tried = [found for form in forms for found in places(form, chosen)]
    best = max(tried, key=lambda found: (found.complete, not found.complete and found.n_there), default=None)
    return best.files if best else {}


def ambiguous(forms: tuple[Form, ...], chosen: Mapping[str, Any]) -> str | None:
    """Say that the files of several sessions are under one ``path``; return None where there is no doubt."""
    for form in forms:
        there = [found for found in places(form, chosen) if found.complete]
        complete = [found.folder for found in there]
        for found in there[:1] if not form.suffix else []:
            if both := next(filter(None, (_several(found.folder, role) for role in form.roles.values())), None):
                return f"holds files of several sessions: {both}; give each session a folder of its own"
        if len(complete) > 1:
            return f"holds several sessions: {', '.join(map(str, complete))}; name one of these folders"
        if complete:
            return None
    return None


def every_file(files: FilesOf) -> list[str]:
    """All files, those in folders too: what a result depends on."""
    out = []
    for names in files.values():
        for name in names:
            out += sorted(glob.glob(os.path.join(glob.escape(name), "*.json"))) if os.path.isdir(name) else [name]
    return out


@dataclass(frozen=True)
class Place:
    """Where files of a form are: the folder or archive, the files by role, and whether all needed ones are there."""

    folder: Path
    files: FilesOf
    complete: bool
    n_there: int


def places(form: Form, chosen: Mapping[str, Any]) -> Iterator[Place]:
    """Yield the files of a form that are there, for each folder in which it may be."""
    base = Path(chosen.get("path") or ".")
    if form.suffix:
        there = base.name.lower().endswith(form.suffix) and not os.path.isdir(base)
        if there:
            yield Place(base, {role: [str(base)] for role in form.roles} | _keyed(form, chosen), True, 1)
        return
    for folder in folders_below(base, form.below):
        files: FilesOf = {}
        n_there, complete = 0, True
        for role, wanted in form.roles.items():
            names, there = _role(folder, wanted, chosen)
            n_there += there
            complete = complete and (there or not wanted.needed)
            if there or wanted.needed:
                files[role] = names
        yield Place(folder, files, complete, n_there)


def _keyed(form: Form, chosen: Mapping[str, Any]) -> FilesOf:
    """Return the files of an archive's form that keys of the session name."""
    roles = {role: wanted.key for role, wanted in form.roles.items() if wanted.key and chosen.get(wanted.key)}
    return {role: [str(chosen[key])] for role, key in roles.items()}


def _role(folder: Path, wanted: Role, chosen: Mapping[str, Any]) -> tuple[list[str], bool]:
    """Return the files of a role in a folder, or else the first name that might be there, and whether there are any."""
    if wanted.key:
        path = chosen.get(wanted.key)
        return ([str(path)] if path else []), bool(path)
    escaped = {key: glob.escape(value) if isinstance(value, str) else value for key, value in chosen.items()}
    for names in wanted.names:
        found = [path for name in names if (path := _there(folder, name.format_map(escaped), wanted.but))]
        if found:
            return found, True
    return [str(folder / wanted.names[0][0].format_map(chosen))], False


def _there(folder: Path, pattern: str, but: str) -> str | None:
    """Return the file or folder of that name, plain or gzipped, which is the first of several in order of names."""
    whole = os.path.join(glob.escape(str(folder)), pattern)
    if whole.endswith("/"):
        return next((path for path in sorted(glob.glob(whole[:-1])) if os.path.isdir(path)), None)
    tried = (path for ending in ("", ".gz") for path in sorted(glob.glob(whole + ending)))
    return next((path for path in tried if os.path.isfile(path) and not (but and but in path)), None)


def _several(folder: Path, wanted: Role) -> str | None:
    """Two files that are both the one of a role, because its name is a pattern; None where there is no doubt."""
    for name in (name for names in wanted.names for name in names if "*" in name and wanted.needed):
        found = sorted(glob.glob(os.path.join(glob.escape(str(folder)), name)))
        if len(found) > 1:
            return " and ".join(map(os.path.basename, found[:2]))
    return None


def folders_below(base: Path, below: int) -> list[Path]:
    """List the folder and those in it, down to a depth, in order of names."""
    out, level = [base], [base]
    for _ in range(below):
        level = [inner for folder in level for inner in _inner(folder)]
        out += level
    return out


def _inner(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_dir() and not entry.name.startswith("."))
    except OSError:
        return []
