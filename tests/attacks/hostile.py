"""A small session whose names and ids begin as formulas of spreadsheets do, and all steps of a run of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from small import small_chamber, write_tallgrass_csv

from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.steps import runner
from tallgrass_models.steps.ledger import Ledger, Step

#: Beginnings that a spreadsheet takes for a formula, or for one that is guarded already.
BEGINNINGS = ("@", "=", "+", "-", "'=", "'", "")

_CONFIG = """\
sessions: {small: {source: tallgrass, path: votes, name: small, min_votes: 3}}
defaults: {chambers: [house], sampling: {draws: 20, tune: 30, chains: 2}}
experiments: {a: {description: "=1+1"}}
"""


def make_session(folder: Path) -> ExperimentConfig:
    """Write the votes and the configuration; chambers are spelled in two ways, and a member is listed twice."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tallgrass_csv(folder / "votes", "small", [small_chamber("house", (9, 12, 1), 30, seed=5, apart=2.5)])
    paths = {name: folder / f"votes/small_{name}.csv" for name in ("legislators", "rollcalls", "votes")}
    tables = {name: pd.read_csv(path, dtype=str, keep_default_na=False) for name, path in paths.items()}
    people, calls, votes = tables.values()
    people["slug"] = people["slug"].map(hostile(people["slug"]))
    votes["legislator_slug"] = votes["legislator_slug"].map(hostile(votes["legislator_slug"]))
    people["name"] = people["full_name"] = "=" + people["name"]
    votes["legislator_name"] = "=" + votes["legislator_name"]
    for column in ("vote_id", "bill_number"):
        spelled = hostile(calls[column])
        calls[column], votes[column] = calls[column].map(spelled), votes[column].map(spelled)
    calls["motion"] = "@SUM(1+1)*cmd|' /C calc'!A0"
    votes["chamber"] = [word.upper() if k % 2 else word for k, word in enumerate(votes["chamber"])]
    again = people.iloc[[3]].assign(chamber="HOUSE")
    tables["legislators"] = pd.concat([people, again])
    for name, path in paths.items():
        tables[name].to_csv(path, index=False)
    (folder / "config.yaml").write_text(_CONFIG)
    return load_experiments(folder / "config.yaml")["a"]


def hostile(ids: pd.Series) -> dict[str, str]:
    """Give each id one of the beginnings."""
    return {name: BEGINNINGS[k % len(BEGINNINGS)] + name for k, name in enumerate(sorted(set(ids)))}


def all_steps(config: ExperimentConfig, base: Path, patch: Callable[..., None]) -> list[Step]:
    """Return the steps that `run_experiment` would take of an experiment that has run, in order, and take none."""
    steps: list[Step] = []

    def note(self: object, step: Step) -> bool:
        steps.append(step)
        return False

    patch(Ledger, "do", note)
    patch(runner._Run, "fit", note)
    runner.run_experiment(config, base, progress=False)
    return steps
