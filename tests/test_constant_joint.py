"""Both chambers of all sessions in one fit: its density is the sum of its equations, and its page says what it is."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
from careers import both_as_fitted, both_careers, both_votes_of, noisy_together
from exactness import assert_is_constant, log_density
from page_language import faults
from report_files import Tree
from scipy import stats
from test_time_both_chambers import placed

from tallgrass_models import cli
from tallgrass_models.config.running import RunOptions
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.config.series import Matching
from tallgrass_models.files.columns import over_time as columns
from tallgrass_models.files.json import write_json
from tallgrass_models.models.dynamic.constant_joint import build_constant_joint, pooled_chambers
from tallgrass_models.models.dynamic.sessions import SessionsVotes
from tallgrass_models.over_time.build import build
from tallgrass_models.over_time.walked import FittedTogether
from tallgrass_models.priors.spec import PRODUCTION_BETA
from tallgrass_models.report.time_page import write_time
from tallgrass_models.sampling.posterior import load_posterior
from tallgrass_models.steps.capsule_series import numbers_together

# --- the model --------------------------------------------------------------------------------------------------------


def both_sessions(terms, n_votes=8, n_shared=5):
    """Sessions of House and Senate; a person is a career in each chamber. Bills of all sessions have the same names."""
    drawn = [both_votes_of(pair, n_votes, n_shared, k) for k, pair in enumerate(terms)]
    for votes in (one for pair in drawn for one in pair):
        votes.rollcalls["bill"] = [f"bill {j}" if j < n_shared else f"{votes.chamber} {j}" for j in range(n_votes)]
    names = tuple(pair[0].session for pair in terms)
    return tuple(
        SessionsVotes(names, tuple(pair[c] for pair in drawn), tuple(pair[c].person for pair in terms)) for c in (0, 1)
    )


def test_it_is_its_equations():
    terms = both_careers(1, n_sessions=2, sizes=(8, 6), promoted=1, leave=0.4)
    chambers = both_sessions(terms)
    built = build_constant_joint(chambers, PRODUCTION_BETA, 2.0, coordinates="reference")
    density, rng, found = log_density(built.model), np.random.default_rng(1), []
    item = {label: k for k, label in enumerate(built.coords["vote"])}
    assert sum(label.startswith("both:") for label in item) == 2 * 5  # those of each session by themselves
    for _ in range(3):
        point = {name: value + 0.2 * rng.standard_normal(np.shape(value)) for name, value in built.start.items()}
        point |= {"sigma_within": rng.uniform(0.3, 1, (2, 2)), "sigma_chamber": np.array(0.4)}
        point |= {"sigma_party": np.array(1.1), "offset_raw": np.array([[0.7, -0.4], [-0.9, 0.3]])}
        at = built.report({name: np.asarray(value)[None, None] for name, value in point.items()}, rng)
        xi = dict(zip(built.coords["legislator"], at["xi"][0, 0], strict=True))
        total = stats.norm(0, 2).logpdf(point["mu_global"]) + stats.norm(0, 2).logpdf(point["alpha"]).sum()
        total += stats.halfnorm(0, 1).logpdf([point["sigma_chamber"], point["sigma_party"]]).sum()
        total += stats.halfnorm(0, 0.5).logpdf(point["sigma_within"]).sum()
        for name in ("chamber_offset", "offset_raw", "xi_offset", "beta"):
            total += stats.norm.logpdf(point[name]).sum()
        for series in chambers:
            for name, votes in zip(series.names, series.votes, strict=True):
                for (row, j), vote in np.ndenumerate(votes.y):
                    bill, call = votes.rollcalls["bill"].iloc[j], votes.rollcalls.index[j]
                    label = f"both:{name}:{bill}" if bill.startswith("bill") else f"{votes.chamber}:{name}:{call}"
                    x = xi[f"{votes.chamber}:{name}:{votes.legislators.index[row]}"]
                    logit = point["beta"][item[label]] * x - point["alpha"][item[label]]
                    total += {1: -np.log1p(np.exp(-logit)), 0: -np.log1p(np.exp(logit)), -1: 0.0}[int(vote)]
        found.append(density(point) - total)
    assert_is_constant(np.array(found), 0.0)


def test_a_career_has_one_position_and_who_changed_the_chamber_two():
    terms = both_careers(1, n_sessions=2, sizes=(8, 6), promoted=1, leave=0.4)
    chambers = both_sessions(terms)
    votes, row = pooled_chambers(chambers)
    people = np.concatenate([term.person for c in (0, 1) for term in (pair[c] for pair in terms)])
    chamber = np.repeat([0, 0, 1, 1], [len(term.person) for c in (0, 1) for term in (pair[c] for pair in terms)])
    same = (people[:, None] == people) & (chamber[:, None] == chamber)
    np.testing.assert_array_equal(row[:, None] == row, same)
    assert set(people[chamber == 0]) & set(people[chamber == 1])
    assert votes.n_legislators == len(set(zip(people, chamber, strict=True)))


# --- the page ---------------------------------------------------------------------------------------------------------


def write_page(terms, folder, fault=None):
    """Draws of a fit in which each person has one position in a chamber, on a scale that nobody knows."""
    rng = np.random.default_rng(1)
    sessions = [both_as_fitted(pair, noisy_together(pair, rng, 200, 0.1)) for pair in terms]
    unit, shift = np.exp(0.3 * rng.normal(size=(200, 1))), rng.normal(size=(200, 1))
    fits = {}
    for c, chamber in enumerate(("house", "senate")):
        drawn = {who: 0.05 * rng.normal(size=200) for pair in terms for who in pair[c].person.tolist()}
        noise = [np.stack([drawn[who] for who in pair[c].person.tolist()], axis=1) for pair in terms]
        xi = [shift + unit * (pair[c].x + own) for pair, own in zip(terms, noise, strict=True)]
        fits[chamber] = FittedTogether(xi, None, fault, ["R-hat is high"] if fault else [])
    found = build("demo", sessions, Matching("id"), fits, joint=True)
    for table in columns.TABLES:
        table.write(folder / f"{table.name}.csv", found.tables[table.name])
    write_json(folder / "link_time.json", found.summary)
    write_time(folder / "link_time.json", folder / "report.html", folder / "figures", folder / "tables")
    return found, (folder / "report.html").read_text(encoding="utf-8")


def test_the_page_has_both_chambers_on_the_scale_of_the_house(tmp_path):
    terms = both_careers(4, n_sessions=3, drift=0, right=1.2, promoted=0.3, leave=0.3)
    terms = [(house, replace(senate, x=senate.x + 0.5)) for house, senate in terms]  # the Senate's own scale is another
    found, html = write_page(terms, tmp_path)
    members = found.tables["time_members"]
    for k, pair in enumerate(terms):
        for c, chamber in enumerate(("house", "senate")):
            rows = members[(members["session"] == pair[c].session) & (members["chamber"] == chamber)]
            np.testing.assert_allclose(rows["place_median"], placed(terms, k, c), atol=0.1)
    crossed = found.tables["time_crossed"]
    assert set(crossed["reason"]) == {"other chamber"}
    text = Tree(html).text
    assert "3 sessions, both chambers fitted together, with members who never move" in html
    assert "In S3, the average of the Senate’s Republicans stands to the right of that of the House’s" in text["across"]
    assert "who changed the chamber has one place in each" in text["across"]
    assert "What links the sessions" not in html
    assert "No bridge because" not in html
    assert "takes every member to have stood in one place in all sessions" in text["senate"]
    assert "Two chambers, two scales" not in html
    assert faults(html, ("run_s1", "run_s2", "run_s3")) == []


def test_a_fit_that_did_not_converge_withholds_all_sentences(tmp_path):
    _, html = write_page(both_careers(4, n_sessions=2, drift=0), tmp_path, "not converged")
    text = Tree(html).text
    assert "Sentences on the chambers are withheld. this fit" not in html
    assert "are withheld: this fit has not converged." in text["across"]
    for chamber in ("house", "senate"):
        assert "Sentences on this chamber are withheld: this fit has not converged." in text[chamber]
        assert "Replacement changed" not in text[chamber]
    assert "stands to the right of" not in text["across"]
    assert faults(html, ("run_s1", "run_s2")) == []


# --- from votes to draws ----------------------------------------------------------------------------------------------


@pytest.mark.slow  # compiles the density of both chambers
@pytest.mark.timeout(3000)
def test_from_votes_to_one_scale(tmp_path):
    """The fit finds where members of both chambers stood in all sessions."""
    terms = both_careers(12, n_sessions=2, sizes=(16, 12), drift=0, promoted=1)
    drawn = [both_votes_of(pair, 60, 40, k) for k, pair in enumerate(terms)]
    paths = []
    for pair, both in zip(terms, drawn, strict=True):
        for votes in both:
            paths.append(tmp_path / f"{pair[0].session}_{votes.chamber}.nc")
            replace(votes, session=pair[0].session).save(paths[-1])
    spec = {
        "unit": "joint", "session": "base", "kind": "constant", "sessions": ["s1", "s2"], "sources": ["table"] * 2,
        "coordinates": "fast", "sampling": asdict(SamplingConfig(draws=400, tune=400, chains=2, seed=3)),
        "alpha_sigma": 2.0, "orient_bills": False, "beta_prior": PRODUCTION_BETA.to_dict(),
        "matching": {"match": "id", "same_person": [], "different": []},
    }  # fmt: skip
    out = tmp_path / "joint/posterior.nc"
    words = ["fit-dynamic", "--spec", json.dumps(spec), "--data", *map(str, paths), "--options", RunOptions().to_json()]
    assert cli.main([*words, "--live", str(tmp_path / "live"), "--cores", "2", "--out", str(out)]) == 0
    tree = load_posterior(out)
    assert tree["sample_stats"]["diverging"].sum() <= 2
    numbers = {one.of: one.value for one in numbers_together(tree, "joint")}
    for k, pair in enumerate(terms):
        for c, chamber in enumerate(("house", "senate")):
            found = [numbers[f"{chamber}:s{k + 1}:m{who:03d}"] for who in pair[c].person]
            assert np.corrcoef(found, placed(terms, k, c))[0, 1] > 0.93
            assert np.abs(found - placed(terms, k, c)).mean() < 0.35
