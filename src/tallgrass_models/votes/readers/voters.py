"""Who the voters of Open States are: by their id where there is one, else by a name that one person alone has."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from ..membership import plain_name
from ..notes import note_rows
from .base import Found
from .csv import CsvTable, column_of, drop_repeats, each_text, read_table
from .long import Cast, party_words
from .problems import Problems

_TITLE = re.compile(
    r"^(representative|senator|delegate|assembly\s?\w+|rep|sen|del|mr|ms|mrs|miss|madam)\.?\s+", re.IGNORECASE
)
_MAYBE = ("given_name", "family_name", "current_chamber")
_CHAMBERS = {"lower": "house", "upper": "senate", "legislature": "senate"}
#: Party of a voter who is not in the file of people.
UNKNOWN = "Unknown"


def members_of(path: Path, cast: Cast, found: Found, problems: Problems) -> tuple[pd.DataFrame, np.ndarray]:
    """Find the members, and which of them cast each vote.

    Parameters
    ----------
    path : Path
        The file of people.
    cast : Cast
        The votes to be placed; its ``member`` is the voter's id or blank, its ``who`` her name.

    Returns
    -------
    people : DataFrame
        One row per member.
    member : ndarray of str
        Id of the member of each vote; ``""`` where the name is that of several people, or there is none.
    """
    table = _people_file(path, problems)
    member = cast.member.copy()
    open_rows = np.flatnonzero((member == "") & (cast.who != ""))
    if open_rows.size:
        known = _names(table, cast)
        plain = each_text(cast.who[open_rows], _plain)
        rows = zip(cast.chamber[open_rows], plain, cast.who[open_rows], strict=True)
        ids = [known.get((chamber, name), {text}) for chamber, name, text in rows]
        member[open_rows] = [next(iter(those)) if len(those) == 1 else "" for those in ids]
    keys = pd.DataFrame({"chamber": cast.chamber, "id": member, "name": cast.who})
    keys = keys[keys["id"] != ""].value_counts().reset_index()
    keys = keys.sort_values(["chamber", "id", "count", "name"], ascending=[True, True, False, True])
    keys = keys.drop_duplicates(["chamber", "id"])[["chamber", "id", "name"]].reset_index(drop=True)
    about = table.frame.set_index("id")
    listed = keys["id"].isin(about.index).to_numpy()
    row = about.reindex(keys["id"])
    party = np.where(listed, row["party"].to_numpy(object), UNKNOWN).astype(object)
    people = keys.assign(
        name=np.where(listed, row["name"].to_numpy(object), keys["name"]),
        party=_parties(party),
        person=np.where(keys["id"].str.startswith("ocd-person/"), keys["id"], ""),
        district=row["district"].fillna("").to_numpy(object),
        state="",
        external=np.nan,
    )
    found.notes.append(note_rows("party", people, ~listed, f"not in {path.name}; party unknown"))
    found.notes.append(note_rows("party", people, party == "", "party blank in the file, taken as Independent"))
    found.counts["n_blank_parties"] = int((party == "").sum())
    found.counts["n_people_unknown"] = int((~listed).sum())
    return people, member


def _people_file(path: Path, problems: Problems) -> CsvTable:
    """Columns id, name, given_name, family_name, party, district."""
    party = column_of(path, "current_party", "party")
    table = read_table(path, ["id", "name", party], [*_MAYBE, "current_district", "district"])
    frame = table.frame.rename(columns={party: "party"})
    frame["district"] = frame.pop("current_district").where(lambda text: text != "", frame["district"])
    table, _ = drop_repeats(CsvTable(path, frame, table.sha256), ["id"], "the person")
    blank = "needs an id and a name"
    problems.add(*(table.problem(table.frame[name] == "", name, f"a person {blank}") for name in ("id", "name")))
    return table


def _names(table: CsvTable, cast: Cast) -> dict[tuple[str, str], set[str]]:
    """Chamber and name, as it may stand in a list of votes, to the ids of all who are called so there."""
    out: dict[tuple[str, str], set[str]] = {}
    for row in table.frame.itertuples():
        given, family = row.given_name, row.family_name
        sits = _CHAMBERS.get(row.current_chamber.lower())
        for name in (row.name, family, f"{family} {given}" if given else "", f"{given[:1]} {family}" if given else ""):
            for chamber in [sits] if sits else ["house", "senate"]:
                out.setdefault((chamber, _plain(name)), set()).add(row.id)
    pairs = pd.DataFrame({"chamber": cast.chamber, "name": cast.who, "id": cast.member})
    for chamber, name, who in pairs[pairs["id"] != ""].drop_duplicates().itertuples(index=False):
        out.setdefault((chamber, _plain(name)), set()).add(who)
    return {(chamber, name): ids for (chamber, name), ids in out.items() if name}


def _plain(name: str) -> str:
    """Return a name without title, case, accents and punctuation; ``"Smith, J."`` and ``"Smith J"`` are one."""
    return plain_name(_TITLE.sub("", name.strip()))


def _parties(texts: np.ndarray) -> np.ndarray:
    """Parties in one spelling; ``Democratic-Farmer-Labor`` is a Democrat, ``Republican/Conservative`` a Republican."""

    def first(text: str) -> str:
        plain = text.strip().lower()
        return next((name for name in ("Democratic", "Republican") if plain.startswith(name.lower())), text)

    return party_words(each_text(texts, first), {})
