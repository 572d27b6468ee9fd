"""Sessions of a series on one scale, and the page over time.

Needs:  results/{experiment}/{unit}/posterior.nc (of the chambers, or with `joint` the joint ones) and
        results/{experiment}/metrics.json of the series' experiments, the votes of their sessions
Makes:  results/over_time/{series}/{unit}/posterior.nc if the series asks for `dynamic` or `constant`
        results/over_time/{series}/link_time.json and its tables, report.html
"""


rule fit_dynamic:
    """Sample a chamber, or both together, in all sessions of a series, with members who move or never do."""
    input:
        platform=lambda wc: f"results/{SERIES[wc.series].experiments[0]}/platform.json",
        data=lambda wc: planning.series_votes(SERIES[wc.series], EXPERIMENTS),
    output:
        ensure("results/over_time/{series}/{unit}/posterior.nc", non_empty=True),
    log:
        "results/over_time/{series}/logs/fit_{unit}.log",
    benchmark:
        "results/over_time/{series}/benchmarks/fit_{unit}.tsv"
    priority: 1
    threads: lambda wc: planning.series_threads(SERIES[wc.series], EXPERIMENTS, workflow.local_exec)
    resources:
        mcmc=1,
        mem_mb=lambda wc, input, attempt: needs.fit_memory(
            input.data, EXPERIMENTS[SERIES[wc.series].experiments[0]].sampling, attempt
        ),
        runtime=lambda wc, input, attempt, threads: needs.fit_minutes(
            input.data,
            EXPERIMENTS[SERIES[wc.series].experiments[0]].sampling,
            threads,
            attempt,
        ),
        options=lambda wc: planning.series_options(
            SERIES[wc.series], EXPERIMENTS
        ).to_json(),
    params:
        spec=lambda wc: specs.dynamic_spec_json(SERIES[wc.series], EXPERIMENTS, wc.unit),
        live="results/over_time/{series}/{unit}/live",
    shell:
        "exec tallgrass-models fit-dynamic --spec {params.spec:q} --data {input.data:q}"
        " --options {resources.options:q} --live {params.live:q}"
        " --cores {threads} --out {output:q} > {log:q} 2>&1"


rule link_time:
    """Put the sessions of a series on one scale, by the members who return."""
    input:
        metrics=lambda wc: expand(
            "results/{experiment}/metrics.json",
            experiment=SERIES[wc.series].experiments,
        ),
        posteriors=lambda wc: planning.series_files(
            SERIES[wc.series], EXPERIMENTS, "posterior.nc"
        ),
        data=lambda wc: planning.series_votes(SERIES[wc.series], EXPERIMENTS),
        dynamic=lambda wc: planning.dynamic_files(SERIES[wc.series], EXPERIMENTS),
    output:
        link_time="results/over_time/{series}/link_time.json",
        time_members="results/over_time/{series}/time_members.csv",
        time_parties="results/over_time/{series}/time_parties.csv",
        time_chambers="results/over_time/{series}/time_chambers.csv",
        time_changes="results/over_time/{series}/time_changes.csv",
        time_moves="results/over_time/{series}/time_moves.csv",
        time_across="results/over_time/{series}/time_across.csv",
        time_crossed="results/over_time/{series}/time_crossed.csv",
    log:
        "results/over_time/{series}/logs/link_time.log",
    benchmark:
        "results/over_time/{series}/benchmarks/link_time.tsv"
    params:
        spec=lambda wc: specs.link_time_spec_json(SERIES[wc.series], EXPERIMENTS),
    shell:
        "exec tallgrass-models link-time --spec {params.spec:q} --metrics {input.metrics:q}"
        " --posteriors {input.posteriors:q} --data {input.data:q} --dynamic {input.dynamic:q}"
        " --link-time {output.link_time:q} --time-members {output.time_members:q}"
        " --time-parties {output.time_parties:q} --time-chambers {output.time_chambers:q}"
        " --time-changes {output.time_changes:q} --time-moves {output.time_moves:q}"
        " --time-across {output.time_across:q} --time-crossed {output.time_crossed:q} > {log:q} 2>&1"


rule time_report:
    """Write the page over time."""
    input:
        link_time="results/over_time/{series}/link_time.json",
        tables=rules.link_time.output,
    output:
        page=report(
            "results/over_time/{series}/report.html",
            caption="../report/over_time.rst",
            category="Over time",
            labels={"series": "{series}", "view": "report"},
        ),
        figures=report(
            directory("results/over_time/{series}/figures"),
            patterns=["{figure}.svg"],
            caption="../report/over_time_figure.rst",
            category="Over time",
            labels=lambda wc: {
                "series": wc.series,
                "view": title_of(
                    f"results/over_time/{wc.series}/figures/{wc.figure}.svg"
                ),
            },
        ),
        tables=directory("results/over_time/{series}/tables"),
    log:
        "results/over_time/{series}/logs/report.log",
    benchmark:
        "results/over_time/{series}/benchmarks/report.tsv"
    params:
        spec=lambda wc: specs.time_report_spec_json(),
    shell:
        "exec tallgrass-models time-report --spec {params.spec:q} --link-time {input.link_time:q}"
        " --out {output.page:q} --figures {output.figures:q} --tables {output.tables:q} > {log:q} 2>&1"
