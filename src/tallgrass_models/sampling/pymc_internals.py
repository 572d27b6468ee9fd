"""What is borrowed from inside PyMC; nothing else may. `tests/test_borrowed.py` tells first when it goes away.

``trace._stats`` has the statistics of a chain that is still being drawn; the public way, ``get_sampler_stats``, is for
traces that are closed. Without it, draws cannot be saved while PyMC samples, and an interrupted fit leaves none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def statistic_so_far(trace: Any, spellings: Sequence[str]) -> np.ndarray:
    """Return one statistic of a chain under the first of the names that it has, with a value for each draw to come."""
    found = trace._stats[0]
    return found[next(word for word in spellings if word in found)]
