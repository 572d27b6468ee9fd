"""Tables that the step `compare` writes."""

from ..tables import Table
from .common import CHAMBER, cols, moments

_FIT = (
    *cols("experiment", "word", "the experiment"),
    *cols("unit", "word", "`house`, `senate` or `joint`: the fit"),
)
_GROUP = (*cols("group", "word", "the session"), _FIT[1])
_PAIR = (
    *cols("reference", "word", "the experiment it is compared with"),
    _FIT[0],
)
_INTERVAL = "mean q05 q95"
_SCALE = "reference's headline scale"

CONFIGURATION = Table(
    "configuration",
    "setting that differs, and experiment",
    "compare",
    (
        *cols("key", "text", "the setting"),
        _FIT[0],
        *cols("value", "text", "its value there", empty=True),
    ),
)

COST = Table(
    "cost",
    "fit",
    "compare",
    (
        *_FIT,
        *cols("converged", "truth", "whether it passed every gate"),
        *cols("rhat_xi_max", "number", "worst R-hat of a member", empty=True),
        *cols("ess_xi_min", "number", "least bulk effective sample size of a member", "draws", empty=True),
        *cols("divergences", "whole", "divergent draws", "draws"),
        *cols("sampling_time_s compile_time_s", "number", "time to sample, and to compile the model", "s"),
        *cols("gradients", "whole", "gradients of the log density computed", "gradients"),
        *cols("ess_per_s", "number", "effective draws by time of sampling", "draws / s", empty=True),
        *cols("gradients_per_ess", "number", "gradients by effective draw", "gradients / draw", empty=True),
    ),
)

AGREEMENT = Table(
    "agreement",
    "pair of experiments, unit and chamber",
    "compare",
    (
        *_GROUP,
        *CHAMBER,
        *_PAIR,
        *cols("n", "whole", "members of both", "members"),
        *cols("pearson spearman", "number", "correlation of the positions, and of their ranks", empty=True),
        *cols("slope intercept", "number", "from the experiment's positions to the reference's scale"),
        *cols("turned_reference turned", "truth", "whether the reference, and the experiment, was mirrored"),
        *cols("move_rms", "number", "typical move (root mean square)", "reference's posterior sd", empty=True),
        *cols("n_rank_outside", "whole", "members whose rank leaves the reference's 90 % interval", "members"),
        *cols("n_rank_disjoint", "whole", "members whose two intervals do not meet", "members"),
        *cols("max_rank_change", "number", "largest change of rank", "ranks"),
        *cols("max_rank_member", "text", "whose that is"),
    ),
)

MEMBERS = Table(
    "members",
    "pair of experiments, unit and member",
    "compare",
    (
        *_GROUP,
        *CHAMBER,
        *_PAIR,
        *cols("legislator", "text", "id of the member"),
        *cols("name", "text", "name shown for the member"),
        *cols("party", "word", "party as listed"),
        *cols("position_reference position_reference_sd", "number", "position in the reference", _SCALE),
        *cols("position position_sd", "number", "position in the experiment", _SCALE),
        *cols("move", "number", "from the one to the other", _SCALE),
        *cols("move_sd", "number", "the same", "reference's posterior sd", empty=True),
        *cols("rank_reference rank_reference_q05 rank_reference_q95", "number", "rank in the reference", "rank"),
        *cols("rank rank_q05 rank_q95", "number", "rank in the experiment", "rank"),
        *cols("rank_change", "number", "from the one to the other", "ranks"),
        *cols("rank_outside", "truth", "the rank lies outside the reference's 90 % interval"),
        *cols("rank_disjoint", "truth", "the two intervals do not meet"),
    ),
)

DRIVERS = Table(
    "drivers",
    "one of the 10 members who move most, and one of the 5 roll calls that push most",
    "compare",
    (
        *_GROUP,
        *CHAMBER,
        *_PAIR,
        *cols("legislator", "text", "id of the member"),
        *cols("name", "text", "name shown for the member"),
        *cols("party", "word", "party as listed"),
        *cols("move", "number", "from the reference to the experiment", _SCALE),
        *cols("push_total", "number", "pushes of all roll calls and of the party, summed", _SCALE, empty=True),
        *cols("place", "whole", "1 pushes most"),
        *cols("vote bill", "text", "the roll call; empty: the changed mean and spread of the party", empty=True),
        *cols("title", "text", "its title", empty=True),
        *cols("cast", "word", "`Yea` or `Nay`; empty: of the party", empty=True),
        *cols("push", "number", "the step that this alone would cause", _SCALE, empty=True),
        *cols("discrimination_reference discrimination", "number", "its discrimination in either", _SCALE, empty=True),
    ),
)

PARTIES = Table(
    "parties",
    "fit, chamber and party",
    "compare",
    (
        *_FIT,
        *CHAMBER,
        *cols("party", "word", "`Democrat` or `Republican`"),
        *cols("n", "whole", "members counted with it", "members"),
        *moments("position", "average of its members", "headline scale", _INTERVAL),
        *moments("spread", "standard deviation of its members", "headline scale", _INTERVAL),
        *moments("mu", "mean of the population", "model's scale", _INTERVAL),
        *moments("sigma", "standard deviation of the population", "model's scale", _INTERVAL),
    ),
)

SHARES = Table(
    "shares",
    "fit and chamber",
    "compare",
    (*_FIT, *CHAMBER, *moments("share", "party share of the variance of ideal points", ends=_INTERVAL)),
)

BILLS = Table(
    "bills",
    "pair of experiments, unit and roll call",
    "compare",
    (
        *_GROUP,
        *cols("chamber", "word", "`house`, `senate` or `both`"),
        *_PAIR,
        *cols("vote", "text", "id of the roll call"),
        *cols("bill title", "text", "bill, and its title", empty=True),
        *cols(
            "discrimination_reference discrimination_reference_sd", "number", "discrimination in the reference", _SCALE
        ),
        *cols("discrimination discrimination_sd", "number", "discrimination in the experiment", _SCALE),
        *cols("change", "number", "from the one to the other", _SCALE),
        *cols("change_sd", "number", "the same", "reference's posterior sd", empty=True),
        *cols("reversed", "truth", "each fit is 95 % sure of a side for Yea, and the sides differ"),
    ),
)

PREDICTIVE = Table(
    "predictive",
    "pair of experiments and unit",
    "compare",
    (
        *_GROUP,
        *_PAIR,
        *cols("n_votes", "whole", "votes that both predict", "votes"),
        *cols("elpd_diff", "number", "leave-one-out; above 0 the experiment predicts better", "nats"),
        *cols("se_by_rollcall", "number", "its standard error, with roll calls as the units", "nats", empty=True),
        *cols("gmp_reference gmp", "number", "geometric mean probability of a vote left out, in either"),
        *cols("correct_reference correct", "number", "share of votes left out given more than one half, in either"),
        *cols("verdict", "text", "no clear difference, better, far better, worse or far worse"),
        *cols("n_k_above_reference n_k_above", "whole", "votes with unreliable weights, in either", "votes"),
    ),
)

PREDICTIVE_PARTS = Table(
    "predictive_parts",
    "pair of experiments, unit, and party, member or roll call",
    "compare",
    (
        *_GROUP,
        *_PAIR,
        *cols("by", "word", "`party`, `member` or `rollcall`: what the row is of"),
        *CHAMBER,
        *cols("party", "word", "the party; that of the member", empty=True),
        *cols("legislator name", "text", "the member", empty=True),
        *cols("rollcall bill", "text", "the roll call", empty=True),
        *cols("n_votes", "whole", "votes that both predict", "votes"),
        *cols("elpd_diff", "number", "leave-one-out; above 0 the experiment predicts better", "nats"),
        *cols("se", "number", "its standard error, by roll call; none of a single one", "nats", empty=True),
    ),
)

HELD_OUT_DIFFERENCES = Table(
    "held_out_differences",
    "pair of experiments with the same folds, unit, and party, member or roll call",
    "compare",
    (
        *_GROUP,
        *_PAIR,
        *cols("by", "word", "`party`, `member` or `rollcall`: what the row is of"),
        *CHAMBER,
        *cols("party", "word", "the party; that of the member", empty=True),
        *cols("legislator name", "text", "the member", empty=True),
        *cols("rollcall bill", "text", "the roll call", empty=True),
        *cols("n_votes", "whole", "held-out votes that both predict", "votes"),
        *cols(
            "log_score", "number", "mean difference of the log score; above 0 the experiment is better", "nats per vote"
        ),
        *cols(
            "log_score_se", "number", "its standard error, by roll call; none of a single one", "nats per vote", True
        ),
        *cols("right", "number", "more votes called right", "votes"),
    ),
)

SENSITIVITY = Table(
    "sensitivity",
    "fit, quantity and component of the model; members are in the fit's own file",
    "compare",
    (
        *_FIT,
        *cols("quantity", "word", "`mu_party`, `sigma_within`, `party_gap` or `icc`"),
        *CHAMBER,
        *cols("party", "word", "of which party; empty: of the chamber", empty=True),
        *cols("component", "word", "what was made stronger and weaker: `likelihood`, `alpha`, `beta`, ..."),
        *cols("sensitivity", "number", "power-scaling sensitivity", empty=True),
        *cols("diagnosis", "text", "what that means; empty: nothing to see", empty=True),
    ),
)

TABLES = (
    *(CONFIGURATION, COST, AGREEMENT, MEMBERS, DRIVERS, PARTIES, SHARES, BILLS),
    *(PREDICTIVE, PREDICTIVE_PARTS, HELD_OUT_DIFFERENCES, SENSITIVITY),
)
