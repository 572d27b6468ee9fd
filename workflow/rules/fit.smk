"""Everything that samples. Each fit takes one slot of the resource `mcmc`, and goes before other jobs.

Flat baselines go first, since every summary waits for them, and joint models before chambers, since they take longest
to check; summaries and checks fill the time of later fits.

How a fit is run (sampler slots, when to give up) is a resource and not a parameter: it changes no result, so a change of
it is no reason to sample again. `live` holds the fit's status and its draws so far. It is a parameter and not an output,
because Snakemake removes the outputs of a job that failed.

Needs:  results/sessions/{votes}/{chamber}.nc, results/{experiment}/platform.json
Makes:  results/sessions/{votes}/flat_{chamber}.nc, results/{experiment}/{unit}/posterior.nc
"""


rule fit_flat:
    """Sample the baseline without parties, once per chamber and filters."""
    input:
        data="results/sessions/{votes}/{chamber}.nc",
    output:
        ensure("results/sessions/{votes}/flat_{chamber}.nc", non_empty=True),
    log:
        "results/sessions/{votes}/logs/flat_{chamber}.log",
    benchmark:
        "results/sessions/{votes}/benchmarks/flat_{chamber}.tsv"
    priority: 3
    threads:
        lambda wc: planning.chains_at_once(
            ON_VOTES[wc.votes].flat_sampling, workflow.local_exec
        )
    resources:
        mcmc=1,
        mem_mb=lambda wc, input, attempt: needs.fit_memory(
            input.data, ON_VOTES[wc.votes].flat_sampling, attempt
        ),
        runtime=lambda wc, input, attempt, threads: needs.fit_minutes(
            input.data, ON_VOTES[wc.votes].flat_sampling, threads, attempt
        ),
        options=lambda wc: ON_VOTES[wc.votes]
        .run_options(f"flat_{wc.chamber}")
        .to_json(),
    params:
        spec=lambda wc: specs.fit_spec_json(ON_VOTES[wc.votes], f"flat_{wc.chamber}"),
        live="results/sessions/{votes}/live/flat_{chamber}",
    shell:
        "exec tallgrass-models fit-flat --spec {params.spec:q} --data {input.data:q}"
        " --options {resources.options:q} --live {params.live:q}"
        " --cores {threads} --out {output:q} > {log:q} 2>&1"


rule fit_chamber:
    """Sample the hierarchical model of one chamber."""
    input:
        platform="results/{experiment}/platform.json",
        data=lambda wc: planning.vote_files(EXPERIMENTS[wc.experiment], wc.chamber),
    output:
        ensure("results/{experiment}/{chamber}/posterior.nc", non_empty=True),
    log:
        "results/{experiment}/logs/fit_{chamber}.log",
    benchmark:
        "results/{experiment}/benchmarks/fit_{chamber}.tsv"
    priority: 1
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
        options=lambda wc: EXPERIMENTS[wc.experiment].run_options(wc.chamber).to_json(),
    params:
        spec=lambda wc: specs.fit_spec_json(EXPERIMENTS[wc.experiment], wc.chamber),
        live="results/{experiment}/{chamber}/live",
    shell:
        "exec tallgrass-models fit-chamber --spec {params.spec:q} --data {input.data:q}"
        " --options {resources.options:q} --live {params.live:q}"
        " --cores {threads} --out {output:q} > {log:q} 2>&1"


rule fit_joint:
    """Sample the joint model, starting where the chambers ended."""
    input:
        platform="results/{experiment}/platform.json",
        house=lambda wc: planning.vote_files(EXPERIMENTS[wc.experiment], "house"),
        senate=lambda wc: planning.vote_files(EXPERIMENTS[wc.experiment], "senate"),
        house_posterior="results/{experiment}/house/posterior.nc",
        senate_posterior="results/{experiment}/senate/posterior.nc",
    output:
        ensure("results/{experiment}/joint/posterior.nc", non_empty=True),
    log:
        "results/{experiment}/logs/fit_joint.log",
    benchmark:
        "results/{experiment}/benchmarks/fit_joint.tsv"
    wildcard_constraints:
        experiment=planning.constraint(
            [e.name for e in EXPERIMENTS.values() if e.joint],
            planning.ANY_EXPERIMENT,
            EXPERIMENTS,
        ),
    priority: 2
    threads:
        lambda wc: planning.chains_at_once(
            EXPERIMENTS[wc.experiment].sampling, workflow.local_exec
        )
    resources:
        mcmc=1,
        mem_mb=lambda wc, input, attempt: needs.fit_memory(
            [input.house[0], input.senate[0]],
            EXPERIMENTS[wc.experiment].sampling,
            attempt,
            EXPERIMENTS[wc.experiment].model.structure,
        ),
        runtime=lambda wc, input, attempt, threads: needs.fit_minutes(
            [input.house[0], input.senate[0]],
            EXPERIMENTS[wc.experiment].sampling,
            threads,
            attempt,
            EXPERIMENTS[wc.experiment].model.structure,
        ),
        options=lambda wc: EXPERIMENTS[wc.experiment].run_options("joint").to_json(),
    params:
        spec=lambda wc: specs.fit_spec_json(EXPERIMENTS[wc.experiment], "joint"),
        live="results/{experiment}/joint/live",
    shell:
        "exec tallgrass-models fit-joint --spec {params.spec:q}"
        " --house {input.house:q} --senate {input.senate:q}"
        " --house-posterior {input.house_posterior:q} --senate-posterior {input.senate_posterior:q}"
        " --options {resources.options:q} --live {params.live:q}"
        " --cores {threads} --out {output:q} > {log:q} 2>&1"
