"""Who is counted with whom, for how long, and which rows are one person: by hand."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from votes_fixtures import Table, icpsr, tallgrass_tables, voteview_tables, write_tables

from tallgrass_models.checking.observations import observations
from tallgrass_models.comparison.drivers import prior_of
from tallgrass_models.comparison.seen import Fitted, seen_votes
from tallgrass_models.config.session_files import session_files
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.config.specs import data_spec_json
from tallgrass_models.errors import UserError
from tallgrass_models.steps.fitted import members, votes_hash
from tallgrass_models.steps.load_data import load_data
from tallgrass_models.votes.matrix import ChamberVotes
from tallgrass_models.votes.membership import plain_name, same_person, time_in_office
from tallgrass_models.votes.session import load_chambers, read_session
from tallgrass_models.votes.unit import Unit
from tallgrass_models.votes.unit_votes import make_unit
from tallgrass_models.votes.vocabulary import CHAMBERS

TABLES = {"tallgrass": tallgrass_tables, "voteview": voteview_tables}


def load(
    folder: Path,
    source: str = "tallgrass",
    spoil: Callable[[dict[str, Table]], None] | None = None,
    caucus: dict[str, str] | None = None,
    chambers=CHAMBERS,
) -> dict[str, ChamberVotes]:
    tables = TABLES[source]()
    if spoil:
        spoil(tables)
    return load_chambers(read_session(source, **write_tables(folder, tables)), "tiny", chambers, 0.025, 2, caucus)


def test_the_label_stays_and_neither_party_is_free_standing(tmp_path):
    house = load(tmp_path)["house"]
    assert house.legislators.party.tolist() == [*["Democrat"] * 3, *["Republican"] * 2, "Independent"]
    assert house.legislators.caucus.tolist() == [*["Democrat"] * 3, *["Republican"] * 2, ""]
    assert house.parties.tolist() == house.legislators.party.tolist()


@pytest.mark.parametrize(
    ("caucus", "of_d", "of_f"),
    [
        ({"Independent": "Democrat"}, "Republican", "Democrat"),
        ({"independent": "Republican"}, "Republican", "Republican"),
        ({"Independent": "Democrat", "m_f": "Republican"}, "Republican", "Republican"),
        ({"m_f": "none", "Independent": "Democrat"}, "Republican", "Independent"),
        ({"m_d": "Democrat"}, "Democrat", "Independent"),
        ({"m_d": "none", "m_f": "Republican"}, "Independent", "Republican"),
    ],
)
def test_the_session_says_whom_others_are_counted_with(tmp_path, caucus, of_d, of_f):
    house = load(tmp_path, caucus=caucus)["house"]
    assert house.parties[[3, 5]].tolist() == [of_d, of_f]
    assert house.legislators.party.iloc[[3, 5]].tolist() == ["Republican", "Independent"]  # as listed, all the same


def test_a_member_of_the_other_chamber_may_be_named_when_one_is_read(tmp_path):
    assert list(load(tmp_path, caucus={"m_g": "none"}, chambers=["house"])) == ["house"]


def test_an_entry_that_matches_nobody_is_refused_by_name(tmp_path):
    with pytest.raises(UserError) as error:
        load(tmp_path, caucus={"Independnt": "Democrat", "m_f": "Democrat", "41300": "Republican"})
    said = str(error.value)
    for part in ("session tiny", "caucus", "'Independnt', '41300'", "Democrat, Independent, Republican", "m_f (F)"):
        assert part in said
    assert "m_a" not in said


def test_a_chamber_left_with_one_party_by_the_caucus_is_refused(tmp_path):
    with pytest.raises(UserError, match="House: 5 Democrat, 0 Republican members listed; both parties"):
        load(tmp_path, caucus={"Republican": "Democrat"})


def test_the_caucus_is_part_of_the_votes_and_of_their_spec(tmp_path):
    plain = load(tmp_path / "a")["house"]
    assert votes_hash(plain) != votes_hash(load(tmp_path / "b", caucus={"Independent": "Democrat"})["house"])
    assert data_spec_json(SessionConfig()) != data_spec_json(SessionConfig(caucus={"Independent": "Democrat"}))


def test_the_step_reads_the_caucus_of_the_session(tmp_path):
    paths = write_tables(tmp_path, tallgrass_tables())
    session = SessionConfig("tiny", "tallgrass", str(tmp_path), "tiny", min_votes=2, caucus={"Independent": "Democrat"})
    load_data(session, "house", paths, tmp_path / "house.nc", tmp_path / "dropped.csv")
    assert ChamberVotes.load(tmp_path / "house.nc").parties[5] == "Democrat"


# --- time in office ---------------------------------------------------------------------------------------------------


def test_time_in_office_is_from_the_first_to_the_last_row(tmp_path):
    def spoil(tables):  # a is listed on r2 to r4 of six (and not on r3), e only on r6, f (no row on r5) on the rest
        keep = {"m_a": {"r2", "r4"}, "m_e": {"r6"}}
        rows = tables["votes"]
        rows[1:] = [row for row in rows[1:] if row[0] in keep.get(row[2], {row[0]})]

    tables = tallgrass_tables()
    spoil(tables)
    house = load_chambers(read_session("tallgrass", **write_tables(tmp_path, tables)), "tiny", ["house"], 0, 1)[
        "house"
    ].legislators
    assert house.loc["m_e", ["first_day", "last_day"]].tolist() == ["2025-02-06", "2025-02-06"]
    assert house.service["m_e"] == pytest.approx(1 / 6)
    assert house.service["m_f"] == 1  # the gap on r5 is inside
    assert house.loc["m_b", ["first_day", "last_day"]].tolist() == ["2025-02-01", "2025-02-06"]
    assert house.loc["m_a", ["first_day", "last_day"]].tolist() == ["2025-02-02", "2025-02-04"]
    assert house.service["m_a"] == pytest.approx(3 / 6)


def test_voteviews_code_for_no_member_is_not_time_in_office(tmp_path):
    def spoil(tables):  # member a joins with roll call 3, member b leaves after 4
        for row in tables["votes"][1:]:
            early = row[1] == "House" and row[3] == icpsr("a") and int(row[2]) < 3
            late = row[1] == "House" and row[3] == icpsr("b") and int(row[2]) > 4
            row[4] = "0" if early or late else "9" if row[4] == "0" else row[4]

    people = load(tmp_path, "voteview", spoil)["house"].legislators
    assert people.loc[icpsr("a"), ["first_day", "last_day"]].tolist() == ["2025-02-03", "2025-02-06"]
    assert people.loc[[icpsr("a"), icpsr("b"), icpsr("c")], "service"].tolist() == pytest.approx([4 / 6, 4 / 6, 1])


def test_undated_roll_calls_give_a_share_and_no_days(tmp_path):
    def spoil(tables):
        for row in tables["rollcalls"][1:]:
            row[4] = ""

    people = load(tmp_path, spoil=spoil)["house"].legislators
    assert set(people.first_day) | set(people.last_day) == {""}
    assert (people.service == 1).all()


def test_a_member_without_any_row_has_no_time(tmp_path):
    office = time_in_office(np.array([0, 0]), np.array([1, 2]), 2, np.array(["a", "b", "c", "d"], object))
    assert office.service.tolist() == [0.5, 0]
    assert (office.first_day.tolist(), office.last_day.tolist()) == (["b", ""], ["c", ""])


# --- one person behind several rows -----------------------------------------------------------------------------------


def rows_of(*people: tuple[str, str, str, int, int]) -> tuple[pd.DataFrame, object]:
    """Members (id, name, person) listed on the roll calls from the first to the last number."""
    who = [(k, call) for k, (*_, first, last) in enumerate(people) for call in range(first, last + 1)]
    members = pd.DataFrame([person[:3] for person in people], columns=["id", "name", "person"])
    member, call = (np.array(values) for values in zip(*who, strict=True))
    return members, time_in_office(member, call, len(people), np.array([""] * 10, object))


def test_the_sources_id_of_a_person_links_her_rows():
    members, office = rows_of(("1", "Ann Lee", "L01", 0, 4), ("2", "LEE", "L01", 5, 9), ("3", "Bo Ray", "R01", 0, 9))
    assert same_person(members, office).tolist() == ["L01", "L01", "R01"]


def test_without_one_the_name_does_where_the_rows_follow_each_other():
    members, office = rows_of(
        ("7", "Ann Lee - Majority Leader", "", 6, 9), ("2", "ANN  LEE", "", 0, 5), ("3", "Bo Ray", "", 0, 9)
    )
    assert same_person(members, office).tolist() == ["2", "2", "3"]


@pytest.mark.parametrize(
    "people",
    [
        [("1", "Ann Lee", "", 0, 5), ("2", "Ann Lee", "", 5, 9)],  # both listed on roll call 5
        [("1", "Lee", "", 0, 4), ("2", "Lee", "", 5, 9)],  # a surname alone is no name of a person
        [("1", "Ann Lee", "L01", 0, 4), ("2", "Ann Lee", "L02", 5, 9)],  # the source tells them apart
        [("1", "Ann Lee", "", 0, 4), ("2", "Ann Lee Jr.", "", 5, 9)],
    ],
    ids=["at one time", "surname", "two ids", "junior"],
)
def test_two_people_stay_two(people):
    found = same_person(*rows_of(*people))
    assert found[0] != found[1]


def test_names_are_compared_without_case_accents_and_offices():
    assert plain_name("José RUIZ-Díaz, Jr. - Speaker Pro Tem") == "jose ruiz diaz jr"


def test_voteviews_bioguide_id_is_the_person(tmp_path):
    def spoil(tables):
        for rows in tables["legislators"]:
            rows.append("")
        tables["legislators"][0][-1] = "bioguide_id"
        tables["legislators"][2][-1] = tables["legislators"][6][-1] = "M000001"  # members b and f

    people = load(tmp_path, "voteview", spoil)["house"].legislators
    assert people.person.tolist() == [icpsr("a"), "M000001", *map(icpsr, "cde"), "M000001"]


def test_a_saved_file_keeps_the_spells(tmp_path):
    house = load(tmp_path, caucus={"m_f": "Republican"})["house"]
    house.save(tmp_path / "house.nc")
    back = ChamberVotes.load(tmp_path / "house.nc").legislators
    columns = ["caucus", "person", "first_day", "last_day", "service"]
    pd.testing.assert_frame_equal(back[columns], house.legislators[columns])


REAL = os.environ.get("TALLGRASS_REAL_DATA")


@pytest.mark.real_data
@pytest.mark.skipif(not REAL, reason="TALLGRASS_REAL_DATA does not name the folder of real votes")
def test_king_and_sanders_are_independents_who_may_be_counted_with_a_party():
    session = SessionConfig("us", "voteview", str(Path(REAL) / "voteview_119"), options={"congress": 119})
    raw = read_session("voteview", **session_files(session))
    plain = load_chambers(raw, "us", ["senate"], 0.025, 20)["senate"]
    two = plain.legislators[plain.legislators.party == "Independent"]
    assert sorted(name.split(",")[0] for name in two.name) == ["KING", "SANDERS"]
    assert (plain.parties == "Independent").sum() == 2
    counted = load_chambers(raw, "us", ["senate"], 0.025, 20, {"Independent": "Democrat", two.index[0]: "none"})
    assert (counted["senate"].parties == "Democrat").sum() == (plain.parties == "Democrat").sum() + 1
    assert counted["senate"].parties[plain.legislators.index.get_loc(two.index[0])] == "Independent"
    assert plain.legislators.person.is_unique


# --- who computes with the party that members are counted with --------------------------------------------------------


def test_fits_and_checks_group_members_by_the_party_they_are_counted_with(tmp_path):
    house = load(tmp_path, caucus={"m_f": "Democrat"})["house"]
    expected = [*["Democrat"] * 3, *["Republican"] * 2, "Democrat"]
    assert members(house).party.tolist() == expected
    assert observations([house]).members.party.tolist() == expected
    (part,) = seen_votes(Unit.HOUSE, [house])
    assert part.party.tolist() == expected
    left, right = make_unit([house]).party_counts()[0].T
    assert (left[0], right[0]) == (2, 2)  # r1, YYNYYN: a and b of the Democrats with f, d and e of the Republicans


def test_the_prior_of_a_free_standing_member_lies_between_the_parties():
    parties = pd.DataFrame(
        {
            "chamber": ["house", "house", "senate", "senate"],
            "party": ["Democrat", "Republican"] * 2,
            "mu_position_mean": [-3.0, 5.0, 1.0, 2.0],
            "sigma_position_mean": [1.5, 2.5, 1.0, 1.0],
        }
    )
    fit = Fitted(pd.DataFrame(), parties)
    assert prior_of(fit, "house", "Republican") == (5.0, 2.5)
    assert prior_of(fit, "house", "Independent") == (1.0, 8.0)
