"""What an interrupted fit leaves: the draws it made, which can be looked at, or gone on from where that is allowed."""

import json
import logging
import shutil
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from small import small_chamber

from tallgrass_models.config import specs
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.running import EarlyStopConfig, PlatformConfig, RunOptions
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.monitoring.draws import load_draws
from tallgrass_models.monitoring.early_stop import EarlyStopError
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.sampling.posterior import load_posterior
from tallgrass_models.steps.fit_chamber import fit_chamber
from tallgrass_models.steps.fitting import FitRun
from tallgrass_models.steps.recover import recover

#: Enough for the fit to be given up in the midst of it.
SAMPLING = SamplingConfig(draws=20_000, tune=60, chains=2, seed=3)
CONFIG = ExperimentConfig("a", session=SessionConfig("small"), chambers=("house",), sampling=SAMPLING)
#: Every step is smaller.
GIVE_UP = RunOptions("a", early_stop=EarlyStopConfig(step_size=0.999))


def fit(folder, config=CONFIG, options=None):
    spec = json.loads(specs.fit_spec_json(config, "house"))
    out = folder / "posterior.nc"
    fit_chamber(spec, folder / "house.nc", FitRun(2, out, folder / "live", options or RunOptions("a")))
    return load_posterior(out)


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory):
    """A fit that was given up while it sampled."""
    folder = tmp_path_factory.mktemp("interrupted")
    small_chamber("house", (9, 12, 1), 30, seed=5).save(folder / "house.nc")
    with pytest.raises(EarlyStopError, match="early stop: step size of chain"):
        fit(folder, options=GIVE_UP)
    return folder


@pytest.fixture(scope="module")
def whole(interrupted, tmp_path_factory):
    """The same fit, left alone."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "house.nc").write_bytes((interrupted / "house.nc").read_bytes())
    return fit(folder)


@pytest.fixture
def work(interrupted, tmp_path):
    return shutil.copytree(interrupted, tmp_path / "work", ignore=shutil.ignore_patterns("*.lock"))


def test_giving_up_keeps_the_draws_and_says_why(interrupted):
    assert not (interrupted / "posterior.nc").exists()
    status = json.loads((interrupted / "live/status.json").read_text())
    assert status["phase"] == "failed"
    assert "early stop: step size" in status["reason"]
    kept, _ = load_draws(interrupted / "live/draws.npz")
    assert 0 < kept.lengths.max() < SAMPLING.draws


def test_recovered_draws_are_those_of_the_whole_fit(work, whole):
    """Draw by draw, since the seed is the same; and no step takes them for a posterior."""
    out = recover(work / "live")
    assert out == work / "live/partial.nc"
    with pytest.raises(UserError, match="did not finish"):
        load_posterior(out)
    with xr.open_datatree(out) as tree:
        partial = tree.load()
    n = partial["posterior"].sizes["draw"]
    assert 0 < n < SAMPLING.draws
    assert partial.attrs["draws_planned"] == SAMPLING.draws
    assert partial.attrs["spec_hash"] == whole.attrs["spec_hash"]
    chains = [json.loads(whole.attrs["chain_seeds"]).index(seed) for seed in json.loads(partial.attrs["chain_seeds"])]
    for name in ("xi", "mu_party", "sigma_within"):
        expected = whole["posterior"][name].to_numpy()[chains, :n]
        np.testing.assert_array_equal(partial["posterior"][name].to_numpy(), expected)
    np.testing.assert_array_equal(partial["sample_stats"]["lp"], whole["sample_stats"]["lp"].to_numpy()[chains, :n])


def test_recovery_refuses_other_votes(work):
    small_chamber("house", (9, 12, 1), 30, seed=6).save(work / "house.nc")
    with pytest.raises(UserError, match="from another model"):
        recover(work / "live")
    assert not (work / "live/partial.nc").exists()


def test_recovery_of_damaged_or_missing_draws_is_one_message(work):
    path = work / "live/draws.npz"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(UserError, match="not a readable file of draws"):
        recover(work / "live")
    path.unlink()
    with pytest.raises(UserError, match="no draws were saved"):
        recover(work / "live")


def test_going_on_keeps_the_draws_and_makes_the_rest(work, whole):
    kept, _ = load_draws(work / "live/draws.npz")
    n = kept.whole
    assert n > 0
    tree = fit(work, options=RunOptions("a", PlatformConfig(extend=True)))
    assert tree["posterior"].sizes["draw"] == SAMPLING.draws
    seeds, first = json.loads(tree.attrs["chain_seeds"]), json.loads(whole.attrs["chain_seeds"])
    assert [seed.split("+")[0] for seed in seeds] == [f"{seed}[{n}]" for seed in first]
    xi, alone = (t["posterior"]["xi"].to_numpy() for t in (tree, whole))
    np.testing.assert_array_equal(xi[:, :n], alone[:, :n])
    assert not (xi[:, n:] == alone[:, n:]).all(-1).any()  # another seed
    spread = alone.std((0, 1))
    assert (np.abs(xi[:, n:].mean((0, 1)) - alone.mean((0, 1))) < 0.25 * spread).all()  # the same posterior
    assert not (work / "live/draws.npz").exists()


def test_without_leave_a_fit_begins_anew(work, whole):
    np.testing.assert_array_equal(fit(work)["posterior"]["xi"], whole["posterior"]["xi"])


def test_draws_of_another_model_are_not_gone_on_from(work, caplog):
    other = replace(CONFIG, beta_prior=BetaPriorSpec("normal", {"mu": 0, "sigma": 2}))
    other = replace(other, sampling=replace(SAMPLING, draws=50))
    with caplog.at_level(logging.WARNING):
        tree = fit(work, other, RunOptions("a", PlatformConfig(extend=True)))
    assert "another spec_hash and model_fingerprint; the fit starts over" in caplog.text
    assert "[" not in json.loads(tree.attrs["chain_seeds"])[0]


def test_a_broken_file_of_draws_is_not_gone_on_from(work, caplog):
    (work / "live/draws.npz").write_bytes(b"PK")
    short = replace(CONFIG, sampling=replace(SAMPLING, draws=50))
    with caplog.at_level(logging.WARNING):
        fit(work, short, RunOptions("a", PlatformConfig(extend=True)))
    assert "not a readable file of draws" in caplog.text
