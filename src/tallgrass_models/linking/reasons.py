"""Why a shared bill holds the scales together or does not: the words in the tables."""

USED = ""
SIGN_DISAGREES = "sign disagrees"
SIGN_UNCERTAIN = "sign uncertain"
UNINFORMATIVE = "uninformative"
UNLIKE = "unlike"
