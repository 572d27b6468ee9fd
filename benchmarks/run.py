"""Measure this package against the textbook form and against R packages, and write docs/performance.md.

    TALLGRASS_REAL_DATA=folder python benchmarks/run.py

Everything is measured in one run on one machine; compare ratios, not seconds. Without TALLGRASS_REAL_DATA, or without R
and its packages, those rows are left out, and the page says so. Every row is written as soon as it is measured.
``--parts others --only mild`` measures some rows; they take the place of their part of the page.
"""

from __future__ import annotations

import argparse
import logging
import math
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import contenders
import cost
import gradients
import sessions

from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.monitoring.platform import usable_cpus
from tallgrass_models.sampling.posterior import package_versions
from tallgrass_models.votes.matching import join_chambers

log = logging.getLogger("benchmarks")

PAGE = Path(__file__).parents[1] / "docs/performance.md"
MARK = "<!-- measured: everything below is written by benchmarks/run.py -->\n"
TITLES = {
    "cost": "One gradient, start-up, size",
    "others": "Against the textbook form and R packages",
    "priors": "Every prior, default draws",
}
DEFAULT = SamplingConfig()
#: The textbook form gets as many draws as this package on the mild House, where it mixes so badly that fewer would not
#: show how badly; elsewhere these, in the same proportion, and so does PyMC's NUTS.
FEWER = SamplingConfig(draws=400, tune=300, chains=2)
#: R's samplers mix slowly: many draws, thinned.
R_DRAWS = {"tune": 5_000, "draws": 20_000, "thin": 10}


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def row(what: str, who: str, found: contenders.Measured, ours: contenders.Measured | None) -> str:
    """A line of the table of effective draws; the ratio is ours over theirs."""
    ratio = f"{ours.ess_per_s / found.ess_per_s:,.1f}" if ours else "1"
    log.info("%s, %s: %s", what, who, found)
    return _line(
        what,
        who,
        found.draws,
        f"{found.compile_s:.1f}",
        f"{found.sample_s:.1f}",
        f"{found.cpu_s / contenders.CORES:.1f}",
        f"{found.ess:.0f}",
        f"{found.rhat:.3f}",
        "" if found.divergences is None else str(found.divergences),
        _short(found.ess_per_s),
        ratio,
    )


def against_others(folder: Path, wanted: Callable[[str], bool]) -> Iterator[str]:
    """Least bulk ESS per second over all parameter blocks, by chamber and for both chambers jointly."""
    yield (
        "| votes | sampler | chains x (tuning + draws) | compile s | sample s | sample s on idle cores | least ESS |"
        " worst R-hat | divergences | ESS/s | ours is x times |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
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
        yield row(name, "this package", mine, None)
        textbook = contenders.textbook_nutpie(votes, DEFAULT if name == "mild House" else FEWER)
        yield row(name, "textbook, nutpie", textbook, mine)
        if name in ("mild House", "embedded House"):
            yield row(name, "textbook, PyMC's NUTS", contenders.textbook_pymc(votes, FEWER), mine)
        if name == "mild House":
            for package in contenders.R_PACKAGES:
                found = contenders.r_package(package, votes, **R_DRAWS)
                if found is None:
                    notes.append(f"{package} is not installed.")
                else:
                    yield row(name, package, found, mine)
    if wanted("embedded joint"):
        pair = sessions.embedded(folder)
        both = join_chambers(pair["house"], pair["senate"])
        mine = contenders.ours_joint(both, DEFAULT)
        yield row("embedded joint", "this package", mine, None)
        yield row("embedded joint", "textbook, nutpie", contenders.textbook_joint(both, FEWER), mine)
    notes.append("ESS/s is least bulk ESS per second on idle cores, which is processor time over the number of cores.")
    yield from ["", *notes]


def every_prior(folder: Path, wanted: Callable[[str], bool]) -> Iterator[str]:
    """Default draws, every prior, chambers and joint: do they pass the gates, and for how many gradients?"""
    yield gradients.HEAD
    yield gradients.RULE
    for name, build in gradients.fits(folder):
        if wanted(name):
            found = gradients.count(build(), DEFAULT)
            log.info("%s: %s", name, found)
            yield found.row(name)


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
    parser.add_argument("--only", default="", help="measure only votes (or votes, prior) whose name contains this text")
    parser.add_argument("--parts", nargs="*", default=list(TITLES), choices=list(TITLES))
    parser.add_argument("--out", type=Path, default=PAGE)
    args = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    log.setLevel(logging.INFO)

    def wanted(name: str) -> bool:
        return args.only in name

    with tempfile.TemporaryDirectory() as folder:
        makers: dict[str, Callable[[], Iterator[str]]] = {
            "cost": lambda: cost.all_costs(Path(folder)),
            "others": lambda: against_others(Path(folder), wanted),
            "priors": lambda: every_prior(Path(folder), wanted),
        }
        for part in args.parts:
            lines = [machine(), ""]
            for line in makers[part]():
                lines.append(line)
                write_part(args.out, part, lines)


def write_part(page: Path, part: str, lines: list[str]) -> None:
    """Replace what the page says of one part; the others stay as they are."""
    head, _, measured = page.read_text().partition(MARK)
    sections = dict(re.findall(r"^### (.*?)\n(.*?)(?=^### |\Z)", measured, re.M | re.S))
    sections[TITLES[part]] = "\n".join(lines)
    texts = [f"\n### {title}\n\n{sections[title].strip()}\n" for title in TITLES.values() if title in sections]
    page.write_text(head + MARK + "".join(texts))


if __name__ == "__main__":
    main()
