"""Words in the tables for why a shared bill is an anchor or not."""

USED = ""
SIGN_DISAGREES = "sign disagrees"
SIGN_UNCERTAIN = "sign uncertain"
UNINFORMATIVE = "uninformative"
UNLIKE = "unlike"
