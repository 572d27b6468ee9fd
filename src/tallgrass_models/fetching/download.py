"""A file of a site in a folder: what has come of it is kept, whole it is checked, and it is not fetched twice."""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..files.atomic import write_text
from .progress import Progress, size
from .requests import Address, Answer, InterruptedFetchError, Patience, asked, patiently

#: File in the folder that says of each file where it is from, and its checksum.
RECORD = "fetched.json"
_PIECE = 1 << 16
_KEPT = "; what has come is kept, and the same command goes on from there"


def recorded(path: Path) -> dict[str, Any] | None:
    """Return what is recorded of a fetched file, if it is there and still what was fetched."""
    entry: dict[str, Any] | None = _record(path.parent).get(path.name)
    return entry if entry and path.is_file() and sha256_of(path) == entry.get("sha256") else None


def note(path: Path, **facts: Any) -> None:
    """Record a file that was fetched."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    entry = {**facts, "sha256": sha256_of(path), "bytes": path.stat().st_size, "fetched": now}
    record = {**_record(path.parent), path.name: entry}
    write_text(path.parent / RECORD, json.dumps(record, indent=2, sort_keys=True) + "\n")


def refuse_foreign(path: Path) -> None:
    """Refuse to write over a file that this command has not fetched.

    Raises
    ------
    UserError
        If there is one.
    """
    if path.exists() and path.name not in _record(path.parent):
        raise UserError(f"{path}: is there already and was not fetched by this command; move it, or say --into FOLDER")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(address: Address, path: Path, patience: Patience, limit: int, check: Callable[[Path], None]) -> bool:
    """Fetch a file, unless the one that is there is the site's.

    Parameters
    ----------
    address
        Where it is.
    path
        Where it goes; what has come of it is in ``.part`` beside it until it is whole.
    patience
        How long to wait.
    limit
        Most bytes that it may have.
    check
        Called with the whole file before it gets its name; raises a `UserError` if it is not what it should be.

    Returns
    -------
    bool
        Whether it was fetched; False where the site has nothing newer.

    Raises
    ------
    UserError
        If it cannot be had, is too large, is not what it should be, or is in the way of another file.
    """
    refuse_foreign(path)
    progress = Progress(path.name)
    old = recorded(path)
    if path.exists() and old is None:
        progress.say("was changed since it was fetched, or damaged; fetching it again")
    with _part(path) as part:
        known = old or {}

        def attempt() -> Answer:
            return _go_on(address, part, known, limit, patience.timeout, progress)

        answer = patiently(address, attempt, patience, progress.say, _KEPT)
        if answer.code == 304:
            progress.say("up to date")
            return False
        with part.forgotten_if_wrong():
            check(part.path)
        part.finish(path)
    note(
        path,
        url=str(address),
        **{key: answer.headers[key] for key in ("etag", "last-modified") if key in answer.headers},
    )
    progress.say(f"{size(path.stat().st_size)}, whole")
    return True


class _Part:
    """What has come of a file, and by which mark of the server one tells that it is still the same file there."""

    def __init__(self, path: Path, file: io.FileIO) -> None:
        self.path, self.file = path, file
        self._mark = path.with_name(f"{path.name}.mark")

    @property
    def n_bytes(self) -> int:
        return self.path.stat().st_size

    @property
    def mark(self) -> str:
        """The server's mark of the file, ``""`` if there is none: the rest of another file must not follow."""
        return self._mark.read_text(encoding="utf-8") if self._mark.exists() else ""

    def begin(self, answer: Answer) -> None:
        """Start over, with the mark of a new answer; a weak mark does not promise the same bytes."""
        self.file.truncate(0)
        etag = answer.headers.get("etag", "")
        mark = answer.headers.get("last-modified", "") if etag.startswith("W/") or not etag else etag
        self._mark.write_text(mark, encoding="utf-8")

    def finish(self, path: Path) -> None:
        """Give the whole file its name."""
        os.fsync(self.file.fileno())
        os.replace(self.path, path)
        self._mark.unlink(missing_ok=True)

    @contextmanager
    def forgotten_if_wrong(self) -> Iterator[None]:
        """Remove what has come if it turns out to be something else."""
        try:
            yield
        except UserError:
            self.file.truncate(0)
            self._mark.unlink(missing_ok=True)
            raise


@contextmanager
def _part(path: Path) -> Iterator[_Part]:
    """Open the part of a file that has come, for this process alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        with part.open("ab", buffering=0) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError(f"{path}: another process is fetching it") from None
            try:
                yield _Part(part, file)
            finally:
                if part.exists() and not part.stat().st_size:
                    part.unlink()
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror or error}") from error


def _go_on(
    address: Address, part: _Part, known: dict[str, Any], limit: int, timeout: float, progress: Progress
) -> Answer:
    """Ask for what is missing, and write it; the whole file where the server has another one by now."""
    begun = part.n_bytes if part.mark else 0
    headers = {"Range": f"bytes={begun}-", "If-Range": part.mark} if begun else {}
    if not begun and known:
        same = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
        headers = {same[key]: known[key] for key in same if key in known}
    with asked(address, headers, timeout) as answer:
        if answer.code == 304:
            return answer
        start = _start(answer) if answer.code == 206 else 0
        if answer.code == 416 or (answer.code == 206 and start != begun):
            part.file.truncate(0)
            raise InterruptedFetchError("the file there is another one by now")
        if answer.code != 206:
            part.begin(answer)
        if start:
            progress.say(f"going on after {size(start)}")
        total = None if answer.length is None else start + answer.length
        with part.forgotten_if_wrong():
            _write(address, answer, part, limit, total, progress)
        return answer


def _start(answer: Answer) -> int:
    """First byte of a part of a file: ``bytes 100-199/200``."""
    text = answer.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
    return int(text) if text.isdigit() else -1


def _write(address: Address, answer: Answer, part: _Part, limit: int, total: int | None, progress: Progress) -> None:
    _within(address, total or 0, limit)
    while piece := answer.read(_PIECE):
        part.file.write(piece)
        _within(address, part.file.tell(), limit)
        progress.at(part.file.tell(), total)
    if total is not None and part.n_bytes < total:
        raise InterruptedFetchError(f"the connection broke off after {size(part.n_bytes)} of {size(total)}")


def _within(address: Address, n: int, limit: int) -> None:
    if n > limit:
        raise UserError(f"{address}: has more than {size(limit)}; not a file of votes")


def _record(folder: Path) -> dict[str, Any]:
    """Read what is recorded of a folder; nothing, where the record is damaged."""
    try:
        content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
