"""The step from the replicates of a known-truth lab to its findings."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UserError
from ..files.json import read_json, write_json

if TYPE_CHECKING:
    from ..calibration.pooled import Findings

log = logging.getLogger(__name__)


def lab_pool(spec: Mapping[str, Any], replicates: Sequence[Path], out: Path) -> Findings:
    """Put replicates together and write what they come to.

    Parameters
    ----------
    spec
        ``unit``, ``origin``, and ``hashes``: that of the spec of each replicate.
    replicates
        Their files, in that order.

    Raises
    ------
    UserError
        If a file is missing, damaged, or of other settings.
    """
    from ..calibration.pooled import pooled

    read = []
    for path, expected in zip(replicates, spec["hashes"], strict=True):
        found = read_json(path)
        if found.get("spec_hash") != expected:
            raise UserError(f"{path}: made with other settings or other code; delete it and run the lab again")
        read.append(found)
    content = pooled(spec["unit"], spec["origin"], read)
    for line in content["text"]:
        log.info("%s", line)
    write_json(out, content)
    return content
