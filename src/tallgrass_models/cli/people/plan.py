"""The command `plan`, which says what would run, for which experiment, why, and about how long."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from ...files.untrusted import for_terminal
from ..arguments import AddCommand, add_config, add_name

if TYPE_CHECKING:
    from ...steps.plan import Planned


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("plan", run, "say what Snakemake would run, for which experiment, why, and about how long")
    add_name(sub, "experiments and series over time (default: all, and the comparison)", "names", nargs="*")
    sub.add_argument("--snakefile", type=Path, default=Path("workflow/Snakefile"), metavar="FILE")
    sub.add_argument("--cores", type=int, default=4, metavar="N", help="cores that the run will have (default: 4)")
    add_config(sub)


def run(args: argparse.Namespace) -> None:
    """Print the plan."""
    from ...config.reading import load_experiments_and_series, varied
    from ...steps.plan import hours, plan
    from ..experiments import experiment_named

    families = varied(args.config)
    names = [made for name in args.names for made in (_made_by(name, families) or [name])]
    experiments, series = load_experiments_and_series(args.config)
    for name in names:
        if name not in series:
            experiment_named(args.config, name)
    steps = plan(args.snakefile, experiments, args.config, names, series)
    if not steps:
        print("Nothing would run: everything is up to date.")
        return
    for whose, found in groupby(sorted(steps, key=lambda step: _order(step, list(experiments))), lambda s: s.whose):
        print("\n".join(_lines(whose, list(found))))
    for line in _families(steps, families):
        print(line)
    samplers = next(iter(experiments.values())).platform.samplers
    fits = [step for step in steps if step.samples]
    total = f"{len(steps)} steps, of which {len(fits)} sample; about {_spoken(hours(steps, samplers, args.cores))}"
    if fits:
        total += f", {max(step.cost.megabytes for step in fits) / 1000:.1f} GB at most for a fit"
    guessed = sum(not step.cost.measured for step in steps)
    print(
        f"{total}." + (f" {guessed} of the times are estimates; they become better with each run." if guessed else "")
    )


def _made_by(name: str, families: Mapping[str, str]) -> list[str]:
    """List the experiments that the key ``vary`` of an experiment stands for."""
    return [made for made, origin in families.items() if origin == name]


def _families(steps: Sequence[Planned], families: Mapping[str, str]) -> Iterator[str]:
    """Say of each experiment with ``vary`` what its combinations take together, without votes and comparison."""
    for origin in dict.fromkeys(families.values()):
        own = [step for step in steps if families.get(step.whose) == origin]
        if own:
            n, seconds = len({step.whose for step in own}), sum(step.cost.seconds for step in own)
            yield f"{origin} varies: {n} experiments would run, about {_spoken(seconds / 3600)} if one after the other"


def _order(step: Planned, names: Sequence[str]) -> tuple[int, str]:
    """Votes first, then the experiments as in the file, then series over time, then the comparison."""
    if step.whose.startswith("votes of "):
        return (-1, step.whose)
    if step.whose == "comparison":
        return (len(names) + 1, "")
    return (names.index(step.whose) if step.whose in names else len(names), step.whose)


def _lines(whose: str, steps: Sequence[Planned]) -> list[str]:
    """Say what runs for one experiment: fits and steps with a reason of their own, then those that follow."""
    own = [step for step in steps if step.samples or not step.follows]
    rest = dict.fromkeys(step.rule for step in steps if step not in own)
    seconds = sum(step.cost.seconds for step in steps)
    out = [f"{for_terminal(whose)}: {len(steps)} step{'s' * (len(steps) != 1)}, about {_spoken(seconds / 3600)}"]
    reasons: dict[tuple[str, tuple[str, ...]], list[Planned]] = {}
    for step in own:
        reasons.setdefault((step.rule, step.reasons), []).append(step)
    for (rule, why), found in reasons.items():
        units = " ".join(filter(None, dict.fromkeys(step.unit for step in found)))
        seconds = sum(step.cost.seconds for step in found)
        about = f"  (about {_spoken(seconds / 3600)})" if found[0].samples else ""
        times = f" ({len(found)} fits)" if found[0].samples and len(found) > len({step.unit for step in found}) else ""
        out.append(for_terminal(f"  {rule} {units}".rstrip() + f"{times}: {'; '.join(why)}") + about)
    if rest:
        out.append(f"  then {', '.join(rest)}")
    return out


def _spoken(hours: float) -> str:
    """Hours as 45 s, 12 min or 3 h 20 min."""
    from ...monitoring.sweep import duration

    return duration(3600 * hours)
