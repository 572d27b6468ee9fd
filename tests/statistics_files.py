"""What `summarize`, `check`, `draw_tables` and `link` leave beside the first tables, made up."""

import json
from pathlib import Path

from report_files import CONFIG, edit_json, fake_results, read_rows, write_csv

from tallgrass_models.config.experiments import ExperimentConfig

PIVOTS = ("chamber_median", "two_thirds_left", "two_thirds_right", "democrat_median", "republican_median")


def fake_everything(folder: Path, config: ExperimentConfig = CONFIG) -> Path:
    """`fake_results` and every file that a report can be made from."""
    fake_results(folder, config)
    for unit in config.units:
        here = folder / unit
        members, bills = read_rows(here / "ideal_points.csv"), read_rows(here / "bills.csv")
        chambers = list(config.chambers) if unit == "joint" else [unit]
        write_fit(here, members, bills, chambers)
        write_draws(here, bills)
        write_check(here, unit, members, chambers)
        edit_json(here / "summary.json", **summary_keys(unit, members, bills, chambers))
        write_csv(folder / "other" / unit / "ideal_points.csv", shifted(members))
    if config.joint:
        write_right_of(folder / "joint" / "right_of.nc", read_rows(folder / "joint" / "ideal_points.csv"))
    write_links(folder, config)
    return folder


def shifted(members: list[dict]) -> list[dict]:
    """The same members elsewhere, the first of them ranked far to the right."""
    rows = [dict(row) for row in members]
    rows[0] |= {"rank_mean": 30.5, "rank_q05": 29, "rank_q95": 32}
    return rows


def write_fit(here: Path, members: list[dict], bills: list[dict], chambers: list[str]) -> None:
    pivots, pivot_members, groups, calibration = [], [], [], []
    for chamber in chambers:
        own = [m for m in members if m["chamber"] == chamber]
        for k, pivot in enumerate(PIVOTS):
            place = {"mean": 0.5 + k, "sd": 0.1, "q05": 0.4 + k, "q95": 0.6 + k}
            at = {f"{name}_{key}": v for name in ("position", "low", "high", "xi") for key, v in place.items()}
            counted = {"members": len(own), "seats": len(own) - 0.5, "on": "", "p_between": 0.0}
            pivots.append({"chamber": chamber, "pivot": pivot, **counted, **at, "position_mcse": 0.001})
            for m, p in zip(own[:2], (0.61, 0.27), strict=True):
                who = {key: m[key] for key in ("legislator", "name", "party")}
                pivot_members.append(
                    {"chamber": chamber, "pivot": pivot, **who, "probability": p, "probability_mcse": 0.01}
                )
        for party, correct, apre in (("all", 0.873, 0.561), ("Democrat", 0.851, 0.5), ("Republican", 0.889, 0.6)):
            counts = {"n_votes": 1000, "errors": round(1000 * (1 - correct)), "minority": 290}
            groups.append(
                {"chamber": chamber, "party": party, **counts, "correct": correct, "apre": apre, "gmp": 0.744}
            )
        for k in range(10):
            bins = {
                "low": k / 10,
                "high": (k + 1) / 10,
                "n": 100,
                "predicted": k / 10 + 0.05,
                "observed": k / 10 + 0.04,
            }
            calibration.append({"chamber": chamber, **bins, "observed_se": 0.02})
    write_csv(here / "pivots.csv", pivots)
    write_csv(here / "pivot_members.csv", pivot_members)
    write_csv(here / "group_fit.csv", groups)
    write_csv(here / "calibration.csv", calibration)
    write_csv(here / "member_fit.csv", [_member_fit(m, k) for k, m in enumerate(members)])
    write_csv(here / "rollcall_fit.csv", [_rollcall_fit(b, chambers[0], k) for k, b in enumerate(bills)])


def _member_fit(member: dict, k: int) -> dict:
    who = {key: member[key] for key in ("legislator", "name", "chamber", "party", "n_votes")}
    return {
        **who,
        "errors": 5 + k,
        "correct": 0.95 - 0.005 * k,
        "gmp": 0.9 - 0.01 * k,
        "dissents": 3,
        "n_wrong_sign": 0,
    }


def _rollcall_fit(bill: dict, chamber: str, k: int) -> dict:
    what = {key: bill[key] for key in ("vote", "bill", "title", "motion", "date", "yea", "nay")}
    return {**what, "chamber": chamber, "errors": k, "correct": 0.9, "pre": 0.5 - 0.01 * k, "gmp": 0.9 - 0.01 * k}


def write_draws(here: Path, bills: list[dict]) -> None:
    curves = [
        {
            "vote": b["vote"],
            "bill": b["bill"],
            "discrimination_mean": b["discrimination_mean"],
            "position": x,
            "p_mean": 0.5,
            "p_q05": 0.4,
            "p_q95": 0.6,
        }
        for b in bills[:3]
        for x in (-1, 0, 1)
    ]
    write_csv(here / "curves.csv", curves)
    at = [("xi", "Dem House 0"), ("beta", "HB 2003"), ("mu_party", "Democrat")]
    ranks = [
        {"chain": chain, "rank": x, "share": 1.0, "block": block, "element": element}
        for block, element in at
        for chain in range(4)
        for x in (0.25, 0.75)
    ]
    write_csv(here / "chain_ranks.csv", ranks)
    energy = [{"chain": c, "energy": x, "marginal": 0.1, "change": 0.1} for c in range(4) for x in (-1, 0, 1)]
    write_csv(here / "energy.csv", energy)
    chamber = "senate" if here.name == "senate" else "house"
    call = {key: bills[0][key] for key in ("vote", "bill", "title", "motion", "date", "yea", "nay")}
    expected = {"n_absent": 3, "expected_yea": 1.5, "expected_nay": 1.5, "could_flip": True, "p_flip": 0.4}
    write_csv(here / "absent_calls.csv", [{**call, "chamber": chamber, **expected}])
    counts = {"n_office": 20, "n_absent": 2, "n_close": 5, "n_absent_close": 1, "move": 0.1, "position_mean": -1.0}
    who = {"legislator": "absent_0", "name": "Often Away", "chamber": chamber, "party": "Democrat"}
    write_csv(here / "absent_members.csv", [{**who, **counts}])
    logit = {"logit_mean": 0.2, "logit_q05": 0.1, "logit_q95": 0.3}
    write_csv(here / "absence_model.csv", [{"chamber": chamber, "term": "position", **logit}])


def write_check(here: Path, unit: str, members: list[dict], chambers: list[str]) -> None:
    worst = {"name": members[0]["name"], "party": members[0]["party"], "chamber": members[0]["chamber"]}
    worst |= {"rollcall": "3", "bill": "HB 2003", "vote": "Nay", "elpd": -5.25, "pareto_k": 0.41}
    loo = {
        "n_obs": 8765,
        "order_hash": "o",
        "elpd": -2345.6,
        "se": 45.6,
        "se_by_rollcall": 60.0,
        "p_loo": 210.5,
        "mean_elpd": -0.268,
        "gmp": 0.765,
        "mcse": 0.4,
        "r_eff": 0.9,
        "n_draws": 4000,
        "k_threshold": 0.7,
        "n_k_above": 12,
        "n_mended": 12,
        "n_k_above_after": 1,
        "k_max": 0.72,
        "worst": [worst],
        "by_party": [
            {"chamber": c, "party": "Democrat", "n_obs": 100, "elpd": -30.5, "mean_elpd": -0.305} for c in chambers
        ],
    }
    moments = {"observed": 0.612, "mean": 0.62, "sd": 0.01, "q05": 0.6, "q95": 0.64, "tail_probability": 0.962}
    moments["unusual"] = False  # beyond 5 %, within the threshold
    statistics = [{"statistic": "yea_share", "chamber": c, "party": None, **moments} for c in chambers]
    calibration = [
        {"of": "yea_share", "level": "rollcall", "chamber": c, "n": 30, "outside": 4, "expected": 3.0} for c in chambers
    ]
    calibration += [
        {"of": "agreement", "level": "pair", "chamber": c, "n": 120, "outside": 31, "expected": 12.0} for c in chambers
    ]
    most = {"n_members": len(members), "n_moved": 3, "max_move": -0.41, "name": members[0]["name"]}
    scale = {"chamber": chambers[0], "pareto_k": 0.25, "legislator": members[0]["legislator"]}
    scales = [
        {**scale, "component": "sigma_within", "factor": 0.5, "told": True, **most},
        {**scale, "component": "beta", "factor": 2.0, "told": False, **dict.fromkeys(most, None), "pareto_k": 3.5},
    ]
    row = {
        "quantity": "icc",
        "chamber": chambers[0],
        "party": None,
        "component": "beta",
        "sensitivity": 0.123,
        "noise": 0.05,
    }
    check = {
        "unit": unit,
        "loo": loo,
        "predictive": {
            "n_replicates": 500,
            "threshold": 0.025,
            "n_compared": len(statistics),
            "n_unusual": 0,
            "n_expected": 0.05 * len(statistics),
            "statistics": statistics,
            "calibration": calibration,
            "findings": ["Rice runs high."],
        },
        "sensitivity": {
            "threshold": 0.05,
            "rows": [{**row, "diagnosis": "prior-data conflict"}],
            "n_members_sensitive": {"beta": 7},
            "prior_scales": scales,
            "movement": {chambers[0]: MOVED},
            "findings": [],
        },
    }
    (here / "check.json").write_text(json.dumps(check), encoding="utf-8")


def summary_keys(unit: str, members: list[dict], bills: list[dict], chambers: list[str]) -> dict:
    small = {"mean": 1.25, "q05": 0, "q95": 3, "mcse": 0.01}
    bill = {
        **{key: bills[0][key] for key in ("vote", "bill", "motion", "chambers")},
        "discrimination_mean": 0.145,
        "party_z": -12.5,
    }
    wrong = {"positive_prior": True, "yea_side": "Republican", "n_bills": 30, "n_democratic": 5, "n_republican": 12}
    wrong |= {"n_judged": 30, "n_wrong": 4, "slope_wrong": 0.25, "slope_others": 2.5, "votes_share": 0.125}
    wrong |= {"correct_wrong": 0.684, "correct_others": 0.925}
    wrong |= {"worst": [{**bill, "yea_share_democrat": 0.98, "yea_share_republican": 0.02}]}
    chain = {
        "verdict": "ok",
        "where": "",
        "party_gap": dict.fromkeys(chambers, 12.0),
        "correlation": dict.fromkeys(chambers, 0.99),
    }
    chains = [{"chain": c, **chain, "mean_lp": -3200.1, "lp_gap_sd": 0.1, "relative_spread": 1.0} for c in range(4)]
    far = {
        "legislator": members[0]["legislator"],
        "name": members[0]["name"],
        "party": "Democrat",
        "position_mean": -1.0,
    }
    score = {"source": "nominate_dim1", "n": 14, "correlation": 0.971, "spearman": 0.96}
    score |= {"within": {"Democrat": {"n": 5, "correlation": 0.5}, "Republican": {"n": 9, "correlation": 0.6}}}
    across = {"pivot": "chamber_median", "senate_right": {"mean": 0.125, "mcse": 0.001}}
    return {
        "overlap": [
            {"chamber": c, "any": {"mean": 0.375, "mcse": 0.01}, "pairs": small, "members": small} for c in chambers
        ],
        "across": [{**across, "difference": {**small, "mean": -0.75}}] if unit == "joint" else [],
        "wrong_sign": wrong,
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
        "chain_modes": {"verdict": "one mode", "text": "all chains are in one mode", "chains": chains},
        "external": [
            {"chamber": c, **score, "disagreements": [{**far, "score": -0.5, "score_scaled": -3.0, "gap": 2.0}]}
            for c in chambers
        ],
        "model_fingerprint": "0123456789abcdef",
    }


def write_right_of(path: Path, members: list[dict]) -> None:
    """P(first right of second) is 1 where the first's position is greater, and 0.25 otherwise."""
    import numpy as np
    import xarray as xr

    xi = np.array([float(m["position_mean"]) for m in members])
    names = [m["legislator"] for m in members]
    found = np.where(xi[:, None] > xi, 1.0, 0.25)
    array = xr.DataArray(found, dims=("legislator", "other"), coords={"legislator": names, "other": names})
    xr.Dataset({"right_of": array}).to_netcdf(path)


#: How far members move under another scale of a prior.
MOVED = {
    "told": ["beta"],
    "not_told": [],
    "n_members": 32,
    "n_moved": 3,
    "max_move": 0.4,
    "error": 0.01,
    "one_factor": [],
}
MOVED |= {"component": "beta", "factor": 2.0, "legislator": "m1", "name": "Ann <i>Smith</i>"}
METHODS = {"mean_mean": 0.94, "haebara": 0.75}


def fake_linking(config: ExperimentConfig) -> dict:
    """linking.json of two chambers with or without a joint model; every number is told apart."""
    joint = config.joint is not None
    anchors = {"n_shared": 70, "n_sign_disagrees": 1, "n_sign_uncertain": 2, "n_uninformative": 3, "n_unlike": 4}
    weights = dict.fromkeys(METHODS, 0.25 if joint else 0.5) | ({"joint": 0.5} if joint else {})
    constants = {f"{c}_relative_{key}": v for c, x in (("A", 0.9), ("B", 0.1)) for key, v in quantiles(x).items()}
    rows = [
        {"method": name, "A_median": a, "B_median": 0.034, "jackknife_anchor": "SB 7", **constants}
        for name, a in METHODS.items()
    ]
    nothing = dict.fromkeys(("value", "q05", "q95"))
    p = {"key": "p_senate_median_right", "statement": "The Senate’s median is right of the House’s", **nothing}
    p |= {"kind": "probability", "value": 0.62, **under("link", nothing), **under("joint", nothing), "link_value": 0.88}
    gap = {"key": "gap_median", "statement": "Senate’s median minus House’s", "kind": "distance", **value(0.2)}
    gap |= {**under("link", value(0.3)), **under("joint", value(0.1) if joint else nothing)}
    if joint:
        p["joint_value"] = 0.36
    return {
        "linked": True,
        "reason": None,
        "scale": "parties",
        "senate_turned": False,
        "method": "haebara",
        "anchors": anchors | {"n_used": 60},
        "methods": rows,
        "methods_agree": True,
        "weights": weights,
        "statements": [p, gap],
        "chosen": {
            "members": [
                {"legislator": f"m{k}", "name": f"Member {k}", "chamber": chamber, "party": party}
                for k, (chamber, party) in enumerate(
                    (("house", "Democrat"), ("senate", "Democrat"), ("house", "Republican"))
                )
            ],
            "right_of": [[0.5, 0.25, 0.0], [0.75, 0.5, 0.125], [1.0, 0.875, 0.5]],
        },
        "joint": fake_agreement() if joint else None,
        "joint_constants": constants if joint else None,
        "joint_vs_separate": fake_predictive() if joint else None,
        "findings": [
            {"level": "bad", "about": "places", "text": "The joint model and the link <disagree>."},
            {"level": "note", "about": "prediction", "text": "The joint model predicts a vote left out better."},
        ],
    }


def quantiles(median: float) -> dict:
    return {"median": median, "q05": median - 0.05, "q95": median + 0.05}


def value(median: float) -> dict:
    return {"value": median, "q05": median - 0.05, "q95": median + 0.05}


def under(prefix: str, values: dict) -> dict:
    return {f"{prefix}_{key}": value for key, value in values.items()}


def fake_agreement() -> dict:
    both = {"link": quantiles(0.9), "joint": quantiles(0.8)}
    agreement = {"n_senate": 14, "A": both, "B": both, "mean_difference_sd": 0.52, "overlap": 0.75, "agrees": False}
    return agreement | {"mean_p_difference": 0.11, "max_p_difference": 0.52, "max_p_member": "Ann Smith"}


def fake_predictive() -> dict:
    found = {"n_votes": 8765, "n_bills": 60, "n_shared": 70, "elpd_diff": 56.75, "se": 11.25, "mcse": 2.5}
    found |= {"verdict": "gains", "shared_bills": {"elpd_diff": 58.5, "se": 8.2}, "n_k_above": 2, "settings": []}
    found |= {"bridges": "same"}
    return found | {"other_bills": {"elpd_diff": -1.75, "se": 4.2}, "by_chamber": {"house": 14.5, "senate": 42.25}}


def write_links(folder: Path, config: ExperimentConfig) -> None:
    two = len(config.chambers) == 2
    linking = fake_linking(config)
    if not two:
        linking = {**dict.fromkeys(linking), "linked": False, "reason": "only the house was fitted", "findings": []}
    (folder / "linking.json").write_text(json.dumps(linking), encoding="utf-8")
    members = [m for unit in config.chambers for m in read_rows(folder / unit / "ideal_points.csv")]
    right = dict.fromkeys(("p_right_of_house_median", "p_right_of_senate_median", "p_right_of_own_party"), 0.5)
    places = under("relative", quantiles(0.2)) | {"joint_median": 0.1, "link_median": 0.3}
    write_csv(folder / "linked_members.csv", [m | right | places for m in members])
    curve = {
        "house_alpha": 0.5,
        "house_beta": 2.0,
        "senate_alpha": 0.4,
        "senate_beta": 1.8,
        "chi2": 1.0,
        "p_value": 0.6,
        "elpd_diff": -3.5,
    }
    rows = [
        {"bill": f"SB {k}", "title": "An act", "used": k < 3, "reason": "" if k < 3 else "unlike"} for k in range(4)
    ]
    write_csv(
        folder / "anchors.csv", [row | curve | {"gap": 0.0, "rms_gap": 0.01 * (k + 1)} for k, row in enumerate(rows)]
    )
    write_axis(folder, config)


def write_axis(folder: Path, config: ExperimentConfig) -> None:
    fits = [(u, c) for u in config.units for c in (config.chambers if u == "joint" else [u])]
    numbers = {
        "d": {"mean": 8.25, "sd": 0.3, "q05": 7.75, "q95": 8.75},
        "d_pc1": 8.0,
        "d_pc2": 0.5,
        "eigenvalue_ratio": 9.1,
    }
    numbers |= {"correlation_pc1": 0.99, "correlation_pc2": 0.05}
    units = [
        {"unit": u, "chamber": c, "verdict": "parties", "text": f"This axis of the {c} is the parties'", **numbers}
        for u, c in fits
    ]
    (folder / "axis.json").write_text(json.dumps({"units": units}), encoding="utf-8")
    members = [
        {
            "unit": u,
            **{key: m[key] for key in ("chamber", "legislator", "name", "party", "xi_mean")},
            "place": m["position_mean"],
            "pc1": m["xi_mean"],
            "pc2": 0,
        }
        for u in config.units
        for m in read_rows(folder / u / "ideal_points.csv")
    ]
    write_csv(folder / "axis_members.csv", members)
    bill = {
        "vote": "1",
        "bill": "HB 2001",
        "title": "An act",
        "motion": "",
        "date": "",
        "slope": 2.5,
        "beta_mean": 2.5,
        "beta_q05": 2,
        "beta_q95": 3,
    }
    ends = {"end": "right", "place": 1, **bill, "yea_democrats": 0.1, "yea_republicans": 0.9}
    write_csv(folder / "axis_bills.csv", [{"unit": u, "chamber": c, **ends} for u, c in fits])
