"""Archives of results: zip files with a list of what they hold, written whole, and read with distrust.

The list is the file `LIST`. Beside what the caller says of the archive it has the name, size and SHA-256 of every
other file. Equal content gives equal bytes: names are sorted, and times and modes are fixed.
"""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, NoReturn

from ..errors import UserError
from .atomic import atomic

LIST = "capsule.json"
#: An archive may not unpack to more bytes or files, and its list may not be longer.
_MOST_BYTES, _MOST_FILES, _LONGEST_LIST = 8 * 2**30, 20_000, 16 * 2**20
#: A file of more bytes is not read into memory.
_LONGEST_READ = 64 * 2**20
_CHUNK = 2**20
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)


def write_archive(out: Path, contents: Mapping[str, Path | bytes], about: Mapping[str, Any]) -> None:
    """Write an archive, whole or not at all.

    Parameters
    ----------
    contents
        The files by their name in the archive, as paths or as bytes.
    about
        What the list says besides the files.

    Raises
    ------
    UserError
        If a file is missing, the archive cannot be written, or `read_archive` would refuse it for a name or its size.
    """
    files, total, seen = list[dict[str, Any]](), 0, {LIST}
    with atomic(out) as temporary, zipfile.ZipFile(temporary, "w", strict_timestamps=False) as archive:
        for name in sorted(contents):
            if not _is_safe(name) or name.casefold() in seen:
                raise UserError(f"{name!r}: not a name that all systems can unpack beside the others; rename the file")
            seen.add(name.casefold())
            size, digest = _put(archive, name, contents[name])
            files.append({"name": name, "size": size, "sha256": digest})
            total += size
        if total > _MOST_BYTES or len(files) > _MOST_FILES:
            raise UserError(f"{out}: {len(files)} files of {total} bytes are too much for an archive")
        text = json.dumps({**about, "files": files}, indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False)
        _put(archive, LIST, (text + "\n").encode())


def _put(archive: zipfile.ZipFile, name: str, content: Path | bytes) -> tuple[int, str]:
    """Write one file and return its size and digest."""
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, _UNIX, 0o644 << 16
    size, digest = 0, hashlib.sha256()
    with archive.open(info, "w", force_zip64=True) as target:
        for chunk in [content] if isinstance(content, bytes) else _chunks_of(content):
            target.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _chunks_of(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as source:
            while chunk := source.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None


class Archive:
    """An archive whose every file was found to be as its list says. Use `read_archive`.

    Attributes
    ----------
    about
        The content of the list.
    names
        Names of the other files.
    digest
        SHA-256 of the list, and so of all that the archive holds.
    """

    def __init__(self, path: Path, source: zipfile.ZipFile) -> None:
        self._path, self._zip = path, source
        infos = {info.filename: info for info in source.infolist()}
        self._check_names(source.infolist())
        if LIST not in infos:
            self._refuse(f"has no {LIST}; it is no archive of an experiment")
        self.about, self.digest = self._list(infos[LIST])
        self._sizes = self._listed(infos)
        self.names = sorted(self._sizes)
        for name in self.names:
            for _ in self._chunks(name):
                pass

    def read(self, name: str) -> bytes:
        """Return one file.

        Raises
        ------
        UserError
            If it is not in the archive, or too long to be read at once.
        """
        if name not in self._sizes:
            self._refuse(f"has no {name}")
        if self._sizes[name][0] > _LONGEST_READ:
            self._refuse(f"{name}: too long ({self._sizes[name][0]} bytes)")
        return b"".join(self._chunks(name))

    def unpack(self, prefix: str, folder: Path) -> None:
        """Write the files under ``prefix``, such as ``votes/``, into a folder, without that prefix."""
        for name in self.names:
            if name.startswith(prefix):
                with atomic(folder / name.removeprefix(prefix)) as temporary, temporary.open("wb") as target:
                    for chunk in self._chunks(name):
                        target.write(chunk)

    def _refuse(self, why: str) -> NoReturn:
        raise UserError(f"{self._path}: {why}")

    def _check_names(self, infos: list[zipfile.ZipInfo]) -> None:
        """Refuse names that lead out of a folder or meet twice, links and folders, and what we would not have written.

        Names that differ in the case of letters alone meet on the disks of some systems.
        """
        if len(infos) > _MOST_FILES + 1:
            self._refuse(f"has {len(infos)} files; more than {_MOST_FILES} are not unpacked")
        seen = set[str]()
        for info in infos:
            name, mode = info.filename, info.external_attr >> 16
            if not _is_safe(name) or info.orig_filename != name:
                self._refuse(f"{name!r}: not a name that may be unpacked; the archive is not to be trusted")
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG) or info.flag_bits & 1:
                self._refuse(f"{name}: a link, a special or an encrypted file; the archive is not to be trusted")
            if name.casefold() in seen:
                self._refuse(f"{name}: is there twice; the archive is not to be trusted")
            seen.add(name.casefold())

    def _list(self, info: zipfile.ZipInfo) -> tuple[dict[str, Any], str]:
        if info.file_size > _LONGEST_LIST:
            self._refuse(f"{LIST}: too long ({info.file_size} bytes)")
        try:
            with self._zip.open(info) as source:
                text = source.read(_LONGEST_LIST)
            found = json.loads(text)
        except (*_DAMAGED, RecursionError) as error:
            self._refuse(f"{LIST}: damaged: {error}")
        if not isinstance(found, dict):
            self._refuse(f"{LIST}: is not the list of an archive")
        return found, hashlib.sha256(text).hexdigest()

    def _listed(self, infos: Mapping[str, zipfile.ZipInfo]) -> dict[str, tuple[int, str]]:
        """Return size and digest of each file by the list, which must be about the files that are there."""
        try:
            sizes = {str(file["name"]): (int(file["size"]), str(file["sha256"])) for file in self.about["files"]}
        except (KeyError, TypeError, ValueError):
            self._refuse(f"{LIST}: does not list the files")
        there = set(infos) - {LIST}
        for name in sorted(there ^ set(sizes)):
            self._refuse(f"{name}: {'is missing' if name in sizes else f'is not listed in {LIST}'}")
        if sum(size for size, _ in sizes.values()) > _MOST_BYTES:
            self._refuse(f"unpacks to more than {_MOST_BYTES} bytes")
        return sizes

    def _chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file, at most a byte more than its listed size; raise `UserError` at the end if it is another."""
        size, digest = self._sizes[name]
        found, left = hashlib.sha256(), size
        try:
            with self._zip.open(name) as source:
                while chunk := source.read(min(_CHUNK, left + 1)):  # one byte more than is listed tells a longer file
                    left -= len(chunk)
                    found.update(chunk)
                    yield chunk
        except _DAMAGED as error:
            self._refuse(f"{name}: damaged: {error}")
        if left or found.hexdigest() != digest:
            self._refuse(f"{name}: damaged: not the file that {LIST} lists")


@contextmanager
def read_archive(path: Path) -> Iterator[Archive]:
    """Open an archive after every file in it was compared with the list.

    Raises
    ------
    UserError
        If the file is missing, cut off, damaged, or no archive that `write_archive` would write.
    """
    try:
        handle: IO[bytes] = path.open("rb")
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    with handle:
        try:
            source = zipfile.ZipFile(handle)
        except _DAMAGED as error:
            raise UserError(f"{path}: no whole zip file ({error}); copy the archive again") from None
        with source:
            yield Archive(path, source)


def _is_safe(name: str) -> bool:
    parts = name.split("/")
    plain = name.isprintable() and not set(name) & set('\\:*?"<>|') and not PurePosixPath(name).is_absolute()
    return plain and all(part not in ("", ".", "..") for part in parts) and len(name) <= 500
