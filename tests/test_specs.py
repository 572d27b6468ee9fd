"""What a result depends on: which code, which settings, and that nothing else does."""

import ast
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tallgrass_models import fingerprint, specs
from tallgrass_models.config import ExperimentConfig, GateConfig, JointConfig, SessionConfig, spec_hash
from tallgrass_models.priors import BetaPriorSpec

PACKAGE = fingerprint.PACKAGE
CONFIG = ExperimentConfig("positive", joint=JointConfig())
VOTEVIEW = SessionConfig("us", "voteview", "csv", "HS119")


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of the same files with next to nothing in them, that the fingerprints are taken of."""
    copy = tmp_path / "tallgrass_models"
    for path in PACKAGE.rglob("*.*"):
        if "__pycache__" not in path.parts:
            (copy / path.relative_to(PACKAGE)).parent.mkdir(parents=True, exist_ok=True)
            (copy / path.relative_to(PACKAGE)).write_text("VALUE = 1\n")
    monkeypatch.setattr(fingerprint, "PACKAGE", copy)
    return copy


def all_specs(config=CONFIG):
    """Every spec of an experiment, by the name of the file that it decides."""
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
    "models/a_new_module.py": HOUSE | JOINT | {"flat_house", "metrics"},
    "models/flat.py": {"flat_house"},
    "models/chamber.py": HOUSE | JOINT | {"metrics"},  # which the joint model builds on
    "models/joint.py": JOINT | {"metrics"},
    "priors.py": HOUSE | JOINT | {"flat_house", "metrics"},
    "sampling/with_nutpie.py": HOUSE | JOINT | {"flat_house", "metrics"},
    "votes/filters.py": {"data", "voteview data"},
    "votes/tallgrass_csv.py": {"data"},
    "votes/voteview.py": {"voteview data"},
    "votes/matching.py": JOINT | {"metrics", "comparison"},
    "votes/simulate.py": {"simulate"},
    "votes/pca.py": {"data", "voteview data", "link"},
    "linking/anchors.py": {"link"},
    "linking/names.py": {"link", "report"},
    "checking/joint_loo.py": {"link"},
    "linking/methods.py": {"link", "comparison"},
    "axis.py": {"link"},
    "comparison/verdict.py": {"comparison"},
    "diagnostics.py": {"house summary", "joint summary"},
    "checking/fit_statistics.py": {"house summary", "joint summary"},
    "checking/loo_compare.py": CHECKS | {"comparison", "link"},
    "checking/loo.py": CHECKS,
    "checking/reweight.py": set(),
    "wrong_sign.py": {"house summary", "joint summary"},
    "report/build.py": {"report"},
    "sources.py": {"house summary", "joint summary", "report"},
    "report/templates/report.html.j2": {"report"},
    "metrics.py": {"metrics"},
    "metrics.schema.json": {"metrics"},
    "steps.py": set(),
    "monitoring/platform.py": set(),
}


@pytest.mark.parametrize(("module", "expected"), CODE.items(), ids=CODE)
def test_an_edit_changes_the_specs_of_what_the_code_makes(package, module, expected):
    before = all_specs()
    with (package / module).open("a") as file:
        file.write("\nEDITED = 1\n")
    fingerprint._meaning.cache_clear()
    assert changed(before, all_specs()) == expected


def test_comments_docstrings_and_layout_change_nothing(package):
    for path in package.rglob("*.py"):
        shutil.copy(PACKAGE / path.relative_to(package), path)
    before = all_specs()
    for path in package.rglob("*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
                node.body[0] = ast.Expr(ast.Constant("Another docstring."))
        path.write_text("# a comment\n\n" + ast.unparse(tree))  # which also drops the comments and the layout
    fingerprint._meaning.cache_clear()
    assert changed(before, all_specs()) == set()


def test_a_docstring_is_not_any_other_text(package):
    path = package / "models/base.py"
    path.write_text('"""Docstring."""\n\ndef f():\n    x = "text"\n    return x\n')
    before = all_specs()
    path.write_text('"""Docstring."""\n\ndef f():\n    x = "other"\n    return x\n')
    fingerprint._meaning.cache_clear()
    assert "house" in changed(before, all_specs())


def test_a_missing_module_is_an_error(package):
    (package / "priors.py").unlink()
    with pytest.raises(FileNotFoundError, match=r"priors\.py"):
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

#: Carries settings and files from place to place; a change of results by it is a bug to be told in the changelog.
PLUMBING = {"__init__.py", "config.py", "errors.py", "files.py", "posterior.py"}


def imported(path):
    """Modules of the package that ``path`` imports, anywhere in it; ``from .votes import x`` leads to where x is.

    But for imports of types alone.
    """
    found, tree = set(), ast.parse(path.read_text())
    tree.body = [n for n in tree.body if not (isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = path.parents[node.level - 1]
            base = folder.joinpath(*(node.module or "").split(".")) if node.module else folder
            for candidate in (base / "__init__.py", base.with_suffix(".py")):
                if candidate.exists() and candidate.name != "__init__.py":
                    found.add(candidate)
            for name in node.names:
                if (base / f"{name.name}.py").exists():
                    found.add(base / f"{name.name}.py")
                elif (base / "__init__.py").exists():
                    found |= defined_in(base / "__init__.py", name.name)
    return found


def defined_in(package_init, name):
    for node in ast.walk(ast.parse(package_init.read_text())):
        if isinstance(node, ast.ImportFrom) and any((n.asname or n.name) == name for n in node.names):
            return {package_init.parent / f"{node.module}.py"}
    return set()


def reached(*names):
    todo, seen = [PACKAGE / name for name in names], set()
    while todo:
        path = todo.pop()
        if path not in seen and path.relative_to(PACKAGE).as_posix() not in PLUMBING:
            seen.add(path)
            todo += imported(path)
    return seen


#: `starts` and `reference` hold the joint model's functions too; only those use the matching of bills.
FOR_JOINT_ONLY = {PACKAGE / "votes" / fingerprint.MATCHING}
DATA = {*fingerprint.data_files("tallgrass"), *fingerprint.data_files("voteview")}
CHAIN = {
    "simulate": (["votes/simulate.py"], set(fingerprint.simulate_files())),
    "data": (["votes/session.py"], DATA),
    "flat": (["models/flat.py", "sampling/__init__.py"], {*fingerprint.model_files("flat"), *DATA, *FOR_JOINT_ONLY}),
    "chamber": (
        ["models/chamber.py", "sampling/__init__.py"],
        {*fingerprint.model_files("chamber"), *DATA, *FOR_JOINT_ONLY},
    ),
    "joint": (["models/joint.py", "sampling/__init__.py"], {*fingerprint.model_files("joint"), *DATA}),
    "summaries": (["unit_summary.py"], {*fingerprint.summary_files(), *fingerprint.model_files("joint"), *DATA}),
    "checks": (
        ["checking/unit_check.py", "checking/loo_store.py"],
        {*fingerprint.check_files(), *fingerprint.model_files("joint"), *DATA},
    ),
    "link": (
        ["linking/build.py", "axis_tables.py", "checking/joint_loo.py", "checking/loo_store.py"],
        {*fingerprint.link_files(), *fingerprint.check_files(), *fingerprint.model_files("joint"), *DATA},
    ),
    "comparison": (
        ["comparison/build.py"],
        {*fingerprint.comparison_files(), *fingerprint.check_files(), *fingerprint.model_files("joint"), *DATA},
    ),
    "report": (["report/build.py"], set(fingerprint.report_files())),
    "metrics": (["metrics.py"], set(fingerprint.metrics_files())),
}


@pytest.mark.parametrize(("entry", "covered"), CHAIN.values(), ids=CHAIN)
def test_every_module_that_a_step_imports_is_in_its_fingerprint_or_in_that_of_its_inputs(entry, covered):
    assert len(reached(*entry)) >= len(entry)
    assert not {path.relative_to(PACKAGE).as_posix() for path in reached(*entry) - covered}


def test_the_snakefile_needs_nothing_but_yaml():
    code = (
        f"import sys; sys.path[:0] = [{str(PACKAGE.parent)!r}, {str(Path(yaml.__file__).parents[1])!r}]\n"
        "import tallgrass_models.specs\n"
        "print(*{name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names))"
    )
    run = subprocess.run([sys.executable, "-IS", "-c", code], capture_output=True, text=True, check=True)
    foreign = {name for name in run.stdout.split() if "cython" not in name}  # of which YAML's C part is made
    assert foreign <= {"__main__", "tallgrass_models", "yaml", "_yaml"}


# --- files of a session -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "stem", "legislators"), [("tallgrass", "ks", "ks_legislators"), ("voteview", "HS119", "HS119_members")]
)
def test_session_files_are_plain_or_gzipped(tmp_path, source, stem, legislators):
    session = SessionConfig("s", source, str(tmp_path), stem)
    for name in (f"{stem}_votes.csv", f"{stem}_votes.csv.gz", f"{stem}_rollcalls.csv.gz"):
        (tmp_path / name).touch()
    assert specs.session_files(session) == {
        "votes": str(tmp_path / f"{stem}_votes.csv"),  # both are there
        "rollcalls": str(tmp_path / f"{stem}_rollcalls.csv.gz"),
        "legislators": str(tmp_path / f"{legislators}.csv"),  # neither is: the plain one is asked for
    }


def test_files_of_a_simulated_session_are_in_the_results():
    found = specs.session_files(SessionConfig("demo"), "elsewhere")
    assert found["votes"] == "elsewhere/sessions/demo/source/demo_votes.csv.gz"
    assert found.items() <= specs.simulated_files(SessionConfig("demo"), "elsewhere").items()
