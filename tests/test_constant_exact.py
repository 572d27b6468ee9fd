"""The model of members who never move: its density is the sum of its equations, and the limit of the one who moves."""

import numpy as np
import pytest
from exactness import assert_is_constant, excess, log_density, random_points
from over_sessions import pooled
from scipy import stats
from test_dynamic_exact import LOGNORMAL, textbook, with_a_gap

from tallgrass_models.models.dynamic.constant import Pooled, build_constant
from tallgrass_models.models.dynamic.sessions import SessionsVotes
from tallgrass_models.models.orientation import chamber_orientation

PARTIES = {"Democrat": 0, "Republican": 1}


def constant(series):
    return build_constant(series, coordinates="reference")


def own_density(series, point, xi):
    """Log density of the equations in the docstring, added term by term; ``xi`` is by career."""
    mu, sigma = np.sort(point["mu_raw"]), point["sigma_within"]
    total = stats.norm(0, 2).logpdf(point["mu_raw"]).sum() + stats.halfnorm(0, 0.5).logpdf(sigma).sum()
    total += stats.norm(0, 5).logpdf(point["alpha"]).sum() + stats.norm(0, 1).logpdf(point["beta"]).sum()
    met, call = set(), 0
    for votes, career in zip(series.votes, series.career, strict=True):
        for row, who in enumerate(career.tolist()):
            p = PARTIES.get(votes.parties[row])
            if who not in met:
                own = stats.norm(mu.mean(), mu[1] - mu[0]) if p is None else stats.norm(mu[p], sigma[p])
                total += own.logpdf(xi[who])
            met.add(who)
            for j in np.flatnonzero(votes.y[row] >= 0):
                logit = point["beta"][call + j] * xi[who] - point["alpha"][call + j]
                total -= np.log1p(np.exp(-logit if votes.y[row, j] == 1 else logit))
        call += votes.n_votes
    return total


def scales(series, mu, sigma):
    """Mean and standard deviation of each seat's prior."""
    center, scale = np.append(mu, mu.mean()), np.append(sigma, mu[1] - mu[0])
    return center[series.party], scale[series.party]


def some_point(start, rng):
    point = {name: value + 0.2 * rng.standard_normal(value.shape) for name, value in start.items()}
    return point | {"sigma_within": rng.uniform(0.3, 1, 2), "mu_raw": np.array([0.7, -0.4]) + 0.1 * rng.normal(size=2)}


def test_it_is_its_equations_and_one_career_has_one_position():
    series, rng, found = textbook()[0], np.random.default_rng(1), []
    built = constant(series)
    density, begins = log_density(built.model), series.steps == 0
    who = np.concatenate(series.career).tolist()
    for _ in range(3):
        point = some_point(built.start, rng)
        at = built.report({name: np.asarray(value)[None, None] for name, value in point.items()}, rng)
        xi = dict(zip(who, at["xi"][0, 0], strict=True))
        assert [xi[one] for one in who] == at["xi"][0, 0].tolist()
        _, sd = scales(series, at["mu_party"][0, 0], point["sigma_within"])
        found.append(density(point) - own_density(series, point, xi) - np.log(sd[begins]).sum())
    assert len(begins) > begins.sum()
    assert_is_constant(np.array(found), 0.0)


@pytest.mark.slow  # compiles the graph of the fast form
def test_the_fast_form_is_the_textbook_form_in_other_coordinates():
    series = with_a_gap(4, 24, 30)
    built, begins = build_constant(series), series.steps == 0
    assert built.coordinates == "fast"

    def mapped(draws):
        at, out = built.report(draws, None), []
        for own in zip(at["xi"][0], at["mu_party"][0], at["sigma_within"][0], strict=True):
            center, sd = scales(series, *own[1:])
            out.append(((own[0] - center) / sd)[begins])
        return {
            "mu_raw": at["mu_party"],
            "sigma_within": at["sigma_within"],
            "xi_offset": np.array(out)[None],
            "alpha": at["alpha"],
            "beta": at["beta"],
        }

    points = random_points(built, 3, 2)
    assert_is_constant(excess(log_density(built.model), log_density(constant(series).model), mapped, points), np.log(2))


def test_it_is_the_limit_of_members_who_move_less_and_less():
    series, moving = textbook()
    built, begins = constant(series), series.steps == 0
    dynamic, static = log_density(moving.model), log_density(built.model)
    rng, found = np.random.default_rng(3), []
    for _ in range(3):
        point = some_point(moving.start, rng) | {"step": np.full(2, 1e-9), "entry_step": np.array(1e-9)}
        own = {name: point[name] for name in ("mu_raw", "sigma_within", "alpha", "beta")}
        # what is left are the priors of the steps and of standard normal numbers that move nothing
        idle = stats.norm.logpdf(point["xi_offset"][~begins]).sum() + stats.norm.logpdf(point["entry_offset"]).sum()
        idle += 3 * stats.halfnorm(0, 0.5).logpdf(1e-9)
        found.append(dynamic(point) - static({**own, "xi_offset": point["xi_offset"][begins]}) - idle)
    assert_is_constant(np.array(found), 0.0)


def test_all_sessions_in_one_matrix():
    series = with_a_gap(4, 24, 9)
    number = np.random.default_rng(0).permutation(1 + max(career.max() for career in series.career))
    series = SessionsVotes(series.names, series.votes, tuple(number[career] for career in series.career))
    one, other = Pooled.of(series), pooled(series)
    # rows are in the order of first seats here, and of the numbers of careers there
    np.testing.assert_array_equal(one.votes.y[one.row], other.votes.y[other.row])
    assert one.row[series.steps == 0].tolist() == list(range(one.votes.n_legislators))
    for seat, row in enumerate(one.row.tolist()):
        assert one.votes.parties[row] == np.concatenate([votes.parties for votes in series.votes])[seat]
    # bills are turned by the votes of their own session
    sides = np.concatenate([chamber_orientation(votes) for votes in series.votes])
    np.testing.assert_array_equal(chamber_orientation(one.votes), sides)
    assert build_constant(series, LOGNORMAL, orient_bills=True).dims["beta"] == ("vote",)
    with pytest.raises(ValueError, match="'slow'"):
        build_constant(series, coordinates="slow")
