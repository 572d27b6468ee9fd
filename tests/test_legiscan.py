"""LegiScan datasets, as CSV, as JSON and zipped: read as written, and what they leave open."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest
from format_files import (
    PERSON,
    ROLL,
    configured,
    expected,
    legiscan_tables,
    letters,
    read_as_configured,
    same_votes,
    write_legiscan,
)

from tallgrass_models.errors import UserError
from tallgrass_models.votes.session import load_chambers

FORMS = ["csv", "json", "csv.zip", "json.zip"]
FLOOR = ["r1", "r2", "r3", "r4", "r5", "r6", "s2", "s3", "s1"]


def read(folder, spoil=None, form="csv", **also):
    tables = legiscan_tables()
    if spoil:
        spoil(tables)
    return read_as_configured(folder, **write_legiscan(folder, form, tables), **also)


def put(tables, name, column, value, **wanted):
    header = tables[name][0]
    for row in tables[name][1:]:
        if all(row[header.index(key)] == text for key, text in wanted.items()):
            row[header.index(column)] = value


@pytest.mark.parametrize("form", FORMS)
def test_votes_members_and_roll_calls_arrive_as_written(tmp_path, form):
    raw = read(tmp_path, form=form)
    assert (letters(raw, "house"), letters(raw, "senate")) == (expected("house"), expected("senate"))
    assert "".join(raw.legislators.party.str[0]) == "DDDRRIDDRRR"
    assert raw.legislators.id.tolist() == raw.legislators.person.tolist() == list(PERSON.values())
    assert raw.legislators.name.tolist() == list("ABCDEFGHIJK")
    assert raw.legislators.district.tolist()[::10] == ["HD-097", "SD-107"]
    assert raw.rollcalls.id.tolist() == [ROLL[call] for call in FLOOR]
    assert raw.rollcalls.bill.tolist() == ["HB 1", "HB 2", "HB 1", "", "HB 3", "HB 4", "SB 9", "", "HB 1"]
    assert set(raw.rollcalls.title) == {"A, title", ""}
    assert raw.rollcalls.id[raw.rollcalls.passage].tolist() == [ROLL["r1"], ROLL["r5"], ROLL["s1"]]
    assert set(raw.rollcalls.tally) == {"equal"}
    assert raw.notes.empty


def test_all_forms_are_read_alike(tmp_path):
    plain, *others = (read(tmp_path / form, form=form) for form in FORMS)
    for other in others:
        same_votes(plain, other)


def committee(tables, members="ab", chamber="House"):
    """A vote of a committee, under the chamber as LegiScan has it."""
    tables["rollcalls"].append(
        ["77001", "600000", "2025-02-01", chamber, "Committee report", str(len(members)), "0", "0", "0", "2"]
    )
    tables["votes"] += [["600000", PERSON[m], "1", "Yea"] for m in members]


@pytest.mark.parametrize("form", FORMS)
def test_votes_of_committees_are_left_out_and_noted_one_by_one(tmp_path, form):
    raw = read(tmp_path, committee, form)
    note = raw.notes[["kind", "id", "value"]].values.tolist()
    assert note == [["committee", "600000", 2.0]]
    assert "lists 2 members, fewer than half of the 6 on the chamber's largest" in raw.notes.reason[0]
    assert letters(raw, "house") == expected("house")
    kept = load_chambers(raw, "ks", ["house"], 0.025, 1)["house"]
    assert "committee" in kept.info["oddities"]


def test_votes_of_both_chambers_together_are_counted_and_left_out(tmp_path):
    raw = read(tmp_path, lambda tables: committee(tables, "abcdefghijk", "Joint"))
    assert raw.info["n_joint_rollcalls_dropped"] == 1
    assert letters(raw, "senate") == expected("senate")


def test_who_moves_to_the_other_chamber_is_a_member_of_both(tmp_path):
    """The file of people has the last seat alone: Senator g voted on r6 as a Representative."""
    raw = read(tmp_path, lambda t: t["votes"].append([ROLL["r6"], PERSON["g"], "2", "Nay"]))
    seats = raw.legislators[raw.legislators.person == PERSON["g"]]
    assert seats.chamber.tolist() == ["house", "senate"]
    assert letters(raw, "house")[5] == [*expected("house")[5], 0]


def test_who_never_votes_sits_where_the_file_says_and_committees_do_not(tmp_path):
    def spoil(tables):
        new = [["2001", "Idle", *[""] * 5, "2", "R", "1", "Rep", "HD-999", *"12345", "0"]]
        new += [["2002", "Agriculture", *[""] * 5, "0", "", "1", "Rep", "", *"12345", "88"]]
        new += [["2003", "Joint Audit", *[""] * 5, "0", "", "3", "Jnt", "", *"12345", "89"]]
        tables["people"] += new

    raw = read(tmp_path, spoil)
    assert set(raw.legislators.id) - set(PERSON.values()) == {"2001"}


def test_parties_blank_green_and_of_nobody(tmp_path):
    def spoil(tables):
        for member, party in zip("abcf", ("", "G", "N", "L"), strict=True):
            put(tables, "people", "party", party, people_id=PERSON[member])

    raw = read(tmp_path, spoil)
    assert raw.legislators.party.tolist()[:6] == [
        *("Independent", "Green", "Nonpartisan", "Republican", "Republican", "Libertarian"),
    ]
    assert raw.notes[["kind", "id"]].values.tolist() == [["party", PERSON["a"]]]


def test_nebraska_has_one_chamber_and_parties_that_the_session_says(tmp_path):
    """Senators without a party in one Legislature."""

    def spoil(tables):
        house = {PERSON[m] for m in "abcdef"}
        tables["votes"] = [row for row in tables["votes"] if row[1] not in house]
        tables["people"] = [row for row in tables["people"] if row[0] not in house]
        tables["rollcalls"] = [row for row in tables["rollcalls"] if row[3] != "House"]
        put(tables, "rollcalls", "chamber", "Legislature")
        put(tables, "people", "party", "N")

    raw = read(tmp_path, spoil)
    assert letters(raw, "senate") == expected("senate")
    with pytest.raises(
        UserError, match=r"at least 5 of the two parties are needed; `caucus` .* whom others count with \(Nonpartisan\)"
    ):
        load_chambers(raw, "ne", ["senate"], 0.025, 1)
    caucus = {"Nonpartisan": "Republican", PERSON["g"]: "Democrat", PERSON["h"]: "Democrat"}
    votes = load_chambers(raw, "ne", ["senate"], 0.025, 1, caucus)["senate"]
    assert votes.parties.tolist() == ["Democrat"] * 2 + ["Republican"] * 3
    assert np.array_equal(votes.y.T, expected("senate"))


def test_a_vote_of_nobody_and_a_count_that_does_not_add_up_are_noted(tmp_path):
    def spoil(tables):
        tables["votes"].append([ROLL["r1"], "0", "1", "Yea"])
        put(tables, "rollcalls", "yea", "5", roll_call_id=ROLL["r1"])
        put(tables, "rollcalls", "nay", "3", roll_call_id=ROLL["r2"])

    raw = read(tmp_path, spoil)
    assert raw.rollcalls.tally.tolist()[:3] == ["explained", "unlike", "equal"]
    assert raw.notes.reason.tolist() == ["votes that name no member: ?: 1"]


def test_repeated_rows_count_once(tmp_path):
    def spoil(tables):
        for rows in tables.values():
            rows.append(rows[1])

    raw = read(tmp_path, spoil)
    names = ("n_duplicates_dropped", "n_duplicate_legislators_dropped", "n_duplicate_rollcalls_dropped")
    assert [raw.info[name] for name in names] == [1, 1, 1]
    same_votes(raw, read(tmp_path / "plain"))


def test_a_date_of_zeros_is_none(tmp_path):
    raw = read(tmp_path, lambda t: put(t, "rollcalls", "date", "0000-00-00", roll_call_id=ROLL["r6"]))
    assert (raw.rollcalls.id[0], raw.rollcalls.date[0]) == (ROLL["r6"], "")


def test_without_bills_nothing_is_matched(tmp_path):
    raw = read(tmp_path, lambda tables: tables.pop("bills"))
    assert set(raw.rollcalls.bill) == {""}


def test_marks_and_line_ends(tmp_path):
    session = write_legiscan(tmp_path, "csv")
    for path in tmp_path.rglob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    same_votes(read_as_configured(tmp_path, **session), read(tmp_path / "plain"))


BAD = {
    "code": (lambda t: put(t, "votes", "vote", "5", people_id=PERSON["a"]), r"votes\.csv: column vote: row 2 \('5'\).*"
             r"is not a vote code; known are 1 Yea, 2 Nay, 3 not voting, 4 absent"),
    "person": (lambda t: put(t, "votes", "people_id", "9", people_id=PERSON["a"]), r"member not listed in .*people"),
    "roll call": (lambda t: put(t, "votes", "roll_call_id", "9", people_id=PERSON["a"]), r"roll call not listed in"),
    "chamber": (lambda t: put(t, "rollcalls", "chamber", "Hose", roll_call_id=ROLL["r1"]), r"\('Hose'\): is not a ch"),
    "date": (lambda t: put(t, "rollcalls", "date", "soon", roll_call_id=ROLL["r1"]), r"\('soon'\): is not a date"),
    "tally": (lambda t: put(t, "rollcalls", "yea", "many", roll_call_id=ROLL["r1"]), r"\('many'\): is not a whole num"),
    "bill": (lambda t: put(t, "rollcalls", "bill_id", "9", roll_call_id=ROLL["r1"]), r"bill not listed in .*bills"),
    "two of an id": (lambda t: t["people"].append(["1001", "Other", *t["people"][1][2:]]), "occurs before with other"),
    "contradiction": (lambda t: t["votes"].append([ROLL["r1"], PERSON["a"], "2", "Nay"]), "contradicts an earlier"),
    "name": (lambda t: put(t, "people", "name", "", people_id=PERSON["a"]), "a member needs a name"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "problem"), BAD.values(), ids=BAD)
def test_what_cannot_be_trusted_is_refused_by_name(tmp_path, spoil, problem):
    with pytest.raises(UserError, match=problem):
        read(tmp_path, spoil)


JSON_BAD = {
    "vote/555001.json": [
        ("{", "line 1: not valid JSON"),
        ("[]", "holds no 'roll_call'"),
        ('{"roll_call": {"roll_call_id": 555001}}', "votes: must be a list"),
        ('{"roll_call": {"roll_call_id": 555001, "votes": [3]}}', "vote 1: must hold a mapping"),
        ('{"roll_call": {"roll_call_id": [1], "votes": []}}', "roll_call_id: holds a list, not a text or number"),
        ('{"roll_call": {"roll_call_id": "\\ud800", "votes": []}}', "roll_call_id: holds half a character"),
        ("[" * 100_000, "not valid JSON"),
    ],
    "people/1001.json": [('{"person": {"people_id": 1001}}', "a member needs a name")],
}


@pytest.mark.parametrize(("name", "content", "problem"), [(n, c, p) for n, all_ in JSON_BAD.items() for c, p in all_])
def test_a_json_file_that_is_none_is_refused_by_name(tmp_path, name, content, problem):
    session = write_legiscan(tmp_path, "json")
    (tmp_path / "KS/2025-2026_91st_Legislature" / name).write_text(content)
    with pytest.raises(UserError, match=problem) as error:
        read_as_configured(tmp_path, **session)
    assert name.rpartition("/")[2] in str(error.value)


def test_two_sessions_under_one_path_are_told_before_anything_is_read(tmp_path):
    session = write_legiscan(tmp_path, "csv")
    (tmp_path / "KS/2025-2026_91st_Legislature").rename(tmp_path / "KS/2023-2024")
    write_legiscan(tmp_path, "csv")
    with pytest.raises(UserError, match=r"sessions\.tiny\.path: holds several sessions: .*2023-2024/csv, .*; name one"):
        configured(tmp_path, **session)
    configured(tmp_path, **session | {"path": str(tmp_path / "KS/2023-2024")})


def test_archives_that_are_none(tmp_path):
    session = write_legiscan(tmp_path, "json.zip")
    whole = (tmp_path / "dataset.zip").read_bytes()
    for content, problem in (
        (b"", "not a zip archive"),
        (whole[:500], "not a zip archive"),
        (b"PK\x03\x04", "not a zip"),
    ):
        (tmp_path / "dataset.zip").write_bytes(content)
        with pytest.raises(UserError, match=rf"dataset\.zip: {problem}"):
            read_as_configured(tmp_path, **session)
    with zipfile.ZipFile(tmp_path / "dataset.zip", "w") as archive:
        archive.writestr("KS/README.md", "nothing")
    with pytest.raises(UserError, match=r"dataset\.zip: no LegiScan dataset: neither votes\.csv"):
        read_as_configured(tmp_path, **session)
    (tmp_path / "dataset.zip").unlink()
    with pytest.raises(UserError, match=r"dataset\.zip: no such file"):
        read_as_configured(tmp_path, **session)


def test_an_empty_folder_says_what_is_looked_for(tmp_path):
    with pytest.raises(UserError, match=r"votes\.csv: no such file"):
        read_as_configured(tmp_path, source="legiscan", path=str(tmp_path / "empty"))


def test_every_file_of_a_folder_is_an_input(tmp_path):
    from tallgrass_models.config.session_files import file_arguments, session_inputs

    session = configured(tmp_path, **write_legiscan(tmp_path, "json"))
    names = {path.rpartition("Legislature/")[2] for path in session_inputs(session)}
    assert {"vote/555001.json", "people/1001.json", "bill/HB1.json"} <= names
    assert len(names) == 9 + 11 + 5
    assert [argument.partition("=")[0] for argument in file_arguments(session)] == ["rollcalls", "people", "bills"]
    assert json.loads(session.to_json())["options"] == {}


@pytest.mark.parametrize(("column", "text"), [("chamber", "Joint"), ("people_id", "0")])
def test_nothing_of_a_chamber_is_no_traceback(tmp_path, column, text):
    name = "rollcalls" if column == "chamber" else "votes"
    raw = read(tmp_path, lambda tables: put(tables, name, column, text))
    assert raw.votes.empty
    with pytest.raises(UserError, match=r"no roll call of the House|no contested roll calls in the House"):
        load_chambers(raw, "ks", ["house"], 0.025, 1)


def test_of_two_forms_in_a_folder_the_first_is_read_even_without_bills(tmp_path):
    session = write_legiscan(tmp_path, "json")
    write_legiscan(tmp_path, "csv")
    (tmp_path / "KS/2025-2026_91st_Legislature/csv/bills.csv").unlink()
    raw = read_as_configured(tmp_path, **session)
    assert raw.files["votes"].name == "votes.csv"
    assert set(raw.rollcalls.bill) == {""}


@pytest.mark.parametrize("path", ["x" * 300 + ".zip", "x" * 300, "[a]*{b}", "votes.csv/x.zip"])
def test_any_path_is_a_name(tmp_path, path):
    with pytest.raises(UserError, match=r"no such file|cannot be read|not a zip archive"):
        read_as_configured(tmp_path, source="legiscan", path=str(tmp_path / path))


def test_a_path_may_hold_any_character(tmp_path):
    same_votes(read(tmp_path / "a [b]*{c}'s ?"), read(tmp_path / "plain"))
