"""Votes of each session, once for all experiments on it.

Needs:  the CSV files that `sessions` names, or none for a simulated session; results/sessions/{session}/platform.json
Makes:  results/sessions/{session}/source/{session}_*.csv (simulated only)
        results/sessions/{votes}/{chamber}.nc, {chamber}_dropped.csv; {votes} is {session}, or a folder in it for
        experiments with filters of their own
"""


rule simulate:
    """Write the simulated session and its truth."""
    input:
        platform="results/sessions/{session}/platform.json",
    output:
        votes="results/sessions/{session}/source/{session}_votes.csv.gz",
        rollcalls="results/sessions/{session}/source/{session}_rollcalls.csv",
        legislators="results/sessions/{session}/source/{session}_legislators.csv",
        truth_legislators="results/sessions/{session}/source/{session}_truth_legislators.csv",
        truth_bills="results/sessions/{session}/source/{session}_truth_bills.csv",
    log:
        "results/sessions/{session}/logs/simulate.log",
    benchmark:
        "results/sessions/{session}/benchmarks/simulate.tsv"
    params:
        spec=lambda wc: specs.simulate_spec_json(SESSIONS[wc.session]),
    shell:
        "exec tallgrass-models simulate --spec {params.spec:q} --votes {output.votes:q}"
        " --rollcalls {output.rollcalls:q} --legislators {output.legislators:q}"
        " --truth-legislators {output.truth_legislators:q} --truth-bills {output.truth_bills:q}"
        " > {log:q} 2>&1"


rule load_data:
    """Read, check and filter one chamber."""
    input:
        files=lambda wc: session_inputs(ON_VOTES[wc.votes].session),
        platform=lambda wc: f"results/sessions/{ON_VOTES[wc.votes].session.name}/platform.json",
    output:
        votes="results/sessions/{votes}/{chamber}.nc",
        dropped="results/sessions/{votes}/{chamber}_dropped.csv",
    log:
        "results/sessions/{votes}/logs/load_data_{chamber}.log",
    benchmark:
        "results/sessions/{votes}/benchmarks/load_data_{chamber}.tsv"
    resources:
        mem_mb=lambda wc, input, attempt: needs.reader_memory(input.files, attempt),
    params:
        spec=lambda wc: specs.data_spec_json(ON_VOTES[wc.votes].session),
        files=lambda wc: file_arguments(ON_VOTES[wc.votes].session),
    shell:
        "exec tallgrass-models load-data --spec {params.spec:q} --chamber {wildcards.chamber}"
        " --platform {input.platform:q} --files {params.files:q}"
        " --out {output.votes:q} --dropped {output.dropped:q}"
        " > {log:q} 2>&1"
