"""The check of the machine before anything else: no votes are made or read, and nothing is sampled, without it.

Needs:  nothing
Makes:  results/sessions/{session}/platform.json, results/{experiment}/platform.json
"""

LARGEST = {
    name: planning.largest_sampling(EXPERIMENTS.values(), name) for name in SESSIONS
}


# Experiments share sessions, so this file must not follow the settings of any of them: they are resources, and a change
# of resources runs nothing again. For the same reason it is an input of the votes and of nothing else.
rule platform_check_session:
    """Look at this machine before the first votes of a session are made or read."""
    output:
        "results/sessions/{session}/platform.json",
    log:
        "results/sessions/{session}/logs/platform_check.log",
    benchmark:
        "results/sessions/{session}/benchmarks/platform_check.tsv"
    resources:
        chains=lambda wc: LARGEST[wc.session].chains,
        draws=lambda wc: LARGEST[wc.session].limit,
        sampler=lambda wc: LARGEST[wc.session].sampler,
        allow=" ".join(PLATFORM.allow),
    shell:
        "exec tallgrass-models platform-check --chains {resources.chains} --draws {resources.draws}"
        " --sampler {resources.sampler} --allow {resources.allow} --out {output:q} > {log:q} 2>&1"


# A plain input of the fits: touching or deleting the file alone samples nothing again. `ancient` would keep Snakemake
# from seeing other reasons to fit, such as an edited prior, in a run in which the check runs too.
rule platform_check:
    """Look at this machine before hours of sampling."""
    output:
        "results/{experiment}/platform.json",
    log:
        "results/{experiment}/logs/platform_check.log",
    benchmark:
        "results/{experiment}/benchmarks/platform_check.tsv"
    resources:
        allow=" ".join(PLATFORM.allow),
    params:
        chains=lambda wc: EXPERIMENTS[wc.experiment].sampling.chains,
        draws=lambda wc: EXPERIMENTS[wc.experiment].sampling.limit,
        sampler=lambda wc: EXPERIMENTS[wc.experiment].sampling.sampler,
    shell:
        "exec tallgrass-models platform-check --chains {params.chains} --draws {params.draws}"
        " --sampler {params.sampler} --allow {resources.allow} --out {output:q} > {log:q} 2>&1"
