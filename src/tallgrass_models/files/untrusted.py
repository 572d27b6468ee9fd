"""Guards that make untrusted text safe for terminals and for CSV files that spreadsheets open."""

from __future__ import annotations

import re
import unicodedata

#: The beginning of a cell that a spreadsheet takes for a formula, and the beginning of such a cell after it was guarded
#: once or more often.
_FORMULA, _GUARDED = re.compile(r"'*[=+\-@\t\r\n]"), re.compile(r"'+[=+\-@\t\r\n]")


def for_terminal(text: str) -> str:
    """Replace control characters and changes of direction in a text, so that it cannot steer a terminal."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text
    )


def guarded(text: str) -> str:
    """Put an apostrophe before a text of a CSV file that a spreadsheet would run as a formula.

    A text that looks guarded already gets one more, so that `unguarded` gives every text back. Source: OWASP, "CSV
    injection".
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text
