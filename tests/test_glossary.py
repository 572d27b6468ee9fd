"""Words that the glossary avoids occur neither in the documents nor in the text of the pages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "tallgrass_models"
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "config/README.md", "config/experiments.yaml")),
    ROOT / "results/README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "workflow").rglob("*.rst")),
    *sorted((PACKAGE / "report/templates").glob("*.j2")),
]
MODULES = [
    *sorted((PACKAGE / "report/sections").glob("*.py")),
    *sorted((PACKAGE / "report").glob("*.py")),
    PACKAGE / "comparison/sentences.py",
    PACKAGE / "linking/findings.py",
    *sorted((PACKAGE / "cli").glob("*.py")),
]


def entries() -> Iterator[tuple[str, str, list[str]]]:
    """Word, meaning and avoided words of each row of the glossary."""
    for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| word |"):
            word, meaning, avoided = (cell.strip() for cell in line.strip("|").split("|"))
            yield word, meaning, [name.strip() for name in avoided.split(",") if name.strip() != "–"]


AVOIDED = [name for _, _, names in entries() for name in names]


def prose(path: Path) -> str:
    """The text of a document on one line, without code, or the strings of a module, without docstrings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        tree = ast.parse(text)
        docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, _DOCUMENTED)}
        strings = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        text = " ".join(v for v in strings if isinstance(v, str) and v not in docstrings and " " in v)  # no identifiers
    if path.name == "glossary.md":
        text = "\n".join(line.rpartition("|")[0].rpartition("|")[0] for line in text.splitlines())
    text = re.sub(r"```.*?```|^    .*?$", " ", text, flags=re.DOTALL | re.MULTILINE)
    return " ".join(re.sub(r"`[^`]*`|\]\([^)]*\)|<code>.*?</code>", " ", text).split())


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def found(text: str) -> list[str]:
    """The avoided words in a text."""
    return [name for name in AVOIDED if re.search(rf"\b{re.escape(name)}s?(?![\w-])", text, re.IGNORECASE)]


@pytest.mark.parametrize("path", [*DOCUMENTS, *MODULES], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_has_a_word_that_the_glossary_avoids(path: Path) -> None:
    assert found(prose(path)) == []


def test_the_test_sees_words_but_not_code(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("We drop a ballot; `ballot` is a column.\n\n    ballot = 1\n\nTwo\nsquashed bills.\n")
    assert found(prose(page)) == ["ballot", "squashed bill"]
    page.write_text("`ballot` is a column.\n\n    ballot = 1\n")
    assert found(prose(page)) == []
    module = tmp_path / "module.py"
    module.write_text('"""Of a ballot."""\nTEXT = f"a {1} lawmaker"\n')
    assert found(prose(module)) == ["lawmaker"]


def test_every_word_has_one_entry_that_says_what_it_means() -> None:
    words = [word for word, _, _ in entries()]
    assert len(words) == len(set(words)) > 50
    assert not set(words) & set(AVOIDED)
    assert [word for word, meaning, _ in entries() if not re.fullmatch(r"[A-Z].*\.", meaning)] == []
