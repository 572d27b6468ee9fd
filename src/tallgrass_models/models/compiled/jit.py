"""Compilation of loops to machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numba
from numba.extending import intrinsic

# LLVM's permissions to reorder sums, to fuse multiply and add, and to ignore the sign of zero. Not among them: taking
# for granted that no number is infinite or NaN, which a sampler's rejected steps produce.
_FLAGS = ("contract", "reassoc", "arcp", "nsz")


def jit[F: Callable[..., Any]](function: F, flags: tuple[str, ...] = _FLAGS, cache: bool = False) -> F:
    """Compile with numba, for threads that run without Python's lock.

    With ``cache``, machine code is kept beside the package, or in the user's cache folder where that cannot be written,
    or not at all where neither can. numba notices changes of the function's own file only: for functions that call none
    of another file. Division follows IEEE, since a check for zero would end vectorisation.
    """
    options: dict[str, Any] = {"fastmath": set(flags), "error_model": "numpy", "nogil": True}
    if cache:
        try:
            return cast(F, numba.njit(function, cache=True, **options))
        except RuntimeError:  # numba found no folder to write to
            pass
    # called by compiled code alone: no ways in from Python or C to be compiled as well
    return cast(F, numba.njit(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, **options))


def part[F: Callable[..., Any]](function: F) -> F:
    """For a large function that one other calls: compiled where it is called, not by itself first and then again.

    Options are those of the caller.
    """
    return cast(F, numba.njit(function, inline="always"))


@intrinsic  # type: ignore[untyped-decorator]
def kept_whole(typingctx: Any) -> Any:
    """To be called in a function that LLVM is not to put into its callers.

    There it may reorder sums in another way, so that a change of a caller changes the last digits of draws.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return numba.types.none(), codegen
