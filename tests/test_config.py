"""The experiments file: what it may say, what it means, and what is told of one that is wrong."""

import dataclasses
import re
from pathlib import Path

import pytest
import yaml

from tallgrass_models.config import gates, reading, running, sampling, sessions
from tallgrass_models.config.experiments import ExperimentConfig, JointConfig, PlatformConfig, spec_hash
from tallgrass_models.config.filters import FILTER_CHECKS
from tallgrass_models.config.gates import GateConfig
from tallgrass_models.config.model import MEMBERS_CHECKS
from tallgrass_models.config.multiverse import FOLLOW, VARY
from tallgrass_models.config.priors import PRIOR_CHECKS
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.selection import LAPSE_CHECKS, SELECTION_CHECKS
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.priors.families import FAMILIES
from tallgrass_models.priors.spec import BetaPriorSpec

ROOT = Path(__file__).parents[1]
SESSION = "sessions: {demo: {source: simulated}}\n"


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write_and_load(text):
        Path("e.yaml").write_text(text)
        return load_experiments("e.yaml")

    return write_and_load


def problems(load, text):
    with pytest.raises(UserError) as error:
        load(text)
    lines = str(error.value).splitlines()
    assert all(line.startswith("e.yaml: ") for line in lines)
    return [line.removeprefix("e.yaml: ") for line in lines]


# --- what a good file means -------------------------------------------------------------------------------------------


def test_what_is_not_said_is_the_production_setting(load):
    assert load(SESSION + "experiments: {plain: }") == {"plain": ExperimentConfig("plain")}
    plain = ExperimentConfig("plain")
    assert plain.beta_prior.describe() == "Normal(mu=0, sigma=1)"
    assert (plain.units, plain.joint, plain.compare_with) == (("house", "senate"), None, None)
    assert plain.sampling == SamplingConfig("nutpie", "enough", 4000, 300, 4, 0.8, 42)
    assert plain.gates == GateConfig(rhat=1.01, ess=400, divergence_share=0.001, ebfmi=0.3)


def test_an_experiment_overrides_what_it_names(load):
    found = load(
        """
sessions:
  a: {source: tallgrass, path: here, name: ks_2025, min_minority_share: 0, min_votes: 5}
  b: {source: voteview, path: there, congress: 9}
platform: {samplers: 3}
defaults:
  session: b
  description: from defaults
  beta_prior: {distribution: lognormal, mu: 1, sigma: 2}
  joint: {beta_prior: {distribution: normal, mu: 0, sigma: 4}, alpha_sigma: 2}
  sampling: {draws: 100, chains: 2}
  gates: {ess: 50}
experiments:
  second: {}
  first:
    session: a
    chambers: [senate, house]
    beta_prior: {distribution: halfnormal, sigma: 3}
    joint: true
    coordinates: reference
    sampling: {draws: 200, sampler: pymc}
    gates: {rhat: 1.1}
"""
    )
    assert list(found) == ["second", "first"]  # as in the file
    second, first = found.values()
    assert second.session == SessionConfig("b", "voteview", "there", options={"congress": 9})
    assert second.description == first.description == "from defaults"
    assert second.joint == JointConfig(BetaPriorSpec("normal", {"mu": 0, "sigma": 4}), 2.0)
    assert second.joint_beta_prior.describe() == "Normal(mu=0, sigma=4)"
    assert second.beta_prior.describe() == "LogNormal(mu=1, sigma=2)"
    assert first.session == SessionConfig("a", "tallgrass", "here", "ks_2025", 2025, 0.0, 5)
    assert first.units == ("house", "senate", "joint")
    assert first.beta_prior.to_dict() == {"distribution": "halfnormal", "sigma": 3.0}  # no mu left over
    assert first.joint == JointConfig(first.beta_prior, 2.0)  # no part of the default's left over
    assert first.sampling == SamplingConfig("pymc", 200, 4000, 300, 2)  # merged key by key
    assert first.gates == GateConfig(rhat=1.1, ess=50)
    assert first.flat_sampling == second.flat_sampling == SamplingConfig(draws=100, chains=2)  # that of defaults
    assert first.platform == PlatformConfig(3)
    assert first.coordinates == "reference"


def test_draws_are_a_number_or_enough(load):
    found = load(
        "sessions: {a: {source: simulated}}\ndefaults: {sampling: {most_draws: 3000}}\n"
        "experiments: {open: , fixed: {sampling: {draws: 700}}}"
    )
    assert (found["open"].sampling.limit, found["open"].sampling.enough) == (3000, True)
    assert (found["fixed"].sampling.limit, found["fixed"].sampling.enough) == (700, False)
    assert found["open"].flat_sampling.draws == 500


@pytest.mark.parametrize(
    ("setting", "told"),
    [("draws: plenty", "whole number"), ("sampler: pymc", "sampler pymc needs a number of draws, not 'enough'")],
)
def test_draws_that_cannot_be_are_refused(load, setting, told):
    with pytest.raises(UserError, match=told):
        load(f"sessions: {{a: {{source: simulated}}}}\nexperiments: {{one: {{sampling: {{{setting}}}}}}}")


def test_the_first_session_is_the_default(load):
    found = load("sessions: {z: {source: simulated, seed: 1}, a: {source: simulated}}\nexperiments: {one: }")
    assert found["one"].session == SessionConfig("z", seed=1)


def test_a_default_comparison_holds_where_it_can(load):
    found = load(
        "sessions: {a: {source: simulated}, b: {source: simulated}}\ndefaults: {compare_with: base}\n"
        "experiments: {base: , other: , none: {compare_with: null}, far: {session: b}, own: {compare_with: other}}"
    )
    compared = {name: config.compare_with for name, config in found.items()}
    assert compared == {"base": None, "other": "base", "none": None, "far": None, "own": "other"}


def test_yaml_anchors_and_merges_are_no_duplicates(load):
    found = load(
        SESSION + "defaults: {sampling: &s {draws: 100, tune: 30}}\nexperiments: {a: {sampling: {<<: *s, draws: 20}}}"
    )
    assert (found["a"].sampling.draws, found["a"].sampling.tune) == (20, 30)


def test_what_only_reports_use_is_no_part_of_a_fit():
    """Nor is what follows from other settings; everything else changes the fit."""
    base = ExperimentConfig("a", joint=JointConfig())
    same = dataclasses.replace(
        base, name="b", description="x", gates=GateConfig(ess=1), compare_with="c", platform=PlatformConfig(2)
    )
    other_prior = dataclasses.replace(
        base, beta_prior=BetaPriorSpec("normal", {"mu": 0, "sigma": 2}), joint=JointConfig()
    )
    for unit in ("house", "joint", "flat_house"):
        assert base.fit_spec(unit) == same.fit_spec(unit)
        assert (base.fit_spec(unit) == other_prior.fit_spec(unit)) == unit.startswith("flat")
    assert base.fit_spec("house")["alpha_sigma"] == 5.0
    assert len({spec_hash(base.fit_spec(unit)) for unit in ("house", "senate", "joint", "flat_house")}) == 4


@pytest.mark.parametrize("joint", [None, JointConfig(), JointConfig(BetaPriorSpec("halfnormal", {"sigma": 2}), 1.0)])
def test_json_round_trip(joint):
    config = ExperimentConfig(
        "x",
        "words",
        SessionConfig("s", "voteview", "p", options={"congress": 119}),
        beta_prior=BetaPriorSpec("halfnormal", {"sigma": 2}),
        joint=joint,
        gates=GateConfig(ess=7),
        sampling=SamplingConfig(seed=3),
        platform=PlatformConfig(2),
        compare_with="y",
    )
    assert ExperimentConfig.from_json(config.to_json()) == config
    assert SessionConfig.from_json(config.session.to_json()) == config.session


def test_a_session_may_say_who_is_counted_with_whom_and_which_pivots(load):
    said = "caucus: {Independent: Democrat, 41300: none, Green: }, pivots: [0.5, 3/5, 0.667], pivots_on: 2024-06-01"
    session = load(SESSION.replace("d}", f"d, {said}}}") + "experiments: {a: }")["a"].session
    assert session.caucus == {"Independent": "Democrat", "41300": "none", "Green": "none"}
    assert session.pivots == (0.5, 0.6, 2 / 3)
    assert session.pivots_on == "2024-06-01"
    assert SessionConfig.from_json(session.to_json()) == session


# --- what is told of a bad one ----------------------------------------------------------------------------------------

BAD = {
    "empty file": ("", "needs a mapping with 'sessions' and 'experiments'"),
    "a list": ("[]", "needs a mapping with 'sessions' and 'experiments'"),
    "no YAML": ("a: b: c", "line 1: not valid YAML: mapping values are not allowed here"),
    "a tab": ("sessions:\n\tdemo: {}", "line 2: not valid YAML: found character '\\t' that cannot start any token"),
    "key that is a list": (
        SESSION + "experiments: {a: }\n? [b]\n: 1",
        "line 3: not valid YAML: a key must be a plain word",
    ),
    "alias within itself": (SESSION + "experiments: {a: &x {b: *x}}", "line 2: not valid YAML: found unconstructable"),
    "written twice": (
        SESSION + "experiments:\n  a: {}\n  b: {}\n  a: {}",
        "line 5: 'a' is defined twice (first on line 3)",
    ),
    "twice, nested": (SESSION + "experiments: {a: {joint: true, joint: false}}", "line 2: 'joint' is defined twice"),
    "unknown part": (SESSION + "experiments: {a: }\ndefault: {}", "unknown key 'default' (did you mean 'defaults'?)"),
    "no sessions": ("experiments: {a: }", "needs 'sessions:' with at least one session"),
    "sessions a list": ("sessions: [demo]\nexperiments: {a: {session: demo}}", "needs 'sessions:' with at least one"),
    "no experiments": (SESSION, "needs 'experiments:' with at least one experiment"),
    "parts empty": (SESSION + "experiments: {a: }\ndefaults:", "defaults: must be a mapping, not None"),
    "session name": (
        "sessions: {A b: {source: simulated}}\nexperiments: {a: }",
        "sessions.A b: a session's name is made",
    ),
    "no source": (
        "sessions: {a: {}}\nexperiments: {a: }",
        "sessions.a.source: must be one of simulated, tallgrass, voteview",
    ),
    "no path": (
        "sessions: {a: {source: voteview, congress: 1}}\nexperiments: {a: }",
        "sessions.a: needs 'path' for source",
    ),
    "key of another source": (
        "sessions: {a: {source: simulated, path: x}}\nexperiments: {a: }",
        "sessions.a: unknown key 'path'",
    ),
    "file name with a folder": (
        "sessions: {a: {source: tallgrass, path: x, name: ../y}}\nexperiments: {a: }",
        "sessions.a.name: '../y' is not a file name",
    ),
    "congress": (
        "sessions: {a: {source: voteview, path: x, congress: 0}}\nexperiments: {a: }",
        "sessions.a.congress: must be a",
    ),
    "share": (
        SESSION.replace("d}", "d, min_minority_share: 0.5}") + "experiments: {a: }",
        "sessions.demo.min_minority_share: must",
    ),
    "scores that are not there": (
        SESSION.replace("d}", "d, external: no/scores.csv}") + "experiments: {a: }",
        "sessions.demo.external: no/scores.csv: cannot be read: No such file",
    ),
    "samplers": (
        SESSION + "platform: {samplers: 0}\nexperiments: {a: }",
        "platform.samplers: must be a whole number from 1",
    ),
    "setting in defaults": (
        SESSION + "defaults: {gates: {rhat: 1}}\nexperiments: {a: }",
        "defaults.gates.rhat: must be a number above 1",
    ),
}
for _name, _why in {
    "A": "a name is made of",
    "../x": "a name is made of",
    "2025": "a name is made of",
    "sessions": "'sessions' is",
}.items():
    BAD[f"name {_name}"] = (SESSION + f"experiments: {{{_name}: }}", f"experiments.{_name}: {_why}")
for _setting, _why in {
    "5": ": must be a mapping, not 5",
    "{beta_priors: 1}": ": unknown key 'beta_priors' (did you mean 'beta_prior'?)",
    "{beta_prior: normal}": ".beta_prior: must look like {distribution: normal, mu: 0, sigma: 1}",
    "{beta_prior: {distribution: cauchy}}": ".beta_prior: unknown distribution 'cauchy' (known: normal,",
    "{beta_prior: {distribution: normal, mu: 0, sgima: 1}}": ".beta_prior: normal: needs 'sigma'; unknown",
    "{beta_prior: {distribution: halfnormal, sigma: -1}}": ".beta_prior: halfnormal: sigma must be above 0, not -1",
    f"{{beta_prior: {{distribution: halfnormal, sigma: 1{'0' * 400}}}}}": ".beta_prior: int too large",
    "{joint: maybe}": ".joint: must be true, false or a mapping, not 'maybe'",
    "{joint: {alpha: 1}}": ".joint: unknown key 'alpha' (did you mean 'alpha_sigma'?)",
    "{joint: {alpha_sigma: 0}}": ".joint: alpha_sigma: must be a number above 0",
    "{chambers: house}": ".chambers: must be a list of house and senate, not 'house'",
    "{chambers: []}": ".chambers: must be a list",
    "{chambers: [house, house]}": ".chambers: names a chamber twice",
    "{description: 2025-01-01}": ".description: must be text",
    "{session: nowhere}": ".session: 'nowhere' is not declared under 'sessions'",
    "{coordinates: quick}": ".coordinates: must be one of fast, reference, not 'quick'",
    "{orient_bills: 1}": ".orient_bills: must be true or false, not 1",
    "{compare_with: nobody}": ".compare_with: there is no experiment 'nobody'",
    "{compare_with: a}": ".compare_with: 'a' is the experiment itself",
    "{sampling: {jitter: 1}}": ".sampling: unknown key 'jitter' (known: sampler, draws,",
    "{sampling: {sampler: stan}}": ".sampling.sampler: must be one of nutpie, pymc, not 'stan'",
    "{sampling: {draws: 1e3}}": ".sampling.draws: must be a whole number from 10 to 2147483647, not '1e3'",
    "{sampling: {chains: true}}": ".sampling.chains: must be a whole number from 2 to 64, not True",
    "{sampling: {chains: 1}}": ".sampling.chains: must be a whole number from 2",
    "{sampling: {target_accept: 1}}": ".sampling.target_accept: must be a number above 0.5 and below 1, not 1",
    "{gates: {rhat: .nan}}": ".gates.rhat: must be a number above 1",
    "{gates: 3}": ".gates: must be a mapping, not 3",
    "{filters: {min_vote: 3}}": ".filters: unknown key 'min_vote' (did you mean 'min_votes'?)",
    "{filters: {min_minority_share: 0.5}}": ".filters.min_minority_share: must be a number at least 0 and below 0.5",
}.items():
    BAD[_setting[:60]] = (SESSION + f"experiments: {{a: {_setting}}}", f"experiments.a{_why}")
for _setting, _why in {
    "caucus: Democrat": "caucus: must be a mapping such as {Independent: Democrat}, not 'Democrat'",
    "caucus: {Green: Labour}": "caucus: Green: must be one of Democrat, Republican, none, not 'Labour'",
    "caucus: {Green: 100}": "caucus: Green: must be one of Democrat, Republican, none, not 100",
    "caucus: {true: Democrat}": "caucus: True is neither a party nor the id of a member",
    "caucus: {41300: none, '41300': Democrat}": "caucus: '41300' is named twice",
    "pivots: 0.6": "pivots: must be a list of majorities such as [0.5, 0.6, 2/3], not 0.6",
    "pivots: [0.6, 1.2]": "pivots: 1.2 is not a share of the seats from 1/2 up to but not including 1",
    "title: ''": "title: must be one line of at most 120 characters, not ''",
    'title: "a\\nb"': "title: must be one line of at most 120 characters, not 'a\\nb'",
    "chamber_names: Assembly": "chamber_names: must be a mapping such as {house: Assembly, senate: Senate}",
    "chamber_names: {hose: Assembly}": "chamber_names: unknown key 'hose' (did you mean 'house'?)",
    "chamber_names: {house: <b>}": "chamber_names: house: must be a name of up to 40 letters such as",
    "chamber_names: {house: the Assembly}": "chamber_names: house: 'the Assembly': leave out the article",
    "chamber_names: {house: Senate}": "chamber_names: both chambers are called 'Senate'",
    "pivots_on: last summer": "pivots_on: must be a date such as 2024-06-01, not 'last summer'",
}.items():
    BAD[_setting] = (SESSION.replace("d}", f"d, {_setting}}}") + "experiments: {a: }", f"sessions.demo.{_why}")
BAD["not a mapping, compared by default"] = (
    SESSION + "defaults: {compare_with: a}\nexperiments: {a: 5}",
    "experiments.a: must be a mapping, not 5",
)
BAD["oriented under a normal prior"] = (
    SESSION + "experiments: {a: {orient_bills: true}}",
    "experiment 'a': orient_bills needs a positive beta prior",
)
BAD["joint of one chamber"] = (
    SESSION + "experiments: {a: {chambers: [house], joint: true}}",
    "experiment 'a': a joint model needs both chambers",
)


@pytest.mark.parametrize(("text", "problem"), BAD.values(), ids=BAD)
def test_a_problem_is_named_and_alone(load, text, problem):
    (line,) = problems(load, text)
    assert line.startswith(problem)


def test_comparison_with_another_session_is_a_problem_where_it_is_asked_for(load):
    text = SESSION.replace("}}", "}, t: {source: simulated}}") + "experiments: {a: {session: t, compare_with: b}, b: }"
    assert problems(load, text) == ["experiments.a.compare_with: 'b' is on another session"]


def test_all_problems_come_in_one_message(load):
    text = """
sessions:
  demo: {source: simulated, sed: 3}
  old: {source: voteview}
platform: {samplers: many}
defaults:
  gates: {esss: 3}
experiments:
  Good: {}
  a: {beta_prior: {distribution: normal}, session: nowhere, joint: 7}
  b: {sampling: {draws: 0, tune: 0}}
  c: {}
  c: {}
"""
    assert len(problems(load, text)) == 12


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("absent.yaml", None, "no such file"),
        (".", None, "cannot be read"),
        ("latin.yaml", b"a: \xe9", "not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, name, content, problem):
    path = tmp_path / name
    if content:
        path.write_bytes(content)
    with pytest.raises(UserError, match=f"^{re.escape(str(path))}: {problem}"):
        load_experiments(path)


def test_an_experiment_made_in_python_is_checked_too():
    with pytest.raises(UserError, match="'comparison' is the name of a results folder"):
        ExperimentConfig("comparison")
    with pytest.raises(UserError, match="needs both chambers"):
        ExperimentConfig("a", chambers=("house",), joint=JointConfig())


# --- the file that comes with it, and its page ------------------------------------------------------------------------


def test_the_file_that_comes_with_it_spells_out_the_defaults_of_the_code():
    found = load_experiments(ROOT / "config/experiments.yaml")
    assert {"baseline", "positive_beta", "halfnormal", "lognormal"} <= set(found)
    plain = ExperimentConfig("baseline", found["baseline"].description, found["baseline"].session, joint=JointConfig())
    assert found["baseline"] == plain
    assert found["positive_beta"].units == ("house", "senate", "joint")
    assert found["positive_beta"].beta_prior.describe() == "LogNormal_reparam(mu=0, sigma=0.5)"
    assert all(config.compare_with == "baseline" for name, config in found.items() if name != "baseline")


def tables():
    """Heading -> key -> cells of config/README.md."""
    found: dict[str, dict[str, list[str]]] = {}
    heading = ""
    for line in (ROOT / "config/README.md").read_text().splitlines():
        if line.startswith("#"):
            heading = line.strip("# ")
        elif line.startswith("| `"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            found.setdefault(heading, {})[cells[0].strip("`")] = cells[1:]
    return found


def test_the_page_has_every_key_and_no_other():
    page = tables()
    assert set(page["defaults and experiments"]) == {*reading.EXPERIMENT_CHECKS, *reading.NESTED_CHECKS, VARY, FOLLOW}
    assert set(page["sampling"]) == set(sampling.SAMPLING_CHECKS)
    assert set(page["gates"]) == set(gates.GATE_CHECKS)
    assert set(page["filters"]) == set(FILTER_CHECKS)
    assert set(page["priors"]) == set(PRIOR_CHECKS)
    assert set(page["votes"]) == {*SELECTION_CHECKS, *LAPSE_CHECKS}
    assert set(page["members"]) == set(MEMBERS_CHECKS)
    assert set(page["early_stop"]) == set(running.EARLY_STOP_CHECKS)
    assert set(page["joint"]) == {f.name for f in dataclasses.fields(JointConfig)}
    assert set(page["platform"]) == {f.name for f in dataclasses.fields(PlatformConfig)}
    families = {
        name: cells for name, cells in page["beta_prior"].items() if name != "distribution"
    }  # the head of the table
    assert set(families) == set(FAMILIES)
    for family, cells in families.items():
        assert tuple(re.findall(r"`(\w+)`", cells[0])) == sum((way.names for way in FAMILIES[family].ways), ())
    every = {"source", *sessions.COMMON_SESSION_CHECKS}
    assert set(page["sessions"]) == every.union(*sessions.SESSION_CHECKS.values())
    for key, cells in page["sessions"].items():
        sources = {name for name, checks in sessions.SESSION_CHECKS.items() if key in checks}
        if key not in every:
            assert set(cells[0].split(", ")) == sources


@pytest.mark.parametrize(
    ("heading", "cls"),
    [
        ("sessions", SessionConfig),
        ("platform", PlatformConfig),
        ("sampling", SamplingConfig),
        ("gates", GateConfig),
        ("joint", JointConfig),
    ],
)
def test_the_page_has_the_defaults_of_the_code(heading, cls):
    defaults = {f.name: f.default for f in dataclasses.fields(cls)}
    compared = 0
    for key, cells in tables()[heading].items():
        shown = cells[-2]
        if shown.startswith("`"):
            assert yaml.safe_load(shown.strip("`")) == defaults[key]
            compared += 1
    assert compared
