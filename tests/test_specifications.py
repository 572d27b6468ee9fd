"""Specification curves: values and means by hand, what is left out, and sentences that are true for every input."""

import itertools
import json
from dataclasses import replace
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
from tallgrass_models.errors import UserError
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


IDS, NAMES = VOTES.legislators.index.astype(str), VOTES.legislators["name"].astype(str)


def follow(*members, experiments=("p0s1", "p0s2", "p1s1", "p1s2")):
    return [{"key": "e.yaml: experiments.p.follow", "members": list(members), "experiments": list(experiments)}]


def following(*members, made=None):
    content = compare(made or multiverse(), {"small": [VOTES]}, follow(*members))[0]
    return [one for one in content["curves"] if one["conclusion"] == "position"]


def test_a_position_is_that_of_the_members_table():
    """By id or by name; the wider prior gives the member the position of the next one."""
    for text in (IDS[MIDDLE], NAMES.iloc[MIDDLE]):
        (found,) = following(text)
        assert (found["legislator"], found["name"], found["chamber"]) == (IDS[MIDDLE], NAMES.iloc[MIDDLE], "house")
        usual, wide = XI[MIDDLE], XI[NEXT]
        assert [
            (one["experiment"], *(round(one[key], 9) for key in ("value", "q05", "q95")))
            for one in found["specifications"]
        ] == [
            (name, *(round(float(x + d), 9) for d in (0, -0.32, 0.34)))
            for name, x in (("p0s1", usual), ("p0s2", usual), ("p1s1", wide), ("p1s2", wide))
        ]
        assert found["choices"][0]["settings"] == ["beta_prior"]
        assert found["choices"][0]["difference"] == pytest.approx(wide - usual)
    assert found["text"][0].startswith(f"In the House, the position of {NAMES.iloc[MIDDLE]} goes from ")
    assert found["text"][-1] == (
        "Under each specification shown, the House’s Democrats average −1 and the House’s Republicans +1."
    )


def test_each_member_who_is_followed_has_a_curve_and_nobody_else():
    assert [one["legislator"] for one in following(IDS[3], NAMES.iloc[1])] == [IDS[3], IDS[1]]
    assert [one["legislator"] for one in following(IDS[3], NAMES.iloc[3])] == [IDS[3]]
    assert following() == []


def test_what_has_no_position_to_compare_is_left_out():
    made = multiverse()
    more = [
        specification("bad", WIDE, 3, compare_with="p0s1", ok=False),
        specification("spread", WIDE, 4, compare_with="p0s1", kind="spread"),
        specification("without", WIDE, 5, compare_with="p0s1"),
    ]
    points = more[2].tables[Unit.HOUSE]["ideal_points"]
    tables = {**more[2].tables[Unit.HOUSE], "ideal_points": points[points["legislator"] != IDS[MIDDLE]]}
    more[2] = replace(more[2], tables={Unit.HOUSE: tables})
    (found,) = following(IDS[MIDDLE], made=[*made, *median_of(more, MIDDLE)])
    assert {one["experiment"] for one in found["specifications"]} == {"p0s1", "p0s2", "p1s1", "p1s2"}
    assert found["text"][-2:] == [
        f"1 specification without a position of {NAMES.iloc[MIDDLE]} is left out.",
        "1 specification with a scale of another kind is left out.",
    ]


def test_a_name_that_fits_nobody_is_refused_with_the_closest():
    name = NAMES.iloc[MIDDLE]
    with pytest.raises(UserError) as error:
        following(name.upper() + "x")
    text = str(error.value)
    assert text.startswith("e.yaml: experiments.p.follow: no member of session small has the id or name ")
    assert "did you mean" in text
    assert repr(name) in text
    with pytest.raises(UserError, match=r"names and ids: ideal_points\.csv"):
        following("?" * 40)


def test_a_name_of_two_members_is_refused_and_an_id_tells_them_apart():
    made = multiverse()
    for one in made:
        points = one.tables[Unit.HOUSE]["ideal_points"]
        points.loc[points["legislator"].isin([IDS[0], IDS[1]]), "name"] = "Ann Miller"
    with pytest.raises(UserError) as error:
        following("Ann Miller", made=made)
    assert str(error.value) == (
        "e.yaml: experiments.p.follow: several members of session small are called 'Ann Miller'; give the id of one: "
        f"{IDS[0]} or {IDS[1]}"
    )
    assert [one["name"] for one in following(IDS[1], made=made)] == [f"Ann Miller ({IDS[1]})"]


def written(folder: Path) -> Path:
    """Write the comparison and its page."""
    content, tables = compare(multiverse(), {"small": [VOTES]}, follow(IDS[3], IDS[MIDDLE]))
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
    for nth, at in enumerate((3, MIDDLE), 1):
        assert f'id="session-small-curve-house-position-{nth}"' in html
        assert f"House: position of {NAMES.iloc[at]}" in text
    rows = Tree(html).tables["session-small-choices"]
    assert ["House: party share of the variance", "beta_prior", "Normal(mu=0, sigma=3)", "84.1 %", "2"] in [
        [cell.replace("\u00a0", " ") for cell in row] for row in rows
    ]
