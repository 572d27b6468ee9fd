"""The first screen of a page, and the names of the session and its chambers."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from report_files import CONFIG, HOSTILE, HOUSE, Tree, edit_json, fail, fake_results, page, read_rows, write_csv
from statistics_files import fake_everything

from tallgrass_models.config import specs
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.draws.modes import ChainMode, describe
from tallgrass_models.report.files.data import UnitResults
from tallgrass_models.report.page.words import naming
from tallgrass_models.report.sections.medians import median_of
from tallgrass_models.report.sections.reading import modes_text
from tallgrass_models.votes.naming import ChamberNames
from tallgrass_models.votes.unit import Unit

pytestmark = pytest.mark.usefixtures("no_pictures")

ASSEMBLY = replace(
    CONFIG, session=replace(CONFIG.session, title="Somewhere, 2017–2018", chamber_names={"house": "Assembly"})
)


def first(tree: Tree) -> str:
    return " ".join(tree.text["first"].split())


def named(config: ExperimentConfig, **words: object) -> ExperimentConfig:
    return replace(config, session=replace(config.session, **words))


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = fake_everything(tmp_path_factory.mktemp("renamed"), ASSEMBLY)
    for path in (*folder.rglob("*.csv"), *folder.rglob("*.json")):  # names of members say nothing of chambers here
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\b(Dem|Rep) (House|Senate) (\d+)", r"\1 Member \3", text), encoding="utf-8")
    return folder, page(folder, ASSEMBLY)


def body(html: str) -> str:
    """What people read and hear of a page: texts and labels, without scripts, data, styles and code."""
    shown = html[html.index("<body") :]
    shown = re.sub(r"<(script|style|pre|code)\b.*?</\1>", "", shown, flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|alt)="([^"]*)"', shown)
    return re.sub(r"<[^>]*>", " ", shown) + " ".join(labels)


def test_a_renamed_chamber_has_its_old_name_nowhere(renamed: tuple[Path, str]) -> None:
    folder, html = renamed
    text = body(html)
    found = [text[max(0, m.start() - 60) : m.end() + 30] for m in re.finditer(r"\b(House|[Rr]epresentatives?)\b", text)]
    assert found == []
    assert "Assembly against Senate" in text
    assert "the Senate’s median is right of the Assembly’s" in text
    assert "<title>Somewhere, 2017–2018" in html
    pictures = [path for path in (folder / "figures").glob("*.svg") if "House" in path.read_text(encoding="utf-8")]
    assert pictures == []
    heads = [
        line for path in (folder / "tables").glob("*.csv") for line in path.read_text(encoding="utf-8").split("\n")
    ]
    assert heads
    assert not [line for line in heads if "House" in line]


def test_other_names_start_nothing_but_texts_again() -> None:
    """Not the votes, the fits, their tables, checks or link: only what is written for people."""
    for unit in CONFIG.units:
        for spec in (specs.fit_spec_json, specs.summary_spec_json, specs.check_spec_json, specs.draw_tables_spec_json):
            assert spec(CONFIG, unit) == spec(ASSEMBLY, unit)
    assert specs.data_spec_json(CONFIG.session) == specs.data_spec_json(ASSEMBLY.session)
    assert specs.link_spec_json(CONFIG) == specs.link_spec_json(ASSEMBLY)
    assert specs.report_spec_json(CONFIG) != specs.report_spec_json(ASSEMBLY)
    assert specs.metrics_spec_json(CONFIG) != specs.metrics_spec_json(ASSEMBLY)


def test_names_without_configuration() -> None:
    names = ChamberNames.of({"senate": "House of Lords"})
    assert (names.title("house"), names.title("senate"), names.title("joint")) == (
        "House",
        "House of Lords",
        "Both chambers together",
    )
    assert (names.whose("house"), ChamberNames.of({"house": "House of Delegates"}).whose("house")) == (
        "House’s",
        "House of Delegates’",
    )
    congress = SessionConfig("us", source="voteview", options={"congress": 112})
    assert congress.heading == "112th United States Congress"
    assert replace(congress, title="Mine").heading == "Mine"
    assert SessionConfig("demo").heading == "Simulated session"
    assert SessionConfig("mine", source="tallgrass").heading == "mine"


def test_the_header_has_title_and_dates(tmp_path: Path) -> None:
    fake_results(tmp_path, HOUSE)
    bills = read_rows(tmp_path / "house" / "bills.csv")
    bills[3]["date"], bills[7]["date"] = "2025-01-13", "2025-06-02"
    write_csv(tmp_path / "house" / "bills.csv", bills)
    tree = Tree(page(tmp_path, HOUSE))
    head = " ".join(tree.text[""].split())
    assert "Roll calls from 13 January 2025 to 2 June 2025" in head
    assert "Experiment positive_beta: discrimination constrained to be positive. Session demo." in head
    write_csv(tmp_path / "house" / "bills.csv", [bill | {"date": ""} for bill in bills])
    assert "Roll calls from" not in " ".join(Tree(page(tmp_path, HOUSE)).text[""].split())


def test_one_chamber_has_no_section_on_two(tmp_path: Path) -> None:
    fake_everything(tmp_path, HOUSE)
    html = page(tmp_path, HOUSE)
    tree = Tree(html)
    assert not {"compared", "joint", "linking", "right-of", "external", "senate"} & tree.text.keys() - {"external"}
    assert "house-changed" not in html  # nothing to compare with
    assert "joint" not in [attrs.get("id") for _, attrs in tree.tags]
    for absent in ("linking.json", "right_of.nc", "second chamber", "each chamber has"):
        assert absent not in body(html)


def test_a_file_that_should_be_there_is_named(tmp_path: Path) -> None:
    fake_everything(tmp_path)
    (tmp_path / "linking.json").unlink()
    assert "linking.json is missing" in Tree(page(tmp_path)).text["linking"]


def test_at_most_five_sentences_and_boxes(renamed: tuple[Path, str]) -> None:
    html = renamed[1]
    screen = html[html.index('<section id="first"') : html.index('<section id="findings"')]
    told = re.findall(r"<li>(.*?)</li>", screen, flags=re.DOTALL)
    assert 1 <= len(told) <= 5
    assert "not “moderate”" in told[-1]
    boxes = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", screen)
    assert ("members", "46") in boxes  # 32 and 14
    assert ("converged", "✓ 3 of 3") in boxes
    assert 'href="#left-out">2 of 48 people are left out</a>: <bdi>Rarely There</bdi>' in screen  # one of each chamber
    assert 'href="#model"' in screen
    assert screen.count("<figure") == 2


@pytest.mark.parametrize(("unusual", "told"), [(0, False), (2, False), (8, True)])
def test_features_that_are_clearly_missed_are_told_at_once(tmp_path: Path, unusual: int, told: bool) -> None:
    """At 0.65 expected by chance, 2 are no reason for concern, and 8 are one."""
    folder = fake_everything(tmp_path, HOUSE)
    path = folder / "house/check.json"
    predictive = json.loads(path.read_text(encoding="utf-8"))["predictive"]
    counts = {"n_compared": 13, "n_unusual": unusual, "n_expected": 0.65}
    edit_json(path, predictive=predictive | counts)
    text = first(Tree(page(folder, HOUSE)))
    assert ("but it misses 8 of 13 features of the votes (0.7 expected by chance)." in text) is told
    assert ("it misses" in text) is told


def test_what_did_not_converge_comes_first_and_has_no_picture(tmp_path: Path) -> None:
    fake_everything(tmp_path)
    fail(tmp_path)
    html = page(tmp_path)
    screen = html[html.index('<section id="first"') : html.index('<section id="findings"')]
    assert screen.index("NOT CONVERGED: House") < screen.index('class="boxes"')
    assert 'id="house-strip"' not in screen
    assert 'id="senate-strip"' in screen
    assert "What this fit says of parties and members is withheld" in screen
    assert "The median of the House" not in screen


def pivot(between: float, members: dict[str, float]) -> UnitResults:
    ends = {f"{end}_{key}": x for end, mean in (("low", -0.2), ("high", 0.4)) for key, x in _moments(mean).items()}
    row = {"chamber": "house", "pivot": "chamber_median", "p_between": between, **ends}
    row |= {f"position_{key}": x for key, x in _moments(0.1).items()}
    held = [{"pivot": "chamber_median", "name": n, "party": "Republican", "probability": p} for n, p in members.items()]
    return UnitResults(Unit.HOUSE, {}, rows={"pivots": [row], "pivot_members": held})


def _moments(mean: float) -> dict[str, float]:
    return {"mean": mean, "q05": mean - 0.1, "q95": mean + 0.1}


@pytest.mark.parametrize(
    ("between", "members", "label", "told", "ends"),
    [
        (0.0, {"Ann": 0.97}, "median: Ann (R), +0.10", "is Ann (R), at +0.10", (0.1, 0.1)),
        (0.0, {"Ann": 0.6}, "median: Ann (R), +0.10", "is probably Ann (R) (probability 0.60), at +0.10", (0.1, 0.1)),
        (
            0.0,
            {"Ann": 0.2},
            "median: uncertain who, +0.10",
            "stands at +0.10, and the votes do not settle who it is",
            (0.1, 0.1),
        ),
        (
            1.0,
            {"Ann": 0.49, "Bo": 0.48},
            "median between Ann (R) and Bo (R), −0.20 and +0.40",
            "lies between Ann (R) and Bo (R), at −0.20 and +0.40",
            (-0.2, 0.4),
        ),
        (
            1.0,
            {"Ann": 0.49, "Bo": 0.2},
            "median between two members, one of them Ann (R), −0.20 and +0.40",
            "lies between two members, at −0.20 and +0.40; one is Ann (R), and the other is uncertain",
            (-0.2, 0.4),
        ),
    ],
    ids=["certain", "probable", "open", "even", "even, half open"],
)
def test_medians_of_odd_and_even_chambers(
    between: float, members: dict[str, float], label: str, told: str, ends: tuple[float, float]
) -> None:
    found = median_of(pivot(between, members), "the members")
    assert found is not None
    assert (found.label, found.told.striptags()) == (label, told)
    assert (found.low.mean, found.high.mean) == ends


def test_hostile_titles_are_inert(tmp_path: Path) -> None:
    config = named(HOUSE, title="".join(HOSTILE[:4]))
    tree = Tree(page(fake_results(tmp_path, HOUSE), config))
    assert not [tag for tag, attrs in tree.tags if tag in ("img", "iframe") or "onerror" in attrs]
    assert "".join(HOSTILE[:4]) in tree.text[""]


def test_contents_name_the_subsections(renamed: tuple[Path, str]) -> None:
    html = renamed[1]
    nav = html[html.index("<nav") : html.index("</nav>")]
    ids = {attrs["id"] for _, attrs in Tree(html).tags if attrs.get("id")}
    links = re.findall(r'href="#([^"]+)"', nav)
    assert set(links) <= ids
    assert {"house", "house-points", "house-converged", "left-out"} <= set(links)
    assert json.dumps(links).count('"house-') >= 8


def test_a_mirrored_chain_is_told_with_the_name_of_the_chamber() -> None:
    """Told in the words of `draws.modes.describe`, which knows chambers by their keys only."""
    lost = ChainMode(1, "mirrored", "house", {"house": -2.0}, {"house": -0.9}, -5.0, -3.0, 1.0)
    unit = UnitResults(Unit.HOUSE, {"chain_modes": describe([lost])})
    with naming(ChamberNames(house="Assembly")):
        assert modes_text(unit).startswith("chain 2 is mirrored in the Assembly, and its mean log density")
    assert modes_text(unit).startswith("chain 2 is mirrored in the House,")


def test_an_end_is_named_only_where_one_member_probably_stands_there(tmp_path: Path) -> None:
    folder = fake_everything(tmp_path, HOUSE)
    rows = read_rows(folder / "house/ideal_points.csv")
    ordered = sorted(rows, key=lambda row: float(row["position_mean"]))
    for row in rows:
        row["p_leftmost"] = 0.49 if row is ordered[0] else 0.01
        row["p_rightmost"] = 0.51 if row is ordered[-1] else 0.01
    write_csv(folder / "house/ideal_points.csv", rows)
    (label,) = re.findall(r'aria-label="(Strip of [^"]*)"', page(folder, HOUSE))[:1]
    assert "Leftmost: uncertain who, −" in label
    assert f"Rightmost: {ordered[-1]['name']} (R) +" in label
