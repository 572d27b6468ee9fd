"""The one use of PyTensor's internals, and of numba's.

Nothing else in the package may use them. `tests/test_borrowed.py` is the first to notice when they go away.

- ``pytensor.link.numba.cache.CACHED_SRC_FUNCTIONS`` maps functions to the name under which numba keeps their machine
  code in PyTensor's folder. numba's own cache notices changes of a function's own file only, not of the files that it
  calls. So without the map every fit would have to compile anew.
- ``pytensor.link.numba.cache.NUMBA_CACHE_PATH`` is that folder.
- numba's ``FunctionCache`` is asked whether that code is there. Without it a process could not know before it compiles.
- ``pytensor.link.numba.dispatch.basic.register_funcify_default_op_cache_key`` tells PyTensor's numba mode how to
  compile an operation of our own. Without it that mode would come back to Python for every evaluation of the votes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core.caching import FunctionCache
from numba.core.registry import cpu_target
from numba.core.sigutils import normalize_signature
from numba.core.typing import signature as typed
from pytensor.link.numba.cache import CACHED_SRC_FUNCTIONS, NUMBA_CACHE_PATH
from pytensor.link.numba.dispatch.basic import register_funcify_default_op_cache_key

from .numba_internals import guard_kept_code

guard_kept_code()

#: Folder of all machine code that is kept.
KEPT_IN = Path(NUMBA_CACHE_PATH)

#: Decorator of a function ``(op, node, **kwargs) -> (compiled function, number that changes with its code)``.
compiled_by = register_funcify_default_op_cache_key


def is_kept(signature: Any, function: Callable[..., int], name: str) -> bool:
    """Tell whether `kept_c_function` would load machine code and not compile."""
    CACHED_SRC_FUNCTIONS[function] = name
    arguments, result = normalize_signature(signature)
    kept = FunctionCache(function).load_overload(typed(result, *arguments), cpu_target.target_context)
    return kept is not None


def kept_c_function(signature: Any, function: Callable[..., int], name: str) -> Any:
    """Compile to a C function, or load the machine code that an earlier process kept under ``name``.

    A change of the code, or of code that it calls, must change the name, since nothing else is compared.
    """
    CACHED_SRC_FUNCTIONS[function] = name
    return numba.cfunc(signature, cache=True, error_model="numpy")(function)
