"""Compare previews with full posteriors, as a table in Markdown.

    TALLGRASS_REAL_DATA=folder python benchmarks/preview.py

Positions are on the headline scale. Differences of means are in standard deviations of the posterior. Seconds are of
processor time, without reading the votes and starting Python; those of a fit are without compilation, too.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from contenders import CORES
from sessions import chambers

from tallgrass_models.checking.preview import Preview, preview
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.draws.moments import INTERVAL
from tallgrass_models.draws.scale import headline_scale
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.priors.constants import ALPHA_SIGMA
from tallgrass_models.priors.spec import PRODUCTION_BETA, BetaPriorSpec
from tallgrass_models.sampling.sample import compile_model, sample
from tallgrass_models.votes.matrix import ChamberVotes

PRIORS = (PRODUCTION_BETA, BetaPriorSpec("lognormal", {"mu": 0.0, "sigma": 0.5}))
HEAD = (
    *(
        "votes",
        "beta prior",
        "members x roll calls",
        "Pareto k",
        "reweighted",
        "correlation",
        "rms difference of means",
    ),
    *("largest", "width of intervals, relative", "posterior means inside", "seconds", "seconds of the fit"),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, a row as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="WORDS", help="chambers whose name has these words")
    parser.add_argument(
        "--draws", type=int, default=1000, metavar="N", help="of each of 4 chains (default: %(default)s)"
    )
    args = parser.parse_args(arguments)
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
    with TemporaryDirectory() as folder:
        for prior in PRIORS:
            for name, load in chambers(Path(folder)).items():
                votes = load() if args.only in name else None
                if votes is not None:
                    print(f"| {' | '.join(row(name, votes, prior, args.draws))} |", flush=True)


def row(name: str, votes: ChamberVotes, prior: BetaPriorSpec, draws: int) -> Iterator[str]:
    """Fit and preview one chamber, and compare them."""
    began = time.process_time()
    quick = preview(votes, prior, ALPHA_SIGMA)
    seconds = time.process_time() - began
    x, of_fit = positions_of_fit(votes, prior, draws)
    return cells(name, votes, prior, quick, x, (seconds, of_fit))


def positions_of_fit(votes: ChamberVotes, prior: BetaPriorSpec, draws: int) -> tuple[np.ndarray, float]:
    """Sample the posterior; return positions, shape (n_draws, n_members), and seconds of processor time."""
    config = SamplingConfig(draws=draws, tune=1000, chains=4)
    built = build_chamber(votes, prior)
    compiled = compile_model(built, config.sampler)
    began = time.process_time()
    sampled = sample(built, config, "benchmark", CORES, compiled=compiled)
    seconds = time.process_time() - began
    xi = built.report(sampled.draws, np.random.default_rng(0))["xi"]
    xi = xi.reshape(-1, xi.shape[-1])
    return headline_scale(xi, votes.parties)[1].positions(xi), seconds


def cells(
    name: str,
    votes: ChamberVotes,
    prior: BetaPriorSpec,
    quick: Preview,
    x: np.ndarray,
    seconds: tuple[float, float],
) -> Iterator[str]:
    """Write the cells of a row."""
    mean, sd = x.mean(0), x.std(0)
    low, high = np.quantile(x, INTERVAL, axis=0)
    off = (quick.mean - mean) / sd
    yield name
    yield prior.describe()
    yield "{} x {}".format(*votes.y.shape)
    yield f"{quick.pareto_k:.2f}"
    yield "yes" if quick.reweighted else "no"
    yield f"{np.corrcoef(quick.mean, mean)[0, 1]:.4f}"
    yield f"{np.sqrt((off**2).mean()):.2f} sd"
    yield f"{np.abs(off).max():.2f} sd"
    yield f"{np.median((quick.high - quick.low) / (high - low)):.2f}"
    yield f"{((quick.low <= mean) & (mean <= quick.high)).mean():.0%}"
    yield from (f"{one:.1f}" for one in seconds)


if __name__ == "__main__":
    main()
