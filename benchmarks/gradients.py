"""Count the gradients of fits: how many tuning takes, how many a draw, and how many effective draws they give.

    TALLGRASS_REAL_DATA=folder python benchmarks/gradients.py "119th Senate, normal(0, 1)"

A fit is named as in the table of docs/performance.md. Without names, all fits are counted. Counts do not depend on the
machine or on what else it does; the seconds of processor time do.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import sessions

from tallgrass_models.config.gates import GateConfig
from tallgrass_models.config.sampling import ENOUGH, SamplingConfig
from tallgrass_models.draws.mixing import element_statistics
from tallgrass_models.models.base import BuiltModel
from tallgrass_models.models.compiled import nutpie_internals
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.models.fast.joint import build_joint
from tallgrass_models.priors.constants import ALPHA_SIGMA
from tallgrass_models.priors.spec import JOINT_BETA, PRODUCTION_BETA, BetaPriorSpec
from tallgrass_models.sampling.sample import sample
from tallgrass_models.votes.matching import join_chambers

HEAD = (
    "| votes and prior | other gradients | gradients of drawing | draws | a draw | least bulk ESS | of"
    " | ESS per 1,000 gradients | least tail ESS | worst R-hat | divergences | processor s | gates |"
)
RULE = "|" + "---|" * HEAD.count(" | ") + "---|"

#: Name, prior of beta, standard deviation of that of alpha.
PRIORS = (
    ("normal(0, 1)", PRODUCTION_BETA, ALPHA_SIGMA),
    ("lognormal(0, 0.5)", BetaPriorSpec("lognormal", {"mu": 0, "sigma": 0.5}), ALPHA_SIGMA),
    ("lognormal_reparam(0, 1), `alpha_sigma` 2", JOINT_BETA, 2.0),
    ("halfnormal(1)", BetaPriorSpec("halfnormal", {"sigma": 1}), ALPHA_SIGMA),
)
#: The embedded session, as it is and with the parties' seats exchanged in these chambers.
_SIMULATED = {
    "embedded": (),
    "Democratic House:": ("house",),
    "Democratic Senate:": ("senate",),
    "Democratic both:": ("house", "senate"),
}
_REAL = {"119th": "us-119", "California": "california"}


@dataclass(frozen=True)
class Counted:
    """What one fit took and gave; ``drawing`` are gradients after tuning, ``tuning`` all others."""

    tuning: int
    drawing: int
    n_draws: int
    ess: float
    tail_ess: float
    rhat: float
    block: str
    divergences: int
    seconds: float

    @property
    def per_1000(self) -> float:
        """Least bulk ESS per 1,000 gradients after tuning."""
        return 1000 * self.ess / self.drawing

    def row(self, name: str) -> str:
        """Write a line of the table."""
        gates = GateConfig()
        passed = self.rhat < gates.rhat and min(self.ess, self.tail_ess) > gates.ess and not self.divergences
        cells = (
            name,
            f"{self.tuning:,}",
            f"{self.drawing:,}",
            f"{self.n_draws:,}",
            f"{self.drawing / self.n_draws:.0f}",
            f"{self.ess:.0f}",
            f"`{self.block}`",
            f"{self.per_1000:.1f}",
            f"{self.tail_ess:.0f}",
            f"{self.rhat:.4f}",
            str(self.divergences),
            f"{self.seconds:.0f}",
            "passed" if passed else "MISSED",
        )
        return "| " + " | ".join(cells) + " |"


def count(built: BuiltModel, config: SamplingConfig) -> Counted:
    """Sample by nutpie and count; gradients of a first short chain are tuning."""
    taken: list[int] = []
    nutpie = nutpie_internals.import_nutpie()

    def counted(*args: Any, **kwargs: Any) -> Any:
        last: list[Any] = []
        before = kwargs.get("progress_callback")

        def note(chains: list[Any]) -> None:
            last[:] = [chain.total_num_steps for chain in chains]
            if before:
                before(chains)

        sampler = original(*args, **kwargs | {"progress_callback": note, "progress_rate": 20})
        for name in ("wait", "abort"):  # ends, the second where there are enough draws
            setattr(sampler, name, ended(getattr(sampler, name), last))
        return sampler

    def ended(end: Callable[..., Any], last: list[Any]) -> Callable[..., Any]:
        def ending(**options: Any) -> Any:
            trace = end(**options)
            taken.append(sum(last))
            return trace

        return ending

    original, began = nutpie.sample, time.process_time()
    with mock.patch.object(nutpie, "sample", counted):
        sampled = sample(built, config, "benchmark", 2)
    seconds = time.process_time() - began
    drawing = int(sampled.stats["n_steps"].sum())
    found = {}
    for name, values in built.report(sampled.draws, np.random.default_rng(0)).items():
        flat = values.reshape(*values.shape[:2], -1)
        found[name] = element_statistics(flat[..., np.ptp(flat, axis=(0, 1)) > 0])
    block = min(found, key=lambda name: float(np.nanmin(found[name].ess_bulk)))
    return Counted(
        sum(taken) - drawing,
        drawing,
        sampled.stats["n_steps"].size,
        float(np.nanmin(found[block].ess_bulk)),
        min(float(np.nanmin(one.ess_tail)) for one in found.values()),
        max(float(np.nanmax(one.rhat)) for one in found.values()),
        block,
        int(sampled.stats["diverging"].sum()),
        seconds,
    )


def fits(folder: Path) -> Iterator[tuple[str, Any]]:
    """Name every fit, with a function that builds it; real sessions only if TALLGRASS_REAL_DATA says where they are."""
    load = {name: lambda of=of: sessions.embedded(folder, of) for name, of in _SIMULATED.items()} | {
        name: lambda key=key: sessions.real(key) for name, key in _REAL.items() if os.environ.get("TALLGRASS_REAL_DATA")
    }
    for prior_name, prior, alpha_sigma in PRIORS:
        for session, votes in load.items():
            for chamber in ("house", "senate"):
                yield (
                    f"{session} {chamber.title()}, {prior_name}",
                    lambda v=votes, c=chamber, p=prior, a=alpha_sigma: build_chamber(v()[c], p, a),
                )
            yield (
                f"{session} joint, {prior_name}",
                lambda v=votes, p=prior, a=alpha_sigma: build_joint(join_chambers(v()["house"], v()["senate"]), p, a),
            )


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="beginnings of names of fits")
    parser.add_argument("--draws", type=lambda text: ENOUGH if text == ENOUGH else int(text), default=ENOUGH)
    parser.add_argument("--tune", type=int, default=SamplingConfig().tune)
    wanted = parser.parse_args(arguments)
    config = SamplingConfig(draws=wanted.draws, tune=wanted.tune)
    print(HEAD, RULE, sep="\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, build in fits(Path(folder)):
            if not wanted.only or any(name.startswith(part) for part in wanted.only):
                print(count(build(), config).row(name), flush=True)


if __name__ == "__main__":
    main()
