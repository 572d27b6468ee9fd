"""First screen: what is wrong if anything is, numbers in boxes, a picture of each chamber, at most five sentences."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ...files.names import PLACES, PREDICTION
from ...priors.model import ModelPriors
from ...wording.movement import COMPONENTS
from ...wording.numbers import among, count, number, percent
from ...wording.priors import prior_words
from ..files.data import Report, UnitResults
from ..page.language import listed, plural
from ..page.parts import Box, Boxes, Bullets, Part, Section, Text, missing
from ..page.people import named
from ..page.words import unit_title
from . import withholding
from .first_sentences import sentences
from .linked import linking_warnings
from .medians import median_of
from .pivots import counted
from .readable import unreadable
from .reading import one_mode, open_sides, settled
from .roster import rosters
from .strip import strip
from .warnings import warnings

_NAMED = 6  # of those who are left out


def first_section(report: Report) -> Section:
    """Return what a reader sees first."""
    said = warnings(report)
    quiet = [text for text in said if text.tone != "bad"]  # an axis that the page has turned harms nobody
    parts: list[Part] = [*(text for text in said if text.tone == "bad"), *linking_warnings(report, PLACES)]
    if report.simulated:
        text = "The session is simulated: members and bills are invented. Nothing here says anything about a real "
        parts.append(Text(f"{text}legislature.", "note"))
    if absent := [unit_title(unit) for unit in report.config.units if unit not in report.units]:
        parts.append(missing(Markup("No results were found for: {}.").format(listed(absent))))
    chambers = [unit for name, unit in report.units.items() if not name.is_joint]
    if report.units:
        parts.append(Boxes(_boxes(report, chambers)))
    parts += [_picture(report, unit) for unit in chambers]
    if told := sentences(report):
        parts.append(Bullets(told))
    parts += [*linking_warnings(report, PREDICTION), *quiet, Text(_small_print(report, chambers))]
    return Section("first", "At a glance", parts)


def _picture(report: Report, unit: UnitResults) -> Part:
    if reason := unreadable(report, unit, unit.unit):
        return Text(Markup("<b>{}.</b> {}").format(unit_title(unit.unit), withholding.withheld(reason)), "note")
    if not unit.members:
        return missing(f"{unit_title(unit.unit)}: the picture of the chamber is missing (ideal_points.csv).")
    pivot = next((p for p in unit.rows.get("pivots", []) if p["pivot"] == "chamber_median"), None)
    return strip(unit, unit.members, median_of(unit, counted(pivot)) if pivot else None)


def _boxes(report: Report, chambers: Sequence[UnitResults]) -> list[Box]:
    boxes = [_sum_box(chambers, "n_legislators", "members"), _sum_box(chambers, "n_rollcalls", "roll calls")]
    readable = [unit for unit in chambers if settled(unit) and one_mode(unit)]
    rows = [(unit.unit, row) for unit in readable for row in unit.rows.get("group_fit", []) if row["party"] == "all"]
    if votes := sum(row["n_votes"] for _, row in rows):
        right = [f"{unit_title(name)} {percent(row['correct'])}" for name, row in rows]
        share = 1 - sum(row["errors"] for _, row in rows) / votes
        boxes.append(Box(percent(share), "of votes called right", _detail(right)))
    apart = [
        (unit_title(unit.unit), d["mean"])
        for unit in chambers
        if not unreadable(report, unit, unit.unit) and (d := unit.of_chamber("parties_apart", unit.unit).get("d"))
    ]
    if apart:
        shown = ", ".join(f"{number(value, 1)}×" for _, value in apart)
        boxes.append(Box(shown, "as far between parties as within", _detail([name for name, _ in apart])))
    good = sum(bool(settled(unit) and one_mode(unit) and not open_sides(unit)) for unit in report.units.values())
    n = len(report.units)
    if good == n:
        boxes.append(Box(f"✓ {count(n)} of {count(n)}", "converged" if n != 1 else "fit converged", good=True))
    else:  # a fit with open sides has converged, and yet nobody can rely on it
        label = "fits to rely on" if n != 1 else "fit to rely on"
        boxes.append(Box(f"✗ {count(good)} of {count(n)}", label, good=False))
    return boxes


def _sum_box(chambers: Sequence[UnitResults], key: str, label: str) -> Box:
    known = [(unit_title(unit.unit), unit.get(key)) for unit in chambers if unit.get(key) is not None]
    return Box(count(sum(n for _, n in known)), label, _detail([f"{name} {count(n)}" for name, n in known]))


def _detail(each: Sequence[str]) -> str:
    return ", ".join(each) if len(each) > 1 else ""


def _small_print(report: Report, chambers: Sequence[UnitResults]) -> Markup:
    """Return who is left out, and priors and sampling in a line, each with a link to its section."""
    out = []
    gone = [row for unit in chambers for block in rosters(unit) for row in block["left_out"]]
    if gone:
        total = sum(unit.get("n_legislators") or 0 for unit in chambers) + len(gone)
        names = [named(row["name"]) for row in gone[:_NAMED]]
        names += [Markup("{} more").format(count(len(gone) - _NAMED))] if len(gone) > _NAMED else []
        verb = "is" if len(gone) == 1 else "are"
        text = Markup('<a href="#left-out">{} of {} {} left out</a>: {}.')
        out.append(text.format(count(len(gone)), plural(total, "person", "people"), verb, listed(names)))
    config = report.config
    text = Markup('<a href="#model">Prior of discrimination</a>: {}{}. <a href="#sampling">Sampling</a>: {}.')
    apart = config.joint is not None and config.joint_beta_prior != config.beta_prior
    joint = f" ({prior_words(config.joint_beta_prior)} in the joint model)" if apart else ""
    own = config.model.priors.of_unit(config.joint is not None)
    named_too = [COMPONENTS[name] for name in ModelPriors(config.model.priors.alpha).spec() | own.spec()]
    others = f", with priors of its own for {among(named_too)}" if named_too else ""
    out.append(
        text.format(
            prior_words(config.beta_prior),
            f"{joint}{others}",
            f"{plural(config.sampling.chains, 'chain')} by {config.sampling.sampler}",
        )
    )
    return Markup(" ").join(out)
