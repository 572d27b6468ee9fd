"""The platform check: what counts as too little, from numbers that each test sets."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tallgrass_models.errors import UserError
from tallgrass_models.files.json import read_json
from tallgrass_models.monitoring import machine, platform, toolchain
from tallgrass_models.monitoring.findings import ALLOWED, FATAL, WARNING, fatal
from tallgrass_models.monitoring.locks import Holder
from tallgrass_models.monitoring.platform import Plan, PlatformCheck
from tallgrass_models.steps.platform_check import platform_check

GOOD = PlatformCheck("Linux 6", "x86_64", "3.13", 8.0, 8, 32.0, 16.0, 100.0, {"OMP_NUM_THREADS": "1"}, "numba", ())
#: 4 chains of 2,000 draws of 10,000 numbers of 8 bytes: 0.64 GB.
PLAN = Plan(2000, "nutpie", 10_000)


def test_a_good_machine_has_no_findings():
    assert GOOD.validate(4, PLAN) == []


def test_estimates_by_hand():
    assert PLAN.memory_gb(4) == pytest.approx(0.7 + 4 * 0.64)
    assert PLAN.disk_gb(4) == pytest.approx(2 * 0.64)


WRONG = {
    "no sampler": ({"backend": "missing"}, FATAL, "packages", "not installed"),
    "pure Python": ({"backend": "python"}, FATAL, "backend", "pure Python"),
    "hardly any memory": ({"memory_gb": 0.5}, FATAL, "memory", "only 0.5 GB of memory; a fit needs 1 GB"),
    "less memory than the fit": ({"memory_gb": 3.0}, FATAL, "memory", "needs about 3.3 GB"),
    "memory in use": ({"memory_free_gb": 3.0}, WARNING, "memory", "only 3.0 GB of memory are free"),
    "full disk": ({"disk_free_gb": 1.2}, FATAL, "disk", "only 1.2 GB of disk are free"),
    "few CPUs": ({"cpus": 2.5}, WARNING, "cpus", "4 chains on 2.5 CPUs"),
    "slow cores": ({"performance_cores": 2}, WARNING, "cores", "4 chains on 2 performance cores"),
    "threads": ({"thread_caps": {"OMP_NUM_THREADS": "8"}}, WARNING, "threads", "OMP_NUM_THREADS=8"),
    "another fit": (
        {"other_samplers": (Holder(7, "1", "h", "b/joint", "", "today"),)},
        WARNING,
        "samplers",
        "another fit is running: b/joint (pid 7 since today)",
    ),
}


@pytest.mark.parametrize(("changes", "level", "code", "text"), WRONG.values(), ids=WRONG)
def test_each_finding(changes, level, code, text):
    (finding,) = replace(GOOD, **changes).validate(4, PLAN)
    assert (finding.level, finding.code) == (level, code)
    assert text in finding.text


def test_a_c_compiler_that_nobody_needs_may_be_missing(monkeypatch):
    monkeypatch.setattr(toolchain, "compiles", lambda compiler: pytest.fail("not to be asked"))
    assert toolchain.backend("nutpie") == "numba"
    assert toolchain.backend("pymc") == "numba"  # PyTensor's default today


@pytest.mark.parametrize(
    ("flags", "backend"), [("mode=FAST_COMPILE,linker=py", "python"), ("linker=cvm", "c"), ("", "numba")]
)
def test_the_backend_is_the_one_that_pytensor_would_use(flags, backend):
    if backend == "c" and not toolchain.compiles("g++"):
        pytest.skip("no C++ compiler here")
    code = "from tallgrass_models.monitoring.toolchain import backend; print(backend('pymc'))"
    environment = {**os.environ, "PYTENSOR_FLAGS": flags}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == backend


def test_a_compiler_that_does_not_compile(tmp_path):
    broken = tmp_path / "c++"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    assert not toolchain.compiles(str(broken))
    assert not toolchain.compiles(str(tmp_path / "none"))
    assert not toolchain.compiles("")


def test_without_the_votes_room_is_a_guess_and_no_reason_to_refuse():
    (finding,) = replace(GOOD, memory_gb=1.5).validate(4, Plan(2000))
    assert (finding.level, finding.code) == (WARNING, "memory")


def test_what_the_configuration_allows_is_recorded():
    check = replace(GOOD, memory_gb=3.0, disk_free_gb=1.0)
    findings = check.validate(4, PLAN, allow=["memory"])
    assert [(f.level, f.code) for f in findings] == [(FATAL, "disk"), (ALLOWED, "memory")]
    assert len(fatal(findings)) == 1
    written = check.to_dict(findings)
    assert written["overrides"] == {"memory": findings[1].text}
    assert written["snapshot"]["memory_gb"] == 3.0


def test_the_step_refuses_or_records(tmp_path, monkeypatch):
    monkeypatch.setattr(platform, "backend", lambda sampler: "python")
    with pytest.raises(UserError, match="platform check: PyTensor would"):
        platform_check(4, 100, "pymc", [], tmp_path / "p.json")
    assert not list(tmp_path.iterdir())
    platform_check(4, 100, "pymc", ["backend"], tmp_path / "p.json")
    assert list(read_json(tmp_path / "p.json")["overrides"]) == ["backend"]


def write(folder, **files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text + "\n")


def test_limits_of_control_groups(tmp_path, monkeypatch):
    """Version 2, a group within a group, of which the outer one has the tighter CPU quota."""
    write(tmp_path / "cg/outer/inner", cpu__max="800000 100000", memory__max="3000000000", memory__current="1000000000")
    write(tmp_path / "cg/outer", cpu__max="50000 100000", memory__max="max", memory__current="0")
    (tmp_path / "self").write_text("0::/outer/inner\n")
    monkeypatch.setattr(machine, "_CGROUP", tmp_path / "cg")
    monkeypatch.setattr(machine, "_PROC_CGROUP", tmp_path / "self")
    assert machine.usable_cpus() == 0.5
    assert machine.memory_gb() == 3.0
    assert machine.memory_free_gb() <= 2.0


def test_limits_of_control_groups_of_version_1(tmp_path, monkeypatch):
    write(tmp_path / "cg/cpu/job", cpu__cfs_quota_us="150000", cpu__cfs_period_us="100000")
    write(tmp_path / "cg/memory", memory__limit_in_bytes=str(2**63 - 4096), memory__usage_in_bytes="0")
    write(tmp_path / "cg/memory/job", memory__limit_in_bytes="2000000000", memory__usage_in_bytes="500000000")
    (tmp_path / "self").write_text("4:memory:/job\n2:cpuacct,cpu:/\n1:cpu:/job\n0::/\n")
    monkeypatch.setattr(machine, "_CGROUP", tmp_path / "cg")
    monkeypatch.setattr(machine, "_PROC_CGROUP", tmp_path / "self")
    assert machine.usable_cpus() == min(1.5, len(os.sched_getaffinity(0)))
    assert machine.memory_gb() == 2.0
    assert machine.memory_free_gb() <= 1.5


def test_performance_cores_of_apple_silicon(tmp_path, monkeypatch):
    sysctl = tmp_path / "sysctl"
    sysctl.write_text('#!/bin/sh\n[ "$2" = hw.perflevel0.physicalcpu ] && echo 6\n')
    sysctl.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(machine.sys, "platform", "darwin")
    assert machine.performance_cores() == 6


def test_affinity(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0})
    assert machine.usable_cpus() == 1


def test_disk_of_a_folder_that_is_not_there_yet(tmp_path):
    assert machine.disk_free_gb(tmp_path / "a/b/c") == machine.disk_free_gb(Path(tmp_path))
