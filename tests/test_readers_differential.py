"""Sessions drawn at random, written by pandas in the layout of a source, and read by our readers: the same votes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from format_files import read_as_configured
from test_any_file import votes_of

HOUSES = {"house": (23, 31), "senate": (11, 17)}  # members and roll calls
WORD = {1: "Yes", 0: "No", -1: "Excused"}


def drawn(seed: int) -> pd.DataFrame:
    """One row per vote: chamber, call, member, party, date, value; some members miss some roll calls altogether."""
    rng = np.random.default_rng(seed)
    parts = []
    for chamber, (members, calls) in HOUSES.items():
        first = 100 if chamber == "house" else 500
        who, what = (axis.ravel() for axis in np.meshgrid(np.arange(members), np.arange(calls), indexing="ij"))
        frame = pd.DataFrame({"chamber": chamber, "member": who + first, "call": what + 10 * first})
        frame["party"] = np.where(who % 3 == 0, "R", np.where(who % 7 == 6, "I", "D"))
        frame["date"] = pd.Series(pd.to_datetime("2025-01-01") + pd.to_timedelta(what // 3, "D")).dt.strftime(
            "%Y-%m-%d"
        )
        frame["value"] = rng.choice([1, 0, -1], len(frame), p=[0.5, 0.35, 0.15])
        parts.append(frame[rng.random(len(frame)) < 0.93])
    return pd.concat(parts).sample(frac=1, random_state=seed)  # in no order


def truth(frame: pd.DataFrame) -> dict[tuple[str, str, str], int]:
    keys = zip(frame["chamber"], frame["call"].astype(str), frame["member"].astype(str), strict=True)
    return dict(zip(keys, frame["value"].tolist(), strict=True))


def repeated(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame, frame.iloc[:20]], ignore_index=True)


def as_table(folder: Path, frame: pd.DataFrame) -> dict[str, Any]:
    rows = repeated(frame).rename(columns={"call": "rollcall"})
    rows.assign(vote=rows["value"].map(WORD)).drop(columns="value").to_csv(folder / "votes.csv", index=False)
    return {"source": "table", "votes": str(folder / "votes.csv")}


def as_parquet(folder: Path, frame: pd.DataFrame) -> dict[str, Any]:
    frame.assign(date=pd.to_datetime(frame["date"])).to_parquet(folder / "votes.parquet")
    columns = {"rollcall": "call", "vote": "value"}
    words = {"votes": {1: "Yea", 0: "Nay", -1: "missing"}}
    return {"source": "table", "votes": str(folder / "votes.parquet"), "columns": columns, "words": words}


def legiscan_frames(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    votes = pd.DataFrame({"roll_call_id": frame["call"], "people_id": frame["member"]})
    votes["vote"] = frame["value"].map({1: 1, 0: 2, -1: 4})
    calls = frame[["chamber", "call", "date"]].drop_duplicates()
    calls = pd.DataFrame(
        {"bill_id": 0, "roll_call_id": calls["call"], "date": calls["date"], "chamber": calls["chamber"]}
    )
    counts = pd.crosstab(frame["call"], frame["value"])
    calls["description"] = "Vote"
    calls["yea"], calls["nay"] = (calls["roll_call_id"].map(counts[side]) for side in (1, 0))
    people = frame[["member", "party", "chamber"]].drop_duplicates()
    people = pd.DataFrame(
        {
            "people_id": people["member"],
            "name": "Member " + people["member"].astype(str),
            "party": people["party"],
            "role": people["chamber"].map({"house": "Rep", "senate": "Sen"}),
        }
    )
    return {"votes": votes, "rollcalls": calls, "people": people}


def as_legiscan_csv(folder: Path, frame: pd.DataFrame) -> dict[str, Any]:
    for name, table in legiscan_frames(repeated(frame)).items():
        table.to_csv(folder / f"{name}.csv", index=False)
    tallies = legiscan_frames(frame)["rollcalls"]
    tallies.to_csv(folder / "rollcalls.csv", index=False)
    return {"source": "legiscan", "path": str(folder)}


def as_legiscan_json(folder: Path, frame: pd.DataFrame) -> dict[str, Any]:
    frames = legiscan_frames(frame)
    (folder / "vote").mkdir()
    (folder / "people").mkdir()
    for person in frames["people"].to_dict("records"):
        (folder / f"people/{person['people_id']}.json").write_text(json.dumps({"person": person}))
    by_call = dict(list(frames["votes"].rename(columns={"vote": "vote_id"}).groupby("roll_call_id")))
    for call in frames["rollcalls"].to_dict("records"):
        votes = by_call[call["roll_call_id"]][["people_id", "vote_id"]].to_dict("records")
        content = {**call, "chamber": call["chamber"][0].upper(), "desc": "Vote", "votes": votes}
        (folder / f"vote/{call['roll_call_id']}.json").write_text(json.dumps({"roll_call": content}))
    return {"source": "legiscan", "path": str(folder)}


def as_openstates(folder: Path, frame: pd.DataFrame) -> dict[str, Any]:
    calls = frame[["chamber", "call", "date"]].drop_duplicates()
    votes = pd.DataFrame({"id": calls["call"], "motion_text": "Vote", "motion_classification": "[]", "bill_id": ""})
    votes = votes.assign(start_date=calls["date"], organization_id=calls["chamber"])
    votes.to_csv(folder / "x_votes.csv", index=False)
    said = pd.DataFrame({"vote_event_id": frame["call"], "voter_id": frame["member"]})
    said = said.assign(option=frame["value"].map({1: "yes", 0: "no", -1: "excused"}), voter_name="N")
    said.to_csv(folder / "x_vote_people.csv", index=False)
    places = pd.DataFrame({"id": ["house", "senate"], "classification": ["lower", "upper"]})
    places.to_csv(folder / "x_organizations.csv", index=False)
    people = frame[["member", "party"]].drop_duplicates().rename(columns={"member": "id"})
    people.assign(name="N" + people["id"].astype(str)).to_csv(folder / "people.csv", index=False)
    return {"source": "openstates", "path": str(folder), "people": str(folder / "people.csv")}


def as_voteview(folder: Path, frame: pd.DataFrame) -> dict[str, Any]:
    code = frame["value"].map({1: 1, 0: 6, -1: 9})
    votes = pd.DataFrame({"congress": 119, "chamber": frame["chamber"].str.title(), "rollnumber": frame["call"]})
    votes = votes.assign(icpsr=frame["member"], cast_code=code)
    calls = votes[["congress", "chamber", "rollnumber"]].drop_duplicates().assign(bill_number="", vote_question="")
    calls["date"] = calls["rollnumber"].map(frame.drop_duplicates("call").set_index("call")["date"])
    people = votes[["congress", "chamber", "icpsr"]].drop_duplicates()
    party = frame.drop_duplicates("member").set_index("member")["party"].map({"D": 100, "R": 200, "I": 328})
    people = people.assign(party_code=people["icpsr"].map(party), bioname="N")
    for end, table in (("votes", repeated(votes)), ("rollcalls", calls), ("members", people)):
        for letter, chamber in (("H", "House"), ("S", "Senate")):
            table[table["chamber"] == chamber].to_csv(folder / f"{letter}119_{end}.csv", index=False)
    return {"source": "voteview", "path": str(folder), "congress": 119}


LAYOUTS: list[Callable[[Path, pd.DataFrame], dict[str, Any]]] = [
    *(as_table, as_parquet, as_legiscan_csv, as_legiscan_json, as_openstates, as_voteview),
]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_votes_members_and_order_as_by_pandas(tmp_path, layout, seed):
    frame = drawn(seed)
    raw = read_as_configured(tmp_path, **layout(tmp_path, frame))
    assert votes_of(raw) == truth(frame)
    party = {"Democrat": "D", "Republican": "R", "Independent": "I"}
    found = dict(zip(raw.legislators["id"], raw.legislators["party"].map(party), strict=True))
    assert found == frame.drop_duplicates("member").astype(str).set_index("member")["party"].to_dict()
    in_time = frame.sort_values(["chamber", "date", "call"]).drop_duplicates("call")["call"].astype(str)
    assert raw.rollcalls["id"].tolist() == in_time.tolist()
    assert set(raw.rollcalls["tally"]) <= {"", "equal"}
