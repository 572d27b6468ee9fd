"""metrics.schema.json and the tables of docs/metrics.md, which come from the records of metrics.json."""

import json
import re
from pathlib import Path
from typing import Annotated, Any, NotRequired, TypedDict, get_args

import jsonschema
import pytest

from tallgrass_models.checking import joint_loo
from tallgrass_models.comparison import keys as comparison_keys
from tallgrass_models.comparison import schema as comparison_schema
from tallgrass_models.files.names import MOVED
from tallgrass_models.files.records.fields import ChamberName, Field, PartyName
from tallgrass_models.linking import axis
from tallgrass_models.metrics import keys
from tallgrass_models.metrics import schema as module
from tallgrass_models.models.fast import forms
from tallgrass_models.votes.vocabulary import CHAMBERS, PARTIES

PAGE = Path(__file__).parents[1] / "docs" / "metrics.md"
RENEW = "python -m tallgrass_models.metrics.keys docs/metrics.md"


def test_the_schema_is_that_of_the_records():
    assert module.schema() == module.made_schema(), f"metrics.schema.json is out of date: {RENEW}"


def test_the_tables_are_those_of_the_records():
    page = PAGE.read_text()
    assert page == keys.with_tables(page), f"docs/metrics.md is out of date: {RENEW}"


def test_the_questions_name_keys_that_there_are():
    page = PAGE.read_text().partition(keys.BEGIN)[0]
    schema = module.schema()
    known = {key for record in (schema, *schema["$defs"].values()) for key in record["properties"]}
    known |= {"house", "senate", "gates", "parties", "spread", "mirrored", "faction", "nothing"}
    places = re.findall(r"`([a-zA-Z0-9_.]+)`", "".join(line for line in page.splitlines() if line.startswith("| ")))
    assert len(places) > 80
    assert [place for place in places if not set(place.split(".")) <= known] == []


def test_a_page_without_marks_is_refused():
    with pytest.raises(ValueError, match="end of keys"):
        keys.with_tables("# A page\n")


def values(record, key):
    return tuple(module.schema()["$defs"][record]["properties"][key]["enum"])


def test_words_are_those_that_the_code_writes():
    assert values("Axis", "verdict") == tuple(axis._TEXTS)
    assert values("JointVsSeparate", "verdict") == (joint_loo._GAINS, joint_loo._COSTS, joint_loo._UNCLEAR)
    assert values("Sides", "form") == (forms.PARTIES_FRAME, forms.HALVES, forms.TEXTBOOK, forms.UNDECIDED)
    assert get_args(ChamberName)[1].values == CHAMBERS
    assert get_args(PartyName)[1].values == PARTIES
    assert f" {MOVED:g} posterior" in module.schema()["$defs"]["OneFactor"]["properties"]["n_moved"]["description"]


class Shared(TypedDict):
    """What both have."""

    share: Annotated[float | None, Field("A share", minimum=0, maximum=1)]


class Inner(TypedDict):
    """A part."""

    word: Annotated[str | None, Field("A word", values=("a", "b"))]


class Whole(Shared):
    """All of it."""

    parts: Annotated[list[Inner], Field("Parts", least=1)]
    by_name: Annotated[dict[Annotated[str, Field(values=("x", "y"))], int], Field("Counts", unit="votes")]
    one: NotRequired[Annotated[Inner | None, Field("Of its own")]]
    free: Annotated[dict[str, Any], Field("Anything", requires=("z",))]


GOOD = {"share": 0.5, "parts": [{"word": "a"}, {"word": None}], "by_name": {"x": 1}, "one": None, "free": {"z": 1}}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({}, None),
        ({"share": None, "one": {"word": "b"}, "free": {"z": None, "more": []}, "by_name": {}}, None),
        ({"share": 1.5}, "$.share"),
        ({"share": "0.5"}, "$.share"),
        ({"parts": []}, "$.parts"),
        ({"parts": [{"word": "c"}]}, "$.parts[0].word"),
        ({"parts": [{}]}, "$.parts[0]"),
        ({"parts": [{"word": "a", "more": 1}]}, "$.parts[0]"),
        ({"by_name": {"z": 1}}, "$.by_name"),
        ({"by_name": {"x": 1.5}}, "$.by_name.x"),
        ({"by_name": {"x": None}}, "$.by_name.x"),
        ({"one": 1}, "$.one"),
        ({"free": {}}, "$.free"),
        ({"more": 1}, "$"),
    ],
)
def test_what_a_declaration_lets_through(monkeypatch, change, place):
    monkeypatch.setattr(module, "Metrics", Whole)
    errors = jsonschema.Draft202012Validator(module.made_schema()).iter_errors(GOOD | change)
    assert [error.json_path for error in errors] == ([] if place is None else [place])


@pytest.mark.parametrize("missing", ["share", "parts", "by_name", "free"])
def test_only_a_key_declared_so_may_be_missing(monkeypatch, missing):
    monkeypatch.setattr(module, "Metrics", Whole)
    validator = jsonschema.Draft202012Validator(module.made_schema())
    assert validator.is_valid({key: value for key, value in GOOD.items() if key != "one"})
    errors = validator.iter_errors({key: value for key, value in GOOD.items() if key != missing})
    assert [error.message for error in errors] == [f"'{missing}' is a required property"]


def test_a_table_tells_type_unit_and_range(monkeypatch):
    monkeypatch.setattr(module, "Metrics", Whole)
    rows = keys.tables(module.made_schema()).splitlines()
    assert "| `share` | number 0 to 1 or null |  | A share |" in rows
    assert "| `parts` | list of [Inner](#inner) |  | Parts |" in rows
    assert "| `by_name` | object of whole number | votes | Counts |" in rows
    assert "| `one` | [Inner](#inner) or null; may be missing |  | Of its own |" in rows
    assert "| `word` | `a` or `b` or null |  | A word |" in rows


def test_every_key_says_what_it_is():
    schema = json.loads(module.PATH.read_text())
    for name, record in {"Metrics": schema, **schema["$defs"]}.items():
        for key, value in record["properties"].items():
            assert value is True or value.get("description"), f"{name}.{key}"


def test_an_unknown_type_is_refused(monkeypatch):
    class Odd(TypedDict):
        when: set[str]

    monkeypatch.setattr(module, "Metrics", Odd)
    with pytest.raises(TypeError, match=r"no JSON Schema of set\[str\]"):
        module.made_schema()


def test_the_comparison_has_a_schema_and_tables_by_the_same_code():
    renew = "python -m tallgrass_models.comparison.keys docs/comparison.md"
    assert comparison_schema.schema() == comparison_schema.made_schema(), f"comparison.schema.json: {renew}"
    page = (PAGE.parent / "comparison.md").read_text()
    assert page == comparison_keys.with_tables(page), f"docs/comparison.md is out of date: {renew}"
    for name, record in {"Comparison": comparison_schema.schema(), **comparison_schema.schema()["$defs"]}.items():
        for key, value in record["properties"].items():
            assert value.get("description"), f"{name}.{key}"
