"""The description of a key beside its type, and the types that many keys share."""

from dataclasses import dataclass
from typing import Annotated, TypedDict


@dataclass(frozen=True)
class Field:
    """Description of a value, in ``Annotated``, for all that its type does not say.

    Attributes
    ----------
    meaning
        Meaning of the value, for people.
    unit
        Unit of the value, or empty where it has none or the meaning names it.
    minimum, maximum, above
        Range of a number, which is at least, at most, or more than these.
    values
        All texts that the value may be, or empty where any text is allowed.
    least, most
        Least and largest number of entries of a list or of keys of an object.
    requires
        Keys of an object whose other keys are not declared here.
    """

    meaning: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    values: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    requires: tuple[str, ...] = ()


Count = Annotated[int, Field(minimum=0)]
SomeCount = Annotated[int, Field(minimum=1)]
Share = Annotated[float, Field(minimum=0, maximum=1)]
NotNegative = Annotated[float, Field(minimum=0)]
Factor = Annotated[float, Field(above=0)]
Correlation = Annotated[float, Field(minimum=-1, maximum=1)]
ChamberName = Annotated[str, Field(values=("house", "senate"))]
PartyName = Annotated[str, Field(values=("Democrat", "Republican"))]

Legislator = Annotated[str, Field("The member's id")]
MemberName = Annotated[str, Field("The member's name")]
OfChamber = Annotated[ChamberName, Field("Of which chamber")]
OfParty = Annotated[str, Field("The member's party")]


class Moments(TypedDict):
    """Moments over the draws, with a 90 % interval."""

    mean: Annotated[float, Field("Mean")]
    sd: Annotated[NotNegative | None, Field("Standard deviation")]
    q05: Annotated[float, Field("5 % quantile")]
    q95: Annotated[float, Field("95 % quantile")]


#: Ways in which shared bills tie two chambers (`votes.vocabulary`).
BRIDGES = ("same", "screened", "drift")


class Interval(TypedDict):
    """Median and 90 % interval over the draws."""

    median: Annotated[float, Field("Median")]
    q05: Annotated[float, Field("5 % quantile")]
    q95: Annotated[float, Field("95 % quantile")]


class WithError(TypedDict):
    """Mean, 90 % interval and Monte Carlo standard error of the mean."""

    mean: Annotated[float, Field("Mean over the draws")]
    q05: Annotated[float, Field("5 % quantile")]
    q95: Annotated[float, Field("95 % quantile")]
    mcse: Annotated[float | None, Field("Monte Carlo standard error of the mean")]


class Probability(TypedDict):
    """A probability and its Monte Carlo standard error."""

    mean: Annotated[Share, Field("Share of the draws")]
    mcse: Annotated[float | None, Field("Monte Carlo standard error of the share")]


class Code(TypedDict):
    """The checkout that the code ran from, with nulls where it was installed elsewhere."""

    commit: Annotated[str | None, Field("Its commit")]
    dirty: Annotated[bool | None, Field("Whether files that git tracks were changed")]
