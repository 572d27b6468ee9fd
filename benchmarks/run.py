"""Measure this package against the textbook form and against R packages, and write docs/performance.md.

    TALLGRASS_REAL_DATA=folder python benchmarks/run.py

Everything is measured in one run on one machine; compare ratios, not seconds. Without TALLGRASS_REAL_DATA, or without R
and its packages, those rows are left out, and the page says so. ``--only mild`` measures a part.
"""

from __future__ import annotations

import argparse
import logging
import math
import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import contenders
import cost
import sessions

from tallgrass_models.config import SamplingConfig
from tallgrass_models.monitoring.platform import usable_cpus
from tallgrass_models.posterior import package_versions
from tallgrass_models.priors import PRODUCTION_BETA, BetaPriorSpec
from tallgrass_models.votes import join_chambers

log = logging.getLogger("benchmarks")

PAGE = Path(__file__).parents[1] / "docs/performance.md"
MARK = "<!-- measured: everything below is written by benchmarks/run.py -->\n"
DEFAULT = SamplingConfig()
#: The textbook form gets as many draws as this package. PyMC's NUTS, slower still, gets these.
PYMC = SamplingConfig(draws=500, tune=500)
PRIORS = {
    "normal(0, 1)": PRODUCTION_BETA,
    "lognormal(0, 0.5)": BetaPriorSpec("lognormal", {"mu": 0, "sigma": 0.5}),
    "lognormal_reparam(0, 0.5)": BetaPriorSpec("lognormal_reparam", {"mu": 0, "sigma": 0.5}),
    "halfnormal(1)": BetaPriorSpec("halfnormal", {"sigma": 1}),
}
#: R's samplers mix slowly: many draws, thinned.
R_DRAWS = {"tune": 5_000, "draws": 20_000, "thin": 10}


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    cells: tuple[str, ...]

    def __str__(self) -> str:
        return "| " + " | ".join(self.cells) + " |"


def row(what: str, who: str, found: contenders.Measured, ours: contenders.Measured | None) -> Row:
    """A line of the table of effective draws; the ratio is ours over theirs."""
    ratio = f"{ours.ess_per_s / found.ess_per_s:,.1f}" if ours else "1"
    log.info("%s, %s: %s", what, who, found)
    return Row(
        (
            what,
            who,
            f"{found.compile_s:.1f}",
            f"{found.sample_s:.1f}",
            f"{found.ess:.0f}",
            f"{found.rhat:.3f}",
            "" if found.divergences is None else str(found.divergences),
            _short(found.ess_per_s),
            ratio,
        )
    )


def against_others(folder: Path, wanted: Callable[[str], bool]) -> list[str]:
    """Least bulk ESS per second over all parameter blocks, chamber by chamber."""
    lines = [
        "| votes | sampler | compile s | sample s | least ESS | worst R-hat | divergences | ESS/s | ours is x times |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    notes = []
    for name, load in sessions.chambers(folder).items():
        if not wanted(name):
            continue
        votes = load()
        if votes is None:
            notes.append(f"{name}: TALLGRASS_REAL_DATA is not set.")
            continue
        contenders.ours(votes, SamplingConfig(draws=20, tune=20))  # compiled once: what a second job sees
        mine = contenders.ours(votes, DEFAULT)
        lines.append(str(row(name, "this package", mine, None)))
        lines.append(str(row(name, "textbook, nutpie", contenders.textbook_nutpie(votes, DEFAULT), mine)))
        if name in ("mild House", "embedded House"):
            lines.append(str(row(name, "textbook, PyMC's NUTS", contenders.textbook_pymc(votes, PYMC), mine)))
            for package in contenders.R_PACKAGES:
                found = contenders.r_package(package, votes, **R_DRAWS)
                if found is None:
                    notes.append(f"{package} is not installed.")
                else:
                    lines.append(str(row(name, package, found, mine)))
    return [*lines, "", *sorted(set(notes))]


def every_prior(folder: Path, wanted: Callable[[str], bool]) -> list[str]:
    """Default draws, every prior, chambers and joint: do they pass the gates?"""
    lines = [
        "| votes | beta prior | sample s | least ESS | worst R-hat | divergences |",
        "|---|---|---|---|---|---|",
    ]
    chambers = {name: load for name, load in sessions.chambers(folder).items() if name != "mild House"}
    joints = {
        "embedded joint": lambda: sessions.embedded(folder),
        "California joint": lambda: sessions.real("california"),
    }
    for prior_name, prior in PRIORS.items():
        for name, load in chambers.items():
            if wanted(name) and (votes := load()) is not None:
                lines.append(gate_row(name, prior_name, contenders.ours(votes, DEFAULT, prior)))
        for name, load_pair in joints.items():
            if wanted(name) and (pair := load_pair()) is not None:
                both = join_chambers(pair["house"], pair["senate"])
                lines.append(gate_row(name, prior_name, contenders.ours_joint(both, DEFAULT, prior)))
    return lines


def gate_row(name: str, prior: str, found: contenders.Measured) -> str:
    """A line of the table of gates."""
    log.info("%s, %s: %s", name, prior, found)
    numbers = (f"{found.sample_s:.1f}", f"{found.ess:.0f}", f"{found.rhat:.4f}", str(found.divergences))
    return str(Row((name, prior, *numbers)))


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.{max(0, 2 - math.floor(math.log10(max(value, 1e-9))))}f}"


def machine() -> str:
    """What was measured on, and with which versions."""
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), model)
    versions = ", ".join(f"{name} {number}" for name, number in package_versions().items())
    return f"{model}, {usable_cpus():g} CPUs; Python {platform.python_version()}; {versions}."


def main() -> None:
    """Run the parts asked for and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="measure only votes whose name contains this text")
    parser.add_argument(
        "--parts", nargs="*", default=["cost", "others", "priors"], choices=["cost", "others", "priors"]
    )
    parser.add_argument("--out", type=Path, default=PAGE)
    args = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    log.setLevel(logging.INFO)

    def wanted(name: str) -> bool:
        return args.only in name

    parts = [machine(), ""]
    with tempfile.TemporaryDirectory() as folder:
        if "cost" in args.parts:
            parts += ["### One gradient, and start-up", "", *cost.gradient(), "", *cost.start_up(), ""]
            parts += ["### Time and memory against size", "", *cost.against_size(), ""]
        if "others" in args.parts:
            parts += ["### Against the textbook form and R packages", "", *against_others(Path(folder), wanted), ""]
        if "priors" in args.parts:
            parts += ["### Every prior, default draws", "", *every_prior(Path(folder), wanted), ""]
    head = args.out.read_text().partition(MARK)[0] if args.out.exists() else "# Performance\n\n"
    args.out.write_text(head + MARK + "\n" + "\n".join(parts).rstrip() + "\n")


if __name__ == "__main__":
    main()
