"""Who and what is left out of a chamber's vote matrix, and why."""

import numpy as np
import pandas as pd

from ..files.columns.votes import DROPPED
from .vocabulary import NAY, YEA


def minority_share(y: np.ndarray) -> np.ndarray:
    """Share of the smaller side in Yea + Nay, per roll call; 0 where nobody voted either way.

    Parameters
    ----------
    y : ndarray of int8, shape (n_legislators, n_votes)
        1 Yea, 0 Nay, -1 missing.

    Returns
    -------
    ndarray, shape (n_votes,), in [0, 0.5]
    """
    yea, nay = (y == YEA).sum(0), (y == NAY).sum(0)
    return np.minimum(yea, nay) / np.maximum(yea + nay, 1)


def apply_filters(
    y: np.ndarray,
    legislators: pd.DataFrame,
    rollcalls: pd.DataFrame,
    min_minority_share: float,
    min_votes: int,
    selected: np.ndarray | None = None,
    why_not: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Leave out near-unanimous roll calls, then members with few votes on the others: one pass, in this order.

    A roll call is judged by all members' votes, and not again after members have left.

    Parameters
    ----------
    y : ndarray of int8, shape (n_legislators, n_votes)
        1 Yea, 0 Nay, -1 missing.
    legislators, rollcalls : DataFrame
        Rows as in ``y``; columns id and name, and id, bill and motion.
    min_minority_share : float
        Roll calls with a smaller share of the minority in Yea + Nay go, and those without a Yea or Nay.
    min_votes : int
        Members with fewer Yea and Nay votes on the roll calls that stay go.
    selected, why_not : ndarray, optional
        Roll calls that are used at all, and why the others are not (`selection.selected`). These go first.

    Returns
    -------
    keep_legislator, keep_rollcall : ndarray of bool
    dropped : DataFrame
        The manifest: columns kind (``roll call`` | ``legislator``), id, name, reason, value (minority share or votes).
    """
    share = minority_share(y)
    n_cast = (y >= 0).sum(0)
    if selected is None or why_not is None:
        selected, why_not = np.ones(len(rollcalls), dtype=bool), np.full(len(rollcalls), "", dtype=object)
    keep_rollcall = selected & (n_cast > 0) & (share >= min_minority_share)
    n_votes = (y[:, keep_rollcall] >= 0).sum(1)
    keep_legislator = n_votes >= min_votes
    calls = rollcalls[~keep_rollcall]
    low = f"minority share of Yea and Nay below {min_minority_share:g}"
    dropped = pd.concat(
        [
            pd.DataFrame(
                {
                    "kind": "roll call",
                    "id": calls["id"],
                    "name": (calls["bill"] + " " + calls["motion"]).str.strip(),
                    "reason": np.where(selected, np.where(n_cast > 0, low, "nobody voted Yea or Nay"), why_not)[
                        ~keep_rollcall
                    ],
                    "value": share[~keep_rollcall],
                }
            ),
            pd.DataFrame(
                {
                    "kind": "legislator",
                    "id": legislators["id"][~keep_legislator],
                    "name": legislators["name"][~keep_legislator],
                    "reason": f"fewer than {min_votes} Yea and Nay votes on contested roll calls",
                    "value": n_votes[~keep_legislator].astype(float),
                }
            ),
        ],
        ignore_index=True,
    )
    return keep_legislator, keep_rollcall, dropped[DROPPED.names]
