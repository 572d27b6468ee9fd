"""The page of a series over time, from link_time.json and the tables beside it."""

from __future__ import annotations

from pathlib import Path

from ..votes.naming import ChamberNames
from ..wording.numbers import plural
from .files.over_time import OverTime, chambers_of, read_over_time
from .page import page
from .page.parts import Code, Prose, Section
from .page.words import naming
from .sections.over_time import chamber_section, people_section, scale_words
from .sections.time_across import across_section
from .stories.careers import career_blocks


def write_time(link_time: Path, out: Path, figures: Path, tables: Path) -> None:
    """Read link_time.json and the tables beside it, and write the page.

    Parameters
    ----------
    link_time
        link_time.json; its CSV tables lie beside it.
    out, figures, tables
        As of the report of an experiment.

    Raises
    ------
    UserError
        If a file is missing, damaged or of another version.
    """
    series = read_over_time(link_time)
    called = ChamberNames.of(series.content["sessions"][-1]["chamber_names"])
    with naming(called):
        page.write(_build(series), out, figures, tables)  # pictures are drawn when they are written


def _build(series: OverTime) -> page.Page:
    content, chambers = series.content, chambers_of(series)
    first, last = (content["sessions"][k]["title"] for k in (0, -1))
    name = content["series"]
    how, reading = "linked by the members who return", "time_reading.html.j2"
    if series.joint:
        how = "both chambers on one scale, linked by the members who return to either"
    if any(chamber.together for chamber in chambers):
        constant = any(chamber.constant for chamber in chambers)
        both = "both chambers " if series.joint else ""
        how = f"{both}fitted together, with members who {'never move' if constant else 'move'}"
        reading = "time_constant.html.j2" if constant else "time_dynamic.html.j2"
    scales = {chamber.name: scale_words(chamber) for chamber in chambers}
    across = [across_section(series, chambers, scales[chambers[0].name])] if series.joint else []
    linked = [chamber for chamber in chambers if chamber.facts["linked"]]
    return page.Page(
        title=f"{first} to {last}: ideal points over time ({name})",
        kicker="Ideal points from roll-call votes, over time",
        heading=f"{first} to {last}",
        lead=f"{plural(len(content['sessions']), 'session')}, {how}",
        small=f"Series {name}, experiments {', '.join(one['experiment'] for one in content['sessions'])}.",
        sections=[
            *across,
            *(chamber_section(chamber) for chamber in chambers),
            people_section(series),
            Section("reading", "How to read this page", [Prose(reading, {"joint": series.joint})]),
            Section("reproduce", "How to reproduce it", [Code(f"snakemake results/over_time/{name}/report.html")]),
        ],
        data=career_blocks(linked, scales),
        source=f"series {name}",
    )
