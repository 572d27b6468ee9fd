"""The one use of PyTensor's internals.

Nothing else in the package may use them. `tests/test_borrowed.py` is the first to notice when they go away.

- ``pytensor.link.numba.cache.CACHED_SRC_FUNCTIONS`` maps functions to the name under which numba keeps their machine
  code in PyTensor's folder. numba's own cache notices changes of a function's own file only, not of the files that it
  calls. So without the map every fit would have to compile anew.
- ``pytensor.link.numba.dispatch.basic.register_funcify_default_op_cache_key`` tells PyTensor's numba mode how to
  compile an operation of our own. Without it that mode would come back to Python for every evaluation of the votes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from pytensor.link.numba.cache import CACHED_SRC_FUNCTIONS
from pytensor.link.numba.dispatch.basic import register_funcify_default_op_cache_key

#: Decorator of a function ``(op, node, **kwargs) -> (compiled function, number that changes with its code)``.
compiled_by = register_funcify_default_op_cache_key


def kept_c_function(signature: Any, function: Callable[..., int], name: str) -> Any:
    """Compile to a C function, or load the machine code that an earlier process kept under ``name``.

    A change of the code, or of code that it calls, must change the name, since nothing else is compared.
    """
    CACHED_SRC_FUNCTIONS[function] = name
    return numba.cfunc(signature, cache=True, error_model="numpy")(function)
