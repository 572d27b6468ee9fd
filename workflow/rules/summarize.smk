"""From posteriors to tables.

Needs:  results/{experiment}/{unit}/posterior.nc, the session's votes and flat baselines
Makes:  results/{experiment}/{unit}/summary.json, *.csv, right_of.nc and vote_probabilities.nc
"""


rule summarize:
    """Turn one posterior into tables."""
    input:
        posterior="results/{experiment}/{unit}/posterior.nc",
        data=lambda wc: planning.vote_files(EXPERIMENTS[wc.experiment], wc.unit),
        flat=lambda wc: planning.vote_files(
            EXPERIMENTS[wc.experiment], wc.unit, "flat_{chamber}.nc"
        ),
        truth=lambda wc: planning.truth_files(EXPERIMENTS[wc.experiment].session),
        external=lambda wc: EXPERIMENTS[wc.experiment].session.external or [],
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
    benchmark:
        "results/{experiment}/benchmarks/summarize_{unit}.tsv"
    resources:
        mem_mb=lambda wc, input, attempt: needs.step_memory(
            input.data,
            EXPERIMENTS[wc.experiment].sampling,
            attempt,
            EXPERIMENTS[wc.experiment].model.structure,
        ),
        runtime=lambda wc, input, attempt: needs.step_minutes(input.data, attempt),
    params:
        spec=lambda wc: specs.summary_spec_json(EXPERIMENTS[wc.experiment], wc.unit),
        truth=lambda wc: (
            "--truth"
            if planning.truth_files(EXPERIMENTS[wc.experiment].session)
            else ""
        ),
        external=lambda wc: (
            "--external" if EXPERIMENTS[wc.experiment].session.external else ""
        ),
    shell:
        "exec tallgrass-models summarize --spec {params.spec:q} --posterior {input.posterior:q}"
        " --data {input.data:q} --flat {input.flat:q} {params.truth} {input.truth:q}"
        " {params.external} {input.external:q}"
        " --summary {output.summary:q} --ideal-points {output.ideal_points:q} --bills {output.bills:q}"
        " --parties {output.parties:q} --convergence {output.convergence:q}"
        " --pivots {output.pivots:q} --pivot-members {output.pivot_members:q} --right-of {output.right_of:q}"
        " --rollcall-fit {output.rollcall_fit:q} --member-fit {output.member_fit:q}"
        " --group-fit {output.group_fit:q} --calibration {output.calibration:q} > {log:q} 2>&1"


rule draw_tables:
    """Tables from draws: curves of bills, ranks by chain, energy, absences; every vote's probability."""
    input:
        posterior="results/{experiment}/{unit}/posterior.nc",
        data=lambda wc: planning.vote_files(EXPERIMENTS[wc.experiment], wc.unit),
        right_of="results/{experiment}/{unit}/right_of.nc",
        bills="results/{experiment}/{unit}/bills.csv",
        convergence="results/{experiment}/{unit}/convergence.csv",
    output:
        curves="results/{experiment}/{unit}/curves.csv",
        chain_ranks="results/{experiment}/{unit}/chain_ranks.csv",
        energy="results/{experiment}/{unit}/energy.csv",
        absent_calls="results/{experiment}/{unit}/absent_calls.csv",
        absent_members="results/{experiment}/{unit}/absent_members.csv",
        absence_model="results/{experiment}/{unit}/absence_model.csv",
        vote_probabilities="results/{experiment}/{unit}/vote_probabilities.nc",
    log:
        "results/{experiment}/logs/draw_tables_{unit}.log",
    benchmark:
        "results/{experiment}/benchmarks/draw_tables_{unit}.tsv"
    resources:
        mem_mb=lambda wc, input, attempt: needs.step_memory(
            input.data,
            EXPERIMENTS[wc.experiment].sampling,
            attempt,
            EXPERIMENTS[wc.experiment].model.structure,
        ),
        runtime=lambda wc, input, attempt: needs.step_minutes(input.data, attempt),
    params:
        spec=lambda wc: specs.draw_tables_spec_json(EXPERIMENTS[wc.experiment], wc.unit),
    shell:
        "exec tallgrass-models draw-tables --spec {params.spec:q} --posterior {input.posterior:q}"
        " --data {input.data:q} --right-of {input.right_of:q} --bills {input.bills:q} --convergence {input.convergence:q}"
        " --curves {output.curves:q} --chain-ranks {output.chain_ranks:q} --energy {output.energy:q}"
        " --absent-calls {output.absent_calls:q} --absent-members {output.absent_members:q}"
        " --absence-model {output.absence_model:q}"
        " --vote-probabilities {output.vote_probabilities:q} > {log:q} 2>&1"
