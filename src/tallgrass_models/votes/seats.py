"""Whose seats medians and pivots run over: all members by their time in office, or those in office at a date."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import UserError
from ..files.records.specs import SeatSpec
from .matrix import ChamberVotes


@dataclass(frozen=True)
class SeatRule:
    """What a session says of its pivots.

    Attributes
    ----------
    shares
        Majorities besides one half and two thirds.
    on
        Date ``yyyy-mm-dd`` at which members are counted who are in office then; None counts everybody by service.
    """

    shares: tuple[float, ...] = ()
    on: str | None = None

    @classmethod
    def of(cls, spec: SeatSpec) -> SeatRule:
        """From ``pivots`` and ``pivots_on`` of a spec."""
        return cls(tuple(spec["pivots"]), spec["pivots_on"])


def seat_weights(votes: ChamberVotes, on: str | None) -> np.ndarray:
    """Seats that each member holds, shape (n_legislators,).

    Parameters
    ----------
    votes : ChamberVotes
    on : str or None
        A date: 1 for members whose first and last roll call lie before and after it (or on it), else 0; of two rows of
        one person the later one counts. None: the share of the chamber's roll calls in the member's time in office.

    Raises
    ------
    UserError
        If roll calls have no dates, or nobody was in office at that date.
    """
    who = votes.legislators
    if on is None:
        return who["service"].to_numpy(float)
    where = f"session {votes.session}: pivots_on: {on}"
    dated = who[(who["first_day"] != "") & (who["last_day"] != "")]
    if dated.empty:
        raise UserError(f"{where}: the roll calls of the {votes.chamber.title()} have no dates; leave the key out")
    here = dated[(dated["first_day"] <= on) & (dated["last_day"] >= on)]
    if here.empty:
        raise UserError(
            f"{where}: nobody of the {votes.chamber.title()} was in office then;"
            f" its roll calls run from {dated['first_day'].min()} to {dated['last_day'].max()}"
        )
    later = here.sort_values("first_day", kind="stable").drop_duplicates("person", keep="last").index
    return who.index.isin(later).astype(float)
