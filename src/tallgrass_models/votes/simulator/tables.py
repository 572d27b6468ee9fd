"""A simulated session as tables in the tallgrass CSV layout, with its truth beside them.

Names are made of syllables and bills are numbered; nobody and nothing of a real session is in here.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from ...files.atomic import atomic
from ..vocabulary import NAY, YEA
from .codes import ABSENCE, NO_MEMBER, NO_VOTE, PASS
from .process import contested, draw_chambers, draw_members
from .shapes import KANSAS, SessionShape
from .simulated import SimulatedMembers, SimulatedVotes

_SESSION = "Simulated 2025-2026"
_WORDS = {
    NAY: "Nay",
    YEA: "Yea",
    PASS: "Present and Passing",
    ABSENCE: "Absent and Not Voting",
    NO_VOTE: "Not Voting",
}
_AMENDMENT, _CONFERENCE = "Committee of the Whole", "Conference Committee"
#: First days of the two sessions; the chambers meet on Tuesdays, Wednesdays and Thursdays from here on.
_OPENING = (date(2025, 1, 14), date(2026, 1, 13))
_MEETING_WEEKDAYS = (1, 2, 3)

_DECIMALS = 6  # of the truth: the last bit of a logarithm is not the same on every machine

_PREFIX = {"House": ("HB", 2001, "rep"), "Senate": ("SB", 1, "sen")}
#: Of the roll calls of one chamber that pass: share of amendments, and of conference reports once a bill has passed.
_AMENDMENT_SHARE, _CONFERENCE_SHARE = 0.1, 0.15
_OLD_BILL_SHARE = 0.8  # of amendments: to a bill that soon comes up for passage
_GIVEN = ("Al", "Be", "Co", "Da", "El", "Fa", "Gi", "Ha", "Il", "Jo", "Ka", "Lu")
_GIVEN_END = ("dan", "lia", "mon", "ren", "sia", "ven")
_ONSET = ("B", "Br", "C", "D", "Dr", "F", "G", "Gr", "H", "K", "L", "M", "N", "P", "R", "S", "St", "T", "Tr", "V", "W")
_MIDDLE = ("a", "e", "i", "o", "u", "al", "en", "or")
_END = ("bick", "dell", "fane", "gard", "lock", "mer", "nish", "sett", "thorn", "vane", "wick", "zell")
_TOPICS = (
    "agriculture",
    "appropriations",
    "child welfare",
    "courts",
    "economic development",
    "education finance",
    "elections",
    "energy",
    "health insurance",
    "income taxation",
    "labor",
    "licensure",
    "local government",
    "property taxation",
    "public safety",
    "transportation",
    "water",
)


@dataclass(frozen=True)
class SimulatedSession:
    """The three tables of a session and what they were made from.

    Attributes
    ----------
    legislators, rollcalls, votes : DataFrame
        The columns of the tallgrass CSV files.
    truth_legislators : DataFrame
        Columns chamber, legislator_slug, name, party, xi.
    truth_bills : DataFrame
        One row per roll call: columns chamber, vote_id, bill_number, alpha, beta, shared (its bill's passage votes in
        both chambers have this alpha and beta).
    """

    legislators: pd.DataFrame
    rollcalls: pd.DataFrame
    votes: pd.DataFrame
    truth_legislators: pd.DataFrame
    truth_bills: pd.DataFrame


def simulate_session(seed: int, shape: SessionShape = KANSAS) -> SimulatedSession:
    """Simulate a session of two chambers; equal seeds give equal tables on every machine.

    Parameters
    ----------
    seed : int
    shape : SessionShape
        Seats and roll calls; a Kansas biennium unless told otherwise.
    """
    rng = np.random.default_rng(seed)
    members = {
        "House": draw_members(rng, shape.house, shape.days),
        "Senate": draw_members(rng, shape.senate, shape.days),
    }
    house, senate = draw_chambers(rng, shape, members["House"], members["Senate"])
    drawn = {"House": _in_time(house), "Senate": _in_time(senate)}
    people = _legislators(rng, members)
    dates = _meeting_days(shape.days)
    bills = _pair_bills(drawn)
    calls, votes, truth = [], [], []
    for chamber, roll in drawn.items():
        own = people[people["chamber"] == chamber].reset_index(drop=True)
        table = _rollcalls(rng, chamber, roll, bills, dates, people)
        calls.append(table)
        votes.append(_votes(table, roll, own))
        truth.append(
            table[["chamber", "vote_id", "bill_number"]].assign(
                alpha=roll.alpha.round(_DECIMALS), beta=roll.beta.round(_DECIMALS), shared=roll.pair >= 0
            )
        )
    truth_people = people[["chamber", "slug", "name", "party"]].rename(columns={"slug": "legislator_slug"})
    return SimulatedSession(
        legislators=people,
        rollcalls=pd.concat(calls, ignore_index=True),
        votes=pd.concat(votes, ignore_index=True),
        truth_legislators=truth_people.assign(
            xi=np.concatenate([part.xi for part in members.values()]).round(_DECIMALS)
        ),
        truth_bills=pd.concat(truth, ignore_index=True),
    )


def write_session(
    session: SimulatedSession,
    votes: str | Path,
    rollcalls: str | Path,
    legislators: str | Path,
    truth_legislators: str | Path | None = None,
    truth_bills: str | Path | None = None,
) -> None:
    """Write the tables as CSV, gzipped where a path ends in ``.gz``; equal sessions give equal bytes.

    Each file is written under a temporary name and renamed when whole. Truth is written where a path is given.
    """
    for table, path in (
        (session.legislators, legislators),
        (session.rollcalls, rollcalls),
        (session.votes, votes),
        (session.truth_legislators, truth_legislators),
        (session.truth_bills, truth_bills),
    ):
        if path is None:
            continue
        packed = {"method": "gzip", "mtime": 0, "compresslevel": 6} if str(path).endswith(".gz") else None
        with atomic(path) as temporary, open(temporary, "wb") as handle:
            table.to_csv(handle, index=False, lineterminator="\n", compression=packed, encoding="utf-8")


def _meeting_days(n: int) -> list[date]:
    """``n`` days of meeting, half of them in each of the two years."""
    days: list[date] = []
    for opening, count in zip(_OPENING, (n - n // 2, n // 2), strict=True):
        day = opening
        while count:
            if day.weekday() in _MEETING_WEEKDAYS:
                days.append(day)
                count -= 1
            day += timedelta(days=1)
    return days


def _in_time(votes: SimulatedVotes) -> SimulatedVotes:
    return votes.take(np.argsort(votes.day, kind="stable"))


def _legislators(rng: np.random.Generator, members: dict[str, SimulatedMembers]) -> pd.DataFrame:
    """Table of both chambers' members, in the order of the vote matrices; no surname occurs twice."""
    surnames = [onset + middle + end for onset in _ONSET for middle in _MIDDLE for end in _END]
    given = [start + end for start in _GIVEN for end in _GIVEN_END]
    total = sum(len(part.xi) for part in members.values())
    last = iter(rng.permutation(len(surnames))[:total])
    parts = []
    for chamber, part in members.items():
        size = len(part.xi)
        names = [surnames[next(last)] for _ in range(size)]
        first = [given[index] for index in rng.integers(0, len(given), size)]
        parts.append(
            pd.DataFrame(
                {
                    "name": names,
                    "full_name": [f"{a} {b}" for a, b in zip(first, names, strict=True)],
                    "slug": [f"{_PREFIX[chamber][2]}_{b}_{a}_1".lower() for a, b in zip(first, names, strict=True)],
                    "chamber": chamber,
                    "party": part.party,
                    "district": part.seat + 1,
                    "member_url": "",
                    "ocd_id": "",
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _pair_bills(drawn: dict[str, SimulatedVotes]) -> dict[int, str]:
    """Numbers of the bills that reach both chambers: HB where the House voted first, SB where the Senate did."""
    first = {
        chamber: {int(pair): int(day) for pair, day in zip(roll.pair, roll.day, strict=True) if pair >= 0}
        for chamber, roll in drawn.items()
    }
    numbers = {chamber: start for chamber, (_, start, _) in _PREFIX.items()}
    bills: dict[int, str] = {}
    for pair in sorted(first["House"]):
        origin = "House" if first["House"][pair] < first["Senate"][pair] else "Senate"
        bills[pair] = f"{_PREFIX[origin][0]} {numbers[origin]}"
        numbers[origin] += 1
    return bills


def _rollcalls(
    rng: np.random.Generator,
    chamber: str,
    roll: SimulatedVotes,
    pair_bills: dict[int, str],
    dates: list[date],
    people: pd.DataFrame,
) -> pd.DataFrame:
    """Table of a chamber's roll calls: which bill and motion each is, when, and the counts."""
    bill, motion = _bills_and_motions(rng, chamber, roll, pair_bills)
    counts = {word: (roll.cast == code).sum(0) for code, word in _WORDS.items()}
    when = [
        f"{dates[day].isoformat()}T{hour:02d}:{minute:02d}:00"
        for day, hour, minute in zip(roll.day, *_clock(roll.day), strict=True)
    ]
    passed = counts["Yea"] > counts["Nay"]
    topic = [_TOPICS[int(name.split()[1]) % len(_TOPICS)] for name in bill]
    sponsor = people.iloc[[_sponsor(name, people) for name in bill]]
    prefix = "je" if chamber == "House" else "sj"
    return pd.DataFrame(
        {
            "session": _SESSION,
            "bill_number": bill,
            "bill_title": [f"AN ACT concerning {name}." for name in topic],
            "vote_id": [f"{prefix}_{time.replace('-', '').replace(':', '').replace('T', '')}" for time in when],
            "vote_url": "",
            "vote_datetime": when,
            "vote_date": [f"{dates[day]:%m/%d/%Y}" for day in roll.day],
            "chamber": chamber,
            "motion": motion,
            "vote_type": [text.split(" - ")[0] for text in motion],
            "result": np.where(passed, "Passed", "Failed"),
            "short_title": [name.capitalize() for name in topic],
            "sponsor": sponsor["full_name"].to_numpy(),
            "yea_count": counts["Yea"],
            "nay_count": counts["Nay"],
            "present_passing_count": counts["Present and Passing"],
            "absent_not_voting_count": counts["Absent and Not Voting"],
            "not_voting_count": counts["Not Voting"],
            "total_votes": (roll.cast != NO_MEMBER).sum(0),
            "passed": passed,
            "sponsor_slugs": sponsor["slug"].to_numpy(),
        }
    )


def _sponsor(bill: str, people: pd.DataFrame) -> int:
    """Row of the member who brought a bill in: of the chamber it is numbered in, the same wherever it is voted on."""
    prefix, number = bill.split()
    chamber = next(name for name, (first, _, _) in _PREFIX.items() if first == prefix)
    rows = np.flatnonzero(people["chamber"] == chamber)
    return int(rows[7 * int(number) % len(rows)])


def _clock(day: np.ndarray) -> tuple[list[int], list[int]]:
    """Hour and minute of each roll call: from 10:00 on, five minutes apart, so that no two share a time."""
    rank = np.arange(len(day)) - np.searchsorted(day, day)
    minutes = 600 + 5 * rank
    return (minutes // 60).tolist(), (minutes % 60).tolist()


def _bills_and_motions(
    rng: np.random.Generator, chamber: str, roll: SimulatedVotes, pair_bills: dict[int, str]
) -> tuple[list[str], list[str]]:
    """Bill number and motion of each roll call, in order of time.

    A passage vote of both chambers is a final action. Of the others, those that fail are amendments in the Committee of
    the Whole; those that pass are final actions on bills of this chamber alone, some amendments, and conference reports
    on bills passed before. A bill of both chambers has these further roll calls only if its passage vote is contested:
    otherwise one of them would stand for it in the other chamber's company.
    """
    prefix, start, _ = _PREFIX[chamber]
    number = start + 500
    passed, lively = (roll.cast == YEA).sum(0) > (roll.cast == NAY).sum(0), contested(roll)
    coming = [pair_bills[int(pair)] for pair in roll.pair[(roll.pair >= 0) & lively]]
    gone: list[str] = []
    bills, motions = [], []
    for index, pair in enumerate(roll.pair):
        bill, kind = "", "Final Action"
        if pair >= 0:
            bill = pair_bills[int(pair)]
            kind = "Emergency Final Action" if rng.random() < 0.4 else "Final Action"
            if lively[index]:
                coming.remove(bill)
                gone.append(bill)
        elif not passed[index] or rng.random() < _AMENDMENT_SHARE:
            kind = _AMENDMENT
            if coming and rng.random() < _OLD_BILL_SHARE:
                bill = coming[int(rng.integers(0, min(len(coming), 5)))]
        elif gone and rng.random() < _CONFERENCE_SHARE:
            kind = _CONFERENCE
            bill = gone[int(rng.integers(0, len(gone)))]
        if not bill:
            bill, number = f"{prefix} {number}", number + 1
        bills.append(bill)
        motions.append(_motion(kind, bill, bool(passed[index])))
    return bills, motions


def _motion(kind: str, bill: str, passed: bool) -> str:
    if kind == _AMENDMENT:
        return f"{kind} - Amendment to {bill} {'was adopted' if passed else 'was rejected'}"
    if kind == _CONFERENCE:
        return f"{kind} - Report on {bill} be adopted"
    return f"{kind} - {bill} be passed{'' if passed else ' was lost'}"


def _votes(calls: pd.DataFrame, roll: SimulatedVotes, people: pd.DataFrame) -> pd.DataFrame:
    """Long table of votes: one row per roll call and serving member."""
    column, row = np.nonzero(roll.cast.T != NO_MEMBER)
    repeated = calls[
        ["session", "bill_number", "bill_title", "vote_id", "vote_datetime", "vote_date", "chamber", "motion"]
    ].iloc[column]
    words = np.array([_WORDS[code] for code in range(len(_WORDS))], dtype=object)
    return repeated.assign(
        legislator_name=people["name"].to_numpy()[row],
        legislator_slug=people["slug"].to_numpy()[row],
        vote=words[roll.cast[row, column]],
    ).reset_index(drop=True)
