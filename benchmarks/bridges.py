"""Places of senators beside the House where some shared bills are not one item, by a joint model with either bridges.

python benchmarks/bridges.py 12          # sessions of each kind

Sessions are drawn from the priors of the chamber model. Of the shared bills, a share is drawn anew for the Senate, or
the Senate's alpha of all is moved by ``delta``. Each session is fitted with `same`, which merges all shared bills, and
with `drift`. The table shows, over all senators: the mean absolute error of their position on the House's headline
scale, the share of positions in their 90 % intervals, and the mean width of these.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tallgrass_models.calibration.drawn import Design, Truth, as_votes, draw_session
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.draws.mixing import element_statistics
from tallgrass_models.draws.vote_probability import VoteParameters, probability
from tallgrass_models.models.fast.drift import DriftBuilder
from tallgrass_models.models.fast.joint_builder import JointBuilder
from tallgrass_models.priors.spec import PRODUCTION_BETA
from tallgrass_models.sampling.sample import sample
from tallgrass_models.votes.matching import join_chambers

DESIGN = Design(members=(50, 25), rollcalls=70, shared=45, filters=(0.025,), min_gap=1.5, alpha_sigma=2.0, seed=3)
#: Share of shared bills that are unlike, and delta.
KINDS = ((0.0, 0.0), (0.1, 0.0), (0.5, 0.0), (0.0, 1.0))
BUILDERS = {"same": JointBuilder, "drift": DriftBuilder}


def changed(senate: Truth, unlike: float, delta: float, rng: np.random.Generator) -> Truth:
    """Draw the Senate's votes again, with its own alpha and beta of some shared bills, and alpha of all moved."""
    n = senate.n_shared
    alpha, beta = senate.alpha.copy(), senate.beta.copy()
    which = rng.random(n) < unlike
    alpha[:n][which], beta[:n][which] = DESIGN.alpha_sigma * rng.normal(size=which.sum()), rng.normal(size=which.sum())
    alpha[:n] += delta
    votes = VoteParameters(senate.xi, alpha, beta)
    p = probability(votes.logits(lambda own: own[:, None], lambda own: own, lambda own: own))
    return replace(senate, alpha=alpha, beta=beta, y=(rng.random(p.shape) < p).astype(np.int8))


def places(xi: np.ndarray, house: Truth) -> np.ndarray:
    """Positions of senators where the House's party averages are -1 and +1; the last axis is that of the members."""
    n = len(house.xi)
    left, right = (xi[..., :n][..., house.party == p].mean(-1, keepdims=True) for p in (0, 1))
    return (2 * xi[..., n:] - left - right) / (right - left)


def fits(unlike: float, delta: float, replicate: int) -> Iterator[tuple[str, np.ndarray, float]]:
    """Fit one session with either bridges: error, whether covered and width by senator, and the worst R-hat."""
    house, senate = draw_session(DESIGN, replicate)
    senate = changed(senate, unlike, delta, np.random.default_rng([replicate, 7]))
    votes = join_chambers(*(as_votes(own, name, 0.025) for own, name in ((house, "house"), (senate, "senate"))))
    truth = places(np.concatenate([house.xi, senate.xi]), house)
    for name, builder in BUILDERS.items():
        built = builder(votes, PRODUCTION_BETA, DESIGN.alpha_sigma, None, None).build((False, False))
        config = SamplingConfig(draws=300, tune=400, chains=2, seed=replicate)
        xi = built.report(sample(built, config, "joint", 2).draws, np.random.default_rng(replicate))["xi"]
        found = places(xi, house)
        low, middle, high = np.quantile(found, [0.05, 0.5, 0.95], axis=(0, 1))
        scores = np.stack([np.abs(middle - truth), (low <= truth) & (truth <= high), high - low])
        yield name, scores, float(np.max(element_statistics(found).rhat))


def main() -> None:
    """Print a row for each kind of session and each bridges."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    print("| unlike | delta | bridges | mean absolute error | covered by 90 % intervals | width | sessions |")
    print("|---|---|---|---|---|---|---|")
    for unlike, delta in KINDS:
        found: dict[str, list[np.ndarray]] = {name: [] for name in BUILDERS}
        for replicate in range(n):
            both = list(fits(unlike, delta, replicate))
            if max(rhat for *_, rhat in both) < 1.1:
                for name, scores, _ in both:
                    found[name].append(scores)
        for name, scores in found.items():
            error, covered, width = np.concatenate(scores, axis=1).mean(1)
            print(
                f"| {unlike:.0%} | {delta:g} | {name} | {error:.3f} | {covered:.1%} | {width:.2f} | {len(scores)} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
