"""A CSV of external scores, as named in the configuration.

Needs only the standard library, so that a problem in the file is told before any job.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

from ..errors import UserError

_COLUMNS = ("legislator", "score")


def read_scores(path: str | Path) -> dict[str, float]:
    """Scores by legislator from a CSV file with the columns `_COLUMNS`; others are not read.

    Raises
    ------
    UserError
        Naming the file, and the column or the row (the header is row 1): not readable, a column missing, a score that
        is not a finite number, a legislator twice, no rows.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = [name for name in _COLUMNS if name not in (reader.fieldnames or [])]
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UserError(f"{path}: cannot be read: {why}") from None
    if missing:
        raise UserError(f"{path}: column {', '.join(missing)} missing; needs {', '.join(_COLUMNS)}")
    scores: dict[str, float] = {}
    problems = []
    for number, row in enumerate(rows, start=2):
        name, text = (str(row[column] or "").strip() for column in _COLUMNS)
        if problem := _problem(name, text, scores):
            problems.append(f"{path}: row {number}: {problem}")
            continue
        scores[name] = float(text)
    if not rows:
        problems.append(f"{path}: no rows below the header")
    if problems:
        raise UserError("\n".join(problems))
    return scores


def _problem(name: str, text: str, known: dict[str, float]) -> str | None:
    if not name:
        return "no legislator"
    if name in known:
        return f"{name!r} occurs before"
    try:
        finite = math.isfinite(float(text))
    except ValueError:
        finite = False
    return None if finite else f"score {text!r} is not a number; leave the row out where there is none"
