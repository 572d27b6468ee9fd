"""From posteriors to what people read.

Needs:  results/{experiment}/{unit}/posterior.nc, the session's votes and flat baselines
Makes:  results/{experiment}/{unit}/*.csv and summary.json, linking.json, axis.json and their tables, report.html,
        metrics.json
"""


rule summarize:
    """Turn one posterior into tables."""
    input:
        posterior="results/{experiment}/{unit}/posterior.nc",
        data=lambda wc: [f"{session_folder(wc)}/{c}.nc" for c in unit_chambers(wc)],
        flat=lambda wc: [f"{session_folder(wc)}/flat_{c}.nc" for c in unit_chambers(wc)],
        truth=truth,
        external=lambda wc: experiment(wc).session.external or [],
    output:
        summary="results/{experiment}/{unit}/summary.json",
        ideal_points="results/{experiment}/{unit}/ideal_points.csv",
        bills="results/{experiment}/{unit}/bills.csv",
        parties="results/{experiment}/{unit}/parties.csv",
        convergence="results/{experiment}/{unit}/convergence.csv",
        pivots="results/{experiment}/{unit}/pivots.csv",
        pivot_members="results/{experiment}/{unit}/pivot_members.csv",
        right_of="results/{experiment}/{unit}/right_of.nc",
        rollcall_fit="results/{experiment}/{unit}/rollcall_fit.csv",
        member_fit="results/{experiment}/{unit}/member_fit.csv",
        group_fit="results/{experiment}/{unit}/group_fit.csv",
        calibration="results/{experiment}/{unit}/calibration.csv",
    log:
        "results/{experiment}/logs/summarize_{unit}.log",
    conda:
        "../envs/models.yaml"
    params:
        spec=lambda wc: specs.summary_spec_json(experiment(wc), wc.unit),
        truth=lambda wc: "--truth" if truth(wc) else "",
        external=lambda wc: "--external" if experiment(wc).session.external else "",
    shell:
        "exec tallgrass-models summarize --spec {params.spec:q} --posterior {input.posterior:q}"
        " --data {input.data:q} --flat {input.flat:q} {params.truth} {input.truth:q}"
        " {params.external} {input.external:q}"
        " --summary {output.summary:q} --ideal-points {output.ideal_points:q} --bills {output.bills:q}"
        " --parties {output.parties:q} --convergence {output.convergence:q}"
        " --pivots {output.pivots:q} --pivot-members {output.pivot_members:q} --right-of {output.right_of:q}"
        " --rollcall-fit {output.rollcall_fit:q} --member-fit {output.member_fit:q}"
        " --group-fit {output.group_fit:q} --calibration {output.calibration:q} > {log:q} 2>&1"


rule link:
    """Put both chambers on one scale, and audit the axis of every fit."""
    input:
        posteriors=lambda wc: [
            f"results/{wc.experiment}/{unit}/posterior.nc"
            for unit in experiment(wc).units
        ],
        data=lambda wc: [
            f"{session_folder(wc)}/{c}.nc" for c in experiment(wc).chambers
        ],
        loo=lambda wc: [
            f"results/{wc.experiment}/{unit}/loo.nc"
            for unit in experiment(wc).units
            if experiment(wc).joint
        ],
    output:
        linking="results/{experiment}/linking.json",
        linked_members="results/{experiment}/linked_members.csv",
        anchors="results/{experiment}/anchors.csv",
        axis="results/{experiment}/axis.json",
        axis_members="results/{experiment}/axis_members.csv",
        axis_bills="results/{experiment}/axis_bills.csv",
    log:
        "results/{experiment}/logs/link.log",
    conda:
        "../envs/models.yaml"
    params:
        spec=lambda wc: specs.link_spec_json(experiment(wc)),
    shell:
        "exec tallgrass-models link --spec {params.spec:q} --posteriors {input.posteriors:q}"
        " --data {input.data:q} --loo {input.loo:q}"
        " --linking {output.linking:q} --linked-members {output.linked_members:q}"
        " --anchors {output.anchors:q} --axis {output.axis:q} --axis-members {output.axis_members:q}"
        " --axis-bills {output.axis_bills:q} > {log:q} 2>&1"


rule draw_tables:
    """Small tables behind pictures of draws: curves of bills, ranks by chain, energy."""
    input:
        posterior="results/{experiment}/{unit}/posterior.nc",
        right_of="results/{experiment}/{unit}/right_of.nc",
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
        " --right-of {input.right_of:q} --bills {input.bills:q} --convergence {input.convergence:q}"
        " --curves {output.curves:q} --chain-ranks {output.chain_ranks:q} --energy {output.energy:q}"
        " > {log:q} 2>&1"


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
