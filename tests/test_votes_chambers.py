"""Filters, components, bill matching and the vote file, against hand counts and numpy."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from votes_fixtures import Table, tallgrass_tables, write_tables

from tallgrass_models.config.session_files import session_files
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.votes.components import pca_scores
from tallgrass_models.votes.filters import minority_share
from tallgrass_models.votes.matching import join_chambers
from tallgrass_models.votes.matrix import ChamberVotes
from tallgrass_models.votes.session import load_chambers, read_session
from tallgrass_models.votes.vocabulary import CHAMBERS


def load(
    folder: Path,
    spoil: Callable[[dict[str, Table]], None] | None = None,
    chambers=CHAMBERS,
    share: float = 0.025,
    min_votes: int = 2,
) -> dict[str, ChamberVotes]:
    tables = tallgrass_tables()
    if spoil:
        spoil(tables)
    return load_chambers(read_session("tallgrass", **write_tables(folder, tables)), "tiny", chambers, share, min_votes)


def left_out(votes: ChamberVotes) -> pd.DataFrame:
    """The part of the manifest that is about what the filters left out."""
    return votes.dropped[votes.dropped.kind.isin(["roll call", "legislator"])]


def test_filters_by_hand(tmp_path):
    house = load(tmp_path, chambers=["house"], share=0.3, min_votes=3)["house"]
    # r2 (0), r3 (1/5), r4 (nobody) go; f has 2 of the 3 votes r1, r5, r6 left
    assert house.rollcalls.index.tolist() == ["r1", "r5", "r6"]
    assert house.legislators.index.tolist() == ["m_a", "m_b", "m_c", "m_d", "m_e"]
    np.testing.assert_array_equal(house.y, [[1, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 1], [1, 1, 1]])
    assert house.rollcalls.yea.tolist() == [4, 3, 2]
    assert house.rollcalls.nay.tolist() == [1, 2, 3]
    assert house.rollcalls.order.tolist() == [0, 4, 5]
    assert house.legislators.n_votes.tolist() == [3] * 5
    assert house.dropped.kind.tolist()[4:] == ["caucus"]  # m_f, an Independent, is told as such too
    dropped = left_out(house)
    assert dropped.id.tolist() == ["r2", "r3", "r4", "m_f"]
    assert dropped.kind.tolist() == ["roll call"] * 3 + ["legislator"]
    assert dropped.value.tolist() == [0, 0.2, 0, 2]
    assert "below 0.3" in dropped.reason[1]
    assert "nobody voted" in dropped.reason[2]
    assert "fewer than 3" in dropped.reason[3]
    assert house.info["n_rollcalls_read"] == 6
    assert house.info["n_legislators_read"] == 6
    # Yea 4 + 6 + 4 + 0 + 3 + 3 of 6 + 6 + 5 + 0 + 5 + 6
    assert house.info["yea_share_all"] == pytest.approx(20 / 28)


def test_one_pass_a_roll_call_is_judged_before_members_leave(tmp_path):
    def spoil(tables):  # f alone votes Nay on r2, and on little else: 1 of 6, then f leaves
        for row in tables["votes"]:
            if row[2] == "m_f":
                row[3] = "Nay" if row[0] == "r2" else "Not Voting"

    house = load(tmp_path, spoil, chambers=["house"], share=0.1, min_votes=2)["house"]
    assert left_out(house).id.tolist() == ["r4", "m_f"]
    assert house.rollcalls.loc["r2", ["yea", "nay"]].tolist() == [5, 0]


def test_the_threshold_itself_passes(tmp_path):
    y = np.ones((40, 2), dtype=np.int8)
    y[0] = 0
    y[:, 1] = -1
    np.testing.assert_array_equal(minority_share(y), [0.025, 0])
    house = load(tmp_path, chambers=["house"], share=0.2, min_votes=4)["house"]
    assert "r3" in house.rollcalls.index  # 1 of 5
    assert house.legislators.n_votes.min() == 4  # all but f: r1, r3, r5, r6
    assert left_out(house).id.tolist() == ["r2", "r4", "m_f"]


def test_names_are_unique(tmp_path):
    def spoil(tables):
        for row, name, district in zip(tables["legislators"][1:6], "SSTTT", "12334", strict=True):
            row[3], row[5] = name, district

    names = load(tmp_path, spoil)["house"].legislators.name.tolist()
    assert names == ["S (1)", "S (2)", "T [m_c]", "T [m_d]", "T (4)", "F"]


def test_saved_file_comes_back(tmp_path):
    house = load(tmp_path, chambers=["house"], share=0.3, min_votes=3)["house"]
    house.save(tmp_path / "house.nc")
    back = ChamberVotes.load(tmp_path / "house.nc")
    assert (back.session, back.chamber, back.info) == ("tiny", "house", house.info)
    assert back.y.dtype == np.int8
    np.testing.assert_array_equal(back.y, house.y)
    for name in ("legislators", "rollcalls", "dropped"):
        pd.testing.assert_frame_equal(getattr(back, name), getattr(house, name))


def test_saved_file_with_nothing_dropped(tmp_path):
    senate = load(tmp_path, share=0, min_votes=0)["senate"]
    senate.save(tmp_path / "senate.nc")
    assert len(ChamberVotes.load(tmp_path / "senate.nc").dropped) == 0


def test_bad_vote_files(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        ChamberVotes.load(tmp_path / "none.nc")
    (tmp_path / "text.nc").write_text("no netCDF")
    with pytest.raises(UserError, match=r"text\.nc: damaged"):
        ChamberVotes.load(tmp_path / "text.nc")
    load(tmp_path)["house"].to_dataset().assign_attrs(file_type="other").to_netcdf(tmp_path / "other.nc")
    with pytest.raises(UserError, match="not a file of votes"):
        ChamberVotes.load(tmp_path / "other.nc")


def test_parts_that_do_not_fit_are_refused(tmp_path):
    house = load(tmp_path)["house"]
    with pytest.raises(ValueError, match="expected int8"):
        ChamberVotes("s", "house", house.y[:3], house.legislators, house.rollcalls, house.dropped, {})


# --- chambers that cannot be used -------------------------------------------------------------------------------------


def only(chamber: str) -> Callable[[dict[str, Table]], None]:
    def spoil(tables: dict[str, Table]) -> None:
        for rows in tables.values():
            rows[1:] = [row for row in rows[1:] if row[1] == chamber]

    return spoil


def one_party(tables: dict[str, Table]) -> None:
    for row in tables["legislators"][1:]:
        row[2] = "Democrat" if row[1] == "House" else row[2]


def four_members(tables: dict[str, Table]) -> None:
    tables["legislators"] = [row for row in tables["legislators"] if row[0] != "m_k"]
    tables["votes"] = [row for row in tables["votes"] if row[2] != "m_k"]


def all_yea(tables: dict[str, Table]) -> None:
    for row in tables["votes"][1:]:
        row[3] = "Yea"


def test_unusable_chambers(tmp_path):
    with pytest.raises(UserError, match=r"tiny_legislators\.csv: no member of the Senate"):
        load(tmp_path, only("House"))
    assert list(load(tmp_path, only("House"), chambers=["house"])) == ["house"]
    with pytest.raises(UserError, match="House: 6 Democrat, 0 Republican members listed; both parties"):
        load(tmp_path, one_party)
    with pytest.raises(UserError, match="Senate: 2 Democrat, 2 Republican members listed; at least 5"):
        load(tmp_path, four_members)
    with pytest.raises(UserError, match="no contested roll calls in the House: none of 6"):
        load(tmp_path, all_yea, chambers=["house"])
    with pytest.raises(UserError) as error:  # one line per chamber
        load(tmp_path, all_yea)
    assert len(str(error.value).splitlines()) == 2
    with pytest.raises(UserError, match="0 Republican members with 20 or more contested votes; at least 5"):
        load(tmp_path, min_votes=20)


def test_a_chamber_with_members_but_no_roll_calls(tmp_path):
    def spoil(tables):
        for role in ("votes", "rollcalls"):
            tables[role][1:] = [row for row in tables[role][1:] if row[1] == "House"]

    with pytest.raises(UserError, match=r"tiny_rollcalls\.csv: no roll call of the Senate"):
        load(tmp_path, spoil)


# --- principal components ---------------------------------------------------------------------------------------------


def test_components_of_a_complete_matrix_against_the_covariance_matrix():
    rng = np.random.default_rng(1)
    side = np.repeat([-1, 1], [12, 18])
    y = (rng.random((30, 50)) < 1 / (1 + np.exp(-np.outer(side, rng.normal(size=50)) * 2))).astype(np.int8)
    party = np.where(side < 0, "Democrat", "Republican")
    scores, eigenvalues = pca_scores(y, party)
    values, vectors = np.linalg.eigh(np.cov(y.astype(float), rowvar=False))
    np.testing.assert_allclose(eigenvalues[:29], values[::-1][:29], atol=1e-10)
    for k in (0, 1):
        assert abs(np.corrcoef(scores[:, k], (y - y.mean(0)) @ vectors[:, -1 - k])[0, 1]) == pytest.approx(1)
    np.testing.assert_allclose(scores.mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(scores.std(0), 1)
    assert scores[side > 0, 0].mean() > scores[side < 0, 0].mean()
    assert scores[np.abs(scores[:, 1]).argmax(), 1] > 0


def test_components_turn_with_the_parties_not_with_the_votes():
    rng = np.random.default_rng(2)
    y = (rng.random((20, 30)) < np.repeat([0.2, 0.8], 10)[:, None]).astype(np.int8)
    party = np.repeat(["Democrat", "Republican"], 10)
    scores, _ = pca_scores(y, party)
    np.testing.assert_allclose(pca_scores(1 - y, party)[0], scores, atol=1e-9)
    np.testing.assert_allclose(pca_scores(y, party[::-1])[0][:, 0], -scores[:, 0], atol=1e-9)


def test_missing_votes_pull_neither_way():
    rng = np.random.default_rng(3)
    y = (rng.random((20, 30)) < np.repeat([0.2, 0.8], 10)[:, None]).astype(np.int8)
    party = np.repeat(["Democrat", "Republican"], 10)
    y[4, 3:] = -1
    absent = np.full((1, 30), -1, dtype=np.int8)
    scores, _ = pca_scores(np.concatenate([y, absent]), np.append(party, "Republican"))
    assert abs(scores[20, 0]) < 0.2  # no vote at all: at the centre, whatever the party
    with_column, _ = pca_scores(np.column_stack([y, np.full(20, -1, dtype=np.int8)]), party)
    np.testing.assert_allclose(
        with_column, pca_scores(y, party)[0], atol=1e-9
    )  # a roll call without votes adds nothing


def test_one_roll_call_has_no_second_component():
    y = np.array([[1], [1], [0], [0], [0]], dtype=np.int8)
    scores, _ = pca_scores(y, np.array(["Democrat", "Democrat", "Republican", "Republican", "Republican"]))
    assert (scores[:, 1] == 0).all()
    assert scores[0, 0] < 0 < scores[4, 0]


# --- matching ---------------------------------------------------------------------------------------------------------


def test_the_passage_vote_is_merged_and_the_rest_stays(tmp_path):
    joint = join_chambers(**load(tmp_path))
    # House HB 1: r1 (passage) and the later r3; Senate: s1
    assert joint.shared[["bill", "house_vote", "senate_vote"]].to_numpy().tolist() == [["HB 1", "r1", "s1"]]
    assert joint.shared.passage.tolist() == [True]
    assert joint.vote.tolist() == ["both:HB 1", "house:r3", "house:r5", "house:r6", "senate:s2", "senate:s3"]
    assert joint.house_item.tolist() == [0, 1, 2, 3]
    assert joint.vote[joint.senate_item].tolist() == ["senate:s2", "senate:s3", "both:HB 1"]
    assert joint.n_legislators == 11
    assert joint.legislator[[0, 6]].tolist() == ["house:m_a", "senate:m_g"]
    assert joint.chamber.tolist() == ["house"] * 6 + ["senate"] * 5
    assert (joint.n_items, joint.n_shared) == (6, 1)


def test_without_a_passage_vote_the_latest_stands_for_the_bill(tmp_path):
    def spoil(tables):
        for row in tables["rollcalls"][1:]:
            row[3] = "Vote"

    shared = join_chambers(**load(tmp_path, spoil)).shared
    assert shared.house_vote.tolist() == ["r3"]
    assert shared.passage.tolist() == [False]


def test_of_two_passage_votes_the_later_and_by_id_within_a_day(tmp_path):
    def spoil(tables):
        for row in tables["rollcalls"][1:]:
            row[3] = "Final Action"
            row[4] = "2025-02-01T00:00:00"

    assert join_chambers(**load(tmp_path, spoil)).shared.house_vote.tolist() == ["r3"]


def test_no_shared_bill_is_an_error(tmp_path):
    def spoil(tables):
        for row in tables["rollcalls"][1:]:
            row[2] = ""

    with pytest.raises(UserError, match="no bill has a contested roll call in both"):
        join_chambers(**load(tmp_path, spoil))


# --- real votes -------------------------------------------------------------------------------------------------------

REAL = os.environ.get("TALLGRASS_REAL_DATA")
real_data = pytest.mark.skipif(not REAL, reason="TALLGRASS_REAL_DATA does not name the folder of real votes")


@pytest.mark.real_data
@real_data
@pytest.mark.parametrize(
    ("source", "folder", "name", "counts", "shared"),
    [
        # members, roll calls, contested, members dropped, cells, Yea share of contested, as published beside the data
        (
            "tallgrass",
            "california_2017-2018",
            {"stem": "california_2017-2018"},
            {"house": (84, 4179, 1329, 0, 97442, 0.755), "senate": (42, 3751, 1202, 0, 44363, 0.773)},
            (648, 583, 1883),
        ),
        (
            "voteview",
            "voteview_119",
            {"options": {"congress": 119}},
            {"house": (444, 304, 251, 3, None, None), "senate": (102, 623, 620, 2, None, None)},
            (32, 30, 251 + 620 - 32),
        ),
    ],
    ids=["california", "congress"],
)
def test_counts_of_real_sessions(source, folder, name, counts, shared):
    session = SessionConfig(folder, source, str(Path(REAL) / folder), **name)
    raw = read_session(source, session.options, **session_files(session))
    loaded = load_chambers(raw, folder, CHAMBERS, 0.025, 20)
    for chamber, (members, calls, contested, dropped, cells, yea_share) in counts.items():
        votes = loaded[chamber]
        assert votes.info["n_legislators_read"] == members
        assert votes.info["n_rollcalls_read"] == calls
        assert votes.y.shape == (members - dropped, contested)
        assert (votes.dropped.kind == "legislator").sum() == dropped
        if cells:
            assert (votes.y >= 0).sum() == cells
            assert round((votes.y == 1).sum() / cells, 3) == pytest.approx(yea_share, abs=5.1e-4)
    joint = join_chambers(**loaded)
    assert (joint.n_shared, joint.shared.passage.sum(), joint.n_items) == shared
