"""Selections of votes by question, type and date, against hand counts of the tiny session."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from format_files import configured, write_legiscan, write_openstates, write_ord, write_table
from report_files import HOUSE as REPORTED
from report_files import Tree, fake_results, page
from test_comparison_common import BASE, SESSION, VOTES, variant
from votes_fixtures import tallgrass_tables, voteview_tables, write_tables

from tallgrass_models.comparison.build import compare
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.config.session_files import session_files
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.config.specs import data_spec_json
from tallgrass_models.errors import UserError
from tallgrass_models.votes.matrix import ChamberVotes
from tallgrass_models.votes.session import load_chambers, read_session

#: By hand: r1 and s1 are passage votes, r3 a question of its own; r1 to r6 are on 1 to 6 February 2025.
KEPT = {
    "passage": ({"passage_only": True}, ["r1"]),
    "question": ({"questions": ["committee of the whole -  AMENDMENT"]}, ["r3"]),
    "questions with any text": ({"questions": ["*final action*"]}, ["r1", "r5"]),
    "from": ({"from": "2025-02-03"}, ["r3", "r5", "r6"]),
    "to": ({"to": "2025-02-03"}, ["r1", "r3"]),
    "days": ({"from": "2025-02-03", "to": "2025-02-05"}, ["r3", "r5"]),
    "all at once": ({"questions": ["Vote", "To consider*"], "from": "2025-02-05"}, ["r5", "r6"]),
}


def house(folder: Path, selection: dict[str, Any] | None, share: float = 0.025) -> ChamberVotes:
    raw = read_session("tallgrass", **write_tables(folder, tallgrass_tables()))
    return load_chambers(raw, "tiny", ["house"], share, 1, None, selection)["house"]


@pytest.mark.parametrize(("selection", "kept"), KEPT.values(), ids=KEPT)
def test_the_roll_calls_that_are_kept(tmp_path, selection, kept):
    votes = house(tmp_path, selection)
    assert votes.rollcalls.index.tolist() == kept
    plain = house(tmp_path, None)
    of_plain = [plain.rollcalls.index.get_loc(name) for name in kept]
    members = [plain.legislators.index.get_loc(name) for name in votes.legislators.index]
    assert (votes.y == plain.y[members][:, of_plain]).all()
    assert (votes.rollcalls.order == plain.rollcalls.order[kept]).all()  # among all of the chamber
    assert (votes.legislators.service == plain.legislators.service[votes.legislators.index]).all()


def test_what_is_not_selected_is_in_the_manifest_with_its_reason(tmp_path):
    votes = house(tmp_path, {"passage_only": True, "from": "2025-02-01", "to": "2025-02-04"})
    gone = votes.dropped[votes.dropped.kind == "roll call"].set_index("id").reason
    assert gone["r3"] == gone["r2"] == "not selected: not a passage vote"
    assert gone[["r2", "r3", "r4", "r5", "r6"]].str.startswith("not selected").all()
    assert votes.info["selection"] == {"passage_only": True, "from": "2025-02-01", "to": "2025-02-04"}
    assert (votes.info["n_rollcalls_not_selected"], votes.info["n_rollcalls_dropped"]) == (5, 5)
    plain = house(tmp_path, None)
    assert "selection" not in plain.info
    assert not plain.dropped.reason.str.startswith("not selected").any()


def test_filters_judge_what_is_selected(tmp_path):
    """Of the questions r2 to r4 and r6, r2 is unanimous and nobody voted on r4."""
    votes = house(tmp_path, {"questions": ["Vote", "Committee*"]}, 0.025)
    assert votes.rollcalls.index.tolist() == ["r3", "r6"]
    reasons = votes.dropped.set_index("id").reason
    assert "below 0.025" in reasons["r2"]
    assert reasons["r4"] == "nobody voted Yea or Nay"
    assert reasons["r1"] == "not selected: another question"


REFUSED = {
    "unknown": ({"questions": ["Comittee of the Whole - amendment"]}, "did you mean 'Committee of the Whole - amendm"),
    "far off": ({"questions": ["xyz"]}, "'xyz' is the question of no roll call; the most frequent are 'Vote' "),
    "nothing left": (
        {"from": "2030-01-01"},
        r"no roll call of the House is selected \(from 2030-01-01\); it has 6, from 2025-02-01 to 2025-02-06",
    ),
}


@pytest.mark.parametrize(("selection", "problem"), REFUSED.values(), ids=REFUSED)
def test_a_selection_of_nothing_is_refused(tmp_path, selection, problem):
    with pytest.raises(UserError, match=problem):
        house(tmp_path, selection)


def test_files_that_do_not_say_are_named(tmp_path):
    session = write_table(tmp_path)
    for key in ("motion", "date"):
        session["columns"].pop(key, None)
    table = pd.read_csv(tmp_path / "votes.csv")
    table.drop(columns=[c for c in ("Motion", "Date") if c in table]).to_csv(tmp_path / "votes.csv", index=False)
    config = configured(tmp_path, **session)
    raw = read_session(config.source, config.options, **session_files(config))
    wanted = {"questions": ["Vote"], "passage_only": True, "from": "2025-01-01"}
    with pytest.raises(UserError) as error:
        load_chambers(raw, "tiny", ["house"], 0, 1, None, wanted)
    lines = str(error.value).splitlines()
    assert [line.split(":")[2].strip() for line in lines] == ["questions", "passage_only", "from"]
    assert all("source table" in line for line in lines)


def passage(session: SessionConfig) -> list[str]:
    raw = read_session(session.source, session.options, **session_files(session))
    votes = load_chambers(raw, "tiny", ["house"], 0, 1, None, {"passage_only": True})["house"]
    return votes.rollcalls.bill.tolist()


def test_passage_votes_of_each_source(tmp_path):
    tables = voteview_tables()
    for role, end in (("votes", "votes"), ("rollcalls", "rollcalls"), ("legislators", "members")):
        pd.DataFrame(tables[role][1:], columns=tables[role][0]).to_csv(tmp_path / f"HS119_{end}.csv", index=False)
    assert passage(SessionConfig("us", "voteview", str(tmp_path), options={"congress": 119})) == ["HB 1"]
    for name, write in (("legiscan", write_legiscan), ("openstates", write_openstates)):
        session = configured(tmp_path / name, **write(tmp_path / name, "csv"))
        assert "HB 1" in passage(session)


# --- configuration ----------------------------------------------------------------------------------------------------


def load(folder: Path, text: str) -> dict[str, ExperimentConfig]:
    (folder / "e.yaml").write_text(text)
    return load_experiments(folder / "e.yaml")


def test_experiments_with_other_selections_have_votes_of_their_own(tmp_path):
    found = load(
        tmp_path,
        """
sessions: {ks: {source: simulated}, own: {source: simulated, votes: {passage_only: true}}}
experiments:
  plain: {session: ks}
  passage: {session: ks, votes: {passage_only: true}}
  passage_too: {session: ks, votes: {passage_only: true, questions: [b, a, b ]}}
  same_two: {session: ks, votes: {questions: [a, b], passage_only: true}}
  year: {session: ks, votes: {from: 2025-01-01, to: 2025-06-30}, filters: {min_votes: 3}}
  none_out: {session: ks, votes: {passage_only: false}}
  of_session: {session: own}
  same: {session: own, votes: {passage_only: true}}
  everything: {session: own, votes: all}
""",
    )
    folder = {name: config.session.folder for name, config in found.items()}
    assert folder["plain"] == folder["none_out"] == "ks"
    assert folder["passage"] == "ks/select_passage"
    assert folder["passage_too"] == folder["same_two"] != folder["passage"]
    assert folder["passage_too"].startswith("ks/select_passage_questions_")
    assert folder["year"] == "ks/minority_0.025_votes_3_select_from_2025-01-01_to_2025-06-30"
    assert folder["of_session"] == folder["same"] == "own"
    assert folder["everything"] == "own/select_all"
    assert found["of_session"].session.selection == {"passage_only": True}
    assert found["everything"].session.selection == {}
    for config in found.values():
        assert ExperimentConfig.from_json(config.to_json()) == config


def test_without_a_selection_no_spec_changes(tmp_path):
    """Results made before there were selections have no such key in their specs."""
    (plain,) = load(tmp_path, "sessions: {ks: {source: simulated}}\nexperiments: {a: {}}").values()
    assert "selection" not in plain.to_json() + plain.session.to_json() + data_spec_json(plain.session)
    assert "passage_only" in data_spec_json(replace(plain.session, selection={"passage_only": True}))


def test_the_file_of_a_table_beside_what_is_selected(tmp_path):
    session = write_table(tmp_path)
    file = session["votes"]
    config = configured(tmp_path, **session | {"votes": {"file": file, "from": "2025-02-03"}})
    assert config.options["votes"] == file
    assert config.selection == {"from": "2025-02-03"}
    with pytest.raises(UserError, match=r"sessions\.tiny\.votes: needs 'file'"):
        configured(tmp_path, **session | {"votes": {"from": "2025-02-03"}})


WRONG = {
    "{votes: passage}": r"experiments\.a\.votes: must be a mapping such as",
    "{votes: {question: [a]}}": r"votes: unknown key 'question' \(did you mean 'questions'\?\)",
    "{votes: {questions: a}}": r"votes: questions: must be a list of texts",
    "{votes: {from: May}}": r"votes: from: must be a date",
    "{votes: {from: 2025-02-03, to: 2025-02-02}}": r"votes: from 2025-02-03 is after to 2025-02-02",
}


@pytest.mark.parametrize("body", WRONG)
def test_wrong_settings_are_named(tmp_path, body):
    with pytest.raises(UserError, match=WRONG[body]):
        load(tmp_path, f"sessions: {{ks: {{source: simulated}}}}\nexperiments: {{a: {body}}}")


def test_a_source_that_says_nothing_is_refused_before_any_job(tmp_path):
    session = write_ord(tmp_path, ["house"])
    with pytest.raises(UserError, match=r"sessions\.tiny\.votes\.passage_only: .*\(source ord\) say nothing of that"):
        configured(tmp_path, **session, votes={"passage_only": True})


# --- comparison -------------------------------------------------------------------------------------------------------


def part_of(votes: ChamberVotes, calls: slice) -> ChamberVotes:
    return replace(votes, y=votes.y[:, calls], rollcalls=votes.rollcalls.iloc[calls])


def test_variants_with_other_selections_are_compared_on_what_both_used():
    session = SESSION.varied({}, {"passage_only": True})
    half = part_of(VOTES, slice(0, 20))
    content, _ = compare([BASE, variant("half", half, session, 2)], {"small": [VOTES], session.folder: [half]})
    (row,) = content["common"]
    assert content["groups"][0]["question"] == "Does the answer depend on which votes are used?"
    assert row["text"].startswith("The selections of votes differ, so the House is compared on what both used")
    assert [row[f"n_rollcalls{end}"] for end in ("", "_reference", "_experiment")] == [20, 40, 20]


def test_variants_without_a_vote_in_common_are_not_compared():
    early, late = (SESSION.varied({}, {key: "2025-03-01"}) for key in ("to", "from"))
    first, last = part_of(VOTES, slice(0, 20)), part_of(VOTES, slice(20, 40))
    variants = [variant("first", first, early, 1), variant("last", last, late, 2)]
    content, tables = compare(variants, {early.folder: [first], late.folder: [last]})
    assert content["common"] == []
    (verdict,) = content["verdict"]
    assert verdict["level"] == "unknown"
    assert "last and first used no vote in common in the House" in verdict["text"]
    assert all(tables[name].empty for name in ("members", "agreement", "bills", "predictive"))


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_says_what_was_selected(tmp_path):
    chosen = {"questions": ["On <b>Passage</b>*"], "passage_only": True, "to": "2024-05-01"}
    fake_results(tmp_path, REPORTED)
    plain = Tree(page(tmp_path, REPORTED)).text["data"]
    assert "selected" not in plain
    text = Tree(page(tmp_path, replace(REPORTED, session=replace(REPORTED.session, selection=chosen)))).text["data"]
    said = "passage votes, the questions 'On <b>Passage</b>*', to 2024-05-01."
    assert f"The roll calls were selected before that: {said}" in " ".join(text.split())
