"""House against Senate: by the joint model, by the link of separate fits, and by all of them together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

from markupsafe import Markup, escape

from ...files.names import JOINT, METHOD_NAMES, PLACES, PREDICTION
from ...files.records.linking import Finding, Linking
from ...linking.findings import findings
from ...linking.statement_words import statement_words
from ...wording.numbers import count, number, percent, probability
from ..files.data import Report
from ..files.rows import Row
from ..page import cells, fields
from ..page.columns import number_column
from ..page.fields import Field
from ..page.language import listed, plural
from ..page.parts import Column, Figure, Heading, Part, Section, Table, Text, missing
from ..page.plots import Curve, Words, curves
from ..page.words import called, unit_title
from . import withholding
from .plane import has_second
from .readable import not_readable
from .reading import one_mode, settled

#: How the House's relative scale is read, by kind.
_SCALES = {
    "parties": "the averages of the {house} Democrats and Republicans are −1 and +1",
    "spread": "the {house} members have mean 0 and standard deviation 1, because the parties define no scale here",
}


def against() -> str:
    """Return the title of the comparison: ``House against Senate``."""
    return f"{unit_title('house')} against {unit_title('senate')}"


def _whose() -> dict[str, str]:
    return {chamber: called().whose(chamber) for chamber in ("house", "senate")}


#: What a comparison of chambers is if each was fitted in two dimensions.
_IN_PLANES = (
    "Each chamber has a second dimension of its own. The chambers are compared on the first one alone, and curves of "
    "shared bills are those for a place of 0 on the second one."
)


def linking_section(report: Report) -> Section:
    """Both chambers on the House's relative scale, by every method that can put them there."""
    title, found = against(), report.linking
    if found is None:
        return Section("linking", title, [missing("The chambers were not compared, because linking.json is missing.")])
    if not found["statements"]:
        return Section("linking", title, [missing(f"The chambers were not linked: {found['reason']}.")])
    parts: list[Part] = [Text(escape(f["text"]), "bad" if f["level"] == "bad" else "note") for f in _findings(report)]
    if any(has_second(unit) for unit in report.units.values()):
        parts.append(Text(_IN_PLANES, "note"))
    parts += [*_not_to_be_read(report), _weights_text(found), _statement_table(found)]
    if found["joint"]:
        parts.append(_agreement_text(found["joint"]))
    if not found["linked"]:
        parts.append(missing(f"Separate fits were not linked: {found['reason']}."))
    else:
        parts += [_anchor_text(found["anchors"]), *_turned_text(found)]
    parts.append(_constants_table(found))
    if found["joint_vs_separate"]:
        parts += [Heading("linking-predictive-heading", "Is a shared bill one item?")]
        parts += [*_predictive_parts(found["joint_vs_separate"])]
    parts += [Heading("linking-bills-heading", "The shared bills")]
    parts.append(_shared_bill_figure(report) or missing("Curves of shared bills are missing (anchors.csv)."))
    return Section("linking", title, [*parts, *_linked_tables(report)])


def linking_warnings(report: Report, *about: str) -> list[Text]:
    """Return what nobody may overlook: methods that disagree, shared bills that are not one item.

    With ``about``, only what is of `PLACES` or `PREDICTION`.
    """
    loud = [f for f in _findings(report) if f["level"] == "bad" and f["about"] in (about or (PLACES, PREDICTION))]
    return [Text(escape(f["text"]), "bad") for f in loud]


def _findings(report: Report) -> list[Finding]:
    """Return the findings that the fits support: none on places without sides, none at all without convergence."""
    found = findings(cast(Linking, report.linking), called()) if report.linking else []
    if not all(settled(unit) and one_mode(unit) for unit in report.units.values()):
        return []
    return [f for f in found if f["about"] == PREDICTION] if not_readable(report) else found


def linking_sentences(report: Report) -> list[Markup]:
    """House against Senate in a few sentences, each probability by all methods together."""
    found = report.linking
    if not found or not found["statements"]:
        return []
    told = [escape(f["text"]) for f in _findings(report) if f["level"] != "bad"]
    if reasons := _reasons(report):
        return [withholding.across_withheld(reasons), *told]
    said = [s for s in found["statements"] if s["kind"] == "probability" and s["key"].endswith("median_right")]
    words = [statement_words(s["key"], called()) for s in said]
    each = [f"{text[0].lower()}{text[1:]}: {_by_source(s)}" for text, s in zip(words, said, strict=True)]
    out = [Markup("Probability that {}.").format("; that ".join(each))]
    return out + told


def _reasons(report: Report) -> str:
    return "; ".join(f"{name}: {reason}" for name, reason in not_readable(report).items())


def _by_source(statement: Mapping[str, Any]) -> str:
    """``0.62 (joint model 0.27, link 0.88)``; one number where there is one source."""
    named = (("joint model", statement["joint_value"]), ("link", statement["link_value"]))
    parts = [f"{name} {probability(p)}" for name, p in named if p is not None]
    return probability(statement["value"]) + (f" ({', '.join(parts)})" if len(parts) > 1 else "")


def _not_to_be_read(report: Report) -> list[Part]:
    text = Markup("<strong>Do not rely on this section.</strong> It rests on fits that cannot be read ({}).")
    return [Text(text.format(reasons), "bad")] if (reasons := _reasons(report)) else []


def _weights_text(found: Row) -> Text:
    linking = listed([METHOD_NAMES[name] for name in found["weights"] if name != JOINT])
    if JOINT not in found["weights"]:
        mixed = Markup("the linking methods ({}), all with the same weight").format(linking)
    elif linking:
        mixed = Markup("half for the joint model and half for the link of separate fits ({} in equal parts)").format(
            linking
        )
    else:
        mixed = Markup("the joint model alone, because no linking method has an answer")
    text = Markup(
        "Members of both chambers stand on the {} scale, on which {}. <i>All methods</i> mixes the methods with "
        "these weights: {}."
    )
    return Text(text.format(called().whose("house"), _SCALES[found["scale"]].format(**_whose()), mixed))


def _statement_table(found: Row) -> Table:
    columns = [fields.title("Statement", "statement")]
    for stem, title in (("", "All methods"), ("joint_", "Joint model"), ("link_", "Link")):
        columns += [_said(title, stem), _interval(stem)]
    house, senate = (unit_title(chamber) for chamber in ("house", "senate"))
    note = f"Probabilities have no interval. Distances are always {senate} minus {house}, on the scale of the {house}."
    rows = [Row({**s, "statement": statement_words(s["key"], called())}, found.source) for s in found["statements"]]
    return fields.table("linking-statements", f"The {senate} compared with the {house}", rows, columns, note)


def _said(title: str, stem: str) -> Field:
    key = f"{stem}value"

    def cell(row: Mapping[str, Any]) -> Any:
        return cells.chance(row[key]) if row["kind"] == "probability" else cells.place(row[key])

    return Field(number_column(title, key), cell)


def _interval(stem: str) -> Field:
    low, high = f"{stem}q05", f"{stem}q95"
    return Field(Column("90 % interval", keys=(low, high)), lambda row: cells.span(row[low], row[high]))


def _agreement_text(joint: Mapping[str, Any]) -> Text:
    text = Markup(
        "The joint model and the link place {} on average {} posterior standard deviations apart. For {} of them the "
        "two 90 % intervals overlap. The probability of standing right of the {} median differs by at most {} "
        "({}), and by {} on average."
    )
    who = f"{plural(joint['n_senate'], 'member')} of the {unit_title('senate')}"
    values = [who, number(joint["mean_difference_sd"]), percent(joint["overlap"]), called().whose("house")]
    values += [number(joint["max_p_difference"]), joint["max_p_member"], number(joint["mean_p_difference"])]
    return Text(text.format(*values))


def _anchor_text(anchors: Mapping[str, Any]) -> Text:
    text = Markup(
        "The link rests on {} of {}. It leaves out {} because the signs disagree, {} because a sign is uncertain, {} "
        "because they say little, and {} because their curves in the two chambers are too different."
    )
    left = [count(anchors[f"n_{key}"]) for key in ("sign_disagrees", "sign_uncertain", "uninformative", "unlike")]
    return Text(text.format(count(anchors["n_used"]), plural(anchors["n_shared"], "shared bill"), *left))


def _turned_text(found: Row) -> list[Part]:
    if not found["senate_turned"]:
        return []
    senate = unit_title("senate")
    text = (
        f"The chambers’ own models found the parties’ axis in opposite directions, so the {senate} was turned round "
        f"before it was linked. On the models’ own scales, A and B apply to the ideal points of the {senate} with the "
        "other sign."
    )
    return [Text(text)]


def _constants_table(found: Row) -> Table:
    rows = [Row({**m, "title": METHOD_NAMES[m["method"]]}, m.source) for m in found["methods"] or []]
    if found["joint_constants"]:
        own = dict.fromkeys(("A_median", "B_median", "jackknife_anchor"))
        rows.insert(0, Row({**own, **found["joint_constants"], "title": "joint model"}, found.source))
    columns = [fields.words("Method", "title")]
    columns += [fields.number("A, headline scale", "A_relative_median"), fields.span("A_relative")]
    columns += [fields.place("B, headline scale", "B_relative_median"), fields.span("B_relative")]
    columns += [fields.number("A, models’ own scales", "A_median"), fields.place("B, models’ own scales", "B_median")]
    columns += [fields.words(f"Without this bill the {unit_title('senate')} moves most", "jackknife_anchor")]
    house, senate = (called().whose(chamber) for chamber in ("house", "senate"))
    what = (
        f"A says how many times as far apart the {senate} parties are as the {house}, and B where the middle between "
        f"the {senate} parties stands"
        if found["scale"] == "parties"
        else f"A says how many times as spread out the {senate} members are as the {house}, and B where they average"
    )
    note = (
        f"On the headline scale, {what}. On the models’ own scales, a member of the {unit_title('senate')} stands at A "
        "times the member’s ideal point plus B. If lopsided roll calls were dropped, 90 % intervals of that B hold the "
        "truth far less often, so none is shown."
    )
    return fields.table("linking-methods", f"From the {senate} scale to the {house}", rows, columns, note)


def _predictive_parts(found: Mapping[str, Any]) -> list[Part]:
    rows = [
        {"of": "all votes", "elpd_diff": found["elpd_diff"], "se": found["se"]},
        {"of": "votes on shared bills", **found["shared_bills"]},
        {"of": "all other votes", **found["other_bills"]},
    ]
    rows += [{"of": unit_title(c), "elpd_diff": value, "se": None} for c, value in found["by_chamber"].items()]
    columns = [fields.words("Votes", "of"), fields.place("Joint minus separate", "elpd_diff")]
    columns += [fields.number("Standard error", "se")]
    note = (
        "Sum of the expected log predictive density of votes left out. It is positive if the joint model predicts "
        "better. Standard errors assume that bills are independent and count the two roll calls of a shared bill as "
        "one."
    )
    out: list[Part] = [
        fields.table("linking-predictive", "Joint model compared with separate fits", rows, columns, note)
    ]
    if found["n_k_above"]:
        estimates = plural(found["n_k_above"], "estimate for a vote left out is", "estimates for votes left out are")
        out.append(Text(f"{estimates} unreliable (high Pareto k)."))
    return out


def _shared_bill_figure(report: Report) -> Figure | None:
    """House curve against Senate curve of a few shared bills, where the chambers were linked."""
    known = [f"{chamber}_{name}" for chamber in ("house", "senate") for name in ("alpha", "beta")]
    # where nothing is linked, bills that could have served have no curve of the Senate's on the House's scale
    anchors = [a for a in report.rows.get("anchors", []) if a["used"] and None not in [a[key] for key in known]]
    if not anchors:
        return None
    ordered = sorted(anchors, key=lambda a: (a["rms_gap"] or 0.0, a["bill"]))
    chosen = [ordered[0], ordered[-1]] if len(ordered) > 1 else ordered
    members = report.rows.get("linked_members") or []
    places = [m["xi_mean"] for m in members if m["xi_mean"] is not None] or [-3.0, 3.0]
    low, high = min(places), max(places)
    grid = [low + (high - low) * k / 60 for k in range(61)]
    drawn = []
    for anchor in chosen:
        for chamber in ("house", "senate"):
            y = [_logistic(anchor[f"{chamber}_beta"] * x - anchor[f"{chamber}_alpha"]) for x in grid]
            label, like = f"{anchor['bill']}, {unit_title(chamber)}", chosen.index(anchor)
            drawn.append(Curve(label, grid, y, like=like, dashes=("house", "senate").index(chamber)))
    house = called().whose("house")
    alt = (
        f"Curves of shared bills: {chosen[0]['bill']}, on which the chambers agree best, and {chosen[-1]['bill']}, on "
        f"which they agree worst, each as fitted in either chamber, on the {house} scale."
    )
    title = "Curves of shared bills in the model of each chamber"
    caption = (
        f"Curves of the same bill in each chamber’s own model, on the {house} scale, for the bill on which the two "
        "agree best and for the one on which they agree worst. If a bill were the same item in both chambers, its "
        "curves would coincide."
    )
    words = Words("linking-curves", alt, caption, f"ideal point, {house} scale", "probability of Yea", title=title)
    return curves(words, drawn)


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-max(-700.0, min(700.0, z))))


def _linked_tables(report: Report) -> list[Part]:
    members, anchors = report.rows.get("linked_members"), report.rows.get("anchors")
    if not members or not anchors:
        return [missing("Members on one scale and shared bills are missing (linked_members.csv, anchors.csv).")]
    who = [fields.linked_member(), fields.party(choices=True), fields.chamber(choices=True)]
    who += [fields.place("Position, all methods", "relative_median"), fields.span("relative")]
    who += [fields.place("by the joint model", "joint_median"), fields.place("by the link", "link_median")]
    for chamber in ("house", "senate"):
        who.append(fields.chance(f"P(right of the {called().whose(chamber)} median)", f"p_right_of_{chamber}_median"))
    who += [fields.chance("P(right of own party’s median in the other chamber)", "p_right_of_own_party")]
    what = [
        fields.linked_bill(),
        fields.title("Title", "title"),
        fields.words("Left out because", "reason", True),
    ]
    what += [fields.place(f"β in the {unit_title(chamber)}", f"{chamber}_beta") for chamber in ("house", "senate")]
    what += [fields.number("Gap of the curves", "rms_gap", 3), fields.number("Lord’s test, p", "p_value", 3)]
    what += [fields.place("Joint minus separate, elpd", "elpd_diff")]
    if {anchor.get("bridge") for anchor in anchors} & {"freed", "tied"}:
        what.append(fields.words("In the joint model", "bridge", True))
    if any(anchor.get("moved_mean") is not None for anchor in anchors):
        what += [fields.place("P(Yea), change to the second chamber", "moved_mean"), fields.span("moved")]
        what += [fields.place("Difficulty, change", "alpha_change_mean"), fields.span("alpha_change")]
        what += [fields.place("Discrimination, change", "beta_change_mean"), fields.span("beta_change")]
    ordered = sorted(members, key=lambda m: (m["relative_median"], m["legislator"]))
    title = (
        f"Both chambers: all {count(len(members))} members on the {called().whose('house')} scale, from left to right"
    )
    return [
        fields.table("linking-members", title, ordered, who, folded=True, interactive=True),
        fields.table("linking-anchors", "The shared bills", anchors, what, folded=True, interactive=True),
    ]
