"""Priors of bill discrimination: parameters, densities and draws of each family."""
