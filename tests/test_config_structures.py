"""Keys of an experiment that ask for another structure of the model."""

import json

import jsonschema
import pytest
import yaml

from tallgrass_models.cli import main
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.fingerprint import code_of
from tallgrass_models.config.model import STRUCTURES
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.config.schema import experiments_schema
from tallgrass_models.config.specs import fit_spec_json
from tallgrass_models.errors import UserError
from tallgrass_models.models.structures.structure import structure

PRODUCTION = {"beta_prior", "sampling", "unit", "session", "coordinates", "alpha_sigma", "kind", "orient_bills"}


def read(tmp_path, settings, defaults="{}"):
    """Read an experiment ``a`` with these settings; the schema, too, must let them pass."""
    text = f"sessions: {{ks: {{source: simulated}}}}\ndefaults: {defaults}\nexperiments: {{a: {settings}}}\n"
    (tmp_path / "e.yaml").write_text(text)
    found = load_experiments(tmp_path / "e.yaml")["a"]
    seen = json.loads(json.dumps(yaml.safe_load(text), default=str))
    assert not list(jsonschema.Draft202012Validator(experiments_schema()).iter_errors(seen))
    assert ExperimentConfig.from_json(found.to_json()) == found
    return found


@pytest.mark.parametrize(
    ("settings", "model", "units"),
    [
        ("{structure: rasch}", {"structure": "rasch"}, ["house", "senate"]),
        ("{structure: 2pl}", {}, []),
        ("{joint: {members: flat}}", {"structure": "flat_joint"}, ["joint"]),
        ("{joint: {members: parties}}", {}, []),
        (
            "{members: {covariates: [born, 'at  large']}}",
            {"structure": "covariates", "covariates": ["born", "at large"]},
            ["house", "senate"],
        ),
        ("{votes: {lapse: true}, joint: true}", {"structure": "lapse"}, ["house", "senate", "joint"]),
        ("{votes: {lapse: false}}", {}, []),
    ],
)
def test_each_key_asks_for_its_structure_in_the_specs_that_it_concerns(tmp_path, settings, model, units):
    config = read(tmp_path, settings)
    assert config.model.spec() == model
    for unit in config.units:
        spec = config.fit_spec(unit)
        assert spec.get("model") == (model if unit in units else None)
        assert set(spec) - {"model"} == PRODUCTION
        json.loads(fit_spec_json(config, unit))


def test_every_structure_has_a_module_whose_code_its_fits_depend_on():
    for name in STRUCTURES:
        assert structure(name)
        assert any(path.match(f"structures/{name}.py") for path in code_of(name))
        assert not any(path.match(f"structures/{name}.py") for path in code_of("chamber") | code_of("joint"))


def test_priors_of_the_flat_joint_model(tmp_path):
    normal = {"distribution": "normal", "mu": 0.0, "sigma": 1.0}
    spec = read(tmp_path, "{joint: {members: flat}}").fit_spec("joint")
    assert (spec["beta_prior"], spec["alpha_sigma"]) == (normal, 5.0)
    own = "{beta_prior: {distribution: normal, mu: 0, sigma: 2}, joint: {members: flat, alpha_sigma: 3}}"
    spec = read(tmp_path, own).fit_spec("joint")
    assert (spec["beta_prior"]["sigma"], spec["alpha_sigma"]) == (2.0, 3.0)


@pytest.mark.parametrize(
    ("own", "defaults", "chosen", "lapse"),
    [
        ("{votes: {lapse: true}}", "{}", {}, True),
        ("{votes: {lapse: true}}", "{votes: {passage_only: true}}", {"passage_only": True}, True),
        ("{votes: {passage_only: true}}", "{votes: {lapse: true}}", {"passage_only": True}, True),
        ("{votes: {lapse: false, from: 2025-01-01}}", "{votes: {lapse: true}}", {"from": "2025-01-01"}, False),
        ("{votes: all}", "{votes: {lapse: true, passage_only: true}}", {}, True),
    ],
)
def test_lapses_are_apart_from_the_selection_of_votes(tmp_path, own, defaults, chosen, lapse):
    config = read(tmp_path, own, defaults)
    assert (config.session.selection, config.model.structure == "lapse") == (chosen, lapse)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (
            "{structure: rasch, votes: {lapse: true}}",
            "structure: rasch and votes: {lapse: true}, but there is no model",
        ),
        ("{joint: {members: flat}, members: {covariates: [x]}}", "members: flat} and members: {covariates"),
        ("{structure: rasch, joint: true}", "structure: rasch: there is no joint model of that; set joint: false"),
        ("{members: {covariates: [x]}, joint: true}", "there is no joint model of that; set joint: false"),
        ("{structure: lapse}", "must be one of 2pl, rasch"),
        ("{joint: {members: all}}", "must be one of parties, flat"),
        ("{votes: {lapse: 0.1}}", ".votes: lapse: must be true or false, not 0.1"),
        ("{votes: {lapse: true, form: 2025-01-01}}", ".votes: unknown key 'form'"),
        ("{members: [x]}", "must be a mapping such as {covariates: [born]}"),
        ("{members: {covariates: []}}", "must be a list of texts"),
        ("{members: {covariates: [x, ' x']}}", "names a column twice: x, x"),
        (
            "{structure: rasch, beta_prior: {distribution: halfnormal, sigma: 1}}",
            "structure: rasch needs a beta_prior that is the same for either sign, not HalfNormal(sigma=1)",
        ),
        ("{votes: {lapse: true}, joint: {bridges: drift}}", "has one pair of parameters for a shared bill"),
        (
            "{joint: {members: flat, beta_prior: {distribution: halfnormal, sigma: 1}}}",
            "needs a beta_prior that is the same for either sign, not HalfNormal(sigma=1)",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_name(tmp_path, settings, problem):
    with pytest.raises(UserError) as refused:
        read(tmp_path, settings)
    assert problem in str(refused.value)
    assert "a" in str(refused.value)


def test_a_session_has_no_lapses(tmp_path):
    (tmp_path / "e.yaml").write_text("sessions: {s: {source: simulated, votes: {lapse: true}}}\nexperiments: {a: {}}\n")
    with pytest.raises(UserError, match=r"sessions\.s\.votes: unknown key 'lapse'"):
        load_experiments(tmp_path / "e.yaml")


def test_validate_names_what_is_not_the_production_model(tmp_path, capsys):
    path = tmp_path / "experiments.yaml"
    path.write_text(
        "sessions: {demo: {source: simulated}}\n"
        "experiments:\n"
        "  plain: {joint: true}\n"
        "  two: {dimensions: 2}\n"
        "  ages: {members: {covariates: [age, sex]}}\n"
        "  tied: {joint: {bridges: drift}}\n"
    )
    assert main(["validate", "--config", str(path)]) == 0
    house, joint = "house: {}beta Normal(mu=0, sigma=1)", "joint: {}beta LogNormal_reparam(mu=0, sigma=1)"
    said = capsys.readouterr().out
    plain, two, ages, tied = (said.split(f"{name}: session")[1] for name in ("plain", "two", "ages", "tied"))
    assert house.format("") in plain
    assert joint.format("") in plain
    assert house.format("dimensions: 2; ") in two
    assert house.format("covariates age, sex; ") in ages
    assert house.format("") in tied
    assert joint.format("bridges: drift; ") in tied
