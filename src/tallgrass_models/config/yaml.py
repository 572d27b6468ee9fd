"""Reader of YAML files that loses nothing silently.

A key written twice is a problem, reported with its line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


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

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader), problems
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
    return None, problems
