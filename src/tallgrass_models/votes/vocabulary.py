"""Words for chambers, parties and bridges, and the codes of a vote."""

CHAMBERS = ("house", "senate")
PARTIES = ("Democrat", "Republican")
#: Ways in which shared bills tie two chambers: one pair of parameters for each; the same without those that the test of
#: the link rejects; a pair for each side, of which the two may differ.
BRIDGES = SAME, SCREENED, DRIFT = ("same", "screened", "drift")
YEA, NAY, MISSING = 1, 0, -1
