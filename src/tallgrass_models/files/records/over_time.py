"""Records of link_time.json: sessions on one scale over time."""

from typing import Annotated, Any, NotRequired, TypedDict

from ..readable import Fault
from .fields import ChamberName, Count, Field, Interval, Legislator, MemberName, NotNegative, OfChamber

_Session = Annotated[str, Field("Name of the session")]


class LinkTimeSpec(TypedDict):
    """The spec of the step `link_time`."""

    series: Annotated[str, Field("Name of the series")]
    experiments: Annotated[list[str], Field("Its experiments, in order of time")]
    fit_hashes: Annotated[dict[str, dict[str, str]], Field("Hash of the spec of each fit, by experiment and unit")]
    matching: Annotated[dict[str, Any], Field("Who is the same person, by the configuration")]
    dynamic: NotRequired[Annotated[dict[str, Any], Field("Fits of all sessions together: hash by unit, and gates")]]
    constant: NotRequired[Annotated[dict[str, Any], Field("The same of fits in which nobody moves")]]
    code: NotRequired[Annotated[str, Field("Fingerprint of the code of the step")]]


class SessionFault(TypedDict):
    """Why left and right cannot be read from a chamber's fit."""

    chamber: OfChamber
    fault: Annotated[str, Field("What it is", values=tuple(Fault))]


class TimeSession(TypedDict):
    """A session of the series."""

    session: _Session
    experiment: Annotated[str, Field("Its experiment")]
    title: Annotated[str, Field("What it is called")]
    chamber_names: Annotated[dict[ChamberName, str], Field("What its chambers are called")]
    first_day: Annotated[str, Field("Day of its first roll call used; empty without dates", unit="ISO date")]
    last_day: Annotated[str, Field("Day of its last roll call used", unit="ISO date")]
    faults: Annotated[list[SessionFault], Field("Fits from which left and right cannot be read")]


class TimeLink(TypedDict):
    """The link of a session of a chamber to the one before."""

    before: Annotated[str, Field("The earlier session")]
    after: Annotated[str, Field("The later session")]
    n_returning: Annotated[Count, Field("Members of both", unit="members")]
    n_other_party: Annotated[Count, Field("Of them, counted with another party in the later", unit="members")]
    n_several_spells: Annotated[Count, Field("Of them, with several spells in one of the two", unit="members")]
    n_moved: Annotated[Count, Field("Of them, no bridges because they moved", unit="members")]
    n_used: Annotated[Count, Field("Of them, bridges", unit="members")]
    correlation: Annotated[float | None, Field("Of the positions of those who may bridge, in the two fits")]
    mirrored: Annotated[bool | None, Field("Whether the two fits run in opposite directions")]
    drift: Annotated[
        NotNegative | None,
        Field("How far bridging members move from one session to the next", unit="standard deviations of them"),
    ]
    A: Annotated[Interval | None, Field("Factor from the scale of the later fit to that of the earlier")]
    B: Annotated[Interval | None, Field("Shift", unit="scale of the earlier fit")]


class TimeStep(TypedDict):
    """How far the members of a party step from one session to the next, by the fit of all sessions together."""

    party: Annotated[str, Field("The party")]
    step: Annotated[Interval, Field("Standard deviation of a step", unit="headline scale of the first session")]


class TimeCompared(TypedDict):
    """The average of a party in a session, by the fit of all sessions together and by the link of separate fits."""

    session: _Session
    party: Annotated[str, Field("The party")]
    dynamic: Annotated[Interval, Field("By the fit of all sessions", unit="headline scale of the first session")]
    link: Annotated[Interval | None, Field("By the link", unit="headline scale of the first session")]


class TimeComparedConstant(TypedDict):
    """The average of a party in a session, by the fit in which nobody moves and by the link of separate fits."""

    session: _Session
    party: Annotated[str, Field("The party")]
    constant: Annotated[Interval, Field("By the fit of all sessions", unit="headline scale of the first session")]
    link: Annotated[Interval | None, Field("By the link", unit="headline scale of the first session")]


class TimeTogether(TypedDict):
    """A fit of all sessions of a chamber together."""

    fault: Annotated[str | None, Field("Why it cannot be read", values=tuple(Fault))]
    failures: Annotated[list[str], Field("Gates that it missed")]
    n_careers: Annotated[Count, Field("Careers: a person counted with one party", unit="careers")]
    n_steps: Annotated[Count, Field("Steps of careers from one session to a later one", unit="steps")]
    n_new_careers: Annotated[Count, Field("Returns of members counted with another party", unit="members")]


class TimeDynamic(TimeTogether):
    """The fit of all sessions of a chamber together, with members who move."""

    steps: Annotated[list[TimeStep], Field("By party")]
    compared: Annotated[list[TimeCompared], Field("Averages of the parties by either way")]


class TimeConstant(TimeTogether):
    """The fit of all sessions of a chamber together, in which nobody moves."""

    compared: Annotated[list[TimeComparedConstant], Field("Averages of the parties by either way")]


class TimeChamber(TypedDict):
    """A chamber over time."""

    chamber: OfChamber
    linked: Annotated[bool, Field("Whether its sessions are on one scale")]
    reason: Annotated[str | None, Field("Why not")]
    scale: Annotated[str | None, Field("Kind of the scale", values=("parties", "spread"))]
    links: Annotated[
        list[TimeLink],
        Field("From each session to the next, as far as they were made; none if joint fits are linked"),
    ]
    link_reason: NotRequired[Annotated[str | None, Field("With a fit of all sessions: why the links make no scale")]]
    dynamic: NotRequired[Annotated[TimeDynamic, Field("The fit of all sessions together, if there is one")]]
    constant: NotRequired[Annotated[TimeConstant, Field("The fit in which nobody moves, if there is one")]]


class TimeJoint(TypedDict):
    """Both chambers on one scale, by links of the joint fits of the sessions."""

    links: Annotated[list[TimeLink], Field("From each session to the next, as far as they were made")]


class DoubtMember(TypedDict):
    """A member of a session who may or may not be somebody in another."""

    session: _Session
    chamber: OfChamber
    legislator: Legislator
    name: MemberName


class Doubt(TypedDict):
    """Members of whom the names and the ids say different things."""

    reason: Annotated[
        str,
        Field(
            "What: `same name` are counted as several persons, `other name` as one; `ambiguous name` and "
            "`one-word name` are nobody else in other sessions",
            values=("same name", "other name", "ambiguous name", "one-word name"),
        ),
    ]
    members: Annotated[list[DoubtMember], Field("Who")]


class Crossed(TypedDict):
    """Somebody who sat in one chamber and then in the other, or was counted with one party and then with another."""

    person: Annotated[str, Field("The person, as in the tables")]
    name: MemberName
    before: Annotated[str, Field("The earlier session")]
    after: Annotated[str, Field("The later session")]
    was: Annotated[str, Field("Chamber or party in the earlier")]
    became: Annotated[str, Field("Chamber or party in the later")]


class PartyCrossed(Crossed):
    """Somebody who was counted with one party and then with another, in one chamber."""

    chamber: OfChamber


class LinkTime(TypedDict):
    """The whole of link_time.json."""

    series: Annotated[str, Field("Name of the series")]
    spec_hash: NotRequired[Annotated[str, Field("Hash of the settings of the series and its fits")]]
    n_draws: Annotated[Count, Field("Draws of each fit")]
    n_persons: Annotated[Count, Field("Persons in all sessions", unit="persons")]
    sessions: Annotated[list[TimeSession], Field("In order of time", least=2)]
    chambers: Annotated[list[TimeChamber], Field("Each chamber that is fitted", least=1)]
    joint: NotRequired[Annotated[TimeJoint, Field("Links of both chambers together, if joint fits are linked")]]
    changed_chamber: Annotated[list[Crossed], Field("Who went from one chamber to the other")]
    changed_party: Annotated[list[PartyCrossed], Field("Who is counted with another party than in the session before")]
    doubts: Annotated[list[Doubt], Field("Who may or may not be the same person")]
