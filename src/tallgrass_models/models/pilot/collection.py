"""The pilot's bills of one chamber, of several kinds, and the frame they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .bills import PilotBills, Sketch
from .bins import FLOOR, Bins

_LOG_STEP = 0.7  # longest step of log sep, and of s in units of sep
_MIN_SEP = 0.3  # the votes do not separate groups that lie closer, and sep would dwindle round by round


@dataclass(frozen=True)
class FramePrior:
    """Prior of the frame.

    ``s_precision`` is the precision of s. ``count - rate * sep**2`` is the derivative of the log density by log sep.
    """

    s_precision: float
    count: float
    rate: float


class Collection:
    """Bills of several kinds in one frame, each kind with columns of its own of the vote matrix."""

    def __init__(self, kinds: Sequence[tuple[PilotBills, np.ndarray]], n_votes: int) -> None:
        self.kinds, self.n_votes = kinds, n_votes
        for bills, columns in kinds:
            bills.begin(len(columns))

    @property
    def s(self) -> float:
        """Location of the frame."""
        return self.kinds[0][0].s

    @property
    def sep(self) -> float:
        """Scale of the frame."""
        return self.kinds[0][0].sep

    def place(self, s: float, sep: float) -> None:
        """Set the frame of all bills."""
        for bills, _ in self.kinds:
            bills.s, bills.sep = s, sep

    def fit(self, bins: Bins) -> None:
        """Run one round for all bills."""
        for bills, columns in self.kinds:
            bills.fit(bins.on(columns))

    def center(self) -> tuple[np.ndarray, np.ndarray]:
        """Return slopes and intercepts at the mean, in the order of the columns."""
        w, a = np.empty(self.n_votes), np.empty(self.n_votes)
        for bills, columns in self.kinds:
            w[columns], a[columns] = bills.center()
        return w, a

    def sketches(self, bins: Bins) -> tuple[Sketch, ...]:
        """Make one `Sketch` for each kind, with its bills in the order of the columns."""
        return tuple(bills.sketch(bins.on(columns)) for bills, columns in self.kinds)

    def set_frame(self, prior: FramePrior) -> None:
        """Make a Newton step of s and log sep towards the top of their posterior, with bills integrated out.

        If that is not concave, the step treats the bills as known.
        """
        score = np.array([-prior.s_precision * self.s, prior.count - prior.rate * self.sep**2])
        informations = np.diag([prior.s_precision, 2 * prior.rate * self.sep**2 + FLOOR]) + np.zeros((2, 2, 2))
        for bills, columns in self.kinds:
            if len(columns):
                score, informations = score + bills.frame_score, informations + bills.frame_information
        concave = np.linalg.eigvalsh(informations[0])[0] > 0
        step = np.linalg.solve(informations[0 if concave else 1], score)
        step /= max(1.0, abs(step[0]) / (_LOG_STEP * self.sep), abs(step[1]) / _LOG_STEP)
        self.place(self.s + float(step[0]), max(_MIN_SEP, self.sep * float(np.exp(step[1]))))
