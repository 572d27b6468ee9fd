"""Absences: hand counts, chances by listing every way to vote, and planted reasons to be absent."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import xarray as xr
from small import small_chamber

from tallgrass_models.draws.frame import Frame
from tallgrass_models.report.files.data import UnitResults
from tallgrass_models.report.page.parts import Table, Text
from tallgrass_models.report.sections.absences import (
    absence_parts,
    counts_sentence,
    groups_of,
    moves_sentence,
    odds_of,
    outcome_sentence,
    position_sentence,
)
from tallgrass_models.summary.absence_model import (
    CLOSE,
    INTERCEPT,
    MEMBER,
    POSITION,
    REPUBLICAN,
    Absences,
    _log_marginal,
    absence_model,
    moves,
)
from tallgrass_models.summary.absences import Outcome, absence_tables, close_calls, flip_chance
from tallgrass_models.summary.vote_probabilities import vote_tables
from tallgrass_models.votes.unit import Unit
from tallgrass_models.votes.unit_votes import make_unit


@pytest.mark.parametrize(("yea", "nay"), [(5, 4), (4, 4), (3, 6), (7, 3), (4, 5), (6, 4), (2, 9)])
@pytest.mark.parametrize("p", [(0.2, 0.9, 0.5), (0.0, 1.0, 0.7)])
def test_chance_of_another_outcome_by_listing_every_way_to_vote(yea, nay, p):
    chance = 0.0
    for votes in product((0, 1), repeat=3):
        weight = np.prod([own if vote else 1 - own for own, vote in zip(p, votes, strict=True)])
        after = yea + sum(votes) > nay + 3 - sum(votes)
        chance += weight * (after != (yea > nay))
    outcome = Outcome(yea, nay, 3)
    assert flip_chance(outcome, np.array(p)[:, None]) == pytest.approx(chance)
    could = any((yea + t > nay + 3 - t) != (yea > nay) for t in range(4))
    assert outcome.open == could


def test_the_chance_is_averaged_over_the_draws():
    assert flip_chance(Outcome(5, 5, 1), np.array([[0.2, 0.6]])) == pytest.approx(0.4)


def session(seed=0, n_draws=50, sizes=(12, 14, 1), n_votes=30):
    """A chamber, its votes as the step has them, and draws around known parameters."""
    votes = small_chamber(sizes=sizes, n_votes=n_votes, missing=0.2, seed=3)
    rng = np.random.default_rng(seed)
    days = np.array([f"2025-02-{1 + j % 28:02d}" for j in range(n_votes)])
    order = np.sort(days)
    first = np.where(np.arange(votes.n_legislators) == 4, "2025-02-10", "2025-02-01")
    y = votes.y.copy()
    y[4, order < "2025-02-10"] = -1
    votes = replace(
        votes,
        y=y,
        rollcalls=votes.rollcalls.assign(date=order),
        legislators=votes.legislators.assign(first_day=first, last_day="2025-02-28"),
    )
    unit = make_unit([votes])
    shape = 2, n_draws
    draws = xr.Dataset(
        {
            "xi": (("chain", "draw", "legislator"), rng.normal(size=(*shape, votes.n_legislators))),
            "alpha": (("chain", "draw", "vote"), rng.normal(size=(*shape, n_votes))),
            "beta": (("chain", "draw", "vote"), rng.normal(size=(*shape, n_votes))),
        }
    )
    frame = Frame(np.zeros(shape), np.ones(shape))
    return votes, order, unit, frame, draws


def test_counts_by_hand():
    votes, days, unit, frame, draws = session()
    tables = absence_tables(unit, vote_tables(unit, frame, draws), frame, draws, np.random.default_rng(1))
    calls, members = tables["absent_calls"], tables["absent_members"].set_index("legislator")
    assert list(members.index) == list(votes.legislators.index)
    yea, nay = (votes.y == 1).sum(0), (votes.y == 0).sum(0)
    n_absent = []
    for j, day in enumerate(days):
        in_office = [i for i in range(votes.n_legislators) if i != 4 or day >= "2025-02-10"]
        n_absent.append(sum(votes.y[i, j] == -1 for i in in_office))
    some = [j for j in range(len(days)) if n_absent[j]]
    assert list(calls["vote"]) == [votes.rollcalls.index[j] for j in some]
    np.testing.assert_array_equal(calls["n_absent"], np.array(n_absent)[some])
    np.testing.assert_array_equal(calls["yea"], yea[some])
    np.testing.assert_allclose(calls["expected_yea"] + calls["expected_nay"], calls["n_absent"])
    assert (members.loc[votes.legislators.index[4], "n_office"]) == (days >= "2025-02-10").sum()
    assert members["n_absent"].sum() == sum(n_absent)
    close = [j for j in range(len(days)) if max(yea[j], nay[j]) / (yea[j] + nay[j]) < 0.6]
    assert members["n_close"].iloc[0] == len(close)
    np.testing.assert_array_equal(np.flatnonzero(close_calls(np.where(votes.y < 0, -1, votes.y))), close)
    j, who = some[0], np.flatnonzero(votes.y[:, some[0]] == -1)
    who = [i for i in who if i != 4 or days[j] >= "2025-02-10"]
    logit = draws["beta"].values[..., j, None] * draws["xi"].values[..., who] - draws["alpha"].values[..., j, None]
    p = 1 / (1 + np.exp(-logit))
    assert calls["expected_yea"].iloc[0] == pytest.approx(p.mean((0, 1)).sum(), abs=1e-5)
    wanted = flip_chance(Outcome(int(yea[j]), int(nay[j]), len(who)), p.reshape(-1, len(who)).T)
    assert calls["p_flip"].iloc[0] == pytest.approx(wanted, abs=1e-6)
    assert ((calls["p_flip"] == 0) | calls["could_flip"]).all()


def test_where_nobody_is_absent_there_are_no_rows():
    votes, _, _, frame, draws = session()
    full = replace(votes, y=np.where(votes.y < 0, 1, votes.y).astype(np.int8))
    unit = make_unit([full])
    tables = absence_tables(unit, vote_tables(unit, frame, draws), frame, draws, np.random.default_rng(1))
    assert tables["absent_calls"].empty
    assert tables["absence_model"].empty
    assert tables["absent_members"]["n_absent"].sum() == 0
    assert tables["absent_members"]["move"].isna().all()


def planted(rng, slope=1.2, close=-0.8, member=0.5, n=80):
    """Counts of members whose chance of absence depends on where they stand."""
    republican = (np.arange(n) >= n // 2).astype(float)
    x = np.where(republican, 1.0, -1.0) + 0.4 * rng.normal(size=n)
    eta = -2.0 + slope * x - 0.6 * republican + member * rng.normal(size=n)
    trials = np.stack([np.full(n, 300.0), np.full(n, 80.0)], axis=1)
    p = 1 / (1 + np.exp(-(eta[:, None] + np.array([0, close]))))
    return Absences(trials, rng.binomial(trials.astype(int), p).astype(float), republican), x


def test_a_planted_reason_is_found_with_its_uncertainty():
    """Six sessions: 90 % intervals of each term cover what was planted in most of them."""
    truth = {INTERCEPT: -2.0, POSITION: 1.2, REPUBLICAN: -0.6, CLOSE: -0.8, MEMBER: 0.5}
    covered = []
    for k in range(6):
        rng = np.random.default_rng(k)
        absences, x = planted(rng)
        found = absence_model(absences, x + 0.05 * rng.normal(size=(20, len(x))), rng)
        assert found.terms == tuple(truth)
        low, high = np.quantile(found.draws, [0.05, 0.95], axis=0)
        planted_at = np.array([*truth.values()])
        covered.append((low <= planted_at) & (planted_at <= high))
    assert (np.sum(covered, axis=0) >= 3).all()
    assert np.mean(covered) > 0.8


def test_members_move_towards_what_their_absences_say():
    """A slope upwards: who is away more often than her position says stands further to the right."""
    rng = np.random.default_rng(4)
    absences, x = planted(rng)
    draws = x + 0.3 * rng.normal(size=(400, len(x)))
    found = absence_model(absences, draws, rng)
    moved = moves(absences, draws, found.at_mean, found.terms)
    rate = np.log((absences.k.sum(1) + 0.5) / (absences.n.sum(1) - absences.k.sum(1) + 0.5))
    of = dict(zip(found.terms, found.at_mean, strict=True))
    surprise = rate - of[POSITION] * draws.mean(0) - of[REPUBLICAN] * absences.republican
    known = np.isfinite(moved)
    assert known.mean() > 0.8
    assert np.corrcoef(moved[known], surprise[known])[0, 1] > 0.9
    flat = moves(absences, draws, np.where(np.array(found.terms) == POSITION, 0.0, found.at_mean), found.terms)
    np.testing.assert_allclose(flat, 0, atol=1e-8)


def test_the_marginal_likelihood_against_quadrature():
    absences = Absences(
        np.array([[300.0, 40.0], [5.0, 0.0]]), np.array([[30.0, 9.0], [1.0, 0.0]]), np.array([0.0, 1.0])
    )
    terms, theta, x = (
        (INTERCEPT, POSITION, REPUBLICAN, CLOSE),
        np.array([-2.0, 0.5, 0.3, 0.4, np.log(0.6)]),
        [0.7, -1.0],
    )
    found = _log_marginal(absences, np.array(x), theta, terms)
    u = np.linspace(-8, 8, 20_001)
    for i in range(2):
        eta = -2.0 + 0.5 * x[i] + 0.3 * absences.republican[i] + np.array([[0.0], [0.4]]) + u
        loglik = (absences.k[i][:, None] * eta - absences.n[i][:, None] * np.logaddexp(0, eta)).sum(0)
        density = np.exp(-0.5 * (u / 0.6) ** 2) / (0.6 * np.sqrt(2 * np.pi))
        exact = np.log(np.trapezoid(np.exp(loglik - loglik.max()) * density, u)) + loglik.max()
        assert found[i] == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize("n", [10, 30])
def test_too_little_is_not_fitted(n):
    """Ten members; or thirty of whom one is ever absent."""
    k = np.zeros((n, 2))
    k[: n if n < 20 else 1] = 3
    absences = Absences(np.full((n, 2), 20.0), k, (np.arange(n) % 2).astype(float))
    assert absence_model(absences, np.random.default_rng(0).normal(size=(5, n)), np.random.default_rng(0)) is None


# --- the page ---------------------------------------------------------------------------------------------------------

MEMBERS = [
    {"legislator": "a", "name": "Ann", "party": "Democrat", "position_mean": -1.0, "n_office": 10, "n_absent": 1,
     "n_close": 4, "n_absent_close": 1, "move": 0.1, "chamber": "house"},
    {"legislator": "b", "name": "Bob", "party": "Republican", "position_mean": 1.0, "n_office": 10, "n_absent": 3,
     "n_close": 4, "n_absent_close": 0, "move": -0.5, "chamber": "house"},
    {"legislator": "c", "name": "Cat", "party": "Independent", "position_mean": 0.0, "n_office": 5, "n_absent": 0,
     "n_close": 0, "n_absent_close": 0, "move": None, "chamber": "house"},
]  # fmt: skip
CALL = {"vote": "v1", "chamber": "house", "bill": "HB 1", "title": "", "motion": "", "date": "2025-01-01"}
CALL |= {"yea": 5, "nay": 4, "n_absent": 3, "expected_yea": 1.0, "expected_nay": 2.0, "could_flip": True, "p_flip": 0.6}


def test_groups_are_counted_by_hand():
    groups = {row["who"]: row for row in groups_of(MEMBERS, True)}
    assert list(groups)[:4] == ["all members", "Democrats", "Republicans", "counted with neither party"]
    assert list(groups)[4:] == ["leftmost third", "middle third", "rightmost third"]
    assert groups["all members"]["share"] == pytest.approx(4 / 25)
    assert groups["all members"]["share_close"] == pytest.approx(1 / 8)
    assert groups["rightmost third"]["n_absent"] == 3
    assert groups["counted with neither party"]["share_close"] is None
    assert "leftmost third" not in {row["who"] for row in groups_of(MEMBERS, False)}


def test_sentences():
    said = counts_sentence(MEMBERS, [CALL])
    assert said.startswith("Members in office cast neither Yea nor Nay in 4 of 25 cases (16.0\u00a0%), on 1 roll call.")
    assert "without a date" not in said
    assert "without a date" in counts_sentence(MEMBERS, [CALL | {"date": None}])
    assert "On 1 roll call the absent could have changed it" in outcome_sentence([CALL])
    assert "0.6 of these outcomes" in outcome_sentence([CALL])
    assert "fewer than 0.1 of these" in outcome_sentence([CALL | {"p_flip": 0.0}])
    assert "On no roll call could" in outcome_sentence([CALL | {"could_flip": False, "p_flip": 0.0}])
    moved = moves_sentence(MEMBERS)
    assert "1 position of 2 would move by more than 0.25" in moved
    assert "that of Bob (by 0.50 to the left). For 1 other member it cannot be told." in moved.striptags()
    assert "none of 1 position would move" in moves_sentence([MEMBERS[0], MEMBERS[2]])
    assert "most that of Bob" in moves_sentence([MEMBERS[1], {**MEMBERS[0], "move": 0.3}]).striptags()
    assert "no position would move by more than 0.25" in moves_sentence(MEMBERS[:1])
    assert "cannot be told from these draws" in moves_sentence(MEMBERS[2:])
    odds = odds_of({"term": "position", "logit_mean": np.log(2), "logit_q05": np.log(1.5), "logit_q95": np.log(3)})
    assert (odds["odds"], odds["odds_q05"], odds["odds_q95"]) == pytest.approx((2, 1.5, 3))
    assert "further to the right are absent more often" in position_sentence(odds)
    assert "further to the left" in position_sentence({"odds_q05": 0.5, "odds_q95": 0.9})
    assert "cannot be told" in position_sentence({"odds_q05": 0.5, "odds_q95": 1.9})


def parts_of(rows, reasons=""):
    return absence_parts(UnitResults(Unit.HOUSE, {}, rows=rows), reasons)


def test_what_the_part_shows_and_withholds():
    rows = {"absent_members": MEMBERS, "absent_calls": [CALL], "absence_model": []}
    texts = " ".join(str(part.text) for part in parts_of(rows) if isinstance(part, Text))
    assert "too few members or absences for a model" in texts
    tables = [part.id for part in parts_of(rows) if isinstance(part, Table)]
    assert tables == ["house-absent-groups", "house-absent-calls", "house-absent-members"]
    withheld = parts_of(rows, "it did not converge")
    assert [part.id for part in withheld if isinstance(part, Table)] == ["house-absent-groups"]
    assert "withheld: it did not converge" in str(withheld[-1].text)
    nobody = [{**row, "n_absent": 0} for row in MEMBERS]
    (only,) = parts_of({"absent_members": nobody, "absent_calls": []})
    assert "No member of the fit was absent" in str(only.text)
    (gone,) = parts_of({})
    assert "absent_members.csv" in str(gone.text)
