"""`validate --data` and `inspect`: all that is wrong in one look, and counts by hand of the tiny session."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml
from format_files import write_csv, write_legiscan, write_openstates, write_ord, write_table
from votes_fixtures import Table, tallgrass_tables, voteview_tables, write_tables

from tallgrass_models import cli
from tallgrass_models.config.reading import load_experiments, load_sessions
from tallgrass_models.steps.inspect import inspect_session
from tallgrass_models.steps.look import Look, look_at
from tallgrass_models.votes.inspection import question_kinds
from tallgrass_models.votes.selection import selected

TINY = {"min_votes": 1}


def project(folder: Path, session: dict[str, object], **experiment: object) -> Path:
    config = folder / "experiments.yaml"
    content = {"sessions": {"tiny": {**session, **TINY}}, "experiments": {"a": experiment}}
    config.write_text(yaml.safe_dump(content))
    return config


def tallgrass(folder: Path, tables: dict[str, Table], **experiment: object) -> Path:
    write_tables(folder, tables)
    return project(folder, {"source": "tallgrass", "path": str(folder), "name": "tiny"}, **experiment)


def look(config: Path) -> Look:
    return look_at(load_sessions(config)["tiny"], list(load_experiments(config).values()))


def without(table: Table, column: str) -> None:
    place = table[0].index(column)
    for row in table:
        del row[place]


def one_with(lines: list[str], *parts: str) -> str:
    (line,) = [line for line in lines if all(part in line for part in parts)]
    return line


def test_all_problems_of_a_messy_session_come_at_once(tmp_path, capsys):
    """Six rounds of one problem each, in one: a column, words, a stranger, two votes of one, a party, a date."""
    tables = tallgrass_tables()
    votes, calls, people = tables["votes"], tables["rollcalls"], tables["legislators"]
    for row in votes[1:]:
        row[3] = {"Yea": "Yes", "Nay": "No"}.get(row[3], "Excused")
    votes.append(["r1", "House", "m_nobody", "Yes"])
    votes.append(["r1", "House", "m_a", "No"])  # she voted Yes before
    calls[2][4] = "soon"
    without(calls, "bill_number")
    for row in people[1:]:
        if row[1] == "Senate":
            row[2] = "Republican"
    people[1][3] = ""
    config = tallgrass(tmp_path, tables)
    assert cli.main(["validate", "--data", "--config", str(config)]) == 2
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] == "tiny: 7 problems"
    words = one_with(lines, "column vote: no vote word")
    yes, no, excused = (sum(row[3] == word for row in votes) for word in ("Yes", "No", "Excused"))
    assert f"'Yes' (row 2 and {yes - 1} more rows)" in words
    assert f"'No' (row 4 and {no - 1} more rows)" in words
    assert f"and {excused - 1} more rows)" in words
    assert "words: {votes: {'Yes': Yea, 'No': Nay, 'Excused': missing}}" in words
    one_with(lines, f"row {len(votes) - 1} ('House m_nobody'): member not listed")
    one_with(lines, f"row {len(votes)}", "contradicts an earlier vote")
    one_with(lines, "column vote_datetime: row 3 ('soon'): is not a date")
    one_with(lines, "column bill_number missing; the header has vote_id, chamber")
    one_with(lines, "column name: row 2 (''): a member needs a name")
    assert not any("without a Yea or Nay" in line for line in lines)  # words that are not known say nothing of that
    one_with(lines, "Senate: 0 Democrat, 5 Republican members listed; both parties are needed")
    assert [line for line in lines if line.startswith("  /")] == [
        f"  {tmp_path / f'tiny_{role}.csv'}" for role in ("rollcalls", "legislators", "votes")
    ]
    assert err.strip().endswith("a run would refuse the files of: tiny (7 problems)")


def test_what_a_message_proposes_is_enough(tmp_path):
    """With the line that it says to write, the session is that of the usual words."""
    tables = tallgrass_tables()
    for row in tables["votes"][1:]:
        row[3] = {"Yea": "Yes", "Nay": "No"}.get(row[3], "Excused")
    config = tallgrass(tmp_path, tables)
    (problem,) = look(config).problems
    proposed = yaml.safe_load(problem.partition("words: ")[2].partition(" (Yea, Nay")[0])
    session = {"source": "tallgrass", "path": str(tmp_path), "name": "tiny", "words": proposed}
    found = look(project(tmp_path, session))
    assert found.problems == []
    (tmp_path / "usual").mkdir()
    usual = look(tallgrass(tmp_path / "usual", tallgrass_tables()))
    assert (found.votes["house"].y == usual.votes["house"].y).all()


def test_files_that_are_missing_or_in_another_encoding_hide_nothing_else(tmp_path):
    tables = tallgrass_tables()
    tables["votes"][1][3] = "Maybe"
    tables["legislators"][1][3] = "Ana"
    config = tallgrass(tmp_path, tables)
    (tmp_path / "tiny_rollcalls.csv").unlink()
    path = tmp_path / "tiny_legislators.csv"
    path.write_bytes(path.read_text().replace("Ana", "Añá").encode("cp1252"))
    lines = look(config).problems
    assert len(lines) == 3
    one_with(lines, "tiny_rollcalls.csv: no such file")
    one_with(lines, "tiny_legislators.csv: line 2: not UTF-8 text")
    one_with(lines, "tiny_votes.csv: column vote: no vote word: 'Maybe' (row 2)")


def test_a_chamber_that_is_not_there(tmp_path):
    tables = tallgrass_tables()
    for table in tables.values():
        place = table[0].index("chamber")
        table[:] = [row for row in table if row[place] != "House"]
    config = tallgrass(tmp_path, tables)
    one_with(look(config).problems, "no member of the House, which was asked for", "chambers: [senate]")
    assert look(tallgrass(tmp_path, tables, chambers=["senate"])).problems == []


def test_what_experiments_need_beyond_the_files(tmp_path):
    """A joint model needs shared bills, and HB 1 (r1, r3 and s1) is the only one; a question must be there."""
    assert look(tallgrass(tmp_path, tallgrass_tables(), joint=True)).problems == []
    chosen = {"from": "2025-02-04", "to": "2025-03-03"}
    one_with(look(tallgrass(tmp_path, tallgrass_tables(), joint=True, votes=chosen)).problems, "no bill")
    wrong = look(tallgrass(tmp_path, tallgrass_tables(), votes={"questions": ["Final acton*"]})).problems
    one_with(wrong, "'Final acton*' is the question of no roll call; did you mean")


VOTEVIEW = [("votes", "votes"), ("rollcalls", "rollcalls"), ("legislators", "members")]


def test_voteview_files_say_all_at_once_too(tmp_path):
    tables = voteview_tables()
    tables["votes"][1][4] = "11"
    tables["votes"][2][3] = "99999"
    tables["rollcalls"][1][3] = "May"
    without(tables["legislators"], "bioname")
    for role, end in VOTEVIEW:
        write_csv(tmp_path / f"HS119_{end}.csv", tables[role])
    lines = look(project(tmp_path, {"source": "voteview", "path": str(tmp_path), "congress": 119})).problems
    assert len(lines) == 4
    one_with(lines, "column cast_code: row 2 ('11'): is not a cast code")
    one_with(lines, "row 3 ('House 99999'): member not listed")
    one_with(lines, "column date: row 2 ('May')")
    one_with(lines, "column bioname missing")


SOURCES = {
    "table": write_table,
    "legiscan": lambda folder: write_legiscan(folder, "csv"),
    "openstates": lambda folder: write_openstates(folder, "csv"),
    "ord": write_ord,
}


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_is_looked_at(tmp_path, source):
    found = look(project(tmp_path, SOURCES[source](tmp_path)))
    assert found.problems == []
    assert set(found.votes) == {"house", "senate"}


# --- what is odd ------------------------------------------------------------------------------------------------------


def test_what_is_odd_is_no_problem(tmp_path, capsys):
    tables = tallgrass_tables()
    people, calls, votes = tables["legislators"], tables["rollcalls"], tables["votes"]
    people[6][2] = ""  # f, an Independent
    people.append(["m_idle", "Senate", "Republican", "IDLE", "", "9"])
    calls[0] += ["yea_count", "nay_count"]
    for row in calls[1:]:
        row += ["", ""]
    calls[1][-2:] = ["5", "2"]  # r1 has 4 Yea and 2 Nay
    calls[7][4] = ""  # s1 of the Senate
    votes.append(["r1", "House", "", "Yea"])
    config = tallgrass(tmp_path, tables)
    assert cli.main(["validate", "--data", "--config", str(config)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("tiny: fine; house 6 members, 4 contested of 6 roll calls; senate ")
    one_with(lines, "House: 1 of party 'Independent' (the party is blank", ": F;", "caucus: {'m_f': Democrat}")
    one_with(lines, "Senate: 1 member without a Yea or Nay: IDLE")
    one_with(lines, "Senate: 1 roll call without a date, taken as the first: s1")
    one_with(lines, "House: 1 roll call with another tally than the votes: r1: recorded 5 Yea, 2 Nay; counted 4 Yea")
    one_with(lines, "1 votes that name no member, left out")


# --- inspect ----------------------------------------------------------------------------------------------------------


def test_counts_by_hand(tmp_path):
    session = load_sessions(tallgrass(tmp_path, tallgrass_tables()))["tiny"]
    _, found = inspect_session(session)
    house = found["chambers"]["house"]
    assert (house["members"], house["parties"]) == (6, {"Democrat": 3, "Republican": 2, "Independent": 1})
    assert house["caucus"] == {"Democrat": 3, "Republican": 2, "neither": 1}
    calls = {"n": 6, "passage": 1, "dated": 6, "first": "2025-02-01", "last": "2025-02-06", "selected": 6}
    assert house["rollcalls"] == {**calls, "contested": 4}  # not r2, unanimous, nor r4, on which nobody voted
    assert house["votes"] == {"yea": 4 + 6 + 4 + 3 + 3, "nay": 2 + 1 + 2 + 3, "missing": 6 + 1}
    assert house["participation"]["least"][0] == {"name": "F", "share": round(3 / 6, 4)}  # r1, r2 and r6
    assert house["questions"][0] == {"question": "Vote", "n": 3, "contested": 1, "passage": 0}  # r2, r4 and r6
    assert {(row["kind"], row["n"]) for row in house["dropped"]} == {("roll call", 1)}
    assert sum(row["n"] for row in house["dropped"]) == 2
    assert house["kept"] == {"members": 6, "rollcalls": 4}
    assert found["chambers"]["senate"]["rollcalls"]["contested"] == 3
    assert found["shared_bills"] == {"n": 1, "passage": 1}  # HB 1


def test_questions_that_name_the_bill_are_told_by_kind():
    """In the selection, `*` is any text, so that what is listed can be copied there."""
    texts = [f"Final Action - HB {n} SMITH{n} Third Reading" for n in range(30)]
    texts += [f"HB {n} Table it" for n in range(100, 109)]
    kinds = question_kinds(pd.Series([*texts, "A word of welcome"]))
    assert kinds[:30].tolist() == ["Final Action - HB * Third Reading"] * 30
    assert set(kinds[30:39]) == {"HB * Table it"}
    calls = pd.DataFrame({"motion": [*texts, "x"], "passage": False, "date": ""})
    keep, _ = selected(calls, {"questions": [kinds[0]]})
    assert keep.tolist() == [True] * 30 + [False] * 10
    usual = pd.Series(["On Passage", "On Passage", "On the Nomination of Ann", "On Passage"])
    assert question_kinds(usual).tolist() == usual.tolist()


def test_it_prints_tables_or_json_and_writes_nothing(tmp_path, capsys, monkeypatch):
    config = tallgrass(tmp_path, tallgrass_tables(), votes={"passage_only": True})
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert cli.main(["inspect", "tiny", "--config", str(config)]) == 0
    text = capsys.readouterr().out
    assert "\x1b" not in text  # no colours beyond a terminal
    assert "6 (3 Democrat, 2 Republican, 1 Independent)" in text
    assert "1, 1 of them on passage in both" in text
    assert cli.main(["inspect", "tiny", "--json", "--config", str(config)]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content == json.loads(json.dumps(inspect_session(load_sessions(config)["tiny"])[1]))
    assert list((tmp_path / "here").iterdir()) == []


def test_a_session_that_is_not_there(tmp_path, capsys):
    config = tallgrass(tmp_path, tallgrass_tables())
    assert cli.main(["inspect", "tony", "--config", str(config)]) == 2
    assert "there is no session 'tony' (known: tiny)" in capsys.readouterr().err
    (tmp_path / "tiny_votes.csv").write_text("")
    assert cli.main(["inspect", "tiny", "--config", str(config)]) == 2
    assert "tiny_votes.csv: the file is empty" in capsys.readouterr().err


def test_a_simulated_session_is_made_for_the_look(tmp_path):
    config = tmp_path / "experiments.yaml"
    config.write_text("sessions: {demo: {source: simulated}}\nexperiments: {a: {}}")
    found, content = inspect_session(load_sessions(config)["demo"])
    assert found.problems == []
    assert [block["rollcalls"]["contested"] for block in content["chambers"].values()] == [280, 240]
