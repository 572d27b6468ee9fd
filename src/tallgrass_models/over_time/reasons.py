"""Words in the tables for why a returning member is a bridge or not."""

BRIDGE = ""
MOVED = "moved"
OTHER_PARTY = "other party"
SEVERAL_SPELLS = "several spells"
OTHER_CHAMBER = "other chamber"
AWAY = "not in consecutive sessions"
