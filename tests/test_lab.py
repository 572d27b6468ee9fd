"""The known-truth lab: it passes on the right model, and finds a planted wrong prior and a planted bug."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small import small_chamber, small_pair

from tallgrass_models.calibration.known_truth import (
    KnownTruth,
    by_chamber,
    from_fit,
    from_joint_prior,
    from_prior,
    simulated,
)
from tallgrass_models.calibration.pooled import pooled
from tallgrass_models.calibration.recovery import recovered
from tallgrass_models.config.experiments import ExperimentConfig, JointConfig
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.specs import lab_pool_spec_json, lab_spec_json
from tallgrass_models.errors import UserError
from tallgrass_models.priors.spec import PRODUCTION_BETA, BetaPriorSpec
from tallgrass_models.steps import prepared
from tallgrass_models.steps.fit_lab import check_model, is_done
from tallgrass_models.steps.lab import lab
from tallgrass_models.steps.lab_pool import lab_pool
from tallgrass_models.votes.matching import join_chambers
from tallgrass_models.votes.unit import Unit

VOTES = small_chamber(sizes=(8, 10, 2), n_votes=30)
N, M = VOTES.y.shape
DEMOCRATS = VOTES.parties == "Democrat"

# --- what is simulated --------------------------------------------------------------------------------------------


def test_members_parties_and_absences_stay():
    truth = from_prior(VOTES, PRODUCTION_BETA, 5.0, np.random.default_rng(1))
    drawn = simulated(VOTES, truth, np.random.default_rng(2))
    assert ((drawn.y < 0) == (VOTES.y < 0)).all()
    assert set(np.unique(drawn.y)) <= {-1, 0, 1}
    assert (drawn.y != VOTES.y).any()
    assert list(drawn.parties) == list(VOTES.parties)
    assert list(drawn.rollcalls["yea"]) == [(column == 1).sum() for column in drawn.y.T]
    assert not np.allclose(drawn.legislators["pc1"], VOTES.legislators["pc1"])


def test_votes_follow_the_truth():
    """The share of Yea of each cell over many sessions is its probability."""
    truth = from_prior(VOTES, PRODUCTION_BETA, 1.0, np.random.default_rng(3))
    rng = np.random.default_rng(4)
    share = np.mean([simulated(VOTES, truth, rng).y == 1 for _ in range(400)], axis=0)
    cast = VOTES.y >= 0
    p = 1 / (1 + np.exp(-(truth.xi[:, None] * truth.beta - truth.alpha)))
    z = (share - p)[cast] / np.sqrt(p * (1 - p) / 400 + 1e-6)[cast]
    assert abs(np.mean(z)) < 0.2
    assert 0.8 < np.std(z) < 1.2


def test_a_truth_of_the_fit_is_one_of_its_draws():
    arrays = [np.arange(24.0).reshape(2, 3, 4) + 100 * k for k in range(3)]
    truth = from_fit(*arrays, np.random.default_rng(0))
    assert any((truth.xi == draw).all() for draw in arrays[0].reshape(-1, 4))
    assert (truth.alpha - truth.xi == 100).all()
    assert (truth.beta - truth.xi == 200).all()


# --- what is found, on draws that are exchangeable with the truth by construction -----------------------------------


def replicate(seed: int, narrow: float = 1.0, flipped: bool = False) -> dict:
    """Draws about a centre, and a truth that is one more of them: as right as a posterior can be."""
    rng = np.random.default_rng(seed)
    centre = np.concatenate([1.5 * np.where(DEMOCRATS, -1, 1) + 0.4 * rng.normal(size=N), rng.normal(size=2 * M)])
    draws = centre + 0.3 * rng.normal(size=(2, 300, N + 2 * M))
    truth = KnownTruth(*np.split(centre + 0.3 * rng.normal(size=N + 2 * M), [N, N + M]))
    xi, alpha, beta = np.split(centre + narrow * (draws - centre), [N, N + M], axis=2)
    if flipped:
        xi = xi * np.where(DEMOCRATS, -1, 1)
    found = recovered({"xi": xi, "alpha": alpha, "beta": beta}, truth, VOTES, rng)
    return {"counted": True, "found": found}


def test_draws_that_the_truth_is_one_of_pass():
    found = pooled("house", "prior", [replicate(seed) for seed in range(30)])
    assert found["passed"] is True, found["faults"]
    assert found["text"][1].startswith("None of ")
    rows = {(row["quantity"], row["group"]): row for row in found["coverage"]}
    for level in (50, 90):
        assert rows["position, relative", "all"][f"coverage{level}"] == pytest.approx(level / 100, abs=0.06)
    assert rows["position, relative", "Independent"]["n"] == 2


def test_intervals_that_are_too_short_are_found():
    found = pooled("house", "prior", [replicate(seed, narrow=0.5) for seed in range(20)])
    assert found["passed"] is False
    assert any(
        text.startswith("position, relative: intervals of 50 % and 90 % hold the truth in 2")
        for text in found["faults"]
    )


def test_a_sign_error_in_one_party_is_found_where_it_is():
    found = pooled("house", "prior", [replicate(seed, flipped=True) for seed in range(10)])
    assert any(text.startswith("position, model's scale of Democrats: ") for text in found["faults"])
    assert not any("model's scale of Republicans" in text for text in found["faults"])
    assert any(text.startswith("average of Democrats: the truth's ranks are not uniform") for text in found["faults"])


def test_recovery_by_hand():
    """Posterior means at the truth but for one member, who is off by a known step of the relative scale."""
    xi = np.where(DEMOCRATS, -1.0, np.where(VOTES.parties == "Republican", 1.0, 0.0))
    off = xi.copy()
    off[-1] += 0.5  # of neither party, so the scale stays
    arrays = {
        name: np.broadcast_to(value, (2, 10, len(value)))
        for name, value in (("alpha", np.zeros(M)), ("beta", np.ones(M)))
    }
    at = {"xi": np.broadcast_to(off, (2, 10, N)), **arrays}
    near = recovered(at, KnownTruth(xi, np.zeros(M), np.ones(M)), VOTES, np.random.default_rng(0))["near"]
    assert near["all"]["rmse"] == pytest.approx(0.5 / np.sqrt(N))
    assert near["Independent"]["rmse"] == pytest.approx(0.5 / np.sqrt(2))
    assert near["Democrat"] == {"correlation": None, "rmse": pytest.approx(0, abs=1e-12), "n": 8}


def test_too_few_fits_give_no_verdict_and_unsettled_ones_do_not_count():
    fits = [replicate(seed) for seed in range(2)] + [{"counted": False, "found": replicate(9, flipped=True)["found"]}]
    found = pooled("house", "prior", fits)
    assert (found["passed"], found["faults"], found["n"], found["n_counted"]) == (None, [], 3, 2)
    assert found["text"][1] == "Fewer than 3 refits counted, so there is no verdict."


def test_truths_of_a_fit_have_no_test_of_ranks():
    assert pooled("house", "fitted", [replicate(seed) for seed in range(4)])["uniformity"] == []


# --- files ----------------------------------------------------------------------------------------------------------


def config() -> ExperimentConfig:
    """Settings with which ten small sessions of the prior are all sampled in the parties' frame, which is quick."""
    sampling = SamplingConfig(draws=200, tune=200, chains=2, seed=6)
    prior = BetaPriorSpec("lognormal_reparam", {"mu": 0, "sigma": 0.5})
    return ExperimentConfig(name="tiny", chambers=("house",), sampling=sampling, beta_prior=prior)


def test_what_the_lab_cannot_draw_is_refused():
    fit = json.loads(lab_spec_json(config(), "house", "prior", 0))["fit"]
    check_model(fit, "prior")
    with pytest.raises(UserError, match=r"lapse.*with --from fitted"):
        check_model({**fit, "model": {"structure": "lapse"}}, "fitted")
    check_model({**fit, "model": {"structure": "rasch"}}, "fitted")
    with pytest.raises(UserError, match="with --from prior"):
        check_model({**fit, "model": {"structure": "rasch"}}, "prior")
    with pytest.raises(UserError, match="use --from fitted"):
        check_model({**fit, "orient_bills": True}, "prior")
    check_model({**fit, "kind": "joint"}, "fitted")


def test_replicates_of_other_settings_are_refused_and_run_again(tmp_path):
    path = tmp_path / "replicate_0.json"
    path.write_text(json.dumps({"spec_hash": "x", **replicate(1)}))
    spec = json.loads(lab_pool_spec_json(config(), "house", "prior", 1))
    with pytest.raises(UserError, match="made with other settings"):
        lab_pool(spec, [path], tmp_path / "out.json")
    assert not is_done(path, lab_spec_json(config(), "house", "prior", 0))
    assert not is_done(tmp_path / "missing.json", "{}")
    path.write_text(json.dumps({"spec_hash": spec["hashes"][0], **replicate(1)}))
    assert is_done(path, lab_spec_json(config(), "house", "prior", 0))
    lab_pool(spec, [path], tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text())["n_counted"] == 1


def results(folder: Path, own: ExperimentConfig) -> Path:
    path = folder / "sessions" / own.session.folder
    path.mkdir(parents=True)
    VOTES.save(path / "house.nc")
    return folder


@pytest.mark.slow
def test_the_right_model_passes_and_goes_on_where_it_stopped(tmp_path):
    own = config()
    found = lab(own, Unit.HOUSE, "prior", 8, results(tmp_path, own), cores=2)
    assert found["passed"] is True, found
    assert found["n_counted"] >= 6
    made = sorted((tmp_path / "tiny/lab/house_prior").iterdir())
    assert [path.name for path in made] == sorted(f"replicate_{k}.json" for k in range(8))
    before = {path: path.stat().st_mtime_ns for path in made}
    made[3].unlink()
    again = lab(own, Unit.HOUSE, "prior", 8, tmp_path, cores=2)
    assert again == found
    assert [p.name for p in made if p.stat().st_mtime_ns != before[p]] == ["replicate_3.json"]


@pytest.mark.slow
def test_a_planted_wrong_prior_is_found(tmp_path, monkeypatch):
    """The refit takes the logarithm of discrimination to vary ten times less than it is drawn to."""
    built = prepared.prepare

    def wrong(spec, inputs, pressed=()):
        narrow = BetaPriorSpec("lognormal_reparam", {"mu": 0, "sigma": 0.05}).to_dict()
        return built({**spec, "beta_prior": narrow}, inputs, pressed)

    monkeypatch.setattr("tallgrass_models.steps.fitting.prepare", wrong)
    own = config()
    found = lab(own, Unit.HOUSE, "prior", 8, results(tmp_path, own), cores=2)
    assert found["passed"] is False
    assert any(text.startswith("typical discrimination: ") for text in found["faults"]), found["faults"]


@pytest.mark.slow
def test_a_planted_bug_is_found(tmp_path, monkeypatch):
    """What the model reports has the sign of the Democrats' positions wrong."""
    built = prepared.prepare

    def wrong(spec, inputs, pressed=()):
        right = built(spec, inputs, pressed)

        def report(draws, rng):
            at = right.built.report(draws, rng)
            return {**at, "xi": at["xi"] * np.where(DEMOCRATS, -1, 1)}

        return replace(right, built=replace(right.built, report=report))

    monkeypatch.setattr("tallgrass_models.steps.fitting.prepare", wrong)
    own = config()
    found = lab(own, Unit.HOUSE, "prior", 8, results(tmp_path, own), cores=2)
    assert found["passed"] is False
    assert any(text.startswith("position, model's scale of Democrats: ") for text in found["faults"]), found["faults"]
    assert not any("model's scale of Republicans" in text for text in found["faults"])


@pytest.mark.long
def test_both_chambers_their_link_and_the_joint_model(tmp_path):
    """Intervals of A, B and the senators on the House's scale hold the truth; an absent member stays absent."""
    bills = [f"HB {k}" for k in range(60)]
    pair = [small_chamber(c, (10, 12, 0), 60, seed=k, bills=bills) for k, c in enumerate(("house", "senate"))]
    prior = BetaPriorSpec("lognormal_reparam", {"mu": 0, "sigma": 0.5})
    own = ExperimentConfig(
        name="tiny",
        sampling=SamplingConfig(draws=200, tune=200, chains=2, seed=3),
        beta_prior=prior,
        joint=JointConfig(),
    )
    path = tmp_path / "sessions" / own.session.folder
    path.mkdir(parents=True)
    for votes in pair:
        votes.save(path / f"{votes.chamber}.nc")
    found = lab(own, Unit.JOINT, "prior", 3, tmp_path, cores=2)
    rows = {row["quantity"]: row for row in found["coverage"]}
    assert {"A relative, joint", "B relative, joint", "senators, relative, joint"} <= set(rows)
    assert rows["senators, relative, joint"]["n"] == 22
    assert rows["senators, relative, joint"]["coverage90"] > 0.6
    assert all(row["coverage50"] is None for row in rows.values())
    assert found["faults"] == []


def test_parts_of_a_joint_truth():
    pair = small_pair()
    joined = join_chambers(*pair)
    truth = from_joint_prior(joined, PRODUCTION_BETA, 2.0, np.random.default_rng(0))
    house, senate = by_chamber(joined, truth)
    assert (len(house.xi), len(senate.xi)) == (10, 7)
    assert list(np.concatenate([house.xi, senate.xi])) == list(truth.xi)
    shared = joined.shared
    at = [own.rollcalls.index.get_indexer(shared[f"{own.chamber}_vote"]) for own in pair]
    assert len(shared) == 4
    assert (house.alpha[at[0]] == senate.alpha[at[1]]).all()
    assert (house.beta[at[0]] == senate.beta[at[1]]).all()
    alone = np.setdiff1d(np.arange(pair[1].n_votes), at[1])
    assert not np.isin(senate.alpha[alone], house.alpha).any()
