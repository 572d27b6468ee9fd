"""Hooks of MkDocs: pages from elsewhere in the repository join the site, and links between files become links in it."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
#: Files of the repository that are pages, by their name in the site.
ELSEWHERE = {
    "index.md": "README.md",
    "configuration.md": "config/README.md",
    "results.md": "results/README.md",
    "contributing.md": "CONTRIBUTING.md",
    "changes.md": "CHANGELOG.md",
}
_PLACES = {path: name for name, path in ELSEWHERE.items()}
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!https?:|#|mailto:)([^)#]+)(#[^)]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that live elsewhere."""
    for name, path in ELSEWHERE.items():
        files.append(File.generated(config, name, content=(ROOT / path).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links between files of the repository into links of the site; a file that is no page stays as a word."""
    home = posixpath.dirname(ELSEWHERE.get(page.file.src_uri, f"docs/{page.file.src_uri}"))

    def linked(match: re.Match[str]) -> str:
        text, target, anchor = match.group(1), match.group(2), match.group(3) or ""
        path = posixpath.normpath(posixpath.join(home, target))
        if not (ROOT / path).exists() and not files.get_file_from_path(path.removeprefix("docs/")):
            raise ValueError(f"{page.file.src_uri}: link to {target}, which does not exist")
        name = _PLACES.get(path) or (path.removeprefix("docs/") if path.startswith("docs/") else "")
        return f"[{text}]({name}{anchor})" if name.endswith(".md") else text

    return _LINK.sub(linked, markdown).replace("](docs/report.png)", "](report.png)")
