"""The workflow in a copy of the repository: which jobs are planned after which edit, and how jobs run.

The commands are a stand-in that writes files made of its arguments and inputs and notes when it ran.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest
import yaml

from tallgrass_models import cli

ROOT = Path(__file__).parents[1]

CONFIG = """\
sessions:
  demo: {source: simulated, seed: 7}
defaults:
  session: demo
  compare_with: baseline
  sampling: {chains: 4}
experiments:
  baseline: {description: production prior}
  positive:
    description: positive discrimination
    beta_prior: {distribution: lognormal_reparam, mu: 0, sigma: 0.5}
    joint: true
"""

# Writes each output from the spec and the content of the inputs, so that equal work gives equal files.
STAND_IN = """\
import hashlib, json, os, sys, time

OUTPUTS = {
    "simulate": ("votes", "rollcalls", "legislators", "truth-legislators", "truth-bills"),
    "load-data": ("out", "dropped"),
    "summarize": (
        *("summary", "ideal-points", "bills", "parties", "convergence", "pivots", "pivot-members", "right-of"),
        *("rollcall-fit", "member-fit", "group-fit", "calibration"),
        *("curves", "chain-ranks", "energy", "vote-probabilities"),
        *("absent-calls", "absent-members", "absence-model"),
    ),
    "compare": (
        *("comparison", "configuration", "cost", "agreement", "members", "drivers", "parties", "shares", "bills"),
        *("predictive", "predictive-parts", "held-out-differences", "sensitivity"),
    ),
    "compare-report": ("out", "figures", "tables"),
    "check": ("check", "loo", "check-members", "check-rollcalls", "check-pairs", "sensitivity", "prior-scales"),
    "link": ("linking", "linked-members", "anchors", "axis", "axis-members", "axis-bills"),
    "pool-folds": ("held-out", "predictions", "held-out-parts", "held-out-calibration"),
    "report": ("out", "figures", "tables"),
}
FOLDERS = {"figures": "house-forest.svg", "tables": "house-members.csv"}
command, given, key = sys.argv[1], {}, None
for word in sys.argv[2:]:
    if word.startswith("--"):
        key = word[2:]
        given[key] = []
    else:
        given[key].append(word)
written = OUTPUTS.get(command, ("out",))


def files(key):
    return [f.partition("=")[2] for f in given[key]] if key == "files" else given[key]


def note(what):
    line = json.dumps({"what": what, "time": time.monotonic(), "argv": sys.argv[1:]})
    descriptor = os.open("trace.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, (line + "\\n").encode())
    os.close(descriptor)


note("START")
if command == "platform-check" and os.path.exists("unfit_machine"):
    sys.exit(2)
if command.startswith("fit"):
    time.sleep(0.2)
read = [open(f).read() for key in given if key not in written for f in files(key) if os.path.isfile(f)]
content = hashlib.sha256("".join([command, *given.get("spec", []), *read]).encode()).hexdigest()
for key in written:
    for file in given[key]:
        if key in FOLDERS:
            os.mkdir(file)
            file += "/" + FOLDERS[key]
        with open(file, "w") as out:
            out.write(key + content)
note("END")
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """A Python that sees what is installed but not this package, with a stand-in for the command beside it."""
    folder = tmp_path_factory.mktemp("stand_in")
    venv.EnvBuilder(symlinks=True).create(folder)
    site = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    Path(site, "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
    command = folder / "bin/tallgrass-models"
    command.write_text(f"#!{folder}/bin/python -IS\n{STAND_IN}")
    command.chmod(0o755)
    return folder / "bin/python"


@pytest.fixture(scope="module")
def snakemake(python):
    """Run Snakemake in a folder, with nothing of the virtual environment on PATH."""

    def run(folder, *args):
        return subprocess.run(
            [python, "-m", "snakemake", "--nocolor", *args],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def copy_repository(folder, config=CONFIG):
    for name in ("workflow", "src/tallgrass_models"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "config").mkdir()
    (folder / "config/experiments.yaml").write_text(config)
    return folder


@pytest.fixture(scope="module")
def ran(snakemake, tmp_path_factory):
    """A copy in which every experiment ran. Tests copy it, and do not change it."""
    folder = copy_repository(tmp_path_factory.mktemp("ran"))
    run = snakemake(folder, "--cores", "8", "--resources", "other=3")
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture
def finished(ran, tmp_path):
    return shutil.copytree(ran, tmp_path / "repository")


def replace(path, old, new):
    text = path.read_text()
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new))


def append(path, text):
    with path.open("a") as file:
        file.write(text)


def planned(run):
    """Rule -> sorted wildcard values of its jobs, such as {"fit_chamber": ["baseline/house"]}."""
    assert run.returncode == 0, run.stderr
    jobs: dict[str, list[str]] = {}
    for block in re.split(r"^\[.*\]$", run.stdout, flags=re.M)[1:]:
        rule = re.search(r"^(?:local)?rule (\w+):$", block, re.M)
        wildcards = re.search(r"^    wildcards: (.*)$", block, re.M)
        if rule and rule[1] != "all":
            jobs.setdefault(rule[1], []).append("/".join(re.findall(r"=([^,]+)", wildcards[1] if wildcards else "")))
    return {rule: sorted(values) for rule, values in jobs.items()}


def following(experiment, units):
    """Jobs that follow new posteriors of these units."""
    checked = {"check": sorted(f"{experiment}/{unit}" for unit in units)}
    return {"link": [experiment], **checked, **held_against_other_gates(experiment, units)}


def held_against_other_gates(experiment, units):
    """Jobs that follow new thresholds."""
    return {
        "summarize": sorted(f"{experiment}/{unit}" for unit in units),
        "report": [experiment],
        "metrics": [experiment],
    }


def together(*parts):
    return {rule: sorted({job for part in parts for job in part.get(rule, [])}) for rule in set().union(*parts)}


def compared(jobs):
    """The jobs, and the comparison and its page, that follow any new metrics.json."""
    return {**jobs, "compare": [""], "compare_report": [""]} if "metrics" in jobs else jobs


def trace(folder):
    return [json.loads(line) for line in (folder / "trace.jsonl").read_text().splitlines()]


def most_at_once(events):
    running = most = 0
    for event in sorted(events, key=lambda event: event["time"]):
        running += 1 if event["what"] == "START" else -1
        most = max(most, running)
    return most


def fits(events):
    return [event for event in events if event["argv"][0].startswith("fit")]


CHAMBERS, UNITS = ("house", "senate"), ("house", "senate", "joint")
FLAT = {"fit_flat": ["demo/house", "demo/senate"]}
BASELINE = {"fit_chamber": ["baseline/house", "baseline/senate"], **following("baseline", CHAMBERS)}
JOINT = {"fit_joint": ["positive"], **following("positive", ["joint"])}
POSITIVE = {"fit_chamber": ["positive/house", "positive/senate"], **JOINT, **following("positive", UNITS)}
FITS = together(FLAT, BASELINE, POSITIVE)
LOAD = {"load_data": ["demo/house", "demo/senate"]}
SESSION_CHECK = {"platform_check_session": ["demo"]}
PLATFORM = {"platform_check": ["baseline", "positive"], **SESSION_CHECK}
PUBLISH = {"report": ["baseline", "positive"], "metrics": ["baseline", "positive"]}


# --- which jobs are planned -------------------------------------------------------------------------------------------


def test_whole_sweep_and_one_target(snakemake, tmp_path):
    copy_repository(tmp_path)
    assert planned(snakemake(tmp_path, "-n")) == compared(together(PLATFORM, {"simulate": ["demo"]}, LOAD, FITS))
    one = planned(snakemake(tmp_path, "-n", "results/baseline/metrics.json"))
    assert one == together(
        {"platform_check": ["baseline"]}, SESSION_CHECK, {"simulate": ["demo"]}, LOAD, FLAT, BASELINE
    )


def edit_config(old, new):
    return lambda folder: replace(folder / "config/experiments.yaml", old, new)


def edit_code(module):
    def edit(folder):
        path = folder / "src/tallgrass_models" / module
        assert path.exists()
        append(path, "\nEDITED = 1\n")

    return edit


def edit_words_only(folder):
    """What changes no result: comments, docstrings, layout, time stamps, the wording of a rule, code not used here."""
    append(folder / "config/experiments.yaml", "# a comment\n")
    package = folder / "src/tallgrass_models"
    base = package / "models/base.py"
    base.write_text('"""Another docstring."""\n\n# a comment\n' + base.read_text().split('"""', 2)[2])
    append(package / "votes/readers/voteview.py", "\nEDITED = 1\n")
    append(package / "steps" / "__init__.py", "\nEDITED = 1\n")
    for module in (package / "models").rglob("*.py"):
        module.touch()
    replace(
        folder / "workflow/rules/fit.smk",
        "exec tallgrass-models fit-flat --spec",
        "exec  tallgrass-models  fit-flat --spec",
    )
    (folder / "results/baseline/platform.json").unlink()
    (folder / "results/sessions/demo/platform.json").unlink()


def name_scores(folder):
    (folder / "scores.csv").write_text("legislator,score\na,1\n")
    replace(folder / "config/experiments.yaml", "seed: 7", "seed: 7, external: scores.csv")


# Which code is part of which spec is in test_specs.py; here is what follows from a changed spec.
EDITS = {
    "words only, other formats, platform.json deleted": (edit_words_only, {}),
    "prior": (edit_config("sigma: 0.5", "sigma: 0.6"), POSITIVE),
    "prior of the one compared with": (
        edit_config("{description: production prior}", "{beta_prior: {distribution: halfnormal, sigma: 1}}"),
        together(BASELINE, {"report": ["positive"], "metrics": ["positive"]}),
    ),
    "thresholds": (
        edit_config("  sampling:", "  gates: {ess: 100}\n  sampling:"),
        together(held_against_other_gates("baseline", CHAMBERS), held_against_other_gates("positive", UNITS)),
    ),
    "checks": (
        edit_code("checking/loo.py"),
        {
            "check": [*(f"baseline/{c}" for c in CHAMBERS), *(f"positive/{u}" for u in sorted(UNITS))],
            "link": ["baseline", "positive"],  # which holds a joint model against the separate fits
            **PUBLISH,
        },
    ),
    "description": (
        edit_config("positive discrimination", "only positive"),
        {"report": ["positive"], "metrics": ["positive"]},
    ),
    "filters": (edit_config("seed: 7", "seed: 7, min_votes: 5"), together(LOAD, FITS)),
    "external scores": (
        name_scores,
        together(held_against_other_gates("baseline", CHAMBERS), held_against_other_gates("positive", UNITS)),
    ),
    "joint model": (edit_code("models/fast/joint.py"), JOINT),
    "all models": (edit_code("models/base.py"), FITS),
    "comparison": (edit_code("comparison/verdict.py"), {"compare": [""], "compare_report": [""]}),
    "linking": (
        edit_code("linking/link.py"),
        {rule: ["baseline", "positive"] for rule in ("link", "report", "metrics")},
    ),
    "report": (lambda folder: append(folder / "src/tallgrass_models/report/templates/base.html.j2", "!"), PUBLISH),
}


@pytest.mark.parametrize(("edit", "jobs"), EDITS.values(), ids=EDITS)
def test_an_edit_runs_what_depends_on_it(snakemake, finished, edit, jobs):
    edit(finished)
    run = snakemake(finished, "-n")
    assert planned(run) == compared(jobs)
    assert ("Nothing to be done" in run.stdout + run.stderr) == (not jobs)


def test_added_experiments_run_alone(snakemake, finished):
    wide = "  wide: {beta_prior: {distribution: normal, mu: 0, sigma: 3}}\n"
    append(finished / "config/experiments.yaml", wide + "  lower: {chambers: [house]}\n")
    jobs = together(
        {"platform_check": ["lower", "wide"], "fit_chamber": ["lower/house", "wide/house", "wide/senate"]},
        following("lower", ["house"]),
        following("wide", CHAMBERS),
    )
    assert planned(snakemake(finished, "-n")) == compared(jobs)


def test_no_senate_job_for_a_house_only_experiment(snakemake, tmp_path):
    config = CONFIG[: CONFIG.index("  baseline:")] + "  baseline: {chambers: [house]}\n"
    copy_repository(tmp_path, config)
    jobs = {
        "platform_check": ["baseline"],
        **SESSION_CHECK,
        "simulate": ["demo"],
        "load_data": ["demo/house"],
        "fit_flat": ["demo/house"],
        "fit_chamber": ["baseline/house"],
        **following("baseline", ["house"]),
    }
    assert planned(snakemake(tmp_path, "-n")) == compared(jobs)
    joint = snakemake(tmp_path, "-n", "results/baseline/joint/posterior.nc")
    assert joint.returncode == 1
    assert "No rule to produce results/baseline/joint/posterior.nc" in joint.stdout
    assert "Traceback" not in joint.stdout


def test_votes_of_ones_own(snakemake, tmp_path):
    """Another experiments file, from another working directory; plain or gzipped files, none simulated."""
    copy_repository(tmp_path / "repository")
    work = tmp_path / "work"
    (work / "csv").mkdir(parents=True)
    (work / "own.yaml").write_text(
        "sessions: {state: {source: tallgrass, path: csv, name: ks}}\nexperiments: {first: {chambers: [senate]}}\n"
    )
    command = ("-n", "-s", str(tmp_path / "repository/workflow/Snakefile"), "--config", "experiments=own.yaml")
    (work / "csv/ks_votes.csv.gz").touch()
    (work / "csv/ks_rollcalls.csv").touch()
    run = snakemake(work, *command)
    assert run.returncode == 1
    assert "Missing input files for rule load_data" in run.stdout
    assert "csv/ks_legislators.csv" in run.stdout
    assert "ks_votes" not in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    (work / "csv/ks_legislators.csv").touch()
    run = snakemake(work, *command)
    assert planned(run)["load_data"] == ["state/senate"]
    assert "simulate" not in planned(run)
    assert "csv/ks_votes.csv.gz, csv/ks_rollcalls.csv, csv/ks_legislators.csv" in run.stdout


# --- how jobs run -----------------------------------------------------------------------------------------------------


def test_one_sampler_at_a_time(ran):
    """With --cores 8 and a limit on something else, which makes Snakemake forget the resources of a profile."""
    events = trace(ran)
    assert len(fits(events)) == 2 * 7
    assert most_at_once(fits(events)) == 1
    assert most_at_once(events) > 1  # the stand-in would have shown it


def test_as_many_samplers_as_the_configuration_says(snakemake, finished):
    append(finished / "config/experiments.yaml", "platform: {samplers: 2}\n")
    (finished / "trace.jsonl").unlink()
    targets = [f"results/sessions/demo/flat_{chamber}.nc" for chamber in CHAMBERS]
    run = snakemake(finished, "--cores", "8", "--force", *targets)
    assert run.returncode == 0, run.stderr
    assert most_at_once(fits(trace(finished))) == 2


def test_commands_are_those_of_the_command_line(ran):
    """What the rules say is what `tallgrass-models` understands, and carries the settings of the YAML file."""
    starts = [event["argv"] for event in trace(ran) if event["what"] == "START"]
    given = [cli._parser().parse_args(argv) for argv in starts]
    assert len(given) == 31
    joint = next(args for args, argv in zip(given, starts, strict=True) if argv[0] == "fit-joint")
    spec = json.loads(joint.spec)
    assert spec["beta_prior"] == {"distribution": "lognormal_reparam", "mu": 0.0, "sigma": 0.5}
    assert spec["sampling"]["chains"] == 4
    assert joint.cores == min(4, os.cpu_count())
    assert joint.house_posterior == Path("results/positive/house/posterior.nc")
    summaries = {str(args.posterior): args for args in given if "truth" in args}
    of_joint = summaries["results/positive/joint/posterior.nc"]
    assert [path.name for path in of_joint.data] == ["house.nc", "senate.nc"]
    assert [path.name for path in of_joint.flat] == ["flat_house.nc", "flat_senate.nc"]
    assert of_joint.truth == Path("results/sessions/demo/source/demo_truth_legislators.csv")
    compared = {
        args.out.parent.name: [str(path) for path in args.compare_with] for args in given if "compare_with" in args
    }
    assert compared == {
        "baseline": [],
        "positive": [f"results/baseline/{chamber}/ideal_points.csv" for chamber in CHAMBERS],
    }


def test_snakemake_report_shows_pages_and_pictures(snakemake, ran):
    """Needs pygments, which is a dependency for that reason alone."""
    drawn = '<svg xmlns="http://www.w3.org/2000/svg"><title>Every {member} of the House</title></svg>'
    (ran / "results/baseline/figures/house-forest.svg").write_text(drawn)
    run = snakemake(ran, "--report", "shown.html")
    assert run.returncode == 0, run.stderr
    shown = (ran / "shown.html").read_text()
    for experiment in ("baseline", "positive"):
        assert f"results/{experiment}/report.html" in shown
        assert f"results/{experiment}/figures/house-forest.svg" in shown
    assert '"Experiments"' in shown
    assert '"Figures"' in shown
    assert "Ideal points, parties, bills and convergence of experiment" in shown
    assert '"Every (member) of the House"' in shown
    assert '"house-forest"' in shown  # a file without a title
    assert "with its 90 % interval (line), from left to right." in shown


def test_second_run_has_nothing_to_do_and_logs_are_kept(snakemake, finished):
    run = snakemake(finished, "--cores", "8")
    assert run.returncode == 0
    assert "Nothing to be done" in run.stderr
    assert (finished / "results/positive/logs/fit_joint.log").exists()
    assert (finished / "results/positive/benchmarks/fit_joint.tsv").exists()


def test_an_unfit_machine_starts_no_sweep_but_may_write_reports(snakemake, finished):
    (finished / "trace.jsonl").unlink()
    append(finished / "src/tallgrass_models/monitoring/platform.py", "\n\ndef memory_gb():\n    return 0.5\n")
    (finished / "results/baseline/metrics.json").unlink()
    run = snakemake(finished, "--cores", "2", "--quiet", "all")
    assert run.returncode == 0, run.stderr
    started = [event["argv"][0] for event in trace(finished) if event["what"] == "START"]
    assert started == ["metrics", "compare", "compare-report"]
    edit_config("sigma: 0.5", "sigma: 0.6")(finished)
    run = snakemake(finished, "--cores", "2", "--quiet", "all")
    assert run.returncode == 1
    assert [line for line in run.stderr.splitlines() if "profile" not in line] == [
        "Error: platform check: only 0.5 GB of memory; a fit needs 1 GB"
    ]
    assert len(trace(finished)) == 6  # nothing more has started


@pytest.mark.parametrize("how", ["--dry-run", "--lint"])
def test_problems_of_the_configuration_are_a_line_each(snakemake, tmp_path, how):
    wrong = CONFIG.replace("sigma: 0.5", "sgima: 0.5").replace("joint: true", "joint: maybe")
    copy_repository(tmp_path, wrong)
    run = snakemake(tmp_path, how)
    assert run.returncode == 1
    assert not run.stdout
    lines = [line for line in run.stderr.splitlines() if not line.startswith("Using workflow specific profile")]
    assert len(lines) == 2
    assert all(line.startswith("Error: config/experiments.yaml: experiments.positive.") for line in lines)
    assert "'sgima'" in lines[0]
    assert "maybe" in lines[1]


# --- the files themselves ---------------------------------------------------------------------------------------------


def test_lint(snakemake, tmp_path):
    run = snakemake(copy_repository(tmp_path), "--lint")
    assert run.returncode == 0, run.stdout + run.stderr


def test_format():
    pytest.importorskip("snakefmt")
    run = subprocess.run(
        [sys.executable, "-m", "snakefmt", "--check", ROOT / "workflow"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def test_profiles_and_environment_name_what_there_is():
    rules = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    sampling = {m[1] for m in re.finditer(r"^rule (\w+):(?:(?!^rule ).)*?mcmc=1", rules, re.M | re.S)}
    models = {"fit_flat", "fit_chamber", "fit_joint", "fit_dynamic"}
    assert sampling == models | {"fit_flat_fold", "fit_fold", "fit_lab"}
    default, slurm = (
        yaml.safe_load((ROOT / f"workflow/profiles/{name}/config.yaml").read_text()) for name in ("default", "slurm")
    )
    assert set(slurm["set-resources"]) == sampling
    assert default.items() <= slurm.items()  # the one replaces the other


def test_the_environment_for_conda_has_what_the_package_needs():
    conda = yaml.safe_load((ROOT / "workflow/envs/models.yaml").read_text())["dependencies"]
    pip = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    called = {"matplotlib": "matplotlib-base", "snakemake": "snakemake-minimal"}
    wanted = {re.sub(r"^[a-z-]+", lambda name: called.get(name[0], name[0]), need) for need in pip}
    assert {need.replace(" ", "") for need in conda if not need.startswith(("python", "pip"))} == wanted


APPTAINER = """\
#!/bin/sh
[ "$1" = --version ] && echo "apptainer version 1.3.4" && exit
echo "$@" >> apptainer.txt
while [ "${1%.sif}" = "$1" ]; do shift; done
shift
exec "$@"
"""


@pytest.mark.parametrize("image", ["tallgrass-models.sif", "other.sif"])
def test_jobs_run_in_the_image_where_that_is_asked_for(snakemake, python, tmp_path, image):
    """With a stand-in for apptainer, which runs the command where it is."""
    copy_repository(tmp_path)
    (python.parent / "apptainer").write_text(APPTAINER)
    (python.parent / "apptainer").chmod(0o755)
    (tmp_path / image).touch()
    config = [] if image == "tallgrass-models.sif" else ["--config", f"container={image}"]
    target = "results/sessions/demo/house.nc"
    run = snakemake(tmp_path, "--cores", "2", "--sdm", "apptainer", *config, "--", target)
    assert run.returncode == 0, run.stderr
    ran = (tmp_path / "apptainer.txt").read_text().splitlines()
    assert len(ran) == 3
    assert all(f" {image} " in line for line in ran)
    assert [re.search("tallgrass-models ([a-z-]+) ", line)[1] for line in ran] == [
        "platform-check",
        "simulate",
        "load-data",
    ]
