"""What is borrowed from inside other libraries is still there, and does what our modules say it does.

A test that fails here after an upgrade names the module to mend, whose docstring says what breaks meanwhile.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tallgrass_models.config import snakemake_internals

SRC = Path(snakemake_internals.__file__).parents[2]

SNAKEFILE = """\
import sys
sys.path.insert(0, {src!r})
from tallgrass_models.config import snakemake_internals
snakemake_internals.limit_samplers(workflow, 3)

onstart:
    print("will sample:", snakemake_internals.will_sample_here(workflow))

rule all:
    input: ["{target}"]

rule fit_one:
    output: "fit"
    resources: mcmc=1
    shell: "touch {{output}}"

rule other:
    input: "fit"
    output: "other"
    shell: "touch {{output}}"
"""


@pytest.fixture
def seen(tmp_path):
    """Run the Snakefile above; return the limit on ``mcmc`` as Snakemake tells it, and whether a fit is to come."""

    def run(target, *args):
        (tmp_path / "Snakefile").write_text(SNAKEFILE.format(src=str(SRC), target=target))
        command = [sys.executable, "-m", "snakemake", "--cores", "1", "--quiet", "rules", *args]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"config/snakemake_internals.py: {done.stderr}"
        limit = re.search(r"^Provided resources: .*mcmc\D*(\d+)", done.stderr, re.M)
        return limit and int(limit[1]), re.search("will sample: (.*)", done.stdout)[1]

    return run


def test_snakemake_has_a_limit_on_samplers_and_knows_whether_a_fit_will_run(seen, tmp_path):
    assert seen("other") == (3, "True")
    os.remove(tmp_path / "other")
    assert seen("other", "--resources", "mcmc=2") == (2, "False")
