"""The JSON Schema of the experiments file: up to date, and never stricter than the reader, which runs beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from test_config import BAD

from tallgrass_models import cli
from tallgrass_models.config import reading, sessions
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.config.schema import FILE, LINE, experiments_schema
from tallgrass_models.errors import UserError
from tallgrass_models.priors.families import FAMILIES
from tallgrass_models.votes.sources import SOURCES

ROOT = Path(__file__).resolve().parents[1]
VALIDATOR = jsonschema.Draft202012Validator(experiments_schema())


def seen_by_an_editor(text: str) -> Any:
    """The content with keys and dates as text, as YAML 1.2 has them."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


def complaints(text: str) -> list[str]:
    return [error.json_path for error in VALIDATOR.iter_errors(seen_by_an_editor(text))]


def test_the_committed_file_is_up_to_date(capsys):
    assert cli.main(["schema"]) == 0
    printed = capsys.readouterr().out
    made = (ROOT / "config" / FILE).read_text()
    assert made == printed, f"run: tallgrass-models schema > config/{FILE}"
    jsonschema.Draft202012Validator.check_schema(json.loads(made))


@pytest.mark.parametrize("name", ["experiments.yaml", "real-votes.yaml"])
def test_the_embedded_configurations_pass(name):
    text = (ROOT / "config" / name).read_text()
    assert text.splitlines()[0] == LINE
    assert complaints(text) == []


#: A value that the reader accepts for each key that takes none of the usual kind.
EVERYTHING = """
sessions:
  a: {source: simulated, seed: 1, min_minority_share: 0, min_votes: 3, caucus: {Independent: none, 41300: Republican},
      pivots: [0.6, 2/3], pivots_on: 2024-06-01, title: A session, chamber_names: {house: Assembly},
      votes: {questions: [a, b*], passage_only: true, from: 2023-01-01, to: 2024-01-01}}
  b: {source: voteview, path: x, congress: 119, votes: all}
  c: {source: tallgrass, path: x, name: y, words: {votes: {Yes: yea, Excused: MISSING}}}
  d: {source: table, votes: {file: x.csv, from: 2024-01-01}, columns: {member: Who}, words: {parties: {DFL: Democrat},
      chambers: {Lower: house}}, chamber: house, passage: [final], dates: "%m/%d/%Y", encoding: cp1252, delimiter: tab}
  e: {source: table, votes: x.csv, members: y.csv, rollcalls: z.csv}
  f: {source: ord, house: x.ord}
  g: {source: legiscan, path: x, passage: [final]}
  h: {source: openstates, path: x, people: y.csv}
platform: {samplers: 2, allow: [memory], keep_every: 5, extend: true}
defaults: {session: a, compare_with: null, filters: {min_votes: 3}, gates: {rhat: 1.02}}
experiments:
  one: {description: x, chambers: [senate], sampling: {draws: enough, chains: 4}, early_stop: {step_size: 0.001}}
  two: {joint: true, beta_prior: {distribution: lognormal, mu: 0, sigma: 1}, orient_bills: true, compare_with: one}
  three: {joint: {alpha_sigma: 3, beta_prior: {distribution: exponential, scale: 2}}, coordinates: reference}
  four: {votes: {passage_only: true}, sampling: {sampler: pymc, draws: 100}}
  five:
"""


def test_what_the_reader_accepts_the_schema_accepts(tmp_path):
    (tmp_path / "e.yaml").write_text(EVERYTHING)
    assert len(load_experiments(tmp_path / "e.yaml")) == 5
    assert complaints(EVERYTHING) == []
    used = {key for body in yaml.safe_load(EVERYTHING)["sessions"].values() for key in body}
    known = {"source", *sessions.COMMON_SESSION_CHECKS, *(key for one in SOURCES.values() for key in one.keys)}
    assert used | {"external", "senate"} == known  # the first needs a file, the second is as `house`


def test_every_family_of_priors():
    for name, family in FAMILIES.items():
        for way in family.ways:
            prior = {"distribution": name, **{p.name: 1.0 for p in way.parameters}}
            text = yaml.safe_dump(
                {"sessions": {"a": {"source": "simulated"}}, "experiments": {"b": {"beta_prior": prior}}}
            )
            assert complaints(text) == []
            assert complaints(text.replace(f"{way.names[0]}: 1.0", "nosuch: 1.0")) != []


UNKNOWN = {name: text for name, (text, problem) in BAD.items() if "unknown key" in problem}


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_keys_that_the_reader_refuses_the_schema_refuses(name):
    assert complaints(UNKNOWN[name]) != []


def keys_of(content: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Paths of all mappings with settings in a configuration."""
    here = [path] if isinstance(content, dict) and path not in {("sessions",), ("experiments",)} else []
    inner = content.items() if isinstance(content, dict) else []
    return here + [found for key, value in inner for found in keys_of(value, (*path, key))]


#: All mappings but those whose keys are words of the data.
PLACES = [path for path in keys_of(yaml.safe_load(EVERYTHING)) if path[-1:] != ("caucus",) and "words" not in path[:-1]]


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(path) or "top")
def test_a_misspelled_key_anywhere_is_refused_by_both(tmp_path, path):
    content = yaml.safe_load(EVERYTHING)
    place = content
    for key in path:
        place = place[key]
    place["nosuch"] = 1
    text = yaml.safe_dump(content)
    (tmp_path / "e.yaml").write_text(text)
    with pytest.raises(UserError, match="nosuch"):
        load_experiments(tmp_path / "e.yaml")
    assert complaints(text) != []


def test_every_key_that_is_checked_says_its_shape():
    known = experiments_schema()
    settings = known["$defs"]["settings"]["properties"]
    assert set(settings) == {*reading.EXPERIMENT_CHECKS, *reading.NESTED_CHECKS}
    by_source = {
        s["properties"]["source"]["const"]: s for s in known["properties"]["sessions"]["additionalProperties"]["anyOf"]
    }
    assert set(by_source) == set(SOURCES)
    for source, shape in by_source.items():
        assert set(shape["properties"]) == {
            *("source", "votes"),
            *sessions.SESSION_CHECKS[source],
            *sessions.COMMON_SESSION_CHECKS,
        }
