"""Checks of how well the model fits: fit statistics, predictive checks, leave-one-out, sensitivity to the priors."""
