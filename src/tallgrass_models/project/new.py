"""A new project: which files it has, and writing them without touching any that are there."""

from __future__ import annotations

import re
from pathlib import Path

from ..config.schema import FILE
from ..errors import UserError
from ..files.atomic import write_text
from .packaged import packaged

_TEMPLATE = Path(__file__).with_name("template")
#: Files that a folder often has already; those are left as they are.
_KEPT = ("README.md", ".gitignore")
EXPERIMENTS = "config/experiments.yaml"
_SCHEMA = f"config/{FILE}"
_DOCUMENTS = ("config/README.md", "docs/data-formats.md")
_PROFILES = ("workflow/profiles/default/config.yaml", "workflow/profiles/slurm/config.yaml")


def project_files(experiments: str, main: str, version: str) -> dict[str, str]:
    """Return the texts of a project's files by name.

    Parameters
    ----------
    experiments
        Text of the experiments file.
    main
        Experiment that its README runs.
    version
        Version of the package, which its README names.
    """
    documents = {name: packaged(name).read_text(encoding="utf-8") for name in _DOCUMENTS}
    return {
        EXPERIMENTS: experiments,
        _SCHEMA: packaged(_SCHEMA).read_text(encoding="utf-8"),
        **{name: _without_dead_links(text, documents) for name, text in documents.items()},
        "workflow/Snakefile": _template("Snakefile"),
        **{name: packaged(name).read_text(encoding="utf-8") for name in _PROFILES},
        "README.md": _template("README.md").replace("{version}", version).replace("{main}", main),
        ".gitignore": _template("gitignore"),
    }


def example() -> str:
    """Return the text of the experiments file on the simulated session."""
    return packaged(EXPERIMENTS).read_text(encoding="utf-8")


def write_project(folder: Path, files: dict[str, str]) -> tuple[list[str], list[str]]:
    """Write the files of a project into a folder, which is made if need be.

    Returns
    -------
    written, kept : list of str
        Names of the files that were written, and of a README and the like that were there and stay as they are.

    Raises
    ------
    UserError
        If any other file is there already, naming each; nothing is written then. Or if a file cannot be written.
    """
    there = [name for name in files if (folder / name).exists()]
    if refused := [name for name in there if name not in _KEPT]:
        lines = [f"{folder / name}: is there already, and init overwrites nothing" for name in refused]
        raise UserError("\n".join([*lines, "name another folder: tallgrass-models init FOLDER"]))
    written = [name for name in files if name not in there]
    for name in written:
        write_text(folder / name, files[name])
    return written, there


def _template(name: str) -> str:
    return (_TEMPLATE / name).read_text(encoding="utf-8")


def _without_dead_links(text: str, documents: dict[str, str]) -> str:
    """Keep the words of links to pages that a project does not have."""

    def kept(match: re.Match[str]) -> str:
        words, target = match.groups()
        there = target.startswith(("http", "#")) or target.removeprefix("../").partition("#")[0] in documents
        return match[0] if there else words

    return re.sub(r"\[([^]]*)\]\(([^)]*)\)", kept, text)
