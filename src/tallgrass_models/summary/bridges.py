"""How shared bills tie the two chambers of a joint model, and what their two sides differ by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from ..files.records.fields import Interval
from ..files.records.specs import FitSpec
from ..files.records.statistics import Bridges
from ..models.bridges import DRIFT_NAMES
from ..priors.spec import BetaPriorSpec
from ..votes.matching import merged_bills, shared_bills
from ..votes.matrix import ChamberVotes
from ..votes.vocabulary import SAME, SCREENED


def bridges_of(posterior: xr.Dataset, chambers: Sequence[ChamberVotes], spec: FitSpec) -> Bridges:
    """Describe the bridges of a joint fit.

    Parameters
    ----------
    posterior
        Its group ``posterior``, whose items say which bills were merged.
    chambers
        House and Senate.
    spec
        Its spec.
    """
    kind, bills = spec.get("bridges", SAME), [str(bill) for bill in shared_bills(*chambers)["bill"]]
    merged, prior = merged_bills(posterior["vote"].to_numpy()), BetaPriorSpec.from_dict(spec["beta_prior"])
    freed = [bill for bill in bills if bill not in merged] if kind == SCREENED else []
    return {
        "kind": kind,
        "n_shared": len(bills),
        "n_freed": len(freed),
        "freed": freed,
        "tau_alpha": _interval(posterior, DRIFT_NAMES[0]),
        "tau_beta": _interval(posterior, DRIFT_NAMES[1]),
        "delta": _interval(posterior, DRIFT_NAMES[2]),
        "on_log": prior.positive,
        "confounded": prior.positive and not spec["orient_bills"],
    }


def _interval(posterior: xr.Dataset, name: str) -> Interval | None:
    if name not in posterior:
        return None
    low, median, high = np.quantile(posterior[name].to_numpy().astype(float), [0.05, 0.5, 0.95])
    return {"median": float(median), "q05": float(low), "q95": float(high)}
