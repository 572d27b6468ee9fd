"""The members whose positions are followed over the experiments of a session, found by id or name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

from ..errors import UserError
from ..files.records.specs import FollowSpec
from ..wording.numbers import among
from .variants import Group, Variant

#: Most names that a refusal suggests.
_CLOSE = 3


def followed(groups: Sequence[Group], follow: Sequence[FollowSpec]) -> dict[str, list[tuple[str, str]]]:
    """Return ids and names of the members to follow, by session, in the order of the file.

    A text that is an id means that member, else the one with exactly that name in either chamber. Names that several
    members of a session have are given with the id.

    Raises
    ------
    UserError
        If a text fits no member of any session that the experiments are on, or two members of one. It names the file
        and the key, with the closest names or the ids.
    """
    members = {group.session: _members((group.reference, *group.others)) for group in groups}
    out: dict[str, dict[str, str]] = {group.session: {} for group in groups}
    for asked in follow:
        here = [
            group.session
            for group in groups
            if {group.reference.name, *(other.name for other in group.others)} & set(asked["experiments"])
        ]
        for text in asked["members"]:
            found = {session: _matching(text, members[session]) for session in here}
            for session, ids in found.items():
                if len(ids) > 1:
                    raise UserError(
                        f"{asked['key']}: several members of session {session} are called {text!r}; give the id of one:"
                        f" {among(ids, 'or')}"
                    )
                names = list(members[session].values())
                for one in ids:
                    name = members[session][one]
                    out[session][one] = f"{name} ({one})" if names.count(name) > 1 else name
            if not any(found.values()):
                raise UserError(f"{asked['key']}: {_nobody(text, here, members)}")
    return {session: list(found.items()) for session, found in out.items()}


def _members(variants: Iterable[Variant]) -> dict[str, str]:
    """Return the members of all fits of a session: id to name."""
    out: dict[str, str] = {}
    for variant in variants:
        for tables in variant.tables.values():
            rows = tables["ideal_points"][["legislator", "name"]].astype(str)
            for one, name in rows.itertuples(index=False):
                out.setdefault(one, name)
    return out


def _matching(text: str, members: Mapping[str, str]) -> list[str]:
    return [text] if text in members else [one for one, name in members.items() if name == text]


def _nobody(text: str, sessions: Sequence[str], members: Mapping[str, Mapping[str, str]]) -> str:
    """Say that a text fits nobody, with the closest names and ids; letters of either case are alike here."""
    known = {word.lower(): word for session in sessions for pair in members[session].items() for word in pair}
    close = [known[word] for word in difflib.get_close_matches(text.lower(), list(known), _CLOSE)]
    hint = f"did you mean {among([repr(one) for one in close], 'or')}?" if close else "names and ids: ideal_points.csv"
    where = f"session {sessions[0]}" if len(sessions) == 1 else f"the sessions {among(sessions)}"
    return f"no member of {where} has the id or name {text!r} ({hint})"
