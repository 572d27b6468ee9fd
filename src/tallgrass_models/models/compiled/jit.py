"""Compilation of loops to machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numba
from numba.extending import intrinsic

from .numba_internals import guard_kept_code

guard_kept_code()

# LLVM's permissions to reorder sums, to fuse multiply and add, and to ignore the sign of zero. The permission to assume
# that no number is infinite or NaN is not among them, since a sampler's rejected steps produce such numbers.
_FLAGS = ("contract", "reassoc", "arcp", "nsz")


def jit[F: Callable[..., Any]](function: F, flags: tuple[str, ...] = _FLAGS, cache: bool = False) -> F:
    """Compile with numba, for threads that run without the GIL.

    With ``cache``, machine code is kept next to the package, or in the user's cache folder if the former cannot be
    written. If neither can be written, it is not kept. numba notices changes of the function's own file only, so
    ``cache`` is for functions that call none of another file. Division follows IEEE, since a check for zero would end
    vectorisation.
    """
    options: dict[str, Any] = {"fastmath": set(flags), "error_model": "numpy", "nogil": True}
    if cache:
        try:
            return cast(F, numba.njit(function, cache=True, **options))
        except RuntimeError:  # numba found no folder to write to
            pass
    # called by compiled code alone, so skip the Python and C wrappers
    return cast(F, numba.njit(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, **options))


def part[F: Callable[..., Any]](function: F) -> F:
    """Compile a large function only within the one function that calls it, not by itself first and then again.

    Options are those of the caller.
    """
    return cast(F, numba.njit(function, inline="always"))


@intrinsic  # type: ignore[untyped-decorator]
def kept_whole(typingctx: Any) -> Any:
    """Keep LLVM from inlining the function that calls this into its callers.

    After inlining, LLVM may reorder sums in another way, so that a change of a caller changes the last digits of draws.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return numba.types.none(), codegen
