"""Open States bulk data, as CSV, as JSON and zipped: read as written, and who its voters are."""

from __future__ import annotations

import json

import pytest
from format_files import (
    ORGANIZATION,
    configured,
    expected,
    letters,
    ocd,
    openstates_tables,
    read_as_configured,
    same_votes,
    write_openstates,
)

from tallgrass_models.errors import UserError
from tallgrass_models.votes.session import load_chambers


def read(folder, spoil=None, form="csv", **also):
    tables = openstates_tables()
    if spoil:
        spoil(tables)
    return read_as_configured(folder, **write_openstates(folder, form, tables), **also)


def put(tables, name, column, value, /, **wanted):
    header = tables[name][0]
    for row in tables[name][1:]:
        if all(row[header.index(key)] == text for key, text in wanted.items()):
            row[header.index(column)] = value


@pytest.mark.parametrize("form", ["csv", "csv.zip"])
def test_votes_members_and_roll_calls_arrive_as_written(tmp_path, form):
    raw = read(tmp_path, form=form)
    assert (letters(raw, "house"), letters(raw, "senate")) == (expected("house"), expected("senate"))
    assert "".join(raw.legislators.party.str[0]) == "DDDRRIDDRRR"
    assert raw.legislators.name.tolist() == [f"Ann {m}son" for m in "ABCDEFGHIJK"]
    assert raw.legislators.id.tolist() == raw.legislators.person.tolist() == [ocd("person", m) for m in "abcdefghijk"]
    assert raw.rollcalls.bill.tolist() == ["HB 1", "HB 2", "HB 1", "", "HB 3", "HB 4", "SB 9", "", "HB 1"]
    assert raw.rollcalls.id[raw.rollcalls.passage].tolist() == [ocd("vote", "r1"), ocd("vote", "s1")]
    assert set(raw.rollcalls.tally) == {"equal"}
    assert raw.notes.empty
    same_votes(raw, read(tmp_path / "plain"))


@pytest.mark.parametrize("form", ["json", "json.zip"])
def test_the_json_form_has_names_alone(tmp_path, form):
    raw = read(tmp_path, form=form)
    with_bill = [row for place, row in enumerate(expected("house")) if place != 3]
    assert letters(raw, "house") == with_bill
    assert raw.legislators.id.tolist() == [ocd("person", m) for m in "abcdefghijk"]
    assert raw.rollcalls.id.tolist() == ["HB 1 #1", "HB 2 #1", "HB 1 #2", "HB 3 #1", "HB 4 #1", "SB 9 #1", "HB 1 #3"]
    assert raw.rollcalls.id[raw.rollcalls.passage].tolist() == ["HB 1 #1", "HB 1 #3"]


def nameless(tables, *members):
    """Take the ids from some members' votes."""
    for member in members:
        put(tables, "vote_people", "voter_id", "", voter_id=ocd("person", member))


@pytest.mark.parametrize(
    "written", ["Ann Ason", "Ason", "ASON", "Ason, Ann", "A. Ason", "Rep. Ason", "Representative Ann Ason", "As\u00f3n"]
)
def test_a_voter_without_an_id_is_who_is_called_so(tmp_path, written):
    def spoil(tables):
        nameless(tables, "a")
        put(tables, "vote_people", "voter_name", written, voter_name="Ason")

    same_votes(read(tmp_path, spoil), read(tmp_path / "plain"))


def test_a_name_that_two_people_have_names_nobody_and_is_noted(tmp_path):
    def spoil(tables):
        nameless(tables, "a", "b")
        put(tables, "people", "family_name", "Ason", name="Ann Bson")
        put(tables, "vote_people", "voter_name", "Ason", voter_name="Bson")

    raw = read(tmp_path, spoil)
    notes = raw.notes[raw.notes.kind == "votes"]
    assert (len(notes), raw.info["n_votes_without_member"]) == (6, 12)
    assert notes.reason.iloc[0] == "votes that name no member: Ason: yes, Ason: yes"
    assert set(raw.rollcalls.tally[:6]) == {"explained", "equal"}  # r4 has no Yea and Nay


def test_one_name_in_each_chamber_is_two_people(tmp_path):
    def spoil(tables):
        nameless(tables, "a", "g")
        put(tables, "people", "family_name", "Ason", name="Ann Gson")
        put(tables, "vote_people", "voter_name", "Ason", voter_name="Gson")

    raw = read(tmp_path, spoil)
    assert (letters(raw, "house"), letters(raw, "senate")) == (expected("house"), expected("senate"))


def test_who_is_not_in_the_file_of_people_is_a_member_of_unknown_party(tmp_path):
    def spoil(tables):
        tables["people"] = [row for row in tables["people"] if row[1] not in ("Ann Ason", "Ann Bson")]
        nameless(tables, "b")

    raw = read(tmp_path, spoil)
    odd = raw.legislators[raw.legislators.party == "Unknown"]
    assert odd[["id", "name"]].values.tolist() == [["Bson", "Bson"], [ocd("person", "a"), "Ason"]]
    assert raw.notes.reason.tolist() == ["not in people.csv; party unknown"] * 2
    assert letters(raw, "house")[0] == [1, 1, 0, 1, 1, 0]
    caucus = {"Bson": "Democrat", "Unknown": "Democrat"}
    house = load_chambers(raw, "ks", ["house"], 0.025, 1, caucus)["house"]
    assert (house.parties == "Democrat").sum() == 3


@pytest.mark.parametrize(
    ("written", "party"),
    [
        ("Democratic-Farmer-Labor", "Democrat"),
        ("Republican/Conservative", "Republican"),
        ("Progressive", "Progressive"),
        ("", "Independent"),
    ],
)
def test_parties(tmp_path, written, party):
    raw = read(tmp_path, lambda t: put(t, "people", "current_party", written, name="Ann Ason"))
    assert raw.legislators.party[0] == party


def test_a_file_of_people_may_say_party_as_of_the_session(tmp_path):
    def spoil(tables):
        tables["people"] = [[row[0], row[1], row[2]] for row in tables["people"]]
        tables["people"][0][2] = "party"

    assert "".join(read(tmp_path, spoil).legislators.party.str[0]) == "DDDRRIDDRRR"


def test_votes_of_committees_are_left_out(tmp_path):
    def spoil(tables):
        put(tables, "votes", "organization_id", ORGANIZATION["committee"], id=ocd("vote", "r2"))
        tables["vote_people"] = [
            row for row in tables["vote_people"] if row[1] != ocd("vote", "r3") or row[3] in ("Ason", "Bson")
        ]  # r3 is a committee's under the chamber

    raw = read(tmp_path, spoil)
    assert raw.info["n_committee_rollcalls_dropped"] == 1
    assert raw.notes[["kind", "id", "value"]].values.tolist() == [["committee", ocd("vote", "r3"), 2.0]]
    assert letters(raw, "house") == [expected("house")[k] for k in (0, 3, 4, 5)]


def test_nebraska_has_one_chamber(tmp_path):
    def spoil(tables):
        gone = {ocd("vote", f"r{k}") for k in range(1, 7)}
        tables["votes"] = [row for row in tables["votes"] if row[0] not in gone]
        for name in ("vote_people", "vote_counts"):
            tables[name] = [row for row in tables[name] if row[1] not in gone]
        put(tables, "organizations", "classification", "legislature", classification="upper")
        put(tables, "people", "current_chamber", "legislature")

    assert letters(read(tmp_path, spoil), "senate") == expected("senate")


def test_a_session_of_both_chambers_together_is_left_out(tmp_path):
    def spoil(tables):
        tables["organizations"].append(["ocd-organization/9", "Joint", "", "legislature"])
        put(tables, "votes", "organization_id", "ocd-organization/9", id=ocd("vote", "s2"))

    raw = read(tmp_path, spoil)
    assert raw.info["n_joint_rollcalls_dropped"] == 1
    assert letters(raw, "senate") == expected("senate")[1:]


def test_a_tally_that_does_not_add_up_is_noted_and_two_tallies_are_none(tmp_path):
    def spoil(tables):
        put(tables, "vote_counts", "value", "9", id="r1yes")
        tables["vote_counts"].append(["x", ocd("vote", "r2"), "yes", "3"])

    assert read(tmp_path, spoil).rollcalls.tally.tolist()[:3] == ["unlike", "", "equal"]


def test_bills_and_tallies_may_be_missing(tmp_path):
    def spoil(tables):
        del tables["bills"], tables["vote_counts"]

    raw = read(tmp_path, spoil)
    assert (set(raw.rollcalls.bill), set(raw.rollcalls.tally)) == ({""}, {""})


def test_the_text_of_a_motion_counts_where_nothing_else_says_passage(tmp_path):
    raw = read(tmp_path, lambda t: put(t, "votes", "motion_classification", "[]"))
    assert raw.rollcalls.id[raw.rollcalls.passage].tolist() == [ocd("vote", name) for name in ("r1", "r5", "s1")]
    own = read(tmp_path / "own", passage=["adjourn"])
    assert own.rollcalls.id[own.rollcalls.passage].tolist() == [ocd("vote", "s3")]


BAD = {
    "option": ("vote_people", "option", "maybe", r"\('maybe'\): is not an option; known are yes, no, absent"),
    "roll call": ("vote_people", "vote_event_id", "9", "roll call not listed in .*_votes"),
    "organization": ("votes", "organization_id", "9", "organization not listed in .*_organizations"),
    "date": ("votes", "start_date", "soon", r"\('soon'\): is not a date like 2025-03-20"),
    "bill": ("votes", "bill_id", "9", "bill not listed in .*_bills"),
    "count": ("vote_counts", "value", "many", r"\('many'\): is not a whole number"),
    "person": ("people", "name", "", "needs an id and a name"),
    "id": ("votes", "id", "", "column id: row 2 .*: is blank"),
}


@pytest.mark.parametrize(("name", "column", "value", "problem"), BAD.values(), ids=BAD)
def test_what_cannot_be_trusted_is_refused_by_name(tmp_path, name, column, value, problem):
    def spoil(tables):
        tables[name][1][tables[name][0].index(column)] = value

    with pytest.raises(UserError, match=problem):
        read(tmp_path, spoil)


def test_a_contradiction_is_refused(tmp_path):
    with pytest.raises(UserError, match="contradicts an earlier vote"):
        read(
            tmp_path,
            lambda t: t["vote_people"].append(["x", *t["vote_people"][1][1:2], "no", *t["vote_people"][1][3:]]),
        )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{}", "must hold a list of bills"),
        ("[3]", "bill 1: must hold a mapping"),
        ('[{"identifier": "HB 1", "votes": {}}]', "HB 1: votes: must be a list"),
        ('[{"identifier": "HB 1", "votes": [[]]}]', "HB 1: vote 1: must hold a mapping"),
        ('[{"identifier": "HB 1", "votes": [{"votes": [{"option": {}}]}]}]', "voter 1: option: holds a dict"),
        ("[]", "no votes of members on any bill"),
    ],
)
def test_json_of_another_shape_is_refused_by_name(tmp_path, content, problem):
    session = write_openstates(tmp_path, "json")
    (tmp_path / "KS/2025/KS_2025_bills.json").write_text(content)
    with pytest.raises(UserError, match=rf"KS_2025_bills\.json: .*{problem}|KS_2025_bills\.json: {problem}"):
        read_as_configured(tmp_path, **session)


def test_files_of_two_sessions_in_a_folder_are_told_before_anything_is_read(tmp_path):
    session = write_openstates(tmp_path, "csv")
    for path in list((tmp_path / "KS/2025").iterdir()):
        (path.parent / path.name.replace("2025", "2023")).write_bytes(path.read_bytes())
    with pytest.raises(UserError, match=r"files of several sessions: KS_2023_\w+\.csv and KS_2025_\w+\.csv; give"):
        configured(tmp_path, **session)


def test_the_file_of_people_is_needed(tmp_path):
    with pytest.raises(UserError, match=r"needs 'people' for source 'openstates'"):
        configured(tmp_path, source="openstates", path="x")
    session = write_openstates(tmp_path, "csv") | {"people": str(tmp_path / "nobody.csv")}
    with pytest.raises(UserError, match=r"nobody\.csv: no such file"):
        read_as_configured(tmp_path, **session)
    assert json.loads(configured(tmp_path, **session).to_json())["options"] == {"people": session["people"]}
