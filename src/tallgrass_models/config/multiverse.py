"""The key ``vary`` of an experiment, which stands for an experiment of each combination of some settings.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple

from ..files.json import short_hash
from .checks import Check, shape_of, shaped
from .experiments import name_problem
from .mappings import unknown_key

VARY, FOLLOW = "vary", "follow"
#: Most experiments that one ``vary`` may stand for.
MOST = 64
#: Longest name of an experiment that is made here: it is a folder, and a word of tables and pictures.
_LONGEST_NAME = 100
#: Longer values are cut, and told apart by a hash of the whole.
_LONGEST_WORD, _CUT = 40, 24
#: Keys that change no result of their own.
_FIXED = ("description", "compare_with", VARY, FOLLOW)
#: Keys that make experiments themselves, one for each session.
_SWEEPS = ("sessions", "over_time")

_Checks = Mapping[str, Check]
_Nested = Mapping[str, Mapping[str, Check]]


class Body(NamedTuple):
    """Settings of one experiment as the file gives them.

    Attributes
    ----------
    settings
        Its mapping, without ``vary`` and ``follow``; whatever stands there where that is no mapping.
    origin
        Name in the file, under which problems are reported.
    follow
        Members whose positions the comparison follows, by id or name.
    """

    settings: Any
    origin: str
    follow: tuple[str, ...] = ()


@shaped({"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 1, "uniqueItems": True})
def follow_check(value: Any) -> tuple[str, ...]:
    """Check that a value is a list of ids or names of members, each once. Ids may be numbers."""
    if not isinstance(value, list) or not value:
        raise ValueError(f"must be a list of ids or names of members, not {value!r}")
    for one in value:
        if isinstance(one, bool) or not isinstance(one, str | int) or not str(one).strip():
            raise ValueError(f"{one!r} is no id or name of a member")
    texts = [str(one) for one in value]
    for text in texts:
        if texts.count(text) > 1:
            raise ValueError(f"names {text!r} twice")
    return tuple(texts)


@dataclass(frozen=True)
class _Value:
    """One value of a choice: the word in names, what stands in the file."""

    word: str
    raw: Any


@dataclass(frozen=True)
class _Choice:
    """A key that varies, as a path of one or two names, with its values."""

    path: tuple[str, ...]
    values: tuple[_Value, ...]


def expand(
    bodies: Mapping[Any, Any], defaults: Any, plain: _Checks, nested: _Nested, problems: list[str]
) -> tuple[dict[Any, Body], dict[str, str]]:
    """Return an experiment for each combination of the values under ``vary``, and all others as they stand.

    Parameters
    ----------
    bodies
        What stands under ``experiments``.
    defaults
        What stands under ``defaults``.
    plain, nested
        Checks of an experiment's keys, and those of the keys inside its mappings.
    problems
        Gets a line for each problem. An experiment whose ``vary`` has problems stays one, without it.

    Returns
    -------
    expanded : dict of Body
        By name, in the order of the file; the first key of ``vary`` changes slowest.
    first : dict of str
        Of each experiment with ``vary`` the name of its first specification.

    Notes
    -----
    The name of a specification is that of the experiment and a word for each value, in the order of ``vary``. It does
    not depend on which other values there are, so that more values make no finished fit run again.
    """
    known = dict(defaults) if isinstance(defaults, dict) else {}
    out: dict[Any, Body] = {}
    first: dict[str, str] = {}
    for name, settings in bodies.items():
        if not isinstance(settings, dict) or VARY not in settings or name_problem(name):
            out[name] = Body(_without_follow(name, settings, problems), str(name))
            continue
        where = f"experiments.{name}.{VARY}"
        rest = {key: value for key, value in settings.items() if key not in (VARY, FOLLOW)}
        follow = _followed(settings, f"experiments.{name}.{FOLLOW}", problems)
        found: list[str] = []
        choices = list(_choices(settings[VARY], where, plain, nested, found))
        made = [] if found else list(_specifications(name, rest, known, choices, plain, where, found))
        found += _name_problems(name, [one for one, _ in made], bodies, out, where)
        if found:
            problems += found
            out[name] = Body(rest, name)
            continue
        first[name] = made[0][0]
        out |= {one: Body(own, name, follow) for one, own in made}
    for body in out.values():
        if isinstance(body.settings, dict) and body.settings.get("compare_with") in first:
            body.settings["compare_with"] = first[body.settings["compare_with"]]
    return out, first


def _without_follow(name: Any, settings: Any, problems: list[str]) -> Any:
    """Return the settings of an experiment that does not vary; ``follow`` is a problem there."""
    if not isinstance(settings, dict) or FOLLOW not in settings or VARY in settings:
        return settings
    problems.append(
        f"experiments.{name}.{FOLLOW}: follows members over the experiments of a '{VARY}', and there is none here"
    )
    return {key: value for key, value in settings.items() if key != FOLLOW}


def _followed(settings: Mapping[Any, Any], where: str, problems: list[str]) -> tuple[str, ...]:
    try:
        return follow_check(settings[FOLLOW]) if FOLLOW in settings else ()
    except ValueError as error:
        problems.append(f"{where}: {error}")
        return ()


def vary_shape(plain: _Checks, nested: _Nested, settings: str) -> dict[str, Any]:
    """Return the JSON Schema of ``vary``; ``settings`` is the reference to that of an experiment's settings."""

    def values(one: dict[str, Any]) -> dict[str, Any]:
        return {"anyOf": [{"type": "array", "items": one, "minItems": 1}, {"type": "object", "minProperties": 1}]}

    shapes = {}
    for path in _paths(plain, nested):
        inside = "/properties/".join(path) if path[0] in nested or len(path) == 1 else ""
        shapes[".".join(path)] = values({"$ref": f"{settings}/properties/{inside}"} if inside else {})
    for key, sections in _bare(plain, nested).items():
        if len(sections) == 1:
            shapes[key] = shapes[f"{sections[0]}.{key}"]
    return {"type": "object", "properties": shapes, "additionalProperties": False, "minProperties": 1}


# --- which keys ---------------------------------------------------------------------------------------------------


def _paths(plain: _Checks, nested: _Nested) -> Iterator[tuple[str, ...]]:
    """List all keys that can vary: plain ones, those inside them as their shapes say, and those of nested mappings."""
    for key, check in plain.items():
        if key not in (*_FIXED, *_SWEEPS):
            yield (key,)
            yield from ((key, inner) for inner in _inner_keys(shape_of(check)))
    yield from ((section, key) for section, keys in nested.items() for key in keys)


def _inner_keys(shape: Mapping[str, Any]) -> list[str]:
    """Return the keys that a shape allows inside its mapping; none where the value is no mapping."""
    found = [key for way in shape.get("anyOf", ()) for key in _inner_keys(way)]
    return list(dict.fromkeys([*shape.get("properties", {}), *found]))


def _bare(plain: _Checks, nested: _Nested) -> dict[str, list[str]]:
    """Return the keys that can be named without their mapping, each with the mappings that have it."""
    out: dict[str, list[str]] = {}
    for section, keys in nested.items():
        for key in keys:
            if key not in plain:
                out.setdefault(key, []).append(section)
    return out


def _path_of(key: Any, plain: _Checks, nested: _Nested) -> tuple[str, ...]:
    """Return the path of a key of ``vary``.

    Raises
    ------
    ValueError
        If there is no such key, or more than one.
    """
    known = {".".join(path): path for path in _paths(plain, nested)}
    if key in known:
        return known[key]
    if key in _FIXED:
        raise ValueError(f"{key!r} changes no result, so it cannot vary")
    if key in _SWEEPS:
        raise ValueError(f"{key!r} makes experiments of its own, so it cannot vary; vary 'session'")
    sections = _bare(plain, nested).get(str(key), [])
    if len(sections) == 1:
        return sections[0], str(key)
    if sections:
        raise ValueError(f"{key!r} is a key of {' and '.join(sections)}; write {sections[0]}.{key}")
    if key in nested:
        raise ValueError(f"{key!r} is a mapping; vary a key of it, such as {key}.{next(iter(nested[key]))}")
    raise ValueError(unknown_key(key, {**known, **_bare(plain, nested)}))


# --- which values -------------------------------------------------------------------------------------------------


def _choices(raw: Any, where: str, plain: _Checks, nested: _Nested, problems: list[str]) -> Iterator[_Choice]:
    if not isinstance(raw, dict) or not raw:
        problems.append(f"{where}: must be a mapping of settings to lists of values, such as {{seed: [1, 2]}}")
        return
    seen: dict[tuple[str, ...], Any] = {}
    for key, values in raw.items():
        try:
            path = _path_of(key, plain, nested)
        except ValueError as error:
            problems.append(f"{where}: {error}")
            continue
        twice = [other for at, other in seen.items() if at[: len(path)] == path or path[: len(at)] == at]
        if twice:
            problems.append(f"{where}: {twice[0]!r} and {key!r} set the same; vary one of them")
            continue
        seen[path] = key
        found = list(_values(path, values, f"{where}.{key}", problems))
        words = [value.word for value in found]
        for word in dict.fromkeys(word for word in words if words.count(word) > 1):
            problems.append(
                f"{where}.{key}: two values are called {word!r}; name them, as in {{narrow: ..., wide: ...}}"
            )
        check = nested[path[0]][path[1]] if path[0] in nested else plain[path[0]] if len(path) == 1 else None
        for value in found if check else ():
            problems += _refused(check, value.raw, f"{where}.{key}")
        yield _Choice(path, tuple(found))
    n = prod(len(raw[key]) for key in seen.values() if isinstance(raw[key], list | dict))
    if n > MOST:
        problems.append(f"{where}: stands for {n} experiments, and at most {MOST} are allowed; vary less at a time")


def _values(path: tuple[str, ...], raw: Any, where: str, problems: list[str]) -> Iterator[_Value]:
    """List values: a list, or a mapping of a word for each."""
    if not isinstance(raw, list | dict) or not raw:
        problems.append(f"{where}: must be a list of values, not {raw!r}")
    elif isinstance(raw, list):
        yield from (_Value(_word(path[-1], value), value) for value in raw)
    else:
        for word, value in raw.items():
            if problem := name_problem(word):
                problems.append(f"{where}.{word}: {problem}")
            else:
                yield _Value(word, value)


def _refused(check: Check | None, value: Any, where: str) -> Iterator[str]:
    try:
        if check is not None:
            check(value)
    except (ValueError, OverflowError) as error:
        yield f"{where}: {error}"


# --- the experiments ----------------------------------------------------------------------------------------------


def _specifications(
    name: str,
    rest: dict[Any, Any],
    defaults: Mapping[Any, Any],
    choices: Sequence[_Choice],
    plain: _Checks,
    where: str,
    problems: list[str],
) -> Iterator[tuple[str, dict[Any, Any]]]:
    """Make every combination: its name and its settings."""
    for choice in choices:
        own, key = rest.get(choice.path[0]), ".".join(choice.path)
        alone = len(choice.path) == 1 and choice.path[0] in rest
        if alone or (choice.path[0] not in plain and isinstance(own, dict) and choice.path[1] in own):
            problems.append(f"{where}: {key!r} is set beside {VARY} too; set it once")
    if problems:
        return
    firsts: dict[Any, str] = {}
    for combination in itertools.product(*(choice.values for choice in choices)):
        settings, said = dict(rest), []
        for choice, value in zip(choices, combination, strict=True):
            try:
                _set(settings, choice.path, value.raw, defaults)
            except ValueError as error:
                problems.append(f"{where}.{'.'.join(choice.path)}: {error}")
                return
            said.append(f"{'.'.join(choice.path)} {_shown(value.raw)}")
        for top in dict.fromkeys(choice.path[0] for choice in choices if len(choice.path) > 1):
            if top in plain:
                problems += _refused(plain[top], settings[top], f"{where}.{top}")
        made = "_".join([name, *(value.word for value in combination)])
        session = str(settings.get("session"))
        said_elsewhere = "compare_with" in rest or defaults.get("compare_with") is not None
        if not said_elsewhere and firsts.setdefault(session, made) != made:
            settings["compare_with"] = firsts[session]
        described = [rest["description"]] if isinstance(rest.get("description"), str) else []
        settings["description"] = ": ".join([*described, ", ".join(said)])
        if "description" in rest and not described:
            settings["description"] = rest["description"]  # its check says what is wrong with it
        yield made, settings


def _set(settings: dict[Any, Any], path: tuple[str, ...], value: Any, defaults: Mapping[Any, Any]) -> None:
    """Set a key. One inside another setting joins what the experiment, or else ``defaults``, says of that setting."""
    if len(path) == 1:
        settings[path[0]] = value
        return
    top, key = path
    base = settings[top] if top in settings else defaults.get(top)
    if base is False:
        raise ValueError(f"{top} is off; set {top}: true beside {VARY}")
    settings[top] = {**(base if isinstance(base, dict) else {}), key: value}


def _name_problems(
    name: str, made: Sequence[str], bodies: Mapping[Any, Any], taken: Mapping[Any, Body], where: str
) -> Iterator[str]:
    for one in made:
        if one in taken or (one in bodies and one != name):
            other = taken[one].origin if one in taken else one
            yield f"{where}: makes an experiment {one!r}, and {other!r} is or makes one of that name; rename one"
        elif len(one) > _LONGEST_NAME:
            yield f"{where}: the name {one!r} is longer than {_LONGEST_NAME} letters; name the values, or vary less"
        elif problem := name_problem(one):
            yield f"{where}: {problem}"


# --- words --------------------------------------------------------------------------------------------------------


def _word(key: str, value: Any) -> str:
    """Return the word for a value in names, made of lower-case letters, digits and ``_``."""
    word = _full_word(key, value)
    if word and len(word) <= _LONGEST_WORD:
        return word
    digest = short_hash(json.dumps(value, sort_keys=True, default=str))[:6]
    return f"{word[:_CUT].rstrip('_')}_{digest}".lstrip("_")


def _full_word(key: str, value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return key if value else f"no_{key}"
    if isinstance(value, int | float):
        return key.rpartition("_")[2] + _digits(value)
    if isinstance(value, list):
        return "_".join(_full_word(key, one) for one in value)
    if isinstance(value, dict):
        family = value.get("distribution")
        rest = sorted((str(name), one) for name, one in value.items() if name != "distribution")
        if isinstance(family, str):
            numbers = [_digits(v) if _is_number(v) else _full_word(k, v) for k, v in rest]
            return "_".join([_slug(family), *numbers])
        return "_".join(_full_word(name, one) for name, one in rest)
    return _slug(str(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _digits(value: float) -> str:
    """Return all digits of a number: 0.025 as 0p025, -1 as m1."""
    whole = isinstance(value, int) or (value == round(value) and abs(value) < 1e15)
    return _slug((str(int(value)) if whole else repr(value)).replace("-", "m").replace(".", "p").replace("+", ""))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _shown(value: Any) -> str:
    """Return a value for the description."""
    if isinstance(value, dict) and isinstance(value.get("distribution"), str):
        inner = ", ".join(f"{key}={one}" for key, one in value.items() if key != "distribution")
        return f"{value['distribution']}({inner})"
    return value if isinstance(value, str) else json.dumps(value, default=str)
