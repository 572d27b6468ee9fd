"""Finished experiments, made up: variants of one chamber on planted ideal points, for the tests of the comparison."""

import numpy as np
import pandas as pd
from small import small_chamber

from tallgrass_models.checking.loo import Loo
from tallgrass_models.checking.loo_compare import Pointwise
from tallgrass_models.checking.observations import observations
from tallgrass_models.comparison.variants import Variant
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.votes.unit import Unit

VOTES = small_chamber(n_votes=40, sizes=(10, 14, 0))
N = VOTES.n_legislators
XI = np.where(VOTES.parties == "Democrat", -1.5, 1.2) + 0.4 * np.random.default_rng(0).normal(size=N)


def ideal_points(xi, sd=0.2):
    """A table of members at ``xi``, ranks two wide on either side."""
    table = VOTES.legislators[["name", "party"]].rename_axis("legislator").reset_index().assign(chamber="house")
    rank = pd.Series(xi).rank()
    table = table.assign(position_mean=xi, position_sd=sd, position_q05=xi - 1.6 * sd, position_q95=xi + 1.7 * sd)
    return table.assign(rank_mean=rank, rank_q05=rank - 2, rank_q95=rank + 2)


def bill_table(alpha, beta, sd=0.1):
    calls = VOTES.rollcalls[["bill", "title"]].rename_axis("vote").reset_index().assign(chambers="house")
    slope = {"mean": beta, "sd": sd, "q05": beta - 1.645 * sd, "q95": beta + 1.645 * sd}
    columns = {f"discrimination_{key}": value for key, value in slope.items()}
    return calls.assign(difficulty_mean=alpha, difficulty_sd=sd, **columns)


def party_rows(mu=(-1.5, 1.2), sigma=(0.4, 0.4)):
    table = pd.DataFrame({"chamber": "house", "party": ["Democrat", "Republican"], "n": [10, 14]})
    values_of = {"mu": mu, "sigma": sigma, "mu_position": mu, "sigma_position": sigma, "position": mu, "spread": sigma}
    for name, values in values_of.items():
        for key in ("mean", "q05", "q95"):
            table[f"{name}_{key}"] = values
    return table


def variant(  # with ``senate``, it has a Senate too, whose members nobody else has
    name,
    xi=XI,
    session="small",
    beta=None,
    alpha=None,
    share=0.9,
    ok=True,
    data_hash="d",
    elpd=-0.5,
    kind="parties",
    axis="parties",
    modes="one mode",
    sides="",
    senate=False,
    **settings,
):
    rng = np.random.default_rng(3)
    beta = rng.normal(size=40) if beta is None else beta
    alpha = rng.normal(size=40) if alpha is None else alpha
    block = {
        "rhat_xi_max": 1.001,
        "ess_xi_min": 800.0,
        "divergences": 0,
        "sampling_time_s": 4.0,
        "compile_time_s": 1.0,
        "gradients": 120_000,
        "convergence_ok": ok and not sides,
        "convergence_failures": [*([] if ok else ["R-hat of xi reaches 1.2"]), *([sides] if sides else [])],
        "chain_modes": {"verdict": modes},
        "sides": {"form": "undecided", "reason": sides} if sides else {"form": "parties"},
        "data_hash": [data_hash],
        "icc": [{"chamber": "house", "mean": share, "sd": 0.01, "q05": share - 0.02, "q95": share + 0.02}],
        "scale": {"house": {"sets_scale": True, "kind": kind, "turned": axis == "mirrored"}},
    }
    where = session if isinstance(session, SessionConfig) else SessionConfig(session)
    config = ExperimentConfig(name=name, session=where, chambers=("house",), **settings)
    metrics = {
        "experiment": name,
        "description": "",
        "convergence_ok": ok,
        "joint": None,
        "axis": [{"unit": "house", "chamber": "house", "verdict": axis}],
        "chambers": {"house": block},
        "config": config.to_dict(),
        "baseline": config.compare_with,
    }
    tables = {"ideal_points": ideal_points(xi), "bills": bill_table(alpha, beta), "parties": party_rows()}
    tables["sensitivity"] = pd.DataFrame(
        {
            "quantity": ["icc", "xi"],
            "legislator": [None, "a"],
            "component": "beta",
            "sensitivity": [0.1, 0.9],
            "chamber": "house",
        }
    )
    if not senate:
        return Variant(metrics, {Unit.HOUSE: tables}, {Unit.HOUSE: left_out(elpd)})
    scale = {"senate": {"sets_scale": True, "kind": kind, "turned": False}}
    metrics["chambers"]["senate"] = block | {"scale": scale, "icc": [block["icc"][0] | {"chamber": "senate"}]}
    metrics["axis"].append({"unit": "senate", "chamber": "senate", "verdict": "parties"})
    return Variant(metrics, dict.fromkeys((Unit.HOUSE, Unit.SENATE), tables), dict.fromkeys(Unit, left_out(elpd)))


def left_out(elpd):
    """Leave-one-out of every vote; ``elpd`` of each, by hand or all alike."""
    obs = observations([VOTES])
    zeros = np.zeros(len(obs))
    each = np.broadcast_to(elpd, len(obs)).astype(float)
    loo = Loo(each, zeros, zeros, zeros.astype(bool), zeros.astype(bool), zeros, 1.0, 0.7)
    return Pointwise(loo, obs, {"unit": "house"})
