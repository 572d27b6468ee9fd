"""Matplotlib figures as inline SVG: small, inert, without ids that collide, the same bytes every time."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Width of every figure in units of its view box, which are CSS pixels where there is room.
_WIDTH = 640
_INK, FAINT, _GRID = "#33373d", "#5c636c", "#dfe2e6"

#: Marker, colour and line of the first, second... curve or group, telling them apart without colour too.
CYCLE = (("o", "#1b62a8", "-"), ("s", "#8a5a00", "--"), ("^", "#3f7d4e", "-."), ("D", "#7a3b8f", ":"))

#: Texts that appear when the pointer rests on a point, by the gid of its artist, in the order drawn.
Tips = Mapping[str, Sequence[str]]

_STYLE = {
    "svg.fonttype": "none",
    "font.size": 11,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": _INK,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "grid.color": _GRID,
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "text.color": _INK,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": _INK,
    "ytick.labelcolor": _INK,
}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_FONT_FAMILY = re.compile(r"font-family:[^;]*;?\s*")


def draw(identifier: str, alt: str, height: float, paint: Callable[[Figure], Tips]) -> Markup:
    """Draw a figure and return it as an ``<svg>`` element to stand inside HTML.

    Parameters
    ----------
    identifier
        Unique within the page; begins every id inside the picture.
    alt
        What the picture shows, for those who cannot see it.
    height
        In units of the view box; the width is `_WIDTH`.
    paint
        Draws on the empty figure and returns the texts of its points.

    Notes
    -----
    Nothing outside the call is touched: no pyplot, and settings of the user's matplotlibrc neither count nor change.
    """
    import matplotlib
    from matplotlib.figure import Figure as MplFigure

    buffer = io.BytesIO()
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # the reader's browser draws the text, with its own fonts
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**_STYLE, "svg.hashsalt": identifier})
        figure = MplFigure(figsize=(_WIDTH / 72, height / 72))
        figure.patch.set_visible(False)
        tips = paint(figure)
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return Markup(_inline(buffer.getvalue(), identifier, alt, tips))


def _inline(svg: bytes, identifier: str, alt: str, tips: Tips) -> str:
    root = ET.fromstring(svg)
    for parent in root.iter():
        for child in list(parent):
            if _plain(child.tag) in ("metadata", "style", "clipPath"):
                parent.remove(child)
    for gid, texts in tips.items():
        _add_tips(root, gid, texts)
    used = {value.removeprefix("#") for e in root.iter() for key, value in e.attrib.items() if _plain(key) == "href"}
    for element in root.iter():
        element.tag = _plain(element.tag)
        if element.get("id") not in used:
            element.attrib.pop("id", None)
        element.attrib.pop("clip-path", None)  # the axes hold all that is drawn in them
        element.attrib = {_plain(k): _attribute(_plain(k), v, identifier) for k, v in element.attrib.items()}
        if element.tag not in ("text", "title"):
            element.text = None
        element.tail = None
        if element.get("transform", "").startswith("rotate(-0 "):
            del element.attrib["transform"]
    root.attrib = {"viewBox": root.get("viewBox", ""), "role": "img", "aria-label": alt, "class": "plot"}
    return ET.tostring(root, encoding="unicode")


def _plain(name: str) -> str:
    """Return a name without its XML namespace, as HTML wants it."""
    return name.rpartition("}")[2]


def _attribute(name: str, value: str, identifier: str) -> str:
    if name == "id":
        return f"{identifier}-{value}"
    if name == "href":
        return f"#{identifier}-{value.removeprefix('#')}"
    if name == "style":
        return _FONT_FAMILY.sub("", value)
    if name in ("d", "x", "y", "transform"):
        return " ".join(_LONG_NUMBER.sub(lambda m: f"{float(m[0]):.2f}", value).split())
    return value


def _add_tips(root: ET.Element, gid: str, texts: Sequence[str]) -> None:
    group = next((g for g in root.iter() if g.get("id") == gid), None)
    points = [] if group is None else [e for e in group.iter() if _plain(e.tag) == "use"]
    if len(points) != len(texts):
        raise AssertionError(f"{gid}: {len(points)} points drawn for {len(texts)} texts")
    for point, text in zip(points, texts, strict=True):
        ET.SubElement(point, "title").text = text


_ALONE = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><style>'
    "text{font-family:system-ui,sans-serif;paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}"
    '</style><rect width="100%" height="100%" fill="#fff"/>'
)


def standalone(inline: Markup) -> str:
    """Return a picture of the page as an SVG file of its own, on white."""
    root, alone = ET.fromstring(inline), ET.fromstring(_ALONE + "</svg>")
    for element in root.iter():
        element.tag = f"{{http://www.w3.org/2000/svg}}{element.tag}"
    for child in list(alone)[::-1]:
        root.insert(0, child)
    root.attrib.pop("class")
    ET.register_namespace("", "http://www.w3.org/2000/svg")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
