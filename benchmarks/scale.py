"""Measure what Snakemake itself costs when there are many experiments.

    python benchmarks/scale.py --experiments 1000            # a dry run: processor seconds and peak memory
    python benchmarks/scale.py --compared-with CHECKOUT      # the same with another checkout before it
    python benchmarks/scale.py --experiments 200 --run       # a run too, with a command that only makes its outputs

Each experiment has both chambers and a joint model of a simulated session. Processor time (user and system) depends
less than wall time on what else the machine does. The overhead of a job is what a run takes, with the shell of each
job, over the number of jobs.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Command that stands in for `tallgrass-models`: it makes the files and folders that the rule wants, and no more.
STAND_IN = """\
#!/bin/sh
folder=false
for word; do
  case $word in
    --figures|--tables) folder=true ;;
    --*) folder=false ;;
    results/*) [ -e "$word" ] || if $folder; then mkdir "$word"; else echo made > "$word"; fi ;;
  esac
done
"""


@dataclass(frozen=True)
class Measured:
    """A run of Snakemake: its jobs, processor seconds of itself and of its jobs, and peak memory."""

    jobs: int
    cpu_s: float
    peak_mb: float


def write_project(folder: Path, checkout: Path, n: int) -> None:
    """Write a project with ``n`` experiments that differ in the prior of discrimination."""
    (folder / "config").mkdir()
    (folder / "workflow").symlink_to(checkout.resolve() / "workflow")
    lines = ["sessions: {demo: {source: simulated, seed: 7}}", "defaults: {joint: true}", "experiments:"]
    lines += [f"  v{i:04d}: {{beta_prior: {{distribution: normal, mu: 0, sigma: {1 + i / 1000}}}}}" for i in range(n)]
    (folder / "config/experiments.yaml").write_text("\n".join(lines) + "\n")


def snakemake(python: str, folder: Path, checkout: Path, *arguments: str) -> Measured:
    """Run Snakemake in a folder with the package of a checkout; the process that waits for it measures it."""
    paths = {"PYTHONPATH": str(checkout.resolve() / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    with (folder / "said").open("w+") as said:
        process = subprocess.Popen(
            [python, "-m", "snakemake", *arguments], cwd=folder, env=os.environ | paths, stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read()
    total = re.search(r"^total +(\d+)$", text, re.M)
    if process.returncode or total is None:
        raise SystemExit(text)
    return Measured(int(total[1]), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def python_with_stand_in(folder: Path) -> str:
    """Make a Python that sees what is installed here, with a stand-in for the command beside it."""
    venv.EnvBuilder(symlinks=True).create(folder)
    site = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    Path(site, "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
    command = folder / "bin/tallgrass-models"
    command.write_text(STAND_IN)
    command.chmod(0o755)
    return str(folder / "bin/python")


def measure(checkout: Path, n: int, run: bool) -> Measured:
    """Plan ``n`` experiments of which nothing is there yet, or run them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder, checkout, n)
        if not run:
            return snakemake(sys.executable, folder, checkout, "-n", "--quiet", "host", "rules")
        python = python_with_stand_in(folder / "stand_in")
        return snakemake(python, folder, checkout, "--cores", "2", "--quiet", "host", "rules")


def main() -> None:
    """Print a line for each measurement."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--experiments", type=int, default=1000)
    parser.add_argument("--compared-with", type=Path, metavar="CHECKOUT")
    parser.add_argument("--run", action="store_true", help="also run the jobs, with a command that does nothing")
    args = parser.parse_args()
    for checkout in [*([args.compared_with] if args.compared_with else []), ROOT]:
        for run in (False, True) if args.run else (False,):
            found = measure(checkout, args.experiments, run)
            what = f"run, {found.cpu_s / found.jobs:.3f} s a job" if run else "dry run"
            size = f"{args.experiments:,} experiments, {found.jobs:,} jobs"
            print(
                f"{checkout}: {size}: {what}, {found.cpu_s:.1f} s of processor time, {found.peak_mb:.0f} MB", flush=True
            )


if __name__ == "__main__":
    main()
