"""Thresholds of the checks that pages and files quote.

This module imports nothing.
"""

#: A member counts as moved from this many posterior standard deviations on.
MOVED = 0.25
