"""Both chambers on one scale over time: links against known constants, the truth, hand counts, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from careers import PARTIES, Term, both_as_fitted, both_careers, noisy_together

from tallgrass_models.config.series import Matching
from tallgrass_models.files.columns import over_time as columns
from tallgrass_models.over_time.build import build
from tallgrass_models.over_time.chain import Sitting, chain
from tallgrass_models.over_time.joint import chain_together

D, R = PARTIES


def true_frame(terms):
    """Origin and unit of the scale on which the parties of the House of the first session average -1 and +1."""
    left, right = (terms[0][0].x[terms[0][0].party == party].mean() for party in PARTIES)
    return (left + right) / 2, (right - left) / 2


def placed(terms, k, c):
    origin, unit = true_frame(terms)
    return (terms[k][c].x - origin) / unit


def fitted(terms, rng, noise=0.1, n_draws=200, between=0.0):
    return [both_as_fitted(pair, noisy_together(pair, rng, n_draws, noise, between)) for pair in terms]


def sittings(terms, xi):
    """By chamber, sessions as `chain_together` takes them; ``xi`` holds House and Senate of each session."""
    return {
        chamber: [Sitting(pair[c].session, own[c], pair[c].person, pair[c].party)
                  for pair, own in zip(terms, xi, strict=True)]
        for c, chamber in enumerate(("house", "senate"))
    }  # fmt: skip


def where(rows, **values):
    """Rows of a table whose columns have these values."""
    return rows[np.logical_and.reduce([rows[name] == value for name, value in values.items()])]


# --- the chain --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("a", [0.4, -1.3], ids=["smaller", "mirrored"])
def test_exact_bridges_give_back_the_constants(a):
    """Those who return link the sessions in either chamber, and those who went from House to Senate do, too."""
    rng = np.random.default_rng(1)
    terms = both_careers(1, n_sessions=2, drift=0, promoted=1)
    n_draws = 50
    factor, by = a * np.exp(0.1 * rng.normal(size=(n_draws, 1))), rng.normal(size=(n_draws, 1))
    exact = [[np.repeat(term.x[None], n_draws, 0) for term in pair] for pair in terms]
    moved = [exact[0], [(own - by) / factor for own in exact[1]]]
    whole, parts = chain_together(sittings(terms, moved))
    (step,) = whole.steps
    np.testing.assert_allclose(step.link.a, factor[:, 0], rtol=1e-6)
    np.testing.assert_allclose(step.link.b, by[:, 0], atol=1e-6)
    people = [np.concatenate([term.person for term in pair]) for pair in terms]
    assert len(step.before) == len(set(people[0]) & set(people[1]))
    crossed = set(terms[0][0].person) & set(terms[1][1].person)
    assert crossed
    assert crossed <= set(people[0][step.before[step.link.used]])
    for c, chamber in enumerate(("house", "senate")):
        for k in range(2):
            np.testing.assert_allclose(parts[chamber].places[k], np.tile(placed(terms, k, c), (n_draws, 1)), atol=1e-6)


def test_members_who_changed_the_chamber_can_be_all_that_links():
    """Everybody of the first House is in the second Senate, and nobody else returns."""
    rng = np.random.default_rng(2)
    ((house, senate),) = both_careers(2, n_sessions=1, sizes=(20, 20))
    new = Term("s2", senate.person + 100, senate.party, senate.x + 0.2)
    terms = [(house, senate), (new, replace(house, session="s2"))]
    xi = [[term.x + 0.01 * rng.normal(size=(40, 20)) for term in pair] for pair in terms]
    whole, parts = chain_together(sittings(terms, [xi[0], [-2 * own + 1 for own in xi[1]]]))
    assert whole.reason is None
    assert whole.steps[0].link.correlation < 0  # the second fit is mirrored
    assert [len(parts[chamber].steps[0].before) for chamber in ("house", "senate")] == [0, 0]
    np.testing.assert_allclose(parts["senate"].places[1].mean(0), placed(terms, 1, 1), atol=0.03)
    apart, _ = (chain(own) for own in sittings(terms, xi).values())
    assert apart.reason.startswith("s1 and s2 have 0 members in common")


def test_parts_are_the_members_of_the_chamber_in_their_order():
    """Rows of returning members point to the same persons in the chamber's own numbering, with their own changes."""
    terms = both_careers(3, n_sessions=3)
    few = slice(5, None)  # the second House is smaller than the first
    house = Term("s2", *(values[few] for values in (terms[1][0].person, terms[1][0].party, terms[1][0].x)))
    terms[1] = (house, terms[1][1])
    rng = np.random.default_rng(3)
    own = sittings(terms, [noisy_together(pair, rng, 60, 0.1) for pair in terms])
    whole, parts = chain_together(own)
    for chamber, part in parts.items():
        for k, step in enumerate(part.steps):
            one, other = (own[chamber][at].person for at in (k, k + 1))
            assert one[step.before].tolist() == other[step.after].tolist() == [who for who in one if who in other]
            x, y = part.places[k][:, step.before], part.places[k + 1][:, step.after]
            ratio = (y - x).mean(0) / step.link.change.mean(0)
            np.testing.assert_allclose(ratio, np.median(ratio), rtol=0.2)  # one unit for all
            assert len(step.reason) == len(step.link.used) == len(step.link.p_value) == len(step.before)
    n = [len(step.before) for step in whole.steps]
    assert all(total >= sum(len(part.steps[k].before) for part in parts.values()) for k, total in enumerate(n))


def test_the_house_alone_sets_the_scale():
    terms = both_careers(4, n_sessions=2, right=0)
    rng = np.random.default_rng(4)
    pair = (terms[0][0], replace(terms[0][1], x=3 * terms[0][1].x + 5))  # a Senate that stands elsewhere
    xi = [noisy_together(one, rng, 100, 0.1) for one in (pair, terms[1])]
    _, parts = chain_together(sittings([pair, terms[1]], xi))
    for party, end in zip(PARTIES, (-1, 1), strict=True):
        np.testing.assert_allclose(parts["house"].places[0][:, pair[0].party == party].mean(1), end)
    assert abs(parts["senate"].places[0].mean() - (5 - true_frame([pair])[0]) / true_frame([pair])[1]) < 0.5


# --- the tables -------------------------------------------------------------------------------------------------------


def test_the_truth_is_covered():
    """Members, averages of parties, and the difference of the chambers, with draws whose error is stated; 90 %."""
    found = {"members": [], "parties": [], "difference": [], "changed": []}
    for seed in range(8):
        terms, rng = both_careers(seed, right=0.2), np.random.default_rng(100 + seed)
        out = build("s", fitted(terms, rng, n_draws=300, between=0.1), Matching(), joint=True)
        members, parties, across, crossed = (
            out.tables[f"time_{name}"] for name in ("members", "parties", "across", "crossed")
        )
        for k in range(1, len(terms)):
            for c, chamber in enumerate(("house", "senate")):
                truth, here = placed(terms, k, c), {"session": terms[k][c].session, "chamber": chamber}
                rows = where(members, **here)
                assert rows["person"].tolist() == [f"m{who:03d}" for who in terms[k][c].person]
                found["members"].append(((rows["place_q05"] <= truth) & (truth <= rows["place_q95"])).mean())
                for row in where(parties, **here).itertuples():
                    at = truth[terms[k][c].party == row.party].mean()
                    found["parties"].append(row.place_q05 <= at <= row.place_q95)
        for row in across[across["group"] != "all"].itertuples():
            k = int(row.session[1:]) - 1
            at = [placed(terms, k, c)[terms[k][c].party == row.group] for c in (0, 1)]
            of = np.mean if row.statistic == "average" else np.median
            found["difference"].append(row.difference_q05 <= of(at[1]) - of(at[0]) <= row.difference_q95)
        for row in crossed.itertuples():
            k = int(row.after[1:]) - 1
            at = placed(terms, k, 1)[terms[k][1].person == int(row.person[1:])].item()
            found["changed"].append(row.place_after_q05 <= at <= row.place_after_q95)
    assert 0.84 <= np.mean(found["members"]) <= 0.96
    assert np.mean(found["parties"]) >= 0.75  # those of one legislature go together
    assert np.mean(found["difference"]) >= 0.75
    assert np.mean(found["changed"]) >= 0.8
    assert len(found["changed"]) > 40


def test_differences_by_hand():
    """Positions that are known but for a scale of each draw: the table is what counting gives, without uncertainty."""
    terms = both_careers(5, n_sessions=2, drift=0, right=0.5)
    out = build("s", fitted(terms, np.random.default_rng(5), noise=0), Matching(), joint=True)
    across = out.tables["time_across"].set_index(["session", "group", "statistic"])
    assert len(across) == 2 * 3 * 2
    _, unit = true_frame(terms)
    for k, pair in enumerate(terms):
        for group in ("all", D, R):
            at = [term.x[(term.party == group) | (group == "all")] for term in pair]
            row = across.loc[pair[0].session, group, "average"]
            for end in ("median", "q05", "q95"):  # all the same, because both chambers keep the draws of one fit
                assert row[f"difference_{end}"] == pytest.approx((at[1].mean() - at[0].mean()) / unit)
            assert (row["n_house"], row["n_senate"]) == tuple(map(len, at))
            median = across.loc[pair[0].session, group, "median"]
            assert median["senate_median"] == pytest.approx((np.median(at[1]) - true_frame(terms)[0]) / unit)
            if k:
                change = row["difference_median"] - across.loc["s1", group, "average"]["difference_median"]
                assert row["change_median"] == pytest.approx(change)
                assert row["p_change_right"] == float(change > 0)
            else:
                assert np.isnan(row["change_median"])


def test_who_changed_the_chamber_is_one_career_with_two_positions():
    terms = both_careers(6, n_sessions=3, promoted=1)
    out = build("s", fitted(terms, np.random.default_rng(6)), Matching(), joint=True)
    crossed, members = out.tables["time_crossed"], out.tables["time_members"]
    by_hand = {(f"m{who:03d}", f"s{k}", f"s{k + 1}")
               for k in (1, 2) for who in set(terms[k - 1][0].person) & set(terms[k][1].person)}  # fmt: skip
    assert {tuple(row) for row in crossed[["person", "before", "after"]].to_numpy()} == by_hand
    assert len(by_hand) == len(out.summary["changed_chamber"])
    assert set(crossed["chamber"]) == {"house"}
    assert set(crossed["chamber_after"]) == {"senate"}
    own = members.set_index(["person", "session", "chamber"])["place_median"]
    for row in crossed.itertuples():
        assert row.place_before_median == own[row.person, row.before, "house"]
        assert row.place_after_median == own[row.person, row.after, "senate"]
    assert crossed["bridge"].mean() > 0.8
    assert (crossed.loc[crossed["bridge"], "reason"] == "").all()
    moves = out.tables["time_moves"]
    assert not set(zip(moves["person"], moves["before"], strict=True)) & {who[:2] for who in by_hand}
    for link in out.summary["joint"]["links"]:
        within, over = (len(where(rows, before=link["before"])) for rows in (moves, crossed))
        assert link["n_returning"] == within + over


def test_a_changer_who_moved_is_no_bridge():
    terms = both_careers(7, n_sessions=2, promoted=1, drift=0.02)
    (who, *_) = sorted(set(terms[0][0].person) & set(terms[1][1].person))
    senate = terms[1][1]
    x = senate.x + 1.5 * (senate.person == who)
    terms = [terms[0], (terms[1][0], replace(senate, x=x))]
    out = build("s", fitted(terms, np.random.default_rng(7), noise=0.05), Matching(), joint=True)
    row = out.tables["time_crossed"].set_index("person").loc[f"m{who:03d}"]
    assert (row["bridge"], row["reason"]) == (False, "moved")
    assert row["p_right"] > 0.999
    assert out.summary["joint"]["links"][0]["n_moved"] >= 1


def test_who_was_away_between_or_in_both_chambers_at_once():
    """A senator of the third session sat in the House of the first; a member of both in the second has two places."""
    terms = both_careers(8, n_sessions=3, leave=0, drift=0)
    third = terms[2][1]
    away = third.person.copy()
    away[0] = 900
    one, two = (replace(pair[0], person=np.where(pair[0].person == 0, p, pair[0].person))
                for pair, p in zip(terms[:2], (900, 901), strict=True))  # fmt: skip
    both = terms[1][1].person.copy()
    both[1] = one.person[1]
    terms = [(one, terms[0][1]), (two, replace(terms[1][1], person=both)), (terms[2][0], replace(third, person=away))]
    out = build("s", fitted(terms, np.random.default_rng(8)), Matching("id"), joint=True)
    crossed = out.tables["time_crossed"].set_index(["person", "before", "after"])
    assert crossed.loc[("m900", "s1", "s3"), "reason"] == "not in consecutive sessions"
    assert crossed.loc[(f"m{one.person[1]:03d}", "s2", "s2"), "reason"] == "several spells"
    assert not crossed["bridge"].any()


def test_chambers_that_cannot_be_linked_have_no_table(tmp_path):
    terms = both_careers(9, n_sessions=2)
    other = [terms[0], tuple(replace(term, person=term.person + 500) for term in terms[1])]
    out = build("s", fitted(other, np.random.default_rng(9)), Matching("id"), joint=True)
    assert {one["reason"] for one in out.summary["chambers"]} == {
        "s1 and s2 have 0 members in common who can serve as bridges; linking needs 5"
    }
    for table in columns.TABLES:
        assert len(out.tables[table.name]) == 0
        table.write(tmp_path / table.name, out.tables[table.name])
