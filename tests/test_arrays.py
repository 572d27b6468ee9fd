"""`fit`: votes as an array, and what a terminal and a notebook show meanwhile."""

import logging
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from small import small_chamber

from tallgrass_models import BetaPriorSpec, SamplingConfig, UserError, fit
from tallgrass_models.config.running import RunOptions
from tallgrass_models.sampling.posterior import load_posterior
from tallgrass_models.steps.fit_chamber import fit_chamber
from tallgrass_models.steps.fitting import FitRun

SAMPLING = SamplingConfig(draws=40, tune=60, chains=2, seed=3)
PRIOR = BetaPriorSpec("halfnormal", {"sigma": 1})
VOTES = small_chamber("house", (9, 12, 1), 24, seed=5, apart=2.5)
Y = np.where(VOTES.y < 0, np.nan, VOTES.y)


@pytest.fixture(scope="module")
def shown():
    """What a notebook's cell shows, and the result of a fit in it."""
    updates = []
    handle = SimpleNamespace(update=lambda html: updates.append(html))
    shell = type("ZMQInteractiveShell", (), {})()
    page = SimpleNamespace(HTML=str, display=lambda *_, **__: handle)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell, display=page))
        patch.setitem(sys.modules, "IPython.display", page)
        table = pd.DataFrame(Y, index=VOTES.legislators.index, columns=VOTES.rollcalls.index)
        found = fit(table, VOTES.legislators["party"], beta_prior=PRIOR, sampling=SAMPLING, cores=2)
    return updates, found


def test_draws_are_those_of_a_chamber_read_from_files(shown, tmp_path):
    """Bit for bit: nothing is left out, and the same starts and seeds are used."""
    _, found = shown
    scores = load_votes(found)
    np.testing.assert_array_equal(scores.y, VOTES.y)
    spec = {"unit": "house", "session": "arrays", "coordinates": "fast", "kind": "chamber", "alpha_sigma": 5.0}
    spec |= {"sampling": vars(SAMPLING) | {}, "beta_prior": PRIOR.to_dict(), "orient_bills": False}
    scores.save(tmp_path / "votes.nc")
    fit_chamber(spec, tmp_path / "votes.nc", FitRun(1, tmp_path / "posterior.nc", tmp_path / "live", RunOptions("a")))
    xi = load_posterior(tmp_path / "posterior.nc")["posterior"]["xi"]
    np.testing.assert_array_equal(found.posterior["posterior"]["xi"], xi)


def load_votes(found):
    from tallgrass_models.votes.matrix import ChamberVotes

    return ChamberVotes.load(found.data[0])


def test_tables_and_metrics(shown):
    _, found = shown
    assert sorted(found.members["legislator"]) == sorted(VOTES.legislators.index)
    assert list(found.parties["party"]) == ["Democrat", "Republican"]
    assert len(found.bills) == 24
    assert found.metrics["n_legislators"] == 22
    assert found.metrics["n_votes"] == np.isfinite(Y).sum()


def test_a_notebook_shows_progress_and_then_nothing(shown):
    updates, _ = shown
    assert any("arrays/house" in html for html in updates[:-1])
    assert "arrays" not in updates[-1]


def test_nothing_is_shown_or_left_behind_if_that_is_asked_for(capsys):
    logger = logging.getLogger("tallgrass_models")
    before = list(logger.handlers)
    found = fit(Y, VOTES.legislators["party"], sampling=SAMPLING, progress=False)
    assert capsys.readouterr().err == ""
    folder = found.folder
    assert folder.exists()
    del found
    assert not folder.exists()
    assert logger.handlers == before


def bad(message, votes=Y, parties=None, **more):
    with pytest.raises(UserError, match=message):
        fit(votes, list(VOTES.legislators["party"]) if parties is None else parties, sampling=SAMPLING, **more)


def test_arrays_that_do_not_fit_are_refused_by_name():
    bad(
        r"votes: 2 in row 3, column 4; 1 is Yea",
        np.where(np.arange(24) == 4, np.where(np.arange(22)[:, None] == 3, 2, Y), Y),
    )
    bad(r"votes: shape \(24,\)", Y[0])
    bad(r"votes: .*'Yea'.*1 is Yea", np.full((22, 24), "Yea"))
    bad(r"parties: 2 of them, but votes has 22 members", parties=["D", "R"])
    bad(r"members: 1 names, but votes has 22", members=["a"])
    bad(r"members: 'a' occurs twice", members=["a"] * 22)
    bad(r"22 Democrat, 0 Republican", parties=["D"] * 22)
    bad(r"no contested roll calls", np.ones((22, 24)), min_minority_share=0.1)
