"""Layout of the numbers of a fast model in the flat arrays that its compiled density takes.

It is declared here alone.

`fast.packing` writes ``sizes``, ``numbers`` and ``signs`` in the order of the fields of these records. The densities
read them through `chamber_data` and `joint_data`, and know no offsets.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy import ndarray

from .jit import jit
from .records import Kind, Prior


class ChamberSizes(NamedTuple):
    """Whole numbers of a chamber; in a joint model, its bills are those that it does not share."""

    n_members: int
    n_left: int
    n_right: int
    crossed: bool
    n_bills: int
    n_free: int
    """Number of bills of free sign, which come last."""


class JointSizes(NamedTuple):
    """Whole numbers of a joint model."""

    house: ChamberSizes
    senate: ChamberSizes
    n_shared: int
    n_free: int
    """Number of shared bills of free sign, which come last."""


class MemberNumbers(NamedTuple):
    """Information from the votes about members: the left group, then the right one, then independents."""

    precision: ndarray
    pull: ndarray
    scales: ndarray
    """Prior scales of ``sigma_within`` of the two groups; they have no meaning for the flat model."""


#: Rows of numbers for the bends of a bill.
N_BENDS = 6


class BillNumbers(NamedTuple):
    """Information from the votes about bills, in flat arrays.

    Each array is row after row, first for the bills of the prior's family, then for those of free sign.
    """

    info: ndarray
    """Five rows, the fields of `fast.logits.BillInfo` or `fast.slopes.LogSlopeInfo`."""
    bends: ndarray
    """`N_BENDS` rows, the fields of `fast.logits.Knees`, or those of `fast.slopes.Funnel` and zeros."""


class PriorNumbers(NamedTuple):
    """Parameters of the priors of beta, of alpha, and of a beta of free sign; the moments are those of log beta."""

    mu: float
    sigma: float
    alpha_sigma: float
    log_mean: float
    log_sd: float
    free_sigma: float


class ChamberData(NamedTuple):
    """All arguments of a chamber's density; in a joint model, its bills are those that it does not share."""

    sizes: ChamberSizes
    members: MemberNumbers
    bills: BillNumbers
    sign: ndarray


class JointData(NamedTuple):
    """All arguments of the density of a joint model."""

    house: ChamberData
    senate: ChamberData
    n_free: int
    shared: BillNumbers
    by_senate: ndarray
    """Information that senators' votes add to ``shared.info``."""


#: Free scalars of a chamber, which are the first of its coordinates.
SCALARS = ("location", "log_sep", "middle", "gap", "log_sigma_left", "log_sigma_right")
N_SCALARS = len(SCALARS)


@jit
def n_party(sizes: ChamberSizes) -> int:
    """Count a chamber's coordinates for members: scalars, one fewer than members for each group, and independents."""
    return N_SCALARS + sizes.n_members - 2


@jit
def _sizes(sizes: ndarray, first: int) -> ChamberSizes:
    n_members, n_left, n_right, crossed, n_bills, n_free = sizes[first : first + 6]
    return ChamberSizes(n_members, n_left, n_right, crossed > 0, n_bills, n_free)


@jit
def _members(numbers: ndarray, first: int, n: int) -> tuple[MemberNumbers, int]:
    """Read the numbers of ``n`` members; return them and where the next begin."""
    pull, scales = first + n, first + 2 * n
    last = scales + 2
    return MemberNumbers(numbers[first:pull], numbers[pull:scales], numbers[scales:last]), last


@jit
def _bills(numbers: ndarray, first: int, m: int) -> tuple[BillNumbers, int]:
    """Read the numbers of ``m`` bills; return them and where the next begin."""
    bends = first + 5 * m
    last = bends + N_BENDS * m
    return BillNumbers(numbers[first:bends], numbers[bends:last]), last


@jit
def _kind(numbers: ndarray, first: int, family: int) -> Kind:
    """Read `PriorNumbers`."""
    mu, sigma, alpha_sigma, log_mean, log_sd, free_sigma = numbers[first : first + 6]
    return Kind(family, Prior(mu, sigma, alpha_sigma), (log_mean, log_sd), Prior(0.0, free_sigma, alpha_sigma))


@jit
def chamber_data(sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[ChamberData, Kind]:
    """Read what `fast.packing.pack_chamber` wrote."""
    own = _sizes(sizes, 0)
    members, first = _members(numbers, 0, own.n_members)
    bills, first = _bills(numbers, first, own.n_bills)
    sign = signs.reshape(own.n_members, own.n_bills)
    return ChamberData(own, members, bills, sign), _kind(numbers, first, sizes[6])


@jit
def joint_data(sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[JointData, Kind]:
    """Read what `fast.packing.pack_joint` wrote."""
    house, senate, n_shared, n_free, family = _sizes(sizes, 0), _sizes(sizes, 6), sizes[12], sizes[13], sizes[14]
    in_house, first = _members(numbers, 0, house.n_members)
    in_senate, first = _members(numbers, first, senate.n_members)
    house_only, first = _bills(numbers, first, house.n_bills)
    shared, first = _bills(numbers, first, n_shared)
    last = first + shared.info.size
    by_senate = numbers[first:last]
    senate_only, first = _bills(numbers, last, senate.n_bills)
    m_house, m_senate = house.n_bills + n_shared, n_shared + senate.n_bills
    cells = house.n_members * m_house
    data = JointData(
        ChamberData(house, in_house, house_only, signs[:cells].reshape(house.n_members, m_house)),
        ChamberData(senate, in_senate, senate_only, signs[cells:].reshape(senate.n_members, m_senate)),
        n_free,
        shared,
        by_senate,
    )
    return data, _kind(numbers, first, family)
