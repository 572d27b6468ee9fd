"""A series over time is run, listed, planned and verified as its experiments are."""

import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from careers import careers, votes_of, write_table
from test_workflow import copy_repository

from tallgrass_models import cli
from tallgrass_models.config import specs
from tallgrass_models.config.experiments import spec_hash
from tallgrass_models.config.reading import load_experiments, load_experiments_and_series, load_series
from tallgrass_models.errors import UserError
from tallgrass_models.files.archive import write_archive
from tallgrass_models.files.columns import over_time as columns
from tallgrass_models.monitoring.sweep import earlier_seconds
from tallgrass_models.sampling.posterior import load_posterior, save_posterior
from tallgrass_models.steps.listing import list_results
from tallgrass_models.steps.plan import plan
from tallgrass_models.steps.replay_series import replay_series
from tallgrass_models.steps.verify import verify
from tallgrass_models.steps.verify_series import same_content

FILE = """
sessions: {{s1: {{source: table, votes: {0}/s1.csv}}, s2: {{source: table, votes: {0}/s2.csv}}}}
defaults:
  chambers: [house]
  sampling: {{draws: 150, tune: 150, chains: 2, seed: 3}}
experiments:
  base: {{sessions: [s1, s2], over_time: {{method: dynamic, match: id}}}}
  apart: {{sessions: [s1, s2]}}
"""


def written(folder, n=16, n_votes=30):
    """Votes of two sessions and an experiments file on them."""
    for k, term in enumerate(careers(12, n_sessions=2, n=n)):
        write_table(term, votes_of(term, n_votes, k), folder)
    path = folder / "experiments.yaml"
    path.write_text(FILE.format(folder))
    return path


# --- without a fit ----------------------------------------------------------------------------------------------------


def test_the_fit_of_a_series_is_planned_by_the_votes_of_its_chamber(tmp_path, monkeypatch, capsys):
    copy_repository(tmp_path)
    path = written(tmp_path)
    path.write_text(path.read_text().replace("[house]", "[house, senate]"))
    for session in ("s1", "s2"):  # the senate has a tenth of the members
        text = (tmp_path / f"{session}.csv").read_text().splitlines()
        few = [line.replace("house", "senate", 1) for line in text[1:] if line.split(",")[1] < "m004"]
        (tmp_path / f"{session}.csv").write_text("\n".join([*text, *few]) + "\n")
    for k, term in enumerate(careers(12, n_sessions=2, n=16)):
        folder = tmp_path / "results/sessions" / term.session
        folder.mkdir(parents=True)
        votes_of(term, 3000 + 1000 * k, k).save(folder / "house.nc")
        votes_of(replace(term, x=term.x[:4], person=term.person[:4], party=term.party[:4]), 10, k, "senate").save(
            folder / "senate.nc"
        )
    monkeypatch.chdir(tmp_path)
    experiments, series = load_experiments(path), load_series(path)
    steps = plan(tmp_path / "workflow/Snakefile", experiments, path, ["base"], series)
    cost = {(step.whose, step.rule, step.unit): step.cost for step in steps if step.samples}
    both = cost["base over time", "fit_dynamic", "house"]
    each = [cost[name, "fit_chamber", "house"] for name in ("base_s1", "base_s2")]
    constant = 6.0
    assert both.seconds - constant == pytest.approx(sum(one.seconds - constant for one in each))
    assert cost["base over time", "fit_dynamic", "senate"].seconds < each[0].seconds / 2
    assert {step.whose for step in steps} == {"base over time", "base_s1", "base_s2", "votes of s1", "votes of s2"}
    assert cli.main(["plan", "base", "--config", str(path)]) == 0
    out = capsys.readouterr().out
    assert "base over time: 4 steps" in out
    assert "  fit_dynamic house senate" in out
    assert "of which 10 sample" in out  # flat, chamber and all sessions, of two chambers


def test_times_of_a_series_are_those_of_its_rules(tmp_path):
    for folder, seconds in (("over_time/base", 100), ("base_s1", 5)):
        (tmp_path / folder / "benchmarks").mkdir(parents=True)
        for name in ("fit_house", "report"):
            (tmp_path / folder / f"benchmarks/{name}.tsv").write_text(f"s\tmax_rss\n{seconds}\t9\n")
    assert earlier_seconds(tmp_path) == {
        "fit_dynamic": [100], "time_report": [100], "fit_chamber": [5], "report": [5]
    }  # fmt: skip


def test_a_name_on_several_sessions_is_told_apart(tmp_path, capsys):
    path = written(tmp_path)
    assert cli.main(["run", "apart", "--config", str(path), "--results", str(tmp_path / "r")]) == 2
    said = capsys.readouterr().err
    assert "'apart' is on several sessions; name its experiment on one of them: apart_s1, apart_s2" in said


def listed(folder, **changes):
    content = {
        "sessions": [{"session": "s1", "faults": []}, {"session": "s2", "faults": []}],
        "chambers": [{"chamber": "house", "reason": None}],
        **changes,
    }
    folder.mkdir(parents=True)
    (folder / "link_time.json").write_text(json.dumps(content))


def test_series_are_listed_after_the_experiments(tmp_path, capsys):
    (tmp_path / "begun/house").mkdir(parents=True)
    home = tmp_path / "over_time"
    listed(home / "linked")
    fit = {"fault": "not converged", "failures": ["xi: R-hat 1.2 above 1.01"]}
    listed(home / "dynamic", chambers=[{"chamber": "house", "reason": None, "dynamic": fit}])
    faults = [{"chamber": "house", "fault": "several modes"}]
    listed(home / "faulty", sessions=[{"session": "s1", "faults": faults}, {"session": "s2", "faults": []}])
    listed(home / "apart", chambers=[{"chamber": "house", "reason": "s1 and s2 have 0 members in common"}])
    listed(home / "old", sessions=[])
    (home / "begun/house/live").mkdir(parents=True)
    found = {one.experiment: one for one in list_results(tmp_path)}
    assert {name.removeprefix("over_time/"): (one.state, one.failures) for name, one in found.items()} == {
        "apart": ("converged", ("house: s1 and s2 have 0 members in common",)),
        "begun": ("unfinished", ()),
        "dynamic": ("NOT CONVERGED", ("house: xi: R-hat 1.2 above 1.01",)),
        "faulty": ("NOT CONVERGED", ("house, s1: several modes",)),
        "linked": ("converged", ()),
        "old": ("damaged", ()),
    }
    assert (found["over_time/linked"].session, found["over_time/dynamic"].model) == (
        "s1 to s2", "all sessions in one fit"
    )  # fmt: skip
    assert cli.main(["list", "--results", str(tmp_path)]) == 0
    assert (
        "1 experiment and 6 series over time: 2 converged, 2 NOT CONVERGED, 2 unfinished, 1 damaged"
        in capsys.readouterr().out
    )


def test_a_series_of_other_settings_is_stale(tmp_path):
    path = written(tmp_path)
    experiments, series = load_experiments_and_series(path)
    asked = spec_hash(specs.link_time_spec_json(series["base"], experiments))
    for name in ("base", "gone"):
        listed(tmp_path / "results/over_time" / name, spec_hash=asked)
    expected = {"over_time/base": "current", "over_time/gone": "not configured"}
    for change in (lambda folder: None, other_people):
        change(tmp_path)
        found = list_results(tmp_path / "results", *load_experiments_and_series(path))
        assert {one.experiment: one.settings for one in found} == expected
        expected["over_time/base"] = "stale"
    assert {one.settings for one in list_results(tmp_path / "results")} == {None}


def test_contents_are_the_same_but_for_rounding():
    one = {"a": [1.0, None, "x"], "b": {"c": float("nan")}}
    assert same_content(one, {"a": [1.0 + 1e-9, None, "x"], "b": {"c": float("nan")}})
    for other in ({"a": [1.1, None, "x"]}, {"a": [1.0, 2.0, "x"]}, {"a": [1.0, None]}, {"a": one["a"], "z": 1}):
        assert not same_content(one, {**other, "b": one["b"]})


# --- from votes to the page -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A series that `run` made."""
    folder = tmp_path_factory.mktemp("ran")
    path = written(folder)
    words = ["run", "base", "--config", str(path), "--results", str(folder / "results"), "--cores", "2"]
    assert cli.main(words) == 0
    return folder, words


def other_votes(folder):
    path = folder / "s2.csv"
    text = path.read_text()
    path.write_text(text.replace("Nay", "Yea", 3))


def other_model(folder):
    path = folder / "results/over_time/base/house/posterior.nc"
    tree = load_posterior(path)
    tree.attrs["model_fingerprint"] = "0123456789abcdef"
    save_posterior(tree, path)
    shutil.rmtree(path.parent / ".digests")


def other_draws(folder):
    """As if a session had been fitted again after the link was made."""
    path = folder / "results/base_s2/house/posterior.nc"
    tree = load_posterior(path)
    tree["posterior"]["xi"] = tree["posterior"]["xi"] * 1.5
    save_posterior(tree, path)
    shutil.rmtree(path.parent / ".digests")


def edited_table(folder):
    path = folder / "results/over_time/base/time_moves.csv"
    path.write_text(path.read_text().replace("True", "False"))


def edited_without_digests(folder):
    edited_table(folder)
    shutil.rmtree(folder / "results/over_time/base/.digests")


def other_people(folder):
    path = folder / "experiments.yaml"
    path.write_text(path.read_text().replace("match: id", "match: name"))


DAMAGE = {
    "votes": (other_votes, ["sessions/s2/house.nc: not what the session's files and filters give now"]),
    "model": (other_model, ["over_time/base/house/posterior.nc: the model's log density has changed"]),
    "a session fitted again": (other_draws, ["link_time.json: not what the fits of its sessions give now"]),
    "edited table": (edited_table, ["time_moves.csv: damaged since its step wrote it"]),
    "edited table, without digests": (edited_without_digests, ["time_moves.csv: not what the fits"]),
    "matching": (other_people, ["house/posterior.nc: matching.match was id, now name"]),
}


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_series_is_run_once_and_verified(ran, tmp_path, capsys):
    """One test, so that the fits are made once."""
    folder, words = ran
    home = folder / "results/over_time/base"
    assert (home / "report.html").read_text(encoding="utf-8").count("fitted together") >= 1
    made = {path: path.stat().st_mtime_ns for path in (folder / "results").rglob("*.nc")}
    assert cli.main(words) == 0
    assert made == {path: path.stat().st_mtime_ns for path in (folder / "results").rglob("*.nc")}
    (home / "steps.json").unlink()  # as after Snakemake, which keeps no such record
    assert cli.main(words) == 0
    assert made == {path: path.stat().st_mtime_ns for path in (folder / "results").rglob("*.nc")}
    truth = careers(12, n_sessions=2, n=16)[1]
    members = columns.TIME_MEMBERS.read(home / "time_members.csv").query("session == 's2'").set_index("legislator")
    places = members.loc[[f"m{who:03d}" for who in truth.person], "place_median"]
    assert np.corrcoef(places, truth.x)[0, 1] > 0.9
    capsys.readouterr()
    problems = []
    for k, (damage, expected) in enumerate([(lambda folder: None, []), *DAMAGE.values()]):
        copy = shutil.copytree(folder, tmp_path / str(k))
        path = copy / "experiments.yaml"
        path.write_text(path.read_text().replace(str(folder), str(copy)))
        damage(copy)
        series = load_series(path)
        found = verify({n: c for n, c in load_experiments(path).items() if n in series["base"].experiments},
                       copy / "results", models=True, series=series)  # fmt: skip
        if not k:
            assert found.checked == ["base_s1/house", "base_s2/house", "over_time/base/house", "over_time/base"]
        problems.append((found.problems, expected))
    for said, expected in problems:
        assert len(said) >= len(expected), (said, expected)
        assert bool(said) == bool(expected), said
        assert all(any(words in one for one in said) for words in expected), (said, expected)
    where = ["--config", str(folder / "experiments.yaml"), "--results", str(folder / "results")]
    assert cli.main(["list", "--stale", *where]) == 0
    assert len(re.findall(r"  current$", capsys.readouterr().out, re.M)) == 3
    assert cli.main(["export", "base", *where, "--votes", "--out", str(tmp_path / "base.zip")]) == 0
    for path in folder.glob("s*.csv"):
        path.unlink()  # the archive has the votes
    capsys.readouterr()
    assert cli.main(["replay", str(tmp_path / "base.zip"), "--into", str(tmp_path / "again"), "--cores", "2"]) == 0
    said = capsys.readouterr().out
    for name in ("base_s1", "base_s2", "base over time"):
        assert re.search(rf"^{name}: the same numbers: (\d+) of \1 quantities agree to the last digit$", said, re.M), (
            said
        )
    assert "base over time: link_time.json says the same" in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "../x"}, "not a series that can be run"),
        ({"experiments": ["base_s1", "sessions"]}, "not a series that can be run"),
        ({"method": "drift"}, "not a series that can be run"),
        ({"matching": {}}, "not the settings of a series"),
    ],
)
def test_an_archive_of_a_series_is_not_trusted(tmp_path, changes, said):
    matching = {"match": "id", "same_person": [], "different": []}
    names = ["base_s1", "base_s2"]
    series = {"name": "base", "experiments": names, "matching": matching, "method": "link", **changes}
    held = [f"experiments/{name}.capsule.zip" for name in series["experiments"]]
    contents = {**dict.fromkeys([*held, "series/link_time.json"], b"{}"), "numbers.json": b'{"quantities": []}'}
    write_archive(tmp_path / "x.zip", contents, {"format": 1, "series": series})
    with pytest.raises(UserError, match=said):
        replay_series(tmp_path / "x.zip", tmp_path / "into")
    assert not (tmp_path / "into").exists()
