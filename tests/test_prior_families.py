"""A family of priors is one whole record, or it is refused by name; what is not known is never taken for another."""

import json
import re
from dataclasses import MISSING, fields, replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pymc as pm
import pytest
from prior_table import prior_of
from small import small_chamber, small_pair

from tallgrass_models.config.experiments import ExperimentConfig, SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.models import reference
from tallgrass_models.models.compiled.nutpie import density
from tallgrass_models.models.fast.bill_priors import collect_bills
from tallgrass_models.models.fast.bills import BillPriors, bills
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.models.fast.chamber_forms import fast_chamber, halves_chamber, symmetric
from tallgrass_models.models.fast.frames import Frame
from tallgrass_models.models.fast.graphs import uncompiled_density
from tallgrass_models.models.fast.joint import build_joint
from tallgrass_models.models.fast.logits import BillInfo, Knees
from tallgrass_models.models.fast.packing import prior_numbers
from tallgrass_models.models.fast.slopes import Funnel, LogSlopeInfo
from tallgrass_models.models.pilot.bills import LogitSketch, SlopeSketch
from tallgrass_models.models.starts import bill_start
from tallgrass_models.priors import densities
from tallgrass_models.priors.families import FAMILIES
from tallgrass_models.priors.family import Parameter, PriorFamily, Way
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.steps.sensitivity import refits
from tallgrass_models.votes.matching import join_chambers

ONES = np.ones(3)
FREE = np.array([True, False, False])
SIGN = np.array([1.0, -1.0, 0.0])
HALFNORMAL = FAMILIES["halfnormal"]
NEEDED = [field.name for field in fields(PriorFamily) if field.default is MISSING]


def build_variable(prior):
    with pm.Model():
        prior.build(3, dims=None)


def fast_bills(info):
    straight = 0 * ONES, 0 * ONES
    if isinstance(info, BillInfo):
        sketch = LogitSketch(info, Knees(*straight, *straight, ONES, ONES))
    else:
        sketch = SlopeSketch(info, Funnel(*straight, *straight))
    frame = Frame(np.array(0.0), np.array(2.0))
    return lambda prior: bills((0 * ONES, 0 * ONES), sketch, frame, BillPriors(prior, 5.0), np)


def start(prior):
    votes = small_chamber()
    return bill_start([(votes, np.linspace(-1, 1, len(votes.y)), np.arange(votes.n_votes))], prior)


ENTRIES = {
    "positive": lambda prior: prior.positive,
    "symmetry": lambda prior: symmetric(prior, None),
    "a model with oriented bills": lambda prior: build_chamber(small_chamber(), prior, orient_bills=True),
    "free sign": lambda prior: prior.free_sign(),
    "another scale": lambda prior: prior.rescaled(2.0),
    "PyMC variable": build_variable,
    "words": lambda prior: prior.describe(),
    "log density": lambda prior: densities.beta_log_density(prior, ONES),
    "log density of bills": lambda prior: densities.bills_log_density(prior, SIGN, ONES),
    "draws": lambda prior: densities.draw_beta(prior, np.random.default_rng(1), 3),
    "draws of bills": lambda prior: densities.draw_bills(prior, SIGN, np.random.default_rng(1)),
    "moments": lambda prior: prior.moments,
    "pilot": lambda prior: collect_bills(prior, 5.0, None, 3),
    "pilot of oriented bills": lambda prior: collect_bills(prior, 5.0, FREE, 3),
    "fast form of a positive beta": fast_bills(LogSlopeInfo(ONES, ONES, ONES, ONES, ONES)),
    "fast form of any beta": fast_bills(BillInfo(ONES, 0 * ONES, ONES, ONES, ONES)),
    "data of the compiled density": lambda prior: prior_numbers(prior, 5.0),
    "starting point": start,
    "textbook form": lambda prior: reference.build_chamber(small_chamber(), prior),
    "textbook form by name": lambda prior: build_chamber(small_chamber(), prior, coordinates="reference"),
    "fast chamber": lambda prior: fast_chamber(small_chamber(), prior, 5.0, None, False),
    "halves": lambda prior: halves_chamber(small_chamber(), prior, 5.0, None, False),
    "chamber": lambda prior: build_chamber(small_chamber(), prior),
    "joint model": lambda prior: build_joint(join_chambers(*small_pair()), prior),
    "joint textbook form": lambda prior: build_joint(join_chambers(*small_pair()), prior, coordinates="reference"),
}


@pytest.mark.parametrize("ask", ENTRIES.values(), ids=ENTRIES)
def test_an_unknown_family_is_refused_with_the_known_ones(monkeypatch, ask):
    """A spec outlives its family only in a test; whoever asks for the family's record is told."""
    with monkeypatch.context() as patch:
        patch.setitem(FAMILIES, "logistic", replace(HALFNORMAL, name="logistic"))
        orphan = BetaPriorSpec("logistic", {"sigma": 1})
    known = ", ".join(FAMILIES)
    assert known.startswith("normal, lognormal, lognormal_reparam, halfnormal")
    with pytest.raises(UserError, match=f"^unknown prior family 'logistic'; known are {known}$"):
        ask(orphan)


@pytest.mark.parametrize("lacking", [name for name in NEEDED if name not in ("name", "positive")])
def test_half_a_record_is_refused_by_name(lacking):
    with pytest.raises(ValueError, match=rf"^prior family 'halfnormal': the record lacks {lacking}$"):
        replace(HALFNORMAL, **{lacking: None})
    whole = {field.name: getattr(HALFNORMAL, field.name) for field in fields(PriorFamily)}
    with pytest.raises(TypeError, match=lacking):
        PriorFamily(**{name: value for name, value in whole.items() if name != lacking})


def test_records_that_contradict_themselves_are_refused():
    with pytest.raises(ValueError, match=r"^prior family 'halfnormal': the record lacks moments$"):
        replace(HALFNORMAL, positive=False, moments=None)
    with pytest.raises(ValueError, match=r"^prior family 'lognormal': beta may be negative, so it has no logarithm$"):
        replace(FAMILIES["lognormal"], positive=False)
    other = Way((Parameter("tau"),))
    for ways in ((), (replace(other, to_first=dict),), (*HALFNORMAL.ways, other)):
        with pytest.raises(ValueError, match=r"^prior family 'halfnormal': `to_first` belongs to every way"):
            replace(HALFNORMAL, ways=ways)


def test_the_schema_knows_every_family():
    schema = json.loads(files("tallgrass_models.metrics").joinpath("metrics.schema.json").read_text())
    prior = schema["$defs"]["BetaPrior"]
    assert prior["properties"]["distribution"]["enum"] == list(FAMILIES)
    names = {name for family in FAMILIES.values() for way in family.ways for name in way.names}
    assert set(prior["properties"]) == names | {"distribution"}


@pytest.mark.parametrize("page", ["config/README.md", "docs/model.md"])
def test_every_family_has_its_row_on_the_page(page):
    text = (Path(__file__).parents[1] / page).read_text()
    table = text[text.index("| `distribution` |") :].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)[1:] == list(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_refits_have_the_prior_rescaled(family, tmp_path):
    prior = prior_of(family)
    config = ExperimentConfig(name="a", session=SessionConfig("demo", "simulated"), beta_prior=prior)
    found = {one.factor: one.spec["beta_prior"] for one in refits(config, "house", tmp_path, ["beta"])}
    assert found == {factor: prior.rescaled(factor).to_dict() for factor in (0.5, 2.0)}


def test_compiled_numbers_are_those_that_there_is_code_for():
    assert {family.compiled for family in FAMILIES.values()} - {None} == {0, 1, 2}


@pytest.mark.parametrize("family", ["normal", "lognormal", "halfnormal"])
def test_what_pytensor_interprets_is_what_is_compiled(family):
    """Value and gradient of a family that has both forms, at some points."""
    built = fast_chamber(small_chamber(), prior_of(family), 5.0, None, False)
    interpreted, compiled = uncompiled_density(built.model), density(built)
    x = np.concatenate([np.ravel(value) for value in built.start.values()])
    for shift in (0.0, 0.2, -0.3):
        value, gradient = interpreted(x + shift)
        expected, slope = compiled(x + shift)
        assert value == pytest.approx(expected, abs=1e-7)
        np.testing.assert_allclose(gradient, slope, rtol=1e-7, atol=1e-7)


def test_a_family_without_a_compiled_form_has_the_same_posterior_without_one(monkeypatch, caplog):
    """Same coordinates, and said in the log; closed forms replaced by quadrature and differences."""
    plain = replace(HALFNORMAL, name="plain", compiled=None, moments=None, steering=None)
    monkeypatch.setitem(FAMILIES, "plain", plain)
    votes = small_chamber(sizes=(9, 12, 1), n_votes=30, apart=2.5)
    caplog.set_level("INFO")
    one = build_chamber(votes, BetaPriorSpec("halfnormal", {"sigma": 0.8}))
    assert "no compiled density" not in caplog.text
    other = build_chamber(votes, BetaPriorSpec("plain", {"sigma": 0.8}))
    assert "house: there is no compiled density for HalfNormal(sigma=0.8)" in caplog.text
    assert (one.is_compiled, other.is_compiled) == (True, False)
    assert one.facts["form"] == other.facts["form"] == "parties"
    assert one.facts["sides"]["gap"] == pytest.approx(other.facts["sides"]["gap"], abs=0.05)
    for name, value in one.start.items():
        np.testing.assert_allclose(other.start[name], value, atol=1e-3)
