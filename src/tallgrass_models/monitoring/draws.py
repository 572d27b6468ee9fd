"""Draws of a fit that is not finished, as a file beside its status: raw, and never under a posterior's name."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import UserError
from ..files.atomic import atomic
from ..files.digests import read_bytes

if TYPE_CHECKING:
    from ..sampling.watch import KeptDraws

DRAWS = "draws.npz"


def save_draws(path: Path, kept: KeptDraws, identity: Mapping[str, Any]) -> None:
    """Write draws, and what they belong to, whole or not at all; nothing where there is no draw."""
    if not kept.lengths.max(initial=0):
        return
    about = json.dumps({"identity": identity, "chain_seeds": kept.chain_seeds})
    arrays: dict[str, Any] = {f"draws/{k}": v for k, v in kept.draws.items()}
    arrays |= {f"stats/{k}": v for k, v in kept.stats.items()}
    with atomic(path) as temporary, temporary.open("wb") as file:
        np.savez(file, about=np.array(about), lengths=kept.lengths, **arrays)


def load_draws(path: Path) -> tuple[KeptDraws, dict[str, Any]]:
    """Inverse of `save_draws`.

    Raises
    ------
    UserError
        If the file is missing or damaged.
    """
    from ..sampling.watch import KeptDraws

    try:
        with io.BytesIO(read_bytes(path)) as content, np.load(content, allow_pickle=False) as file:
            arrays = dict(file)
        about = json.loads(str(arrays.pop("about")))
        lengths = arrays.pop("lengths")
        groups: dict[str, dict[str, np.ndarray]] = {"draws": {}, "stats": {}}
        for key, values in arrays.items():
            group, _, name = key.partition("/")
            groups[group][name] = values
        return KeptDraws(groups["draws"], groups["stats"], lengths, about["chain_seeds"]), about["identity"]
    except FileNotFoundError:
        raise UserError(f"{path}: no such file; no draws were saved") from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise UserError(f"{path}: not a readable file of draws ({error}); delete it") from None
