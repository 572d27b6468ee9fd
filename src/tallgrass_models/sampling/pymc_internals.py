"""The one use of PyMC's internals.

Nothing else in the package may use them. `tests/test_borrowed.py` is the first to notice when they go away.

``trace._stats`` has the statistics of a chain that is still being drawn; the public way, ``get_sampler_stats``, is for
traces that are closed. Without it, draws cannot be saved while PyMC samples, and an interrupted fit leaves none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def statistic_so_far(trace: Any, spellings: Sequence[str]) -> np.ndarray:
    """Return one statistic of a chain, with a value for each draw planned.

    ``spellings`` are names of the statistic; the first that the chain has is taken.
    """
    found = trace._stats[0]
    return found[next(word for word in spellings if word in found)]
