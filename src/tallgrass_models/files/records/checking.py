"""What check.json holds: votes left out, replicated votes, what hangs on the prior."""

from typing import Annotated, TypedDict

from .fields import Count, Field, NotNegative, SomeCount


class OneFactor(TypedDict):
    """What the draws tell of half or of twice the scale of a prior alone, where not of both."""

    component: Annotated[str, Field("Component of the prior")]
    factor: Annotated[float, Field("What its scale is multiplied by")]
    n_members: Annotated[SomeCount, Field("Members looked at", unit="members")]
    n_moved: Annotated[Count, Field("Members who move by more than 0.25 posterior standard deviations")]
    error: Annotated[NotNegative, Field("Monte Carlo error of a move", unit="posterior standard deviations")]
    name: Annotated[str, Field("The member who moves most")]
    max_move: Annotated[NotNegative, Field("How far this member moves", unit="posterior standard deviations")]


class Movement(TypedDict):
    """How far the members of a chamber move under half or twice the scale of each prior."""

    told: Annotated[
        list[str],
        Field("Components of the prior of which the draws tell what half and twice its scale would change"),
    ]
    not_told: Annotated[list[str], Field("Those of which they cannot: tallgrass-models sensitivity refits")]
    one_factor: Annotated[
        list[OneFactor],
        Field("What the draws tell of half or of twice the scale alone, where not of both"),
    ]
    n_members: Annotated[SomeCount, Field("Members looked at", unit="members")]
    n_moved: Annotated[
        Count | None,
        Field("Members who move by more than 0.25 posterior standard deviations under any of those told"),
    ]
    max_move: Annotated[
        NotNegative | None, Field("Largest move, in posterior standard deviations of that member's position")
    ]
    error: Annotated[NotNegative | None, Field("Monte Carlo error of a move", unit="posterior standard deviations")]
    component: Annotated[str | None, Field("Component of the prior under which the largest move is")]
    factor: Annotated[float | None, Field("What its scale is multiplied by")]
    legislator: Annotated[str | None, Field("Id of the member who moves most")]
    name: Annotated[str | None, Field("That member's name")]
