"""The whole of metrics.json."""

from typing import Annotated, Any, Final, Literal, TypedDict

from ...files.records.fields import ChamberName, Code, Field
from ...files.records.folds import Ladder
from ...files.records.linking import JointVsSeparate
from .across import Axis, HouseVsSenate, Link
from .fit import ChamberFit, JointFit

SCHEMA_VERSION: Final = 1


class Metrics(TypedDict):
    """The numbers of one experiment that other programs compare."""

    schema_version: Annotated[Literal[1], Field("Version of this schema")]
    experiment: Annotated[str, Field("Name of the experiment")]
    description: Annotated[str, Field("What the experiments file says of it")]
    convergence_ok: Annotated[bool, Field("Whether every fit passed every gate")]
    chambers: Annotated[dict[ChamberName, ChamberFit], Field("The fits of single chambers", least=1)]
    joint: Annotated[JointFit | None, Field("The joint model; null where the experiment has none")]
    linking: Annotated[
        Link | None,
        Field("The separately fitted Senate on the House's scale; null where nothing is linked"),
    ]
    house_vs_senate: Annotated[
        HouseVsSenate | None,
        Field(
            "House against Senate by every method that has an answer: probability that the Senate's median stands "
            "right of the House's; null with one chamber or no answer"
        ),
    ]
    joint_vs_separate: Annotated[
        JointVsSeparate | None,
        Field(
            "Expected log predictive density of the joint model against the separate fits on the same votes; null "
            "without a joint model"
        ),
    ]
    held_out: Annotated[
        Ladder | None,
        Field("Held-out votes: the ladder from party alone to the joint model; null for an experiment without folds"),
    ]
    axis: Annotated[list[Axis], Field("What the axis of each fit separates")]
    baseline: Annotated[str | None, Field("The experiment this one is compared with")]
    config: Annotated[
        dict[str, Any],
        Field(
            "The experiment as resolved, thresholds included",
            requires=("name", "session", "chambers", "beta_prior", "sampling", "gates", "platform", "coordinates"),
        ),
    ]
    code: Annotated[Code, Field("The code that ran")]
    versions: Annotated[dict[str, str], Field("Versions of the packages that decide the numbers")]
    platform: Annotated[
        dict[str, Any],
        Field("The machine, and the problems found", requires=("snapshot", "findings", "overrides")),
    ]
