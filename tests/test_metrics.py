"""metrics.json: what its schema lets through, and where its numbers come from."""

import copy

import pytest

from tallgrass_models.config import ExperimentConfig, JointConfig
from tallgrass_models.errors import UserError
from tallgrass_models.metrics import build_metrics, check


def block(name, rhat, bulk, tail=900.0):
    return {"block": name, "rhat_max": rhat, "ess_bulk_min": bulk, "ess_tail_min": tail}


def summary(unit="house", **changes):
    joint = unit == "joint"
    names = ("mu_global", "mu_group") if joint else ("mu_party",)
    base = {
        "unit": unit,
        "kind": "joint" if joint else "chamber",
        "n_legislators": 120,
        "n_left_out": 2,
        "n_rollcalls": 280,
        "n_votes": 30_000,
        "n_shared_bills": 67 if joint else None,
        "flat_corr": {"house": 0.98, "senate": 0.97} if joint else {unit: 0.98},
        "icc": [{"chamber": "house", "mean": 0.9, "sd": 0.01, "q05": 0.88, "q95": 0.92}],
        "truth": None,
        "spec_hash": "abc",
        "model_fingerprint": "0f",
        "data_hash": ["d"],
        "experiment_spec": {"beta_prior": {"distribution": "normal", "mu": 0.0, "sigma": 1.0}, "alpha_sigma": 5.0},
        "sampling": {"time_s": 3.5, "compile_s": 1.5, "gradients": 1000, "chain_seeds": ["1/0", "1/1"], "cores": 2},
        "convergence": {
            "ok": True,
            "failures": [],
            "divergences": 0,
            "ebfmi": [0.9, 1.0],
            "blocks": [block("xi", 1.004, 700.0), block("sigma_within", 1.002, 650.0)]
            + [block(name, 1.003, 800.0) for name in names],
        },
    }
    return {**base, **changes}


def build(summaries, correlations=None):
    platform = {"snapshot": {}, "findings": [], "overrides": {}}
    config = ExperimentConfig(name="wide", joint=JointConfig())
    return build_metrics(
        config, summaries, correlations or {}, platform, {"commit": None, "dirty": None}, {"pymc": "6"}
    )


def test_every_key_has_its_number():
    metrics = build([summary("house"), summary("joint")], {"house": 0.93})
    house, joint = metrics["chambers"]["house"], metrics["joint"]
    wanted = {
        "n_legislators": 120,
        "sampling_time_s": 3.5,
        "convergence_ok": True,
        "rhat_xi_max": 1.004,
        "rhat_mu_party_max": 1.003,
        "rhat_sigma_within_max": 1.002,
        "ess_xi_min": 700.0,
        "ess_mu_party_min": 800.0,
        "divergences": 0,
        "flat_corr": 0.98,
        "icc_mean": 0.9,
        "pearson_r_vs_baseline": 0.93,
    }
    assert {key: house[key] for key in wanted} == wanted
    assert joint["n_shared_bills"] == 67
    assert joint["flat_corr"] == {"house": 0.98, "senate": 0.97}
    assert joint["pearson_r_vs_baseline"] is None
    assert joint["rhat_max"]["mu_global"] == 1.003
    assert metrics["config"]["gates"]["rhat"] == 1.01


def test_one_failed_fit_is_the_verdict():
    failed = copy.deepcopy(summary("senate"))
    failed["convergence"] |= {"ok": False, "failures": ["R-hat of xi reaches 1.2 at b"]}
    metrics = build([summary("house"), failed])
    assert not metrics["convergence_ok"]
    assert metrics["chambers"]["senate"]["convergence_failures"] == ["R-hat of xi reaches 1.2 at b"]


@pytest.mark.parametrize(
    ("place", "value", "complaint"),
    [
        (("chambers", "house", "rhat_xi_max"), "1.0", r"chambers.house.rhat_xi_max: '1.0' is not of type"),
        (("chambers", "house", "icc_mean"), 1.5, "greater than the maximum"),
        (("chambers", "house", "surprise"), 1, "Additional properties"),
        (("experiment",), None, "None is not of type 'string'"),
    ],
)
def test_the_schema_refuses(place, value, complaint):
    metrics = build([summary("house")])
    target = metrics
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    with pytest.raises(UserError, match=complaint):
        check(metrics)


def test_the_schema_misses_nothing_that_is_required():
    metrics = build([summary("house")])
    del metrics["chambers"]["house"]["divergences"]
    with pytest.raises(UserError, match="'divergences' is a required property"):
        check(metrics)
