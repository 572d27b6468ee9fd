"""A proposal for a table of votes that no source's names tell: its columns, its words, and what is left to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import UserError
from ..votes.readers.csv import listed, quoted
from ..votes.readers.parts import party_label
from .columns import DATE_FORMS, Grid, date_forms, guess_columns, read_grid
from .proposal import Proposal, inline, slug
from .words import Meant, chamber_words, is_vote_word, party_words, vote_words

#: Ends of the names of files that may be tables.
_ENDS = (".csv", ".csv.gz", ".tsv", ".txt", ".tab", ".parquet")
_NEEDED = ("member", "rollcall", "vote")
_SHOWN, _WIDE = 4, 3


def propose_table(files: Sequence[Path]) -> Proposal:
    """Propose a session for the table of votes among some files, with files of members and roll calls if there are any.

    Raises
    ------
    UserError
        If none of the files holds votes, with what each holds instead.
    """
    grids, problems = _tables(files)
    guesses = [(grid, guess_columns(grid)) for grid in grids]
    with_votes = [(grid, found) for grid, found in guesses if "vote" in found and not _is_wide(grid, found)]
    if not with_votes:
        raise UserError("\n".join([*problems, *(_no_votes(grid) for grid in grids), *_nothing(files, grids)]))
    votes, found = max(with_votes, key=lambda one: (sum(key in one[1] for key in _NEEDED), len(one[0].frame)))
    proposal = Proposal(slug(_stem(votes.path)), {"source": "table", "votes": str(votes.path)})
    proposal.remarks += problems
    columns = dict(found)
    for role, key in (("members", "member"), ("rollcalls", "rollcall")):
        others = [(grid, guess) for grid, guess in guesses if grid is not votes and "vote" not in guess]
        _add_file(proposal, role, key, votes, columns, others)
    _say_columns(proposal, votes, columns)
    _say_chambers(proposal, votes, columns)
    _say_words(proposal, votes, columns)
    _say_dates(proposal, votes, columns)
    proposal.keys |= {
        key: value for key, value in (("encoding", votes.encoding), ("delimiter", votes.delimiter)) if value
    }
    if votes.delimiter == "\t":
        proposal.keys["delimiter"] = "tab"
    return proposal


# --- files ------------------------------------------------------------------------------------------------------------


def _tables(files: Sequence[Path]) -> tuple[list[Grid], list[str]]:
    """Read the files that may be tables; say what is wrong with those that are not."""
    grids, problems = [], []
    for path in files:
        if path.suffix.lower() in (".xlsx", ".xls", ".ods"):
            problems.append(f"{path}: a spreadsheet; save the sheet with the votes as CSV in UTF-8, and name that file")
        elif path.name.lower().endswith(_ENDS):
            try:
                grids.append(read_grid(path))
            except UserError as error:
                problems.append(str(error))
    return grids, problems


def _is_wide(grid: Grid, found: dict[str, str]) -> bool:
    """Whether a table has a column of votes for each roll call or member: a frequent case that is not read."""
    return "rollcall" not in found and len(_vote_columns(grid)) >= _WIDE


def _vote_columns(grid: Grid) -> list[str]:
    return [name for name in grid.frame.columns if _holds_votes(grid, name)]


def _no_votes(grid: Grid) -> str:
    """Say why a table is no table of votes."""
    header, wide = list(grid.frame.columns), _vote_columns(grid)
    if len(wide) < _WIDE:
        return f"{grid.path}: no column holds votes; the header has {listed(header)}"
    kept = [name for name in header if name not in wide]
    return (
        f"{grid.path}: has columns of votes for each of {listed(wide[:_SHOWN])} and so on ({len(wide)}), and what is "
        f"read has one row for each vote. In Python: pandas.read_csv({str(grid.path)!r})"
        f".melt({kept!r}, var_name='rollcall', value_name='vote').to_csv('votes.csv', index=False)"
    )


def _holds_votes(grid: Grid, name: str) -> bool:
    words = [word for word in grid.frame[name].unique() if word]
    return 0 < len(words) <= 12 and sum(map(is_vote_word, words)) * 2 > len(words)


def _nothing(files: Sequence[Path], grids: Sequence[Grid]) -> list[str]:
    if grids:
        return []
    names = listed([path.name for path in files]) or "no file"
    known = "LegiScan, Open States and Voteview downloads, .ord files, tallgrass CSV files and tables of votes"
    return [f"nothing here is in a known format ({names}); known are {known}"]


def _stem(path: Path) -> str:
    name = path.name.lower()
    stem = next((name.removesuffix(end) for end in sorted(_ENDS, key=len, reverse=True) if name.endswith(end)), name)
    return (
        stem if stem not in ("votes", "vote", "data", "table", "rollcalls", "roll_calls") else path.parent.name or stem
    )


def _add_file(
    proposal: Proposal,
    role: str,
    key: str,
    votes: Grid,
    columns: dict[str, str],
    others: Sequence[tuple[Grid, dict[str, str]]],
) -> None:
    """Name a file that says more of members or roll calls, if its key is called as in the votes."""
    for grid, guess in others:
        if key not in guess or str(grid.path) in proposal.keys.values():
            continue
        if key in columns and _one_row_each(grid, key, columns):
            proposal.keys[role] = str(grid.path)
            columns |= {ours: name for ours, name in guess.items() if ours not in columns}
            return
        if guess[key] != columns.get(key) and role == "members" and "party" in guess and "party" not in columns:
            proposal.remarks.append(
                f"{grid.path}: seems to list the members, by {guess[key]!r}, which the votes call "
                f"{columns.get(key, '?')!r}; give both columns one name, and write {role}: {grid.path}"
            )


# --- columns, words, dates --------------------------------------------------------------------------------------------


def _say_columns(proposal: Proposal, votes: Grid, columns: dict[str, str]) -> None:
    bills = columns.get("bill")
    if "rollcall" not in columns and bills and _one_row_each(votes, "member", columns, bills):
        columns["rollcall"] = bills
        proposal.remarks.append(
            f"no column numbers the roll calls; each bill in {bills!r} is taken as one, as nobody votes on it twice"
        )
    if "party" not in columns:
        proposal.remarks.append(
            "no column says the party of the members, and the models need both parties: write a CSV file with the "
            f"columns {columns.get('member', 'member')} and party, and members: FILE in the session"
        )
    written = {ours: name for ours, name in columns.items() if ours != name.lower() or ours in _NEEDED}
    order = [*_NEEDED, "name", "party", "chamber", "date", "bill", "motion", "title", "district", "yea", "nay"]
    proposal.keys["columns"] = {ours: written[ours] for ours in order if ours in written}


def _one_row_each(grid: Grid, key: str, columns: dict[str, str], *also: str) -> bool:
    """Whether a file has one row for each member or roll call of a chamber, or for each with something else."""
    by = [columns[name] for name in ("chamber", key) if columns.get(name) in grid.frame.columns]
    return columns.get(key) in by and not grid.frame.duplicated([*by, *also]).any()


def _say_chambers(proposal: Proposal, votes: Grid, columns: dict[str, str]) -> None:
    if "chamber" in columns:
        return
    place = f"{votes.path.parent.name} {votes.path.name}".lower()
    seen = [
        chamber for chamber, word in (("senate", "senate"), ("house", "house"), ("house", "assembly")) if word in place
    ]
    proposal.keys["chamber"] = seen[0] if seen else "house"
    if not seen:
        proposal.remarks.append(
            "no column says the chamber, so all votes are taken as the House's: if they are the Senate's, write "
            "chamber: senate"
        )


def _say_words(proposal: Proposal, votes: Grid, columns: dict[str, str]) -> None:
    """Propose words; one that nobody can tell is a remark, and a line to be filled in."""
    words: dict[str, dict[str, Any]] = {}
    for part, key, meant in (("votes", "vote", vote_words), ("chambers", "chamber", chamber_words)):
        grid = _with_column(proposal, votes, columns.get(key))
        if grid is None:
            continue
        found = meant(grid.counts(columns[key]))
        words |= {part: dict(found.proposed)} if found.proposed else {}
        may_be = "Yea, Nay or missing" if part == "votes" else "house or senate"
        _say_unknown(proposal, part, found, may_be)
    grid = _with_column(proposal, votes, columns.get("party"))
    if grid is not None:
        words |= _say_parties(proposal, grid.counts(columns["party"]))
    if words:
        proposal.keys["words"] = words


def _say_unknown(proposal: Proposal, part: str, found: Meant, may_be: str) -> None:
    if not found.unknown:
        return
    where = ", ".join(f"{quoted(word)} ({said})" for word, said in found.unknown.items())
    entry = inline(dict.fromkeys(found.unknown, "?"))
    proposal.remarks.append(f"{part}: {where}: say of each under words, {part}, whether it is {may_be}")
    proposal.lines.append(f"to add under words: {part}: {entry}, of each whether it is {may_be}")


def _say_parties(proposal: Proposal, counts: dict[str, int]) -> dict[str, dict[str, Any]]:
    found = party_words(counts)
    sides = {*found.proposed.values(), *(word for word in counts if word not in found.proposed)}
    lacking = [party for party in ("Democrat", "Republican") if party not in map(party_label, sides)]
    if lacking:
        names = listed([quoted(word) for word in found.unknown]) or "no other word"
        proposal.remarks.append(
            f"parties: nobody is a {' or a '.join(lacking)}, and the models need both: say which party stands on which "
            f"side, with words: {{parties: {{...: {lacking[0]}}}}}; the file has {names}"
        )
    return {"parties": dict(found.proposed)} if found.proposed else {}


def _with_column(proposal: Proposal, votes: Grid, column: str | None) -> Grid | None:
    """Return the file that has a column: the votes, or else the members or roll calls."""
    if column is None:
        return None
    if column in votes.frame.columns:
        return votes
    named = [str(proposal.keys[role]) for role in ("members", "rollcalls") if role in proposal.keys]
    grids = (replace(read_grid(Path(path)), path=Path(path)) for path in named)
    return next((grid for grid in grids if column in grid.frame.columns), None)


def _say_dates(proposal: Proposal, votes: Grid, columns: dict[str, str]) -> None:
    grid = _with_column(proposal, votes, columns.get("date"))
    if grid is None:
        proposal.remarks.append("no column holds dates, so roll calls are taken in the order of their numbers")
        return
    forms = date_forms(grid, columns["date"])
    cells = [text for text in pd.unique(grid.frame[columns["date"]]) if text]
    if not forms:
        proposal.remarks.append(
            f"dates: {listed([quoted(text) for text in cells[:_SHOWN]])} are not all written in one known way; "
            f"write dates: '%m/%d/%Y' or the like, or empty the cells that hold no date"
        )
    elif forms[0] is not None:
        proposal.keys["dates"] = forms[0]
        if len(forms) > 1 and forms[0] in DATE_FORMS:
            proposal.remarks.append(
                f"dates: {quoted(cells[0])} may be written {' or '.join(repr(form) for form in forms if form)}; "
                f"the first is taken"
            )
