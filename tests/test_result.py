"""What `run_experiment` returns, and what a second call does: as little as is needed."""

import csv
import json
import os
import shutil
import warnings
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import arviz as az
import numpy as np
import pandas as pd
import pytest
import scipy
import xarray as xr
from small import small_chamber, write_tallgrass_csv

from tallgrass_models.config.experiments import ExperimentConfig, JointConfig
from tallgrass_models.config.gates import GateConfig
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.files.columns.common import cols
from tallgrass_models.files.tables import Table
from tallgrass_models.monitoring import platform
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.steps import runner
from tallgrass_models.steps.result import ExperimentResult
from tallgrass_models.steps.result_tables import read_for_people
from tallgrass_models.steps.verify import verify
from tallgrass_models.votes.matrix import ChamberVotes

SAMPLING = SamplingConfig(draws=40, tune=60, chains=2, seed=3)
FITS = ("fit_flat", "fit_chamber", "fit_joint")
LATER = ("summarize", "draw_tables", "check", "link", "report", "metrics")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A folder with votes and the results of one experiment, and its configuration. Tests copy the folder."""
    folder = tmp_path_factory.mktemp("ran")
    bills = [f"HB {j}" for j in range(24)]
    chambers = [
        small_chamber("house", (9, 12, 1), 24, seed=5, apart=2.5, lean=1.5, bills=bills),
        small_chamber(
            "senate", (6, 9, 0), 20, seed=6, apart=2.5, lean=1.5, bills=bills[:12] + [f"SB {j}" for j in range(8)]
        ),
    ]
    write_tallgrass_csv(folder / "votes", "small", chambers)
    session = SessionConfig("small", "tallgrass", str(folder / "votes"), "small", min_votes=3)
    config = ExperimentConfig(
        "positive",
        "<b>positive</b> discrimination",
        session,
        beta_prior=BetaPriorSpec("halfnormal", {"sigma": 1}),
        joint=JointConfig(),
        sampling=SAMPLING,
        flat_sampling=SAMPLING,
    )
    return folder, config, runner.run_experiment(config, folder / "results", cores=2)


@pytest.fixture
def work(ran, tmp_path):
    folder, config, _ = ran
    return shutil.copytree(folder / "results", tmp_path / "results"), config


@pytest.fixture
def called(monkeypatch):
    """Names of the steps that ran, in order."""
    names = []

    def recorded(name, step):
        def run(*args, **kwargs):
            names.append(name)
            return step(*args, **kwargs)

        return run

    for name in ("platform_check", "simulate", "load_data", *FITS, *LATER):
        monkeypatch.setattr(runner, name, recorded(name, getattr(runner, name)))
    return names


def again(work, called, **changes):
    """Run the experiment with some settings changed; the steps that ran."""
    base, config = work
    called.clear()
    runner.run_experiment(replace(config, **changes), base, cores=2)
    return called


# --- what a result knows ----------------------------------------------------------------------------------------------


def cells(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_tables_are_those_of_the_files_with_types(ran):
    _, _, result = ran
    assert list(result.units) == ["house", "senate", "joint"]
    for unit, fit in result.units.items():
        raw = cells(result.files[f"{unit}/ideal_points.csv"])
        assert list(fit.members["name"]) == [row["name"] for row in raw]
        np.testing.assert_array_equal(fit.members["xi_mean"], [float(row["xi_mean"]) for row in raw])
        assert len(fit.bills) == len(cells(result.files[f"{unit}/bills.csv"]))
    house = result["house"].members
    assert [str(house[name].dtype) for name in ("legislator", "party", "n_votes", "xi_mean")] == [
        *("string", "category", "int64", "float64"),
    ]
    bills = result["joint"].bills
    assert bills["date"].dt.year.eq(2025).all()
    assert bills["wrong_sign"].dtype == bool
    assert bills["district" if "district" in bills else "bill"].dtype == "string"


def test_tables_of_all_fits_say_which_fit(ran):
    _, _, result = ran
    for of_all, of_one in (("members", 22 + 15 + 37), ("parties", 2 + 2 + 4)):
        table = getattr(result, of_all)
        assert table.columns[0] == "unit"
        assert len(table) == of_one
        assert table["party"].dtype == "category"
        for unit in result.units:
            own = table[table["unit"] == unit].drop(columns="unit").reset_index(drop=True)
            pd.testing.assert_frame_equal(
                own, getattr(result[unit], of_all), check_categorical=False, check_dtype=False
            )
    assert set(result.bills["unit"]) == {"house", "senate", "joint"}


def test_draws_are_those_behind_the_tables(ran):
    _, _, result = ran
    assert list(result.posterior) == ["house", "senate", "joint"]
    xi = result.posterior["joint"]["posterior"]["xi"]
    assert xi.dims == ("chain", "draw", "legislator")
    members = result["joint"].members.set_index("legislator")["xi_mean"]
    means = xi.mean(("chain", "draw")).to_pandas()
    np.testing.assert_allclose(members, means.loc[members.index], rtol=1e-4)
    assert result.posterior["joint"] is result["joint"].posterior


def test_draws_are_read_when_they_are_asked_for(work):
    base, _ = work
    result = ExperimentResult(base / "positive")
    (base / "positive/house/posterior.nc").unlink()
    posterior = result.posterior
    assert "xi" in posterior["senate"]["posterior"]
    with pytest.raises(UserError, match=r"house/posterior\.nc: no such file"):
        posterior["house"]
    for name in ("posterior.nc", ".digests/posterior.nc.sha256"):
        shutil.copy(base / "positive/senate" / name, base / "positive/house" / name)
    with pytest.raises(UserError, match=r"house/posterior\.nc: made with other settings than metrics\.json"):
        posterior["house"]


def test_metrics_configuration_and_files(ran):
    folder, config, result = ran
    assert result.metrics == json.loads((folder / "results/positive/metrics.json").read_text())
    assert (result.name, result.config) == ("positive", config)
    assert result.converged == all(
        block["convergence_ok"] for block in [*result.metrics["chambers"].values(), result.metrics["joint"]]
    )
    found = result.files
    assert {"metrics.json", "report.html", "linking.json", "joint/posterior.nc", "house/bills.csv"} <= set(found)
    assert "steps.json" not in found
    assert all(path.is_file() and path == result.parent / name for name, path in found.items())
    with pytest.raises(KeyError, match="positive has house, senate, joint"):
        result["assembly"]


def test_still_a_path(ran):
    folder, _, result = ran
    path = folder / "results/positive/metrics.json"
    assert os.fspath(result) == str(result) == str(path)
    assert Path(result) == path
    with open(result, encoding="utf-8") as file:
        assert json.load(file) == result.metrics
    assert result.read_text() == path.read_text()
    assert result.parent == path.parent
    assert result == path
    assert path == result
    assert result == ExperimentResult(path.parent)
    assert result != path.parent
    assert result != str(path)
    assert len({result, path}) == 1
    with pytest.raises(UserError, match=r"nowhere: no such file; run the experiment first"):
        ExperimentResult(folder / "nowhere")


class Cells(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.rows = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])

    def handle_data(self, data):
        if self.rows:
            self.rows[-1].append(data)


def test_shown_in_a_notebook_and_a_terminal(ran):
    _, _, result = ran
    text = result._repr_html_()
    seen = Cells(text)
    house = result.metrics["chambers"]["house"]
    assert seen.rows[0][:3] == ["fit", "members", "roll calls"]
    assert seen.rows[1][:4] == ["house", "22", "24", f"{house['rhat_xi_max']:.3f}"]
    assert "&lt;b&gt;positive&lt;/b&gt; discrimination" in text
    assert str(result.report) in text
    assert len(text) < 3000
    assert repr(result).splitlines()[1].startswith("  house: members 22, roll calls 24, worst R-hat")


def test_a_table_of_texts_that_look_like_something_else(tmp_path):
    table = Table(
        "t",
        "thing",
        "fit",
        (
            *cols("legislator name", "text", ""),
            *cols("bill", "text", "", empty=True),
            *cols("party", "word", ""),
            *cols("date", "date", "", empty=True),
            *cols("n", "whole", ""),
            *cols("x y", "number", "", empty=True),
            *cols("flag", "truth", ""),
            *cols("words blank", "text", "", empty=True),
        ),
    )
    path = tmp_path / "t.csv"
    path.write_text(
        "legislator,name,bill,party,date,n,x,flag,words,blank,y\n"
        '1,"\'=SUM(A1)",007,Democrat,2025-01-02,3,inf,True,a,,\n'
        "NA,'tis,,Independent,,4,2.5,False,1,,\n",
        encoding="utf-8",
    )
    found = read_for_people(table, tmp_path)
    assert list(found["legislator"]) == ["1", "NA"]
    assert list(found["name"]) == ["=SUM(A1)", "'tis"]
    assert found["bill"].iloc[0] == "007"
    assert found["bill"].isna().tolist() == [False, True]
    assert found["date"].tolist() == [pd.Timestamp("2025-01-02"), pd.NaT]
    assert found["blank"].isna().all()
    assert found["x"].isna().tolist() == [True, False]  # infinite is not known
    assert [str(found[name].dtype) for name in ("n", "x", "y", "flag", "words", "blank", "party")] == [
        *("int64", "float64", "float64", "bool", "string", "string", "category")
    ]
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match=r"t\.csv: cannot be read"):
        read_for_people(table, tmp_path)
    path.unlink()
    with pytest.raises(UserError, match=r"no such file; run the step 'fit' again"):
        read_for_people(table, tmp_path)


# --- a second call ----------------------------------------------------------------------------------------------------


def test_nothing_changed_runs_nothing(work, called):
    base, _ = work
    before = {path: path.stat().st_mtime_ns for path in base.rglob("*")}
    assert again(work, called) == []
    assert {path: path.stat().st_mtime_ns for path in base.rglob("*")} == before


def test_without_the_record_nothing_is_sampled_and_the_rest_runs(work, called):
    """As after a run by Snakemake, which has a record of its own; or with a record that is damaged."""
    base, _ = work
    (base / "positive/steps.json").unlink()
    (base / "sessions/small/steps.json").write_text("{")
    assert set(again(work, called)) == {"platform_check", "load_data", *LATER}
    assert again(work, called) == []


CHANGES = {
    "description": ({"description": "other"}, ["report", "metrics"]),
    "thresholds": ({"gates": GateConfig(ess=1)}, [*["summarize", "draw_tables"] * 3, "report", "metrics"]),
    "prior of the joint model": (
        {"joint": JointConfig(BetaPriorSpec("halfnormal", {"sigma": 2}))},
        ["platform_check", "fit_joint", "summarize", "draw_tables", "check", "link", "report", "metrics"],
    ),
}


@pytest.mark.parametrize(("change", "wanted"), CHANGES.values(), ids=CHANGES)
def test_a_change_runs_what_depends_on_it(work, called, change, wanted):
    assert again(work, called, **change) == wanted
    assert again(work, called, **change) == []


def test_chambers_fitted_again_start_the_joint_model_again(work, called):
    """With the record and without it: the joint posterior is then older than what it would start from."""
    base, _ = work
    (base / "positive/house/posterior.nc").unlink()
    fitted = [name for name in again(work, called) if name in FITS]
    assert fitted == ["fit_chamber", "fit_joint"]
    (base / "positive/steps.json").unlink()
    os.utime(base / "positive/house/posterior.nc")
    assert [name for name in again(work, called) if name in FITS] == ["fit_joint"]


def test_other_votes_are_sampled_and_the_same_votes_read_anew_are_not(work, called, tmp_path):
    base, config = work
    session = replace(config.session, path=str(shutil.copytree(config.session.path, tmp_path / "votes")))
    read_anew = ["platform_check", "load_data", "load_data", *LATER_THREE]
    assert again((base, replace(config, session=session)), called) == read_anew
    path = tmp_path / "votes/small_votes.csv"
    text = path.read_text()
    path.write_text(text.replace(",Yea", ",Nay", 1))
    ran = again((base, replace(config, session=session)), called)
    assert [name for name in ran if name in FITS] == ["fit_flat", "fit_chamber", "fit_joint"]


LATER_THREE = [*["summarize", "draw_tables", "check"] * 3, "link", "report", "metrics"]


def test_an_edited_result_is_made_again(work, called):
    base, _ = work
    (base / "positive/house/bills.csv").write_text("mine\n")
    ran = again(work, called)
    assert ran[:2] == ["summarize", "draw_tables"]
    assert not set(ran) & {*FITS, "load_data"}


# --- the machine ------------------------------------------------------------------------------------------------------


def test_on_an_unfit_machine_nothing_but_the_check_runs(ran, tmp_path, monkeypatch, called):
    _, config, _ = ran
    monkeypatch.setattr(platform, "memory_gb", lambda: 0.5)
    with pytest.raises(UserError, match=r"platform check: only 0\.5 GB of memory"):
        runner.run_experiment(config, tmp_path / "results", cores=2)
    assert called == ["platform_check"]
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_on_an_unfit_machine_what_is_there_can_still_be_looked_at(work, monkeypatch, called):
    monkeypatch.setattr(platform, "memory_gb", lambda: 0.5)
    assert again(work, called, description="other") == ["report", "metrics"]
    with pytest.raises(UserError, match="platform check"):
        again(work, called, beta_prior=BetaPriorSpec("halfnormal", {"sigma": 2}))
    assert called == ["platform_check"]


def test_the_check_comes_first(ran, tmp_path, called):
    _, config, _ = ran
    config = replace(config, chambers=("house",), joint=None)
    runner.run_experiment(config, tmp_path / "results", cores=2)
    assert called[:4] == ["platform_check", "load_data", "fit_flat", "fit_chamber"]


# --- filters of one's own ---------------------------------------------------------------------------------------------


def test_an_experiment_with_other_filters_beside_the_first(work, called):
    """Only more contested roll calls: other votes and baseline, and a comparison on what both saw."""
    base, config = work
    session = config.session.with_filters(min_minority_share=0.3)
    strict = replace(config, name="strict", session=session, chambers=("house",), joint=None, compare_with="positive")
    before = (base / "sessions/small/house.nc").read_bytes()
    result = runner.run_experiment(strict, base, cores=2)
    assert called[:4] == ["platform_check", "load_data", "fit_flat", "fit_chamber"]
    assert (base / "sessions/small/house.nc").read_bytes() == before
    assert (base / "sessions/small/minority_0.3_votes_3/flat_house.nc").is_file()
    n = result["house"].metrics["n_rollcalls"]
    assert 5 < n < 24
    content = json.loads(runner.compare_experiments([config, strict], base).read_text())
    (row,) = content["common"]
    assert (row["n_rollcalls"], row["n_rollcalls_reference"], row["n_members"]) == (n, 24, 22)
    predictive = pd.read_csv(base / "comparison/predictive.csv")
    assert predictive["n_votes"].item() == row["n_votes"] == result["house"].metrics["n_votes"]
    found = verify({"positive": config, "strict": strict}, base, models=False)
    assert (found.problems, "strict/house" in found.checked) == ([], True)
    called.clear()
    runner.run_experiment(config, base, cores=2)
    assert called == []


# --- with ArviZ -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def senate(ran):
    """Draws of the Senate, its votes, and the logits of Yea by the formula, shape (chain, draw, member, roll call)."""
    folder, _, result = ran
    tree, votes = result["senate"].posterior, ChamberVotes.load(folder / "results/sessions/small/senate.nc")
    draws = {name: tree["posterior"][name].to_numpy().astype(float) for name in ("xi", "alpha", "beta")}
    logit = draws["xi"][..., :, None] * draws["beta"][..., None, :] - draws["alpha"][..., None, :]
    return tree, votes, logit


def test_log_likelihood_is_that_of_each_vote(senate):
    tree, votes, logit = senate
    j, i = np.nonzero(votes.y.T >= 0)
    found = tree["log_likelihood"]["y"]
    np.testing.assert_array_equal(found["legislator"], votes.legislators.index[i])
    np.testing.assert_array_equal(found["rollcall"], votes.rollcalls.index[j])
    np.testing.assert_array_equal(tree["observed_data"]["y"], votes.y[i, j])
    expected = scipy.stats.bernoulli.logpmf(votes.y[i, j], scipy.special.expit(logit[..., i, j]))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    part = tree.isel(draw=slice(None, None, 7), chain=[1])["log_likelihood"]["y"]
    np.testing.assert_allclose(part, expected[[1]][:, ::7], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.isel(chain=0, draw=3), expected[0, 3], rtol=1e-5, atol=1e-6)


def test_replicated_votes_have_the_models_probability_and_stay(senate):
    tree, votes, logit = senate
    found = tree["posterior_predictive"]["y"]
    j, i = np.nonzero(votes.y.T >= 0)
    p = scipy.special.expit(logit[..., i, j])
    draws = found.to_numpy()
    z = (draws.sum() - p.sum()) / np.sqrt((p * (1 - p)).sum())
    assert abs(z) < 4
    np.testing.assert_array_equal(found.isel(draw=[5, 2], observation=slice(3, 9)), draws[:, [5, 2], 3:9])


def test_log_prior_is_scipys_but_for_a_constant(senate):
    tree, _, _ = senate
    posterior = tree["posterior"]
    expected = {
        "alpha": scipy.stats.norm(0, 5).logpdf(posterior["alpha"]).sum(-1),
        "beta": scipy.stats.halfnorm(scale=1).logpdf(posterior["beta"]).sum(-1),
        "mu": scipy.stats.norm(0, 2).logpdf(posterior["mu_party"]).sum(-1),
    }
    for name, value in expected.items():
        apart = tree["log_prior"][name].to_numpy() - value
        np.testing.assert_allclose(apart, apart.mean(), atol=1e-3)


def test_arviz_takes_the_posterior_as_it_is(ran, senate):
    """Leave-one-out agrees with check.json, and the functions for comparison, sensitivity and pictures run."""
    _, _, result = ran
    house = result["house"]
    check = json.loads((house.folder / "check.json").read_text())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loo = az.loo(house.posterior, pointwise=True)
        ours = check["loo"]
        good = (loo.pareto_k <= loo.good_k).to_numpy().ravel()
        own = xr.load_dataset(house.folder / "loo.nc")["elpd"].to_numpy()
        np.testing.assert_allclose(loo.elpd_i.to_numpy().ravel()[good], own[good], atol=0.02)
        assert abs(loo.elpd - ours["elpd"]) < 0.25 * ours["se"]  # a third of the weights are bad, of 80 draws
        compared = az.compare({"house": house.posterior, "again": house.posterior})
        assert set(compared.index) == {"house", "again"}
        table = az.psense_summary(senate[0], var_names=["mu_party"])
        assert list(table.index) == ["mu_party[Democrat]", "mu_party[Republican]"]
        az.plot_ppc_dist(senate[0], num_samples=5)
        az.plot_forest(senate[0], var_names=["mu_party"])
