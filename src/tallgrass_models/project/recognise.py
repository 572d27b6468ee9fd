"""Which sources' files are in some folders: told by the names and columns that the registry of sources has for each."""

from __future__ import annotations

import csv
import fnmatch
import gzip
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..votes.locate import Form, Place, Role, folders_below, places
from ..votes.readers.csv import CsvFile
from ..votes.readers.records import Archive
from ..votes.sources import SOURCES, Source

#: How deep below a folder files are looked for, and in how many folders at most.
_DEPTH, _MOST_FOLDERS = 3, 5000
_LONGEST_HEADER = 1 << 16
#: Keys of a session by their names in the patterns of files.
_KEY_OF = {"stem": "name"}
#: What those are where the names do not tell, as of a file of all Congresses.
_NO_VALUE = {"stem": "", "congress": 0}


@dataclass(frozen=True)
class Recognised:
    """Files of one session.

    Attributes
    ----------
    source
        Name of the source.
    keys
        Keys of the session that the files tell, with the paths that were given.
    files
        The files and folders of files, or the archive.
    missing
        What the source needs and is not there, in words.
    """

    source: str
    keys: dict[str, Any]
    files: tuple[Path, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What was given to look through: files named one by one, and all folders."""

    files: tuple[Path, ...]
    folders: tuple[Path, ...]
    #: Names of the files and folders in each folder.
    names: Mapping[Path, list[str]] = field(default_factory=dict)

    def all_files(self) -> list[Path]:
        """List the files named, or else all in the folders."""
        inside = (folder / name for folder in self.folders for name in self.names[folder])
        return list(self.files) or [path for path in inside if path.is_file()]


def look_through(paths: Sequence[Path]) -> Given:
    """List what is in the folders given, down to three levels, and beside the files given.

    Raises
    ------
    UserError
        If a path does not exist, or there is far too much in it.
    """
    if missing := [path for path in paths if not path.exists()]:
        raise UserError("\n".join(f"{path}: no such file or folder" for path in missing))
    files = tuple(path for path in paths if not path.is_dir())
    folders = [inner for path in paths if path.is_dir() for inner in folders_below(path, _DEPTH)]
    folders = [folder for folder in folders if ("results", "sessions") not in pairwise(folder.parts)]  # simulated ones
    if len(folders) > _MOST_FOLDERS:
        raise UserError(f"{paths[0]}: holds more than {_MOST_FOLDERS} folders; name the one with the votes")
    folders += [path.parent for path in files]
    names = {folder: sorted(name for name in os.listdir(folder) if not name.startswith(".")) for folder in folders}
    return Given(files, tuple(names), names)


def recognise(given: Given) -> list[Recognised]:
    """Return the sessions whose files are all there, else those of which most is; a table of votes is not among them.

    Where files were named one by one, only sessions that they are part of.
    """
    found = [one for name, source in SOURCES.items() for one in _of_source(name, source, given)]
    if given.files:
        asked = {path.absolute() for path in given.files}
        found = [one for one in found if asked & {path.absolute() for path in one.files}]
    return [one for one in found if not one.missing] or found


def _of_source(name: str, source: Source, given: Given) -> list[Recognised]:
    """Sessions of a source: those of the first of its forms in which any is complete, else incomplete ones."""
    incomplete: list[Recognised] = []
    for form in source.forms:
        if form.suffix:
            found = list(_archives(name, source, form, given))
        elif "path" in source.keys:
            found = list(_in_folders(name, source, form, given))
        else:
            found = list(_keyed(name, form, given))
        if complete := [one for one in found if not one.missing]:
            return complete
        incomplete += found
    return incomplete


# --- files under names of the source's own ----------------------------------------------------------------------------


def _in_folders(name: str, source: Source, form: Form, given: Given) -> Iterator[Recognised]:
    here = replace(form, below=0)
    named = [(folder, chosen) for folder in given.folders for chosen in _choices(form, given.names[folder])]
    people, lacking = _named_files(form, given) if named else ({}, [])
    for folder, chosen in named:
        place = next(places(here, {"path": str(folder), **_NO_VALUE, **chosen, **people}))
        files = [Path(path) for role, paths in place.files.items() if role not in people for path in paths]
        there = [path for path in files if path.exists()]
        if len(there) < (1 if place.complete else 2) or not _columns_fit(form, place):
            continue
        keys = {"path": str(folder), **{_KEY_OF.get(key, key): value for key, value in chosen.items()}, **people}
        absent = [f"{path}: no such file" for path in files if path not in there]
        yield Recognised(name, keys, tuple(there), (*absent, *_unknown_keys(source, keys, there, lacking)))


def _choices(form: Form, names: Iterable[str]) -> list[dict[str, Any]]:
    """Values of the keys in the patterns of a form's files, such as ``{stem}``, with which a file is there."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for role in form.roles.values():
        for pattern in (one for group in role.names for one in group):
            for name in names:
                if match := re.fullmatch(_as_regex(pattern), name):
                    values = {key: int(text) if key == "congress" else text for key, text in match.groupdict().items()}
                    found.setdefault(tuple(values.items()), values)
    every = [values for values in found.values() if values]
    return every or list(found.values())


def _as_regex(pattern: str) -> str:
    """Turn a pattern of file names into a regular expression with a group for each key of the session."""
    parts = re.split(r"(\{\w+(?::03d)?\}|\*|/$)", pattern)
    known = {"*": ".*", "/": ""}
    groups = [re.fullmatch(r"\{(\w+)(:03d)?\}", part) for part in parts]
    written = [
        (rf"(?P<{group[1]}>\d{{3}})" if group[2] else rf"(?P<{group[1]}>.+)")
        if group
        else known.get(part, re.escape(part))
        for part, group in zip(parts, groups, strict=True)
    ]
    return "".join(written) + ("" if pattern.endswith("/") else r"(?:\.gz)?")


def _columns_fit(form: Form, place: Place) -> bool:
    """Whether the CSV files that are there have the columns by which the source is told from others."""
    return all(
        _has_columns(Path(path), form.roles[role].columns)
        for role, paths in place.files.items()
        for path in paths
        if form.roles[role].columns and os.path.isfile(path)
    )


def _has_columns(path: Path, columns: tuple[tuple[str, ...], ...]) -> bool:
    """Whether a CSV file has one of the names of each column; True of a damaged one, as reading it says more."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as file:
            first = file.readline(_LONGEST_HEADER).decode("utf-8-sig", "replace")
        header = [name.strip() for name in next(csv.reader([first]), [])]
    except (OSError, EOFError, zlib.error, csv.Error):
        return True
    return all(any(name in header for name in names) for names in columns)


def _unknown_keys(source: Source, keys: dict[str, Any], files: list[Path], lacking: list[str]) -> list[str]:
    """Say what the session needs besides; a number that the files hold is taken from there, the largest."""
    out = []
    for key, known in source.keys.items():
        if not known.needed or key in keys:
            continue
        numbers = [int(text) for path in files[:1] for text in _cells(path, key) if text.isdigit()]
        if numbers:
            keys[key] = max(numbers)
        else:
            out.append(f"needs {key!r}" + (f": {lacking[0]}" if lacking else ""))
    return out


def _cells(path: Path, column: str) -> list[str]:
    try:
        return list(CsvFile.open(path).table([column]).frame[column].unique())
    except UserError:
        return []


# --- files that keys of the session name ------------------------------------------------------------------------------


def _named_files(form: Form, given: Given) -> tuple[dict[str, str], list[str]]:
    """Return the files for the keys of a form that name one, beside its files in ``path``, and what is lacking."""
    found, lacking = {}, []
    for role in form.roles.values():
        if not role.key:
            continue
        candidates = [path for path in _matching(role, given) if _has_columns(path, role.columns)]
        if candidates:
            found[role.key] = str(candidates[0])
        else:
            columns = ", ".join(" or ".join(names) for names in role.columns)
            lacking.append(f"no CSV file with the columns {columns} is beside these files")
    return found, lacking


def _matching(role: Role, given: Given) -> list[Path]:
    """Files whose names are like those of a role that a key of the session names."""
    return [
        folder / name
        for folder in given.folders
        for name in given.names[folder]
        if any(fnmatch.fnmatch(name.lower(), pattern) for pattern in role.like) and (folder / name).is_file()
    ]


def _keyed(name: str, form: Form, given: Given) -> Iterator[Recognised]:
    """Sessions of files that are all named by keys; those with the same number in their names belong together."""
    groups: dict[tuple[Path, str], dict[str, Path]] = {}
    for role in form.roles.values():
        for path in _matching(role, given):
            number = re.search(r"\d+", path.name)
            groups.setdefault((path.parent, number[0] if number else ""), {}).setdefault(str(role.key), path)
    for files in groups.values():
        yield Recognised(name, {key: str(path) for key, path in files.items()}, tuple(files.values()))


# --- archives ---------------------------------------------------------------------------------------------------------


def _archives(name: str, source: Source, form: Form, given: Given) -> Iterator[Recognised]:
    people, lacking = _named_files(form, given)
    for folder in given.folders:
        for path in (folder / one for one in given.names[folder] if one.lower().endswith(form.suffix)):
            if path.is_file() and _holds(path, source.forms):
                keys = {"path": str(path), **people}
                yield Recognised(name, keys, (path,), tuple(_unknown_keys(source, keys, [], lacking)))


def _holds(path: Path, forms: tuple[Form, ...]) -> bool:
    """Whether an archive holds the needed files of one of the other forms."""
    try:
        archive = Archive(path)
    except UserError:
        return False
    wanted = [
        [role.names[0][0].removeprefix("*") for role in form.roles.values() if role.needed and role.names]
        for form in forms
        if not form.suffix
    ]
    return any(archive.folders(ends) for ends in wanted)
