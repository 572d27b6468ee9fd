"""The tables and summary.json of one fitted unit (house, senate or joint), put together from the statistics modules."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, cast

import numpy as np
import pandas as pd
import xarray as xr

from ..config.gates import GateConfig
from ..draws import moments as stat
from ..draws.agreement import correlation, shrinkage
from ..draws.mixing import Statistics, element_statistics
from ..draws.modes import describe, judge_chains
from ..draws.standing import gaps_compared, parties_apart, party_rows, share_of_party
from ..draws.tables import bill_table, ideal_point_table
from ..draws.vote_probability import SECOND_PLACE, SECOND_SLOPE, VoteParameters
from ..errors import UserError
from ..files.columns.summary import BILLS, IDEAL_POINTS
from ..files.forms import UNDECIDED
from ..files.records.specs import FitSpec
from ..files.records.statistics import External, FormChoice, Sides, VarianceShare
from ..files.records.summary import (
    ApartOfChamber,
    ChainModes,
    Comparisons,
    Facts,
    OfStructure,
    SamplingDone,
    Standing,
    Summary,
    WorstRank,
)
from ..models.base import AXES
from ..priors.spec import BetaPriorSpec
from ..votes.matrix import ChamberVotes
from ..votes.seats import SeatRule
from ..votes.unit_votes import Part, UnitVotes, make_unit
from ..votes.vocabulary import PARTIES
from .bridges import bridges_of
from .external import external_agreement
from .gates import LOG_DENSITY, Convergence, assess, element_labels
from .placed import Placed, bill_sides, place_unit
from .roster import member_columns, roster
from .structures import structure_numbers
from .tables import fit_tables, order_dataset, pivot_tables, worst_fit
from .truth import recovery
from .wrong_sign_bills import party_lean, summarize_wrong_sign, wrong_sign


@dataclass(frozen=True)
class ComparedWith:
    """Other knowledge of the members of a unit, with which the fit is compared.

    Attributes
    ----------
    flats
        Posteriors of the flat model for its chambers, House first, if there are any.
    truth
        Columns ``chamber``, ``legislator_slug`` and ``xi`` of a simulated session, or None.
    external
        External scores by member, which replace those that came with the votes, or None.
    scores_name
        The name of the external scores, which is needed if there are any.
    """

    flats: Sequence[xr.DataTree] = ()
    truth: pd.DataFrame | None = None
    external: Mapping[str, float] | None = None
    scores_name: str | None = None


def summarize_unit(
    tree: xr.DataTree,
    chambers: Sequence[ChamberVotes],
    gates: GateConfig,
    others: ComparedWith | None = None,
    seat_rule: SeatRule | None = None,
) -> tuple[Summary, dict[str, pd.DataFrame], xr.Dataset]:
    """Compute everything that is reported of one posterior.

    Parameters
    ----------
    tree
        The posterior file.
    chambers
        Votes of the unit's chambers, House first.
    gates
        Thresholds of convergence.
    others
        The results with which its positions are compared.
    seat_rule
        The rule for which seats count for medians and pivots. By default these are the seats of all members, by their
        time in office.

    Returns
    -------
    summary : Summary
        The content of summary.json.
    tables : dict of DataFrame
        The CSV tables by name, those of `files.columns.summary.SUMMARIZED`.
    order : Dataset
        The result of `tables.order_dataset`.

    Raises
    ------
    UserError
        If members have external scores without a name.
    """
    others = others or ComparedWith()
    posterior = tree["posterior"].to_dataset().drop_vars(AXES, errors="ignore")
    unit = make_unit(chambers, posterior["vote"].to_numpy())
    spec: FitSpec = json.loads(tree.attrs["spec"])
    statistics = {str(name): element_statistics(values.to_numpy()) for name, values in posterior.items()}
    statistics[LOG_DENSITY] = element_statistics(tree["sample_stats"]["lp"].to_numpy())
    convergence = _convergence(posterior, tree, unit, statistics, gates)
    placed = place_unit(posterior["xi"].to_numpy(), unit)
    ideal = _ideal_points(placed, unit, others, statistics["xi"])
    ideal = _on_second(ideal, "second", posterior, SECOND_PLACE)
    if SECOND_PLACE in statistics:
        second = statistics[SECOND_PLACE]
        ideal["second_rhat"], ideal["second_ess_bulk"] = second.rhat, second.ess_bulk
    else:
        ideal["second_rhat"], ideal["second_ess_bulk"] = np.nan, np.nan
    positive = BetaPriorSpec.from_dict(spec["beta_prior"]).positive
    bills = _bills(posterior, unit, placed, positive and not spec["orient_bills"], statistics["beta"])
    bills = _on_second(bills, "second_slope", posterior, SECOND_SLOPE)
    votes = VoteParameters.of(posterior)
    fit = fit_tables(unit, ideal, bills, None if votes.plain else votes.means())
    pivots, pivot_summary = pivot_tables(unit, placed, seat_rule or SeatRule())
    tables = {
        "ideal_points": ideal.reset_index()[IDEAL_POINTS.names],
        "bills": bills.reset_index()[BILLS.names],
        "parties": _parties(posterior, unit, placed),
        "convergence": pd.DataFrame([asdict(block) for block in convergence.blocks]),
        **fit,
        **pivots,
    }
    summary: Summary = {
        **_facts(tree, chambers, unit, spec),
        "convergence": {
            **convergence.to_dict(),
            "minutes_needed": _minutes_needed(convergence.draws_needed, tree, spec),
            **_worst_rank_error(ideal),
        },
        "chain_modes": _modes(tree, placed),
        "sides": _sides(tree),
        "scale": placed.records(),
        **_standing(unit, placed),
        "fit": fit["group_fit"].to_dict("records"),
        "worst_fit": worst_fit(fit),
        **pivot_summary,
        "roster": roster(unit, chambers),
        "wrong_sign": summarize_wrong_sign(bills, fit["member_fit"], ideal["position_mean"].to_numpy(), positive),
        **_comparisons(ideal, bool(others.flats), others.scores_name),
        **_structure(spec, posterior, unit, placed),
        "truth": recovery(ideal, posterior["xi"].to_numpy(), spec) if others.truth is not None else None,
        "fit_versions": json.loads(tree.attrs["versions"]),
    }
    return _strict(summary), tables, order_dataset(unit, placed)


def _structure(spec: FitSpec, posterior: xr.Dataset, unit: UnitVotes, placed: Placed) -> OfStructure:
    """Record what a structure adds; nothing of the production model."""
    named = spec.get("model", {}).get("structure")
    return {"structure": structure_numbers(named, posterior, unit, placed)} if named else {}


def _facts(tree: xr.DataTree, chambers: Sequence[ChamberVotes], unit: UnitVotes, spec: FitSpec) -> Facts:
    """Record what was fitted to which votes, and how it was sampled."""
    n = sum(part.votes.n_legislators for part in unit.parts)
    return {
        "unit": spec["unit"],
        "kind": spec["kind"],
        "session": chambers[0].session,
        "experiment_spec": spec,
        "spec_hash": tree.attrs["spec_hash"],
        "data_hash": json.loads(tree.attrs["data_hash"]),
        "model_fingerprint": tree.attrs["model_fingerprint"],
        "n_legislators": n,
        "n_left_out": sum(int(votes.info["n_legislators_dropped"]) for votes in chambers),
        "n_rollcalls": len(unit.rollcalls),
        "n_votes": int(sum((part.votes.y >= 0).sum() for part in unit.parts)),
        "n_shared_bills": unit.n_shared,
        "bridges": bridges_of(tree["posterior"].to_dataset(), chambers, spec) if len(chambers) == 2 else None,
        "sampling": _sampling(tree, spec),
    }


def _convergence(
    posterior: xr.Dataset, tree: xr.DataTree, unit: UnitVotes, statistics: Mapping[str, Statistics], gates: GateConfig
) -> Convergence:
    readable = {"legislator": unit.member_names(), "vote": unit.bill_names()}
    labels = {str(name): element_labels(values) for name, values in posterior.items()} | {LOG_DENSITY: [""]}
    names = {str(name): element_labels(values, readable) for name, values in posterior.items()} | {LOG_DENSITY: [""]}
    stats = tree["sample_stats"]
    found = assess(statistics, labels, names, stats["diverging"].to_numpy(), stats["energy"].to_numpy(), gates)
    decided: FormChoice = json.loads(tree.attrs["sides"])
    if decided.get("form") == UNDECIDED:
        found = replace(found, failures=[*found.failures, decided["reason"]])
    return found


def _minutes_needed(draws: int | None, tree: xr.DataTree, spec: FitSpec) -> float | None:
    """Estimate the minutes of tuning and sampling with that many draws of each chain, at the speed of this fit."""
    if draws is None:
        return None
    tune, done = spec["sampling"]["tune"], tree["posterior"].sizes["draw"]
    return round(float(tree.attrs["sample_s"]) / 60 * (tune + draws) / (tune + done), 3)


def _worst_rank_error(ideal: pd.DataFrame) -> WorstRank:
    worst = ideal.loc[ideal["rank_mcse"].idxmax()]
    return {"rank_mcse_max": float(worst["rank_mcse"]), "rank_mcse_where": str(worst["name"])}


def _modes(tree: xr.DataTree, placed: Placed) -> ChainModes:
    chains = judge_chains(placed.xi, placed.party, placed.chamber, tree["sample_stats"]["lp"].to_numpy())
    return {**describe(chains), "before_restarts": json.loads(tree.attrs["modes_before_restarts"])}


def _sides(tree: xr.DataTree) -> Sides:
    decided: FormChoice = json.loads(tree.attrs["sides"])
    return {"coordinates": tree.attrs["model_coordinates"], **decided}


def _bills(
    posterior: xr.Dataset, unit: UnitVotes, placed: Placed, one_sided: bool, statistics: Statistics
) -> pd.DataFrame:
    """Make the table of bills; only if ``one_sided`` (a positive prior, bills not oriented) has Yea a side."""
    alpha, beta = posterior["alpha"].to_numpy(), posterior["beta"].to_numpy()
    bills = bill_table(alpha, beta, placed.frame, unit.rollcalls)
    bills["rhat"], bills["ess_bulk"] = statistics.rhat, statistics.ess_bulk
    lean = party_lean(*unit.party_counts()).set_axis(bills.index)
    side = bill_sides(placed, unit) if one_sided else np.full(len(bills), np.nan)
    return bills.join(lean).assign(yea_side=side, wrong_sign=wrong_sign(lean["party_z"].to_numpy(), side))


def _on_second(table: pd.DataFrame, stem: str, posterior: xr.Dataset, name: str) -> pd.DataFrame:
    """Add the moments of members or bills on the second dimension, NaN where there is none."""
    if name not in posterior:
        return table.assign(**dict.fromkeys((f"{stem}_{end}" for end in ("mean", "sd", "q05", "q95")), np.nan))
    return table.assign(**{f"{stem}_{end}": of for end, of in stat.moments(posterior[name].to_numpy()).items()})


def _parties(posterior: xr.Dataset, unit: UnitVotes, placed: Placed) -> pd.DataFrame:
    """Make the table of parties, with their members and the populations of the model, on both scales."""
    mu, sigma = _groups(posterior)
    rows = []
    for c, part in enumerate(unit.parts):
        xi, party = placed.xi[..., part.members], part.votes.parties
        rows += party_rows(part.chamber, xi, placed.frame, party, mu[:, :, c], sigma[:, :, c])
    return pd.DataFrame(rows)


def _standing(unit: UnitVotes, placed: Placed) -> Standing:
    """Compute the parties' distance and their share of the variance, by chamber; compare the gaps of two chambers."""
    apart: list[ApartOfChamber] = []
    icc: list[VarianceShare] = []
    for part in unit.parts:
        xi, x, party = placed.xi[..., part.members], placed.x[..., part.members], part.votes.parties
        apart.append({"chamber": part.chamber, **parties_apart(xi, x, party)})
        mean, sd, low, high = stat.four(share_of_party(x, party))
        icc.append({"chamber": part.chamber, "mean": mean, "sd": sd, "q05": low, "q95": high})
    both = gaps_compared(placed.x, placed.party, placed.chamber) if len(unit.parts) == 2 else None
    return {"icc": icc, "parties_apart": apart, "gaps_compared": both}


def _comparisons(ideal: pd.DataFrame, flat: bool, scores_name: str | None) -> Comparisons:
    """Compare ideal points with the flat model and with external scores, if there are any."""
    return {
        "flat_corr": _by_chamber(ideal, "flat_mean") if flat else {},
        "external_corr": _by_chamber(ideal, "external"),
        "external": _external(ideal, scores_name),
    }


def _external(ideal: pd.DataFrame, scores_name: str | None) -> list[External]:
    """Compute the agreement with external scores, for chambers that have some."""
    found = [
        (chamber, external_agreement(rows.reset_index())) for chamber, rows in ideal.groupby("chamber", sort=False)
    ]
    scored = [(chamber, agreement) for chamber, agreement in found if agreement]
    if not scored:
        return []
    if scores_name is None:
        raise UserError("members have external scores, but sources.SOURCES names none for their source")
    return [{"chamber": chamber, "source": scores_name, **agreement} for chamber, agreement in scored]


def _strict(summary: Summary) -> Summary:
    """Make a summary fit for strict JSON, in which a number that is not finite becomes None."""
    return cast(Summary, _finite(summary))


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _ideal_points(placed: Placed, unit: UnitVotes, others: ComparedWith, statistics: Statistics) -> pd.DataFrame:
    tables = []
    for c, part in enumerate(unit.parts):
        own = part.votes.legislators.assign(chamber=part.chamber, **member_columns(part.votes))
        own["flat_mean"] = np.nan
        if others.flats:
            flat: pd.Series = others.flats[c]["posterior"]["xi"].mean(("chain", "draw")).to_pandas()
            own["flat_mean"] = flat.reindex(own.index)
        if others.external is not None:
            own["external"] = pd.Series(others.external, dtype=float).reindex(own.index)
        own["truth"] = np.nan if others.truth is None else _truth_of(others.truth, part)
        tables.append(own.set_axis(part.legislators))
    members = pd.concat(tables)
    table = ideal_point_table(placed.xi, placed.x, members, placed.party)
    table["rhat"], table["ess_bulk"] = statistics.rhat, statistics.ess_bulk
    for column in ("caucus", "person", "first_day", "last_day", "service", "spells", "flat_mean", "external", "truth"):
        table[column] = members[column]
    for _, rows in table.groupby("chamber", sort=False):
        x, flat_scores = rows["position_mean"].to_numpy(float), rows["flat_mean"].to_numpy(float)
        rescaled, shrunk = shrinkage(x, flat_scores, rows["caucus"].to_numpy(str))
        table.loc[rows.index, "flat_rescaled"], table.loc[rows.index, "shrinkage"] = rescaled, shrunk
    return table


def _groups(posterior: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Take party means and spreads with axes (chain, draw, chamber, party); NaN in a model without parties."""
    if "sigma_within" not in posterior:
        nothing = np.full((*posterior["xi"].shape[:2], 2, len(PARTIES)), np.nan)
        return nothing, nothing
    if "mu_group" in posterior:
        return posterior["mu_group"].to_numpy(), posterior["sigma_within"].to_numpy()
    return posterior["mu_party"].to_numpy()[:, :, None], posterior["sigma_within"].to_numpy()[:, :, None]


def _by_chamber(ideal: pd.DataFrame, column: str) -> dict[str, float | None]:
    """Correlate posterior mean positions (a mirrored fit is turned) with another column, by chamber."""
    return {
        str(chamber): correlation(rows["position_mean"].to_numpy(float), rows[column].to_numpy(float))
        for chamber, rows in ideal.groupby("chamber", sort=False)
    }


def _truth_of(truth: pd.DataFrame, part: Part) -> np.ndarray:
    """Look up the true ideal points of a chamber's members; NaN where the truth does not name one."""
    here = truth[truth["chamber"].str.lower() == part.chamber].set_index("legislator_slug")["xi"]
    return here.reindex(part.votes.legislators.index).to_numpy(float)


def _sampling(tree: xr.DataTree, spec: FitSpec) -> SamplingDone:
    stats = tree["sample_stats"]
    return {
        **spec["sampling"],
        "draws": tree["posterior"].sizes["draw"],
        "draws_asked": spec["sampling"]["draws"],
        "cores": int(tree.attrs["cores"]),
        "chain_seeds": json.loads(tree.attrs["chain_seeds"]),
        "time_s": round(float(tree.attrs["sample_s"]), 2),
        "compile_s": round(float(tree.attrs["compile_s"]), 2),
        "divergences": int(stats["diverging"].sum()),
        "mean_tree_depth": round(float(stats["tree_depth"].mean()), 3),
        "gradients": int(stats["n_steps"].sum()),
    }
