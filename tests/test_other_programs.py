"""Structures and the model over time against MCMCpack, which has a probit link."""

from dataclasses import replace

import numpy as np
import pytest
from careers import careers
from other_programs import dynamic_irt_1d, irt_1d, irt_2d, skip_without
from over_sessions import sessions_votes
from small import small_chamber

from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.models.base import BuiltModel
from tallgrass_models.models.dynamic.build import build_dynamic
from tallgrass_models.models.structures import flat_joint
from tallgrass_models.models.structures.plane import build_plane
from tallgrass_models.models.structures.structure import Settings
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.sampling.sample import sample
from tallgrass_models.votes.matching import join_chambers

pytestmark = pytest.mark.slow
ALPHA, BETA = 2.0, 1.0
SETTINGS = Settings(BetaPriorSpec("normal", {"mu": 0, "sigma": BETA}), ALPHA, "fast", False, {})


@pytest.fixture(autouse=True)
def mcmcpack():
    skip_without("MCMCpack")


def voted(rng: np.random.Generator, logit: np.ndarray, missing: float = 0.1) -> np.ndarray:
    y = (rng.random(logit.shape) < 1 / (1 + np.exp(-logit))).astype(np.int8)
    y[rng.random(logit.shape) < missing] = -1
    return y


def reported(built: BuiltModel) -> dict[str, np.ndarray]:
    found = sample(built, SamplingConfig(draws=1500, tune=400, chains=2, seed=1), "joint", 2)
    return built.report(found.draws, np.random.default_rng(0))


def test_flat_joint_is_the_model_of_mcmcirt1d_on_the_pooled_matrix(tmp_path):
    rng = np.random.default_rng(5)
    names = [f"HB {j}" for j in range(20)]
    house = small_chamber("house", (10, 14, 0), 50, bills=names + [f"H {j}" for j in range(30)])
    senate = small_chamber("senate", (6, 8, 0), 40, bills=names + [f"S {j}" for j in range(20)])
    alpha, beta = rng.normal(0, 1.2, 70), rng.normal(0, 1, 70)
    items = {"house": np.r_[:50], "senate": np.r_[:20, 50:70]}
    x = {"house": rng.normal(size=24), "senate": rng.normal(size=14)}
    drawn = {
        votes.chamber: replace(
            votes, y=voted(rng, np.outer(x[votes.chamber], beta[items[votes.chamber]]) - alpha[items[votes.chamber]])
        )
        for votes in (house, senate)
    }
    joint = join_chambers(drawn["house"], drawn["senate"])
    pooled = np.full((38, 70), -1)
    pooled[:24, items["house"]], pooled[24:, items["senate"]] = drawn["house"].y, drawn["senate"].y
    truth = np.concatenate([x["house"], x["senate"]])

    ours = reported(flat_joint.build_joint(joint, SETTINGS, truth))["xi"].reshape(-1, len(truth))
    theirs = irt_1d(pooled, tmp_path, truth, ALPHA, BETA)["theta"]

    ours = ours * np.sign(np.corrcoef(ours.mean(0), truth)[0, 1])
    apart = (ours.mean(0) - theirs.mean(0)) / theirs.std(0)
    assert np.sqrt(np.mean(apart**2)) < 0.15
    assert np.median(ours.std(0) / theirs.std(0)) == pytest.approx(1, abs=0.06)
    # a model of the chambers apart would not be on one scale
    assert abs(apart[:24].mean() - apart[24:].mean()) < 0.1


def test_the_plane_is_that_of_mcmcirtkd(tmp_path):
    """Parties are the prior of the first dimension there, not here, so intervals may differ and the plane may not."""
    rng = np.random.default_rng(6)
    sizes, n_votes = (24, 30, 0), 160
    votes = small_chamber(sizes=sizes, n_votes=n_votes)
    x = np.stack([np.repeat([-1.0, 0.9], sizes[:2]) + 0.5 * rng.normal(size=54), rng.normal(size=54)])
    slopes, alpha = 1.3 * rng.normal(size=(2, n_votes)), rng.normal(size=n_votes)
    slopes[:, 0], slopes[:, 1] = (2.5, 0.0), (0.0, 2.5)
    truth = x.T @ slopes - alpha
    scores = votes.legislators.assign(pc1=x[0], pc2=x[1])
    votes = replace(votes, y=voted(rng, truth), legislators=scores)

    ours = {name: draws.mean((0, 1)) for name, draws in reported(build_plane(votes, SETTINGS)).items()}
    found = irt_2d(votes.y, tmp_path, 0, 1, ALPHA, BETA)
    theirs = found["theta"].mean(0).reshape(54, 2)

    plane = np.column_stack([np.ones(54), theirs])
    for axis in ("xi", "xi2"):
        fitted = plane @ np.linalg.lstsq(plane, ours[axis])[0]
        assert np.corrcoef(fitted, ours[axis])[0, 1] > 0.99, axis
    # xi is the line through the party means; xi2 does not see the parties
    republican = votes.parties == "Republican"
    assert ours["xi2"][republican].mean() == pytest.approx(ours["xi2"][~republican].mean(), abs=0.05)


def test_members_move_as_in_mcmcdynamicirt1d(tmp_path):
    """There a member's first position has a prior without parties, and her steps a size of their own."""
    n, n_sessions, step = 20, 3, 0.3
    terms = careers(2, n_sessions, n, leave=0.0, drift=step, outward=0.0, mover=None)
    series = sessions_votes(terms, 60)
    at = np.repeat(np.arange(1, n_sessions + 1), 60)
    y = np.concatenate([votes.y for votes in series.votes], axis=1)

    draws = reported(build_dynamic(series, SETTINGS.beta_prior, ALPHA))["xi"]
    ours = draws.reshape(-1, n_sessions, n).transpose(0, 2, 1)
    theirs = dynamic_irt_1d(y, tmp_path, at, terms[0].x, step, (ALPHA, BETA))

    mean, there = ours.mean(0), theirs.mean(0)
    assert np.corrcoef(mean.ravel(), there.ravel())[0, 1] > 0.98
    moved, moved_there = mean[:, -1] - mean[:, 0], there[:, -1] - there[:, 0]
    assert np.corrcoef(moved, moved_there)[0, 1] > 0.85
    scale = np.polyfit(there.ravel(), mean.ravel(), 1)[0]
    assert np.median(ours.std(0) / (scale * theirs.std(0))) == pytest.approx(1, abs=0.25)
