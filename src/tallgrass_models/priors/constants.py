"""Constants of the priors of all models, except that of discrimination.

This module imports nothing, so every room can quote them.
"""

#: Standard deviation of the prior of a party mean, and of the mean over both chambers (``mu_global``).
MU_SIGMA = 2.0

#: Standard deviation of the prior of ``alpha`` in the flat model and those of one chamber.
ALPHA_SIGMA = 5.0

#: Standard deviation of the prior of ``alpha`` in the joint model, unless the variant asks for another.
JOINT_ALPHA_SIGMA = 2.0

#: Scale of the prior of the spread within a party (``sigma_within``), and its value for a party with fewer members than
#: `SMALL_PARTY`.
WITHIN_SIGMA, SMALL_WITHIN_SIGMA = 1.0, 0.5
SMALL_PARTY = 20

#: Scale of the priors of the spreads above the parties in the joint model (``sigma_chamber``, ``sigma_party``).
LEVEL_SIGMA = 1.0

#: Standard deviation of the prior of the coefficients of covariates (``gamma``).
GAMMA_SIGMA = 1.0

#: Prior of the probability of a random vote (``eps``), ``Beta(1, LAPSE_B)``, with mean 1 / 51.
LAPSE_B = 50.0

#: Scales of the priors of the steps over time: of a party's members from session to session (``step``), and of the mean
#: of a party's newcomers (``entry_step``).
STEP_SIGMA, ENTRY_SIGMA = 0.5, 0.5
