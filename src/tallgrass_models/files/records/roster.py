"""Records of the people behind a fit: those left out, those counted with another party, and oddities of the files."""

from typing import Annotated, TypedDict

from .fields import Count, Field, Legislator, MemberName, OfChamber, OfParty, Share, SomeCount


class LeftOut(TypedDict):
    """A person who is listed but not in the fit."""

    legislator: Legislator
    name: MemberName
    reason: Annotated[str, Field("Why not")]
    n_votes: Annotated[Count, Field("Yea and Nay votes this member cast", unit="votes")]


class OutsideParties(TypedDict):
    """A member who belongs to neither party or is counted with another one."""

    legislator: Legislator
    name: MemberName
    party: OfParty
    caucus: Annotated[str, Field("Whom the member is counted with", values=("Democrat", "Republican", "none"))]


class Spells(TypedDict):
    """A person who is listed several times."""

    name: MemberName
    legislators: Annotated[list[str], Field("The ids")]
    story: Annotated[str, Field("How it came to that, in words")]


class Tallies(TypedDict):
    """Comparison of the recorded tallies with the votes."""

    n_recorded: Annotated[Count, Field("Roll calls with a recorded tally", unit="roll calls")]
    n_unlike: Annotated[Count, Field("Of them, those whose votes come to something else", unit="roll calls")]
    n_explained: Annotated[Count, Field("Of them, those that votes without a member explain", unit="roll calls")]
    share: Annotated[Share | None, Field("n_unlike / n_recorded")]
    loud: Annotated[bool, Field("Whether that share is above 1 %")]
    votes_missing: Annotated[Count, Field("Votes by which the explained tallies are above those counted", unit="votes")]


class Oddity(TypedDict):
    """An entry that was read differently from how it stands in the files."""

    n: Annotated[SomeCount, Field("How often")]
    examples: Annotated[list[str], Field("Some of them, in words")]


class Roster(TypedDict):
    """People who are not in the fit, members counted with another party, and oddities of a chamber's files."""

    chamber: OfChamber
    left_out: Annotated[list[LeftOut], Field("Everybody listed who is not in the fit")]
    outside_parties: Annotated[
        list[OutsideParties],
        Field("Members of neither party, or counted with another one, and whom they are counted with"),
    ]
    spells: Annotated[list[Spells], Field("People who are listed several times")]
    tallies: Annotated[Tallies | None, Field("Recorded tallies compared with the votes; null if none is recorded")]
    oddities: Annotated[dict[str, Oddity], Field("What was read differently from how it stands in the files, by kind")]
