"""Internals of Snakemake that the workflow borrows; no other module may use them.

`tests/test_borrowed.py` fails when a version of Snakemake no longer has them.

| borrowed | for | without it |
|---|---|---|
| ``workflow.global_resources``, ``workflow.register_resource`` | one limit on samplers for every run | every command line must say ``--resources mcmc=1``, or fits run side by side until each takes the sampler lock |
| ``workflow.local_exec``, ``workflow.dag.needrun_jobs()``, ``job.rule.name`` | the look at this machine before a sweep | the first job of a sweep looks; each fit does so anyway |

A limit in a profile would not do: any ``--resources`` on the command line drops a profile's whole key.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""  # noqa: E501 -- a table

from __future__ import annotations

from typing import Any


def limit_samplers(workflow: Any, samplers: int) -> None:
    """Let that many jobs with the resource ``mcmc`` run at once, unless the command line says another number."""
    if "mcmc" not in workflow.global_resources:
        workflow.register_resource("mcmc", samplers)


def will_sample_here(workflow: Any) -> bool:
    """Tell whether any of the jobs to come is a fit on this machine; call it once the jobs are known (``onstart``)."""
    return workflow.local_exec and any(job.rule.name.startswith("fit_") for job in workflow.dag.needrun_jobs())
