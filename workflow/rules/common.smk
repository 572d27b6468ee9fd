"""The checked experiments, the limit on samplers, and what rules ask of the configuration.

Needs:  the experiments file: config/experiments.yaml, or another one by --config experiments=FILE
Makes:  nothing; a problem in that file ends Snakemake with one line each, in a dry run too
"""

import os
import re
import sys
from pathlib import Path

# Jobs find the console command beside the Python that runs Snakemake, activated or not.
os.environ.update(
    PATH=os.pathsep.join(
        [os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)]
    )
)
# The jobs can be planned, and the workflow linted, in a checkout where nothing is installed.
sys.path.insert(0, str(Path(workflow.basedir).parent / "src"))

from tallgrass_models.config import planning, specs
from tallgrass_models.config.experiments import load_experiments
from tallgrass_models.errors import UserError

try:
    EXPERIMENTS = load_experiments(config.get("experiments", "config/experiments.yaml"))
except UserError as error:
    sys.exit("\n".join(f"Error: {line}" for line in str(error).splitlines()))

SESSIONS = {e.session.name: e.session for e in EXPERIMENTS.values()}
# Experiments with the same filters share a folder of votes.
FOLDERS = {e.session.folder: e.session for e in EXPERIMENTS.values()}
WITH_JOINT = [e.name for e in EXPERIMENTS.values() if e.joint]

# One limit for all. Declared here and not in a profile: any --resources on the command line drops a profile's whole key.
any_experiment = next(iter(EXPERIMENTS.values()))
if "mcmc" not in workflow.global_resources:
    workflow.register_resource("mcmc", any_experiment.platform.samplers)


wildcard_constraints:
    experiment="|".join(EXPERIMENTS),
    session="|".join(SESSIONS),
    votes="|".join(re.escape(folder) for folder in FOLDERS),
    chamber="house|senate",
    unit="house|senate|joint",


def experiment(wildcards):
    """The configuration of the experiment."""
    return EXPERIMENTS[wildcards.experiment]


def chains_at_once(sampling):
    """Threads of a fit: more chains than this machine has CPUs would take turns, and keep other jobs from starting."""
    return min(sampling.chains, os.cpu_count() or 1)


def session_folder(wildcards):
    """Folder of what experiments on the same session with the same filters share."""
    return f"results/sessions/{experiment(wildcards).session.folder}"


def unit_chambers(wildcards):
    """The chambers of a unit, House first."""
    return ["house", "senate"] if wildcards.unit == "joint" else [wildcards.unit]


def flat_experiment(wildcards):
    """Any experiment on these votes: they share the settings of the flat baseline."""
    return next(e for e in EXPERIMENTS.values() if e.session.folder == wildcards.votes)


def summaries(wildcards):
    """What was fitted for the experiment, and nothing else: only the chambers it names, joint only where asked for."""
    return [
        f"results/{wildcards.experiment}/{unit}/summary.json"
        for unit in experiment(wildcards).units
    ]


def checks(wildcards):
    """The checks of what was fitted for the experiment."""
    return [
        f"results/{wildcards.experiment}/{unit}/check.json"
        for unit in experiment(wildcards).units
    ]


def compared_tables(wildcards, name):
    """A table of the experiment compared with, for the units that both have."""
    own = experiment(wildcards)
    if own.compare_with is None:
        return []
    other = EXPERIMENTS[own.compare_with]
    return [
        f"results/{other.name}/{unit}/{name}.csv"
        for unit in own.units
        if unit in other.units
    ]


def truth(wildcards):
    """The members' true ideal points, where the session is simulated."""
    session = experiment(wildcards).session
    if session.source != "simulated":
        return []
    return specs.simulated_files(session)["truth_legislators"]


def largest_sampling(wildcards):
    """The sampling settings of the session's experiments that ask most of a machine."""
    return planning.largest_sampling(EXPERIMENTS.values(), wildcards.session)


def will_sample():
    """Whether any of the jobs to come is a fit."""
    return any(job.rule.name.startswith("fit_") for job in workflow.dag.needrun_jobs())


# Each fit looks at its machine again, wherever it runs; this spares a sweep on this machine its first job.
onstart:
    if workflow.local_exec and will_sample():
        from tallgrass_models.monitoring.platform import Plan, PlatformCheck, fatal

        largest = planning.largest_sampling(EXPERIMENTS.values())
        check = PlatformCheck.current(sampler=largest.sampler)
        plan = Plan(largest.limit, largest.sampler)
        if problems := fatal(
            check.validate(largest.chains, plan, any_experiment.platform.allow)
        ):
            sys.exit(
                "\n".join(
                    f"Error: platform check: {problem}" for problem in problems
                )
            )
