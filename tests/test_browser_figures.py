"""Pictures in a real browser: at the width of a phone, by keyboard, by touch and in print."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Opened, playwright
from comparison_files import fake_comparison
from report_files import CONFIG, fake_hostile, page
from statistics_files import fake_everything

from tallgrass_models.report.comparison_page import write_comparison

PHONE = {"viewport": {"width": 390, "height": 844}}
SCREEN = {"viewport": {"width": 1280, "height": 1000}}
#: Places of a picture's markers on the screen, from left to right, and what they say.
MARKERS = """plot => {
  const texts = [...plot.parentElement.querySelectorAll(".markers > desc")].flatMap(d => d.textContent.split("\\n"));
  const places = [...plot.querySelectorAll(".markers > path")].flatMap(p =>
    [...p.getAttribute("d").matchAll(/M(-?[\\d.]+) (-?[\\d.]+)/g)].map(m => [Number(m[1]), Number(m[2])]));
  return places.map(([x, y], k) => {
    const at = new DOMPoint(x, y).matrixTransform(plot.getScreenCTM());
    return {x: at.x, y: at.y, text: texts[k]};
  }).sort((a, b) => a.x - b.x || a.y - b.y);
}"""
#: Ends when a picture has been in one place for twenty frames.
AT_REST = """async plot => {
  for (let was = NaN, same = 0; same < 20; ) {
    await new Promise(requestAnimationFrame);
    const { top } = plot.getBoundingClientRect();
    same = top === was ? same + 1 : 0;
    was = top;
  }
}"""
#: Texts of visible pictures that pass an edge of their view box by more than a pixel.
BEYOND = """() => [...document.querySelectorAll(".plot")].filter(p => p.checkVisibility()).flatMap(plot => {
  const {x, y, width, height} = plot.viewBox.baseVal;
  return [...plot.querySelectorAll("text")].filter(text => {
    const box = text.getBBox();
    const matrix = text.getCTM().inverse().multiply(plot.getCTM()).inverse();
    const corners = [[box.x, box.y], [box.x + box.width, box.y + box.height]]
      .map(([a, b]) => new DOMPoint(a, b).matrixTransform(matrix));
    return corners.some(c => c.x < x - 1 || c.x > x + width + 1 || c.y < y - 1 || c.y > y + height + 1);
  }).map(text => `${plot.parentElement.id}: ${text.textContent}`);
})"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    page(fake_everything(folder))
    return folder / "report.html"


@pytest.fixture(params=[PHONE, SCREEN], ids=["phone", "screen"])
def opened(browser, report: Path, request: pytest.FixtureRequest) -> Iterator[Opened]:
    here = Opened(browser, report, **request.param)
    here.tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    yield here
    here.close()


def shown(here: Opened, figure: str):
    return here.tab.locator(f"#{figure} .plot:visible")


def come_to_rest(plot) -> None:
    """Scroll to a picture, and wait until it stays where it is, as when tables above it have got ready."""
    plot.scroll_into_view_if_needed()
    plot.evaluate(AT_REST)


def nearest_alone(markers: list[dict], reach: float) -> dict:
    """A marker with no other near."""
    return next(
        m for m in markers if all(math.hypot(m["x"] - o["x"], m["y"] - o["y"]) > reach for o in markers if o is not m)
    )


def test_one_drawing_is_shown_as_wide_as_its_place(opened: Opened) -> None:
    width = opened.tab.viewport_size["width"]
    figures = opened.tab.locator("figure").all()
    assert len(figures) > 20
    for figure in figures:
        seen = figure.locator(".plot:visible")
        assert seen.count() == 1
        kind = seen.get_attribute("class").removeprefix("plot ")
        assert kind == "once" or kind == ("narrow" if width == 390 else "wide")
        box = seen.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert width > 390 or box["width"] == 350  # as drawn: nothing is shrunk


def test_no_text_of_a_picture_is_cut(opened: Opened) -> None:
    assert opened.tab.evaluate(BEYOND) == []


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    fake_hostile(folder, CONFIG)
    page(folder)
    return folder / "report.html"


@pytest.mark.parametrize("viewport", [PHONE, SCREEN], ids=["phone", "screen"])
def test_no_hostile_text_is_cut_or_made_an_element(browser, hostile: Path, viewport: dict) -> None:
    here = Opened(browser, hostile, **viewport)
    here.tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert here.tab.evaluate(BEYOND) == []
    assert here.tab.locator("figure img, figure iframe, figure script, figure a, figure foreignObject").count() == 0
    plot = shown(here, "house-forest")
    plot.focus()
    for _ in plot.evaluate(MARKERS):
        here.tab.keyboard.press("ArrowRight")
    assert here.tab.locator(".tippy-content *").count() == 0
    here.close()


@pytest.mark.parametrize("viewport", [PHONE, SCREEN], ids=["phone", "screen"])
def test_no_text_of_the_comparison_is_cut(browser, tmp_path: Path, viewport: dict) -> None:
    path = tmp_path / "report.html"
    write_comparison(fake_comparison(tmp_path), path, tmp_path / "figures", tmp_path / "tables")
    here = Opened(browser, path, **viewport)
    assert here.tab.evaluate(BEYOND) == []
    here.close()


def test_arrow_keys_go_from_marker_to_marker(opened: Opened) -> None:
    plot = shown(opened, "house-flat")
    markers = plot.evaluate(MARKERS)
    said = "document.activeElement.getAttribute('aria-label')"
    plot.focus()
    seen = []
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "Home", "PageDown"):
        opened.tab.keyboard.press(key)
        seen.append(opened.tab.evaluate(said))
        playwright.expect(opened.tab.locator(".tippy-content")).to_have_text(seen[-1])
    tenth = math.ceil(len(markers) / 10)
    assert seen == [markers[k]["text"] for k in (0, 1, 2, 1, -1, -1, 0, tenth)]
    opened.tab.keyboard.press("Escape")
    playwright.expect(opened.tab.locator(".tippy-content")).to_have_count(0)
    assert opened.tab.evaluate("document.activeElement.classList.contains('plot')")


def test_a_picture_is_one_stop_of_the_tab_key(opened: Opened) -> None:
    plot = shown(opened, "house-flat")
    plot.focus()
    opened.tab.keyboard.press("ArrowRight")
    opened.tab.keyboard.press("Tab")
    assert opened.tab.evaluate("document.activeElement.closest('figure')?.id") != "house-flat"
    playwright.expect(opened.tab.locator(".tippy-content")).to_have_count(0)
    stops = opened.tab.locator("figure [tabindex='0']:visible").count()
    assert stops == opened.tab.locator("figure .plot:visible:has(.markers)").count() > 5


def test_a_pointer_need_not_be_on_the_marker(opened: Opened) -> None:
    plot = shown(opened, "house-bills-map")
    come_to_rest(plot)
    marker = nearest_alone(plot.evaluate(MARKERS), 25)
    opened.tab.mouse.move(marker["x"] + 6, marker["y"] - 5)
    playwright.expect(opened.tab.locator(".tippy-content")).to_have_text(marker["text"])
    opened.tab.mouse.move(1, 1)
    playwright.expect(opened.tab.locator(".tippy-content")).to_have_count(0)


def test_a_finger_shows_the_nearest_marker(browser, report: Path) -> None:
    here = Opened(browser, report, **PHONE, has_touch=True, is_mobile=True)
    plot = shown(here, "house-bills-map")
    come_to_rest(plot)
    marker = nearest_alone(plot.evaluate(MARKERS), 45)
    here.tab.touchscreen.tap(marker["x"] + 14, marker["y"] + 8)
    playwright.expect(here.tab.locator(".tippy-content")).to_have_text(marker["text"])
    here.close()


def test_in_print_pictures_are_whole_and_folded_ones_are_there(opened: Opened) -> None:
    opened.tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    opened.tab.emulate_media(media="print")
    for figure in opened.tab.locator("figure").all():
        assert figure.evaluate("f => getComputedStyle(f).breakInside") == "avoid"
        assert figure.locator(".plot:visible").count() == 1
