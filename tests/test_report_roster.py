"""What the page says of members left out, counted with a party or listed twice, and of files that disagree."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from report_files import (
    HOSTILE,
    HOUSE,
    Tree,
    edit_csv,
    edit_json,
    fake_results,
    fake_roster,
    outputs,
    report_inputs,
    write_csv,
)
from report_files import page as written

from tallgrass_models.report.report_page import write_report
from tallgrass_models.report.sections.pivots import pivot_title

pytestmark = pytest.mark.usefixtures("no_pictures")

ONE = {"legislator": "dem_house_0", "name": "King", "party": "Independent"}


def page(folder: Path, **changes: object) -> Tree:
    """The page of a House whose roster differs from `fake_roster` as told."""
    if not (folder / "house").exists():
        fake_results(folder, HOUSE)
    edit_json(folder / "house" / "summary.json", roster=[fake_roster("house", **changes)])
    return Tree(written(folder, HOUSE))


def flat(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


def test_who_is_left_out_is_named_with_the_reason(tmp_path: Path) -> None:
    text = page(tmp_path).text
    said = "Not in this fit (fewer than 20 Yea and Nay votes): Rarely There (3 votes)."
    assert said in flat(text["findings"])
    assert f"House: {said}" in flat(text["data"])
    assert "every member listed is in the fit" in flat(page(tmp_path, left_out=[]).text["data"])


def test_many_names_are_cut_and_counted(tmp_path: Path) -> None:
    few = [{"legislator": f"m{k}", "name": f"N {k}", "reason": "fewer than 20 votes", "n_votes": 1} for k in range(15)]
    text = flat(page(tmp_path, left_out=few).text["findings"])
    assert "N 11 (1 vote) and 3 more." in text
    assert "N 12" not in text


def test_who_is_counted_with_whom(tmp_path: Path) -> None:
    rows = [
        {**ONE, "caucus": "Democrat"},
        {**ONE, "name": "Sanders", "caucus": "Democrat"},
        {**ONE, "name": "Alone", "party": "Green", "caucus": "none"},
    ]
    text = flat(page(tmp_path, outside_parties=rows).text["findings"])
    assert "Counted with the Democrats: King (Independent) and Sanders (Independent)." in text
    assert "Counted with neither party: Alone (Green)." in text
    assert "Counted with the Republicans" not in text


def test_members_are_shown_with_the_party_listed_and_the_one_they_are_counted_with(tmp_path: Path) -> None:
    fake_results(tmp_path, HOUSE)
    path = tmp_path / "house" / "ideal_points.csv"
    rows = edit_csv(path, 0, party="Independent")
    write_csv(
        path, [{**row, "caucus": "Democrat" if k < 12 else "Republican", "spells": ""} for k, row in enumerate(rows)]
    )
    story = "Democrat until 28 April 2009, then Republican"
    edit_csv(path, 1, spells=story)
    tree = page(tmp_path)
    table = {row[0]: row for row in tree.tables["house-members"][1:]}
    assert table["Dem House 0"][2].split() == ["▲", "Independent", "(with", "the", "Democrats)"]
    assert table[f"Dem House 1{story}"][2].split() == ["●", "Democrat"]


def test_a_free_standing_member_is_on_no_partys_side(tmp_path: Path) -> None:
    """The rightmost member is an Independent, and not the rightmost Democrat."""
    fake_results(tmp_path, HOUSE)
    path = tmp_path / "house" / "ideal_points.csv"
    far = {"position_mean": 40.0, "position_q05": 39.0, "position_q95": 41.0, "p_rightmost": 1.0, "p_innermost": ""}
    rows = edit_csv(path, 0, party="Independent", **far)
    write_csv(path, [{**row, "caucus": "none" if k == 0 else row["party"]} for k, row in enumerate(rows)])
    text = flat(page(tmp_path).text["findings"])
    assert "The rightmost member is Dem House 0 (Independent) at +40.00" in text
    assert "The rightmost Democrat is probably" in text
    assert "The rightmost Democrat is Dem House 0" not in text
    edit_csv(path, 0, caucus="Democrat", p_innermost=1.0)
    text = flat(page(tmp_path).text["findings"])
    assert "The rightmost Democrat is Dem House 0 (Independent) at +40.00" in text


def test_two_spells_are_one_story_with_two_positions(tmp_path: Path) -> None:
    spells = [{"name": "Switch", "legislators": ["dem_house_1", "rep_house_2"], "story": "Democrat until noon, then R"}]
    tree = page(tmp_path, spells=spells)
    ranks = {row[0]: row[-4] for row in tree.tables["house-members"]}
    places = f"{ranks['Dem House 1']} and {ranks['Rep House 2']}"
    text = flat(tree.text["findings"])
    both = f"with a position for each time (ranks {places} of 32, in that order)"
    assert f"Switch: Democrat until noon, then R, {both}." in text
    spells[0]["legislators"][1] = "not_in_the_fit"
    text = flat(page(tmp_path, spells=spells).text["findings"])
    assert "Switch: Democrat until noon, then R, of which only the time as Democrat is in this fit." in text


TALLIES = {"n_recorded": 50, "n_unlike": 1, "n_explained": 0, "share": 0.02, "loud": True, "votes_missing": 0}
TALLY = {"tally": {"n": 1, "examples": ["HB 7: recorded 3 Yea, 5 Nay; counted 3 Yea, 4 Nay"]}}


def test_tallies_that_are_not_those_of_the_votes_are_told_aloud(tmp_path: Path) -> None:
    tree = page(tmp_path, tallies=TALLIES, oddities=TALLY)
    text = flat(tree.text["findings"])
    assert "House: the votes in the files do not match the tallies of the chamber. On 1 of 50 roll calls" in text
    assert "with a tally (2.0 %)" in text
    assert ("a", {"href": "#oddities"}) in tree.tags
    data = flat(tree.text["data"])
    assert "House: 1 tally does not match the votes: HB 7: recorded 3 Yea, 5 Nay; counted 3 Yea, 4 Nay." in data
    quiet = page(tmp_path, tallies={**TALLIES, "n_recorded": 500, "share": 0.002, "loud": False}, oddities=TALLY)
    assert "do not match the tallies" not in quiet.text["findings"]
    assert "1 tally does not match the votes" in flat(quiet.text["data"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "House: the votes match the tally on all 30 roll calls that have one."),
        (
            {"tallies": {**TALLIES, "n_recorded": 0, "n_unlike": 0, "share": None, "loud": False}},
            "House: the files have no tallies with which to compare the votes.",
        ),
        (
            {"tallies": {**TALLIES, "n_unlike": 0, "n_explained": 2, "votes_missing": 3, "loud": False}},
            "House: on 2 roll calls, some votes name no member. The tallies there have 3 votes more than the other",
        ),
        ({"tallies": None}, "There are none."),
        (
            {"oddities": {"party": {"n": 9, "examples": ["A: blank", "B: blank", "C: blank", "D: blank"]}}},
            "House: 9 members have no party in the file, for instance A: blank; B: blank; C: blank.",
        ),
    ],
)
def test_what_is_odd_about_the_files(tmp_path: Path, changes: dict, said: str) -> None:
    assert said in flat(page(tmp_path, **changes).text["data"])


def test_notes_of_the_manifest_are_not_called_left_out(tmp_path: Path) -> None:
    fake_results(tmp_path, HOUSE)
    votes = {"kind": "votes", "id": "v1", "name": "HB 9", "value": 2}
    rows = [
        {"kind": "roll call", "id": "x1", "name": "HB 1", "reason": "near-unanimous", "value": 0.01},
        {**votes, "reason": "votes that name no member: Smith: Yea, Jones: Nay"},
        {**votes, "id": "v2", "reason": "votes that name no member: Smith: Nay"},
        {"kind": "caucus", "id": "m2", "name": "King", "reason": "listed as Independent, counted with", "value": ""},
    ]
    write_csv(tmp_path / "house_dropped.csv", rows)
    tree = page(tmp_path)
    assert [row[1:] for row in tree.tables["dropped-reasons"][1:]] == [
        ["roll call", "near-unanimous", "1"],
        ["votes", "votes that name no member", "2"],
    ]
    assert [row[1] for row in tree.tables["house-dropped"][1:]] == ["roll call", "votes", "votes"]
    assert tree.tables["house-read"][1:] == [["King", "caucus", "listed as Independent, counted with"]]
    write_csv(tmp_path / "house_dropped.csv", rows[-1:])
    tree = page(tmp_path)
    assert "The filters dropped no member and no roll call." in tree.text["data"]
    assert "house-dropped" not in tree.tables


def test_names_that_try_to_be_markup(tmp_path: Path) -> None:
    few = [{"legislator": "m", "name": text, "reason": f"fewer {text}", "n_votes": 1} for text in HOSTILE]
    counted = [{"legislator": "m", "name": text, "party": text, "caucus": "none"} for text in HOSTILE]
    spells = [{"name": text, "legislators": ["dem_house_1", text], "story": text} for text in HOSTILE]
    odd = {"party": {"n": 9, "examples": list(HOSTILE)}}
    tree = page(tmp_path, left_out=few, outside_parties=counted, spells=spells, oddities=odd, tallies=TALLIES)
    assert not [tag for tag, _ in tree.tags if tag in ("img", "iframe")]
    assert "alert" in html.unescape(tree.text["findings"])


# --- medians and pivots -----------------------------------------------------------------------------------------------


def pivot_page(folder: Path, first: float, **changes: object) -> Tree:
    fake_results(folder, HOUSE)
    at = {"mean": -0.45, "sd": 0.1, "q05": -0.7, "q95": -0.2}
    place = {f"{name}_{key}": value for name in ("position", "low", "high", "xi") for key, value in at.items()}
    counted = {"members": 104, "seats": 99.8, "on": "", "p_between": 0.0, "position_mcse": 0.01, **changes}
    names = ("chamber_median", "majority_60_left", "majority_60_right")
    write_csv(folder / "house" / "pivots.csv", [{"chamber": "house", "pivot": n, **counted, **place} for n in names])
    held = {"chamber": "house", "pivot": "chamber_median", "party": "Democrat", "probability_mcse": 0.01}
    holders = [
        {**held, "legislator": "a", "name": "Ann Lee", "probability": first},
        {**held, "legislator": "b", "name": "Bo Ray", "probability": 0.3},
    ]
    write_csv(folder / "house" / "pivot_members.csv", holders)
    write_report(HOUSE, report_inputs(folder, HOUSE), folder / "report.html", *outputs(folder))
    return Tree((folder / "report.html").read_text(encoding="utf-8"))


def test_the_median_says_over_whom_it_runs_and_names_one_member_only_where_there_is_one(tmp_path: Path) -> None:
    tree = pivot_page(tmp_path, 0.61)
    over = "The median of the chamber, over 100 seats, held by 104 members, stands at −0.45"
    assert f"{over}. The median member is probably Ann Lee (D) (probability 0.61)." in flat(tree.text["findings"])
    half = flat(pivot_page(tmp_path, 0.49).text["findings"])
    assert (
        f"{over}. No single member is clearly the median member: two are about equally likely, Ann Lee (D) (0.49) and "
        "Bo Ray (D) (0.30)." in half
    )
    table = tree.tables["house-pivots"]
    assert [row[0] for row in table[2:4]] == ["60 % pivot, counted from the right", "60 % pivot, counted from the left"]
    assert table[1][1:3] == ["104", "99.8"]
    assert "share of the chamber’s roll calls in the member’s time in office" in flat(tree.text["house"])


def test_at_a_date_the_page_says_which(tmp_path: Path) -> None:
    tree = pivot_page(tmp_path, 0.61, members=99, seats=99.0, on="2024-06-01")
    said = "The median of the chamber, over the 99 members in this fit who were in office on 1 June 2024, stands at"
    assert said in flat(tree.text["findings"])
    assert "The members in this fit who were in office on 1 June 2024 count, one seat each." in flat(tree.text["house"])
    nearly = flat(pivot_page(tmp_path, 0.61, members=100, seats=99.9711).text["findings"])
    assert "The median of the chamber, over the 100 members in this fit, stands at" in nearly
    whole = flat(pivot_page(tmp_path, 0.61, members=99, seats=99.0).text["findings"])
    assert "The median of the chamber, over the 99 members in this fit, stands at" in whole


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("majority_62.5_left", "62.5\xa0% pivot, counted from the right"),
        ("two_thirds_right", "Two-thirds pivot, counted from the left"),
        ("something", "something"),
    ],
)
def test_positions_in_words(name: str, title: str) -> None:
    assert pivot_title(name) == title
