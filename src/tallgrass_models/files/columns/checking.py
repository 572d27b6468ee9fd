"""Tables that the steps `check` and `sensitivity` write for each unit."""

from ..tables import Column, Table
from .common import CHAMBER, MEMBER, cols

_PARTY = cols("party", "word", "party that the member is counted with")


def _loo() -> tuple[Column, ...]:
    """Declare the columns of leave-one-out, summed over the votes of a member or roll call."""
    return (
        *cols("n_obs", "whole", "Yea and Nay votes", "votes", empty=True),
        *cols("elpd", "number", "log predictive density of the votes left out, summed", "nats", empty=True),
        *cols("mean_elpd", "number", "the same by vote", "nats", empty=True),
        *cols("p_loo", "number", "effective number of parameters", empty=True),
        *cols("k_max", "number", "largest Pareto k", empty=True),
    )


def _replicated(name: str, what: str, ends: str = "_mean _q05 _q95 _tail") -> tuple[Column, ...]:
    """Declare the columns of a number in the real votes and of the same number in replicated votes."""
    return (
        *cols(name, "number", what, empty=True),
        *cols(" ".join(name + end for end in ends.split()), "number", f"{what}, in replicated votes", empty=True),
    )


CHECK_MEMBERS = Table(
    "check_members",
    "member",
    "check",
    (
        *MEMBER,
        *CHAMBER,
        *_PARTY,
        *_loo(),
        *_replicated("yea_share", "share of Yea"),
        *_replicated("unity", "unity with the own party"),
    ),
)

CHECK_ROLLCALLS = Table(
    "check_rollcalls",
    "roll call of a chamber",
    "check",
    (
        *cols("rollcall", "text", "id of the roll call"),
        *cols("item", "text", "id of its parameters, as `vote` in `bills.csv`"),
        *CHAMBER,
        *cols("bill motion", "text", "bill, and the question put", empty=True),
        *cols("date", "date", "day of the vote", empty=True),
        *_loo(),
        *_replicated("yea_share", "share of Yea"),
        *_replicated("yea_share_democrat", "share of Yea among Democrats", "_mean _tail"),
        *_replicated("yea_share_republican", "share of Yea among Republicans", "_mean _tail"),
    ),
)

_CHECK_PAIRS = Table(
    "check_pairs",
    "pair of members whose agreement is least expected",
    "check",
    (
        *CHAMBER,
        *cols("legislator_a name_a party_a", "text", "the one"),
        *cols("legislator_b name_b party_b", "text", "the other"),
        *cols("n_common", "whole", "roll calls on which both voted", "roll calls"),
        *cols("agreement", "number", "share of those on which they agree", empty=True),
        *cols("agreement_mean agreement_sd agreement_tail", "number", "the same, in replicated votes", empty=True),
    ),
)

SENSITIVITY = Table(
    "sensitivity",
    "quantity and component of the model",
    "check",
    (
        *cols("quantity", "word", "`mu_party`, `sigma_within`, `party_gap`, `icc`, `xi` or `xi_relative`"),
        *CHAMBER,
        *cols("party", "word", "of which party or member; empty: of the chamber", empty=True),
        *cols("legislator name", "text", "of which member; empty: of no single one", empty=True),
        *cols("component", "word", "what was made stronger and weaker: `likelihood`, `alpha`, `beta`, ..."),
        *cols("sensitivity", "number", "power-scaling sensitivity", empty=True),
        *cols("noise", "number", "what chance alone gives in 95 of 100 cases", empty=True),
        *cols("diagnosis", "text", "what that means; empty: nothing to see", empty=True),
    ),
)

PRIOR_SCALES = Table(
    "prior_scales",
    "member, component of the prior, and factor",
    "check",
    (
        *CHAMBER,
        *_PARTY,
        *MEMBER,
        *cols("component", "word", "component whose scale is changed"),
        *cols("factor", "number", "what its scale is multiplied by"),
        *cols("move", "number", "move to the right; empty where the draws cannot tell", "posterior sd", empty=True),
    ),
)

TABLES = (CHECK_MEMBERS, CHECK_ROLLCALLS, _CHECK_PAIRS, SENSITIVITY, PRIOR_SCALES)
