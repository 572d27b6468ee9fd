"""Roll call files of Poole and Rosenthal: characters at fixed places, a digit a vote."""

from __future__ import annotations

import gzip

import pytest
from format_files import expected, letters, ord_lines, read_as_configured, same_votes, write_ord

from tallgrass_models.errors import UserError
from tallgrass_models.votes.session import load_chambers


def test_votes_and_members_arrive_as_written(tmp_path):
    raw = read_as_configured(tmp_path, **write_ord(tmp_path))
    house = letters(raw, "house")
    assert [row[:5] for row in house] == [row[:5] for row in expected("house")]
    assert [row[5] for row in house] == [0, 1, -1, -1, -1, 1]  # not a member on the fifth
    assert letters(raw, "senate") == expected("senate")
    assert raw.votes.listed.tolist().count(False) == 1
    assert "".join(raw.legislators.party.str[0]) == "DDDRRIDDRRR"
    assert raw.legislators.id.tolist() == [str(10000 + ord(m)) for m in "abcdefghijk"]
    assert raw.legislators.name.tolist() == list("ABCDEFGHIJK")
    assert set(raw.legislators.state) == {"KANSAS"}
    assert raw.legislators.district.tolist()[:3] == ["", "1", "2"]
    assert raw.rollcalls.id.tolist() == ["1", "2", "3", "4", "5", "6", "1", "2", "3"]
    assert raw.info["n_presidents_dropped"] == 2
    office = load_chambers(raw, "us", ["house"], 0, 1)["house"].legislators
    assert office.service.tolist() == [1.0] * 6


@pytest.mark.parametrize("chamber", ["house", "senate"])
def test_one_chamber_alone(tmp_path, chamber):
    raw = read_as_configured(tmp_path, **write_ord(tmp_path, [chamber]))
    assert set(raw.legislators.chamber) == {chamber}


def test_marks_line_ends_and_compression(tmp_path):
    session = write_ord(tmp_path)
    house = tmp_path / "H119_votes.ord"
    house.write_bytes(gzip.compress(b"\xef\xbb\xbf" + house.read_bytes().replace(b"\n", b"  \r\n") + b"\x1a"))
    same_votes(read_as_configured(tmp_path, **session), read_as_configured(tmp_path, **write_ord(tmp_path / "plain")))


def test_every_code(tmp_path):
    session = write_ord(tmp_path, ["senate"])
    lines = [line[:36] + "0123456789" for line in ord_lines("senate")]
    (tmp_path / "S119_votes.ord").write_text("\n".join(lines))
    raw = read_as_configured(tmp_path, **session)
    assert [row[0] for row in letters(raw, "senate")] == [-1, 1, 1, 1, 0, 0, 0, -1, -1, -1]


def test_a_party_of_four_digits(tmp_path):
    session = write_ord(tmp_path, ["senate"])
    lines = ord_lines("senate")
    lines[1] = lines[1][:19] + "5000" + lines[1][23:]
    (tmp_path / "S119_votes.ord").write_text("\n".join(lines))
    assert read_as_configured(tmp_path, **session).legislators.party[0] == "Party 5000"


def at(line, first, text):
    return line[: first - 1] + text + line[first - 1 + len(text) :]


BAD = {
    "letter": (lambda x: at(x, 38, "Y"), r"column votes: line 3 \('Y'\): is no vote; each is a digit from 0 to 9"),
    "short": (lambda x: x[:-1], r"line 3: 2 votes, where most lines have 3"),
    "no votes": (lambda x: x[:20], r"line 3: 0 votes"),
    "icpsr": (lambda x: at(x, 4, "abcde"), r"column icpsr: line 3 \('abcde'\): is not a whole number"),
    "twice": (lambda x: ord_lines("senate")[1], "column icpsr: line 3 .* occurs in an earlier line"),
    "name": (lambda x: at(x, 26, " " * 11), "column name: line 3 .* a member needs a name"),
    "congress": (lambda x: at(x, 1, "118"), r"S119_votes\.ord: of several Congresses: 118, 119"),
}


@pytest.mark.parametrize(("change", "problem"), BAD.values(), ids=BAD)
def test_a_wrong_line_is_refused_by_name(tmp_path, change, problem):
    session = write_ord(tmp_path, ["senate"])
    lines = ord_lines("senate")
    lines[2] = change(lines[2])
    (tmp_path / "S119_votes.ord").write_text("\n".join(lines))
    with pytest.raises(UserError, match=problem):
        read_as_configured(tmp_path, **session)


def test_other_files_are_refused_by_name(tmp_path):
    session = write_ord(tmp_path, ["senate"])
    for content, problem in (
        (b"", "the file is empty"),
        (b"\xff\xfe1", "line 1: not UTF-8 text"),
        (b"a,b\n1,2\n", "votes"),
    ):
        (tmp_path / "S119_votes.ord").write_bytes(content)
        with pytest.raises(UserError, match=rf"S119_votes\.ord: .*{problem}"):
            read_as_configured(tmp_path, **session)
    with pytest.raises(UserError, match="needs house: or senate:"):
        read_as_configured(tmp_path, source="ord")
