"""What a result depends on: which code, which settings, and that nothing else does."""

import ast
import json
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tallgrass_models.config import fingerprint, specs
from tallgrass_models.config.experiments import ExperimentConfig, JointConfig, spec_hash
from tallgrass_models.config.gates import GateConfig
from tallgrass_models.config.session_files import session_files, simulated_files
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.priors.spec import BetaPriorSpec

PACKAGE = fingerprint.PACKAGE
CONFIG = ExperimentConfig("positive", joint=JointConfig())
VOTEVIEW = SessionConfig("us", "voteview", "csv", options={"congress": 119})


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The package's files, copied where they can be edited."""
    copy = tmp_path_factory.mktemp("copied") / "tallgrass_models"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    return copy


@pytest.fixture
def package(copied, monkeypatch):
    """The copied package, of which the fingerprints are taken."""
    monkeypatch.setattr(fingerprint, "PACKAGE", copied)
    yield copied
    fingerprint.fingerprint.cache_clear()


@contextmanager
def edited(path, text):
    """A file with other text, for a while."""
    before = path.read_text()
    path.write_text(text)
    try:
        yield
    finally:
        path.write_text(before)


def all_specs(config=CONFIG):
    """Every spec of an experiment, by the name of the file that it decides; files are read anew."""
    fingerprint.fingerprint.cache_clear()
    made = {
        "simulate": specs.simulate_spec_json(config.session),
        "data": specs.data_spec_json(config.session),
        "voteview data": specs.data_spec_json(VOTEVIEW),
        "link": specs.link_spec_json(config),
        "report": specs.report_spec_json(config),
        "metrics": specs.metrics_spec_json(config),
        "comparison": specs.comparison_spec_json([config.name, "baseline"]),
    }
    for unit in ("house", "joint", "flat_house"):
        made[unit] = specs.fit_spec_json(config, unit)
    for unit in ("house", "joint"):
        made[f"{unit} summary"] = specs.summary_spec_json(config, unit)
        made[f"{unit} check"] = specs.check_spec_json(config, unit)
    return made


def changed(before, after):
    return {name for name in before if before[name] != after[name]}


HOUSE, JOINT = ({unit, f"{unit} summary", f"{unit} check", "link"} for unit in ("house", "joint"))
CHECKS = {"house check", "joint check"}
CODE = {
    "models/base.py": HOUSE | JOINT | {"flat_house", "metrics"},
    "priors/constants.py": HOUSE | JOINT | {"flat_house", "metrics", "report"},
    "votes/unit.py": CHECKS | {"comparison", "link", "metrics", "report"},
    "models/fast/flat.py": {"flat_house"},
    "models/fast/chamber.py": HOUSE | {"metrics"},
    "models/fast/chamber_forms.py": HOUSE | JOINT | {"metrics"},  # which the joint model builds on
    "models/compiled/logits.py": HOUSE | JOINT | {"flat_house", "metrics"},
    "models/fast/joint.py": JOINT | {"metrics"},
    "priors/spec.py": HOUSE | JOINT | {"flat_house", "metrics", "report"},
    "sampling/with_nutpie.py": HOUSE | JOINT | {"flat_house", "metrics"},
    "votes/filters.py": {"data", "voteview data"},
    "votes/readers/tallgrass.py": {"data"},
    "votes/readers/voteview.py": {"voteview data"},
    "votes/matching.py": (HOUSE - {"house"}) | JOINT | {"metrics", "comparison"},
    "votes/simulator/tables.py": {"simulate"},
    "votes/components.py": {"data", "voteview data"},  # the link is made from these data
    "linking/anchors.py": {"link"},
    "files/names.py": CHECKS | {"link", "metrics", "report"},
    "files/forms.py": HOUSE | JOINT | {"metrics", "report"},
    "files/json.py": set(),
    "checking/joint_loo.py": {"link"},
    "linking/methods.py": {"link"},
    "linking/curves.py": {"link"},
    "linking/axis.py": {"link"},
    "comparison/verdict.py": {"comparison"},
    "summary/gates.py": {"house summary", "joint summary"},
    "summary/classification.py": {"house summary", "joint summary"},
    "checking/loo_compare.py": CHECKS | {"comparison", "link"},
    "checking/loo.py": CHECKS | {"comparison", "link"},
    "checking/reweight.py": set(),
    "summary/wrong_sign_bills.py": {"house summary", "joint summary"},
    "report/report_page.py": {"report"},
    "votes/sources.py": {"house summary", "joint summary", "report"},
    "report/templates/base.html.j2": {"report"},
    "metrics/build.py": {"metrics"},
    "metrics/records/fit.py": {"metrics"},
    "metrics/metrics.schema.json": {"metrics"},
    "steps/fitting.py": set(),
    "monitoring/platform.py": set(),
}


@pytest.mark.parametrize(("module", "expected"), CODE.items(), ids=CODE)
def test_an_edit_changes_the_specs_of_what_the_code_makes(package, module, expected):
    before = all_specs()
    with edited(package / module, (package / module).read_text() + "\nEDITED = 1\n"):
        assert changed(before, all_specs()) == expected


def test_a_module_counts_once_it_is_imported(package):
    before = all_specs()
    (package / "votes" / "of_late.py").write_text("VALUE = 1\n")
    assert changed(before, all_specs()) == set()
    filters = (package / "votes/filters.py").read_text()
    with edited(package / "votes/filters.py", filters + "\n\ndef late():\n    from .of_late import VALUE\n"):
        imported = all_specs()
        with edited(package / "votes/of_late.py", "VALUE = 2\n"):
            assert changed(imported, all_specs()) == {"data", "voteview data"}


def test_comments_docstrings_and_layout_change_nothing(package):
    before, texts = all_specs(), {path: path.read_text() for path in package.rglob("*.py")}
    for path, text in texts.items():
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
                node.body[0] = ast.Expr(ast.Constant("Another docstring."))
        path.write_text("# a comment\n\n" + ast.unparse(tree))  # which also drops the comments and the layout
    after = all_specs()
    for path, text in texts.items():
        path.write_text(text)
    assert changed(before, after) == set()


def test_a_docstring_is_not_any_other_text(package):
    path = package / "models/base.py"
    code = path.read_text() + '\n\ndef f():\n    """Docstring."""\n    return "text"\n'
    with edited(path, code):
        before = all_specs()
    with edited(path, code.replace("Docstring", "Another docstring")):
        assert changed(before, all_specs()) == set()
    with edited(path, code.replace('"text"', '"other"')):
        assert "house" in changed(before, all_specs())


def test_a_missing_module_is_an_error(package, monkeypatch):
    work = {**fingerprint.WORK, "report": fingerprint.Work(("report.nowhere",))}
    monkeypatch.setattr(fingerprint, "WORK", work)
    with pytest.raises(FileNotFoundError, match=r"nowhere\.py"):
        all_specs()


SETTINGS = {
    "description": ({"description": "other"}, {"report", "metrics"}),
    "name": ({"name": "other"}, {"report", "metrics", "comparison"}),
    "comparison": ({"compare_with": "baseline"}, {"report", "metrics"}),
    "thresholds": ({"gates": GateConfig(ess=1)}, {"house summary", "joint summary", "report", "metrics"}),
    "prior of the chambers": ({"beta_prior": BetaPriorSpec("halfnormal", {"sigma": 1})}, HOUSE | {"report", "metrics"}),
    "prior of the joint model": (
        {"joint": JointConfig(BetaPriorSpec("halfnormal", {"sigma": 1}))},
        JOINT | {"report", "metrics"},
    ),
    "joint": ({"joint": JointConfig(alpha_sigma=3.0)}, JOINT | {"report", "metrics"}),
    "draws": (
        {"sampling": replace(CONFIG.sampling, draws=10)},
        HOUSE | JOINT | {"report", "metrics"},
    ),
    "draws of the baseline": (
        {"flat_sampling": replace(CONFIG.sampling, draws=10)},
        {"flat_house", "report", "metrics"},
    ),
    "coordinates": ({"coordinates": "reference"}, HOUSE | JOINT | {"report", "metrics"}),
    "seed of the session": (
        {"session": replace(CONFIG.session, seed=1)},
        {"simulate", "data", "report", "metrics"},
    ),
    "external scores": ({"session": replace(CONFIG.session, external="scores.csv")}, {"report", "metrics"}),
    "restarts": ({"sampling": replace(CONFIG.sampling, restarts=1)}, HOUSE | JOINT | {"report", "metrics"}),
    "filters": ({"session": replace(CONFIG.session, min_votes=1)}, {"data", "report", "metrics"}),
    "selection": (
        {"session": replace(CONFIG.session, selection={"passage_only": True})},
        {"data", "report", "metrics"},
    ),
}


@pytest.mark.parametrize(("change", "expected"), SETTINGS.values(), ids=SETTINGS)
def test_a_setting_changes_the_specs_of_what_it_decides(change, expected):
    assert changed(all_specs(), all_specs(replace(CONFIG, **change))) == expected


def test_orientation_is_a_matter_of_positive_priors():
    """The chambers of this experiment have a normal prior."""
    assert (CONFIG.prior("house").positive, CONFIG.prior("joint").positive) == (False, True)
    oriented = replace(CONFIG, orient_bills=True)
    assert changed(all_specs(), all_specs(oriented)) == JOINT | {"report", "metrics"}


def test_specs_are_canonical_and_carry_what_the_commands_read():
    for text in all_specs().values():
        assert json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")) == text
    joint = specs.fit_spec_json(CONFIG, "joint")
    assert json.loads(specs.summary_spec_json(CONFIG, "joint"))["fit_hash"] == spec_hash(joint)
    assert json.loads(specs.metrics_spec_json(CONFIG))["fit_hashes"]["joint"] == spec_hash(joint)
    assert spec_hash(json.loads(joint)) == spec_hash(joint)


# --- imports ----------------------------------------------------------------------------------------------------------


#: Imports the modules of its arguments and prints what imported what, as Python itself did it.
WATCHED = """
import builtins, importlib, importlib.util, sys
edges, plain = set(), builtins.__import__
def watched(name, globals=None, locals=None, fromlist=(), level=0):
    made = plain(name, globals, locals, fromlist, level)
    if globals and str(globals.get("__name__")).startswith("tallgrass_models"):
        full = importlib.util.resolve_name("." * level + name, globals["__package__"]) if level else name
        for target in (full, *(f"{full}.{part}" for part in fromlist or ())):
            if target in sys.modules and target.startswith("tallgrass_models"):
                edges.add((globals["__name__"], target))
    return made
builtins.__import__ = watched
for name in sys.argv[1:]:
    importlib.import_module(name)
for pair in sorted(edges):
    print(*pair)
"""


def file_of(module):
    """The file of a module, named from the package with slashes."""
    path = module.partition(".")[2].replace(".", "/")
    return f"{path}.py" if (PACKAGE / f"{path}.py").exists() else f"{path}/__init__.py".lstrip("/")


@pytest.mark.parametrize("result", fingerprint.WORK)
def test_every_module_that_python_loads_for_a_result_counts(result):
    """Python's own answer: what the entries of the work import, and what that imports, but for the plumbing's."""
    entries = [f"tallgrass_models.{name}" for name in fingerprint.WORK[result].entries]
    run = subprocess.run([sys.executable, "-c", WATCHED, *entries], capture_output=True, text=True, check=True)
    edges = [line.split() for line in run.stdout.splitlines()]
    todo, loaded = list(entries), set()
    while todo:
        module = todo.pop()
        if file_of(module) not in loaded and not fingerprint.is_plumbing(file_of(module)):
            loaded.add(file_of(module))
            todo += [target for source, target in edges if source == module]
    counted = fingerprint.code_of(result).union(*(fingerprint.code_of(r) for r in fingerprint.WORK[result].after))
    assert loaded >= {file_of(entry) for entry in entries}
    left_out = {file_of(f"tallgrass_models.{name}") for name in fingerprint.WORK[result].without}
    assert loaded - {path.relative_to(PACKAGE).as_posix() for path in counted} <= left_out


def test_plumbing_names_what_is_there():
    assert [name for name in fingerprint.PLUMBING if not (PACKAGE / name).exists()] == []


def test_the_snakefile_needs_nothing_but_yaml():
    code = (
        f"import sys; sys.path[:0] = [{str(PACKAGE.parent)!r}, {str(Path(yaml.__file__).parents[1])!r}]\n"
        "import tallgrass_models.config.specs\n"
        "print(*{name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names))"
    )
    run = subprocess.run([sys.executable, "-IS", "-c", code], capture_output=True, text=True, check=True)
    foreign = {name for name in run.stdout.split() if "cython" not in name}  # of which YAML's C part is made
    assert foreign <= {"__main__", "tallgrass_models", "yaml", "_yaml"}


# --- files of a session -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "stem", "options", "legislators"),
    [("tallgrass", "ks", {}, "ks_legislators"), ("voteview", "HS119", {"congress": 119}, "HS119_members")],
)
def test_session_files_are_plain_or_gzipped(tmp_path, source, stem, options, legislators):
    session = SessionConfig("s", source, str(tmp_path), stem, options=options)
    for name in (f"{stem}_votes.csv", f"{stem}_votes.csv.gz", f"{stem}_rollcalls.csv.gz"):
        (tmp_path / name).touch()
    assert session_files(session) == {
        "votes": [str(tmp_path / f"{stem}_votes.csv")],  # both are there
        "rollcalls": [str(tmp_path / f"{stem}_rollcalls.csv.gz")],
        "legislators": [str(tmp_path / f"{legislators}.csv")],  # neither is: the plain one is asked for
    }


def test_files_of_a_simulated_session_are_in_the_results():
    found = session_files(SessionConfig("demo"), "elsewhere")
    assert found["votes"] == ["elsewhere/sessions/demo/source/demo_votes.csv.gz"]
    made = simulated_files(SessionConfig("demo"), "elsewhere")
    assert found == {role: [made[role]] for role in ("votes", "rollcalls", "legislators")}
