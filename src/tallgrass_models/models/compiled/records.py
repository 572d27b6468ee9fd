"""What the compiled loops hand to each other."""

from __future__ import annotations

from typing import NamedTuple

from numpy import ndarray

#: Of the left and the right group, or of two numbers about one thing.
Pair = tuple[float, float]


class Prior(NamedTuple):
    """The prior of beta (of its logarithm, if lognormal; mu unused if half-normal) and of alpha."""

    mu: float
    sigma: float
    alpha_sigma: float


class Kind(NamedTuple):
    """The prior of bills."""

    family: int
    """0: beta normal, 1: lognormal, 2: half-normal."""
    prior: Prior
    moments: Pair
    """Mean and standard deviation of log beta."""
    free: Prior
    """Of bills of free sign."""


class Bills(NamedTuple):
    """Some bills: their coordinates, what is known about them (`layout.BillNumbers`), and room for what comes of it.

    Several numbers a bill are flat: the rows of the bills of the prior's family, then of those of free sign.
    """

    n_free: int
    """Bills of free sign, the last ones."""
    z: ndarray
    """Two numbers a bill."""
    info: ndarray
    bend: ndarray
    funnel: ndarray
    c: ndarray
    """Unbent coordinates."""
    w: ndarray
    a: ndarray


class BillBars(NamedTuple):
    """Derivatives with respect to numbers of some bills: those of w and a are given, the others are written."""

    w: ndarray
    a: ndarray
    z: ndarray
    info: ndarray


class Party(NamedTuple):
    """Members of a chamber, as two parties and those of neither."""

    u: ndarray
    """Positions in the frame."""
    mu: Pair
    """Population means of the left and of the right group."""
    squares: Pair
    """Sums of squares of rho."""


class PartyBars(NamedTuple):
    """Derivatives with respect to numbers of a chamber's members."""

    u: ndarray
    """By the votes; overwritten."""
    mu: Pair
    """By the prior of mu."""
    frame: Pair
    """Of s and log sep, by the bills."""


class Relation(NamedTuple):
    """How the frame of a chamber lies in another, called home."""

    ratio: float
    shift: float
    """Of `fast.shared_bills.relative_frame`."""
    v_l: float
    v_r: float
    """The chamber's group means in the frame home."""
    sep_home: float
