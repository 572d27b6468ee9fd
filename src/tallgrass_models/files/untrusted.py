"""Text from data where it could do more than be read: in a terminal, and in CSV files that spreadsheets open."""

from __future__ import annotations

import re
import unicodedata

#: What a cell begins with that a spreadsheet takes for a formula, and what such a cell looks like when it is guarded,
#: once or more often.
_FORMULA, _GUARDED = re.compile(r"'*[=+\-@\t\r\n]"), re.compile(r"'+[=+\-@\t\r\n]")


def for_terminal(text: str) -> str:
    """The text with control characters and changes of direction replaced, so that it cannot steer a terminal."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text
    )


def guarded(text: str) -> str:
    """The text for a CSV file, with an apostrophe before what a spreadsheet would run as a formula.

    A text that looks guarded already gets one more, so that `unguarded` gives every text back. OWASP, "CSV injection".
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Inverse of `guarded`."""
    return text[1:] if _GUARDED.match(text) else text
