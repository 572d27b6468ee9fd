"""Frames: an origin and a unit for each draw, in which positions can be compared between draws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..votes.vocabulary import PARTIES


class Frame(NamedTuple):
    """An origin and a unit for each draw, shape (...); a negative unit turns the axis."""

    origin: np.ndarray
    unit: np.ndarray

    def positions(self, xi: np.ndarray) -> np.ndarray:
        """Positions ``(xi - origin) / unit`` of ideal points, shape (..., n)."""
        return (np.asarray(xi, dtype=float) - self.origin[..., None]) / self.unit[..., None]

    def lengths(self, distance: np.ndarray) -> np.ndarray:
        """Distances and spreads in units of the scale, shape (..., n); never negative."""
        return np.asarray(distance, dtype=float) / np.abs(self.unit)[..., None]

    def bills(self, alpha: np.ndarray, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Difficulty and discrimination, shape (..., n), of the same curves on this scale."""
        slope = np.asarray(beta, dtype=float)
        return alpha - slope * self.origin[..., None], slope * self.unit[..., None]


def party_frame(xi: np.ndarray, parties: np.ndarray, reference: np.ndarray | None = None) -> Frame:
    """Return the frame in which Democrats and Republicans average -1 and +1 in every draw.

    Parameters
    ----------
    xi : ndarray, shape (..., n)
        Draws of ideal points of the members who sit.
    parties : ndarray of str, shape (n,)
        Party each member is who_counts with; members who_counts with neither have a position but set no average.
    reference : ndarray of bool, shape (n,), optional
        Members whose averages count: in a joint model those of one chamber, so that both stand on one scale. All by
        default.

    Raises
    ------
    ValueError
        If a party has no member in the reference.
    """
    left, right = (_average(xi, (parties == party) & who_counts(parties, reference)) for party in PARTIES)
    return Frame((left + right) / 2, (right - left) / 2)


def relative_positions(xi: np.ndarray, parties: np.ndarray, reference: np.ndarray | None = None) -> np.ndarray:
    """Positions between the party averages, -1 and +1, draw by draw.

    Parameters and errors are those of `party_frame`; shape (..., n).
    """
    return party_frame(xi, parties, reference).positions(xi)


def in_frame(xi: np.ndarray, frame: Frame) -> np.ndarray:
    """Positions of other ideal points of the same draws, shape (..., n), in a frame."""
    return frame.positions(xi)


def who_counts(parties: np.ndarray, reference: np.ndarray | None) -> np.ndarray:
    """Return the members who count: all, or those of a mask, shape (n,)."""
    return np.ones(len(parties), dtype=bool) if reference is None else np.asarray(reference, dtype=bool)


def _average(xi: np.ndarray, who: np.ndarray) -> np.ndarray:
    if not who.any():
        raise ValueError("a scale between the parties needs members of both")
    return np.asarray(np.asarray(xi[..., who], dtype=float).mean(-1))


def move_bills(
    alpha: np.ndarray, beta: np.ndarray, a: np.ndarray | float, b: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray]:
    """Move alpha and beta to the scale ``xi* = a xi + b``, which keeps the curves."""
    moved = beta / a
    return alpha + moved * b, moved
