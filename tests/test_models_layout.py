"""The numbers of a fast model come out of their flat arrays as they went in: `packing` and `layout` agree."""

import numba
import numpy as np
import pytest

from tallgrass_models.models.compiled import layout
from tallgrass_models.models.fast.halves import Halves
from tallgrass_models.models.fast.joint_map import FastJoint
from tallgrass_models.models.fast.logits import BillInfo, Knees
from tallgrass_models.models.fast.members import Group
from tallgrass_models.models.fast.packing import pack_chamber, pack_joint
from tallgrass_models.models.fast.positions import MemberInfo
from tallgrass_models.models.fast.slopes import Funnel, LogSlopeInfo
from tallgrass_models.models.pilot.bills import LogitSketch, SlopeSketch
from tallgrass_models.priors.spec import BetaPriorSpec

LOGNORMAL = BetaPriorSpec("lognormal", {"mu": 0.25, "sigma": 0.5})
RNG = np.random.default_rng(1)


def members(n):
    return MemberInfo(*RNG.normal(size=(2, n)))


def slopes(n):
    return SlopeSketch(LogSlopeInfo(*RNG.normal(size=(5, n))), Funnel(*RNG.normal(size=(4, n))))


def logits(n):
    return LogitSketch(BillInfo(*RNG.normal(size=(5, n))), Knees(*RNG.normal(size=(6, n))))


def signs(n, m):
    return RNG.integers(-1, 2, (n, m)).astype(np.int8)


def unpack(read, packed):
    """Call a function of `layout` as a density does: compiled."""
    return numba.njit(lambda sizes, numbers, signs: read(sizes, numbers, signs))(*packed)


def assert_members(found, group):
    parts = [part for part in (group.left, group.right, group.independents) if part is not None]
    np.testing.assert_array_equal(found.precision, np.concatenate([part.precision for part in parts]))
    np.testing.assert_array_equal(found.pull, np.concatenate([part.pull for part in parts]))
    np.testing.assert_array_equal(found.scales, group.sigma_scales())


def assert_bills(found, kinds):
    """Kinds one after the other, in each of them the rows one after the other."""
    first = 0
    for kind in kinds:
        last = first + kind.n_bills
        np.testing.assert_array_equal(found.info[5 * first : 5 * last], np.ravel([*vars(kind.info).values()]))
        rows = [*vars(kind.bends).values()]
        rows += [np.zeros(last - first)] * (6 - len(rows))
        np.testing.assert_array_equal(found.bends[6 * first : 6 * last], np.ravel(rows))
        first = last
    assert (found.info.size, found.bends.size) == (5 * first, 6 * first)


def assert_kind(found):
    """A lognormal prior has its own parameters as moments of log beta; bills of free sign are centred at zero."""
    assert found.family == 1
    assert found.prior == (0.25, 0.5, 3.0)
    assert found.moments == (0.25, 0.5)
    assert found.free == (0.0, LOGNORMAL.free_sign().params["sigma"], 3.0)


@pytest.mark.parametrize("group", [
    Group(4, 25, members(4), members(25), crossed=True, n_independents=3, independents=members(3)),
    Group(4, 25, members(4), members(25)),
], ids=["independents, crossed", "two parties"])  # fmt: skip
def test_a_chamber(group):
    kinds, n = (slopes(6), logits(2)), 29 + group.n_independents
    sign = signs(n, 8)
    data, kind = unpack(layout.chamber_data, pack_chamber(group, kinds, LOGNORMAL, 3.0, sign))
    assert data.sizes._asdict() == {
        "n_members": n,
        "n_left": 4,
        "n_right": 25,
        "crossed": group.crossed,
        "n_bills": 8,
        "n_free": 2,
    }
    assert_members(data.members, group)
    assert_bills(data.bills, kinds)
    np.testing.assert_array_equal(data.sign, sign)
    assert_kind(kind)


def test_two_chambers():
    house = Group(4, 25, members(4), members(25), crossed=True, n_independents=3, independents=members(3))
    senate = Group(2, 3, members(2), members(3))
    only_house, shared, only_senate = (slopes(6), logits(2)), (slopes(3), logits(1)), (slopes(1), logits(4))
    by_senate = tuple(kind.info for kind in (slopes(3), logits(1)))
    sign = signs(32, 12), signs(5, 9)
    fast = FastJoint(house, senate, only_house, shared, by_senate, only_senate, LOGNORMAL, 3.0)
    data, kind = unpack(layout.joint_data, pack_joint(fast, sign))
    assert data.house.sizes == (32, 4, 25, True, 8, 2)
    assert data.senate.sizes == (5, 2, 3, False, 5, 4)
    assert data.n_free == 1
    assert_members(data.house.members, house)
    assert_members(data.senate.members, senate)
    assert_bills(data.house.bills, only_house)
    assert_bills(data.shared, shared)
    assert_bills(data.senate.bills, only_senate)
    np.testing.assert_array_equal(
        data.by_senate, np.concatenate([np.ravel([*vars(info).values()]) for info in by_senate])
    )
    np.testing.assert_array_equal(data.house.sign, sign[0])
    np.testing.assert_array_equal(data.senate.sign, sign[1])
    assert_kind(kind)


def test_halves_have_no_compiled_density():
    house = Group(2, 3, members(2), members(3))
    halves = Halves(2, 3, members(2), members(3), (2, 3, 0), *np.ones((5, 2)), ordered=True)
    fast = FastJoint(house, halves, (slopes(1),), (slopes(1),), (slopes(1).info,), (slopes(1),), LOGNORMAL, 3.0)
    with pytest.raises(TypeError, match="frame of the parties"):
        pack_joint(fast, (signs(5, 2), signs(5, 2)))
