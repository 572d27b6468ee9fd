"""From posteriors to what people read.

Needs:  results/{experiment}/{unit}/posterior.nc, the session's votes and flat baselines
Makes:  results/{experiment}/{unit}/*.csv and summary.json, report.html, metrics.json
"""


rule summarize:
    """Turn one posterior into tables."""
    input:
        posterior="results/{experiment}/{unit}/posterior.nc",
        data=lambda wc: [f"{session_folder(wc)}/{c}.nc" for c in unit_chambers(wc)],
        flat=lambda wc: [f"{session_folder(wc)}/flat_{c}.nc" for c in unit_chambers(wc)],
        truth=truth,
    output:
        summary="results/{experiment}/{unit}/summary.json",
        ideal_points="results/{experiment}/{unit}/ideal_points.csv",
        bills="results/{experiment}/{unit}/bills.csv",
        parties="results/{experiment}/{unit}/parties.csv",
        convergence="results/{experiment}/{unit}/convergence.csv",
    log:
        "results/{experiment}/logs/summarize_{unit}.log",
    conda:
        "../envs/models.yaml"
    params:
        spec=lambda wc: specs.summary_spec_json(experiment(wc), wc.unit),
        truth=lambda wc: "--truth" if truth(wc) else "",
    shell:
        "exec tallgrass-models summarize --spec {params.spec:q} --posterior {input.posterior:q}"
        " --data {input.data:q} --flat {input.flat:q} {params.truth} {input.truth:q}"
        " --summary {output.summary:q} --ideal-points {output.ideal_points:q} --bills {output.bills:q}"
        " --parties {output.parties:q} --convergence {output.convergence:q} > {log:q} 2>&1"


rule draw_tables:
    """Small tables behind pictures of draws: curves of bills, ranks by chain, energy."""
    input:
        posterior="results/{experiment}/{unit}/posterior.nc",
        bills="results/{experiment}/{unit}/bills.csv",
        convergence="results/{experiment}/{unit}/convergence.csv",
    output:
        curves="results/{experiment}/{unit}/curves.csv",
        chain_ranks="results/{experiment}/{unit}/chain_ranks.csv",
        energy="results/{experiment}/{unit}/energy.csv",
    log:
        "results/{experiment}/logs/draw_tables_{unit}.log",
    conda:
        "../envs/models.yaml"
    params:
        spec=lambda wc: specs.draw_tables_spec_json(experiment(wc), wc.unit),
    shell:
        "exec tallgrass-models draw-tables --spec {params.spec:q} --posterior {input.posterior:q}"
        " --bills {input.bills:q} --convergence {input.convergence:q} --curves {output.curves:q}"
        " --chain-ranks {output.chain_ranks:q} --energy {output.energy:q} > {log:q} 2>&1"


rule report:
    """Write the page of one experiment."""
    input:
        platform="results/{experiment}/platform.json",
        summaries=summaries,
        dropped=lambda wc: [
            f"{session_folder(wc)}/{c}_dropped.csv" for c in experiment(wc).chambers
        ],
        curves=lambda wc: [
            f"results/{wc.experiment}/{unit}/curves.csv"
            for unit in experiment(wc).units
        ],
        compare_with=compared_tables,
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
    conda:
        "../envs/models.yaml"
    params:
        spec=lambda wc: specs.report_spec_json(experiment(wc)),
    shell:
        "exec tallgrass-models report --spec {params.spec:q} --platform {input.platform:q}"
        " --summaries {input.summaries:q} --dropped {input.dropped:q}"
        " --curves {input.curves:q} --compare-with {input.compare_with:q} --out {output.page:q}"
        " --figures {output.figures:q} --tables {output.tables:q} > {log:q} 2>&1"


rule metrics:
    """Write metrics.json, the last word on one experiment."""
    input:
        platform="results/{experiment}/platform.json",
        report="results/{experiment}/report.html",
        summaries=summaries,
        compare_with=compared_tables,
    output:
        "results/{experiment}/metrics.json",
    log:
        "results/{experiment}/logs/metrics.log",
    conda:
        "../envs/models.yaml"
    params:
        spec=lambda wc: specs.metrics_spec_json(experiment(wc)),
    shell:
        "exec tallgrass-models metrics --spec {params.spec:q} --platform {input.platform:q}"
        " --summaries {input.summaries:q} --compare-with {input.compare_with:q} --out {output:q}"
        " > {log:q} 2>&1"


rule compare_report:
    """Write the page that compares the experiments."""
    input:
        comparison="results/comparison/comparison.json",
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
            labels={"view": "{figure}"},
        ),
        tables=directory("results/comparison/tables"),
    log:
        "results/comparison/logs/report.log",
    conda:
        "../envs/models.yaml"
    params:
        spec=specs.compare_report_spec_json(),
    shell:
        "exec tallgrass-models compare-report --spec {params.spec:q} --comparison {input.comparison:q}"
        " --out {output.page:q} --figures {output.figures:q} --tables {output.tables:q} > {log:q} 2>&1"
