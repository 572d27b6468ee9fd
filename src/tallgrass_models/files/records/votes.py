"""Records in the file of a chamber's votes: counts, filters, and what was read differently from the source."""

from typing import Annotated, Any, TypedDict

from .fields import Count, Field, Legislator, MemberName, OfParty, Share
from .roster import Oddity, Tallies


class Spell(TypedDict):
    """One of several rows of a person."""

    legislator: Legislator
    name: MemberName
    party: OfParty
    caucus: Annotated[str, Field("Party that the member is counted with; empty for neither")]
    first_day: Annotated[str, Field("Day of the first roll call; empty where not known", unit="ISO date")]
    last_day: Annotated[str, Field("Day of the last", unit="ISO date")]


class ManifestFacts(TypedDict):
    """Facts about a manifest."""

    oddities: Annotated[dict[str, Oddity], Field("What was read otherwise than it stands in the files, by kind")]
    tallies: Annotated[Tallies, Field("Recorded tallies against the votes")]
    spells: Annotated[dict[str, list[Spell]], Field("By person, the rows of everybody who has several")]


class SourceFile(TypedDict):
    """A file that was read."""

    name: Annotated[str, Field("Its name")]
    sha256: Annotated[str, Field("Its hash")]


class Dropped(TypedDict, total=False):
    """Counts of the entries that a reader drops or finds incomplete. The keys depend on the reader."""

    n_blank_parties: Annotated[Count, Field("Members without a party", unit="members")]
    n_committee_rollcalls_dropped: Annotated[Count, Field("Roll calls of committees", unit="roll calls")]
    n_duplicate_bills_dropped: Annotated[Count, Field("Repeated bills", unit="bills")]
    n_duplicate_legislators_dropped: Annotated[Count, Field("Repeated members", unit="members")]
    n_duplicate_rollcalls_dropped: Annotated[Count, Field("Repeated roll calls", unit="roll calls")]
    n_duplicates_dropped: Annotated[Count, Field("Repeated votes", unit="votes")]
    n_joint_rollcalls_dropped: Annotated[Count, Field("Roll calls of both chambers together", unit="roll calls")]
    n_people_unknown: Annotated[Count, Field("Members who are not in the file of people", unit="members")]
    n_president_positions_dropped: Annotated[Count, Field("Positions of a president", unit="votes")]
    n_presidents_dropped: Annotated[Count, Field("Presidents among the members", unit="members")]
    n_votes_without_member: Annotated[Count, Field("Votes that name no member", unit="votes")]


class Content(TypedDict):
    """The hash that all votes have on record."""

    data_hash: Annotated[str, Field("Hash of the content, whatever the order of rows")]


class RawFacts(Content, Dropped):
    """Facts that a reader gives about a session."""

    source: Annotated[str, Field("Which reader's")]
    files: Annotated[dict[str, SourceFile], Field("By role, such as votes, rollcalls, legislators")]


class Filters(TypedDict):
    """Thresholds that roll calls and members must meet."""

    min_minority_share: Annotated[Share, Field("Least share of the minority")]
    min_votes: Annotated[Count, Field("Fewest votes of a member", unit="votes")]


class SelectionFacts(TypedDict, total=False):
    """Facts about the selection of roll calls, where there is one."""

    selection: Annotated[dict[str, Any], Field("Which roll calls were selected, where not all were")]
    n_rollcalls_not_selected: Annotated[Count, Field("Left out by the selection", unit="roll calls")]


class VotesFacts(Content, Dropped, SelectionFacts, total=False):
    """All facts on record about a chamber's votes. Those of the calibration study have a hash alone."""

    source: Annotated[str, Field("Which reader's")]
    files: Annotated[dict[str, SourceFile], Field("By role, such as votes, rollcalls, legislators")]
    oddities: Annotated[dict[str, Oddity], Field("What was read otherwise than it stands in the files, by kind")]
    tallies: Annotated[Tallies, Field("Recorded tallies against the votes")]
    spells: Annotated[dict[str, list[Spell]], Field("By person, the rows of everybody who has several")]

    n_rollcalls_read: Annotated[Count, Field("Before the filters", unit="roll calls")]
    n_legislators_read: Annotated[Count, Field("Before the filters", unit="members")]
    n_votes_read: Annotated[Count, Field("Before the filters", unit="votes")]
    yea_share_all: Annotated[float, Field("Share of Yea before the filters")]
    filters: Annotated[Filters, Field("As applied")]
    n_rollcalls_dropped: Annotated[Count, Field("By the selection and the filters", unit="roll calls")]
    n_legislators_dropped: Annotated[Count, Field("By the filters", unit="members")]
    pca_eigenvalues: Annotated[list[float], Field("The largest, of the votes kept")]
    pca_total_variance: Annotated[float, Field("Sum of all of them")]
