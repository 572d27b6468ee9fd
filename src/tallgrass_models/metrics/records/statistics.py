"""Records of statistics of a fit that metrics.json and summary.json hold in different forms."""

from typing import Annotated, TypedDict

from ...files.records.fields import Count, Factor, Field, Share, SomeCount
from ...files.records.statistics import AgainstBaseline, WrongSignBills


class ChainModes(TypedDict):
    """Modes of the chains, and the number of times that lost chains were sampled again."""

    verdict: Annotated[str, Field("In how many modes the chains are", values=("one mode", "several modes"))]
    text: Annotated[str, Field("The same in words: which chain is where")]
    restarts: Annotated[Count, Field("How often lost chains were sampled again")]


class Pivot(TypedDict):
    """Place of a pivot on the headline scale, and the member who most probably holds it."""

    mean: Annotated[float, Field("Mean over the draws")]
    sd: Annotated[float, Field("Standard deviation")]
    q05: Annotated[float, Field("5 % quantile")]
    q95: Annotated[float, Field("95 % quantile")]
    mcse: Annotated[float | None, Field("Monte Carlo standard error of the mean")]
    legislator: Annotated[str, Field("Id of the member who most probably holds it")]
    name: Annotated[str, Field("That member's name")]
    probability: Annotated[Share, Field("Probability that this member holds it")]
    n_members: Annotated[SomeCount, Field("Members counted")]
    seats: Annotated[
        Factor,
        Field(
            "Sum of their seats: shares of the chamber's roll calls in each one's time in office, or 1 each at a date"
        ),
    ]
    on: Annotated[
        str | None, Field("The date whose members are counted; null: all, by their time in office", unit="ISO date")
    ]


class WrongSign(WrongSignBills):
    """Bills whose Yea is certainly the side that a positive prior cannot describe in this fit."""

    vs_baseline: Annotated[
        AgainstBaseline | None,
        Field("Against the experiment named in `baseline`; null without one, or where yea_side is"),
    ]
