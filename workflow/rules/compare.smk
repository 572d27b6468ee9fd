"""Compare all experiments of the configuration.

Needs:  results/{experiment}/metrics.json and the tables of its units, the votes of their sessions; posteriors where the
        experiments on a session have different filters
Makes:  results/comparison/comparison.json and its tables, report.html
"""


rule compare:
    """Does the conclusion depend on the prior?"""
    input:
        metrics=expand("results/{experiment}/metrics.json", experiment=EXPERIMENTS),
        data=[
            f"results/{path}" for path in planning.compared_votes(EXPERIMENTS.values())
        ],
        posteriors=[
            f"results/{path}"
            for path in planning.compared_posteriors(EXPERIMENTS.values())
        ],
        tables=[
            f"results/{e.name}/{unit}/{table}"
            for e in EXPERIMENTS.values()
            for unit in e.units
            for table in (
                "ideal_points.csv",
                "bills.csv",
                "parties.csv",
                "sensitivity.csv",
                "loo.nc",
            )
        ],
        held_out=[
            path
            for e in EXPERIMENTS.values()
            for path in planning.held_out_files(e, "held_out.nc")
        ],
    output:
        comparison="results/comparison/comparison.json",
        configuration="results/comparison/configuration.csv",
        cost="results/comparison/cost.csv",
        agreement="results/comparison/agreement.csv",
        members="results/comparison/members.csv",
        drivers="results/comparison/drivers.csv",
        parties="results/comparison/parties.csv",
        shares="results/comparison/shares.csv",
        bills="results/comparison/bills.csv",
        predictive="results/comparison/predictive.csv",
        predictive_parts="results/comparison/predictive_parts.csv",
        held_out_differences="results/comparison/held_out_differences.csv",
        sensitivity="results/comparison/sensitivity.csv",
    log:
        "results/comparison/logs/compare.log",
    benchmark:
        "results/comparison/benchmarks/compare.tsv"
    params:
        spec=lambda wc: specs.comparison_spec_json(EXPERIMENTS, EXPERIMENTS.values()),
    shell:
        "exec tallgrass-models compare --spec {params.spec:q} --metrics {input.metrics:q} --data {input.data:q}"
        " --posteriors {input.posteriors:q}"
        " --comparison {output.comparison:q} --configuration {output.configuration:q} --cost {output.cost:q}"
        " --agreement {output.agreement:q} --members {output.members:q} --drivers {output.drivers:q}"
        " --parties {output.parties:q} --shares {output.shares:q} --bills {output.bills:q}"
        " --predictive {output.predictive:q} --predictive-parts {output.predictive_parts:q}"
        " --held-out-differences {output.held_out_differences:q}"
        " --sensitivity {output.sensitivity:q} > {log:q} 2>&1"


rule compare_report:
    """Write the page that compares the experiments."""
    input:
        comparison="results/comparison/comparison.json",
        tables=rules.compare.output,
    output:
        page=report(
            "results/comparison/report.html",
            caption="../report/comparison.rst",
            category="Comparison",
            labels={"view": "report"},
        ),
        figures=report(
            directory("results/comparison/figures"),
            patterns=["{figure}.svg"],
            caption="../report/comparison_figure.rst",
            category="Comparison",
            labels=lambda wc: {
                "view": title_of(f"results/comparison/figures/{wc.figure}.svg")
            },
        ),
        tables=directory("results/comparison/tables"),
    log:
        "results/comparison/logs/report.log",
    benchmark:
        "results/comparison/benchmarks/report.tsv"
    params:
        spec=lambda wc: specs.compare_report_spec_json(),
    shell:
        "exec tallgrass-models compare-report --spec {params.spec:q} --comparison {input.comparison:q}"
        " --out {output.page:q} --figures {output.figures:q} --tables {output.tables:q} > {log:q} 2>&1"
