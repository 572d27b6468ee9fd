"""Both readers against sessions counted by hand, and against every kind of bad input."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from votes_fixtures import HOUSE, SENATE, Table, icpsr, tallgrass_tables, voteview_tables, write_tables

from tallgrass_models.errors import UserError
from tallgrass_models.votes.readers.base import RawSession
from tallgrass_models.votes.readers.parts import normalise_bill
from tallgrass_models.votes.session import read_session

TABLES = {"tallgrass": tallgrass_tables, "voteview": voteview_tables}
VALUE = {"Y": 1, "N": 0, "P": -1, "A": -1, "X": -1}


def read(folder: Path, source: str, spoil: Callable[[dict[str, Table]], None] | None = None, gz=()) -> RawSession:
    tables = TABLES[source]()
    if spoil:
        spoil(tables)
    return read_session(source, **write_tables(folder, tables, gz))


def as_letters(raw: RawSession, chamber: str) -> list[list[int]]:
    """Values by roll call (in order of time) and member, spelled out from the long table."""
    calls = raw.rollcalls[raw.rollcalls.chamber == chamber]
    return [raw.votes[raw.votes.rollcall == call].value.tolist() for call in calls.index]


@pytest.mark.parametrize("source", ["tallgrass", "voteview"])
def test_votes_members_and_roll_calls_arrive_as_written(tmp_path, source):
    raw = read(tmp_path, source)
    assert raw.source == source
    # the Senate votes were on days 3, 1, 2: order of time is s2, s3, s1
    assert as_letters(raw, "house") == [[VALUE[x] for x in letters if x != "."] for letters in HOUSE.values()]
    assert as_letters(raw, "senate") == [[VALUE[x] for x in SENATE[call]] for call in ("s2", "s3", "s1")]
    letter = {"Democrat": "D", "Republican": "R", "Independent": "I"}
    assert "".join(raw.legislators.party.map(letter)) == "DDDRRIDDRRR"
    assert (raw.legislators.chamber == "house").sum() == 6
    assert raw.rollcalls.bill[:6].tolist() == ["HB 1", "HB 2", "HB 1", "", "HB 3", "HB 4"]
    assert raw.rollcalls.date[6:].tolist() == ["2025-03-01", "2025-03-02", "2025-03-03"]
    assert raw.info["n_duplicates_dropped"] == 0


def test_passage_is_a_motion_that_starts_with_final_action(tmp_path):
    calls = read(tmp_path, "tallgrass").rollcalls
    assert calls.id[calls.passage].tolist() == ["r1", "s1"]  # not r5, "To consider final action"


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("On Passage", True),
        ("On Passage of the Bill", True),
        ("On the Joint Resolution", True),
        ("On the Concurrent Resolution", True),
        ("On the Resolution", True),
        ("On Agreeing to the Resolution, as Amended", True),
        ("On Motion to Suspend the Rules and Pass, as Amended", True),
        ("On Motion to Suspend the Rules and Agree", True),
        ("On Motion to Concur in the Senate Amendment", False),
        ("On Consideration of the Resolution", False),
        ("On the Motion to Proceed", False),
        ("On the Cloture Motion", False),
        ("On the Nomination", False),
        ("On Passage, Objections of the President Notwithstanding", False),
        ("On the Amendment", False),
    ],
)
def test_voteview_passage_questions(tmp_path, question, passage):
    def spoil(tables):
        tables["rollcalls"][2][5] = question

    assert read(tmp_path, "voteview", spoil).rollcalls.passage[1] == passage


def test_every_cast_code(tmp_path):
    def spoil(tables):  # members a-f on roll call 2, then again on 6: ten codes need two roll calls
        for row, code in zip(tables["votes"][7:13], "123456", strict=True):
            row[4] = code
        for row, code in zip(tables["votes"][-21:-15], "789000", strict=True):
            row[4] = code

    raw = read(tmp_path, "voteview", spoil)
    assert as_letters(raw, "house")[1] == [1, 1, 1, 0, 0, 0]
    assert as_letters(raw, "house")[5] == [-1] * 6


def test_voteview_presidents_and_their_positions_are_left_out(tmp_path):
    def spoil(tables):
        tables["legislators"].insert(1, ["119", "President", "99912", "200", "PRESIDENT", "US", ""])
        tables["votes"].append(["119", "House", "1", "99912", "1"])
        tables["votes"].append(["119", "President", "2", "99912", "6"])

    raw, plain = read(tmp_path / "with", "voteview", spoil), read(tmp_path / "without", "voteview")
    assert raw.info["n_presidents_dropped"] == 1
    assert raw.info["n_president_positions_dropped"] == 2
    pd.testing.assert_frame_equal(raw.votes, plain.votes)
    assert raw.info["data_hash"] == plain.info["data_hash"]


def test_nominate_is_external_and_missing_where_blank(tmp_path):
    external = read(tmp_path, "voteview").legislators.external
    assert external.isna().tolist() == [True] + [False] * 10  # blank for member a
    assert external[1] == 0.25


@pytest.mark.parametrize("source", ["tallgrass", "voteview"])
def test_order_of_rows_compression_and_unused_columns_change_nothing(tmp_path, source):
    def shuffle(tables):
        for rows in tables.values():
            body = rows[1:]
            random.Random(3).shuffle(body)
            rows[1:] = body
            for row in rows:
                row.append("unused")

    plain = read(tmp_path / "plain", source)
    other = read(tmp_path / "other", source, shuffle, gz=("votes", "rollcalls", "legislators"))
    for name in ("legislators", "rollcalls", "votes"):
        pd.testing.assert_frame_equal(getattr(plain, name), getattr(other, name))
    assert plain.info["data_hash"] == other.info["data_hash"]
    packed = read(tmp_path / "packed", source, gz=("votes",))
    assert packed.info["files"]["votes"]["sha256"] == plain.info["files"]["votes"]["sha256"]


def test_one_vote_changes_the_data_hash(tmp_path):
    def spoil(tables):
        tables["votes"][1][3] = "Nay"

    assert (
        read(tmp_path / "a", "tallgrass").info["data_hash"]
        != read(tmp_path / "b", "tallgrass", spoil).info["data_hash"]
    )


def test_identical_repeats_are_dropped_and_counted(tmp_path):
    def spoil(tables):
        tables["votes"] += [tables["votes"][1], tables["votes"][1], tables["votes"][4]]
        tables["rollcalls"].append(tables["rollcalls"][2])
        tables["legislators"].append(tables["legislators"][3])

    raw = read(tmp_path / "a", "tallgrass", spoil)
    assert raw.info["n_duplicates_dropped"] == 3
    assert raw.info["n_duplicate_rollcalls_dropped"] == 1
    assert raw.info["n_duplicate_legislators_dropped"] == 1
    pd.testing.assert_frame_equal(raw.votes, read(tmp_path / "b", "tallgrass").votes)


@pytest.mark.parametrize("source", ["tallgrass", "voteview"])
def test_a_chamber_in_another_spelling_is_the_same_chamber(tmp_path, source):
    def spoil(tables):  # every other row in capitals, and a repeat of each first row in small letters
        for rows in tables.values():
            at = rows[0].index("chamber")
            for row in rows[2::2]:
                row[at] = row[at].upper()
            rows.append([value.lower() if place == at else value for place, value in enumerate(rows[1])])

    raw, plain = read(tmp_path / "a", source, spoil), read(tmp_path / "b", source)
    names = ("n_duplicates_dropped", "n_duplicate_rollcalls_dropped", "n_duplicate_legislators_dropped")
    assert [raw.info[name] for name in names] == [1, 1, 1]
    assert raw.info["data_hash"] == plain.info["data_hash"]


def test_a_member_with_other_content_under_another_spelling_of_the_chamber_is_refused(tmp_path):
    with pytest.raises(UserError, match="occurs before with other content"):
        read(tmp_path, "tallgrass", add("legislators", "m_a", "HOUSE", "Republican", "A", "", "97"))


def test_voteview_numbers_with_zeros_before_them_are_the_same(tmp_path):
    def spoil(tables):
        for row in tables["votes"][1:8]:
            row[2], row[3] = f"0{row[2]}", f"00{row[3]}.0"

    raw = read(tmp_path / "a", "voteview", spoil)
    assert raw.info["data_hash"] == read(tmp_path / "b", "voteview").info["data_hash"]


def test_one_slug_in_both_chambers_is_two_members(tmp_path):
    def spoil(tables):  # the House member a is called like the Senator g
        for rows, column in ((tables["votes"], 2), (tables["legislators"], 0)):
            for row in rows:
                row[column] = "m_g" if row[column] == "m_a" else row[column]

    raw = read(tmp_path, "tallgrass", spoil)
    assert raw.legislators[raw.legislators.id == "m_g"].chamber.tolist() == ["house", "senate"]
    assert len(raw.legislators) == 11


def test_words_that_pandas_takes_for_missing_are_kept(tmp_path):
    def spoil(tables):
        for row in tables["legislators"]:
            row[3] = "NA" if row[3] == "A" else row[3]

    assert "NA" in read(tmp_path, "tallgrass", spoil).legislators.name.tolist()


def test_byte_order_mark_blank_lines_and_windows_line_ends(tmp_path):
    paths = write_tables(tmp_path, tallgrass_tables())
    text = paths["votes"].read_bytes().replace(b"\n", b"\r\n")
    paths["votes"].write_bytes(b"\xef\xbb\xbf" + text + b"\r\n\r\n")
    pd.testing.assert_frame_equal(read_session("tallgrass", **paths).votes, read(tmp_path / "plain", "tallgrass").votes)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("HR1", "HR 1"),
        ("H.R. 1", "HR 1"),
        ("hb  0012", "HB 12"),
        ("HJRES20", "HJRES 20"),
        ("PN12-3", "PN12-3"),
        ("SBX1 5", "SBX1 5"),
        ("H Sub for  SB 15", "H SUB FOR SB 15"),
        ("", ""),
    ],
)
def test_bill_numbers_in_one_spelling(written, expected):
    if written.startswith("H Sub"):
        assert normalise_bill(written) != normalise_bill("SB 15")  # a substitute is not merged with another bill
    else:
        assert normalise_bill(written) == expected


# --- bad input: (source, what is spoilt, parts of the message) --------------------------------------------------------


def cell(role: str, row: int, column: int, value: str) -> Callable[[dict[str, Table]], None]:
    """Spoil one cell; ``row`` as in the file, header = 1."""

    def spoil(tables: dict[str, Table]) -> None:
        tables[role][row - 1][column] = value

    return spoil


def without_column(role: str, name: str) -> Callable[[dict[str, Table]], None]:
    def spoil(tables: dict[str, Table]) -> None:
        at = tables[role][0].index(name)
        tables[role] = [row[:at] + row[at + 1 :] for row in tables[role]]

    return spoil


def add(role: str, *row: str) -> Callable[[dict[str, Table]], None]:
    return lambda tables: tables[role].append(list(row))


def add_column(role: str, name: str, value: str) -> Callable[[dict[str, Table]], None]:
    def spoil(tables: dict[str, Table]) -> None:
        tables[role] = [[*row, name if number == 0 else value] for number, row in enumerate(tables[role])]

    return spoil


BAD = {
    "unknown vote word": ("tallgrass", cell("votes", 5, 3, "Aye"), ["tiny_votes.csv", "vote", "row 5", "'Aye'", "Yea"]),
    "blank vote": ("tallgrass", cell("votes", 5, 3, ""), ["tiny_votes.csv", "row 5", "vote"]),
    "unlisted member": ("tallgrass", cell("votes", 3, 2, "m_z"), ["row 3", "m_z", "legislators"]),
    "unlisted roll call": ("tallgrass", cell("votes", 3, 0, "r99"), ["row 3", "r99", "rollcalls"]),
    "member of the other chamber": ("tallgrass", cell("votes", 3, 2, "m_k"), ["row 3", "House m_k"]),
    "contradiction": (
        "tallgrass",
        add("votes", "r1", "House", "m_a", "Nay"),
        ["tiny_votes.csv", "row 52", "vote", "'Nay'", "contradicts"],
    ),
    "two rows of a member": (
        "tallgrass",
        add("legislators", "m_a", "House", "Republican", "A", "", "97"),
        ["tiny_legislators.csv", "row 13", "House m_a"],
    ),
    "two rows of a roll call": (
        "tallgrass",
        add("rollcalls", "r1", "House", "HB 77", "", "2025-01-01", ""),
        ["tiny_rollcalls.csv", "row 11", "House r1"],
    ),
    "unknown chamber": ("tallgrass", cell("votes", 2, 1, "Hose"), ["row 2", "chamber", "'Hose'"]),
    "bad date": (
        "tallgrass",
        cell("rollcalls", 4, 4, "soon"),
        ["tiny_rollcalls.csv", "row 4", "vote_datetime", "'soon'"],
    ),
    "missing column": ("tallgrass", without_column("votes", "vote"), ["tiny_votes.csv", "vote missing"]),
    "missing column of roll calls": ("tallgrass", without_column("rollcalls", "motion"), ["motion missing"]),
    "surplus field": ("tallgrass", lambda t: t["votes"][5].append("x"), ["tiny_votes.csv", "line 6"]),
    "header only": ("tallgrass", lambda t: t.update(votes=t["votes"][:1]), ["tiny_votes.csv", "no rows"]),
    "unknown cast code": ("voteview", cell("votes", 4, 4, "12"), ["tiny_votes.csv", "row 4", "cast_code", "'12'"]),
    "cast code no number": ("voteview", cell("votes", 4, 4, "Yea"), ["row 4", "cast_code", "'Yea'", "number"]),
    "unlisted icpsr": ("voteview", cell("votes", 4, 3, "7"), ["row 4", "House 7", "legislators"]),
    "forty digits": ("voteview", cell("rollcalls", 4, 2, "7" * 40), ["row 4", "rollnumber", "at most nine digits"]),
    "forty digits in a vote": ("voteview", cell("votes", 4, 2, "7" * 40), ["row 4", "rollnumber", "nine digits"]),
    "tally no number": ("voteview", add_column("rollcalls", "yea_count", "many"), ["row 2", "yea_count", "'many'"]),
    "unlisted rollnumber": ("voteview", cell("votes", 4, 2, "88"), ["row 4", "House 88", "rollcalls"]),
    "another congress": ("voteview", cell("votes", 4, 0, "118"), ["tiny_votes.csv", "row 4", "118", "119"]),
    "contradicting code": ("voteview", add("votes", "119", "House", "1", icpsr("a"), "6"), ["row 52", "contradicts"]),
    "no nominate": ("voteview", cell("legislators", 3, 6, "left"), ["row 3", "nominate_dim1", "'left'"]),
    "voteview column": ("voteview", without_column("legislators", "party_code"), ["party_code missing"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_message_that_names_the_place(tmp_path, case):
    source, spoil, parts = BAD[case]
    with pytest.raises(UserError) as error:
        read(tmp_path, source, spoil)
    for part in parts:
        assert part in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_many_bad_rows_are_counted_and_the_first_named(tmp_path):
    def spoil(tables):
        for row in tables["votes"][1:8]:
            row[3] = "Aye"

    with pytest.raises(
        UserError, match=r"no vote word: 'Aye' \(row 2 and 6 more rows\); say what it means: .*'Aye': Yea"
    ):
        read(tmp_path, "tallgrass", spoil)


def test_different_problems_come_together(tmp_path):
    def spoil(tables):
        tables["votes"][1][3] = "Aye"
        tables["votes"][2][2] = "m_z"

    with pytest.raises(UserError) as error:
        read(tmp_path, "tallgrass", spoil)
    assert len(str(error.value).splitlines()) == 2


def spoilt_bytes(tmp_path: Path, change: Callable[[bytes], bytes], gz: bool = False) -> dict[str, Path]:
    paths = write_tables(tmp_path, tallgrass_tables(), gz=("votes",) if gz else ())
    paths["votes"].write_bytes(change(paths["votes"].read_bytes()))
    return paths


@pytest.mark.parametrize(
    ("change", "gz", "part"),
    [
        (lambda data: b"", False, "is empty"),
        (lambda data: b"\n \n", False, "is empty"),
        (lambda data: data.replace(b"m_b", b"m_\xe9"), False, "line 3: not UTF-8"),
        (lambda data: data.decode().encode("utf-16"), False, "not UTF-8"),
        (lambda data: data.decode().encode("utf-16-le"), False, "zero byte"),
        (lambda data: data[: len(data) // 2], True, "damaged gzip"),
        (lambda data: data[:40] + b"\0\0\0\0" + data[44:], True, "damaged gzip"),
        (lambda data: gzip.decompress(data), True, "not a gzip file"),
        (lambda data: gzip.compress(b""), True, "is empty"),
        (lambda data: data + b'r1,House,"m_a,Yea\n', False, "damaged CSV"),
        (lambda data: b"\n" + data, False, "first line is blank"),
        (lambda data: data.replace(b"vote_id,chamber", b"vote_id,vote_id"), False, "column chamber missing"),
        (lambda data: data.replace(b"legislator_slug,vote\n", b"vote,vote\n"), False, "legislator_slug missing"),
    ],
)
def test_damaged_files(tmp_path, change, gz, part):
    paths = spoilt_bytes(tmp_path, change, gz)
    with pytest.raises(UserError) as error:
        read_session("tallgrass", **paths)
    assert part in str(error.value)
    assert str(paths["votes"]) in str(error.value)


def test_a_column_named_twice(tmp_path):
    paths = spoilt_bytes(tmp_path, lambda data: b"vote," + data)
    with pytest.raises(UserError, match="more than once"):
        read_session("tallgrass", **paths)


def test_missing_file(tmp_path):
    paths = write_tables(tmp_path, tallgrass_tables())
    paths["rollcalls"].unlink()
    with pytest.raises(UserError, match=r"tiny_rollcalls\.csv: no such file"):
        read_session("tallgrass", **paths)


def test_unknown_source_lists_the_known_ones(tmp_path):
    with pytest.raises(UserError, match=r"'gazette'.*tallgrass"):
        read_session("gazette", **write_tables(tmp_path, tallgrass_tables()))
