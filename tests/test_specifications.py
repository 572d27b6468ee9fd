"""Specification curves: values and means by hand, what is left out, and sentences that are true for every input."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from report_files import Tree
from variants import VOTES, XI, variant

from tallgrass_models.comparison import schema
from tallgrass_models.comparison.build import compare
from tallgrass_models.comparison.specifications import _Point, _settings, choices
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.files.columns.comparison import TABLES
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.report.comparison_page import write_comparison
from tallgrass_models.votes.unit import Unit

NARROW, WIDE = BetaPriorSpec("normal", {"mu": 0, "sigma": 1}), BetaPriorSpec("normal", {"mu": 0, "sigma": 3})
#: Members at places 11 and 12 of the order.
MIDDLE, NEXT = np.argsort(XI)[11:13]


def specification(name, prior=NARROW, seed=1, share=0.9, xi=XI, **more):
    sampling = SamplingConfig(seed=seed)
    return variant(name, xi=xi, share=share, beta_prior=prior, sampling=sampling, **more)


def swapped():
    xi = XI.copy()
    xi[[MIDDLE, NEXT]] = xi[[NEXT, MIDDLE]]
    return xi


def median_of(made, at):
    """Say who holds the median, as metrics.json does."""
    holder = {"legislator": VOTES.legislators.index[at], "name": VOTES.legislators["name"].iloc[at]}
    for one in made:
        one.metrics["chambers"]["house"]["pivots"] = {"house": {"chamber_median": holder}}
    return made


def multiverse():
    """Prior times seed: the wider prior swaps two members and moves the share by 0.06, the seed by 0.002."""
    out = []
    for (p, prior), seed in itertools.product(enumerate((NARROW, WIDE)), (1, 2)):
        xi = swapped() if prior is WIDE else XI
        share = 0.9 - 0.06 * p + 0.002 * (seed - 1)
        compare_with = "p0s1" if (p, seed) != (0, 1) else None
        out.append(specification(f"p{p}s{seed}", prior, seed, share, xi, compare_with=compare_with))
    return median_of(out, MIDDLE)


@pytest.fixture(scope="module")
def content():
    return compare(multiverse(), {"small": [VOTES]})[0]


def curve(content, conclusion):
    found = [one for one in content["curves"] if one["conclusion"] == conclusion]
    assert len(found) == 1
    return found[0]


def test_shares_are_sorted_and_the_prior_moves_them(content):
    found = curve(content, "party share")
    assert [one["experiment"] for one in found["specifications"]] == ["p1s1", "p1s2", "p0s1", "p0s2"]
    assert [one["value"] for one in found["specifications"]] == pytest.approx([0.84, 0.842, 0.9, 0.902])
    assert [(c["settings"], round(c["difference"], 6)) for c in found["choices"]] == [
        (["beta_prior"], 0.06),
        (["seed"], 0.002),
    ]
    prior = found["choices"][0]
    assert [(v["n"], round(v["mean"], 6)) for v in prior["values"]] == [(2, 0.841), (2, 0.901)]
    assert found["crossed"] is True
    assert [text.replace("\u00a0", " ") for text in found["text"]] == [
        "In the House, the party share of the variance goes from 84.0 % (p1s1) to 90.2 % (p0s2) over 4 specifications.",
        "Under 2 of the other 3, its mean lies outside the 90 % interval under p0s1, 88.0 % to 92.0 %.",
        "Of the choices, beta_prior moves it most: its mean is 84.1 % for Normal(mu=0, sigma=3) (2 specifications) and "
        "90.1 % for Normal(mu=0, sigma=1) (2 specifications). By any other choice, means differ by 0.2 percentage "
        "points at most.",
    ]


def test_a_named_place_is_that_of_the_holder_of_the_median(content):
    found = curve(content, "place")
    assert found["legislator"] == VOTES.legislators.index[MIDDLE]
    assert {one["experiment"]: one["value"] for one in found["specifications"]} == {
        "p0s1": 12.0,
        "p0s2": 12.0,
        "p1s1": 13.0,
        "p1s2": 13.0,
    }
    ends = {(one["q05"], one["q95"]) for one in found["specifications"] if one["experiment"] == "p1s1"}
    assert ends == {(11.0, 15.0)}
    assert "By any other choice, means differ by 0.0 at most." in found["text"][-1]


def test_the_reference_has_no_correlation_with_itself(content):
    found = curve(content, "order")
    n = len(XI)
    expected = 1 - 6 * 2 / (n * (n**2 - 1))  # Spearman's formula, two ranks swapped
    assert {one["experiment"]: round(one["value"], 9) for one in found["specifications"]} == {
        "p0s2": 1.0,
        "p1s1": round(expected, 9),
        "p1s2": round(expected, 9),
    }
    assert found["crossed"] is False
    assert any("Not every combination" in text for text in found["text"])


def test_settings_that_differ_together_are_one_choice():
    settings = [{"a": "1", "b": "x", "c": "z"}, {"a": "2", "b": "y", "c": "z"}, {"a": "2", "b": "y"}]
    found = choices(settings, [_Point("e", 0.0), _Point("f", 1.0), _Point("g", 4.0)])
    assert [(c["settings"], c["difference"]) for c in found] == [(["c"], 3.5), (["a", "b"], 2.5)]
    assert [v["value"] for v in found[1]["values"]] == ["1, x", "2, y"]
    assert [v["value"] for v in found[0]["values"]] == ["z", "not set"]


def test_nothing_is_singled_out_of_what_looks_the_same():
    """Two choices that move a conclusion as much in print are both named; none if nothing moves."""
    shares = {(0, 0): 0.8, (0, 1): 0.83, (1, 0): 0.83, (1, 1): 0.86}
    made = [specification(f"p{p}s{s}", (NARROW, WIDE)[p], s + 1, shares[p, s]) for p, s in shares]
    content = compare(median_of(made, MIDDLE), {"small": [VOTES]})[0]
    assert curve(content, "party share")["text"][-1] == (
        "Averaged by choice, means differ most, by 3.0 percentage points each, for seed / beta_prior."
    )
    order = curve(content, "order")
    assert order["text"][0] == "In the House, the rank correlation with p0s0 is 1.000 under each of 3 specifications."
    assert "Averaged by choice, all means agree to the digits shown." in order["text"]


def test_two_experiments_or_no_setting_that_differs_are_no_curve():
    assert compare(multiverse()[:2], {"small": [VOTES]})[0]["curves"] == []
    alike = [specification(f"e{k}") for k in range(3)]
    assert compare(alike, {"small": [VOTES]})[0]["curves"] == []


def test_a_fit_that_cannot_be_read_is_left_out():
    made = multiverse()
    bad = specification("bad", WIDE, 3, 0.2, XI, compare_with="p0s1", ok=False)
    content = compare([*made, *median_of([bad], MIDDLE)], {"small": [VOTES]})[0]
    assert len(content["curves"]) == 3
    assert all("bad" not in {one["experiment"] for one in found["specifications"]} for found in content["curves"])


def test_settings_of_what_is_not_fitted_are_no_choices():
    """Gates and early stops change no posterior."""
    from dataclasses import replace

    made = multiverse()
    for k, one in enumerate(made):
        one.metrics["config"]["gates"] = {**one.metrics["config"]["gates"], "rhat": 1.01 + 0.01 * k}
        one.metrics["config"]["early_stop"] = {**one.metrics["config"]["early_stop"], "step_size": 0.001 * (k + 1)}
    content = compare([replace(one) for one in made], {"small": [VOTES]})[0]
    assert {name for c in curve(content, "party share")["choices"] for name in c["settings"]} == {"beta_prior", "seed"}


def test_filters_and_selections_are_choices():
    other = SessionConfig("small", min_votes=7, selection={"passage_only": True}, label="x")
    one, two = (_settings(specification("e", session=session), Unit.HOUSE) for session in ("small", other))
    differing = {key for key in one | two if one.get(key) != two.get(key)}
    assert differing == {"min_votes", "votes", "votes.passage_only"}


def written(folder: Path) -> Path:
    """Write the comparison and its page."""
    content, tables = compare(multiverse(), {"small": [VOTES]})
    schema.check(content)
    for table in TABLES:
        table.write(folder / f"{table.name}.csv", tables[table.name])
    (folder / "comparison.json").write_text(json.dumps(content), encoding="utf-8")
    write_comparison(folder / "comparison.json", folder / "report.html", folder / "figures", folder / "tables")
    return folder / "report.html"


@pytest.mark.usefixtures("no_pictures")
def test_the_page_shows_the_sentences_and_the_means(tmp_path):
    html = written(tmp_path).read_text(encoding="utf-8")
    text = " ".join(Tree(html).text["session-small"].split())
    assert "Which choice moves the conclusion" in text
    assert "beta_prior moves it most: its mean is 84.1 % for Normal(mu=0, sigma=3)" in text.replace("\u00a0", " ")
    rows = Tree(html).tables["session-small-choices"]
    assert ["House: party share of the variance", "beta_prior", "Normal(mu=0, sigma=3)", "84.1 %", "2"] in [
        [cell.replace("\u00a0", " ") for cell in row] for row in rows
    ]
