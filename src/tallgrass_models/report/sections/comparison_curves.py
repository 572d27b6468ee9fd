"""Specification curves on the comparison page: a conclusion under all experiments, and the choices behind each."""

from __future__ import annotations

from dataclasses import replace

from ...files.records.comparison import ORDER, PARTY_SHARE, PLACE, POSITION, Curve
from ...wording.numbers import among, number, percent
from ..page import fields
from ..page.columns import number_column
from ..page.language import plural
from ..page.parts import Bullets, Heading, Part, Value
from ..page.plots import Words
from ..page.speccurve import GridRow, Spot, specification_curve
from .comparison_members import place
from .comparison_scope import Scope


def curve_parts(scope: Scope) -> list[Part]:
    """Show the curves of a session, those of joint models folded; nothing where there is none."""
    curves = [curve for curve in scope.content["curves"] if curve["group"] == scope.group["group"]]
    if not curves:
        return []
    parts: list[Part] = [Heading(f"{scope.slug}-curves", "Which choice moves the conclusion")]
    seen: list[tuple[str, str]] = []
    for curve in curves:
        seen.append((curve["unit"], curve["chamber"]) if curve["conclusion"] == POSITION else ("", ""))
        parts += [Bullets(curve["text"]), _picture(scope, curve, seen.count(seen[-1]))]
    return [*parts, _table(scope, curves)]


def _title(curve: Curve) -> str:
    what = {
        ORDER: "rank correlation with the reference",
        PARTY_SHARE: "party share of the variance",
        PLACE: f"rank of {curve['name']}",
        POSITION: f"position of {curve['name']}",
    }
    return f"{place(curve)}: {what[curve['conclusion']]}"


def _shown(curve: Curve, value: float) -> str:
    if curve["conclusion"] == PARTY_SHARE:
        return percent(value, 1)
    return number(value, {ORDER: 3, POSITION: 2}.get(curve["conclusion"], 1))


def _picture(scope: Scope, curve: Curve, nth: int) -> Part:
    """Draw a curve; ``nth`` tells several positions in one chamber apart."""
    names = [one["experiment"] for one in curve["specifications"]]
    reference = scope.group["reference"]
    spots = [
        Spot(one["value"], one["q05"], one["q95"], _tip(curve, k), one["experiment"] == reference)
        for k, one in enumerate(curve["specifications"])
    ]
    rows = []
    for choice in curve["choices"]:
        rows.append(GridRow(among(choice["settings"]), None))
        for value in choice["values"]:
            at = [k for k, name in enumerate(names) if choice["by"][name] == value["value"]]
            rows.append(GridRow(value["value"], at))
    title, n = _title(curve), plural(len(names), "specification")
    full = f" The full marker is {reference}." if any(spot.reference for spot in spots) else ""
    bars = " with 90 % intervals" if any(spot.low is not None for spot in spots) else ""
    caption = (
        f"{title}, under {n}{bars}, sorted by value. The squares below say what each of them chose; the choice that "
        f"moves the mean most stands first.{full}"
    )
    kind = curve["conclusion"].replace(" ", "-") + (f"-{nth}" if curve["conclusion"] == POSITION else "")
    identifier = "-".join(dict.fromkeys((scope.slug, "curve", curve["unit"], curve["chamber"], kind)))
    ends = f"{_shown(curve, spots[0].value)} to {_shown(curve, spots[-1].value)}"
    words = Words(identifier, f"Specification curve: {title}, {ends}, {n}.", caption, "", "", title=title)
    drawn = specification_curve(words, spots, rows)
    return replace(drawn, folded=f"Picture: {title}") if curve["unit"] != curve["chamber"] else drawn


def _tip(curve: Curve, k: int) -> str:
    one = curve["specifications"][k]
    ends = (one["q05"], one["q95"])
    interval = "" if None in ends else f" ({' to '.join(_shown(curve, end) for end in ends if end is not None)})"
    return f"{one['experiment']}: {_shown(curve, one['value'])}{interval}"


def _table(scope: Scope, curves: list[Curve]) -> Part:
    """Show the means by choice of all curves."""
    rows = [
        {
            "conclusion": _title(curve),
            "choice": among(choice["settings"]),
            "value": value["value"],
            "mean": value["mean"],
            "n": value["n"],
            "shown": _shown(curve, value["mean"]),
        }
        for curve in curves
        for choice in curve["choices"]
        for value in choice["values"]
    ]
    columns = [fields.words("Conclusion", "conclusion", True, 200), fields.words("Choice", "choice", True, 200)]
    columns += [fields.words("Value", "value", length=200)]
    columns += [fields.Field(number_column("Mean", "mean"), lambda row: Value(row["shown"], row["mean"]))]
    columns += [fields.whole("Specifications", "n")]
    title = "Means of each conclusion by choice"
    note = "Each mean is over all specifications with that value, whatever else they chose."
    return fields.table(f"{scope.slug}-choices", title, rows, columns, note, folded=True, interactive=True)
