"""The page of a series in which nobody moves: it says what is assumed, and nothing of who moved."""

from dataclasses import replace

import numpy as np
import pytest
from careers import as_fitted, careers, headline, noisy
from page_language import faults
from report_files import Tree

from tallgrass_models.config.series import Matching
from tallgrass_models.files.columns import over_time as columns
from tallgrass_models.files.json import read_json, write_json
from tallgrass_models.over_time.build import build
from tallgrass_models.over_time.walked import FittedTogether
from tallgrass_models.report.time_page import write_time


def together(terms, rng, n_draws=200):
    """Draws of a fit in which each person has one position, with a scale that nobody knows."""
    unit, shift = np.exp(0.3 * rng.normal(size=(n_draws, 1))), rng.normal(size=(n_draws, 1))
    drawn = {who: rng.normal(size=n_draws) for term in terms for who in term.person.tolist()}
    noise = [np.stack([drawn[who] for who in term.person.tolist()], axis=1) for term in terms]
    xi = [shift + unit * (term.x + 0.05 * own) for term, own in zip(terms, noise, strict=True)]
    return FittedTogether(xi, None, None, [])


def write_page(terms, folder):
    rng = np.random.default_rng(1)
    sessions = [as_fitted(term, noisy(term, rng, 200, 0.1)) for term in terms]
    found = build("demo", sessions, Matching("id"), {"house": together(terms, rng)})
    for table in columns.TABLES:
        table.write(folder / f"{table.name}.csv", found.tables[table.name])
    write_json(folder / "link_time.json", found.summary)
    write_time(folder / "link_time.json", folder / "report.html", folder / "figures", folder / "tables")
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("constant")
    terms = careers(5, n_sessions=3, drift=0.0, mover=None)
    return terms, write_page(terms, folder), folder


def test_the_page_tells_replacement_and_not_who_moved(shown):
    _, html, _ = shown
    text = Tree(html).text["house"]
    assert "3 sessions, fitted together, with members who never move" in html
    assert "takes every member to have stood in one place in all sessions" in text
    assert "its 90 % intervals are too narrow" in text
    assert "Replacement changed it by" in text
    assert "onversion" not in text
    assert "certainly moved" not in text
    assert "Who moved" not in text
    assert "How far members step" not in text
    assert "The parties stand further apart in S3 than in S1" in text
    assert faults(html, ("run_s1", "run_s2", "run_s3", "s1 and s2")) == []


def test_tables_have_no_moves_and_no_conversion(shown):
    terms, _, folder = shown
    facts = read_json(folder / "link_time.json")["chambers"][0]
    assert "dynamic" not in facts
    assert "steps" not in facts["constant"]
    for row in facts["constant"]["compared"]:
        assert abs(row["constant"]["median"] - row["link"]["median"]) < 0.3
    assert len(columns.TIME_MOVES.read(folder / "time_moves.csv")) == 0
    changes = columns.TIME_CHANGES.read(folder / "time_changes.csv")
    assert changes["conversion_median"].isna().all()
    assert changes["p_conversion_right"].isna().all()
    # nobody moves, so that all change is by replacement
    np.testing.assert_allclose(changes["replacement_median"], changes["change_median"], atol=1e-9)
    members = columns.TIME_MEMBERS.read(folder / "time_members.csv")
    for t, term in enumerate(terms):
        places = members[members["session"] == term.session]["place_median"]
        np.testing.assert_allclose(places, headline(terms, t), atol=0.1)
    assert (members.groupby("person")["place_median"].nunique() == 1).all()


def test_the_same_members_in_both_sessions_move_no_average(tmp_path):
    (first,) = careers(5, n_sessions=1, mover=None)
    order = np.random.default_rng(2).permutation(len(first.x))
    again = replace(first, session="s2", person=first.person[order], party=first.party[order], x=first.x[order])
    text = Tree(write_page([first, again], tmp_path)).text["house"]
    assert "No Democrat left or came from S1 to S2, and in this fit nobody moves." in text
    assert "moved to the" not in text
    assert "stand closer together" not in text
    changes = columns.TIME_CHANGES.read(tmp_path / "time_changes.csv")
    assert (changes["p_change_right"] == 0.5).all()
