"""Key findings: plain sentences made from the numbers in the files, each with its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from ...votes.unit import Unit
from ...wording.numbers import count, percent
from ...wording.priors import prior_words
from ..files.data import Report, UnitResults
from ..page.parts import Bullets, Heading, Part, Text
from ..page.words import unit_title
from . import sign_sentences, withholding
from .changes import change_sentences
from .glance import glance_table
from .linked import against, linking_sentences
from .priors import moved_sentences
from .readable import not_readable, readable_throughout
from .unit_findings import chamber_sentences, joint_sentences
from .warnings import unsettled, verdict_of_convergence


def key_findings(report: Report) -> list[Part]:
    """Return what the numbers say, chamber by chamber; what is wrong stands on the first screen."""
    parts: list[Part] = list(verdict_of_convergence(report)) if not unsettled(report) else []
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
            sign_sentences.prior(where, prior_words(prior), prior.positive, config.orient_bills and prior.positive)
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
    place = unit_title(unit.unit)
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
