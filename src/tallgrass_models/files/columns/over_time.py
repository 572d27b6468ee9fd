"""Tables that the step `link_time` writes."""

from ..tables import Table
from .common import CHAMBER, cols, moments

_PLACE = "median q05 q95"
_SCALE = "headline scale of the first session"
_PERSON = (
    *cols("person", "text", "the person: one value for the same member in all sessions"),
    *cols("name", "text", "name shown for the member"),
)
_PARTY = cols("party", "word", "party that the member is counted with")
_PAIR = cols("before after", "text", "the earlier and the later session")
_NUMBERS = "number of members"

TIME_MEMBERS = Table(
    "time_members",
    "member of a chamber in a session",
    "link_time",
    (
        *CHAMBER,
        *cols("session", "text", "the session"),
        *_PERSON,
        *cols("legislator", "text", "id of the member in that session"),
        *_PARTY,
        *cols("state district", "text", "seat, where the source says it", empty=True),
        *moments("place", "position on the common scale", _SCALE, _PLACE),
        *cols("first_session last_session", "text", "first and last session in this chamber"),
    ),
)

TIME_PARTIES = Table(
    "time_parties",
    "party of a chamber in a session",
    "link_time",
    (
        *CHAMBER,
        *cols("session", "text", "the session"),
        *_PARTY,
        *cols("n", "whole", _NUMBERS),
        *moments("place", "average of its members", _SCALE, _PLACE),
        *moments("spread", "their standard deviation about it", _SCALE, _PLACE),
    ),
)

TIME_CHAMBERS = Table(
    "time_chambers",
    "chamber in a session",
    "link_time",
    (
        *CHAMBER,
        *cols("session", "text", "the session"),
        *cols("n", "whole", _NUMBERS),
        *moments("median", "position of the median member", _SCALE, _PLACE),
        *moments("distance", "Republican minus Democratic average", _SCALE, _PLACE, empty=True),
        *moments("ratio", "the same over that of the first session", "", _PLACE, empty=True),
        *moments("overlap", "share of pairs of a Democrat and a Republican with the Democrat right", "", _PLACE, True),
        *moments("d", "distance of the averages, which no link enters", "pooled sd of members", _PLACE, empty=True),
        *cols("p_wider_than_before", "number", "probability that it grew since the session before", empty=True),
        *cols("p_wider_than_first", "number", "the same since the first session", empty=True),
    ),
)

TIME_CHANGES = Table(
    "time_changes",
    "party of a chamber and two sessions: each with the next, and the first with the last",
    "link_time",
    (
        *CHAMBER,
        *_PARTY,
        *_PAIR,
        *cols("n_before n_after n_stayed n_left n_came", "whole", _NUMBERS),
        *moments("change", "change of the party's average", _SCALE, _PLACE),
        *moments("conversion", "of it, by members who stayed and moved", _SCALE, _PLACE, empty=True),
        *moments("replacement", "of it, by members who left and who came", _SCALE, _PLACE),
        *moments("left", "of the replacement, by those who left", _SCALE, _PLACE, empty=True),
        *moments("came", "of the replacement, by those who came", _SCALE, _PLACE, empty=True),
        *cols("p_change_right p_replacement_right", "number", "probability that it is to the right"),
        *cols("p_conversion_right", "number", "probability that it is to the right", empty=True),
    ),
)

TIME_MOVES = Table(
    "time_moves",
    "member of a chamber in a session and in the next",
    "link_time",
    (
        *CHAMBER,
        *_PAIR,
        *_PERSON,
        *cols("legislator_before legislator_after", "text", "ids in the two sessions"),
        *_PARTY,
        *cols("party_after", "word", "the same in the later session"),
        *cols("bridge", "truth", "whether the member links the two sessions"),
        *cols("reason", "text", "why not", empty=True),
        *moments("change", "later minus earlier position", _SCALE, _PLACE),
        *cols("p_right", "number", "probability that the member moved to the right"),
        *cols("chi2 p_value", "number", "test that the member moved no more than returning members do", empty=True),
    ),
)

TIME_ACROSS = Table(
    "time_across",
    "session, group of members, and statistic; none unless both chambers are on one scale",
    "link_time",
    (
        *cols("session", "text", "the session"),
        *cols("group", "word", "`all` members, or those of a party"),
        *cols("statistic", "word", "`average` or `median`"),
        *cols("n_house n_senate", "whole", _NUMBERS),
        *moments("house", "that of the House", _SCALE, _PLACE),
        *moments("senate", "that of the Senate", _SCALE, _PLACE),
        *moments("difference", "Senate minus House", _SCALE, _PLACE),
        *cols("p_right", "number", "probability that the Senate's is to the right"),
        *moments("change", "change of the difference since the first session", _SCALE, _PLACE, empty=True),
        *cols("p_change_right", "number", "probability that it is to the right", empty=True),
    ),
)

TIME_CROSSED = Table(
    "time_crossed",
    "member who sat in one chamber and then in the other; none unless both are on one scale",
    "link_time",
    (
        *_PERSON,
        *_PAIR,
        *cols("chamber chamber_after", "word", "`house` or `senate`, in the two sessions"),
        *cols("legislator_before legislator_after", "text", "ids in the two sessions"),
        *_PARTY,
        *cols("party_after", "word", "the same in the later session"),
        *moments("place_before", "position in the earlier", _SCALE, _PLACE),
        *moments("place_after", "position in the later", _SCALE, _PLACE),
        *moments("change", "later minus earlier position", _SCALE, _PLACE),
        *cols("p_right", "number", "probability that the member moved to the right"),
        *cols("bridge", "truth", "whether the member links the two sessions"),
        *cols("reason", "text", "why not", empty=True),
    ),
)

TABLES = (TIME_MEMBERS, TIME_PARTIES, TIME_CHAMBERS, TIME_CHANGES, TIME_MOVES, TIME_ACROSS, TIME_CROSSED)
