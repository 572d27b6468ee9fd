"""Probabilities of votes, cutting points and absences, against closed forms and counts by hand."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from small import small_chamber, small_pair

from tallgrass_models.draws.frame import Frame
from tallgrass_models.draws.vote_probability import VoteParameters
from tallgrass_models.files.vote_codes import ABSENT, NOT_IN_OFFICE
from tallgrass_models.summary import vote_probabilities
from tallgrass_models.summary.vote_probabilities import cutting_points, vote_codes, vote_tables, yea_probability
from tallgrass_models.votes.unit_votes import make_unit

SHAPE = (2, 50)


def draws_of(unit, seed=0):
    """Draws of a unit's parameters, all over the place."""
    rng = np.random.default_rng(seed)
    n = sum(part.votes.n_legislators for part in unit.parts)
    sizes = {"xi": n, "alpha": len(unit.rollcalls), "beta": len(unit.rollcalls)}
    return xr.Dataset({k: (("chain", "draw", k), rng.normal(size=(*SHAPE, size))) for k, size in sizes.items()})


def logistic(eta):
    return 1 / (1 + np.exp(-eta))


@pytest.mark.parametrize("block", [2**17, 250], ids=["all members at once", "two at a time"])
def test_probabilities_are_the_mean_of_the_logistic_function(monkeypatch, block):
    monkeypatch.setattr(vote_probabilities, "_BLOCK", block)
    rng = np.random.default_rng(1)
    xi, alpha, beta = (3 * rng.normal(size=(*SHAPE, n)) for n in (5, 4, 4))
    found = yea_probability(VoteParameters(xi, alpha, beta))
    for i in range(5):
        for j in range(4):
            assert found[i, j] == pytest.approx(logistic(beta[..., j] * xi[..., i] - alpha[..., j]).mean(), abs=1e-6)


def test_a_probability_at_the_end_of_the_numbers_does_not_overflow():
    far = np.full((1, 2, 1), 1e4)
    assert yea_probability(VoteParameters(far, 0 * far, far))[0, 0] == 1
    assert yea_probability(VoteParameters(-far, 0 * far, far))[0, 0] == 0


def test_cutting_points_by_hand():
    """One draw in four turns the roll call; one in four cuts right of all members, who stand at -1 and 1."""
    alpha, beta = (np.array([[values]]).reshape(1, 4, 1) for values in ([1.0, 0.5, -1.0, 6.0], [2.0, 2.0, -2.0, 2.0]))
    x = np.broadcast_to([-1.0, 1.0], (1, 4, 2))
    found = {name: values[0] for name, values in cutting_points(alpha, beta, x).items()}
    cut = [0.5, 0.25, 0.5, 3.0]
    assert [found[f"cut_{q}"] for q in ("q05", "q50", "q95")] == pytest.approx(np.quantile(cut, (0.05, 0.5, 0.95)))
    assert (found["p_yea_right"], found["p_cut_left"], found["p_cut_right"]) == (0.75, 0, 0.25)


def test_a_draw_without_slope_cuts_nowhere_near_the_members():
    flat, x = np.zeros((1, 4, 1)), np.broadcast_to([-1.0, 1.0], (1, 4, 2))
    found = cutting_points(flat, flat, x)
    assert np.isfinite([values[0] for values in found.values()]).all()
    assert found["p_cut_left"] + found["p_cut_right"] == 1
    assert found["p_yea_right"] == 0


def test_who_did_not_vote_was_absent_or_not_in_office():
    votes = small_chamber("house", (2, 2, 0), 3, missing=0)
    votes.y[:] = [[1, 1, 1], [-1, -1, -1], [-1, 0, -1], [0, 0, 0]]
    votes.rollcalls["date"] = ["2025-01-10", "2025-02-10", ""]
    votes.legislators["first_day"] = ["2025-01-01", "2025-01-11", "2025-01-10", ""]
    votes.legislators["last_day"] = ["2025-01-01", "2025-03-01", "2025-02-10", ""]
    a, n = ABSENT, NOT_IN_OFFICE
    (part,) = make_unit([votes]).parts
    # a vote is a vote, whatever the days say; without a date, nobody is out of office
    np.testing.assert_array_equal(vote_codes(part), [[1, 1, 1], [n, a, a], [a, 0, a], [0, 0, 0]])


def test_a_chamber_has_its_votes_and_a_cutting_point_on_the_headline_scale():
    unit = make_unit([small_chamber("house", (4, 5, 0), 6)])
    draws = draws_of(unit)
    frame = Frame(np.full(SHAPE, 0.5), np.full(SHAPE, -2.0))  # turned, moved, and half as long
    table = vote_tables(unit, frame, draws)["house"]
    np.testing.assert_array_equal(table["cast"], unit.parts[0].votes.y)
    eta = (
        draws["beta"].to_numpy()[..., None, :] * draws["xi"].to_numpy()[..., None]
        - draws["alpha"].to_numpy()[..., None, :]
    )
    np.testing.assert_allclose(table["p_yea"], logistic(eta).mean((0, 1)), atol=1e-6)
    own = (draws["alpha"] / draws["beta"].to_numpy()).to_numpy()
    np.testing.assert_allclose(table["cut_q50"], np.median((own - 0.5) / -2, axis=(0, 1)))
    np.testing.assert_allclose(table["p_yea_right"], (draws["beta"] < 0).mean(("chain", "draw")))


def test_both_roll_calls_of_a_shared_bill_have_its_parameters():
    unit = make_unit(small_pair(n_shared=4))
    draws = draws_of(unit)
    frame = Frame(np.zeros(SHAPE), np.ones(SHAPE))
    tables = vote_tables(unit, frame, draws)
    house, senate = tables["house"], tables["senate"]
    assert list(house["item"].to_numpy()[:5]) == ["both:HB 0", "both:HB 1", "both:HB 2", "both:HB 3", "house:v4"]
    assert list(senate["item"].to_numpy()[3:5]) == ["both:HB 3", "senate:v4"]
    assert list(senate["vote"].to_numpy()) == [f"v{j}" for j in range(7)]
    assert list(senate["legislator"].to_numpy()[:1]) == ["senate:sen_00"]
    np.testing.assert_array_equal(house["cut_q50"][:4], senate["cut_q50"][:4])
    n_house = house.sizes["legislator"]
    at, j = draws["xi"].to_numpy()[..., n_house + 2], list(unit.rollcalls.index).index("senate:v5")
    expected = logistic(draws["beta"].to_numpy()[..., j] * at - draws["alpha"].to_numpy()[..., j]).mean()
    assert senate["p_yea"].to_numpy()[2, 5] == pytest.approx(expected, abs=1e-6)


def test_the_end_of_a_chamber_is_that_of_its_own_members():
    """A cutting point beyond every member of the Senate, but not of the House."""
    house, senate = small_pair(n_shared=4)
    unit = make_unit([house, replace(senate)])
    draws = draws_of(unit)
    n_house = house.n_legislators
    draws["xi"][:] = np.r_[np.linspace(-3, 3, n_house), np.linspace(-1, 1, senate.n_legislators)]
    draws["alpha"][:], draws["beta"][:] = 2.0, 1.0
    tables = vote_tables(unit, Frame(np.zeros(SHAPE), np.ones(SHAPE)), draws)
    assert (tables["house"]["p_cut_right"] == 0).all()
    assert (tables["senate"]["p_cut_right"] == 1).all()
