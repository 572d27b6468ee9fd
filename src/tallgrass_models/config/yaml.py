"""Reader of YAML files that loses nothing silently.

A key written twice is a problem, reported with its line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ..files.digests import read_bytes

#: Characters of a text, which ends up on a command line, and brackets that are open at once.
_LONGEST, _DEEPEST = 10_000, 200


def read_yaml(path: Path) -> tuple[Any, list[str]]:
    """Return the content of a YAML file and its problems as texts; if there are problems, the content may be None."""
    problems: list[str] = []

    class Loader(yaml.SafeLoader):
        """Safe loader that reports a key written twice in one mapping (YAML itself lets the last one win)."""

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
        first: dict[Any, int] = {}
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":  # for `<<: *anchor`, keys beside it win
                continue
            line = key_node.start_mark.line + 1
            key = loader.construct_object(key_node, deep=True)  # type: ignore[no-untyped-call]
            if not isinstance(key, str | int | float | bool | None):
                raise yaml.MarkedYAMLError(problem="a key must be a plain word", problem_mark=key_node.start_mark)
            if key in first:
                problems.append(f"line {line}: {key!r} is defined twice (first on line {first[key]})")
            first.setdefault(key, line)
        return dict(loader.construct_mapping(node, deep=True))

    def text(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
        value = str(node.value)
        if problem := _problem_of(value):
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        return value

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_SCALAR_TAG, text)
    try:
        content = read_bytes(path).decode("utf-8")
        if _depth(content) > _DEEPEST:
            problems.append(f"more than {_DEEPEST} brackets are open at once")
            return None, problems
        return yaml.load(content, Loader), problems
    except FileNotFoundError:
        problems.append("no such file")
    except OSError as error:
        problems.append(f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        problems.append(f"not UTF-8 text (byte {error.start})")
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        problems.append(f"{line}not valid YAML: {error.problem or error.context}")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problems.append(f"not valid YAML: {error}")
    except (KeyError, AttributeError, TypeError) as error:  # PyYAML, of a value that is not of the type of its tag
        problems.append(f"not valid YAML: a value does not fit its tag ({error})")
    return None, problems


def _problem_of(text: str) -> str | None:
    """Say why a text can be no name of a file and no word on a page; None if it can."""
    if len(text) > _LONGEST:
        return f"a text of {len(text)} characters; {_LONGEST} are the most"
    if "\0" in text:
        return f"a text holds a zero byte: {text[:40]!r}"
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return f"a text holds half a character: {text[:40]!r}"
    return None


def _depth(text: str) -> int:
    """Return how many brackets are open at once, at most; PyYAML takes minutes to find that there are too many."""
    depth = most = 0
    for letter in text:
        depth += (letter in "[{") - (letter in "]}")
        most = max(most, depth)
    return most
