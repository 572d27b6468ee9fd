"""What is borrowed from inside PyTensor; nothing else may. `tests/test_borrowed.py` tells first when it goes away.

- ``pytensor.link.numba.cache.CACHED_SRC_FUNCTIONS`` maps functions to the name under which numba keeps their machine
  code in PyTensor's folder. numba's own cache notices changes of a function's own file only, not of the files that it
  calls; so without the map every fit would have to compile anew.
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
    """Compile to a C function, or load the machine code of an earlier process that was kept under ``name``.

    Whoever changes the code, or code that it calls, changes the name: nothing else is looked at.
    """
    CACHED_SRC_FUNCTIONS[function] = name
    return numba.cfunc(signature, cache=True, error_model="numpy")(function)
