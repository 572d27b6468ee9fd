"""Tables that the step `link` writes."""

from ..tables import Table
from .common import CHAMBER, ROLLCALL, cols, moments

_MEMBER = (
    *cols("legislator", "text", "id of the member"),
    *cols("name", "text", "name shown for the member"),
)
_PARTY = cols("party", "word", "party that the member is counted with")
_PLACE = "median q05 q95"

LINKED_MEMBERS = Table(
    "linked_members",
    "member of either chamber",
    "link",
    (
        *_MEMBER,
        *CHAMBER,
        *_PARTY,
        *moments("xi", "ideal point, by the link", "scale of the House's model", empty=True),
        *moments("relative", "place by all methods mixed", "House's headline scale", _PLACE),
        *moments("link", "place by the linking methods", "House's headline scale", _PLACE, empty=True),
        *moments("joint", "place by the joint model", "House's headline scale", _PLACE, empty=True),
        *moments("rank", "rank among all members, 1 is the leftmost", "rank", _PLACE),
        *cols("p_right_of_house_median p_right_of_senate_median", "number", "probability of standing right of it"),
        *cols("p_right_of_own_party", "number", "the same of the own party's median over there", empty=True),
        *cols(
            "link_p_right_of_house_median joint_p_right_of_house_median",
            "number",
            "the same of the House's median, by the link and by the joint model alone",
            empty=True,
        ),
    ),
)

ANCHORS = Table(
    "anchors",
    "shared bill",
    "link",
    (
        *cols("bill", "text", "bill"),
        *cols("title", "text", "its title", empty=True),
        *cols("house_vote senate_vote", "text", "ids of its roll calls"),
        *cols("used", "truth", "whether it links the chambers"),
        *cols("reason", "text", "why not", empty=True),
        *cols("house_alpha house_beta", "number", "its parameters in the House", "scale of the House's model"),
        *cols("senate_alpha senate_beta", "number", "those in the Senate, linked", "scale of the House's model", True),
        *cols("gap rms_gap", "number", "mean and root mean square gap of the two curves", "probability", empty=True),
        *cols("chi2 p_value", "number", "Lord's test that the two are the same", empty=True),
        *cols("elpd_diff", "number", "how much better the joint model predicts its votes", "nats", empty=True),
        *cols("bridge", "word", "what it is in the joint model: `merged`, `freed` or `tied`", empty=True),
        *moments(
            "moved", "P(Yea) in the Senate less the House, mean over all members, where tied", "probability", empty=True
        ),
        *moments("alpha_change", "difficulty in the Senate less that in the House, where tied", "logits", empty=True),
        *moments("beta_change", "discrimination likewise, where tied", "scale of the joint model", empty=True),
    ),
)

_FIT = cols("unit", "word", "`house`, `senate` or `joint`: the fit")
AXIS_MEMBERS = Table(
    "axis_members",
    "fit and member",
    "link",
    (
        *_FIT,
        *CHAMBER,
        *_MEMBER,
        *cols("party", "word", "party as listed"),
        *cols("xi_mean", "number", "ideal point", "model's scale"),
        *cols("place", "number", "the same from the mean, turned where mirrored", "sd of members"),
        *cols("pc1 pc2", "number", "scores on the principal components of the votes", empty=True),
        *cols("pc1_contested pc1_divided", "number", "the first of contested, and of divided roll calls", empty=True),
    ),
)

AXIS_BILLS = Table(
    "axis_bills",
    "fit and roll call at an end of its axis",
    "link",
    (
        *_FIT,
        *CHAMBER,
        *cols("end", "word", "`left` or `right`: the side of Yea"),
        *cols("place", "whole", "1 is the steepest"),
        *cols("vote", "text", "id of the roll call"),
        *ROLLCALL,
        *cols("slope", "number", "discrimination; above 0 Yea is the side of the right", "per sd of members"),
        *moments("beta", "discrimination in the model", "model's scale", "mean q05 q95"),
        *cols("yea_democrats yea_republicans", "number", "share of Yea in the party", empty=True),
    ),
)

TABLES = (LINKED_MEMBERS, ANCHORS, AXIS_MEMBERS, AXIS_BILLS)
