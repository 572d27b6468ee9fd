"""Every structure from the votes to the page, the checks and the comparison."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small import small_chamber, write_tallgrass_csv

from tallgrass_models.config.experiments import ExperimentConfig, JointConfig, SamplingConfig, SessionConfig
from tallgrass_models.config.model import ModelConfig
from tallgrass_models.errors import UserError
from tallgrass_models.metrics import schema
from tallgrass_models.sampling.posterior import load_posterior
from tallgrass_models.steps import runner
from tallgrass_models.steps.prior_check import prior_check
from tallgrass_models.votes.unit import Unit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]
SAMPLING = SamplingConfig(draws=60, tune=120, chains=2, seed=3)
HOUSE = ("house",)
EXPERIMENTS = {
    "lapse": {"chambers": HOUSE, "model": ModelConfig("lapse")},
    "rasch": {"chambers": HOUSE, "model": ModelConfig("rasch")},
    "covariates": {"chambers": HOUSE, "model": ModelConfig("covariates", ("age", "woman"))},
    "flat_joint": {"joint": JointConfig(members="flat", alpha_sigma=5.0), "model": ModelConfig("flat_joint")},
}


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """Votes of two chambers, whose file of members has an age and a sex beside what readers need."""
    folder = tmp_path_factory.mktemp("votes")
    bills = [f"HB {j}" for j in range(24)]
    house = small_chamber("house", (9, 12, 1), 24, seed=5, apart=2.5, bills=bills)
    senate = small_chamber("senate", (6, 9, 0), 16, seed=6, apart=2.5, bills=bills[:16])
    write_tallgrass_csv(folder, "small", [house, senate])
    members = pd.read_csv(folder / "small_legislators.csv")
    rng = np.random.default_rng(0)
    members["age"] = rng.integers(30, 80, len(members))
    members["woman"] = np.where(rng.random(len(members)) < 0.4, "Yes", "No")
    members.to_csv(folder / "small_legislators.csv", index=False)
    return SessionConfig("small", "tallgrass", str(folder), "small", min_votes=3)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_structure_from_the_votes_to_the_page(session, results, name):
    config = ExperimentConfig(
        name=name, session=session, sampling=SAMPLING, flat_sampling=SAMPLING, **EXPERIMENTS[name]
    )
    found = json.loads(runner.run_experiment(config, results, cores=2).read_text())
    schema.check(found)
    unit = Unit.JOINT if name == "flat_joint" else Unit.HOUSE
    home = results / name / unit
    posterior = load_posterior(home / "posterior.nc")["posterior"]
    check = json.loads((home / "check.json").read_text())
    page = (results / name / "report.html").read_text()
    assert {"xi", "alpha", "beta"} <= set(posterior)
    components = set(check["sensitivity"]["components"]) - {"likelihood"}
    if name == "lapse":
        assert posterior["eps"].dims == ("chain", "draw")
        assert components == {"alpha", "beta", "mu", "sigma_within", "eps"}
        assert "random vote" in page
    if name == "rasch":
        size = posterior["discrimination"].to_numpy()
        np.testing.assert_allclose(
            np.abs(posterior["beta"].to_numpy()), size[..., None].repeat(24, -1)[..., : posterior.sizes["vote"]]
        )
        assert components == {"alpha", "mu", "sigma_within", "discrimination"}
        assert "discriminate equally" in page
    if name == "covariates":
        assert list(posterior["covariate"].to_numpy()) == ["age", "woman"]
        assert components == {"alpha", "beta", "mu", "sigma_within", "gamma"}
        assert "are the columns age and woman" in re.sub(r"<[^>]*>", "", page)
    if name == "flat_joint":
        assert set(posterior) == {"xi", "alpha", "beta"}
        assert components == {"alpha", "beta"}
        parties = pd.read_csv(home / "parties.csv")
        assert parties["mu_mean"].isna().all()
        assert parties["position_mean"].notna().all()
        chamber = json.loads((results / name / "house/summary.json").read_text())["experiment_spec"]
        assert "model" not in chamber
    if name != "flat_joint":
        with pytest.raises(UserError, match="prior-check draws from the production model alone"):
            prior_check(config, unit, [results / "sessions" / session.folder / "house.nc"], 10)


def test_a_column_that_is_not_there_is_refused_by_name(session, results):
    model = replace(EXPERIMENTS["covariates"]["model"], covariates=("born",))
    config = ExperimentConfig(
        name="born", session=session, chambers=HOUSE, sampling=SAMPLING, flat_sampling=SAMPLING, model=model
    )
    with pytest.raises(UserError, match=r"covariate 'born': the members have no such column \(there are .*age, woman"):
        runner.run_experiment(config, results, cores=2)
