"""Maps of shared bills from the frame of one chamber to that of the other (see `frames`)."""

from __future__ import annotations

from dataclasses import fields
from types import ModuleType

import numpy as np

from .frames import Array, Frame
from .logits import BillInfo
from .slopes import LogSlopeInfo


def relative_frame(frame: Frame, home: Frame) -> tuple[Array, Array]:
    """Find ratio and shift that take a bill's (w, a) from the frame ``home`` to another frame.

    ``w' = ratio * w`` and ``a' = a + shift * w``.

    From ``beta = w / home.sep`` and ``alpha = a + beta * home.s``: ``ratio = frame.sep / home.sep`` and
    ``shift = (home.s - frame.s) / home.sep``.
    """
    return frame.sep / home.sep, (home.s - frame.s) / home.sep


def carried_bill_info(info: BillInfo, frame: Frame, home: Frame) -> BillInfo:
    """Carry what another chamber's votes say about bills, in its ``frame``, to logits in the frame ``home``.

    The logit at xi is linear between the means of home: at ``v = (xi - home.s) / home.sep`` it is ``(1/2 - v) e_left +
    (1/2 + v) e_right``. Taken at the two means of ``frame``, that is ``e' = T e`` with a 2 x 2 matrix T, so the
    approximation is carried over as ``T'GT`` and ``T'b``.
    """
    v_l = ((frame.left - home.s) / home.sep)[..., None]
    v_r = ((frame.right - home.s) / home.sep)[..., None]
    t_ll, t_lr, t_rl, t_rr = 0.5 - v_l, 0.5 + v_l, 0.5 - v_r, 0.5 + v_r
    return BillInfo(
        g_ll=info.g_ll * t_ll**2 + 2 * info.g_lr * t_ll * t_rl + info.g_rr * t_rl**2,
        g_lr=info.g_ll * t_ll * t_lr + info.g_lr * (t_ll * t_rr + t_lr * t_rl) + info.g_rr * t_rl * t_rr,
        g_rr=info.g_ll * t_lr**2 + 2 * info.g_lr * t_lr * t_rr + info.g_rr * t_rr**2,
        b_l=info.b_l * t_ll + info.b_r * t_rl,
        b_r=info.b_l * t_lr + info.b_r * t_rr,
    )


def carried_slope_info(info: LogSlopeInfo, frame: Frame, home: Frame, xp: ModuleType = np) -> LogSlopeInfo:
    """Carry a `LogSlopeInfo` to the frame ``home`` by `relative_frame`.

    ``log w' = log w + log ratio`` and ``a' = a + shift * w``.
    """
    ratio, shift = (x[..., None] for x in relative_frame(frame, home))
    return LogSlopeInfo(
        g_aa=info.g_aa,
        g_aw=ratio * info.g_aw + shift * info.g_aa,
        b_a=info.b_a,
        precision=info.precision,
        pull=info.pull - info.precision * xp.log(ratio),
    )


def shared_info(
    by_home: BillInfo | LogSlopeInfo,
    by_other: BillInfo | LogSlopeInfo,
    frame: Frame,
    home: Frame,
    xp: ModuleType = np,
) -> BillInfo | LogSlopeInfo:
    """Add up what the votes of both chambers say about shared bills, in the frame ``home``.

    ``by_other`` is in the other chamber's ``frame``. Log densities add, hence so do all fields of their approximations.
    """
    if isinstance(by_other, BillInfo):
        carried: BillInfo | LogSlopeInfo = carried_bill_info(by_other, frame, home)
    else:
        carried = carried_slope_info(by_other, frame, home, xp)
    return type(by_home)(*(getattr(by_home, f.name) + getattr(carried, f.name) for f in fields(by_home)))


def carried_back(info: BillInfo | LogSlopeInfo, frame: Frame, home: Frame) -> BillInfo | LogSlopeInfo:
    """Find what `shared_info` carries from ``frame`` to ``info`` in ``home``, by exchanging the frames."""
    return carried_bill_info(info, home, frame) if isinstance(info, BillInfo) else carried_slope_info(info, home, frame)
