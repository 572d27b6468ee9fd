"""Experiments on several sessions: their names, their comparisons, their series, and what is refused."""

import pytest

from tallgrass_models.config.over_sessions import name_on, variant_of
from tallgrass_models.config.reading import load_experiments, load_series
from tallgrass_models.config.series import Matching
from tallgrass_models.errors import UserError

SESSIONS = """\
sessions:
  ks-84: {source: table, votes: a.csv}
  ks-85: {source: table, votes: b.csv}
  demo: {source: simulated}
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        (tmp_path / "e.yaml").write_text(SESSIONS + text)
        return tmp_path / "e.yaml"

    return write


def problems(path):
    with pytest.raises(UserError) as caught:
        load_experiments(path)
    return [line.removeprefix(f"{path}: ") for line in str(caught.value).splitlines()]


def test_an_experiment_for_each_session_with_names_that_anybody_can_guess(written):
    path = written("experiments:\n  a: {sessions: [ks-84, ks-85], sampling: {draws: 50}}\n  b: {session: ks-85}\n")
    found = load_experiments(path)
    assert {name: e.session.name for name, e in found.items()} == {"a_ks_84": "ks-84", "a_ks_85": "ks-85", "b": "ks-85"}
    assert found["a_ks_84"].sampling.draws == found["a_ks_85"].sampling.draws == 50
    assert load_series(path) == {}
    by_hand = load_experiments(written("experiments: {a_ks_84: {session: ks-84, sampling: {draws: 50}}}"))
    assert found["a_ks_84"].to_json() == by_hand["a_ks_84"].to_json()  # so that every spec is the same, too


def test_sessions_of_the_defaults_are_those_of_experiments_that_name_none(written):
    found = load_experiments(written("defaults: {sessions: [ks-84, demo]}\nexperiments: {a: , b: {session: ks-85}}"))
    assert list(found) == ["a_ks_84", "a_demo", "b"]


def test_compared_with_the_run_on_the_same_session(written):
    text = "defaults: {compare_with: a}\nexperiments:\n  a: {sessions: [ks-84, ks-85]}\n"
    text += "  b: {sessions: [ks-85, demo]}\n  c: {session: ks-84}\n  d: {session: ks-85, compare_with: b}\n"
    found = load_experiments(written(text))
    assert {name: e.compare_with for name, e in found.items()} == {
        "a_ks_84": None,
        "a_ks_85": None,
        "b_ks_85": "a_ks_85",
        "b_demo": None,
        "c": "a_ks_84",
        "d": "b_ks_85",
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    {
        "a name that is taken": (
            "{a: {sessions: [ks-84]}, a_ks_84: {session: ks-85}}",
            "experiments.a.sessions: on session 'ks-84' it is called 'a_ks_84', as another experiment is already",
        ),
        "both": ("{a: {session: ks-84, sessions: [ks-85]}}", "experiments.a: has both 'session' and 'sessions'"),
        "twice": ("{a: {sessions: [demo, demo]}}", "experiments.a.sessions: names a session twice"),
        "none": ("{a: {sessions: []}}", "experiments.a.sessions: must be a list of sessions, not []"),
        "unknown": ("{a: {sessions: [ks-84, ks-86]}}", "experiments.a.sessions: 'ks-86' is not declared"),
        "a mistake is told once": (
            "{a: {sessions: [ks-84, ks-85], beta_prior: 3}}",
            "experiments.a.beta_prior: must look like",
        ),
        "a mistake of the whole": (
            "{a: {sessions: [ks-84, ks-85], chambers: [house], joint: true}}",
            "experiment 'a': a joint model needs both chambers",
        ),
        "compared with itself": (
            "{a: {sessions: [ks-84], compare_with: a}}",
            "experiments.a.compare_with: 'a' is the experiment itself",
        ),
        "compared with another session": (
            "{a: {sessions: [ks-84]}, b: {session: ks-85, compare_with: a}}",
            "experiments.b.compare_with: 'a' is on another session",
        ),
        "over time on one session": (
            "{a: {session: ks-84, over_time: true}}",
            "experiments.a.over_time: needs 'sessions', two or more in order of time",
        ),
        "over time on a list of one": (
            "{a: {sessions: [ks-84], over_time: true}}",
            "experiments.a.over_time: needs two sessions or more",
        ),
        "over time where people are invented": (
            "{a: {sessions: [ks-84, demo], over_time: true}}",
            "experiments.a.over_time: session 'demo' is simulated",
        ),
        "over time in another way": (
            "{a: {sessions: [ks-84, ks-85], over_time: {matched: name}}}",
            "experiments.a.over_time: unknown key 'matched' (did you mean 'match'?)",
        ),
        "one person in two lists": (
            "{a: {sessions: [ks-84, ks-85], over_time: {same_person: [[b, c], [c, d]]}}}",
            "experiments.a.over_time: same_person: c: named in two lists",
        ),
        "one person and not": (
            "{a: {sessions: [ks-84, ks-85], over_time: {same_person: [[b, c]], different: [c]}}}",
            "experiments.a.over_time: c: named under both same_person and different",
        ),
    }.values(),
)
def test_a_problem_is_named_as_it_stands_in_the_file_and_alone(written, text, problem):
    (line,) = problems(written(f"experiments: {text}"))
    assert line.startswith(problem)


def test_a_series_over_time(written):
    path = written(
        "experiments:\n  a: {sessions: [ks-84, ks-85], over_time: true}\n"
        "  b: {sessions: [ks-85, ks-84], over_time: {match: name, same_person: [[x, 7]], different: [y]}}\n"
    )
    series = load_series(path)
    assert series["a"].experiments == ("a_ks_84", "a_ks_85")
    assert series["a"].matching == Matching()
    assert series["b"].experiments == ("b_ks_85", "b_ks_84")
    assert series["b"].matching == Matching("name", (("x", "7"),), ("y",))
    assert Matching.from_spec(series["b"].matching.spec()) == series["b"].matching


def test_a_series_of_the_defaults_leaves_alone_what_is_on_one_session(written):
    path = written("defaults: {over_time: true}\nexperiments: {a: {sessions: [ks-84, ks-85]}, b: {session: demo}}")
    assert list(load_series(path)) == ["a"]


def test_the_variant_of_a_name():
    assert name_on("base", "ks-84") == "base_ks_84"
    assert [variant_of(name, "ks-84") for name in ("base_ks_84", "base", "_ks_84")] == ["base", "base", "_ks_84"]
