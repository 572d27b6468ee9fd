"""Stories of members and roll calls in a real browser: opened by link, click and key, left by Escape and going back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import Opened, playwright
from comparison_files import fake_comparison
from report_files import CONFIG, HOSTILE, HOUSE, edit_csv, fail, page
from story_files import STORY, fake_stories

from tallgrass_models.report.comparison_page import write_comparison

expect = playwright.expect


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fake_stories(tmp_path_factory.mktemp("results"))
    page(folder, replace(CONFIG, compare_with="baseline"))
    return folder / "report.html"


@pytest.fixture(scope="module")
def shared(browser, file: Path) -> Iterator[Opened]:
    here = Opened(browser, file, viewport={"width": 1280, "height": 1000})
    yield here
    here.tab.context.close()


@pytest.fixture
def at(shared: Opened) -> Iterator[Callable[[str], Opened]]:
    """Go to an address within the page, which stays open from test to test."""

    def gone(address: str) -> Opened:
        shared.tab.goto(shared.path.as_uri() + address)
        panel(shared).locator("h2").wait_for()
        return shared

    yield gone
    quiet(shared)
    shared.tab.goto(shared.path.as_uri() + "#findings")
    shared.tab.locator("dialog").wait_for(state="hidden")


@pytest.fixture
def fresh(browser, file: Path) -> Iterator[Callable[..., Opened]]:
    """Open the page anew."""
    pages = []

    def opened(address: str = "", **options: object) -> Opened:
        pages.append(Opened(browser, file, address, **{"viewport": {"width": 1280, "height": 1000}, **options}))
        return pages[-1]

    yield opened
    for here in pages:
        quiet(here)
        here.tab.context.close()


def quiet(here: Opened) -> None:
    """Nothing was complained of, and nothing was loaded."""
    assert here.trouble == []
    assert {url.partition("#")[0] for url in here.requests if not url.startswith("data:")} == {here.path.as_uri()}


def panel(here: Opened):
    return here.tab.locator("dialog[open]")


def heading(here: Opened) -> str:
    return panel(here).locator("h2").inner_text()


def link_in_table(here: Opened, name: str):
    """The name in the table of members, which has been scrolled to and started."""
    here.tab.locator("#house-members").scroll_into_view_if_needed()
    here.tab.locator("#house-members_wrapper").wait_for()
    link = here.tab.locator("#house-members tbody th a", has_text=name).first
    link.scroll_into_view_if_needed()
    return link


def rows(here: Opened, table: str) -> list[list[str]]:
    found = panel(here).locator(f"#{table} tbody tr")
    return [[" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()] for row in found.all()]


def test_a_link_opens_the_story_of_a_member(at) -> None:
    here = at("#member=house:dem_house_0")
    expect(panel(here).locator("h2")).to_have_text("Dem House 0")
    text = panel(here).inner_text()
    assert "of 32 from the left (90\u00a0% interval" in text
    assert "Against most Democrats on 2 of 30 votes, least expected first" in text
    assert rows(here, "story-against")[0][:3] == ["HB 2000", "Nay", "0.4 %"]
    assert rows(here, "story-against")[1][:3] == ["HB 2004", "Nay", "25 %"]
    assert "this member voted with most Democrats on 99.0\u00a0% of votes" in text
    assert "The median Democrat is at 93.5\u00a0%, the median of all members at 83.5\u00a0%." in text
    # 28 votes at 97 % and one each at 0.4 % and 25 % are 28 * 0.03 + 0.004 + 0.25 = 1.1 expected surprises
    assert "thought less likely on 2 of 30 votes, where the model itself expects about 1." in text
    assert len(rows(here, "story-near")) == 6


def test_a_member_of_two_parties_has_the_story_told_once(at) -> None:
    here = at("#member=dem_house_1")  # the id of a chamber's own files will do
    assert panel(here).inner_text().count(STORY) == 1
    assert "29 votes" in panel(here).inner_text()  # on one roll call not in office


def test_the_ranks_of_all_fits_stand_side_by_side(at) -> None:
    here = at("#member=house:dem_house_0")
    first = [row[0] for row in rows(here, "story-fits")]
    assert first == [
        *("Here, this chamber on its own", "baseline, this chamber on its own"),
        *("Here, both chambers together", "baseline, both chambers together"),
    ]
    assert rows(here, "story-fits")[1][1:3] == ["31 of 32", "29–32"]  # 30.5 rounds up


def test_a_story_is_told_from_the_fit_that_is_chosen(at) -> None:
    here = at("#member=house:dem_house_0")
    panel(here).locator("#story-fit").select_option("joint")
    expect(panel(here).locator("#story-others option")).to_have_count(45)  # everybody else in both chambers
    assert panel(here).locator("#story-others option[value='Rep Senate 8 (Senate)']").count() == 1
    assert here.tab.evaluate("location.hash") == "#member=house:dem_house_0&fit=joint"
    expect(panel(here).locator("#story-fit")).to_be_focused()
    assert panel(here).locator("a").first.get_attribute("href").endswith("&fit=joint")


def test_two_members_are_compared_by_a_search(at) -> None:
    here = at("#member=house:rep_house_0")
    panel(here).locator("#story-other").fill("Dem House 3")
    expected = "The probability that Rep House 0 stands right of Dem House 3 is over 99.9\u00a0%."
    expect(panel(here).locator("output")).to_have_text(expected)
    panel(here).locator("#story-other").fill("Nobody")
    expect(panel(here).locator("output")).to_have_text("")


def test_a_link_opens_the_story_of_a_roll_call(at) -> None:
    here = at("#rollcall=house:0")
    expect(panel(here).locator("h2")).to_have_text("HB 2000")
    text = panel(here).inner_text()
    assert "An act concerning subject 0" in text
    assert "1 March 2025" in text
    tally = [[*row] for row in rows(here, "story-tally")]
    assert tally == [["● Democrat", "10", "1", "0"], ["◆ Republican", "0", "19", "1"], ["All", "10", "20", "1"]]
    assert (
        "equally likely at position +0.10 (90\u00a0% interval −0.20 to +0.40). Right of it Nay is more likely" in text
    )
    assert "The probability that this place is right of every member is 6\u00a0%." in text
    assert "Against most of their own party: 1: Dem House 0 (D)." in text
    votes = rows(here, "story-votes")
    assert votes[0] == ["Dem House 0", "Nay", "0.4 %", "● Democrat"]
    assert votes[-1] == ["Rep House 0", "absent", "Yea 3 %", "◆ Republican"]
    assert len(votes) == 31  # one was not in office


@pytest.mark.parametrize(
    ("vote", "said"),
    [
        ("1", "whether Yea is the side of the left or of the right (probability of the right 60\u00a0%)."),
        ("2", "lies right of every member (probability at least 99\u00a0%). The model thinks Yea more likely for all"),
    ],
    ids=["not determined", "outside the chamber"],
)
def test_a_cutting_point_is_given_only_where_there_is_one(at, vote: str, said: str) -> None:
    here = at(f"#rollcall=house:{vote}")
    expect(panel(here).locator(".answer")).to_contain_text(said)
    assert panel(here).locator(".strip .cut, .strip .band").count() == 0


def test_a_table_of_a_story_is_sorted_by_click_and_key(at) -> None:
    here = at("#rollcall=house:0")
    button = panel(here).locator("#story-votes thead button", has_text="Probability of that vote")
    head = panel(here).locator("#story-votes thead th", has_text="Probability of that vote")
    expect(head).to_have_attribute("aria-sort", "ascending")
    button.click()
    expect(head).to_have_attribute("aria-sort", "descending")
    name = panel(here).locator("#story-votes thead button", has_text="Member")
    name.press("Enter")
    assert rows(here, "story-votes")[0][0] == "Dem House 0"
    assert head.get_attribute("aria-sort") is None


def test_a_name_in_a_table_opens_by_click_and_escape_goes_back_to_it(fresh) -> None:
    here = fresh()
    link = link_in_table(here, "Dem House 0")
    before, name = here.tab.evaluate("scrollY"), link.inner_text()
    link.click()
    assert heading(here) == name
    expect(panel(here).locator("h2")).to_be_focused()
    here.tab.keyboard.press("Escape")
    expect(here.tab.locator("dialog")).not_to_be_visible()
    here.tab.wait_for_function("location.hash === ''")
    assert here.tab.evaluate("scrollY") == before
    expect(link).to_be_focused()


def test_stories_lead_to_stories_and_the_back_key_leads_back(fresh) -> None:
    here = fresh()
    link_in_table(here, "Dem House 0").press("Enter")
    panel(here).locator("#story-against tbody a").first.press("Enter")
    expect(panel(here).locator("h2")).to_have_text("HB 2000")
    expect(panel(here).locator("h2")).to_be_focused()
    here.tab.go_back()
    expect(panel(here).locator("h2")).to_have_text("Dem House 0")
    here.tab.go_forward()
    expect(panel(here).locator("h2")).to_have_text("HB 2000")
    panel(here).get_by_role("button", name="Close").click()
    here.tab.wait_for_function("location.hash === ''")
    expect(here.tab.locator("dialog")).not_to_be_visible()
    here.tab.go_forward()
    expect(panel(here).locator("h2")).to_have_text("Dem House 0")


def test_a_story_that_was_opened_by_its_address_closes_to_the_page(fresh) -> None:
    here = fresh("#member=house:dem_house_0")
    panel(here).locator("#story-against tbody a").first.click()
    expect(panel(here).locator("h2")).to_have_text("HB 2000")
    here.tab.keyboard.press("Escape")
    here.tab.wait_for_function("location.hash === ''")
    expect(here.tab.locator("dialog")).not_to_be_visible()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("#member=house:nobody", "This page has no member with the id “house:nobody”."),
        ("#rollcall=%ff<b>", "This page has no roll call used in a fit with the id"),
        ("#member=m1", "This member is in no fit, because of the filters of the votes: few votes."),
    ],
    ids=["unknown", "damaged", "left out"],
)
def test_an_unknown_id_says_so(at, address: str, said: str) -> None:
    here = at(address)
    expect(panel(here).locator(".missing")).to_contain_text(said)


def test_a_shared_bill_opens_by_the_id_of_its_parameters(at) -> None:
    here = at("#rollcall=both:3&fit=joint")
    expect(panel(here).locator("h2")).to_have_text("HB 2003")
    panel(here).get_by_role("link", name="roll call of the other chamber").click()
    expect(panel(here).locator(".facts")).to_have_text("Senate · 1 March 2025")
    assert here.tab.evaluate("location.hash") == "#rollcall=senate:3"


def test_a_fit_that_cannot_be_read_gives_the_reason_instead(browser, tmp_path: Path) -> None:
    fake_stories(tmp_path, HOUSE)
    fail(tmp_path)
    page(tmp_path, HOUSE)
    here = Opened(browser, tmp_path / "report.html")
    here.tab.goto(here.path.as_uri() + "#member=dem_house_0")
    expect(panel(here).locator(".missing")).to_contain_text("is withheld: this fit has not converged.")
    assert panel(here).locator(".strip, #story-near, #story-surprise").count() == 0
    assert rows(here, "story-against")[0][:2] == ["HB 2000", "Nay"]
    here.tab.goto(here.path.as_uri() + "#rollcall=house:0")
    expect(panel(here).locator("#story-tally")).to_be_visible()
    assert panel(here).locator(".strip").count() == 0
    assert "%" not in panel(here).inner_text()
    quiet(here)
    here.tab.context.close()


def test_an_open_story_is_printed_alone_and_whole(fresh) -> None:
    here = fresh("#rollcall=house:0")
    panel(here).wait_for()
    here.tab.emulate_media(media="print")
    assert not here.tab.locator("main").is_visible()
    last = panel(here).locator("#story-votes tbody tr").last.bounding_box()
    assert last["y"] + last["height"] <= panel(here).bounding_box()["y"] + panel(here).bounding_box()["height"]
    assert here.tab.pdf().count(b"/Type /Page\n") in (2, 3)


@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
@pytest.mark.parametrize("address", ["#member=house:dem_house_0", "#rollcall=house:0"], ids=["member", "roll call"])
def test_no_serious_violation_of_accessibility_with_a_story_open(fresh, address: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    here = fresh(address, viewport={"width": width, "height": 900}, bypass_csp=True)
    panel(here).wait_for()
    found = Axe().run(here.tab, context="dialog", options={"resultTypes": ["violations"]}).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [node["html"][:200] for node in v["nodes"][:3]]) for v in serious] == []
    assert here.tab.evaluate("document.querySelector('dialog').scrollWidth") <= width


def test_hostile_names_are_inert_in_stories(browser, tmp_path: Path) -> None:
    fake_stories(tmp_path)
    for row, text in enumerate(HOSTILE):
        edit_csv(tmp_path / "house" / "ideal_points.csv", row, name=text, district=text, spells=text)
        edit_csv(tmp_path / "house" / "rollcall_fit.csv", row, bill=text, title=text, motion=text)
    page(tmp_path)
    here = Opened(browser, tmp_path / "report.html")
    for address in ("#member=house:dem_house_0", "#rollcall=house:0", f"#member={HOSTILE[0]}"):
        here.tab.goto(here.path.as_uri() + address)
        panel(here).wait_for()
        assert panel(here).locator("script, img, iframe").count() == 0
    here.tab.goto(here.path.as_uri() + "#member=house:dem_house_0")
    assert HOSTILE[0] in heading(here)
    quiet(here)
    here.tab.context.close()


def test_the_comparison_tells_of_a_member_under_every_variant(browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_comparison(fake_comparison(tmp_path, HOSTILE[0]), path, tmp_path / "figures", tmp_path / "tables")
    here = Opened(browser, path, "#member=demo:house:m3")
    expect(panel(here).locator("h2")).to_have_text("Member 3")
    assert rows(here, "story-variants-0")[0][:3] == ["baseline (reference)", "4", "2–6"]
    assert rows(here, "story-variants-0")[1][1:3] == ["17", "1–20"]
    here.tab.keyboard.press("Escape")
    here.tab.locator("table a", has_text="alert").first.evaluate("link => link.click()")
    assert heading(here) == HOSTILE[0]
    here.tab.goto(path.as_uri() + "#member=demo:house:nobody")
    expect(panel(here).locator(".missing")).to_contain_text("compares no rank of a member with the id")
    quiet(here)
    here.tab.context.close()
