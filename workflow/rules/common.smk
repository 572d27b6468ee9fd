"""The checked experiments, the limit on samplers, and the look at this machine before a sweep.

Needs:  the experiments file: config/experiments.yaml, or another one by --config experiments=FILE
Makes:  nothing; a problem in that file ends Snakemake with one line each, in a dry run too
"""

import gc
import os
import sys
import time
from pathlib import Path

# Jobs find the console command beside the Python that runs Snakemake, activated or not.
os.environ.update(
    PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
)
# The jobs can be planned, and the workflow linted, in a checkout where nothing is installed.
source = Path(workflow.basedir).parent / "src"
if (source / "tallgrass_models").is_dir():
    sys.path.insert(0, str(source))

from tallgrass_models.config import needs, planning, snakemake_internals, specs
from tallgrass_models.config.reading import load_experiments_and_series
from tallgrass_models.config.session_files import file_arguments, session_inputs
from tallgrass_models.errors import UserError
from tallgrass_models.files.digests import damaged_files
from tallgrass_models.files.pictures import title_of
from tallgrass_models.monitoring import sweep

# Snakemake's jobs are millions of objects that stay; looking through all of them again and again for garbage took a
# seventh of the time to plan 1,000 experiments, and freed nothing.
gc.set_threshold(10_000, 20, 1000)

try:
    EXPERIMENTS_FILE = config.get("experiments", "config/experiments.yaml")
    EXPERIMENTS, SERIES = load_experiments_and_series(EXPERIMENTS_FILE)
except UserError as error:
    sys.exit(planning.as_errors(error))

SESSIONS = {e.session.name: e.session for e in EXPERIMENTS.values()}
# Any experiment on the votes in a folder: they have the same filters, and share the settings of the flat baseline.
ON_VOTES = {e.session.folder: e for e in EXPERIMENTS.values()}
PLATFORM = next(iter(EXPERIMENTS.values())).platform  # all have the same

BEGAN = time.time()
FOLDERS = [*EXPERIMENTS, "sessions", "comparison", "over_time"]
if problems := snakemake_internals.name_problems(
    workflow, ("experiments", "container"), FOLDERS, sys.argv
):
    sys.exit(planning.as_errors("\n".join(problems)))

# Snakemake would end with the name of a wildcard, or in a job with that of another file.
USED = [
    str(path)
    for session in SESSIONS.values()
    for path in (*session_inputs(session), session.external or "")
]
if odd := [path for path in USED if set(path) & set("{}\\")] or "\\" in os.getcwd():
    named = odd[0] if isinstance(odd, list) else os.getcwd()
    sys.exit(
        planning.as_errors(
            f"{named}: Snakemake cannot work with braces or a backslash in a path; rename it, or use `tallgrass-models run`"
        )
    )

snakemake_internals.limit_samplers(workflow, PLATFORM.samplers)
snakemake_internals.filter_terminal(workflow, sweep.LinePerStep(Path("results")))


def damaged_results():
    """Files of the configured experiments that are not as their steps wrote them.

    Without platform.json: to check the machine again would sample again what it comes before. What reads it names it.
    """
    everything = damaged_files(Path("results", folder) for folder in FOLDERS)
    found = [path for path in everything if path.name != "platform.json"]
    for path in found:
        print(
            f"{path}: damaged since its step wrote it; that step runs again",
            file=sys.stderr,
        )
    return found


snakemake_internals.make_again(workflow, damaged_results)
if "--unlock" not in sys.argv and (left := sweep.lock_left(Path.cwd())):
    print(left, file=sys.stderr)


wildcard_constraints:
    experiment=planning.constraint(EXPERIMENTS, planning.ANY_EXPERIMENT),
    session=planning.constraint(SESSIONS, planning.ANY_SESSION),
    votes=planning.constraint(ON_VOTES, planning.ANY_VOTES),
    chamber="house|senate",
    unit="house|senate|joint",
    series=planning.constraint(SERIES, planning.ANY_EXPERIMENT),


# Each fit looks at its machine again, wherever it runs; this spares a sweep on this machine its first job.
onstart:
    if snakemake_internals.will_sample_here(workflow):
        from tallgrass_models.monitoring.platform import sweep_problems

        largest = planning.largest_sampling(EXPERIMENTS.values())
        if problems := sweep_problems(largest, PLATFORM.allow):
            sys.exit(planning.as_errors(problems))


onerror:
    for line in sweep.kept_by_failed_fits(Path("results"), BEGAN, PLATFORM.extend):
        print(line, file=sys.stderr)
