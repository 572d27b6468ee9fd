"""The sentences of a page in planted situations, against hand-made answers, and the language of the whole page.

Each situation is written into the files of `statistics_files.fake_everything`: what a step would record of it. The page
must say one thing and none of the others, and nothing on it may be faulty English (`page_language`).
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from comparison_files import fake_comparison
from page_language import FAULTS, faults
from report_files import CONFIG, HOUSE, Tree, edit_csv, edit_json, fake_roster, page, read_rows, write_csv
from statistics_files import fake_everything

from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.files.forms import UNDECIDED
from tallgrass_models.report.comparison_page import write_comparison
from tallgrass_models.votes.naming import ChamberNames
from tallgrass_models.votes.unit import Unit
from tallgrass_models.wording.movement import movement_sentences
from tallgrass_models.wording.numbers import chance, count, number, plural, probability, signed, spelled
from tallgrass_models.wording.replicated import findings

pytestmark = pytest.mark.usefixtures("no_pictures")

# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "sentence", "table"),
    [
        (0, "below 0.01", "< 1 %"),
        (0.004, "below 0.01", "< 1 %"),
        (0.01, "0.01", "1 %"),
        (0.06, "0.06", "6 %"),
        (0.5, "0.50", "50 %"),
        (0.99, "0.99", "99 %"),
        (0.996, "above 0.99", "> 99 %"),
        (1, "above 0.99", "> 99 %"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_no_probability_is_nought_or_one(p: float | None, sentence: str, table: str) -> None:
    assert probability(p) == sentence
    if p == p:  # a table has no NaN: its cells are empty
        assert chance(p).replace("\u00a0", " ") == table


def test_a_probability_with_three_digits() -> None:
    assert [probability(p, 3) for p in (0.0004, 0.001, 0.9996)] == ["below 0.001", "0.001", "above 0.999"]


@pytest.mark.parametrize(
    ("n", "shown", "told", "in_words"),
    [(0, "0", "0 roll calls", "no"), (1, "1", "1 roll call", "one"), (1234, "1,234", "1,234 roll calls", "1,234")],
)
def test_none_one_and_many(n: int, shown: str, told: str, in_words: str) -> None:
    assert (count(n), plural(n, "roll call"), spelled(n)) == (shown, told, in_words)


def test_signs_are_those_of_typography_and_nought_has_none() -> None:
    assert (number(-0.004), number(-1.2), signed(1.2), signed(-0.001)) == ("0.00", "−1.20", "+1.20", "0.00")


# --- features of replicated votes -------------------------------------------------------------------------------------

_OF = {"chamber": "house", "observed": 0.629, "mean": 0.459, "sd": 0.01, "q05": 0.439, "q95": 0.479}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"statistic": "party_unity_share", "party": None, "tail_probability": 0.0},
            "Assembly: the share of party-unity votes is 0.629, higher than in all 1,000 replicated sets (90 % "
            "interval 0.439 to 0.479)",
        ),
        (
            {"statistic": "rice", "party": "Democrat", "tail_probability": 0.985},
            "Assembly, Democrats: the mean Rice index is 0.629, lower than in 98.5\u00a0% of replicated sets (90 % "
            "interval 0.439 to 0.479)",
        ),
    ],
    ids=["all", "nearly all"],
)
def test_a_feature_that_is_not_reproduced(changes: dict, said: str) -> None:
    assert findings([{**_OF, **changes, "unusual": True}], [], 1000, {"house": "Assembly"}.__getitem__) == [said]
    assert findings([{**_OF, **changes, "unusual": False}], [], 1000, str) == []


@pytest.mark.parametrize(
    ("n", "outside", "said"),
    [
        (
            8246,
            5770,
            ["house: the agreement of 5,770 of 8,246 pairs of members is outside the 90 % interval of the replicated "
             "sets, where about 825 would be by chance"],
        ),
        (8246, 1600, []),  # less than twice what chance does
        (19, 19, []),  # too few to say
    ],
)  # fmt: skip
def test_many_pairs_that_agree_otherwise(n: int, outside: int, said: list[str]) -> None:
    row = {"of": "agreement", "level": "pair", "chamber": "house", "n": n, "outside": outside, "expected": n / 10}
    assert findings([], [row], 1000, str) == said


# --- moves under other priors -----------------------------------------------------------------------------------------

_STILL = {"told": ["mu"], "not_told": [], "n_members": 60, "n_moved": 0, "max_move": 0.03, "error": 0.01}
_STILL |= {"component": "mu", "factor": 0.5, "legislator": "a", "name": "Ann", "one_factor": []}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {},
            "no member moves by more than 0.1 of a posterior standard deviation if the prior of the party means is "
            "half or twice as wide",
        ),
        (
            {"n_moved": 1, "max_move": 0.4},
            "1 of 60 members moves by more than 0.25 of a posterior standard deviation if the prior of the party means "
            "is half or twice as wide, most Ann (by 0.40, with the prior of the party means half as wide)",
        ),
        (
            {"told": ["mu", "sigma_within"], "not_told": ["alpha", "beta"]},
            "no member moves by more than 0.1 of a posterior standard deviation if the prior of the party means or of "
            "the spread within the parties is half or twice as wide; only a new fit can tell for difficulty and "
            "discrimination",
        ),
        (
            {"told": [], "not_told": ["mu"]},
            "only new fits can tell how far members move under wider or narrower priors",
        ),
    ],
    ids=["nobody", "one", "two priors", "unknown"],
)
def test_moves_under_other_priors(changes: dict, said: str) -> None:
    assert movement_sentences({"house": _STILL | changes}, Unit.HOUSE, ChamberNames("Assembly")) == [
        f"Assembly: {said}"
    ]


# --- whole pages ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Planted:
    """A situation: what is written into the files, and what the key findings then say, and do not say."""

    plant: Callable[[Path], object]
    said: tuple[str, ...]
    unsaid: tuple[str, ...] = ()
    config: ExperimentConfig = HOUSE


def _summary(folder: Path, unit: str = "house") -> dict:
    return json.loads((folder / unit / "summary.json").read_text(encoding="utf-8"))


def _gates(folder: Path, *failures: str) -> None:
    found = _summary(folder)["convergence"]
    edit_json(folder / "house" / "summary.json", convergence=found | {"ok": not failures, "failures": list(failures)})


def _open(folder: Path) -> None:
    reason = "the parties may sit on either side (log evidence 2.0 apart), of which only the better one is sampled"
    _gates(folder, reason)
    edit_json(folder / "house" / "summary.json", sides={"form": UNDECIDED, "reason": reason, "sides": {"gap": 2.0}})


def _modes(folder: Path) -> None:
    modes = _summary(folder)["chain_modes"]
    edit_json(
        folder / "house" / "summary.json",
        chain_modes=modes | {"verdict": "several modes", "text": "chain 3 is mirrored in the house"},
    )


def _axis(verdict: str, turned: bool = False) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        axis = json.loads((folder / "axis.json").read_text(encoding="utf-8"))
        for row in axis["units"]:
            row |= {"verdict": verdict, "text": f"The audit calls it {verdict}."}
        (folder / "axis.json").write_text(json.dumps(axis), encoding="utf-8")
        scale = [row | {"turned": turned} for row in _summary(folder)["scale"]]
        edit_json(folder / "house" / "summary.json", scale=scale)

    return plant


def _without_republicans(folder: Path) -> None:
    """A chamber of Democrats alone: no distance, no innermost member, no overlap, no scale of the parties."""
    path = folder / "house"
    members = [row | {"p_innermost": ""} for row in read_rows(path / "ideal_points.csv") if row["party"] == "Democrat"]
    members[-1]["p_rightmost"] = 1.0
    write_csv(path / "ideal_points.csv", members)
    write_csv(path / "parties.csv", [row for row in read_rows(path / "parties.csv") if row["party"] == "Democrat"])
    nothing = {"chamber": "house", "d": None, "position": None, "p_republicans_wider": None}
    scale = [{"chamber": "house", "sets_scale": True, "kind": "spread", "turned": False, "p_right": None, "d": None}]
    edit_json(path / "summary.json", parties_apart=[nothing], scale=scale, overlap=[], icc=[], flat_corr={})


def _tied(n: int) -> Callable[[Path], None]:
    """The ``n`` leftmost members are alike: nobody is the leftmost."""

    def plant(folder: Path) -> None:
        path = folder / "house" / "ideal_points.csv"
        rows = sorted(read_rows(path), key=lambda row: float(row["position_mean"]))
        for k, row in enumerate(rows):
            row |= {"p_leftmost": 1 / n if k < n else 0}
            row |= {"rank_mean": (n + 1) / 2, "rank_q05": 1, "rank_q95": n} if k < n else {}
        write_csv(path, rows)

    return plant


def _median(p_between: float, holders: dict[str, float], **pivot: object) -> Callable[[Path], None]:
    def plant(folder: Path) -> None:
        path = folder / "house"
        rows = read_rows(path / "pivots.csv")
        for row in rows:
            if row["pivot"] == "chamber_median":
                row |= {"p_between": p_between, "low_mean": -0.91, "low_q05": -1, "low_q95": -0.8}
                row |= {"high_mean": -0.38, "high_q05": -0.5, "high_q95": -0.3, "position_mean": -0.645, **pivot}
        write_csv(path / "pivots.csv", rows)
        others = [row for row in read_rows(path / "pivot_members.csv") if row["pivot"] != "chamber_median"]
        own = {"chamber": "house", "pivot": "chamber_median", "party": "Democrat", "probability_mcse": 0.01}
        named = [own | {"legislator": who, "name": who, "probability": p} for who, p in holders.items()]
        write_csv(path / "pivot_members.csv", [*named, *others])

    return plant


def _contradicted(folder: Path) -> None:
    """A positive prior under which most bills have the wrong sign."""
    found = _summary(folder)["wrong_sign"]
    numbers = {"n_judged": 30, "n_wrong": 17, "slope_wrong": 0.08, "slope_others": 9.85, "correct_wrong": 0.5}
    edit_json(folder / "house" / "summary.json", wrong_sign=found | numbers)


STORY = "Democrat until 28 April 2009, then Republican"


def _outsiders(folder: Path) -> None:
    """An Independent who caucuses, one who does not, a Green, and a member who switched parties."""
    path = folder / "house" / "ideal_points.csv"
    edit_csv(path, 0, name="King", party="Independent", caucus="Democrat")
    edit_csv(path, 1, name="Lone", party="Independent", caucus="none", p_innermost="")
    edit_csv(path, 2, name="Verde", party="Green", caucus="none", p_innermost="")
    edit_csv(path, 3, name="Switch", spells=STORY)
    edit_csv(path, 20, name="Switch", spells=STORY)
    ids = [row["legislator"] for row in read_rows(path)]
    outside = [
        {"legislator": ids[k], "name": name, "party": party, "caucus": caucus}
        for k, (name, party, caucus) in enumerate(
            [("King", "Independent", "Democrat"), ("Lone", "Independent", "none"), ("Verde", "Green", "none")]
        )
    ]
    spells = [{"name": "Switch", "legislators": [ids[3], ids[20]], "story": STORY}]
    edit_json(folder / "house" / "summary.json", roster=[fake_roster("house", outside_parties=outside, spells=spells)])
    for name in ("axis_members.csv", "house/member_fit.csv"):
        for k, who in ((0, "King"), (1, "Lone"), (2, "Verde"), (3, "Switch"), (20, "Switch")):
            edit_csv(folder / name, k, name=who)


WITHHELD = ("The leftmost", "The median of", "Party accounts for", "The parties do not overlap", "apart as members")
SITUATIONS = {
    "as it should be": Planted(
        lambda folder: None,
        ("The fit converged.", "The leftmost member is probably", "Party accounts for 92\u00a0% of the variance"),
        ("withheld", "NOT CONVERGED", "SIDES OPEN"),
    ),
    "both chambers": Planted(lambda folder: None, ("All 3 fits converged.",), ("withheld",), CONFIG),
    "not converged": Planted(
        lambda folder: _gates(folder, "17 divergences among 8000 draws, more than the limit of 8"),
        ("NOT CONVERGED: House.", "What this fit says of parties and members is withheld: this fit has not converged."),
        (*WITHHELD, "converged. Every chain"),
    ),
    "open sides": Planted(
        _open, ("SIDES OPEN: House.", "is withheld: it is open on which side each party sits."), WITHHELD
    ),
    "several modes": Planted(
        _modes,
        (
            "House: the chains do not agree. The fit passed every gate, but chain 3 is mirrored in the house.",
            "is withheld: the chains of this fit are not all in one place.",
        ),
        WITHHELD,
    ),
    "noise": Planted(
        _axis("nothing"),
        ("is withheld: the axis of this fit explains no more of the votes than chance does.",),
        WITHHELD,
    ),
    "a faction": Planted(
        _axis("faction"), ("is withheld: the axis of this fit does not separate the parties.",), WITHHELD
    ),
    "mirrored": Planted(
        _axis("mirrored", turned=True),
        ("House: the model has found the parties’ axis upside down.", "The leftmost member is probably"),
        ("withheld",),
    ),
    "one party absent": Planted(
        _without_republicans,
        ("The leftmost member is probably", "The party share of the variance was not recorded."),
        ("rightmost Democrat", "leftmost Republican", "overlap", "more spread out", "None"),
    ),
    "six tied": Planted(
        _tied(6),
        ("No single member is clearly the leftmost member: six are about equally likely,",),
        ("The leftmost member is",),
    ),
    "everybody tied": Planted(
        _tied(16),
        ("No single member is clearly the leftmost member: 16 are about equally likely.",),
        ("(0.06)",),
    ),
    "an odd chamber": Planted(
        _median(0.0, {"Ann": 0.62, "Bo": 0.38}, position_mean=-0.91, members=41, seats=41),
        ("The median of the chamber, over the 41 members in this fit, stands at −0.91. The median member is probably "
         "Ann (D) (probability 0.62).",),
    ),
    "an even chamber": Planted(
        _median(1.0, {"Ann": 0.5, "Bo": 0.49}, members=100, seats=99.97),
        ("The median of the chamber, over the 100 members in this fit, lies between two members, who stand at −0.91 "
         "and −0.38 on average over the draws: Ann (D) and Bo (D).",),
        ("−0.65", "−0.64"),
    ),
    "nobody is the median": Planted(
        _median(0.0, dict.fromkeys("ABCDEFGH", 0.06), members=99, seats=97.4),
        ("over 97.4 seats, held by 99 members,", "No single member is clearly the median member: nobody has a "
         "probability above 0.06."),
        ("(0.06)",),
    ),
    "a prior that contradicts the votes": Planted(
        _contradicted,
        ("House: in this fit, Yea is the Republican side on every roll call. On 17 of 30 roll calls, Yea is certainly "
         "the Democratic side. The fit makes those bills flat: their median slope per standard deviation of members is "
         "0.08, compared with 9.85 for the others. The model classifies 50\u00a0% of the votes on them correctly,",),
    ),
    "members of other parties": Planted(
        _outsiders,
        (
            "Counted with the Democrats: King (Independent).",
            "Counted with neither party: Lone (Independent) and Verde (Green).",
            "Switch: Democrat until 28 April 2009, then Republican, with a position for each time (ranks",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_the_key_findings_say(name: str, tmp_path: Path) -> None:
    found = SITUATIONS[name]
    fake_everything(tmp_path, found.config)
    for unit in found.config.units:
        path = tmp_path / unit / "check.json"
        path.write_text(path.read_text(encoding="utf-8").replace("<i>Smith</i>", "Smith"), encoding="utf-8")
    found.plant(tmp_path)
    html = page(tmp_path, found.config)
    text = re.sub(r" +", " ", Tree(html).text["findings"].replace("\n", " "))
    for sentence in found.said:
        assert sentence in text
    for sentence in found.unsaid:
        assert sentence not in text
    assert faults(html, (found.config.name,)) == []


def test_the_language_of_the_comparison(tmp_path: Path) -> None:
    """Names of experiments and of settings stand as the experiments file has them."""
    content = fake_comparison(tmp_path)
    write_comparison(content, tmp_path / "report.html", tmp_path / "figures", tmp_path / "tables")
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert faults(html, ("positive_beta", "beta_prior")) == []


def test_the_scan_sees_what_it_should() -> None:
    """One sentence for each fault, and sentences that have none."""
    faulty = {
        "hyphen for a minus sign": "It moves by -2 ranks.",
        "one of many": "There are 1 members.",
        "one are": "Of them, 1 roll call are lopsided.",
        "many of one": "There are 3 member.",
        "double space": "Ann  Smith",
        "no value": "The median is nan.",
        "markup": "Ann &lt;b&gt;Smith&lt;/b&gt;",
        "plural in brackets": "2 member(s)",
        "space before a full stop": "It is so .",
        "two full stops": "It is so..",
        "probability of nothing": "with probability 0.00",
        "name of a variable": "the spread sigma_within",
    }
    assert set(faulty) == set(FAULTS)
    for fault, text in faulty.items():
        assert [found.partition(":")[0] for found in faults(f"<p>{text}</p>")] == [fault]
    good = "On 2025-03-01, 1 member of 10 moved by −2 ranks (1–3 votes, 81 members, HB-12) under probability 0.50."
    assert faults(f"<p>{good}</p><pre>sigma_within  -2</pre>") == []


@pytest.mark.usefixtures("pictures")
def test_nobody_vanishes(tmp_path: Path) -> None:
    """Independents, a Green and a switcher are in the tables and pictures of members, the switcher's story once."""
    fake_everything(tmp_path, HOUSE)
    _outsiders(tmp_path)
    html = page(tmp_path, HOUSE)
    tree = Tree(html)
    who = {"King": "Independent (with the Democrats)", "Lone": "Independent", "Verde": "Green", "Switch": "Democrat"}
    for table in ("house-members", "house-fit-member"):
        rows = {row[0].removesuffix(STORY): " ".join(row[1:]) for row in tree.tables[table][1:]}
        assert who.keys() <= rows.keys(), table
        assert len(tree.tables[table]) == 33, table
    members = {row[0].removesuffix(STORY): row for row in tree.tables["house-members"][1:]}
    for name in ("King", "Lone", "Verde"):
        assert who[name] in re.sub(r"\s+", " ", " ".join(members[name]))
    named = [row for row in tree.tables["house-members"] if row[0].startswith("Switch")]
    assert [row[0] for row in named] == [f"Switch{STORY}"] * 2  # a position for each time in office
    for picture in ("house-forest", "house-axis-component"):
        drawn = re.search(rf'<figure id="{picture}".*?</figure>', html, re.DOTALL)
        assert drawn is not None
        assert [name for name in who if name not in drawn[0]] == [], picture
    findings = tree.text["findings"]
    assert findings.count(STORY) == 1
    note = tree.text["house"]
    assert "1 member of another party belongs here to the party that they are counted with." in note
    assert "2 members counted with neither party are not in this table." in note
