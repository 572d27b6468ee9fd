"""Key findings: plain sentences made from the numbers in the files, each with its uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any

from markupsafe import Markup, escape

from .changes import change_sentences
from .data import PARTIES, Report, UnitResults
from .linked import linking_sentences, linking_warnings
from .parts import Bullets, Heading, Part, Text, missing
from .roster import tally_warnings
from .tables import bill_name, glance_table
from .unit_findings import chamber_sentences, joint_sentences
from .words import (
    count,
    listed,
    named,
    number,
    percent,
    plural,
    sentence,
    signed,
    unit_title,
)

#: The parameter blocks of the models, in words.
BLOCKS = {
    "xi": "ideal points",
    "mu_party": "party means",
    "sigma_within": "spreads within the parties",
    "alpha": "difficulties of bills",
    "beta": "discriminations of bills",
    "mu_global": "overall mean",
    "mu_chamber": "chamber means",
    "mu_group": "means of the parties in each chamber",
    "sigma_chamber": "spread between chambers",
    "sigma_party": "spread between parties",
}


POSITIVE_PRIOR = Markup(
    "{}: the prior {} keeps discrimination positive, so on every bill Yea counts as the side of the right. That "
    "removes the mirror image of the scale. But a bill whose Yea is really the side of the left cannot be described "
    "and is pushed towards zero: read small discriminations with that in mind."
)
AXIS_WARNING = Markup(
    "<strong>{}: this axis does not run from Democrats to Republicans.</strong> The median Republican ({}) lies left "
    "of the median Democrat ({}), although the model puts the Republican mean further right: a few members far out "
    "carry it. A prior that keeps discrimination positive can do this where most bills pass with the votes of the "
    "left. Do not read left and right from this fit."
)
EITHER_SIGN = Markup(
    "{}: the prior {} lets discrimination take either sign, so a bill may be supported from the left or from the "
    "right. Which end is the left is settled by the order of the parties instead."
)


def key_findings(report: Report) -> list[Part]:
    """The first section: verdict, then what the numbers say, chamber by chamber."""
    parts: list[Part] = [convergence_verdict(report)]
    parts += tally_warnings(report)
    parts += [warning for unit in report.units.values() for warning in axis_warnings(unit)]
    audited = report.axis["units"] if report.axis else []
    parts += [Text(sentence(row["text"]), "bad") for row in audited if row["verdict"] != "parties"]
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
        title = "The chambers compared" if unit.unit == "joint" else unit_title(unit.unit)
        sentences = joint_sentences(report, unit) if unit.unit == "joint" else chamber_sentences(unit)
        parts += [Heading(f"findings-{unit.unit}", title), Bullets(sentences)]
    if sentences := linking_sentences(report):
        parts += [Heading("findings-linking", "House against Senate"), Bullets(sentences)]
    elif len(report.config.chambers) > 1 and "joint" not in report.config.units:
        parts.append(Text("The chambers were fitted apart, so their numbers must not be compared with each other."))
    parts += [
        Heading("findings-prior", "What the prior implies, and what it changed"),
        Bullets(prior_sentences(report)),
    ]
    return parts


def convergence_verdict(report: Report) -> Text:
    """One paragraph that nobody can overlook when something failed."""
    bad = [unit for unit in report.units.values() if not unit.get("convergence", "ok")]
    if not report.units:
        return Text("There are no results to judge.", "bad")
    if not bad:
        n = len(report.units)
        every = "The fit" if n == 1 else f"All {n} fits"
        return Text(
            Markup(
                "<strong>{} converged.</strong> Every chain found the same answer and there are enough independent "
                "draws for the intervals shown. That says the computation can be relied on; it does not say the "
                "model is right."
            ).format(every),
            "good",
        )
    worst = [sentence for unit in bad for sentence in worst_offenders(unit)]
    where = listed([unit_title(unit.unit) for unit in bad])
    return Text(
        Markup(
            "<strong>NOT CONVERGED: {}.</strong> Do not quote numbers from {}: the chains have not settled, so "
            "positions may be wrong and intervals too narrow.<br>{}.<br>"
            '<a href="#{}-converged">Convergence in full</a>.'
        ).format(where, "it" if len(bad) == 1 else "them", Markup(".<br>").join(worst), bad[0].unit),
        "bad",
    )


def axis_warnings(unit: UnitResults) -> list[Text]:
    """Say so where the axis contradicts the parties: the median Republican left of the median Democrat.

    The models order the party *means*, and a member far out can carry a mean past the other; every statistic of
    convergence may then be good, and left and right are wrong all the same.
    """
    out = []
    for chamber in dict.fromkeys(m.chamber for m in unit.members or ()):
        here = [m for m in unit.members or () if m.chamber == chamber]
        left, right = ([m.xi_mean for m in here if m.side == party] for party in PARTIES)
        if left and right and median(left) > median(right):
            name = unit_title(chamber) + (" (joint model)" if unit.unit == "joint" else "")
            out.append(Text(AXIS_WARNING.format(name, signed(median(right)), signed(median(left))), "bad"))
    return out


def worst_offenders(unit: UnitResults) -> list[Markup]:
    """Which block failed worst and at whom: by R-hat, by effective sample size, and all other failures in brief."""
    gates = unit.get("convergence", "gates") or {}
    blocks = unit.get("convergence", "blocks") or []
    out = []
    high = [b for b in blocks if b.get("n_rhat_above")]
    if high:
        block = max(high, key=lambda b: _or(b.get("rhat_max"), float("inf")))
        text = Markup("<b>{}</b>: R-hat of the {} reaches {}{}, not below {}")
        value = number(block.get("rhat_max"), 3)
        at = at_whom(unit, block.get("rhat_where"))
        out.append(text.format(unit_title(unit.unit), block_name(block), value, at, number(gates.get("rhat"), 2)))
    low = [b for b in blocks if b.get("n_ess_below")]
    if low:
        kind, block = min(
            ((k, b) for b in low for k in ("bulk", "tail")), key=lambda kb: _or(kb[1][f"ess_{kb[0]}_min"], -1)
        )
        text = Markup("<b>{}</b>: only {} effective draws ({} ESS) for the {}{}, where {} are asked for")
        value, at = count(block[f"ess_{kind}_min"]), at_whom(unit, block[f"ess_{kind}_where"])
        out.append(
            text.format(
                unit_title(unit.unit), value, kind, block_name(block), at, f"more than {count(gates.get('ess'))}"
            )
        )
    if not unit.get("convergence"):
        out.append(Markup("<b>{}</b>: convergence was not recorded").format(unit_title(unit.unit)))
    if not high and not low:
        out += [
            Markup("<b>{}</b>: {}").format(unit_title(unit.unit), f) for f in unit.get("convergence", "failures") or []
        ]
    return out


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def block_name(block: Mapping[str, Any]) -> Markup:
    """A block in words, with its symbol in the code."""
    name = str(block.get("block"))
    return Markup("{} (<code>{}</code>)").format(BLOCKS[name], name) if name in BLOCKS else named(name)


def at_whom(unit: UnitResults, where: str | None) -> Markup:
    """`` at Ann Smith``: the name behind the id of a member or a bill; empty for a single number."""
    shown = where_name(unit, where)
    return Markup(" at {}").format(shown) if shown else Markup("")


def where_name(unit: UnitResults, where: str | None) -> Markup:
    """The member, bill or party that an element of a block belongs to."""
    if not where:
        return Markup("")
    member = next((m for m in unit.members or () if m.legislator == where), None)
    if member:
        return named(member.name)
    bill = next((b for b in unit.bills or () if b.vote == where), None)
    if bill and bill.bill and bill.bill not in where:
        return Markup("{} (roll call {})").format(named(bill_name(bill)), named(where))
    return named(", ".join(unit_title(part) for part in where.split(", ")))


def prior_sentences(report: Report) -> list[Markup]:
    """Whether discrimination may be negative, and what follows for reading the results."""
    config, out = report.config, []
    apart = "Model" if len(config.chambers) == 1 else "House and Senate models"
    priors = {apart: config.beta_prior}
    if config.joint and config.joint_beta_prior == config.beta_prior:
        priors = {"All models": config.beta_prior}
    elif config.joint:
        priors["Joint model"] = config.joint_beta_prior
    for where, prior in priors.items():
        text = POSITIVE_PRIOR if prior.positive else EITHER_SIGN
        out.append(text.format(where, Markup("<b>{}</b>").format(prior.describe())))
    squashed = [said for unit in report.units.values() if (said := _squashed_sentence(unit))]
    out += [*_sign_sentences(report), *squashed, *change_sentences(report)]
    checks = [unit.check for unit in report.units.values() if unit.check]
    return [*out, *(escape(sentence(text)) for check in checks for text in check["sensitivity"]["findings"])]


def _squashed_sentence(unit: UnitResults) -> Markup | None:
    found = unit.get("squashed")
    if not found or not found["n_squashed"]:
        return None
    text = Markup(
        "{}: on {} of {} Yea is certainly the Democratic side, which this prior cannot describe; the model calls {} of "
        "the votes on them right, and {} of all others."
    )
    shares = [percent(found[key]) for key in ("correct_squashed", "correct_others")]
    return text.format(
        unit_title(unit.unit), count(found["n_squashed"]), plural(found["n_bills"], "roll call"), *shares
    )


def _sign_sentences(report: Report) -> list[Markup]:
    out = []
    for unit in report.units.values():
        if unit.bills and not report.config.prior(unit.unit).positive:
            right, left = (sum(b.beta_q05 > 0 for b in unit.bills), sum(b.beta_q95 < 0 for b in unit.bills))
            text = Markup(
                "{}: of {}, {} clearly have Yea on the right and {} clearly on the left (90 % interval off zero)."
            )
            out.append(
                text.format(unit_title(unit.unit), plural(len(unit.bills), "roll call"), count(right), count(left))
            )
    return out
