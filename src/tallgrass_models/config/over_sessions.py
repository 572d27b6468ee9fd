"""Experiments on several sessions: ``sessions: [a, b]`` stands for an experiment on each.

The expansion works on the content of the file, before its settings are checked, so that every experiment passes the
same checks. This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import checks
from .series import Asked, Series, over_time


@checks.shaped({"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True})
def session_list(value: Any) -> tuple[str, ...]:
    """Check the setting ``sessions`` of an experiment: names of sessions, each once."""
    if not isinstance(value, list) or not value or any(not isinstance(name, str) for name in value):
        raise ValueError(f"must be a list of sessions, not {value!r}")
    if len(set(value)) < len(value):
        raise ValueError(f"names a session twice: {value!r}")
    return tuple(value)


def name_on(experiment: str, session: str) -> str:
    """Return the name of an experiment on one of its sessions: ``baseline`` on ``ks-84`` is ``baseline_ks_84``."""
    return f"{experiment}_{session.replace('-', '_')}"


def variant_of(name: str, session: str) -> str:
    """Return the name that an experiment on a session shares with the same experiment on other sessions."""
    return name.removesuffix(name_on("", session)) or name


@dataclass(frozen=True)
class OverSessions:
    """The content of the file, with an experiment for each session.

    Attributes
    ----------
    raw
        The content.
    series
        Series by name, where ``over_time`` asks for one.
    origin
        By name of an experiment that was made here, the name in the file.
    """

    raw: dict[Any, Any]
    series: dict[str, Series] = field(default_factory=dict)
    origin: dict[str, str] = field(default_factory=dict)

    def as_written(self, problems: list[str]) -> list[str]:
        """Return problems with the names that stand in the file, each once."""
        if not self.origin:
            return problems
        made = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, self.origin))})(?![\w-])")
        return list(dict.fromkeys(made.sub(lambda found: self.origin[found[1]], problem) for problem in problems))


def over_sessions(raw: dict[Any, Any], sources: Mapping[str, str], problems: list[str]) -> OverSessions:
    """Replace each experiment with ``sessions`` by an experiment for each of them.

    Parameters
    ----------
    raw
        Content of the experiments file.
    sources
        Source of each session that is declared and has no problem.
    problems
        Gets what is wrong with the lists, the names and the series. Values of a wrong shape are left to the checks.
    """
    bodies, defaults = raw.get("experiments"), raw.get("defaults")
    if not isinstance(bodies, dict):
        return OverSessions(raw)
    common = defaults if isinstance(defaults, dict) else {}
    lists = {name: found for name, body in bodies.items() if (found := _sessions_of(body, common))}
    declared = raw.get("sessions")
    known = set(declared) if isinstance(declared, dict) else set()
    out: dict[Any, Any] = {}
    series: dict[str, Series] = {}
    origin: dict[str, str] = {}
    for name, body in bodies.items():
        if name not in lists:
            if isinstance(body, dict) and _passes(body.get("over_time")):
                problems.append(f"experiments.{name}.over_time: needs 'sessions', two or more in order of time")
            plain = _without(body, "over_time") if _is_good(body, "over_time", over_time) else body
            out[name] = _compared(name, plain, common, lists)
            continue
        own = {} if body is None else body
        if "sessions" in own and "session" in own:
            problems.append(f"experiments.{name}: has both 'session' and 'sessions'")
            out[name] = _without(own, "sessions", "over_time")
            continue
        unknown = [session for session in lists[name] if session not in known]
        problems += [f"experiments.{name}.sessions: {one!r} is not declared under 'sessions'" for one in unknown]
        settings = _without(own, "sessions", *(["over_time"] if _is_good(own, "over_time", over_time) else []))
        if len(unknown) == len(lists[name]):
            out[name] = settings
        for session in (one for one in lists[name] if one in known):
            made = name_on(str(name), session)
            if made in bodies or made in out:
                problems.append(
                    f"experiments.{name}.sessions: on session {session!r} it is called {made!r}, as another experiment"
                    " is already; rename one of the two"
                )
                continue
            origin[made] = str(name)
            out[made] = _compared(name, {**settings, "session": session}, common, lists)
        asked = _passes(own.get("over_time", common.get("over_time")))
        if asked is not None:
            problems += _unlinkable(str(name), lists[name], sources, "over_time" in own)
            if len(lists[name]) > 1:
                runs = tuple(name_on(str(name), session) for session in lists[name])
                series[str(name)] = Series(str(name), runs, asked.matching, asked.method, asked.joint)
    kept = {key: value for key, value in common.items() if not _is_good(common, key, _OWN.get(key))}
    return OverSessions({**raw, **({"defaults": kept} if common else {}), "experiments": out}, series, origin)


def _sessions_of(body: Any, common: Mapping[Any, Any]) -> tuple[str, ...] | None:
    """Return the sessions of an experiment; None where it is on one, or the list has a problem."""
    if body is not None and not isinstance(body, dict):
        return None
    own = body or {}
    given = own.get("sessions", None if "session" in own else common.get("sessions"))
    try:
        return session_list(given)
    except ValueError:
        return None


def _unlinkable(name: str, sessions: tuple[str, ...], sources: Mapping[str, str], own: bool) -> list[str]:
    """Say why sessions cannot be put on one scale; what ``defaults`` ask for only counts where it could be done."""
    where = f"experiments.{name}.over_time"
    if len(sessions) < 2:
        return [f"{where}: needs two sessions or more, in order of time"] if own else []
    invented = [session for session in sessions if sources.get(session) == "simulated"]
    return [f"{where}: session {one!r} is simulated, and nobody in it is in another session" for one in invented]


def _compared(name: Any, body: Any, common: Mapping[Any, Any], lists: Mapping[Any, tuple[str, ...]]) -> Any:
    """Let ``compare_with`` name the run on the same session of an experiment on several sessions.

    What ``defaults`` ask for falls away where there is no such run, or it is this experiment itself.
    """
    if body is not None and not isinstance(body, dict):
        return body
    settings = body or {}
    asked = "compare_with" in settings
    other = settings.get("compare_with", common.get("compare_with"))
    if not isinstance(other, str) or other not in lists:
        return body
    session = settings.get("session", common.get("session"))
    if session in lists[other] and (asked or other != name):
        return {**settings, "compare_with": name_on(other, session)}
    return {**settings, "compare_with": name_on(other, lists[other][0]) if asked else None}


def _without(body: Any, *keys: str) -> Any:
    return {key: value for key, value in body.items() if key not in keys} if isinstance(body, dict) else body


def _passes(value: Any) -> Asked | None:
    try:
        return over_time(value)
    except ValueError:
        return None


def _is_good(body: Any, key: Any, check: checks.Check | None) -> bool:
    """Return whether a mapping has a key whose value passes its check."""
    if check is None or not isinstance(body, dict) or key not in body:
        return False
    try:
        check(body[key])
    except ValueError:
        return False
    return True


#: Keys of an experiment that this module takes out, and their checks.
_OWN: dict[Any, checks.Check] = {"sessions": session_list, "over_time": over_time}
