"""Codes of a simulated vote beside those of `vocabulary`: each keeps its own word in the files."""

PASS, ABSENCE, NO_VOTE, NO_MEMBER = 2, 3, 4, -1
