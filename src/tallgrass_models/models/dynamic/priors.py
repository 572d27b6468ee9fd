"""Constants of the priors that only the model over time has."""

from __future__ import annotations

#: Scale of the prior of the steps of a party's members from session to session (``step``).
STEP_SIGMA = 0.5

#: Scale of the prior of how far the mean of a party's newcomers moves from session to session (``entry_step``).
ENTRY_SIGMA = 0.5
