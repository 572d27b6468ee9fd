"""Tables that the step `pool_folds` writes for an experiment."""

from ..tables import Table
from .common import CHAMBER, cols

_RUNG = cols("rung", "word", "what predicts: `party`, `flat`, `chamber` or `joint`")
_SCORED = (
    *cols("n_votes", "whole", "held-out votes", "votes"),
    *cols(
        "log_score",
        "number",
        "mean log probability of a held-out vote; where whole roll calls are held out, by roll call that of all its "
        "votes together, by vote, and by party and member that of each vote given the others",
        "nats per vote",
    ),
    *cols("log_score_se", "number", "its standard error, by roll call; none of a single one", "nats per vote", True),
    *cols("correct", "number", "share called right"),
    *cols("errors", "whole", "votes called wrong", "votes"),
    *cols("minority", "whole", "votes against the majority of their roll call", "votes"),
    *cols("pre", "number", "share of those errors avoided (PRE; APRE over several roll calls)", empty=True),
)

HELD_OUT_PARTS = Table(
    "held_out_parts",
    "rung, and party, member or roll call",
    "pool_folds",
    (
        *cols("by", "word", "`party`, `member` or `rollcall`: what the row is of"),
        *CHAMBER,
        *_RUNG,
        *cols("party", "word", "the party that members are counted with; that of the member", empty=True),
        *cols("legislator name", "text", "the member", empty=True),
        *cols("rollcall bill", "text", "the roll call", empty=True),
        *_SCORED,
    ),
)

HELD_OUT_CALIBRATION = Table(
    "held_out_calibration",
    "rung, and tenth of the predicted probability of Yea",
    "pool_folds",
    (
        *CHAMBER,
        *_RUNG,
        *cols("low high", "number", "bounds of the tenth"),
        *cols("n", "whole", "held-out votes", "votes"),
        *cols("predicted", "number", "mean predicted probability of Yea"),
        *cols("observed", "number", "share of Yea"),
        *cols("observed_se", "number", "standard error of their difference, by roll call", empty=True),
    ),
)

TABLES = (HELD_OUT_PARTS, HELD_OUT_CALIBRATION)
