"""What nobody may overlook: fits that did not converge, sides that are open, axes that are not the parties'."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median

from markupsafe import Markup

from ...votes.vocabulary import PARTIES
from ...wording.numbers import count, number
from ..files.data import Report, UnitResults
from ..page.language import listed, sentence
from ..page.parts import Text
from ..page.words import unit_title
from . import both_chambers, sign_sentences, withholding
from .axis import axis_rows
from .axis_verdicts import turned, verdict_of
from .blocks import block_name, where_name
from .labels import chambers_of, fit_name
from .readable import unreadable
from .reading import modes_text, one_mode, open_sides, settled, sides_in_doubt
from .roster import tally_warnings


def warnings(report: Report) -> list[Text]:
    """Return all of them, those on convergence first."""
    out = verdict_of_convergence(report) if unsettled(report) else []
    out += [warning for unit in report.units.values() for warning in mode_warnings(unit)]
    out += tally_warnings(report)
    return [*out, *(warning for unit in report.units.values() for warning in axis_warnings(report, unit))]


def unsettled(report: Report) -> bool:
    """Return whether there are no fits, or one that did not pass its gates."""
    return not report.units or not all(settled(unit) for unit in report.units.values())


def verdict_of_convergence(report: Report) -> list[Text]:
    """One paragraph that nobody can overlook when something failed; none where `mode_warnings` says all there is."""
    if not report.units:
        return [Text("There are no results to judge.", "bad")]
    if bad := [unit for unit in report.units.values() if not settled(unit)]:
        return [_not_converged(bad)]
    n, good = len(report.units), [unit for unit in report.units.values() if not open_sides(unit) and one_mode(unit)]
    if not good:
        return []
    every = {1: "The fit", 2: "Both fits"}.get(n, f"All {n} fits")
    if len(good) < n:
        every = "The other fit" if len(good) == 1 else f"The other {len(good)} fits"
    text = Markup(
        "<strong>{} converged.</strong> Every chain found the same answer and there are enough independent draws for "
        "the intervals shown. That means that the computation is reliable. It does not mean that the model is right."
    )
    return [Text(text.format(every), "good")]


def _not_converged(bad: Sequence[UnitResults]) -> Text:
    worst = [sentence for unit in bad for sentence in _worst_offenders(unit)]
    where = listed([unit_title(unit.unit) for unit in bad])
    return Text(
        Markup(
            "<strong>NOT CONVERGED: {}.</strong> Do not quote numbers from {}: the chains have not settled, so "
            "positions may be wrong and intervals too narrow.<br>{}.<br>"
            '<a href="#{}-converged">Convergence in full</a>.'
        ).format(where, "it" if len(bad) == 1 else "them", Markup(".<br>").join(worst), bad[0].unit),
        "bad",
    )


def mode_warnings(unit: UnitResults) -> list[Text]:
    """Say aloud where another place may hold the answer as well: open sides, or chains in several modes."""
    out = []
    if reason := sides_in_doubt(unit):
        out.append(Text(withholding.sides_open(unit_title(unit.unit), reason), "bad"))
    if settled(unit) and not one_mode(unit):
        told = modes_text(unit)
        out.append(Text(withholding.several_modes(unit_title(unit.unit), told), "bad"))
    return out


def axis_warnings(report: Report, unit: UnitResults) -> list[Text]:
    """Say so where the axis of a chamber is not the parties', is upside down, or is contradicted by their medians."""
    out = []
    for chamber in chambers_of(report, unit):
        place, verdict = fit_name(unit, chamber), verdict_of(report, unit, chamber)
        rows = [row for row in axis_rows(report, unit.unit) if row["chamber"] == chamber]
        if verdict == "mirrored" and turned(unit):
            counted = None if unit.unit.is_joint else _yea_sides(unit)  # those of a joint model are of both chambers
            out.append(Text(sign_sentences.mirrored(place, counted), "note"))
        elif verdict not in (None, "parties"):
            out += [Text(Markup("<strong>{}.</strong> {}").format(place, sentence(row["text"])), "bad") for row in rows]
        if not unreadable(report, unit, chamber):
            out += _medians_reversed(unit, chamber, place)
    return out


def _yea_sides(unit: UnitResults) -> tuple[int, int] | None:
    """Count roll calls on which Yea is certainly the Democratic and the Republican side, under a positive prior."""
    found = unit.get("wrong_sign")
    return (found["n_democratic"], found["n_republican"]) if found and found["yea_side"] else None


def _medians_reversed(unit: UnitResults, chamber: str, place: str) -> list[Text]:
    """Warn if the parties' medians stand in the other order than their averages, carried by a few far members."""
    here = [m for m in unit.members or () if m.chamber == chamber]
    left, right = ([m.position_mean for m in here if m.side == party] for party in PARTIES)
    if not left or not right or median(left) <= median(right) or fmean(left) >= fmean(right):
        return []
    return [Text(both_chambers.medians_reversed(place, median(left), median(right)), "bad")]


def _worst_offenders(unit: UnitResults) -> list[Markup]:
    """Name the block that failed worst and at whom, by R-hat and by ESS, and all other failures in brief."""
    gates = unit.get("convergence", "gates") or {}
    blocks = unit.get("convergence", "blocks") or []
    out = []
    high = [b for b in blocks if b.get("n_rhat_above")]
    if high:
        block = max(high, key=lambda b: _or(b.get("rhat_max"), float("inf")))
        text = Markup("<b>{}</b>: R-hat of the {} reaches {}{} and is not below {}")
        value = number(block.get("rhat_max"), 3)
        at = _at_whom(unit, block.get("rhat_where"))
        out.append(text.format(unit_title(unit.unit), block_name(block), value, at, number(gates.get("rhat"), 2)))
    low = [b for b in blocks if b.get("n_ess_below")]
    if low:
        kind, block = min(
            ((k, b) for b in low for k in ("bulk", "tail")), key=lambda kb: _or(kb[1][f"ess_{kb[0]}_min"], -1)
        )
        text = Markup("<b>{}</b>: only {} effective draws ({} ESS) for the {}{}, where {} are required")
        value, at = count(block[f"ess_{kind}_min"]), _at_whom(unit, block[f"ess_{kind}_where"])
        out.append(
            text.format(
                unit_title(unit.unit), value, kind, block_name(block), at, f"more than {count(gates.get('ess'))}"
            )
        )
    if not unit.get("convergence"):
        out.append(Markup("<b>{}</b>: convergence was not recorded").format(unit_title(unit.unit)))
    if not high and not low:
        failures = [f for f in unit.get("convergence", "failures") or [] if f != open_sides(unit)]
        out += [Markup("<b>{}</b>: {}").format(unit_title(unit.unit), f) for f in failures]
    return out


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _at_whom(unit: UnitResults, where: str | None) -> Markup:
    """`` at Ann Smith``: the name behind the id of a member or a bill; empty for a single number."""
    shown = where_name(unit, where)
    return Markup(" at {}").format(shown) if shown else Markup("")
