"""From folders and files to an experiments file: sessions recognised, read once, and proposed."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..config.reading import load_experiments
from ..config.schema import LINE
from ..config.session_files import session_files
from ..errors import UserError
from ..votes.session import look
from ..votes.sources import SOURCES
from .facts import ENOUGH_SHARED, Facts, facts_of, named
from .proposal import PATHS, Proposal, inline, slug
from .recognise import Recognised, look_through, recognise
from .states import CHAMBER_NAMES, state_in, years_in
from .table import propose_table

#: Folders that are named after what is in them, and not after a session.
_PLAIN = {"csv", "json", "data", "votes", "download", "downloads", ""}
_VARIANTS = """\
  # A variant names only what differs, for example
  # positive_beta:
  #   description: discrimination constrained to be positive
  #   beta_prior: {distribution: lognormal_reparam, mu: 0, sigma: 0.5}
"""


@dataclass
class Session:
    """A session that `init` found: what it would write, and what is in the votes, if they could be read."""

    proposal: Proposal
    facts: Facts | None = None
    problems: list[str] = field(default_factory=list)


def propose(paths: Sequence[Path]) -> list[Session]:
    """Recognise the sessions in folders and files, and read each.

    Raises
    ------
    UserError
        If nothing is recognised, or files that a source needs are missing.
    """
    given = look_through(paths)
    found = recognise(given)
    if incomplete := [one for one in found if one.missing]:
        raise UserError("\n".join(_incomplete(one) for one in incomplete))
    proposals = [_of_source(one) for one in found] or [propose_table(given.all_files())]
    _distinct_names(proposals)
    return [_looked_at(proposal) for proposal in proposals]


def _incomplete(one: Recognised) -> str:
    where = one.keys.get("path") or one.files[0]
    return f"{where}: looks like {SOURCES[one.source].files}, but {'; '.join(one.missing)}"


def _of_source(one: Recognised) -> Proposal:
    keys = {"source": one.source, **one.keys}
    return Proposal(slug(_called(one)), keys)


def _called(one: Recognised) -> str:
    """Name a session after its files: the Congress, the beginning of their names, the archive or the folder."""
    if "congress" in one.keys:
        return f"us-{one.keys['congress']}"
    if "name" in one.keys:
        return str(one.keys["name"])
    path = Path(one.keys.get("path") or one.files[0]).absolute()
    parts = [path.stem if path.suffix in (".zip", ".ord") else path.name, *(parent.name for parent in path.parents)]
    kept = [part for part in parts if part.lower() not in _PLAIN]
    if len(kept) > 1 and re.fullmatch("[A-Z]{2}", kept[1]):
        return f"{kept[1]} {kept[0]}"
    return kept[0] if kept else one.source


def _distinct_names(proposals: Sequence[Proposal]) -> None:
    taken: dict[str, int] = {}
    for proposal in proposals:
        taken[proposal.name] = n = taken.get(proposal.name, 0) + 1
        proposal.name += f"-{n}" if n > 1 else ""


# --- reading ----------------------------------------------------------------------------------------------------------


def _looked_at(proposal: Proposal) -> Session:
    """Read a session, and complete its proposal with what is in it."""
    found = Session(proposal)
    place = " ".join(str(proposal.keys[key]) for key in (*PATHS, "name") if key in proposal.keys)
    state = state_in(place)
    proposal.keys |= {"chamber_names": CHAMBER_NAMES[state]} if state in CHAMBER_NAMES else {}
    try:
        config = _loaded({"sessions": {proposal.name: proposal.keys}, "experiments": {"a": None}})["a"].session
        raw, gathered = look(config.source, config.options, **session_files(config))
        found.problems += gathered.lines
        if raw is not None:
            found.facts = facts_of(raw, config)
            found.problems += [] if gathered.lines else found.facts.problems
    except UserError as error:
        found.problems += str(error).splitlines()
    if state and "congress" not in proposal.keys:
        _say_title(proposal, state, years_in(place), found.facts or Facts())
    if found.facts:
        _say_caucus(proposal, found.facts)
    return found


def _loaded(content: Mapping[str, Any]) -> Any:
    """Check a configuration as a run would, and return its experiments."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "experiments.yaml")
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        try:
            return load_experiments(path)
        except UserError as error:
            raise UserError(str(error).replace(f"{path}: ", "")) from None


def _say_caucus(proposal: Proposal, facts: Facts) -> None:
    """Leave to people with whom members of neither party are counted."""
    if facts.without_party:
        proposal.remarks.append(
            f"party: blank for {named(facts.without_party)}, read as Independent; if there is one, write it in the file"
        )
    for party, names in facts.others.items():
        proposal.remarks.append(
            f"caucus: members of the party {party!r} ({named(names)}) are placed by their votes alone; "
            f"to count them with one of the two parties, use the line that begins with # caucus"
        )
    if facts.others:
        counted = inline(dict.fromkeys(facts.others, "Democrat"))
        proposal.lines.append(f"caucus: {counted}   # or Republican, or a member's id instead of the party")


def _say_title(proposal: Proposal, state: str, years: str | None, facts: Facts) -> None:
    """Propose what pages call the session, from the names of its files and the days of its roll calls."""
    days = "–".join(dict.fromkeys(day[:4] for day in (facts.first, facts.last) if day))
    proposal.keys["title"] = ", ".join(filter(None, (state, years or days)))
    proposal.comments["title"] = "what pages call the session"


# --- the experiments file ---------------------------------------------------------------------------------------------


def experiments_text(sessions: Sequence[Session], folder: Path) -> tuple[str, str]:
    """Write the experiments file of a project.

    Parameters
    ----------
    sessions
        As `propose` found them.
    folder
        Folder of the project, from which paths inside it are written.

    Returns
    -------
    text, main : str
        The file, and the experiment to run first.
    """
    lines = [LINE, "# What to run. `config/README.md` lists every key.", "", "sessions:"]
    for session in sessions:
        session.proposal.keys = {key: _from(folder, key, value) for key, value in session.proposal.keys.items()}
        lines += session.proposal.block()
    alone = len(sessions) == 1
    names = ["baseline" if alone else session.proposal.name.replace("-", "_") for session in sessions]
    lines += ["", "defaults:", f"  session: {sessions[0].proposal.name}"]
    lines += ["  compare_with: baseline   # the reference for the variants", ""] if alone else [""]
    lines += ["experiments:"]
    for name, session in zip(names, sessions, strict=True):
        lines += [f"  {name}:", *(f"    {line}" for line in _experiment(session, alone))]
    text = "\n".join(lines) + "\n" + _VARIANTS
    _loaded(yaml.safe_load(text))
    return text, names[0]


def _experiment(session: Session, alone: bool) -> list[str]:
    facts = session.facts or Facts()
    out = ["description: production priors"]
    out += [] if alone else [f"session: {session.proposal.name}"]
    if len(facts.chambers) == 1:
        out += [f"chambers: [{facts.chambers[0]}]"]
    elif facts.n_shared >= ENOUGH_SHARED:
        out += ["joint: true               # also one model of both chambers"]
    else:
        why = f"only {facts.n_shared} bills have a contested roll call in both chambers" if facts.chambers else ""
        out += [f"# joint: true             # also one model of both chambers{'; ' + why if why else ''}"]
    return out


def _from(folder: Path, key: str, value: Any) -> Any:
    """Write a path as seen from the project: relative if it lies inside, absolute if not."""
    if key not in PATHS:
        return value
    path, home = os.path.abspath(value), os.path.abspath(folder)
    inside = os.path.commonpath([path, home]) == home
    return Path(os.path.relpath(path, home) if inside else path).as_posix()
