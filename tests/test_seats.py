"""Whose seats are counted: by time in office, and at a date; and what a session may say about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from small import small_chamber

from tallgrass_models.config.checks import date_text
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.sessions import SessionConfig, pivots
from tallgrass_models.config.specs import data_spec_json, fit_spec_json, summary_spec_json
from tallgrass_models.draws.pivots import pivots as draws_pivots
from tallgrass_models.errors import UserError
from tallgrass_models.summary.placed import place_unit
from tallgrass_models.summary.tables import pivot_tables
from tallgrass_models.votes.matrix import ChamberVotes
from tallgrass_models.votes.seats import SeatRule, seat_weights
from tallgrass_models.votes.unit_votes import Part, UnitVotes


def chamber(first=None, last=None, person=None) -> ChamberVotes:
    """Five Democrats, four Republicans and an Independent; the first two follow one another."""
    votes = small_chamber("senate", (5, 4, 1), 6)
    table = votes.legislators.assign(service=[0.25, 0.75, *[1.0] * 8], first_day="2023-01-03", last_day="2024-12-20")
    ids = table.index
    table.loc[ids[0], "last_day"], table.loc[ids[1], "first_day"] = "2023-07-01", "2023-07-03"
    if person:
        table.loc[ids[1], ["person", "first_day"]] = [table.person.iloc[0], "2023-07-01"]
    if first is not None:
        table = table.assign(first_day=first, last_day=last)
    return replace(votes, legislators=table)


def test_time_in_office_is_the_weight():
    assert seat_weights(chamber(), None).tolist() == [0.25, 0.75, *[1.0] * 8]


@pytest.mark.parametrize(
    ("on", "first", "second"),
    [("2023-01-03", 1, 0), ("2023-07-01", 1, 0), ("2023-07-02", 0, 0), ("2023-07-03", 0, 1), ("2024-12-20", 0, 1)],
)
def test_at_a_date_those_in_office_count_one(on, first, second):
    assert seat_weights(chamber(), on).tolist() == [first, second, *[1.0] * 8]


def test_of_two_rows_of_one_person_the_later_counts_on_the_day_of_the_change():
    assert seat_weights(chamber(person=True), "2023-07-01").tolist() == [0, 1, *[1.0] * 8]


@pytest.mark.parametrize(
    ("missing", "low", "high"),
    [(0.0, 4, 5), (0.03, 4, 5), (0.24, 4, 5), (0.26, 4, 4)],
    ids=["full", "vacant for some roll calls", "almost a quarter", "more"],
)
@pytest.mark.parametrize("side", [9, 0], ids=["right", "left"])
def test_a_seat_vacant_for_a_while_makes_no_median_member(missing, low, high, side):
    """Ten members from left to right: the median lies between the fifth and the sixth, unless a seat is gone."""
    weight = np.ones(10)
    weight[side] -= missing
    xi, party = np.arange(10.0)[None, None], np.array(["Democrat"] * 4 + ["Republican"] * 6)
    found = draws_pivots(xi.repeat(60, axis=1), party, weight)["chamber_median"]
    ends = (low, high) if side == 9 else (9 - high, 9 - low)
    assert (found.low.mean(), found.high.mean()) == ends


def test_a_date_without_members_or_days_is_refused_by_name():
    with pytest.raises(
        UserError, match=r"session small: pivots_on: 2025-02-01: nobody of the Senate .*2023-01-03 to 2024"
    ):
        seat_weights(chamber(), "2025-02-01")
    with pytest.raises(UserError, match="pivots_on: 2024-06-01: the roll calls of the Senate have no dates"):
        seat_weights(chamber(first="", last=""), "2024-06-01")


def test_tables_say_over_whom_medians_and_pivots_run():
    votes = chamber()
    part = Part(votes, slice(0, 10), np.arange(votes.n_votes), list(votes.legislators.index))
    unit = UnitVotes([part], votes.rollcalls, None)
    xi = np.arange(10.0) + 0.01 * np.random.default_rng(1).normal(size=(2, 20, 10))
    placed = place_unit(xi, unit)
    tables, summary = pivot_tables(unit, placed, SeatRule((0.6,)))
    rows = tables["pivots"].set_index("pivot")
    assert rows.loc["chamber_median", ["members", "seats", "on"]].tolist() == [10, 9.0, ""]
    # 0.25, 0.75, 1, ...: the fifth of nine seats is that of member 5; six of nine are two thirds, as are 60 %
    assert rows.xi_mean.round(1).to_dict() == {
        "chamber_median": 5,
        "two_thirds_left": 4,
        "two_thirds_right": 6,
        "majority_60_left": 4,
        "majority_60_right": 6,
        "democrat_median": 2.5,  # four seats: the middle of the second and the third
        "republican_median": 6.5,
    }
    # on the headline scale, and where the two members stand between whom a median lies
    between = rows.loc["democrat_median", ["p_between", "low_mean", "high_mean"]].astype(float)
    ends = placed.x.mean((0, 1))[[2, 3]]
    assert between.tolist() == pytest.approx([1, *ends], abs=1e-6)
    assert rows.loc["democrat_median", "position_mean"] == pytest.approx(ends.mean(), abs=1e-6)
    assert rows.loc["chamber_median", "p_between"] == 0
    assert summary["pivots"][0]["n_members"] == 10
    assert (summary["pivots"][0]["seats"], summary["pivots"][0]["on"]) == (9.0, None)
    tables, summary = pivot_tables(unit, placed, SeatRule((), "2023-07-02"))
    assert tables["pivots"].loc[0, ["members", "seats", "on"]].tolist() == [8, 8.0, "2023-07-02"]
    assert summary["pivots"][0]["on"] == "2023-07-02"


# --- what a session may say -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ([0.5, 0.6, 0.667], (0.5, 0.6, 2 / 3)),
        (["3/5", "2/3"], (0.6, 2 / 3)),
        ([0.67, 0.6667, 2 / 3], (2 / 3,)),
        ([0.66], (0.66,)),
        ([0.6, 0.6], (0.6,)),
    ],
)
def test_majorities(said, kept):
    assert pivots(said) == pytest.approx(kept)


@pytest.mark.parametrize(
    "said", [[], 0.6, [0.4], [1], [1.0], ["most"], [True], ["1/0"], [float("nan")], [float("inf")], [None]]
)
def test_no_majorities(said):
    with pytest.raises(ValueError, match=r"majorities|not a share"):
        pivots(said)


def test_days():
    assert date_text(date(2024, 6, 1)) == date_text("2024-06-01") == "2024-06-01"
    for wrong in ("soon", "2024-13-01", 5, None):
        with pytest.raises(ValueError, match="must be a date"):
            date_text(wrong)


def test_pivots_are_summed_up_anew_and_nothing_is_read_or_fitted_again():
    plain, other = (ExperimentConfig("a", session=SessionConfig(**how)) for how in ({}, {"pivots": (0.6,)}))
    at_date = ExperimentConfig("a", session=SessionConfig(pivots_on="2024-06-01"))
    assert data_spec_json(plain.session) == data_spec_json(other.session) == data_spec_json(at_date.session)
    assert fit_spec_json(plain, "house") == fit_spec_json(other, "house")
    assert len({summary_spec_json(config, "house") for config in (plain, other, at_date)}) == 3
    assert ExperimentConfig.from_json(other.to_json()) == other
    assert SessionConfig.from_json(other.session.to_json()) == other.session
