"""Known-truth lab of a fit, on demand: simulated sessions with its members and absences, refitted, a job for each.

Needs:  results/sessions/{votes}/{chamber}.nc; results/{experiment}/{unit}/posterior.nc if truths are draws of the fit
Makes:  results/{experiment}/lab/{unit}_{origin}_{n}.json of n replicates, and a file of each replicate
"""


rule fit_lab:
    """Fit votes that are drawn from a known truth, and compare with it."""
    input:
        data=lambda wc: planning.vote_files(EXPERIMENTS[wc.experiment], wc.unit),
        posterior=lambda wc: (
            [f"results/{wc.experiment}/{wc.unit}/posterior.nc"]
            if wc.origin == "fitted"
            else []
        ),
    output:
        "results/{experiment}/lab/{unit}_{origin}/replicate_{replicate}.json",
    log:
        "results/{experiment}/logs/fit_lab_{unit}_{origin}_{replicate}.log",
    benchmark:
        "results/{experiment}/benchmarks/fit_lab_{unit}_{origin}_{replicate}.tsv"
    wildcard_constraints:
        origin="fitted|prior",
        replicate=r"\d+",
    threads:
        lambda wc: planning.chains_at_once(
            EXPERIMENTS[wc.experiment].sampling, workflow.local_exec
        )
    resources:
        mcmc=1,
        mem_mb=lambda wc, input, attempt: needs.fit_memory(
            input.data,
            EXPERIMENTS[wc.experiment].sampling,
            attempt,
            EXPERIMENTS[wc.experiment].model.structure,
        ),
        runtime=lambda wc, input, attempt, threads: needs.fit_minutes(
            input.data,
            EXPERIMENTS[wc.experiment].sampling,
            threads,
            attempt,
            EXPERIMENTS[wc.experiment].model.structure,
        ),
        options=lambda wc: EXPERIMENTS[wc.experiment].run_options(wc.unit).to_json(),
    params:
        spec=lambda wc: specs.lab_spec_json(
            EXPERIMENTS[wc.experiment], wc.unit, wc.origin, int(wc.replicate)
        ),
        live="results/{experiment}/lab/{unit}_{origin}/replicate_{replicate}.live",
    shell:
        "exec tallgrass-models fit-lab --spec {params.spec:q} --data {input.data:q} --posterior {input.posterior:q}"
        " --options {resources.options:q} --live {params.live:q}"
        " --cores {threads} --out {output:q} > {log:q} 2>&1"


rule lab_pool:
    """Put the replicates of a lab together."""
    input:
        lambda wc: planning.lab_files(wc.experiment, wc.unit, wc.origin, int(wc.n)),
    output:
        "results/{experiment}/lab/{unit}_{origin}_{n}.json",
    log:
        "results/{experiment}/logs/lab_{unit}_{origin}_{n}.log",
    wildcard_constraints:
        origin="fitted|prior",
        n=r"\d+",
    params:
        spec=lambda wc: specs.lab_pool_spec_json(
            EXPERIMENTS[wc.experiment], wc.unit, wc.origin, int(wc.n)
        ),
    shell:
        "exec tallgrass-models lab-pool --spec {params.spec:q} --replicates {input:q} --out {output:q} > {log:q} 2>&1"
