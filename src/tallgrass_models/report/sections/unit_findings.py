"""Key findings of one fit: how far apart the parties are, who is where, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ...votes.vocabulary import DRIFT, PARTIES
from ...wording.numbers import number, percent, signed
from ..files.data import Report, UnitResults
from ..files.records import Member
from ..page.language import listed, plural
from ..page.people import member_label
from ..page.words import interval, ranks, unit_title
from . import both_chambers, holder_sentences, party_sentences, withholding
from . import sentences as say
from .fit import check_sentence, fit_sentence
from .labels import chambers_of
from .pivots import median_sentence
from .readable import unreadable
from .reading import one_mode, settled
from .roster import roster_sentences
from .sentences import Holder, Moments

#: A place rests on few votes if these are less than this share of those of the member with most votes.
_FEW = 0.25


def chamber_sentences(report: Report, unit: UnitResults) -> list[Markup]:
    """Describe parties, their share of the variance, extremes, overlap and recovery of one chamber."""
    reason = unreadable(report, unit, unit.unit)
    out = [withholding.withheld(reason)] if reason else [*_party_sentences(unit, unit.unit), *_member_sentences(unit)]
    if not settled(unit) or not one_mode(unit):
        return [*out, *roster_sentences(unit)]
    out += [said for said in (fit_sentence(unit), check_sentence(unit)) if said]
    return [*out, *roster_sentences(unit), *([] if reason else _truth_sentences(unit))]


def moments(found: Mapping[str, Any] | None) -> Moments | None:
    """Return a quantity of summary.json with its interval; None if it is missing."""
    if not found or any(found.get(key) is None for key in ("mean", "q05", "q95")):
        return None
    return Moments(*(float(found[key]) for key in ("mean", "q05", "q95")))


def _party_sentences(unit: UnitResults, chamber: str) -> list[Markup]:
    apart = unit.of_chamber("parties_apart", chamber)
    rows = [unit.party(chamber, party) for party in PARTIES]
    d, out = moments(apart.get("d")), []
    if unit.scale.get("kind") == "spread" and rows[0] and rows[1]:
        places = [Moments(row.position_mean, row.position_q05, row.position_q95) for row in rows if row]
        out.append(party_sentences.averages((int(rows[0].n), places[0]), (int(rows[1].n), places[1])))
    elif d:
        out.append(party_sentences.distance(d))
    if rows[0] and rows[1]:
        sides = [(int(row.n), row.spread_mean) for row in rows if row]
        out += party_sentences.spreads(sides[0], sides[1], apart.get("p_republicans_wider"), _mixed(unit, chamber))
    if not out:
        out.append(Markup("The distance between the parties was not recorded (summary.json, parties.csv)."))
    share = moments(unit.of_chamber("icc", chamber))
    return [
        *out,
        party_sentences.share(share) if share else Markup("The party share of the variance was not recorded."),
    ]


def _mixed(unit: UnitResults, chamber: str) -> set[str]:
    """Return the parties of a chamber with which members of other parties are counted."""
    here = [m for m in unit.members or () if m.chamber == chamber]
    return {m.side for m in here if m.side in PARTIES and m.side != m.party}


def _member_sentences(unit: UnitResults) -> list[Markup]:
    if not unit.members:
        return [Markup("Members cannot be named: ideal_points.csv is missing or empty.")]
    out: list[Markup] = []
    left, right = (_holders(unit.members, key) for key in ("p_leftmost", "p_rightmost"))
    if left and right:
        out += holder_sentences.ends(left, right)
        democrats, republicans = (_holders(unit.members, "p_innermost", party) for party in PARTIES)
        out += holder_sentences.innermost(democrats, republicans)
    crossing = unit.of_chamber("overlap", unit.unit)
    members = moments(crossing.get("members"))
    if members:
        out.append(say.overlap(float(crossing["any"]["mean"]), members))
    return [*out, *[said for said in [median_sentence(unit)] if said]]


def _holders(members: Sequence[Member], key: str, party: str = "") -> list[Holder]:
    """Return all members, or those of a party, who may hold a place, with where they stand."""
    among = [m for m in members if not party or m.side == party]
    most = max((m.n_votes or 0 for m in members), default=0)
    return [Holder(member_label(m), p, placed(m, len(members), most)) for m in among if (p := getattr(m, key))]


def placed(member: Member, n: int, most_votes: float = 0) -> Markup:
    """``at −1.20 (90 % interval −1.40 to −1.00; rank 1–4 of 80)``, and a warning if that rests on few votes."""
    where = interval(member.position_q05, member.position_q95)
    rank = ranks(member.rank_q05, member.rank_q95)
    few = member.n_votes is not None and member.n_votes < _FEW * most_votes
    only = f"; only {plural(member.n_votes or 0, 'vote')}" if few else ""
    text = Markup("at {} (90 % interval {}; rank {} of {}{})")
    return text.format(signed(member.position_mean), where, rank, n, only)


def _truth_sentences(unit: UnitResults) -> list[Markup]:
    out = []
    for row in unit.get("truth") or []:
        where = f" in the {unit_title(str(row.get('chamber', '')).lower())}" if unit.unit.is_joint else ""
        within = row.get("correlation_within") or {}
        text = Markup(
            "Compared with the simulated truth{}: {} of the true positions lie in their 90 % intervals, and the "
            "correlation of true and estimated positions is {}."
        )
        each = [f"{number(within.get(party), 2)} among {party}s" for party in PARTIES]
        out.append(text.format(where, percent(row.get("coverage90_relative")), listed(each)))
    return out


def joint_sentences(report: Report, unit: UnitResults) -> list[Markup]:
    """Compare the parties of the two chambers on one scale."""
    bridges, shared = unit.get("bridges"), unit.get("n_shared_bills")
    shared = bridges["n_shared"] if bridges and bridges["kind"] == DRIFT else shared
    bridge = Markup("Both chambers stand on one scale, bridged by {} voted on in both.")
    out = [bridge.format(plural(shared, "bill"))] if shared is not None else []
    reasons = {chamber: unreadable(report, unit, chamber) for chamber in chambers_of(report, unit)}
    if any(reasons.values()):
        told = [f"{unit_title(chamber)}: {reason}" for chamber, reason in reasons.items() if reason]
        same = set(reasons.values())
        return [*out, withholding.withheld(same.pop() if len(same) == 1 else "; ".join(told))]
    rows = [unit.party("senate", party) for party in PARTIES]
    if unit.scale.get("kind") == "parties" and rows[0] and rows[1]:
        out.append(both_chambers.across(*(Moments(r.position_mean, r.position_q05, r.position_q95) for r in rows if r)))
    gaps = unit.get("gaps_compared")
    ratio = moments(gaps and gaps.get("ratio"))
    if ratio and gaps:
        out.append(both_chambers.gaps(ratio, float(gaps["p_senate_wider"])))
    else:
        out.append(Markup("The distances between the parties in the two chambers cannot be compared."))
    return [*out, *_truth_sentences(unit)]
