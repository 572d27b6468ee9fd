"""Sources of votes: every table knows them all, and an unknown one is refused by name wherever words for it are due."""

import re
from dataclasses import replace

import pytest
from report_files import CONFIG, fake_results, page

from tallgrass_models.config import fingerprint, sessions, specs
from tallgrass_models.config.session_files import session_files
from tallgrass_models.errors import UserError
from tallgrass_models.votes import session
from tallgrass_models.votes.sources import SOURCES, source_of

UNKNOWN = replace(CONFIG, session=replace(CONFIG.session, source="gazette"))
REFUSED = re.escape(
    "unknown source 'gazette'; known are simulated, tallgrass, voteview, table, legiscan, openstates, ord"
)


def test_every_table_knows_every_source():
    assert list(SOURCES) == ["simulated", "tallgrass", "voteview", "table", "legiscan", "openstates", "ord"]
    assert set(sessions.SESSION_CHECKS) == set(SOURCES)
    for name in SOURCES:
        with pytest.raises(UserError, match="nowhere"):  # each has a reader, which looks for its files
            session.read_session(
                name, **dict.fromkeys(("votes", "rollcalls", "legislators", "people", "house"), f"nowhere/{name}.csv")
            )
        assert any(source_of(name).reader == path.stem for path in fingerprint.code_of("data", name))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("simulated", "simulated with seed 7"),
        ("tallgrass", "tallgrass CSV files"),
        ("voteview", "Voteview CSV files"),
        ("table", "a table of votes"),
        ("legiscan", "a LegiScan dataset"),
        ("openstates", "Open States bulk data"),
        ("ord", "Poole-Rosenthal .ord files"),
    ],
)
def test_the_page_names_the_source(tmp_path, source, words):
    changed = replace(CONFIG, session=replace(CONFIG.session, source=source, seed=7))
    assert f"</b>, {words}. Only Yea and Nay" in page(fake_results(tmp_path, changed), changed)


def test_the_page_refuses_an_unknown_source(tmp_path):
    with pytest.raises(UserError, match=REFUSED):
        page(fake_results(tmp_path), UNKNOWN)
    assert not (tmp_path / "report.html").exists()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: source_of("gazette"),
        lambda: session_files(UNKNOWN.session),
        lambda: specs.data_spec_json(UNKNOWN.session),
        lambda: session.read_session("gazette", votes="v.csv"),
    ],
    ids=["table", "files", "spec of the votes", "reader"],
)
def test_an_unknown_source_is_refused_by_name(ask):
    with pytest.raises(UserError, match=r"'gazette'.*simulated"):
        ask()


def test_scores_are_called_by_their_source_or_not_at_all():
    assert {name: source.scores for name, source in SOURCES.items()} == {
        "simulated": None,
        "tallgrass": None,
        "voteview": "Voteview nominate_dim1",
        "table": "scores of the table",
        "legiscan": None,
        "openstates": None,
        "ord": None,
    }
