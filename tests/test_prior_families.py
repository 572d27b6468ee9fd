"""A family of priors that some code does not know is refused there by name, never taken for another one."""

import json
from importlib.resources import files

import numpy as np
import pymc as pm
import pytest
from small import small_chamber, small_pair

from tallgrass_models.checking.sensitivity import rescaled
from tallgrass_models.errors import UserError
from tallgrass_models.models import reference
from tallgrass_models.models.fast import bill_priors
from tallgrass_models.models.fast.bills import bills
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.models.fast.chamber_forms import fast_chamber, halves_chamber, symmetric
from tallgrass_models.models.fast.frames import Frame
from tallgrass_models.models.fast.joint import build_joint
from tallgrass_models.models.fast.logits import BillInfo
from tallgrass_models.models.fast.packing import pack
from tallgrass_models.models.fast.slopes import LogSlopeInfo
from tallgrass_models.models.pilot.bills import Sketch
from tallgrass_models.models.starts import bill_start
from tallgrass_models.priors import densities as checks
from tallgrass_models.priors import spec
from tallgrass_models.priors.spec import FAMILIES, BetaPriorSpec
from tallgrass_models.votes.matching import join_chambers

ONES = np.ones(3)
FREE = np.array([True, False, False])
SIGN = np.array([1.0, -1.0, 0.0])


def build_variable(prior):
    with pm.Model():
        prior.build(3, dims=None)


def fast_bills(info):
    sketch = Sketch(info, 0 * ONES, 0 * ONES, 0 * ONES, 0 * ONES)
    frame = Frame(np.array(0.0), np.array(2.0))
    return lambda prior: bills(0 * ONES, 0 * ONES, sketch, frame, prior, 5.0, np)


def start(prior):
    votes = small_chamber()
    return bill_start([(votes, np.linspace(-1, 1, len(votes.y)), np.arange(votes.n_votes))], prior)


#: What only asks whether beta is positive, and so knows a family as soon as that is written.
OF_SUPPORT = {
    "positive": lambda prior: prior.positive,
    "a model with oriented bills": lambda prior: build_chamber(small_chamber(), prior, orient_bills=True),
}
ENTRIES = {
    "free sign": lambda prior: prior.free_sign(),
    "PyMC variable": build_variable,
    "words": lambda prior: prior.describe(),
    "log density": lambda prior: checks.beta_log_density(prior, ONES),
    "log density of bills": lambda prior: checks.bills_log_density(prior, SIGN, ONES),
    "draws": lambda prior: checks.draw_beta(prior, np.random.default_rng(1), 3),
    "draws of bills": lambda prior: checks.draw_bills(prior, SIGN, np.random.default_rng(1)),
    "moments of log beta": bill_priors.log_beta_moments,
    "pilot": lambda prior: bill_priors.collect_bills(prior, 5.0, None, 3),
    "pilot of oriented bills": lambda prior: bill_priors.collect_bills(prior, 5.0, FREE, 3),
    "fast form of a positive beta": fast_bills(LogSlopeInfo(ONES, ONES, ONES, ONES, ONES)),
    "fast form of any beta": fast_bills(BillInfo(ONES, 0 * ONES, ONES, ONES, ONES)),
    "number of the compiled density": bill_priors.family_code,
    "data of the compiled density": lambda prior: pack([3], [ONES], prior, 5.0, np.ones((3, 3), np.int8)),
    "starting point": start,
    "textbook form": lambda prior: reference.build_chamber(small_chamber(), prior),
    "textbook form by name": lambda prior: build_chamber(small_chamber(), prior, coordinates="reference"),
    "fast chamber": lambda prior: fast_chamber(small_chamber(), prior, 5.0, None, False),
    "halves": lambda prior: halves_chamber(small_chamber(), prior, 5.0, None, False),
    "chamber": lambda prior: build_chamber(small_chamber(), prior),
    "joint model": lambda prior: build_joint(join_chambers(*small_pair()), prior),
    "joint textbook form": lambda prior: build_joint(join_chambers(*small_pair()), prior, coordinates="reference"),
}


@pytest.fixture
def logistic(monkeypatch):
    """A family that is registered with its parameters and nowhere else."""
    monkeypatch.setitem(FAMILIES, "logistic", ("mu", "sigma"))
    return BetaPriorSpec("logistic", {"mu": 0, "sigma": 1})


@pytest.mark.parametrize("ask", [*OF_SUPPORT.values(), *ENTRIES.values()], ids=[*OF_SUPPORT, *ENTRIES])
def test_a_registered_family_that_is_not_written_is_refused(logistic, ask):
    with pytest.raises(UserError, match=r"^prior family 'logistic': its .* is not written; choose one of normal, "):
        ask(logistic)


@pytest.mark.parametrize("positive", [True, False])
@pytest.mark.parametrize("ask", ENTRIES.values(), ids=ENTRIES)
def test_so_is_one_of_which_only_the_support_is_written(logistic, monkeypatch, ask, positive):
    monkeypatch.setitem(spec._POSITIVE, "logistic", positive)
    with pytest.raises(UserError, match=r"^prior family 'logistic': its "):
        ask(logistic)


@pytest.mark.parametrize("ask", [*OF_SUPPORT.values(), *ENTRIES.values()], ids=[*OF_SUPPORT, *ENTRIES])
def test_an_unknown_family_is_refused_with_the_known_ones(logistic, ask):
    del FAMILIES["logistic"]
    known = "normal, lognormal, lognormal_reparam, halfnormal"
    with pytest.raises(UserError, match=f"^unknown prior family 'logistic'; known are {known}$"):
        ask(logistic)


def test_symmetry_and_scale_are_not_guessed(logistic, monkeypatch):
    monkeypatch.setitem(spec._POSITIVE, "logistic", False)
    with pytest.raises(UserError, match="'logistic': its symmetry"):
        symmetric(logistic, None)
    monkeypatch.setitem(FAMILIES, "logistic", ("mu", "s"))
    with pytest.raises(UserError, match="'logistic': its scale"):
        rescaled(BetaPriorSpec("logistic", {"mu": 0, "s": 1}), 2.0)


def test_every_table_knows_every_family():
    assert (
        set(spec._POSITIVE) == set(spec._SHOWN) == set(checks._FROM_NORMAL) == set(bill_priors.FAMILY) == set(FAMILIES)
    )
    assert set(bill_priors.FAMILY.values()) == {0, 1, 2}  # what `densities` has branches for
    schema = json.loads(files("tallgrass_models.metrics").joinpath("metrics.schema.json").read_text())

    def enums(node):
        if isinstance(node, dict):
            yield from ([node["distribution"]["enum"]] if "enum" in (node.get("distribution") or {}) else [])
            node = list(node.values())
        for child in node if isinstance(node, list) else ():
            yield from enums(child)

    found = list(enums(schema))
    assert found
    assert all(known == list(FAMILIES) for known in found)


@pytest.mark.parametrize("family", FAMILIES)
def test_known_families_have_all_of_it(family):
    prior = BetaPriorSpec(family, {name: {"mu": 0.2, "sigma": 0.7}[name] for name in FAMILIES[family]})
    drawn = checks.draw_beta(prior, np.random.default_rng(1), 40_000)
    assert prior.positive == (drawn > 0).all()
    assert prior.free_sign().params["sigma"] == pytest.approx(np.sqrt((drawn**2).mean()), rel=0.05)
    if prior.positive:
        moments = np.log(drawn).mean(), np.log(drawn).std()
        assert bill_priors.log_beta_moments(prior) == pytest.approx(moments, abs=0.02)
    assert prior.symmetric is False
