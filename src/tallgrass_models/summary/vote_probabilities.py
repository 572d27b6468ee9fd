"""Every vote of a fit beside the probability that the fit gives to Yea, and the cutting points of roll calls.

What is kept of the probability of Yea (`draws.vote_probability`) is its mean over the draws, for absent members too.
"""

from __future__ import annotations

from operator import itemgetter

import numpy as np
import xarray as xr

from ..draws.frame import Frame
from ..draws.moments import INTERVAL
from ..draws.tables import BILLS_TOGETHER
from ..draws.vote_probability import VoteParameters
from ..files.vote_codes import ABSENT, NOT_IN_OFFICE
from ..votes.unit_votes import Part, UnitVotes

#: Members by draws of a block. Numbers of this many cells stay in the processor's cache.
_BLOCK = 2**17
#: A draw whose roll call has no slope has no cutting point; on a headline scale this is as far away as any.
_FAR = 1e9


def yea_probability(votes: VoteParameters) -> np.ndarray:
    """Compute the posterior mean probability of Yea of every member on every roll call.

    Parameters
    ----------
    votes
        Draws of the members, shape (chain, draw, n_members), and of the roll calls, shape (chain, draw, n_votes).

    Returns
    -------
    ndarray of float32, shape (n_members, n_votes)

    Notes
    -----
    All draws count. In memory is one block of members by draws at a time, never members by roll calls by draws.
    """
    half = np.float32(0.5)
    own = VoteParameters(**{name: _by_draw(draws) for name, draws in vars(votes).items() if draws is not None})
    n, m = len(own.xi), len(own.beta)
    out = np.empty((n, m), dtype=np.float32)
    step = max(1, _BLOCK // own.xi.shape[1])
    for start in range(0, n, step):
        some = itemgetter(slice(start, start + step))
        for j in range(m):
            logit = own.logits(some, itemgetter(j), itemgetter(0))
            logit *= half
            np.tanh(logit, out=logit)  # a logistic function that cannot overflow
            out[start : start + step, j] = logit.mean(1)
    return half + half * out


def _by_draw(draws: np.ndarray) -> np.ndarray:
    """Chains one after the other: (chain, draw, n) becomes float32 (n, chain * draw), (chain, draw) one row."""
    draws = draws.reshape(draws.shape[0] * draws.shape[1], -1)
    return np.ascontiguousarray(draws.T, dtype=np.float32)


def cutting_points(alpha: np.ndarray, beta: np.ndarray, x: np.ndarray) -> dict[str, np.ndarray]:
    """Find where on the headline scale Yea and Nay are equally likely, draw by draw.

    Parameters
    ----------
    alpha, beta : ndarray, shape (chain, draw, n_votes)
        Difficulty and discrimination on the headline scale.
    x : ndarray, shape (chain, draw, n_members)
        Positions of the members of the chamber.

    Returns
    -------
    dict
        Arrays of shape (n_votes,): ``cut_q05``, ``cut_q50``, ``cut_q95`` of the cutting point, ``p_cut_left`` and
        ``p_cut_right``, the probability that it lies left or right of every member, and ``p_yea_right``, that Yea is
        the side of the right. While that is not near 0 or 1, the cutting point runs off at both ends and says nothing.
    """
    low, high = x.min(-1, keepdims=True), x.max(-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        cut = np.nan_to_num(alpha / beta, nan=_FAR, posinf=_FAR, neginf=-_FAR)
    quantiles = np.quantile(cut, (INTERVAL[0], 0.5, INTERVAL[1]), axis=(0, 1))
    shares = {"p_cut_left": cut < low, "p_cut_right": cut > high, "p_yea_right": beta > 0}
    return {
        **dict(zip(("cut_q05", "cut_q50", "cut_q95"), quantiles, strict=True)),
        **{name: share.mean((0, 1)) for name, share in shares.items()},
    }


def vote_codes(part: Part) -> np.ndarray:
    """Say how each member voted: 1 Yea, 0 Nay, `ABSENT` in office without either, `NOT_IN_OFFICE`.

    Returns
    -------
    ndarray of int8, shape (n_members, n_votes)
        By whole days. On a roll call without a date, whoever did not vote counts as absent.
    """
    who, day = part.votes.legislators, part.votes.rollcalls["date"].to_numpy(str)
    first, last = (who[name].to_numpy(str)[:, None] for name in ("first_day", "last_day"))
    outside = ((first != "") & (day < first)) | ((last != "") & (day > last))
    out = np.where(outside & (day != ""), NOT_IN_OFFICE, ABSENT)
    return np.where(part.votes.y >= 0, part.votes.y, out).astype(np.int8)


def vote_tables(unit: UnitVotes, frame: Frame, draws: xr.Dataset) -> dict[str, xr.Dataset]:
    """Put together the votes of each chamber with what the fit says of them.

    Parameters
    ----------
    frame : Frame
        From the model's own scale to the headline scale.
    draws
        Draws of ``xi``, ``alpha`` and ``beta``, and of what else the votes follow from (`VoteParameters`).

    Returns
    -------
    dict
        A dataset for each chamber. Over legislator and vote it has ``cast`` (`vote_codes`) and ``p_yea``, over vote
        ``item``, the id of its parameters as in bills.csv, and the `cutting_points` among the members of the chamber.
    """
    votes = VoteParameters.of(draws)
    xi, alpha, beta = votes.xi, votes.alpha, votes.beta
    out = {}
    for part in unit.parts:
        x = frame.positions(xi[..., part.members])
        cuts = []
        for start in range(0, part.votes.n_votes, BILLS_TOGETHER):
            some = part.item[start : start + BILLS_TOGETHER]
            cuts.append(cutting_points(*frame.bills(alpha[..., some], beta[..., some]), x))
        over = ("legislator", "vote")
        p_yea = yea_probability(votes.of_votes(part.members, part.item))
        out[part.chamber] = xr.Dataset(
            {
                "cast": (over, vote_codes(part)),
                "p_yea": (over, p_yea),
                "item": ("vote", unit.rollcalls.index.to_numpy(object)[part.item]),
                **{name: ("vote", np.concatenate([found[name] for found in cuts])) for name in cuts[0]},
            },
            coords={
                "legislator": np.array(part.legislators, dtype=object),
                "vote": part.votes.rollcalls.index.to_numpy(object),
            },
        )
    return out


_PACKED = {"zlib": True, "complevel": 4}
#: How the matrices are stored.
VOTE_ENCODING = {"cast": _PACKED, "p_yea": _PACKED}
