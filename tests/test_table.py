"""Any long table of votes: columns and words named in the session, and all problems of its files at once."""

from __future__ import annotations

import pandas as pd
import pytest
import yaml
from format_files import (
    TABLE_COLUMNS,
    configured,
    expected,
    letters,
    read_as_configured,
    same_votes,
    table_rows,
    without,
    write_csv,
    write_table,
)

from tallgrass_models.errors import UserError


def read(folder, spoil=None, **also):
    return read_as_configured(folder, **write_table(folder, spoil) | also)


def test_votes_members_and_roll_calls_arrive_as_written(tmp_path):
    raw = read(tmp_path)
    assert letters(raw, "house") == expected("house")
    assert letters(raw, "senate") == expected("senate")
    assert "".join(raw.legislators.party.str[0]) == "DDDRRIDDRRR"
    assert raw.legislators.name.tolist() == list("abcdefghijk")  # a name is an id too
    assert raw.rollcalls.bill.tolist() == ["HB 1", "HB 2", "HB 1", "", "HB 3", "HB 4", "SB 9", "", "HB 1"]
    assert raw.rollcalls.date.tolist()[6:] == ["2025-03-01", "2025-03-02", "2025-03-03"]
    assert raw.rollcalls.id[raw.rollcalls.passage].tolist() == ["r1", "r5", "s1"]  # "final action" in the motion
    assert raw.info["n_duplicates_dropped"] == raw.info["n_votes_without_member"] == 0


def test_columns_that_are_called_as_we_call_them_need_no_mapping(tmp_path):
    def ours(rows):
        rows[0] = ["Member", "party", "CHAMBER", "rollcall", "vote", "date", "bill", "motion"]

    same_votes(read_as_configured(tmp_path, **without(write_table(tmp_path, ours), "columns")), read(tmp_path / "b"))


def test_members_and_roll_calls_in_files_of_their_own(tmp_path):
    plain = read(tmp_path / "plain")
    rows = table_rows()
    folder = tmp_path / "three"
    session = write_table(folder, lambda t: t.__setitem__(slice(None), [[r[0], r[2], r[3], r[4]] for r in t]))
    members = {(r[0], r[1], r[2]) for r in rows[1:]}
    calls = {(r[3], r[2], *r[5:]) for r in rows[1:]}
    session["members"] = str(write_csv(folder / "m.csv", [("Legislator", "Party", "Body"), *sorted(members)]))
    session["rollcalls"] = str(
        write_csv(folder / "r.csv", [("Roll", "Body", "Date", "Bill", "Motion"), *sorted(calls, reverse=True)])
    )
    same_votes(read_as_configured(folder, **session), plain)
    assert set(read_as_configured(folder, **session).info["files"]) == {"votes", "rollcalls", "legislators"}


@pytest.mark.parametrize("role", ["members", "rollcalls"])
def test_the_chamber_of_a_vote_may_stand_in_another_file(tmp_path, role):
    rows = table_rows()
    session = write_table(tmp_path, lambda t: [r.pop(2) for r in t])
    at = {"members": 0, "rollcalls": 3}[role]
    keys = sorted({(r[at], r[2]) for r in rows[1:]})
    session[role] = str(write_csv(tmp_path / "other.csv", [(rows[0][at], "Body"), *keys]))
    same_votes(read_as_configured(tmp_path, **session), read(tmp_path / "plain"))


def test_parquet_is_read_as_csv_is(tmp_path):
    session = write_table(tmp_path)
    frame = pd.read_csv(session["votes"], dtype=str, keep_default_na=False)
    frame = frame.assign(Date=pd.to_datetime(frame["Date"]).dt.date, Party=frame["Party"].astype("category"))
    frame.to_parquet(tmp_path / "votes.parquet")
    found = read_as_configured(tmp_path, **session | {"votes": str(tmp_path / "votes.parquet")})
    same_votes(found, read(tmp_path / "plain"))


def test_numbers_in_parquet_are_the_text_of_a_csv(tmp_path):
    frame = pd.DataFrame(
        {"member": [1.0, 2.0, None], "party": ["D", "R", "D"], "rollcall": [7, 7, 7], "vote": [1, 0, 1]}
    )
    frame.to_parquet(tmp_path / "votes.parquet")
    session = {"source": "table", "votes": str(tmp_path / "votes.parquet"), "chamber": "senate"}
    raw = read_as_configured(tmp_path, **session, words={"votes": {1: "Yea", 0: "Nay"}})
    assert raw.legislators.id.tolist() == ["1", "2"]
    assert (raw.votes.value.tolist(), raw.rollcalls.id.tolist()) == ([1, 0], ["7"])
    assert raw.info["n_votes_without_member"] == 1
    with pytest.raises(UserError, match=r"no vote word: '1' \(row 1 and 1 more row\), '0' \(row 2\); say what they"):
        read_as_configured(tmp_path, **session)


def test_words_of_the_session_go_first(tmp_path):
    def spoil(rows):
        for row in rows[1:]:
            row[1] = {"D": "DFL", "R": "r", "I": ""}[row[1]]
            row[2] = {"House": "Delegates", "Senate": "Upper"}[row[2]]
            row[4] = {"Yes": "Pro", "No": "Con"}.get(row[4], "-")

    words = {"votes": {"pro": "Yea", "Con": "Nay", "-": "missing"}, "parties": {"dfl": "Democrat"}}
    raw = read(tmp_path, spoil, words=words | {"chambers": {"delegates": "house"}})
    same = read(tmp_path / "plain")
    assert letters(raw, "house") == letters(same, "house")
    assert raw.legislators.party.tolist() == same.legislators.party.tolist()
    note = raw.notes[raw.notes.kind == "party"]
    assert (note.id.tolist(), note.reason.tolist()) == (["f"], ["party blank in the file, taken as Independent"])


def test_yes_and_no_of_yaml_are_words_too(tmp_path):
    """YAML makes truth values of them, where they are not in quotes."""
    swapped = {"Yes": "No", "No": "Yes"}
    raw = read(
        tmp_path,
        lambda rows: [row.__setitem__(4, swapped.get(row[4], row[4])) for row in rows],
        words=yaml.safe_load("votes: {Yes: Nay, No: Yea}"),
    )
    assert letters(raw, "house") == expected("house")


def test_one_chamber_without_a_column_for_it(tmp_path):
    def senate(rows):
        rows[1:] = [row for row in rows[1:] if row[2] == "Senate"]
        [row.pop(2) for row in rows]

    session = write_table(tmp_path, senate)
    del session["columns"]["chamber"]
    raw = read_as_configured(tmp_path, **session, chamber="senate")
    assert letters(raw, "senate") == expected("senate")
    with pytest.raises(UserError, match=r"no column says the chamber; write columns: \{chamber: \.\.\.\}, or chamber"):
        read_as_configured(tmp_path, **session)


def test_a_column_and_a_key_for_the_chamber_are_one_too_many(tmp_path):
    with pytest.raises(UserError, match="column Body says the chamber, and so does chamber: house"):
        read(tmp_path, chamber="house")


def test_repeats_are_dropped_and_votes_of_nobody_noted(tmp_path):
    def spoil(rows):
        rows += [rows[1], rows[1], [*rows[9][:4], "yea", *rows[9][5:]]]  # Yes and yea are one vote
        rows.append(["", "", "House", "r1", "Yes", "2025-02-01", "HB 1", rows[1][7]])

    raw = read(tmp_path, spoil)
    assert raw.info["n_duplicates_dropped"] == 3
    note = raw.notes[raw.notes.kind == "votes"]
    assert note[["id", "reason", "value"]].values.tolist() == [["r1", "votes that name no member: ?: Yes", 1.0]]
    same_votes(read(tmp_path / "again", lambda rows: rows.append(rows[1])), read(tmp_path / "plain"))


def test_a_name_in_several_spellings_is_that_of_most_rows_and_noted(tmp_path):
    def spoil(rows):
        for row in rows:
            row.append("Smith, A." if row[3] == "r1" else "Ann Smith" if row[0] == "a" else row[0].upper())
        rows[0][-1] = "name"

    raw = read(tmp_path, spoil)
    assert raw.legislators.name.tolist()[:2] == ["Ann Smith", "B"]
    assert raw.notes.reason[raw.notes.kind == "name"].tolist()[0] == "spelled in several ways: Ann Smith, Smith, A."


def test_tallies_are_compared(tmp_path):
    def spoil(rows):
        for row in rows:
            row += ["4", "2"] if row[3] == "r1" else ["", ""]
        rows[0][-2:] = ["yea", "nay"]

    tallies = read(tmp_path, spoil).rollcalls.set_index("id").loc[["r1", "r2"], ["recorded_yea", "tally"]]
    assert tallies.values.tolist()[0] == [4.0, "equal"]
    assert tallies.tally.tolist() == ["equal", ""]


def test_order_is_by_date_and_then_as_people_count(tmp_path):
    def spoil(rows):
        for row in rows[1:]:
            row[3], row[5] = {"r1": "r10", "r2": "r9"}.get(row[3], row[3]), ""

    assert read(tmp_path, spoil).rollcalls.id.tolist()[:6] == ["r3", "r4", "r5", "r6", "r9", "r10"]


@pytest.mark.parametrize(("form", "written"), [("%m/%d/%Y", "03/09/2025"), ("%d.%m.%y", "9.3.25")])
def test_dates_may_be_written_in_another_way(tmp_path, form, written):
    raw = read(tmp_path, lambda rows: [r.__setitem__(5, written) for r in rows[1:]], dates=form)
    assert set(raw.rollcalls.date) == {"2025-03-09"}


def test_a_time_keeps_the_day_of_its_own_zone(tmp_path):
    raw = read(tmp_path, lambda rows: [r.__setitem__(5, "2025-03-09T23:30:00-06:00") for r in rows[1:]])
    assert set(raw.rollcalls.date) == {"2025-03-09"}


@pytest.mark.parametrize(
    ("encoding", "also", "end"),
    [("utf-8-sig", {}, "\r\n"), ("cp1252", {"encoding": "cp1252"}, "\n"), ("utf-16", {"encoding": "utf-16"}, "\r\n")],
)
def test_encodings_marks_and_line_ends(tmp_path, encoding, also, end):
    session = write_table(tmp_path)
    text = (tmp_path / "votes.csv").read_text().replace("a,D", "Zoë,D")
    (tmp_path / "votes.csv").write_bytes(text.replace("\n", end).encode(encoding))
    assert "Zoë" in read_as_configured(tmp_path, **session, **also).legislators.name.tolist()


def test_another_encoding_is_refused_with_what_to_write(tmp_path):
    session = write_table(tmp_path)
    (tmp_path / "votes.csv").write_bytes((tmp_path / "votes.csv").read_text().replace("a,D", "Zoë,D").encode("cp1252"))
    with pytest.raises(UserError, match=r"line 2: not UTF-8 text .*\(encoding: cp1252 for most spreadsheets\)"):
        read_as_configured(tmp_path, **session)


def test_a_delimiter_is_asked_for_and_taken(tmp_path):
    session = write_table(tmp_path)
    write_csv(tmp_path / "votes.csv", table_rows(), delimiter=";")
    with pytest.raises(UserError, match="for cells apart by ';' write delimiter: ';'"):
        read_as_configured(tmp_path, **session)
    same_votes(read_as_configured(tmp_path, **session, delimiter=";"), read(tmp_path / "plain"))


def test_all_problems_come_at_once_with_file_row_value_and_what_to_write(tmp_path):
    def spoil(rows):
        rows[1][4], rows[2][4], rows[3][4] = "Aye!", "Aye!", "it's"
        rows[4][2], rows[5][5], rows[6][1] = "Hous", "03/20/2025", "R"
        rows[7][3] = ""
        rows.append([*rows[8][:4], "No", *rows[8][5:]])

    with pytest.raises(UserError) as error:
        read(tmp_path, spoil)
    lines = str(error.value).splitlines()
    assert all(line.startswith(f"{tmp_path}/votes.csv: column ") for line in lines)
    found = "\n".join(lines)
    for part in (
        "Body: no chamber: 'Hous' (row 5); say what it means: words: {chambers: {'Hous': ...}} (house or senate)",
        "Vote: no vote word: 'Aye!' (row 2 and 1 more row), \"it's\" (row 4); say what they mean: words: {votes:",
        "Roll: row 8 (''): a vote needs a roll call",
        "Date: row 6 ('03/20/2025'): is not a date like 2025-03-20, or say how dates are written",
        "Vote: row 52 ('No'): contradicts an earlier vote of the same member on the same roll call",
        "; who changes party is two members with two ids, and one person in the column for it",
    ):
        assert part in found, found


BAD = {
    "no such column": (
        {"columns": TABLE_COLUMNS | {"party": "Pary"}},
        r"votes.csv: columns: party: no column 'Pary'; did you mean 'Party'\?",
    ),
    "not there": ({"members": "nowhere.csv"}, r"nowhere\.csv: no such file"),
    "no vote": (
        {"columns": {"member": "Legislator"}},
        r"no column says the rollcall; write columns: \{rollcall: \.\.\.\}",
    ),
}


@pytest.mark.parametrize(("also", "problem"), BAD.values(), ids=BAD)
def test_bad_columns_and_files(tmp_path, also, problem):
    with pytest.raises(UserError, match=problem):
        read(tmp_path, **also)


WRONG = {
    "columns: [a]": "must be a mapping such as",
    "columns: {membr: x}": "'membr' is nothing that is read; did you mean 'member'?",
    "columns: {member: 3}": "member: must be the name of a column, not 3",
    "words: {vote: {}}": "unknown key 'vote' (known: votes, parties, chambers)",
    "words: {votes: {Aye: Yep}}": "votes: 'Aye': must stand for Yea, Nay or missing, not 'Yep'",
    "words: {chambers: {A: assembly}}": "chambers: 'A': must stand for house or senate, not 'assembly'",
    "words: {parties: {A: 3}}": "parties: 'A': must stand for a party, not 3",
    "words: {votes: {1.5: Yea}}": "1.5 is no word; write it in quotes",
    "chamber: assembly": "must be one of house, senate, not 'assembly'",
    "dates: '%Q'": "must say how a date is written",
    "dates: '%Y'": "must say how a date is written",
    "encoding: klingon": "'klingon' is no encoding of text",
    "encoding: base64": "'base64' is no encoding of text",
    "delimiter: ab": "must be one character such as ';', or tab, not 'ab'",
    "passage: final": "must be a list of texts",
    "stem: x": "unknown key 'stem'",
}


@pytest.mark.parametrize(("line", "problem"), WRONG.items())
def test_a_wrong_key_is_told_by_name(tmp_path, line, problem):
    with pytest.raises(UserError) as error:
        configured(tmp_path, source="table", votes="v.csv", **yaml.safe_load(line))
    assert f"sessions.tiny.{line.partition(':')[0]}: {problem}" in str(error.value) or "unknown key" in str(error.value)
    assert problem in str(error.value)


def test_a_table_needs_votes(tmp_path):
    with pytest.raises(UserError, match=r"sessions\.tiny: needs 'votes' for source 'table'"):
        configured(tmp_path, source="table")


def test_passage_is_what_the_session_says(tmp_path):
    calls = read(tmp_path, passage=["be passed", "adjourn"]).rollcalls
    assert calls.id[calls.passage].tolist() == ["r1", "s3", "s1"]


def test_a_file_of_another_kind_is_refused_by_name(tmp_path):
    session = write_table(tmp_path)
    for name, content, problem in (
        ("votes.xlsx", b"PK\x03\x04rest", "a spreadsheet or a zip archive, not a CSV file; save the sheet as CSV"),
        ("votes.parquet", b"a,b\n1,2\n", "named .parquet but not a Parquet file"),
        ("broken.parquet", b"PAR1" + b"\x15" * 50, "damaged Parquet file"),
        ("utf16.csv", "a,b\n".encode("utf-16-le"), "holds a zero byte"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UserError, match=problem):
            read_as_configured(tmp_path, **session | {"votes": str(tmp_path / name)})


def test_lists_in_parquet_are_refused_by_name(tmp_path):
    pd.DataFrame({"member": [["a"]], "rollcall": ["r"], "vote": ["Yes"]}).to_parquet(tmp_path / "v.parquet")
    with pytest.raises(UserError, match=r"v\.parquet: column member: holds list<.*>, which is no text"):
        read_as_configured(tmp_path, source="table", votes=str(tmp_path / "v.parquet"), chamber="house")
