"""Principal components of a vote matrix: starting values, and a check on the axis a model finds."""

import numpy as np

from .vocabulary import MISSING, PARTIES


def pca_scores(y: np.ndarray, party: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First two principal component scores of the members, and the variances of all components.

    Parameters
    ----------
    y : ndarray of int8, shape (n_legislators, n_votes)
        1 Yea, 0 Nay, -1 missing.
    party : ndarray of str, shape (n_legislators,)

    Returns
    -------
    scores : ndarray, shape (n_legislators, 2)
        Mean 0 and standard deviation 1 over members (0 throughout where a component does not exist). The first is
        oriented so that the Republican mean is not below the Democratic one; the second (and a first that does not
        tell the parties apart) so that its largest score in size is positive.
    eigenvalues : ndarray, shape (min(n_legislators, n_votes),)
        Variances of the components, largest first: eigenvalues of the covariance matrix of the roll calls.

    Notes
    -----
    Roll calls are centred on their mean over those who voted, and a missing vote counts as that mean: it pulls a member
    neither way. Roll calls are not rescaled, so a lopsided one weighs less.
    """
    seen = y != MISSING
    n_seen = seen.sum(0)
    mean = np.where(seen, y, 0).sum(0) / np.maximum(n_seen, 1)
    centred = np.where(seen, y - mean, 0.0)
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    eigenvalues = singular**2 / max(len(y) - 1, 1)
    scores = np.zeros((len(y), 2))
    n_real = int((singular > 1e-9 * max(singular.max(initial=0.0), 1e-300)).sum())
    for k in range(min(2, n_real)):
        score = left[:, k] * singular[k]
        score = score - score.mean()
        spread = score.std()
        if spread > 0:
            scores[:, k] = _largest_positive(score / spread)
    gap = _party_gap(scores[:, 0], party)
    if gap < 0:
        scores[:, 0] *= -1
    return scores, eigenvalues


def _largest_positive(score: np.ndarray) -> np.ndarray:
    """Return the score or its mirror image, so that its largest entry in size is positive (ties: the first)."""
    size = np.abs(score)
    # entries that agree to rounding are ties: the first decides, so that the sign is the same on every machine
    first = np.flatnonzero(size >= size.max() * (1 - 1e-9))[0]
    return score if score[first] > 0 else -score


def _party_gap(score: np.ndarray, party: np.ndarray) -> float:
    """Republican minus Democratic mean; 0 where a party is absent or the means agree to rounding."""
    left, right = (score[party == name] for name in PARTIES)
    if len(left) == 0 or len(right) == 0:
        return 0.0
    gap = float(right.mean() - left.mean())
    return gap if abs(gap) > 1e-9 else 0.0
