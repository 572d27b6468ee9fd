"""What matplotlib writes as SVG, made small and inert: no styles or ids that collide, equal neighbours joined."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

#: Texts of the markers of a picture, by the gid of their artist, in the order drawn.
Tips = Mapping[str, Sequence[str]]

_NUMBER = re.compile(r"-?\d+\.\d+|-?\d+")
_DROPPED = ("metadata", "style", "clipPath")
_KEPT_TEXT = ("text", "title", "desc")
# Styles that say what is so anyway.
_DEFAULTS = {"fill-opacity": "1", "stroke-opacity": "1", "font-weight": "normal", "stroke-linecap": "butt"}


def tidy(svg: bytes, identifier: str, tips: Tips) -> ET.Element:
    """Return the picture's ``<svg>`` element; groups of class ``markers`` hold the markers that have texts.

    Raises
    ------
    AssertionError
        If a group has another number of markers than of texts.
    """
    root = ET.fromstring(svg)
    _bare(root, set(tips), identifier)
    for gid, texts in tips.items():
        _mark(root, gid, texts)
    _numbers(root)
    _join(root)
    return root


def _bare(root: ET.Element, gids: set[str], identifier: str) -> None:
    """Leave only what is drawn: plain tags, styles as matplotlib wrote them, ids that something refers to."""
    for parent in root.iter():
        for child in list(parent):
            if _plain(child.tag) in _DROPPED or _unseen(child):
                parent.remove(child)
    used: dict[str, str] = {}
    for element in root.iter():
        for key, value in element.attrib.items():
            if _plain(key) == "href":
                used.setdefault(value[1:], f"{identifier}-{len(used)}")
    for element in root.iter():
        element.tag = _plain(element.tag)
        found = {_plain(key): value for key, value in element.attrib.items()}
        found.pop("clip-path", None)  # the axes hold all that is drawn in them
        name = found.pop("id", None)
        if name in used:
            found["id"] = used[name]
        elif name in gids:
            found["gid"] = name
        if "href" in found:
            found["href"] = f"#{used[found['href'][1:]]}"
        if found.get("transform", "").startswith("rotate(-0 "):
            del found["transform"]
        element.attrib = found
        element.text = element.text if element.tag in _KEPT_TEXT else None
        element.tail = None


def _plain(name: str) -> str:
    """Return a name without its XML namespace, as HTML wants it."""
    return name.rpartition("}")[2]


def _unseen(element: ET.Element) -> bool:
    """Tell a path without fill and line, such as the ground of transparent axes."""
    style = _style(element)
    return _plain(element.tag) == "path" and style.get("fill") == "none" and "stroke" not in style


def _style(element: ET.Element) -> dict[str, str]:
    found = _pairs(element.get("style", ""))
    found.pop("font-family", None)  # the page's own
    return {key: value for key, value in found.items() if _DEFAULTS.get(key) != value}


def _pairs(style: str) -> dict[str, str]:
    pairs = (pair.split(":", 1) for pair in style.split(";") if ":" in pair)
    return {key.strip(): value.strip() for key, value in pairs}


def _joined(style: Mapping[str, str]) -> str:
    return ";".join(f"{key}:{value}" for key, value in style.items())


def _numbers(root: ET.Element) -> None:
    """Write coordinates with one digit, and two in the shapes of markers."""
    shapes = {id(path) for defs in root.iter("defs") for path in defs.iter()}
    for element in root.iter():
        for key, value in element.attrib.items():
            if key in ("d", "x", "y", "transform"):
                element.set(key, _short(value, 2 if id(element) in shapes else 1))
        if "d" in element.attrib:
            element.set("d", _path(element.attrib["d"]))
        if "style" in element.attrib:
            element.set("style", _joined(_style(element)))


def _short(text: str, digits: int) -> str:
    return _NUMBER.sub(lambda m: number(float(m[0]), digits), " ".join(text.split()))


def number(value: float, digits: int = 1) -> str:
    """Write a number as short as SVG allows."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _path(d: str) -> str:
    """Leave out what SVG understands without: spaces around letters, and the L of lines."""
    d = re.sub(r"\s*([A-Za-z])\s*", r"\1", d)
    return d.replace("L", " ") if set(re.findall("[A-Za-z]", d)) <= set("MLz") else d


def _join(parent: ET.Element) -> None:
    """Unpack groups that say nothing, join lines that look alike, and let neighbours share a style."""
    parent[:] = _shared(_lines([e for child in parent for e in _unpacked(child)]))
    for child in parent:
        _join(child)


def _unpacked(element: ET.Element) -> list[ET.Element]:
    if element.tag in ("g", "defs") and not element.attrib:
        inner = [e for child in element for e in _unpacked(child)]
        if element.tag == "g":
            return inner
        return [element] if inner else []
    return [element]


def _neighbours(elements: list[ET.Element], alike: Callable[[ET.Element], object]) -> list[list[ET.Element]]:
    return [list(run) for _, run in groupby(elements, alike)]


def _lines(elements: list[ET.Element]) -> list[ET.Element]:
    """Make one path of neighbouring lines that have the same style."""

    def alike(e: ET.Element) -> object:
        simple = e.tag == "path" and set(e.attrib) == {"d", "style"} and _style(e).get("fill") == "none"
        return e.get("style") if simple else id(e)

    runs = _neighbours(elements, alike)
    for run in runs:
        if len(run) > 1:
            run[0].set("d", "".join(e.get("d", "") for e in run))
    return [run[0] for run in runs]


def _shared(elements: list[ET.Element]) -> list[ET.Element]:
    """Put neighbours of one tag and style into a group that has the style."""
    out: list[ET.Element] = []
    for run in _neighbours(elements, lambda e: (e.tag, e.get("style") or id(e))):
        if len(run) == 1:
            out += run
            continue
        group = ET.Element("g", {"style": run[0].attrib["style"]})
        for element in run:
            del element.attrib["style"]
        group[:] = run
        out.append(group)
    return out


def _mark(root: ET.Element, gid: str, texts: Sequence[str]) -> None:
    """Give the markers of an artist their texts."""
    group = next((g for g in root.iter("g") if g.get("gid") == gid), None)
    points = [] if group is None else list(group.iter("use"))
    if group is None or len(points) != len(texts):
        raise AssertionError(f"{gid}: {len(points)} points drawn for {len(texts)} texts")
    group.attrib = {"class": "markers"}
    for point, text in zip(points, texts, strict=True):
        ET.SubElement(point, "title").text = " ".join(text.split())


def inlined(root: ET.Element, texts: bool) -> None:
    """Draw markers out, so that the picture in the page has no ids: one path of those that have texts, by group.

    With ``texts`` a ``<desc>`` beside that path holds them, a line for each. A page of thousands of roll calls has few
    elements so. ``scripts/figures.js`` reads both back: each marker begins with ``M`` and the place of its centre.
    """
    shapes = {e.attrib["id"]: e for e in root.iter("path") if "id" in e.attrib}
    for group in [g for g in root.iter("g") if g.get("class") == "markers"]:
        uses = list(group.iter("use"))
        around = [_pairs(g.get("style", "")) for g in group.iter("g")]
        path = _drawn_out(uses, shapes, {key: value for style in around for key, value in style.items()})
        group[:] = [path]
        if texts:
            ET.SubElement(group, "desc").text = "\n".join(use[0].text or "" for use in uses)
    for parent in list(root.iter()):
        parent[:] = [_drawn_out([e], shapes, {}) if e.tag == "use" else e for e in parent if e.tag != "defs"]


def _drawn_out(uses: Sequence[ET.Element], shapes: Mapping[str, ET.Element], style: Mapping[str, str]) -> ET.Element:
    """Return one path of markers of the same shape and style."""
    shape = shapes[uses[0].attrib["href"][1:]]
    outline = _outline(shape.attrib["d"])
    own = {**style, **_pairs(uses[0].get("style", "")), **_pairs(shape.get("style", ""))}
    d = "".join(f"M{use.get('x')} {use.get('y')}{outline}" for use in uses)
    return ET.Element("path", {"d": d, "style": _joined(own)})


def _outline(d: str) -> str:
    """Return the shape of a marker as a path that goes on from its centre."""
    at = [float(n) for n in _NUMBER.findall(d)]
    if "C" in d:  # circles are the only round ones
        r = number(abs(at[1]) or abs(at[0]))
        return f"m-{r} 0a{r} {r} 0 1 0 0-.1z"
    steps = [(at[0], at[1])] + [(at[k] - at[k - 2], at[k + 1] - at[k - 1]) for k in range(2, len(at) - 1, 2)]
    first, *rest = (f"{number(x)} {number(y)}" for x, y in steps)
    return f"m{first}l{' '.join(rest)}z"
