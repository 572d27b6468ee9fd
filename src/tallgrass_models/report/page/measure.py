"""How wide text is, by the font that matplotlib ships: wider than what browsers take, so what fits here fits there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from .language import shorten


@cache
def _advance(char: str, bold: bool) -> float:
    """Width of a character in units of the font size; characters that the font lacks count as a whole one."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
    if not font.get_char_index(ord(char)):
        return 1.0
    font.set_size(100, 72)
    return float(font.load_char(ord(char)).linearHoriAdvance) / 65536 / 100


def width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one line of text in pixels, ``size`` being that of the font."""
    return size * sum(_advance(char, bold) for char in text)


def wrapped(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """Break text into lines no wider than ``room`` pixels; a word that is wider is cut with an ellipsis."""
    lines: list[str] = []
    for word in (fitted(word, room, size, bold) for word in text.split()):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fitted(text: str, room: float, size: float, bold: bool = False) -> str:
    """Return text on one line, cut with an ellipsis to fit into ``room`` pixels."""
    text = " ".join(text.split())
    if width(text, size, bold) <= room:
        return text
    length = next((n for n in range(len(text) - 1, 1, -1) if width(shorten(text, n), size, bold) <= room), 1)
    return shorten(text, length)


def widest(texts: Sequence[str], size: float) -> float:
    """Return the width of the widest of some texts, 0 of none."""
    return max((width(text, size) for text in texts), default=0.0)
