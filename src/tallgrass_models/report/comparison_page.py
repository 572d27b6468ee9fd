"""The page that compares the variants of a sweep, from comparison.json and the tables beside it."""

from __future__ import annotations

from pathlib import Path

from ..files.records.comparison import Comparison
from .files.comparison import ComparisonTables, read_comparison, read_tables
from .page import page
from .page.language import plural
from .page.parts import Bullets, Code, Part, Prose, Section
from .sections.comparison_costs import cost_parts, experiment_parts
from .sections.comparison_group import group_section
from .sections.comparison_scope import scopes
from .sections.comparison_sessions import session_parts
from .sections.comparison_tables import share_figure
from .stories.variants import variant_blocks


def write_comparison(comparison: Path, out: Path, figures: Path, tables: Path) -> None:
    """Read comparison.json and the tables beside it, and write the page.

    Parameters
    ----------
    comparison
        comparison.json; its CSV tables lie beside it, and the page says so where one is missing.
    out, figures, tables
        As of the report of an experiment.

    Raises
    ------
    UserError
        If a file is missing, damaged or of another version.
    """
    page.write(_build_comparison(read_comparison(comparison), read_tables(comparison.parent)), out, figures, tables)


def _build_comparison(content: Comparison, tables: ComparisonTables) -> page.Page:
    """Build the comparison page."""
    n, titles = len(content["experiments"]), [group["title"] for group in content["groups"]]
    questions = {group["question"] for group in content["groups"] if group["level"]}
    return page.Page(
        title=f"Comparison of {plural(n, 'experiment')}",
        kicker="Ideal points from roll-call votes",
        heading=questions.pop() if len(questions) == 1 else "Does the answer depend on the choice?",
        lead=f"{plural(n, 'experiment')} on {plural(len(titles), 'session')}: {', '.join(titles)}",
        sections=_sections(content, tables),
        data=variant_blocks(content, tables),
        source=f"comparison of {plural(n, 'experiment')}",
    )


def _sections(content: Comparison, tables: ComparisonTables) -> list[Section]:
    compared = [scope for scope in scopes(content) if scope.verdicts]
    alone = [scope for scope in scopes(content) if not scope.verdicts]
    return [
        *(group_section(scope, tables) for scope in (*compared, *alone)),
        Section("all", "All experiments", _all_parts(content, tables)),
        Section("reading", "How to read this comparison", [Prose("comparison_reading.html.j2")]),
        Section("reproduce", "How to reproduce it", [Code("snakemake results/comparison/report.html")]),
    ]


def _all_parts(content: Comparison, tables: ComparisonTables) -> list[Part]:
    """Show what can be compared across sessions."""
    parts = experiment_parts(content)
    same = [line for line in content["summary"] if "have the same model of" in line]
    parts += [Bullets(same)] if same else []
    shares = [row for scope in scopes(content) for row in scope.placed(tables.shares)]
    if len(content["groups"]) > 1 and shares:
        parts.append(share_figure("shares-of-all", shares, content["groups"]))
        parts += session_parts(content, shares)
    return [*parts, *cost_parts(content, tables)]
