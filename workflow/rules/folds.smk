"""Held-out votes: fits that have not seen one fold of the votes, and what each model predicts of it.

Only experiments with `folds:` have any of this. Experiments on the same votes share the folds of the flat model.

Needs:  results/sessions/{votes}/{chamber}.nc, results/{experiment}/{chamber}/posterior.nc for joint models
Makes:  results/sessions/{votes}/{folds}/flat_{chamber}_{fold}.nc, results/{experiment}/{unit}/fold_{fold}.nc,
        results/{experiment}/held_out.json, held_out.nc and held_out_*.csv
"""

WITH_FOLDS = planning.constraint(
    [e.name for e in EXPERIMENTS.values() if e.folds],
    planning.ANY_EXPERIMENT,
    EXPERIMENTS,
)
# Any experiment with these folds of the votes in a folder.
ON_FOLDS = {
    (e.session.folder, e.folds.label): e for e in EXPERIMENTS.values() if e.folds
}


wildcard_constraints:
    fold="[0-9]+",
    folds="folds_[0-9]+(_roll_calls)?",


rule fit_flat_fold:
    """Sample the flat model of a chamber without one fold, and predict it."""
    input:
        data="results/sessions/{votes}/{chamber}.nc",
    output:
        "results/sessions/{votes}/{folds}/flat_{chamber}_{fold}.nc",
    log:
        "results/sessions/{votes}/logs/{folds}_flat_{chamber}_{fold}.log",
    benchmark:
        "results/sessions/{votes}/benchmarks/fit_flat_fold_{chamber}_{folds}_{fold}.tsv"
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
        spec=lambda wc: specs.fold_spec_json(
            ON_FOLDS[wc.votes, wc.folds], f"flat_{wc.chamber}", int(wc.fold)
        ),
        live="results/sessions/{votes}/live/{folds}_flat_{chamber}_{fold}",
    shell:
        "exec tallgrass-models fit-flat-fold --spec {params.spec:q} --data {input.data:q}"
        " --options {resources.options:q} --live {params.live:q}"
        " --cores {threads} --out {output:q} > {log:q} 2>&1"


rule fit_fold:
    """Sample the model of a chamber or of both without one fold, and predict it."""
    input:
        platform="results/{experiment}/platform.json",
        data=lambda wc: planning.vote_files(EXPERIMENTS[wc.experiment], wc.unit),
        starts=lambda wc: planning.start_files(EXPERIMENTS[wc.experiment], wc.unit),
    output:
        "results/{experiment}/{unit}/fold_{fold}.nc",
    log:
        "results/{experiment}/logs/fit_fold_{unit}_{fold}.log",
    benchmark:
        "results/{experiment}/benchmarks/fit_fold_{unit}_{fold}.tsv"
    wildcard_constraints:
        experiment=WITH_FOLDS,
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
        spec=lambda wc: specs.fold_spec_json(
            EXPERIMENTS[wc.experiment], wc.unit, int(wc.fold)
        ),
        live="results/{experiment}/{unit}/live/fold_{fold}",
    shell:
        "exec tallgrass-models fit-fold --spec {params.spec:q} --data {input.data:q} --starts {input.starts:q}"
        " --options {resources.options:q} --live {params.live:q}"
        " --cores {threads} --out {output:q} > {log:q} 2>&1"


rule pool_folds:
    """Score all held-out votes: the ladder from party alone to the joint model."""
    input:
        data=lambda wc: planning.vote_files(EXPERIMENTS[wc.experiment]),
        folds=lambda wc: planning.fold_files(EXPERIMENTS[wc.experiment]),
    output:
        held_out="results/{experiment}/held_out.json",
        predictions="results/{experiment}/held_out.nc",
        held_out_parts="results/{experiment}/held_out_parts.csv",
        held_out_calibration="results/{experiment}/held_out_calibration.csv",
    log:
        "results/{experiment}/logs/pool_folds.log",
    benchmark:
        "results/{experiment}/benchmarks/pool_folds.tsv"
    wildcard_constraints:
        experiment=WITH_FOLDS,
    params:
        spec=lambda wc: specs.pool_spec_json(EXPERIMENTS[wc.experiment]),
    shell:
        "exec tallgrass-models pool-folds --spec {params.spec:q} --data {input.data:q} --folds {input.folds:q}"
        " --held-out {output.held_out:q} --predictions {output.predictions:q}"
        " --held-out-parts {output.held_out_parts:q}"
        " --held-out-calibration {output.held_out_calibration:q} > {log:q} 2>&1"
