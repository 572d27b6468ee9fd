"""Markup of a cell or a picture as a tree that JSON can hold: what an element is, and what stands in it."""

from __future__ import annotations

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

from markupsafe import Markup

# A text, or [tag, attributes, child, child...]; a tag of "" is a row of children without an element around them.
Tree = str | list[Any]

_WORDS = {"a", "b", "bdi", "br", "code", "em", "i", "small", "span", "strong", "sub", "sup"}
_PICTURES = {"svg", "g", "path", "text", "title", "desc", "defs", "use"}
_TAGS = _WORDS | _PICTURES
_ATTRIBUTES = {
    "class",
    "href",
    "title",
    "role",
    "aria-hidden",
    "aria-label",
    "id",
    "viewBox",
    "d",
    "x",
    "y",
    "style",
    "transform",
}
_CASE = {"viewbox": "viewBox"}  # names of SVG that HTML's parser writes small


def tree(markup: str) -> Tree:
    """Return a text as it is, or the tree of ``Markup``, as ``scripts/trees.js`` builds it.

    Raises
    ------
    ValueError
        If the markup has an element or an attribute that is not expected there, or a link that leaves the page.
    """
    return _read(str(markup)) if isinstance(markup, Markup) else markup


@lru_cache(maxsize=1 << 16)
def _read(markup: str) -> Tree:
    reader = _Reader(markup)
    return reader.top[2] if len(reader.top) == 3 else reader.top


class _Reader(HTMLParser):
    """Reads markup."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.top: list[Any] = ["", {}]
        self._open = [self.top]
        self.feed(markup)
        self.close()
        if len(self._open) != 1:
            raise ValueError(f"an element is not closed in {markup[:200]}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag != "br":
            self._open.append(self._open[-1][-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {_CASE.get(name, name): value or "" for name, value in attrs}
        if tag not in _TAGS or not found.keys() <= _ATTRIBUTES or not re.match("#|$", found.get("href", "")):
            raise ValueError(f"no data of a page can hold {self.get_starttag_text()}")
        self._open[-1].append([tag, found])

    def handle_endtag(self, tag: str) -> None:
        if self._open.pop()[0] != tag:
            raise ValueError(f"</{tag}> ends another element")

    def handle_data(self, data: str) -> None:
        self._open[-1].append(data)
