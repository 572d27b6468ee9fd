"""Plain sentences on House against Senate: where methods disagree, why that may be, and what sharing bills does.

They are made from the records of linking.json alone, so that the page can say them with the names that the session
gives its chambers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ..draws.scale import PARTY_SCALE
from ..files.names import METHOD_NAMES, PLACES, PREDICTION
from ..files.records.linking import AnchorCounts, Finding, JointVsSeparate, Linking, Method, Setting, SomeBills
from ..votes.naming import USUAL, ChamberNames
from ..votes.vocabulary import DRIFT, SCREENED
from ..wording.numbers import plural, probability
from .agreement import Ends, ends, joint_apart, methods_apart, opposed
from .statement_words import statement_words

#: A and B in words, by kind of scale; to be filled in: an interval and by whom, twice, and the possessives.
_PARTY_CONSTANTS = {
    "A": "the {senate} parties are {} times as far apart as the {house} by {}, but {} times by {}",
    "B": "the middle between the {senate} parties lies at {} by {}, but at {} by {}",
}
_SPREAD_CONSTANTS = {
    "A": "the {senate} members are {} times as spread out as the {house} by {}, but {} times by {}",
    "B": "the average of the {senate} members stands at {} by {}, but at {} by {}",
}
_PARTY_WORDS = "with the {house} parties at −1 and +1"
_SPREAD_WORDS = "in standard deviations of the {house} members from their mean"
_SETTINGS = {
    "beta_prior": "the prior of β",
    "alpha_sigma": "the prior sd of α",
    "alpha": "the prior of α",
    "mu": "the prior of μ",
    "sigma_within": "the prior of σ",
    "orient_bills": "orienting the bills",
}

#: A loss of that many standard errors is more than chance.
_CLEAR = 2
#: So many opposed probabilities are named, medians first.
_STATEMENTS = 3
#: How loud: something is wrong, or worth knowing.
_BAD, _NOTE = "bad", "note"


def findings(summary: Linking, called: ChamberNames = USUAL) -> list[Finding]:
    """Make sentences from the content of linking.json, with the chambers called by their names.

    Each has its ``level`` (`_BAD` or `_NOTE`) and what it is ``about``: where members stand (`PLACES`), which only fits
    with known sides show, or `PREDICTION`.
    """
    of_methods = methods_finding(summary["methods"] or [], summary["scale"], called)
    return [*of_methods, *joint_finding(summary, called), *predictive_findings(summary["joint_vs_separate"])]


def methods_finding(rows: Sequence[Method], kind: str | None, called: ChamberNames = USUAL) -> list[Finding]:
    """Say so where intervals of A or of B by two linking methods do not meet: the two that are furthest apart."""
    found = {letter: pairs[0] for letter, pairs in methods_apart(rows).items() if pairs}
    if not found:
        return []
    of = {row["method"]: row for row in rows}
    said = []
    for letter, (a, b) in found.items():
        each = [(_interval(ends(of[name])[letter]), METHOD_NAMES[name]) for name in (a, b)]
        said.append(_constants(kind)[letter].format(*each[0], *each[1], **_whose(called)))
    text = (
        f"The linking methods do not agree: {'; '.join(said)} (90 % intervals, {_scale(kind, called)}). One model does "
        "not fit all shared bills, and comparisons across the chambers are less certain than any one method suggests."
    )
    return [{"level": _BAD, "about": PLACES, "text": text}]


def joint_finding(summary: Linking, called: ChamberNames = USUAL) -> list[Finding]:
    """Say so where the joint model and the link place the Senate differently, with likely reasons."""
    agreement = summary["joint"]
    if agreement is None:
        return []
    letters, statements = joint_apart(agreement), opposed(summary["statements"] or [])
    if not letters and not statements:
        return []
    kind = summary["scale"]
    said = []
    for letter in letters:
        of = agreement["A"] if letter == "A" else agreement["B"]
        joint, link = (_interval((at["q05"], at["q95"])) for at in (of["joint"], of["link"]))
        words = _constants(kind)[letter].format(joint, "the joint model", link, "the link", **_whose(called))
        said.append(f"{words} (90 % intervals, {_scale(kind, called)})")
    said += [
        f"the probability that {_lowered(statement_words(s['key'], called))} is {probability(s['joint_value'])} by "
        f"the joint model but {probability(s['link_value'])} by the link, and {probability(s['value'])} by all methods "
        "together"
        for s in statements[:_STATEMENTS]
    ]
    text = f"The joint model and the link of separate fits disagree: {'; '.join(said)}. "
    text += _reasons(summary["anchors"], summary["joint_vs_separate"])
    return [{"level": _BAD, "about": PLACES, "text": text}]


def _reasons(anchors: AnchorCounts | None, predictive: JointVsSeparate | None) -> str:
    out = ["a bill amended between the chambers is not one item, but the joint model treats it as one"]
    if predictive and predictive["bridges"] == DRIFT:
        out = ["the joint model lets all shared bills differ, and the link leaves out those that differ most"]
    if predictive and predictive["bridges"] == SCREENED:
        out = ["some of the bills that the joint model treats as one item may not be one"]
    if anchors and (kept := anchors["n_unlike"] + anchors["n_sign_disagrees"]):
        out[0] += f" (the link leaves out {kept:,} of {anchors['n_shared']:,} shared bills as unlike)"
    out.append("the joint model lets the two chambers' parties borrow from each other")
    if predictive and predictive["settings"]:
        out.insert(0, f"the priors differ ({_settings_in_words(predictive['settings'])})")
    return f"Possible reasons: {'; '.join(out)}."


def predictive_findings(found: JointVsSeparate | None) -> list[Finding]:
    """Say what sharing one (alpha, beta) per bill does to the prediction of the same votes, and whether by chance."""
    if found is None:
        return []
    error = math.hypot(found["se"] or 0.0, found["mcse"])
    of = plural(found["n_shared"], "shared bill")
    how = "lets the two sides of each of {} differ" if found["bridges"] == DRIFT else "treats each of {} as one item"
    model = f"The joint model, which {how.format(of)}, predicts votes left out"
    measure = f"expected log predictive density of the same {found['n_votes']:,} votes (standard error {error:,.0f})"
    size = f"The difference is {_signed(found['elpd_diff'])} in {measure}"
    if found["verdict"] == "unclear":
        text = f"{model} about as well as separate fits do. {size}, which is within chance."
    else:
        word = "better" if found["verdict"] == "gains" else "worse"
        text = f"{model} {word} than separate fits do. {size}, which is more than chance."
    shared = found["shared_bills"]
    text += (
        f" Of that, {_part(shared)} lies in the votes on shared bills and {_part(found['other_bills'])} in all others."
    )
    lost = shared["elpd_diff"] < -_CLEAR * (shared["se"] or math.inf)
    if found["settings"]:
        priors = _settings_in_words(found["settings"])
        if found["verdict"] == "costs" and not lost:
            text += f" So the shared bills are not the reason. The fits also differ in their priors ({priors})."
        else:
            text += f" The fits also differ in their priors ({priors}), so the shared bills alone do not explain this."
    elif found["verdict"] == "costs" and lost:
        text += (
            " So the separate fits deserve more trust here."
            if found["bridges"] == DRIFT
            else " Some of these bills are not the same item in both chambers, so the separate fits deserve more trust "
            "here."
        )
    return [{"level": _BAD if found["verdict"] == "costs" else _NOTE, "about": PREDICTION, "text": text}]


def _settings_in_words(rows: Sequence[Setting]) -> str:
    """Priors of the joint and of the separate fits where they differ."""
    return "; ".join(
        f"{_SETTINGS.get(row['setting'], row['setting'])} is {row['joint']} in the joint model and {row['separate']} "
        "in the separate fits"
        for row in rows
    )


def _constants(kind: str | None) -> Mapping[str, str]:
    return _PARTY_CONSTANTS if kind == PARTY_SCALE else _SPREAD_CONSTANTS


def _interval(values: Ends) -> str:
    return " to ".join(f"{value:.2f}".replace("-", "−") for value in values)


def _scale(kind: str | None, called: ChamberNames) -> str:
    return (_PARTY_WORDS if kind == PARTY_SCALE else _SPREAD_WORDS).format(**_whose(called))


def _whose(called: ChamberNames) -> dict[str, str]:
    return {chamber: called.whose(chamber) for chamber in ("house", "senate")}


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _part(values: SomeBills) -> str:
    error = "" if values["se"] is None else f" (standard error {values['se']:,.0f})"
    return f"{_signed(values['elpd_diff'])}{error}"


def _signed(value: float) -> str:
    return f"{value:+,.0f}".replace("-", "−")
