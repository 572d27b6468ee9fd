"""The whole lifecycle on a small legislature: in one process, and command by command, with the same numbers."""

import json
import logging
import re
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from small import small_chamber, write_tallgrass_csv

from tallgrass_models import cli
from tallgrass_models.checking import prior_scales
from tallgrass_models.checking.loo_compare import paired_difference
from tallgrass_models.checking.loo_store import read_loo, write_loo
from tallgrass_models.config import specs
from tallgrass_models.config.experiments import ExperimentConfig, JointConfig
from tallgrass_models.config.folds import FoldsConfig
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.draws.frame import party_frame
from tallgrass_models.errors import UserError
from tallgrass_models.folds.assignment import held_out
from tallgrass_models.folds.store import read_fold
from tallgrass_models.metrics import schema
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.sampling import restarts
from tallgrass_models.sampling.posterior import load_posterior
from tallgrass_models.steps import prepared, runner
from tallgrass_models.steps.compare import COMPARISON_TABLES
from tallgrass_models.steps.fit_chamber import fit_chamber
from tallgrass_models.steps.fit_flat_fold import fit_flat_fold
from tallgrass_models.steps.fitted import is_current
from tallgrass_models.steps.fitting import FitRun
from tallgrass_models.steps.link import LINK_FILES, link
from tallgrass_models.steps.metrics import MetricsFiles, metrics
from tallgrass_models.steps.summarize import SummaryFiles, summarize, unit_outputs
from tallgrass_models.votes.matrix import ChamberVotes

SAMPLING = SamplingConfig(draws=40, tune=60, chains=2, seed=3)
N_SHARED = 12


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    folder = tmp_path_factory.mktemp("votes")
    bills = [f"HB {j}" for j in range(30)]
    house = small_chamber("house", (9, 12, 1), 30, seed=5, apart=2.5, lean=1.5, bills=bills)
    senate = small_chamber(
        "senate", (6, 9, 0), 20, seed=6, apart=2.5, lean=1.5, bills=bills[:N_SHARED] + [f"SB {j}" for j in range(8)]
    )
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
    schema.check(found)
    assert set(found["chambers"]) == {"house", "senate"}
    house, joint = found["chambers"]["house"], found["joint"]
    assert (house["n_legislators"], house["n_left_out"], joint["n_legislators"]) == (22, 0, 37)
    assert joint["n_shared_bills"] == N_SHARED
    posterior = load_posterior(base / "positive/house/posterior.nc")
    assert house["divergences"] == int(posterior["sample_stats"]["diverging"].sum())
    points = {
        name: pd.read_csv(base / name / "house/ideal_points.csv").set_index("legislator")["position_mean"]
        for name in ("positive", "baseline")
    }
    assert house["pearson_r_vs_baseline"] == pytest.approx(points["positive"].corr(points["baseline"]), abs=1e-5)
    assert joint["pearson_r_vs_baseline"] is None  # the baseline has no joint model
    xi = posterior["posterior"]["xi"]
    scale = house["scale"]["house"]
    if scale["kind"] == "parties":
        party = posterior["constant_data"]["legislator_party"]
        left, right = (xi.where(party == name, drop=True).mean("legislator") for name in ("Democrat", "Republican"))
        origin, unit = (left + right) / 2, (right - left) / 2
    else:  # Yea is about as often the one side as the other: a positive prior has no room for parties
        origin, unit = xi.mean("legislator"), xi.std("legislator") * (-1 if scale["turned"] else 1)
    mean = ((xi - origin) / unit).mean(("chain", "draw")).to_pandas()
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


def test_the_baseline_shows_what_the_positive_prior_cannot_describe(ran):
    base, _, found = ran
    for chamber in ("house", "senate"):
        block, scale = (found["chambers"][chamber][key] for key in ("wrong_sign", "scale"))
        here, there = (
            pd.read_csv(base / name / chamber / "bills.csv", index_col="vote") for name in ("positive", "baseline")
        )
        assert block["n_democratic"] == (here["party_z"] <= -2).sum() > 0
        if scale[chamber]["kind"] == "spread":  # no party is the side of Yea
            assert (block["yea_side"], block["n_wrong"], block["vs_baseline"]) == (None, 0, None)
            continue
        side = -1 if scale[chamber]["turned"] else 1
        assert (side * here["discrimination_mean"] > 0).all()
        opposed = side * there.loc[here.index, "discrimination_q95" if side > 0 else "discrimination_q05"] < 0
        assert block["vs_baseline"]["n_opposed_in_baseline"] == opposed.sum() > 0
        assert block["n_wrong"] == (side * here["party_z"] <= -2).sum() > 0
    assert found["joint"]["wrong_sign"]["vs_baseline"] is None  # the baseline has no joint model
    plain = json.loads((base / "baseline/metrics.json").read_text())["chambers"]["house"]["wrong_sign"]
    assert (plain["n_wrong"], plain["vs_baseline"]) == (0, None)


def test_orders_are_written_small_and_exact_enough(ran):
    base, _, _ = ran
    with xr.open_dataset(base / "positive/joint/right_of.nc") as order:
        right, ranks = order["right_of"].load(), order["rank_probability"].load()
    xi = load_posterior(base / "positive/joint/posterior.nc")["posterior"]["xi"]
    points = pd.read_csv(base / "positive/joint/ideal_points.csv").set_index("legislator")
    a, b = "house:hou_03", "senate:sen_04"
    right_in_model = float((xi.sel(legislator=a) > xi.sel(legislator=b)).mean())
    turned = np.corrcoef(points["xi_mean"], points["position_mean"])[0, 1] < 0
    expected = 1 - right_in_model if turned else right_in_model
    assert float(right.sel(legislator=a, other=b)) == pytest.approx(expected, abs=1e-4)
    np.testing.assert_allclose(ranks.sum("rank"), 1, atol=2e-3)


def test_a_restart_reaches_the_sampler_and_spares_good_chains(ran, tmp_path, monkeypatch):
    """The second chain is said to be stuck: it alone is sampled again, with seeds of its own."""
    base, config, _ = ran
    spec = json.loads(specs.fit_spec_json(replace(config, sampling=replace(SAMPLING, restarts=1)), "house"))
    good = restarts.judge_fit
    monkeypatch.setattr(
        restarts,
        "judge_fit",
        lambda *args: [replace(c, verdict=v) for c, v in zip(good(*args), ("ok", "stuck"), strict=True)],
    )
    out = tmp_path / "posterior.nc"
    run = FitRun(2, out, tmp_path / "live", config.run_options("house"))
    fit_chamber(spec, base / "sessions/small/house.nc", run)
    before, after = load_posterior(base / "positive/house/posterior.nc"), load_posterior(out)
    xi = [tree["posterior"]["xi"].to_numpy() for tree in (before, after)]
    np.testing.assert_array_equal(xi[0][0], xi[1][0])
    assert (xi[0][1] != xi[1][1]).all()
    seeds = [json.loads(tree.attrs["chain_seeds"]) for tree in (before, after)]
    assert seeds[0][0] == seeds[1][0]
    assert seeds[0][1] != seeds[1][1]
    (told,) = json.loads(after.attrs["modes_before_restarts"])
    assert [chain["verdict"] for chain in told["chains"]] == ["ok", "stuck"]
    assert json.loads(before.attrs["modes_before_restarts"]) == []


def test_link_and_axes(ran):
    base, _, found = ran
    home = base / "positive"
    linking, members, anchors = (
        json.loads((home / "linking.json").read_text()),
        pd.read_csv(home / "linked_members.csv"),
        pd.read_csv(home / "anchors.csv"),
    )
    assert linking["linked"], linking["reason"]
    assert (len(anchors), anchors["used"].sum()) == (N_SHARED, linking["anchors"]["n_used"])
    assert linking["joint"]["n_senate"] == 15
    row = next(row for row in linking["methods"] if row["method"] == linking["method"])
    assert (found["linking"]["A_mean"], found["linking"]["n_anchors"]) == (row["A_mean"], anchors["used"].sum())
    # the House stays where it is; a senator is moved by A and B draw by draw
    own = {chamber: load_posterior(home / chamber / "posterior.nc")["posterior"] for chamber in ("house", "senate")}
    mean = {chamber: fit["xi"].mean(("chain", "draw")).to_pandas() for chamber, fit in own.items()}
    places = members.set_index("legislator")["xi_mean"]
    np.testing.assert_allclose(places[mean["house"].index], mean["house"], rtol=1e-4)
    senate = mean["senate"]
    assert np.corrcoef(places[senate.index], senate)[0, 1] > 0.99
    assert [(row["unit"], row["chamber"]) for row in found["axis"]] == [
        *(("house", "house"), ("senate", "senate")),
        *(("joint", "house"), ("joint", "senate")),
    ]
    audited = json.loads((home / "axis.json").read_text())["units"]
    assert [row["d_mean"] for row in found["axis"]] == [entry["d"]["mean"] for entry in audited]
    assert len(pd.read_csv(home / "axis_members.csv")) == 2 * 37


def test_one_chamber_alone_is_not_linked(ran, tmp_path):
    base, config, _ = ran
    alone = replace(config, chambers=("senate",), joint=None)
    outputs = {name: tmp_path / file for name, file in LINK_FILES.items()}
    spec = json.loads(specs.link_spec_json(alone))
    link(spec, [base / "positive/senate/posterior.nc"], [base / "sessions/small/senate.nc"], [], outputs)
    assert json.loads(outputs["linking"].read_text())["reason"] == "only the senate was fitted"
    assert [row["unit"] for row in json.loads(outputs["axis"].read_text())["units"]] == ["senate"]
    with pytest.raises(UserError, match="not the result of this experiment's settings"):
        link(spec, [base / "positive/house/posterior.nc"], [base / "sessions/small/house.nc"], [], outputs)
    with pytest.raises(UserError, match="fitted to other votes"):
        link(
            json.loads(specs.link_spec_json(config)),
            [base / "positive/house/posterior.nc"],
            [base / "sessions/small/senate.nc"],
            [],
            outputs,
        )


def test_a_joint_model_is_held_against_the_leave_one_out_of_all_fits(ran, tmp_path):
    base, config, found = ran
    home = base / "positive"
    outputs = {name: tmp_path / file for name, file in LINK_FILES.items()}
    data = [base / f"sessions/small/{chamber}.nc" for chamber in config.chambers]
    inputs = [home / unit / "posterior.nc" for unit in config.units], data
    spec = json.loads(specs.link_spec_json(config))
    with pytest.raises(UserError, match=r"no leave-one-out of house, joint: name the loo\.nc of every fit"):
        link(spec, *inputs, [home / "senate/loo.nc"], outputs)
    own = read_loo(home / "senate/loo.nc")
    write_loo(replace(own, facts={**own.facts, "spec_hash": "0"}), tmp_path / "loo.nc")
    with pytest.raises(UserError, match=r"loo\.nc: belongs to another fit than this experiment's"):
        link(spec, *inputs, [home / "house/loo.nc", tmp_path / "loo.nc", home / "joint/loo.nc"], outputs)
    checks = {unit: json.loads((home / unit / "check.json").read_text())["loo"]["elpd"] for unit in config.units}
    against = found["joint_vs_separate"]
    assert against["elpd_joint"] == pytest.approx(checks["joint"])
    assert against["elpd_separate"] == pytest.approx(checks["house"] + checks["senate"])
    assert against["elpd_diff"] == pytest.approx(checks["joint"] - checks["house"] - checks["senate"])
    assert against["n_shared"] == N_SHARED
    assert against["settings"] == [{"setting": "alpha_sigma", "joint": "2", "separate": "5"}]


def test_comparison_of_what_has_run(ran):
    """In one process, and by the command line as Snakemake calls it."""
    base, config, _ = ran
    baseline = experiment(
        config.session, "baseline", beta_prior=BetaPriorSpec("normal", {"mu": 0, "sigma": 1}), joint=None
    )
    out = runner.compare_experiments([baseline, config], base)
    found = json.loads(out.read_text())
    assert [(row["experiment"], row["reference"]) for row in found["experiments"]] == [
        *(("baseline", True), ("positive", False)),
    ]
    agreement = pd.read_csv(base / "comparison/agreement.csv").set_index("unit")
    build = json.loads((base / "positive/metrics.json").read_text())
    for chamber in ("house", "senate"):
        assert agreement.loc[chamber, "pearson"] == pytest.approx(
            build["chambers"][chamber]["pearson_r_vs_baseline"], abs=1e-4
        )
    loo = [read_loo(base / name / "house/loo.nc").loo.elpd.sum() for name in ("positive", "baseline")]
    predictive = pd.read_csv(base / "comparison/predictive.csv").set_index("unit")
    assert predictive.loc["house", "elpd_diff"] == pytest.approx(loo[0] - loo[1], abs=0.01)
    parts = pd.read_csv(base / "comparison/predictive_parts.csv")
    for by in ("party", "member", "rollcall"):
        here = parts[(parts["unit"] == "house") & (parts["by"] == by)]
        assert here["elpd_diff"].sum() == pytest.approx(loo[0] - loo[1], abs=0.01)
    sensitivity = pd.read_csv(base / "comparison/sensitivity.csv")
    assert set(sensitivity["experiment"]) == {"baseline", "positive"}
    again = base / "again"
    files = {name: str(again / f"{name}.csv") for name in COMPARISON_TABLES} | {"comparison": str(again / "c.json")}
    arguments = ["--spec", specs.comparison_spec_json(["baseline", "positive"])]
    arguments += ["--metrics", *(str(base / name / "metrics.json") for name in ("baseline", "positive"))]
    arguments += ["--data", *(str(base / f"sessions/small/{chamber}.nc") for chamber in ("house", "senate"))]
    for name, path in files.items():
        arguments += ["--" + name.replace("_", "-"), path]
    assert cli.main(["compare", *arguments]) == 0
    assert (again / "c.json").read_text() == out.read_text()
    assert (again / "drivers.csv").read_text() == (base / "comparison/drivers.csv").read_text()


def test_checks_are_of_the_votes(ran):
    """Leave-one-out of a unit covers the votes cast, the same ones for both variants, and adds up in all tables."""
    base, _, found = ran
    loo = {name: read_loo(base / name / "house/loo.nc") for name in ("positive", "baseline")}
    y = ChamberVotes.load(base / "sessions/small/house.nc").y
    assert len(loo["positive"].obs) == (y >= 0).sum() == found["chambers"]["house"]["n_votes"]
    assert paired_difference(loo["positive"], loo["baseline"])["n_obs"] == (y >= 0).sum()
    elpd = found["chambers"]["house"]["checks"]["elpd_loo"]
    assert elpd == pytest.approx(loo["positive"].loo.elpd.sum())
    for name in ("check_members", "check_rollcalls"):
        table = pd.read_csv(base / f"positive/house/{name}.csv")
        assert table["elpd"].sum() == pytest.approx(elpd, abs=0.01)
        assert table["n_obs"].sum() == (y >= 0).sum()
    members = pd.read_csv(base / "positive/house/check_members.csv").set_index("legislator")
    votes = ChamberVotes.load(base / "sessions/small/house.nc")
    np.testing.assert_allclose(members["yea_share"], (votes.y == 1).sum(1) / (votes.y >= 0).sum(1), rtol=1e-5)
    assert list(members.index) == list(votes.legislators.index)
    joint = json.loads((base / "positive/joint/check.json").read_text())
    assert [row["chamber"] for row in joint["loo"]["by_party"]] == ["house"] * 3 + ["senate"] * 2


def test_report_is_there(ran):
    base, _, _ = ran
    text = (base / "positive/report.html").read_text()
    assert "Republican" in text
    assert "LogNormal(mu=0, sigma=0.5)" in text


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
    outputs = unit_outputs(tmp_path)
    with pytest.raises(UserError, match="made with other settings"):
        summarize(spec, SummaryFiles(base / "positive/house/posterior.nc", [base / "sessions/small/house.nc"]), outputs)
    assert list(tmp_path.iterdir()) == []


def test_scores_of_strangers_are_told(ran, tmp_path, caplog):
    base, config, _ = ran
    scores = tmp_path / "scores.csv"
    scores.write_text("legislator,score\nnobody,1\n")
    spec, outputs = json.loads(specs.summary_spec_json(config, "house")), unit_outputs(tmp_path)
    posterior, data = base / "positive/house/posterior.nc", [base / "sessions/small/house.nc"]
    summarize(spec, SummaryFiles(posterior, data, external=scores), outputs)
    assert "has no score for any member of the house" in caplog.text
    assert json.loads(outputs["summary"].read_text())["external"] == []


@pytest.fixture
def written(session, tmp_path):
    """The configuration of what `ran` ran, as a file, with a prior near and one far from the baseline's."""
    path = tmp_path / "experiments.yaml"
    path.write_text(f"""\
sessions: {{small: {{source: tallgrass, path: {session.path}, name: small, min_votes: 3}}}}
defaults: {{sampling: {{draws: 40, tune: 60, chains: 2, seed: 3}}}}
experiments:
  baseline: {{beta_prior: {{distribution: normal, mu: 0, sigma: 1}}}}
  near: {{beta_prior: {{distribution: normal, mu: 0, sigma: 1.001}}}}
  positive: {{beta_prior: {{distribution: halfnormal, sigma: 1}}, chambers: [house]}}
""")
    return path


def test_reweighting_from_the_command_line(ran, written, capsys):
    base, _, _ = ran
    places = ["--config", str(written), "--results", str(base)]
    assert cli.main(["reweight", "baseline", "near", *places]) == 0
    near = capsys.readouterr().out
    assert near.count("no refit is needed") == 2
    gap = json.loads((base / "baseline/house/summary.json").read_text())["parties_apart"][0]["d"]["mean"]
    found = re.search(r"party_gap +house +(\S+) +\S+ +(\S+)", near)
    assert [float(value) for value in found.groups()] == pytest.approx([gap, gap], rel=0.01)
    assert cli.main(["reweight", "baseline", "positive", *places]) == 0
    far = capsys.readouterr().out
    assert "house: a refit is needed: 80 of 80 draws have a discrimination that the other prior forbids" in far
    assert "senate" not in far


def test_refits_with_other_prior_scales(ran, written, tmp_path, capsys, monkeypatch):
    """Half and twice the scale of beta, in the fit's own coordinates; the moves by hand from the posterior files."""
    base = shutil.copytree(ran[0], tmp_path / "results")
    command = ["sensitivity", "baseline", "--unit", "house", "--component", "beta", "--cores", "2"]
    command += ["--config", str(written), "--results", str(base)]
    assert cli.main(command) == 0
    assert f"every member's move is in {base}/baseline/house/refits/prior_scales.csv" in capsys.readouterr().out
    folder = base / "baseline/house"
    fits = {name: load_posterior(folder / f"refits/beta_{name}.nc") for name in ("0.5", "2")}
    sigma = {name: json.loads(tree.attrs["spec"])["beta_prior"]["sigma"] for name, tree in fits.items()}
    assert sigma == {"0.5": 0.5, "2": 2.0}
    party = pd.read_csv(folder / "ideal_points.csv").set_index("legislator")["party"]

    def positions(tree):
        xi = tree["posterior"]["xi"].to_numpy().reshape(-1, 22).astype(float)
        side = party[tree["posterior"]["legislator"].to_numpy()].to_numpy()
        left, right = (xi[:, side == name].mean(1, keepdims=True) for name in ("Democrat", "Republican"))
        return (2 * xi - left - right) / (right - left)

    found = pd.read_csv(folder / "refits/prior_scales.csv")
    assert found["move"].isna().all()  # 80 draws tell nothing
    monkeypatch.setattr(prior_scales, "LARGEST_ERROR", np.inf)
    monkeypatch.setattr(prior_scales, "headline_scale", parties_define_it)
    monkeypatch.setattr("tallgrass_models.steps.sensitivity.fit_chamber", None)  # what is there is not sampled again
    assert cli.main(command) == 0
    found = pd.read_csv(folder / "refits/prior_scales.csv").groupby("factor")["move"]
    x = positions(load_posterior(folder / "posterior.nc"))
    for factor, name in ((0.5, "0.5"), (2.0, "2")):
        wanted = (positions(fits[name]).mean(0) - x.mean(0)) / x.std(0)
        np.testing.assert_allclose(found.get_group(factor), wanted, rtol=1e-3, atol=1e-4)
    assert cli.main([*command[:2], "--unit", "joint", *command[4:]]) == 2
    assert "baseline has no joint (it has house, senate)" in capsys.readouterr().err


def parties_define_it(xi, parties, reference):
    return None, party_frame(xi, parties, reference)


def test_prior_check_from_the_command_line(written, capsys):
    assert cli.main(["prior-check", "near", "--config", str(written), "--draws", "20"]) == 0
    out = capsys.readouterr().out
    assert "house: beta Normal(mu=0, sigma=1.001), alpha Normal(mu=0, sigma=5), 20 sessions drawn" in out
    assert re.search(r"^ *senate +Republican +rice +0\.\d+ +0\.\d+", out, re.M)


def test_summaries_refuse_other_votes(ran, tmp_path):
    base, config, _ = ran
    spec = json.loads(specs.summary_spec_json(config, "house"))
    outputs = unit_outputs(tmp_path)
    with pytest.raises(UserError, match="fitted to other votes"):
        summarize(
            spec, SummaryFiles(base / "positive/house/posterior.nc", [base / "sessions/small/senate.nc"]), outputs
        )


def test_metrics_refuse_a_summary_of_other_settings(ran, tmp_path):
    base, config, _ = ran
    home = base / "positive"
    files = MetricsFiles(
        home / "platform.json", home / "linking.json", home / "axis.json", [home / "house/summary.json"], []
    )
    with pytest.raises(UserError, match="not the result of this experiment's settings"):
        metrics(config, {"house": "0"}, files, tmp_path / "m")


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
    assert is_current(flat, specs.fit_spec_json(config, "flat_house"), data)
    assert not is_current(flat, specs.fit_spec_json(config, "flat_senate"), data)
    with caplog.at_level(logging.INFO):
        runner.run_experiment(config, base, cores=2)
    assert f"fit flat_house: {flat} is up to date" in caplog.text


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


# --- held-out votes ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folded(ran, tmp_path_factory):
    """The same experiment with folds, run where its fits are there already."""
    base, config, _ = ran
    base = shutil.copytree(base, tmp_path_factory.mktemp("folded") / "results")
    before = {path: path.stat().st_mtime_ns for path in base.rglob("posterior.nc")}
    config = replace(config, folds=FoldsConfig(number=4, run=1, draws=100, tune=100))
    runner.run_experiment(config, base, cores=2)
    assert before == {path: path.stat().st_mtime_ns for path in base.rglob("posterior.nc")}, "no fit depends on folds"
    return base, config


def test_an_experiment_with_folds_holds_out_votes(folded):
    base, config = folded
    found = json.loads((base / config.name / "metrics.json").read_text())["held_out"]
    assert found["n_fits"] == 5
    assert found["folds"] == {"number": 4, "run": 1, "draws": 100, "tune": 100}
    for chamber, block in found["chambers"].items():
        votes = ChamberVotes.load(base / f"sessions/{config.session.folder}/{chamber}.nc")
        assert block["n_votes"] == held_out(votes, 4, 1).sum()
        assert [row["rung"] for row in block["ladder"]] == ["party", "flat", "chamber", "joint"]
    assert 'id="held-out"' in (base / config.name / "report.html").read_text()


def test_folds_that_are_up_to_date_stay_and_the_command_gives_the_same(folded, tmp_path):
    base, config = folded
    before = {path: path.stat().st_mtime_ns for path in base.rglob("*.nc")}
    runner.run_experiment(config, base, cores=2)
    assert before == {path: path.stat().st_mtime_ns for path in base.rglob("*.nc")}
    data, home = base / f"sessions/{config.session.folder}", base / config.name
    files = ["--data", *(str(data / f"{chamber}.nc") for chamber in config.chambers), "--starts"]
    files += [str(home / chamber / "posterior.nc") for chamber in config.chambers]
    way = ["--options", config.run_options("joint").to_json(), "--live", str(tmp_path / "live"), "--cores", "2"]
    spec, out = specs.fold_spec_json(config, "joint", 1), tmp_path / "fold.nc"
    assert cli.main(["fit-fold", "--spec", spec, *files, *way, "--out", str(out)]) == 0
    again, first = read_fold(out), read_fold(home / "joint/fold_1.nc")
    for chamber in config.chambers:
        np.testing.assert_array_equal(again.chambers[chamber].log_score, first.chambers[chamber].log_score)


def test_a_fit_that_has_seen_its_fold_is_refused(folded, tmp_path, monkeypatch):
    """The fault planted: votes are not masked before the model is built."""
    base, config = folded
    monkeypatch.setattr(prepared, "_votes", lambda spec, path: ChamberVotes.load(path))
    run = FitRun(2, tmp_path / "fold.nc", tmp_path / "live", config.run_options("flat_senate"))
    spec = json.loads(specs.fold_spec_json(config, "flat_senate", 1))
    spec["sampling"] |= {"draws": 20, "tune": 20}
    with pytest.raises(ValueError, match="the votes that were fitted are not all but those of the fold"):
        fit_flat_fold(spec, base / f"sessions/{config.session.folder}/senate.nc", run)
    assert not run.out.exists()
