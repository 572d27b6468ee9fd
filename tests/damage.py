"""Ways in which a file is damaged, each a function of its path and a seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path


def _flipped(content: bytearray, rng: random.Random) -> bytes:
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return bytes(content)


def _zeroed(content: bytearray, rng: random.Random) -> bytes:
    """4 KB or less set to zero, at a place where something else was."""
    filled = [place for place, byte in enumerate(content) if byte]
    at = rng.choice(filled)
    end = min(at + 4096, len(content))
    content[at:end] = bytes(end - at)
    return bytes(content)


def _cut(content: bytearray, rng: random.Random) -> bytes:
    return bytes(content[: rng.randrange(1, len(content))])


def _garbage(content: bytearray, rng: random.Random) -> bytes:
    return rng.randbytes(len(content))


def _longer(content: bytearray, rng: random.Random) -> bytes:
    return bytes(content) + rng.randbytes(1 + rng.randrange(50))


def _resaved(content: bytearray, rng: random.Random) -> bytes:
    """Other ends of lines and a byte order mark, as a spreadsheet saves a CSV file."""
    return b"\xef\xbb\xbf" + bytes(content).replace(b"\n", b"\r\n")


_KINDS: dict[str, Callable[[bytearray, random.Random], bytes]] = {
    "flipped bit": _flipped,
    "zeroed": _zeroed,
    "cut": _cut,
    "empty": lambda content, rng: b"",
    "garbage": _garbage,
    "longer": _longer,
    "saved by a spreadsheet": _resaved,
}


def _damage(path: Path, seed: int, kind: Callable[[bytearray, random.Random], bytes]) -> None:
    path.write_bytes(kind(bytearray(path.read_bytes()), random.Random(seed)))


def _of(kind: Callable[[bytearray, random.Random], bytes]) -> Callable[..., None]:
    return lambda path, seed: _damage(path, seed, kind)


DAMAGES: dict[str, Callable[..., None]] = {name: _of(kind) for name, kind in _KINDS.items()}
