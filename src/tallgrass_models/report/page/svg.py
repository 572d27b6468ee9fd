"""Pictures by matplotlib, as SVG in the page and as files: drawn for a screen and again for a phone, same bytes always.

A picture has its title inside, and what it is of, so that it can stand alone. `tidy` makes it small and inert.
"""

from __future__ import annotations

import copy
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from markupsafe import Markup

from . import measure
from .tidy import Tips, inlined, tidy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "CYCLE",
    "FAINT",
    "INK",
    "NARROW",
    "WIDE",
    "Drawing",
    "Rendered",
    "Tips",
    "draw",
    "is_narrow",
    "render",
    "width_of",
]

#: Widths at which a picture is drawn, in units of its view box: CSS pixels, of a column of text and of a phone.
WIDE, NARROW = 640, 350
INK, FAINT, _GRID = "#33373d", "#5c636c", "#dfe2e6"

#: Marker, colour and line of the first, second... curve or group, telling them apart without colour too. Blue and red
#: are not among them: on our pages they are parties.
CYCLE = (("o", INK, "-"), ("s", "#8a5a00", "--"), ("^", "#3f7d4e", "-."), ("D", "#7a3b8f", ":"))

_STYLE = {
    "svg.fonttype": "none",
    "font.size": 11,
    "axes.edgecolor": FAINT,
    "axes.facecolor": "none",
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "grid.color": _GRID,
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
}
_MARGIN = 12  # around a picture in a file of its own
_TITLE, _SOURCE = (15, 19), (11, 16)  # size of the font and height of a line
_NAMESPACE = "http://www.w3.org/2000/svg"


@dataclass(frozen=True)
class Drawing:
    """How a picture is drawn; see `draw`. It is drawn when its page is written, which says what it is of."""

    id: str
    title: str
    alt: str
    height: float | Callable[[float], float]
    paint: Callable[[Figure], Tips]
    once: bool = False


def draw(
    identifier: str,
    alt: str,
    height: float | Callable[[float], float],
    paint: Callable[[Figure], Tips],
    title: str = "",
    once: bool = False,
) -> Drawing:
    """Describe a picture, to be drawn at both widths.

    Parameters
    ----------
    identifier
        Unique within the page; begins every id inside the picture.
    alt
        What the picture shows, for those who cannot see it.
    height
        In units of the view box, below the title; a function of the width where it depends on that.
    paint
        Draws on the empty figure, at `width_of` it, and returns the texts of its markers.
    title
        What stands above the picture; by default the beginning of ``alt``.
    once
        Draw it for phones only, where that serves a screen as well.
    """
    return Drawing(identifier, title or alt.partition(".")[0], alt, height, paint, once)


def width_of(figure: Figure) -> float:
    """Return the width at which a picture is being drawn, in units of its view box."""
    return float(figure.get_figwidth() * 72)


def is_narrow(figure: Figure) -> bool:
    """Say whether it is the picture for phones that is being drawn."""
    return width_of(figure) < WIDE


@dataclass(frozen=True)
class Rendered:
    """A picture that is being written; ``source`` says in small what it is of, ``caption`` how to read it."""

    drawing: Drawing
    source: str

    @cached_property
    def inline(self) -> Markup:
        """Both drawings as elements to stand inside HTML; the style of the page shows the one that fits."""
        if self.drawing.once:
            return Markup(self._inline(self._first, "once", True))
        return Markup(self._inline(self._first, "wide", True) + self._inline(self._drawn(NARROW), "narrow", False))

    def alone(self, caption: str) -> str:
        """Return the picture as an SVG file of its own, on white, with its title and description."""
        root = copy.deepcopy(self._first)
        _, top, width, height = (float(n) for n in root.attrib["viewBox"].split())
        box = [f"{n:g}" for n in (-_MARGIN, top - _MARGIN, width + 2 * _MARGIN, height + 2 * _MARGIN)]
        title, description = ET.Element("title"), ET.Element("desc")
        title.text = self.drawing.title
        description.text = " ".join(text for text in (self.drawing.alt, caption, f"({self.source})") if text)
        style = ET.Element("style")
        style.text = (
            "text{font-family:system-ui,sans-serif;paint-order:stroke;stroke:#fff;stroke-width:3px;"
            "stroke-linejoin:round}"
        )
        ground = ET.Element("rect", {"x": box[0], "y": box[1], "width": box[2], "height": box[3], "fill": "#fff"})
        root[:] = [title, description, style, ground, *root]
        root.attrib |= {"viewBox": " ".join(box), "width": box[2], "height": box[3], "role": "img", "xmlns": _NAMESPACE}
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"

    @cached_property
    def _first(self) -> ET.Element:
        return self._drawn(NARROW if self.drawing.once else WIDE)

    def _drawn(self, width: int) -> ET.Element:
        return _headed(_painted(self.drawing, width), self.drawing.title, self.source)

    def _inline(self, drawn: ET.Element, kind: str, texts: bool) -> str:
        root = copy.deepcopy(drawn)
        inlined(root, texts)
        root.attrib |= {"role": "img", "aria-label": self.drawing.alt, "class": f"plot {kind}"}
        return ET.tostring(root, encoding="unicode")


def render(drawing: Drawing, source: str = "") -> Rendered:
    """Prepare a picture for the page and for its file; ``source`` is a line on what it is of."""
    return Rendered(drawing, source)


def _painted(drawing: Drawing, width: int) -> ET.Element:
    """Return the picture without its title.

    Nothing outside the call is touched: no pyplot, and settings of the user's matplotlibrc neither count nor change.
    """
    import matplotlib
    from matplotlib.figure import Figure as MplFigure

    height = drawing.height(width) if callable(drawing.height) else drawing.height
    identifier = drawing.id if width == WIDE else f"{drawing.id}-n"
    buffer = io.BytesIO()
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # the reader's browser draws the text, with its own fonts
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**_STYLE, "svg.hashsalt": identifier})
        figure = MplFigure(figsize=(width / 72, height / 72), dpi=72)
        figure.patch.set_visible(False)
        tips = drawing.paint(figure)
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    root = tidy(buffer.getvalue(), identifier, tips)
    root.attrib = {"viewBox": f"0 0 {width} {height:g}"}
    return root


def _headed(root: ET.Element, title: str, source: str) -> ET.Element:
    """Put the title and the source above a picture, in as many lines as they need."""
    _, _, width, height = (float(n) for n in root.attrib["viewBox"].split())
    lines = [(line, _TITLE, INK) for line in measure.wrapped(title, width, _TITLE[0], bold=True)]
    lines += [(line, _SOURCE, FAINT) for line in measure.wrapped(source, width, _SOURCE[0])]
    top = sum(step for _, (_, step), _ in lines) + 8
    y, texts = -float(top), []
    for line, (size, step), colour in lines:
        y += step
        style = f"font-size:{size}px;fill:{colour}" + (";font-weight:bold" if size == _TITLE[0] else "")
        text = ET.Element("text", {"x": "0", "y": f"{y - 4:g}", "style": style})
        text.text = line
        texts.append(text)
    root[:] = [*texts, *root]
    root.set("viewBox", f"0 {-top:g} {width:g} {height + top:g}")
    return root
