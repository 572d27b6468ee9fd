"""On which side each party sits: the assignment that is sampled is the one that holds the posterior."""

from dataclasses import replace

import numpy as np
import pymc as pm
import pytest
from small import small_chamber, small_pair

from tallgrass_models.files.forms import CLEAR, CLOSE, UNKNOWN
from tallgrass_models.models.fast import sides
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.models.fast.evidence import Bound, evidence_bound
from tallgrass_models.models.fast.forms import choose_form, choose_joint_form
from tallgrass_models.models.fast.joint import build_joint
from tallgrass_models.models.fast.sides import Assignment, Sides, cut_off
from tallgrass_models.models.orientation import chamber_orientation
from tallgrass_models.models.starts import bill_start
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.votes.matching import join_chambers
from tallgrass_models.votes.matrix import ChamberVotes
from tallgrass_models.votes.vocabulary import PARTIES

PRIORS = {
    "normal": BetaPriorSpec("normal", {"mu": 0, "sigma": 1}),
    "lognormal": BetaPriorSpec("lognormal", {"mu": 0, "sigma": 0.5}),
    "lognormal_reparam": BetaPriorSpec("lognormal_reparam", {"mu": 0, "sigma": 0.5}),
    "halfnormal": BetaPriorSpec("halfnormal", {"sigma": 1}),
}


def divided_chamber(share: float, seed: int = 1, sizes: tuple[int, int] = (22, 18), n_votes: int = 120) -> ChamberVotes:
    """Two parties well apart, and Yea the Democratic side on about that share of the roll calls."""
    rng = np.random.default_rng(seed)
    votes = small_chamber("senate", (*sizes, 0), n_votes, seed=seed)
    xi = np.repeat([-1.5, 1.5], sizes) + 0.5 * rng.normal(size=sum(sizes))
    beta = np.exp(rng.normal(0, 0.5, n_votes)) * np.where(rng.random(n_votes) < share, -1, 1)
    logit = np.outer(xi, beta) - rng.normal(0, 1.5, n_votes)
    y = (rng.random(logit.shape) < 1 / (1 + np.exp(-logit))).astype(np.int8)
    y[rng.random(y.shape) < 0.05] = -1
    return replace(votes, y=y, legislators=votes.legislators.assign(pc1=xi + 0.1 * rng.normal(size=len(xi))))


def lead(votes: ChamberVotes) -> tuple[float, float]:
    """Mean lead of the Democrats' Yea share in standard errors over roll calls, and the share of those they lead."""
    yea = [(votes.y[votes.parties == p] == 1).sum(0) / (votes.y[votes.parties == p] >= 0).sum(0) for p in PARTIES]
    lead = yea[0] - yea[1]
    return float(lead.mean() / lead.std() * np.sqrt(lead.size)), float((lead > 0).mean())


def reversed_in(built) -> list[str]:
    return built.facts["sides"]["tried"][0]["reversed"]


def chains_from_each_side(votes: ChamberVotes, prior: BetaPriorSpec, oriented: bool) -> list[tuple[float, bool]]:
    """Draws of the textbook form by PyMC's own sampler, started with Democrats left, then right.

    For each chain, its mean log density, and whether it is with Democrats right that it ended.
    """
    built = build_chamber(votes, prior, coordinates="reference", orient_bills=oriented)
    mean = built.start["mu_raw"][np.array([PARTIES.index(p) for p in votes.parties])]
    xi, every = mean + 0.5 * built.start["xi_offset"], np.arange(votes.n_votes)
    known = chamber_orientation(votes) if oriented else None
    found = []
    for side in (1.0, -1.0):  # members on that side, and the bills that go with them
        bills = bill_start([(votes, side * xi, every)], prior, known)
        start = {**built.start, "xi_offset": (side * xi - mean) / 0.5, **bills}
        with built.model:
            trace = pm.sample(
                draws=60,
                tune=300,
                chains=1,
                cores=1,
                random_seed=1,
                init="adapt_diag",
                initvals=start,
                progressbar=False,
                compute_convergence_checks=False,
            )
        xi = trace["posterior"]["xi"].mean(("chain", "draw")).to_numpy()
        lean = xi[votes.parties == "Democrat"].mean() - xi[votes.parties == "Republican"].mean()
        found.append((float(trace["sample_stats"]["lp"].mean()), bool(lean > 0)))
    return found


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("share", "name", "oriented"),
    [
        (0.3, "lognormal", False),
        (0.56, "halfnormal", False),
        (0.6, "lognormal_reparam", False),
        (0.9, "halfnormal", False),
        (0.7, "normal", False),
        (0.7, "lognormal", True),
    ],
)
def test_the_sampled_side_is_the_one_of_higher_density(share, name, oriented):
    """Independent of the pilot and of the fast coordinates: two chains of PyMC's sampler."""
    votes = divided_chamber(share)
    (one, one_turned), (other, other_turned) = chains_from_each_side(votes, PRIORS[name], oriented)
    built = build_chamber(votes, PRIORS[name], orient_bills=oriented)
    assert built.facts["form"] == "parties"
    # A chain may have left the worse side by itself. Under a prior without sign, the sides are mirror images but for
    # the means and spreads of the parties, so their volumes hardly differ.
    clear = 8 if name == "normal" else 20
    assert one_turned == other_turned or abs(one - other) > clear
    assert reversed_in(built) == (["senate"] if max((one, one_turned), (other, other_turned))[1] else [])


@pytest.mark.parametrize("name", ["lognormal", "lognormal_reparam", "halfnormal"])
def test_a_moderate_lead_decides(name):
    """A lead of about three standard errors, on 56 % of the roll calls: five were once taken to be needed."""
    votes = next(
        votes
        for votes in (divided_chamber(0.57, seed) for seed in range(1, 60))
        if 2.4 < lead(votes)[0] < 3.6 and 0.53 < lead(votes)[1] < 0.66
    )
    built = build_chamber(votes, PRIORS[name])
    assert reversed_in(built) == ["senate"]
    assert built.facts["sides"]["gap"] > 20
    assert built.facts["form"] == "parties"


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_a_normal_prior_and_oriented_bills_leave_the_parties_in_their_order(share):
    votes = divided_chamber(share)
    assert reversed_in(build_chamber(votes, PRIORS["normal"])) == []
    assert reversed_in(build_chamber(votes, PRIORS["lognormal"], orient_bills=True)) == []


def test_two_chambers_are_tied_by_their_shared_bills():
    """Four assignments; Democrats lead in both chambers, so both are reversed."""
    names = [f"HB {j}" for j in range(60)]
    house, senate = divided_chamber(0.85, 3, (14, 12), 60), divided_chamber(0.85, 3, (9, 8), 60)
    house = replace(house, chamber="house", rollcalls=house.rollcalls.assign(bill=names))
    built = build_joint(
        join_chambers(house, replace(senate, rollcalls=senate.rollcalls.assign(bill=names))), PRIORS["lognormal"]
    )
    tried = built.facts["sides"]["tried"]
    assert tried[0]["reversed"] == ["house", "senate"]
    assert sorted(map(len, (one["reversed"] for one in tried))) == [0, 1, 1, 2]


def test_ten_members_go_over_to_the_textbook_form():
    """Parties that 15 roll calls do not tell apart: the frame of the parties would cut off part of the posterior."""
    rng = np.random.default_rng(4)
    votes = small_chamber("senate", (4, 6, 0), 15, seed=4)
    votes = replace(votes, y=rng.integers(0, 2, votes.y.shape).astype(np.int8))
    built = build_chamber(votes, PRIORS["normal"])
    assert built.facts["form"] == "textbook"
    assert built.coordinates == "reference"
    assert len(built.other_starts) == 1


def test_parties_that_are_no_poles_get_the_frame_of_halves():
    """Members who differ, and whose parties say nothing of it: 40 members by 60 roll calls, parties at random."""
    votes = divided_chamber(0.5, seed=2, n_votes=60)
    parties = np.random.default_rng(0).permutation(votes.legislators["party"].to_numpy(object))
    table = votes.legislators.assign(party=parties, caucus=parties)
    built = build_chamber(replace(votes, legislators=table), PRIORS["normal"])
    assert built.facts["form"] == "halves"
    draws = {name: value[None, None] for name, value in built.start.items()}
    assert built.report(draws, np.random.default_rng(0))["xi"].shape == (1, 1, 40)


def test_both_chambers_of_a_small_pair_are_built():
    built = build_joint(join_chambers(*small_pair()), PRIORS["normal"])
    assert len(built.facts["sides"]["tried"]) == 4


# --- the choice, from planted evidence --------------------------------------------------------------------------------


def tried(*evidence: float, apart: tuple[float, ...] = (20.0, 20.0)) -> Sides:
    """Assignments in the order of `itertools.product`, with those log evidences."""
    n = {2: 1, 4: 2}[len(evidence)]
    values = dict(zip(np.ndindex(*(2,) * n), evidence, strict=True))
    return sides.try_sides(
        lambda crossed: Assignment(crossed, Bound(values[crossed], 0.1, np.zeros(1), np.ones(1)), apart[:n]), n
    )


@pytest.mark.parametrize(
    ("evidence", "apart", "symmetric", "cells", "form"),
    [
        ((-100, -200), 20.0, False, 5000, "parties"),
        ((-200, -100), 20.0, False, 5000, "parties"),
        ((-100, -104), 20.0, True, 5000, "halves"),
        ((-100, -104), 4.0, False, 5000, "halves"),
        ((-100, -200), 2.0, False, 5000, "halves"),
        ((-100, -104), 20.0, False, 5000, "textbook"),
        ((-100, -104), 20.0, False, 50_000, "undecided"),
        ((-100, -104), 20.0, True, 500, "textbook"),
    ],
)
def test_choice_of_form(evidence, apart, symmetric, cells, form):
    found, reason = choose_form(tried(*evidence, apart=(apart,)), symmetric, cells)
    assert found == form
    assert ("no doubt" in reason) == (form == "parties")


@pytest.mark.parametrize(
    ("gap", "se", "doubt"),
    [
        *((5, 0.1, CLOSE), (5, 50.0, CLOSE), (11, 0.1, CLEAR), (11, 2.0, CLOSE), (19, 50.0, UNKNOWN)),
        *((1000, 50.0, CLEAR), (11000, 8700.0, UNKNOWN)),
    ],
)
def test_a_gap_counts_less_its_errors(gap, se, doubt):
    bounds = {(False,): Bound(0.0, 0.0, np.zeros(1), np.ones(1)), (True,): Bound(-gap, se, np.zeros(1), np.ones(1))}
    found = sides.try_sides(lambda crossed: Assignment(crossed, bounds[crossed], (20.0,)), 1)
    assert found.doubt() == doubt
    assert bool(found.close()) == (doubt != CLEAR)


def test_the_frame_is_left_where_chains_press_against_it():
    assert choose_form(tried(-100, -200), True, 5000, pressed=True)[0] == "halves"
    assert choose_joint_form(tried(-100, -200, -300, -400), 5000, (False, True))[:2] == ("halves", (False, True))


@pytest.mark.parametrize(
    ("evidence", "apart", "cells", "form", "halves"),
    [
        ((-100, -200, -300, -400), (20.0, 20.0), 5000, "parties", (False, False)),
        ((-100, -103, -300, -400), (20.0, 4.0), 5000, "halves", (False, True)),
        ((-100, -200, -103, -400), (4.0, 20.0), 5000, "halves", (True, False)),
        ((-100, -200, -300, -103), (20.0, 20.0), 5000, "textbook", (False, False)),
        ((-100, -200, -300, -103), (20.0, 20.0), 50_000, "undecided", (False, False)),
        ((-100, -103, -300, -400), (20.0, 20.0), 5000, "textbook", (False, False)),
    ],
)
def test_choice_of_the_joint_form(evidence, apart, cells, form, halves):
    assert choose_joint_form(tried(*evidence, apart=apart), cells)[:2] == (form, halves)


def test_mass_cut_off_by_hand():
    """Distances 1 and 3: mean 2, standard deviation 1, so Phi(-2)."""
    found = cut_off(
        {"house_log_sep": np.log([[1.0, 3.0]]), "senate_log_sep": np.log([[9.0, 11.0]])}, ["house", "senate"]
    )
    assert found == pytest.approx({"house": 0.02275, "senate": 0.0}, abs=1e-5)


def test_the_bound_is_the_evidence_of_a_gaussian_and_below_that_of_another():
    """log Z = d/2 log(2 pi) + sum log sd exactly; with correlation the bound is lower, by -log(1 - r^2) / 2."""
    sd = np.array([0.5, 2.0, 1.0])

    def density(x):
        return float(-0.5 * ((x - 1) / sd) @ ((x - 1) / sd)), -(x - 1) / sd**2

    found = evidence_bound(density, np.zeros(3), np.array([True, False, False]))
    exact = 1.5 * np.log(2 * np.pi) + np.log(sd).sum()
    assert found.value == pytest.approx(exact, abs=1e-3)
    r = 0.6
    precision = np.linalg.inv(np.array([[1, r], [r, 1]]))
    tied = evidence_bound(lambda x: (float(-0.5 * x @ precision @ x), -precision @ x), np.zeros(2), np.ones(2, bool))
    exact = np.log(2 * np.pi) + 0.5 * np.log(1 - r**2)
    assert tied.value < exact
    assert tied.value == pytest.approx(exact + 0.5 * np.log(1 - r**2), abs=0.15)


def test_a_bound_whose_draws_fall_off_a_cliff_is_told_by_a_narrower_gaussian():
    """300 coordinates with ``log p = -x^2 / 2`` up to 1 and a steep wall beyond; log Z by quadrature."""
    n, steep = 300, 2000.0

    def each(x):
        beyond = np.maximum(np.abs(x) - 1, 0)
        return -(x**2) / 2 - steep * beyond**2, -x - 2 * steep * beyond * np.sign(x)

    def density(x):
        value, gradient = each(x)
        return float(value.sum()), gradient

    grid = np.linspace(-4, 4, 400_001)
    exact = n * np.log(np.trapezoid(np.exp(each(grid)[0]), grid))
    found = evidence_bound(density, np.zeros(n), np.zeros(n, bool))
    assert found.value < exact
    # draws as wide as the curvature at the top lose some 150 nats at each of the 300 walls
    assert found.value > exact - 3 * n
    assert found.se < 25
