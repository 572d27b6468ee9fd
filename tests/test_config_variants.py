"""What an experiment changes of its joint model and of its session's filters, and what it leaves."""

from pathlib import Path

import pytest

from tallgrass_models.config.experiments import ExperimentConfig, JointConfig
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.priors.spec import JOINT_BETA, PRODUCTION_BETA, BetaPriorSpec

ROOT = Path(__file__).parents[1]
SESSION = "sessions: {demo: {source: simulated}}\n"


@pytest.fixture
def load(tmp_path):
    def write_and_load(text):
        path = tmp_path / "e.yaml"
        path.write_text(text)
        return load_experiments(path)

    return write_and_load


JOINTS = {
    "nothing of its own": ("joint: true", "LogNormal_reparam(mu=0, sigma=1)", 2.0),
    "a prior of its own": (
        "{joint: true, beta_prior: {distribution: halfnormal, sigma: 3}}",
        "HalfNormal(sigma=3)",
        2.0,
    ),
    "the production prior, spelt out": (
        "{joint: true, beta_prior: {distribution: normal, mu: 0, sigma: 1}}",
        "Normal(mu=0, sigma=1)",
        2.0,
    ),
    "a prior for the joint model": (
        "{joint: {beta_prior: {distribution: normal, mu: 0, sigma: 2}}, "
        "beta_prior: {distribution: halfnormal, sigma: 3}}",
        "Normal(mu=0, sigma=2)",
        2.0,
    ),
    "another spread of difficulty": ("{joint: {alpha_sigma: 7}}", "LogNormal_reparam(mu=0, sigma=1)", 7.0),
}


@pytest.mark.parametrize(("body", "prior", "alpha_sigma"), JOINTS.values(), ids=JOINTS)
@pytest.mark.parametrize("defaults", ["", "defaults: {beta_prior: {distribution: lognormal, mu: 1, sigma: 2}}\n"])
def test_the_priors_of_the_joint_model(load, body, prior, alpha_sigma, defaults):
    """Those of the production joint model, unless the experiment itself (not its defaults) sets a prior."""
    config = load(SESSION + defaults + f"experiments:\n  a: {body if body[0] == '{' else f'{{{body}}}'}")["a"]
    spec = config.fit_spec("joint")
    assert BetaPriorSpec.from_dict(spec["beta_prior"]).describe() == prior
    assert spec["alpha_sigma"] == config.to_dict()["joint"]["alpha_sigma"] == alpha_sigma
    assert config.to_dict()["joint"]["beta_prior"] == spec["beta_prior"]  # what is recorded is what is used
    assert config.fit_spec("house")["alpha_sigma"] == 5.0


def test_the_joint_model_of_the_shipped_baseline_is_the_production_one():
    baseline = load_experiments(ROOT / "config/experiments.yaml")["baseline"]
    assert (baseline.prior("house"), baseline.prior("senate")) == (PRODUCTION_BETA, PRODUCTION_BETA)
    assert baseline.joint == JointConfig(JOINT_BETA, 2.0)


def test_a_joint_model_made_in_python():
    own = BetaPriorSpec("halfnormal", {"sigma": 3})
    assert ExperimentConfig("a", joint=JointConfig()).joint == JointConfig(JOINT_BETA, 2.0)
    assert ExperimentConfig("a", beta_prior=own, joint=JointConfig()).prior("joint") == own


def test_filters_of_an_experiment(load):
    """They change the session's, key by key; those that are the session's own leave the votes where they are."""
    found = load(
        """
sessions: {ks: {source: simulated, min_minority_share: 0.05, min_votes: 7}}
experiments:
  plain: {}
  same: {filters: {min_votes: 7, min_minority_share: 0.05}}
  fewer: {filters: {min_votes: 3}}
  again: {filters: {min_votes: 3}, compare_with: plain}
  all: {filters: {min_minority_share: 0, min_votes: 1}}
"""
    )
    kept = {n: (c.session.min_minority_share, c.session.min_votes, c.session.folder) for n, c in found.items()}
    assert kept == {
        "plain": (0.05, 7, "ks"),
        "same": (0.05, 7, "ks"),
        "fewer": (0.05, 3, "ks/minority_0.05_votes_3"),
        "again": (0.05, 3, "ks/minority_0.05_votes_3"),
        "all": (0.0, 1, "ks/minority_0.0_votes_1"),
    }
    assert {c.session.name for c in found.values()} == {"ks"}
    assert found["again"].compare_with == "plain"  # on other votes of the same session
    assert ExperimentConfig.from_json(found["all"].to_json()) == found["all"]


def test_filters_in_defaults_are_merged_with_those_of_an_experiment(load):
    text = SESSION + "defaults: {filters: {min_votes: 3}}\nexperiments: {a: , b: {filters: {min_minority_share: 0.1}}}"
    found = load(text)
    assert [(c.session.min_minority_share, c.session.min_votes) for c in found.values()] == [(0.025, 3), (0.1, 3)]
