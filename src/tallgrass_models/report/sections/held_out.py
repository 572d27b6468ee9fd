"""Section on held-out votes: the ladder, what each step buys, calibration, and who is predicted how well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...files.records.folds import RUNGS
from ...votes.vocabulary import SCREENED
from ...wording.held_out import RUNG_NAMES, gain_sentence, together_sentence
from ...wording.numbers import count, signed, spelled
from ..files.data import Report
from ..files.rows import Row
from ..page import fields
from ..page.fields import Field
from ..page.intervals import IntervalRow, intervals
from ..page.language import plural, sentence
from ..page.parts import Bullets, Column, Figure, Heading, Part, Section, Table, Text, Value, missing
from ..page.plots import Curve, Words, curves
from ..page.scatter import Look
from ..page.svg import INK
from ..page.words import duration, unit_title

_NOTHING = missing("Held-out votes are missing (held_out.json).")
#: What the scores are where whole roll calls are held out.
WHOLE = (
    "The log score is that of all votes of a roll call together, divided by their number. A vote is called right or "
    "wrong from the other votes of its roll call."
)
_TITLES = {"party": "Party alone", "flat": "Flat model", "chamber": "Chamber model", "joint": "Joint model"}


def held_out_sections(report: Report) -> list[Section]:
    """Return the section, or nothing of an experiment without folds."""
    if report.config.folds is None:
        return []
    if report.held_out is None:
        return [Section("held-out", "Held-out votes", [missing("Held-out votes are missing (held_out.json).")])]
    return [
        Section("held-out", "Held-out votes", [*_about(report, report.held_out), *_ladders(report, report.held_out)])
    ]


def _about(report: Report, found: Row) -> list[Part]:
    number, run, whole = found["folds"]["number"], found["folds"]["run"], _whole(found)
    which = "each of them" if run == number else f"the first {spelled(run)} of them" if run > 1 else "the first of them"
    text = (
        f"The roll calls are divided into {plural(number, 'fold')} by a hash; those on one bill are in one fold. For "
        f"{which}, every model is fitted again without the roll calls of the fold, and predicts them: it knows the "
        "members from other roll calls, and takes difficulty and discrimination from their prior. It predicts all "
        "votes of a roll call together, and each vote from the other votes of its roll call. The lowest step knows "
        "only who is of which party."
        if whole
        else f"The votes are divided into {plural(number, 'fold')} by a hash. For {which}, every model is fitted again "
        "without the votes of the fold, and predicts them. So no vote helps to predict itself, and each step of this "
        "ladder shows what a model adds to the one below. The lowest step knows each party’s share of Yea on the roll "
        "call, without positions."
    )
    joint = report.config.joint
    if joint and joint.bridges == SCREENED:
        text += " Which shared bills the joint model merges was decided by fits to all votes."
    return [Text(text), *_gates(found)]


def _gates(found: Row) -> list[Part]:
    failed = [fit for fit in found["fits"] if not fit["ok"]]
    if not failed:
        return [Text(f"All {plural(found['n_fits'], 'fit')} of folds passed every gate.", "good")]
    said = f"Of {plural(found['n_fits'], 'fit')} of folds, {count(found['n_converged'])} passed every gate."
    rows = [{**fit, "why": "; ".join(fit["failures"]), "name": _TITLES[fit["rung"]]} for fit in failed]
    columns = [fields.words("Model", "name"), fields.chamber("unit", "Fit"), fields.whole("Fold", "fold")]
    columns += [fields.number("Worst R-hat", "rhat_max", 3), fields.whole("Least bulk ESS", "ess_bulk_min")]
    columns += [fields.title("Missed gates", "why")]
    caption = f"Fits of folds that missed a gate ({count(len(failed))})"
    return [Text(said, "bad"), fields.table("held-out-gates", caption, rows, columns, folded=True)]


def _whole(found: Row) -> bool:
    """Tell whether whole roll calls are held out."""
    return "of" in found["folds"]


def _ladders(report: Report, found: Row) -> list[Part]:
    chambers, whole = found["chambers"], _whole(found)
    held = "roll calls" if whole else "votes"
    parts: list[Part] = [_gain_figure(chambers, whole)]
    if found.get("together"):
        parts.append(Text(together_sentence(found["together"])))
    for chamber, block in chambers.items():
        parts += [
            Heading(f"held-out-{chamber}", unit_title(chamber)),
            Bullets(
                [
                    sentence(gain_sentence(RUNG_NAMES[s["upper"]], RUNG_NAMES[s["lower"]], s, whole))
                    for s in block["steps"]
                ]
            ),
            Text(f"By its log score, {RUNG_NAMES[_best(block)]} predicts these {held} best."),
            ladder_table(f"held-out-{chamber}-ladder", chamber, block, whole),
            _step_table(chamber, block, whole),
            *_calibration(report, chamber, whole),
            *_by_part(report, chamber, _best(block), whole),
        ]
    return parts


def rung_field() -> Field:
    """Make the field of a rung's name."""
    column = Column("Model", numeric=False, keys=("rung",))
    return Field(column, lambda row: Value(_TITLES[row["rung"]], row["rung"]))


def ladder_fields() -> list[Field]:
    """Make the fields of a rung's scores."""
    shown = [fields.number("Log score per vote", "log_score", 4), fields.number("Standard error", "log_score_se", 4)]
    shown += [fields.number("Monte Carlo error", "mcse", 5), fields.number("GMP", "gmp", 3)]
    shown += [fields.share("Called right", "correct", 2), fields.number("APRE", "apre", 3)]
    converged = Column("Folds that converged", keys=("n_converged", "n_folds"))
    shown.append(Field(converged, _converged))
    return [*shown, Field(Column("Time", keys=("seconds",)), lambda row: Value(_time(row), row["seconds"]))]


def _converged(row: Mapping[str, Any]) -> Value:
    text = f"{count(row['n_converged'])} of {count(row['n_folds'])}" if row["n_folds"] else "nothing is fitted"
    return Value(text, (row["n_converged"], row["n_folds"]))


def _time(row: Mapping[str, Any]) -> str:
    return duration(row["seconds"]) if row["n_folds"] else "–"


def ladder_table(identifier: str, chamber: str, block: Row, whole: bool) -> Table:
    """Show the rungs of a chamber, the lowest first."""
    score = WHOLE if whole else "Log score: mean log probability of a held-out vote."
    note = (
        f"{score} Standard errors are by roll call. GMP: geometric mean probability. APRE: share avoided of the errors "
        "of a guess that everybody votes with the majority of the roll call. The time of the joint model is for both "
        "chambers."
    )
    votes, calls = plural(block["n_votes"], "held-out vote"), plural(block["n_rollcalls"], "roll call")
    title = f"{unit_title(chamber)}: {votes} on {calls}"
    return fields.table(identifier, title, block["ladder"], [rung_field(), *ladder_fields()], note)


def gain_fields() -> list[Field]:
    """Make the fields of a gain."""
    return [
        Field(fields.number("More votes right, of 1,000", "right").column, lambda r: _signed(r["right"], 1)),
        fields.span("right", digits=1),
        Field(fields.number("Log score per vote", "log_score").column, lambda r: _signed(r["log_score"], 4)),
        fields.span("log_score", digits=4),
    ]


def _signed(value: float, digits: int) -> Value:
    return Value(signed(value, digits), value)


def _step_table(chamber: str, block: Row, whole: bool) -> Table:
    rows = [
        Row({**one, "step": f"{_TITLES[one['lower']]} → {_TITLES[one['upper']]}"}, one.source) for one in block["steps"]
    ]
    note = "Differences between two predictions of the same votes, with 90 % intervals by roll call."
    note = f"{WHOLE} {note}" if whole else note
    title = f"{unit_title(chamber)}: what each step buys"
    return fields.table(f"held-out-{chamber}-steps", title, rows, [fields.words("Step", "step"), *gain_fields()], note)


def _gain_figure(chambers: Row, whole: bool) -> Figure:
    """Draw the votes called right that each step buys."""
    drawn = [
        IntervalRow(
            f"{unit_title(chamber)}: {_TITLES[one['upper']]}",
            one["right"],
            one["right"] if one["right_q05"] is None else one["right_q05"],
            one["right"] if one["right_q95"] is None else one["right_q95"],
            Look("o", INK),
        )
        for chamber, block in chambers.items()
        for one in block["steps"]
    ]
    alt = "Intervals: more held-out votes called right, of 1,000, by each model than by the one below it."
    caption = "More held-out votes called right than by the model one step lower, of 1,000, with 90 % intervals."
    caption += " Each vote is called from the other votes of its roll call." if whole else ""
    title = "What each step of the ladder buys"
    return intervals(Words("held-out-gains", alt, caption, "more votes right, of 1,000", "", title=title), drawn)


def _calibration(report: Report, chamber: str, whole: bool) -> list[Part]:
    rows = [row for row in report.rows.get("held_out_calibration", []) if row["chamber"] == chamber]
    if not rows:
        return [missing("The calibration of held-out predictions is missing (held_out_calibration.csv).")]
    rungs = [rung for rung in RUNGS if any(row["rung"] == rung for row in rows)]
    drawn = []
    for rung in rungs:
        here = [row for row in rows if row["rung"] == rung]
        x, y = [row["predicted"] for row in here], [row["observed"] for row in here]
        drawn.append(Curve(_TITLES[rung], x, y, error=[row["observed_se"] or 0.0 for row in here]))
    alt = f"Calibration, {unit_title(chamber)}: share of Yea among held-out votes by tenth of predicted probability."
    caption = (
        "Among held-out votes predicted Yea with a given probability, the share that was Yea, with standard errors by "
        "roll call. On the dashed line both agree."
    )
    caption += " Each vote is predicted from the other votes of its roll call." if whole else ""
    axes = ("predicted probability of Yea", "observed share of Yea")
    title = f"{unit_title(chamber)}: held-out votes, predicted and observed"
    words = Words(f"held-out-{chamber}-calibration", alt, caption, *axes, title=title)
    return [curves(words, drawn, height=340, diagonal=True)]


def _by_part(report: Report, chamber: str, rung: str, whole: bool) -> list[Part]:
    rows = [row for row in report.rows.get("held_out_parts", []) if row["chamber"] == chamber]
    if not rows:
        return [missing("Scores by party, member and roll call are missing (held_out_parts.csv).")]
    scored = [fields.whole("Votes", "n_votes"), fields.number("Log score per vote", "log_score", 3)]
    scored += [fields.number("Standard error", "log_score_se", 3), fields.whole("Wrong", "errors")]
    scored += [fields.share("Called right", "correct", 1)]
    best = [row for row in rows if row["rung"] == rung]
    name, of = unit_title(chamber), _TITLES[rung].lower()
    parts: list[Part] = []
    for by, what, own, chosen, more in (
        ("party", "party", [fields.party()], rows, False),
        ("member", "member", [fields.linked_member(), fields.party(choices=True)], best, True),
        ("rollcall", "roll call", [fields.words("Bill", "bill", length=40)], best, True),
    ):
        here = [row for row in chosen if row["by"] == by]
        minority = fields.whole("Votes against the majority", "minority")
        columns = [*own, *([] if more else [rung_field()]), *scored, minority]
        columns += [fields.number("APRE" if by == "party" else "PRE", "pre", 3)] if by != "member" else []
        title = f"{name}: held-out votes by {what}" + (f", {of}" if more else "")
        ordered = sorted(here, key=lambda row: row["log_score"]) if more else here
        note = "Those that are predicted worst come first." if more else ""
        if whole:
            of_what = WHOLE if by == "rollcall" else "Each vote is predicted from the other votes of its roll call."
            note = f"{of_what} {note}".rstrip()
        identifier = f"held-out-{chamber}-{by}"
        parts.append(fields.table(identifier, title, ordered, columns, note, folded=more, interactive=more))
    return parts


def _best(block: Row) -> str:
    """Return the rung with the best log score."""
    return str(max(block["ladder"], key=lambda row: row["log_score"])["rung"])
