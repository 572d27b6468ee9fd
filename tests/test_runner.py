"""The whole lifecycle on a small legislature: in one process, and command by command, with the same numbers."""

import json
import logging
import shutil

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from small import small_chamber, write_tallgrass_csv

from tallgrass_models import cli, metrics, runner, specs, steps
from tallgrass_models.config import ExperimentConfig, JointConfig, SamplingConfig, SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.posterior import load_posterior
from tallgrass_models.priors import BetaPriorSpec

SAMPLING = SamplingConfig(draws=40, tune=60, chains=2, seed=3)
N_SHARED = 12


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("votes")
    bills = [f"HB {j}" for j in range(30)]
    house = small_chamber("house", (9, 12, 1), 30, seed=5, bills=bills)
    senate = small_chamber("senate", (6, 9, 0), 20, seed=6, bills=bills[:N_SHARED] + [f"SB {j}" for j in range(8)])
    write_tallgrass_csv(folder, "small", [house, senate])
    return SessionConfig("small", "tallgrass", str(folder), "small", min_votes=3)


def experiment(session, name="positive", **changes):
    settings = {
        "name": name,
        "session": session,
        "beta_prior": BetaPriorSpec("lognormal_reparam", {"mu": 0, "sigma": 0.5}),
        "joint": JointConfig(),
        "sampling": SAMPLING,
        "flat_sampling": SAMPLING,
        **changes,
    }
    return ExperimentConfig(**settings)


@pytest.fixture(scope="module")
def ran(session, tmp_path_factory):
    base = tmp_path_factory.mktemp("results")
    baseline = experiment(session, "baseline", beta_prior=BetaPriorSpec("normal", {"mu": 0, "sigma": 1}), joint=None)
    runner.run_experiment(baseline, base, cores=2)
    config = experiment(session, compare_with="baseline")
    out = runner.run_experiment(config, base, cores=2)
    return base, config, json.loads(out.read_text())


def test_metrics_are_whole_and_true_to_the_files(ran):
    base, _, found = ran
    metrics.check(found)
    assert set(found["chambers"]) == {"house", "senate"}
    house, joint = found["chambers"]["house"], found["joint"]
    assert (house["n_legislators"], house["n_left_out"], joint["n_legislators"]) == (21, 1, 36)
    assert joint["n_shared_bills"] == N_SHARED
    posterior = load_posterior(base / "positive/house/posterior.nc")
    assert house["divergences"] == int(posterior["sample_stats"]["diverging"].sum())
    points = {
        name: pd.read_csv(base / name / "house/ideal_points.csv").set_index("legislator")["xi_mean"]
        for name in ("positive", "baseline")
    }
    assert house["pearson_r_vs_baseline"] == pytest.approx(points["positive"].corr(points["baseline"]), abs=1e-5)
    assert joint["pearson_r_vs_baseline"] is None  # the baseline has no joint model
    mean = posterior["posterior"]["xi"].mean(("chain", "draw")).to_pandas()
    np.testing.assert_allclose(points["positive"], mean.loc[points["positive"].index], rtol=1e-4)
    assert found["config"]["beta_prior"]["distribution"] == "lognormal_reparam"


def test_posterior_files_describe_themselves(ran):
    base, _, _ = ran
    tree = load_posterior(base / "positive/joint/posterior.nc")
    assert tree["posterior"]["xi"].dims == ("chain", "draw", "legislator")
    assert tree["posterior"]["mu_group"].dims == ("chain", "draw", "chamber", "party")
    assert tree["posterior"]["beta"].dtype == np.float32
    assert json.loads(tree.attrs["spec"])["beta_prior"] == {
        "distribution": "lognormal_reparam",
        "mu": 0.0,
        "sigma": 0.5,
    }
    assert len(json.loads(tree.attrs["data_hash"])) == 2
    assert (tree["posterior"]["beta"] > 0).all()


def test_report_is_there(ran):
    base, _, _ = ran
    text = (base / "positive/report.html").read_text()
    assert "Republican" in text
    assert "LogNormal_reparam(mu=0, sigma=0.5)" in text


def test_commands_give_the_same_numbers(ran, session, tmp_path):
    """`fit-chamber` by its command line, as Snakemake calls it, equals the run in one process."""
    base, config, _ = ran
    out = tmp_path / "posterior.nc"
    arguments = ["--spec", specs.fit_spec_json(config, "house"), "--data", str(base / "sessions/small/house.nc")]
    arguments += ["--options", config.run_options("house").to_json(), "--live", str(tmp_path / "live")]
    assert cli.main(["fit-chamber", *arguments, "--cores", "1", "--out", str(out)]) == 0
    here, there = load_posterior(out), load_posterior(base / "positive/house/posterior.nc")
    xr.testing.assert_identical(here["posterior"].to_dataset(), there["posterior"].to_dataset())


def test_summaries_refuse_a_posterior_of_other_settings(ran, tmp_path):
    base, config, _ = ran
    other = experiment(config.session, beta_prior=BetaPriorSpec("halfnormal", {"sigma": 1}))
    spec = json.loads(specs.summary_spec_json(other, "house"))
    outputs = {name: tmp_path / name for name in ("summary", *steps.UNIT_TABLES)}
    with pytest.raises(UserError, match="made with other settings"):
        steps.summarize(
            spec, base / "positive/house/posterior.nc", [base / "sessions/small/house.nc"], [], None, outputs
        )
    assert list(tmp_path.iterdir()) == []


def test_summaries_refuse_other_votes(ran, tmp_path):
    base, config, _ = ran
    spec = json.loads(specs.summary_spec_json(config, "house"))
    outputs = {name: tmp_path / name for name in ("summary", *steps.UNIT_TABLES)}
    with pytest.raises(UserError, match="fitted to other votes"):
        steps.summarize(
            spec, base / "positive/house/posterior.nc", [base / "sessions/small/senate.nc"], [], None, outputs
        )


def test_metrics_refuse_a_summary_of_other_settings(ran, tmp_path):
    base, config, _ = ran
    home = base / "positive"
    with pytest.raises(UserError, match="not the result of this experiment's settings"):
        steps.metrics(config, {"house": "0"}, home / "platform.json", [home / "house/summary.json"], [], tmp_path / "m")


def test_a_damaged_posterior_is_named(ran, tmp_path):
    base, _, _ = ran
    broken = tmp_path / "posterior.nc"
    whole = (base / "positive/house/posterior.nc").read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="not a readable posterior file"):
        load_posterior(broken)


def test_the_flat_baseline_is_used_again(ran, caplog):
    base, config, _ = ran
    flat = base / "sessions/small/flat_house.nc"
    data = [base / "sessions/small/house.nc"]
    assert steps.is_current(flat, specs.fit_spec_json(config, "flat_house"), data)
    assert not steps.is_current(flat, specs.fit_spec_json(config, "flat_senate"), data)
    with caplog.at_level(logging.INFO):
        runner._flat(config, "house", data[0], flat, 2, wait=True)
    assert "up to date" in caplog.text


def test_a_joint_run_without_a_senate_is_refused(session, tmp_path):
    lonely = tmp_path / "votes"
    shutil.copytree(session.path, lonely)
    for name in ("legislators", "rollcalls", "votes"):
        path = lonely / f"small_{name}.csv"
        table = pd.read_csv(path, dtype=str)
        table[table["chamber"] == "House"].to_csv(path, index=False)
    config = experiment(SessionConfig("small", "tallgrass", str(lonely), "small", min_votes=3))
    with pytest.raises(UserError, match=r"(?i)senate"):
        runner.run_experiment(config, tmp_path / "results", cores=2)
    assert not list((tmp_path / "results").rglob("posterior.nc"))
