"""Section on pivots, and on how well the model describes the votes: in sample, on copies, and vote by vote."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ...wording.numbers import count, number, percent
from ...wording.replicated import LEVELS, MEASURES, STATISTICS, findings
from ..files.data import UnitResults
from ..files.rows import Row
from ..page import cells, fields
from ..page.fields import Field
from ..page.language import plural, sentence
from ..page.parts import Bullets, Figure, Heading, Part, Table, Text, missing
from ..page.plots import Curve, Words, curves
from ..page.words import unit_title
from . import sentences as say
from .labels import chamber_column

_WORST_SHOWN = 10


def fit_parts(unit: UnitResults) -> list[Part]:
    """Show how well the fitted model says who voted how."""
    groups = unit.rows.get("group_fit")
    parts: list[Part] = [
        Text(
            "The model classifies each vote as Yea or Nay, whichever is likelier at its posterior means. PRE compares "
            "its errors on a roll call with those of a guess that everybody votes with the majority: it is the share "
            "of those errors that the model avoids. APRE is the same over all roll calls. GMP is the geometric mean of "
            "the probabilities given to the votes: 0.5 is a coin toss, and 1 is certainty. These are the votes to "
            "which the model was fitted."
        )
    ]
    if groups:
        parts.append(_group_table(unit, groups))
    else:
        parts.append(missing("Percent correct, APRE and GMP are missing (group_fit.csv)."))
    calibration = _calibration_figure(unit)
    parts.append(calibration or missing("The calibration of the probabilities is missing (calibration.csv)."))
    return [*parts, *_worst_parts(unit)]


def _group_table(unit: UnitResults, groups: Sequence[Row]) -> Table:
    columns = [fields.party(title="Whose votes"), *chamber_column(unit), fields.whole("Votes", "n_votes")]
    columns += [fields.whole("Wrong", "errors"), fields.share("Correct", "correct", 1)]
    columns += [fields.number("APRE", "apre", 3), fields.number("GMP", "gmp", 3)]
    return fields.table(f"{unit.unit}-fit", f"{unit_title(unit.unit)}: fit to the votes", groups, columns)


def _calibration_figure(unit: UnitResults) -> Figure | None:
    """Observed share of Yea against predicted probability; None without calibration.csv."""
    rows = unit.rows.get("calibration")
    if not rows:
        return None
    drawn = []
    for chamber in dict.fromkeys(row["chamber"] for row in rows):
        here = [row for row in rows if row["chamber"] == chamber]
        x, y = [r["predicted"] for r in here], [r["observed"] for r in here]
        drawn.append(Curve(unit_title(chamber), x, y, error=[r["observed_se"] or 0.0 for r in here]))
    worst = max(rows, key=lambda r: abs(r["observed"] - r["predicted"]))
    alt = (
        f"Calibration, {unit_title(unit.unit)}: observed share of Yea by tenth of predicted probability. The largest "
        f"gap is {percent(worst['observed'])} observed where {percent(worst['predicted'])} was predicted."
    )
    caption = (
        "Among votes predicted Yea with a given probability, the share that was Yea. On the dashed line both agree."
    )
    axes = ("predicted probability of Yea", "observed share of Yea")
    title = f"{unit_title(unit.unit)}: shares of Yea, predicted and observed"
    return curves(Words(f"{unit.unit}-calibration", alt, caption, *axes, title=title), drawn, height=340, diagonal=True)


def _worst_parts(unit: UnitResults) -> list[Part]:
    parts: list[Part] = []
    members, calls = unit.rows.get("member_fit"), unit.rows.get("rollcall_fit")
    who = [fields.linked_member(), fields.party(choices=True), *chamber_column(unit)]
    who += [fields.whole("Votes", "n_votes"), fields.whole("Wrong", "errors"), fields.share("Correct", "correct", 1)]
    who += [fields.number("GMP", "gmp", 3), fields.whole("Votes against the chamber’s majority", "dissents")]
    what = [fields.linked_bill(), *chamber_column(unit), fields.title("Motion", "motion")]
    what += [fields.pair("Yea–Nay", "yea", "nay"), fields.whole("Wrong", "errors")]
    what += [fields.share("Correct", "correct", 1), fields.number("PRE", "pre"), fields.number("GMP", "gmp", 3)]
    name = unit_title(unit.unit)
    for rows, key, kind, columns, order in (
        (members, "member", "members", who, lambda r: (r["gmp"] if r["gmp"] is not None else 1, r["legislator"])),
        (calls, "rollcall", "roll calls", what, lambda r: (r["gmp"] if r["gmp"] is not None else 1, r["vote"])),
    ):
        if not rows:
            parts.append(missing(f"Fit by {kind} is missing ({key}_fit.csv)."))
            continue
        ordered = sorted(rows, key=order)
        which = "whom" if key == "member" else "that"
        title = f"{name}: the {len(ordered[:_WORST_SHOWN])} {kind} {which} the model describes worst"
        parts.append(fields.table(f"{unit.unit}-fit-{key}-worst", title, ordered[:_WORST_SHOWN], columns))
        every = f"{name}: fit of all {count(len(ordered))} {kind}"
        parts.append(fields.table(f"{unit.unit}-fit-{key}", every, ordered, columns, folded=True, interactive=True))
    return parts


def check_parts(unit: UnitResults) -> list[Part]:
    """Votes that the model replicates against the real ones, and how well it predicts a vote that it has not seen."""
    key = unit.unit
    parts: list[Part] = [Heading(f"{key}-replicated", "Replicated votes")]
    if unit.check is None:
        parts.append(missing("Predictive checks and leave-one-out are missing (check.json)."))
        return parts
    return [*parts, *_predictive(unit, unit.check["predictive"]), *_loo(unit, unit.check["loo"])]


def _predictive(unit: UnitResults, found: Row) -> list[Part]:
    columns = [fields.words("Statistic", "what"), fields.chamber(), fields.party()]
    columns += [fields.number("In the votes", "observed", 3), fields.number("Replicated", "mean", 3)]
    columns += [Field(fields.span("replicated").column, lambda r: cells.span(r["q05"], r["q95"], 3))]
    columns += [fields.probability("Tail probability", "tail_probability", 3)]
    rows = [
        Row({**row, "what": STATISTICS.get(row["statistic"], row["statistic"])}, row.source)
        for row in found["statistics"]
    ]
    note = (
        "We draw whole sets of votes from the model. The tail probability says how often their statistic exceeds the "
        f"real one. Values near 0.5 are typical. Below {number(found['threshold'], 3)} or above "
        f"{number(1 - found['threshold'], 3)}, the model does not reproduce that feature. By chance that happens to "
        f"{number(found['n_expected'], 1)} of {count(found['n_compared'])} on average."
    )
    title = f"{unit_title(unit.unit)}: the votes and {count(found['n_replicates'])} replicated sets"
    unlike = findings(found["statistics"], found["calibration"], found["n_replicates"], unit_title)
    said = Bullets([sentence(text) for text in unlike]) if unlike else Text("The model reproduces every feature.")
    inside = [fields.words("Of", "of"), fields.words("Each", "level"), fields.chamber(), fields.whole("Number", "n")]
    inside += [fields.whole("Outside their 90 % interval", "outside"), fields.number("Expected outside", "expected", 1)]
    each = [Row({**row, **_in_words(row)}, row.source) for row in found["calibration"]]
    caption = f"{unit_title(unit.unit)}: how many are outside their interval"
    outside = fields.table(f"{unit.unit}-replicated-outside", caption, each, inside)
    return [said, fields.table(f"{unit.unit}-replicated-statistics", title, rows, columns, note), outside]


def _in_words(row: Row) -> dict[str, str]:
    return {"of": MEASURES.get(row["of"], row["of"]), "level": LEVELS.get(row["level"], (row["level"],))[0]}


def _loo(unit: UnitResults, loo: Row) -> list[Part]:
    text = Markup(
        "Each vote is predicted from all the others, with a geometric mean probability of <b>{}</b> (ELPD {}, "
        "standard error {} by roll call, {} votes). Importance sampling was unreliable (Pareto k above {}) for {} of "
        "them, and for {} after integrating their bills out."
    )
    values = [number(loo["gmp"], 3), number(loo["elpd"], 1), number(loo["se_by_rollcall"], 1), count(loo["n_obs"])]
    values += [number(loo["k_threshold"]), count(loo["n_k_above"]), count(loo["n_k_above_after"])]
    who = [fields.linked_member(), fields.party(), fields.chamber(), fields.linked_bill()]
    who += [fields.words("Vote", "vote"), fields.number("ELPD", "elpd"), fields.number("Pareto k", "pareto_k")]
    by = [fields.chamber(), fields.party(), fields.whole("Votes", "n_obs"), fields.number("ELPD", "elpd", 1)]
    by += [fields.number("ELPD per vote", "mean_elpd", 4)]
    key, name = unit.unit, unit_title(unit.unit)
    return [
        Heading(f"{key}-loo", "Votes predicted from the others"),
        Text(text.format(*values)),
        fields.table(f"{key}-loo-party", f"{name}: leave-one-out by party", loo["by_party"], by),
        fields.table(f"{key}-loo-worst", f"{name}: the most surprising votes", loo["worst"], who),
    ]


def fit_sentence(unit: UnitResults) -> Markup | None:
    """Percent correct, and APRE in words; None where they are missing."""
    rows = [r for r in unit.rows.get("group_fit", []) if r["party"] == "all" and r["chamber"] in (unit.unit, "all")]
    if not rows:
        return None
    return say.classified(rows[0]["correct"], rows[0]["apre"])


def check_sentence(unit: UnitResults) -> Markup | None:
    """Say how many features of the votes the model reproduces; None if that was not checked."""
    if unit.check is None:
        return None
    found = unit.check["predictive"]
    said = say.features(found["n_compared"], found["n_unusual"], found["n_expected"], f"{unit.unit}-replicated")
    text = Markup("{}{} Votes left out have a probability of {} under the model on average (geometric mean).")
    return text.format(said, _pairs_words(found["calibration"]), number(unit.check["loo"]["gmp"], 3))


def _pairs_words(calibration: Sequence[Row]) -> Markup:
    """Say how many pairs of members agree in another way than in replicated votes; empty if there are none."""
    rows = [row for row in calibration if row["level"] == "pair" and row["n"]]
    if not rows:
        return Markup("")
    n, outside, expected = (sum(row[key] for row in rows) for key in ("n", "outside", "expected"))
    text = Markup(
        " Among {}, {} agree in a way outside the 90 % interval of votes drawn from the model. By chance, about {} "
        "would."
    )
    return text.format(plural(n, "pair of members", "pairs of members"), count(outside), count(expected))
