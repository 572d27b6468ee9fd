"""Pictures: what they say of themselves, how they are written as SVG, and where names stand."""

import math
import random
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import jinja2
import pytest
from comparison_files import fake_comparison
from report_files import CONFIG, HOSTILE, HOUSE, fake_hostile, fake_members, fake_results, page
from statistics_files import fake_everything

from tallgrass_models.files.pictures import title_of
from tallgrass_models.report.comparison_page import write_comparison
from tallgrass_models.report.files.records import Member
from tallgrass_models.report.page import measure, svg
from tallgrass_models.report.page.placing import outstanding, place
from tallgrass_models.report.page.plots import ENDS, Curve, Words, curves, legend_columns
from tallgrass_models.report.page.tidy import number
from tallgrass_models.report.sections.figures import by_party

SVG = "{http://www.w3.org/2000/svg}"


def everything(folder: Path) -> str:
    return page(fake_everything(folder))


def hostile(folder: Path) -> str:
    fake_hostile(folder, CONFIG)
    return page(folder)


def comparison(folder: Path) -> str:
    write_comparison(fake_comparison(folder), folder / "report.html", folder / "figures", folder / "tables")
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=[everything, hostile, comparison], ids=lambda make: make.__name__)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    make: Callable[[Path], str] = request.param
    folder = tmp_path_factory.mktemp(make.__name__)
    return make(folder), folder / "figures"


def drawings(html: str) -> list[ET.Element]:
    return [ET.fromstring(text) for text in re.findall(r'<svg [^>]*class="plot .*?</svg>', html, re.DOTALL)]


def test_every_file_says_what_it_shows_and_what_of(made: tuple[str, Path]) -> None:
    html, folder = made
    files = sorted(folder.glob("*.svg"))
    assert {path.stem for path in files} == set(re.findall(r'<figure id="(.*?)"', html))
    titles = []
    for path in files:
        root = ET.parse(path).getroot()
        assert root[0].tag == f"{SVG}title"
        assert root[1].tag == f"{SVG}desc"
        titles.append(root[0].text or "")
        assert len(root[1].text or "") > 60
        shown = [text.text or "" for text in root.iter(f"{SVG}text")]
        assert " ".join(shown).startswith(" ".join(titles[-1].split())[:40])
        assert re.search("experiment positive_beta|comparison of 4 experiments", " ".join(shown))
    assert len(titles) == len(set(titles))


def test_captions_of_snakemake_know_every_picture(made: tuple[str, Path]) -> None:
    templates = Path(__file__).parents[1] / "workflow" / "report"
    compared = not list(made[1].glob("house-*"))
    text = (templates / ("comparison_figure.rst" if compared else "figure.rst")).read_text(encoding="utf-8")
    for path in made[1].glob("*.svg"):
        wildcards = SimpleNamespace(figure=path.stem, experiment="positive_beta")
        caption = jinja2.Template(text).render(snakemake=SimpleNamespace(wildcards=wildcards)).strip()
        assert len(caption.split("\n")[0]) > 40, path.stem
        assert f"``{path.stem}``" in caption


def test_the_title_of_a_file_is_what_snakemake_shows(tmp_path: Path) -> None:
    path = tmp_path / "x.svg"
    assert title_of(path) == "x"
    path.write_text("<svg>")
    assert title_of(path) == "x"
    drawn = svg.draw("x", "Something to see.", 40, lambda figure: {}, "A {hostile} title & more")
    path.write_text(svg.render(drawn).alone("How to read it."), encoding="utf-8")
    assert title_of(path) == "A (hostile) title & more"


def test_pictures_are_drawn_for_screens_and_for_phones(made: tuple[str, Path]) -> None:
    html, _ = made
    found = drawings(html)
    kinds = [root.get("class", "").removeprefix("plot ") for root in found]
    assert kinds.count("wide") == kinds.count("narrow") > 0
    for root, kind in zip(found, kinds, strict=True):
        width = float(root.get("viewBox", "").split()[2])
        assert width == (640 if kind == "wide" else 350)
        assert kind == "narrow" or len(root.get("aria-label", "")) > 40


def test_the_phone_has_the_markers_of_the_screen_in_the_same_order(made: tuple[str, Path]) -> None:
    """Scripts take the texts of both from the first."""
    found = drawings(made[0])
    pairs = [(a, b) for a, b in pairwise(found) if b.get("class") == "plot narrow"]
    assert pairs
    for wide, narrow in pairs:
        places = [[markers(group) for group in root.iter("g") if group.get("class")] for root in (wide, narrow)]
        texts = [d.text or "" for d in wide.iter("desc")]
        assert not list(narrow.iter("desc"))
        assert [len(at) for at in places[0]] == [len(at) for at in places[1]] == [len(t.split("\n")) for t in texts]
        for a, b in zip(*places, strict=True):  # no lower or higher in one than in the other
            assert order(y for _, y in a) == order(y for _, y in b) or len({y for _, y in a}) < len(a)


def markers(group: ET.Element) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)", group[0].get("d", ""))]


def order(values) -> list[int]:
    values = list(values)
    return sorted(range(len(values)), key=lambda k: values[k])


def test_pictures_in_the_page_have_no_ids_and_nothing_to_run(made: tuple[str, Path]) -> None:
    allowed = {"svg", "g", "path", "text", "desc"}
    attributes = {"d", "x", "y", "style", "class", "transform", "viewBox", "role", "aria-label"}
    for root in drawings(made[0]):
        assert {e.tag for e in root.iter()} <= allowed
        assert {key for e in root.iter() for key in e.attrib} <= attributes


def test_files_have_no_element_but_ours_and_ids_of_their_own(made: tuple[str, Path]) -> None:
    seen: set[str] = set()
    for path in made[1].glob("*.svg"):
        root = ET.parse(path).getroot()
        tags = {e.tag.removeprefix(SVG) for e in root.iter()}
        assert tags <= {"svg", "title", "desc", "style", "rect", "g", "defs", "path", "use", "text"}
        ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
        assert not seen & set(ids)
        assert len(ids) == len(set(ids))
        assert {e.attrib["href"][1:] for e in root.iter() if "href" in e.attrib} <= set(ids)
        seen |= set(ids)


def test_hostile_names_stand_in_pictures_as_they_are(made: tuple[str, Path]) -> None:
    html, folder = made
    if "hostile" not in str(folder):
        return
    root = ET.parse(folder / "house-forest.svg").getroot()
    texts = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert any(text.endswith("\u2002" + HOSTILE[0]) for text in texts)
    assert any("$\\frac{a}{b}$" in (t.text or "") for t in root.iter(f"{SVG}title"))
    assert "$\\frac{a}{b}$" in texts_of(html)


def texts_of(html: str) -> str:
    return "\n".join(d.text or "" for root in drawings(html) for d in root.iter("desc"))


def test_files_are_drawn_alike_every_time(tmp_path: Path) -> None:
    comparison(tmp_path)
    files = {path.name: path.read_bytes() for path in (tmp_path / "figures").iterdir()}
    comparison(tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / "figures").iterdir()} == files


def test_a_large_chamber_is_drawn_in_pictures_that_fit_on_a_page(tmp_path: Path) -> None:
    sizes = {"house": {"Democrat": 120, "Republican": 140}}
    html = page(fake_results(tmp_path, HOUSE, sizes), HOUSE)
    files = sorted((tmp_path / "figures").glob("house-forest*.svg"), key=lambda path: path.stem)
    assert [path.stem for path in files] == ["house-forest", "house-forest-2", "house-forest-3"]
    named: list[int] = []
    for path in files:
        root = ET.parse(path).getroot()
        # A4 within margins of 16 and 18 mm is 673 x 986 pixels, and pictures are drawn at most 672 wide.
        assert float(root.attrib["viewBox"].split()[3]) * 672 / 640 < 986
        texts = [t.text or "" for t in root.iter(f"{SVG}text")]
        named += [int(t.partition("\u2002")[0]) for t in texts if "\u2002" in t]
        ticks = [t for t in texts if re.fullmatch(r"−?[\d.]+", t)]
        assert ticks
    assert named == list(range(1, 261))
    assert "Members 88 to 173 of 260, from left to right" in html


def test_tips_of_markers_are_those_of_the_members_at_their_places(tmp_path: Path) -> None:
    """The place of a marker and its text come from different lists."""
    html = page(fake_results(tmp_path, HOUSE), HOUSE)
    forest = ET.fromstring(re.findall(r'<figure id="house-forest".*?(<svg.*?</svg>)', html, re.DOTALL)[0])
    found = []
    for group in (g for g in forest.iter("g") if g.get("class")):
        texts = (group.find("desc").text or "").split("\n")
        found += list(zip(markers(group), texts, strict=True))
    found.sort(key=lambda row: row[0][1])
    places = [float(re.search(r"\): ([+−]?[\d.]+)", text)[1].replace("−", "-")) for _, text in found]
    assert places == sorted(places)
    ends, spread = [found[0][0][0], found[-1][0][0]], places[-1] - places[0]
    for (at, _), position in zip(found, places, strict=True):
        assert abs(ends[0] + (ends[1] - ends[0]) * (position - places[0]) / spread - at[0]) < 2  # pixels


def test_text_is_measured_as_wide_as_browsers_draw_it_or_wider() -> None:
    assert measure.width("i", 10) < measure.width("m", 10) < measure.width("日", 10) + 3
    assert measure.width("", 10) == 0
    assert math.isclose(measure.width("House", 20), 2 * measure.width("House", 10))
    assert measure.width("House", 10, bold=True) > measure.width("House", 10)


@pytest.mark.parametrize("text", ["a few words that need two lines or more", "W" * 90, "x " * 40, HOSTILE[3], ""])
def test_lines_are_no_wider_than_their_room(text: str) -> None:
    lines = measure.wrapped(text, 120, 11)
    assert all(measure.width(line, 11) <= 120 for line in lines)
    assert "".join("".join(lines).split()).startswith("".join(text.split())[:5])
    assert measure.width(measure.fitted(text, 120, 11), 11) <= 120


def test_a_legend_has_as_many_columns_as_fit() -> None:
    assert legend_columns([], 350) == (0, 0)
    assert legend_columns(["a", "b", "c"], 640) == (3, 1)
    assert legend_columns(["Yea is the side of the right"] * 2, 350) == (1, 2)
    assert legend_columns(["x" * 300], 350) == (1, 1)


def test_points_that_stand_out_are_the_ends_and_those_far_from_the_line() -> None:
    x = [float(k) for k in range(20)]
    y = [2 * k + 0.1 * (-1) ** k for k in range(20)]
    y[7] += 9
    assert outstanding(x, y)[:2] == [0, 19]
    assert outstanding(x, y)[2:] == [7]
    assert outstanding(x, [*x[:5], 50.0, *x[6:]], diagonal=True) == [5]
    assert outstanding([], []) == []
    assert outstanding([1.0, 1.0], [2.0, 2.0]) == [0]


def test_names_overlap_neither_each_other_nor_the_edges() -> None:
    crowd = [(float(x), float(y)) for x in range(0, 300, 12) for y in range(0, 200, 12)]
    assert place([(*at, "Somebody") for at in crowd], crowd, (0, 300, 0, 200), 30) == []
    around = [(x, y) for x, y in crowd if x % 48 == 0 and y % 24 == 0]
    wanted = [(*at, f"Member {k}") for k, at in enumerate(around)]
    placed = place(wanted, around, (0, 300, 0, 200), 30)
    assert len(placed) > 10
    boxes = [p.box for p in placed]
    assert all(a[0] >= 0 and a[1] <= 300 and a[2] >= 0 and a[3] <= 200 for a in boxes)
    for k, a in enumerate(boxes):
        assert not any(a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3] for b in boxes[:k])
    assert place(wanted, around, (0, 300, 0, 200), 3) == placed[:3]
    assert place([(5, 5, "there is no room")], [], (0, 10, 0, 10), 3) == []
    (free,) = place([(50.0, 50.0, "a")], [(50.0, 50.0), (60.0, 50.0)], (0, 100, 0, 100), 1)
    assert free.ha == "right"  # on the right it would cover the other


@pytest.mark.parametrize(
    ("value", "text"), [(12.0, "12"), (-0.04, "0"), (0.25, "0.2"), (100.0, "100"), (-7.46, "-7.5"), (0.0, "0")]
)
def test_numbers_are_as_short_as_can_be(value: float, text: str) -> None:
    assert number(value) == text


def test_curves_say_where_left_and_right_are_on_a_phone_too() -> None:
    words = Words("c", "Curves of a bill, one of them.", "", f"← left{ENDS}{'position ' * 8}{ENDS}right →", "p")
    drawn = svg.render(curves(words, [Curve("a", [0, 1], [0, 1])]).svg)
    wide, narrow = drawings(drawn.inline)
    assert any("← left" in (t.text or "") and "right →" in (t.text or "") for t in wide.iter("text"))
    ends = {t.text: float(t.get("x", "0")) for t in narrow.iter("text")}
    assert ends["← left"] < ends["right →"] <= svg.NARROW


def test_a_picture_without_a_title_takes_the_beginning_of_its_text() -> None:
    drawn = svg.draw("x", "Something to see. And more.", 40, lambda figure: {})
    assert "<text" in svg.render(drawn).inline
    assert ">Something to see</text>" in svg.render(drawn).inline


def test_members_of_no_large_party_are_drawn_together(tmp_path: Path) -> None:
    names = set(Member.__dataclass_fields__)
    rows = fake_members("house", {"Democrat": 2, "Republican": 2}, random.Random(1), False)
    members = [Member(**{k: v for k, v in row.items() if k in names}) for row in rows]
    members[0] = replace(members[0], party="Green")
    members[1] = replace(members[1], party="Independent")
    assert {key[0]: len(found) for key, found in by_party(members).items()} == {"Republican": 2, "Other": 2}
