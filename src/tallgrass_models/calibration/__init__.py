"""Calibration study: sessions drawn from the model's own priors, fitted, and the intervals held against the truth."""
