"""The population means of `fast.frames` with their derivatives (see `densities`)."""

from __future__ import annotations

import math

from .jit import jit
from .records import Pair


@jit
def means_forward(
    middle: float, gap: float, s: float, sep: float, variances: Pair, crossed: bool
) -> tuple[float, float, float]:
    """Compute `fast.frames.population_means`: return mu_left, mu_right, log Jacobian."""
    v_l, v_r = variances
    v = v_l + v_r
    scale = math.sqrt(v_l * v_r / v)
    exponent = gap if crossed else gap * math.sqrt(v) / sep
    excess = -math.sqrt(v) * math.exp(exponent) - sep if crossed else sep * math.expm1(exponent)
    mu_left = s - sep / 2 + scale * middle - v_l / v * excess
    mu_right = s + sep / 2 + scale * middle + v_r / v * excess
    return mu_left, mu_right, 0.5 * math.log(v_l * v_r) + exponent


@jit
def means_backward(
    middle: float, gap: float, sep: float, variances: Pair, crossed: bool, d_bar: Pair
) -> tuple[float, float, float, float, float]:
    """Differentiate `means_forward`, given derivatives by ``d = mu - sample mean``; the log Jacobian is included.

    Returns the derivatives with respect to middle, gap, log sep, log v_l and log v_r. The sample means are left to the
    caller.
    """
    (v_l, v_r), (d_l_bar, d_r_bar) = variances, d_bar
    v = v_l + v_r
    f_l, f_r = v_l / v, v_r / v
    scale = math.sqrt(v_l * f_r)
    exponent = gap if crossed else gap * math.sqrt(v) / sep
    # excess = difference - sep, where difference = sep * exp(exponent), or -sqrt(v) * exp(exponent) if crossed
    difference = -math.sqrt(v) * math.exp(exponent) if crossed else sep * math.exp(exponent)
    excess = difference - sep
    # d_l = scale * middle - f_l * excess,  d_r = scale * middle + f_r * excess
    scale_bar, excess_bar = middle * (d_l_bar + d_r_bar), f_r * d_r_bar - f_l * d_l_bar
    exponent_bar = 1.0 + excess_bar * difference
    if crossed:
        gap_bar, log_sep_bar, log_v_bar = exponent_bar, -sep * excess_bar, 0.5 * difference * excess_bar
    else:
        gap_bar = exponent_bar * math.sqrt(v) / sep
        log_sep_bar, log_v_bar = excess_bar * excess - exponent_bar * exponent, 0.5 * exponent_bar * exponent
    # d f_l / d log v_l = f_l f_r = -d f_l / d log v_r, and the opposite for f_r; d log v / d log v_l = f_l
    f_term = -f_l * f_r * excess * (d_l_bar + d_r_bar)
    log_v_l_bar = 0.5 * scale * scale_bar * f_r + f_term + log_v_bar * f_l + 0.5
    log_v_r_bar = 0.5 * scale * scale_bar * f_l - f_term + log_v_bar * f_r + 0.5
    return scale * (d_l_bar + d_r_bar), gap_bar, log_sep_bar, log_v_l_bar, log_v_r_bar
