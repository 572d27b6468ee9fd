"""The tables and summary.json of one fitted unit (house, senate or joint), put together from the statistics modules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from . import summaries as stat
from .config import GateConfig
from .diagnostics import Statistics, assess, element_labels, element_statistics
from .models.base import PARTIES
from .votes import ChamberVotes, JointVotes, join_chambers

ROLLCALL_COLUMNS = ["bill", "title", "motion", "date", "chambers", "yea", "nay"]


def summarize_unit(
    tree: xr.DataTree,
    chambers: Sequence[ChamberVotes],
    flats: Sequence[xr.DataTree],
    truth: pd.DataFrame | None,
    gates: GateConfig,
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Everything that is reported of one posterior.

    Parameters
    ----------
    tree
        The posterior file.
    chambers, flats
        Votes (and flat posteriors, where there are any) of the unit's chambers, House first.
    truth
        Columns ``chamber``, ``legislator_slug`` and ``xi`` of a simulated session, or None.
    gates
        Thresholds of convergence.

    Returns
    -------
    summary : dict
        The content of summary.json.
    tables : dict of DataFrame
        ``ideal_points``, ``bills``, ``parties``, ``convergence``.
    """
    posterior = tree["posterior"].to_dataset()
    joined = join_chambers(*chambers) if len(chambers) == 2 else None
    parts = [joined.house, joined.senate] if joined else [chambers[0].major()]
    statistics = {str(name): element_statistics(values.to_numpy()) for name, values in posterior.items()}
    labels = {str(name): element_labels(values) for name, values in posterior.items()}
    stats = tree["sample_stats"]
    convergence = assess(statistics, labels, stats["diverging"].to_numpy(), stats["energy"].to_numpy(), gates)

    ideal = _ideal_points(posterior, parts, joined is not None, flats, truth, statistics["xi"])
    mu, sigma = _groups(posterior)
    sizes = np.array([[(part.parties == party).sum() for party in PARTIES] for part in parts])
    names = [part.chamber for part in parts]
    rollcalls = _joint_rollcalls(joined) if joined else parts[0].rollcalls.assign(chambers=names[0])
    bills = stat.bill_table(posterior["alpha"].to_numpy(), posterior["beta"].to_numpy(), rollcalls[ROLLCALL_COLUMNS])
    bills["rhat"], bills["ess_bulk"] = statistics["beta"].rhat, statistics["beta"].ess_bulk
    tables = {
        "ideal_points": ideal.reset_index(),
        "bills": bills.reset_index(),
        "parties": stat.party_table(mu, sigma, names, list(PARTIES), sizes),
        "convergence": pd.DataFrame([asdict(block) for block in convergence.blocks]),
    }
    spec = json.loads(tree.attrs["spec"])
    summary = {
        "unit": spec["unit"],
        "kind": spec["kind"],
        "session": chambers[0].session,
        "experiment_spec": spec,
        "spec_hash": tree.attrs["spec_hash"],
        "data_hash": json.loads(tree.attrs["data_hash"]),
        "model_fingerprint": tree.attrs["model_fingerprint"],
        "n_legislators": int(sizes.sum()),
        "n_left_out": int(sum(votes.n_legislators for votes in chambers) - sizes.sum()),
        "n_rollcalls": len(rollcalls),
        "n_votes": int(sum((part.y >= 0).sum() for part in parts)),
        "n_shared_bills": joined.n_shared if joined else None,
        "sampling": _sampling(tree, spec),
        "convergence": convergence.to_dict(),
        "icc": [
            {"chamber": name, **stat.scalar(stat.variance_share(mu[:, :, c], sigma[:, :, c], sizes[c]))}
            for c, name in enumerate(names)
        ],
        "flat_corr": _by_chamber(ideal, "flat_mean") if flats else {},
        "external_corr": _by_chamber(ideal, "external"),
        "truth": None if truth is None else _recovery(ideal),
        "fit_versions": json.loads(tree.attrs["versions"]),
    }
    return summary, tables


def _ideal_points(
    posterior: xr.Dataset,
    parts: Sequence[ChamberVotes],
    joint: bool,
    flats: Sequence[xr.DataTree],
    truth: pd.DataFrame | None,
    statistics: Statistics,
) -> pd.DataFrame:
    tables = []
    for c, part in enumerate(parts):
        own = part.legislators.assign(chamber=part.chamber)
        own["flat_mean"] = np.nan
        if flats:
            flat: pd.Series = flats[c]["posterior"]["xi"].mean(("chain", "draw")).to_pandas()
            own["flat_mean"] = flat.reindex(own.index)
        own["truth"] = np.nan if truth is None else _truth_of(truth, part)
        if joint:
            own.index = [f"{part.chamber}:{name}" for name in own.index]
        tables.append(own)
    members = pd.concat(tables)
    table = stat.ideal_point_table(posterior["xi"].to_numpy(), members)
    table["rhat"], table["ess_bulk"] = statistics.rhat, statistics.ess_bulk
    for column in ("flat_mean", "external", "truth"):
        table[column] = members[column]
    return table


def _groups(posterior: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Party means and spreads with axes (chain, draw, chamber, party) for both kinds of model."""
    if "mu_group" in posterior:
        return posterior["mu_group"].to_numpy(), posterior["sigma_within"].to_numpy()
    return posterior["mu_party"].to_numpy()[:, :, None], posterior["sigma_within"].to_numpy()[:, :, None]


def _joint_rollcalls(joined: JointVotes) -> pd.DataFrame:
    """One row per item; a shared bill has the House's motion and the votes of both chambers."""
    table = pd.DataFrame(index=pd.Index(joined.vote, name="vote"), columns=ROLLCALL_COLUMNS)
    table[["yea", "nay"]] = 0
    for part, item in ((joined.senate, joined.senate_item), (joined.house, joined.house_item)):
        rows = table.index[item]
        table.loc[rows, ["bill", "title", "motion", "date"]] = part.rollcalls[
            ["bill", "title", "motion", "date"]
        ].to_numpy(object)
        for column in ("yea", "nay"):
            table.loc[rows, column] += part.rollcalls[column].to_numpy()
        table.loc[rows, "chambers"] = part.chamber
    table.loc[table.index[joined.shared["item"].to_numpy()], "chambers"] = "both"
    return table


def _by_chamber(ideal: pd.DataFrame, column: str) -> dict[str, float | None]:
    """Correlation of the posterior mean ideal points with another column, by chamber."""
    return {
        str(chamber): stat.correlation(rows["xi_mean"].to_numpy(float), rows[column].to_numpy(float))
        for chamber, rows in ideal.groupby("chamber", sort=False)
    }


def _truth_of(truth: pd.DataFrame, part: ChamberVotes) -> np.ndarray:
    """True ideal points of a chamber's members; NaN where the truth does not name one."""
    here = truth[truth["chamber"].str.lower() == part.chamber].set_index("legislator_slug")["xi"]
    return here.reindex(part.legislators.index).to_numpy(float)


def _recovery(ideal: pd.DataFrame) -> list[dict[str, Any]]:
    """How well a simulated truth came back, by chamber.

    ``coverage90`` takes the truth as it stands, on the scale of the production prior; another prior of beta sets
    another scale. ``coverage90_rescaled`` first maps the truth linearly onto the estimates.
    """
    out = []
    for chamber, rows in ideal.groupby("chamber", sort=False):
        mean, low, high, truth = (rows[c].to_numpy(float) for c in ("xi_mean", "xi_q05", "xi_q95", "truth"))
        known = np.isfinite(truth)
        line = np.polyfit(truth[known], mean[known], 1) if known.sum() > 2 else (np.nan, np.nan)
        out.append(
            {
                "chamber": chamber,
                "n": int(known.sum()),
                "correlation": stat.correlation(mean, truth),
                "coverage90": stat.coverage(truth, low, high),
                "coverage90_rescaled": stat.coverage(np.polyval(line, truth), low, high),
            }
        )
    return out


def _sampling(tree: xr.DataTree, spec: dict[str, Any]) -> dict[str, Any]:
    stats = tree["sample_stats"]
    return {
        **spec["sampling"],
        "cores": int(tree.attrs["cores"]),
        "chain_seeds": json.loads(tree.attrs["chain_seeds"]),
        "time_s": round(float(tree.attrs["sample_s"]), 2),
        "compile_s": round(float(tree.attrs["compile_s"]), 2),
        "divergences": int(stats["diverging"].sum()),
        "mean_tree_depth": round(float(stats["tree_depth"].mean()), 3),
        "gradients": int(stats["n_steps"].sum()),
    }
