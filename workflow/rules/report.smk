"""What people read.

Needs:  the tables of the steps before
Makes:  results/{experiment}/report.html with its figures and tables, metrics.json
"""


rule report:
    """Write the page of one experiment."""
    input:
        platform="results/{experiment}/platform.json",
        summaries=summaries,
        dropped=lambda wc: [
            f"{session_folder(wc)}/{c}_dropped.csv" for c in experiment(wc).chambers
        ],
        checks=checks,
        curves=lambda wc: [
            f"results/{wc.experiment}/{unit}/curves.csv"
            for unit in experiment(wc).units
        ],
        linking="results/{experiment}/linking.json",
        compare_with=lambda wc: compared_tables(wc, "ideal_points"),
    output:
        page=report(
            "results/{experiment}/report.html",
            caption="../report/experiment.rst",
            category="Experiments",
            labels={"experiment": "{experiment}", "view": "report"},
        ),
        figures=report(
            directory("results/{experiment}/figures"),
            patterns=["{figure}.svg"],
            caption="../report/figure.rst",
            category="Figures",
            subcategory="{experiment}",
            labels={"figure": "{figure}"},
        ),
        tables=directory("results/{experiment}/tables"),
    log:
        "results/{experiment}/logs/report.log",
    benchmark:
        "results/{experiment}/benchmarks/report.tsv"
    conda:
        "../envs/models.yaml"
    params:
        spec=lambda wc: specs.report_spec_json(experiment(wc)),
    shell:
        "exec tallgrass-models report --spec {params.spec:q} --platform {input.platform:q}"
        " --summaries {input.summaries:q} --dropped {input.dropped:q} --checks {input.checks:q}"
        " --curves {input.curves:q} --linking {input.linking:q} --compare-with {input.compare_with:q}"
        " --out {output.page:q}"
        " --figures {output.figures:q} --tables {output.tables:q} > {log:q} 2>&1"


rule metrics:
    """Write metrics.json, the last word on one experiment."""
    input:
        platform="results/{experiment}/platform.json",
        report="results/{experiment}/report.html",
        summaries=summaries,
        checks=checks,
        linking="results/{experiment}/linking.json",
        axis="results/{experiment}/axis.json",
        compare_with=lambda wc: compared_tables(wc, "ideal_points"),
        compare_bills=lambda wc: compared_tables(wc, "bills"),
    output:
        "results/{experiment}/metrics.json",
    log:
        "results/{experiment}/logs/metrics.log",
    benchmark:
        "results/{experiment}/benchmarks/metrics.tsv"
    conda:
        "../envs/models.yaml"
    params:
        spec=lambda wc: specs.metrics_spec_json(experiment(wc)),
    shell:
        "exec tallgrass-models metrics --spec {params.spec:q} --platform {input.platform:q}"
        " --summaries {input.summaries:q} --checks {input.checks:q}"
        " --linking {input.linking:q} --axis {input.axis:q}"
        " --compare-with {input.compare_with:q} --compare-bills {input.compare_bills:q}"
        " --out {output:q} > {log:q} 2>&1"
