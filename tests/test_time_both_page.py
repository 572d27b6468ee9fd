"""The page of a series with both chambers on one scale: its sentences in planted situations, faults, and careers."""

import re
from dataclasses import replace

import numpy as np
import pytest
from browsing import Opened, running
from careers import both_as_fitted, both_careers, noisy_together
from page_language import faults as faults_of_language
from report_files import Tree

from tallgrass_models.config.series import Matching
from tallgrass_models.files.columns import over_time as columns
from tallgrass_models.files.json import write_json
from tallgrass_models.over_time.build import build
from tallgrass_models.report.sections import time_sentences as say
from tallgrass_models.report.time_page import write_time

RUNS = ("run_s1", "run_s2", "run_s3")


def row(group="all", statistic="average", p=0.99, change=None):
    ends = (0.2, 0.1, 0.3) if p > 0.5 else (-0.2, -0.3, -0.1)
    moved = change or (0.1, -0.1, 0.3)
    values = {f"difference_{name}": v for name, v in zip(("median", "q05", "q95"), ends, strict=True)}
    values |= {f"change_{name}": v for name, v in zip(("median", "q05", "q95"), moved, strict=True)}
    return {"group": group, "statistic": statistic, "p_right": p, "p_change_right": 0.97 if change else 0.8, **values}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (row(), "In 2013, the Senate’s average stands to the right of the House’s, by 0.20 (90 % interval 0.10 to "
         "0.30)."),
        (row(p=0.05), "In 2013, the Senate’s average stands to the left of the House’s, by 0.20 (90 % interval 0.10 to "
         "0.30)."),
        (row(p=0.949), "In 2013, it cannot be told whether the Senate’s average stands to the left or to the right of "
         "the House’s: +0.20 (90 % interval 0.10 to 0.30)."),
        (row(statistic="median"), "In 2013, the Senate’s median member stands to the right of the House’s, by"),
        (row("Democrat"), "In 2013, the average of the Senate’s Democrats stands to the right of that of the House’s, "
         "by 0.20"),
    ],
)  # fmt: skip
def test_which_chamber_stands_to_the_right(given, said):
    assert say.across(given, "2013").startswith(said)


def test_how_the_chambers_moved_against_each_other():
    moved = say.across_change(row("Republican", change=(0.2, 0.1, 0.3)), "2011", "2013")
    assert moved == (
        "The average of the Senate’s Republicans moved to the right against that of the House’s from 2011 to 2013, by "
        "0.20 (90 % interval 0.10 to 0.30)."
    )
    assert say.across_change(row(), "2011", "2013") == (
        "The Senate’s average did not clearly move against the House’s from 2011 to 2013: +0.10 (90 % interval −0.10 "
        "to 0.30)."
    )


# --- the whole page ---------------------------------------------------------------------------------------------------


def write(terms, folder, faults=(), between=0.02, seed=1):
    """Write the page; ``faults`` has those of House and Senate by session."""
    rng = np.random.default_rng(seed)
    faults = [*faults, *[(None, None)] * len(terms)]
    sessions = [
        both_as_fitted(pair, noisy_together(pair, rng, 200, 0.1, between), own)
        for pair, own in zip(terms, faults, strict=False)
    ]
    sessions = [replace(one, chamber_names={"house": "Assembly"}) for one in sessions]
    found = build("demo", sessions, Matching("id"), joint=True)
    for table in columns.TABLES:
        table.write(folder / f"{table.name}.csv", found.tables[table.name])
    write_json(folder / "link_time.json", found.summary)
    write_time(folder / "link_time.json", folder / "report.html", folder / "figures", folder / "tables")
    return (folder / "report.html").read_text(encoding="utf-8"), found


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """A Senate that moves to the right, because its newcomers stand further right each time."""
    folder = tmp_path_factory.mktemp("both")
    terms = both_careers(4, n_sessions=3, right=1.2, promoted=0.3, leave=0.3)
    return terms, *write(terms, folder), folder


def test_both_chambers_are_told_on_one_scale(shown):
    terms, html, _, folder = shown
    text = Tree(html).text
    assert [name for name in text if name][:3] == ["across", "house", "senate"]
    assert "Assembly and Senate on one scale" in html
    house, senate = (term.x[term.party == "Republican"].mean() for term in terms[2])
    assert senate - house > 0.4
    assert (
        "In S3, the average of the Senate’s Republicans stands to the right of that of the Assembly’s" in text["across"]
    )
    assert "Senate’s Republicans moved to the right against that of the Assembly’s from S1 to S3" in text["across"]
    assert "the averages of the Assembly’s Democrats and Republicans in S1 are −1 and +1" in text["senate"]
    assert "What links the sessions" in text["across"]
    assert "What links the sessions" not in text["house"] + text["senate"]
    assert "Two chambers, one scale" in text["reading"]
    assert "Two chambers, two scales" not in html
    assert "each chamber has its own scale" not in html
    assert faults_of_language(html, RUNS) == []
    assert sorted(path.name for path in (folder / "figures").iterdir()) == [
        "across-averages.svg", "house-careers.svg", "senate-careers.svg",
    ]  # fmt: skip


def test_who_changed_the_chamber_is_told_with_both_positions(shown):
    _, html, found, _ = shown
    people = Tree(html).text["people"]
    crossed = found.tables["time_crossed"]
    assert len(crossed) >= 2
    for one in crossed.itertuples():
        signed = [f"{value:+.2f}".replace("-", "−") for value in (one.place_before_median, one.place_after_median)]
        assert re.search(rf"{re.escape(one.name)}.*Assembly, {one.before.upper()}.*Senate, {one.after.upper()}", people)
        assert all(place in people for place in signed)


def test_a_fit_that_did_not_converge_withholds_all_sentences(tmp_path):
    terms = both_careers(5, n_sessions=3, right=1.2)
    html, _ = write(terms, tmp_path, [(None, None), ("not converged", "not converged")])
    text = Tree(html).text
    why = "withheld. S2: this fit has not converged."
    for section, of in (("across", "the chambers"), ("house", "this chamber"), ("senate", "this chamber")):
        assert f"Sentences on {of} are {why}" in text[section]
        assert not re.search("the Senate’s (average|median|Dem|Rep)|moved to the|further apart", text[section])
    assert faults_of_language(html, RUNS) == []


def test_a_chamber_that_stands_the_other_way_round_withholds_what_needs_it(tmp_path):
    html, _ = write(both_careers(5, n_sessions=2), tmp_path, [(None, "against the House")])
    text = Tree(html).text
    for section in ("across", "house", "senate"):
        assert (
            "S1, Senate: in this fit its parties stand the other way round than those of the Assembly" in text[section]
        )
    assert faults_of_language(html, RUNS) == []


def test_a_chain_that_breaks_says_why(tmp_path):
    terms = both_careers(9, n_sessions=3)
    strangers = tuple(replace(term, person=term.person + 500) for term in terms[2])
    html, _ = write([*terms[:2], strangers], tmp_path)
    text = Tree(html).text
    for section in ("across", "house", "senate"):
        assert "The sessions are not on one scale: s2 and s3 have 0 members in common who can serve" in text[section]
        assert "Senate’s" not in text[section]
    assert "S1 and S2 have" in text["across"]
    assert faults_of_language(html, (*RUNS, "s2 and s3")) == []


def test_a_mirrored_session_says_the_same(tmp_path):
    """Members of the second session with their axis turned stand where they stood."""
    terms, rng = both_careers(5, n_sessions=2, right=0.8), np.random.default_rng(4)
    xi = [noisy_together(pair, rng, 200, 0.1) for pair in terms]
    (one, other) = (
        build("demo", [both_as_fitted(terms[0], xi[0]), both_as_fitted(terms[1], turned)], Matching("id"), joint=True)
        for turned in (xi[1], [-own for own in xi[1]])
    )
    signs = [found.summary["joint"]["links"][0]["mirrored"] for found in (one, other)]
    assert sorted(signs) == [False, True]
    for name in ("time_members", "time_across", "time_crossed"):
        numbers = [found.tables[name].select_dtypes("number").to_numpy() for found in (one, other)]
        np.testing.assert_allclose(*numbers, atol=1e-9)


def test_one_career_opens_in_either_chamber(shown):
    _, _, found, folder = shown
    one = next(found.tables["time_crossed"].itertuples())
    with running() as browser:
        for chamber in ("house", "senate"):
            opened = Opened(browser, folder / "report.html", f"#member={chamber}:{one.person}")
            story = opened.tab.locator("dialog.story")
            assert story.locator("h2").inner_text() == one.name
            seats = [text.split("\t")[:2] for text in story.locator("tbody tr").all_inner_texts()]
            assert [one.before.upper(), "Assembly"] in seats
            assert [one.after.upper(), "Senate"] in seats
            opened.close()
        other = found.tables["time_members"]["person"][~found.tables["time_members"]["person"].isin(
            found.tables["time_crossed"]["person"])].iloc[0]  # fmt: skip
        opened = Opened(browser, folder / "report.html", f"#member=house:{other}")
        assert "Chamber" not in opened.tab.locator("dialog.story thead").inner_text()
        opened.close()
