"""Where the workflow and the example configuration are that come with the package.

This module needs only the standard library, so that the Snakefile of a project can import it.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
#: In a wheel they lie beside this module; in a checkout where Snakemake looks for them.
_PACKAGED, _CHECKOUT = _HERE / "packaged", _HERE.parents[2]


def packaged(name: str) -> Path:
    """Return the path of a file or folder that comes with the package, such as ``workflow/Snakefile``."""
    return (_PACKAGED if _PACKAGED.is_dir() else _CHECKOUT) / name


def snakefile() -> str:
    """Return the path of the workflow, for ``include:`` and ``module`` in a Snakefile."""
    return str(packaged("workflow/Snakefile"))
