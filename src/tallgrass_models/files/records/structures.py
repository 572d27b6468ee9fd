"""Records of what a structure adds to the production model, the block ``structure`` of summary.json."""

from typing import Annotated, TypedDict

from .fields import Field, Legislator, MemberName, Moments, NotNegative, OfChamber, OfParty, Share, SomeCount


class OwnEstimate(Moments):
    """One of a structure's own parameters."""

    parameter: Annotated[str, Field("Name", values=("gamma", "discrimination", "eps"))]
    of: Annotated[str, Field("Column of the members to which a coefficient belongs")]
    p_positive: Annotated[Share, Field("Probability that it is above 0")]


class RandomMember(TypedDict):
    """A member of whose votes many may be random."""

    legislator: Legislator
    name: MemberName
    chamber: OfChamber
    party: OfParty
    n_votes: Annotated[SomeCount, Field("Yea and Nay votes", unit="votes")]
    expected: Annotated[NotNegative, Field("Random ones to be expected among them", unit="votes")]


class RandomVote(TypedDict):
    """A vote that may be random."""

    legislator: Legislator
    name: MemberName
    chamber: OfChamber
    party: OfParty
    rollcall: Annotated[str, Field("Id of the roll call")]
    bill: Annotated[str, Field("The bill's number")]
    title: Annotated[str, Field("Its title")]
    date: Annotated[str, Field("Day of the vote", unit="ISO date")]
    vote: Annotated[str, Field("What was cast", values=("Yea", "Nay"))]
    probability: Annotated[Share, Field("Posterior probability that it was random")]


class StructureNumbers(TypedDict):
    """A structure's own parameters, and the votes that may be random where votes lapse."""

    name: Annotated[str, Field("The structure")]
    estimates: Annotated[list[OwnEstimate], Field("Its parameters, on the headline scale where they have a scale")]
    random_members: Annotated[list[RandomMember], Field("Members by random votes to be expected, the most first")]
    random_votes: Annotated[list[RandomVote], Field("The votes most likely random")]
    random: Annotated[NotNegative | None, Field("Random votes to be expected; null where votes do not lapse")]
