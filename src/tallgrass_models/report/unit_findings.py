"""Key findings of one fit: where the parties stand, who is where, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from .data import PARTIES, Member, Report, UnitResults
from .fit import check_sentence, fit_sentence, median_sentence
from .roster import roster_sentences
from .tables import icc_row, left_to_right
from .words import interval, listed, member_label, number, percent, plural, ranks, signed, unit_title


def chamber_sentences(unit: UnitResults) -> list[Markup]:
    """Parties, share of party, extremes, overlap and recovery of one chamber."""
    out = [*_party_sentences(unit), *_share_sentences(unit)]
    if unit.members is None:
        return [*out, Markup("Members cannot be named: ideal_points.csv is missing.")]
    out += [*_extreme_sentences(unit.members), *_overlap_sentences(unit.members)]
    out += [said for said in (median_sentence(unit), fit_sentence(unit), check_sentence(unit)) if said]
    return [*out, *roster_sentences(unit), *_truth_sentences(unit)]


def _party_sentences(unit: UnitResults) -> list[Markup]:
    rows = [row for row in unit.parties or () if row.party in PARTIES]
    if not rows:
        return [Markup("Where the parties stand cannot be told: parties.csv is missing or empty.")]
    stand = [
        Markup("{} stand at {} on average (90 % interval {})").format(
            plural(row.n, row.party), signed(row.mu_mean), interval(row.mu_q05, row.mu_q95)
        )
        for row in rows
    ]
    return [Markup("{}.").format(listed(stand))]


def _share_sentences(unit: UnitResults) -> list[Markup]:
    share = icc_row(unit, unit.unit)
    if not share:
        return [Markup("The share of party in the variance was not recorded.")]
    text = Markup(
        "Party accounts for {} of the variance between members (90 % interval {} to {}); the rest lies within the "
        "parties."
    )
    return [text.format(percent(share.get("mean")), percent(share.get("q05")), percent(share.get("q95")))]


def _extreme_sentences(members: Sequence[Member], joint: bool = False) -> list[Markup]:
    ordered = left_to_right(members)
    if not ordered:
        return []
    text = Markup("Furthest left is {} at {}, furthest right {} at {}.")
    out = [text.format(*_placed(ordered[0], joint), *_placed(ordered[-1], joint))]
    inner = _innermost(ordered)
    if inner:
        apart = inner[0].xi_mean < inner[1].xi_mean
        text = Markup("{} the rightmost Democrat, {} at {}, and the leftmost Republican, {} at {}.")
        word = "Most central are" if apart else "Beyond each other stand"
        out.append(text.format(word, *_placed(inner[0], joint), *_placed(inner[1], joint)))
    return out


def _innermost(ordered: Sequence[Member]) -> tuple[Member, Member] | None:
    """The rightmost Democrat and the leftmost Republican: the most central members, unless the parties overlap."""
    democrats, republicans = ([m for m in ordered if m.side == party] for party in PARTIES)
    return (democrats[-1], republicans[0]) if democrats and republicans else None


def _placed(member: Member, joint: bool) -> tuple[Markup, Markup]:
    place = Markup("{} (90 % interval {}; rank {})")
    where = interval(member.xi_q05, member.xi_q95)
    return member_label(member, joint), place.format(
        signed(member.xi_mean), where, ranks(member.rank_q05, member.rank_q95)
    )


def _overlap_sentences(members: Sequence[Member]) -> list[Markup]:
    inner = _innermost(left_to_right(members))
    if inner is None:
        return []
    if inner[0].xi_mean < inner[1].xi_mean:
        return [Markup("The parties do not overlap: every Democrat’s estimate lies left of every Republican’s.")]
    right = sum(m.side == "Democrat" and m.xi_mean >= inner[1].xi_mean for m in members)
    left = sum(m.side == "Republican" and m.xi_mean <= inner[0].xi_mean for m in members)
    text = Markup(
        "The parties overlap: {} estimated right of the leftmost Republican, and {} left of the rightmost Democrat."
    )
    verb = [plural(right, "Democrat is", "Democrats are"), plural(left, "Republican is", "Republicans are")]
    return [text.format(*verb)]


def _truth_sentences(unit: UnitResults) -> list[Markup]:
    out = []
    for row in unit.get("truth") or []:
        where = f" in the {unit_title(str(row.get('chamber', '')).lower())}" if unit.unit == "joint" else ""
        within = row.get("correlation_within") or {}
        text = Markup(
            "The simulated truth{}: {} of the true relative positions lie in their 90 % intervals; correlation {}."
        )
        each = [f"{number(within.get(party), 2)} among {party}s" for party in PARTIES]
        out.append(text.format(where, percent(row.get("coverage90_relative")), listed(each)))
    return out


def joint_sentences(report: Report, unit: UnitResults) -> list[Markup]:
    """The two chambers on one scale: gaps between the parties, extremes of all."""
    shared = unit.get("n_shared_bills")
    bridge = Markup("Both chambers stand on one scale, tied by {} voted on in both.")
    out = [bridge.format(plural(shared, "bill"))] if shared is not None else []
    gaps = {c: _gap(unit, c) for c in report.config.chambers}
    known = {c: gap for c, gap in gaps.items() if gap is not None}
    for chamber, gap in known.items():
        text = Markup("{}: the party means lie {} apart, from {} to {}.")
        ends = [row.mu_mean for party in PARTIES if (row := unit.party(chamber, party))]
        out.append(text.format(unit_title(chamber), number(gap), *map(signed, ends)))
    if len(known) == 2:
        wide, narrow = sorted(known, key=lambda c: -known[c])
        text = Markup(
            "The parties are further apart in the {} than in the {} on these estimates: the gap is {} times as wide. "
            "The files hold no interval for the difference, so read it beside the intervals in the table of groups."
        )
        out.append(text.format(unit_title(wide), unit_title(narrow), number(known[wide] / known[narrow])))
    else:
        out.append(Markup("The gaps between the parties cannot be compared: parties.csv is missing or incomplete."))
    if unit.members:
        out += _extreme_sentences(unit.members, joint=True)
    return [*out, *_truth_sentences(unit)]


def _gap(unit: UnitResults, chamber: str) -> float | None:
    left, right = (unit.party(chamber, party) for party in PARTIES)
    return right.mu_mean - left.mu_mean if left and right else None
