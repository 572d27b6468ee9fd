"""What `from tallgrass_models import ...` gives, and what it costs: each case in a fresh process."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tallgrass_models

#: Public name, and the module that defines it.
NAMES = {
    "BetaPriorSpec": "tallgrass_models.priors.spec",
    "PRODUCTION_BETA": "tallgrass_models.priors.spec",
    "JOINT_BETA": "tallgrass_models.priors.spec",
    "PlatformCheck": "tallgrass_models.monitoring.platform",
    "ExperimentLifecycle": "tallgrass_models.monitoring.lifecycle",
    "ExperimentConfig": "tallgrass_models.config.experiments",
    "ExperimentResult": "tallgrass_models.steps.result",
    "JointConfig": "tallgrass_models.config.joint",
    "SessionConfig": "tallgrass_models.config.sessions",
    "SamplingConfig": "tallgrass_models.config.sampling",
    "UserError": "tallgrass_models.errors",
    "load_experiments": "tallgrass_models.config.reading",
    "preview_experiment": "tallgrass_models.steps.preview",
    "run_experiment": "tallgrass_models.steps.runner",
    "compare_experiments": "tallgrass_models.steps.runner",
    "fit": "tallgrass_models.steps.arrays",
}
HEAVY = ("numpy", "pandas", "xarray", "pymc", "numba", "scipy")


def fresh(code):
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


def test_the_lists_are_whole():
    """For people, for `__getattr__`, and for type checkers and editors, which only see the imports of types."""
    assert set(NAMES) == set(tallgrass_models.__all__) - {"__version__"} == set(tallgrass_models._HOMES)
    tree = ast.parse(Path(tallgrass_models.__file__).read_text())
    (block,) = (n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")
    seen = {alias.name: node.module for node in block.body for alias in node.names}
    assert seen == tallgrass_models._HOMES


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_is_that_of_its_module(name):
    code = f"from tallgrass_models import {name} as found\nfrom {NAMES[name]} import {name} as own\nassert found is own"
    fresh(code)


def test_the_package_alone_imports_nothing_heavy():
    """Nor does listing its names, or reading a configuration."""
    code = (
        "import sys, tallgrass_models\n"
        "tallgrass_models.load_experiments, tallgrass_models.ExperimentConfig('a')\n"
        "print('run_experiment' in dir(tallgrass_models), *sys.modules)"
    )
    listed, *modules = fresh(code)
    assert listed == "True"
    assert "tallgrass_models.config.experiments" in modules
    assert not set(HEAVY) & set(modules)


def test_star_import_gives_them_all():
    found = fresh("from tallgrass_models import *\nprint(*globals())")
    assert set(NAMES) <= set(found)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'run_experiments'"):
        tallgrass_models.run_experiments  # noqa: B018
