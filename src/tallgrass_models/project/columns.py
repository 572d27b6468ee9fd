"""Which column of a table is which: by their names, and where those say nothing, by what is in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..errors import UserError
from ..votes.readers.csv import CsvFile
from ..votes.readers.grid import ParquetFile, open_grid
from ..votes.readers.long import dates_of
from ..votes.readers.words import CHAMBER_WORDS
from .words import is_party_word, is_vote_word

#: Names of columns for each of ours, in small letters without spaces and signs, the likeliest first.
NAMES = {
    "member": (
        *("memberid", "legislatorid", "personid", "peopleid", "voterid", "slug", "bioguideid", "icpsr", "member"),
        *(
            "legislator",
            "senator",
            "representative",
            "delegate",
            "assemblymember",
            "councilmember",
            "lawmaker",
            "voter",
        ),
        *("membername", "legislatorname", "votername", "mp", "deputy", "fullname", "name", "lastname"),
    ),
    "rollcall": (
        *("rollcallid", "rollcall", "rollcallnumber", "rollcallno", "rollnumber", "rollno", "roll", "rcs", "rcsnum"),
        *("voteid", "votenumber", "voteno", "votenum", "voteeventid", "division", "divisionnumber", "ballot"),
    ),
    "vote": (
        "vote",
        "votecast",
        "cast",
        "castvote",
        "position",
        "voted",
        "votevalue",
        "votetext",
        "option",
        "decision",
    ),
    "name": ("name", "membername", "legislatorname", "votername", "fullname", "legislator", "member", "senator"),
    "party": ("party", "partyname", "memberparty", "politicalparty", "partyaffiliation", "affiliation", "partycode"),
    "chamber": ("chamber", "body", "chambername", "branch", "legislativebody", "house"),
    "date": ("date", "votedate", "rollcalldate", "datetime", "votedatetime", "day", "startdate", "timestamp"),
    "bill": ("bill", "billnumber", "billno", "billnum", "measure", "measurenumber", "billid", "legislation"),
    "motion": ("motion", "question", "votequestion", "motiontext", "action", "stage", "votetype"),
    "title": ("title", "billtitle", "shorttitle", "description", "subject", "billdescription"),
    "district": ("district", "districtnumber", "constituency", "seat", "ward", "dist"),
    "yea": ("yea", "yeas", "yeacount", "ayes", "yescount", "totalyea"),
    "nay": ("nay", "nays", "naycount", "noes", "nocount", "totalnay"),
}
#: How dates may be written; of two that fit the first is taken, and said.
DATE_FORMS = (
    *("%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%m-%d-%Y", "%m/%d/%y", "%Y/%m/%d", "%Y%m%d"),
    *("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p"),
)
_IS_WORD: dict[str, Callable[[str], bool]] = {
    "vote": is_vote_word,
    "party": is_party_word,
    "chamber": lambda word: word.lower() in CHAMBER_WORDS,
}
#: Share of cells that must fit for a column to be told by its content, and most distinct words of such a column.
_MOST_FIT, _MOST_WORDS = 0.9, 60
#: Most numbers of a column that may be codes of votes.
_MOST_CODES = 10


@dataclass(frozen=True)
class Grid:
    """A table with all its columns as text, and how it has to be opened."""

    path: Path
    frame: pd.DataFrame
    encoding: str | None = None
    delimiter: str | None = None

    def counts(self, column: str) -> dict[str, int]:
        """Rows by word in a column, the most frequent first; spaces within a word count once."""
        return self.frame[column].str.split().str.join(" ").value_counts().to_dict()


def read_grid(path: Path) -> Grid:
    """Open a CSV or Parquet file in the encoding and with the delimiter that it seems to have.

    Raises
    ------
    UserError
        If no encoding fits, or the file is damaged or something else.
    """
    problem = UserError(f"{path}: cannot be read")
    for encoding in ("utf-8", "utf-16", "cp1252"):
        if encoding == "utf-16" and not _starts_as_utf16(path):
            continue
        try:
            opened = open_grid(path, encoding)
            mark = "," if isinstance(opened, ParquetFile) else _delimiter(opened)
            if mark != ",":
                opened = open_grid(path, encoding, mark)
            names = [name for name in opened.header if name and opened.header.count(name) == 1]
            frame = opened.table(names).frame
        except UserError as error:
            problem = error
            if "not UTF-8" in str(error) or "zero byte" in str(error):
                continue
            break
        return Grid(path, frame, None if encoding == "utf-8" else encoding, None if mark == "," else mark)
    raise problem


def _starts_as_utf16(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) in (b"\xff\xfe", b"\xfe\xff")


def _delimiter(opened: CsvFile) -> str:
    """Return what is between the cells of the first line: the one of the usual marks that is there most often."""
    first = opened.content.splitlines()[0].decode("utf-8")
    counts = {mark: first.count(mark) for mark in (",", ";", "\t", "|")}
    return max(counts, key=lambda mark: counts[mark]) if any(counts.values()) else ","


def guess_columns(grid: Grid) -> dict[str, str]:
    """Columns of the table by our names for them, as far as they can be told."""
    header = list(grid.frame.columns)
    found: dict[str, str] = {}
    for ours in ("vote", "party", "chamber"):  # by content first: a column called position may hold a job
        by_name = _called(ours, header, found)
        fitting = [name for name in header if name not in found.values() and _fits(grid, name, ours)]
        if by_name in fitting or (by_name and ours == "party"):
            found[ours] = str(by_name)
        elif fitting:
            found[ours] = fitting[0]
    for ours in ("member", "rollcall", "date", "bill", "motion", "title", "district", "yea", "nay", "name"):
        if (name := _called(ours, header, found)) is not None:
            found[ours] = name
    if "vote" not in found and (name := _called("vote", header, found)) is not None:
        found["vote"] = name  # of numbers, say; its words are not known
    if "vote" not in found and "member" in found:
        codes = [name for name in header if name not in found.values() and _few_numbers(grid, name)]
        found |= {"vote": codes[0]} if codes else {}
    if "date" not in found and (dated := next((name for name in header if _all_dates(grid, name)), None)):
        found["date"] = dated
    return {ours: name for ours, name in found.items() if not (ours == "name" and name == found.get("member"))}


def _called(ours: str, header: Sequence[str], taken: Mapping[str, str]) -> str | None:
    """Return the column with the likeliest name."""
    free = [name for name in header if name not in taken.values()]
    plain = {re.sub(r"[^a-z]", "", name.lower().replace("#", "number")): name for name in reversed(free)}
    return next((plain[name] for name in (ours, *NAMES[ours]) if name in plain), None)


def _fits(grid: Grid, name: str, ours: str) -> bool:
    """Whether nearly all that stands in a column is a word for votes, parties or chambers."""
    counts = grid.counts(name)
    filled = {word: n for word, n in counts.items() if word}
    if not filled or len(filled) > _MOST_WORDS:
        return False
    known = _IS_WORD[ours]
    share = sum(n for word, n in filled.items() if known(word)) / sum(filled.values())
    return share >= _MOST_FIT and (ours == "party" or len(filled) > 1 or ours == "chamber")


def _few_numbers(grid: Grid, name: str) -> bool:
    """Whether a column holds a few numbers again and again, as votes in code do, and else vote words."""
    words = [word for word in grid.counts(name) if word]
    codes = [word for word in words if word.isdigit()]
    return 1 < len(codes) <= _MOST_CODES and all(is_vote_word(word) for word in words if word not in codes)


def _all_dates(grid: Grid, name: str) -> bool:
    cells = grid.frame[name].iloc[:1000].to_numpy(object)
    return bool((cells != "").any()) and any(not dates_of(cells, form)[2].any() for form in (None, *DATE_FORMS))


def date_forms(grid: Grid, name: str) -> list[str | None]:
    """Ways in which all dates of a column may be written; None is ISO, which needs no entry."""
    cells = pd.unique(grid.frame[name].to_numpy(object))
    return [form for form in (None, *DATE_FORMS) if not dates_of(cells, form)[2].any()]
