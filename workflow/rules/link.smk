"""Both chambers on one scale, and which axis each fit found.

Needs:  results/{experiment}/{unit}/posterior.nc and loo.nc, the session's votes
Makes:  results/{experiment}/linking.json, axis.json and their tables
"""


rule link:
    """Put both chambers on one scale, and audit the axis of every fit."""
    input:
        posteriors=lambda wc: planning.unit_files(
            EXPERIMENTS[wc.experiment], "posterior.nc"
        ),
        data=lambda wc: planning.vote_files(EXPERIMENTS[wc.experiment]),
        loo=lambda wc: (
            planning.unit_files(EXPERIMENTS[wc.experiment], "loo.nc")
            if EXPERIMENTS[wc.experiment].joint
            else []
        ),
    output:
        linking="results/{experiment}/linking.json",
        linked_members="results/{experiment}/linked_members.csv",
        anchors="results/{experiment}/anchors.csv",
        axis="results/{experiment}/axis.json",
        axis_members="results/{experiment}/axis_members.csv",
        axis_bills="results/{experiment}/axis_bills.csv",
    log:
        "results/{experiment}/logs/link.log",
    benchmark:
        "results/{experiment}/benchmarks/link.tsv"
    resources:
        mem_mb=lambda wc, input, attempt: needs.step_memory(
            input.data,
            EXPERIMENTS[wc.experiment].sampling,
            attempt,
            EXPERIMENTS[wc.experiment].model.structure,
        ),
        runtime=lambda wc, input, attempt: needs.step_minutes(input.data, attempt),
    params:
        spec=lambda wc: specs.link_spec_json(EXPERIMENTS[wc.experiment]),
    shell:
        "exec tallgrass-models link --spec {params.spec:q} --posteriors {input.posteriors:q}"
        " --data {input.data:q} --loo {input.loo:q}"
        " --linking {output.linking:q} --linked-members {output.linked_members:q}"
        " --anchors {output.anchors:q} --axis {output.axis:q} --axis-members {output.axis_members:q}"
        " --axis-bills {output.axis_bills:q} > {log:q} 2>&1"
