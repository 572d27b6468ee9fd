"""The shared bills of the joint model: what ties the chambers, and how far bills changed between them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from ...votes.vocabulary import DRIFT, SAME, SCREENED
from ...wording.numbers import number, percent, signed
from ..files.data import Report, UnitResults
from ..page import fields
from ..page.language import listed, plural
from ..page.parts import Heading, Part, Text
from ..page.words import interval, unit_title
from .reading import settled

_TITLE = "The shared bills in the two chambers"
#: Bills in the table that is not folded, and freed bills that are named in the text.
_MOST, _NAMED = 10, 8


def tie_sentence(bridges: Mapping[str, Any] | None, n_merged: int) -> Markup:
    """Say which bills put both chambers on one scale; ``n_merged`` have one pair of parameters for both."""
    kind = bridges["kind"] if bridges else SAME
    if bridges and kind == DRIFT:
        text = Markup(
            "{} a roll call in both chambers. Each has a difficulty and a discrimination in either chamber, and the "
            "model estimates by how much the two sides of a bill differ. They tie the scales of the chambers to that "
            "extent."
        )
        return text.format(plural(bridges["n_shared"], "bill has", "bills have"))
    text = Markup(
        "{} a roll call in both chambers, with one difficulty and one discrimination for both, which bridges the "
        "scales of the chambers."
    ).format(plural(n_merged, "bill has", "bills have"))
    if bridges and kind == SCREENED:
        text += Markup(" {}").format(freed_sentence(bridges["n_freed"]))
    return text


def freed_sentence(n: int) -> str:
    """Say how many shared bills the test of the link rejected."""
    if not n:
        return "The test of the link rejects no other."
    freed = plural(n, "other shared bill is an item of its own", "other shared bills are items of their own")
    return f"{freed} in each chamber, because the test of the link between the chambers’ own fits rejects the bridge."


def difference_sentences(bridges: Mapping[str, Any], house: str, senate: str) -> list[Markup]:
    """Say how far the two sides of a bill differ; empty unless they may."""
    tau_alpha, tau_beta, delta = (bridges[name] for name in ("tau_alpha", "tau_beta", "delta"))
    if not (tau_alpha and tau_beta and delta):
        return []
    step = tau_alpha["median"]
    of_beta = {key: math.exp(value) if bridges["on_log"] else value for key, value in tau_beta.items()}
    by = "a factor of " if bridges["on_log"] else ""
    text = Markup(
        "From the {} to the {}, bills changed in difficulty by {} logits (90 % interval {}), as a standard deviation "
        "over the bills, and in discrimination by {}{} ({}). A change of {} logits makes a probability of 50 % one of "
        "{} or of {}."
    )
    out = [
        text.format(
            *(house, senate, number(step), interval(tau_alpha["q05"], tau_alpha["q95"]), by, number(of_beta["median"])),
            *(
                interval(of_beta["q05"], of_beta["q95"]),
                number(step),
                percent(_logistic(step)),
                percent(_logistic(-step)),
            ),
        )
    ]
    return [*out, _delta_sentence(delta, bridges["confounded"], house, senate)]


def _delta_sentence(delta: Mapping[str, float], confounded: bool, house: str, senate: str) -> Markup:
    """Say how the chambers differ on average over the bills, and if that can be told from where the members stand."""
    clear = delta["q05"] > 0 or delta["q95"] < 0
    where = Markup(
        "On average over the bills, the difficulty in the {} less that in the {} is {} logits (90 % interval {})"
    )
    text = where.format(
        senate, house, signed(delta["median"]), Markup("{} to {}").format(signed(delta["q05"]), signed(delta["q95"]))
    )
    if clear:
        word = "less" if delta["median"] > 0 else "more"
        text += Markup(": of two members at the same place, the one in the {} is {} inclined to vote Yea.").format(
            senate, word
        )
    else:
        text += Markup(", so neither chamber is clearly more inclined to vote Yea.")
    if confounded:
        text += Markup(
            " Under a prior that lets discrimination have one sign only, this is hard to tell from a shift of all "
            "members of a chamber, and the intervals of both are as wide as that makes them."
        )
    return text


def bridge_parts(report: Report, unit: UnitResults) -> list[Part]:
    """Return what is known of the shared bills of a joint fit that does not merge them all."""
    bridges = unit.get("bridges")
    if not bridges or bridges["kind"] == SAME:
        return []
    house, senate = unit_title("house"), unit_title("senate")
    parts: list[Part] = [Heading("joint-bridges", _TITLE)]
    if bridges["kind"] == SCREENED:
        named = bridges["freed"][:_NAMED]
        rest = len(bridges["freed"]) - len(named)
        if named:
            names = listed([*named, *([plural(rest, "more", "more")] if rest else [])])
            parts.append(Text(Markup("Freed: {}. The table of shared bills has all of them.").format(names)))
        else:
            parts.append(Text("No bill was freed, so this is the model with one item for each shared bill."))
        return parts
    if not settled(unit):
        return [*parts, Text("How far bills changed between the chambers is withheld: this fit has not converged.")]
    parts += [Text(text) for text in difference_sentences(bridges, house, senate)]
    rows = [row for row in report.rows.get("anchors") or [] if row.get("moved_mean") is not None]
    if not rows:
        return parts
    rows = sorted(rows, key=lambda row: (-abs(row["moved_mean"]), row["bill"]))[:_MOST]
    columns = [
        fields.linked_bill(),
        fields.title("Title", "title"),
        fields.place("P(Yea), change", "moved_mean"),
        fields.span("moved"),
        fields.place("Difficulty, change", "alpha_change_mean"),
        fields.span("alpha_change"),
    ]
    note = (
        f"Changes from the {house} to the {senate}. That of the probability of Yea is the average over the members of "
        "both chambers, where they stand. Above 0, Yea was the likelier vote of a member at the same place in the "
        f"{senate}. The folded table of shared bills in “{house} against {senate}” has all bills."
    )
    return [*parts, fields.table("joint-moved", "The shared bills that changed most", rows, columns, note)]


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))
