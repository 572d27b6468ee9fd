"""What is said of a person who is listed more than once."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from votes_fixtures import icpsr, tallgrass_tables, voteview_tables, write_tables

from tallgrass_models.summary.roster import member_columns, roster
from tallgrass_models.votes.session import load_chambers, read_session
from tallgrass_models.votes.spells import story
from tallgrass_models.votes.unit_votes import Part, UnitVotes, make_unit

LATE = ("2009-04-30", "2010-12-20")


def spell(party: str, first: str = "", last: str = "", caucus: str | None = None) -> dict[str, str]:
    return {
        "party": party,
        "caucus": party if caucus is None else caucus,
        "first_day": first,
        "last_day": last,
    }


@pytest.mark.parametrize(
    ("spells", "said"),
    [
        ([spell("Democrat", *LATE)], ""),
        (
            [spell("Republican", *LATE), spell("Democrat", "2009-01-06", "2009-04-28")],
            "Democrat until 28 April 2009, then Republican",
        ),
        (  # a change between two roll calls of one day
            [spell("Democrat", "2009-01-06", "2009-04-30"), spell("Republican", *LATE)],
            "Democrat until 30 April 2009, then Republican",
        ),
        (
            [
                spell("Democrat", "2023-01-03", "2024-05-30"),
                spell("Independent", "2024-06-03", "2024-12-20", "Democrat"),
            ],
            "Democrat until 30 May 2024, then Independent (counted with the Democrats)",
        ),
        (
            [spell("Democrat", "2023-01-03", "2024-05-30"), spell("Independent", "2024-06-03", "2024-12-20", "")],
            "Democrat until 30 May 2024, then Independent",
        ),
        (
            [
                spell("Independent", "2010-01-05", "2010-03-01", ""),
                spell("Democrat", "2009-01-06", "2009-12-01"),
                spell("Republican", "2010-03-02", "2010-12-20"),
            ],
            "Democrat until 1 December 2009, then Independent until 1 March 2010, then Republican",
        ),
        (
            [spell("Democrat", "2009-01-06", "2009-02-01"), spell("Democrat", "2010-05-03", "2010-12-20")],
            "Democrat until 1 February 2009, again from 3 May 2010",
        ),
        ([spell("Democrat"), spell("Republican")], "Democrat in some roll calls, Republican in others"),
        (  # one date is not enough
            [spell("Democrat", "2009-01-06", "2009-02-01"), spell("Republican")],
            "Democrat in some roll calls, Republican in others",
        ),
        (  # at one time listed twice
            [spell("Democrat", "2009-01-06", "2010-02-01"), spell("Republican", *LATE)],
            "Democrat in some roll calls, Republican in others",
        ),
        ([spell("Democrat"), spell("Democrat")], "Democrat, listed twice"),
        (
            [spell("Democrat"), spell("Republican"), spell("Green")],
            "Democrat, Republican and Green in different roll calls",
        ),
    ],
)
def test_a_story_by_hand(spells, said):
    assert story(spells) == said
    assert story(spells[::-1]) == said or "in" in said  # the order of rows does not matter where dates are known


def switcher(tables):
    """Members b and f of the House are one person: a Democrat up to roll call 3, an Independent from 4 on."""
    for rows in tables["legislators"]:
        rows.append("")
    tables["legislators"][0][-1] = "bioguide_id"
    tables["legislators"][2][-1] = tables["legislators"][6][-1] = "M000001"
    for row in tables["votes"][1:]:
        early = row[1] == "House" and int(row[2]) < 4
        if row[1] == "House" and row[3] == icpsr("f" if early else "b"):
            row[4] = "0"
        elif row[4] == "0":
            row[4] = "9"


def house_of(tmp_path, min_votes: int, caucus: dict[str, str]):
    tables = voteview_tables()
    switcher(tables)
    raw = read_session("voteview", **write_tables(tmp_path, tables))
    return load_chambers(raw, "us", ["house"], 0.025, min_votes, caucus)["house"]


def test_two_rows_of_one_person_are_members_with_one_story(tmp_path):
    house = house_of(tmp_path, 1, {"Independent": "Republican"})
    found = member_columns(house)
    assert house.n_legislators == 6
    assert found.person.tolist().count("M000001") == 2
    said = "Democrat until 3 February 2025, then Independent (counted with the Republicans)"
    assert found.spells.tolist() == ["", said, "", "", "", said]
    assert found.caucus.tolist() == [*["Democrat"] * 3, *["Republican"] * 3]
    assert found.service.tolist() == pytest.approx([1, 3 / 6, 1, 1, 1, 3 / 6])
    (block,) = roster(make_unit([house]), [house])
    assert block["spells"] == [
        {"name": "NAME, f", "legislators": [icpsr("b"), icpsr("f")], "story": said},
    ]
    assert block["outside_parties"] == [
        {"legislator": icpsr("f"), "name": "NAME, f", "party": "Independent", "caucus": "Republican"}
    ]
    assert block["left_out"] == []
    json.dumps(block, allow_nan=False)


def test_a_spell_that_is_not_in_the_fit_is_in_the_story_all_the_same(tmp_path):
    house = house_of(tmp_path, 2, {"Independent": "Democrat"})  # b has 2 votes (r1, r3), f 1 (r6): f goes
    assert icpsr("f") not in house.legislators.index
    (block,) = roster(make_unit([house]), [house])
    assert member_columns(house).spells[icpsr("b")].startswith("Democrat until 3 February 2025, then Independent")
    assert block["left_out"] == [
        {
            "legislator": icpsr("f"),
            "name": "NAME, f",
            "reason": "fewer than 2 Yea and Nay votes on contested roll calls",
            "n_votes": 1,
        }
    ]


def unit_of(votes) -> UnitVotes:
    """A unit in which exactly these votes were fitted."""
    part = Part(votes, slice(0, votes.n_legislators), np.arange(votes.n_votes), list(votes.legislators.index))
    return UnitVotes([part], votes.rollcalls, None)


def test_free_standing_members_are_named_in_a_fit_and_out_of_it(tmp_path):
    raw = read_session("tallgrass", **write_tables(tmp_path, tallgrass_tables()))
    house = load_chambers(raw, "tiny", ["house"], 0.025, 2)["house"]
    assert member_columns(house).caucus.tolist()[-1] == "none"
    both = house.parties != "Independent"
    without = replace(house, y=house.y[both], legislators=house.legislators[both])
    (inside,), (outside,) = roster(unit_of(house), [house]), roster(unit_of(without), [house])
    assert [(row["name"], row["caucus"]) for row in inside["outside_parties"]] == [("F", "none")]
    assert inside["left_out"] == outside["outside_parties"] == []
    assert [(row["name"], row["n_votes"]) for row in outside["left_out"]] == [("F", 2)]
    assert "neither party" in outside["left_out"][0]["reason"]
