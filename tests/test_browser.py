"""The pages in a real browser: Debian's chromium, opened from disk."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from comparison_files import fake_comparison
from report_files import CONFIG, HOSTILE, HOUSE, fake_hostile, page
from statistics_files import fake_everything
from test_embedded import BLOCK, PAGE, written

from tallgrass_models.report.comparison_page import write_comparison
from tallgrass_models.report.page.page import _SCRIPTS

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra `dev`)")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip("no chromium on this machine (Debian: apt-get install chromium)", allow_module_level=True)

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser() -> Iterator:
    assert CHROMIUM, "CI needs chromium (apt-get install chromium)"
    with playwright.sync_playwright() as run:
        opened = run.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fake_everything(tmp_path_factory.mktemp("results"))
    page(folder)
    return folder / "report.html"


class Opened:
    """A page open in the browser, with what it complained of and what it asked for."""

    def __init__(self, browser, path: Path, **options: object) -> None:
        self.trouble: list[str] = []
        self.requests: list[str] = []
        self.tab = browser.new_context(reduced_motion="reduce", **options).new_page()
        self.tab.set_default_timeout(5000)
        self.tab.on("console", lambda m: self.trouble.append(m.text) if m.type in ("error", "warning") else None)
        self.tab.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.goto(path.as_uri())

    def names(self) -> list[str]:
        return self.tab.locator("#house-members tbody th").all_text_contents()


@pytest.fixture
def opened(browser, report: Path) -> Iterator[Opened]:
    here = Opened(browser, report, viewport={"width": 1280, "height": 1000})
    yield here
    assert here.trouble == []
    assert [url for url in here.requests if not url.startswith("data:")] == [report.as_uri()]
    here.tab.context.close()


def test_search_narrows_the_table_and_says_to_how_many(opened: Opened) -> None:
    everybody = opened.names()
    assert len(everybody) == 32
    box = opened.tab.locator("#house-members_wrapper input[type=search]")
    box.fill('"Rep House 1"')  # quoted: these words in this order
    found = opened.names()
    assert found == [name for name in everybody if name.startswith("Rep House 1")]
    assert 1 < len(found) < 32
    assert f"{len(found)} rows of 32" in opened.tab.locator("#house-members_wrapper .dt-info").inner_text()


def test_a_click_and_a_key_sort_by_the_number_and_not_by_its_text(opened: Opened) -> None:
    ordered = opened.names()
    heading = opened.tab.locator("#house-members thead th", has_text="Position")
    heading.click()
    playwright.expect(heading).to_have_attribute("aria-sort", "ascending")
    assert opened.names() == ordered  # as they stand
    heading.locator("[role=button]").press("Enter")
    playwright.expect(heading).to_have_attribute("aria-sort", "descending")
    assert opened.names() == ordered[::-1]
    places = opened.tab.locator("#house-members tbody tr").all_inner_texts()
    assert "−" not in places[0].split("\t")[4]


def test_a_party_can_be_chosen(opened: Opened) -> None:
    opened.tab.locator("#house-members thead button[aria-haspopup]").first.click()
    opened.tab.locator(".dtcc-dropdown button", has_text="Democrat").click()
    assert {name[:3] for name in opened.names()} == {"Dem"}
    assert len(opened.names()) == 12


@pytest.mark.parametrize(
    "where", ["#house-members tbody .dot", "#house-bills-map use:has(> title)"], ids=["interval", "bill"]
)
def test_hovering_tells_whose_point_it_is(opened: Opened, where: str) -> None:
    point = opened.tab.locator(where).first
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
    found = Axe().run(here.tab, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [node["html"][:200] for node in v["nodes"][:3]]) for v in serious] == []
    assert here.trouble == []
    assert here.tab.evaluate("document.documentElement.scrollWidth") <= width  # tables scroll, not the page
    here.tab.context.close()


def test_without_scripts_everything_is_there(browser, report: Path) -> None:
    here = Opened(browser, report, java_script_enabled=False)
    assert len(here.names()) == 32
    assert here.tab.locator("#house-members tbody .bar").first.is_visible()
    assert here.tab.locator("input").count() == 0
    here.tab.context.close()


def test_hostile_names_make_no_elements_and_run_nothing(browser, tmp_path: Path) -> None:
    config = replace(CONFIG, description=HOSTILE[0])
    fake_hostile(tmp_path, config)
    page(tmp_path, config)
    here = Opened(browser, tmp_path / "report.html")
    here.tab.locator("#house-members thead button[aria-haspopup]").first.click()  # lists the parties
    here.tab.locator("#house-members tbody .dot").nth(1).hover()
    here.tab.locator(".tippy-content").wait_for()
    here.tab.locator("#house-members_wrapper input").first.fill('<img src="x">')
    assert here.tab.locator("img, iframe, body script[src]").count() == 0
    assert here.tab.locator("script:not([data-block])").count() == len(_SCRIPTS)
    assert here.trouble == []
    assert len(here.requests) == 1
    here.tab.context.close()


def test_data_of_the_page_is_unpacked_once_and_as_it_was(browser, tmp_path: Path) -> None:
    written(PAGE, tmp_path)
    here = Opened(browser, tmp_path / "page.html")
    assert json.loads(here.tab.evaluate("pageData('people').then(JSON.stringify)")) == BLOCK
    assert here.tab.evaluate("pageData('people') === pageData('people')")
    assert "no data named nobody" in here.tab.evaluate("pageData('nobody').catch(String)")
    assert here.trouble == []
    assert [url for url in here.requests if not url.startswith("data:")] == [(tmp_path / "page.html").as_uri()]
    here.tab.context.close()


def test_elements_hold_text_and_never_markup(browser, tmp_path: Path) -> None:
    written(PAGE, tmp_path)
    here = Opened(browser, tmp_path / "page.html")
    texts = list(BLOCK)[1:]
    look = "t => element('p', {title: t}, t, element('b', {}, t))"
    look = f"t => (p => [p.firstChild.data, p.title, p.querySelectorAll('*').length])(({look})(t))"
    assert here.tab.evaluate(f"texts => texts.map({look})", texts) == [[text, text, 1] for text in texts]
    assert here.tab.evaluate("drawn('path', {d: 'M0 0'}) instanceof SVGPathElement")
    assert here.trouble == []
    here.tab.context.close()
