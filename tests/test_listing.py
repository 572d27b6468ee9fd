"""The index of a results folder: what is there, converged or not, what it cost, and what cannot be read."""

import json
import os

import pytest

from tallgrass_models import cli
from tallgrass_models.config import specs
from tallgrass_models.config.experiments import ExperimentConfig, JointConfig, spec_hash
from tallgrass_models.errors import UserError
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.steps.listing import counts, list_results

LOGNORMAL = BetaPriorSpec("lognormal", {"mu": 0.0, "sigma": 0.5})
WIDE = ExperimentConfig("wide", beta_prior=LOGNORMAL)
BOTH = ExperimentConfig("both", joint=JointConfig())


def write(results, config, missed=(), seconds=(1.5, 2.25, 4.0)):
    """Write a metrics.json with what the index reads; ``missed`` are gates that the Senate misses."""
    hashes = {unit: spec_hash(specs.fit_spec_json(config, unit)) for unit in config.units}
    fits = {
        unit: {"sampling_time_s": took, "convergence_failures": [], "spec_hash": hashes[unit]}
        for unit, took in zip(config.units, seconds, strict=False)
    }
    fits["senate"]["convergence_failures"] = list(missed)
    joint = fits.pop("joint", None)
    metrics = {"convergence_ok": not missed, "chambers": fits, "joint": joint, "config": config.to_dict()}
    folder = results / config.name
    folder.mkdir(parents=True)
    (folder / "metrics.json").write_text(json.dumps(metrics))
    return folder


@pytest.fixture
def results(tmp_path):
    """A folder with a converged experiment, one that is not, one that is unfinished, and three that are damaged."""
    folder = write(tmp_path, BOTH)
    (folder / "benchmarks").mkdir()
    for name, took in (("fit_house", 10.5), ("report", 3.0)):
        (folder / f"benchmarks/{name}.tsv").write_text(f"s\tmax_rss\n{took}\t100\n")
    (folder / "benchmarks/link.tsv").write_text("cut o")
    os.utime(folder / "metrics.json", (1_700_000_000, 1_700_000_000))
    write(tmp_path, WIDE, ["xi: R-hat 1.2 above 1.01"])
    for name, text in (("cut", '{"convergence_ok": tr'), ("empty", "{}"), ("list", "[]")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "metrics.json").write_text(text)
    for name in ("begun/house", "comparison/house", "sessions/demo/house", "notes", "Not_One/house"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def test_every_experiment_is_listed_and_nothing_else(results):
    found = {one.experiment: one for one in list_results(results)}
    assert {name: one.state for name, one in found.items()} == {
        "begun": "unfinished",
        "both": "converged",
        "cut": "damaged",
        "empty": "damaged",
        "list": "damaged",
        "wide": "NOT CONVERGED",
    }
    assert counts(list(found.values())) == {"converged": 1, "NOT CONVERGED": 1, "unfinished": 1, "damaged": 3}
    assert all(str(results / name / "metrics.json") in found[name].problem for name in ("cut", "empty", "list"))
    both = found["both"]
    assert (both.sampling_s, both.whole_s, both.made) == (7.75, 13.5, "2023-11-14T22:13:20+00:00")
    assert both.size == sum(path.stat().st_size for path in (results / "both").rglob("*") if path.is_file())
    assert both.model == "Normal(mu=0, sigma=1), joint LogNormal_reparam(mu=0, sigma=1)"
    wide = found["wide"]
    assert (wide.whole_s, wide.units, wide.settings) == (None, ("house", "senate"), None)
    assert wide.failures == ("senate: xi: R-hat 1.2 above 1.01",)


def test_fits_of_other_settings_are_stale(results):
    wider = ExperimentConfig("wide", beta_prior=BetaPriorSpec("lognormal", {"mu": 0.0, "sigma": 0.6}))
    found = {one.experiment: one.settings for one in list_results(results, {"wide": wider})}
    assert (found["wide"], found["both"], found["cut"]) == ("stale", "not configured", None)
    found = {one.experiment: one.settings for one in list_results(results, {"wide": WIDE, "both": BOTH})}
    assert (found["wide"], found["both"]) == ("current", "current")
    with_joint = ExperimentConfig("wide", beta_prior=LOGNORMAL, joint=JointConfig())
    assert {one.experiment: one.settings for one in list_results(results, {"wide": with_joint})}["wide"] == "stale"


def test_what_people_see(results, tmp_path, capsys):
    assert cli.main(["list", "--results", str(results)]) == 0
    shown = capsys.readouterr().out.splitlines()
    line = next(line for line in shown if line.startswith("both "))
    assert line.split()[:7] == ["both", "demo", "converged", "2023-11-14", "22:13", "8", "s"]
    assert "6 experiments: 1 converged, 1 NOT CONVERGED, 1 unfinished, 3 damaged; 12 s of sampling, 0.00 GB" in shown
    assert sum("metrics.json" in line for line in shown) == 3
    assert cli.main(["list", "--results", str(results), "--json"]) == 0
    assert [one["experiment"] for one in json.loads(capsys.readouterr().out)] == sorted(
        ["begun", "both", "cut", "empty", "list", "wide"]
    )
    assert cli.main(["list", "--results", str(results / "notes")]) == 0
    assert capsys.readouterr().out == f"{results / 'notes'}: no experiment has run here\n"
    with pytest.raises(UserError, match=r"nowhere.*--results"):
        list_results(tmp_path / "nowhere")
