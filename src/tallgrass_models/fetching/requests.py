"""One request over HTTP, and what to say when it fails; addresses in messages are without keys."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import urlsplit, urlunsplit

from ..errors import UserError

#: Answers that a moment later may be others.
_PASSING = (408, 425, 429, 500, 502, 503, 504)


class InterruptedFetchError(Exception):
    """An answer that broke off or never came; another attempt may get it."""


@dataclass(frozen=True)
class Patience:
    """How long to wait, and how often.

    Attributes
    ----------
    timeout
        Seconds without a byte after which an attempt is given up.
    tries
        Number of attempts.
    pause
        Seconds before the second attempt; each later one waits twice as long.
    """

    timeout: float = 60
    tries: int = 5
    pause: float = 1


@dataclass
class Answer:
    """An answer: its code, its headers by name in small letters, and its content, piece by piece."""

    code: int
    headers: dict[str, str]
    read: Callable[[int], bytes] = field(repr=False)

    @property
    def length(self) -> int | None:
        """Bytes of content that the headers promise."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isdigit() else None


@dataclass(frozen=True)
class Address:
    """An address: ``url`` as it is asked for, and as people may see it, without what follows the question mark."""

    url: str = field(repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise UserError(f"{self}: not an address that begins with https://")

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


@contextmanager
def asked(address: Address, headers: Mapping[str, str], timeout: float) -> Iterator[Answer]:
    """Ask for an address and yield the answer; 304 and 416 are answers too.

    Raises
    ------
    InterruptedFetchError
        If the connection breaks, times out, or the server is busy; the text says which.
    UserError
        If there is no such page, access is refused, or the server's certificate is not valid.
    """
    request = urllib.request.Request(address.url, headers={"User-Agent": "tallgrass-models", **headers})
    try:
        try:
            with urllib.request.urlopen(request, timeout=timeout) as reply:
                yield Answer(reply.status, _small(reply.headers), reply.read)
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in (304, 416):
                    _fail(address, error.code, error.reason)
                yield Answer(error.code, _small(error.headers), lambda n: b"")
    except urllib.error.URLError as error:
        _fail_to_connect(address, error.reason)
    except (TimeoutError, ConnectionError, ssl.SSLError, http.client.HTTPException) as error:
        raise InterruptedFetchError(_in_words(error)) from None


def patiently[T](
    address: Address, attempt: Callable[[], T], patience: Patience, told: Callable[[str], None], kept: str = ""
) -> T:
    """Try until an attempt succeeds, with longer and longer pauses.

    ``told`` gets a line for each failure, and ``kept`` says in the last message what is left of them.

    Raises
    ------
    UserError
        If the last attempt fails too.
    """
    for number in range(1, patience.tries + 1):
        try:
            return attempt()
        except InterruptedFetchError as error:
            if number == patience.tries:
                raise UserError(f"{address}: {error}, at attempt {number} of {patience.tries}{kept}") from None
            pause = patience.pause * 2 ** (number - 1)
            told(f"{address}: {error}; trying again in {pause:g} s")
            time.sleep(pause)
    raise AssertionError("tries is at least 1")


def _small(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _fail(address: Address, code: int, reason: str) -> None:
    if code in _PASSING:
        raise InterruptedFetchError(f"the server answers {code} ({reason})")
    what = {404: "there is no such file", 410: "there is no such file any more", 401: "access is refused"}
    what[403] = "access is refused"
    raise UserError(f"{address}: {what.get(code, 'the server refuses')} (answer {code}: {reason})") from None


def _fail_to_connect(address: Address, reason: object) -> None:
    """Say why there is no connection: some reasons pass, others do not."""
    host = urlsplit(address.url).hostname
    if isinstance(reason, ssl.SSLCertVerificationError):
        raise UserError(f"{address}: the certificate of {host} is not valid: {reason.verify_message}") from None
    if isinstance(reason, socket.gaierror):
        raise UserError(f"{address}: {host} cannot be found; is there a connection to the internet?") from None
    if isinstance(reason, OSError):
        raise InterruptedFetchError(_in_words(reason)) from None
    raise UserError(f"{address}: {reason}") from None


def _in_words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "the connection is refused"
    return "the connection broke off"


def content(address: Address, patience: Patience, limit: int, told: Callable[[str], None]) -> bytes:
    """Return the whole content of an answer, of at most ``limit`` bytes.

    Raises
    ------
    UserError
        If it cannot be had, or is larger.
    """

    def attempt() -> bytes:
        with asked(address, {}, patience.timeout) as answer:
            pieces = iter(lambda: answer.read(1 << 16), b"")
            whole = bytearray()
            for piece in pieces:
                whole += piece
                if len(whole) > limit:
                    raise UserError(f"{address}: answers with more than {limit:,} bytes")
            if answer.length is not None and len(whole) < answer.length:
                raise InterruptedFetchError("the connection broke off")
            return bytes(whole)

    return patiently(address, attempt, patience, told)
