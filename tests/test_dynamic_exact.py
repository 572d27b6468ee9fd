"""The model over time: its density is the sum of its equations, in either form, and its limit is the static model."""

import functools

import numpy as np
import pytest
from careers import careers
from exactness import assert_is_constant, excess, flatten, gradient_error, jacobian, log_density, random_points
from over_sessions import pooled, sessions_votes, with_independents
from scipy import stats

from tallgrass_models.models.compiled.nutpie import density
from tallgrass_models.models.dynamic.build import _fast, build_dynamic
from tallgrass_models.models.dynamic.reference import build_reference
from tallgrass_models.models.dynamic.sessions import SessionsVotes
from tallgrass_models.models.orientation import chamber_orientation
from tallgrass_models.models.reference import build_chamber
from tallgrass_models.priors.spec import PRODUCTION_BETA, BetaPriorSpec

LOGNORMAL = BetaPriorSpec("lognormal", {"mu": 0.2, "sigma": 0.7})


def with_a_gap(seed=3, n=9, n_votes=7):
    """Three sessions with an independent; one member is away in the second."""
    terms = careers(seed, n_sessions=3, n=n, leave=0.3)
    away = next(iter((set(terms[0].person) & set(terms[2].person)) - {int(n) - 1}))
    stays = terms[1].person != away
    terms[1] = type(terms[1])("s2", terms[1].person[stays], terms[1].party[stays], terms[1].x[stays])
    return with_independents(sessions_votes(terms, n_votes), {n - 1})


def own_density(series, point, step_sigma=0.5, entry_sigma=0.5):
    """Log density of the equations in the docstring, added term by term; ``point`` has xi and no offsets."""
    mu, sigma, step = np.sort(point["mu_raw"]), point["sigma_within"], point["step"]
    entry = np.vstack([mu, mu + np.cumsum(point["moved"], axis=0)])
    total = stats.norm(0, 2).logpdf(point["mu_raw"]).sum() + stats.halfnorm(0, 0.5).logpdf(sigma).sum()
    total += stats.halfnorm(0, step_sigma).logpdf(step).sum()
    total += stats.halfnorm(0, entry_sigma).logpdf(point["entry_step"])
    total += stats.norm(0, point["entry_step"]).logpdf(point["moved"]).sum()
    total += stats.norm(0, 5).logpdf(point["alpha"]).sum() + stats.norm(0, 1).logpdf(point["beta"]).sum()
    last, seat, call = {}, 0, 0
    for t, (votes, career) in enumerate(zip(series.votes, series.career, strict=True)):
        for row, who in enumerate(career):
            x, party = point["xi"][seat], votes.parties[row]
            if who in last:
                when, was = last[who]
                size = {"Democrat": step[0], "Republican": step[1]}.get(party, np.sqrt((step**2).mean()))
                total += stats.norm(was, size * np.sqrt(t - when)).logpdf(x)
            elif party == "Independent":
                total += stats.norm(entry[t].mean(), mu[1] - mu[0]).logpdf(x)
            else:
                p = ["Democrat", "Republican"].index(party)
                total += stats.norm(entry[t, p], sigma[p]).logpdf(x)
            last[who] = t, x
            for j in range(votes.n_votes):
                logit = point["beta"][call + j] * x - point["alpha"][call + j]
                vote = votes.y[row, j]
                total += {1: -np.log1p(np.exp(-logit)), 0: -np.log1p(np.exp(logit)), -1: 0.0}[int(vote)]
            seat += 1
        call += votes.n_votes
    return total


@functools.cache
def textbook():
    series = with_a_gap()
    return series, build_reference(series, PRODUCTION_BETA, 5.0)


def test_the_textbook_form_is_its_equations():
    series, built = textbook()
    assert set(series.steps.tolist()) == {0, 1, 2}
    density, rng, found = log_density(built.model), np.random.default_rng(1), []
    for _ in range(3):
        point = {name: value + 0.2 * rng.standard_normal(value.shape) for name, value in built.start.items()}
        point |= {name: np.abs(point[name]) for name in ("sigma_within", "step", "entry_step")}
        point["mu_raw"] = np.array([0.7, -0.4]) + 0.1 * rng.standard_normal(2)
        at = built.report({name: np.asarray(value)[None, None] for name, value in point.items()}, rng)
        whole = {**point, "xi": at["xi"][0, 0], "moved": np.diff(at["mu_entry"][0, 0], axis=1).T}
        # xi and the means of newcomers in place of their standard normal numbers
        scales = np.log(at["mu_entry"][0, 0, 1, 0] - at["mu_entry"][0, 0, 0, 0]) * (series.party == 2)
        first = series.steps == 0
        sizes = np.append(point["step"], np.sqrt((point["step"] ** 2).mean()))
        spread = np.append(point["sigma_within"], 1.0)
        sd = np.where(first, spread[series.party], sizes[series.party] * np.sqrt(np.maximum(series.steps, 1)))
        jacobian = np.log(sd).sum() + (scales * first).sum() + 4 * np.log(point["entry_step"])
        found.append(density(point) - own_density(series, whole) - jacobian)
    assert_is_constant(np.array(found), 0.0)


def to_textbook(built, series, oriented=None):
    """The free variables of the textbook form, from what the fast form reports."""

    def mapped(draws):
        at = built.report(draws, None)
        mu, sigma, step, entry = (at[name] for name in ("mu_party", "sigma_within", "step", "mu_entry"))
        n = at["xi"].shape[-1]
        offset = np.empty_like(at["xi"])
        for seat in range(n):
            p, t, before = series.party[seat], series.session[seat], series.previous[seat]
            if before >= 0:
                mean = at["xi"][..., before]
                size = step[..., p] if p < 2 else np.sqrt((step**2).mean(-1))
                sd = size * np.sqrt(series.steps[seat])
            elif p < 2:
                mean, sd = entry[..., p, t], sigma[..., p]
            else:
                mean, sd = entry[..., t].mean(-1), mu[..., 1] - mu[..., 0]
            offset[..., seat] = (at["xi"][..., seat] - mean) / sd
        beta = at["beta"]
        bills = {"beta": beta}
        if oriented is not None:
            fixed = oriented != 0
            bills = {"log_beta": np.log(oriented[fixed] * beta[..., fixed]), "beta_free": beta[..., ~fixed]}
        return {
            "mu_raw": mu,
            "sigma_within": sigma,
            "step": step,
            "entry_step": at["entry_step"],
            "entry_offset": np.diff(entry, axis=-1) / at["entry_step"][..., None, None],
            "xi_offset": offset,
            "alpha": at["alpha"],
            **bills,
        }

    return mapped


def test_the_fast_form_is_the_textbook_form_in_other_coordinates():
    series, reference = textbook()
    built = _fast(series, PRODUCTION_BETA, 5.0, None)
    points = random_points(built, 3, 2)
    found = excess(log_density(built.model), log_density(reference.model), to_textbook(built, series), points)
    assert_is_constant(found, np.log(2))
    assert gradient_error(built, points[0]) < 1e-6


def test_oriented_bills_of_all_sessions_keep_their_places():
    series = with_a_gap(4, 24, 9)
    oriented = [chamber_orientation(votes) for votes in series.votes]
    sides = np.concatenate(oriented)
    assert {-1, 0, 1} == set(sides.tolist())
    reference = build_reference(series, LOGNORMAL, 5.0, oriented)
    built = _fast(series, LOGNORMAL, 5.0, oriented)
    points = random_points(built, 2, 2)
    mapped = to_textbook(built, series, sides)
    fast, textbook = log_density(built.model), log_density(reference.model)
    if "log_beta" not in reference.start:  # the textbook form has beta itself
        inner = mapped

        def mapped(draws):
            at = inner(draws)
            return {("beta" if name == "log_beta" else name): (np.exp(value) if name == "log_beta" else value)
                    for name, value in at.items()}  # fmt: skip

    assert_is_constant(excess(fast, textbook, mapped, points), np.log(2))


@pytest.mark.slow  # compiles the density
@pytest.mark.parametrize("prior", [PRODUCTION_BETA, LOGNORMAL], ids=["normal", "oriented lognormal"])
def test_the_compiled_density_is_that_of_the_graph(prior):
    series = with_a_gap(4, 24, 9)
    oriented = [chamber_orientation(votes) for votes in series.votes] if prior.positive else None
    built = _fast(series, prior, 5.0, oriented)
    compiled, graph = density(built), log_density(built.model)
    for point in random_points(built, 2, 1):
        x = flatten(point)
        value, gradient = compiled(x)
        assert value == pytest.approx(graph(point), abs=1e-9)
        numeric = jacobian(lambda at: np.array([[compiled(one)[0]] for one in at]), x)[0]
        np.testing.assert_allclose(gradient, numeric, atol=1e-7)


def test_without_steps_it_is_the_chamber_model_of_one_matrix():
    series, built = textbook()
    one = pooled(series)
    assert one.votes.n_votes == sum(votes.n_votes for votes in series.votes)
    static = build_chamber(one.votes, PRODUCTION_BETA, 5.0)
    dynamic, chamber = log_density(built.model), log_density(static.model)
    rng, found = np.random.default_rng(3), []
    begins = series.steps == 0
    for _ in range(3):
        point = {name: value + 0.3 * rng.standard_normal(value.shape) for name, value in built.start.items()}
        point |= {"step": np.full(2, 1e-9), "entry_step": np.array(1e-9), "sigma_within": rng.uniform(0.3, 1, 2)}
        own = {name: point[name] for name in ("mu_raw", "sigma_within", "alpha", "beta")}
        offsets = np.empty(one.votes.n_legislators)
        offsets[one.row[begins]] = point["xi_offset"][begins]
        # what is left are the priors of the steps and of standard normal numbers that move nothing
        idle = stats.norm.logpdf(point["xi_offset"][~begins]).sum() + stats.norm.logpdf(point["entry_offset"]).sum()
        idle += 3 * stats.halfnorm(0, 0.5).logpdf(1e-9)
        found.append(dynamic(point) - chamber({**own, "xi_offset": offsets}) - idle)
    assert_is_constant(np.array(found), 0.0)


def test_what_is_no_series_of_careers_is_refused():
    series = with_a_gap()
    twice = (np.zeros(9, dtype=int), *series.career[1:])
    with pytest.raises(ValueError, match="career of her own"):
        SessionsVotes(series.names, series.votes, twice)
    crossed = (series.career[0][::-1].copy(), *series.career[1:])
    with pytest.raises(ValueError, match="one party"):
        SessionsVotes(series.names, series.votes, crossed)
    with pytest.raises(ValueError, match="'slow'"):
        build_dynamic(series, coordinates="slow")
