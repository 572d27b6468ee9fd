"""Statistics of a chamber's votes, observed or replicated: shares of Yea, margins, party unity, agreement.

Definitions, over the Yea and Nay cast:

- **margin** of a roll call: ``|yea - nay| / (yea + nay)``; **lopsided**: a minority below 10 %.
- **party difference** on a roll call: ``|share of Yea of Democrats - share of Yea of Republicans|``.
- **party-unity vote** (Congressional Quarterly): the majorities of the two parties oppose each other (a tie is none).
  **Unity score** of a member: share of the party-unity votes cast with the own party's majority.
- **Rice index** of a party on a roll call: ``|yea - nay| / (yea + nay)`` within the party.
- **Agreement** of two members: share of the roll calls on which both voted and voted alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..votes.vocabulary import PARTIES

#: Minority share below which a roll call counts as lopsided.
_LOPSIDED = 0.1

#: Name of a statistic, and the party it describes; None for the whole chamber.
Key = tuple[str, str | None]


@dataclass(frozen=True)
class VoteStatistics:
    """Statistics of R vote matrices of n members and m roll calls; NaN where not defined.

    Attributes
    ----------
    scalars : dict of ndarray, shape (R,)
    rollcall_yea : ndarray, shape (R, m)
        Share of Yea.
    party_yea : ndarray, shape (R, 2, m)
        Share of Yea within Democrats and Republicans.
    member_yea, unity : ndarray, shape (R, n)
        Share of Yea and unity score.
    agreement : ndarray, shape (R, n, n)
    """

    scalars: dict[Key, np.ndarray]
    rollcall_yea: np.ndarray
    party_yea: np.ndarray
    member_yea: np.ndarray
    unity: np.ndarray
    agreement: np.ndarray


def vote_statistics(yea: np.ndarray, cast: np.ndarray, party: np.ndarray) -> VoteStatistics:
    """Compute the statistics of vote matrices.

    Parameters
    ----------
    yea : ndarray of float32, shape (R, n, m)
        1 for Yea, 0 for Nay and where nothing was cast.
    cast : ndarray of float32, shape (n, m)
        1 where Yea or Nay was cast.
    party : ndarray of int, shape (n,)
        0 Democrat, 1 Republican, 2 neither. A member of neither has no unity score, and counts in no party's pairs.
    """
    member = (party == np.arange(2)[:, None]).astype(np.float32)
    sign = 2 * yea - cast
    party_cast, party_sum = member @ cast, member @ sign
    party_yea = _share((party_sum + party_cast) / 2, party_cast)
    rice = _share(np.abs(party_sum), party_cast)
    all_cast, all_sum = cast.sum(0), sign.sum(1)
    majority = np.sign(party_sum)
    opposed = majority[:, 0] * majority[:, 1] < 0
    with_party = np.take_along_axis(
        sign @ (majority * opposed[:, None]).transpose(0, 2, 1), np.minimum(party, 1)[None, :, None], axis=2
    )[..., 0]
    counted = opposed.astype(np.float32) @ cast.T * (party < len(PARTIES))
    unity = _share((with_party + counted) / 2, counted)
    common = cast @ cast.T
    agreement = _share((sign @ sign.transpose(0, 2, 1) + common) / 2, common)
    pairs = _pair_means(agreement, common, party)
    rollcall_yea = _share((all_sum + all_cast) / 2, all_cast)
    margin = _share(np.abs(all_sum), all_cast)
    scalars: dict[Key, np.ndarray] = {
        ("yea_share", None): yea.sum((1, 2)) / cast.sum(),
        ("yea_share_sd_rollcalls", None): np.nanstd(rollcall_yea, axis=1),
        ("margin_mean", None): np.nanmean(margin, axis=1),
        ("lopsided_share", None): (margin > 1 - 2 * _LOPSIDED).mean(1),
        ("party_difference", None): _mean(np.abs(party_yea[:, 0] - party_yea[:, 1])),
        ("party_unity_share", None): opposed.mean(1),
        ("agreement_between", None): pairs[:, 1],
    }
    for p, name in enumerate(PARTIES):
        scalars["unity_score", name] = _mean(unity[:, party == p])
        scalars["rice", name] = _mean(rice[:, p])
        scalars["agreement_within", name] = pairs[:, 2 * p]
    return VoteStatistics(scalars, rollcall_yea, party_yea, _share(yea.sum(2), cast.sum(1)), unity, agreement)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.full(part.shape, np.nan, dtype=np.float32), where=whole > 0)


def _mean(values: np.ndarray) -> np.ndarray:
    """Average the defined values over the last axis; NaN where there are none."""
    known = np.isfinite(values)
    return _share(np.where(known, values, 0).sum(-1), known.sum(-1))


def _pair_means(agreement: np.ndarray, common: np.ndarray, party: np.ndarray) -> np.ndarray:
    """Compute the mean agreement of pairs: of two Democrats, one of each, two Republicans; shape (R, 3)."""
    pair = np.triu((common > 0) & (party < len(PARTIES)) & (party < len(PARTIES))[:, None], 1)
    kind = party[:, None] + party
    weight = np.stack([(pair & (kind == k)).ravel() for k in range(3)], axis=1).astype(np.float32)
    total = np.nan_to_num(agreement).reshape(len(agreement), -1) @ weight
    return _share(total, weight.sum(0))
