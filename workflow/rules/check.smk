"""Whether the models fit: leave-one-out, predictive checks, sensitivity to the priors.

Needs:  results/{experiment}/{unit}/posterior.nc, the session's votes
Makes:  results/{experiment}/{unit}/check.json, check_*.csv, sensitivity.csv, prior_scales.csv, loo.nc
"""


rule check:
    """Check one posterior against the votes."""
    input:
        posterior="results/{experiment}/{unit}/posterior.nc",
        data=lambda wc: planning.vote_files(EXPERIMENTS[wc.experiment], wc.unit),
    output:
        check="results/{experiment}/{unit}/check.json",
        loo="results/{experiment}/{unit}/loo.nc",
        check_members="results/{experiment}/{unit}/check_members.csv",
        check_rollcalls="results/{experiment}/{unit}/check_rollcalls.csv",
        check_pairs="results/{experiment}/{unit}/check_pairs.csv",
        sensitivity="results/{experiment}/{unit}/sensitivity.csv",
        prior_scales="results/{experiment}/{unit}/prior_scales.csv",
    log:
        "results/{experiment}/logs/check_{unit}.log",
    benchmark:
        "results/{experiment}/benchmarks/check_{unit}.tsv"
    resources:
        mem_mb=lambda wc, input, attempt: needs.step_memory(
            input.data,
            EXPERIMENTS[wc.experiment].sampling,
            attempt,
            EXPERIMENTS[wc.experiment].model.structure,
        ),
        runtime=lambda wc, input, attempt: needs.step_minutes(input.data, attempt),
    params:
        spec=lambda wc: specs.check_spec_json(EXPERIMENTS[wc.experiment], wc.unit),
    shell:
        "exec tallgrass-models check --spec {params.spec:q} --posterior {input.posterior:q}"
        " --data {input.data:q} --check {output.check:q} --loo {output.loo:q}"
        " --check-members {output.check_members:q} --check-rollcalls {output.check_rollcalls:q}"
        " --check-pairs {output.check_pairs:q} --sensitivity {output.sensitivity:q}"
        " --prior-scales {output.prior_scales:q} > {log:q} 2>&1"
