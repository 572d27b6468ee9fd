"""The relative scale: against hand-made chambers, and at the edges of where the parties define one."""

from __future__ import annotations

import numpy as np
import pytest

from tallgrass_models.draws.frame import Frame, in_frame, party_frame, relative_positions
from tallgrass_models.draws.scale import FLOOR, headline_scale
from tallgrass_models.draws.separation import LEAST_D, least_separation, separation

D, R, FREE = "Democrat", "Republican", "Independent"


def chamber(n_left: int, n_right: int, d: float, draws: int = 400, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Draws (4, draws, n) in which the averages stand exactly ``d`` pooled standard deviations apart, on a scale that
    changes from draw to draw."""
    rng = np.random.default_rng(seed)
    party = np.array([D] * n_left + [R] * n_right, dtype=object)
    xi = rng.normal(size=(4, draws, n_left + n_right))
    for name in (D, R):
        xi[..., party == name] -= xi[..., party == name].mean(-1, keepdims=True)
    xi /= np.sqrt((xi**2).sum(-1, keepdims=True) / (n_left + n_right - 2))
    xi[..., party == R] += d
    scale = np.exp(rng.normal(size=(4, draws, 1)))
    return 3 + scale * xi, party


def test_positions_by_hand() -> None:
    party = np.array([D, D, R, FREE], dtype=object)
    xi = np.array([[0.0, 2.0, 5.0, 3.0], [10.0, 10.0, -10.0, 0.0]])
    # averages 1 and 5: m = 3, g = 4; then 10 and -10: m = 0, g = -20, which turns the second draw
    expected = [[-1.5, -0.5, 1.0, 0.0], [-1.0, -1.0, 1.0, 0.0]]
    assert relative_positions(xi, party) == pytest.approx(np.array(expected))


def test_no_change_of_the_models_scale_moves_anybody() -> None:
    xi, party = chamber(6, 9, 2.0)
    rng = np.random.default_rng(2)
    moved = xi * rng.normal(size=(4, 400, 1)) + rng.normal(size=(4, 400, 1))  # mirrored in half of the draws
    assert relative_positions(moved, party) == pytest.approx(relative_positions(xi, party))


def test_free_standing_members_set_no_average() -> None:
    xi, party = chamber(6, 9, 2.0)
    far = np.concatenate([xi, np.full((4, 400, 1), 1e6)], axis=-1)
    with_free = relative_positions(far, np.append(party, FREE))
    assert with_free[..., :-1] == pytest.approx(relative_positions(xi, party))
    assert (with_free[..., -1] > 1e3).all()


def test_both_chambers_stand_on_the_scale_of_one() -> None:
    party = np.array([D, R, D, R], dtype=object)
    house = np.array([True, True, False, False])
    xi = np.array([[0.0, 4.0, -2.0, 8.0]])
    assert relative_positions(xi, party, house) == pytest.approx(np.array([[-1.0, 1.0, -2.0, 3.0]]))
    frame = party_frame(xi[:, :2], party[:2])
    assert in_frame(xi, frame) == pytest.approx(np.array([[-1.0, 1.0, -2.0, 3.0]]))


def test_a_party_without_members_sets_no_scale() -> None:
    with pytest.raises(ValueError, match="members of both"):
        party_frame(np.zeros((2, 3)), np.array([D, D, FREE], dtype=object))
    scale, frame = headline_scale(np.array([[0.0, 1.0, 5.0]]), np.array([D, D, FREE], dtype=object))
    assert (scale.kind, scale.p_right, scale.turned) == ("spread", None, False)
    assert frame.positions(np.array([[0.0, 1.0, 5.0]])).std() == pytest.approx(1)


def test_bills_keep_their_curves() -> None:
    rng = np.random.default_rng(3)
    xi, alpha, beta = rng.normal(size=(5, 7)), rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    frame = Frame(rng.normal(size=5), np.array([0.5, -2.0, 1.0, 3.0, -0.1]))
    new_alpha, new_beta = frame.bills(alpha, beta)
    x = frame.positions(xi)
    before = beta[:, :, None] * xi[:, None, :] - alpha[:, :, None]
    assert new_beta[:, :, None] * x[:, None, :] - new_alpha[:, :, None] == pytest.approx(before)
    assert (frame.lengths(np.ones((5, 1))) > 0).all()


def test_separation_is_the_distance_planted() -> None:
    xi, party = chamber(6, 9, 1.7)
    assert separation(xi, party) == pytest.approx(np.full((4, 400), 1.7))


def test_parties_far_apart_define_the_scale() -> None:
    xi, party = chamber(40, 60, 2.5)
    scale, frame = headline_scale(xi, party)
    assert (scale.kind, scale.turned, scale.p_right) == ("parties", False, 1.0)
    assert scale.d == pytest.approx(2.5)
    assert frame.positions(xi) == pytest.approx(relative_positions(xi, party))


def test_a_mirrored_fit_is_turned_and_says_so() -> None:
    xi, party = chamber(40, 60, 2.5)
    scale, frame = headline_scale(-xi, party)
    assert (scale.kind, scale.turned, scale.p_right) == ("parties", True, 0.0)
    assert frame.positions(-xi) == pytest.approx(relative_positions(xi, party))


def test_just_below_and_above_the_least_distance() -> None:
    for d, kind in ((LEAST_D - 0.01, "spread"), (LEAST_D + 0.01, "parties")):
        xi, party = chamber(40, 60, d)
        assert headline_scale(xi, party)[0].kind == kind


def test_small_parties_must_stand_further_apart() -> None:
    assert least_separation(60, 60) == LEAST_D
    assert least_separation(5, 5) == pytest.approx(2.306004 * np.sqrt(0.4), rel=1e-6)  # t(8), 97.5 %
    xi, party = chamber(5, 5, 1.3)
    assert headline_scale(xi, party)[0].kind == "spread"
    xi, party = chamber(5, 5, 1.5)
    assert headline_scale(xi, party)[0].kind == "parties"


def test_ten_members_of_noise_have_no_party_scale() -> None:
    """Averages kept in order in every draw, as the fast coordinates do: the order alone would say 1.00."""
    rng = np.random.default_rng(4)
    party = np.array([D] * 5 + [R] * 5, dtype=object)
    xi = rng.normal(size=(4, 500, 10))
    turn = np.sign(xi[..., 5:].mean(-1) - xi[..., :5].mean(-1))[..., None]
    scale, frame = headline_scale(xi * turn, party)
    assert scale.p_right == 1.0
    assert (scale.kind, scale.turned) == ("spread", False)
    x = frame.positions(xi * turn)
    assert x.mean(-1) == pytest.approx(np.zeros((4, 500)), abs=1e-12)
    assert x.std(-1) == pytest.approx(np.ones((4, 500)))


def test_chains_split_between_mirror_images_have_no_party_scale() -> None:
    xi, party = chamber(40, 60, 5.0)
    xi[:2] *= -1
    scale, frame = headline_scale(xi, party)
    assert (scale.kind, scale.p_right, scale.turned) == ("spread", 0.5, False)
    assert np.corrcoef(frame.positions(xi)[0].mean(0), frame.positions(xi)[2].mean(0))[0, 1] < -0.5  # still to be seen


def test_most_draws_decide_the_side_of_a_spread_scale() -> None:
    xi, party = chamber(20, 20, 0.5)
    scale, frame = headline_scale(-xi, party)
    assert (scale.kind, scale.turned, scale.p_right) == ("spread", True, 0.0)
    x = frame.positions(-xi)
    assert (x[..., party == R].mean(-1) > x[..., party == D].mean(-1)).all()


def test_one_draw_with_the_averages_in_one_place_forbids_the_ratio() -> None:
    xi, party = chamber(40, 60, 3.0)
    near, _ = chamber(40, 60, 0.9 * FLOOR * LEAST_D)
    assert headline_scale(xi, party)[0].kind == "parties"
    xi[0, 0] = near[0, 0]
    scale, _ = headline_scale(xi, party)
    assert scale.share_apart is not None
    assert scale.share_apart > 0.999
    assert scale.kind == "spread"


def test_one_member_of_each_party_has_no_pooled_spread() -> None:
    xi = np.array([[-1.0, 1.0], [-2.0, 2.0]])
    scale, frame = headline_scale(xi, np.array([D, R], dtype=object))
    assert (scale.kind, scale.d) == ("spread", None)
    assert frame.positions(xi) == pytest.approx(np.array([[-1.0, 1.0], [-1.0, 1.0]]))


def test_all_members_at_one_place() -> None:
    xi = np.full((3, 4), 2.0)
    _, frame = headline_scale(xi, np.array([D, D, R, R], dtype=object))
    assert frame.positions(xi) == pytest.approx(np.zeros((3, 4)))
