"""A changed covariate is noticed like a changed vote, by the fits that use it and by no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small import small_chamber, write_tallgrass_csv
from test_folds_structures import fitted

from tallgrass_models.config import specs
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.folds import FoldsConfig
from tallgrass_models.config.model import ModelConfig
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.sampling.posterior import load_posterior, save_posterior
from tallgrass_models.steps import runner
from tallgrass_models.steps.fitted import fitted_hash, is_current, votes_hash, votes_of
from tallgrass_models.steps.prepared import prepare
from tallgrass_models.steps.verify import verify
from tallgrass_models.votes.column_hash import votes_part, with_columns
from tallgrass_models.votes.matrix import ChamberVotes

VOTES = small_chamber("house", (9, 12, 1), 30, seed=5, apart=2.5)


def with_age(ages: np.ndarray, votes: ChamberVotes = VOTES) -> ChamberVotes:
    more = pd.DataFrame({"age": ages.astype(str), "shoe": "42"}, index=votes.legislators.index)
    return replace(votes, more=more)


def test_the_hash_is_that_of_the_votes_without_covariates_and_sees_the_columns_that_are_named():
    votes, older = with_age(np.arange(22)), with_age(np.arange(22) + 1)
    assert fitted_hash(votes, {"kind": "chamber"}) == fitted_hash(older, {"model": {"priors": {}}}) == votes_hash(votes)
    named = {"model": {"covariates": ["age"]}}
    assert fitted_hash(votes, named) != fitted_hash(older, named)
    assert votes_part(fitted_hash(votes, named)) == votes_part(fitted_hash(older, named)) == votes_hash(votes)
    shoe = {"model": {"covariates": ["shoe"]}}
    assert fitted_hash(votes, shoe) == fitted_hash(older, shoe) != fitted_hash(votes, named)
    every = with_columns("x", votes, ["service", "no such column"])
    assert every != with_columns("x", replace(votes, legislators=votes.legislators.assign(service=2.0)), ["service"])


def test_the_hash_is_the_same_after_a_file(tmp_path):
    votes = with_age(np.arange(22))
    votes.save(tmp_path / "house.nc")
    named = {"model": {"covariates": ["age", "service", "external"]}}
    assert fitted_hash(ChamberVotes.load(tmp_path / "house.nc"), named) == fitted_hash(votes, named)


@pytest.fixture
def project(tmp_path) -> tuple[Path, ExperimentConfig, Callable[[], None]]:
    """A posterior of a model with covariates, the experiment, and a function that reads the votes again."""
    write_tallgrass_csv(tmp_path / "votes", "small", [VOTES])
    (people,) = (tmp_path / "votes").glob("*legislators*")
    table = pd.read_csv(people, dtype=str, keep_default_na=False)
    table.assign(age=[str(30 + 7 * k % 40) for k in range(len(table))]).to_csv(people, index=False)
    session = SessionConfig("small", "tallgrass", str(tmp_path / "votes"), "small", min_votes=3)
    config = ExperimentConfig("a", session=session, chambers=("house",), model=ModelConfig("covariates", ("age",)))

    def read() -> None:
        runner.session_votes(config, tmp_path / "results")

    read()
    spec = json.loads(specs.fit_spec_json(config, "house"))
    prepared = prepare(spec, {"data": tmp_path / "results/sessions/small/house.nc"})
    path = tmp_path / "results/a/house/posterior.nc"
    path.parent.mkdir(parents=True)
    save_posterior(fitted(prepared, spec), path)
    return tmp_path, config, read


def change(folder: Path, column: str) -> None:
    (people,) = (folder / "votes").glob("*legislators*")
    table = pd.read_csv(people, dtype=str, keep_default_na=False)
    table.loc[3, column] = "99"
    table.to_csv(people, index=False)


def test_verify_and_later_steps_notice_a_covariate_that_has_changed(project):
    folder, config, read = project
    posterior, data = folder / "results/a/house/posterior.nc", [folder / "results/sessions/small/house.nc"]
    assert verify({"a": config}, folder / "results", models=False).problems == []
    assert is_current(posterior, specs.fit_spec_json(config, "house"), data)
    change(folder, "district")
    assert verify({"a": config}, folder / "results", models=False).problems == [], "no column that the model has"
    change(folder, "age")
    (said,) = verify({"a": config}, folder / "results", models=False).problems
    assert said.endswith("house.nc: not what the session's files give now; covariate 'age' has changed")
    bare = replace(config, model=ModelConfig(), name="bare")
    assert verify({"a": config, "bare": bare}, folder / "results", models=False).problems == [said]
    read()
    (said,) = verify({"a": config}, folder / "results", models=False).problems
    assert f"fitted to other covariates than {data[0]}" in said
    assert not is_current(posterior, specs.fit_spec_json(config, "house"), data)
    with pytest.raises(UserError, match="fitted to other covariates than"):
        votes_of(load_posterior(posterior), posterior, data)


def test_the_spec_of_held_out_votes_names_covariates_only_where_there_are_some():
    bare = ExperimentConfig("a", folds=FoldsConfig())
    assert "covariates" not in json.loads(specs.pool_spec_json(bare))
    some = replace(bare, model=ModelConfig("covariates", ("age",)))
    assert json.loads(specs.pool_spec_json(some))["covariates"] == ["age"]
