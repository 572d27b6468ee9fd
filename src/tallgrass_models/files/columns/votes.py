"""Tables that the step `load_data` writes."""

from ..tables import Table
from .common import cols

DROPPED = Table(
    "dropped",
    "member or roll call that was left out, or read differently from how it stands in the files",
    "load_data",
    (
        *cols("kind", "word", "what was left out or read otherwise; see `data-formats.md`"),
        *cols("id", "text", "id of the member or roll call"),
        *cols("name", "text", "name of the member; bill and motion of the roll call", empty=True),
        *cols("reason", "text", "why, or how it was read"),
        *cols("value", "number", "minority share or number of votes, as the kind has it", empty=True),
    ),
    file="{chamber}_dropped.csv",
    float_format=None,
)
TABLES = (DROPPED,)
