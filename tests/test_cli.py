"""The command line: one message and an exit code for what a user can mend, and no job that dies with 0."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tallgrass_models import cli
from tallgrass_models.steps import platform_check

ROOT = Path(__file__).parents[1]

CHECK = ["platform-check", "--chains", "4", "--draws", "10", "--sampler", "nutpie"]


@pytest.fixture(autouse=True)
def keep_process_state(monkeypatch):
    """`main` sets signal handlers and thread caps for a process of its own."""
    saved = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    monkeypatch.setattr(os, "environ", os.environ.copy())
    yield
    for number, handler in saved.items():
        signal.signal(number, handler)


def test_validate_says_what_is_asked_for(capsys):
    assert cli.main(["validate", "--config", str(ROOT / "config/experiments.yaml")]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("baseline: session demo, 4 x (300 + at most 4000) by nutpie")
    assert lines[at + 1 : at + 4] == [
        "  house: beta Normal(mu=0, sigma=1), alpha Normal(mu=0, sigma=5)",
        "  senate: beta Normal(mu=0, sigma=1), alpha Normal(mu=0, sigma=5)",
        "  joint: beta LogNormal_reparam(mu=0, sigma=1), alpha Normal(mu=0, sigma=2)",
    ]
    at = lines.index("positive_beta: session demo, 4 x (300 + at most 4000) by nutpie")
    assert lines[at + 3] == "  joint: beta LogNormal_reparam(mu=0, sigma=0.5), alpha Normal(mu=0, sigma=2)"


def test_config_errors_come_together_with_code_2(tmp_path, capsys):
    path = tmp_path / "experiments.yaml"
    path.write_text("sessions: {demo: {source: simulated}}\nexperiments:\n  a: {bta_prior: 1}\n  B: {}\n")
    assert cli.main(["validate", "--config", str(path)]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.splitlines() == [
        f"tallgrass-models: error: {path}: experiments.a: unknown key 'bta_prior' (did you mean 'beta_prior'?)",
        f"tallgrass-models: error: {path}: experiments.B: a name is made of at most 100 lower-case letters, digits"
        " and _",
    ]


def test_an_unknown_experiment_lists_the_known(capsys):
    assert cli.main(["run", "nope", "--config", str(ROOT / "config/experiments.yaml")]) == 2
    assert "'nope' (known: baseline, positive_beta" in capsys.readouterr().err


def test_out_of_memory_is_one_message(monkeypatch, capsys, tmp_path):
    def hungry(*args):
        raise MemoryError

    monkeypatch.setattr(platform_check, "platform_check", hungry)
    code = cli.main([*CHECK, "--out", str(tmp_path / "p.json")])
    assert code == 3
    assert capsys.readouterr().err.startswith("tallgrass-models: error: out of memory")


def test_a_bug_is_one_line_with_its_trace_in_the_log_or_in_a_file(monkeypatch, tmp_path, capsys):
    def broken(*args):
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr(platform_check, "platform_check", broken)
    assert cli.main([*CHECK, "--out", str(tmp_path / "p.json")]) == 70
    *trace, last = capsys.readouterr().err.splitlines()
    assert any("in broken" in line for line in trace)
    assert last.startswith("tallgrass-models: bug: ZeroDivisionError: by zero; please report it")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert cli.main([*CHECK, "--out", str(tmp_path / "p.json")]) == 70
    (line,) = capsys.readouterr().err.splitlines()
    (log,) = tmp_path.glob("tallgrass-models-*.log")
    assert str(log) in line
    assert "in broken" in log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_end_the_job_with_their_code(tmp_path, number):
    script = (
        "import sys, time\n"
        "from tallgrass_models import cli\n"
        "from tallgrass_models.steps import platform_check\n"
        "platform_check.platform_check = lambda *args: (print('ready', flush=True), time.sleep(60))\n"
        f"sys.exit(cli.main({[*CHECK, '--out', 'x']}))\n"
    )
    job = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    assert job.stdout is not None
    assert job.stdout.readline() == "ready\n"
    job.send_signal(number)
    assert job.wait(timeout=10) == 128 + number
    job.stdout.close()


def test_a_rule_its_command_and_its_step_share_one_name():
    """And every module of a command is one that `cli` finds."""
    rules = {
        m[1]
        for path in (ROOT / "workflow").rglob("*.smk")
        for m in re.finditer(r"^rule (\w+):", path.read_text(), re.M)
    }
    rules -= {"platform_check_session"}  # the command of platform_check
    package = Path(cli.__file__).parents[1]
    modules = {
        room: {path.stem for path in (package / room).glob("*.py")} - {"__init__"} for room in ("cli/rules", "steps")
    }
    assert modules["cli/rules"] == rules
    assert rules <= modules["steps"]
    people = {path.stem for path in (package / "cli/people").glob("*.py")} - {"__init__"}
    commands = next(iter(cli._parser()._subparsers._group_actions)).choices
    assert set(commands) == {name.replace("_", "-") for name in rules | people}
    called = {
        m[1]
        for path in (ROOT / "workflow").rglob("*.smk")
        for m in re.finditer(r"exec tallgrass-models (\S+)", path.read_text())
    }
    assert called == {name.replace("_", "-") for name in rules}


def test_help_is_quick_and_light():
    """Commands that only look must not pay for the sampler's imports."""
    heavy = "('pymc', 'numba', 'xarray', 'pandas')"
    code = (
        f"import sys; from tallgrass_models import cli; cli._parser(); print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_fit_dies_with_its_parent(tmp_path):
    """A Snakemake that is killed outright leaves no sampler behind."""
    if sys.platform != "linux":
        pytest.skip("prctl is Linux's")
    child = (
        "from tallgrass_models.monitoring.children import die_with_parent\n"
        "import os, time\n"
        "die_with_parent()\n"
        "open('pid', 'w').write(str(os.getpid()))\n"
        "time.sleep(60)\n"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    job = subprocess.Popen([sys.executable, "-c", parent], cwd=tmp_path)
    pid_file = tmp_path / "pid"
    deadline = time.monotonic() + 20
    while not (pid_file.exists() and pid_file.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    job.kill()
    job.wait()
    pid = int(pid_file.read_text())
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
