"""Every model is held out by the same code: whatever its structure or bridges, what it was fitted to lacks the fold."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from small import small_pair

from tallgrass_models.config.reading import load_experiments
from tallgrass_models.folds.assignment import held_out, without_fold
from tallgrass_models.folds.fit import fold_result
from tallgrass_models.sampling.posterior import save_posterior, to_datatree
from tallgrass_models.sampling.result import Sampled
from tallgrass_models.steps.fitted import votes_hash
from tallgrass_models.steps.prepared import Prepared, prepare

_KINDS = {
    "house": {
        "standard": "{}",
        "rasch": "{structure: rasch}",
        "lapses": "{votes: {lapse: true}}",
        "two dimensions": "{dimensions: 2}",
    },
    "joint": {
        "same": "{joint: true}",
        "screened": "{joint: {bridges: screened}}",
        "drift": "{joint: {bridges: drift}}",
        "flat": "{joint: {members: flat}}",
    },
}


def fitted(prepared: Prepared, spec: dict) -> xr.DataTree:
    """What a posterior file would hold, of draws that are scattered about the start."""
    rng = np.random.default_rng(1)
    draws = {
        name: value + 0.01 * rng.normal(size=(2, 20, *np.shape(value))) for name, value in prepared.built.start.items()
    }
    stats = {"diverging": np.zeros((2, 20), bool), "energy": rng.normal(size=(2, 20)), "lp": rng.normal(size=(2, 20))}
    sampled = Sampled(draws, stats, ["1", "2"], 0.0, 0.0)
    return to_datatree(prepared.built, sampled, spec, prepared.members, prepared.data_hash, {})


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Votes of two chambers, and posteriors of their chamber models."""
    folder = tmp_path_factory.mktemp("votes")
    for votes in small_pair(seed=4, n_shared=5):
        votes.save(folder / f"{votes.chamber}.nc")
        spec = spec_of(folder, "{}", votes.chamber)
        del spec["fold"]
        data = {"data": folder / f"{votes.chamber}.nc"}
        save_posterior(fitted(prepare(spec, data), spec), folder / f"{votes.chamber}_posterior.nc")
    return folder


def spec_of(folder: Path, settings: str, unit: str, folds: str = "3") -> dict:
    path = folder / "e.yaml"
    path.write_text(
        f"sessions: {{small: {{source: simulated}}}}\ndefaults: {{folds: {folds}}}\nexperiments: {{a: {settings}}}\n"
    )
    return load_experiments(path)["a"].fold_spec(unit, 2)


@pytest.mark.parametrize(("unit", "kind"), [(unit, kind) for unit, kinds in _KINDS.items() for kind in kinds])
def test_any_model_predicts_a_fold_that_it_has_not_seen(folder, unit, kind):
    spec, votes = spec_of(folder, _KINDS[unit][kind], unit), small_pair(seed=4, n_shared=5)
    inputs = {f"{c}{end}": folder / f"{c}{end}.nc" for c in ("house", "senate") for end in ("", "_posterior")}
    if unit == "house":
        inputs, votes = {"data": folder / "house.nc"}, votes[:1]
    prepared = prepare(spec, inputs)
    assert prepared.data_hash == [votes_hash(without_fold(one, 3, 2)) for one in votes]
    found = fold_result(fitted(prepared, spec), spec, votes, ["x"], 1.0)
    assert found.kind == json.loads(json.dumps(spec))["kind"]
    for one in votes:
        cells = found.chambers[one.chamber]
        assert len(cells.member) == held_out(one, 3, 2).sum() > 0
        assert (cells.log_score < 0).all()
        assert np.isfinite(cells.log_score).all()


@pytest.mark.parametrize(
    ("unit", "settings"),
    [
        ("house", "{votes: {lapse: true}}"),
        ("house", "{priors: {alpha: {distribution: normal, mu: 0, sigma: 1, scaled: true}}}"),
        ("joint", "{joint: true}"),
        ("joint", "{joint: {members: flat}}"),
    ],
    ids=["lapses", "alpha in units of the spread", "both chambers", "flat members"],
)
def test_any_model_with_a_prior_of_a_roll_call_predicts_roll_calls_that_it_has_not_seen(folder, unit, settings):
    of = {"number": 3, "fold": 2, "of": "roll_calls"}
    spec, votes = spec_of(folder, settings, unit, "{number: 3, of: roll_calls}"), small_pair(seed=4, n_shared=5)
    inputs = {f"{c}{end}": folder / f"{c}{end}.nc" for c in ("house", "senate") for end in ("", "_posterior")}
    if unit == "house":
        inputs, votes = {"data": folder / "house.nc"}, votes[:1]
    prepared = prepare(spec, inputs)
    assert spec["fold"] == of
    assert prepared.data_hash == [votes_hash(without_fold(one, **of)) for one in votes]
    found = fold_result(fitted(prepared, spec), spec, votes, ["x"], 1.0)
    for one in votes:
        cells = found.chambers[one.chamber]
        assert len(cells.member) == held_out(one, **of).sum() > 0
        assert (cells.log_score < 0).all()
        assert (cells.given < 0).all()
    assert (found.together is None) is (unit == "house")
