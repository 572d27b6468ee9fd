"""`verify` names what changed: settings, votes, models, files; and which variants are the same model."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import xarray as xr
from small import small_chamber, write_tallgrass_csv

from tallgrass_models import cli
from tallgrass_models.comparison.same_models import changes, same_models
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.priors.spec import PRODUCTION_BETA, BetaPriorSpec
from tallgrass_models.sampling.posterior import load_posterior, save_posterior
from tallgrass_models.sampling.sample import compile_model, model_fingerprint
from tallgrass_models.steps import fitting, runner
from tallgrass_models.steps.verify import verify
from tallgrass_models.votes.matrix import ChamberVotes

SAMPLING = SamplingConfig(draws=30, tune=40, chains=2, seed=3)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Three variants: the second one samples the first one's model with another seed."""
    base = tmp_path_factory.mktemp("ran")
    write_tallgrass_csv(base / "votes", "small", [small_chamber("house", (9, 12, 1), 30, seed=5, apart=2.5)])
    session = SessionConfig("small", "tallgrass", str(base / "votes"), "small", min_votes=3)
    common = {"session": session, "chambers": ("house",), "flat_sampling": SAMPLING}
    wide = BetaPriorSpec("normal", {"mu": 0, "sigma": 2})
    experiments = {
        "one": ExperimentConfig("one", sampling=SAMPLING, **common),
        "two": ExperimentConfig("two", sampling=replace(SAMPLING, seed=4), **common),
        "wide": ExperimentConfig("wide", sampling=SAMPLING, beta_prior=wide, **common),
    }
    for config in experiments.values():
        runner.run_experiment(config, base / "results", cores=2)
    return base, experiments


@pytest.fixture
def work(ran, tmp_path):
    """A copy of the results, and the configuration (which reads the votes where they were)."""
    base, experiments = ran
    folder = shutil.copytree(base, tmp_path / "work")
    session = replace(experiments["one"].session, path=str(folder / "votes"))
    return folder, {name: replace(config, session=session) for name, config in experiments.items()}


def test_what_belongs_together(work):
    folder, experiments = work
    found = verify(experiments, folder / "results")
    assert found.problems == []
    assert found.checked == ["one/house", "two/house", "wide/house"]
    assert found.same == [("house", ["one", "two"])]


@pytest.mark.slow
def test_a_fit_that_went_on_in_another_form_belongs_together(work, monkeypatch):
    """What its chains showed is in its posterior, because spec and votes alone give the other form."""
    folder, experiments = work
    one = {"one": experiments["one"]}
    monkeypatch.setattr(fitting, "_pressed", lambda built, draws: (True,) if "form" in built.facts else ())
    runner.run_experiment(one["one"], folder / "new", cores=1, progress=False)
    with xr.open_datatree(folder / "new/one/house/posterior.nc") as tree:
        assert tree.attrs["pressed"] == "[true]"
        assert json.loads(tree.attrs["sides"])["form"] != "parties"
    assert verify(one, folder / "new").problems == []


def test_votes_counted_by_caucus_belong_together(work):
    folder, experiments = work
    config = experiments["one"]
    config = replace(config, session=replace(config.session, caucus={"Independent": "Democrat"}))
    runner.session_votes(config, folder / "results")
    votes = ChamberVotes.load(folder / "results/sessions/small/house.nc")
    assert (votes.parties == "Democrat").sum() == 10
    assert not [
        p for p in verify({"one": config}, folder / "results", models=False).problems if "filters give now" in p
    ]


def edit_json(path, **values):
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def other_votes(folder):
    write_tallgrass_csv(folder / "votes", "small", [small_chamber("house", (9, 12, 1), 30, seed=6, apart=2.5)])


def without_digests(folder):
    """As a copy without hidden files."""
    for place in folder.glob("results/**/.digests"):
        shutil.rmtree(place)


def other_posterior(folder):
    without_digests(folder)
    shutil.copy(folder / "results/two/house/posterior.nc", folder / "results/one/house/posterior.nc")


def damaged(folder):
    path = folder / "results/one/house/posterior.nc"
    path.write_bytes(path.read_bytes()[:500])


def other_model(folder):
    """As if the code had another density than when the fit was made."""
    without_digests(folder)
    path = folder / "results/one/house/posterior.nc"
    tree = load_posterior(path)
    tree.attrs["model_fingerprint"] = "0123456789abcdef"
    save_posterior(tree, path)
    edit_json(path.with_name("summary.json"), model_fingerprint="0123456789abcdef")
    metrics = json.loads((folder / "results/one/metrics.json").read_text())
    metrics["chambers"]["house"]["model_fingerprint"] = "0123456789abcdef"
    (folder / "results/one/metrics.json").write_text(json.dumps(metrics))


def edited_summary(folder):
    edit_json(folder / "results/wide/house/summary.json", data_hash=["x"])


DAMAGE = {
    "votes": (other_votes, ["small/house.nc: not what the session's files and filters give now"]),
    "posterior of another": (
        other_posterior,
        [
            "one/house/posterior.nc: sampling.seed was 4, now 3",
            "summary.json: has another spec hash than",
            "metrics.json: has another spec hash than",
        ],
    ),
    "damaged": (damaged, ["one/house/posterior.nc: not as the step 'fit house' wrote it"]),
    "damaged, without its digest": (
        lambda folder: (without_digests(folder), damaged(folder)),
        ["one/house/posterior.nc: not a readable posterior file"],
    ),
    "edited summary": (edited_summary, ["wide/house/summary.json: not as the step 'summarize house' wrote it"]),
    "edited metrics": (
        lambda folder: edit_json(folder / "results/wide/metrics.json", schema_version=0),
        ["wide/metrics.json: not as the step 'metrics' wrote it"],
    ),
    "summary": (
        lambda folder: (without_digests(folder), edited_summary(folder)),
        ["wide/house/summary.json: has another data hash than"],
    ),
    "model": (other_model, ["one/house/posterior.nc: the model's log density has changed"]),
}


@pytest.mark.parametrize(("damage", "expected"), DAMAGE.values(), ids=DAMAGE)
def test_what_changed_is_named(work, damage, expected):
    folder, experiments = work
    damage(folder)
    problems = verify(experiments, folder / "results").problems
    assert len(problems) == len(expected), problems
    for problem, text in zip(problems, expected, strict=True):
        assert text in problem


def test_changed_settings_are_named(work):
    folder, experiments = work
    now = replace(experiments["one"], beta_prior=BetaPriorSpec("halfnormal", {"sigma": 1}))
    problems = verify({"one": now}, folder / "results", models=False).problems
    assert [problem.partition(": ")[2] for problem in problems] == [
        "beta_prior.distribution was normal, now halfnormal",
        "beta_prior.mu was 0.0, now not set",
    ]


def test_nothing_there_is_an_error(tmp_path, work):
    with pytest.raises(UserError, match="no posterior of the experiments one"):
        verify({"one": work[1]["one"]}, tmp_path)


def test_the_command(work, capsys, monkeypatch):
    folder, _ = work
    monkeypatch.chdir(folder)
    Path("config").mkdir()
    Path("config/experiments.yaml").write_text(
        "sessions: {small: {source: tallgrass, path: votes, name: small, min_votes: 3}}\n"
        "defaults: {chambers: [house], sampling: {draws: 30, tune: 40, chains: 2, seed: 3}}\n"
        "experiments: {one: , two: {sampling: {seed: 4}}}\n"
    )
    assert cli.main(["verify", "--quick"]) == 0
    out = capsys.readouterr().out
    assert "one and two: the same model of house" in out
    assert "belong together" in out
    other_posterior(folder)
    assert cli.main(["verify", "--quick"]) == 2
    assert "sampling.seed was 4, now 3" in capsys.readouterr().err


# --- parts ------------------------------------------------------------------------------------------------------------


def test_differences_of_nested_settings():
    old = {"a": {"x": 1, "y": 2}, "code": "1", "b": [1]}
    new = {"a": {"x": 1, "z": 3}, "code": "2", "b": [1]}
    assert changes(old, new) == [
        "a.y was 2, now not set",
        "a.z was not set, now 3",
        "the code of the model has changed",
    ]
    assert changes(old, old) == []


def test_same_models_by_hand():
    known = {"a": {"house": "1", "joint": "9"}, "b": {"house": "1"}, "c": {"house": "2", "joint": None}}
    assert same_models(known) == [("house", ["a", "b"])]


@pytest.mark.parametrize("coordinates", ["fast", pytest.param("reference", marks=pytest.mark.slow)])
def test_a_fingerprint_is_of_the_density_and_of_nothing_else(coordinates):
    """The same by the C function of one sampler and the graph of the other; another with any prior or vote changed."""
    votes = small_chamber(seed=1)

    def of(votes=votes, prior=PRODUCTION_BETA, alpha_sigma=5.0, sampler="nutpie"):
        built = build_chamber(votes, prior, alpha_sigma, coordinates)
        return model_fingerprint(compile_model(built, sampler))

    if coordinates == "reference":
        assert of() == of(sampler="pymc")
        return
    flipped = votes.y.copy()
    flipped[3, 4] = 1 - flipped[3, 4] if flipped[3, 4] >= 0 else 1
    found = [
        of(),
        of(prior=BetaPriorSpec("normal", {"mu": 0, "sigma": 1.001})),
        of(alpha_sigma=5.01),
        of(votes=replace(votes, y=flipped)),
    ]
    assert len(set(found)) == 4
    assert of() == found[0]


def test_the_fingerprint_is_in_the_posterior(ran):
    base, _ = ran
    with xr.open_datatree(base / "results/one/house/posterior.nc") as tree:
        stored = tree.attrs["model_fingerprint"]
    metrics = json.loads((base / "results/one/metrics.json").read_text())
    assert metrics["chambers"]["house"]["model_fingerprint"] == stored
