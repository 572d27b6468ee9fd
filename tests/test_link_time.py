"""The step and the rules of a series: files in, files out, and files that do not belong together."""

import json

import numpy as np
import pytest
import xarray as xr
from careers import careers, headline, noisy, votes_of
from test_workflow import copy_repository, planned, python, snakemake

from tallgrass_models import cli
from tallgrass_models.config.sessions import SessionConfig
from tallgrass_models.errors import UserError
from tallgrass_models.files.columns import over_time as columns
from tallgrass_models.files.json import read_json, write_json
from tallgrass_models.sampling import posterior
from tallgrass_models.steps.fitted import votes_hash
from tallgrass_models.steps.link_time import LINK_TIME_FILES

__all__ = ["python", "snakemake"]  # fixtures


def write_run(folder, term, rng, converged=True):
    """Write what `link_time` reads of an experiment: votes, posterior and metrics."""
    home = folder / f"base_{term.session}"
    (home / "house").mkdir(parents=True)
    votes = votes_of(term, 12, 0)
    votes.rollcalls["date"] = f"201{term.session[1:]}-01-01"
    votes.save(home / "house.nc")
    xi = noisy(term, rng, 200, 0.1).reshape(2, 100, -1)
    data = xr.Dataset(
        {"xi": (("chain", "draw", "legislator"), xi)}, coords={"legislator": list(votes.legislators.index)}
    )
    facts = {
        "format": posterior._FORMAT,
        "spec": "{}",
        "spec_hash": f"hash-{term.session}",
        "data_hash": json.dumps([votes_hash(votes)]),
    }
    posterior.save_posterior(
        xr.DataTree.from_dict({"/": xr.Dataset(attrs=facts), "/posterior": data}), home / "house/posterior.nc"
    )
    session = SessionConfig(term.session, "table", title=f"Session {term.session}", chamber_names={"house": "Assembly"})
    scale = {"kind": "parties", "turned": False, "sets_scale": True}
    block = {"sides": {}, "convergence_ok": converged, "convergence_failures": [], "scale": {"house": scale}}
    block["chain_modes"] = {"verdict": "one mode"}
    content = {"experiment": home.name, "config": {"session": session.to_dict()}, "chambers": {"house": block}}
    write_json(home / "metrics.json", {**content, "joint": None, "axis": []})
    return home


@pytest.fixture
def runs(tmp_path):
    terms, rng = careers(12, n_sessions=2), np.random.default_rng(12)
    return terms, [write_run(tmp_path, term, rng, converged=k == 0) for k, term in enumerate(terms)]


def linked(folder, homes, more=(), **changes):
    """Run the command as the rule does, with ``more`` arguments."""
    names = [home.name for home in homes]
    spec = {"series": "base", "experiments": names, "matching": {"match": "id", "same_person": [], "different": []}}
    spec["fit_hashes"] = {name: {"house": f"hash-{name[5:]}"} for name in names}
    files = {f"--{name.replace('_', '-')}": folder / file for name, file in LINK_TIME_FILES.items()}
    lists = {"--metrics": "metrics.json", "--posteriors": "house/posterior.nc", "--data": "house.nc"}
    words = ["link-time", "--spec", json.dumps(spec | changes), *(str(x) for pair in files.items() for x in pair)]
    for option, name in lists.items():
        words += [option, *(str(home / name) for home in homes)]
    return cli.main([*words, *more])


def test_from_files_to_files(runs, tmp_path):
    terms, homes = runs
    assert linked(tmp_path, homes) == 0
    content = read_json(tmp_path / "link_time.json")
    assert [one["title"] for one in content["sessions"]] == ["Session s1", "Session s2"]
    assert content["sessions"][1]["faults"] == [{"chamber": "house", "fault": "not converged"}]
    assert content["sessions"][0]["faults"] == []
    assert content["sessions"][0]["first_day"] == "2011-01-01"
    assert content["n_persons"] == len(set(terms[0].person) | set(terms[1].person))
    members = columns.TIME_MEMBERS.read(tmp_path / "time_members.csv").query("session == 's2'")
    assert np.corrcoef(members["place_median"], headline(terms, 1))[0, 1] > 0.97
    words = ["--out", "report.html", "--figures", "figures", "--tables", "tables"]
    paths = [word if word.startswith("--") else str(tmp_path / word) for word in words]
    assert cli.main(["time-report", "--spec", "{}", "--link-time", str(tmp_path / "link_time.json"), *paths]) == 0
    assert "Sentences on this chamber are withheld. Session s2: this fit has not converged." in (
        tmp_path / "report.html"
    ).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fit_hashes": {"base_s1": {"house": "other"}, "base_s2": {"house": "hash-s2"}}}, "made with other settings"),
        ({"fit_hashes": {"base_s1": {"house": "hash-s1", "senate": "x"}, "base_s2": {}}}, "no posterior of senate"),
        ({"experiments": ["base_s2", "base_s1"]}, "belongs to experiment 'base_s1', not 'base_s2'"),
        ({"matching": {"match": None, "same_person": [["m000", "nobody"]], "different": []}}, "has the id nobody"),
    ],
    ids=["another fit", "a chamber too few", "another order", "an id that nobody has"],
)
def test_what_does_not_belong_together_is_refused(runs, tmp_path, capsys, changes, said):
    assert linked(tmp_path, runs[1], **changes) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "link_time.json").exists()


def test_a_page_without_its_files_says_which(tmp_path):
    from tallgrass_models.report.time_page import write_time

    with pytest.raises(UserError, match=r"link_time.json: no such file"):
        write_time(tmp_path / "link_time.json", tmp_path / "r.html", tmp_path / "f", tmp_path / "t")


SERIES = """\
sessions:
  ks-84: {source: table, votes: a.csv}
  ks-85: {source: table, votes: b.csv}
experiments:
  base: {sessions: [ks-84, ks-85], over_time: true, chambers: [house]}
  wide: {sessions: [ks-84, ks-85], chambers: [house], beta_prior: {distribution: normal, mu: 0, sigma: 2}}
"""


def test_a_series_is_linked_once_and_shares_votes_and_flat_models(snakemake, tmp_path):
    copy_repository(tmp_path)
    (tmp_path / "own.yaml").write_text(SERIES)
    for name in "ab":
        (tmp_path / f"{name}.csv").touch()
    jobs = planned(snakemake(tmp_path, "-n", "--config", "experiments=own.yaml"))
    assert jobs["load_data"] == jobs["fit_flat"] == ["ks-84/house", "ks-85/house"]
    runs = ["base_ks_84/house", "base_ks_85/house", "wide_ks_84/house", "wide_ks_85/house"]
    assert jobs["fit_chamber"] == runs
    assert jobs["link_time"] == jobs["time_report"] == ["base"]
