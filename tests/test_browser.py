"""The pages in a real browser: Debian's chromium, opened from disk."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import Opened, playwright
from comparison_files import fake_comparison
from report_files import CONFIG, HOSTILE, HOUSE, fake_hostile, page
from statistics_files import fake_everything

from tallgrass_models.report.comparison_page import write_comparison
from tallgrass_models.report.page.page import _SCRIPTS


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fake_everything(tmp_path_factory.mktemp("results"))
    page(folder)
    return folder / "report.html"


def names(here: Opened) -> list[str]:
    return here.tab.locator("#house-members tbody th").all_text_contents()


@pytest.fixture
def opened(browser, report: Path) -> Iterator[Opened]:
    here = Opened(browser, report, viewport={"width": 1280, "height": 1000})
    here.start("house-members")
    yield here
    here.close()


def test_search_narrows_the_table_and_says_to_how_many(opened: Opened) -> None:
    everybody = names(opened)
    assert len(everybody) == 32
    box = opened.tab.locator("#house-members_wrapper input[type=search]")
    box.fill('"Rep House 1"')  # quoted: these words in this order
    found = names(opened)
    assert found == [name for name in everybody if name.startswith("Rep House 1")]
    assert 1 < len(found) < 32
    assert f"{len(found)} rows of 32" in opened.tab.locator("#house-members_wrapper .dt-info").inner_text()


def test_a_click_and_a_key_sort_by_the_number_and_not_by_its_text(opened: Opened) -> None:
    ordered = names(opened)
    heading = opened.tab.locator("#house-members thead th", has_text="Position")
    heading.click()
    playwright.expect(heading).to_have_attribute("aria-sort", "ascending")
    assert names(opened) == ordered  # as they stand
    heading.locator("[role=button]").press("Enter")
    playwright.expect(heading).to_have_attribute("aria-sort", "descending")
    assert names(opened) == ordered[::-1]
    places = opened.tab.locator("#house-members tbody tr").all_inner_texts()
    assert "−" not in places[0].split("\t")[4]


def test_a_party_can_be_chosen(opened: Opened) -> None:
    opened.tab.locator("#house-members thead button[aria-haspopup]").first.click()
    opened.tab.locator(".dtcc-dropdown button", has_text="Democrat").click()
    assert {name[:3] for name in names(opened)} == {"Dem"}
    assert len(names(opened)) == 12


def test_hovering_tells_whose_interval_it_is(opened: Opened) -> None:
    point = opened.tab.locator("#house-members tbody .dot").first
    text = point.locator("title").text_content()
    point.scroll_into_view_if_needed()
    point.hover()
    tip = opened.tab.locator(".tippy-content")
    tip.wait_for()
    assert tip.text_content() == text


def test_it_prints_everything_and_no_controls(opened: Opened) -> None:
    opened.tab.emulate_media(media="print")
    assert not opened.tab.locator("#house-members_wrapper input").is_visible()
    assert opened.tab.locator("#house-forest").is_visible()
    assert not opened.tab.locator("#house-bills").is_visible()  # a long table that nobody opened
    last = opened.tab.locator("#house-members tbody tr").last.bounding_box()
    around = (
        opened.tab.locator("#house-members").locator("xpath=ancestor::div[contains(@class, 'scroll')]").bounding_box()
    )
    assert last["y"] + last["height"] <= around["y"] + around["height"] + 1
    pdf = opened.tab.pdf()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page") > 5


def report_of_house(folder: Path) -> Path:
    page(fake_everything(folder, HOUSE), HOUSE)
    return folder / "report.html"


def comparison(folder: Path) -> Path:
    write_comparison(fake_comparison(folder), folder / "report.html", folder / "figures", folder / "tables")
    return folder / "report.html"


@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
@pytest.mark.parametrize("make", [report_of_house, comparison])
def test_no_serious_violation_of_accessibility(browser, tmp_path: Path, make: Callable, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    # The policy of the page lets no foreign script run; axe is one.
    here = Opened(browser, make(tmp_path), viewport={"width": width, "height": 900}, bypass_csp=True)
    here.tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for table in here.tab.locator("table.interactive").all():
        here.start(table.get_attribute("id"))
    found = Axe().run(here.tab, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [node["html"][:200] for node in v["nodes"][:3]]) for v in serious] == []
    assert here.trouble == []
    assert here.tab.evaluate("document.documentElement.scrollWidth") <= width  # tables scroll, not the page
    here.tab.context.close()


def test_without_scripts_everything_is_there(browser, report: Path) -> None:
    here = Opened(browser, report, java_script_enabled=False)
    assert len(names(here)) == 32
    assert here.tab.locator("#house-members tbody .bar").first.is_visible()
    assert here.tab.locator("input").count() == 0
    here.tab.context.close()


def test_hostile_names_make_no_elements_and_run_nothing(browser, tmp_path: Path) -> None:
    config = replace(CONFIG, description=HOSTILE[0])
    fake_hostile(tmp_path, config)
    page(tmp_path, config)
    here = Opened(browser, tmp_path / "report.html")
    here.start("house-members")
    here.tab.locator("#house-members thead button[aria-haspopup]").first.click()  # lists the parties
    here.tab.locator("#house-members tbody .dot").nth(1).hover()
    here.tab.locator(".tippy-content").wait_for()
    here.tab.locator("#house-members_wrapper input").first.fill('<img src="x">')
    assert here.tab.locator("img, iframe, body script[src]").count() == 0
    assert here.tab.locator("script:not([data-block])").count() == len(_SCRIPTS)
    assert here.trouble == []
    assert len(here.requests) == 1
    here.tab.context.close()
