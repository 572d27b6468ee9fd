"""The split-half check: members who stay show no excess, members who move are found, and what cannot be said is not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from small import small_chamber

from tallgrass_models.checking.split_half import (
    Halves,
    conclude,
    empty,
    half_of,
    halves_by_time,
    random_halves,
    split,
    too_few,
)
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.errors import UserError
from tallgrass_models.steps.split_half import split_half
from tallgrass_models.votes.unit import Unit


def dated(votes, per_day=4):
    """Roll calls on one day after another."""
    days = [(date(2025, 1, 6) + timedelta(days=k // per_day)).isoformat() for k in range(votes.n_votes)]
    return replace(votes, rollcalls=votes.rollcalls.assign(date=days))


VOTES = dated(small_chamber(sizes=(20, 20, 1), n_votes=80, missing=0))
N = VOTES.n_legislators
CENTRE = np.where(VOTES.parties == "Democrat", -1.0, np.where(VOTES.parties == "Republican", 1.0, 0.0))
WITHIN, NOISE = 0.5, 0.4
INSIDE = VOTES.parties != "Independent"

# --- halves -------------------------------------------------------------------------------------------------------


def test_random_halves_share_no_roll_call_and_leave_none_out():
    halves = random_halves(VOTES, np.random.default_rng(1))
    assert sorted([*halves.a, *halves.b]) == list(range(80))
    assert (len(halves.a), len(halves.b)) == (40, 40)
    again = random_halves(VOTES, np.random.default_rng(1))
    assert (again.a == halves.a).all()


def test_halves_by_time_divide_no_day():
    votes = dated(VOTES, per_day=30)
    halves = halves_by_time(votes)
    assert (halves.cut, len(halves.a), len(halves.b)) == ("2025-01-06", 30, 50)
    assert set(votes.rollcalls["date"].iloc[halves.a]) & set(votes.rollcalls["date"].iloc[halves.b]) == set()


def test_why_there_are_no_halves_by_time():
    days = VOTES.rollcalls["date"].to_list()
    some = replace(VOTES, rollcalls=VOTES.rollcalls.assign(date=["", "", *days[2:]]))
    assert halves_by_time(some) == "2 roll calls of 80 have no date, so there are no halves by time"
    assert halves_by_time(dated(VOTES, 99)).startswith("all roll calls have the same date")


def test_a_half_is_those_roll_calls():
    half = half_of(VOTES, np.array([3, 5, 8]))
    assert list(half.rollcalls.index) == ["v3", "v5", "v8"]
    assert (half.y == VOTES.y[:, [3, 5, 8]]).all()
    assert list(half.legislators["n_votes"]) == [3] * N


def test_halves_that_are_too_few():
    assert "a half has 5 roll calls" in too_few(VOTES, Halves("random", np.arange(5), np.arange(5, 80)))
    y = VOTES.y.copy()
    y[4:, :40] = -1  # all but four members are absent in the first half
    gone = replace(VOTES, y=y)
    assert "4 members cast 10 votes or more in both halves" in too_few(gone, halves_by_time(gone))
    assert too_few(VOTES, halves_by_time(VOTES)) == ""


# --- comparison, on posteriors known in closed form -----------------------------------------------------------------


def posterior(theta, rng):
    """Draws for members measured once with noise, with the right prior: the mean shrinks to that of the party."""
    seen = theta + NOISE * rng.normal(size=N)
    kept = WITHIN**2 / (WITHIN**2 + NOISE**2)
    mean, sd = CENTRE + kept * (seen - CENTRE), np.sqrt(kept) * NOISE
    return mean + sd * rng.normal(size=(2000, N))


def splits(move, seed=0, n=5):
    """Random halves have the mean of both places in common; halves by time have one each."""
    rng = np.random.default_rng(seed)
    first = CENTRE + WITHIN * rng.normal(size=N)
    second = first + move * rng.normal(size=N) * INSIDE
    timed = split(VOTES, halves_by_time(VOTES), posterior(first, rng), posterior(second, rng))
    both = (first + second) / 2
    random = [split(VOTES, random_halves(VOTES, rng), posterior(both, rng), posterior(both, rng)) for _ in range(n)]
    return [timed, *random]


def test_correlations_are_corrected_for_uncertainty():
    """Of members who stay, the corrected correlation within parties is 1, and the raw one the share that is kept."""
    found = [conclude("house", splits(0.0, seed)) for seed in range(20)]
    kept = WITHIN**2 / (WITHIN**2 + NOISE**2)
    used = [one for out in found for one in out["splits"]]
    raw, corrected = (np.mean([one["within"][key] for one in used]) for key in ("correlation", "corrected"))
    assert raw == pytest.approx(kept, abs=0.03)
    assert corrected == pytest.approx(1, abs=0.05)
    whole = WITHIN**2 / (WITHIN**2 + NOISE**2 / 2)  # measured twice
    assert np.mean([out["reliability"] for out in found]) == pytest.approx(whole, abs=0.03)


def test_members_who_stay_show_no_excess():
    found = [conclude("house", splits(0.0, seed)) for seed in range(40)]
    assert abs(np.mean([out["excess"] for out in found])) < 0.01
    assert np.mean([out["static"] for out in found]) > 0.94
    text = next(out for out in found if out["static"])["text"]
    assert any("no clear sign that one position for the session is too little" in line for line in text)


def test_members_who_move_are_found():
    found = [conclude("house", splits(0.8, seed)) for seed in range(10)]
    assert np.mean([out["static"] for out in found]) < 0.2
    out = found[0]
    assert out["static"] is False
    kept = WITHIN**2 / (WITHIN**2 + NOISE**2)  # moves shrink as positions do
    assert np.mean([out["excess"] for out in found]) == pytest.approx((kept * 0.8) ** 2, rel=0.35)
    assert len(out["moved"]) > 3
    assert any("one position for the session is too little" in line and "The excess" in line for line in out["text"])


def test_the_one_who_moved_is_named():
    rng = np.random.default_rng(3)
    first = CENTRE + 0.1 * rng.normal(size=N)
    second = first.copy()
    second[7] += 3
    xi = [theta + 0.2 * rng.normal(size=(500, N)) for theta in (first, second)]
    found = split(VOTES, halves_by_time(VOTES), *xi)
    far = [m["legislator"] for m in found["members"] if m["right"] > 0.9999]
    assert far == [VOTES.legislators.index[7]]


def test_what_cannot_be_said_is_not_said():
    cannot = "Whether one position for the session describes the members cannot be said."
    timed, *random = splits(0.8)
    for few in (random, [timed, *random[:2]], [empty(halves_by_time(VOTES), "no dates"), *random]):
        out = conclude("house", few)
        assert (out["static"], out["excess"], out["moved"]) == (None, None, [])
        assert out["text"][-1] == cannot
    nothing = conclude("house", [empty(halves_by_time(VOTES), "no dates")])
    assert nothing["text"] == ["A split (by time) is left out: no dates.", cannot]


def test_halves_without_parties_apart_are_left_out():
    rng = np.random.default_rng(1)
    noise, apart = rng.normal(size=(2, 500, N))
    found = split(VOTES, halves_by_time(VOTES), noise, apart + 3 * CENTRE)
    assert found["why"] == "one of the halves does not tell the parties apart"
    assert found["members"] == []


# --- with fits ------------------------------------------------------------------------------------------------------


def session(move, seed=2):
    """Members of whom half change places within their party in the middle of the session."""
    rng = np.random.default_rng(seed)
    n_votes = 120
    votes = dated(small_chamber(sizes=(12, 12, 0), n_votes=n_votes, missing=0))
    first = 1.5 * np.where(votes.parties == "Democrat", -1, 1) + 0.5 * rng.normal(size=24)
    second = first + move * rng.normal(size=24)
    alpha, beta = rng.normal(size=n_votes), 2 * np.sign(rng.normal(size=n_votes))
    at = np.where(np.arange(n_votes) < n_votes // 2, first[:, None], second[:, None])
    y = (rng.random(at.shape) < 1 / (1 + np.exp(alpha - beta * at))).astype(np.int8)
    return replace(votes, y=y)


@pytest.mark.slow
@pytest.mark.parametrize(("move", "static"), [(0.0, True), (1.2, False)])
def test_fits_of_simulated_votes(tmp_path, move, static):
    own = ExperimentConfig(
        name="tiny", chambers=("house",), sampling=SamplingConfig(draws=200, tune=200, chains=2, seed=1)
    )
    path = tmp_path / "sessions" / own.session.folder
    path.mkdir(parents=True)
    session(move).save(path / "house.nc")
    with pytest.raises(UserError, match="at least 3"):
        split_half(own, Unit.HOUSE, 2, 1, tmp_path, 2)
    found = split_half(own, Unit.HOUSE, 3, 1, tmp_path, 2)
    assert [one["why"] for one in found["splits"]] == [""] * 4
    assert found["static"] is static, found["text"]
    assert json.loads((tmp_path / "tiny/split_half/house.json").read_text()) == found
    made = {p.relative_to(tmp_path / "tiny").as_posix() for p in (tmp_path / "tiny").rglob("*.json")}
    names = ("time", "random_0", "random_1", "random_2")
    assert made == {"split_half/house.json", *(f"split_half/house/{name}.json" for name in names)}
    kept = {p: p.stat().st_mtime_ns for p in (tmp_path / "tiny/split_half/house").iterdir()}
    assert split_half(own, Unit.HOUSE, 3, 1, tmp_path, 2) == found
    assert kept == {p: p.stat().st_mtime_ns for p in (tmp_path / "tiny/split_half/house").iterdir()}
