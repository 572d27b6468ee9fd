"""comparison.json and its tables, made up, as the comparison of three experiments on one session and one on another."""

import json
import random
from pathlib import Path

import report_files

from tallgrass_models.files.columns.comparison import TABLES

EXPERIMENTS = ["baseline", "positive_beta", "tight", "elsewhere"]
PAIR = {"group": "demo", "unit": "house", "chamber": "house", "reference": "baseline"}


def write_csv(path: Path, rows: list[dict]) -> None:
    """Write rows as they are, with the columns that they lack of those declared."""
    report_files.write_csv(path, rows, TABLES)


def fake_comparison(folder: Path, name: str = "Ann Smith", title: str = "An act") -> Path:
    """Write everything under ``folder`` and return the path of comparison.json; the first member is ``name``."""
    rng = random.Random(2)
    write_csv(folder / "cost.csv", [_cost(e, unit) for e in EXPERIMENTS for unit in ("house", "senate")])
    write_csv(folder / "agreement.csv", [_agreement(e) for e in EXPERIMENTS[1:3]])
    write_csv(folder / "members.csv", [_member(e, k, name, rng) for e in EXPERIMENTS[1:3] for k in range(20)])
    write_csv(folder / "drivers.csv", [_driver(e, place, name, title) for e in EXPERIMENTS[1:3] for place in (1, 2)])
    parties = [("Democrat", -1.5), ("Republican", 1.2)]
    write_csv(folder / "parties.csv", [_party(e, party, mu) for e in EXPERIMENTS for party, mu in parties])
    shares = {"share_mean": 0.9, "share_q05": 0.88, "share_q95": 0.92}
    write_csv(
        folder / "shares.csv", [{"experiment": e, "unit": "house", "chamber": "house", **shares} for e in EXPERIMENTS]
    )
    write_csv(folder / "bills.csv", [_bill(e, k, title) for e in EXPERIMENTS[1:3] for k in range(12)])
    pairs = {"group": "demo", "unit": "house", "reference": "baseline", "experiment": "positive_beta"}
    write_csv(
        folder / "predictive.csv",
        [
            {
                **pairs,
                "elpd_diff": -41.5,
                "se_by_rollcall": 9.25,
                "n_votes": 33506,
                "verdict": "worse",
                "gmp_reference": 0.844,
                "gmp": 0.843,
                "correct_reference": 0.931,
                "correct": 0.93,
            }
        ],
    )
    nobody = dict.fromkeys(("party", "legislator", "name", "rollcall", "bill"), "")
    held_out = {"by": "member", **nobody, "legislator": "m0", "name": name, "party": "Democrat", "rollcall": ""}
    held_out |= {"log_score": -0.0123, "log_score_se": 0.004, "right": -2, "n_votes": 50}
    write_csv(folder / "held_out_differences.csv", [{**pairs, "chamber": "house", **held_out}])
    parts = [
        {"by": "party", **nobody, "party": "Democrat", "elpd_diff": -30, "se": 8},
        {"by": "member", **nobody, "party": "Democrat", "legislator": "m0", "name": name, "elpd_diff": -3, "se": 1},
        {"by": "rollcall", **nobody, "rollcall": "v1", "bill": "HB 1", "elpd_diff": -2, "se": 1},
    ]
    write_csv(folder / "predictive_parts.csv", [{**pairs, "chamber": "house", **part, "n_votes": 9} for part in parts])
    lean = {"experiment": "tight", "unit": "house", "quantity": "icc", "chamber": "house", "party": ""}
    leaning = {**lean, "component": "beta", "sensitivity": 0.12, "diagnosis": "prior-data conflict"}
    write_csv(folder / "sensitivity.csv", [leaning])
    path = folder / "comparison.json"
    path.write_text(json.dumps(_content(title)), encoding="utf-8")
    return path


_FAULT = {
    "unit": "house",
    "chamber": "house",
    "fault": "not converged",
    "text": "The fit of the House in tight has not converged.",
}


def rung(name: str, log_score: float, n_folds: int = 10, n_converged: int = 10) -> dict:
    """A rung of a ladder."""
    scores = {"log_score": log_score, "log_score_se": 0.01, "mcse": 0.0001, "gmp": 0.8, "correct": 0.9}
    counts = {"errors": 300, "apre": 0.6, "n_folds": n_folds, "n_converged": n_converged, "seconds": 12.5 * n_folds}
    return {"rung": name, **scores, "correct_se": 0.005, **counts}


def gain(score: float, right: float) -> dict:
    """What one prediction gains on another, with errors of 0.002 and 2 votes of 1,000."""
    ends = {"q05": -1.645, "q95": 1.645}
    out = {"log_score": score, "log_score_se": 0.002, "right": right, "right_se": 2.0}
    out |= {f"log_score_{end}": score + width * 0.002 for end, width in ends.items()}
    return out | {f"right_{end}": right + width * 2.0 for end, width in ends.items()}


def held_out(**more: str) -> dict:
    """Ladders of two experiments, and the second against the first."""
    folds = {"number": 10, "run": 10, "draws": 1000, "tune": 300, **more}
    ladders = [
        {
            "group": "demo",
            "experiment": name,
            "chamber": "house",
            "n_votes": 3000,
            "folds": folds,
            "ladder": [rung("party", -0.25, 0, 0), rung("flat", -0.22), rung("chamber", score, 10, converged)],
        }
        for name, score, converged in (("baseline", -0.21, 10), ("positive_beta", -0.24, 9))
    ]
    pair = {"group": "demo", "reference": "baseline", "experiment": "positive_beta", "unit": "house"}
    pair |= {
        "chamber": "house",
        "n_votes": 3000,
        **gain(-0.03, -12.0),
        "text": "On 3,000 votes, positive_beta calls fewer right.",
    }
    notes = {"demo": ["tight and baseline do not hold out the same votes of the House."]}
    return {"ladders": ladders, "pairs": [pair], "notes": notes}


def _called(title: str, level: str | None, answer: str) -> dict:
    names = {"house": "Assembly", "senate": "Senate"}
    asked = {"question": "Does the answer depend on the prior?", "level": level, "answer": answer}
    return {"title": title, "chamber_names": names, **asked}


def _content(description: str) -> dict:
    entries = [
        {
            "experiment": name,
            "description": description,
            "session": "us" if name == "elsewhere" else "demo",
            "sampling": "4 x (1500 + 2000) by nutpie",
            "converged": name != "tight",
            "faults": [_FAULT] if name == "tight" else [],
            "reference": name in ("baseline", "elsewhere"),
            "group": "us" if name == "elsewhere" else "demo",
        }
        for name in EXPERIMENTS
    ]
    names = {"group": "demo", "reference": "baseline"}
    counts = {
        f"n_{of}{who}": n
        for of, three in {"members": (19, 20, 21), "rollcalls": (11, 12, 13), "votes": (2000, 2100, 2300)}.items()
        for who, n in zip(("", "_reference", "_experiment"), three, strict=True)
    }
    both = {**names, "experiment": "tight", "unit": "house", **counts, "text": "The filters differ."}
    place = {"unit": "house", "chamber": "house", "turned": None}
    verdicts = [
        {
            **names,
            "experiment": "positive_beta",
            "level": "yes",
            "prediction": "worse",
            "text": "Yes: positive_beta and baseline put members in different orders.",
            "reasons": [f"Reason {k}." for k in range(1, 8)],
            "details": ["positive_beta has the same filters."],
            "places": [{**place, "level": "yes", "withheld": [], "spearman": 0.843}],
            "movers": [],
        },
        {
            **names,
            "experiment": "tight",
            "level": "unknown",
            "prediction": "unknown",
            "text": "It cannot be said: the fit of the House in tight has not converged.",
            "reasons": ["Not compared, because the fit of the House in tight has not converged."],
            "details": [],
            "places": [{**place, "level": "unknown", "withheld": [_FAULT["text"]], "spearman": None}],
            "movers": [],
        },
    ]
    groups = [
        {
            "group": "demo",
            "reference": "baseline",
            "experiments": EXPERIMENTS[:3],
            "chambers": ["house"],
            "note": "Like with like.",
            **_called("The demo", "yes", "Yes: members stand in another order under positive_beta."),
        },
        {
            "group": "us",
            "reference": "elsewhere",
            "experiments": ["elsewhere"],
            "chambers": ["house"],
            "note": "Nothing else.",
            **_called("The Congress", None, ""),
        },
    ]
    values = {
        "baseline": "normal(0, 1)",
        "positive_beta": "lognormal(0, 0.5)",
        "tight": "normal(0, 0.1)",
        "elsewhere": "normal(0, 1)",
    }
    return {
        "schema_version": 3,
        "experiments": entries,
        "groups": groups,
        "configuration": [{"key": "beta_prior", "values": values}],
        "common": [both],
        "verdict": verdicts,
        "held_out": held_out(),
        "same_models": [],
        "curves": [],
        "summary": ["4 experiments on 2 sessions."],
    }


def _cost(experiment: str, unit: str) -> dict:
    return {
        "experiment": experiment,
        "unit": unit,
        "converged": experiment != "tight",
        "rhat_xi_max": 1.002,
        "ess_xi_min": 1234,
        "divergences": 0,
        "sampling_time_s": 7.5,
        "compile_time_s": 0.2,
        "gradients": 120000,
        "ess_per_s": 164.5,
        "gradients_per_ess": 97.2,
    }


def _agreement(experiment: str) -> dict:
    return {
        **PAIR,
        "experiment": experiment,
        "n": 20,
        "pearson": 0.95,
        "spearman": 0.843,
        "slope": 5.1,
        "intercept": 0.1,
        "turned_reference": False,
        "turned": experiment == "positive_beta",
        "move_rms": 1.31,
        "n_rank_disjoint": 2,
        "max_rank_change": -7,
        "max_rank_member": "Ann Smith",
    }


def _member(experiment: str, k: int, name: str, rng: random.Random) -> dict:
    place, move = k / 5 - 2, rng.gauss(0, 0.2)
    return {
        **PAIR,
        "experiment": experiment,
        "legislator": f"m{k}",
        "name": name if k == 0 else f"Member {k}",
        "party": "Democrat" if k < 8 else "Republican",
        "position_reference": place,
        "position_reference_sd": 0.2,
        "position": place + move,
        "position_sd": 0.2,
        "move": move,
        "move_sd": move / 0.2,
        "rank_reference": k + 1,
        "rank_reference_q05": max(1, k - 1),
        "rank_reference_q95": min(20, k + 3),
        "rank": 20 - k,
        "rank_q05": 1,
        "rank_q95": 20,
        "rank_change": 19 - 2 * k,
        "rank_disjoint": False,
    }


def _driver(experiment: str, place: int, name: str, title: str) -> dict:
    what = {
        "vote": f"v{place}",
        "bill": "HB 1",
        "title": title,
        "cast": "Yea",
        "push": 0.3,
        "discrimination_reference": -1.0,
        "discrimination": 0.1,
    }
    who = {"legislator": "m0", "name": name, "party": "Democrat", "move": 0.6, "place": place}
    return {**PAIR, "experiment": experiment, **who, **what}


def _party(experiment: str, party: str, mu: float) -> dict:
    spread = {
        f"{name}_{key}": v for name in ("spread", "sigma") for key, v in (("mean", 0.4), ("q05", 0.3), ("q95", 0.5))
    }
    mean = {"position_mean": 1.0 if mu > 0 else -1.0, "position_q05": 0.9, "position_q95": 1.1}
    mean |= {"mu_mean": mu, "mu_q05": mu - 0.2, "mu_q95": mu + 0.2}
    return {"experiment": experiment, "unit": "house", "chamber": "house", "party": party, "n": 10, **mean, **spread}


def _bill(experiment: str, k: int, title: str) -> dict:
    beta = k / 4 - 1
    here = {"discrimination": max(beta, 0.05), "discrimination_sd": 0.2, "reversed": beta < -0.4}
    here |= {"change": max(beta, 0.05) - beta}
    what = {"vote": f"v{k}", "bill": f"HB {k}", "title": title}
    what |= {"discrimination_reference": beta, "discrimination_reference_sd": 0.2}
    return {**PAIR, "experiment": experiment, **what, **here, "change_sd": here["change"] / 0.2}
