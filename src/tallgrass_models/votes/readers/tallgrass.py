"""Reader of the tallgrass CSV format: ``{stem}_votes``, ``{stem}_rollcalls`` and ``{stem}_legislators``.

Takes the files of the public scraper of the Kansas Legislature as they are. Where they leave something open (a party, a
chamber, a date, who cast a vote), what is made of it is noted for the manifest.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .. import tallies
from ..notes import note_rows
from ..vocabulary import MISSING, NAY, YEA
from .base import Files, Found, RawSession, assemble
from .csv import CsvTable, column_of, drop_repeats, each_text, positions, read_table
from .long import NO_VOTE, bills_of, missing_where_unknown, party_words
from .parts import chamber_column, distinct, distinct_votes, note_nameless, with_chambers
from .problems import is_sure, refuse
from .words import MEANING, unknown_votes

_VOTE_WORDS = {
    "Yea": YEA,
    "Nay": NAY,
    "Present and Passing": MISSING,
    "Absent and Not Voting": MISSING,
    "Not Voting": MISSING,
}
#: A motion or a type of vote that starts so (in any case) is a vote of passage. A rule that asks for equality would
#: never match: motions read "Final Action - Sub Bill to be passed". Of 2011 to 2014 only the type says it.
_PASSAGE_MOTIONS = ("final action", "emergency final action")
#: What the members' id is called: the second by files of before March 2026.
_MEMBER_ID = ("legislator_slug", "slug")


def read_tallgrass(files: Files, options: Mapping[str, Any]) -> RawSession:
    """Read a session from three tallgrass CSV files, plain or gzipped.

    Parameters
    ----------
    files
        ``votes`` with columns vote_id, chamber, legislator_slug, vote (one of `_VOTE_WORDS`), and perhaps
        legislator_name; ``rollcalls`` with vote_id, chamber, bill_number, motion, vote_datetime (ISO), and perhaps
        vote_date, vote_type, bill_title, short_title, yea_count, nay_count; ``legislators`` with legislator_slug (or
        slug), chamber, party, name, and perhaps full_name, district, ocd_id (the person).
    options
        ``words``: what other words in the columns vote, party and chamber mean; see `settings.words`.

    Raises
    ------
    UserError
        Naming file, row and column of whatever is wrong; see ``docs/data-formats.md``.
    """
    found = Found()
    (votes,), (rollcalls,), (legislators,) = files["votes"], files["rollcalls"], files["legislators"]
    slug = column_of(legislators, *_MEMBER_ID)
    people = read_table(legislators, ["chamber", slug, "party", "name"], ["full_name", "district", "ocd_id"])
    calls = read_table(
        rollcalls,
        ["chamber", "vote_id", "bill_number", "motion", "vote_datetime"],
        ["bill_title", "short_title", "vote_date", "vote_type", "yea_count", "nay_count"],
    )
    cast = read_table(votes, ["chamber", "vote_id", "legislator_slug", "vote"], ["legislator_name"])
    words = options.get("words", {})
    people, calls, cast = (with_chambers(table, words.get("chambers")) for table in (people, calls, cast))
    people, calls, cast, filled = _fill_chambers(people, calls, cast, slug)
    people, found.counts["n_duplicate_legislators_dropped"] = drop_repeats(people, ["chamber", slug], "the member")
    repeats = calls.frame.duplicated().to_numpy()
    found.counts["n_duplicate_rollcalls_dropped"] = int(repeats.sum())
    calls, several_bills = _one_bill(CsvTable(calls.path, calls.frame[~repeats], calls.sha256))
    calls, _ = drop_repeats(calls, ["chamber", "vote_id"], "the roll call")
    member_table = distinct(_legislators(people, slug, words.get("parties", {}), found))
    call_table = distinct(_rollcalls(calls, found))
    _note_keys("chamber", "blank in the files; taken from the votes", filled, (member_table, call_table), found)
    for (chamber, call), bills in several_bills.items():
        reason = f"one roll call on several bills ({', '.join(bills)}); counted with the first"
        _note_keys("bill", reason, {(chamber, call)}, (call_table,), found)
    value = _values(cast, words.get("votes", {}))
    cast, value, without_member = _named_votes(cast, value, call_table, calls, found)
    vote_table, counted = _votes(cast, value, (member_table, people, slug), (call_table, calls))
    found.counts["n_duplicates_dropped"] = len(cast.frame) - len(vote_table)
    call_table = tallies.compare(call_table, [counted], without_member)
    return assemble(
        "tallgrass",
        member_table,
        call_table,
        vote_table,
        {"votes": cast, "rollcalls": calls, "legislators": people},
        found,
    )


_Key = tuple[str, str]


def _fill_chambers(
    people: CsvTable, calls: CsvTable, cast: CsvTable, slug: str
) -> tuple[CsvTable, CsvTable, CsvTable, set[_Key]]:
    """Fill in chambers that are blank, from whom a member votes with and who votes on a roll call, where these agree.

    A page of the legislature that the scraper cannot read in full leaves them blank. Returns the keys filled too.
    """
    if not any((table.frame["chamber"] == "").any() for table in (people, calls, cast)):
        return people, calls, cast, set()
    filled: set[_Key] = set()

    def fill(table: CsvTable, column: str, known: pd.DataFrame, note: bool) -> CsvTable:
        frame = table.frame
        known = known[(known["chamber"] != "") & (known["key"] != "")].drop_duplicates()
        only = known[~known["key"].duplicated(keep=False)].set_index("key")["chamber"]
        blank = (frame["chamber"] == "") & frame[column].isin(only.index)
        chamber = frame["chamber"].where(~blank, frame[column].map(only))
        if note:
            filled.update(zip(chamber[blank], frame.loc[blank, column], strict=True))
        return CsvTable(table.path, frame.assign(chamber=chamber), table.sha256)

    def keyed(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        return frame[["chamber", column]].set_axis(["chamber", "key"], axis=1)

    people = fill(people, slug, keyed(cast.frame, "legislator_slug"), note=True)
    of_member = people.frame[[slug, "chamber"]].drop_duplicates().set_axis(["legislator_slug", "of"], axis=1)
    voters = cast.frame[["vote_id", "legislator_slug"]].merge(of_member, on="legislator_slug")
    calls = fill(calls, "vote_id", voters[["of", "vote_id"]].set_axis(["chamber", "key"], axis=1), note=True)
    cast = fill(cast, "vote_id", keyed(calls.frame, "vote_id"), note=False)
    return people, calls, cast, filled


def _one_bill(calls: CsvTable) -> tuple[CsvTable, dict[_Key, list[str]]]:
    """Keep one row of a roll call that is listed under several bills and is the same otherwise; and those bills.

    The page of one vote may be linked from every bill that it was on.
    """
    bill = ["bill_number", "bill_title", "short_title"]
    frame = calls.frame
    same = frame.columns.difference(bill).tolist()
    size = frame["bill_number"].str.len().replace(0, 1000)  # a row without a bill is the last to be kept
    order = frame.assign(_size=size).sort_values(["_size", *bill], kind="stable")
    again = order.duplicated(same).reindex(frame.index)
    several = order[order.duplicated(same, keep=False) & order["bill_number"].ne("")].groupby(["chamber", "vote_id"])
    bills = {(str(chamber), str(call)): list(dict.fromkeys(rows["bill_number"])) for (chamber, call), rows in several}
    kept = CsvTable(calls.path, frame[~again], calls.sha256)
    return kept, {key: names for key, names in bills.items() if len(names) > 1}


def _legislators(table: CsvTable, slug: str, words: Mapping[str, str], found: Found) -> pd.DataFrame:
    frame = table.frame
    refuse(
        table.problem(frame[slug] == "", slug, "a member needs an id"),
        table.problem(frame["name"] == "", "name", "a member needs a name"),
    )
    members = pd.DataFrame(
        {
            "chamber": chamber_column(table),
            "id": frame[slug].to_numpy(),
            "name": np.where(frame["full_name"] != "", frame["full_name"], frame["name"]),
            "party": party_words(frame["party"].to_numpy(object), words),
            "person": frame["ocd_id"].to_numpy(),
            "district": frame["district"].str.removesuffix(".0").to_numpy(),  # a spreadsheet's idea of a number
            "state": "",
            "external": np.nan,
        }
    )
    open_party = (frame["party"] == "").to_numpy() & ("" not in words)
    read = (frame["full_name"] != "").any()
    unread = np.where((frame["full_name"] == "") & read, "; full name blank too, so perhaps nobody looked", "")
    reason = [f"party blank in the file, taken as Independent{also}" for also in unread[open_party]]
    found.notes.append(note_rows("party", members, open_party, reason))
    found.counts["n_blank_parties"] = int(open_party.sum())
    return members


def _rollcalls(table: CsvTable, found: Found) -> pd.DataFrame:
    frame = table.frame
    when = pd.to_datetime(frame["vote_datetime"], format="ISO8601", errors="coerce", utc=True)
    day = pd.to_datetime(frame["vote_date"], format="%m/%d/%Y", errors="coerce", utc=True)
    open_time = when.isna() & day.notna()
    refuse(
        table.problem(frame["vote_id"] == "", "vote_id", "a roll call needs an id"),
        table.problem(
            when.isna() & day.isna() & (frame["vote_datetime"] != ""),
            "vote_datetime",
            "is not a date like 2025-03-20T14:05:00",
        ),
    )
    when = when.where(~open_time, day)
    motion_or_type = frame["motion"].str.lower().str.startswith(_PASSAGE_MOTIONS)
    motion_or_type |= frame["vote_type"].str.lower().str.startswith(_PASSAGE_MOTIONS)
    calls = pd.DataFrame(
        {
            "chamber": chamber_column(table),
            "id": frame["vote_id"].to_numpy(),
            "bill": bills_of(frame["bill_number"].to_numpy(object)),
            "title": np.where(frame["bill_title"] != "", frame["bill_title"], frame["short_title"]),
            "motion": frame["motion"].to_numpy(),
            "date": when.dt.strftime("%Y-%m-%d").fillna("").to_numpy(),
            "passage": motion_or_type.to_numpy(bool),
            # undated roll calls come first; those of one time are ordered by their id
            "when": when.dt.strftime("%Y-%m-%dT%H:%M:%S.%f").fillna("").to_numpy(),
            "tie": frame["vote_id"].to_numpy(),
        }
    ).join(tallies.recorded(table))
    reason = "no time of the vote that can be read; its date taken"
    found.notes.append(note_rows("date", calls, open_time.to_numpy(), reason))
    return calls


def _note_keys(kind: str, reason: str, keys: set[_Key], tables: tuple[pd.DataFrame, ...], found: Found) -> None:
    """Note the members or roll calls whose chamber (as in the file) and id are among ``keys``."""
    for table in tables:
        own = [(chamber.title(), key) in keys for chamber, key in zip(table["chamber"], table["id"], strict=True)]
        found.notes.append(note_rows(kind, table, np.array(own, dtype=bool), reason))


def _values(cast: CsvTable, own: Mapping[str, str]) -> np.ndarray:
    """Values of the votes; ``own`` are words of the session, in small letters."""
    known = {word: MEANING[meaning] for word, meaning in own.items()}
    texts = cast.frame["vote"].to_numpy(object)
    value = each_text(texts, lambda text: _VOTE_WORDS.get(text, known.get(" ".join(text.split()).lower(), NO_VOTE)))
    refuse(unknown_votes(cast, "vote", value == NO_VOTE))
    return missing_where_unknown(value)


def _named_votes(
    cast: CsvTable, value: np.ndarray, calls: pd.DataFrame, calls_file: CsvTable, found: Found
) -> tuple[CsvTable, np.ndarray, np.ndarray]:
    """Leave out votes that name no member; the others with their values, and how many were left out by roll call.

    The scraper leaves the id blank where a surname alone (2011 to 2014) does not tell who it was.
    """
    frame = cast.frame
    blank = frame["legislator_slug"] == ""
    nameless = frame[blank]
    keys = [calls["chamber"].str.title().to_numpy(object), calls["id"].to_numpy(object)]
    at = positions(keys, [nameless["chamber"].to_numpy(object), nameless["vote_id"].to_numpy(object)])
    lost = np.zeros(len(frame), dtype=bool)
    lost[blank.to_numpy()] = (at < 0) & is_sure(calls_file.path, "chamber", "vote_id")
    refuse(cast.problem(lost, "chamber+vote_id", f"roll call not listed in {calls_file.path}"))
    said = nameless["legislator_name"].where(nameless["legislator_name"] != "", "?") + ": " + nameless["vote"]
    n = note_nameless(calls, at, said.tolist(), found)
    return CsvTable(cast.path, frame[~blank], cast.sha256), value[~blank.to_numpy()], n


def _votes(
    table: CsvTable,
    value: np.ndarray,
    of_members: tuple[pd.DataFrame, CsvTable, str],
    of_calls: tuple[pd.DataFrame, CsvTable],
) -> tuple[pd.DataFrame, tallies.Count]:
    """Votes by position in the two other tables, one per member and roll call; Yea and Nay on each roll call."""
    (members, people_file, slug), (calls, calls_file) = of_members, of_calls
    frame, chamber = table.frame, chamber_column(table)
    legislator = positions(
        [members["chamber"].to_numpy(), members["id"].to_numpy()], [chamber, frame["legislator_slug"].to_numpy()]
    )
    rollcall = positions([calls["chamber"].to_numpy(), calls["id"].to_numpy()], [chamber, frame["vote_id"].to_numpy()])
    stranger = (legislator < 0) & (chamber != "") & is_sure(people_file.path, "chamber", slug)
    lost = (rollcall < 0) & (chamber != "") & is_sure(calls_file.path, "chamber", "vote_id")
    refuse(
        table.problem(stranger, "chamber+legislator_slug", f"member not listed in {people_file.path}"),
        table.problem(lost, "chamber+vote_id", f"roll call not listed in {calls_file.path}"),
    )
    placed = (legislator >= 0) & (rollcall >= 0)
    table = CsvTable(table.path, frame[placed], table.sha256)
    value, legislator, rollcall = value[placed], legislator[placed], rollcall[placed]
    keep = distinct_votes(table, legislator, rollcall, "vote")
    result = pd.DataFrame({"legislator": legislator, "rollcall": rollcall, "value": value, "listed": True})[keep]
    yea, nay = ((result["value"] == side).to_numpy() for side in (YEA, NAY))
    return result, tallies.count_votes(result["rollcall"].to_numpy(), yea, nay, len(calls))
