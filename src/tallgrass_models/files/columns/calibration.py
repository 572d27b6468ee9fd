"""The table that the command `calibrate` writes."""

from ..tables import Table
from .common import cols

SCORES = Table(
    "scores",
    "drawn session, filter and quantity",
    "calibrate",
    (
        *cols("replicate", "whole", "number of the session, from 0"),
        *cols("filter", "number", "least minority share of a roll call that is kept"),
        *cols("quantity", "text", "what the intervals are of"),
        *cols("covered", "number", "share of the 90 % intervals that hold the truth"),
    ),
    file="as `--csv` of `tallgrass-models calibrate` says",
)
TABLES = (SCORES,)
