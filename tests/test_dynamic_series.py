"""A series whose sessions are fitted together: who is one career, what the configuration allows, files and page."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from careers import as_fitted, careers, headline, noisy
from over_sessions import sessions_votes
from page_language import faults
from report_files import Tree
from test_link_time import linked, write_run
from test_workflow import copy_repository, planned, python, snakemake

from tallgrass_models import cli
from tallgrass_models.config.experiments import spec_hash
from tallgrass_models.config.gates import GateConfig
from tallgrass_models.config.reading import load_experiments, load_series
from tallgrass_models.config.running import RunOptions
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.series import Matching
from tallgrass_models.config.specs import dynamic_spec_json, link_time_spec_json
from tallgrass_models.errors import UserError
from tallgrass_models.files.columns import over_time as columns
from tallgrass_models.files.json import read_json, write_json
from tallgrass_models.over_time.build import build
from tallgrass_models.over_time.careers import careers as numbered
from tallgrass_models.over_time.careers import series_of
from tallgrass_models.over_time.walked import FittedTogether
from tallgrass_models.priors.spec import PRODUCTION_BETA
from tallgrass_models.report.time_page import write_time
from tallgrass_models.sampling.posterior import load_posterior, save_posterior
from tallgrass_models.steps.fitted import votes_hash
from tallgrass_models.steps.link_time import _verdict

__all__ = ["python", "snakemake"]  # fixtures


def test_a_career_is_a_person_with_a_party_and_one_seat_in_a_session():
    person = [np.array([5, 6, 7, 7]), np.array([6, 5]), np.array([7, 5, 5])]
    party = [np.array(list(text)) for text in ("DRDD", "RR", "DRD")]
    found = numbered(person, party)
    # person 5 changes party and back; person 7 has two spells, and is away in the second session
    assert [one.tolist() for one in found] == [[0, 1, 2, 3], [1, 4], [2, 4, 0]]


def test_people_are_looked_for_in_all_chambers():
    terms = careers(3, n_sessions=2, n=10)
    votes = sessions_votes(terms, 8).votes
    series = series_of({"s1": [votes[0]], "s2": [votes[1]]}, ["table", "table"], "house", Matching("id"))
    same = [np.flatnonzero(terms[0].person == who) for who in terms[1].person]
    assert series.previous[10:].tolist() == [int(at[0]) if len(at) else -1 for at in same]
    with pytest.raises(UserError, match="no votes of the senate in s1, s2"):
        series_of({"s1": [votes[0]], "s2": [votes[1]]}, ["table", "table"], "senate", Matching("id"))
    alone = Matching("id", different=tuple(f"m{who:03d}" for who in terms[0].person))
    assert (series_of({"s1": [votes[0]], "s2": [votes[1]]}, ["t", "t"], "house", alone).previous == -1).all()


_SESSIONS = "sessions: {a: {source: table, votes: a.csv}, b: {source: table, votes: b.csv}}\n"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("over_time: dynamic, structure: rasch", "dynamic is for the production model"),
        ("over_time: constant, structure: rasch", "constant is for the production model"),
        ("over_time: {method: dynamic}, priors: {mu: {distribution: normal, mu: 0, sigma: 3}}", "dynamic is for"),
        ("over_time: dynamics", "must be true, false, dynamic, constant or a mapping"),
        ("over_time: {method: drift}", "over_time: method: "),
    ],
)
def test_what_cannot_be_fitted_together_is_refused(tmp_path, more, said):
    (tmp_path / "e.yaml").write_text(_SESSIONS + f"experiments: {{x: {{sessions: [a, b], {more}}}}}\n")
    with pytest.raises(UserError, match=r"experiments\.x\.over_time") as caught:
        load_experiments(tmp_path / "e.yaml")
    assert said in str(caught.value)


def test_one_more_fit_for_each_chamber_and_no_other_change(snakemake, tmp_path):
    text = _SESSIONS + "experiments: {x: {sessions: [a, b], chambers: [house], over_time: WAY}}\n"
    copy_repository(tmp_path)
    for name in "ab":
        (tmp_path / f"{name}.csv").touch()
    specs = {}
    for way in ("true", "dynamic", "{method: constant, match: id}"):
        (tmp_path / "own.yaml").write_text(text.replace("WAY", way))
        series = load_series(tmp_path / "own.yaml")["x"]
        assert series.together == (way != "true")
        specs[way] = [one.to_json() for one in load_experiments(tmp_path / "own.yaml").values()]
    assert specs["true"] == specs["dynamic"] == specs["{method: constant, match: id}"]
    assert json.loads(dynamic_spec_json(series, load_experiments(tmp_path / "own.yaml"), "house"))["kind"] == "constant"
    assert "dynamic" not in json.loads(link_time_spec_json(series, load_experiments(tmp_path / "own.yaml")))
    jobs = planned(snakemake(tmp_path, "-n", "--config", "experiments=own.yaml"))
    assert jobs["fit_dynamic"] == ["x/house"]
    assert jobs["fit_chamber"] == ["x_a/house", "x_b/house"]


# --- the page ---------------------------------------------------------------------------------------------------------


def together(terms, rng, fault=None, n_draws=200, step=(0.1, 0.2)):
    """Draws of a fit of all sessions about the truth, with a scale that is common to them and known to nobody."""
    unit, shift = np.exp(0.3 * rng.normal(size=(n_draws, 1))), rng.normal(size=(n_draws, 1))
    xi = [shift + unit * (term.x + 0.05 * rng.normal(size=(n_draws, len(term.x)))) for term in terms]
    return FittedTogether(xi, unit * np.array(step), fault, ["R-hat is high"] if fault else [])


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    rng, terms = np.random.default_rng(1), careers(5, n_sessions=3)
    other = [replace(term, person=term.person + 1000) for term in careers(6, n_sessions=3, n=20, mover=None)]
    # in the Senate nobody returns, by the ids; the link breaks, and the fit of all sessions does not
    strangers = [replace(term, person=term.person + 500 * k) for k, term in enumerate(other)]
    house, senate = ([as_fitted(term, noisy(term, rng, 200, 0.1), None, name) for term in own]
                     for own, name in ((terms, "house"), (strangers, "senate")))  # fmt: skip
    both = [replace(one, chambers=[*one.chambers, *two.chambers]) for one, two in zip(house, senate, strict=True)]
    fits = {"house": together(terms, rng), "senate": together(strangers, rng, "not converged")}
    found = build("demo", both, Matching("id"), fits)
    folder = tmp_path_factory.mktemp("dynamic")
    for table in columns.TABLES:
        table.write(folder / f"{table.name}.csv", found.tables[table.name])
    write_json(folder / "link_time.json", found.summary)
    write_time(folder / "link_time.json", folder / "report.html", folder / "figures", folder / "tables")
    return terms, found, folder


def test_places_are_those_of_the_fit_of_all_sessions(shown):
    terms, found, _ = shown
    house, senate = found.summary["chambers"]
    members = found.tables["time_members"].query("chamber == 'house'")
    for t, term in enumerate(terms):
        places = members[members["session"] == term.session]["place_median"]
        np.testing.assert_allclose(places, headline(terms, t), atol=0.1)
    steps = {row["party"]: row["step"]["median"] for row in house["dynamic"]["steps"]}
    half = (terms[0].x[1::2].mean() - terms[0].x[::2].mean()) / 2
    np.testing.assert_allclose([steps["Democrat"], steps["Republican"]], np.array([0.1, 0.2]) / half, rtol=0.03)
    assert house["dynamic"]["n_careers"] == len(set(np.concatenate([term.person for term in terms]).tolist()))
    assert house["dynamic"]["n_steps"] == 120 - house["dynamic"]["n_careers"]
    for row in house["dynamic"]["compared"]:
        assert abs(row["dynamic"]["median"] - row["link"]["median"]) < 0.3
    assert senate["linked"]
    assert "members in common" in senate["link_reason"]
    assert all(row["link"] is None for row in senate["dynamic"]["compared"])


def test_the_page_says_what_the_fit_of_all_sessions_says(shown):
    html = (shown[2] / "report.html").read_text(encoding="utf-8")
    text = Tree(html).text
    assert "3 sessions, fitted together, with members who move" in html
    assert "The parties stand further apart in S3 than in S1" in text["house"]
    assert "How far members step" in text["house"]
    assert "do not depend on the link" not in html
    assert "What links the sessions" not in html
    assert "Sentences on this chamber are withheld: this fit has not converged." in text["senate"]
    assert "certainly moved" not in text["senate"]
    assert "The separate fits are on no common scale: s1 and s2 have 0 members in common" in text["senate"]
    assert faults(html, ("run_s1", "run_s2", "run_s3", "s1 and s2")) == []


# --- from votes to link_time.json -------------------------------------------------------------------------------------


@pytest.mark.slow  # compiles the density of all sessions together, once for all
@pytest.mark.parametrize("kind", ["dynamic", "constant"])
def test_from_votes_to_one_scale(tmp_path, kind):
    """The fit passes the gates without a divergence, finds who stands where, and the step takes it only as it is."""
    terms, rng = careers(12, n_sessions=2, n=16, drift=0.1), np.random.default_rng(12)
    homes = [write_run(tmp_path, term, rng) for term in terms]
    votes = sessions_votes(terms, 60).votes
    for home, one in zip(homes, votes, strict=True):
        one.save(home / "house.nc")
    matching = {"match": "id", "same_person": [], "different": []}
    sampling = SamplingConfig(draws=2000, tune=500, chains=2, seed=3)
    spec = {
        "unit": "house", "session": "base", "kind": kind, "sessions": ["s1", "s2"], "sources": ["table"] * 2,
        "coordinates": "fast", "sampling": asdict(sampling), "alpha_sigma": 5.0, "orient_bills": False,
        "beta_prior": PRODUCTION_BETA.to_dict(), "matching": matching,
    }  # fmt: skip
    out, data = tmp_path / "house/posterior.nc", [str(home / "house.nc") for home in homes]
    words = ["fit-dynamic", "--spec", json.dumps(spec), "--data", *data, "--options", RunOptions().to_json()]
    assert cli.main([*words, "--live", str(tmp_path / "live"), "--cores", "2", "--out", str(out)]) == 0
    tree = load_posterior(out)
    assert tree["sample_stats"]["diverging"].sum() == 0
    failures, fault = _verdict(tree, GateConfig(rhat=1.02, ess=150))
    assert (failures, fault) == ([], None)
    xi = tree["posterior"]["xi"]
    assert xi["legislator"].to_numpy()[16] == f"s2:m{terms[1].person[0]:03d}"
    truth = np.concatenate([term.x for term in terms])
    assert np.corrcoef(xi.mean(("chain", "draw")), truth)[0, 1] > 0.95
    # the fits of single sessions are of other votes, which the step would refuse
    for home, one in zip(homes, votes, strict=True):
        posterior = load_posterior(home / "house/posterior.nc")
        posterior.attrs["data_hash"] = json.dumps([votes_hash(one)])
        save_posterior(posterior, home / "house/posterior.nc")
    together = {"fit_hashes": {"house": spec_hash(spec)}, "gates": asdict(GateConfig(rhat=1.02, ess=150))}
    more = ["--dynamic", str(out)]
    assert linked(tmp_path, homes, **{kind: together}, more=more) == 0
    (chamber,) = read_json(tmp_path / "link_time.json")["chambers"]
    assert chamber[kind]["fault"] is None
    assert ("steps" in chamber[kind], len(columns.TIME_MOVES.read(tmp_path / "time_moves.csv")) > 0) == (
        kind == "dynamic",
        kind == "dynamic",
    )
    members = columns.TIME_MEMBERS.read(tmp_path / "time_members.csv").query("session == 's2'")
    assert np.corrcoef(members["place_median"], headline(terms, 1))[0, 1] > 0.95
    other = {**together, "fit_hashes": {"house": "other"}}
    assert linked(tmp_path, homes, **{kind: other}, more=more) == 2
    assert linked(tmp_path, homes, **{kind: together}) == 2
