"""The simulated session: shape, truth, files, and the same again from the same seed."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from tallgrass_models.votes.matching import JointVotes, join_chambers
from tallgrass_models.votes.matrix import ChamberVotes
from tallgrass_models.votes.session import load_chambers, read_session
from tallgrass_models.votes.simulator.shapes import SMALL
from tallgrass_models.votes.simulator.tables import SimulatedSession, simulate_session, write_session
from tallgrass_models.votes.vocabulary import CHAMBERS

VOTE_COLUMNS = [
    *("session", "bill_number", "bill_title", "vote_id", "vote_datetime", "vote_date", "chamber", "motion"),
    *("legislator_name", "legislator_slug", "vote"),
]
ROLLCALL_COLUMNS = [
    *("session", "bill_number", "bill_title", "vote_id", "vote_url", "vote_datetime", "vote_date", "chamber", "motion"),
    *("vote_type", "result", "short_title", "sponsor", "yea_count", "nay_count", "present_passing_count"),
    *("absent_not_voting_count", "not_voting_count", "total_votes", "passed", "sponsor_slugs"),
]
LEGISLATOR_COLUMNS = ["name", "full_name", "slug", "chamber", "party", "district", "member_url", "ocd_id"]


@pytest.fixture(scope="module")
def session() -> SimulatedSession:
    return simulate_session(2025)


@pytest.fixture(scope="module")
def loaded(session, tmp_path_factory) -> dict[str, ChamberVotes]:
    folder = tmp_path_factory.mktemp("simulated")
    paths = {
        "votes": folder / "demo_votes.csv.gz",
        "rollcalls": folder / "demo_rollcalls.csv",
        "legislators": folder / "demo_legislators.csv",
    }
    write_session(session, **paths)
    return load_chambers(read_session("simulated", **paths), "demo", CHAMBERS, 0.025, 20)


@pytest.fixture(scope="module")
def joint(loaded) -> JointVotes:
    return join_chambers(**loaded)


def test_columns_are_those_of_the_format(session):
    assert list(session.rollcalls) == ROLLCALL_COLUMNS
    assert list(session.votes) == VOTE_COLUMNS
    assert list(session.legislators) == LEGISLATOR_COLUMNS


def test_a_kansas_biennium(session, loaded):
    seats = {"House": 125, "Senate": 40}
    for chamber, votes in loaded.items():
        people = session.legislators[session.legislators.chamber == chamber.title()]
        assert people.district.nunique() == seats[chamber.title()]
        assert seats[chamber.title()] < len(people) <= seats[chamber.title()] + 6  # replacements
        parties = votes.legislators.party.value_counts()
        assert parties["Democrat"] in (range(38, 44) if chamber == "house" else range(9, 12))
        assert 270 <= votes.n_votes <= 290 if chamber == "house" else 230 <= votes.n_votes <= 250
        assert votes.n_votes < votes.info["n_rollcalls_read"] / 2  # more than half are near unanimous
        assert votes.info["yea_share_all"] == pytest.approx(0.82, abs=0.01)
        assert (votes.dropped.kind == "legislator").sum() == 1  # left within days
    independents = session.legislators.party == "Independent"
    assert independents.sum() in (2, 3)
    assert (~session.votes.vote.isin(["Yea", "Nay"])).mean() == pytest.approx(0.026, abs=0.004)
    assert session.votes.vote.nunique() == 5


def test_recorded_counts_agree_with_the_votes(session):
    counted = pd.crosstab(session.votes.vote_id, session.votes.vote)
    recorded = session.rollcalls.set_index("vote_id")
    assert recorded.index.is_unique
    for word, column in (
        ("Yea", "yea_count"),
        ("Nay", "nay_count"),
        ("Absent and Not Voting", "absent_not_voting_count"),
    ):
        assert (counted[word] == recorded[column].reindex(counted.index)).all()
    assert (recorded.passed == (recorded.yea_count > recorded.nay_count)).all()


def test_shared_bills_have_one_truth(session, joint):
    assert joint.n_shared == pytest.approx(70, abs=2)
    assert joint.shared.passage.all()
    truth = session.truth_bills.set_index("vote_id")
    house, senate = truth.loc[joint.shared.house_vote], truth.loc[joint.shared.senate_vote]
    for column in ("alpha", "beta", "bill_number"):
        assert (house[column].to_numpy() == senate[column].to_numpy()).all()
    alone = truth[~truth.shared]
    assert not alone.duplicated(["alpha", "beta"]).any()


def test_a_bill_is_one_bill_in_both_chambers(session):
    calls = session.rollcalls
    for column in ("bill_title", "sponsor"):
        assert len(calls[["bill_number", column]].drop_duplicates()) == calls.bill_number.nunique()
    several = calls.groupby(["chamber", "bill_number"]).size()
    assert (several > 2).any()


def test_truth_is_on_the_production_scale(session, loaded):
    truth = session.truth_legislators
    house = truth[truth.chamber == "House"].groupby("party").xi
    assert house.mean()["Democrat"] == pytest.approx(-7, abs=0.3)
    assert house.mean()["Republican"] == pytest.approx(5, abs=0.3)
    assert house.std()["Republican"] == pytest.approx(1.7, abs=0.05)
    bills = session.truth_bills.set_index("vote_id")
    for votes in loaded.values():
        beta = bills.loc[votes.rollcalls.index, "beta"]
        assert np.sqrt((beta**2).mean()) == pytest.approx(1.03, abs=0.08)


def test_votes_follow_the_model(session, loaded):
    """Calibration: of the votes with a predicted probability near p, a share near p is Yea."""
    for chamber, votes in loaded.items():
        people = session.truth_legislators[session.truth_legislators.chamber == chamber.title()]
        xi = people.set_index("legislator_slug").xi[votes.legislators.index].to_numpy()
        bills = session.truth_bills.set_index("vote_id").loc[votes.rollcalls.index]
        p = 1 / (1 + np.exp(-(np.outer(xi, bills.beta) - bills.alpha.to_numpy())))
        for low, high in ((0.05, 0.3), (0.3, 0.7), (0.7, 0.95)):
            cell = (votes.y >= 0) & (p > low) & (p < high)
            spread = np.sqrt((p * (1 - p))[cell].sum()) / cell.sum()
            assert abs(votes.y[cell].mean() - p[cell].mean()) < 4 * spread


def test_a_replaced_member_votes_only_while_serving(session):
    per_seat = session.legislators.groupby(["chamber", "district"]).slug.apply(list)
    last = session.votes.groupby("legislator_slug").vote_datetime.agg(["min", "max"])
    pairs = per_seat[per_seat.str.len() == 2]
    assert len(pairs) == 7
    for leaver, successor in pairs:
        assert last.loc[leaver, "max"] < last.loc[successor, "min"]
    assert (session.votes.groupby("vote_id").size() <= 125).all()


def test_dates_over_two_sessions(session):
    dates = pd.to_datetime(session.rollcalls.vote_datetime)
    assert set(dates.dt.year) == {2025, 2026}
    assert dates.dt.month.between(1, 5).all()
    assert (dates.dt.strftime("%m/%d/%Y") == session.rollcalls.vote_date).all()
    for _, table in session.rollcalls.groupby("chamber"):
        assert table.vote_datetime.is_unique


def test_names_are_distinct(session):
    assert session.legislators.name.is_unique
    assert session.legislators.slug.is_unique


def test_equal_seeds_give_equal_bytes(tmp_path):
    digests = []
    for run in ("first", "second"):
        paths = {
            role: tmp_path / run / f"demo_{role}.csv.gz"
            for role in ("votes", "rollcalls", "legislators", "truth_legislators", "truth_bills")
        }
        write_session(simulate_session(7, SMALL), **paths)
        digests.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in paths.values()])
        assert sorted(path.name for path in (tmp_path / run).iterdir()) == sorted(path.name for path in paths.values())
    assert digests[0] == digests[1]
    assert not simulate_session(8, SMALL).votes.equals(simulate_session(7, SMALL).votes)


def test_small_shape_is_usable(tmp_path):
    paths = {role: tmp_path / f"demo_{role}.csv" for role in ("votes", "rollcalls", "legislators")}
    write_session(simulate_session(3, SMALL), **paths)
    loaded = load_chambers(read_session("simulated", **paths), "demo", CHAMBERS, 0.025, 20)
    assert loaded["house"].n_votes == 60
    assert loaded["senate"].n_votes == 45
    assert join_chambers(**loaded).n_shared == 18
