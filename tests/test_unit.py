"""What is fitted on its own, and what is asked of it."""

import json

import pytest

from tallgrass_models.config.experiments import ExperimentConfig, JointConfig
from tallgrass_models.votes.unit import Unit, by_unit


def test_a_unit_is_read_from_and_written_as_its_name(tmp_path):
    unit = Unit("joint")
    assert unit is Unit.JOINT
    assert json.dumps({unit: unit}) == '{"joint": "joint"}'
    assert (tmp_path / unit, f"{unit}") == (tmp_path / "joint", "joint")


@pytest.mark.parametrize(
    ("name", "chambers", "starts", "heading", "seen"),
    [
        ("house", ["house"], [], "House", "house"),
        ("senate", ["senate"], [], "Senate", "senate"),
        ("joint", ["house", "senate"], ["house", "senate"], "Both chambers together", "senate in the joint model"),
    ],
)
def test_what_it_holds_and_is_called(name, chambers, starts, heading, seen):
    unit = Unit(name)
    assert (list(unit.chambers), list(unit.starts)) == (chambers, starts)
    assert (unit.heading, unit.seen_in(chambers[-1])) == (heading, seen)
    assert unit.is_joint == (len(chambers) > 1)


def test_anything_else_is_no_unit():
    with pytest.raises(ValueError, match="'both'"):
        Unit("both")


def test_an_experiment_fits_its_chambers_and_then_both():
    assert ExperimentConfig(name="a", chambers=("senate",)).units == (Unit.SENATE,)
    assert ExperimentConfig(name="a", joint=JointConfig()).units == (Unit.HOUSE, Unit.SENATE, Unit.JOINT)


def test_blocks_of_metrics_by_unit():
    assert by_unit({"chambers": {"senate": 1}, "joint": None}) == {Unit.SENATE: 1}
    assert list(by_unit({"chambers": {"house": 1}, "joint": 2})) == [Unit.HOUSE, Unit.JOINT]
