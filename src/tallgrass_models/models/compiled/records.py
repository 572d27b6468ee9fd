"""Records that the compiled loops pass to each other."""

from __future__ import annotations

from typing import NamedTuple

from numpy import ndarray

#: Two numbers, for the left and the right group or about one thing.
Pair = tuple[float, float]


class Prior(NamedTuple):
    """The prior of beta (of its logarithm, if lognormal; mu unused if half-normal) and of alpha."""

    mu: float
    sigma: float
    alpha_sigma: float


class Kind(NamedTuple):
    """The prior of bills."""

    family: int
    """The family: 0 for a normal beta, 1 lognormal, 2 half-normal."""
    prior: Prior
    moments: Pair
    """Mean and standard deviation of log beta."""
    free: Prior
    """The prior of bills of free sign."""


class Bills(NamedTuple):
    """Some bills: their coordinates, what is known about them (`layout.BillNumbers`), and room for the results.

    Several numbers per bill are flat: the rows of the bills of the prior's family, then of those of free sign.
    """

    n_free: int
    """Number of bills of free sign, which come last."""
    z: ndarray
    """Two numbers for each bill."""
    info: ndarray
    bends: ndarray
    c: ndarray
    """Bent coordinates of positive bills."""
    w: ndarray
    a: ndarray


class BillBars(NamedTuple):
    """Derivatives with respect to numbers of some bills; those of w and a are given, the others are written."""

    w: ndarray
    a: ndarray
    z: ndarray
    info: ndarray


class Party(NamedTuple):
    """Members of a chamber, as two parties and free-standing members."""

    u: ndarray
    """Positions in the frame."""
    mu: Pair
    """Population means of the left and of the right group."""
    squares: Pair
    """Sums of squares of rho."""


class PartyBars(NamedTuple):
    """Derivatives with respect to numbers of a chamber's members."""

    u: ndarray
    """Derivatives through the votes; overwritten."""
    mu: Pair
    """Derivatives through the prior of mu."""
    frame: Pair
    """Derivatives with respect to s and log sep, through the bills."""


class Relation(NamedTuple):
    """Relation of the frame of a chamber to another one, called home."""

    ratio: float
    shift: float
    """Shift of `fast.shared_bills.relative_frame`."""
    v_l: float
    v_r: float
    """Means of the chamber's groups in the frame home: ``v_l`` left, ``v_r`` right."""
    sep_home: float
