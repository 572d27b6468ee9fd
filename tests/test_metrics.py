"""metrics.json: what its schema lets through, and where its numbers come from."""

import copy

import pandas as pd
import pytest

from tallgrass_models.config.experiments import ExperimentConfig, JointConfig
from tallgrass_models.errors import UserError
from tallgrass_models.metrics.build import Circumstances, build_metrics
from tallgrass_models.metrics.fits import FitFiles
from tallgrass_models.metrics.schema import check
from tallgrass_models.summary.external import external_agreement


def block(name, rhat, bulk, tail=900.0):
    chance = {"n_rhat_above": 0, "n_rhat_chance": 0.25}
    return {"block": name, "rhat_max": rhat, "ess_bulk_min": bulk, "ess_tail_min": tail, **chance}


MOMENTS = {"mean": 0.5, "sd": 0.1, "q05": 0.3, "q95": 0.7}
PLACE = {f"position_{key}": value for key, value in MOMENTS.items()} | {"position_mcse": 0.001, "xi_mean": 9.0}
HOLDERS = [{"legislator": f"rep_{i}", "name": f"Member {i}", "party": "Republican"} for i in range(2)]
WITH_ERROR = {"mean": 0.2, "q05": 0.1, "q95": 0.3, "mcse": None}
COUNTS = {"n_votes": 100, "errors": 10, "minority": 20, "correct": 0.9, "apre": 0.5, "gmp": 0.8}


ROSTER = {
    "left_out": [{"legislator": "rep_9", "name": "Rarely There", "reason": "few votes", "n_votes": 3}],
    "outside_parties": [{"legislator": "rep_8", "name": "Member 8", "party": "Independent", "caucus": "none"}],
    "spells": [{"name": "Member 7", "legislators": ["rep_6", "rep_7"], "story": "Democrat, listed twice"}],
    "tallies": {"n_recorded": 9, "n_unlike": 1, "n_explained": 0, "share": 1 / 9, "loud": True, "votes_missing": 0},
    "oddities": {"tally": {"n": 1, "examples": ["HB 1: recorded 3 Yea, 5 Nay; counted 3 Yea, 4 Nay"]}},
}


def statistics(chamber):
    """Blocks of summary.json on pivots, fit and the rest."""
    return {
        "sides": {
            "coordinates": "fast",
            "form": "parties",
            "reason": "the votes leave no doubt on which side each party sits",
            "sides": {
                "tried": [
                    {"reversed": [], "log_evidence": -900.0, "se": 0.4},
                    {"reversed": ["house"], "log_evidence": -960.5, "se": 0.6},
                ],
                "gap": 60.5,
                "close": 10.0,
                "doubt": "clear",
            },
        },
        "chain_modes": {"verdict": "one mode", "text": "all chains are in one mode", "before_restarts": [{}]},
        "fit": [{"chamber": chamber, "party": party, **COUNTS} for party in ("all", "Democrat")],
        "pivots": [
            {"chamber": chamber, "pivot": "chamber_median", "n_members": 120, "seats": 118.5, "on": None, **PLACE}
            | {"members": [{**who, "probability": 0.4, "probability_mcse": 0.01} for who in HOLDERS]}
        ],
        "overlap": [
            {"chamber": chamber, "any": {"mean": 0.1, "mcse": 0.0}, "pairs": WITH_ERROR, "members": WITH_ERROR}
        ],
        "across": [],
        "roster": [{"chamber": chamber, **ROSTER}],
        "external": [],
        "wrong_sign": {"positive_prior": False, "n_bills": 280, "n_democratic": 90, "n_republican": 9, "n_judged": 0}
        | {"n_wrong": 0, "slope_wrong": None, "slope_others": 1.0, "votes_share": 0.0, "yea_side": None}
        | {"correct_wrong": None, "correct_others": 0.9, "worst": []},
        "scale": [
            {"chamber": chamber, "sets_scale": True, "kind": "parties", "turned": True, "p_right": 0.0}
            | {"d": -4.5, "least_d": 1.0, "share_apart": 1.0}
        ],
        "parties_apart": [
            {"chamber": chamber, "n_democrats": 40, "n_republicans": 80, "p_republicans_wider": 0.3}
            | {"xi": MOMENTS, "position": MOMENTS, "d": None}
        ],
        "gaps_compared": {"ratio": MOMENTS, "p_senate_wider": 0.2},
    }


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
        "bridges": BRIDGES if joint else None,
        "flat_corr": {"house": 0.98, "senate": 0.97} if joint else {unit: 0.98},
        "icc": [{"chamber": "house", "mean": 0.9, "sd": 0.01, "q05": 0.88, "q95": 0.92}],
        "truth": None,
        "spec_hash": "abc",
        "model_fingerprint": "0f",
        "data_hash": ["d"],
        "experiment_spec": {"beta_prior": {"distribution": "normal", "mu": 0.0, "sigma": 1.0}, "alpha_sigma": 5.0},
        "sampling": {
            "time_s": 3.5,
            "compile_s": 1.5,
            "gradients": 1000,
            "draws": 750,
            "chain_seeds": ["1/0", "1/1"],
            "cores": 2,
        },
        "convergence": {
            "ok": True,
            "failures": [],
            "divergences": 0,
            "ebfmi": [0.9, 1.0],
            "draws_needed": 300,
            "minutes_needed": 0.5,
            "rank_mcse_max": 0.2,
            "blocks": [block("xi", 1.004, 700.0), block("sigma_within", 1.002, 650.0)]
            + [block(name, 1.003, 800.0) for name in names],
        },
    }
    return {**base, **statistics("house"), **changes}


BRIDGES = {
    "kind": "drift",
    "n_shared": 67,
    "n_freed": 0,
    "freed": [],
    "tau_alpha": {"median": 0.8, "q05": 0.7, "q95": 0.9},
    "tau_beta": {"median": 0.3, "q05": 0.2, "q95": 0.4},
    "delta": {"median": -0.2, "q05": -0.3, "q95": -0.1},
    "on_log": True,
    "confounded": True,
}
NOT_LINKED = {"linked": False, "statements": None, "joint_vs_separate": None}
AXIS = {
    "units": [
        {
            "unit": "house",
            "chamber": "house",
            "verdict": "parties",
            "text": "",
            "d_pc1": 6.0,
            "d_pc2": None,
            "d": {"mean": 5.0, "sd": 0.5, "q05": 4.2, "q95": 5.9},
            "eigenvalue_ratio": 9.0,
        }
    ]
}


MOVEMENT = {"told": ["mu"], "not_told": ["beta"], "n_members": 9, "n_moved": 1, "max_move": 0.4, "error": 0.01}
MOVEMENT["one_factor"] = [
    {"component": "beta", "factor": 2.0, "n_members": 9, "n_moved": 2, "error": 0.01, "name": "Bo Li", "max_move": 0.5}
]
MOVEMENT |= {"component": "mu", "factor": 2.0, "legislator": "a", "name": "Ann Smith"}


def unit_check(unit):
    predictive = [
        {"statistic": "rice", "chamber": "house", "party": "Democrat", "tail_probability": 0.999, "unusual": True},
        {"statistic": "yea_share", "chamber": "house", "party": None, "tail_probability": 0.4, "unusual": False},
        {"statistic": "margin_mean", "chamber": "house", "party": None, "tail_probability": 0.97, "unusual": False},
        {"statistic": "unity_score", "chamber": "house", "party": None, "tail_probability": None, "unusual": False},
        {"statistic": "party_unity_share", "chamber": "house", "party": None, "tail_probability": 0.0, "unusual": True},
    ]
    rows = [("icc", "beta", 0.3), ("icc", "alpha", 0.1), ("party_gap", "beta", 0.7)]
    return {
        "unit": unit,
        "loo": {
            "elpd": -7000.0,
            "se": 90.0,
            "p_loo": 500.0,
            "gmp": 0.8,
            "n_k_above": 25,
            "n_k_above_after": 1,
            "order_hash": "abc",
        },
        "predictive": {
            "statistics": predictive,
            "threshold": 0.025,
            "n_expected": 0.2,
            "calibration": [
                {"of": "unity", "level": "member", "chamber": "house", "n": 9, "outside": 1, "expected": 0.9},
                {"of": "agreement", "level": "pair", "chamber": "house", "n": 40, "outside": 9, "expected": 4.0},
            ],
        },
        "sensitivity": {
            "rows": [
                {"quantity": q, "component": component, "chamber": "house", "sensitivity": value}
                for q, component, value in rows
            ],
            "n_members_sensitive": {"alpha": 3, "beta": 12},
            "movement": {"house": MOVEMENT},
        },
    }


def build(summaries, correlations=None, wrong=None, linking=NOT_LINKED):
    platform = {"snapshot": {}, "findings": [], "overrides": {}}
    config = ExperimentConfig(name="wide", joint=JointConfig())
    correlations, wrong = correlations or {}, wrong or {}
    units = [(made["unit"], made) for made in summaries]
    fits = [FitFiles(made, unit_check(unit), correlations.get(unit), wrong.get(unit)) for unit, made in units]
    ran = Circumstances({"commit": None, "dirty": None}, {"pymc": "6"}, platform)
    return build_metrics(config, fits, linking, AXIS, ran)


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
    assert joint["bridges"] == BRIDGES
    assert joint["flat_corr"] == {"house": 0.98, "senate": 0.97}
    assert joint["pearson_r_vs_baseline"] is None
    assert joint["rhat_max"]["mu_global"] == 1.003
    assert metrics["config"]["gates"]["rhat"] == 1.01


def test_statistics_of_a_fit_are_carried_over():
    changed = {"n_opposed_in_baseline": 3, "n_flattened": 2, "median_slope_ratio": 0.1, "moved": []}
    metrics = build([summary("house"), summary("joint")], wrong={"house": changed})
    house, joint = metrics["chambers"]["house"], metrics["joint"]
    assert house["fit"] == {"house": COUNTS}  # the whole chamber, without the row of a party
    assert house["pivots"]["house"]["chamber_median"]["legislator"] == "rep_0"  # the most probable
    assert house["pivots"]["house"]["chamber_median"]["q95"] == 0.7
    assert (house["draws_needed"], house["n_rhat_chance"]["xi"], house["chain_modes"]["restarts"]) == (300, 0.25, 1)
    assert house["wrong_sign"]["vs_baseline"] == changed
    assert joint["wrong_sign"]["vs_baseline"] is None
    assert (house["scale"]["house"]["kind"], house["scale"]["house"]["turned"]) == ("parties", True)
    assert house["parties_apart"]["house"]["position"]["q95"] == 0.7
    assert joint["gaps_compared"]["p_senate_wider"] == 0.2
    assert "gaps_compared" not in house


def test_agreement_with_external_scores_is_carried_over():
    points = pd.DataFrame(
        {"legislator": list("abcdef"), "name": list("ABCDEF"), "party": ["Democrat", "Republican"] * 3}
    )
    points = points.assign(position_mean=[-1.2, 0.9, -0.8, 1.1, -1.0, 1.0], external=[-0.5, 0.4, -0.4, 0.6, -0.6, 0.5])
    agreement = {"chamber": "house", "source": "Voteview nominate_dim1", **external_agreement(points)}
    house = build([summary("house", external=[agreement])])["chambers"]["house"]
    assert house["external"][0]["disagreements"][0]["position_mean"] in points["position_mean"].tolist()


def linked():
    """linking.json of two chambers, with a joint model; every number is told apart."""
    constants = {f"{c}_relative_{k}": v for c in "AB" for k, v in (("median", 0.9), ("q05", 0.8), ("q95", 1.0))}
    rows = [
        {
            "method": name,
            **{f"{letter}_{k}": value for letter in "AB" for k in ("mean", "q05", "q95", "sd")},
            **constants,
        }
        for name, value in (("mean_mean", 2.0), ("haebara", 0.75))
    ]
    place = {"median": 0.9, "q05": 0.8, "q95": 1.0}
    both = {"link": place, "joint": {**place, "median": 0.85}}
    agreement = {"n_senate": 40, "A": both, "B": both, "mean_difference_sd": 1.5, "overlap": 0.25, "agrees": False}
    p = {"kind": "probability", "value": 0.5, "link_value": 1.0, "joint_value": 0.0}
    return {
        "linked": True,
        "method": "haebara",
        "methods": rows,
        "methods_agree": True,
        "weights": {"haebara": 0.25, "mean_mean": 0.25, "joint": 0.5},
        "joint": agreement | {"mean_p_difference": 0.5, "max_p_difference": 0.75, "max_p_member": "Ann"},
        "scale": "parties",
        "anchors": {"n_shared": 70, "n_unlike": 3, "n_sign_disagrees": 1, "n_used": 61},
        "statements": [
            {"key": "p_senate_median_right", **p},
            {"key": "p_senate_democrat_median_right", **p, "joint_value": None},
            {"key": "gap_median", "kind": "distance", "value": -0.4},
        ],
        "findings": [{"level": "bad", "text": "They disagree."}, {"level": "note", "text": "It predicts better."}],
        "joint_vs_separate": {
            "n_votes": 100,
            "n_bills": 10,
            "n_shared": 5,
            "elpd_joint": -50.0,
            "elpd_separate": -40.0,
            "elpd_diff": -10.0,
            "se": 2.0,
            "mcse": 0.5,
            "verdict": "costs",
            "by_chamber": {"house": -4.0, "senate": -6.0},
            "shared_bills": {"elpd_diff": -9.0, "se": 1.0},
            "other_bills": {"elpd_diff": -1.0, "se": None},
            "n_k_above": 0,
            "bridges": "same",
            "settings": [{"setting": "alpha_sigma", "joint": "2", "separate": "5"}],
        },
    }


def test_link_and_axis_come_from_their_files():
    metrics = build([summary("house")], linking=linked())
    found = metrics["linking"]
    assert (found["method"], found["A_mean"], found["B_q95"], found["A_relative"]["q95"]) == (
        "haebara",
        0.75,
        0.75,
        1.0,
    )
    assert (found["n_anchors"], found["n_anchors_dropped"], found["methods_agree"]) == (61, 9, True)
    assert found["joint"]["A"]["joint"]["median"] == 0.85
    assert (found["joint"]["mean_difference_sd"], found["joint"]["overlap"], found["joint"]["agrees"]) == (
        1.5,
        0.25,
        False,
    )
    against = metrics["house_vs_senate"]
    assert {key: against[key] for key in ("weights", "p_senate_right")} == {
        "weights": {"haebara": 0.25, "mean_mean": 0.25, "joint": 0.5},
        "p_senate_right": {
            "median": {"all": 0.5, "link": 1.0, "joint": 0.0},
            "democrat_median": {"all": 0.5, "link": 1.0, "joint": None},
        },
    }
    loud, costs = against["findings"]
    assert "predicts votes left out worse" in costs
    assert "the probability that the Senate’s median is right of the House’s is below 0.01 by the joint model" in loud
    assert metrics["joint_vs_separate"] == linked()["joint_vs_separate"]
    alone = build([summary("house")])
    assert (alone["linking"], alone["house_vs_senate"], alone["joint_vs_separate"]) == (None, None, None)
    assert metrics["axis"] == [
        {"unit": "house", "chamber": "house", "verdict": "parties", "d_mean": 5.0, "d_q05": 4.2, "d_q95": 5.9}
        | {"d_pc1": 6.0, "d_pc2": None, "eigenvalue_ratio": 9.0}
    ]


def test_a_joint_model_without_a_link_still_says_who_stands_right():
    found = build([summary("house")], linking={**linked(), "linked": False, "methods": None, "joint": None})
    assert found["linking"] is None
    assert found["house_vs_senate"]["p_senate_right"]["median"]["joint"] == 0.0
    assert found["joint_vs_separate"]["verdict"] == "costs"


def test_checks_tell_what_is_unusual():
    checks = build([summary("house")])["chambers"]["house"]["checks"]
    assert checks["predictive_unusual"] == {"house/Democrat/rice": 0.999, "house/party_unity_share": 0.0}
    assert (checks["predictive_threshold"], checks["predictive_expected"]) == (0.025, 0.2)
    assert checks["icc_sensitivity_to_beta"] == {"house": 0.3}
    assert (checks["elpd_loo"], checks["n_k_above"], checks["n_k_above_after"]) == (-7000.0, 25, 1)
    assert checks["n_members_sensitive"]["beta"] == 12
    assert checks["prior_scale_movement"] == {"house": MOVEMENT}
    assert checks["pairs_outside"] == {"house": {"n": 40, "outside": 9, "expected": 4.0}}


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
