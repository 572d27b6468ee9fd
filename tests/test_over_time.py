"""Sessions on one scale: links against known constants, careers against the truth, changes by hand, people by rule."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from careers import as_fitted, careers, headline, noisy

from tallgrass_models.config.series import Matching
from tallgrass_models.errors import UserError
from tallgrass_models.files.columns import over_time as columns
from tallgrass_models.over_time.bridges import bridge
from tallgrass_models.over_time.build import build
from tallgrass_models.over_time.chain import Sitting, chain
from tallgrass_models.over_time.changes import overlap, shift
from tallgrass_models.over_time.people import MEMBERS, identify

D, R = "Democrat", "Republican"

# --- links ------------------------------------------------------------------------------------------------------------


def members(rng, n=30, n_draws=50):
    """Positions of two parties, known but for a scale that is another one in each draw."""
    return np.exp(0.1 * rng.normal(size=(n_draws, 1))) * (np.tile([-1.0, 1.0], n // 2) + 0.4 * rng.normal(size=n))


@pytest.mark.parametrize("a", [0.4, 2.5, -1.3], ids=["smaller", "larger", "mirrored"])
def test_exact_bridges_give_back_the_constants(a):
    rng = np.random.default_rng(1)
    x = members(rng)
    factor, by = a * np.exp(0.1 * rng.normal(size=(50, 1))), rng.normal(size=(50, 1))
    found = bridge(x, (x - by) / factor, np.ones(30, bool), rng)
    np.testing.assert_allclose(found.a, factor[:, 0], rtol=1e-6)
    np.testing.assert_allclose(found.b, by[:, 0], atol=1e-6)
    np.testing.assert_allclose(found.change, 0, atol=1e-6)
    assert found.used.all()
    assert found.drift.max() < 1e-6
    assert (found.correlation < 0) == (a < 0)


def test_who_moved_is_no_bridge_and_bends_nothing():
    rng = np.random.default_rng(2)
    x = members(rng)
    moved = x.copy()
    moved[:, [4, 7]] += [1.5, -2.0]
    found = bridge(x, (moved - 0.3) / 2, np.ones(30, bool), rng)
    assert np.flatnonzero(~found.used).tolist() == [4, 7]
    np.testing.assert_allclose(found.a, 2, rtol=1e-6)
    np.testing.assert_allclose(found.b, 0.3, atol=1e-6)
    spread = x[:, found.used].std(1)
    np.testing.assert_allclose(found.change[:, 7] * spread, -2, atol=1e-6)


def test_who_may_not_bridge_has_no_say_and_a_change():
    rng = np.random.default_rng(3)
    x = members(rng)
    y = x.copy()
    y[:, 0] += 5
    may = np.arange(30) > 0
    found = bridge(x, y, may, rng)
    np.testing.assert_allclose(found.a, 1, rtol=1e-6)
    assert not found.used[0]
    assert (found.change[:, 0] > 0).all()


def test_small_moves_of_all_make_the_link_uncertain():
    """The mean of 30 moves of 0.3 is off by about 0.3 / sqrt(30), though the posteriors know every position."""
    rng = np.random.default_rng(4)
    x = np.repeat((np.tile([-1.0, 1.0], 15) + 0.4 * rng.normal(size=30))[None], 2000, axis=0)
    drift = 0.3 * rng.normal(size=30)
    found = bridge(x, x + drift, np.ones(30, bool), rng)
    assert found.b.std() == pytest.approx(0.3 / np.sqrt(30), rel=0.35)
    low, high = np.quantile(found.b, [0.01, 0.99])
    assert low < 0 < high


def sitting(session, person, x, party=None):
    party = np.where(np.asarray(person) % 2, R, D).astype(object) if party is None else np.array(party, object)
    return Sitting(session, np.asarray(x, float), np.asarray(person), party)


def test_a_chain_multiplies_its_links():
    rng = np.random.default_rng(5)
    x = members(rng, 20)
    who = np.arange(20)
    found = chain(
        [sitting("a", who, x), sitting("b", who, -2 * x + 1), sitting("c", who[::-1], (0.5 * x - 3)[:, ::-1])]
    )
    np.testing.assert_allclose(found.places[1], found.places[0], atol=1e-6)
    np.testing.assert_allclose(found.places[2][:, ::-1], found.places[0], atol=1e-6)
    assert [found.places[0][:, who % 2 == p].mean(1).tolist() for p in (0, 1)] == [
        pytest.approx([side] * 50) for side in (-1, 1)
    ]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (lambda x: sitting("b", np.arange(16, 36), x), "a and b have 4 members in common who can serve as bridges"),
        (
            lambda x: sitting("b", np.arange(20), np.random.default_rng(0).normal(size=x.shape) + [1, 2] * 10),
            "the positions of the 20 members who sit in a and in b hardly agree",
        ),
        (lambda x: sitting("b", np.arange(20), x, [R, D] * 10), "a and b have 0 members in common who can serve"),
    ],
    ids=["few", "no agreement", "everybody switched"],
)
def test_a_chain_that_breaks_says_where(other, reason):
    x = np.random.default_rng(6).normal(size=(40, 1, 20)).mean(1) * 0.1 + np.random.default_rng(7).normal(size=20)
    found = chain([sitting("a", np.arange(20), x), other(x)])
    assert found.places == []
    assert found.reason.startswith(reason)


def test_careers_are_covered_by_their_intervals():
    """Of known careers, with draws whose error is that of the posterior; nominal 90 %."""
    members_in, parties_in, moved = [], [], []
    for seed in range(8):
        terms, rng = careers(seed), np.random.default_rng(100 + seed)
        found = build("s", [as_fitted(term, noisy(term, rng, 300, 0.1)) for term in terms], Matching())
        for k, term in enumerate(terms[1:], start=1):
            truth = headline(terms, k)
            rows = found.tables["time_members"].query("session == @term.session")
            assert rows["person"].tolist() == [f"m{who:03d}" for who in term.person]
            members_in.append(((rows["place_q05"] <= truth) & (truth <= rows["place_q95"])).mean())
            for row in found.tables["time_parties"].query("session == @term.session").itertuples():
                parties_in.append(row.place_q05 <= truth[term.party == row.party].mean() <= row.place_q95)
        moves = found.tables["time_moves"]
        moved.append(moves.query("person == 'm003' and before == 's2'")["reason"].item())
    assert 0.84 <= np.mean(members_in) <= 0.96
    assert np.mean(parties_in) >= 0.75  # 64 answers, of which those of one legislature go together
    assert moved.count("moved") >= 7


# --- changes ----------------------------------------------------------------------------------------------------------


def test_a_change_by_hand():
    """Three of four stay and move by 1; the one at 4 leaves, and one at 10 comes."""
    x, y = np.array([[0.0, 1.0, 2.0, 4.0]]), np.array([[10.0, 1.0, 2.0, 3.0]])
    found = shift(x, y, np.array([1, 2, 3, 4]), np.array([5, 1, 2, 3]))
    assert (found.n_stayed, found.n_left, found.n_came) == (3, 1, 1)
    assert found.change[0] == pytest.approx(4 - 1.75)
    assert found.conversion[0] == pytest.approx(1)
    assert found.left[0] == pytest.approx(-(4 - 1) / 4)
    assert found.came[0] == pytest.approx((10 - 2) / 4)
    assert found.conversion + found.replacement == pytest.approx(found.change)


def test_all_is_replacement_where_nobody_stays():
    found = shift(np.zeros((3, 2)), np.ones((3, 2)), np.array([1, 2]), np.array([3, 4]))
    assert found.conversion is None
    assert (found.replacement == 1).all()


def test_overlap_counts_pairs():
    rng = np.random.default_rng(8)
    x, party = rng.normal(size=(5, 13)), np.array([D] * 6 + [R] * 7, object)
    by_hand = [np.mean([left > right for left in row[:6] for right in row[6:]]) for row in x]
    np.testing.assert_allclose(overlap(x, party), by_hand)
    assert overlap(x, np.array([D] * 13, object)) is None


def test_every_table_and_every_key_is_filled(tmp_path):
    terms, rng = careers(9, n_sessions=3), np.random.default_rng(9)
    found = build("s", [as_fitted(term, noisy(term, rng, 100, 0.1)) for term in terms], Matching())
    for table in columns.TABLES:
        table.write(tmp_path / table.name, found.tables[table.name])
        rows = table.read_rows(tmp_path / table.name)
        assert len(rows) == len(found.tables[table.name])
        assert bool(rows) == (table not in (columns.TIME_ACROSS, columns.TIME_CROSSED))  # of both chambers on one scale
    changes = found.tables["time_changes"]
    assert changes.query("party == 'Democrat'")[["before", "after"]].to_numpy().tolist() == [
        ["s1", "s2"], ["s2", "s3"], ["s1", "s3"],
    ]  # fmt: skip
    assert changes["conversion_median"].notna().all()
    gaps = found.tables["time_chambers"]
    assert gaps["distance_median"].iloc[0] == pytest.approx(2)
    assert gaps["p_wider_than_first"].isna().tolist() == [True, False, False]
    assert [link["n_returning"] for link in found.summary["chambers"][0]["links"]] == [
        int(np.isin(one.person, other.person).sum()) for one, other in pairwise(terms)
    ]


def test_sessions_in_another_order_are_refused():
    terms, rng = careers(10, n_sessions=2), np.random.default_rng(10)
    sessions = [as_fitted(term, noisy(term, rng, 20, 0.1)) for term in terms]
    for one, day in zip(sessions, ("2013-01-01", "2011-01-01"), strict=True):
        one.chambers[0].votes.rollcalls["date"] = day
    with pytest.raises(UserError, match="'s1' begins on 2013-01-01, after 's2'"):
        build("s", sessions, Matching())


# --- people -----------------------------------------------------------------------------------------------------------


def table(*rows, source="table"):
    """Members by session, id and name, with further columns by name."""
    usual = {"source": source, "chamber": "house", "party": D, "district": "", "state": ""}
    made = [{**usual, "session": s, "legislator": i, "person": i, "name": name, **more} for s, i, name, more in rows]
    return pd.DataFrame(made)[list(MEMBERS)]


def numbers(rows, **matching):
    found = identify(rows, Matching(**matching))
    return found.number.tolist(), [(d["reason"], [m["legislator"] for m in d["members"]]) for d in found.doubts]


def test_by_lasting_ids_whatever_the_names():
    rows = table(("a", "7", "Ann Lee", {}), ("b", "7", "Ann Smith", {}), ("b", "8", "Ann Lee", {}), source="voteview")
    assert numbers(rows)[0] == [0, 0, 1]


def test_by_names_where_ids_do_not_last():
    rows = table(("a", "x1", "José Ruiz", {}), ("b", "y9", "jose ruiz", {}), ("b", "x1", "Bo Li", {}))
    assert numbers(rows) == ([0, 0, 1], [])
    assert numbers(rows, match="id") == ([0, 1, 0], [("same name", ["x1", "y9"]), ("other name", ["x1", "x1"])])


def test_a_name_that_two_bear_in_one_session_is_nobody_else():
    rows = table(("a", "1", "Ann Lee", {}), ("b", "2", "Ann Lee", {}), ("b", "3", "Ann Lee", {"chamber": "senate"}))
    assert numbers(rows) == ([0, 1, 2], [("ambiguous name", ["1", "2", "3"])])
    assert numbers(rows, same_person=(("1", "3"),))[0] == [0, 1, 0]


def test_a_name_of_one_word_counts_within_a_district():
    rows = table(
        ("a", "1", "Lee", {"district": "4"}),
        ("b", "2", "Lee", {"district": "4"}),
        ("c", "3", "Lee", {"district": "5"}),
        ("c", "4", "Ruiz", {}),
    )
    assert numbers(rows) == ([0, 0, 1, 2], [("one-word name", ["4"])])


def test_the_configuration_has_the_last_word():
    rows = table(("a", "1", "Ann Lee", {}), ("b", "2", "Ann Smith", {}), ("b", "3", "Ann Lee", {}))
    assert numbers(rows, same_person=(("1", "2"),), different=("3",))[0] == [0, 0, 1]
    with pytest.raises(UserError, match="no member of any session has the id 9"):
        numbers(rows, different=("9",))
    with pytest.raises(UserError, match=r"Ann Smith \(2\) and Ann Lee \(3\) would be one person"):
        numbers(rows, same_person=(("1", "2", "3"),))


def test_spells_of_one_person_stay_one_person():
    rows = table(("a", "1", "Ann Lee", {"person": "p"}), ("a", "2", "Ann Lee", {"person": "p", "party": R}))
    assert numbers(rows) == ([0, 0], [])


def test_who_changed_party_or_chamber_is_listed():
    terms, rng = careers(11, n_sessions=2, leave=0, mover=None), np.random.default_rng(11)
    sessions = [as_fitted(term, noisy(term, rng, 50, 0.1)) for term in terms]
    later = sessions[1].chambers[0].votes.legislators
    later.loc["m000", ["party", "caucus"]] = R
    found = build("s", sessions, Matching())
    (switched,) = found.summary["changed_party"]
    assert (switched["person"], switched["was"], switched["became"]) == ("m000", D, R)
    row = found.tables["time_moves"].query("person == 'm000'").iloc[0]
    assert (row["reason"], row["bridge"], row["party_after"]) == ("other party", False, R)
    assert found.summary["changed_chamber"] == []
    moved = as_fitted(terms[1], noisy(terms[1], rng, 50, 0.1), chamber="senate")
    crossed = build("s", [sessions[0], moved], Matching()).summary
    assert len(crossed["changed_chamber"]) == 40
    assert {(one["was"], one["became"]) for one in crossed["changed_chamber"]} == {("house", "senate")}
    assert [one["reason"] for one in crossed["chambers"]] == [f"only {name} has the chamber" for name in ("s1", "s2")]
