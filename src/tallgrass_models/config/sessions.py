"""Settings of a session in the experiments file, such as the source of its votes and its filters.

This module needs only PyYAML and the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any

from ..errors import UserError
from ..files.json import canonical_json
from ..votes.naming import ChamberNames
from ..votes.scores import read_scores
from ..votes.sources import SOURCES, heading_of
from ..votes.vocabulary import CHAMBERS
from . import checks
from .filters import FILTER_CHECKS, filters_label
from .mappings import unknown_key
from .selection import selection_label

#: Parties with which a member may be counted, and the word for neither.
_CAUCUSES = ("Democrat", "Republican", "none")
#: What only the texts of pages and metrics depend on.
WORDS = ("title", "chamber_names")
#: A name of a chamber: letters first, then also what stands between words. Pictures would read more as formulas.
_CHAMBER_NAME = re.compile(r"[^\W\d_][\w .’'-]{0,39}")
_LONGEST_TITLE = 120


@dataclass(frozen=True)
class SessionConfig:
    """Source of the votes of one session, and its filters.

    Attributes
    ----------
    name
        Name of the session, and of its folder under ``results/sessions``.
    source
        A name in `votes.sources.SOURCES`.
    path, stem
        Folder of the files, and the beginning of the names of tallgrass files (``{stem}_votes.csv``). None otherwise.
    seed
        Seed of the simulator.
    min_minority_share, min_votes
        Filters. Roll calls with a smaller minority share of Yea + Nay are dropped, then members with fewer such votes.
    external
        CSV file of external scores of the members, or None.
    caucus
        Party with which members are counted (Democrat, Republican or none), by party as listed or by id of a member.
    pivots
        Majorities whose pivots are reported besides the median and two thirds, as shares of the seats.
    pivots_on
        Date (``yyyy-mm-dd``) whose members medians and pivots run over. None takes all members, each by her time in
        office.
    title
        What the session is called on pages, or None: the name that its source gives it, or ``name``.
    chamber_names
        What the chambers are called on pages, by ``house`` and ``senate``; House and Senate where it says nothing.
    selection
        Which roll calls are used (`selection.selection`); empty for all.
    label
        Name of the folder, inside the session's folder, for the votes of an experiment with other filters or another
        selection, else empty.
    options
        The other keys of the source (`votes.sources.Source.keys`), such as ``congress``.
    """

    name: str = "demo"
    source: str = "simulated"
    path: str | None = None
    stem: str | None = None
    seed: int = 2025
    min_minority_share: float = 0.025
    min_votes: int = 20
    external: str | None = None
    caucus: Mapping[str, str] = field(default_factory=dict)
    pivots: tuple[float, ...] = ()
    pivots_on: str | None = None
    title: str | None = None
    chamber_names: Mapping[str, str] = field(default_factory=dict)
    selection: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pivots", tuple(self.pivots))  # JSON has lists only

    @property
    def heading(self) -> str:
        """What the session is called: its title, else what its source tells of it, else its name."""
        return self.title or heading_of(self.source, self.options) or self.name

    @property
    def chambers_called(self) -> ChamberNames:
        """What its chambers are called."""
        return ChamberNames.of(self.chamber_names)

    @property
    def folder(self) -> str:
        """Folder of the votes under ``results/sessions``; the same for the same filters and selection."""
        return f"{self.name}/{self.label}" if self.label else self.name

    def with_filters(self, **filters: Any) -> SessionConfig:
        """Return the session with other ``min_minority_share`` or ``min_votes``; itself where they do not change."""
        return self.varied(filters, None)

    def varied(self, filters: Mapping[str, Any], selection: Mapping[str, Any] | None) -> SessionConfig:
        """Return the session with other filters or another selection, and a folder of its own for its votes.

        ``selection`` None keeps that of the session. Where nothing changes, the session itself is returned.
        """
        changed = replace(self, **filters)
        parts = [filters_label(changed.min_minority_share, changed.min_votes)] if changed != self else []
        if selection is not None and dict(selection) != dict(self.selection):
            changed = replace(changed, selection=selection)
            parts.append(selection_label(selection))
        return replace(changed, label="_".join(parts)) if parts else self

    def files_from(self) -> dict[str, Any]:
        """Return the keys that locate the session's files: folder, beginning of their names, keys of the source."""
        return {"path": self.path, "stem": self.stem, **self.options}

    def to_json(self) -> str:
        """Return the session as canonical JSON. Equal sessions give equal text."""
        return canonical_json(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return the session as plain values. Without a selection there is no such key, so that no spec changes."""
        out = asdict(self)
        if not out["selection"]:
            del out["selection"]
        return out

    @classmethod
    def from_json(cls, text: str) -> SessionConfig:
        """Read a session that `to_json` wrote."""
        return cls(**json.loads(text))


@checks.shaped({"type": "object", "additionalProperties": {"enum": [*_CAUCUSES, None]}})
def _caucus(value: Any) -> dict[str, str]:
    """Check the setting ``caucus``: parties or ids of members, each with the party it is counted with."""
    if not isinstance(value, dict):
        raise ValueError(f"must be a mapping such as {{Independent: Democrat}}, not {value!r}")
    kept: dict[str, str] = {}
    for key, party in value.items():
        name = str(key) if isinstance(key, int) and not isinstance(key, bool) else key
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"{key!r} is neither a party nor the id of a member")
        found = "none" if party is None else party
        if found not in _CAUCUSES:
            raise ValueError(f"{name}: must be one of {', '.join(_CAUCUSES)}, not {party!r}")
        if name.strip() in kept:
            raise ValueError(f"{name.strip()!r} is named twice")
        kept[name.strip()] = found
    return kept


@checks.shaped({"type": "array", "items": {"type": ["number", "string"]}, "minItems": 1})
def pivots(value: Any) -> tuple[float, ...]:
    """Check the setting ``pivots``: majorities as shares of the seats, at least one half and below one.

    Both ``2/3`` and 0.667 are two thirds.
    """
    if not isinstance(value, list) or not value:
        raise ValueError(f"must be a list of majorities such as [0.5, 0.6, 2/3], not {value!r}")
    return tuple(dict.fromkeys(_majority(share) for share in value))


def _majority(value: Any) -> float:
    try:
        share = Fraction(value) if isinstance(value, str) else Fraction(repr(float(value)))
        good = not isinstance(value, bool) and Fraction(1, 2) <= share < 1
    except (ValueError, TypeError, ZeroDivisionError, OverflowError):
        good = False
    if not good:
        raise ValueError(f"{value!r} is not a share of the seats from 1/2 up to but not including 1")
    digits = len(str(value).partition(".")[2])
    thirds = digits >= 2 and share == Fraction(str(round(2 / 3, digits)))
    return 2 / 3 if thirds else float(share)


@checks.shaped({"type": "string", "pattern": r"\S"})
def _title(value: Any) -> str:
    """Check the setting ``title``: one line of text."""
    text = checks.text(value).strip()
    if not text or not text.isprintable() or len(text) > _LONGEST_TITLE:
        raise ValueError(f"must be one line of at most {_LONGEST_TITLE} characters, not {value!r}")
    return text


@checks.shaped(
    {
        "type": "object",
        "properties": {chamber: {"type": "string", "pattern": r"\S"} for chamber in CHAMBERS},
        "additionalProperties": False,
        "minProperties": 1,
    }
)
def _chamber_names(value: Any) -> dict[str, str]:
    """Check the setting ``chamber_names``: what people call one or both chambers."""
    if not isinstance(value, dict) or not value:
        raise ValueError(f"must be a mapping such as {{house: Assembly, senate: Senate}}, not {value!r}")
    for chamber, name in value.items():
        if chamber not in CHAMBERS:
            raise ValueError(unknown_key(chamber, dict.fromkeys(CHAMBERS)))
        if not isinstance(name, str) or not _CHAMBER_NAME.fullmatch(name.strip()):
            raise ValueError(f"{chamber}: must be a name of up to 40 letters such as Assembly, not {name!r}")
        if name.strip().lower().startswith("the "):
            raise ValueError(f"{chamber}: {name!r}: leave out the article, which sentences add")
    kept = {chamber: value[chamber].strip() for chamber in CHAMBERS if chamber in value}
    called = ChamberNames.of(kept)
    if called.house.lower() == called.senate.lower():
        raise ValueError(f"both chambers are called {called.house!r}")
    return kept


@checks.shaped({"type": "string"})
def _scores_file(value: Any) -> str:
    try:
        read_scores(checks.text(value))
    except UserError as error:
        raise ValueError(str(error).replace("\n", "; ")) from None
    return str(value)


#: Of each source the keys that only it knows.
SESSION_CHECKS: dict[str, dict[str, checks.Check]] = {
    name: {key: known.check for key, known in source.keys.items()} for name, source in SOURCES.items()
}
COMMON_SESSION_CHECKS: dict[str, checks.Check] = {
    **FILTER_CHECKS,
    "external": _scores_file,
    "caucus": _caucus,
    "pivots": pivots,
    "pivots_on": checks.date_text,
    "title": _title,
    "chamber_names": _chamber_names,
}
