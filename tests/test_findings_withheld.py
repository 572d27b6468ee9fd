"""Key findings of fits that cannot be read: withheld with the reason, and loud where the sides are open."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from report_files import CONFIG, HOUSE, Tree, edit_csv, edit_json, fail, fake_results, page, read_rows, write_csv
from statistics_files import fake_everything

from tallgrass_models.config.experiments import ExperimentConfig, JointConfig
from tallgrass_models.files.forms import CLEAR, CLOSE, UNDECIDED, UNKNOWN
from tallgrass_models.priors.spec import BetaPriorSpec

pytestmark = pytest.mark.usefixtures("no_pictures")

NORMAL = BetaPriorSpec("normal", {"mu": 0, "sigma": 1})
REASON = "the parties may sit on either side (log evidence 2.0 apart), of which only the better one is sampled"
ACROSS = "Probability that the Senate’s median is right of the House’s"


def said(folder: Path, section: str = "findings", config: ExperimentConfig = CONFIG) -> str:
    return " ".join(Tree(page(folder, config)).text[section].split())


def leave_open(folder: Path, unit: str) -> None:
    """Let the sides of a fit be open, all else being well: what `unit_summary` records then."""
    path = folder / unit / "summary.json"
    found = json.loads(path.read_text(encoding="utf-8"))["convergence"]
    edit_json(path, convergence=found | {"ok": False, "failures": [REASON], "draws_needed": 100})
    edit_json(path, sides={"form": UNDECIDED, "reason": REASON, "gap": 2.0})


def scatter_chains(folder: Path, unit: str) -> None:
    path = folder / unit / "summary.json"
    modes = json.loads(path.read_text(encoding="utf-8"))["chain_modes"]
    edit_json(path, chain_modes=modes | {"verdict": "several modes", "text": "chain 2 is mirrored"})


def call_axis(folder: Path, unit: str, verdict: str) -> None:
    axis = json.loads((folder / "axis.json").read_text(encoding="utf-8"))
    for row in axis["units"]:
        row |= {"verdict": verdict, "text": f"called {verdict}"} if row["unit"] == unit else {}
    (folder / "axis.json").write_text(json.dumps(axis), encoding="utf-8")


def test_open_sides_are_loud_and_nothing_is_told_of_places(tmp_path: Path) -> None:
    leave_open(fake_everything(tmp_path, HOUSE), "house")
    tree = Tree(page(tmp_path, HOUSE))
    text = " ".join(tree.text["findings"].split())
    assert f"SIDES OPEN: House. Do not quote positions from this fit: {REASON}." in text
    assert "is withheld: it is open on which side each party sits." in text
    assert "House: the effect of the prior on members and bills is withheld (it is open on which side" in text
    for untrue in ("converged.", "NOT CONVERGED", "The leftmost", "The median of", "The parties", "Yea is the R"):
        assert untrue not in text
    assert tree.tables["glance"][1][-1] == "✗ sides open"
    section = " ".join(tree.text["house"].split())
    assert section.count("SIDES OPEN") == 2  # on top, and where convergence is told in full
    assert "draws per chain would pass" not in section
    assert "did not converge" not in section


def test_the_gap_between_the_sides_is_on_the_page(tmp_path: Path) -> None:
    fake_results(tmp_path, HOUSE)
    found = {"form": "parties", "reason": "the votes leave no doubt on which side each party sits"}
    edit_json(
        tmp_path / "house" / "summary.json",
        sides=found | {"sides": {"tried": [], "gap": 366.6, "close": 10.0, "doubt": "clear"}},
    )
    text = "The log evidence of the best one is 366.6 above that of the next. The votes leave no doubt on which side"
    assert text in said(tmp_path, "house", HOUSE)


@pytest.mark.parametrize(
    ("gap", "doubt", "why"),
    [
        (7.25, CLOSE, "is only 7.2 above that of the next"),
        (900.0, UNKNOWN, "is known too poorly to tell which is the best"),
        (900.0, CLEAR, "the means of the two parties in the model nearly coincide"),
        (900.0, None, REASON),
    ],
)
def test_open_sides_say_what_leaves_them_open(tmp_path: Path, gap: float, doubt: str | None, why: str) -> None:
    leave_open(fake_results(tmp_path), "senate")
    tried = {"tried": [], "gap": gap, "close": 10.0} | ({"doubt": doubt} if doubt else {})
    edit_json(tmp_path / "senate" / "summary.json", sides={"form": UNDECIDED, "reason": REASON, "sides": tried})
    assert why in said(tmp_path)


def test_open_sides_are_loud_beside_other_failures(tmp_path: Path) -> None:
    leave_open(fake_results(tmp_path), "senate")
    fail(tmp_path)
    text = said(tmp_path)
    assert "NOT CONVERGED: House." in text
    assert "SIDES OPEN: Senate." in text


def test_the_fits_that_are_not_open_converged(tmp_path: Path) -> None:
    leave_open(fake_results(tmp_path), "joint")
    text = said(tmp_path)
    assert "The other 2 fits converged." in text
    assert "All 3" not in text


def test_chains_in_several_places_are_never_said_to_agree(tmp_path: Path) -> None:
    scatter_chains(fake_everything(tmp_path, HOUSE), "house")
    text = said(tmp_path, config=HOUSE)
    assert "House: the chains do not agree. The fit passed every gate, but chain 2 is mirrored." in text
    assert "Every chain found the same answer" not in text
    assert "is withheld: the chains of this fit are not all in one place." in text
    assert "The leftmost" not in text
    assert "The model classifies" not in text


@pytest.mark.parametrize("unit", ["house", "senate", "joint"])
def test_nothing_is_told_across_chambers_where_one_fit_has_not_converged(tmp_path: Path, unit: str) -> None:
    assert ACROSS in said(fake_everything(tmp_path))
    path = tmp_path / unit / "summary.json"
    found = json.loads(path.read_text(encoding="utf-8"))["convergence"]
    edit_json(path, convergence=found | {"ok": False, "failures": ["17 divergences"]})
    text = said(tmp_path)
    name = {"joint": "Both chambers together"}.get(unit, unit.title())
    assert f"The comparison of the chambers is withheld ({name}: this fit has not converged)." in text
    for untrue in (ACROSS, "of separate fits disagree", "predicts votes left out", f"{unit.title()}: 3 of"):
        assert untrue not in text
    assert f"{name}: the effect of the prior on members and bills is withheld (this fit has not converged)." in text
    assert "rests on fits that cannot be read" in said(tmp_path, "linking")


def test_an_axis_without_parties_takes_the_places_and_leaves_the_prediction(tmp_path: Path) -> None:
    call_axis(fake_everything(tmp_path), "senate", "faction")
    text = said(tmp_path)
    assert ACROSS not in text
    assert "of separate fits disagree" not in text
    assert "predicts votes left out better" in text
    assert "House: 3 of 32 members move" in text
    assert "Senate: 3 of" not in text


def test_an_axis_upside_down_on_which_the_parties_are_not_apart_is_not_read(tmp_path: Path) -> None:
    call_axis(fake_everything(tmp_path, HOUSE), "house", "mirrored")
    path = tmp_path / "house" / "summary.json"
    edit_json(path, scale=[{"chamber": "house", "sets_scale": True, "kind": "spread", "turned": True}])
    text = said(tmp_path, config=HOUSE)
    assert "is withheld: the axis of this fit is upside down, and the parties are not clearly apart on it." in text
    assert "The leftmost" not in text


def test_medians_against_averages_are_not_told_of_a_fit_that_has_not_converged(tmp_path: Path) -> None:
    fake_results(tmp_path, HOUSE)
    path = tmp_path / "house" / "ideal_points.csv"
    rows = read_rows(path)
    for row in rows:
        row["position_mean"] = 1 if row["party"] == "Democrat" else 0.5
    democrats = [row for row in rows if row["party"] == "Democrat"]
    democrats[0]["position_mean"] = -40
    write_csv(path, rows)
    assert "read left and right with care" in said(tmp_path, config=HOUSE)
    fail(tmp_path)
    assert "read left and right with care" not in said(tmp_path, config=HOUSE)


def test_a_worst_log_density_has_words(tmp_path: Path) -> None:
    fake_results(tmp_path, HOUSE)
    path = tmp_path / "house" / "summary.json"
    found = json.loads(path.read_text(encoding="utf-8"))["convergence"]
    worst = {"block": "log_density", "size": 1, "rhat_max": 1.038, "rhat_where": "", "n_rhat_above": 1}
    worst |= {"ess_bulk_min": 500, "ess_bulk_where": "", "ess_tail_min": 500, "ess_tail_where": "", "n_ess_below": 0}
    edit_json(path, convergence=found | {"ok": False, "failures": ["x"], "blocks": [*found["blocks"], worst]})
    assert "R-hat of the log density of a draw (log_density) reaches 1.038 and is not below 1.01." in said(
        tmp_path, config=HOUSE
    )


def test_roll_calls_of_a_joint_model_are_told_for_what_they_are(tmp_path: Path) -> None:
    """Ten bills of both chambers, ten of each alone: 40 roll calls, 30 pairs of parameters."""
    config = replace(CONFIG, beta_prior=NORMAL, joint=JointConfig(beta_prior=NORMAL))
    fake_results(tmp_path, config)
    edit_json(tmp_path / "joint" / "summary.json", n_shared_bills=10)
    text = said(tmp_path, config=config)
    assert (
        "Both chambers together: among 30 roll calls (shared bills counted once), 30 clearly have Yea on the right"
        in text
    )
    assert "House: among 30 roll calls, 30 clearly" in text
    section = said(tmp_path, "joint", config)
    assert "One model covers 46 members and 40 roll calls. 10 bills have a roll call in both chambers" in section


def test_the_numbers_of_both_chambers_explain_none_of_them(tmp_path: Path) -> None:
    fake_everything(tmp_path)
    call_axis(tmp_path, "joint", "mirrored")
    path = tmp_path / "joint" / "summary.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    sides = found["wrong_sign"] | {"yea_side": "Democrat", "n_democratic": 20, "n_republican": 4}
    edit_json(path, scale=[row | {"turned": True} for row in found["scale"]], wrong_sign=sides)
    text = said(tmp_path)
    assert "House (joint model): the model has found the parties’ axis upside down." in text
    assert "Yea is certainly the Democratic side on more of them" not in text


def test_everybody_is_counted_at_a_glance(tmp_path: Path) -> None:
    """A member of neither party is one of the chamber's; in the joint model each chamber has its own numbers."""
    fake_results(tmp_path)
    for unit in ("house", "joint"):
        edit_csv(tmp_path / unit / "ideal_points.csv", 0, party="Independent", caucus="none")
    rows = {row[0]: row[1:3] for row in Tree(page(tmp_path)).tables["glance"][1:]}
    assert rows == {
        "House": ["32", "30"],
        "Senate": ["14", "30"],
        "House (joint model)": ["32", "20"],  # ten bills of both, ten of each alone
        "Senate (joint model)": ["14", "20"],
    }


def test_bills_that_could_have_served_have_no_curves_where_nothing_is_linked(tmp_path: Path) -> None:
    """Too few to link: used, with the House's numbers and none of the Senate's."""
    fake_everything(tmp_path)
    unknown = dict.fromkeys(("senate_alpha", "senate_beta", "gap", "rms_gap", "chi2", "p_value"), "")
    write_csv(tmp_path / "anchors.csv", [row | unknown for row in read_rows(tmp_path / "anchors.csv")])
    reason = "2 of 648 shared bills can serve as anchors; linking needs 5"
    edit_json(tmp_path / "linking.json", linked=False, reason=reason, methods=None, weights={"joint": 1.0}, joint=None)
    text = said(tmp_path, "linking")
    assert f"Separate fits were not linked: {reason}." in text
    assert "Curves of shared bills are missing" in text
