"""Words for chambers and parties, and the codes of a vote."""

CHAMBERS = ("house", "senate")
PARTIES = ("Democrat", "Republican")
YEA, NAY, MISSING = 1, 0, -1
