"""The headline scale of a fit: the House sets it for both chambers, and each chamber says which side its Yea is."""

import numpy as np
import pytest
from small import small_pair

from tallgrass_models.summary.placed import bill_sides, place_unit
from tallgrass_models.votes.unit_votes import make_unit

UNIT = make_unit(small_pair(n_shared=4))


def draws(*centres):
    """Both chambers with parties at the centres given, House Democrats first, members a tenth apart."""
    rng = np.random.default_rng(0)
    at = np.concatenate(
        [np.where(part.votes.parties == "Democrat", *centres[2 * c : 2 * c + 2]) for c, part in enumerate(UNIT.parts)]
    )
    return at + 0.1 * rng.normal(size=(2, 50, len(at)))


def test_the_house_sets_the_scale_of_both():
    placed = place_unit(draws(0.0, 4.0, 2.0, 8.0), UNIT)
    house, senate = (placed.x[..., part.members] for part in UNIT.parts)
    party = [part.votes.parties for part in UNIT.parts]
    np.testing.assert_allclose(house[..., party[0] == "Democrat"].mean(-1), -1)
    np.testing.assert_allclose(house[..., party[0] == "Republican"].mean(-1), 1)
    assert senate[..., party[1] == "Democrat"].mean() == pytest.approx(0, abs=0.05)
    assert senate[..., party[1] == "Republican"].mean() == pytest.approx(3, abs=0.05)
    assert [(row["chamber"], row["sets_scale"]) for row in placed.records()] == [("house", True), ("senate", False)]


@pytest.mark.parametrize(
    ("centres", "sides"),
    [
        ((0, 4, 0, 4), {"both": 1, "house": 1, "senate": 1}),
        ((4, 0, 4, 0), {"both": -1, "house": -1, "senate": -1}),
        ((0, 4, 4, 0), {"both": np.nan, "house": 1, "senate": -1}),  # a shared bill has one slope and two sides
        ((0, 4, 1, 1), {"both": np.nan, "house": 1, "senate": np.nan}),  # the Senate's parties are not apart
        ((1, 1, 0, 4), {"both": np.nan, "house": np.nan, "senate": 1}),
    ],
    ids=["straight", "mirrored", "Senate mirrored", "Senate open", "House open"],
)
def test_each_chamber_says_which_side_a_positive_slope_is(centres, sides):
    placed = place_unit(draws(*map(float, centres)), UNIT)
    found = bill_sides(placed, UNIT)
    for chambers, side in sides.items():
        np.testing.assert_array_equal(found[(UNIT.rollcalls["chambers"] == chambers).to_numpy()], side)
