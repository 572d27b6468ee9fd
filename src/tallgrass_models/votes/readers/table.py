"""Reader of any table of votes in long form, with its columns and words named in the session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..notes import note_rows
from .base import Files, Found, RawSession
from .columns import Part, chambers_of, open_parts, values_of
from .csv import CsvTable, listed, positions
from .long import (
    Cast,
    bills_of,
    dates_of,
    in_order,
    is_passage,
    note_blank_parties,
    party_words,
    session_of,
)
from .problems import Problems


def read_table(files: Files, options: Mapping[str, Any]) -> RawSession:
    """Read a session from a table of votes, and perhaps one of members and one of roll calls; CSV or Parquet.

    Parameters
    ----------
    files
        ``votes``, and perhaps ``rollcalls`` and ``legislators``.
    options
        ``columns``, ``words``, ``chamber``, ``passage``, ``dates``, ``encoding``, ``delimiter``; see
        ``docs/data-formats.md``.

    Raises
    ------
    UserError
        Naming all that is wrong in the files, with row and value, and what to write.
    """
    problems, found = Problems(), Found()
    parts = open_parts(files, options, problems)
    problems.stop()
    own = options.get("words", {})
    votes = parts["votes"]
    chamber = chambers_of(parts, own.get("chambers", {}), options.get("chamber"), problems)
    call, value = votes.texts("rollcall"), values_of(votes, own.get("votes", {}), problems)
    member = votes.texts("member")
    problems.add(votes.problem(call == "", "rollcall", "a vote needs a roll call"))
    people = _people(parts, chamber, own.get("parties", {}), found, problems)
    calls = _calls(parts, chamber, options, problems)
    names = votes.texts("name") if "name" in votes.column else member
    keys = votes.column["member"], votes.column["rollcall"]
    cast = Cast(votes.table, votes.column["vote"], keys, chamber["votes"], member, call, value, names)
    return session_of("table", people, calls, cast, {r: p.table for r, p in parts.items()}, found, problems)


# --- members and roll calls -------------------------------------------------------------------------------------------


_Sources = Sequence[tuple[Part, np.ndarray]]


def _listing(
    parts: Mapping[str, Part], chamber: Mapping[str, np.ndarray], role: str, name: str, problems: Problems
) -> tuple[pd.DataFrame, _Sources]:
    """List the keys (chamber, id) of members or roll calls, and the key of each row in each file that has them."""
    votes = parts["votes"]
    cast = pd.DataFrame({"chamber": chamber["votes"], "id": votes.texts(name)})
    sources = [(votes, cast)]
    if role in parts:
        own = pd.DataFrame({"id": parts[role].texts(name)})
        problems.add(parts[role].problem((own["id"] == "").to_numpy(), name, f"a {name} needs an id"))
        if role in chamber:
            own.insert(0, "chamber", chamber[role])
        else:  # the file does not say: whatever chambers the votes say
            pairs = cast.drop_duplicates()
            own = own.assign(row=np.arange(len(own))).merge(pairs, on="id", how="inner")
            part = parts[role]
            table = CsvTable(part.table.path, part.table.frame.iloc[own["row"].to_numpy()], part.table.sha256)
            sources.insert(0, (Part(table, part.column), own[["chamber", "id"]]))
        if len(sources) == 1:
            sources.insert(0, (parts[role], own))
    listed = sources[0][1]
    keys = listed[(listed["id"] != "") & (listed["chamber"] != "")].drop_duplicates(ignore_index=True)
    columns = [keys["chamber"].to_numpy(object), keys["id"].to_numpy(object)]
    at = [(part, positions(columns, [t["chamber"].to_numpy(object), t["id"].to_numpy(object)])) for part, t in sources]
    return keys, at


#: Which cells of a column, all of them text, cannot be what they should be.
_Wrong = Callable[[np.ndarray], np.ndarray]


def _attribute(
    name: str,
    n: int,
    sources: _Sources,
    why: str,
    problems: Problems,
    wrong: tuple[_Wrong, str] | None = None,
) -> np.ndarray:
    """Return what the first file with the column says of each member or roll call; two different things are a problem.

    ``wrong`` says which cells are no date or number, and what to say of them.
    """
    out = np.full(n, "", dtype=object)
    for part, at in sources:
        if name not in part.column:
            continue
        texts = part.texts(name)
        said = (at >= 0) & (texts != "")
        if wrong:
            bad = wrong[0](texts)
            problems.add(part.problem(bad, name, wrong[1]))
            said &= ~bad
        rows = np.flatnonzero(said)[::-1]
        out[at[rows]] = texts[rows]  # the first row of each is written last
        other = np.zeros(len(at), dtype=bool)
        other[said] = texts[said] != out[at[said]]
        problems.add(part.problem(other, name, why))
        return out
    return out


def _no_number(texts: np.ndarray) -> np.ndarray:
    return (texts != "") & ~np.isfinite(_numbers(texts))


def _no_count(texts: np.ndarray) -> np.ndarray:
    return ~pd.Series(texts, dtype=object).str.fullmatch(r"(\d{1,6}(\.0+)?)?").to_numpy(bool)


def _people(
    parts: Mapping[str, Part],
    chamber: Mapping[str, np.ndarray],
    own: Mapping[str, str],
    found: Found,
    problems: Problems,
) -> pd.DataFrame:
    keys, sources = _listing(parts, chamber, "legislators", "member", problems)
    n = len(keys)
    why = "is not what an earlier row says of the same member"
    switch = f"{why}; who changes party is two members with two ids, and one person in the column for it"
    said = {name: _attribute(name, n, sources, why, problems) for name in ("district", "state", "person")}
    said["party"] = _attribute("party", n, sources, switch, problems)
    score = _attribute("score", n, sources, why, problems, (_no_number, "is not a number"))
    people = keys.assign(
        name=_names(keys, sources, found),
        party=party_words(said["party"], own),
        person=said["person"],
        district=said["district"],
        state=said["state"],
        external=_numbers(score),
    )
    note_blank_parties(people, (said["party"] == "") & ("" not in own), found)
    return people


def _names(keys: pd.DataFrame, sources: _Sources, found: Found) -> np.ndarray:
    """Names of members: of several spellings the one in most rows, which is noted; the id where there is none."""
    names = keys["id"].to_numpy(object).copy()
    for part, at in sources:
        if "name" not in part.column:
            continue
        texts = part.texts("name")
        rows = pd.DataFrame({"at": at, "name": texts})[(at >= 0) & (texts != "")]
        counts = rows.value_counts().reset_index().sort_values(["at", "count", "name"], ascending=[True, False, True])
        best = counts.drop_duplicates("at")
        names[best["at"].to_numpy()] = best["name"].to_numpy(object)
        spelled = counts.groupby("at")["name"].agg(list)
        several = spelled[spelled.map(len) > 1]
        reason = [f"spelled in several ways: {listed(sorted(all_of))}" for all_of in several]
        who = keys.assign(name=names)
        found.notes.append(note_rows("name", who, several.index.to_numpy(int), reason))
        break
    return names


def _calls(
    parts: Mapping[str, Part], chamber: Mapping[str, np.ndarray], options: Mapping[str, Any], problems: Problems
) -> pd.DataFrame:
    keys, sources = _listing(parts, chamber, "rollcalls", "rollcall", problems)
    n = len(keys)
    why = "is not what an earlier row says of the same roll call; each roll call needs an id of its own in its chamber"
    said = {name: _attribute(name, n, sources, why, problems) for name in ("bill", "title", "motion")}
    form = options.get("dates")
    like = form or "2025-03-20, or say how dates are written (dates: '%m/%d/%Y')"
    no_date = (lambda texts: dates_of(texts, form)[2]), f"is not a date like {like}"
    when, day, _ = dates_of(_attribute("date", n, sources, why, problems, no_date), form)
    tally = {
        f"recorded_{name}": _numbers(
            _attribute(name, n, sources, why, problems, (_no_count, "is not a whole number of at most six digits"))
        )
        for name in ("yea", "nay")
    }
    return keys.assign(
        bill=bills_of(said["bill"]),
        title=said["title"],
        motion=said["motion"],
        date=day,
        passage=[is_passage(motion, options.get("passage", ())) for motion in said["motion"]],
        when=when,
        tie=in_order(keys["id"]),
        **tally,
    )


def _numbers(texts: np.ndarray) -> np.ndarray:
    return pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce").to_numpy(float)
