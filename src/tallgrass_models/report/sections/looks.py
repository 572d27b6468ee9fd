"""How members of each party look in a picture."""

from __future__ import annotations

from ..page.scatter import Look

MINOR = "Other"
# A blue and a red that differ in lightness as well as hue, each 5:1 or more against white.
_PARTY_LOOKS = {"Democrat": Look("o", "#1b62a8"), "Republican": Look("D", "#b3321f"), MINOR: Look("^", "#5b5b5b")}


def party_look(party: str, chamber: str = "house", joint: bool = False) -> Look:
    """Blue circle or red diamond; in the joint model senators' are hollow."""
    look = _PARTY_LOOKS.get(party, _PARTY_LOOKS[MINOR])
    return Look(look.marker, look.colour, not (joint and chamber == "senate"))
