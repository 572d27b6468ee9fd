"""Sentences on a chamber over time, from plain rows: how far apart the parties are, why they moved, and who did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ...wording.numbers import among, count, number, percent, signed, spelled
from ..page.language import listed, plural
from ..page.people import member_words
from ..page.words import called, interval

_Row = Mapping[str, Any]
#: A direction is told from this probability on, and a member's from the second, since there are many members.
_CERTAIN, _MEMBER_CERTAIN = 0.95, 0.995
_NAMED = 6


def _with_interval(row: _Row, stem: str, words: str | None = None) -> str:
    shown = signed(row[f"{stem}_median"]) if words is None else words
    return f"{shown} (90 % interval {interval(row[f'{stem}_q05'], row[f'{stem}_q95'])})"


def polarisation(row: _Row, first: str, last: str) -> str | None:
    """Compare the distance of the parties in the last session with that in the first; None where a party is missing.

    Parameters
    ----------
    row
        The last session's row of time_chambers.csv.
    first, last
        What the two sessions are called.
    """
    p = row["p_wider_than_first"]
    if p is None or row["ratio_median"] is None:
        return None
    ratio = _with_interval(row, "ratio", f"{number(row['ratio_median'])} times that in {first}")
    if p >= _CERTAIN:
        said = f"The parties stand further apart in {last} than in {first}"
    elif p <= 1 - _CERTAIN:
        said = f"The parties stand closer together in {last} than in {first}"
    else:
        said = f"It cannot be told whether the parties stand further apart in {last} than in {first}"
    return f"{said}: the distance between their averages is {ratio}."


def overlapping(row: _Row, title: str) -> str | None:
    """Say how much the parties overlap in a session, from its row of time_chambers.csv."""
    share = row["overlap_median"]
    if share is None:
        return None
    said = "with a Democrat and a Republican picked at random, the Democrat stands to the right in"
    if row["overlap_q95"] < 0.005:
        return f"The parties hardly overlap in {title}: {said} less than 0.5 % of cases."
    ends = f"{percent(row['overlap_q05'], 1)} to {percent(row['overlap_q95'], 1)}"
    return f"Overlap in {title}: {said} {percent(share, 1)} of cases (90 % interval {ends})."


def party_change(row: _Row, first: str, last: str, constant: bool = False) -> str:
    """Say how a party's average moved, and by whom.

    Parameters
    ----------
    row
        Of time_changes.csv.
    first, last
        What the two sessions are called.
    constant
        Whether nobody moves in the fit, which then says nothing of conversion.
    """
    party, p = f"The average of the {row['party']}s", row["p_change_right"]
    replaced = not (row["n_left"] == 0 and row["n_came"] == 0)
    if constant and not replaced:
        return f"No {row['party']} left or came from {first} to {last}, and in this fit nobody moves."
    if _certain(p):
        moved = f"moved to the {_side(p)} from {first} to {last}, by {_size(row)}"
    else:
        moved = f"did not clearly move from {first} to {last}: {_with_interval(row, 'change')}"
    if not row["n_stayed"]:
        return f"{party} {moved}. Nobody stayed, so all of it is replacement."
    if not replaced:
        return f"{party} {moved}. Nobody left or came, so all of it is conversion."
    came_and_left = f"{plural(row['n_left'], 'member')} left and {count(row['n_came'])} came"
    by_replacement = f"Replacement changed it by {_with_interval(row, 'replacement')}, where {came_and_left}"
    if constant:
        return f"{party} {moved}. {by_replacement}."
    return (
        f"{party} {moved}. {by_replacement}; "
        f"conversion, of {plural(row['n_stayed'], 'member')} who stayed, by {_with_interval(row, 'conversion')}."
    )


def who_moved(rows: Sequence[_Row], first: str, last: str) -> Markup:
    """Name the members who certainly moved between two sessions; ``rows`` are those of time_moves.csv, one or more."""
    certain = [row for row in rows if max(row["p_right"], 1 - row["p_right"]) >= _MEMBER_CERTAIN]
    by_chance = 2 * (1 - _MEMBER_CERTAIN) * len(rows)
    of = f"From {first} to {last}, of {plural(len(rows), 'returning member')}"
    if not certain:
        return Markup("From {} to {}, no returning member certainly moved.").format(first, last)
    expected = "less than one" if by_chance < 1 else f"about {count(by_chance)}"
    if len(certain) <= by_chance:
        seem = "seems" if len(certain) == 1 else "seem"
        return Markup("{}, {} {} to have moved, which is no more than chance does ({}).").format(
            of, spelled(len(certain)), seem, expected
        )
    ordered = sorted(certain, key=lambda row: -abs(row["change_median"]))
    names = [
        Markup("{} to the {} by {}").format(
            member_words({**row, "legislator": row["person"]}), _side(row["p_right"]), number(abs(row["change_median"]))
        )
        for row in ordered[:_NAMED]
    ]
    rest = len(ordered) - len(names)
    more = [f"{plural(rest, 'other')} (in the table)"] if rest else []
    return Markup("{}, {} certainly moved, where chance makes it {}: {}.").format(
        of, spelled(len(certain)), expected, listed([*names, *more])
    )


def bridges(row: _Row, first: str, last: str) -> str:
    """Say how many members link two sessions; ``row`` is a link of link_time.json with constants."""
    out = [
        (row["n_moved"], "moved"),
        (row["n_other_party"], "changed party"),
        (row["n_several_spells"], "had several spells"),
    ]
    left = [f"{spelled(n)} {what}" for n, what in out if n]
    rest = f"; {among(left)}" if left else ""
    common = f"{first} and {last} have {plural(row['n_returning'], 'member')} in common"
    return f"{common}, of whom {count(row['n_used'])} link them{rest}."


def across(row: _Row, title: str) -> str:
    """Say on which side of the House's members those of the Senate stand in a session.

    Parameters
    ----------
    row
        Of time_across.csv.
    title
        What the session is called.
    """
    subject, other = _sides_compared(row)
    if _certain(row["p_right"]):
        side = f"stands to the {_side(row['p_right'])} of {other}, by {_size(row, 'difference')}"
        return f"In {title}, {subject} {side}."
    shown = _with_interval(row, "difference")
    return f"In {title}, it cannot be told whether {subject} stands to the left or to the right of {other}: {shown}."


def across_change(row: _Row, first: str, last: str) -> str:
    """Say how the members of the Senate moved against those of the House, from the last session's row of a group."""
    subject, other = _sides_compared(row)
    if _certain(row["p_change_right"]):
        side = f"moved to the {_side(row['p_change_right'])} against {other} from {first} to {last}, by {_size(row)}"
    else:
        side = f"did not clearly move against {other} from {first} to {last}: {_with_interval(row, 'change')}"
    return f"{subject[0].upper()}{subject[1:]} {side}."


def _sides_compared(row: _Row) -> tuple[str, str]:
    """Name what a row of time_across.csv compares: ``the average of the Senate’s Democrats``, and the House's."""
    senate, house = called().whose("senate"), called().whose("house")
    if row["group"] == "all":
        what = "average" if row["statistic"] == "average" else "median member"
        return f"the {senate} {what}", f"the {house}"
    return f"the {row['statistic']} of the {senate} {row['group']}s", f"that of the {house}"


def _certain(p: float) -> bool:
    return max(p, 1 - p) >= _CERTAIN


def _size(row: _Row, stem: str = "change") -> str:
    """Return how far an average moved, without a sign where the whole interval has one."""
    low, high = row[f"{stem}_q05"], row[f"{stem}_q95"]
    if low * high <= 0:
        return _with_interval(row, stem)
    ends = interval(*sorted((abs(low), abs(high))))
    return f"{number(abs(row[f'{stem}_median']))} (90 % interval {ends})"


def _side(p_right: float) -> str:
    return "right" if p_right >= 0.5 else "left"
