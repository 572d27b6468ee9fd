"""Linking of two chambers draw by draw: constants with intervals by each method, and what hangs on one anchor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .anchors import LEAST_ANCHORS, Behaviour, orient, screen
from .chamber_draws import ChamberDraws
from .curves import Anchors, Constants
from .methods import METHODS, mean_mean
from .reasons import UNLIKE, USED

#: Method of the members' places and of the statements: no anchor's curve can make up for another's.
HEADLINE = "haebara"
N_DRAWS = 1000  # of each posterior: those of the House are paired with those of the Senate


@dataclass(frozen=True)
class Linked:
    """Constants of one method.

    Attributes
    ----------
    a, b : ndarray, shape (n_draws,)
        Draws in which the method has an answer; elsewhere NaN.
    point, with_unlike : tuple of float
        (A, B) by the posterior means; the same with unlike anchors kept.
    without : ndarray, shape (n_used, 2)
        (A, B) by the posterior means without each of the anchors used.
    """

    a: np.ndarray
    b: np.ndarray
    point: tuple[float, float]
    with_unlike: tuple[float, float]
    without: np.ndarray

    def jackknife_se(self) -> np.ndarray:
        """Return standard errors of A and B over anchors, shape (2,)."""
        n = len(self.without)
        return np.asarray(np.sqrt((n - 1) / n * ((self.without - self.without.mean(0)) ** 2).sum(0)))


@dataclass(frozen=True)
class Link:
    """The result of `link_chambers`.

    Attributes
    ----------
    anchors : Anchors
        All pairs, oriented.
    reason : ndarray of str, shape (n_pairs,)
        Why a pair is no anchor; empty for anchors.
    behaviour : Behaviour or None
        None where too few anchors are left.
    methods : dict
        Constants by method; empty where too few anchors are left.
    """

    anchors: Anchors
    reason: np.ndarray
    behaviour: Behaviour | None
    methods: dict[str, Linked]

    @property
    def n_used(self) -> int:
        """Anchors that hold the scales together."""
        return int((self.reason == USED).sum())


def link_chambers(house: ChamberDraws, senate: ChamberDraws, house_item: np.ndarray, senate_item: np.ndarray) -> Link:
    """Link the Senate to the House's scale.

    Parameters
    ----------
    house, senate : ChamberDraws
        The same number of draws; draw k of the one is paired with draw k of the other.
    house_item, senate_item : ndarray of int, shape (n_pairs,)
        Columns of the roll calls of each shared bill.

    Notes
    -----
    A method applied to draws sees noise that it does not see in posterior means, and noise pulls A (regression
    dilution). The draws therefore give the spread of A and B, and are centred at the constants of the posterior means:
    A by a factor, B by a shift. How often 90 % intervals then hold the truth was measured with real fits (command
    `calibrate`, `docs/model.md`): A, and B on the relative scale, nearly always or about as often as they should; B on
    the models' own scales in 60 % of sessions where lopsided roll calls were dropped.
    """
    oriented, reason = orient(paired(house, senate, house_item, senate_item))
    if (reason == USED).sum() < LEAST_ANCHORS:
        return Link(oriented, reason, None, {})
    reason, behaviour = screen(oriented, reason)
    if (reason == USED).sum() < LEAST_ANCHORS:
        return Link(oriented, reason, behaviour, {})
    kept, plus_unlike = oriented.pick(reason == USED), oriented.pick(np.isin(reason, (USED, UNLIKE)))
    return Link(oriented, reason, behaviour, {name: _linked(name, kept, plus_unlike) for name in METHODS})


def paired(house: ChamberDraws, senate: ChamberDraws, house_item: np.ndarray, senate_item: np.ndarray) -> Anchors:
    """Put the two sides of shared bills beside each other, with the signs of the fits; as for `link_chambers`."""
    return Anchors(
        house.alpha[:, house_item],
        house.beta[:, house_item],
        senate.alpha[:, senate_item],
        senate.beta[:, senate_item],
        house.nodes(),
        senate.nodes(),
    )


def _linked(method: str, kept: Anchors, plus_unlike: Anchors) -> Linked:
    solve, weight, means = METHODS[method], _weight(method, kept), kept.means()
    a, b = _scalars(solve(means, weight))
    draws_a, draws_b = solve(kept, weight)
    known = np.isfinite(draws_a) & np.isfinite(draws_b)
    draws_a, draws_b = np.where(known, draws_a, np.nan), np.where(known, draws_b, np.nan)
    n = len(weight)
    without = solve(means.repeat(n), weight * (1 - np.eye(n)))
    return Linked(
        draws_a * (a / np.nanmedian(draws_a)),
        draws_b + (b - np.nanmedian(draws_b)),
        (a, b),
        _scalars(solve(plus_unlike.means(), _weight(method, plus_unlike))),
        np.stack(without, axis=1),
    )


def _weight(method: str, anchors: Anchors) -> np.ndarray:
    """Weights of anchors: all alike, but for mean-sigma by how well both locations are known."""
    if method != "mean_sigma":
        return np.ones(anchors.house_beta.shape[1])
    a = float(mean_mean(anchors.means(), np.ones(anchors.house_beta.shape[1]))[0][0])
    house, senate = (
        np.subtract(*np.quantile(alpha / beta, [0.75, 0.25], axis=0))
        for alpha, beta in ((anchors.house_alpha, anchors.house_beta), (anchors.senate_alpha, anchors.senate_beta))
    )
    return np.asarray(1 / (house**2 + (a * senate) ** 2))


def _scalars(constants: Constants) -> tuple[float, float]:
    return float(constants[0][0]), float(constants[1][0])
