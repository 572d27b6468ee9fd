"""Data of the stories of members and roll calls, against votes and places counted by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from comparison_files import fake_comparison
from markupsafe import Markup
from report_files import CONFIG, HOUSE, fail, read_rows, report_inputs
from story_files import CUTS, STORY, fake_stories

from tallgrass_models.errors import UserError
from tallgrass_models.files.vote_codes import ABSENT, NOT_IN_OFFICE
from tallgrass_models.report.files.comparison import read_comparison, read_tables
from tallgrass_models.report.files.data import Report
from tallgrass_models.report.files.votes import read_votes
from tallgrass_models.report.page.links import member_link, member_of, rollcall_link, rollcall_of, variant_of
from tallgrass_models.report.report_page import _read_report
from tallgrass_models.report.stories.blocks import story_blocks
from tallgrass_models.report.stories.coding import CHARACTERS, PERCENTS, percent_rows, vote_rows
from tallgrass_models.report.stories.variants import variant_blocks


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fake_stories(tmp_path_factory.mktemp("stories"))


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return _read_report(CONFIG, report_inputs(folder, CONFIG))


@pytest.fixture(scope="module")
def blocks(report: Report) -> dict:
    return story_blocks(report)


def read(row: str) -> list[float]:
    return [PERCENTS[CHARACTERS.index(character)] for character in row]


def test_a_probability_is_rounded_and_finely_where_a_vote_is_a_surprise() -> None:
    given = [0.0, 0.0004, 0.0006, 0.0149, 0.0249, 0.0251, 0.034, 0.5, 0.966, 0.9749, 0.9751, 0.9984, 0.9996, 1.0]
    (row,) = percent_rows(np.array([given]))
    assert read(row) == [0, 0, 0.1, 1.5, 2.5, 3, 3, 50, 97, 97, 97.5, 99.8, 100, 100]


def test_every_level_has_a_printable_character_of_its_own() -> None:
    assert len(set(CHARACTERS)) == len(CHARACTERS) == len(PERCENTS) == len(set(PERCENTS))
    assert all(c.isprintable() and c not in '"\\' for c in CHARACTERS)


def test_votes_are_a_character_each() -> None:
    assert vote_rows(np.array([[1, 0, ABSENT, NOT_IN_OFFICE]])) == ["10-."]


def test_a_chamber_has_its_members_from_left_to_right_and_every_vote(folder: Path, blocks: dict) -> None:
    house, rows = blocks["story-house"], read_rows(folder / "house" / "ideal_points.csv")
    ordered = sorted(rows, key=lambda row: float(row["position_mean"]))
    assert house["members"]["id"] == [f"house:{row['legislator']}" for row in ordered]
    votes = dict(zip(house["members"]["id"], house["votes"][0], strict=True))
    assert (votes["house:dem_house_0"], votes["house:dem_house_1"], votes["house:rep_house_0"]) == ("0", ".", "-")
    assert sorted(votes.values()) == ["-", ".", *"0" * 20, *"1" * 10]
    assert house["members"]["story"][house["members"]["id"].index("house:dem_house_1")] == STORY
    assert house["rollcalls"]["id"][:2] == ["house:0", "house:1"]
    assert house["rollcalls"]["bill"][3] == "HB 2003"
    assert house["rollcalls"]["texts"][house["rollcalls"]["title"][3]] == "An act concerning subject 3"


def test_a_fit_has_places_chances_and_cutting_points(folder: Path, blocks: dict) -> None:
    house, fit = blocks["story-house"], blocks["fit-house"]["chambers"]["house"]
    first = house["members"]["id"].index("house:dem_house_0")
    row = next(r for r in read_rows(folder / "house" / "ideal_points.csv") if r["legislator"] == "dem_house_0")
    assert fit["members"]["at"][first] == pytest.approx(float(row["position_mean"]), rel=1e-3)
    assert fit["members"]["n"] == 32
    assert [read(fit["yea"][j])[first] for j in (0, 1, 4)] == [99.6, 3, 75]
    assert fit["rollcalls"]["cut"][:3] == CUTS["cut_q50"]
    assert fit["rollcalls"]["yea_right"][:3] == CUTS["p_yea_right"]
    assert (fit["compared"]["rank"][first], fit["compared"]["n"]) == (30.5, 32)  # the experiment compared with


def test_the_joint_fit_has_both_chambers_in_the_same_order(folder: Path, blocks: dict) -> None:
    joint = blocks["fit-joint"]
    assert list(joint["chambers"]) == ["house", "senate"]
    assert joint["chambers"]["senate"]["items"][9:11] == ["both:9", "senate:10"]
    assert joint["order"] == [*blocks["story-house"]["members"]["id"], *blocks["story-senate"]["members"]["id"]]
    assert joint["names"][0].endswith(" (House)")
    assert joint["names"][-1].endswith(" (Senate)")
    at = {row["legislator"]: float(row["position_mean"]) for row in read_rows(folder / "joint" / "ideal_points.csv")}
    for k, (one, row) in enumerate(zip(joint["order"], joint["right_of"], strict=True)):
        # the file says 1 of whoever stands right, and 0.25 of others
        assert read(row) == [100 if at[one] > at[other] else 25 for other in joint["order"][:k]]


def test_loyalty_stands_beside_the_medians(blocks: dict) -> None:
    """Scores fall by 0.01 a row: 12 Democrats from 0.99 to 0.88, 20 Republicans down to 0.68."""
    house = blocks["story-house"]
    assert house["unity"] == {"Democrat": 0.935, "Republican": 0.775, "all": 0.835}
    at = house["members"]["id"].index("house:dem_house_2")
    assert (house["members"]["unity"][at], house["members"]["unity_low"][at]) == (0.97, 0.9)


def test_a_fit_that_cannot_be_read_gives_its_reason_and_nothing_else(tmp_path: Path) -> None:
    fake_stories(tmp_path, HOUSE)
    fail(tmp_path)
    blocks = story_blocks(_read_report(HOUSE, report_inputs(tmp_path, HOUSE)))
    ids = [str(k) for k in range(30)]
    assert blocks["fit-house"]["chambers"] == {"house": {"why": "this fit has not converged", "items": ids}}
    assert blocks["fit-house"]["right_of"] == []
    assert blocks["story-house"]["votes"]  # what happened is told
    assert set(blocks["story-house"]["members"]["unity_low"]) == {None}  # what the model expects is not


def test_who_was_left_out_is_known_by_id(blocks: dict) -> None:
    assert blocks["stories"]["gone"]["house:m1"] == ["Rarely There", "few votes"]
    assert "house:x1" not in blocks["stories"]["gone"]  # a roll call


def test_results_without_votes_have_no_stories(report: Report) -> None:
    bare = {name: replace(unit, votes=None) for name, unit in report.units.items()}
    assert story_blocks(replace(report, units=bare)) == {}


def test_a_damaged_file_of_votes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "vote_probabilities.nc"
    path.write_text("not netCDF", encoding="utf-8")
    with pytest.raises(UserError, match=r"vote_probabilities\.nc: damaged"):
        read_votes(path)


def test_links_carry_any_id_with_its_chamber() -> None:
    shown = Markup("<bdi>Ann</bdi>")
    assert member_link("house", "m 1&\"<'", shown) == '<a href="#member=house:m%201%26%22%3C%27"><bdi>Ann</bdi></a>'
    assert member_link("house", "house:m1", shown) == '<a href="#member=house:m1"><bdi>Ann</bdi></a>'
    assert rollcall_link("both", "both:HB 1", shown) == '<a href="#rollcall=both:HB%201"><bdi>Ann</bdi></a>'
    assert 'rollcall=house:7"' in rollcall_of({"rollcall": "7", "vote": "Nay", "chamber": "house"}, shown)
    assert 'rollcall=senate:8"' in rollcall_of({"vote": "8", "chambers": "senate"}, shown)
    assert member_of({"name": "Ann"}, shown) == rollcall_of({"bill": "HB 1"}, shown) == shown


def test_a_member_of_the_comparison_has_the_rank_under_every_variant(tmp_path: Path) -> None:
    comparison = fake_comparison(tmp_path)
    blocks = variant_blocks(read_comparison(comparison), read_tables(tmp_path))
    member = blocks["variants"]["demo:house:m3"]
    assert (member["name"], member["party"]) == ("Member 3", "Democrat")
    rows = [row for row in read_rows(tmp_path / "members.csv") if row["legislator"] == "m3"]
    ((where, fit),) = member["fits"].items()
    assert (where, fit["n"]) == ("Assembly", 20)  # what the session calls its House
    assert fit["ranks"][0] == ["baseline", 4, 2, 6, True]
    assert {rank[0] for rank in fit["ranks"][1:]} <= {row["experiment"] for row in rows}
    assert fit["ranks"][1][1:] == [17, 1, 20, True]
    link = variant_of({"group": "demo", "chamber": "house", "legislator": "m3"}, Markup("Ann"))
    assert link == '<a href="#member=demo:house:m3">Ann</a>'
