"""Rows of the tables beside comparison.json, by the columns that the page shows, and the comparison as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, cast

from ...errors import UserError
from ...files.columns import comparison as columns
from ...files.records.comparison import SCHEMA_VERSION, Comparison
from ...files.tables import Table
from .rows import read_object, read_rows


class OfFit(TypedDict):
    """The fit that a row is of."""

    experiment: str
    unit: str


class OfPair(OfFit):
    """The fit, and the experiment that it is compared with."""

    group: str
    reference: str


class CostRow(OfFit):
    """A row of cost.csv."""

    converged: bool | None
    rhat_xi_max: float | None
    ess_xi_min: float | None
    divergences: float | None
    sampling_time_s: float | None
    gradients: float | None
    ess_per_s: float | None
    gradients_per_ess: float | None


class AgreementRow(OfPair):
    """A row of agreement.csv."""

    chamber: str
    n: float
    pearson: float | None
    spearman: float | None
    turned_reference: bool
    turned: bool
    move_rms: float | None
    n_rank_outside: float
    n_rank_disjoint: float
    max_rank_change: float
    max_rank_member: str


class MemberRow(OfPair):
    """A row of members.csv."""

    chamber: str
    legislator: str
    name: str
    party: str
    position_reference: float
    position: float
    move_sd: float | None
    rank_reference: float
    rank_reference_q05: float
    rank_reference_q95: float
    rank: float
    rank_q05: float
    rank_q95: float
    rank_change: float
    rank_disjoint: bool


class DriverRow(OfPair):
    """A row of drivers.csv."""

    chamber: str
    legislator: str
    name: str
    party: str
    move: float
    bill: str | None
    title: str | None
    cast: str | None
    push: float | None
    discrimination_reference: float | None
    discrimination: float | None


class SharesRow(OfFit):
    """A row of shares.csv."""

    chamber: str
    share_mean: float
    share_q05: float
    share_q95: float


class PartiesRow(OfFit):
    """A row of parties.csv."""

    chamber: str
    party: str
    n: float
    position_mean: float
    position_q05: float
    position_q95: float
    spread_mean: float
    spread_q05: float
    spread_q95: float


class BillRow(OfPair):
    """A row of bills.csv."""

    chamber: str
    vote: str
    bill: str | None
    title: str | None
    discrimination_reference: float
    discrimination: float
    change_sd: float | None
    reversed: bool


class PredictiveRow(OfPair):
    """A row of predictive.csv."""

    n_votes: float
    elpd_diff: float
    se_by_rollcall: float | None
    gmp_reference: float
    gmp: float
    correct_reference: float
    correct: float
    verdict: str
    n_k_above: float


class PredictivePartRow(OfPair):
    """A row of predictive_parts.csv."""

    by: str
    chamber: str
    party: str | None
    legislator: str | None
    name: str | None
    rollcall: str | None
    bill: str | None
    n_votes: float
    elpd_diff: float
    se: float | None


class HeldOutDifferenceRow(OfPair):
    """A row of held_out_differences.csv."""

    by: str
    chamber: str
    party: str | None
    legislator: str | None
    name: str | None
    rollcall: str | None
    bill: str | None
    n_votes: float
    log_score: float
    log_score_se: float | None
    right: float


class SensitivityRow(OfFit):
    """A row of sensitivity.csv."""

    quantity: str
    chamber: str
    party: str | None
    component: str
    sensitivity: float | None
    diagnosis: str | None


@dataclass(frozen=True)
class ComparisonTables:
    """Rows of the tables; None where a file is missing."""

    cost: list[CostRow] | None
    agreement: list[AgreementRow] | None
    members: list[MemberRow] | None
    drivers: list[DriverRow] | None
    shares: list[SharesRow] | None
    parties: list[PartiesRow] | None
    bills: list[BillRow] | None
    predictive: list[PredictiveRow] | None
    predictive_parts: list[PredictivePartRow] | None
    held_out_differences: list[HeldOutDifferenceRow] | None
    sensitivity: list[SensitivityRow] | None


#: The record of each table's rows.
ROWS: dict[Table, type] = {
    columns.COST: CostRow,
    columns.AGREEMENT: AgreementRow,
    columns.MEMBERS: MemberRow,
    columns.DRIVERS: DriverRow,
    columns.SHARES: SharesRow,
    columns.PARTIES: PartiesRow,
    columns.BILLS: BillRow,
    columns.PREDICTIVE: PredictiveRow,
    columns.PREDICTIVE_PARTS: PredictivePartRow,
    columns.HELD_OUT_DIFFERENCES: HeldOutDifferenceRow,
    columns.SENSITIVITY: SensitivityRow,
}


def read_comparison(path: Path) -> Comparison:
    """Read comparison.json.

    Raises
    ------
    UserError
        If it is missing, damaged or of another version.
    """
    content = read_object(path)
    if content is None:
        raise UserError(f"{path}: no such file")
    if content["schema_version"] != SCHEMA_VERSION:
        raise UserError(f"{path}: of another version; run the step 'compare' again")
    return cast(Comparison, content)


def read_tables(folder: Path) -> ComparisonTables:
    """Read the tables beside comparison.json.

    Raises
    ------
    UserError
        If a file that exists does not hold what its table declares.
    """
    return ComparisonTables(**{table.name: _rows(folder, table) for table in ROWS})


def _rows(folder: Path, table: Table) -> Any:
    return read_rows(folder / f"{table.name}.csv", table)
