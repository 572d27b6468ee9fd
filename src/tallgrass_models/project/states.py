"""States by their letters, and what their chambers are called where that is not House and Senate."""

from __future__ import annotations

import re

_LETTERS = (
    "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,FL Florida,"
    "GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine,"
    "MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,"
    "NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,"
    "OR Oregon,PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,"
    "VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming"
)
STATES: dict[str, str] = {entry[:2]: entry[3:] for entry in _LETTERS.split(",")}
#: Names of chambers that are not House and Senate; the one chamber of Nebraska is read as a Senate.
CHAMBER_NAMES: dict[str, dict[str, str]] = {
    **{state: {"house": "Assembly"} for state in ("California", "Nevada", "New Jersey", "New York", "Wisconsin")},
    **{state: {"house": "House of Delegates"} for state in ("Maryland", "Virginia", "West Virginia")},
    "Nebraska": {"senate": "Legislature"},
}


def state_in(text: str) -> str | None:
    """Find a state in a path or name: by its name, or by its letters as a word of capitals or before a year."""
    plain = f" {re.sub('[^a-z]+', ' ', text.lower())} "
    named = [state for state in STATES.values() if f" {state.lower()} " in plain]
    if named:
        return max(named, key=len)  # West Virginia, not Virginia
    letters = re.findall(r"(?<![A-Za-z])([A-Z]{2})(?![A-Za-z])|(?<![A-Za-z])([a-z]{2})(?=[_-]?(?:19|20)\d\d)", text)
    found = [STATES[two.upper()] for pair in letters for two in pair if two.upper() in STATES]
    return found[-1] if found else None


def years_in(text: str) -> str | None:
    """Find the years of a session in a name: ``2025`` or ``2025–2026``."""
    found = re.findall(r"(?<!\d)((?:19|20)\d\d)(?:[-_–]((?:19|20)\d\d|\d\d))?(?!\d)", text)
    if not found:
        return None
    first, last = found[-1]
    return f"{first}–{first[:2] * (len(last) == 2)}{last}" if last else first
