"""Files exactly as the public scraper of the Kansas Legislature writes them, with all they leave open: by hand."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from kansas_files import HOUSE, column, kansas_tables, put, rows, write_kansas
from votes_fixtures import Table, voteview_tables, write_tables

from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.steps.load_data import load_data
from tallgrass_models.votes.matrix import ChamberVotes
from tallgrass_models.votes.readers.base import RawSession
from tallgrass_models.votes.session import load_chambers, read_session

Spoil = Callable[[dict[str, Table]], None]
FIRST, SECOND, THIRD = HOUSE


def read(folder: Path, *spoils: Spoil) -> RawSession:
    tables = kansas_tables()
    for spoil in spoils:
        spoil(tables)
    return read_session("tallgrass", **write_kansas(folder, tables))


def load(folder: Path, *spoils: Spoil, chamber: str = "house") -> ChamberVotes:
    return load_chambers(read(folder, *spoils), "ks", [chamber], 0.025, 1)[chamber]


def of_kind(votes: ChamberVotes, kind: str) -> list[list[object]]:
    """Rows of the manifest of one kind: id, reason, value."""
    return votes.dropped.loc[votes.dropped.kind == kind, ["id", "reason", "value"]].to_numpy().tolist()


def test_the_files_as_they_are(tmp_path):
    house = load(tmp_path)
    assert house.y.tolist()[0] == [1, 1, 0]
    assert house.y[:, 1].tolist() == [1, 0, 1, 0, 1, -1, -1]  # YNYNYAP
    assert house.parties.tolist() == ["Democrat"] * 3 + ["Republican"] * 4
    assert house.rollcalls.passage.all()  # "The bill passed.", of type Final Action
    assert house.rollcalls.date.tolist() == ["2013-02-11", "2013-02-12", "2013-02-13"]
    assert len(house.dropped) == 0
    assert house.info["tallies"] == {
        "n_recorded": 3,
        "n_unlike": 0,
        "n_explained": 0,
        "share": 0.0,
        "loud": False,
        "votes_missing": 0,
    }


def test_the_members_id_may_be_called_slug(tmp_path):
    def old(tables):
        tables["legislators"][0][2] = "slug"
        for table in tables["legislators"]:
            del table[-1]  # nor was there an ocd_id

    assert read(tmp_path / "a", old).info["data_hash"] == read(tmp_path / "b").info["data_hash"]
    with pytest.raises(UserError, match="legislator_slug or slug missing; the header has name, full_name, id"):
        read(tmp_path / "c", lambda tables: tables["legislators"][0].__setitem__(2, "id"))


def test_a_blank_party_is_an_independent_and_told_by_name(tmp_path, caplog):
    def spoil(tables):
        put(tables, "legislators", "party", "", legislator_slug="rep_member_02_1")
        put(tables, "legislators", "party", "", legislator_slug="rep_member_07_1")
        put(tables, "legislators", "full_name", "", legislator_slug="rep_member_07_1")  # her page could not be read

    house = load(tmp_path, spoil)
    assert house.legislators.party.tolist()[1] == house.legislators.party.tolist()[6] == "Independent"
    assert house.info["n_blank_parties"] == 2
    blank, unread = of_kind(house, "party")
    assert blank[:2] == ["rep_member_02_1", "party blank in the file, taken as Independent"]
    assert "full name blank too" in unread[1]
    assert [row[1] for row in of_kind(house, "caucus")] == ["listed as Independent, counted with neither party"] * 2
    assert house.info["oddities"]["party"] == {
        "n": 2,
        "examples": [
            "House Member 02: party blank in the file, taken as Independent",
            f"Member 07: {unread[1]}",
        ],
    }
    counted = load_chambers(read(tmp_path / "b", spoil), "ks", ["house"], 0, 1, {"rep_member_02_1": "Democrat"})
    assert counted["house"].parties.tolist() == ["Democrat"] * 3 + ["Republican"] * 3 + ["Independent"]


def test_votes_without_a_member_are_left_out_and_explain_the_tally(tmp_path):
    def spoil(
        tables,
    ):  # surnames that could not be told apart; the scraper keeps the first such vote of a roll call
        kept = rows(tables, "votes", vote_id=FIRST, legislator_name="Member 01")
        kept += rows(tables, "votes", vote_id=THIRD, legislator_name="Member 04")
        for row in kept:
            row[column(tables, "votes", "legislator_slug")] = ""
        gone = rows(tables, "votes", vote_id=FIRST, legislator_name="Member 02")
        tables["votes"] = [row for row in tables["votes"] if row not in gone]

    house = load(tmp_path, spoil)
    assert house.y[:, 0].tolist() == [-1, -1, 1, 0, 0, 0, 0]
    assert house.y[:, 2].tolist() == [0, 0, 1, -1, 1, 1, -1]
    assert house.info["n_votes_without_member"] == 2
    assert of_kind(house, "votes") == [
        [FIRST, "votes that name no member: Member 01: Yea", 1.0],
        [THIRD, "votes that name no member: Member 04: Yea", 1.0],
    ]
    assert of_kind(house, "tally") == [
        [FIRST, "recorded 3 Yea, 4 Nay; counted 1 Yea, 4 Nay; votes that name no member explain it", 2.0],
        [THIRD, "recorded 4 Yea, 2 Nay; counted 3 Yea, 2 Nay; votes that name no member explain it", 1.0],
    ]
    tallies = house.info["tallies"]
    assert (tallies["n_unlike"], tallies["n_explained"], tallies["votes_missing"]) == (0, 2, 3)
    assert not tallies["loud"]
    assert house.legislators.loc["rep_member_01_1", "first_day"] == "2013-02-12"


def test_a_tally_that_nothing_explains_is_told_aloud(tmp_path, caplog):
    def spoil(tables):
        put(tables, "rollcalls", "nay_count", "5", vote_id=FIRST)
        put(tables, "rollcalls", "yea_count", "", vote_id=SECOND)  # not recorded

    paths = write_kansas(tmp_path, kansas_tables())
    tables = kansas_tables()
    spoil(tables)
    paths = write_kansas(tmp_path, tables)
    session = SessionConfig("ks", "tallgrass", str(tmp_path), "tiny", min_votes=1)
    with caplog.at_level(logging.WARNING):
        load_data(session, "house", paths, tmp_path / "house.nc", tmp_path / "dropped.csv")
    house = ChamberVotes.load(tmp_path / "house.nc")
    assert of_kind(house, "tally") == [[FIRST, "recorded 3 Yea, 5 Nay; counted 3 Yea, 4 Nay", 1.0]]
    tallies = house.info["tallies"]
    assert (tallies["n_recorded"], tallies["n_unlike"], tallies["share"], tallies["loud"]) == (2, 1, 0.5, True)
    assert "HB 2001 The bill passed.: recorded 3 Yea, 5 Nay; counted 3 Yea, 4 Nay" in caplog.text
    assert "recorded 3 Yea, 5 Nay" in (tmp_path / "dropped.csv").read_text()


def test_a_vote_without_a_member_does_not_explain_too_many_votes(tmp_path):
    def spoil(tables):
        put(tables, "votes", "legislator_slug", "", vote_id=FIRST, legislator_name="Member 01")
        put(tables, "rollcalls", "nay_count", "3", vote_id=FIRST)

    house = load(tmp_path, spoil)
    assert of_kind(house, "tally") == [[FIRST, "recorded 3 Yea, 3 Nay; counted 2 Yea, 4 Nay", 2.0]]
    assert house.info["tallies"]["n_unlike"] == 1


def test_one_roll_call_on_several_bills_is_one_roll_call(tmp_path):
    def spoil(tables):
        (row,) = rows(tables, "rollcalls", vote_id=SECOND)
        for bill in ("HB 900", "SB 77"):
            tables["rollcalls"].append([row[0], bill, f"AN ACT on {bill}", *row[3:]])
        tables["rollcalls"].append(list(tables["rollcalls"][-1]))  # and the last one twice

    raw = read(tmp_path, spoil)
    house = load_chambers(raw, "ks", ["house"], 0.025, 1)["house"]
    assert house.rollcalls.bill.tolist() == ["HB 2001", "SB 77", "HB 2003"]
    assert house.rollcalls.title[SECOND] == "AN ACT on SB 77"
    reason = "one roll call on several bills (SB 77, HB 900, HB 2002); counted with the first"
    assert [row[:2] for row in of_kind(house, "bill")] == [[SECOND, reason]]
    assert raw.info["n_duplicate_rollcalls_dropped"] == 1


def test_one_roll_call_with_two_motions_is_refused(tmp_path):
    def spoil(tables):
        (row,) = rows(tables, "rollcalls", vote_id=SECOND)
        tables["rollcalls"].append([*row])
        tables["rollcalls"][-1][column(tables, "rollcalls", "motion")] = "The bill failed."

    with pytest.raises(UserError, match="occurs before with other content"):
        read(tmp_path, spoil)


def test_blank_chambers_are_those_of_the_votes(tmp_path):
    def spoil(tables):  # a page whose heading could not be read, and a member whose id says nothing
        for role in ("votes", "rollcalls"):
            put(tables, role, "chamber", "", vote_id=SECOND)
        put(tables, "legislators", "chamber", "", legislator_slug="rep_member_03_1")

    house, plain = load(tmp_path / "a", spoil), load(tmp_path / "b")
    np.testing.assert_array_equal(house.y, plain.y)
    assert sorted(row[0] for row in of_kind(house, "chamber")) == [SECOND, "rep_member_03_1"]
    with pytest.raises(UserError, match=r"tiny_legislators\.csv: column chamber: row 2 \(''\).*is not a chamber"):
        read(
            tmp_path / "c",
            lambda tables: [put(tables, "votes", "chamber", "", vote_id=call) for call in HOUSE],
            spoil,
            lambda tables: [put(tables, "rollcalls", "chamber", "", vote_id=call) for call in HOUSE],
            lambda tables: [put(tables, "legislators", "chamber", "", chamber="House")],
        )


def test_the_date_stands_in_for_a_time_that_is_missing_or_none(tmp_path):
    def spoil(tables):
        put(tables, "rollcalls", "vote_datetime", "", vote_id=FIRST)
        put(tables, "rollcalls", "vote_datetime", "2013-99-13T09:30:00", vote_id=THIRD)

    house = load(tmp_path, spoil)
    assert house.rollcalls.date.tolist() == ["2013-02-11", "2013-02-12", "2013-02-13"]
    assert [row[0] for row in of_kind(house, "date")] == [FIRST, THIRD]


@pytest.mark.parametrize(
    ("written", "label"),
    [("DEM", "DEM"), ("independent", "Independent"), ("Ind.", "Independent"), ("GREEN", "Green"), ("R", "Republican")],
)
def test_a_party_has_one_spelling(tmp_path, written, label):
    found = load(tmp_path, lambda t: put(t, "legislators", "party", written, legislator_slug="rep_member_04_1"))
    assert found.legislators.party["rep_member_04_1"] == label


def test_a_chamber_without_parties_is_refused(tmp_path):
    with pytest.raises(UserError, match="House: 0 Democrat, 0 Republican members listed; at least 5"):
        load(tmp_path, lambda tables: put(tables, "legislators", "party", "", chamber="House"))


def test_the_order_of_rows_changes_nothing(tmp_path):
    def spoil(tables):
        put(tables, "votes", "legislator_slug", "", vote_id=FIRST, legislator_name="Member 01")
        put(tables, "votes", "legislator_slug", "", vote_id=FIRST, legislator_name="Member 05")
        put(tables, "legislators", "party", "", legislator_slug="rep_member_02_1")
        (row,) = rows(tables, "rollcalls", vote_id=SECOND)
        tables["rollcalls"].append([row[0], "SB 77", *row[2:]])

    def turn(tables):
        for table in tables.values():
            table[1:] = table[:0:-1]

    plain, turned = load(tmp_path / "a", spoil), load(tmp_path / "b", spoil, turn)
    assert plain.dropped.equals(turned.dropped)
    assert {**plain.info, "files": 0} == {**turned.info, "files": 0}


# --- tallies of Voteview ----------------------------------------------------------------------------------------------


def voteview(folder: Path, spoil: Spoil) -> ChamberVotes:
    tables = voteview_tables()
    for number, row in enumerate(tables["rollcalls"]):
        # members a to f: r1 4-2, r2 6-0, r3 4-1, r4 0-0, r5 3-2, r6 3-3; Senate 2-3, 3-2, 4-1
        counts = ["4 2", "6 0", "4 1", "0 0", "3 2", "3 3", "2 3", "3 2", "4 1"]
        row += ["yea_count", "nay_count"] if number == 0 else counts[number - 1].split()
    spoil(tables)
    raw = read_session("voteview", **write_tables(folder, tables))
    return load_chambers(raw, "us", ["house"], 0.025, 1)["house"]


def test_voteview_tallies_by_hand(tmp_path):
    def spoil(tables):
        tables["rollcalls"][1][-1] = "3"  # r1: one Nay too many
        tables["votes"][8][4] = "2"  # r2: a paired Yea, counted by Voteview or not
        tables["rollcalls"][2][-2] = "5"
        tables["votes"][7][4] = "3"

    house = voteview(tmp_path, spoil)
    assert of_kind(house, "tally") == [
        ["1", "recorded 4 Yea, 3 Nay; counted 4 Yea, 2 Nay", 1.0],
        ["2", "recorded 5 Yea, 0 Nay; counted 6 Yea, 0 Nay", 1.0],
    ]
    assert house.info["tallies"]["n_recorded"] == 6


def test_voteview_tallies_with_or_without_pairs_and_presidents_agree(tmp_path):
    def spoil(tables):
        tables["votes"][8][4] = "2"  # r2: 5 Yea and a paired one; 6 recorded
        tables["legislators"].insert(1, ["119", "President", "99912", "200", "PRESIDENT", "US", ""])
        tables["votes"].append(["119", "House", "3", "99912", "1"])
        tables["rollcalls"][3][-2] = "5"  # r3: 4 Yea and the president's

    assert voteview(tmp_path / "a", spoil).info["tallies"]["n_unlike"] == 0

    def without_pairs(tables):
        spoil(tables)
        tables["rollcalls"][2][-2] = "5"

    assert voteview(tmp_path / "b", without_pairs).info["tallies"]["n_unlike"] == 0
