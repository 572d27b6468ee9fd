"""What people read.

Needs:  the tables of the steps before
Makes:  results/{experiment}/report.html with its figures and tables, metrics.json
"""


rule report:
    """Write the page of one experiment."""
    input:
        platform="results/{experiment}/platform.json",
        summaries=lambda wc: planning.unit_files(
            EXPERIMENTS[wc.experiment], "summary.json"
        ),
        dropped=lambda wc: planning.vote_files(
            EXPERIMENTS[wc.experiment], name="{chamber}_dropped.csv"
        ),
        checks=lambda wc: planning.unit_files(EXPERIMENTS[wc.experiment], "check.json"),
        curves=lambda wc: planning.unit_files(EXPERIMENTS[wc.experiment], "curves.csv"),
        linking="results/{experiment}/linking.json",
        compare_with=lambda wc: planning.tables_compared_with(
            EXPERIMENTS, wc.experiment, "ideal_points.csv"
        ),
        held_out=lambda wc: planning.held_out_files(
            EXPERIMENTS[wc.experiment],
            "held_out.json",
            "held_out_parts.csv",
            "held_out_calibration.csv",
        ),
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
            labels=lambda wc: {
                "picture": title_of(
                    f"results/{wc.experiment}/figures/{wc.figure}.svg"
                ),
                "experiment": wc.experiment,
            },
        ),
        tables=directory("results/{experiment}/tables"),
    log:
        "results/{experiment}/logs/report.log",
    benchmark:
        "results/{experiment}/benchmarks/report.tsv"
    params:
        spec=lambda wc: specs.report_spec_json(EXPERIMENTS[wc.experiment]),
    shell:
        "exec tallgrass-models report --spec {params.spec:q} --platform {input.platform:q}"
        " --summaries {input.summaries:q} --dropped {input.dropped:q} --checks {input.checks:q}"
        " --curves {input.curves:q} --linking {input.linking:q} --compare-with {input.compare_with:q}"
        " --held-out {input.held_out:q} --out {output.page:q}"
        " --figures {output.figures:q} --tables {output.tables:q} > {log:q} 2>&1"


rule metrics:
    """Write metrics.json, the last word on one experiment."""
    input:
        platform="results/{experiment}/platform.json",
        report="results/{experiment}/report.html",
        summaries=lambda wc: planning.unit_files(
            EXPERIMENTS[wc.experiment], "summary.json"
        ),
        checks=lambda wc: planning.unit_files(EXPERIMENTS[wc.experiment], "check.json"),
        linking="results/{experiment}/linking.json",
        axis="results/{experiment}/axis.json",
        compare_with=lambda wc: planning.tables_compared_with(
            EXPERIMENTS, wc.experiment, "ideal_points.csv"
        ),
        compare_bills=lambda wc: planning.tables_compared_with(
            EXPERIMENTS, wc.experiment, "bills.csv"
        ),
        held_out=lambda wc: planning.held_out_files(
            EXPERIMENTS[wc.experiment], "held_out.json"
        ),
    output:
        "results/{experiment}/metrics.json",
    log:
        "results/{experiment}/logs/metrics.log",
    benchmark:
        "results/{experiment}/benchmarks/metrics.tsv"
    params:
        spec=lambda wc: specs.metrics_spec_json(EXPERIMENTS[wc.experiment]),
    shell:
        "exec tallgrass-models metrics --spec {params.spec:q} --platform {input.platform:q}"
        " --summaries {input.summaries:q} --checks {input.checks:q}"
        " --linking {input.linking:q} --axis {input.axis:q}"
        " --compare-with {input.compare_with:q} --compare-bills {input.compare_bills:q}"
        " --held-out {input.held_out:q}"
        " --out {output:q} > {log:q} 2>&1"
