"""Sections made from the statistics files: numbers against the files, and what is said where a file is missing."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from report_files import CONFIG, HOSTILE, HOUSE, Tree, edit_csv, fake_results, page, read_rows, write_csv
from statistics_files import fake_everything

from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.errors import UserError

pytestmark = pytest.mark.usefixtures("no_pictures")

COMPARED = replace(CONFIG, compare_with="baseline")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fake_everything(tmp_path_factory.mktemp("results"), COMPARED)


@pytest.fixture(scope="module")
def tree(folder: Path) -> Tree:
    return Tree(page(folder, COMPARED))


def said(tree: Tree, section: str) -> str:
    return " ".join(tree.text[section].split())


def test_nothing_is_missing_where_every_file_is_there(tree: Tree) -> None:
    """All but what stories need, which have tests of their own."""
    missing = [attrs for tag, attrs in tree.tags if tag == "p" and attrs.get("class") == "missing"]
    assert len(missing) == 1
    assert "vote_probabilities.nc is missing" in said(tree, "reading")


def test_ranks_among_other_members_are_no_change(tmp_path: Path, tree: Tree) -> None:
    """The experiment compared with placed one member fewer in the House; the Senate is compared as before."""
    assert "house-changes" in tree.tables
    fake_everything(tmp_path, COMPARED)
    path = tmp_path / "other/house/ideal_points.csv"
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")
    seen = Tree(page(tmp_path, COMPARED))
    assert "house-changes" not in seen.tables
    assert seen.tables["senate-changes"] == tree.tables["senate-changes"]
    assert "baseline placed other members, so this page cannot compare the ranks of the two" in said(seen, "house")
    assert "House: compared with baseline" not in said(seen, "findings")
    assert "Senate: compared with baseline" in said(seen, "findings")


def test_sections_come_in_the_order_of_reading(tree: Tree) -> None:
    order = [attrs["id"] for tag, attrs in tree.tags if tag == "section"]
    assert order == [
        *("first", "findings", "reading", "model", "data", "house", "senate", "compared", "joint", "linking"),
        *("right-of", "sensitivity", "external", "reproduce"),
    ]
    parts = [str(attrs["id"]) for tag, attrs in tree.tags if tag == "h3" and str(attrs["id"]).startswith("house-")]
    assert [part.removeprefix("house-") for part in parts] == [
        *("party", "points", "shrinkage", "changed", "which-axis", "votes", "wrong-sign", "middle", "fit-heading"),
        *("replicated", "loo", "absences", "recovery", "converged"),
    ]


def test_findings_take_fit_median_prior_and_changes_from_the_files(folder: Path, tree: Tree) -> None:
    text = said(tree, "findings")
    first = read_rows(folder / "house" / "pivot_members.csv")[0]["name"]
    median = "The median of the chamber, over 31.5 seats, held by 32 members, stands at +0.50"
    assert f"{median}. The median member is probably {first} (D) (probability 0.61)." in text
    assert (
        "It is uncertain whether the parties overlap: the probability that some Democrat stands right of some" in text
    )
    assert "The model classifies 87.3 % of the votes correctly. It avoids 56 % of the errors of a guess" in text
    assert (
        "The model reproduces 1 of 1 feature of the votes. By chance it would miss 0.1 on average. Among 120 pairs of "
        "members, 31 agree in a way outside the 90 % interval of votes drawn from the model. By chance, about 12 "
        "would." in text
    )
    assert "House: in this fit, Yea is the Republican side on every roll call. On 4 of 30 roll calls, Yea is" in text
    assert (
        "The fit makes those bills flat: their median slope per standard deviation of members is 0.25, compared with "
        "2.50 for the others."
    ) in text
    assert "The model classifies 68 % of the votes on them correctly, and 92 % of all others" in text
    member = read_rows(folder / "house" / "ideal_points.csv")[0]
    here = f"{float(member['rank_mean']):.0f} ({member['rank_q05']}–{member['rank_q95']})"
    who = f"The largest change is that of {member['name']} (D)"
    changed = f"the 90 % ranges of the rank do not overlap for 1 of 32 members. {who}"
    assert f"House: compared with baseline, {changed}, from rank 30 (29–32) to {here} of 32." in text


def test_tables_hold_the_numbers_of_the_files(folder: Path, tree: Tree) -> None:
    fit = tree.tables["house-fit"]
    assert fit[2][1:] == ["1,000", "149", "85.1 %", "0.500", "0.744"]
    worst = sorted(read_rows(folder / "house" / "member_fit.csv"), key=lambda r: float(r["gmp"]))
    assert [row[0] for row in tree.tables["house-fit-member-worst"][1:]] == [r["name"] for r in worst[:10]]
    assert len(tree.tables["house-fit-member"]) == 33
    pivots = tree.tables["senate-pivots"]
    assert [row[0] for row in pivots[1:3]] == ["Median of the chamber", "Two-thirds pivot, counted from the right"]
    assert pivots[1][1:5] == ["14", "13.5", "+0.50", "0.40 to 0.60"]
    assert "61 %" in pivots[1][5]
    scales = tree.tables["house-prior-scales"]
    name = json.loads((folder / "house/check.json").read_text(encoding="utf-8"))["sensitivity"]["prior_scales"][0][
        "name"
    ]
    assert scales[1] == [
        *(
            "the spread within the parties",
            "half",
            "House",
            str(len(tree.tables["house-members"]) - 1),
            "3",
            "−0.41",
            name,
        ),
        *("0.25", "yes"),
    ]
    assert scales[2][:2] == ["discrimination", "twice"]
    assert scales[2][-2:] == ["3.50", "no: needs a refit"]
    assert "House: 3 of 32 members move by more than 0.25" in said(tree, "findings")
    assert "tallgrass-models sensitivity positive_beta" in said(tree, "sensitivity")
    assert tree.tables["house-sensitivity"][1][-4:] == [
        "the prior of discrimination",
        "0.123",
        "0.050",
        "prior and votes disagree",
    ]
    assert tree.tables["house-external-table"][1][1:] == ["nominate_dim1", "14", "0.971", "0.960", "0.500", "0.600"]
    assert tree.tables["house-axis"][1][1:4] == ["8.25", "7.75 to 8.75", "8.00"]
    assert [row[0] for row in tree.tables["linking-methods"][1:]] == ["joint model", "mean–mean", "Haebara"]
    assert tree.tables["linking-methods"][3][1:6] == ["0.90", "0.85 to 0.95", "+0.10", "0.05 to 0.15", "0.75"]
    statements = tree.tables["linking-statements"]
    assert statements[1][1:] == ["62 %", "–", "36 %", "–", "88 %", "–"]
    assert statements[2][1:] == ["+0.20", "0.15 to 0.25", "+0.10", "0.05 to 0.15", "+0.30", "0.25 to 0.35"]
    assert tree.tables["linking-predictive"][1:4] == [
        ["all votes", "+56.75", "11.25"],
        ["votes on shared bills", "+58.50", "8.20"],
        ["all other votes", "−1.75", "4.20"],
    ]
    text = said(tree, "house")
    assert "probability of 0.765 (ELPD −2,345.6, standard error 60.0 by roll call, 8,765 votes)" in text
    assert "for 12 of them, and for 1 after integrating their bills out" in text


def test_who_stands_right_of_whom_reads_the_probabilities(tree: Tree) -> None:
    rows = tree.tables["right-of-table"]
    names = ["Member 0 (D) (House)", "Member 1 (D) (Senate)", "Member 2 (R) (House)"]
    assert rows[0][1:] == [row[0] for row in rows[1:]] == names
    assert [row[1:] for row in rows[1:]] == [["", "25 %", "< 1 %"], ["75 %", "", "12 %"], ["> 99 %", "88 %", ""]]


def test_house_against_senate_is_one_answer_told_at_the_top(tree: Tree) -> None:
    text = said(tree, "findings")
    assert "Probability that the Senate’s median is right of the House’s: 0.62 (joint model 0.36, link 0.88)." in text
    assert "predicts votes left out better than separate fits do" in text
    loud = [attrs for tag, attrs in tree.tags if tag == "p" and attrs.get("class") == "bad"]
    assert len(loud) >= 2  # at the top, and in the section
    assert "The joint model and the link of separate fits disagree" in text
    section = said(tree, "linking")
    assert (
        "half for the joint model and half for the link of separate fits (mean–mean and Haebara in equal parts)"
        in section
    )
    assert (
        "place 14 members of the Senate on average 0.52 posterior standard deviations apart. For 75 % of them the two"
        " 90 % intervals overlap. The probability of standing right of the House’s median differs by at most 0.52"
        " (Ann Smith), and by 0.11 on average."
    ) in section
    assert "2 estimates for votes left out are unreliable" in section


def test_a_link_without_a_joint_model_speaks_of_the_link_only(tmp_path: Path) -> None:
    apart = replace(CONFIG, joint=None)
    seen = Tree(page(fake_everything(tmp_path, apart), apart))
    text = said(seen, "linking")
    assert "the linking methods (mean–mean and Haebara), all with the same weight" in text
    assert "joint model" not in text.split("Statement")[0]
    assert "Probability that the Senate’s median is right of the House’s: 0.62." in said(seen, "findings")
    assert "do not compare their numbers" not in said(seen, "findings")


def test_every_table_is_a_csv_file_with_numbers_in_full(folder: Path, tree: Tree) -> None:
    assert {path.stem for path in (folder / "tables").iterdir()} == set(tree.tables)
    figures = {attrs["id"] for tag, attrs in tree.tags if tag == "figure"}
    assert {path.stem for path in (folder / "figures").iterdir()} == figures
    with (folder / "tables" / "house-members.csv").open(encoding="utf-8", newline="") as handle:
        shown = {row["name"]: row for row in csv.DictReader(handle)}
    for member in read_rows(folder / "house" / "ideal_points.csv"):
        row = shown[member["name"]]
        for key in ("position_mean", "position_q05", "position_q95", "rank_q05", "rank_q95"):
            assert float(row[key]) == pytest.approx(float(member[key]), rel=1e-9)


def test_ids_are_unique(tree: Tree) -> None:
    ids = [attrs["id"] for _, attrs in tree.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


MISSING = {
    "pivots.csv": ("house", "Medians and pivots are missing"),
    "group_fit.csv": ("house", "Percent correct, APRE and GMP are missing"),
    "member_fit.csv": ("house", "Fit by members is missing"),
    "rollcall_fit.csv": ("house", "Fit by roll calls is missing"),
    "calibration.csv": ("house", "The calibration of the probabilities is missing"),
    "check.json": ("house", "Predictive checks and leave-one-out are missing"),
    "curves.csv": ("house", "Curves of chosen bills are missing"),
}


def test_each_file_that_is_missing_is_named(tmp_path: Path) -> None:
    fake_everything(tmp_path)
    for name in MISSING:
        (tmp_path / "house" / name).unlink()
    (tmp_path / "linking.json").unlink()
    seen = Tree(page(tmp_path))
    for section, text in MISSING.values():
        assert text in said(seen, section)
    assert "Sensitivity to the priors was not computed" in said(seen, "sensitivity")
    assert "right-of" not in seen.text  # the line above the missing link says it all
    assert "linking.json is missing" in said(seen, "linking")
    assert "The axis was not audited" in said(seen, "house")
    assert "Rank plots are missing" in said(seen, "house")


def test_one_chamber_has_nothing_on_two(tmp_path: Path) -> None:
    seen = Tree(page(fake_everything(tmp_path, HOUSE), HOUSE))
    assert not {"linking", "compared", "right-of", "joint"} & seen.text.keys()


def test_another_axis_is_loud(tmp_path: Path) -> None:
    fake_everything(tmp_path, HOUSE)
    axis = json.loads((tmp_path / "axis.json").read_text(encoding="utf-8"))
    axis["units"][0] |= {"verdict": "faction", "text": "this axis divides the Republicans"}
    (tmp_path / "axis.json").write_text(json.dumps(axis), encoding="utf-8")
    seen = Tree(page(tmp_path, HOUSE))
    assert "House. This axis divides the Republicans." in said(seen, "findings")
    assert "is withheld: the axis of this fit does not separate the parties." in said(seen, "findings")
    assert "The leftmost" not in said(seen, "findings")
    assert "on every roll call" not in said(seen, "findings")  # nor which side Yea is
    assert "The model classifies 87.3 % of the votes correctly" in said(seen, "findings")  # that it still does


def test_another_mode_is_loud(tmp_path: Path) -> None:
    fake_everything(tmp_path, HOUSE)
    path = tmp_path / "house" / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8"))
    summary["chain_modes"] |= {"verdict": "several modes", "text": "chain 2 is mirrored"}
    summary["chain_modes"]["chains"][1] |= {"verdict": "mirrored", "where": "house"}
    path.write_text(json.dumps(summary), encoding="utf-8")
    seen = Tree(page(tmp_path, HOUSE))
    assert "Chain 2 is mirrored." in said(seen, "house")
    assert seen.tables["house-chains"][2][1:3] == ["mirrored", "House"]


def test_a_mirrored_fit_is_told_as_such_and_its_findings_stand(tmp_path: Path) -> None:
    fake_everything(tmp_path, HOUSE)
    axis = json.loads((tmp_path / "axis.json").read_text(encoding="utf-8"))
    axis["units"][0] |= {"verdict": "mirrored", "text": "upside down"}
    (tmp_path / "axis.json").write_text(json.dumps(axis), encoding="utf-8")
    path = tmp_path / "house" / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8"))
    summary["scale"][0] |= {"turned": True, "p_right": 0.0, "d": -8.25}
    summary["wrong_sign"] |= {"yea_side": "Democrat", "n_democratic": 20, "n_republican": 4}
    path.write_text(json.dumps(summary), encoding="utf-8")
    text = said(Tree(page(tmp_path, HOUSE)), "findings")
    assert (
        "House: the model has found the parties’ axis upside down. In the model’s own numbers, Republicans stand on"
        in text
    )
    assert "Yea is certainly the Democratic side on more of them (20) than the Republican (4)." in text
    assert "The leftmost member is probably" in text
    assert (
        "House: in this fit, Yea is the Democratic side on every roll call. On 4 of 30 roll calls, Yea is "
        "certainly the" in text
    )
    assert "withheld" not in text


def test_a_file_of_another_version_is_named(tmp_path: Path) -> None:
    fake_everything(tmp_path, HOUSE)
    path = tmp_path / "house" / "check.json"
    check = json.loads(path.read_text(encoding="utf-8"))
    del check["loo"]["gmp"]
    path.write_text(json.dumps(check), encoding="utf-8")
    with pytest.raises(UserError, match=r"check\.json: no 'gmp'"):
        page(tmp_path, HOUSE)


def test_a_formula_in_a_name_is_a_text_in_the_csv_file(tmp_path: Path) -> None:
    fake_everything(tmp_path, HOUSE)
    edit_csv(tmp_path / "house" / "member_fit.csv", 0, name=HOSTILE[3])
    page(tmp_path, HOUSE)
    with (tmp_path / "tables" / "house-fit-member.csv").open(encoding="utf-8", newline="") as handle:
        names = {row["name"] for row in csv.DictReader(handle)}
    assert f"'{HOSTILE[3]}" in names
    assert not [name for name in names if name.startswith("=")]


def test_hostile_statistics_render_inert(tmp_path: Path, tree: Tree) -> None:
    config: ExperimentConfig = COMPARED
    fake_everything(tmp_path, config)
    text = " ".join(HOSTILE).replace("\x00", "")
    for unit in config.units:
        for name in ("pivot_members", "member_fit"):
            edit_csv(tmp_path / unit / f"{name}.csv", 0, name=text)
        for name, key in (("rollcall_fit", "motion"), ("curves", "bill"), ("chain_ranks", "element")):
            edit_csv(tmp_path / unit / f"{name}.csv", 0, **{key: text})
        path = tmp_path / unit / "check.json"
        check = json.loads(path.read_text(encoding="utf-8"))
        check["loo"]["worst"][0] |= {"name": text, "bill": text}
        check["predictive"]["findings"] = check["sensitivity"]["findings"] = [text]
        path.write_text(json.dumps(check), encoding="utf-8")
    for name, key in (
        ("anchors", "bill"),
        ("linked_members", "name"),
        ("axis_bills", "title"),
        ("axis_members", "name"),
    ):
        edit_csv(tmp_path / f"{name}.csv", 0, **{key: text})
    seen = Tree(page(tmp_path, config))
    assert {tag for tag, _ in seen.tags} <= {tag for tag, _ in tree.tags}
    assert {key for _, attrs in seen.tags for key in attrs} <= {key for _, attrs in tree.tags for key in attrs}
    assert '<script>alert("x")</script>' in seen.text["house"]


def test_who_voted_least_is_told_with_the_share(folder: Path, tree: Tree) -> None:
    rows = sorted(read_rows(folder / "house" / "ideal_points.csv"), key=lambda r: (int(r["n_votes"]), r["legislator"]))
    n, total = [int(r["n_votes"]) for r in rows], 30
    shown = tree.tables["participation"][1:6]
    assert [row[0] for row in shown] == [r["name"] for r in rows[:5]]
    assert [row[-2:] for row in shown] == [[f"{k}", f"{100 * k / total:.0f} %"] for k in n[:5]]
    middle = (n[15] + n[16]) / 2 / total
    ends = f"{n[0] / total:.0%} to {n[-1] / total:.0%}"
    text = f"House: the typical member voted on {middle:.0%} of 30 roll calls. The members ranged from {ends}."
    assert text.replace("%", " %") in said(tree, "data")


def test_shrinkage_names_whom_the_flat_model_ranks_elsewhere(tmp_path: Path) -> None:
    fake_results(tmp_path, HOUSE)
    path = tmp_path / "house" / "ideal_points.csv"
    rows = sorted(read_rows(path), key=lambda r: float(r["position_mean"]))
    rows[3]["flat_mean"] = 99  # the fourth from the left is the rightmost of the flat model
    write_csv(path, rows)
    shown = Tree(page(tmp_path, HOUSE)).tables["house-shrinkage-movers"][1:]
    assert shown[0][0] == rows[3]["name"]
    assert shown[0][2:5] == ["32", "4", "−28"]
    assert {row[4] for row in shown[1:]} == {"+1"}
