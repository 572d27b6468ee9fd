"""Tables that the steps `summarize` and `draw_tables` write for each unit."""

from ..tables import Table
from .common import CHAMBER, MEMBER, ROLLCALL, cols, moments

_PARTY = cols("party", "word", "party as listed")
_COUNTED = cols("party", "word", "`Democrat` or `Republican`")

IDEAL_POINTS = Table(
    "ideal_points",
    "member",
    "summarize",
    (
        *MEMBER,
        *CHAMBER,
        *_PARTY,
        *cols("district", "text", "district", empty=True),
        *cols("state", "word", "state", empty=True),
        *cols("n_votes", "whole", "Yea and Nay votes cast", "votes"),
        *moments("position", "position; the averages of parties that are apart are -1 and +1", "headline scale"),
        *cols("position_mcse", "number", "Monte Carlo error of the mean", "headline scale", empty=True),
        *moments("xi", "ideal point", "model's scale"),
        *cols("xi_mcse", "number", "Monte Carlo error of the mean", "model's scale", empty=True),
        *moments("rank", "rank in the chamber, 1 is the leftmost", "rank"),
        *cols("rank_mcse", "number", "Monte Carlo error of the mean", "rank", empty=True),
        *cols("p_leftmost p_rightmost", "number", "probability of standing at that end of the chamber", empty=True),
        *cols("p_innermost", "number", "probability of being nearest to the other party, of the own party", empty=True),
        *cols("rhat", "number", "R-hat of the ideal point", empty=True),
        *cols("ess_bulk", "number", "effective sample size", "draws", empty=True),
        *moments("second", "place on the second dimension, if there is one", "spread within the parties", empty=True),
        *cols("second_rhat", "number", "R-hat of that place", empty=True),
        *cols("second_ess_bulk", "number", "effective sample size of that place", "draws", empty=True),
        *cols("caucus", "word", "party that the member is counted with; `none`: with neither"),
        *cols("person", "text", "id of the person, who may have several rows", empty=True),
        *cols("first_day last_day", "date", "first and last roll call of the time in office", empty=True),
        *cols("service", "number", "share of the chamber's roll calls in the time in office", empty=True),
        *cols("spells", "text", "what is said of a person with several rows", empty=True),
        *cols("flat_mean", "number", "ideal point in the model without parties", "flat model's scale", empty=True),
        *cols("external", "number", "external score", "its own", empty=True),
        *cols("truth", "number", "true ideal point of a simulated session", "model's scale", empty=True),
        *cols("flat_rescaled", "number", "`flat_mean` by the line of least squares", "headline scale", empty=True),
        *cols("shrinkage", "number", "share by which the flat distance from the party's mean is drawn in", empty=True),
    ),
)

BILLS = Table(
    "bills",
    "roll call, or of a joint fit pair of bill parameters",
    "summarize",
    (
        *cols("vote", "text", "id of the roll call; in a joint fit with `house:`, `senate:` or `both:` before it"),
        *ROLLCALL,
        *cols("chambers", "word", "`house`, `senate` or `both`"),
        *cols("yea nay", "whole", "votes cast", "votes"),
        *moments("difficulty", "difficulty", "headline scale", "mean sd"),
        *moments("discrimination", "discrimination; above 0 Yea is the side of the right", "headline scale"),
        *moments("alpha", "difficulty in the model", "model's scale", "mean sd"),
        *moments("beta", "discrimination in the model", "model's scale"),
        *moments(
            "second_slope", "change of the logit over a unit of the second dimension, if any", "logit", empty=True
        ),
        *cols("cutting_point", "number", "position where Yea and Nay are equally likely", "headline scale", empty=True),
        *cols("rhat", "number", "R-hat of the discrimination", empty=True),
        *cols("ess_bulk", "number", "effective sample size", "draws", empty=True),
        *cols("yea_share_democrat yea_share_republican", "number", "share of Yea in the party", empty=True),
        *cols("party_z", "number", "Republican minus Democratic share of Yea", "standard errors", empty=True),
        *cols("yea_side", "whole", "of a positive prior: whose side Yea is, 1 Republicans, -1 Democrats", empty=True),
        *cols("wrong_sign", "truth", "Yea is certainly the side that a positive prior cannot describe"),
    ),
)

PARTIES = Table(
    "parties",
    "party and chamber",
    "summarize",
    (
        *CHAMBER,
        *_COUNTED,
        *cols("n", "whole", "members counted with it", "members"),
        *moments("position", "average of its members", "headline scale"),
        *moments("spread", "standard deviation of its members", "headline scale"),
        *moments("mu_position", "mean of the population", "headline scale", empty=True),
        *moments("sigma_position", "standard deviation of the population", "headline scale", empty=True),
        *moments("xi", "average of its members", "model's scale"),
        *moments("xi_spread", "standard deviation of its members", "model's scale"),
        *moments("mu", "mean of the population", "model's scale", empty=True),
        *moments("sigma", "standard deviation of the population", "model's scale", empty=True),
    ),
)

CONVERGENCE = Table(
    "convergence",
    "block of parameters",
    "summarize",
    (
        *cols("block", "word", "name in the posterior, or `log_density`"),
        *cols("size", "whole", "its elements", "elements"),
        *cols("rhat_max", "number", "largest R-hat", empty=True),
        *cols("rhat_where rhat_name", "text", "where that is: its id, and for people", empty=True),
        *cols("n_rhat_above", "whole", "elements that miss the gate of R-hat", "elements"),
        *cols("n_rhat_chance", "number", "as many would by chance", "elements", empty=True),
        *cols("ess_bulk_min", "number", "least bulk effective sample size", "draws", empty=True),
        *cols("ess_bulk_where ess_bulk_name", "text", "where that is: its id, and for people", empty=True),
        *cols("ess_tail_min", "number", "least tail effective sample size", "draws", empty=True),
        *cols("ess_tail_where ess_tail_name", "text", "where that is: its id, and for people", empty=True),
        *cols("n_ess_below", "whole", "elements that miss the gate of effective sample size", "elements"),
        *cols("n_ess_chance", "number", "as many would by chance", "elements", empty=True),
        *cols("draws_needed", "whole", "draws of each chain that would do; empty: none would", "draws", True),
    ),
)

_PIVOT = cols("pivot", "word", "`chamber_median`, `two_thirds_left`, `majority_60_left`, `democrat_median`, ...")
PIVOTS = Table(
    "pivots",
    "median or pivot of a chamber",
    "summarize",
    (
        *CHAMBER,
        *_PIVOT,
        *cols("members", "whole", "members counted", "members"),
        *cols("seats", "number", "seats that they hold", "seats"),
        *cols("on", "date", "day whose seats are counted; empty: each member by time in office", empty=True),
        *moments("position", "where it is", "headline scale"),
        *cols("position_mcse", "number", "Monte Carlo error of the mean", "headline scale", empty=True),
        *moments("xi", "where it is", "model's scale"),
        *cols("p_between", "number", "probability that a median lies between two members"),
        *moments("low", "the member on its left; where it is one member, its place", "headline scale"),
        *moments("high", "the member on its right; where it is one member, its place", "headline scale"),
    ),
)

PIVOT_MEMBERS = Table(
    "pivot_members",
    "pivot and member who may hold it",
    "summarize",
    (
        *CHAMBER,
        *_PIVOT,
        *MEMBER,
        *_PARTY,
        *cols("probability", "number", "of holding it"),
        *cols("probability_mcse", "number", "Monte Carlo error of that", empty=True),
    ),
)

_CORRECT = cols("correct", "number", "share of votes that the model calls right", empty=True)
_GMP = cols("gmp", "number", "geometric mean probability of the votes cast", empty=True)
ROLLCALL_FIT = Table(
    "rollcall_fit",
    "roll call of a chamber",
    "summarize",
    (
        *cols("vote", "text", "id of the roll call"),
        *CHAMBER,
        *ROLLCALL,
        *cols("yea nay", "whole", "votes cast", "votes"),
        *cols("minority", "whole", "votes of the smaller side", "votes"),
        *cols("errors", "whole", "votes that the model calls wrong", "votes"),
        *_CORRECT,
        *cols("pre", "number", "proportional reduction in error", empty=True),
        *_GMP,
    ),
)

MEMBER_FIT = Table(
    "member_fit",
    "member",
    "summarize",
    (
        *MEMBER,
        *CHAMBER,
        *_PARTY,
        *cols("n_votes", "whole", "votes cast", "votes"),
        *cols("errors", "whole", "votes that the model calls wrong", "votes"),
        *_CORRECT,
        *_GMP,
        *cols("dissents", "whole", "votes against the majority of the roll call; none on a tie", "votes"),
        *cols("n_wrong_sign", "whole", "votes on bills that a positive prior cannot describe", "votes"),
        *cols("correct_wrong_sign", "number", "share of those called right", empty=True),
    ),
)

GROUP_FIT = Table(
    "group_fit",
    "chamber and group of members",
    "summarize",
    (
        *cols("chamber", "word", "`house`, `senate`, or `all` together"),
        *cols("party", "word", "`all`, or what members are counted as"),
        *cols("n_votes", "whole", "votes cast", "votes"),
        *cols("errors", "whole", "votes that the model calls wrong", "votes"),
        *cols("minority", "whole", "votes against the majority of their roll call", "votes"),
        *_CORRECT,
        *cols("apre", "number", "aggregate proportional reduction in error", empty=True),
        *_GMP,
    ),
)

CALIBRATION = Table(
    "calibration",
    "chamber and tenth of predicted probability with votes in it",
    "summarize",
    (
        *CHAMBER,
        *cols("low high", "number", "bounds of the predicted probability of Yea"),
        *cols("n", "whole", "votes in it", "votes"),
        *cols("predicted", "number", "mean predicted probability"),
        *cols("observed", "number", "share of Yea"),
        *cols("observed_se", "number", "standard deviation of that share if every prediction were right"),
    ),
)

_CURVES = Table(
    "curves",
    "chosen roll call and position",
    "summarize",
    (
        *cols("vote", "text", "id of the roll call, as in `bills.csv`"),
        *cols("bill", "text", "bill", empty=True),
        *cols("discrimination_mean", "number", "its discrimination", "headline scale"),
        *cols("position", "number", "where on the axis", "headline scale"),
        *moments("p", "probability of Yea there", ends="mean q05 q95"),
    ),
)

_CHAIN = cols("chain", "whole", "number of the chain, from 0")
_CHAIN_RANKS = Table(
    "chain_ranks",
    "block of parameters, chain and bin of ranks",
    "summarize",
    (
        *_CHAIN,
        *cols("rank", "number", "middle of the bin, from 0 to 1"),
        *cols("share", "number", "share of the chain's draws in it, over that of an even spread"),
        *cols("block", "word", "name in the posterior, or `log_density`"),
        *cols("element", "text", "its element of largest R-hat", empty=True),
    ),
)

_ENERGY = Table(
    "energy",
    "chain and bin of energy",
    "summarize",
    (
        *_CHAIN,
        *cols("energy", "number", "middle of the bin, from the chain's mean"),
        *cols("marginal", "number", "density of the energy"),
        *cols("change", "number", "density of its change from draw to draw"),
    ),
)

_ABSENT_CALLS = Table(
    "absent_calls",
    "roll call from which a member in office was absent",
    "summarize",
    (
        *cols("vote", "text", "id of the roll call in the chamber"),
        *CHAMBER,
        *ROLLCALL,
        *cols("yea nay", "whole", "votes cast by the members of the fit", "votes"),
        *cols("n_absent", "whole", "members of the fit in office who cast neither", "members"),
        *cols("expected_yea expected_nay", "number", "votes of that kind expected of the absent", "votes"),
        *cols("could_flip", "truth", "whether the votes of the absent could have changed the simple majority"),
        *cols("p_flip", "number", "probability that they would have changed it, had all of them voted"),
    ),
)

_ABSENT_MEMBERS = Table(
    "absent_members",
    "member",
    "summarize",
    (
        *MEMBER,
        *CHAMBER,
        *cols("party", "word", "what the member is counted as"),
        *cols("position_mean", "number", "mean position", "headline scale"),
        *cols("n_office n_absent", "whole", "roll calls in office, and absences from them", "roll calls"),
        *cols("n_close n_absent_close", "whole", "the same for close roll calls", "roll calls"),
        *cols("move", "number", "move of the mean if absences were evidence", "posterior sd", empty=True),
    ),
)

_ABSENCE_MODEL = Table(
    "absence_model",
    "chamber and term of the model of absence",
    "summarize",
    (
        *CHAMBER,
        *cols("term", "word", "`intercept`, `position`, `republican`, `close`, or `member`: the sd between members"),
        *moments("logit", "its coefficient", "logit", ends="mean q05 q95"),
    ),
)

SUMMARIZED = (
    *(IDEAL_POINTS, BILLS, PARTIES, CONVERGENCE, PIVOTS, PIVOT_MEMBERS),
    *(ROLLCALL_FIT, MEMBER_FIT, GROUP_FIT, CALIBRATION),
)
DRAWN = (_CURVES, _CHAIN_RANKS, _ENERGY, _ABSENT_CALLS, _ABSENT_MEMBERS, _ABSENCE_MODEL)
TABLES = (*SUMMARIZED, *DRAWN)
