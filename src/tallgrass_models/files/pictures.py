"""What a picture says of itself, for `snakemake --report`."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET


def title_of(path: str | Path) -> str:
    """Return the title of an SVG file, or its name where it has none or cannot be read.

    Braces become parentheses, since Snakemake takes them for wildcards.
    """
    path = Path(path)
    try:
        title = ET.parse(path).getroot().findtext("{http://www.w3.org/2000/svg}title")
    except (OSError, ET.ParseError):
        title = None
    return (title or path.stem).replace("{", "(").replace("}", ")")
