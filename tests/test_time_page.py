"""The page over time: its sentences in planted situations, its language, and careers in a browser."""

import re
from dataclasses import replace

import numpy as np
import pytest
from browsing import Opened, running
from careers import as_fitted, careers, noisy
from page_language import faults
from report_files import Tree

from tallgrass_models.config.series import Matching
from tallgrass_models.files.columns import over_time as columns
from tallgrass_models.files.json import read_json, write_json
from tallgrass_models.over_time.build import build
from tallgrass_models.report.files.over_time import short_titles
from tallgrass_models.report.sections import time_sentences as say
from tallgrass_models.report.time_page import write_time


def spread(stem, median, low, high):
    return {f"{stem}_median": median, f"{stem}_q05": low, f"{stem}_q95": high}


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.99, "The parties stand further apart in 2013 than in 2011: the distance between their averages is 1.20 "
               "times that in 2011 (90 % interval 1.10 to 1.30)."),
        (0.02, "The parties stand closer together in 2013 than in 2011: "),
        (0.94, "It cannot be told whether the parties stand further apart in 2013 than in 2011: "),
    ],
)  # fmt: skip
def test_polarisation(p, said):
    row = {"p_wider_than_first": p, **spread("ratio", 1.2, 1.1, 1.3)}
    assert say.polarisation(row, "2011", "2013").startswith(said)


def test_no_word_on_polarisation_without_both_parties():
    assert say.polarisation({"p_wider_than_first": None, **spread("ratio", None, None, None)}, "a", "b") is None


_CHANGE = {
    "party": "Republican", "n_stayed": 20, "n_left": 1, "n_came": 3, "p_change_right": 1.0,
    **spread("change", 0.2, 0.1, 0.3), **spread("conversion", -0.01, -0.1, 0.08),
    **spread("replacement", 0.21, 0.1, 0.3),
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {},
            "The average of the Republicans moved to the right from 2011 to 2013, by 0.20 (90 % interval 0.10 to "
            "0.30). Replacement changed it by +0.21 (90 % interval 0.10 to 0.30), where 1 member left and 3 came; "
            "conversion, of 20 members who stayed, by −0.01 (90 % interval −0.10 to 0.08).",
        ),
        (
            {"p_change_right": 0.01, **spread("change", -0.2, -0.3, -0.1)},
            "The average of the Republicans moved to the left from 2011 to 2013, by 0.20 (90 % interval 0.10 to 0.30).",
        ),
        (
            {"p_change_right": 0.7, **spread("change", 0.05, -0.1, 0.2)},
            "The average of the Republicans did not clearly move from 2011 to 2013: +0.05 (90 % interval −0.10 to "
            "0.20).",
        ),
        (
            {"n_stayed": 0, **spread("conversion", None, None, None)},
            "by 0.20 (90 % interval 0.10 to 0.30). Nobody stayed, so all of it is replacement.",
        ),
        (
            {"n_left": 0, "n_came": 0, **spread("replacement", 0.0, 0.0, 0.0)},
            "by 0.20 (90 % interval 0.10 to 0.30). Nobody left or came, so all of it is conversion.",
        ),
    ],
    ids=["right", "left", "open", "nobody stayed", "nobody left"],
)
def test_why_an_average_moved(changes, said):
    assert said in say.party_change({**_CHANGE, **changes}, "2011", "2013")


def move(name, change, p_right):
    return {"name": name, "party": "Democrat", "chamber": "house", "person": name.lower(), "change_median": change,
            "p_right": p_right}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([move("Ann", 0.1, 0.6)], "From 2011 to 2013, no returning member certainly moved."),
        (
            [move("Ann", -0.9, 0.001), move("Bo", 0.1, 0.6), move("Cy", 1.4, 1.0)],
            "From 2011 to 2013, of 3 returning members, two certainly moved, where chance makes it less than one: Cy "
            "(D) to the right by 1.40 and Ann (D) to the left by 0.90.",
        ),
        (
            [move(f"M{k}", 0.1, 0.5) for k in range(299)] + [move("Ann", 0.3, 0.999)],
            "From 2011 to 2013, of 300 returning members, one seems to have moved, which is no more than chance does "
            "(about 3).",
        ),
        (
            [move(f"M{k}", 0.1 * k, 1.0) for k in range(1, 10)],
            "M5 (D) to the right by 0.50, M4 (D) to the right by 0.40 and 3 others (in the table).",
        ),
    ],
    ids=["nobody", "two", "chance", "many"],
)
def test_who_moved(rows, said):
    assert said in re.sub(r"<[^>]+>", "", say.who_moved(rows, "2011", "2013"))


def test_titles_without_what_all_begin_with():
    assert short_titles(["Parliament, 2017", "Parliament, 2019"]) == ["2017", "2019"]
    assert short_titles(["ks-84", "ks-85"]) == ["ks-84", "ks-85"]
    assert short_titles(["One", "One two"]) == ["One", "One two"]


# --- the whole page ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def series():
    """Both chambers of three sessions; one fit of the Senate has not converged."""
    rng = np.random.default_rng(1)
    house = [as_fitted(term, noisy(term, rng, 200, 0.1)) for term in careers(5, n_sessions=3)]
    terms = [replace(term, person=term.person + 1000) for term in careers(6, n_sessions=3, n=20, mover=None)]
    faults_of = ("not converged", None, None)
    senate = [
        as_fitted(term, noisy(term, rng, 200, 0.1), fault, "senate")
        for term, fault in zip(terms, faults_of, strict=True)
    ]
    both = [
        replace(one, chambers=[*one.chambers, *other.chambers], chamber_names={"house": "Assembly"})
        for one, other in zip(house, senate, strict=True)
    ]
    return build("demo", both, Matching())


@pytest.fixture(scope="module")
def written(series, tmp_path_factory):
    folder = tmp_path_factory.mktemp("over_time")
    for table in columns.TABLES:
        table.write(folder / f"{table.name}.csv", series.tables[table.name])
    write_json(folder / "link_time.json", series.summary)
    write_time(folder / "link_time.json", folder / "report.html", folder / "figures", folder / "tables")
    return folder


def test_sentences_of_fits_that_cannot_be_read_are_withheld(written):
    html = (written / "report.html").read_text(encoding="utf-8")
    text = Tree(html).text
    assert "The parties stand further apart in S3 than in S1" in text["house"]
    assert "Sentences on this chamber are withheld. S1: this fit has not converged." in text["senate"]
    assert "certainly moved" not in text["senate"]
    assert "Assembly" in html
    assert faults(html, ("run_s1", "run_s2", "run_s3")) == []


def test_a_chamber_without_a_scale_says_why(written, tmp_path):
    for path in written.glob("time_*.csv"):
        (tmp_path / path.name).write_text(
            "\n".join(x for x in path.read_text().splitlines() if not x.startswith("senate"))
        )
    content = read_json(written / "link_time.json")
    content["chambers"][1] |= {
        "linked": False,
        "reason": "s1 and s2 have 2 members in common",
        "scale": None,
        "links": [],
    }
    write_json(tmp_path / "link_time.json", content)
    write_time(tmp_path / "link_time.json", tmp_path / "r.html", tmp_path / "figures", tmp_path / "tables")
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "The sessions are not on one scale: s1 and s2 have 2 members in common." in Tree(html).text["senate"]
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == ["house-careers.svg"]


def test_a_career_opens_from_its_address_and_from_a_name(written):
    with running() as browser:
        opened = Opened(browser, written / "report.html", "#member=house:m003")
        story = opened.tab.locator("dialog.story")
        assert story.locator("h2").inner_text() == "Member Number3"
        rows = story.locator("tbody tr")
        assert rows.count() == 3
        assert [row.split("\t")[0] for row in rows.all_inner_texts()] == ["S1", "S2", "S3"]
        opened.tab.keyboard.press("Escape")
        story.wait_for(state="hidden")
        opened.start("house-members")
        opened.tab.locator("#house-members tbody a").first.click()
        story.wait_for()
        opened.tab.goto((written / "report.html").as_uri() + "#member=house:nobody")
        opened.tab.get_by_text("No member with the id").wait_for()
        opened.close()


def test_a_name_pressed_at_once_after_closing_opens(written):
    """Closing goes back in the history, which takes a moment: a link pressed within it is not lost."""
    with running() as browser:
        opened = Opened(browser, written / "report.html", "#member=house:m003")
        opened.start("house-members")
        story = opened.tab.locator("dialog.story")
        for place in (0, 1):
            opened.tab.evaluate(
                "place => { document.querySelector('dialog.story').close();"
                " document.querySelectorAll('#house-members tbody a')[place].click(); }",
                place,
            )
            story.wait_for()
            name = opened.tab.locator("#house-members tbody a").nth(place).inner_text()
            assert story.locator("h2").inner_text() == name
        opened.tab.keyboard.press("Escape")
        story.wait_for(state="hidden")
        opened.tab.wait_for_function("location.hash === ''")
        opened.close()


def test_a_name_pressed_after_closing_opens_where_the_browser_cannot_go_back(written):
    with running() as browser:
        opened = Opened(browser, written / "report.html", "#member=house:m003")
        opened.start("house-members")
        opened.tab.evaluate("history.go = () => {}")
        opened.tab.keyboard.press("Escape")
        opened.tab.locator("dialog.story").wait_for(state="hidden")
        opened.tab.locator("#house-members tbody a").first.click()
        opened.tab.locator("dialog.story").wait_for()
        name = opened.tab.locator("#house-members tbody a").first.inner_text()
        assert opened.tab.locator("dialog.story h2").inner_text() == name
        opened.close()


@pytest.mark.parametrize(
    ("overlap", "said"),
    [
        ((0.001, 0.0, 0.004), "The parties hardly overlap in 2013: with a Democrat and a Republican picked at random, "
         "the Democrat stands to the right in less than 0.5 % of cases."),
        ((0.02, 0.01, 0.03), "Overlap in 2013: with a Democrat and a Republican picked at random, the Democrat stands "
         "to the right in 2.0\u00a0% of cases (90 % interval 1.0\u00a0% to 3.0\u00a0%)."),
        ((None, None, None), None),
    ],
)  # fmt: skip
def test_overlap(overlap, said):
    assert say.overlapping(spread("overlap", *overlap), "2013") == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "2011 and 2013 have 33 members in common, of whom 30 link them; one moved and two changed party."),
        ({"n_moved": 0, "n_other_party": 0}, "2011 and 2013 have 33 members in common, of whom 30 link them."),
    ],
)
def test_what_links_two_sessions(changes, said):
    row = {"n_returning": 33, "n_used": 30, "n_moved": 1, "n_other_party": 2, "n_several_spells": 0}
    assert say.bridges({**row, **changes}, "2011", "2013") == said


def test_names_from_the_data_are_text(tmp_path):
    rng = np.random.default_rng(3)
    sessions = [as_fitted(term, noisy(term, rng, 60, 0.1)) for term in careers(4, n_sessions=2)]
    for one in sessions:
        people = one.chambers[0].votes.legislators
        people.loc["m003", "name"] = "<script>alert(1)</script> Smith"
    sessions = [replace(one, title=f"<img src=x> {one.session}") for one in sessions]
    found = build("s", sessions, Matching())
    for table in columns.TABLES:
        table.write(tmp_path / f"{table.name}.csv", found.tables[table.name])
    write_json(tmp_path / "link_time.json", found.summary)
    write_time(tmp_path / "link_time.json", tmp_path / "r.html", tmp_path / "figures", tmp_path / "tables")
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "<img src" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Smith" in html


def test_a_chamber_of_one_party_has_no_word_on_two(tmp_path):
    rng = np.random.default_rng(3)
    terms = [replace(term, party=np.full(len(term.x), "Republican", object)) for term in careers(4, n_sessions=2)]
    found = build("demo", [as_fitted(term, noisy(term, rng, 60, 0.1)) for term in terms], Matching())
    assert found.summary["chambers"][0]["scale"] == "spread"
    for table in columns.TABLES:
        table.write(tmp_path / f"{table.name}.csv", found.tables[table.name])
    write_json(tmp_path / "link_time.json", found.summary)
    write_time(tmp_path / "link_time.json", tmp_path / "r.html", tmp_path / "figures", tmp_path / "tables")
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    said = Tree(html).text["house"].partition("What the members who link")[0]
    assert "The average of the Republicans" in said
    assert "The parties" not in said
    assert "Democrat" not in said
    assert faults(html, ("run_s1", "run_s2")) == []
