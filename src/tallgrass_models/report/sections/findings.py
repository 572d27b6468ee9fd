"""Key findings: plain sentences made from the numbers in the files, each with its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median

from markupsafe import Markup, escape

from ...votes.unit import Unit
from ...votes.vocabulary import PARTIES
from ..files.data import Report, UnitResults
from ..page.language import listed, sentence
from ..page.numbers import count, number, percent
from ..page.parts import Bullets, Heading, Part, Text, missing
from ..page.words import unit_title
from . import both_chambers, sign_sentences, withholding
from .axis import axis_rows
from .axis_verdicts import turned, verdict_of
from .blocks import block_name, where_name
from .changes import change_sentences
from .glance import glance_table
from .labels import chambers_of, fit_name
from .linked import against, linking_sentences, linking_warnings
from .priors import moved_sentences
from .readable import not_readable, readable_throughout, unreadable
from .reading import one_mode, open_sides, settled
from .roster import tally_warnings
from .unit_findings import chamber_sentences, joint_sentences


def key_findings(report: Report) -> list[Part]:
    """Return the first section: verdict, then what the numbers say, chamber by chamber."""
    parts: list[Part] = list(_convergence_verdict(report))
    parts += [warning for unit in report.units.values() for warning in mode_warnings(unit)]
    parts += tally_warnings(report)
    parts += [warning for unit in report.units.values() for warning in axis_warnings(report, unit)]
    parts += linking_warnings(report)
    if report.simulated:
        parts.append(
            Text(
                "The session is simulated: members and bills are invented, and the true positions are known. Nothing "
                "here says anything about a real legislature.",
                "note",
            )
        )
    absent = [unit for unit in report.config.units if unit not in report.units]
    if absent:
        parts.append(missing(Markup("No results were found for: {}.").format(listed([unit_title(u) for u in absent]))))
    if report.units:
        parts.append(glance_table(report))
    for unit in report.units.values():
        title = "The chambers compared" if unit.unit.is_joint else unit_title(unit.unit)
        sentences = joint_sentences(report, unit) if unit.unit.is_joint else chamber_sentences(report, unit)
        parts += [Heading(f"findings-{unit.unit}", title), Bullets(sentences)]
    if sentences := linking_sentences(report):
        parts += [Heading("findings-linking", against()), Bullets(sentences)]
    elif len(report.config.chambers) > 1 and Unit.JOINT not in report.config.units:
        parts.append(Text("The chambers were fitted separately, so do not compare their numbers with each other."))
    parts += [
        Heading("findings-prior", "What the prior implies, and what it changed"),
        Bullets(_prior_sentences(report)),
    ]
    return parts


def _convergence_verdict(report: Report) -> list[Text]:
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
    if reason := open_sides(unit):
        out.append(Text(withholding.sides_open(unit_title(unit.unit), reason), "bad"))
    if settled(unit) and not one_mode(unit):
        told = str(unit.get("chain_modes", "text"))
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


def _prior_sentences(report: Report) -> list[Markup]:
    """Say whether discrimination may be negative, and what follows for reading the results."""
    config, out = report.config, []
    apart = "Model" if len(config.chambers) == 1 else f"{unit_title('house')} and {unit_title('senate')} models"
    priors = {apart: config.beta_prior}
    if config.joint and config.joint_beta_prior == config.beta_prior:
        priors = {"All models": config.beta_prior}
    elif config.joint:
        priors["Joint model"] = config.joint_beta_prior
    for where, prior in priors.items():
        out.append(
            sign_sentences.prior(where, prior.describe(), prior.positive, config.orient_bills and prior.positive)
        )
    readable = [unit for unit in report.units.values() if readable_throughout(report, unit)]
    wrong = [said for unit in readable if (said := _wrong_sign_sentence(unit))]
    out += [*_sign_sentences(report, readable), *wrong, *change_sentences(report)]
    out += [escape(text) for unit in readable for text in moved_sentences(unit)]
    return [*out, *(withholding.prior_withheld(name, reason) for name, reason in not_readable(report).items())]


def _wrong_sign_sentence(unit: UnitResults) -> Markup | None:
    found = unit.get("wrong_sign")
    if not found or not found["yea_side"] or not found["n_judged"]:
        return None
    place = "Both chambers" if unit.unit.is_joint else unit_title(unit.unit)
    slopes = found["slope_wrong"], found["slope_others"]
    said = sign_sentences.wrong_sign(
        place, found["yea_side"], found["n_wrong"], found["n_judged"], slopes, unit.unit.is_joint
    )
    if found["correct_wrong"] is None:
        return said
    shares = [percent(found[key]) for key in ("correct_wrong", "correct_others")]
    return said + Markup(" The model classifies {} of the votes on them correctly, and {} of all others.").format(
        *shares
    )


def _sign_sentences(report: Report, readable: Sequence[UnitResults]) -> list[Markup]:
    out = []
    for unit in readable:
        if unit.bills and not report.config.prior(unit.unit).positive:
            right, left = (
                sum(b.discrimination_q05 > 0 for b in unit.bills),
                sum(b.discrimination_q95 < 0 for b in unit.bills),
            )
            of = sign_sentences.roll_calls(len(unit.bills), unit.unit.is_joint)
            text = Markup(
                "{}: among {}, {} clearly have Yea on the right and {} clearly have it on the left (the 90 % interval "
                "of their discrimination does not include zero)."
            )
            out.append(text.format(unit_title(unit.unit), of, count(right), count(left)))
    return out
