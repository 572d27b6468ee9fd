"""Damage to every file that a later step reads: one message with the file and its step, never other numbers.

The steps and their files are those of the runner, so a new step is attacked as soon as it is there.
"""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest
from attacks.hostile import all_steps, make_session
from damage import DAMAGES

from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.errors import UserError
from tallgrass_models.files.digests import FOLDER
from tallgrass_models.steps.ledger import Step
from tallgrass_models.steps.result import ExperimentResult
from tallgrass_models.steps.runner import compare_experiments, run_experiment
from tallgrass_models.votes.matrix import ChamberVotes

pytestmark = pytest.mark.slow

#: Cells that a spreadsheet would run, at the beginning of a line or after a comma; a number may begin with a sign.
_FORMULA = re.compile(r"(^|,)\"?[=@+\-](?![\d.]+(e[+-]?\d+)?(,|$|\"))", re.MULTILINE)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """An experiment that ran, and the folder of its results."""
    folder = tmp_path_factory.mktemp("ran")
    config = make_session(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run_experiment(config, folder / "results", cores=1, progress=False)
    return config, folder


@pytest.fixture
def work(ran, tmp_path, monkeypatch):
    """A copy of them, in which the test works."""
    config, folder = ran
    shutil.copytree(folder, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return config, tmp_path / "work/results"


def test_ids_go_through_every_step_and_tables_hold_no_formula(work):
    config, base = work
    votes = ChamberVotes.load(base / "sessions/small/house.nc")
    members = ExperimentResult(base / "a").members
    assert set(members["legislator"]) == set(votes.legislators.index)
    assert {name[0] for name in votes.legislators.index} >= set("@=+-'")
    assert len(votes.legislators) == 22  # the member who is listed as of House and of HOUSE is one
    compare_experiments([config], base)
    tables = [path for path in base.rglob("*.csv") if "source" not in path.parts]
    assert len(tables) > 40
    assert [path for path in tables if _FORMULA.search(path.read_text())] == []


def attempt(step: Step, path: Path, outputs: dict[Path, bytes]) -> str:
    """Take a step on a damaged file, and say what came of it."""
    try:
        step.take()
    except UserError as error:
        return "told" if path.name in str(error) and len(str(error).splitlines()) == 1 else f"told badly: {error}"
    except Exception as error:
        return f"trace: {type(error).__name__}: {error}"
    other = [out.name for out, before in outputs.items() if _numbers(out) != before]
    return f"other: {', '.join(other)}" if other else "same"


def _numbers(path: Path) -> bytes:
    """The content of a file that is the same for every run on the same machine."""
    content = path.read_bytes() if path.is_file() else b""
    return b"" if path.suffix in (".html", ".nc") else re.sub(rb'"(seconds|\w+_s)": [\d.e-]+', b"", content)


def attack(step: Step, path: Path, kind: str, seed: int) -> str:
    """Damage a file, take the step, and put everything back."""
    kept = {each: each.read_bytes() for each in (path, *filter(Path.is_file, step.outputs))}
    outputs = {out: _numbers(out) for out in step.outputs}
    DAMAGES[kind](path, seed=seed)
    try:
        return attempt(step, path, outputs)
    finally:
        for each, content in kept.items():
            place = each.parent / FOLDER / f"{each.name}.sha256"
            said = place.read_bytes() if place.exists() else None
            each.write_bytes(content)
            if said is not None and each == path:
                place.write_bytes(said)


def pairs(config: ExperimentConfig, base: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Step, Path]]:
    """Steps, each with a file that an earlier step wrote and this one reads."""
    with monkeypatch.context() as patch:
        steps = all_steps(config, base, patch.setattr)
    return [
        (step, path)
        for step in steps
        for path in step.inputs
        if path.is_relative_to(base) and path.name != "report.html"  # which metrics waits for and does not read
    ]


def test_every_damaged_input_of_every_step_is_told(work, monkeypatch):
    config, base = work
    found = {}
    for k, (step, path) in enumerate(pairs(config, base, monkeypatch)):
        kind = list(DAMAGES)[k % len(DAMAGES)]
        found[f"{step.name} <- {path.relative_to(base)} ({kind})"] = attack(step, path, kind, seed=k)
    assert len(found) > 15
    assert {what: came for what, came in found.items() if came != "told"} == {}


@pytest.mark.long
def test_every_damage_to_every_input_of_every_step_is_told(work, monkeypatch):
    config, base = work
    rng, found = random.Random(1), list[str]()
    for step, path in pairs(config, base, monkeypatch):
        for kind in DAMAGES:
            for _ in range(12):
                came = attack(step, path, kind, seed=rng.randrange(2**31))
                found.append("told" if came == "told" else f"{step.name} <- {path.name} ({kind}): {came}")
    print(f"{len(found)} tried, {found.count('told')} told")
    assert set(found) == {"told"}
