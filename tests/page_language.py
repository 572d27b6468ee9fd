"""What no page may say: a scan of its visible text for faults of language."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    ["p", "li", "figcaption", "caption", "summary", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "text", "title"]
)
_SILENT = frozenset({"script", "style", "code", "pre"})
_VOID = frozenset({"meta", "link", "br", "img", "hr", "input"})
_NOUNS = (
    "members|people|roll calls|votes|bills|shared bills|chains|draws|pairs of members|senators|features|others|seats|"
    "fits|experiments|notes|estimates|ranks|cutting points|parameters|variants|minutes|places|persons|tallies"
)
_ALONE = r"(?<![\w.,–−:+/-])"  # nothing that makes the number part of a larger one
FAULTS = {
    "hyphen for a minus sign": re.compile(r"(?<![\w.–−/\-)])-\d"),
    "one of many": re.compile(rf"{_ALONE}1[ \u00a0](?:{_NOUNS})\b"),
    "one are": re.compile(rf"{_ALONE}1 [a-z]+(?: [a-z]+)? (?:are|have|were|stand|lie|move)\b"),
    "many of one": re.compile(r"(?<![\w.,])(?:0|[2-9]|\d{2,}) (?:member|roll call|vote|bill|chain|seat)(?= |\.|,|$)"),
    "double space": re.compile(r"\S {2,}\S"),
    "no value": re.compile(r"(?<!\w)(?:None|nan|NaN|inf|-inf|null)(?!\w)"),
    "markup": re.compile(r"</?(?:b|i|bdi|strong|small|a|span|code|em|br)\b|&(?:lt|gt|amp|quot|#\d+);"),
    "plural in brackets": re.compile(r"\(s\)"),
    "space before a full stop": re.compile(r"\w [.,;:](?: |$)"),
    "two full stops": re.compile(r"\.\.|\.;|:\.|,\.|: :"),
    "probability of nothing": re.compile(r"probability (?:\w+ )*?(?:0\.00|1\.00)(?!\d)"),
    "name of a variable": re.compile(r"(?<![\w(`/.])[a-z]+_[a-z_]+(?![\w.(/])"),
}


class _Text(HTMLParser):
    """The text of each block of a page, without code and scripts, as it stands in the file."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self.silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        if tag in _BLOCKS:
            self.blocks.append("")
        self.blocks += [value for name, value in attrs if name in ("aria-label", "alt") and value] + [""]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in _SILENT
        if tag in _BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.blocks[-1] += data


def blocks(html: str) -> list[str]:
    """Each piece of visible text, with line breaks of the file as spaces."""
    return [text for block in _Text(html).blocks if (text := re.sub(r" *\n *", " ", block).strip())]


def faults(html: str, names: tuple[str, ...] = ()) -> list[str]:
    """List each fault with the text around it; ``names`` of experiments may look like those of variables."""
    out = []
    for text in blocks(html):
        for fault, pattern in FAULTS.items():
            for found in pattern.finditer(text):
                if found[0] not in names:
                    out.append(f"{fault}: …{text[max(0, found.start() - 60) : found.end() + 40]}…")
    return list(dict.fromkeys(out))
