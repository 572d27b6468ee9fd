"""Thresholds of the checks that pages and files quote. Imports nothing."""

#: A member counts as moved from this many posterior standard deviations on.
MOVED = 0.25
