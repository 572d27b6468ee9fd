"""What the package imports it declares, in pyproject.toml and with a tested version in constraints.txt."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
#: Declared and used without an import, by the command snakemake.
NOT_IMPORTED = {"pygments"}
#: Imported only in a notebook, which has it loaded.
OF_NOTEBOOKS = {"IPython"}


def imported(tree: ast.Module) -> Iterator[str]:
    """Top-level modules that a file imports, late ones and those asked for by name among them."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name.partition(".")[0] for name in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(module)), *_]):
                yield module.partition(".")[0]


def normal(name: str) -> str:
    """A distribution's name in its normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed() -> dict[str, str]:
    """Distribution of each module that the package imports, and a file that does."""
    found = {name: path.name for path in SOURCES for name in imported(ast.parse(path.read_text(encoding="utf-8")))}
    known_of = sys.stdlib_module_names | OF_NOTEBOOKS
    others = {name: file for name, file in found.items() if name not in known_of}
    known = packages_distributions()
    return {normal(d): file for name, file in others.items() for d in known[name] if name != "tallgrass_models"}


def declared() -> set[str]:
    """Distributions that pyproject.toml asks for."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return {normal(re.match(r"[\w.-]+", line)[0]) for line in wanted}


def test_every_import_is_declared_and_every_declared_one_is_used():
    missing = {name: file for name, file in needed().items() if name not in declared()}
    assert missing == {}, "imported and not declared in pyproject.toml"
    assert declared() - set(needed()) == NOT_IMPORTED


def test_every_declared_one_has_a_tested_version():
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {normal(line.partition("==")[0]) for line in pins if "==" in line}
    assert declared() <= pinned


def test_late_imports_and_imports_by_name_are_seen():
    text = "def f():\n  from scipy.special import ndtri\n  import os.path\n  importlib.import_module('numba.core')\n"
    assert list(imported(ast.parse(text))) == ["scipy", "os", "numba"]
    assert list(imported(ast.parse("from . import shown"))) == []


def test_the_architecture_names_every_room():
    text = (ROOT / "docs" / "architecture.md").read_text()
    package = ROOT / "src" / "tallgrass_models"
    rooms = {path.parent.name for path in package.glob("*/__init__.py")}
    named = set(re.findall(r"^\| `([a-z_]+)/` \|", text, re.MULTILINE))
    assert rooms == named
    assert {path.stem for path in package.glob("*.py")} == {"__init__", "errors"}


def module_imports() -> dict[str, set[str]]:
    """Modules of the package that each one imports, also late or for types alone."""
    root = Path(__file__).parents[1] / "src"
    names = {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in root.rglob("*.py")
    }
    found: dict[str, set[str]] = {}
    for name, path in names.items():
        package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
        found[name] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                start = package[: len(package) - node.level + 1] if node.level else []
                module = ".".join([*start, *([node.module] if node.module else [])])
                asked = {f"{module}.{alias.name}" for alias in node.names}
                found[name] |= {one for one in asked if one in names} or ({module} & names.keys())
        found[name].discard(name)
    return found


def test_no_modules_import_each_other_in_a_circle():
    """Not even for types: `TopologicalSorter` names the circle."""
    found = module_imports()
    assert found["tallgrass_models.report.page.plots"] >= {"tallgrass_models.report.page.svg"}
    TopologicalSorter(found).prepare()


def test_a_circle_would_be_found():
    circle = {**module_imports(), "tallgrass_models.errors": {"tallgrass_models.steps.runner"}}
    with pytest.raises(CycleError):
        TopologicalSorter(circle).prepare()


def test_one_version_everywhere():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()


def test_the_image_is_built_from_files_that_are_there():
    """What the Dockerfile copies by name exists, and its Python is one that the package allows."""
    text = (ROOT / "Dockerfile").read_text()
    assert all((ROOT / name).exists() for name in re.findall(r"^COPY ([\w.]+) ", text, re.M) if name != ".")
    assert set(re.findall(r"^FROM python:(\S+)-slim", text, re.M)) == {(ROOT / ".python-version").read_text().strip()}
