"""The key ``vary`` of an experiment: which experiments it stands for, what they are called, and what is refused."""

import itertools
import json

import jsonschema
import pytest
import yaml

from tallgrass_models.config.experiments import name_problem
from tallgrass_models.config.multiverse import MOST
from tallgrass_models.config.reading import EXPERIMENT_CHECKS, load_experiments, varied
from tallgrass_models.config.schema import experiments_schema
from tallgrass_models.config.specs import comparison_spec_json, fit_spec_json, metrics_spec_json
from tallgrass_models.errors import UserError

BEGIN = "sessions:\n  demo: {source: simulated}\n  other: {source: simulated, seed: 3}\n"


def read(tmp_path, experiments, defaults="{}"):
    path = tmp_path / "e.yaml"
    path.write_text(f"{BEGIN}defaults: {defaults}\nexperiments:\n{experiments}")
    return load_experiments(path)


def problems(tmp_path, experiments, defaults="{}"):
    with pytest.raises(UserError) as error:
        read(tmp_path, experiments, defaults)
    return [line.partition("e.yaml: ")[2] for line in str(error.value).splitlines()]


ISSUE = """
  a:
    description: all at once
    vary:
      beta_prior: [{distribution: normal, mu: 0, sigma: 1}, {distribution: lognormal, mu: 0, sigma: 0.5}]
      min_minority_share: [0.01, 0.025, 0.1]
      seed: [1, 2]
"""


def test_every_combination_is_an_experiment(tmp_path):
    found = read(tmp_path, ISSUE)
    priors, shares, seeds = ("normal_0_1", "lognormal_0_0p5"), ("0p01", "0p025", "0p1"), (1, 2)
    assert list(found) == [f"a_{p}_share{s}_seed{k}" for p, s, k in itertools.product(priors, shares, seeds)]
    assert all(name_problem(name) is None for name in found)
    last = found["a_lognormal_0_0p5_share0p1_seed2"]
    assert (last.beta_prior.distribution, last.session.min_minority_share, last.sampling.seed) == ("lognormal", 0.1, 2)
    assert last.description == (
        "all at once: beta_prior lognormal(mu=0, sigma=0.5), filters.min_minority_share 0.1, sampling.seed 2"
    )
    first = "a_normal_0_1_share0p01_seed1"
    assert {name: config.compare_with for name, config in found.items()} == {
        name: None if name == first else first for name in found
    }


def test_a_fit_is_that_of_the_experiment_written_out(tmp_path):
    """So nothing runs again if somebody writes a specification out under its own name."""
    varied = read(tmp_path, ISSUE)["a_lognormal_0_0p5_share0p025_seed2"]
    written = read(
        tmp_path,
        "  x: {beta_prior: {distribution: lognormal, mu: 0, sigma: 0.5}, sampling: {seed: 2},"
        " filters: {min_minority_share: 0.025}}\n",
    )["x"]
    assert fit_spec_json(varied, "house") == fit_spec_json(written, "house")
    assert varied.session == written.session


def test_more_values_rename_no_experiment(tmp_path):
    fewer = read(tmp_path, ISSUE)
    more = read(
        tmp_path,
        ISSUE.replace("[{dist", "[{distribution: normal, mu: 0, sigma: 2}, {dist").replace("1, 2]", "2, 1, 7]"),
    )
    assert set(fewer) < set(more)


@pytest.mark.parametrize(
    ("vary", "names"),
    [
        ("joint: [true, false]", ["joint", "no_joint"]),
        ("joint.alpha_sigma: [1, 2.5]", ["sigma1", "sigma2p5"]),
        ("beta_prior.sigma: [0.5, 1]", ["sigma0p5", "sigma1"]),
        ("chambers: [[house], [house, senate]]", ["house", "house_senate"]),
        ("votes: [all, {passage_only: true}]", ["all", "passage_only"]),
        ("votes.from: [2023-01-01]", ["2023_01_01"]),
        ("beta_prior: {usual: {distribution: normal, mu: 0, sigma: 1}}", ["usual"]),
        ("gates.rhat: [1.01, 1.02]", ["rhat1p01", "rhat1p02"]),
        ("sampling.draws: [enough, 500]", ["enough", "draws500"]),
        ("coordinates: [fast, reference]", ["fast", "reference"]),
    ],
)
def test_values_have_words(tmp_path, vary, names):
    body = "{joint: true, beta_prior: {distribution: normal, mu: 0, sigma: 1}}"
    beside = "beta_prior: {distribution: normal, mu: 0, sigma: 1}, " if "beta_prior.sigma" in vary else ""
    found = read(tmp_path, f"  a: {{{beside}vary: {{{vary}}}}}\n", body if "chambers" not in vary else "{}")
    assert list(found) == [f"a_{name}" for name in names]


def test_a_long_value_is_cut_and_told_apart(tmp_path):
    questions = [
        ["On Passage of the bill with all amendments", "x"],
        ["On Passage of the bill with all amendments", "y"],
    ]
    found = list(read(tmp_path, f"  a: {{vary: {{votes.questions: {json.dumps(questions)}}}}}\n"))
    assert len(set(found)) == 2
    assert all(name.startswith("a_on_passage_of_the_bill_") and len(name) < 45 for name in found)


def test_a_key_inside_a_setting_joins_what_defaults_say(tmp_path):
    found = read(
        tmp_path,
        "  a: {vary: {joint.alpha_sigma: [1]}}\n",
        "{joint: {beta_prior: {distribution: halfnormal, sigma: 3}}}",
    )
    assert found["a_sigma1"].joint.alpha_sigma == 1
    assert found["a_sigma1"].joint.beta_prior.describe() == "HalfNormal(sigma=3)"


def test_who_is_compared_with_an_experiment_that_varies_is_so_with_its_first(tmp_path):
    found = read(tmp_path, "  a: {vary: {seed: [5, 6]}}\n  b: {compare_with: a}\n  c:\n", "{compare_with: a}")
    assert {name: config.compare_with for name, config in found.items()} == {
        "a_seed5": None,
        "a_seed6": "a_seed5",
        "b": "a_seed5",
        "c": "a_seed5",
    }


def test_sessions_that_vary_are_compared_each_with_its_own_first(tmp_path):
    found = read(tmp_path, "  a: {vary: {session: [demo, other], seed: [5, 6]}}\n")
    assert [config.compare_with for config in found.values()] == [None, "a_demo_seed5", None, "a_other_seed5"]


REFUSED = {
    "unknown key": (
        "a: {vary: {bta_prior: [1]}}",
        "unknown key 'bta_prior' (did you mean 'beta_prior'?)",
    ),
    "unknown inner key": (
        "a: {vary: {sampling.sed: [1]}}",
        "unknown key 'sampling.sed' (did you mean 'sampling.seed'?)",
    ),
    "two keys of that name": (
        "a: {vary: {divergence_share: [0.1]}}",
        "'divergence_share' is a key of gates and early_stop; write gates.divergence_share",
    ),
    "a mapping": (
        "a: {vary: {sampling: [{seed: 1}]}}",
        "'sampling' is a mapping; vary a key of it, such as sampling.sampler",
    ),
    "no result": (
        "a: {vary: {description: [x, y]}}",
        "'description' changes no result, so it cannot vary",
    ),
    "no list": (
        "a: {vary: {seed: 1}}",
        ".seed: must be a list of values, not 1",
    ),
    "empty": (
        "a: {vary: {}}",
        "must be a mapping of settings to lists of values",
    ),
    "wrong value": (
        "a: {vary: {seed: [1, -2]}}",
        ".seed: must be a whole number",
    ),
    "wrong inner value": (
        "a: {vary: {joint: [true], orient_bills: [perhaps]}}",
        ".orient_bills: must be true or false",
    ),
    "twice": (
        "a: {vary: {seed: [1, 1]}}",
        ".seed: two values are called 'seed1'; name them",
    ),
    "bad word": (
        "a: {vary: {seed: {One: 1}}}",
        ".seed.One: a name is made of at most 100 lower-case letters",
    ),
    "set twice": (
        "a: {vary: {seed: [1], sampling.seed: [2]}}",
        "'seed' and 'sampling.seed' set the same",
    ),
    "set beside": (
        "a: {sampling: {seed: 3}, vary: {seed: [1]}}",
        "'sampling.seed' is set beside vary too",
    ),
    "joint is off": (
        "a: {joint: false, vary: {joint.alpha_sigma: [1]}}",
        "joint is off; set joint: true beside vary",
    ),
    "whole and part": (
        "a: {vary: {joint: [true], joint.alpha_sigma: [1]}}",
        "'joint' and 'joint.alpha_sigma' set the same",
    ),
    "name taken": (
        "a: {vary: {seed: [1]}}\n  a_seed1:",
        "makes an experiment 'a_seed1', and 'a_seed1' is or makes one",
    ),
    "name made twice": (
        "a: {vary: {seed: {b_c: 1}}}\n  a_b: {vary: {seed: {c: 1}}}",
        "makes an experiment 'a_b_c', and 'a' is or makes one of that name",
    ),
    "too many": (
        f"a: {{vary: {{seed: {list(range(MOST + 1))}}}}}",
        f"stands for {MOST + 1} experiments, and at most {MOST}",
    ),
    "long name": (
        f"{'a' * 99}: {{vary: {{seed: [1]}}}}",
        "is longer than 100 letters",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_vary_is_refused(tmp_path, name):
    text, problem = REFUSED[name]
    found = problems(tmp_path, f"  {text}\n")
    assert any(problem in line for line in found), found
    assert all(line.startswith("experiments.") and ".vary" in line for line in found), found


def test_a_problem_beside_vary_is_told_once(tmp_path):
    found = problems(tmp_path, "  a: {coordinate: fast, vary: {seed: [1, 2, 3]}}\n")
    assert found == ["experiments.a: unknown key 'coordinate' (did you mean 'coordinates'?)"]


def followed(found):
    return {name: config.follow and (config.follow.key, config.follow.members) for name, config in found.items()}


def test_members_are_followed_over_the_experiments_of_a_vary(tmp_path):
    found = read(tmp_path, "  a: {follow: [Ann Miller, 20301], vary: {seed: [1, 2]}}\n  b:\n")
    asked = ("e.yaml: experiments.a.follow", ("Ann Miller", "20301"))
    assert followed(found) == {"a_seed1": asked, "a_seed2": asked, "b": None}
    found = read(tmp_path, "  a: {follow: [x], sessions: [demo, other], vary: {seed: [1]}}\n")
    assert set(followed(found).values()) == {("e.yaml: experiments.a.follow", ("x",))}


def test_what_is_followed_enters_the_spec_of_the_comparison_alone(tmp_path):
    with_it = read(tmp_path, "  a: {follow: [x], vary: {seed: [1, 2]}}\n")
    without = read(tmp_path, "  a: {vary: {seed: [1, 2]}}\n")
    for name, config in with_it.items():
        assert config.to_json() == without[name].to_json()
        assert fit_spec_json(config, "house") == fit_spec_json(without[name], "house")
        assert metrics_spec_json(config) == metrics_spec_json(without[name])
    assert comparison_spec_json(without, without.values()) == comparison_spec_json(without)
    assert json.loads(comparison_spec_json(with_it, with_it.values()))["follow"] == [
        {"key": "e.yaml: experiments.a.follow", "members": ["x"], "experiments": ["a_seed1", "a_seed2"]}
    ]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{follow: [x]}", "follows members over the experiments of a 'vary', and there is none here"),
        ("{follow: x, vary: {seed: [1, 2]}}", "must be a list of ids or names of members, not 'x'"),
        ("{follow: [], vary: {seed: [1, 2]}}", "must be a list of ids or names of members, not []"),
        ("{follow: [true], vary: {seed: [1, 2]}}", "True is no id or name of a member"),
        ("{follow: ['1', 1], vary: {seed: [1, 2]}}", "names '1' twice"),
    ],
)
def test_what_cannot_be_followed_is_refused(tmp_path, body, problem):
    assert problems(tmp_path, f"  a: {body}\n") == [f"experiments.a.follow: {problem}"]


def test_defaults_follow_nobody_and_following_does_not_vary(tmp_path):
    assert "unknown key 'follow'" in problems(tmp_path, "  a:\n", "{follow: [x]}")[0]
    assert problems(tmp_path, "  a: {vary: {follow: [[x]]}}\n") == [
        "experiments.a.vary: 'follow' changes no result, so it cannot vary"
    ]


def test_the_schema_knows_what_can_be_followed():
    validator = jsonschema.Draft202012Validator(experiments_schema())

    def fine(body):
        return validator.is_valid({"sessions": {"a": {"source": "simulated"}}, "experiments": {"b": body}})

    vary = {"vary": {"seed": [1, 2]}}
    assert fine({"follow": ["x", 3], **vary})
    assert not fine({"follow": ["x"]})
    assert not fine({"follow": [], **vary})
    assert not fine({"follow": ["x", "x"], **vary})


def test_a_session_that_is_not_declared_is_named(tmp_path):
    assert problems(tmp_path, "  a: {vary: {session: [demo, nosuch]}}\n") == [
        "experiments.a.session: 'nosuch' is not declared under 'sessions'"
    ]


def test_a_list_of_sessions_goes_with_vary_and_a_series_does_not(tmp_path):
    found = read(tmp_path, "  a: {sessions: [demo, other], vary: {seed: [5, 6]}}\n")
    assert list(found) == ["a_demo_seed5", "a_demo_seed6", "a_other_seed5", "a_other_seed6"]
    assert varied(tmp_path / "e.yaml") == {name: name.rpartition("_")[0] for name in found}
    assert (
        "'sessions' makes experiments of its own" in problems(tmp_path, "  a: {vary: {sessions: [[demo, other]]}}\n")[0]
    )


def test_defaults_do_not_vary(tmp_path):
    assert "unknown key 'vary'" in problems(tmp_path, "  a:\n", "{vary: {seed: [1]}}")[0]


def test_every_key_of_an_experiment_can_vary(tmp_path):
    """Keys to come too: whatever its check accepts is taken; of others the check's own words are told."""
    for key in set(EXPERIMENT_CHECKS):
        found = problems(tmp_path, f"  a: {{vary: {{{key}: [{{no_such: 1}}]}}}}\n")
        assert found
        assert not any("unknown key" in line and repr(key) in line for line in found), found


def test_the_schema_knows_what_can_vary():
    validator = jsonschema.Draft202012Validator(experiments_schema())

    def fine(vary):
        text = {"sessions": {"a": {"source": "simulated"}}, "experiments": {"b": {"vary": vary}}}
        return validator.is_valid(text)

    for body in yaml.safe_load(ISSUE).values():
        assert fine(body["vary"])
    assert fine({"joint.alpha_sigma": [1], "filters.min_votes": {"few": 3}})
    assert not fine({"sed": [1]})
    assert not fine({"seed": 1})
    assert not fine({"seed": ["one"]})
    assert not fine({"divergence_share": [0.1]})
