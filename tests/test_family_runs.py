"""Families without compiled density, from the votes to metrics.json: those of the package, and one of a user's own."""

import json
import logging
import subprocess
import sys
import textwrap
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from prior_table import compiled, priors
from small import small_chamber, write_tallgrass_csv

from tallgrass_models.config import specs
from tallgrass_models.config.experiments import ExperimentConfig, JointConfig, SamplingConfig, SessionConfig, spec_hash
from tallgrass_models.metrics import schema
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.sampling.posterior import load_posterior
from tallgrass_models.steps import runner
from tallgrass_models.steps.prior_check import prior_check
from tallgrass_models.steps.reweight import reweight

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]  # PyTensor compiles each of these models anew
UNCOMPILED = priors(lambda prior: not compiled(prior))
SAMPLING = SamplingConfig(draws=60, tune=80, chains=2, seed=3)


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("votes")
    bills = [f"HB {j}" for j in range(24)]
    house = small_chamber("house", (9, 12, 1), 24, seed=5, apart=2.5, bills=bills)
    senate = small_chamber("senate", (6, 9, 0), 16, seed=6, apart=2.5, bills=bills[:16])
    write_tallgrass_csv(folder, "small", [house, senate])
    return SessionConfig("small", "tallgrass", str(folder), "small", min_votes=3)


@pytest.mark.parametrize(
    "prior",
    [UNCOMPILED[0], *(pytest.param(prior, marks=pytest.mark.long) for prior in UNCOMPILED[1:])],
    ids=BetaPriorSpec.describe,
)
def test_a_chamber_to_metrics_and_all_that_follows(session, prior, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    config = ExperimentConfig(
        name="own", session=session, chambers=("house",), beta_prior=prior, sampling=SAMPLING, flat_sampling=SAMPLING
    )
    found = json.loads(runner.run_experiment(config, tmp_path, cores=2).read_text())
    schema.check(found)
    house = found["chambers"]["house"]
    assert house["beta_prior"] == prior.to_dict()
    assert f"house: there is no compiled density for {prior.describe()}" in caplog.text
    posterior = tmp_path / "own/house/posterior.nc"
    beta = load_posterior(posterior)["posterior"]["beta"].to_numpy()
    assert (beta > 0).all() == prior.positive
    assert np.isfinite(beta).all()
    assert prior.describe() in (tmp_path / "own/report.html").read_text()
    checked = json.loads((tmp_path / "own/house/check.json").read_text())
    assert np.isfinite(checked["loo"]["elpd"])
    # carried to a prior that is nearly the same, and to one that forbids what this allows
    data = [tmp_path / "sessions" / session.folder / "house.nc"]
    (unit,) = config.units
    fit_hash = spec_hash(json.loads(specs.fit_spec_json(config, unit)))
    near = replace(config, name="near", beta_prior=prior.rescaled(1.0005))
    weights, table = reweight(fit_hash, posterior, data, near, unit)
    assert weights.problem is None
    assert weights.ess > 0.9 * weights.weights.size
    assert isinstance(table, pd.DataFrame)
    other = replace(config, name="other", beta_prior=BetaPriorSpec("halfnormal", {"sigma": 1}))
    assert (reweight(fit_hash, posterior, data, other, unit)[0].problem is None) <= prior.positive
    drawn, _ = prior_check(config, unit, data, 20)
    assert np.isfinite(drawn["q05"]).all()


@pytest.mark.long
def test_both_chambers_to_metrics(session, tmp_path):
    prior = BetaPriorSpec("gamma", {"mu": 1, "sigma": 0.6})
    config = ExperimentConfig(
        name="own",
        session=session,
        beta_prior=BetaPriorSpec("halfnormal", {"sigma": 1}),
        joint=JointConfig(beta_prior=prior),
        sampling=SAMPLING,
        flat_sampling=SAMPLING,
    )
    found = json.loads(runner.run_experiment(config, tmp_path, cores=2).read_text())
    schema.check(found)
    assert found["joint"]["beta_prior"] == {"distribution": "gamma", "mu": 1.0, "sigma": 0.6}
    assert (load_posterior(tmp_path / "own/joint/posterior.nc")["posterior"]["beta"] > 0).all()


OWN = '''
import math

from tallgrass_models.priors.families import FAMILIES
from tallgrass_models.priors.family import Parameter, PriorFamily, Way


def log_density(x, p, xp):
    """Weibull with shape k and scale 1, of log beta."""
    return math.log(p["k"]) + p["k"] * x - xp.exp(p["k"] * x)


FAMILIES["weibull"] = PriorFamily(
    name="weibull",
    words="Weibull",
    ways=(Way((Parameter("k", positive=True),)),),
    positive=True,
    log_density=log_density,
    on_log_scale=True,
    draw=lambda p, rng, size: rng.weibull(p["k"], size),
    root_mean_square=lambda p: math.sqrt(math.gamma(1 + 2 / p["k"])),
    scaled=lambda p, factor: {"k": p["k"] / factor},
    variable=lambda pm, name, p, size: pm.Weibull(name, alpha=p["k"], beta=1, **size),
)
'''
RUN = """
import sys

import own_family
from pathlib import Path

from tallgrass_models.config.reading import load_experiments
from tallgrass_models.files.json import write_json
from tallgrass_models.metrics import schema
from tallgrass_models.steps.runner import run_experiment

schema.PATH = Path("schema.json")  # as `python -m tallgrass_models.metrics.keys` renews it
write_json(schema.PATH, schema.made_schema())
(config,) = load_experiments("experiments.yaml").values()
print(run_experiment(config, "results", cores=2))
"""


def test_a_family_of_a_users_own_to_metrics(session, tmp_path):
    """One record in a module of its own, an experiments file that names it, and nothing else."""
    (tmp_path / "own_family.py").write_text(OWN)
    (tmp_path / "run.py").write_text(RUN)
    (tmp_path / "experiments.yaml").write_text(
        textwrap.dedent(f"""
        sessions:
          small: {{source: tallgrass, path: {session.path}, name: small, min_votes: 3}}
        defaults:
          sampling: {{draws: 40, tune: 60, chains: 2}}
        experiments:
          own: {{chambers: [house], orient_bills: true, beta_prior: {{distribution: weibull, k: 1.7}}}}
        """)
    )
    done = subprocess.run([sys.executable, "run.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    house = json.loads((tmp_path / "results/own/metrics.json").read_text())["chambers"]["house"]
    assert house["beta_prior"] == {"distribution": "weibull", "k": 1.7}
    beta = load_posterior(tmp_path / "results/own/house/posterior.nc")["posterior"]["beta"]
    assert (beta < 0).any()  # of bills whose Yea is the Democrats'
    assert (beta > 0).any()
