"""Sizes of the simulated legislatures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChamberShape:
    """Size of one chamber: seats by party, members who leave and are replaced, roll calls of each kind."""

    democrats: int
    republicans: int
    independents: int
    replaced: int
    contested: int
    unanimous: int


@dataclass(frozen=True)
class SessionShape:
    """Size of a session: two chambers, bills with a contested passage vote in both, days on which they meet."""

    house: ChamberShape
    senate: ChamberShape
    shared: int
    days: int


KANSAS = SessionShape(
    house=ChamberShape(40, 83, 2, 5, 280, 330),
    senate=ChamberShape(10, 29, 1, 2, 240, 280),
    shared=70,
    days=120,
)


#: A session in small, for tests that fit models.
SMALL = SessionShape(
    house=ChamberShape(14, 25, 1, 1, 60, 70),
    senate=ChamberShape(6, 13, 1, 0, 45, 50),
    shared=18,
    days=40,
)
