"""Data of a page in a real browser: unpacked once, and long tables drawn from it when the reader gets there."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Opened, playwright
from page_files import BLOCK, HOSTILE, N_ROWS, PAGE, PARTIES, long_table, page_of, picture, score_of, shown, written

from tallgrass_models.report.page.parts import Text

expect = playwright.expect


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    far = [Text(f"Paragraph {k}.") for k in range(100)]
    tables = long_table("folded", folded=True), long_table("unfolded"), *far, long_table("last")
    written(page_of(*tables, picture("heavy", 1200)), folder)
    return folder / "page.html"


@pytest.fixture
def opened(browser, file: Path) -> Iterator[Opened]:
    here = Opened(browser, file, viewport={"width": 1280, "height": 1000})
    yield here
    here.close()


def names(here: Opened, table: str = "folded") -> list[str]:
    return here.tab.locator(f"#{table} tbody th bdi").all_text_contents()


def info(here: Opened) -> str:
    return here.tab.locator("#folded_wrapper .dt-info").inner_text()


def unfold(here: Opened, key: str = "") -> None:
    summary = here.tab.locator("summary", has_text="Everybody")
    summary.press(key) if key else summary.click()
    here.tab.locator("#folded_wrapper").wait_for()


def test_data_is_unpacked_once_and_as_it_was(browser, tmp_path: Path) -> None:
    written(PAGE, tmp_path)
    here = Opened(browser, tmp_path / "page.html")
    assert json.loads(here.tab.evaluate("pageData('people').then(JSON.stringify)")) == BLOCK
    assert here.tab.evaluate("pageData('people') === pageData('people')")
    assert "no data named nobody" in here.tab.evaluate("pageData('nobody').catch(String)")
    here.close()


def test_elements_hold_text_and_never_markup(opened: Opened) -> None:
    look = "t => element('p', {title: t}, t, element('b', {}, t))"
    look = f"t => (p => [p.firstChild.data, p.title, p.querySelectorAll('*').length])(({look})(t))"
    assert opened.tab.evaluate(f"texts => texts.map({look})", HOSTILE) == [[text, text, 1] for text in HOSTILE]
    assert opened.tab.evaluate("drawn('path', {d: 'M0 0'}) instanceof SVGPathElement")


@pytest.mark.parametrize("key", ["", "Enter", "Space"], ids=["click", "Enter", "Space"])
def test_a_long_table_is_drawn_when_it_is_unfolded(opened: Opened, key: str) -> None:
    assert names(opened) == []
    assert opened.tab.locator("#folded_wrapper").count() == 0
    unfold(opened, key)
    assert names(opened) == shown(*range(50))
    assert info(opened) == f"1 to 50 of {N_ROWS} rows"
    assert opened.tab.locator("#folded tbody .bar .dot").count() == 50
    assert opened.tab.locator("#folded tbody th[scope=row]").count() == 50


def test_a_long_table_is_drawn_when_it_is_scrolled_to(opened: Opened) -> None:
    opened.tab.locator("#unfolded_wrapper").wait_for()  # near the top
    assert opened.tab.locator("#last_wrapper").count() == 0
    assert names(opened, "last") == shown(*range(50))  # as markup
    opened.start("last")
    assert names(opened, "last") == shown(*range(50))


def test_pages_are_turned_by_keyboard(opened: Opened) -> None:
    unfold(opened)
    opened.tab.locator("#folded tbody tr").last.scroll_into_view_if_needed()
    opened.tab.locator("#folded_wrapper .dt-paging-button", has_text="Next").press("Enter")
    assert opened.tab.locator("#folded_wrapper .dt-layout-table").evaluate("rows => rows.scrollTop") == 0
    assert names(opened) == shown(*range(50, 100))
    assert info(opened) == f"51 to 100 of {N_ROWS} rows"
    opened.tab.locator("#folded_wrapper [aria-label='Page 5']").press("Enter")
    assert names(opened) == shown(*range(200, N_ROWS))


def test_search_and_order_are_of_all_rows(opened: Opened) -> None:
    unfold(opened)
    opened.tab.locator("#folded_wrapper input[type=search]").fill('"Member 22"')
    assert names(opened) == shown(*range(220, 230))
    assert info(opened) == f"1 to 10 of 10 rows ({N_ROWS} in all)"
    opened.tab.locator("#folded_wrapper input[type=search]").fill("")
    heading = opened.tab.locator("#folded thead th", has_text="Score")
    heading.locator("[role=button]").press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    rising = sorted(range(N_ROWS), key=lambda k: float("-inf") if score_of(k) is None else score_of(k))
    assert names(opened) == shown(*rising[:50])
    heading.locator("[role=button]").press("Enter")
    assert names(opened) == shown(*rising[:-51:-1])
    assert opened.tab.locator("#folded tbody tr").first.inner_text().split("\t")[3] == f"{score_of(rising[-1]):.2f}"


@pytest.mark.parametrize("party", [1, 3], ids=["Republican", "Law & Order"])
def test_a_party_is_chosen_among_all_rows(opened: Opened, party: int) -> None:
    unfold(opened)
    opened.tab.locator("#folded thead button[aria-haspopup]").click()
    choices = opened.tab.locator(".dtcc-dropdown .dtcc-list-buttons button")
    assert sorted(choices.all_inner_texts()) == sorted(PARTIES)
    choices.get_by_text(PARTIES[party], exact=True).click()
    expected = [k for k in range(N_ROWS) if k % 4 == party]
    assert names(opened) == shown(*expected[:50])


def test_hostile_names_in_the_data_stay_text(opened: Opened) -> None:
    unfold(opened)
    for text in shown(*range(len(HOSTILE))):
        found = opened.tab.locator("#folded_wrapper input[type=search]")
        found.fill(re.findall(r"\w+", text)[0])
        assert text in names(opened)
    opened.tab.locator("#folded thead button[aria-haspopup]").click()
    opened.tab.locator("#folded thead th", has_text="Name").click()
    assert opened.tab.locator("img, iframe, main script, bdi *").count() == 0


def test_hovering_a_drawn_row_tells_its_interval(opened: Opened) -> None:
    unfold(opened)
    opened.tab.locator("#folded tbody .dot").nth(3).hover()
    tip = opened.tab.locator(".tippy-content")
    tip.wait_for()
    assert tip.text_content() == "−0.97 (90 %: −1.47 to 0.03)"


@pytest.mark.parametrize("key", ["", "Enter"], ids=["click", "Enter"])
def test_a_heavy_picture_is_shown_when_it_is_unfolded(opened: Opened, key: str) -> None:
    assert opened.tab.locator("#heavy svg").count() == 0
    summary = opened.tab.locator("summary", has_text="A picture of 1200")
    summary.press(key) if key else summary.click()
    plot = opened.tab.locator("#heavy .plot.wide")
    plot.wait_for()
    assert plot.bounding_box()["height"] > 200
    assert plot.evaluate("svg => svg instanceof SVGElement && svg.querySelector('path') instanceof SVGPathElement")
    texts = plot.locator(".markers desc").evaluate_all("all => all.flatMap((desc) => desc.textContent.split('\\n'))")
    assert sorted(texts) == sorted(shown(*range(1200)))
    plot.press("Home")  # as in pictures that are markup
    opened.tab.locator(".tippy-content").wait_for()
    assert opened.tab.locator(".tippy-content").text_content() in texts
    assert opened.tab.locator("img, iframe, main script").count() == 0


def test_what_is_folded_and_not_printed_names_its_folder(opened: Opened) -> None:
    opened.tab.emulate_media(media="print")
    after = "all => all.map((summary) => getComputedStyle(summary, '::after').content)"
    said = opened.tab.locator("main summary").evaluate_all(after)
    assert said == ['" (not printed: see tables/)"', '" (not printed: see figures/)"']


def test_a_long_table_prints_its_first_page_and_names_its_file(browser, opened: Opened) -> None:
    unfold(opened)
    opened.tab.emulate_media(media="print")
    for table in ("folded", "unfolded", "last"):  # drawn, and still markup
        assert opened.tab.locator(f"#{table} tbody tr").count() == 50
        assert opened.tab.locator(f"#{table} tbody tr").last.is_visible()
        assert opened.tab.get_by_text(f"All {N_ROWS} rows are in the file tables/{table}.csv.").is_visible()
    assert not opened.tab.locator("#folded_wrapper .dt-paging").is_visible()
    assert not opened.tab.locator("#folded_wrapper input").is_visible()


def test_without_scripts_the_page_says_where_the_rows_are(browser, file: Path) -> None:
    here = Opened(browser, file, java_script_enabled=False)
    assert names(here, "unfolded") == shown(*range(50))
    here.tab.locator("summary", has_text="Everybody").click()
    assert here.tab.get_by_text(f"All {N_ROWS} rows are in the file tables/folded.csv.").is_visible()
    assert names(here) == []
    here.close()


@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
def test_a_long_table_has_no_serious_violation_of_accessibility(browser, file: Path, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    here = Opened(browser, file, viewport={"width": width, "height": 900}, bypass_csp=True)
    unfold(here)
    found = Axe().run(here.tab, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")] == []
    assert here.tab.evaluate("document.documentElement.scrollWidth") <= width
    here.close()
