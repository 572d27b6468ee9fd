"""The dataset of a session from LegiScan, by its API; the key goes to the site and nowhere else."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from ..errors import UserError
from ..files.atomic import atomic
from .download import note, recorded, refuse_foreign
from .progress import Progress, size
from .requests import Address, Patience, content

ADDRESS = "https://api.legiscan.com/"
#: Environment variable with the key.
KEY = "LEGISCAN_API_KEY"
_LIST_LIMIT, _LIMIT = 20 * 10**6, 10**9
_HERE = ("localhost", "127.0.0.1", "::1")


def fetch_legiscan(
    state: str, year: int, key: str | None, into: Path, address: str = ADDRESS, patience: Patience | None = None
) -> Path:
    """Fetch the dataset of a state's session as a zip archive, unless the one that is there is the latest.

    Parameters
    ----------
    state
        Its two letters; ``US`` is Congress.
    year
        A year of the session. Special sessions are left out.
    key
        Key of the API, free at https://legiscan.com/legiscan.
    into
        Folder for the archive.
    address
        Address of the API.
    patience
        How long to wait.

    Returns
    -------
    Path
        The archive.

    Raises
    ------
    UserError
        If there is no key, LegiScan refuses it, there is no such session, or the archive is damaged.

    Notes
    -----
    ``getDatasetList`` and ``getDataset`` of the LegiScan API, version 1:
    https://api.legiscan.com/dl/LegiScan_API_User_Manual.pdf
    """
    site = _Site(address, _checked_key(key, address), patience or Patience())
    if not re.fullmatch("[A-Za-z]{2}", state):
        raise UserError(f"{state!r} is not the two letters of a state, such as KS")
    chosen = _session(site.ask("getDatasetList", state=state.upper()), state.upper(), year)
    path = into / f"{_file_name(state, chosen)}.zip"
    refuse_foreign(path)
    progress = Progress(path.name)
    old = recorded(path)
    if old and old.get("dataset_hash") == chosen["dataset_hash"]:
        progress.say("up to date")
        return path
    progress.say(f"fetching {size(int(chosen.get('dataset_size') or 0))}, of {chosen.get('dataset_date', 'no date')}")
    answer = site.ask("getDataset", id=str(chosen["session_id"]), access_key=str(chosen["access_key"]))
    raw = _archive(answer)
    with atomic(path) as temporary:
        temporary.write_bytes(raw)
    note(path, url=str(site.address("getDataset")), dataset_hash=chosen["dataset_hash"])
    progress.say(f"{size(len(raw))}, whole")
    return path


class _Site:
    """The API with a key, which no text of this class shows."""

    def __init__(self, address: str, key: str, patience: Patience) -> None:
        self._base, self._key, self._patience = address, key, patience

    def address(self, operation: str, **given: str) -> Address:
        """Address of an operation."""
        return Address(f"{self._base}?{urlencode({'key': self._key, 'op': operation, **given})}")

    def ask(self, operation: str, **given: str) -> dict[str, Any]:
        """Ask for an operation.

        Raises
        ------
        UserError
            If there is no answer, or it is an error.
        """
        address = self.address(operation, **given)
        limit = _LIMIT if operation == "getDataset" else _LIST_LIMIT
        raw = content(address, self._patience, limit, Progress(operation).say)
        try:
            answer = json.loads(raw)
        except ValueError:
            raise UserError(
                f"{address}: {operation}: the answer is not JSON; is that the address of the API?"
            ) from None
        if not isinstance(answer, dict) or answer.get("status") != "OK":
            raise UserError(f"{address}: {operation}: LegiScan answers {self._said(answer)!r}; is {KEY} right?")
        return answer

    def _said(self, answer: Any) -> str:
        """Return what the API says is wrong, without the key if it repeats it."""
        alert = answer.get("alert") if isinstance(answer, dict) else None
        text = str(alert.get("message")) if isinstance(alert, dict) else "no reason"
        return text.replace(self._key, "(key)")[:200]


def _checked_key(key: str | None, address: str) -> str:
    if not key or not key.strip():
        raise UserError(
            f"the environment variable {KEY} is not set: get a free key at https://legiscan.com/legiscan, "
            f"then export {KEY}=..."
        )
    if urlsplit(address).scheme == "http" and urlsplit(address).hostname not in _HERE:
        raise UserError(f"{Address(address)}: the key would go through the net in the clear; use https")
    return key.strip()


def _session(answer: Mapping[str, Any], state: str, year: int) -> dict[str, Any]:
    """Choose the regular session of a year from the list of datasets."""
    listed = [one for one in answer.get("datasetlist") or [] if isinstance(one, dict)]
    needed = ("session_id", "access_key", "dataset_hash", "year_start", "year_end")
    whole = [one for one in listed if all(one.get(key) not in (None, "") for key in needed)]
    regular = [one for one in whole if not int(one.get("special") or 0)]
    found = [one for one in regular if int(one["year_start"]) <= year <= int(one["year_end"])]
    if not found:
        known = _in_words(regular) or "none"
        raise UserError(f"LegiScan has no regular session of {state} in {year}; it has {known}")
    return found[0]


def _in_words(sessions: Sequence[Mapping[str, Any]]) -> str:
    years = sorted({(int(one["year_start"]), int(one["year_end"])) for one in sessions})
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in years)


def _file_name(state: str, chosen: Mapping[str, Any]) -> str:
    """Name the archive as the site does: ``KS_2025-2026_91st_Legislature``."""
    name = str(chosen.get("session_name") or chosen.get("session_title") or "session")
    first, last = chosen["year_start"], chosen["year_end"]
    text = f"{state.upper()}_{first}-{last}_{name}" if str(first) not in name else f"{state.upper()}_{name}"
    return re.sub(r"[^A-Za-z0-9-]+", "_", text).strip("_")[:100]


def _archive(answer: Mapping[str, Any]) -> bytes:
    """Return the zip archive in an answer, with the checksums of all its files compared.

    Raises
    ------
    UserError
        If there is none, or it is damaged.
    """
    inner = answer.get("dataset")
    text = inner.get("zip") if isinstance(inner, dict) else None
    if not isinstance(text, str):
        raise UserError("getDataset: the answer holds no archive")
    try:
        raw = base64.b64decode(text, validate=True)
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            damaged = archive.testzip()
    except (binascii.Error, ValueError, zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise UserError(f"getDataset: the archive is damaged ({error}); run the command again") from None
    if damaged:
        raise UserError(
            f"getDataset: the archive is damaged: the checksum of {damaged} is wrong; run the command again"
        )
    return raw
