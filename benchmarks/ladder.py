"""Print the ladder of held-out votes of finished experiments, as a table in Markdown.

    python benchmarks/ladder.py baseline us_119 california --results results

It reads results/{experiment}/held_out.json. Experiments with the same votes and folds share the lower rungs, so these
stand there once; what the others gain is always compared with the flat model. The best log score of each chamber is
set in bold, and those that are within two standard errors of it have a star.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallgrass_models.files.json import read_json
from tallgrass_models.files.records.folds import HeldOut, Rung
from tallgrass_models.folds.scores import ChamberScores, clustered, step
from tallgrass_models.folds.store import read_scores
from tallgrass_models.votes.naming import USUAL
from tallgrass_models.wording.numbers import count, number, percent, signed

_NAMES = {"party": "party alone", "flat": "flat", "chamber": "chamber", "joint": "joint"}
_SHARED = ("party", "flat")
_HEAD = (
    *("session", "chamber", "model", "log score per vote (SE)", "called right", "votes right, of 1,000 (90 %)"),
    *("log score, against flat (90 %)", "folds converged", "time"),
)


@dataclass(frozen=True)
class Entry:
    """One rung of one experiment, with the predictions behind it."""

    experiment: str
    held_out: HeldOut
    rung: Rung
    scores: ChamberScores

    @property
    def label(self) -> str:
        """Name of the model, with the experiment if it is its own."""
        name = _NAMES[self.rung["rung"]]
        return name if self.rung["rung"] in _SHARED else f"{name}, {self.experiment}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiments", nargs="+", metavar="NAME")
    parser.add_argument("--results", type=Path, default=Path("results"), metavar="FOLDER")
    args = parser.parse_args(arguments)
    print("\n".join(table([args.results / name for name in args.experiments])))


def table(folders: Sequence[Path]) -> list[str]:
    """Return the lines of the table of experiments, whose folders these are."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for folder in folders:
        content: HeldOut = read_json(folder / "held_out.json")
        chambers, _ = read_scores(folder / "held_out.nc")
        for chamber, block in content["chambers"].items():
            for rung in block["ladder"]:
                entry = Entry(content["experiment"], content, rung, chambers[chamber])
                found.setdefault((content["session"], chamber), []).append(entry)
    lines = [f"| {' | '.join(_HEAD)} |", "|" + "---|" * len(_HEAD)]
    for (session, chamber), entries in found.items():
        lines += _rows(session, USUAL.title(chamber), _once(entries))
    return lines


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """Leave out shared rungs that stand there already, with the same score."""
    seen: set[tuple[str, float]] = set()
    kept = []
    for entry in sorted(entries, key=lambda one: list(_NAMES).index(one.rung["rung"])):
        key = entry.rung["rung"], entry.rung["log_score"]
        if entry.rung["rung"] not in _SHARED or key not in seen:
            kept.append(entry)
        seen.add(key)
    return kept


def _rows(session: str, chamber: str, entries: Sequence[Entry]) -> Iterator[str]:
    best = max(entries, key=lambda one: one.rung["log_score"])
    for entry in entries:
        rung, votes = entry.rung, entry.scores.votes()
        gained = None if rung["rung"] == "flat" else step(votes, "flat", rung["rung"])
        score = f"{number(rung['log_score'], 4)} ({number(rung['log_score_se'], 4)})"
        if entry is best:
            score = f"**{score}**"
        elif _close(entry, best):
            score += " *"
        cells = [session, chamber, entry.label, score, percent(rung["correct"], 2)]
        cells += [_span(gained, "right", 1), _span(gained, "log_score", 4)] if gained else ["–", "–"]
        fitted = f"{rung['n_converged']} of {rung['n_folds']}", f"{count(rung['seconds'])} s"
        cells += fitted if rung["n_folds"] else ("–", "–")
        yield f"| {' | '.join(cells)} |"


def _span(gained: Mapping[str, Any], key: str, digits: int) -> str:
    ends = " to ".join(signed(gained[f"{key}_{end}"], digits) for end in ("q05", "q95"))
    return f"{signed(gained[key], digits)} ({ends})"


def _close(entry: Entry, best: Entry) -> bool:
    """Tell whether a score is within two standard errors of the best, on the same votes."""
    own, other = entry.scores.votes(), best.scores.votes()
    if len(own) != len(other) or (own.member != other.member).any() or (own.rollcall != other.rollcall).any():
        return False
    difference = other.log_score[best.rung["rung"]] - own.log_score[entry.rung["rung"]]
    mean, se = clustered(difference, own.rollcall)
    return mean < 2 * se


if __name__ == "__main__":
    main()
