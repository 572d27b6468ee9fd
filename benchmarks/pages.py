"""Measure the weight of pages and how long a browser takes to load them.

    python benchmarks/pages.py results california california_positive comparison --variants 9

Each page is made anew from the files of finished steps and opened from disk in Debian's chromium, several times. With
``--variants`` the comparison is made of that many: experiments are repeated under other names in a temporary folder, so
the page has the rows and pictures of as many real ones. Their numbers are jittered, because equal ones would compress
too well.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.report.comparison_page import write_comparison
from tallgrass_models.report.files.data import ReportFiles
from tallgrass_models.report.report_page import write_report

HEADER = (
    "| page | HTML, MB | compressed, MB | elements | with everything unfolded | load, s |\n|---|---|---|---|---|---|"
)
#: Unfolds everything, and scrolls through the page so that all tables are drawn.
UNFOLD = """async () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  for (let y = 0; y < document.body.scrollHeight; y += 800) {
    scrollTo({ top: y, behavior: "instant" });
    await new Promise((done) => setTimeout(done, 30));
  }
}"""
SHOWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True)
class Measured:
    """What a page weighs: bytes, elements in the document, seconds until it was shown."""

    size: int
    compressed: int
    elements: int
    unfolded: int
    seconds: float

    def row(self, name: str) -> str:
        """Return a line of the table."""
        return (
            f"| {name} | {self.size / 1e6:.1f} | {self.compressed / 1e6:.1f} | {self.elements:,} | {self.unfolded:,} "
            f"| {self.seconds:.1f} |"
        )


def measure(browser: Browser, page: Path, times: int) -> Measured:
    """Open a page ``times`` times, each in a new window, and take the median of the seconds."""
    seconds, elements, unfolded = [], 0, 0
    for _ in range(times):
        tab = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        began = time.perf_counter()
        tab.goto(page.as_uri())
        tab.evaluate(SHOWN)
        seconds.append(time.perf_counter() - began)
        elements = tab.locator("*").count()
        if not unfolded:
            tab.evaluate(UNFOLD)
            unfolded = tab.locator("*").count()
        tab.context.close()
    content = page.read_bytes()
    size = len(content), len(gzip.compress(content, 6))
    return Measured(*size, elements, unfolded, statistics.median(seconds))


def experiment_page(config: ExperimentConfig, results: Path, out: Path) -> Path:
    """Make the page of an experiment in the folder ``out``."""
    home, session = results / config.name, results / "sessions" / config.session.name
    other = results / config.compare_with if config.compare_with else None
    files = ReportFiles(
        home / "platform.json",
        [home / unit / "summary.json" for unit in config.units],
        dropped=[session / f"{chamber}_dropped.csv" for chamber in config.chambers],
        checks=[home / unit / "check.json" for unit in config.units],
        curves=[home / unit / "curves.csv" for unit in config.units],
        linking=home / "linking.json",
        compare_with=[other / unit / "ideal_points.csv" for unit in config.units] if other else [],
    )
    write_report(config, files, out / "report.html", out / "figures", out / "tables")
    return out / "report.html"


def comparison_page(comparison: Path, variants: int, out: Path) -> Path:
    """Make the page of a comparison in the folder ``out``, with experiments repeated until there are ``variants``."""
    copy = shutil.copytree(comparison, out / "comparison", ignore=shutil.ignore_patterns("*.html", "figures", "tables"))
    content = json.loads((copy / "comparison.json").read_text(encoding="utf-8"))
    experiments = [entry["experiment"] for entry in content["experiments"]]
    others = [entry["experiment"] for entry in content["experiments"] if not entry["reference"]]
    for k in range(variants - len(experiments)):
        _repeat(copy, content, others[k % len(others)], f"{others[k % len(others)]}_{2 + k // len(others)}")
    (copy / "comparison.json").write_text(json.dumps(content), encoding="utf-8")
    write_comparison(copy / "comparison.json", out / "report.html", out / "figures", out / "tables")
    return out / "report.html"


def _repeat(folder: Path, content: dict[str, Any], experiment: str, name: str) -> None:
    """Repeat what the files say of an experiment under another name."""
    for rows in content.values():
        if isinstance(rows, list):
            rows += [row | {"experiment": name} for row in rows if _of(row, experiment)]
    for group in content["groups"]:
        group["experiments"] += [name] if experiment in group["experiments"] else []
    for row in content["configuration"]:
        row["values"] |= {name: row["values"][experiment]} if experiment in row["values"] else {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
        if "experiment" in header:
            at = header.index("experiment")
            noise = random.Random(name)
            again = [[_jittered(cell, noise) for cell in line] for line in lines if line[at] == experiment]
            for line in again:
                line[at] = name
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([header, *lines, *again])


def _jittered(cell: str, noise: random.Random) -> str:
    """Change a number with decimals by about a hundredth."""
    return f"{float(cell) * noise.gauss(1, 0.01):.6g}" if re.fullmatch(r"-?\d+\.\d+(e[-+]\d+)?", cell) else cell


def _of(row: Any, experiment: str) -> bool:
    return isinstance(row, dict) and row.get("experiment") == experiment


def measured(arguments: argparse.Namespace, folder: Path) -> Iterator[str]:
    """Make and measure each page; yield a line for each."""
    experiments = load_experiments(arguments.experiments)
    with sync_playwright() as run:
        browser = run.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        for name in arguments.pages:
            if name == "comparison":
                title = f"{name}, at least {arguments.variants} variants" if arguments.variants else name
                page = comparison_page(arguments.results / name, arguments.variants, folder / name)
            else:
                title, page = name, experiment_page(experiments[name], arguments.results, folder / name)
            yield measure(browser, page, arguments.times).row(title)
        browser.close()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, help="the folder of results")
    parser.add_argument("pages", nargs="+", help="names of experiments, or comparison")
    parser.add_argument("--experiments", type=Path, default=Path("config/experiments.yaml"), metavar="FILE")
    parser.add_argument(
        "--variants", type=int, default=0, metavar="N", help="variants that the comparison has at least"
    )
    parser.add_argument("--times", type=int, default=5, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="a new folder for the pages")
    arguments = parser.parse_args()
    print(HEADER)
    with tempfile.TemporaryDirectory() as temporary:
        for line in measured(arguments, arguments.keep or Path(temporary)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
