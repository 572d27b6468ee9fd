"""Codes of how a member voted in `vote_probabilities.nc`, besides 1 for Yea and 0 for Nay.

This module imports nothing.
"""

#: In office, but neither Yea nor Nay.
ABSENT = -1
#: Before the first or after the last day in office.
NOT_IN_OFFICE = -2
