"""Records of members, bills, parties and manifests: the columns of their files that the page shows, and a reader."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from ...files.tables import Table
from .rows import read_rows


@dataclass(frozen=True)
class Member:
    """A row of ideal_points.csv; rank 1 is the leftmost of the chamber, intervals hold 90 %.

    Positions are on the headline scale of the fit, ``xi_mean`` on the model's own. ``second`` is the
    place on the second dimension of a fit that has one.
    """

    legislator: str
    name: str
    chamber: str
    party: str
    position_mean: float
    position_q05: float
    position_q95: float
    district: str = ""
    state: str = ""
    n_votes: float | None = None
    position_sd: float | None = None
    xi_mean: float | None = None
    xi_q05: float | None = None
    xi_q95: float | None = None
    p_leftmost: float | None = None
    p_rightmost: float | None = None
    p_innermost: float | None = None
    rank_mean: float | None = None
    rank_q05: float | None = None
    rank_q95: float | None = None
    rhat: float | None = None
    ess_bulk: float | None = None
    flat_mean: float | None = None
    shrinkage: float | None = None
    external: float | None = None
    truth: float | None = None
    caucus: str = ""
    spells: str = ""
    first_day: str | None = None
    last_day: str | None = None
    service: float | None = None
    second_mean: float | None = None
    second_q05: float | None = None
    second_q95: float | None = None

    @property
    def side(self) -> str:
        """The member's caucus: Democrat, Republican, or ``none``."""
        return self.caucus or self.party


@dataclass(frozen=True)
class Bill:
    """A row of bills.csv: one pair of bill parameters.

    ``wrong_sign``: Yea is certainly the side that the fit's one-sided prior cannot describe.
    """

    vote: str
    difficulty_mean: float
    discrimination_mean: float
    discrimination_q05: float
    discrimination_q95: float
    bill: str = ""
    title: str = ""
    motion: str = ""
    date: str = ""
    chambers: str = ""
    yea: float | None = None
    nay: float | None = None
    cutting_point: float | None = None
    wrong_sign: bool = False
    second_slope_mean: float | None = None
    second_slope_q05: float | None = None
    second_slope_q95: float | None = None

    @property
    def shared(self) -> bool:
        """True if one pair of parameters serves both chambers."""
        return self.chambers == "both"


@dataclass(frozen=True)
class PartyRow:
    """A row of parties.csv: one party in one chamber.

    Of the members on the headline scale, their average (``position``) and ``spread``; of the population in the model,
    on the model's own scale, ``mu`` and ``sigma``.
    """

    chamber: str
    party: str
    n: float
    position_mean: float
    position_q05: float
    position_q95: float
    spread_mean: float
    spread_q05: float
    spread_q95: float
    mu_mean: float | None
    mu_q05: float | None
    mu_q95: float | None
    sigma_mean: float | None
    sigma_q05: float | None
    sigma_q95: float | None


@dataclass(frozen=True)
class DroppedRow:
    """A row of ``{chamber}_dropped.csv``: somebody or something left out before the fit."""

    kind: str
    id: str
    name: str
    reason: str
    value: float | None = None


def read_records[Record](path: Path, table: Table, record: type[Record]) -> list[Record] | None:
    """Read a file of ``table`` into records of a dataclass, whose fields are columns; None where there is no such file.

    Raises
    ------
    UserError
        If the file does not hold what the table declares.
    """
    rows = read_rows(path, table)
    names = [field.name for field in fields(record)]  # type: ignore[arg-type]
    return None if rows is None else [record(**{name: row[name] for name in names}) for row in rows]
