"""Data inside a page: a block is JSON, compressed, in an element that no browser runs."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any


def packed(block: Any) -> str:
    """Return a block as ``scripts/data.js`` unpacks it: gzip of JSON in base64, without the time of its making.

    Base64 has no character that markup knows, so no text in the block can end the element that holds it. Equal blocks
    give equal texts.

    Raises
    ------
    ValueError
        If a number is not finite, which JSON cannot hold.
    """
    text = json.dumps(block, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()
