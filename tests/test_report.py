"""The page: its numbers against the files, what is missing, what is hostile, and that it stands alone."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from report_files import (
    CONFIG,
    HOSTILE,
    HOUSE,
    POSITIVE,
    Tree,
    edit_csv,
    edit_json,
    fail,
    fake_hostile,
    fake_results,
    outputs,
    page,
    read_rows,
    report_inputs,
    write_bare,
    write_csv,
)

from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.report.page.page import _SCRIPTS
from tallgrass_models.report.report_page import write_report
from tallgrass_models.wording.priors import prior_words

pytestmark = pytest.mark.usefixtures("no_pictures")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fake_results(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def html(folder: Path) -> str:
    return page(folder)


# --- the numbers ------------------------------------------------------------------------------------------------------


def minus(text: str) -> str:
    return text.replace("-", "−")


@pytest.mark.parametrize("unit", CONFIG.units)
def test_tables_hold_the_numbers_of_the_files(folder: Path, html: str, unit: str) -> None:
    tree = Tree(html)
    members = sorted(read_rows(folder / unit / "ideal_points.csv"), key=lambda r: float(r["position_mean"]))
    shown = tree.tables[f"{unit}-members"][1:]
    assert [row[0] for row in shown] == [m["name"] for m in members]
    assert [row[-6] for row in shown] == [minus(f"{float(m['position_mean']):+.2f}") for m in members]
    parties, files = tree.tables[f"{unit}-parties"][1:], read_rows(folder / unit / "parties.csv")
    for place, key in ((-8, "position_mean"), (-4, "mu_mean")):  # of the members, and of the model's population
        assert [row[place] for row in parties] == [minus(f"{float(p[key]):+.2f}") for p in files]
    betas = sorted((float(b["discrimination_mean"]) for b in read_rows(folder / unit / "bills.csv")), reverse=True)
    assert [row[-3] for row in tree.tables[f"{unit}-bills-most"][1:]] == [f"+{b:.2f}" for b in betas[:8]]
    assert [row[-3] for row in tree.tables[f"{unit}-bills-least"][1:]] == [f"+{b:.2f}" for b in betas[:-9:-1]]


def test_findings_name_the_ends_and_the_middle(folder: Path, html: str) -> None:
    text = " ".join(Tree(html).text["findings"].split())
    members = sorted(read_rows(folder / "house" / "ideal_points.csv"), key=lambda r: float(r["position_mean"]))
    place = {m["name"]: minus(f"{float(m['position_mean']):+.2f}") for m in members}
    left, right = members[0]["name"], members[-1]["name"]
    democrat = [m["name"] for m in members if m["party"] == "Democrat"][-1]
    republican = next(m["name"] for m in members if m["party"] == "Republican")
    assert f"The leftmost member is probably {left} (D) (probability 0.70) at {place[left]} (90 % interval" in text
    assert f"rank 1–4 of 32). The rightmost member is {right} (R) at {place[right]}" in text
    assert f"The rightmost Democrat is probably {democrat} (D) (probability 0.80) at {place[democrat]}" in text
    assert f"The leftmost Republican is probably {republican} (R) (probability 0.80) at {place[republican]}" in text
    assert "stand 8.2 times as far apart as members typically stand from the average of their own party" in text
    assert "Party accounts for 92 % of the variance between the members (90 % interval 90 % to 94 %)" in text
    assert "on average (90 % interval" not in text  # averages are -1 and +1 by definition: nothing to say


def test_findings_compare_the_gaps_of_the_chambers(html: str) -> None:
    text = " ".join(Tree(html).text["findings"].split())  # means -7 and 5, in the Senate 10 % further out
    assert "the Senate’s Democrats average −1.12 (90 % interval −1.22 to −1.02) and its Republicans +1.08" in text
    assert "further apart in the Senate: the distance between the parties’ averages is 1.10 times as large" in text


def test_the_scale_is_said_on_axes_and_tables(tmp_path: Path, html: str) -> None:
    text = Tree(html).text
    assert "Positions are counted so that the Democrats average −1 and the Republicans +1." in text["house"]
    assert "Positions are counted so that the House’s Democrats average −1" in text["joint"]
    fake_results(tmp_path, HOUSE)
    path = tmp_path / "house" / "summary.json"
    scale = json.loads(path.read_text(encoding="utf-8"))["scale"]
    edit_json(path, scale=[scale[0] | {"kind": "spread"}])
    text = Tree(page(tmp_path, HOUSE)).text
    assert "Positions are standard deviations from the chamber’s average" in text["house"]
    assert "On average, the 12 Democrats stand at −1.00 (90 % interval" in text["findings"]
    assert "times as far apart as members typically stand" not in text["findings"]


def test_medians_against_the_averages_are_told_even_when_converged(tmp_path: Path, html: str) -> None:
    """One Democrat far left and one Republican far right carry the averages; all others stand the other way round."""
    fake_results(tmp_path, HOUSE)
    path = tmp_path / "house" / "ideal_points.csv"
    rows = read_rows(path)
    side = {"Democrat": 1.0, "Republican": -1.0}
    for row in rows:
        row["position_mean"] = side[row["party"]]
    rows[0]["position_mean"], rows[-1]["position_mean"] = -60, 60
    write_csv(path, rows)
    text = Tree(page(tmp_path, HOUSE)).text
    for section in ("findings", "house"):
        assert "House: read left and right with care. The median Republican (−1.00) stands left of" in text[section]
    assert "read left and right with care" not in html


def test_a_long_list_of_the_dropped_is_cut_and_says_so(tmp_path: Path) -> None:
    fake_results(tmp_path, HOUSE)
    call = {"kind": "roll call", "name": "HB 1", "reason": "near-unanimous", "value": 0.01}
    member = {"kind": "legislator", "name": "Rarely There", "reason": "few votes", "value": 3}
    rows = [{"id": str(k), **call} for k in range(600)] + [{"id": "m", **member}]
    write_csv(tmp_path / "house_dropped.csv", rows)
    tree = Tree(page(tmp_path, HOUSE))
    shown = read_rows(tmp_path / "tables" / "house-dropped.csv")
    assert len(shown) == 500
    assert shown[0]["name"] == "Rarely There"
    assert "These are the first 500. house_dropped.csv has all." in tree.text["data"]
    assert ["House", "roll call", "near-unanimous", "600"] in tree.tables["dropped-reasons"]


@pytest.mark.parametrize(
    ("prior", "said"),
    [(POSITIVE, "keeps discrimination positive"), (BetaPriorSpec("normal", {"mu": 0, "sigma": 1}), "take either sign")],
    ids=["positive", "either sign"],
)
def test_prior_is_named_and_explained(tmp_path: Path, prior: BetaPriorSpec, said: str) -> None:
    config = replace(HOUSE, beta_prior=prior)
    text = Tree(page(fake_results(tmp_path, config), config)).text
    assert said in text["findings"]
    assert prior_words(prior) in text["findings"]
    assert prior_words(prior) in text["model"]


def test_what_was_dropped_is_counted_by_reason(html: str) -> None:
    rows = Tree(html).tables["dropped-reasons"][1:]
    assert ["House", "roll call", "near-unanimous", "2"] in rows
    assert ["Senate", "member", "few votes", "1"] in rows
    assert "Rarely There" in Tree(html).text["data"]


def test_settings_seeds_and_hashes_are_stated(html: str) -> None:
    text = Tree(html).text["reproduce"]
    for said in ("11, 12, 13, 14", "hash-house", "hash-h, hash-s", "spec-joint", "6.1.0", "4 chains on 2 CPUs"):
        assert said in text


# --- convergence ------------------------------------------------------------------------------------------------------


def test_non_convergence_is_loud_and_names_the_offender(tmp_path: Path) -> None:
    fail(fake_results(tmp_path))
    tree = Tree(page(tmp_path))
    findings = " ".join(tree.text["findings"].split())
    assert findings.index("NOT CONVERGED: House.") < 40  # the first thing after the title
    assert "R-hat of the ideal points (xi) reaches 1.534 at Dem House 0 (House, Democrat) and is not" in findings
    assert "only 53 effective draws (bulk ESS) for the discriminations of bills (beta) at HB 2003" in findings
    assert "This fit did not converge" in tree.text["house"]
    assert "This fit did not converge" not in tree.text["senate"]
    assert "R-hat of xi reaches 1.534 at dem_house_0" in tree.text["house"]
    withheld = "What this fit says of parties and members is withheld: this fit has not converged."
    assert findings.count(withheld) == 2  # in place of the picture, and in full
    assert findings.count("The leftmost member is") == 1  # the Senate's
    assert tree.tables["glance"][1][3:7] == ["–"] * 4
    assert tree.tables["glance"][2][3:6] == ["8.2", "0.25", "0.25"]
    assert tree.tables["house-convergence"][1][-1] == "✗ failed"
    assert tree.tables["senate-convergence"][1][-1] == "✓ passed"


def test_convergence_is_said_plainly(html: str) -> None:
    text = Tree(html).text
    assert "All 3 fits converged." in text["findings"]
    assert "NOT CONVERGED" not in html
    assert "Divergences: 0 among 8,000 draws (limit 8). E-BFMI by chain: 0.90, 0.91, 0.92 and 0.93." in text["senate"]


def test_a_statistic_that_is_not_known_fails_the_gate(tmp_path: Path) -> None:
    fail(fake_results(tmp_path, HOUSE))
    path = tmp_path / "house" / "summary.json"
    convergence = json.loads(path.read_text(encoding="utf-8"))["convergence"]
    convergence["blocks"][0]["rhat_max"] = None
    edit_json(path, convergence=convergence)
    assert "R-hat of the ideal points (xi) reaches – at" in Tree(page(tmp_path, HOUSE)).text["findings"]


# --- what is missing says so ------------------------------------------------------------------------------------------


def test_missing_units_and_tables_say_so(tmp_path: Path) -> None:
    fake_results(tmp_path)
    (tmp_path / "senate" / "summary.json").unlink()
    (tmp_path / "joint" / "summary.json").unlink()
    for name in ("ideal_points", "bills", "parties"):
        (tmp_path / "house" / f"{name}.csv").unlink()
    (tmp_path / "platform.json").unlink()
    (tmp_path / "house_dropped.csv").unlink()
    text = Tree(page(tmp_path)).text
    assert "No results were found for: Senate and Both chambers together." in text["findings"]
    assert "no results" in text["senate"]
    assert "no results" in text["joint"]
    for name in ("ideal_points.csv", "bills.csv", "parties.csv"):
        assert name in text["house"]
    assert "No list of dropped members and roll calls was found for: House." in text["data"]
    assert "platform.json" in text["reproduce"]


def test_nothing_at_all_still_makes_a_page(tmp_path: Path) -> None:
    tree = Tree(page(tmp_path))
    assert "There are no results to judge." in tree.text["findings"]


def test_an_empty_summary_says_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "summary.json").write_text('{"unit": "house"}', encoding="utf-8")
    text = Tree(page(tmp_path)).text
    assert "NOT CONVERGED: House." in text["findings"]
    assert "convergence was not recorded" in text["findings"]
    assert "records no convergence statistics" in text["house"]


def test_no_joint_model_and_one_chamber(tmp_path: Path) -> None:
    text = Tree(page(fake_results(tmp_path, HOUSE), HOUSE)).text
    assert not {"senate", "compared", "joint", "linking", "right-of"} & text.keys()


def test_real_sessions_do_not_speak_of_truth(tmp_path: Path) -> None:
    config = replace(HOUSE, session=SessionConfig("us-119", "voteview", "data", options={"congress": 119}))
    text = Tree(page(fake_results(tmp_path, config), config)).text
    assert "The session is simulated" not in text["findings"]
    assert "Compared with the simulated truth" not in text["house"]


def test_damaged_files_are_named(tmp_path: Path) -> None:
    fake_results(tmp_path)
    edit_csv(tmp_path / "house" / "ideal_points.csv", 4, position_mean="many")
    with pytest.raises(UserError, match=r"ideal_points\.csv, row 6, column 'position_mean': 'many' is not a number"):
        page(tmp_path)
    write_bare(tmp_path / "house" / "ideal_points.csv", [{"legislator": "a", "name": "A"}])
    with pytest.raises(
        UserError, match=r"ideal_points\.csv: no column chamber, party, district.*run the step 'summarize' again"
    ):
        page(tmp_path)


def test_results_of_other_settings_are_refused(tmp_path: Path) -> None:
    fake_results(tmp_path)
    other = replace(CONFIG, beta_prior=BetaPriorSpec("halfnormal", {"sigma": 1}))
    with pytest.raises(UserError, match="house: fitted with beta_prior"):
        page(tmp_path, other)


# --- the document -----------------------------------------------------------------------------------------------------


def test_hostile_names_render_inert(tmp_path: Path, html: str) -> None:
    config = replace(CONFIG, description=HOSTILE[0])
    fake_hostile(tmp_path, config)
    hostile = page(tmp_path, config)
    seen, usual = Tree(hostile), Tree(html)
    assert {tag for tag, _ in seen.tags} <= {"br"} | {
        tag for tag, _ in usual.tags
    }  # the verdict on what failed has several lines
    assert {key for _, attrs in seen.tags for key in attrs} <= {key for _, attrs in usual.tags for key in attrs}
    assert HOSTILE[0] in seen.text["house"]
    assert not re.search("[\x00-\x08\x0e-\x1f]", hostile)


def test_page_stands_alone(html: str) -> None:
    for tag, attrs in Tree(html).tags:
        assert tag not in {"iframe", "object", "embed", "img"}
        assert "src" not in attrs
        for key in ("href", "xlink:href"):
            assert (attrs.get(key) or "#").startswith(("#", "data:,"))
    bare = re.sub("<script.*?</script>", "", html, flags=re.DOTALL)
    assert "url(" not in bare
    assert "@import" not in bare


def test_nothing_runs_but_the_scripts_that_the_policy_names(html: str) -> None:
    scripts = re.findall("<script>(.*?)</script>", html, re.DOTALL)
    digests = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts}
    policy = re.search('Content-Security-Policy" content="(.*?)"', html)[1]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-")
    assert set(re.findall("'sha256-(.*?)'", policy)) == digests
    data = html.count('<script type="application/gzip" data-block="')
    assert len(digests) == len(_SCRIPTS) == html.count("</script") - data
    assert "<!--" not in html


def test_page_is_the_same_every_time(folder: Path, html: str) -> None:
    assert page(folder) == html


def test_page_does_not_depend_on_the_order_of_rows_or_units(tmp_path: Path, folder: Path, html: str) -> None:
    fake_results(tmp_path)
    for unit in CONFIG.units:
        path = tmp_path / unit / "ideal_points.csv"
        write_csv(path, read_rows(path)[::-1])
    files = report_inputs(tmp_path, CONFIG)
    turned = replace(files, summaries=files.summaries[::-1], dropped=files.dropped[::-1])
    write_report(CONFIG, turned, tmp_path / "other.html", *outputs(tmp_path))
    assert (tmp_path / "other.html").read_text(encoding="utf-8") == html


def test_structure_is_accessible(html: str) -> None:
    tree = Tree(html)
    ids = [attrs["id"] for _, attrs in tree.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert tree.headings[0] == 1
    assert tree.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(tree.headings, tree.headings[1:], strict=False))
    links = [attrs["href"][1:] for tag, attrs in tree.tags if tag in ("a", "use") and attrs["href"]]
    assert {link for link in links if not link.startswith(("member=", "rollcall="))} <= set(ids)
    named = {attrs["aria-labelledby"] for _, attrs in tree.tags if "aria-labelledby" in attrs}
    assert named <= set(ids)
    tags = [tag for tag, _ in tree.tags]
    assert tags.count("caption") == tags.count("table")
    assert all("scope" in attrs for tag, attrs in tree.tags if tag == "th")
    pictures = [attrs for tag, attrs in tree.tags if tag == "svg" and attrs.get("aria-hidden") != "true"]
    assert all(p["role"] == "img" and len(p["aria-label"] or "") > 40 for p in pictures)
    # six for each fit, and the strip of each chamber
    assert sum(p["class"] == "plot wide" for p in pictures) == 6 * len(CONFIG.units) + len(CONFIG.chambers)
    assert ("html", {"lang": "en"}) in tree.tags
    assert any(attrs.get("name") == "viewport" for _, attrs in tree.tags)


def texts_of(html: str, figure: str) -> list[str]:
    """What the markers of a picture say."""
    drawn = html.split(f'<figure id="{figure}"')[1].split("</figure>")[0]
    return "\n".join(re.findall("<desc>(.*?)</desc>", drawn, re.DOTALL)).split("\n")


@pytest.mark.usefixtures("pictures")
def test_pictures_hold_every_member_and_bill(folder: Path) -> None:
    html = page(folder)
    forest = html.split('<figure id="joint-forest"')[1].split("</figure>")[0]
    names = [row["name"] for row in read_rows(folder / "joint" / "ideal_points.csv")]
    for name in names:
        assert len(re.findall(rf">\d+\u2002{name}</text>", forest)) == 2  # for screens and for phones
    assert sorted(text.split(" (")[0] for text in texts_of(html, "joint-forest")) == sorted(names)
    assert len(texts_of(html, "house-bills-map")) == 30


def test_reports_import_lightly() -> None:
    source = Path(__file__).parents[1] / "src" / "tallgrass_models" / "report"
    heavy = re.compile(r"^(import|from) (matplotlib|jinja2|pandas|numpy)", re.MULTILINE)
    assert not [path.name for path in source.glob("*.py") if heavy.search(path.read_text(encoding="utf-8"))]
