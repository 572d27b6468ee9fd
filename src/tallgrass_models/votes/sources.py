"""Where the votes of a session may come from: one table of what is particular to each source.

Needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import UserError
from . import settings
from .locate import FilesOf, Form, Role, find
from .settings import Key


@dataclass(frozen=True)
class Source:
    """What is particular to a source.

    Attributes
    ----------
    files
        Its files in words, as the page says them; ``{seed}`` is that of the session.
    scores
        Name of the scores of members that come with its votes; None where none do.
    reader
        Module of ``readers/``, of which the function ``read_`` and its name reads them.
    forms
        The sets of files in which it comes, the likeliest first, with the role of each file and whether it may be
        missing. None for files that the workflow makes itself.
    keys
        Keys of the session in the configuration, besides those of every session.
    title
        What the session is called, filled in from its keys; ``{congress:th}`` is the 119th. None where nothing tells.
    silent_on
        Keys of a selection of votes (`config.selection`) that need what its files do not say.
    member_id
        Names that the column of ids may have in its file of members, the first of which is taken.
    """

    files: str
    scores: str | None
    reader: str
    forms: tuple[Form, ...] = ()
    keys: Mapping[str, Key] = field(default_factory=dict)
    title: str | None = None
    silent_on: tuple[str, ...] = ()
    member_id: tuple[str, ...] = ()


_ROLES = ("votes", "rollcalls", "legislators")
#: Keys of the session that name the files of a table, and what the names of Voteview's files end in.
_TABLES = _VOTEVIEW = {"votes": "votes", "rollcalls": "rollcalls", "legislators": "members"}


def _voteview(end: str) -> tuple[tuple[str, ...], ...]:
    """List the files of one kind as the site offers them: both chambers or each alone, one Congress or all."""
    forms = [[f"{who}{which}{end}" for who in ("HS", "H", "S")] for which in ("{congress:03d}", "all")]
    return tuple(group for both, *each in forms for group in ((both,), tuple(each)))


#: A dataset as it unpacks: `KS/2025-2026_91st_Legislature/csv/votes.csv`, or `.../vote/1234.json` and the like.
_LEGISCAN_COLUMNS = {"votes": "people_id", "rollcalls": "roll_call_id", "people": "people_id"}
_LEGISCAN_CSV = {name: Role(((f"{name}.csv",),), columns=((key,),)) for name, key in _LEGISCAN_COLUMNS.items()}
_LEGISCAN_CSV["bills"] = Role((("bills.csv",),), needed=False)
_LEGISCAN_JSON = {
    "rollcalls": Role((("vote/",),)),
    "people": Role((("people/",),)),
    "bills": Role((("bill/",),), needed=False),
}
#: Of a session's files, `KS/2025/KS_2025_votes.csv` and the like, those that say who voted how on what.
_OPENSTATES_CSV = {name: Role(((f"*_{name}.csv",),)) for name in ("votes", "vote_people", "organizations")}
_OPENSTATES_CSV["bills"] = Role((("*_bills.csv",),), needed=False, but="_bill_related_bills")
_OPENSTATES_CSV["vote_counts"] = Role((("*_vote_counts.csv",),), needed=False)
_PEOPLE = {"people": Role(key="people", like=("*.csv",), columns=(("id",), ("name",), ("current_party", "party")))}
#: Columns that no other source has under the same names of files.
_TALLGRASS_COLUMNS = {
    "votes": (("vote_id",), ("legislator_slug",)),
    "rollcalls": (("vote_id",),),
    "legislators": (("legislator_slug", "slug"),),
}
_VOTEVIEW_COLUMNS = {"votes": (("icpsr",), ("cast_code",)), "rollcalls": (("rollnumber",),), "members": (("icpsr",),)}

SOURCES = {
    "simulated": Source(
        "simulated with seed {seed}",
        None,
        "tallgrass",
        keys={"seed": Key(settings.whole(0), needed=False)},
        title="Simulated session",
        member_id=("legislator_slug", "slug"),
    ),
    "tallgrass": Source(
        "tallgrass CSV files",
        None,
        "tallgrass",
        (Form({role: Role(((f"{{stem}}_{role}.csv",),), columns=_TALLGRASS_COLUMNS[role]) for role in _ROLES}),),
        {"path": Key(settings.text), "name": Key(settings.text), "words": Key(settings.words, needed=False)},
        member_id=("legislator_slug", "slug"),
    ),
    "voteview": Source(
        "Voteview CSV files",
        "Voteview nominate_dim1",
        "voteview",
        (
            Form(
                {
                    role: Role(_voteview(f"_{end}.csv"), columns=_VOTEVIEW_COLUMNS[end])
                    for role, end in _VOTEVIEW.items()
                }
            ),
        ),
        {"path": Key(settings.text), "congress": Key(settings.whole(1, 999))},
        title="{congress:th} United States Congress",
        member_id=("icpsr",),
    ),
    "table": Source(
        "a table of votes",
        "scores of the table",
        "table",
        (Form({role: Role(key=key, needed=role == "votes") for role, key in _TABLES.items()}),),
        {
            "votes": Key(settings.text),
            "rollcalls": Key(settings.text, needed=False),
            "members": Key(settings.text, needed=False),
            "columns": Key(settings.columns, needed=False),
            "words": Key(settings.words, needed=False),
            "chamber": Key(settings.one_of("house", "senate"), needed=False),
            "passage": Key(settings.texts, needed=False),
            "dates": Key(settings.date_form, needed=False),
            "encoding": Key(settings.encoding, needed=False),
            "delimiter": Key(settings.delimiter, needed=False),
        },
        member_id=("member", "name"),
    ),
    "legiscan": Source(
        "a LegiScan dataset",
        None,
        "legiscan",
        (
            Form({"archive": Role()}, suffix=".zip"),
            Form(_LEGISCAN_CSV, below=3),
            Form(_LEGISCAN_JSON, below=3),
        ),
        {"path": Key(settings.text), "passage": Key(settings.texts, needed=False)},
        member_id=("people_id",),
    ),
    "openstates": Source(
        "Open States bulk data",
        None,
        "openstates",
        (
            Form({"archive": Role(), **_PEOPLE}, suffix=".zip"),
            Form(_OPENSTATES_CSV | _PEOPLE, below=2),
            Form({"json": Role((("*_bills.json",),)), **_PEOPLE}, below=2),
        ),
        {
            "path": Key(settings.text),
            "people": Key(settings.text),
            "passage": Key(settings.texts, needed=False),
        },
        member_id=("id",),
    ),
    "ord": Source(
        "Poole-Rosenthal .ord files",
        None,
        "ord",
        (
            Form(
                {
                    "house": Role(key="house", needed=False, like=("h[0-9]*.ord", "hou*.ord", "*house*.ord")),
                    "senate": Role(key="senate", needed=False, like=("s[0-9]*.ord", "sen*.ord", "*senate*.ord")),
                }
            ),
        ),
        {role: Key(settings.text, needed=False) for role in ("house", "senate")},
        silent_on=("questions", "passage_only", "from", "to"),
    ),
}


def source_of(name: str) -> Source:
    """Return the source with that name in the configuration.

    Raises
    ------
    UserError
        If the name is unknown. The message lists those that are known.
    """
    if name not in SOURCES:
        raise UserError(f"unknown source {name!r}; known are {', '.join(SOURCES)}")
    return SOURCES[name]


class _Number(int):
    """A whole number that can be written as an ordinal, ``{:th}``."""

    def __format__(self, form: str) -> str:
        if form != "th":
            return int(self).__format__(form)
        teen = self // 10 % 10 == 1
        return f"{int(self)}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(self % 10, 'th')}"


def heading_of(source: str, options: Mapping[str, Any]) -> str:
    """Return what a session is called by the keys of its source; empty if they do not tell.

    Raises
    ------
    UserError
        For an unknown source.
    """
    title = source_of(source).title
    known = {key: _Number(value) if isinstance(value, int) else value for key, value in options.items()}
    try:
        return title.format(**known) if title else ""
    except KeyError:
        return ""


def find_files(source: str, chosen: Mapping[str, Any]) -> FilesOf:
    """Find the files of a session by role, as `locate.find` does.

    Parameters
    ----------
    source
        Its name.
    chosen
        The session's ``path``, ``stem`` and the source's own keys.

    Raises
    ------
    UserError
        For an unknown source.
    """
    return find(source_of(source).forms, chosen)
