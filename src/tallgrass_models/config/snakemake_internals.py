"""Internals of Snakemake that the workflow borrows; no other module may use them.

`tests/test_borrowed.py` fails when a version of Snakemake no longer has them.

| borrowed | for | without it |
|---|---|---|
| ``workflow.global_resources``, ``workflow.register_resource`` | one limit on samplers for every run | every command line must say ``--resources mcmc=1``, or fits run side by side until each takes the sampler lock |
| ``workflow.local_exec`` in the rules of fits | a thread for each chain on a cluster, whatever this machine has | ``set-threads`` in a profile |
| ``workflow.local_exec``, ``workflow.dag.needrun_jobs()``, ``job.rule.name`` | the check of this machine before a sweep | the first job of a sweep checks it, and each fit does so anyway |
| ``workflow.logger_manager.logger.handlers``, ``workflow.output_settings``, ``workflow.exec_mode``, ``workflow.modifier.is_main_snakefile()`` | a line for each step instead of fifteen | the terminal shows all that Snakemake says |
| ``WorkflowApi._workflow``, ``dag.needrun_jobs()``, ``dag.reason(job)`` with its sets of files, ``persistence.params_changed(job)`` | `tallgrass-models plan` | no plan in words |
| ``workflow._prepare_dag()``, ``dag.forcefiles`` | damaged results are made again | a run says "Nothing to be done" of them; what reads them names them |
| ``workflow.config_settings.config`` | the nearest name for a mistyped ``--config`` key | a key without effect |

A limit in a profile would not do: any ``--resources`` on the command line drops a profile's whole key.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""  # noqa: E501 -- a table

from __future__ import annotations

import ast
import contextlib
import difflib
import io
import logging
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import UserError


def limit_samplers(workflow: Any, samplers: int) -> None:
    """Let that many jobs with the resource ``mcmc`` run at once, unless the command line says another number."""
    if "mcmc" not in workflow.global_resources:
        workflow.register_resource("mcmc", samplers)


def will_sample_here(workflow: Any) -> bool:
    """Tell whether any of the jobs to come is a fit on this machine; call it once the jobs are known (``onstart``)."""
    return workflow.local_exec and any(job.rule.name.startswith("fit_") for job in workflow.dag.needrun_jobs())


def make_again(workflow: Any, find: Callable[[], Collection[Path]]) -> None:
    """Let the jobs run again that make the files which ``find`` names, as far as they belong to what is asked for.

    Jobs that Snakemake runs in processes of its own look at nothing.
    """
    if workflow.exec_mode.name != "DEFAULT":
        return
    prepare = workflow._prepare_dag

    def prepared(*args: Any, **options: Any) -> None:
        prepare(*args, **options)
        workflow.dag.forcefiles.update(path.as_posix() for path in find())

    workflow._prepare_dag = prepared


def filter_terminal(workflow: Any, line_per_step: logging.Filter) -> None:
    """Let a filter decide what the terminal shows, unless this is a dry run or the command line asks for more or less.

    Jobs that Snakemake runs in processes of its own, and a workflow that uses this one as a module, keep theirs.
    """
    asked = workflow.output_settings
    if asked.dryrun or asked.verbose or asked.printshellcmds or asked.quiet or asked.debug_dag:
        return
    if workflow.exec_mode.name != "DEFAULT" or not workflow.modifier.is_main_snakefile():
        return
    for handler in workflow.logger_manager.logger.handlers:
        if handler.name == "DefaultStreamHandler":
            handler.addFilter(line_per_step)


def name_problems(workflow: Any, keys: Collection[str], folders: Collection[str], argv: Iterable[str]) -> list[str]:
    """Return a message for each ``--config`` key that is not known, and for each target much like one that is.

    Parameters
    ----------
    workflow
        Snakemake's object.
    keys
        Keys of ``--config``.
    folders
        Folders of results, of experiments and others.
    argv
        The command line: Snakemake knows its targets only after it has read the rules.
    """
    problems = [
        f"--config {key}: no such key" + (f"; did you mean {near!r}?" if near else f"; known: {', '.join(keys)}")
        for key in workflow.config_settings.config or {}
        for near in [_nearest(key, keys)]
        if key not in keys
    ]
    for folder in (target.split("/")[1] for target in argv if re.match("results/[^/]+/.", target)):
        if folder not in folders and (near := _nearest(folder, folders)):
            problems.append(f"results/{folder}: no experiment {folder!r}; did you mean {near!r}?")
    return problems


def _nearest(name: str, known: Collection[str]) -> str | None:
    """Return the known name that is most like one that is not known."""
    return next(iter(difflib.get_close_matches(name, known, n=1)), None)


@dataclass(frozen=True)
class PlannedJob:
    """A job that Snakemake would run.

    Attributes
    ----------
    rule, wildcards, outputs, benchmark
        As in Snakemake.
    votes
        Inputs that are files of votes.
    missing
        Number of outputs that do not exist.
    incomplete
        Whether a run of it was cut off.
    forced
        Whether a file of it is damaged (`make_again`).
    updated
        Inputs newer than the outputs.
    follows
        Rules of jobs to come that make its inputs.
    old_params, new_params
        Parameters of its last run that are others now, and those of now.
    """

    rule: str
    wildcards: dict[str, str]
    outputs: tuple[str, ...]
    benchmark: str | None
    votes: tuple[str, ...]
    missing: int
    incomplete: bool
    forced: bool
    updated: tuple[str, ...]
    follows: tuple[str, ...]
    old_params: tuple[str, ...]
    new_params: tuple[str, ...]


def planned_jobs(snakefile: Path, targets: Collection[str], config: Mapping[str, str]) -> list[PlannedJob]:
    """Return the jobs that Snakemake would run for some targets, or for its default one, in the working directory.

    Raises
    ------
    UserError
        If Snakemake cannot plan them; its own messages stand on stderr.
    """
    from snakemake.api import SnakemakeApi
    from snakemake.exceptions import WorkflowError
    from snakemake.logging import logger
    from snakemake.settings.enums import Quietness
    from snakemake.settings.types import (
        ConfigSettings,
        DAGSettings,
        OutputSettings,
        RerunTrigger,
        ResourceSettings,
    )

    if not snakefile.is_file():
        raise UserError(
            f"{snakefile}: no such file; plan in the folder of a project, which `tallgrass-models init` makes"
        )
    # as in the default profile
    triggers = {RerunTrigger.MTIME, RerunTrigger.PARAMS, RerunTrigger.INPUT, RerunTrigger.SOFTWARE_ENV}
    output = OutputSettings(quiet={Quietness.ALL}, enable_file_logging=False)
    logger.propagate = False  # our own log would repeat it
    try:
        with SnakemakeApi(output) as api, contextlib.redirect_stdout(io.StringIO()):
            workflow = api.workflow(ResourceSettings(cores=1), ConfigSettings(config=dict(config)), snakefile=snakefile)
            settings = DAGSettings(targets=set(targets), rerun_triggers=triggers, force_incomplete=True)
            workflow.dag(settings).printrulegraph()  # unlike a dry run this finishes no job, so the reasons stay
            dag = workflow._workflow.dag
            return [_planned(job, dag) for job in sorted(dag.needrun_jobs(), key=dag.jobid)]
    except WorkflowError as error:
        raise UserError(f"{snakefile}: {error}") from None
    finally:
        logger.propagate = True


def _planned(job: Any, dag: Any) -> PlannedJob:
    reason, makers = dag.reason(job), dag.dependencies[job]
    changed = dag.workflow.persistence.params_changed(job)  # also of a job that runs for another reason
    return PlannedJob(
        job.rule.name,
        dict(job.wildcards_dict),
        tuple(map(str, job.output)),
        str(job.benchmark) if job.benchmark else None,
        tuple(path for path in map(str, job.input) if re.search(r"sessions/.*/(house|senate)\.nc$", path)),
        len(reason.missing_output),
        bool(reason.incomplete_output),
        bool(reason.forced),
        tuple(map(str, reason.updated_input)),
        tuple(dict.fromkeys(maker.rule.name for maker in makers if dag.needrun(maker))),
        tuple(sorted(map(_as_given, changed.only_old))),
        tuple(sorted(map(_as_given, changed.only_new))),
    )


def _as_given(recorded: str) -> str:
    """Return a parameter as the rule has it; Snakemake keeps texts as Python writes them."""
    with contextlib.suppress(ValueError, SyntaxError):
        return str(ast.literal_eval(recorded))
    return recorded
